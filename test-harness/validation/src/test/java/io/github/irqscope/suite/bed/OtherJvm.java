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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A JVM that runs {@link InnerSuite}, started at the first test that needs it and kept for all of them. It is asked for
 * one test at a time. When it dies or hangs, that test fails with the end of its log, and the next one gets a new JVM.
 */
final class OtherJvm implements Elsewhere, AutoCloseable {
    private static final int START_SECONDS = 240;
    private static final int END_SECONDS = 30;
    private static final int SHOWN_LINES = 60;

    private final String what;
    private final List<String> command;
    private final Path log;
    private final Duration limit;
    private Running running;
    private IOException failure;

    /* One life of it. */
    private record Running(Process process, Socket socket, DataInputStream in, DataOutputStream out) {
    }

    /**
     * A JVM that is not started yet.
     *
     * @param what    it is called in messages
     * @param command starts it; the port on which it is waited for comes behind
     * @param log     takes what it prints
     * @param limit   of one test; a test that knows a limit of its own should reach that first
     */
    OtherJvm(String what, List<String> command, Path log, Duration limit) {
        this.what = what;
        this.command = List.copyOf(command);
        this.log = log;
        this.limit = limit;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end of " + what));
    }

    /** Starts it, so that the first test need not wait for long. A failure is the first test's. */
    void startAhead() {
        Thread ahead = new Thread(() -> {
            synchronized (this) {
                try {
                    up();
                } catch (IOException e) {
                    failure = e; /* and the first test's */
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }, "start of " + what);
        ahead.setDaemon(true);
        ahead.start();
    }

    @Override
    public synchronized void run(String uniqueId) throws Throwable {
        Outcome outcome;
        try {
            up();
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

    /* One that could not come up is not tried again for every test. */
    private void up() throws IOException, InterruptedException {
        if (failure != null) {
            throw failure;
        }
        if (running == null) {
            try {
                running = start();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }

    private Running start() throws IOException, InterruptedException {
        Files.createDirectories(log.getParent());
        try (ServerSocket door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> words = new ArrayList<>(command);
            words.add(Integer.toString(door.getLocalPort()));
            Process process = new ProcessBuilder(words).redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).start();
            Socket socket = accept(door, process);
            socket.setTcpNoDelay(true);
            return new Running(process, socket, new DataInputStream(socket.getInputStream()),
                    new DataOutputStream(socket.getOutputStream()));
        }
    }

    private Socket accept(ServerSocket door, Process process) throws IOException {
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
        throw new IOException(alive ? what + " did not come up within " + START_SECONDS + " s"
                : what + " did not come up: it ended with " + process.exitValue());
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
        }, "answer of " + what);
        reader.setDaemon(true);
        reader.start();
        Object read = result.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (read == null) {
            askForThreads(jvm);
            reader.interrupt();
            throw new TimeoutException(what + " did not answer within " + limit.toSeconds() + " s");
        }
        if (read instanceof IOException e) {
            throw new IOException(what + " died: " + e.getMessage(), e);
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
                process.destroy(); /* a script in between ends what it started on SIGTERM */
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
        return process.isAlive() ? "; it had to be killed" : "; it ended with " + process.exitValue();
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
}
