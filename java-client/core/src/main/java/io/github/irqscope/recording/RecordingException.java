package io.github.irqscope.recording;

/** A file that is no recording, or cannot be read at all; the message says which and why. */
public final class RecordingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RecordingException(String message, Throwable cause) {
        super(message, cause);
    }
}
