package io.github.irqscope.validation;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads JSON, and of YAML what people write by hand: block and flow mappings and sequences, plain and quoted texts of one
 * line, comments. Anchors, tags, texts of several lines, more than one document and tabs before a key are refused.
 * Every piece keeps its place, so that whoever finds it wrong can say where.
 */
final class DocumentReader {
    private static final int DEEPEST = 64;

    private final String text;
    private int at;
    private int depth;
    private int flows;

    private DocumentReader(String text) {
        this.text = text;
    }

    static Node read(String document) {
        String text = document.replace("\r\n", "\n");
        DocumentReader reader = new DocumentReader(text.startsWith("\uFEFF") ? text.substring(1) : text);
        reader.skip();
        if (reader.text.startsWith("---", reader.at) && reader.isBlank(reader.at + 3)) {
            reader.at += 3;
            reader.skip();
        }
        if (reader.isEnd()) {
            throw reader.wrong(reader.at, "the document is empty");
        }
        Node node = reader.block(0);
        reader.skip();
        if (!reader.isEnd()) {
            throw reader.wrong(reader.at, "the document has ended already; a key of its first column was expected");
        }
        return node;
    }

    // ---- Blocks --------------------------------------------------------------------------------------------------

    /* At the first character of something that stands at this column or further right. */
    private Node block(int least) {
        if (column() < least) {
            throw wrong(at, "a value was expected, indented by at least " + least);
        }
        if (++depth > DEEPEST) {
            throw wrong(at, "deeper than " + DEEPEST + " levels");
        }
        Node node;
        if (isFlow()) {
            node = flow();
            endOfLine();
        } else if (isItem()) {
            node = sequence();
        } else if (keyEnds() >= 0) {
            node = mapping();
        } else {
            node = scalar(false);
            endOfLine();
        }
        depth--;
        return node;
    }

    private Node sequence() {
        int start = at;
        int column = column();
        List<Node> items = new ArrayList<>();
        while (!isEnd() && column() == column && isItem()) {
            int dash = at++;
            blanks();
            if (isLineEnd()) {
                skip();
            }
            if (isEnd() || column() <= column) {
                throw wrong(dash + 1, "a value was expected behind the dash");
            }
            items.add(block(column + 1));
            skip();
        }
        aligned(column, "a dash");
        return new Node.Sequence(start, items);
    }

    private Node mapping() {
        int start = at;
        int column = column();
        List<Node.Mapping.Entry> entries = new ArrayList<>();
        while (!isEnd() && column() == column && !isItem()) {
            int key = at;
            int end = keyEnds();
            if (end < 0) {
                throw wrong(at, "a key and a colon were expected");
            }
            String name = isQuote() ? quoted() : text.substring(key, end).strip();
            at = end + 1;
            blanks();
            Node value;
            if (isLineEnd()) {
                int behind = at;
                skip();
                boolean there = !isEnd() && (column() > column || column() == column && isItem());
                if (!there) {
                    throw wrong(behind, "a value was expected behind \"" + name + ":\"");
                }
                value = block(column);
            } else if (isFlow()) {
                value = flow();
                endOfLine();
            } else {
                value = scalar(false);
                endOfLine();
            }
            add(entries, new Node.Mapping.Entry(key, name, value));
            skip();
        }
        aligned(column, "a key");
        return new Node.Mapping(start, entries);
    }

    private void aligned(int column, String what) {
        if (!isEnd() && column() > column) {
            throw wrong(at, what + " was expected in column " + (column + 1));
        }
    }

    private void add(List<Node.Mapping.Entry> entries, Node.Mapping.Entry entry) {
        for (Node.Mapping.Entry other : entries) {
            if (other.key().equals(entry.key())) {
                throw wrong(entry.at(), "\"" + entry.key() + "\" stands here for the second time");
            }
        }
        entries.add(entry);
    }

    // ---- JSON and what looks like it -----------------------------------------------------------------------------

    private Node flow() {
        if (++depth > DEEPEST) {
            throw wrong(at, "deeper than " + DEEPEST + " levels");
        }
        flows++;
        Node node = text.charAt(at) == '{' ? flowMapping() : text.charAt(at) == '[' ? flowSequence() : scalar(true);
        flows--;
        depth--;
        return node;
    }

    private Node flowSequence() {
        int start = at++;
        List<Node> items = new ArrayList<>();
        skip();
        while (!take(']')) {
            if (!items.isEmpty()) {
                comma(']');
            }
            items.add(flowValue());
            skip();
        }
        return new Node.Sequence(start, items);
    }

    private Node flowMapping() {
        int start = at++;
        List<Node.Mapping.Entry> entries = new ArrayList<>();
        skip();
        while (!take('}')) {
            if (!entries.isEmpty()) {
                comma('}');
            }
            int key = at;
            if (isEnd() || "{}[],:".indexOf(text.charAt(at)) >= 0) {
                throw wrong(at, "a key was expected");
            }
            String name = isQuote() ? quoted() : plain(true);
            skip();
            if (!take(':')) {
                throw wrong(at, "a colon was expected behind \"" + name + "\"");
            }
            skip();
            add(entries, new Node.Mapping.Entry(key, name, flowValue()));
            skip();
        }
        return new Node.Mapping(start, entries);
    }

