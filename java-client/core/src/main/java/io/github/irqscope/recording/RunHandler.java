package io.github.irqscope.recording;

import io.github.irqscope.EventRun;

/** Takes runs of events of one or several devices. */
@FunctionalInterface
public interface RunHandler {
    /**
     * One processor's consecutive events. The object is used again for the next run: nothing of it is kept.
     *
     * @param feed which device, as its place in {@link RecordingHeader#feeds}
     * @param run  positioned before its first event
     */
    void run(int feed, EventRun run);
}
