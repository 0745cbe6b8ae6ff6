package io.github.irqscope.cli;

/** A file that was named cannot be read, or is something else. The message is for the user. */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
