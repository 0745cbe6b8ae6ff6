package io.github.irqscope.inf;

import java.util.ArrayList;
import java.util.List;

/**
 * A section as it stands in the file.
 *
 * @param line of its header, from 1
 */
public record InfSection(String name, int line, List<InfEntry> entries) {
    /** The entry with this key; the last one, as Windows takes it; null where there is none. */
    InfEntry find(String key) {
        InfEntry found = null;
        for (InfEntry entry : entries) {
            if (entry.is(key)) {
                found = entry;
            }
        }
        return found;
    }

    List<InfEntry> all(String key) {
        List<InfEntry> found = new ArrayList<>();
        for (InfEntry entry : entries) {
            if (entry.is(key)) {
                found.add(entry);
            }
        }
        return found;
    }
}
