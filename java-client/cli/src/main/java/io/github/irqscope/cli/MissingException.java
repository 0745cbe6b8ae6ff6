package io.github.irqscope.cli;

/** What was asked for is not on this machine: a device, an interrupt of it. Ends with exit code 3. */
public final class MissingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MissingException(String message) {
        super(message, null, false, false);
    }
}
