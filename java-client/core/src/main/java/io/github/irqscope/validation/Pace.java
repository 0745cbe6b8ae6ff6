package io.github.irqscope.validation;

import io.github.irqscope.Bed;
import io.github.irqscope.Simulation;

import java.time.Duration;
import java.util.Optional;

/** Lets time pass on a bed: the machine's own on a simulated one, ours on a real one, until somebody wants us to end. */
final class Pace {
    private final Optional<Simulation> simulation;
    private final long start = System.nanoTime();
    private long passed;
    private boolean ended;

    Pace(Bed bed) {
        simulation = bed.simulation();
    }

    /** Waits, and returns early when ended. */
    synchronized void pass(long nanoseconds) {
        if (simulation.isPresent()) {
            simulation.get().advance(Duration.ofNanos(nanoseconds));
            passed += nanoseconds;
            return;
        }
        long until = System.nanoTime() + nanoseconds;
        long left = nanoseconds;
        while (!ended && left > 0) {
            try {
                wait(left / 1_000_000, (int) (left % 1_000_000));
            } catch (InterruptedException e) {
                ended = true;
                Thread.currentThread().interrupt();
            }
            left = until - System.nanoTime();
        }
    }

    /** Nobody waits any more. From any thread. */
    void end() {
        synchronized (this) {
            ended = true;
            notifyAll();
        }
    }

    /** Since this was made: of a simulated machine what we let pass, which is the least that did. */
    synchronized long now() {
        return simulation.isPresent() ? passed : System.nanoTime() - start;
    }
}
