package io.github.irqscope.validation;

import io.github.irqscope.Version;
import io.github.irqscope.json.JsonWriter;

import java.util.Arrays;

/**
 * Times from a paced trigger to its ISR, exact, in nanoseconds.
 *
 * @param count      how many were measured
 * @param p50        half of them took no longer
 * @param p99        99 of 100 took no longer
 * @param max        none took longer
 * @param resolution of the clock that measured them
 */
public record Latency(long count, long p50, long p99, long max, long resolution) {
    /** Of times in ticks; null when there are none. */
    static Latency of(long[] ticks, int count, long frequency) {
        if (count == 0) {
            return null;
        }
        long[] sorted = Arrays.copyOf(ticks, count);
        Arrays.sort(sorted);
        return new Latency(count, Version.nanoseconds(sorted[rank(count, 50)], frequency),
                Version.nanoseconds(sorted[rank(count, 99)], frequency),
                Version.nanoseconds(sorted[count - 1], frequency), Math.max(1, 1_000_000_000L / frequency));
    }

    /* Of two rounds. Percentiles cannot be added: the higher one holds for at least as many of all. */
    static Latency sum(Latency one, Latency other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return new Latency(one.count + other.count, Math.max(one.p50, other.p50), Math.max(one.p99, other.p99),
                Math.max(one.max, other.max), one.resolution);
    }

    /** As an object of the document. */
    public void writeTo(JsonWriter json) {
        json.beginObject().field("count", count).field("p50", p50).field("p99", p99).field("max", max)
                .field("resolution", resolution).endObject();
    }

    private static int rank(int count, int percent) {
        return (int) Math.max(0, Math.ceil(count * (double) percent / 100) - 1);
    }
}
