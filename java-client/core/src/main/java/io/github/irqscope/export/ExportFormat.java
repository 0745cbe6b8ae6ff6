package io.github.irqscope.export;

import io.github.irqscope.recording.RecordingReader;

import java.io.OutputStream;

/** The forms in which other tools read a recording. */
public enum ExportFormat {
    /** An object a line: the header, each event, each loss, the end. */
    JSONL("jsonl") {
        @Override
        public Export to(RecordingReader from, OutputStream stream) {
            return new JsonLines(from.header(), stream);
        }
    },
    /** An HdrHistogram log: a histogram a second for each processor and kind of time. */
    HDR("hdr") {
        @Override
        public Export to(RecordingReader from, OutputStream stream) {
            return new HdrLog(from, stream);
        }
    },
    /** A Perfetto trace in its protobuf form: a track a processor. */
    PERFETTO("perfetto") {
        @Override
        public Export to(RecordingReader from, OutputStream stream) {
            return new PerfettoTrace(from, stream);
        }
    };

    private final String text;

    ExportFormat(String text) {
        this.text = text;
    }

    /** As it is written on a command line. */
    public String text() {
        return text;
    }

    /**
     * Begins an export.
     *
     * @param from   what will be handed over
     * @param stream stays the caller's, who closes it
     */
    public abstract Export to(RecordingReader from, OutputStream stream);
}
