package io.github.irqscope.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON document: objects as maps that keep their order, arrays as lists, whole numbers that fit as Long,
 * other numbers as Double, and String, Boolean, null.
 */
public final class JsonReader {
    private static final int DEEPEST = 512;

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /**
     * The document in the text.
     *
     * @throws IllegalArgumentException naming line and column of what is no JSON
     */
    public static Object read(String text) {
        JsonReader reader = new JsonReader(text);
        Object value = reader.value();
        reader.blanks();
        if (reader.at < text.length()) {
            throw reader.wrong("the document has ended already");
        }
        return value;
    }

    /** The document in the text, which is an object. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> readObject(String text) {
        Object value = read(text);
        if (!(value instanceof Map)) {
            throw new IllegalArgumentException("the document is no object");
        }
        return (Map<String, Object>) value;
    }

    private Object value() {
        blanks();
        if (at >= text.length()) {
            throw wrong("a value was expected");
        }
        char c = text.charAt(at);
        return switch (c) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", Boolean.TRUE);
            case 'f' -> word("false", Boolean.FALSE);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        enter();
        Map<String, Object> object = new LinkedHashMap<>();
        blanks();
        if (!take('}')) {
            do {
                blanks();
                if (at >= text.length() || text.charAt(at) != '"') {
                    throw wrong("a name was expected");
                }
                String name = string();
                blanks();
                need(':');
                if (object.containsKey(name)) {
                    throw wrong("the name \"" + name + "\" comes twice");
                }
                object.put(name, value());
                blanks();
            } while (take(','));
            need('}');
        }
        depth--;
        return object;
    }

    private List<Object> array() {
        enter();
        List<Object> array = new ArrayList<>();
        blanks();
        if (!take(']')) {
            do {
                array.add(value());
                blanks();
            } while (take(','));
            need(']');
        }
        depth--;
        return array;
    }

    private String string() {
        at++;
        StringBuilder value = new StringBuilder();
        while (true) {
            if (at >= text.length()) {
                throw wrong("the text does not end");
            }
            char c = text.charAt(at++);
            if (c == '"') {
                return value.toString();
            }
            if (c < 0x20) {
                throw wrong("a control character stands in a text");
            }
            value.append(c == '\\' ? escape() : c);
        }
    }

    private char escape() {
        if (at >= text.length()) {
            throw wrong("the text does not end");
        }
        char c = text.charAt(at++);
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (at + 4 > text.length() || !text.substring(at, at + 4).matches("[0-9A-Fa-f]{4}")) {
                    throw wrong("four hexadecimal digits were expected");
                }
                at += 4;
                yield (char) Integer.parseInt(text.substring(at - 4, at), 16);
            }
            default -> throw wrong("there is no escape \\" + c);
        };
    }

    private Object number() {
        int start = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        String digits = text.substring(start, at);
        if (!digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            at = start;
            throw wrong("a value was expected");
        }
        if (digits.matches("-?[0-9]+")) {
            try {
                return Long.parseLong(digits);
            } catch (NumberFormatException e) {
                return Double.parseDouble(digits);
            }
        }
        return Double.parseDouble(digits);
    }

    private Object word(String word, Object value) {
        if (!text.startsWith(word, at)) {
            throw wrong("a value was expected");
        }
        at += word.length();
        return value;
    }

    private void enter() {
        at++;
        if (++depth > DEEPEST) {
            throw wrong("the document is nested more than " + DEEPEST + " deep");
        }
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void need(char c) {
        if (!take(c)) {
            throw wrong("a '" + c + "' was expected");
        }
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String why) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < Math.min(at, text.length()); i++) {
            boolean end = text.charAt(i) == '\n';
            line += end ? 1 : 0;
            column = end ? 1 : column + 1;
        }
        return new IllegalArgumentException("line " + line + ", column " + column + ": " + why);
    }
}
