package io.github.irqscope.validation;

/** An expectation file that cannot be taken: where, and what was expected there. */
public final class ExpectationSyntaxException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final int line;
    private final int column;
    private final String reason;
    private final String source;

    ExpectationSyntaxException(String text, int at, String reason) {
        this(lineOf(text, at), columnOf(text, at), reason, sourceOf(text, at));
    }

    private ExpectationSyntaxException(int line, int column, String reason, String source) {
        super("line " + line + ", column " + column + ": " + reason);
        this.line = line;
        this.column = column;
        this.reason = reason;
        this.source = source;
    }

    /** From 1 on. */
    public int line() {
        return line;
    }

    /** From 1 on, a tab counting as one. */
    public int column() {
        return column;
    }

    /** What was expected there. */
    public String reason() {
        return reason;
    }

    /** The line itself. */
    public String source() {
        return source;
    }

    private static int lineOf(String text, int at) {
        int line = 1;
        for (int i = 0; i < at; i++) {
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
        return line;
    }

    private static int columnOf(String text, int at) {
        return at - start(text, at) + 1;
    }

    private static String sourceOf(String text, int at) {
        int end = text.indexOf('\n', at);
        return text.substring(start(text, at), end < 0 ? text.length() : end);
    }

    private static int start(String text, int at) {
        return text.lastIndexOf('\n', at - 1) + 1;
    }
}
