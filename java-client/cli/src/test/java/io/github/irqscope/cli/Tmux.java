package io.github.irqscope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The command on a real terminal: tmux's, whose screen can be read back. */
final class Tmux implements AutoCloseable {
    private static final long LIMIT = TimeUnit.SECONDS.toNanos(60);

    private final List<String> tmux;
    private final Path folder;
    private final Process output;
    private boolean ended;
    private long changes;

    private Tmux(List<String> tmux, Path folder, Process output) {
        this.tmux = tmux;
        this.folder = folder;
        this.output = output;
    }

    static boolean isHere() {
        return Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(place -> Files.isExecutable(Path.of(place, "tmux")));
    }

    /** Types the command into a terminal of that size; its files are in the folder. */
    static Tmux start(Path folder, int columns, int rows, String locale, String... words) throws Exception {
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Path fifo = folder.resolve("output");
        run(List.of("mkfifo", fifo.toString()));
        Path script = Files.writeString(folder.resolve("run.sh"), "trap : INT\necho before\nstty -g >" + folder
                + "/stty-before\n" + Path.of(System.getProperty("java.home"), "bin", "java")
                + " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Dirqscope.terminals=12 "
                + "-cp '" + path + "' " + Main.class.getName() + " " + String.join(" ", words)
                + "\necho \"code $?\"\nstty -g >" + folder + "/stty-after\nwhile read -r line; do :; done\n");
        List<String> tmux = List.of("env", "-u", "TMUX", "tmux", "-u", "-S", folder.resolve("socket").toString(), "-f",
                "/dev/null");
        // The pane begins with a wait, so that nothing is printed before somebody listens. Its type is one of those that no
        // library knows yet.
        run(tmux, "new-session", "-d", "-x", Integer.toString(columns), "-y", Integer.toString(rows),
                "env LC_ALL=" + locale + " TERM=terminal-of-tomorrow sh -c 'read -r go; exec sh " + script + "'");
        run(tmux, "pipe-pane", "-O", "exec cat >" + fifo);
        Process output = new ProcessBuilder("cat", fifo.toString()).start();
        Tmux one = new Tmux(tmux, folder, output);
        Thread thread = new Thread(one::listen, "tmux output");
        thread.setDaemon(true);
        thread.start();
        one.type("Enter");
        return one;
    }

    private void listen() {
        try (InputStream stream = output.getInputStream()) {
            byte[] buffer = new byte[1 << 14];
            while (stream.read(buffer) > 0) {
                changed(false);
            }
        } catch (IOException e) {
            ended = true;
        }
        changed(true);
    }

    private synchronized void changed(boolean end) {
        ended |= end;
        changes++;
        notifyAll();
    }

    /** Presses keys, as tmux names them. */
    void type(String... keys) throws Exception {
        List<String> words = new ArrayList<>(List.of("send-keys"));
        words.addAll(List.of(keys));
        run(tmux, words.toArray(String[]::new));
    }

    void resize(int columns, int rows) throws Exception {
        run(tmux, "resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
    }

    /** What tmux knows of its pane, as #{alternate_on}. */
    String tell(String format) throws Exception {
        return run(tmux, "display-message", "-p", format).strip();
    }

    String screen() throws Exception {
        return run(tmux, "capture-pane", "-p");
    }

    /** The screen, once it is as wanted; looked at after each output. */
    String await(String what, Predicate<String> wanted) throws Exception {
        long end = System.nanoTime() + LIMIT;
        while (true) {
            long seen;
            synchronized (this) {
                seen = changes;
            }
            String screen = screen();
            if (wanted.test(screen)) {
                return screen;
            }
            synchronized (this) {
                while (changes == seen && !ended) {
                    long left = (end - System.nanoTime()) / 1_000_000;
                    if (left <= 0) {
                        throw new AssertionError("not seen: " + what + "\n" + screen);
                    }
                    wait(left);
                }
                if (ended) {
                    throw new AssertionError("tmux ended before: " + what + "\n" + screen);
                }
            }
        }
    }


    private static String run(List<String> start, String... words) throws IOException {
        List<String> all = new ArrayList<>(start);
        all.addAll(List.of(words));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new IOException(all + ": " + out);
        }
        return out;
    }

    @Override
    public void close() throws IOException {
        run(tmux, "kill-server");
        output.destroy();
    }
}
