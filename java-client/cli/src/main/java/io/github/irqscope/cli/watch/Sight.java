package io.github.irqscope.cli.watch;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import java.util.List;

/**
 * Everything that is drawn, at one moment. Times are nanoseconds.
 *
 * @param subject  on what this is seen: the bed, the machine
 * @param clock    whose time it is
 * @param elapsed  since the counts began
 * @param groups   of the machine
 * @param grants   the interrupts looked at, and what was granted to them
 * @param spots    the processors on which something was granted or ran, ascending
 * @param measured what the latencies are of; empty when none was measured
 * @param rate     ISR runs a second, over all
 * @param events   ISR runs
 * @param outside  ISR runs where they were not granted
 * @param lost     events that the stream lost
 * @param notes    what else must be known
 */
public record Sight(String subject, String clock, long elapsed, List<Machine.Group> groups, List<Grant> grants,
        List<Spot> spots, String measured, double rate, long events, long outside, long lost, List<String> notes) {
    /** Takes copies. */
    public Sight {
        groups = List.copyOf(groups);
        grants = List.copyOf(grants);
        spots = List.copyOf(spots);
        notes = List.copyOf(notes);
    }

    /**
     * Interrupts that were granted the same.
     *
     * @param device    its name
     * @param resources message:0, line:0, or several
     * @param way       how they were connected
     * @param requested the processors asked for
     * @param granted   the processors granted; null when that is not known
     * @param grantedBy where that was read
     */
    public record Grant(String device, String resources, String way, String requested, String granted,
            String grantedBy) {
    }

    /**
     * One processor.
     *
     * @param processor which
     * @param granted   whether any of the interrupts was granted to it
     * @param events    ISR runs
     * @param rate      ISR runs a second, lately
     * @param share     of all that ran lately, 0 to 1
     * @param outside   ISR runs that were not granted to it
     * @param p50       half of the latencies are no longer; negative: none was measured
     * @param p99       99 of 100 are no longer
     * @param max       none is longer
     * @param trend     rates of the last intervals, the newest last
     */
    public record Spot(Processor processor, boolean granted, long events, double rate, double share, long outside,
            long p50, long p99, long max, List<Double> trend) {
        /** Takes a copy. */
        public Spot {
            trend = List.copyOf(trend);
        }

        /** Whether nothing ran there lately, and nothing ever that should not have. */
        public boolean isIdle() {
            return rate == 0 && outside == 0;
        }
    }

    /** The same with other notes. */
    public Sight withNotes(List<String> others) {
        return new Sight(subject, clock, elapsed, groups, grants, spots, measured, rate, events, outside, lost, others);
    }

    /** The highest rate of a processor. */
    public double highest() {
        double highest = 0;
        for (Spot spot : spots) {
            highest = Math.max(highest, spot.rate());
        }
        return highest;
    }

    /** The highest rate of a processor in the intervals that are kept. */
    public double highestTrend() {
        double highest = highest();
        for (Spot spot : spots) {
            for (double rate : spot.trend()) {
                highest = Math.max(highest, rate);
            }
        }
        return highest;
    }

    /** Whether nothing was granted and nothing ran in the group. */
    public boolean isQuiet(int group) {
        for (Spot spot : spots) {
            if (spot.processor().group() == group) {
                return false;
            }
        }
        return true;
    }
}
