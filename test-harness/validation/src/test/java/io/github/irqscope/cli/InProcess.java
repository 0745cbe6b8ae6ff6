package io.github.irqscope.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * The command line run inside this JVM, as a process with pipes would run it: where a JVM takes seconds to start, many
 * commands can be tried all the same. It is in this package because only it can be run so from here.
 */
public final class InProcess {
    private final Path folder;

    /**
     * A place to type commands.
     *
     * @param folder the user's own, where journals and backups of real machines are kept
     */
    public InProcess(Path folder) {
        this.folder = folder;
    }

    /** How a command ended, and what it said. */
    public record Ended(int code, String out, String err) {
        /** The lines of standard output. */
        public List<String> lines() {
            return out.lines().toList();
        }

        @Override
        public String toString() {
            return "it ended with " + code + "\n" + out + "-- err --\n" + err;
        }
    }

    /** Runs one command to its end. */
    public Ended run(List<String> words) {
        boolean windows = System.getProperty("os.name", "").startsWith("Windows");
        Surroundings pipes = new Surroundings(false, false, false, false, 100, windows) {
            @Override
            Path userFolder() {
                return folder;
            }
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = Main.run(words.toArray(String[]::new),
                new PrintStream(pipes.out(out), false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8), pipes);
        return new Ended(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
