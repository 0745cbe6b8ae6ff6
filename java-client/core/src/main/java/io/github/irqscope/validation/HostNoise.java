package io.github.irqscope.validation;

import io.github.irqscope.json.JsonWriter;

/**
 * How much a process of ours is kept from running here, as far as it can see that itself: it reads its clock without a
 * pause and looks for gaps. One processor at one moment; other processors may be quieter or louder.
 *
 * @param watched    how long it looked, nanoseconds
 * @param longestGap the longest time between two readings, nanoseconds
 * @param gaps       how many were longer than ten microseconds
 */
public record HostNoise(long watched, long longestGap, int gaps) {
    private static final long GAP = 10_000;

    /** Looks for so many nanoseconds. */
    public static HostNoise measure(long nanoseconds) {
        long start = System.nanoTime();
        long last = start;
        long longest = 0;
        int gaps = 0;
        while (last - start < nanoseconds) {
            long now = System.nanoTime();
            longest = Math.max(longest, now - last);
            gaps += now - last > GAP ? 1 : 0;
            last = now;
        }
        return new HostNoise(last - start, longest, gaps);
    }

    /** As an object of the document. */
    public void writeTo(JsonWriter json) {
        json.beginObject().field("watched", watched).field("longestGap", longestGap).field("gaps", gaps).endObject();
    }
}
