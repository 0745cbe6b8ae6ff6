package io.github.irqscope.transport;

/**
 * How a request ended.
 *
 * @param status      the NTSTATUS; {@link #UNKNOWN} when the call failed before the system kept one
 * @param win32       the last error, 0 when the request succeeded
 * @param transferred bytes of output
 */
public record Completion(int status, int win32, int transferred) {
    /** STATUS_PENDING: what the status block still says when no NTSTATUS was kept. */
    public static final int UNKNOWN = 0x103;

    /** Whether the output is there. */
    public boolean succeeded() {
        return win32 == 0;
    }

    /** Whether the system kept an NTSTATUS. */
    public boolean hasStatus() {
        return status != UNKNOWN;
    }
}
