package io.github.irqscope.report;

import io.github.irqscope.Histogram;
import io.github.irqscope.json.JsonWriter;
import io.github.irqscope.recording.Tally;

import java.util.Arrays;

/**
 * Times of one kind: how many, percentiles, and counts over a logarithmic axis of nanoseconds, {@link #STEPS} to an
 * octave, which is coarse enough to draw and fine enough to see two peaks.
 *
 * @param count   how many were measured
 * @param p50     half of them took no longer, nanoseconds
 * @param p99     99 of 100 took no longer
 * @param max     none took longer
 * @param counts  by step; the first step is {@link #first}
 * @param first   step of the first count
 */
public record Curve(long count, long p50, long p99, long max, long[] counts, int first) {
    /** Steps to an octave. */
    public static final int STEPS = 8;

    private static final int MOST = 64 * STEPS;

    /** Of a processor's times; null when nothing was measured. */
    static Curve of(Tally.Row row, Tally.Times times) {
        if (times.count() == 0) {
            return null;
        }
        long[] steps = new long[MOST];
        for (int bucket = 0; bucket < Histogram.BUCKETS; bucket++) {
            long count = times.count(bucket);
            if (count > 0) {
                long middle = (Histogram.lowest(bucket) + Histogram.highest(bucket)) / 2;
                steps[step(row.nanoseconds(middle))] += count;
            }
        }
        int first = 0;
        while (steps[first] == 0) {
            first++;
        }
        int end = MOST;
        while (steps[end - 1] == 0) {
            end--;
        }
        return new Curve(times.count(), row.nanoseconds(times.percentile(50)), row.nanoseconds(times.percentile(99)),
                row.nanoseconds(times.highest()), Arrays.copyOfRange(steps, first, end), first);
    }

    /** The step of a time. */
    static int step(long nanoseconds) {
        return nanoseconds <= 1 ? 0 : (int) (STEPS * Math.log(nanoseconds) / Math.log(2));
    }

    /** The step behind the last count. */
    int end() {
        return first + counts.length;
    }

    long at(int step) {
        return step < first || step >= end() ? 0 : counts[step - first];
    }

    void writeTo(JsonWriter json) {
        json.beginObject().field("count", count).field("p50", p50).field("p99", p99).field("max", max).endObject();
    }
}
