package io.github.irqscope.cli;

/** The caller's words make no sense: place and reason in one line. Ends with exit code 2. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Verb verb;

    public UsageException(Verb verb, String message) {
        super(message, null, false, false);
        this.verb = verb;
    }

    /** The verb whose help tells more, or null. */
    public Verb verb() {
        return verb;
    }
}
