package io.github.irqscope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.OS;

/** The command in a process of its own, for what only a process has: signals, closed pipes, class loading, exit. */
final class Child implements AutoCloseable {
    private static final long LIMIT_SECONDS = 60;

    private final Process process;
    private final CompletableFuture<String> err;

    private Child(List<String> words, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        process = builder.start();
        process.getOutputStream().close();
        err = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
        CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
    }

    static Child start(String... words) throws IOException {
        return start(List.of(), Map.of(), words);
    }

    /** With further options of the JVM and variables of the environment. */
    static Child start(List<String> options, Map<String, String> environment, String... words) throws IOException {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> all = new ArrayList<>();
        if (OS.LINUX.isCurrentOs()) {
            /* A shell that starts us in the background has Ctrl+C ignored, which children inherit. */
            all.addAll(List.of("env", "--default-signal=INT"));
        }
        all.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED", "-cp", path));
        all.addAll(options);
        all.add(Main.class.getName());
        all.addAll(List.of(words));
        return new Child(all, environment);
    }

    private static String read(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Process process() {
        return process;
    }

    /** Everything that it printed, once it has ended its output. */
    String out() {
        return read(process.getInputStream());
    }

    String err() {
        return err.join();
    }

    /** What Ctrl+C sends. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).inheritIO().start().waitFor();
    }

    int code() throws InterruptedException {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the command did not end within " + LIMIT_SECONDS + " s");
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
