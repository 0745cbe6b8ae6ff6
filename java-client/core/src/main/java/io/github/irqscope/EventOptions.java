package io.github.irqscope;

import io.github.irqscope.contract.Contract;

import java.time.Duration;

/**
 * How events are read.
 *
 * @param reads      requests kept pending, at least 2, so that the driver always has one to fill
 * @param bufferSize bytes of each
 * @param fill       bytes after which a read is completed; 0: as soon as there is an event
 * @param delay      how long the oldest event may wait for that, at most 10 s; zero: it does not wait
 */
public record EventOptions(int reads, int bufferSize, int fill, Duration delay) {
    private static final int SMALLEST = Contract.Run.SIZE + Contract.Event.SIZE;

    /** Refuses what cannot be read with. */
    public EventOptions {
        if (reads < 2 || reads > Contract.MAXIMUM_READS) {
            throw new IllegalArgumentException(
                    "2 to " + Contract.MAXIMUM_READS + " reads can be pending, not " + reads);
        }
        if (bufferSize < SMALLEST) {
            throw new IllegalArgumentException("a run of one event needs " + SMALLEST + " bytes, not " + bufferSize);
        }
        if (fill < 0 || fill > bufferSize) {
            throw new IllegalArgumentException("a read of " + bufferSize + " bytes cannot wait for " + fill);
        }
        if (delay.isNegative() || delay.toNanos() / 1000 > Contract.MAXIMUM_DELAY) {
            throw new IllegalArgumentException("an event can wait 0 to 10 s, not " + delay);
        }
    }

    /** Two reads of 64 KiB, completed at once: for tests and small rates. */
    public static EventOptions immediate() {
        return new EventOptions(2, 1 << 16, 0, Duration.ZERO);
    }

    /** Four reads of 256 KiB, completed when half full or after 100 ms: for high rates. */
    public static EventOptions bulk() {
        return new EventOptions(4, 1 << 18, 1 << 17, Duration.ofMillis(100));
    }
}
