package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Access;
import io.github.irqscope.Bed;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.ConnectResult;
import io.github.irqscope.Device;
import io.github.irqscope.DeviceState;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Machine;
import io.github.irqscope.NoDriverException;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Session;
import io.github.irqscope.Version;
import io.github.irqscope.Way;
import io.github.irqscope.suite.RawMachine.Codes;
import io.github.irqscope.suite.RawMachine.Handle;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;
import io.github.irqscope.transport.Completion;
import io.github.irqscope.transport.TransportException;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The root-enumerated device, which every bed has and no interrupt belongs to: requests, handles, refusals. */
class RootDeviceTest {
    private static final String ROOT = "ROOT\\IRQSCOPE";
    private static final String NAME = "root0";

    /** A request and how long it and its reply must be. */
    private record Request(String name, int code, int words, int least) {
        ByteBuffer bytes() {
            return RawMachine.words(code == Codes.VERSION ? new int[] {1, 0} : new int[words]);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Request> REQUESTS = List.of(
            new Request("version", Codes.VERSION, 2, 48),
            new Request("machine", Codes.MACHINE, 2, 24),
            new Request("resources", Codes.RESOURCES, 2, 40),
            new Request("connect", Codes.CONNECT, 8, 32),
            new Request("disconnect", Codes.DISCONNECT, 2, 8),
            new Request("affinity", Codes.AFFINITY, 2, 72),
            new Request("trigger", Codes.TRIGGER, 6, 16),
            new Request("mask", Codes.MASK, 2, 8),
            new Request("statistics", Codes.STATISTICS, 6, 24),
            new Request("events", Codes.EVENTS, 4, 48),
            new Request("reset", Codes.RESET, 2, 8));

    static List<Request> requests() {
        return REQUESTS;
    }

    private static void refused(Handle handle, String what, int code, ByteBuffer bytes, int room, String status) {
        Completion completion = handle.send(code, bytes, room);
        assertEquals(status, NtStatus.name(completion.status()), what);
        assertNotEquals(0, completion.win32(), what);
        assertEquals(0, completion.transferred(), what);
    }

    private static Handle raw(Lab lab) throws TransportException {
        return RawMachine.open(lab, "1x8").handle(ROOT);
    }

    @OnBeds(needs = {})
    void itsInterfaceIsEnumeratedWithInstanceAndHardwareId(Lab lab) {
        Device device = lab.open().device(NAME);
        assertTrue(device.instanceId().toUpperCase(Locale.ROOT).startsWith(ROOT + "\\"), device.instanceId());
        assertEquals(ROOT, device.hardwareId().toUpperCase(Locale.ROOT));
        assertTrue(device.path().startsWith("\\\\?\\"), device.path());
        assertTrue(device.path().toLowerCase(Locale.ROOT).contains("5c1f5f0e-8d0b-4e0e-9b52-6a0f2f6a7c11"),
                device.path());
        assertEquals(Optional.empty(), device.problem());
    }

    @OnBeds(needs = {})
    void anUnknownDeviceIsAnsweredWithTheNearest(Lab lab) {
        Bed bed = lab.open();
        NoDriverException refusal = assertThrows(NoDriverException.class, () -> bed.device("rood0"));
        assertTrue(refusal.getMessage().contains(NAME), refusal.getMessage());
    }

    @OnBeds(needs = {})
    void aHandleAgreesOnTheVersion(Lab lab) {
        try (Session session = lab.open().device(NAME).open()) {
            Version version = session.version();
            assertEquals(1, version.major());
            assertTrue(version.frequency() > 0);
            assertEquals(16, version.maximumConnections());
            assertEquals(64, version.maximumReads());
            assertTrue(version.kernel().matches("\\d+\\.\\d+\\.\\d+"), version.kernel());
        }
    }

    @OnBeds(needs = {})
    void theMachineIsToldWhole(Lab lab) {
        try (Session session = lab.open().device(NAME).open()) {
            Machine machine = session.machine();
            assertFalse(machine.groups().isEmpty());
            assertEquals(0, machine.groups().get(0).number());
            machine.groups().forEach(group -> assertTrue(group.maximum() >= group.active().size()
                    && group.active().size() > 0, group::toString));
            assertEquals(machine.active(), machine.nodes().stream().map(Machine.Node::processors)
                    .reduce(ProcessorSet.empty(), ProcessorSet::plus));
        }
    }

    @OnBeds(needs = {})
    void itIsStartedInD0WithoutAnyResource(Lab lab) {
        try (Session session = lab.open().device(NAME).open()) {
            DeviceState state = session.state();
            assertTrue(state.started() && state.powered());
            assertFalse(state.owned() || state.stormMasked());
            assertTrue(state.starts() >= 1);
            assertEquals(List.of(), state.resources());
            assertEquals(List.of(), session.resources());
        }
    }

    static List<Way> ways() {
        return List.of(Way.values());
    }

    @OnBeds(cases = "ways", needs = {})
    void noWayConnectsWhatIsNotThere(Lab lab, Way way) {
        try (Session session = lab.open().device(NAME).open()) {
            ConnectResult result = session.tryConnect(way.wantsResource()
                    ? ConnectRequest.of(way, ResourceId.parse("line:0")) : ConnectRequest.of(way));
            assertTrue(result.refused());
            assertFalse(NtStatus.isSuccess(result.status()), NtStatus.name(result.status()));
            if (way.wantsResource() && way != Way.PORTCLS) {
                assertEquals("STATUS_INVALID_PARAMETER_2", NtStatus.name(result.status()));
                assertTrue(result.byDriver(), "no kernel routine was asked");
            }
            assertFalse(session.state().owned());
        }
    }

    @OnBeds(needs = {})
    void aReadWithoutAConnectionIsRefused(Lab lab) {
        try (Session session = lab.open().device(NAME).open()) {
            IrqscopeException refusal = assertThrows(IrqscopeException.class, () -> {
                try (EventReader reader = session.events(EventOptions.immediate())) {
                    reader.next(run -> { });
                }
            });
            assertEquals("STATUS_DEVICE_NOT_CONNECTED", refusal.ntStatusName().orElseThrow());
        }
    }

    @OnBeds(needs = {})
    void aReadOnlyHandleAsksButDoesNotConnect(Lab lab) {
        try (Session reader = lab.open().device(NAME).open(Access.READ)) {
            assertFalse(reader.machine().groups().isEmpty());
            IrqscopeException refusal = assertThrows(IrqscopeException.class,
                    () -> reader.connect(ConnectRequest.of(Way.LINE_BASED)));
            assertEquals(5, refusal.win32(), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("ERROR_ACCESS_DENIED"), refusal.getMessage());
            assertEquals(5, assertThrows(IrqscopeException.class, () -> reader.mask(true)).win32());
        }
    }

    @OnBeds(needs = {})
    void handlesComeAndGoManyTimes(Lab lab) {
        Device device = lab.open().device(NAME);
        List<Session> open = new ArrayList<>();
        for (int round = 0; round < 100; round++) {
            open.add(device.open());
            if (open.size() > 10) {
                open.remove(0).close();
            }
        }
        open.forEach(session -> assertTrue(session.state().started()));
        open.forEach(Session::close);
        open.forEach(Session::close);
        assertThrows(IllegalStateException.class, () -> open.get(0).state());
    }

    @OnBeds(needs = {})
    void severalThreadsAskOneHandleAtOnce(Lab lab) throws Exception {
        try (Session session = lab.open().device(NAME).open()) {
            Machine expected = session.machine();
            List<CompletableFuture<Void>> asking = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                asking.add(CompletableFuture.runAsync(() -> {
                    for (int round = 0; round < 50; round++) {
                        assertEquals(expected, session.machine());
                    }
                }));
            }
            for (CompletableFuture<Void> each : asking) {
                each.get(30, TimeUnit.SECONDS);
            }
        }
    }

