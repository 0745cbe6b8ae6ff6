package io.github.irqscope.validation;

import io.github.irqscope.EventRun;
import io.github.irqscope.Processor;
import io.github.irqscope.Version;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Looks for the first event that took too long, and keeps the last ones of each processor to tell what came before. */
final class Watch {
    private static final int KEPT = 16;

    private final long threshold;
    private final long frequency;
    private final Map<Processor, Last> processors = new HashMap<>();
    private Last last;
    private Hit hit;

    /** What is known of the event when it comes. */
    record Hit(Processor processor, int target, long latency, List<Stop.Before> before) {
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
        if (threshold < 0 || hit != null) {
            return;
        }
        if (run.paced() && run.triggerToIsr() >= 0
                && Version.nanoseconds(run.triggerToIsr(), frequency) >= threshold) {
            hit = new Hit(last.processor, run.target(), Version.nanoseconds(run.triggerToIsr(), frequency),
                    before(run.time()));
        } else {
            last.add(run);
        }
    }

    /** Null while there was none. */
    Hit hit() {
        return hit;
    }

    private List<Stop.Before> before(long time) {
        List<Stop.Before> before = new ArrayList<>();
        for (long number = Math.max(0, last.count - KEPT); number < last.count; number++) {
            int at = (int) (number % KEPT);
            long latency = last.latencies[at];
            before.add(new Stop.Before(Version.nanoseconds(Math.max(0, time - last.times[at]), frequency),
                    last.targets[at], latency < 0 ? -1 : Version.nanoseconds(latency, frequency), last.claimed[at]));
        }
        return before;
    }
}
