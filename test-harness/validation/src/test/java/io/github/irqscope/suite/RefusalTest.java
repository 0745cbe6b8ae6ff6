package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.NtStatus;
import io.github.irqscope.suite.RawMachine.Codes;
import io.github.irqscope.suite.RawMachine.Handle;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;
import io.github.irqscope.transport.Completion;
import io.github.irqscope.transport.TransportException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Requests that are right in every way but one, byte by byte: each gets its own NTSTATUS, and the next good request on
 * the same handle works.
 */
class RefusalTest {
    private static final String EDU = "DEV_11E8";
    private static final int INFO_LENGTH_MISMATCH = 0xC0000004;
    private static final int INVALID_PARAMETER = 0xC000000D;
    private static final int INVALID_DEVICE_REQUEST = 0xC0000010;
    private static final int BUFFER_TOO_SMALL = 0xC0000023;
    private static final int SHARING_VIOLATION = 0xC0000043;
    private static final int REVISION_MISMATCH = 0xC0000059;
    private static final int DEVICE_NOT_CONNECTED = 0xC000009D;
    private static final int INVALID_WAY = 0xC00000EF;
    private static final int INVALID_RESOURCE = 0xC00000F0;
    private static final int INVALID_MASK = 0xC00000F1;
    private static final int INVALID_TARGET = 0xC00000F2;
    private static final int INVALID_COUNT = 0xC00000F3;
    private static final int INVALID_TIME = 0xC00000F4;
    private static final int INVALID_EVENTS = 0xC00000F5;
    private static final int INVALID_SELECTION = 0xC00000F6;
    private static final int INVALID_DEVICE_STATE = 0xC0000184;
    private static final int INVALID_BUFFER_SIZE = 0xC0000206;
    private static final int NOT_FOUND = 0xC0000225;
    private static final int RESOURCE_IN_USE = 0xC0000708;

    /* Fully-specified-group, message:0, no flags. */
    private static final int[] CONNECT = {3, 2, 0, 0, 0, 0, 0, 0};

    /** A request, and the room for its reply. */
    private record Request(String name, int code, int[] words, int room) {
        Request with(int index, int value) {
            int[] changed = words.clone();
            changed[index] = value;
            return new Request(name, code, changed, room);
        }

        ByteBuffer bytes() {
            return RawMachine.words(words);
        }
    }

    private static List<Request> good(int connection) {
        return List.of(
                new Request("version", Codes.VERSION, new int[] {1, 0}, 48),
                new Request("machine", Codes.MACHINE, new int[] {0, 0}, 4096),
                new Request("resources", Codes.RESOURCES, new int[] {0, 0}, 4096),
                new Request("affinity", Codes.AFFINITY, new int[] {connection, 0}, 72),
                new Request("trigger", Codes.TRIGGER, new int[] {connection, 0, 1, 1, 1000, 0}, 16),
                new Request("mask", Codes.MASK, new int[] {0, 0}, 8),
                new Request("statistics", Codes.STATISTICS, new int[] {connection, 1, 0, 0, 0, 0}, 4096),
                new Request("events", Codes.EVENTS, new int[] {0, 0, 0, 0}, 4096),
                new Request("reset", Codes.RESET, new int[] {connection, 0}, 8));
    }

    private static Request named(String name, int connection) {
        return good(connection).stream().filter(request -> request.name().equals(name)).findFirst().orElseThrow();
    }

    /** What runs against a handle that owns a connection of edu's message, on a machine of its own. */
    @FunctionalInterface
    private interface Check {
        void run(Handle handle, int connection) throws TransportException;
    }

    private static void connected(Lab lab, Check check) throws TransportException {
        try (Handle handle = RawMachine.open(lab, "2x64").handle(EDU).agree()) {
            int connection = handle.ask(Codes.CONNECT, RawMachine.words(CONNECT), 32).getInt(4);
            assertNotEquals(0, connection);
            check.run(handle, connection);
            checkGood(handle, connection);
            handle.ask(Codes.DISCONNECT, RawMachine.words(connection, 0), 8);
        }
    }