    @OnBeds(needs = {})
    void closingRacesWithAskingManyTimes(Lab lab) throws Exception {
        Device device = lab.open().device(NAME);
        for (int round = 0; round < 50; round++) {
            Session session = device.open();
            CountDownLatch asked = new CountDownLatch(1 + round % 3);
            CompletableFuture<Void> asking = CompletableFuture.runAsync(() -> {
                try {
                    while (true) {
                        session.state();
                        asked.countDown();
                    }
                } catch (IllegalStateException e) {
                    asked.countDown(); /* closed, and said so */
                } catch (IrqscopeException e) {
                    assertEquals(995, e.win32(), "a request under way is cancelled: " + e.getMessage());
                }
            });
            assertTrue(asked.await(10, TimeUnit.SECONDS));
            session.close();
            asking.get(10, TimeUnit.SECONDS);
        }
        assertEquals(Optional.empty(), device.problem());
    }

    @OnBeds(needs = {})
    void aPolicyIsWrittenReadAndCleared(Lab lab) {
        Device device = lab.open().device(NAME);
        assertEquals(Optional.empty(), device.policy());
        for (Policy policy : List.of(Policy.specified(ProcessorSet.parse("g1:4-7,63")), Policy.of(5),
                Policy.specified(ProcessorSet.parse("g0:0-63")).withPriority(3))) {
            device.policy(policy);
            assertEquals(Optional.of(policy), device.policy());
        }
        device.connectAtStart(true);
        assertTrue(device.policy().isPresent(), "one value does not hide the others");
        device.connectAtStart(false);
        device.clearPolicy();
        assertEquals(Optional.empty(), device.policy());
    }

