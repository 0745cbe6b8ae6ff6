package io.github.irqscope.validation;

import io.github.irqscope.Machine;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Way;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an expectation file wants of one interrupt, or of every one of a device.
 *
 * @param device     its name
 * @param resource   null: every one of the device
 * @param way        null: the way that reaches every group, where the kernel has it
 * @param processors where it is to be granted, as it was written; null: wherever it was assigned
 * @param count      triggers
 * @param rate       triggers a second; 0: as fast as the storm guard lets them through
 * @param p50        the most that half of all latencies may be, nanoseconds; negative: any
 * @param p99        the same for 99 of 100
 * @param max        the same for all
 * @param lost       the most triggers that may be lost; negative: nothing is said, so none may
 * @param line       of the file
 */
public record Wanted(String device, ResourceId resource, Way way, String processors, int count, int rate, long p50,
        long p99, long max, long lost, int line) {
    /** What is wanted, resolved on this machine; empty: wherever it was assigned. */
    public Optional<ProcessorSet> on(Machine machine) {
        return processors == null ? Optional.empty() : Optional.of(ProcessorSet.parse(processors, machine));
    }

    /** The limits, with what was measured. */
    List<Limit> limits(TargetResult target) {
        List<Limit> limits = new ArrayList<>();
        if (target.granted() == null) {
            return limits; /* a refusal has nothing that could be measured; its verdict says enough */
        }
        Latency latency = target.latency();
        add(limits, "latency.p50", p50, latency == null ? -1 : latency.p50());
        add(limits, "latency.p99", p99, latency == null ? -1 : latency.p99());
        add(limits, "latency.max", max, latency == null ? -1 : latency.max());
        add(limits, Limit.LOST, lost, target.lost());
        return limits;
    }

    private static void add(List<Limit> limits, String name, long allowed, long measured) {
        if (allowed >= 0) {
            limits.add(new Limit(name, allowed, measured));
        }
    }
}
