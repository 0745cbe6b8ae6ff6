package io.github.irqscope.validation;

import io.github.irqscope.EventRun;
import io.github.irqscope.Processor;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the events of one connection by target and processor. */
final class Tally {
    private static final int FIRST_ROOM = 128;
    private static final int MOST_MEASURED = 1 << 22;

    private final long connection;
    private final SortedMap<Processor, long[]> claimed = new TreeMap<>();
    private final int targets;
    private final long[][] latencies;
    private final int[] measured;
    private final Watch watch;
    private final long[] received;
    private long lost;
    private Processor last;
    private long[] counts;

    Tally(long connection, int targets, Watch watch) {
        this.connection = connection;
        this.watch = watch;
        this.latencies = new long[targets][FIRST_ROOM];
        this.measured = new int[targets];
        this.targets = targets;
        this.received = new long[targets];
    }

    void take(EventRun run) {
        if (run.connection() != connection) {
            return;
        }
        if (last == null || last.group() != run.group() || last.number() != run.number()) {
            last = run.processor();
            counts = claimed.computeIfAbsent(last, processor -> new long[targets]);
        }
        lost += run.lost();
        watch.begin(last);
        while (run.next()) {
            int target = run.target();
            if (target < targets) {
                received[target]++;
                counts[target] += run.claimed() ? 1 : 0;
                if (run.paced() && run.triggerToIsr() >= 0) {
                    measure(target, run.triggerToIsr());
                }
                watch.take(run);
            }
        }
    }

    private void measure(int target, long ticks) {
        if (measured[target] == MOST_MEASURED) {
            return;
        }
        if (measured[target] == latencies[target].length) {
            latencies[target] = Arrays.copyOf(latencies[target], 2 * measured[target]);
        }
        latencies[target][measured[target]++] = ticks;
    }

    /** Of one target; null when none was measured. */
    Latency latency(int target, long frequency) {
        return Latency.of(latencies[target], measured[target], frequency);
    }

    /** Events of one target, claimed or not. */
    long received(int target) {
        return received[target];
    }

    /** Every event that came or is told lost. */
    long accountedFor() {
        long sum = lost;
        for (long count : received) {
            sum += count;
        }
        return sum;
    }

    /** Events told lost, of whichever target. */
    long lost() {
        return lost;
    }

    /** Processor to claimed runs of one target. */
    SortedMap<Processor, Long> observed(int target) {
        SortedMap<Processor, Long> observed = new TreeMap<>();
        claimed.forEach((processor, counts) -> {
            if (counts[target] != 0) {
                observed.put(processor, counts[target]);
            }
        });
        return observed;
    }
}
