package io.github.irqscope.cli;

/** What the process tells its caller. Documented in the help; tests compare both. */
public final class ExitCode {
    public static final int FINE = 0;
    public static final int NOT_AS_EXPECTED = 1;
    public static final int USAGE = 2;
    public static final int NO_DEVICE = 3;
    public static final int ACCESS_DENIED = 4;
    public static final int CONTRACT_MISMATCH = 5;
    public static final int RESTART_NEEDED = 6;
    public static final int FAILURE = 7;
    public static final int INTERRUPTED = 130;
    /**
     * Who reads our output has gone. 128 and the number of SIGPIPE, which ends other tools there; a JVM ignores that
     * signal. Not 0: what was to be done may not have been, and a verdict may be missing. Not 7: nothing failed.
     */
    public static final int READER_GONE = 141;

    private ExitCode() {
    }
}
