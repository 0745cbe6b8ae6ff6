package io.github.irqscope.jna;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;

import io.github.irqscope.transport.Completion;
import io.github.irqscope.transport.Transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A handle on a device, opened for overlapped requests: the same code over Windows and over the simulator.
 *
 * <pre>
 *   open --close--> closing (cancels, refuses, waits for what is under way) --nothing left--> closed
 * </pre>
 */
final class Win32Transport implements Transport {
    private static final int STATUS_CANCELLED = 0xC0000120;
    private static final int ERROR_OPERATION_ABORTED = 995;
    private static final int MOST_IDLE = 4;
    private static final long RETRY_MILLISECONDS = 5;

    /* Memory that the system may write to must outlive a caller who forgets to close. */
    private static final Set<Win32Transport> OPEN = ConcurrentHashMap.newKeySet();

    private final Win32 win32;
    private final long file;
    private final String path;
    private final MachineTime time;
    private final Object lock = new Object();
    private final Set<PendingRead> reads = new HashSet<>();
    private final Deque<Request> idle = new ArrayDeque<>();
    private int users;
    private boolean closing;
    private boolean closed;
    private RemovalNotice notice;

    Win32Transport(Win32 win32, long file, String path) {
        this(win32, file, path, null);
    }

    /* The time is that of a machine below us which stands still otherwise. */
    Win32Transport(Win32 win32, long file, String path, MachineTime time) {
        this.win32 = win32;
        this.time = time;
        this.file = file;
        this.path = path;
        OPEN.add(this);
    }

    @Override
    public Completion control(int code, ByteBuffer input, ByteBuffer output) {
        if (!enter()) {
            throw new IllegalStateException(path + " is closed");
        }
        try {
            Request request = take();
            Completion completion = request.run(code, input, output);
            give(request);
            return completion;
        } finally {
            leave();
        }
    }

    @Override
    public Read read(int code, ByteBuffer input, int size) {
        if (!enter()) {
            throw new IllegalStateException(path + " is closed");
        }
        try {
            PendingRead read = new PendingRead(code, input, size);
            synchronized (lock) {
                reads.add(read);
            }
            return read;
        } finally {
            leave();
        }
    }

    @Override
    public boolean onRemovalQuery(Runnable action) {
        RemovalNotice made = win32.notices().of(file, action);
        synchronized (lock) {
            if (made != null && !closing) {
                notice = made;
                return true;
            }
        }
        if (made != null) {
            made.close();
        }
        return false;
    }