    private static void checkGood(Handle handle, int connection) {
        ByteBuffer reply = handle.ask(Codes.TRIGGER, named("trigger", connection).bytes(), 16);
        assertEquals(0, reply.getInt(0));
        assertEquals(1, reply.getInt(8), "the good trigger after the bad request arrives");
        handle.ask(Codes.EVENTS, named("events", connection).bytes(), 4096);
    }

    private static void refused(Handle handle, Request request, int status) {
        refused(handle, request.name(), request.code(), request.bytes(), request.room(), status);
    }

    private static void refused(Handle handle, String name, int code, ByteBuffer bytes, int room, int status) {
        Completion completion = handle.send(code, bytes, room);
        assertEquals(NtStatus.name(status), NtStatus.name(completion.status()), name);
        assertNotEquals(0, completion.win32(), name + " has a Win32 error, too");
        assertEquals(0, completion.transferred(), name + " brings nothing back");
    }

    @OnBeds
    void aShortRequestIsRefused(Lab lab) throws TransportException {
        connected(lab, (handle, connection) -> {
            for (Request request : good(connection)) {
                for (int length : List.of(request.words().length * 4 - 1, 4, 1, 0)) {
                    refused(handle, request.name() + " of " + length, request.code(),
                            request.bytes().limit(length), request.room(), INFO_LENGTH_MISMATCH);
                }
            }
            refused(handle, "connect", Codes.CONNECT, RawMachine.words(CONNECT).limit(31), 32, INFO_LENGTH_MISMATCH);
            refused(handle, "disconnect", Codes.DISCONNECT, RawMachine.words(connection), 8, INFO_LENGTH_MISMATCH);
        });
    }

    @OnBeds
    void aLongRequestIsRefused(Lab lab) throws TransportException {
        connected(lab, (handle, connection) -> {
            for (Request request : good(connection)) {
                ByteBuffer longer = ByteBuffer.allocate(request.words().length * 4 + 1).put(request.bytes());
                refused(handle, request.name(), request.code(), longer.clear(), request.room(), INVALID_BUFFER_SIZE);
                ByteBuffer huge = ByteBuffer.allocate(1 << 20).put(request.bytes());
                refused(handle, request.name(), request.code(), huge.clear(), request.room(), INVALID_BUFFER_SIZE);
            }
        });
    }

    @OnBeds
    void aSmallOutputBufferIsRefused(Lab lab) throws TransportException {
        connected(lab, (handle, connection) -> {
            int[] least = {48, 24, 40, 72, 16, 8, 24, 48, 8};
            List<Request> requests = good(connection);
            for (int i = 0; i < requests.size(); i++) {
                Request request = requests.get(i);
                refused(handle, request.name(), request.code(), request.bytes(), least[i] - 1, BUFFER_TOO_SMALL);
                refused(handle, request.name(), request.code(), request.bytes(), 0, BUFFER_TOO_SMALL);
            }
        });
    }

    @OnBeds
    void anUnknownCodeIsRefused(Lab lab) throws TransportException {
        connected(lab, (handle, connection) -> {
            for (int code : List.of(0x8A51602C, 0x8A516400, 0x8A516001, 0x8A512000, 0x00222000, 0, -1)) {
                refused(handle, "code " + Integer.toHexString(code), code, RawMachine.words(0, 0), 4096,
                        INVALID_DEVICE_REQUEST);
            }
        });
    }

    @OnBeds
    void nothingButTheVersionIsAnsweredBeforeItIsAgreed(Lab lab) throws TransportException {
        try (Handle handle = RawMachine.open(lab, "1x8").handle(EDU)) {
            for (Request request : good(1)) {
                if (request.code() != Codes.VERSION) {
                    refused(handle, request, INVALID_DEVICE_STATE);
                }
            }
            refused(handle, "connect", Codes.CONNECT, RawMachine.words(CONNECT), 32, INVALID_DEVICE_STATE);
            handle.agree();
            handle.ask(Codes.MACHINE, RawMachine.words(0, 0), 4096);
        }
    }

