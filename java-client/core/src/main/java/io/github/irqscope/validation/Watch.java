package io.github.irqscope.validation;

import io.github.irqscope.EventRun;
import io.github.irqscope.Processor;
import io.github.irqscope.Version;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks for the first event that took too long, and keeps the last ones of each processor to tell what came before. */
final class Watch {
    /** Events that are kept of each processor, and told of its own and of all others together. */
    static final int KEPT = 16;

    private final long threshold;
    private final long frequency;
    private final Map<Processor, Last> processors = new HashMap<>();
    private Last last;
    private Last late;
    private int lateTarget;
    private long lateTime;
    private long lateTicks;

    /**
     * What is known of the event.
     *
     * @param before    on its processor, the oldest first
     * @param elsewhere before it on the others, the oldest first
     */
    record Hit(Processor processor, int target, long latency, List<Stop.Before> before, List<Stop.Before> elsewhere) {
    }

    /* The last events of a processor, in a ring; times in ticks. */
    private static final class Last {
        private final long[] times = new long[KEPT];
        private final long[] latencies = new long[KEPT];
        private final int[] targets = new int[KEPT];
        private final boolean[] claimed = new boolean[KEPT];
        private final Processor processor;
        private long count;

        Last(Processor processor) {
            this.processor = processor;
        }

        void add(EventRun run) {
            int at = (int) (count++ % KEPT);
            times[at] = run.time();
            latencies[at] = run.paced() ? run.triggerToIsr() : -1;
            targets[at] = run.target();
            claimed[at] = run.claimed();
        }
    }

    /** Threshold in nanoseconds, negative: there is none. */
    Watch(long threshold, long frequency) {
        this.threshold = threshold;
        this.frequency = frequency;
    }

    /** The events that come now are of this processor. */
    void begin(Processor processor) {
        if (threshold >= 0 && (last == null || !last.processor.equals(processor))) {
            last = processors.computeIfAbsent(processor, Last::new);
        }
    }

    void take(EventRun run) {
        if (threshold < 0) {
            return;
        }
        if (late != null) {
            /* Each processor's events come for themselves: what ran elsewhere before the late one may come after it. */
            if (last != late && run.time() <= lateTime) {
                last.add(run);
            }
            return;
        }
        if (run.paced() && run.triggerToIsr() >= 0
                && Version.nanoseconds(run.triggerToIsr(), frequency) >= threshold) {
            late = last;
            lateTarget = run.target();
            lateTime = run.time();
            lateTicks = run.triggerToIsr();
        } else {
            last.add(run);
        }
    }

    /** Whether there was one. */
    boolean hasHit() {
        return late != null;
    }

    /** Null while there was none. What came before it elsewhere is whole when no more events come. */
    Hit hit() {
        if (late == null) {
            return null;
        }
        List<Stop.Before> elsewhere = new ArrayList<>();
        for (Last one : processors.values()) {
            if (one != late) {
                add(one, elsewhere);
            }
        }
        elsewhere.sort(Comparator.comparingLong(Stop.Before::ago).reversed().thenComparing(Stop.Before::processor));
        List<Stop.Before> before = new ArrayList<>();
        add(late, before);
        return new Hit(late.processor, lateTarget, Version.nanoseconds(lateTicks, frequency), before,
                elsewhere.subList(Math.max(0, elsewhere.size() - KEPT), elsewhere.size()));
    }

    private void add(Last one, List<Stop.Before> to) {
        for (long number = Math.max(0, one.count - KEPT); number < one.count; number++) {
            int at = (int) (number % KEPT);
            long latency = one.latencies[at];
            /* On its own processor the order is that of the stream; a clock of its own could only be a little behind. */
            if (one == late || one.times[at] <= lateTime) {
                to.add(new Stop.Before(Version.nanoseconds(Math.max(0, lateTime - one.times[at]), frequency),
                        one.processor, one.targets[at], latency < 0 ? -1 : Version.nanoseconds(latency, frequency),
                        one.claimed[at]));
            }
        }
    }
}
