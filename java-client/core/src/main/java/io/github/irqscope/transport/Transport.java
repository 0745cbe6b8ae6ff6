package io.github.irqscope.transport;

import java.nio.ByteBuffer;

/**
 * A handle on a device. Thread-safe: requests of several threads are under way at once. Closing from any thread cancels
 * what is under way, waits for it, and closes; it may be done twice. A request on a closed transport throws
 * IllegalStateException.
 */
public interface Transport extends AutoCloseable {
    /**
     * Sends one request and waits for it.
     *
     * @param code   what is asked
     * @param input  from its position to its limit; consumed
     * @param output filled from its position on, at most to its limit; the position moves behind what came
     */
    Completion control(int code, ByteBuffer input, ByteBuffer output);

    /**
     * A request that can be pending, with a buffer of its own, to be started again and again.
     *
     * @param code  what is asked
     * @param input from its position to its limit; copied
     * @param size  bytes of its output buffer
     */
    Read read(int code, ByteBuffer input, int size);

    /**
     * Asks to be told before the device is stopped or removed, by whichever process; the handle must be closed before
     * the action returns, or it vetoes. It runs on a thread of the system's, once at most.
     *
     * @return false when this system, or this bed, tells nobody
     */
    default boolean onRemovalQuery(Runnable action) {
        return false;
    }

    @Override
    void close();

    /** A request that is started, waited for, read and started again. One thread at a time, except for close. */
    interface Read extends AutoCloseable {
        /** Hands the request in. It is waited for even when it fails at once. */
        void start();

        /**
         * Waits until the request has ended. After that {@link #status} and {@link #buffer} are what came.
         *
         * @param milliseconds how long; negative: as long as it takes
         * @return false when the time was up
         */
        boolean await(long milliseconds);

        /** The NTSTATUS, or {@link Completion#UNKNOWN}. */
        int status();

        /** The last error, 0 when the request succeeded. */
        int win32();

        /** What came: from 0 to the limit, little-endian, the same object each time. Valid until the next start. */
        ByteBuffer buffer();

        /** Cancels the request if it is pending, waits for its end, and lets its memory go. From any thread. */
        @Override
        void close();
    }
}