    /* Cancelling can come before a request that is just being handed in, so it is repeated until nothing is left. */
    @Override
    public void close() {
        boolean interrupted = false;
        synchronized (lock) {
            boolean first = !closing;
            closing = true;
            while (first ? !isQuiet() : !closed) {
                if (first) {
                    win32.kernel().CancelIoEx(file, 0);
                }
                /* Mostly all is over once it was cancelled, and there is nothing to wait for. */
                interrupted |= !(first && isQuiet()) && pause();
            }
            if (first) {
                reads.forEach(PendingRead::free);
                reads.clear();
                idle.forEach(Request::free);
                win32.kernel().CloseHandle(file);
                if (notice != null) {
                    notice.close();
                }
                OPEN.remove(this);
                closed = true;
                lock.notifyAll();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /* Under the lock: nobody is inside a call, and the system is done with every read. */
    private boolean isQuiet() {
        boolean quiet = users == 0;
        for (PendingRead read : reads) {
            quiet &= read.operation.hasEnded();
        }
        return quiet;
    }

    /* Under the lock. Who leaves notifies at once; the time is for requests that nobody waits for. True: interrupted,
     * which must not keep a handle from being closed. */
    private boolean pause() {
        try {
            lock.wait(RETRY_MILLISECONDS);
            return false;
        } catch (InterruptedException e) {
            return true;
        }
    }

    private boolean enter() {
        synchronized (lock) {
            users += closing ? 0 : 1;
            return !closing;
        }
    }

    private void leave() {
        synchronized (lock) {
            users--;
            lock.notifyAll();
        }
    }

    private Request take() {
        synchronized (lock) {
            if (!idle.isEmpty()) {
                return idle.pop();
            }
        }
        return new Request();
    }

    private void give(Request request) {
        synchronized (lock) {
            if (idle.size() < MOST_IDLE) {
                idle.push(request);
                return;
            }
        }
        request.free();
    }

    /** A request that is waited for, with buffers that grow to what was needed. One thread at a time. */
    private final class Request {
        private final Operation operation = new Operation(win32, file, time);
        private Memory in = new Memory(64);
        private Memory out = new Memory(1 << 10);

        Completion run(int code, ByteBuffer input, ByteBuffer output) {
            int inSize = input.remaining();
            int outSize = output.remaining();
            in = atLeast(in, inSize);
            out = atLeast(out, outSize);
            in.getByteBuffer(0, in.size()).put(input);
            operation.begin(code, inSize == 0 ? 0 : Scratch.address(in), inSize,
                    outSize == 0 ? 0 : Scratch.address(out), outSize);
            operation.await(-1);
            int transferred = Math.min(operation.transferred(), outSize);
            output.put(out.getByteBuffer(0, transferred));
            return new Completion(operation.status(), operation.error(), transferred);
        }

        void free() {
            operation.free();
            in.close();
            out.close();
        }

        private static Memory atLeast(Memory block, int size) {
            if (block.size() >= size) {
                return block;
            }
            block.close();
            return new Memory(size);
        }
    }

    /* Its output is a direct buffer that the collector frees, because a handler may still look at it while another
     * thread closes. */
    private final class PendingRead implements Read {
        private final Operation operation = new Operation(win32, file, time);
        private final int code;
        private final Memory in;
        private final int inSize;
        private final ByteBuffer out;
        private final long outAddress;
        private int waiting;
        private boolean retired;
        private int status = STATUS_CANCELLED; /* both of one moment: a close between two questions must not mix them */
        private int error = ERROR_OPERATION_ABORTED;

        PendingRead(int code, ByteBuffer input, int size) {
            this.code = code;
            this.inSize = input.remaining();
            this.in = new Memory(Math.max(inSize, 1));
            in.getByteBuffer(0, inSize).put(input);
            this.out = ByteBuffer.allocateDirect(size).order(ByteOrder.LITTLE_ENDIAN);
            this.outAddress = Pointer.nativeValue(Native.getDirectBufferPointer(out));
        }

        @Override
        public void start() {
            if (!join()) {
                operation.refuse(STATUS_CANCELLED, ERROR_OPERATION_ABORTED);
                return;
            }
            try {
                operation.begin(code, Scratch.address(in), inSize, outAddress, out.capacity());
            } finally {
                leave();
            }
        }

        @Override
        public boolean await(long milliseconds) {
            if (!join()) {
                status = STATUS_CANCELLED;
                error = ERROR_OPERATION_ABORTED;
                return true;
            }
            try {
                if (!operation.awaitIdle(milliseconds)) {
                    return false;
                }
                status = operation.status();
                error = operation.error();
                out.position(0).limit(Math.min(operation.transferred(), out.capacity()));
                return true;
            } finally {
                leave();
            }
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public int win32() {
            return error;
        }

        @Override
        public ByteBuffer buffer() {
            return out;
        }

        @Override
        public void close() {
            boolean interrupted = false;
            synchronized (lock) {
                if (retired || closing) {
                    return; /* whoever is closing frees it */
                }
                retired = true;
                while (waiting > 0 || !operation.hasEnded()) {
                    if (!operation.hasEnded()) {
                        operation.cancel();
                    }
                    interrupted |= !(waiting == 0 && operation.hasEnded()) && pause();
                }
                if (reads.remove(this)) {
                    free();
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private boolean join() {
            synchronized (lock) {
                if (!isUsable()) {
                    return false;
                }
                users++;
                waiting++;
                return true;
            }
        }

        private void leave() {
            synchronized (lock) {
                waiting--;
                Win32Transport.this.leave();
            }
        }

        private boolean isUsable() {
            synchronized (lock) {
                return !closing && !retired;
            }
        }

        private void free() {
            operation.free();
            in.close();
        }
    }
}
