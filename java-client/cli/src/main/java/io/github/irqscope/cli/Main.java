package io.github.irqscope.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** The command line. Everything it does can be run inside a test by {@link #run}. */
public final class Main {
    private Main() {
    }

    /** Runs the words and ends the process with the exit code. */
    public static void main(String[] words) {
        Surroundings surroundings = Surroundings.ofProcess();
        PrintStream err = stream(new Remembering(new FileOutputStream(FileDescriptor.err)), 1 << 10);
        PrintStream out = stream(surroundings.out(new FileOutputStream(FileDescriptor.out)), 1 << 13);
        Ending ending = new Ending(surroundings.interruption());
        Runtime.getRuntime().addShutdownHook(ending);
        int code = run(words, out, err, surroundings);
        out.flush();
        err.flush();
        ending.workIsDone();
        // When a signal came first, the JVM is ending already, with the signal's code (130 after Ctrl+C).
        System.exit(code);
    }

    private static PrintStream stream(Remembering target, int size) {
        return new PrintStream(new BufferedOutputStream(target, size), false, StandardCharsets.UTF_8);
    }

    /**
     * Runs the words, printing data on out and talk on err, and returns the exit code. Nothing is thrown, and nothing
     * of the process is changed.
     */
    static int run(String[] words, PrintStream out, PrintStream err, Surroundings surroundings) {
        int code;
        Printer talk = new Printer(err, surroundings.errIsTerminal() && surroundings.colors(), surroundings.unicode(),
                surroundings.columns());
        boolean verbose = false;
        try {
            boolean banner = words.length == 0;
            CommandLine line = CommandLine.parse(banner ? new String[] {Verb.DOCTOR.word()} : words);
            verbose = line.has(Option.VERBOSE);
            code = run(line, out, talk, surroundings);
            out.flush();
            if (banner) {
                talk.line("irqscope --help tells every verb.");
            }
            if (out.checkError()) {
                throw surroundings.outFailed();
            }
        } catch (Throwable failure) { // the last one who can: everything becomes a line and a code
            out.flush();
            code = Failures.report(failure, talk, err, verbose);
        }
        talk.flush();
        return surroundings.interruption().isRaised() && code != ExitCode.USAGE ? ExitCode.INTERRUPTED : code;
    }

    private static int run(CommandLine line, PrintStream out, Printer talk, Surroundings surroundings) {
        boolean asked = line.has(Option.HELP) || line.verb() == Verb.HELP;
        if (asked || line.verb() == null) {
            boolean colors = Work.colors(line, surroundings, surroundings.outIsTerminal());
            Printer help = new Printer(out, colors, surroundings.unicode(), surroundings.columns());
            if (line.has(Option.VERSION) && !asked) {
                Help.version(help);
            } else if (!asked) {
                Help.general(talk);
                talk.line("");
                talk.line("Next: irqscope doctor");
                return ExitCode.USAGE;
            } else if (line.topic() == null) {
                Help.general(help);
            } else {
                Help.verb(help, line.topic());
            }
            return ExitCode.FINE;
        }
        if (line.has(Option.VERSION)) {
            Help.version(new Printer(out, false, surroundings.unicode(), surroundings.columns()));
            return ExitCode.FINE;
        }
        try (Work work = new Work(line, out, talk, surroundings)) {
            int code = work.run();
            work.keepOutput();
            return code;
        }
    }

    /** Runs when the process is told to end: tells the work, and waits until it has put everything back. */
    private static final class Ending extends Thread {
        private static final long PATIENCE = 20_000;

        private final Interruption interruption;
        private boolean done;

        Ending(Interruption interruption) {
            this.interruption = interruption;
        }

        synchronized void workIsDone() {
            done = true;
            notifyAll();
        }

        @Override
        public void run() {
            synchronized (this) {
                if (done) {
                    return;
                }
            }
            interruption.raise();
            long end = System.currentTimeMillis() + PATIENCE;
            synchronized (this) {
                try {
                    while (!done && System.currentTimeMillis() < end) {
                        wait(100);
                    }
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }
    }
}
