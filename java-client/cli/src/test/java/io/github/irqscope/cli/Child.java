package io.github.irqscope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
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
    private final StringBuilder talk = new StringBuilder();
    private final CompletableFuture<Void> ended;

    private Child(List<String> words, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        process = builder.start();
        process.getOutputStream().close();
        ended = CompletableFuture.runAsync(this::listen);
        CompletableFuture.delayedExecutor(LIMIT_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
    }

    static Child start(String... words) throws IOException {
        return start(List.of(), Map.of(), words);
    }

    /** Where a file may not grow beyond so many KiB: as on a full disk, but nobody else suffers. */
    static Child startWithSmallFiles(int kibibytes, String... words) throws IOException {
        List<String> all = new ArrayList<>(List.of("bash", "-c", "ulimit -f " + kibibytes + " && exec \"$@\"", "bash"));
        all.addAll(words(List.of(), words));
        return new Child(all, Map.of());
    }

    /** With further options of the JVM and variables of the environment. */
    static Child start(List<String> options, Map<String, String> environment, String... words) throws IOException {
        return new Child(words(options, words), environment);
    }

    private static List<String> words(List<String> options, String... words) {
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
        return all;
    }

    private static String read(InputStream stream) {
        try {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen() {
        try (Reader reader = new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8)) {
            char[] block = new char[1 << 12];
            for (int count = reader.read(block); count >= 0; count = reader.read(block)) {
                synchronized (talk) {
                    talk.append(block, 0, count);
                    talk.notifyAll();
                }
            }
        } catch (IOException e) {
            /* It was killed, and its stream with it. */
        } finally {
            synchronized (talk) {
                talk.append('\0');
                talk.notifyAll();
            }
        }
    }

    /** Waits until it has said the words so often, and tells what it has said by then. */
    String awaitErr(String words, int times) throws InterruptedException {
        synchronized (talk) {
            while (true) {
                int found = 0;
                for (int at = talk.indexOf(words); at >= 0; at = talk.indexOf(words, at + words.length())) {
                    found++;
                }
                if (found >= times) {
                    return talk.toString();
                }
                if (talk.length() > 0 && talk.charAt(talk.length() - 1) == '\0') {
                    throw new IllegalStateException("it ended before it had said \"" + words + "\" " + times
                            + " times: " + talk);
                }
                talk.wait(1000);
            }
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
        ended.join();
        synchronized (talk) {
            return talk.substring(0, talk.length() - 1);
        }
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
