package io.github.irqscope;

/** A text that should name processors and does not: where it stops making sense, and why. */
public final class ProcessorSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String text;
    private final int column;
    private final String reason;

    ProcessorSyntaxException(String text, int column, String reason) {
        super("processors \"" + text + "\", column " + column + ": " + reason);
        this.text = text;
        this.column = column;
        this.reason = reason;
    }

    /** The whole text. */
    public String text() {
        return text;
    }

    /** Where it stops making sense, from 1 on; one more than the text is long when something is missing at its end. */
    public int column() {
        return column;
    }

    /** What was expected there. */
    public String reason() {
        return reason;
    }
}