    private Node flowValue() {
        if (isEnd() || "}],:".indexOf(text.charAt(at)) >= 0) {
            throw wrong(at, "a value was expected");
        }
        return flow();
    }

    private void comma(char end) {
        if (!take(',')) {
            throw wrong(at, "a comma or '" + end + "' was expected");
        }
        skip();
    }

    // ---- Texts ---------------------------------------------------------------------------------------------------

    private Node scalar(boolean inFlow) {
        int start = at;
        if (isQuote()) {
            return new Node.Scalar(start, quoted(), true);
        }
        char first = text.charAt(at);
        if ("&*!|>%@`".indexOf(first) >= 0) {
            throw wrong(at, "'" + first + "' begins something of YAML that is not read here; quote the text");
        }
        return new Node.Scalar(start, plain(inFlow), false);
    }

    private String plain(boolean inFlow) {
        int start = at;
        while (!isEnd() && text.charAt(at) != '\n' && !isComment()
                && !(inFlow && (",]}".indexOf(text.charAt(at)) >= 0 || text.charAt(at) == ':' && isBlank(at + 1)))) {
            at++;
        }
        return text.substring(start, at).strip();
    }

    private String quoted() {
        int start = at;
        char quote = text.charAt(at++);
        StringBuilder value = new StringBuilder();
        while (!isEnd() && text.charAt(at) != '\n') {
            char letter = text.charAt(at++);
            if (letter == quote) {
                if (quote == '"' || !take('\'')) {
                    return value.toString();
                }
                value.append('\'');
            } else if (letter == '\\' && quote == '"') {
                value.append(escaped());
            } else {
                value.append(letter);
            }
        }
        throw wrong(start, "the text that begins here has no end in its line");
    }

    private char escaped() {
        int start = at - 1;
        char letter = isEnd() ? '\n' : text.charAt(at++);
        int known = "\"\\/bfnrt".indexOf(letter);
        if (known >= 0) {
            return "\"\\/\b\f\n\r\t".charAt(known);
        }
        if (letter == 'u' && at + 4 <= text.length()) {
            try {
                char value = (char) Integer.parseInt(text.substring(at, at + 4), 16);
                at += 4;
                return value;
            } catch (NumberFormatException e) {
                throw wrong(start, "four hexadecimal digits were expected behind \\u");
            }
        }
        throw wrong(start, "no such escape");
    }

    // ---- Places --------------------------------------------------------------------------------------------------

    /* Where the colon of a key is when this line begins with one, else -1. */
    private int keyEnds() {
        int end = at;
        if (isQuote()) {
            int start = at;
            quoted();
            end = at;
            at = start;
            while (end < text.length() && text.charAt(end) == ' ') {
                end++;
            }
            return end < text.length() && text.charAt(end) == ':' && isBlank(end + 1) ? end : -1;
        }
        while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '#') {
            if (text.charAt(end) == ':' && isBlank(end + 1)) {
                return end;
            }
            end++;
        }
        return -1;
    }

    /* Blanks, line ends and comments. Between brackets nothing is told by indentation, and a tab is a blank. */
    private void skip() {
        while (!isEnd()) {
            char letter = text.charAt(at);
            if (letter == '#' && isComment()) {
                while (!isEnd() && text.charAt(at) != '\n') {
                    at++;
                }
            } else if (letter == '\t' && flows == 0 && indents()) {
                throw wrong(at, "a tab cannot indent; blanks were expected");
            } else if (letter == ' ' || letter == '\n' || letter == '\t') {
                at++;
            } else {
                return;
            }
        }
    }

    /* Whether nothing but blanks stands before this one in its line, and something behind it that they indent. */
    private boolean indents() {
        int end = at;
        while (end < text.length() && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
            end++;
        }
        return end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '#'
                && text.substring(text.lastIndexOf('\n', at) + 1, at).isBlank();
    }

    private void blanks() {
        while (!isEnd() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
            at++;
        }
    }

    private void endOfLine() {
        blanks();
        if (!isLineEnd()) {
            throw wrong(at, "the end of the line was expected");
        }
    }

    private int column() {
        return at - text.lastIndexOf('\n', at - 1) - 1;
    }

    private boolean isEnd() {
        return at >= text.length();
    }

    private boolean isLineEnd() {
        return isEnd() || text.charAt(at) == '\n' || isComment();
    }

    private boolean isComment() {
        return text.charAt(at) == '#' && (at == 0 || Character.isWhitespace(text.charAt(at - 1)));
    }

    private boolean isBlank(int position) {
        return position >= text.length() || Character.isWhitespace(text.charAt(position));
    }

    private boolean isFlow() {
        return text.charAt(at) == '{' || text.charAt(at) == '[';
    }

    private boolean isItem() {
        return text.charAt(at) == '-' && isBlank(at + 1);
    }

    private boolean isQuote() {
        return text.charAt(at) == '"' || text.charAt(at) == '\'';
    }

    private boolean take(char letter) {
        boolean there = !isEnd() && text.charAt(at) == letter;
        at += there ? 1 : 0;
        return there;
    }

    private ExpectationSyntaxException wrong(int position, String why) {
        return new ExpectationSyntaxException(text, position, why);
    }
}
