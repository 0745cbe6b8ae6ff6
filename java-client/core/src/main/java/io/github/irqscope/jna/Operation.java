package io.github.irqscope.jna;

import com.sun.jna.Memory;

import io.github.irqscope.transport.Completion;

/**
 * One overlapped request: its OVERLAPPED, its event, and how it ended. The memory belongs to the system from
 * {@link #begin} until {@link #await} or {@link #hasEnded} said that it ended; it is let go only after that.
 */
final class Operation {
    /* OVERLAPPED of 64-bit Windows: Internal, InternalHigh, Offset, OffsetHigh, hEvent; behind it a DWORD of our own.
     */
    private static final int INTERNAL = 0;
    private static final int INTERNAL_HIGH = 8;
    private static final int OFFSET = 16;
    private static final int EVENT = 24;
    private static final int TRANSFERRED = 32;
    private static final int SIZE = 40;

    private final Win32 win32;
    private final long file;
    private final long event;
    private final Memory block;
    private final long overlapped;
    private final MachineTime time;
    private boolean pending;
    private int status;
    private int error;
    private int transferred;

    /* The time is null where it goes on by itself. */
    Operation(Win32 win32, long file, MachineTime time) {
        this.win32 = win32;
        this.time = time;
        this.file = file;
        this.event = win32.kernel().CreateEventW(0, 1, 0, 0);
        if (event == 0) {
            throw new IllegalStateException("no event could be made: Win32 error " + win32.lastError());
        }
        this.block = new Memory(SIZE);
        this.overlapped = Scratch.address(block);
        block.clear();
        block.setLong(EVENT, event);
    }

    /* Hands the request in. A success that comes at once and a failure that does are ends as any other. */
    synchronized void begin(int code, long in, int inSize, long out, int outSize) {
        win32.kernel().ResetEvent(event);
        block.setLong(INTERNAL, Completion.UNKNOWN);
        block.setLong(INTERNAL_HIGH, 0);
        block.setLong(OFFSET, 0);
        block.setInt(TRANSFERRED, 0);
        pending = true;
        if (time != null) {
            time.begun();
        }
        int done = win32.kernel().DeviceIoControl(file, code, in, inSize, out, outSize, overlapped + TRANSFERRED,
                overlapped);
        int last = done != 0 ? 0 : win32.lastError();
        if (last != Win32.ERROR_IO_PENDING) {
            end(last, done != 0 ? block.getInt(TRANSFERRED) : 0);
        }
    }

    /* Ended without having begun: the transport is being closed. */
    synchronized void refuse(int ntStatus, int lastError) {
        status = ntStatus;
        error = lastError;
        transferred = 0;
    }

    /** Waits, in milliseconds, negative for ever. Not synchronized while it waits: close looks at it meanwhile. */
    boolean await(long milliseconds) {
        if (hasEnded()) {
            return true;
        }
        if (milliseconds == 0) {
            return false;
        }
        int limit = milliseconds < 0 ? Win32.INFINITE : (int) Math.min(milliseconds, Integer.MAX_VALUE);
        int answer = win32.kernel().WaitForSingleObject(event, limit);
        if (answer == Win32.WAIT_FAILED) {
            throw new IllegalStateException("the wait for a request failed: Win32 error " + win32.lastError());
        }
        return hasEnded();
    }

    /** The same for a client who has nothing else to do: a simulated machine's time goes on while it waits. */
    boolean awaitIdle(long milliseconds) {
        if (time == null || milliseconds == 0) {
            return await(milliseconds);
        }
        long end = milliseconds < 0 ? Long.MAX_VALUE : System.nanoTime() / 1_000_000 + milliseconds;
        while (!hasEnded()) {
            long slice = Math.min(time.step(), end - System.nanoTime() / 1_000_000);
            if (slice < 0) {
                return hasEnded();
            }
            await(slice);
        }
        return true;
    }

    /** Whether the request has ended, looked at without waiting. Any thread. */
    synchronized boolean hasEnded() {
        if (pending && win32.kernel().WaitForSingleObject(event, 0) == Win32.WAIT_OBJECT_0) {
            int done = win32.kernel().GetOverlappedResult(file, overlapped, overlapped + TRANSFERRED, 0);
            end(done != 0 ? 0 : win32.lastError(), done != 0 ? block.getInt(TRANSFERRED) : 0);
        }
        return !pending;
    }

    void cancel() {
        win32.kernel().CancelIoEx(file, overlapped);
    }

    synchronized int status() {
        return status;
    }

    synchronized int error() {
        return error;
    }

    synchronized int transferred() {
        return transferred;
    }

    /** Lets the event and the memory go; the request has ended. */
    void free() {
        win32.kernel().CloseHandle(event);
        block.close();
    }

    private void end(int lastError, int bytes) {
        pending = false;
        if (time != null) {
            time.ended();
        }
        error = lastError;
        transferred = bytes;
        /* The system keeps no NTSTATUS of a request that failed before it was pending. */
        status = block.getInt(INTERNAL);
    }
}
