package io.github.irqscope.recording;

import java.time.Duration;
import java.util.List;

/** Where events come from: live devices, or a recording. One thread uses it; any thread may close it. */
public interface EventSource extends AutoCloseable {
    /** What is looked at: machine, devices, connections with what was requested and granted. */
    RecordingHeader header();

    /**
     * Hands over what is there; waits for it no longer than that.
     *
     * @return false when nothing came in time, or nothing will come any more
     */
    boolean next(RunHandler handler, Duration limit);

    /** Whether nothing will come any more. */
    boolean hasEnded();

    /** What is wrong with it, in sentences: a device that went away, a damaged file. Empty when all is well. */
    List<String> problems();

    @Override
    void close();
}
