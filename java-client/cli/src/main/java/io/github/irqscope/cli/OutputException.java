package io.github.irqscope.cli;

/** What was asked for could not be written. Ends with exit code 7; a closed pipe ends without a word, with 141. */
public final class OutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean quiet;

    public OutputException(String name, String reason) {
        super("cannot write " + name + ": " + reason, null, false, false);
        quiet = false;
    }

    private OutputException() {
        super("the reader has gone", null, false, false);
        quiet = true;
    }

    /** Who read our output has enough of it. */
    public static OutputException closedPipe() {
        return new OutputException();
    }

    public boolean isQuiet() {
        return quiet;
    }
}
