package io.github.irqscope.cli;

/**
 * Whether somebody wants us to end: Ctrl+C, a closed terminal, a shutdown. Long work looks at it between steps, or
 * leaves an action that makes it end. May be raised on any thread.
 */
public final class Interruption {
    private boolean raised;
    private Runnable action;

    public synchronized void raise() {
        raised = true;
        if (action != null) {
            action.run();
        }
        notifyAll();
    }

    public synchronized boolean isRaised() {
        return raised;
    }

    /** What makes the present work end; run at once when the interruption came first. Null: nothing runs any more. */
    public synchronized void onRaise(Runnable newAction) {
        action = newAction;
        if (raised && newAction != null) {
            newAction.run();
        }
    }

    /** Waits, and returns early when raised. */
    public synchronized void pause(long nanoseconds) {
        long end = System.nanoTime() + nanoseconds;
        long left = nanoseconds;
        while (!raised && left > 0) {
            try {
                wait(left / 1_000_000, (int) (left % 1_000_000));
            } catch (InterruptedException e) {
                raised = true;
                Thread.currentThread().interrupt();
            }
            left = end - System.nanoTime();
        }
    }
}
