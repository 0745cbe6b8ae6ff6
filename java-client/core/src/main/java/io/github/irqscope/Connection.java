package io.github.irqscope;

import io.github.irqscope.contract.Contract;
import io.github.irqscope.transport.Completion;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One successful connect. Its targets are the interrupt objects that can be asked and triggered: one, or one a message.
 * Thread-safe. Closing disconnects, once; a connection that is gone already, because its session was closed or its
 * device restarted, closes quietly.
 */
public final class Connection implements AutoCloseable {
    private final Session session;
    private final int id;
    private final Way way;
    private final Kind connectedAs;
    private final int targets;
    private final int version;
    private final int synchronizeIrql;
    private final int unifiedIrql;
    private final int slots;
    private final AtomicBoolean closed;

    Connection(Session session, int id, Way way, Kind connectedAs, int targets, int version, int synchronizeIrql,
            int unifiedIrql, int slots) {
        this(session, id, way, connectedAs, targets, version, synchronizeIrql, unifiedIrql, slots, false);
    }

    private Connection(Session session, int id, Way way, Kind connectedAs, int targets, int version,
            int synchronizeIrql, int unifiedIrql, int slots, boolean ofOther) {
        this.session = session;
        this.id = id;
        this.way = way;
        this.connectedAs = connectedAs;
        this.targets = targets;
        this.version = version;
        this.synchronizeIrql = synchronizeIrql;
        this.unifiedIrql = unifiedIrql;
        this.slots = slots;
        this.closed = new AtomicBoolean(ofOther);
    }

    static Connection ofOther(Session session, int id, Way way, Kind connectedAs, int targets) {
        return new Connection(session, id, way, connectedAs, targets, 0, 0, 0, 0, true);
    }

    /** What the driver calls it. */
    public long id() {
        return Integer.toUnsignedLong(id);
    }

    /** How it was connected. */
    public Way way() {
        return way;
    }

    /** How many interrupt objects it has. */
    public int targets() {
        return targets;
    }

    /** What came back: a line, also by fallback, or messages. */
    public Kind connectedAs() {
        return connectedAs;
    }

    /** That IoConnectInterruptEx left in its parameters; 0 for IoConnectInterrupt. */
    public int version() {
        return version;
    }

    /** As asked; 0 where the kernel chose. */
    public int synchronizeIrql() {
        return synchronizeIrql;
    }

    /** Of the message table, else 0. */
    public int unifiedIrql() {
        return unifiedIrql;
    }

    /** How many slots of per-processor state there are, the stray slot counted. */
    public int slotCount() {
        return slots;
    }

    /** What was granted to one interrupt object. */
    public Affinity affinity(int target) {
        ByteBuffer reply = session.ask("affinity of target " + target, Contract.CODE_AFFINITY, Wire.target(id, target),
                Contract.AffinityReply.SIZE, Contract.AffinityReply.SIZE);
        return Wire.affinity(reply);
    }

    /**
     * Makes the device interrupt, in as many requests as that takes.
     *
     * @return what came of it; fewer than asked were sent when its status is no success
     */
    public TriggerResult trigger(Trigger trigger) {
        Sum sum = new Sum();
        if (trigger.target() != Trigger.ALL) {
            one(trigger, trigger.target(), trigger.count(), sum);
        } else if (trigger.paced()) {
            for (int target = 0; target < targets && sum.goesOn(); target++) {
                one(trigger, target, trigger.count(), sum);
            }
        } else {
            for (int round = 0; round < trigger.count() && sum.goesOn(); round++) {
                all(trigger, sum);
            }
        }
        return sum.result();
    }

    /** Counts of every interrupt object. */
    public List<Counters> counters() {
        return session.records("counters", Contract.CODE_STATISTICS,
                start -> Wire.statistics(id, Contract.STATISTICS_COUNTERS, start, 0, 0),
                Contract.Counters.SIZE, Wire::counters);
    }

    /** What ran on every processor. */
    public List<Slot> slots() {
        return session.records("slots", Contract.CODE_STATISTICS,
                start -> Wire.statistics(id, Contract.STATISTICS_SLOTS, start, 0, 0),
                Contract.Slot.SIZE, Wire::slot);
    }

