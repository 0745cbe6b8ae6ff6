package io.github.irqscope.transport;

/** A call of the host failed that brings no data back: nothing was opened, listed, written or restarted. */
public final class TransportException extends Exception {
    private static final long serialVersionUID = 1L;

    /** What went wrong, as far as a caller decides on it. */
    public enum Cause {
        /** There is no driver, no device or no library; the message says what to do. */
        MISSING,
        /** What the caller asked for makes no sense; the message says place and reason. */
        OPTIONS,
        /** A call failed; the Win32 code says how. */
        CALL
    }

    private final Cause cause;
    private final String operation;
    private final int win32;

    private TransportException(Cause cause, String operation, int win32, String message, Throwable thrown) {
        super(message, thrown);
        this.cause = cause;
        this.operation = operation;
        this.win32 = win32;
    }

    /** A failed call. */
    public static TransportException call(String operation, int win32) {
        return new TransportException(Cause.CALL, operation, win32, operation, null);
    }

    /** Something is not there. */
    public static TransportException missing(String message, Throwable thrown) {
        return new TransportException(Cause.MISSING, "open", 0, message, thrown);
    }

    /** Options that make no sense. */
    public static TransportException options(String message) {
        return new TransportException(Cause.OPTIONS, "open", 0, message, null);
    }

    /** What went wrong. */
    public Cause kind() {
        return cause;
    }

    /** What was being done. */
    public String operation() {
        return operation;
    }

    /** The last error of a failed call, else 0. */
    public int win32() {
        return win32;
    }
}
