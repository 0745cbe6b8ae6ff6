package io.github.irqscope;

import io.github.irqscope.contract.Contract;

import java.time.Duration;

/**
 * What to make a device do.
 *
 * @param target the interrupt object, or {@link #ALL}
 * @param count  interrupts for each target, at least 1
 * @param paced  each waits for the ISR of the one before; only these carry a trigger-to-ISR time
 * @param limit  paced: after which one counts as lost, 1 µs to 10 ms
 */
public record Trigger(int target, int count, boolean paced, Duration limit) {
    /** Every target of the connection. */
    public static final int ALL = Contract.ALL;
    /** The longest that a paced interrupt can be waited for. */
    public static final Duration LONGEST = Duration.ofNanos(Contract.MAXIMUM_TRIGGER_TIME * 1000L);
    /**
     * How long one is waited for unless somebody says otherwise. The driver begins no trigger that might not end within
     * its request's time, which is the longest limit: with half of it one request has time for many triggers.
     */
    public static final Duration LIMIT = LONGEST.dividedBy(2);

    /** Refuses a count below one and a limit that no request can carry. */
    public Trigger {
        if (count < 1) {
            throw new IllegalArgumentException("a trigger's count is 1 or more, not " + count);
        }
        if (target < 0 && target != ALL) {
            throw new IllegalArgumentException("a target is 0 or more, not " + target);
        }
        if (paced && (limit.compareTo(Duration.ofNanos(1000)) < 0 || limit.compareTo(LONGEST) > 0)) {
            throw new IllegalArgumentException("a paced trigger's limit is 1 µs to 10 ms, not " + limit);
        }
    }

    /** One after the other, each waited for up to {@link #LIMIT}. */
    public static Trigger paced(int target, int count) {
        return new Trigger(target, count, true, LIMIT);
    }

    /** As fast as the driver can write them. */
    public static Trigger burst(int target, int count) {
        return new Trigger(target, count, false, LIMIT);
    }

    int limitMicroseconds() {
        return paced ? (int) (limit.toNanos() / 1000) : 0;
    }
}
