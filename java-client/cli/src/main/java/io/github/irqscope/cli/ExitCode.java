package io.github.irqscope.cli;

/** What the process tells its caller. Documented in the help; tests compare both. */
final class ExitCode {
    static final int FINE = 0;
    static final int NOT_AS_EXPECTED = 1;
    static final int USAGE = 2;
    static final int NO_DEVICE = 3;
    static final int ACCESS_DENIED = 4;
    static final int CONTRACT_MISMATCH = 5;
    static final int RESTART_NEEDED = 6;
    static final int FAILURE = 7;
    static final int INTERRUPTED = 130;

    private ExitCode() {
    }
}
