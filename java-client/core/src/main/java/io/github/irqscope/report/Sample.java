package io.github.irqscope.report;

import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One thing that was measured in a run, and in its parts.
 *
 * @param value      of the whole run
 * @param parts      of its parts, by what names them
 * @param paired     parts of the same name are of the same thing, so that their differences count
 * @param direction  +1 when more is better, -1 when less is, 0 when neither is
 * @param resolution the smallest difference that can be seen
 */
record Sample(double value, SortedMap<String, Double> parts, boolean paired, int direction, double resolution) {
    Sample {
        parts = new TreeMap<>(parts);
    }

    double[] values() {
        return parts.values().stream().mapToDouble(Double::doubleValue).toArray();
    }
}