    @OnBeds(cases = "requests", needs = {})
    void nothingButTheVersionIsAnsweredBeforeItIsAgreed(Lab lab, Request request) throws TransportException {
        try (Handle handle = raw(lab)) {
            if (request.code() != Codes.VERSION) {
                refused(handle, request.name(), request.code(), request.bytes(), 4096,
                        "STATUS_INVALID_DEVICE_STATE");
            }
            handle.agree();
            handle.ask(Codes.MACHINE, RawMachine.words(0, 0), 4096);
        }
    }

    @OnBeds(cases = "requests", needs = {})
    void aRequestOfAnotherLengthIsRefused(Lab lab, Request request) throws TransportException {
        try (Handle handle = raw(lab).agree()) {
            int length = request.words() * 4;
            for (int shorter : List.of(length - 1, 4, 1, 0)) {
                refused(handle, request.name() + " of " + shorter, request.code(), request.bytes().limit(shorter),
                        4096, "STATUS_INFO_LENGTH_MISMATCH");
            }
            for (int longer : List.of(length + 1, 1 << 16)) {
                refused(handle, request.name() + " of " + longer, request.code(),
                        ByteBuffer.allocate(longer).put(request.bytes()).clear(), 4096,
                        "STATUS_INVALID_BUFFER_SIZE");
            }
            handle.ask(Codes.MACHINE, RawMachine.words(0, 0), 4096);
        }
    }

    @OnBeds(cases = "requests", needs = {})
    void aReplyThatDoesNotFitIsRefused(Lab lab, Request request) throws TransportException {
        try (Handle handle = raw(lab).agree()) {
            for (int room : List.of(request.least() - 1, 0)) {
                refused(handle, request.name() + " into " + room, request.code(), request.bytes(), room,
                        "STATUS_BUFFER_TOO_SMALL");
            }
            handle.ask(Codes.MACHINE, RawMachine.words(0, 0), 4096);
        }
    }

    @OnBeds(needs = {})
    void anUnknownCodeIsRefused(Lab lab) throws TransportException {
        try (Handle handle = raw(lab).agree()) {
            for (int code : List.of(0x8A51602C, 0x8A516400, 0x8A516001, 0x8A512000, 0x00222000)) {
                refused(handle, Integer.toHexString(code), code, RawMachine.words(0, 0), 4096,
                        "STATUS_INVALID_DEVICE_REQUEST");
            }
        }
    }

    @OnBeds(needs = {})
    void anotherMajorVersionIsRefusedAndBothAreNamed(Lab lab) throws TransportException {
        try (Handle handle = raw(lab)) {
            for (int major : List.of(0, 2, -1)) {
                ByteBuffer reply = handle.ask(Codes.VERSION, RawMachine.words(major, 0), 48);
                assertEquals("STATUS_REVISION_MISMATCH", NtStatus.name(reply.getInt(0)));
                assertEquals(1, reply.getInt(4), "the driver's own major version");
            }
            handle.agree();
        }
    }

    @OnBeds(needs = {})
    void anUnknownConnectionIsNotFound(Lab lab) throws TransportException {
        try (Handle handle = raw(lab).agree()) {
            for (int id : List.of(0, 1, -1, 0x40000001)) {
                refused(handle, "affinity", Codes.AFFINITY, RawMachine.words(id, 0), 72, "STATUS_NOT_FOUND");
                refused(handle, "trigger", Codes.TRIGGER, RawMachine.words(id, 0, 1, 1, 1000, 0), 16,
                        "STATUS_NOT_FOUND");
                refused(handle, "statistics", Codes.STATISTICS, RawMachine.words(id, 1, 0, 0, 0, 0), 4096,
                        "STATUS_NOT_FOUND");
                refused(handle, "reset", Codes.RESET, RawMachine.words(id, 0), 8, "STATUS_NOT_FOUND");
                refused(handle, "disconnect", Codes.DISCONNECT, RawMachine.words(id, 0), 8, "STATUS_NOT_FOUND");
            }
        }
    }

    @OnBeds(needs = {})
    void aReservedFieldThatIsNotZeroIsRefused(Lab lab) throws TransportException {
        try (Handle handle = raw(lab).agree()) {
            refused(handle, "machine", Codes.MACHINE, RawMachine.words(0, 1), 4096, "STATUS_INVALID_PARAMETER");
            refused(handle, "resources", Codes.RESOURCES, RawMachine.words(0, 1), 4096, "STATUS_INVALID_PARAMETER");
            refused(handle, "mask", Codes.MASK, RawMachine.words(1, 1), 8, "STATUS_INVALID_PARAMETER");
            refused(handle, "events", Codes.EVENTS, RawMachine.words(0, 0, 0, 1), 4096, "STATUS_INVALID_PARAMETER");
        }
    }
}
