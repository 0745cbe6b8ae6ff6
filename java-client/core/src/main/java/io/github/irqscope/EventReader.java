package io.github.irqscope;

import io.github.irqscope.contract.Contract;
import io.github.irqscope.transport.Transport;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads the event stream of a session, keeping two or more requests pending. One thread reads; any thread may close,
 * which wakes it. The stream ends when the last connection is gone, when the device goes away, or by closing.
 */
public final class EventReader implements AutoCloseable {
    private final Session session;
    private final Transport.Read[] reads;
    private final EventRun run = new EventRun();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong events = new AtomicLong();
    private int oldest;
    private volatile boolean closed;
    private volatile boolean ended;
    private volatile int endStatus = NtStatus.SUCCESS;

    EventReader(Session session, Transport transport, EventOptions options) {
        this.session = session;
        this.reads = new Transport.Read[options.reads()];
        for (int i = 0; i < reads.length; i++) {
            ByteBuffer request = Wire.request(Contract.EventsRequest.SIZE);
            request.putInt(Contract.EventsRequest.FILL, options.fill());
            request.putInt(Contract.EventsRequest.DELAY, (int) (options.delay().toNanos() / 1000));
            reads[i] = transport.read(Contract.CODE_EVENTS, request, options.bufferSize());
        }
        for (Transport.Read read : reads) {
            read.start();
        }
        refuse();
    }

    /* A read that ends before anybody asked for it, and not with events, was refused: there is no stream to begin with. */
    private void refuse() {
        if (reads[0].await(0) && reads[0].win32() != 0) {
            IrqscopeException refusal = session.failure("read events", reads[0].status(), reads[0].win32());
            close();
            throw refusal;
        }
    }

    /**
     * Waits for the oldest read and hands over what it brought.
     *
     * @return false when the stream has ended
     * @throws IrqscopeException when a read failed for another reason than the stream's end
     */
    public boolean next(EventHandler handler) {
        return take(handler, -1) == Taken.SOME;
    }

    /**
     * The same, but waits no longer than that. Nothing within the time is no end: ask {@link #hasEnded}.
     *
     * @return false when nothing came in time, or the stream has ended
     */
    public boolean next(EventHandler handler, Duration limit) {
        return take(handler, Math.max(0, limit.toMillis())) == Taken.SOME;
    }

    /**
     * Hands over everything that is there, without waiting.
     *
     * @return how many reads that were
     */
    public int drain(EventHandler handler) {
        int taken = 0;
        while (take(handler, 0) == Taken.SOME) {
            taken++;
        }
        return taken;
    }

    /** Whether no event will come any more. */
    public boolean hasEnded() {
        return ended;
    }

    /** The NTSTATUS that ended the stream: STATUS_DEVICE_NOT_CONNECTED, STATUS_CANCELLED and their like. */
    public int endStatus() {
        return endStatus;
    }

    /** Events handed over so far. */
    public long events() {
        return events.get();
    }

    /** Events lost so far, as the runs handed over tell it. */
    public long lost() {
        return lost.get();
    }

    /** Cancels the pending reads and waits for their end. Any thread, any number of times. */
    @Override
    public void close() {
        closed = true;
        for (Transport.Read read : reads) {
            read.close();
        }
        session.forget(this);
    }

    private enum Taken { SOME, NOTHING, END }

    private Taken take(EventHandler handler, long milliseconds) {
        if (ended || closed) {
            end(endStatus == NtStatus.SUCCESS ? NtStatus.CANCELLED : endStatus);
            return Taken.END;
        }
        Transport.Read read = reads[oldest];
        if (!read.await(milliseconds)) {
            return Taken.NOTHING;
        }
        int status = read.status();
        if (read.win32() != 0) {
            return endOrFail(status, read.win32());
        }
        try {
            handOver(read.buffer(), handler);
        } finally {
            /* Also when the handler threw: the driver must not find fewer reads than it was promised. */
            if (!closed) {
                read.start();
                oldest = (oldest + 1) % reads.length;
            }
        }
        return Taken.SOME;
    }

    private void handOver(ByteBuffer buffer, EventHandler handler) {
        int position = 0;
        while (position < buffer.limit()) {
            int next = run.read(buffer, position);
            if (next < 0) {
                throw new IrqscopeException(session.name() + ": read events", OptionalInt.empty(), 0,
                        "the bytes from " + position + " of " + buffer.limit() + " are no run");
            }
            position = next;
            events.lazySet(events.get() + run.count());
            lost.lazySet(lost.get() + run.lost());
            handler.run(run);
        }
    }

    private Taken endOrFail(int status, int win32) {
        if (closed || status == NtStatus.DEVICE_NOT_CONNECTED || status == NtStatus.CANCELLED
                || status == NtStatus.DELETE_PENDING || status == NtStatus.DEVICE_REMOVED) {
            end(status);
            return Taken.END;
        }
        end(status);
        throw session.failure("read events", status, win32);
    }

    private void end(int status) {
        endStatus = status;
        ended = true;
    }
}
