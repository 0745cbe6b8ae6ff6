package io.github.irqscope.cli;

import io.github.irqscope.Bed;
import io.github.irqscope.Connection;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Simulation;
import io.github.irqscope.Trigger;
import io.github.irqscope.TriggerResult;
import java.time.Duration;
import java.util.Optional;

/**
 * Sends the triggers of one connection: paced one by one, or in bursts, at a rate or as fast as the storm guard allows.
 * Stops early when interrupted, when the driver does not send any more, or when the connection has gone.
 */
final class Firing {
    private static final int CHUNK = 256;
    private static final long SECOND = 1_000_000_000L;
    private static final long SETTLING = 100_000_000L;
    private static final int LEAST_GUARD = 100_000;
    private static final long HIGHEST_RATE = 90_000;

    // STATUS_NOT_FOUND: the connection has gone. The others: so has the device, or it is just being started again.
    private static final int[] GONE = {0xC0000225, 0xC0000056, 0xC00000A3, 0xC000009D, 0xC00002B6};

    private final Connection connection;
    private final Optional<Simulation> simulation;
    private final Interruption interruption;
    private final Runnable afterEach;
    private int status = NtStatus.SUCCESS;
    private long sent;
    private boolean gone;

    Firing(Connection connection, Bed bed, Interruption interruption, Runnable afterEach) {
        this.connection = connection;
        this.simulation = bed.simulation();
        this.interruption = interruption;
        this.afterEach = afterEach;
    }

    /**
     * The guard to connect with: no slower than we are ourselves. It lets a request's worth of interrupts through at
     * once and counts on the rate after that.
     */
    static int guard(long rate) {
        return (int) Math.max(LEAST_GUARD, 2 * rate);
    }

    /** Sends count triggers to the target, or to each; burst 0 means paced, rate 0 as fast as they may go. */
    void fire(int target, int targets, long count, int burst, long rate) {
        int step = burst > 0 ? burst : rate > 0 ? 1 : Math.max(1, CHUNK / targets);
        long start = System.nanoTime();
        long pace = rate > 0 ? rate : Math.max(1, HIGHEST_RATE / targets);
        for (long done = 0; done < count && !interruption.isRaised() && status == NtStatus.SUCCESS && !gone;) {
            int now = (int) Math.min(step, count - done);
            try {
                TriggerResult result = connection.trigger(burst > 0 ? Trigger.burst(target, now)
                        : Trigger.paced(target, now));
                status = result.status();
                sent += result.sent();
            } catch (IrqscopeException e) {
                lose(e);
            }
            done += now;
            afterEach.run();
            pass(start, done, now, pace);
        }
    }

    private void lose(IrqscopeException failure) {
        for (int known : GONE) {
            gone |= failure.ntStatus().isPresent() && failure.ntStatus().getAsInt() == known;
        }
        if (!gone) {
            throw failure;
        }
    }

    /** Lets the time between two bursts pass: the machine's own on a simulated one, ours on a real one. */
    private void pass(long start, long done, long now, long rate) {
        if (simulation.isPresent()) {
            simulation.get().advance(Duration.ofNanos(now * SECOND / rate));
        } else {
            interruption.pause(start + nanoseconds(done, rate) - System.nanoTime());
        }
    }

    private static long nanoseconds(long triggers, long rate) {
        return triggers / rate * SECOND + triggers % rate * SECOND / rate;
    }

    /** Gives what is under way the time to arrive. */
    void settle() {
        if (simulation.isPresent()) {
            simulation.get().advance(Duration.ofNanos(SETTLING));
        } else {
            interruption.pause(SETTLING);
        }
        afterEach.run();
    }

    /** STATUS_SUCCESS, or why the driver stopped sending. */
    int status() {
        return status;
    }

    /** Triggers written to the device, as its replies told. */
    long sent() {
        return sent;
    }

    /** Whether the connection, perhaps with the device, went away in the middle. */
    boolean isGone() {
        return gone;
    }
}
