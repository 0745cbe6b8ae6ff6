package io.github.irqscope.suite.judge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads JSON, so that what the program writes is not read with the program's own code. Whole numbers become Long. */
public final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    /** The document, which must be all of the text and an object. */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> object(String text) {
        Json reader = new Json(text);
        Object value = reader.value();
        reader.blanks();
        if (reader.at != text.length() || !(value instanceof Map)) {
            throw new IllegalArgumentException("no single JSON object: " + text);
        }
        return (Map<String, Object>) value;
    }

    private Object value() {
        blanks();
        switch (text.charAt(at)) {
            case '{':
                Map<String, Object> object = new LinkedHashMap<>();
                for (boolean more = !empty('}'); more; more = more('}')) {
                    blanks();
                    String name = string();
                    need(':');
                    if (object.put(name, value()) != null) {
                        throw wrong("the name " + name + " comes twice");
                    }
                }
                return object;
            case '[':
                List<Object> array = new ArrayList<>();
                for (boolean more = !empty(']'); more; more = more(']')) {
                    array.add(value());
                }
                return array;
            case '"':
                return string();
            default:
                int start = at;
                while (at < text.length() && "{}[],: \t\r\n\"".indexOf(text.charAt(at)) < 0) {
                    at++;
                }
                return scalar(text.substring(start, at));
        }
    }

    private Object scalar(String word) {
        switch (word) {
            case "true":
                return Boolean.TRUE;
            case "false":
                return Boolean.FALSE;
            case "null":
                return null;
            default:
                if (word.matches("-?(0|[1-9]\\d*)")) {
                    return Long.valueOf(word);
                }
                if (word.matches("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?")) {
                    return Double.valueOf(word);
                }
                throw wrong("no value: " + word);
        }
    }

    private String string() {
        need('"');
        StringBuilder value = new StringBuilder();
        while (text.charAt(at) != '"') {
            char next = text.charAt(at++);
            if (next == '\\') {
                char escape = text.charAt(at++);
                if (escape == 'u') {
                    next = (char) Integer.parseInt(text.substring(at, at + 4), 16);
                    at += 4;
                } else {
                    int known = "bfnrt\"\\/".indexOf(escape);
                    if (known < 0) {
                        throw wrong("no escape: " + escape);
                    }
                    next = "\b\f\n\r\t\"\\/".charAt(known);
                }
            } else if (next < ' ') {
                throw wrong("a control character in a string");
            }
            value.append(next);
        }
        at++;
        return value.toString();
    }

    private boolean empty(char end) {
        at++;
        blanks();
        if (text.charAt(at) != end) {
            return false;
        }
        at++;
        return true;
    }

    private boolean more(char end) {
        blanks();
        char next = text.charAt(at++);
        if (next != ',' && next != end) {
            throw wrong("a comma or " + end + " was expected");
        }
        return next == ',';
    }

    private void need(char wanted) {
        blanks();
        if (text.charAt(at++) != wanted) {
            throw wrong(wanted + " was expected");
        }
    }

    private void blanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("at " + at + ": " + why);
    }
}