    @OnBeds
    void anotherMajorVersionIsRefusedAndBothAreNamed(Lab lab) throws TransportException {
        try (Handle handle = RawMachine.open(lab, "1x8").handle(EDU)) {
            for (int major : List.of(0, 2, -1)) {
                ByteBuffer reply = handle.ask(Codes.VERSION, RawMachine.words(major, 0), 48);
                assertEquals(REVISION_MISMATCH, reply.getInt(0));
                assertEquals(1, reply.getInt(4), "the driver's own major version");
                refused(handle, "machine", Codes.MACHINE, RawMachine.words(0, 0), 4096, INVALID_DEVICE_STATE);
            }
            handle.agree();
            assertEquals(0, handle.ask(Codes.VERSION, RawMachine.words(1, 99), 48).getInt(0), "minors are only told");
        }
    }

    @OnBeds
    void aReservedFieldIsRefused(Lab lab) throws TransportException {
        connected(lab, (handle, connection) -> {
            refused(handle, named("machine", connection).with(1, 1), INVALID_PARAMETER);
            refused(handle, named("resources", connection).with(1, 0x80000000), INVALID_PARAMETER);
            refused(handle, named("trigger", connection).with(5, 1), INVALID_PARAMETER);
            refused(handle, named("mask", connection).with(1, 1), INVALID_PARAMETER);
            refused(handle, named("statistics", connection).with(5, 1), INVALID_PARAMETER);
            refused(handle, named("events", connection).with(3, 1), INVALID_PARAMETER);
            refused(handle, named("reset", connection).with(1, 1), INVALID_PARAMETER);
            refused(handle, "disconnect", Codes.DISCONNECT, RawMachine.words(connection, 1), 8, INVALID_PARAMETER);
        });
    }

    @OnBeds
    void anUnknownFlagIsRefused(Lab lab) throws TransportException {
        connected(lab, (handle, connection) -> {
            refused(handle, named("trigger", connection).with(3, 3), INVALID_PARAMETER);
            refused(handle, named("events", connection).with(2, 1), INVALID_PARAMETER);
            refused(handle, named("mask", connection).with(0, 2), INVALID_PARAMETER);
            refused(handle, "connect", Codes.CONNECT, connect(3, 8), 32, INVALID_PARAMETER);
            refused(handle, "connect with a mask that is not announced", Codes.CONNECT, connect(4, 1), 32,
                    INVALID_PARAMETER);
            refused(handle, "fallback of a fully specified connect", Codes.CONNECT, connect(3, 2), 32,
                    INVALID_PARAMETER);
        });
    }

    private static ByteBuffer connect(int index, int value) {
        int[] words = CONNECT.clone();
        words[index] = value;
        return RawMachine.words(words);
    }

    @OnBeds
    void aConnectThatNamesWhatIsNotThereIsRefused(Lab lab) throws TransportException {
        connected(lab, (handle, connection) -> {
            refused(handle, "way 0", Codes.CONNECT, connect(0, 0), 32, INVALID_WAY);
            refused(handle, "way 7", Codes.CONNECT, connect(0, 7), 32, INVALID_WAY);
            refused(handle, "a mode of the port class", Codes.CONNECT, connect(3, 8), 32, INVALID_PARAMETER);
            refused(handle, "two modes of the port class", Codes.CONNECT, RawMachine.words(6, 2, 0, 24, 0, 0, 0, 1000), 32,
                    INVALID_PARAMETER);
            refused(handle, "mode Repeat without a guard", Codes.CONNECT, RawMachine.words(6, 2, 0, 16, 0, 0, 0, 0), 32,
                    INVALID_PARAMETER);
            refused(handle, "message:1", Codes.CONNECT, connect(2, 1), 32, INVALID_RESOURCE);
            refused(handle, "a line of a device with messages", Codes.CONNECT, connect(1, 1), 32, INVALID_RESOURCE);
            refused(handle, "kind 9", Codes.CONNECT, connect(1, 9), 32, INVALID_RESOURCE);
            refused(handle, "3 events", Codes.CONNECT, connect(6, 3), 32, INVALID_EVENTS);
            refused(handle, "131072 events", Codes.CONNECT, connect(6, 131072), 32, INVALID_EVENTS);
            refused(handle, "what is connected already", Codes.CONNECT, RawMachine.words(CONNECT), 32, RESOURCE_IN_USE);
        });
    }

