package io.github.irqscope.export;

import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.recording.RunHandler;

/**
 * A recording on its way into another form. It takes the runs in the order of the file. What cannot be written is an
 * {@link java.io.UncheckedIOException}. One thread.
 */
public interface Export extends RunHandler {
    /** Everything was handed over: what is waiting is written, and how the recording ended. */
    void end(RecordingReader from);
}
