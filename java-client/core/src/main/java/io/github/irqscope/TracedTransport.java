package io.github.irqscope;

import io.github.irqscope.contract.Contract;
import io.github.irqscope.transport.Completion;
import io.github.irqscope.transport.Transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Passes requests on and tells about each one. */
final class TracedTransport implements Transport {
    private final String device;
    private final Transport transport;
    private final Trace trace;

    TracedTransport(String device, Transport transport, Trace trace) {
        this.device = device;
        this.transport = transport;
        this.trace = trace;
    }

    @Override
    public Completion control(int code, ByteBuffer input, ByteBuffer output) {
        ByteBuffer asked = input.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        String words = words(code, asked);
        boolean paced = code == Contract.CODE_TRIGGER
                && (asked.getInt(asked.position() + Contract.TriggerRequest.FLAGS) & Contract.TRIGGER_PACED) != 0;
        int start = output.position();
        Completion completion = transport.control(code, input, output);
        boolean replied = completion.succeeded() && output.position() - start >= Integer.BYTES;
        /* Every reply but that of the event stream begins with the status of the routine that was asked. */
        ByteBuffer reply = output.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        int status = replied ? reply.getInt(start) : completion.status();
        if (replied && code == Contract.CODE_TRIGGER) {
            words += result(reply, start, paced);
        }
        trace.request(device, words, status, completion.win32());
        return completion;
    }

    @Override
    public Read read(int code, ByteBuffer input, int size) {
        return new TracedRead(transport.read(code, input, size), words(code, input));
    }

    @Override
    public boolean onRemovalQuery(Runnable action) {
        return transport.onRemovalQuery(action);
    }

    @Override
    public void close() {
        transport.close();
        trace.request(device, "close", NtStatus.SUCCESS, 0);
    }

    private static String words(int code, ByteBuffer input) {
        int at = input.position();
        switch (code) {
            case Contract.CODE_VERSION:
                return "version";
            case Contract.CODE_MACHINE:
                return "machine";
            case Contract.CODE_RESOURCES:
                return "resources";
            case Contract.CODE_CONNECT:
                return "connect " + connect(input, at);
            case Contract.CODE_DISCONNECT:
                return "disconnect " + input.getInt(at + Contract.ConnectionRequest.CONNECTION);
            case Contract.CODE_AFFINITY:
                return "affinity of target " + input.getInt(at + Contract.TargetRequest.TARGET);
            case Contract.CODE_TRIGGER:
                int target = input.getInt(at + Contract.TriggerRequest.TARGET);
                return "trigger " + Integer.toUnsignedString(input.getInt(at + Contract.TriggerRequest.COUNT))
                        + (target == Contract.ALL ? " of every target" : " of target " + target);
            case Contract.CODE_MASK:
                return input.getInt(at + Contract.MaskRequest.MASKED) == 0 ? "unmask" : "mask";
            case Contract.CODE_STATISTICS:
                return "statistics";
            case Contract.CODE_EVENTS:
                return "read events";
            case Contract.CODE_RESET:
                return "reset";
            default:
                return "request 0x" + Integer.toHexString(code);
        }
    }

    /* STATUS_TIMEOUT speaks of the request and its 10 ms, not of an interrupt: one that did not come is lost. */
    private static String result(ByteBuffer reply, int at, boolean paced) {
        String words = (paced ? ", paced" : "") + ": sent "
                + Integer.toUnsignedString(reply.getInt(at + Contract.TriggerReply.SENT));
        if (paced) {
            words += ", arrived " + Integer.toUnsignedString(reply.getInt(at + Contract.TriggerReply.ARRIVED)) + ", lost "
                    + Integer.toUnsignedString(reply.getInt(at + Contract.TriggerReply.LOST));
        }
        return reply.getInt(at) == NtStatus.TIMEOUT ? words + "; the time of one request is up, and the next sends the rest"
                : words;
    }

    private static String connect(ByteBuffer input, int at) {
        int way = input.getInt(at + Contract.ConnectRequest.WAY);
        int kind = input.getInt(at + Contract.ConnectRequest.KIND);
        String words = Integer.toString(way);
        for (Way known : Way.values()) {
            words = known.value() == way ? known.text() : words;
        }
        for (Kind known : Kind.values()) {
            if (known.value() == kind) {
                words += " " + known.text() + ":" + input.getInt(at + Contract.ConnectRequest.NUMBER);
            }
        }
        return words;
    }

    /** Tells when a read was taken. */
    private final class TracedRead implements Read {
        private final Read read;
        private final String words;

        TracedRead(Read read, String words) {
            this.read = read;
            this.words = words;
        }

        @Override
        public void start() {
            read.start();
        }

        @Override
        public boolean await(long milliseconds) {
            boolean ended = read.await(milliseconds);
            if (ended) {
                trace.request(device, words + ", " + (read.win32() == 0 ? read.buffer().limit() : 0) + " bytes",
                        read.status(), read.win32());
            }
            return ended;
        }

        @Override
        public int status() {
            return read.status();
        }

        @Override
        public int win32() {
            return read.win32();
        }

        @Override
        public ByteBuffer buffer() {
            return read.buffer();
        }

        @Override
        public void close() {
            read.close();
        }
    }
}
