package io.github.irqscope.cli;

/** The caller's words make no sense: place and reason in one line. Ends with exit code 2. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Verb verb;
    private final String text;
    private final int column;

    public UsageException(Verb verb, String message) {
        this(verb, message, null, 0);
    }

    /** The same, with the text and the column, from 1 on, that a caret is to be shown under. */
    public UsageException(Verb verb, String message, String text, int column) {
        super(message, null, false, false);
        this.verb = verb;
        this.text = text;
        this.column = column;
    }

    /** The text, and a caret below where it stops making sense; null when there is no such place. */
    String picture() {
        if (text == null || text.indexOf('\n') >= 0) {
            return null;
        }
        StringBuilder picture = new StringBuilder("  ").append(text.replace('\t', ' ')).append("\n  ");
        return picture.append(" ".repeat(column - 1)).append('^').toString();
    }

    /** The verb whose help tells more, or null. */
    public Verb verb() {
        return verb;
    }
}
