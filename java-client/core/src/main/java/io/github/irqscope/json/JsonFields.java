package io.github.irqscope.json;

import java.util.List;
import java.util.Map;

/**
 * The fields that a document must have, each of its own kind. One that is not there, or is of another kind, is refused
 * by an IllegalArgumentException that names it.
 */
public final class JsonFields {
    private JsonFields() {
    }

    /** A text. */
    public static String text(Map<String, Object> from, String name) {
        if (from.get(name) instanceof String text) {
            return text;
        }
        throw missing("text", name);
    }

    /** A whole number that 64 bits hold. */
    public static long number(Map<String, Object> from, String name) {
        if (from.get(name) instanceof Long number) {
            return number;
        }
        throw missing("number", name);
    }

    /** An object. */
    @SuppressWarnings("unchecked") // JSON's names are texts
    public static Map<String, Object> object(Map<String, Object> from, String name) {
        if (from.get(name) instanceof Map<?, ?> object) {
            return (Map<String, Object>) object;
        }
        throw missing("object", name);
    }

    /** A list of nothing but objects. */
    @SuppressWarnings("unchecked") // as above
    public static List<Map<String, Object>> objects(Map<String, Object> from, String name) {
        if (from.get(name) instanceof List<?> list && list.stream().allMatch(Map.class::isInstance)) {
            return (List<Map<String, Object>>) (List<?>) list;
        }
        throw missing("list", name);
    }

    private static IllegalArgumentException missing(String kind, String name) {
        return new IllegalArgumentException("the " + kind + " \"" + name + "\" is missing");
    }
}