    @OnBeds
    void aMaskOutsideTheResourceIsRefused(Lab lab) throws TransportException {
        try (Handle handle = RawMachine.open(lab, "1x8").handle(EDU).agree()) {
            for (int[] mask : new int[][] {{0x100, 0}, {0, 1}, {-1, -1}, {0x80000001, 0}}) {
                refused(handle, "mask", Codes.CONNECT, RawMachine.words(3, 2, 0, 1, mask[0], mask[1], 0, 0), 32,
                        INVALID_MASK);
            }
        }
    }

    @OnBeds
    void anEmptyMaskGetsTheKernelsAnswer(Lab lab) throws TransportException {
        try (Handle handle = RawMachine.open(lab, "1x8").handle(EDU).agree()) {
            ByteBuffer reply = handle.ask(Codes.CONNECT, RawMachine.words(3, 2, 0, 1, 0, 0, 0, 0), 32);
            assertEquals(0xC00000F8, reply.getInt(0), "STATUS_INVALID_PARAMETER_10, as documented");
            assertEquals(0, reply.getInt(4), "no connection");
        }
    }

    @OnBeds
    void anUnknownConnectionIsNotFound(Lab lab) throws TransportException {
        connected(lab, (handle, connection) -> {
            for (int unknown : List.of(0, connection + 1, -1, connection ^ 0x40000000)) {
                for (String name : List.of("affinity", "trigger", "statistics", "reset")) {
                    refused(handle, named(name, unknown), NOT_FOUND);
                }
                refused(handle, "disconnect", Codes.DISCONNECT, RawMachine.words(unknown, 0), 8, NOT_FOUND);
            }
        });
    }

    @OnBeds
    void aSecondDisconnectIsNotFound(Lab lab) throws TransportException {
        try (Handle handle = RawMachine.open(lab, "1x8").handle(EDU).agree()) {
            List<Integer> seen = new ArrayList<>();
            for (int round = 0; round < 20; round++) {
                int connection = handle.ask(Codes.CONNECT, RawMachine.words(CONNECT), 32).getInt(4);
                handle.ask(Codes.DISCONNECT, RawMachine.words(connection, 0), 8);
                refused(handle, "disconnect", Codes.DISCONNECT, RawMachine.words(connection, 0), 8, NOT_FOUND);
                refused(handle, named("affinity", connection), NOT_FOUND);
                assertTrue(!seen.contains(connection), "an id is not used again soon");
                seen.add(connection);
            }
        }
    }

    @OnBeds
    void aReadAfterTheDisconnectIsRefused(Lab lab) throws TransportException {
        try (Handle handle = RawMachine.open(lab, "1x8").handle(EDU).agree()) {
            Request read = named("events", 0);
            refused(handle, read, DEVICE_NOT_CONNECTED);
            int connection = handle.ask(Codes.CONNECT, RawMachine.words(CONNECT), 32).getInt(4);
            handle.ask(Codes.DISCONNECT, RawMachine.words(connection, 0), 8);
            refused(handle, read, DEVICE_NOT_CONNECTED);
        }
    }

