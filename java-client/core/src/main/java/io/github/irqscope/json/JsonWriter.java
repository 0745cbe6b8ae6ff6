package io.github.irqscope.json;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Writes one JSON document into a text, in the order of the calls, on one line. Misuse, such as a value where a name is
 * wanted, throws IllegalStateException.
 */
public final class JsonWriter {
    private enum Place { OBJECT, ARRAY, VALUE }

    private final StringBuilder text = new StringBuilder();
    private final Deque<Place> places = new ArrayDeque<>();
    private boolean first = true;
    private boolean done;

    /** An empty document. */
    public JsonWriter() {
    }

    /** Begins an object. */
    public JsonWriter beginObject() {
        return begin(Place.OBJECT, '{');
    }

    /** Ends the object. */
    public JsonWriter endObject() {
        return end(Place.OBJECT, '}');
    }

    /** Begins an array. */
    public JsonWriter beginArray() {
        return begin(Place.ARRAY, '[');
    }

    /** Ends the array. */
    public JsonWriter endArray() {
        return end(Place.ARRAY, ']');
    }

    /** The name of the next value of an object. */
    public JsonWriter name(String name) {
        if (places.peek() != Place.OBJECT) {
            throw new IllegalStateException("the name " + name + " is in no object");
        }
        separate();
        quote(name);
        text.append(':');
        places.push(Place.VALUE);
        return this;
    }

    /** A text; null is null. */
    public JsonWriter value(String value) {
        return value == null ? nullValue() : raw(() -> quote(value));
    }

    /** A whole number. */
    public JsonWriter value(long value) {
        return raw(() -> text.append(value));
    }

    /**
     * A number.
     *
     * @throws IllegalArgumentException for a value that JSON has not: infinity, not a number
     */
    public JsonWriter value(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("JSON has no number " + value);
        }
        return raw(() -> text.append(value));
    }

    /** True or false. */
    public JsonWriter value(boolean value) {
        return raw(() -> text.append(value));
    }

    /** Null. */
    public JsonWriter nullValue() {
        return raw(() -> text.append("null"));
    }

    /** A name and its text; null is null. */
    public JsonWriter field(String name, String value) {
        return name(name).value(value);
    }

    /** A name and its whole number. */
    public JsonWriter field(String name, long value) {
        return name(name).value(value);
    }

    /** A name and its number. */
    public JsonWriter field(String name, double value) {
        return name(name).value(value);
    }

    /** A name and its truth. */
    public JsonWriter field(String name, boolean value) {
        return name(name).value(value);
    }

    /**
     * The document.
     *
     * @throws IllegalStateException when an object or an array is still open, or nothing was written
     */
    @Override
    public String toString() {
        if (!done || !places.isEmpty()) {
            throw new IllegalStateException("the document is not complete: " + text);
        }
        return text.toString();
    }

    private JsonWriter begin(Place place, char bracket) {
        beforeValue();
        text.append(bracket);
        places.push(place);
        first = true;
        return this;
    }

    private JsonWriter end(Place place, char bracket) {
        if (places.peek() != place) {
            throw new IllegalStateException("there is no " + place + " to end");
        }
        places.pop();
        text.append(bracket);
        afterValue();
        return this;
    }

    private JsonWriter raw(Runnable append) {
        beforeValue();
        append.run();
        afterValue();
        return this;
    }

    private void beforeValue() {
        Place place = places.peek();
        if (place == Place.OBJECT || place == null && done) {
            throw new IllegalStateException(done ? "the document is complete" : "a value in an object needs a name");
        }
        if (place == Place.ARRAY) {
            separate();
        } else if (place == Place.VALUE) {
            places.pop();
        }
        done = true;
    }

    private void afterValue() {
        first = false;
    }

    private void separate() {
        if (!first) {
            text.append(',');
        }
        first = false;
    }

    private void quote(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    /* A lone surrogate has no UTF-8 form, so it is written as an escape like the control characters. */
                    if (c < 0x20 || isLoneSurrogate(value, i)) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private static boolean isLoneSurrogate(String value, int at) {
        char c = value.charAt(at);
        if (Character.isHighSurrogate(c)) {
            return at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1));
        }
        return Character.isLowSurrogate(c) && (at == 0 || !Character.isHighSurrogate(value.charAt(at - 1)));
    }
}
