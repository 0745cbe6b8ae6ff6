package io.github.irqscope.recording;

import io.github.irqscope.EventRun;
import io.github.irqscope.contract.Contract;

import java.nio.ByteBuffer;

/**
 * Packs runs of events and unpacks them again, byte for byte. Neighbours differ by little: what an event says is written
 * as the difference from the one before, in as few bytes as that takes. About a quarter of the plain size at the speed
 * of copying; a general compressor gains as much at twenty times the cost.
 */
final class RunCoder {
    /** What one packed event and one packed run's head need at most. */
    private static final int MOST_EVENT = 1 + 5 + 5 + 5 + 3 + 3;
    private static final int MOST_HEAD = 10 + 10 + 5 + 5 + 5 + 3 + 1 + 1;
    private static final int UNKNOWN = Contract.TIME_UNKNOWN;

    private final byte[] bytes;
    private int at;
    private long lastTime;

    RunCoder(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The bytes that a run takes at most. */
    static int most(int events) {
        return MOST_HEAD + events * MOST_EVENT;
    }

    void begin(int position) {
        at = position;
    }

    /** The latest time in the run packed last. */
    long lastTime() {
        return lastTime;
    }

    int position() {
        return at;
    }

    /** Packs a run; leaves its cursor behind its last event. */
    void pack(EventRun run) {
        putLong(run.base());
        putLong(run.sequence());
        putInt((int) run.connection());
        putInt(run.count());
        putInt((int) run.lost());
        putInt(run.group());
        bytes[at++] = (byte) run.number();
        bytes[at++] = (byte) run.irql();
        long time = run.base();
        int target = 0;
        int flags = 0;
        lastTime = time;
        run.rewind();
        while (run.next()) {
            int delta = (int) (run.time() - time);
            int trigger = (int) run.triggerToIsr();
            int dpc = (int) run.isrToDpc();
            int what = (run.target() != target ? Format.PACKED_TARGET : 0)
                    | (run.flags() != flags ? Format.PACKED_FLAGS : 0)
                    | (trigger != UNKNOWN ? Format.PACKED_TRIGGER : 0) | (dpc != UNKNOWN ? Format.PACKED_DPC : 0);
            bytes[at++] = (byte) (what | delta << Format.PACKED_LOW_SHIFT);
            putInt(delta >>> Format.PACKED_LOW_BITS);
            if ((what & Format.PACKED_TARGET) != 0) {
                target = run.target();
                putInt(target);
            }
            if ((what & Format.PACKED_FLAGS) != 0) {
                flags = run.flags();
                putInt(flags);
            }
            if ((what & Format.PACKED_TRIGGER) != 0) {
                putInt(trigger);
            }
            if ((what & Format.PACKED_DPC) != 0) {
                putInt(dpc);
            }
            time = run.time();
            lastTime = Math.max(lastTime, time);
        }
    }

    /**
     * Unpacks runs up to an end into a buffer that is plain runs afterwards, from 0 to its limit.
     *
     * @return false when the bytes make no sense, or not that many runs, events and bytes
     */
    boolean unpack(int end, ByteBuffer to, int runs, int events, int plain) {
        to.clear();
        if (plain > to.capacity() || plain != runs * (long) Contract.Run.SIZE + events * (long) Contract.Event.SIZE) {
            return false;
        }
        int out = 0;
        try {
            for (int run = 0; run < runs; run++) {
                out = unpackRun(to, out, plain);
                if (out < 0) {
                    return false;
                }
            }
        } catch (IndexOutOfBoundsException e) {
            return false;
        }
        to.limit(out);
        return at == end && out == plain;
    }

    private int unpackRun(ByteBuffer to, int start, int plain) {
        to.putLong(start + Contract.Run.BASE, getLong());
        to.putLong(start + Contract.Run.SEQUENCE, getLong());
        to.putInt(start + Contract.Run.CONNECTION, getInt());
        int count = getInt();
        to.putInt(start + Contract.Run.COUNT, count);
        to.putInt(start + Contract.Run.LOST, getInt());
        to.putShort(start + Contract.Run.GROUP, (short) getInt());
        to.put(start + Contract.Run.NUMBER, bytes[at++]);
        to.put(start + Contract.Run.IRQL, bytes[at++]);
        int out = start + Contract.Run.SIZE;
        if (count < 0 || out + (long) count * Contract.Event.SIZE > plain) {
            return -1;
        }
        int time = 0;
        int target = 0;
        int flags = 0;
        for (int event = 0; event < count; event++) {
            int what = bytes[at++];
            time += (what & 0xF0) >>> Format.PACKED_LOW_SHIFT | getInt() << Format.PACKED_LOW_BITS;
            target = (what & Format.PACKED_TARGET) != 0 ? getInt() : target;
            flags = (what & Format.PACKED_FLAGS) != 0 ? getInt() : flags;
            to.putInt(out + Contract.Event.TIME, time);
            to.putInt(out + Contract.Event.TRIGGER_TO_ISR, (what & Format.PACKED_TRIGGER) != 0 ? getInt() : UNKNOWN);
            to.putInt(out + Contract.Event.ISR_TO_DPC, (what & Format.PACKED_DPC) != 0 ? getInt() : UNKNOWN);
            to.putShort(out + Contract.Event.TARGET, (short) target);
            to.putShort(out + Contract.Event.FLAGS, (short) flags);
            out += Contract.Event.SIZE;
        }
        return out;
    }

    private void putInt(int value) {
        int left = value;
        while ((left & ~0x7F) != 0) {
            bytes[at++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[at++] = (byte) left;
    }

    private void putLong(long value) {
        long left = value;
        while ((left & ~0x7FL) != 0) {
            bytes[at++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[at++] = (byte) left;
    }

    private int getInt() {
        int value = 0;
        for (int shift = 0; shift < 35; shift += 7) {
            int part = bytes[at++];
            value |= (part & 0x7F) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new IndexOutOfBoundsException("a number has too many bytes");
    }

    private long getLong() {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int part = bytes[at++];
            value |= (long) (part & 0x7F) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new IndexOutOfBoundsException("a number has too many bytes");
    }
}