    @OnBeds
    void aSecondConnectorIsRefusedButMayAsk(Lab lab) throws TransportException {
        RawMachine machine = RawMachine.open(lab, "1x8");
        try (Handle second = machine.handle(EDU).agree()) {
            try (Handle first = machine.handle(EDU).agree()) {
                int connection = first.ask(Codes.CONNECT, RawMachine.words(CONNECT), 32).getInt(4);
                refused(second, "connect", Codes.CONNECT, RawMachine.words(CONNECT), 32, SHARING_VIOLATION);
                refused(second, named("trigger", connection), SHARING_VIOLATION);
                refused(second, named("mask", connection), SHARING_VIOLATION);
                refused(second, named("reset", connection), SHARING_VIOLATION);
                refused(second, "disconnect", Codes.DISCONNECT, RawMachine.words(connection, 0), 8, SHARING_VIOLATION);
                assertEquals(0, second.ask(Codes.AFFINITY, RawMachine.words(connection, 0), 72).getInt(0));
                second.ask(Codes.STATISTICS, named("statistics", connection).bytes(), 4096);
            }
            int again = second.ask(Codes.CONNECT, RawMachine.words(CONNECT), 32).getInt(4);
            checkGood(second, again);
        }
    }

    @OnBeds
    void aTriggerThatMakesNoSenseIsRefused(Lab lab) throws TransportException {
        connected(lab, (handle, connection) -> {
            Request trigger = named("trigger", connection);
            refused(handle, trigger.with(1, 1), INVALID_TARGET);
            refused(handle, trigger.with(2, 0), INVALID_COUNT);
            refused(handle, trigger.with(2, 1025), INVALID_COUNT);
            refused(handle, trigger.with(2, -1), INVALID_COUNT);
            refused(handle, trigger.with(4, 0), INVALID_TIME);
            refused(handle, trigger.with(4, 10001), INVALID_TIME);
            refused(handle, trigger.with(3, 0), INVALID_TIME);
            refused(handle, named("affinity", connection).with(1, 1), INVALID_TARGET);
        });
    }

    @OnBeds
    void statisticsOfWhatIsNotThereAreRefused(Lab lab) throws TransportException {
        connected(lab, (handle, connection) -> {
            Request statistics = named("statistics", connection);
            refused(handle, statistics.with(1, 0), INVALID_SELECTION);
            refused(handle, statistics.with(1, 4), INVALID_SELECTION);
            refused(handle, statistics.with(2, 2), INVALID_SELECTION);
            refused(handle, statistics.with(3, 1), INVALID_SELECTION);
            refused(handle, statistics.with(4, 1), INVALID_SELECTION);
            refused(handle, statistics.with(1, 3).with(3, 9999), INVALID_SELECTION);
            refused(handle, statistics.with(1, 3).with(4, 3), INVALID_SELECTION);
            refused(handle, statistics.with(1, 3).with(2, 897), INVALID_SELECTION);
            refused(handle, named("machine", connection).with(0, 9999), INVALID_SELECTION);
            refused(handle, named("resources", connection).with(0, 9999), INVALID_SELECTION);
        });
    }

    @OnBeds
    void aReadThatCannotBeFilledIsRefused(Lab lab) throws TransportException {
        connected(lab, (handle, connection) -> {
            Request events = named("events", connection);
            refused(handle, events.with(0, 4097), INVALID_EVENTS);
            refused(handle, events.with(1, 10000001), INVALID_TIME);
        });
    }

    @OnBeds
    void aSecondCloseIsHarmless(Lab lab) throws TransportException {
        RawMachine machine = RawMachine.open(lab, "1x8");
        Handle handle = machine.handle(EDU).agree();
        handle.ask(Codes.CONNECT, RawMachine.words(CONNECT), 32);
        handle.close();
        handle.close();
        try (Handle next = machine.handle(EDU).agree()) {
            int connection = next.ask(Codes.CONNECT, RawMachine.words(CONNECT), 32).getInt(4);
            checkGood(next, connection);
        }
    }
}
