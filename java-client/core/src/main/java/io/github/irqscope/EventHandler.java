package io.github.irqscope;

/** Takes runs of events. */
@FunctionalInterface
public interface EventHandler {
    /**
     * One processor's consecutive events. The object is used again for the next run: nothing of it is kept.
     *
     * @param run positioned before its first event
     */
    void run(EventRun run);
}
