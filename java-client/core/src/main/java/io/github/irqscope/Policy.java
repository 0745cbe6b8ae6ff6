package io.github.irqscope;

import java.util.OptionalInt;

/**
 * What the driver asks the PnP manager for when its device is next started: the values of the device's
 * {@code Device Parameters\Irqscope}.
 *
 * @param policy     IRQ_DEVICE_POLICY, 0 to 5
 * @param priority   IRQ_PRIORITY, 0 to 3
 * @param group      of the processors, used with policy 4
 * @param processors the mask within the group, used with policy 4
 */
public record Policy(int policy, OptionalInt priority, OptionalInt group, long processors) {
    /** IrqPolicySpecifiedProcessors. */
    public static final int SPECIFIED_PROCESSORS = 4;

    /** Refuses numbers that no documented policy or priority has. */
    public Policy {
        if (policy < 0 || policy > 5) {
            throw new IllegalArgumentException("a policy is 0 to 5, not " + policy);
        }
        if (priority.isPresent() && (priority.getAsInt() < 0 || priority.getAsInt() > 3)) {
            throw new IllegalArgumentException("a priority is 0 to 3, not " + priority.getAsInt());
        }
        if (policy == SPECIFIED_PROCESSORS && processors == 0) {
            throw new IllegalArgumentException("policy 4 names processors, and none is named");
        }
    }

    /** One of the policies that choose processors themselves. */
    public static Policy of(int policy) {
        return new Policy(policy, OptionalInt.empty(), OptionalInt.empty(), 0);
    }

    /** These processors, all of one group. */
    public static Policy specified(ProcessorSet oneGroup) {
        int group = oneGroup.group();
        return new Policy(SPECIFIED_PROCESSORS, OptionalInt.empty(), OptionalInt.of(group), oneGroup.mask(group));
    }

    /** The same with this priority. */
    public Policy withPriority(int value) {
        return new Policy(policy, OptionalInt.of(value), group, processors);
    }

    /** The processors that policy 4 names; of the other policies none. */
    public ProcessorSet set() {
        return policy == SPECIFIED_PROCESSORS ? ProcessorSet.of(group.orElse(0), processors) : ProcessorSet.empty();
    }
}