    /** A histogram of one slot, which is not the stray one. */
    public Histogram histogram(int slot, HistogramKind kind) {
        List<Long> counts = session.records(kind + " histogram of slot " + slot, Contract.CODE_STATISTICS,
                start -> Wire.statistics(id, Contract.STATISTICS_HISTOGRAM, start, slot, kind.value()),
                Long.BYTES, ByteBuffer::getLong);
        return new Histogram(kind, session.version().frequency(),
                counts.stream().mapToLong(Long::longValue).toArray());
    }

    /** The sum of a histogram over all slots that have one. */
    public Histogram histogram(HistogramKind kind) {
        Histogram sum = new Histogram(kind, session.version().frequency(), new long[Histogram.BUCKETS]);
        for (Slot slot : slots()) {
            if (!slot.stray()) {
                sum = sum.plus(histogram(slot.number(), kind));
            }
        }
        return sum;
    }

    /** Sets counters, slots and histograms to zero. */
    public void reset() {
        ByteBuffer reply = session.ask("reset", Contract.CODE_RESET, Wire.connection(id), Contract.Reply.SIZE,
                Contract.Reply.SIZE);
        session.check("reset", reply.getInt(Contract.Reply.STATUS));
    }

    /** Disconnects. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true) || session.isClosed()) {
            return;
        }
        ByteBuffer reply = Wire.request(Contract.Reply.SIZE);
        Completion completion;
        try {
            completion = session.send(Contract.CODE_DISCONNECT, Wire.connection(id), reply);
        } catch (IllegalStateException e) {
            return; /* another thread closed the session in between, which disconnects */
        }
        if (!completion.succeeded()) {
            if (!isGone(completion.status()) && !session.isClosed()) {
                throw session.failure("disconnect", completion);
            }
            return;
        }
        session.check("disconnect", reply.getInt(Contract.Reply.STATUS));
    }

    @Override
    public String toString() {
        return way + " connection " + id() + " of " + session.name();
    }

    /* A restart, a removal, or the end of the handle took it before. */
    private static boolean isGone(int status) {
        return status == NtStatus.NOT_FOUND || status == NtStatus.DELETE_PENDING || status == NtStatus.DEVICE_REMOVED;
    }

    private void one(Trigger trigger, int target, int count, Sum sum) {
        int left = count;
        while (left > 0 && sum.goesOn()) {
            left -= (int) sum.add(request(trigger, target, Math.min(left, Contract.MAXIMUM_TRIGGERS)));
        }
    }

    /* One for each target; where a request's time ended in between, the rest one by one. */
    private void all(Trigger trigger, Sum sum) {
        long sent = targets <= Contract.MAXIMUM_TRIGGERS ? sum.add(request(trigger, Trigger.ALL, 1)) : 0;
        for (int target = (int) sent; target < targets && sum.goesOn(); target++) {
            one(trigger, target, 1, sum);
        }
    }

    private TriggerResult request(Trigger trigger, int target, int count) {
        ByteBuffer reply = session.ask("trigger", Contract.CODE_TRIGGER,
                Wire.trigger(id, target, count, trigger.paced(), trigger.limitMicroseconds()),
                Contract.TriggerReply.SIZE, Contract.TriggerReply.SIZE);
        return Wire.triggerResult(reply);
    }

    /* The replies of all requests so far. STATUS_TIMEOUT says that one request's time was over, so the next goes on,
     * but not for ever without getting anywhere. */
    private static final class Sum {
        private static final int MOST_IDLE = 64;

        private int status = NtStatus.SUCCESS;
        private int idle;
        private long sent;
        private long arrived;
        private long lost;

        long add(TriggerResult part) {
            status = part.status();
            sent += part.sent();
            arrived += part.arrived();
            lost += part.lost();
            idle = part.sent() == 0 ? idle + 1 : 0;
            return part.sent();
        }

        boolean goesOn() {
            return idle < MOST_IDLE && (status == NtStatus.SUCCESS || status == NtStatus.TIMEOUT);
        }

        TriggerResult result() {
            boolean stuck = idle >= MOST_IDLE;
            int why = status == NtStatus.TIMEOUT && !stuck ? NtStatus.SUCCESS : status;
            return new TriggerResult(why, sent, arrived, lost);
        }
    }
}
