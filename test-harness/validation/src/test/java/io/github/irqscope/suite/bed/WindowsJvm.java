package io.github.irqscope.suite.bed;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The JVM for Windows under Wine, started by {@code test-harness/beds/wine/run.sh} at the first test that needs it and
 * kept for all of them. It is asked for one test at a time. When it dies or hangs, that test fails with the end of its
 * log, and the next one gets a new JVM.
 */
final class WindowsJvm implements Elsewhere, AutoCloseable {
    private static final int START_SECONDS = 240;
    private static final int TEST_SECONDS = 115;
    private static final int END_SECONDS = 30;
    private static final int SHOWN_LINES = 60;

    private final Path root;
    private final Path folder;
    private final Path log;
    private Running running;
    private IOException failure;

    /* One life of it. */
    private record Running(Process process, Socket socket, DataInputStream in, DataOutputStream out) {
    }

    WindowsJvm(Path root) {
        this.root = root;
        this.folder = root.resolve("target").resolve("wine");
        this.log = folder.resolve("jvm.log");
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end of the JVM under Wine"));
    }

    /** What the script says is not here; empty when all is. */
    Optional<String> missing() {
        try {
            Process check = new ProcessBuilder("sh", script().toString(), "check").redirectErrorStream(true).start();
            check.getOutputStream().close();
            String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return check.waitFor() == 0 ? Optional.empty() : Optional.of(said);
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }

    /** Starts it, so that the first test need not wait for long. A failure is the first test's. */
    void startAhead() {
        Thread ahead = new Thread(() -> {
            synchronized (this) {
                try {
                    if (running == null) {
                        running = start();
                    }
                } catch (IOException e) {
                    failure = e;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }, "start of the JVM under Wine");
        ahead.setDaemon(true);
        ahead.start();
    }

    @Override
    public synchronized void run(String uniqueId) throws Throwable {
        Outcome outcome;
        try {
            if (running == null) {
                running = start();
            }
            running.out().writeUTF(uniqueId);
            running.out().flush();
            outcome = answer(running);
        } catch (IOException | TimeoutException e) {
            throw new AssertionError(e.getMessage() + lastLines(end()), e);
        } catch (InterruptedException e) {
            end();
            throw e;
        }
        if (outcome.thrown() != null) {
            throw outcome.thrown();
        }
    }

    /** Ends it if it runs, and everything of Wine with it. */
    @Override
    public synchronized void close() {
        end();
    }

    private Path script() {
        return root.resolve("test-harness/beds/wine/run.sh");
    }

    private Running start() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> command = new ArrayList<>(List.of("sh", script().toString(), "java", folder.toString()));
            command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx512m",
                    "-Dfile.encoding=UTF-8", "-Duser.language=en", "-Duser.country=US", "-Dbeds=wine", "-Dirqscope.rehearsal=true",
                    "-Dirqscope.root=" + windowsPath(root.toString()),
                    "-Djunit.jupiter.execution.timeout.default=100 s", "-cp", classPath(),
                    InnerSuite.class.getName(), Integer.toString(door.getLocalPort())));
            Process process = new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
            Socket socket = accept(door, process);
            socket.setTcpNoDelay(true);
            return new Running(process, socket, new DataInputStream(socket.getInputStream()),
                    new DataOutputStream(socket.getOutputStream()));
        }
    }

    private static Socket accept(ServerSocket door, Process process) throws IOException {
        door.setSoTimeout(500);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (process.isAlive() && System.nanoTime() < end) {
            try {
                return door.accept();
            } catch (SocketTimeoutException e) {
                continue; /* to look whether it still lives */
            }
        }
        boolean alive = process.isAlive();
        process.destroy();
        throw new IOException(alive ? "the JVM under Wine did not come up within " + START_SECONDS + " s"
                : "the JVM under Wine did not come up: run.sh ended with " + process.exitValue());
    }

    private Outcome answer(Running jvm) throws IOException, InterruptedException, TimeoutException {
        SynchronousQueue<Object> result = new SynchronousQueue<>();
        Thread reader = new Thread(() -> {
            Object read;
            try {
                read = Outcome.read(jvm.in());
            } catch (IOException e) {
                read = e;
            }
            try {
                result.put(read);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }, "answer of the JVM under Wine");
        reader.setDaemon(true);
        reader.start();
        Object read = result.poll(TEST_SECONDS, TimeUnit.SECONDS);
        if (read == null) {
            askForThreads(jvm);
            reader.interrupt();
            throw new TimeoutException("the JVM under Wine did not answer within " + TEST_SECONDS + " s");
        }
        if (read instanceof IOException e) {
            throw new IOException("the JVM under Wine died: " + e.getMessage(), e);
        }
        return (Outcome) read;
    }

    /* Into its log, which is shown then. */
    private static void askForThreads(Running jvm) throws IOException, InterruptedException {
        jvm.out().writeUTF(InnerSuite.THREADS);
        jvm.out().flush();
        jvm.process().waitFor(2, TimeUnit.SECONDS);
    }

    /* What is read of the log after it: the JVM has said all that it will. */
    private String end() {
        if (running == null) {
            return "";
        }
        Process process = running.process();
        try {
            running.socket().close();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                process.destroy(); /* the script ends Wine on SIGTERM */
                if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
        }
        running = null;
        return process.isAlive() ? "; it had to be killed" : "; its script ended with " + process.exitValue();
    }

    private String lastLines(String how) {
        try {
            List<String> lines = Files.readString(log, StandardCharsets.UTF_8).lines().toList();
            return how + "; the end of " + log + ":\n"
                    + String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        } catch (IOException | UncheckedIOException e) {
            return how + "; there is no log: " + e.getMessage();
        }
    }

    private static String classPath() {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return List.of(path.split(File.pathSeparator)).stream().filter(each -> !each.isEmpty())
                .map(each -> windowsPath(Path.of(each).toAbsolutePath().toString())).collect(Collectors.joining(";"));
    }

    /* Wine shows this system's root as drive Z. */
    static String windowsPath(String path) {
        return "Z:" + path.replace('/', '\\');
    }
}
