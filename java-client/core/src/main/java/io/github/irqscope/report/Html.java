package io.github.irqscope.report;

/** Writes HTML and SVG: whatever is text or a value of an attribute is escaped here and nowhere else. */
final class Html {
    private final StringBuilder page = new StringBuilder(1 << 16);

    /** Markup as it is, which never holds anything that was read from a file. */
    Html raw(String markup) {
        page.append(markup);
        return this;
    }

    /** An opening tag; attributes are names and values in turn, a null value leaves its attribute out. */
    Html open(String name, String... attributes) {
        page.append('<').append(name);
        for (int i = 0; i < attributes.length; i += 2) {
            if (attributes[i + 1] != null) {
                page.append(' ').append(attributes[i]).append("=\"");
                escape(attributes[i + 1]);
                page.append('"');
            }
        }
        page.append('>');
        return this;
    }

    /** A closing tag. */
    Html close(String name) {
        page.append("</").append(name).append('>');
        return this;
    }

    /** A closing tag at the end of a line. */
    Html closeLine(String name) {
        return close(name).raw("\n");
    }

    /** Text. */
    Html text(String text) {
        escape(text);
        return this;
    }

    /** An element with text in it. */
    Html element(String name, String text, String... attributes) {
        return open(name, attributes).text(text).close(name);
    }

    /* Control characters, which a page cannot hold, become the replacement character. */
    private void escape(String text) {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            switch (letter) {
                case '<' -> page.append("&lt;");
                case '>' -> page.append("&gt;");
                case '&' -> page.append("&amp;");
                case '"' -> page.append("&quot;");
                case '\'' -> page.append("&#39;");
                case '\t', '\n' -> page.append(letter);
                default -> page.append(letter < ' ' || letter >= 0x7F && letter < 0xA0 ? '\uFFFD' : letter);
            }
        }
    }

    /** A number of an attribute: whole, or with one digit behind the point. */
    static String number(double value) {
        long tenths = Math.round(value * 10);
        return tenths % 10 == 0 ? Long.toString(tenths / 10)
                : (tenths < 0 ? "-" : "") + Math.abs(tenths) / 10 + "." + Math.abs(tenths) % 10;
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
