package io.github.irqscope.inf;

import java.util.List;

/**
 * One line of a section, continuation lines joined: what stands before the first {@code =} (null where there is none)
 * and the values after it, quotes taken off, {@code %tokens%} as written.
 *
 * @param line where it begins, from 1
 * @param key null for a line without {@code =}
 * @param values at least one, which may be empty
 * @param comment what stands behind {@code ;}, empty where nothing does
 */
public record InfEntry(int line, String key, List<String> values, String comment) {
    public InfEntry {
        values = List.copyOf(values);
    }

    /** A value by its place, empty where the line has fewer. */
    public String value(int index) {
        return index < values.size() ? values.get(index) : "";
    }

    boolean is(String name) {
        return name.equalsIgnoreCase(key);
    }
}
