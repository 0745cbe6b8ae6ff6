package io.github.irqscope;

import io.github.irqscope.contract.Contract;

import java.nio.ByteBuffer;

/**
 * One processor's consecutive events, and a cursor over them: a view on a buffer, no object per event. What a handler is
 * given is valid only within {@link EventHandler#run}. Who has runs from elsewhere, a recording, makes a view of its own
 * and places it with {@link #read}.
 */
public final class EventRun {
    private ByteBuffer buffer;
    private int start;
    private int event;
    private int end;
    private int connection;
    private int count;
    private int lost;
    private int group;
    private int number;
    private int irql;
    private long base;
    private long sequence;

    /** A view on nothing yet. */
    public EventRun() {
    }

    /**
     * Places the view on the run that begins at a position, before its first event.
     *
     * @param from little-endian, runs as the driver's contract has them, up to its limit
     * @return where the next run begins; -1 when the bytes are no run
     */
    public int read(ByteBuffer from, int position) {
        if (from.limit() - position < Contract.Run.SIZE) {
            return -1;
        }
        count = from.getInt(position + Contract.Run.COUNT);
        if (count < 0 || count > (from.limit() - position - Contract.Run.SIZE) / Contract.Event.SIZE) {
            return -1;
        }
        buffer = from;
        base = from.getLong(position + Contract.Run.BASE);
        sequence = from.getLong(position + Contract.Run.SEQUENCE);
        connection = from.getInt(position + Contract.Run.CONNECTION);
        lost = from.getInt(position + Contract.Run.LOST);
        group = Short.toUnsignedInt(from.getShort(position + Contract.Run.GROUP));
        number = Byte.toUnsignedInt(from.get(position + Contract.Run.NUMBER));
        irql = Byte.toUnsignedInt(from.get(position + Contract.Run.IRQL));
        start = position + Contract.Run.SIZE;
        end = start + count * Contract.Event.SIZE;
        rewind();
        return end;
    }

    /** The connection's id. */
    public long connection() {
        return Integer.toUnsignedLong(connection);
    }

    /** The processor's group. */
    public int group() {
        return group;
    }

    /** The processor's number within the group. */
    public int number() {
        return number;
    }

    /** The processor; makes an object, once a run is cheap enough. */
    public Processor processor() {
        return new Processor(group, number);
    }

    /** SynchronizeIrql: two of them on one processor are two streams. */
    public int irql() {
        return irql;
    }

    /** Of the first event: grows by one for each event of this stream, lost ones counted. */
    public long sequence() {
        return sequence;
    }

    /** How many events there are. */
    public int count() {
        return count;
    }

    /** Events lost directly before the first one. */
    public long lost() {
        return Integer.toUnsignedLong(lost);
    }

    /** How many bytes the run has, its header counted. */
    public int size() {
        return end - start + Contract.Run.SIZE;
    }

    /** Puts the run into a buffer, as the driver's contract has it; the position moves behind it. */
    public void copyTo(ByteBuffer to) {
        int position = to.position();
        to.put(position, buffer, start - Contract.Run.SIZE, size());
        to.position(position + size());
    }

    /** Goes to the next event, the first time to the first. False: there is none. */
    public boolean next() {
        event += Contract.Event.SIZE;
        return event < end;
    }

    /** Goes back before the first event. */
    public void rewind() {
        event = start - Contract.Event.SIZE;
    }

    /** What {@link #time} of the events counts from: the time of the first, in ticks of the performance counter. */
    public long base() {
        return base;
    }

    /** When its ISR ran, in ticks of the performance counter. */
    public long time() {
        return base + Integer.toUnsignedLong(buffer.getInt(event + Contract.Event.TIME));
    }

    /** Ticks from the trigger to its ISR, -1 when that was not measured. */
    public long triggerToIsr() {
        return ticks(Contract.Event.TRIGGER_TO_ISR);
    }

    /** Ticks from the ISR to its DPC, -1 when that was not measured. */
    public long isrToDpc() {
        return ticks(Contract.Event.ISR_TO_DPC);
    }

    /** The interrupt object of the connection: the message, 0 for a line. */
    public int target() {
        return Short.toUnsignedInt(buffer.getShort(event + Contract.Event.TARGET));
    }

    /** The flag bits as the driver wrote them. */
    public int flags() {
        return Short.toUnsignedInt(buffer.getShort(event + Contract.Event.FLAGS));
    }

    /** Whether the device said that it interrupted; otherwise the call was foreign or spurious. */
    public boolean claimed() {
        return (flags() & Contract.EVENT_CLAIMED) != 0;
    }

    /** Whether it ran on a processor outside the mask connected for. */
    public boolean stray() {
        return (flags() & Contract.EVENT_STRAY) != 0;
    }

    /** Whether it answered a paced trigger, so that {@link #triggerToIsr} is measured. */
    public boolean paced() {
        return (flags() & Contract.EVENT_PACED) != 0;
    }

    private long ticks(int field) {
        int ticks = buffer.getInt(event + field);
        return ticks == Contract.TIME_UNKNOWN ? -1 : Integer.toUnsignedLong(ticks);
    }
}
