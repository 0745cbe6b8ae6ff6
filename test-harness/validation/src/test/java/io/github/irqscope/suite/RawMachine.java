package io.github.irqscope.suite;

import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.transport.Completion;
import io.github.irqscope.transport.DeviceEntry;
import io.github.irqscope.transport.Host;
import io.github.irqscope.transport.HostOptions;
import io.github.irqscope.transport.Transport;
import io.github.irqscope.transport.TransportException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;

/** A machine below the library: requests byte by byte, as a client could send them that is not ours. */
record RawMachine(Host host) {
    static RawMachine open(Lab lab, String layout) throws TransportException {
        return new RawMachine(lab.host(new HostOptions(Map.of("machine", layout, "profile", "server2022", "seed", "1",
                "mode", "documented", "time", "virtual"))));
    }

    /** A handle on the first device whose hardware id holds this, the version not agreed. */
    Handle handle(String hardwareId) throws TransportException {
        for (DeviceEntry entry : host.devices()) {
            if (entry.hardwareIds().stream().anyMatch(id -> id.contains(hardwareId))) {
                return new Handle(host.open(entry.path(), true));
            }
        }
        throw new AssertionError("no device is a " + hardwareId);
    }

    /** 32-bit words one after the other, little-endian; a longer request is made of more of them. */
    static ByteBuffer words(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putInt(value);
        }
        return buffer.flip();
    }

    /** A handle of such a client. */
    record Handle(Transport transport) implements AutoCloseable {
        Completion send(int code, ByteBuffer input, int room) {
            return transport.control(code, input.duplicate().order(ByteOrder.LITTLE_ENDIAN),
                    ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN));
        }

        /** The reply of a request that succeeds. */
        ByteBuffer ask(int code, ByteBuffer input, int room) {
            ByteBuffer reply = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN);
            Completion completion = transport.control(code, input.duplicate().order(ByteOrder.LITTLE_ENDIAN), reply);
            if (!completion.succeeded()) {
                throw new AssertionError(String.format("code 0x%08X: NTSTATUS 0x%08X, error %d", code,
                        completion.status(), completion.win32()));
            }
            return reply.flip();
        }

        Handle agree() {
            ask(Codes.VERSION, words(1, 0), 48);
            return this;
        }

        @Override
        public void close() {
            transport.close();
        }
    }

    /** The contract's codes, as its header has them. */
    static final class Codes {
        static final int VERSION = 0x8A516000;
        static final int MACHINE = 0x8A516004;
        static final int RESOURCES = 0x8A516008;
        static final int CONNECT = 0x8A51A00C;
        static final int DISCONNECT = 0x8A51A010;
        static final int AFFINITY = 0x8A516014;
        static final int TRIGGER = 0x8A51A018;
        static final int MASK = 0x8A51A01C;
        static final int STATISTICS = 0x8A516020;
        static final int EVENTS = 0x8A516026;
        static final int RESET = 0x8A51A028;

        private Codes() {
        }
    }
}
