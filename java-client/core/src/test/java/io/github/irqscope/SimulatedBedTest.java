package io.github.irqscope;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.contract.Contract;
import io.github.irqscope.transport.Completion;
import io.github.irqscope.transport.Transport;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The library over the simulator's native library: the same code as over Windows, down to the bytes. */
@DisplayName("the library over the simulator [sim]")
@Timeout(60)
class SimulatedBedTest {
    private Bed bed;

    @BeforeEach
    void open() {
        bed = open(BedOptions.sim().withMachine("64/16/64"));
    }

    @AfterEach
    void close() {
        bed.close();
    }

    @Test
    void devicesAreNamedInTheMachinesOrder() {
        assertEquals(List.of("edu0", "edu1", "e1000e0", "e1000e1", "igb0", "uart0", "root0"),
                bed.devices().stream().map(Device::name).toList());
        assertEquals("sim", bed.name());
        assertTrue(bed.isSimulated());
        assertTrue(bed.device("edu0").hardwareId().startsWith("PCI\\VEN_1234&DEV_11E8"));
        bed.devices().forEach(device -> assertEquals(Optional.empty(), device.problem(), device.name()));
    }

    @Test
    void theMachineIsWhatItWasMadeOf() {
        try (Session session = bed.device("edu0").open(Access.READ)) {
            assertEquals("g0:0-63 g1:0-15 g2:0-63", session.machine().active().toString());
            assertTrue(session.version().can(Ability.GROUPS));
            assertEquals(10_000_000, session.version().frequency());
        }
        Simulation simulation = bed.simulation().orElseThrow();
        assertEquals("64/16/64", simulation.preset());
        assertEquals("server2022", simulation.profile());
        assertEquals(1, simulation.seed());
    }

    /** The first may take the request's whole time, so no second one is begun: no interrupt timed out. */
    @Test
    void theTraceTellsWhyARequestSentLessThanWasAsked() {
        List<String> told = new ArrayList<>();
        try (Bed traced = Bed.open(BedOptions.sim(), (device, request, status, win32) ->
                told.add(device + ": " + request + ": " + NtStatus.name(status)));
                Session session = traced.device("edu0").open();
                Connection connection = session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP,
                        session.resources().get(0)))) {
            assertEquals(new TriggerResult(NtStatus.SUCCESS, 3, 3, 0),
                    connection.trigger(new Trigger(0, 3, true, Trigger.LONGEST)));
        }
        String up = "; the time of one request is up, and the next sends the rest: STATUS_TIMEOUT";
        assertEquals(List.of("edu0: trigger 3 of target 0, paced: sent 1, arrived 1, lost 0" + up,
                "edu0: trigger 2 of target 0, paced: sent 1, arrived 1, lost 0" + up,
                "edu0: trigger 1 of target 0, paced: sent 1, arrived 1, lost 0: STATUS_SUCCESS"),
                told.stream().filter(line -> line.contains(": trigger ")).toList());
    }

    @Test
    void anInterruptGoesFromTheCallToTheIsrAndBack() {
        try (Session session = bed.device("edu0").open();
                Connection connection = session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP,
                        session.resources().get(0)));
                EventReader reader = session.events(EventOptions.immediate())) {
            Affinity affinity = connection.affinity(0);
            assertEquals(GrantedBy.INTERRUPT_OBJECT, affinity.grantedBy());
            assertEquals(0, affinity.reserved());
            assertEquals(session.resources().get(0).processors(), affinity.processors());
            assertEquals(new TriggerResult(NtStatus.SUCCESS, 200, 200, 0), connection.trigger(Trigger.paced(0, 200)));
            Map<Processor, Long> sequences = new TreeMap<>();
            long[] events = new long[1];
            while (events[0] < 200 && reader.next(run -> {
                assertEquals(sequences.getOrDefault(run.processor(), 0L), run.sequence());
                sequences.put(run.processor(), run.sequence() + run.count());
                while (run.next()) {
                    events[0]++;
                    assertTrue(run.claimed() && run.paced() && run.triggerToIsr() >= 0);
                }
            }, Duration.ofSeconds(1))) {
                assertEquals(0, reader.lost());
            }
            assertEquals(200, events[0]);
            assertTrue(affinity.processors().containsAll(ProcessorSet.of(sequences.keySet())));
            assertEquals(200, connection.counters().get(0).claimed());
            assertEquals(200, connection.slots().stream().mapToLong(Slot::claimed).sum());
            assertEquals(200, connection.histogram(HistogramKind.TRIGGER_TO_ISR).total());
        }
    }

    @Test
    void everyMessageOfANetworkAdapterIsATarget() {
        try (Session session = bed.device("igb0").open();
                Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED))) {
            assertEquals(8, connection.targets());
            assertEquals(Kind.MESSAGE, connection.connectedAs());
            assertEquals(40, connection.trigger(Trigger.burst(Trigger.ALL, 5)).sent());
            for (int target = 0; target < 8; target++) {
                assertEquals(new ResourceId(Kind.MESSAGE, target), connection.affinity(target).resource());
            }
        }
    }

    @Test
    void everyMalformedRequestHasItsOwnStatusAndTheNextGoodOneWorks() throws Exception {
        try (Transport raw = bed.host().open(bed.device("edu1").path(), true)) {
            assertStatus("STATUS_INVALID_DEVICE_STATE", raw, Contract.CODE_RESOURCES, Wire.list(0), 4096);
            assertStatus("STATUS_SUCCESS", raw, Contract.CODE_VERSION, Wire.version(9, 0), 4096);
            assertStatus("STATUS_INVALID_DEVICE_STATE", raw, Contract.CODE_RESOURCES, Wire.list(0), 4096);
            assertStatus("STATUS_SUCCESS", raw, Contract.CODE_VERSION, Wire.version(Contract.MAJOR, 0), 4096);
            assertStatus("STATUS_INFO_LENGTH_MISMATCH", raw, Contract.CODE_RESOURCES, Wire.list(0).limit(7), 4096);
            assertStatus("STATUS_INVALID_BUFFER_SIZE", raw, Contract.CODE_RESOURCES, Wire.request(9), 4096);
            assertStatus("STATUS_BUFFER_TOO_SMALL", raw, Contract.CODE_RESOURCES, Wire.list(0), 39);
            assertStatus("STATUS_INVALID_DEVICE_REQUEST", raw, Contract.CODE_RESET + 4, Wire.list(0), 4096);
            assertStatus("STATUS_INVALID_PARAMETER", raw, Contract.CODE_RESOURCES,
                    Wire.list(0).putInt(Contract.ListRequest.RESERVED, 1), 4096);
            assertStatus("STATUS_INVALID_PARAMETER_8", raw, Contract.CODE_RESOURCES, Wire.list(2), 4096);
            assertStatus("STATUS_NOT_FOUND", raw, Contract.CODE_AFFINITY, Wire.target(77, 0), 4096);
            assertStatus("STATUS_NOT_FOUND", raw, Contract.CODE_DISCONNECT, Wire.connection(77), 4096);
            assertStatus("STATUS_SUCCESS", raw, Contract.CODE_RESOURCES, Wire.list(0), 4096);
        }
    }

    @Test
    void everyConnectThatMakesNoSenseHasItsOwnStatus() {
        try (Session session = bed.device("edu1").open()) {
            Resource line = session.resources().get(0);
            ConnectRequest good = ConnectRequest.of(Way.FULLY_SPECIFIED, line);
            assertRefused("STATUS_INVALID_PARAMETER", session, good.withSyncMode(SyncMode.ALL));
            assertRefused("STATUS_INVALID_PARAMETER", session,
                    ConnectRequest.of(Way.PORTCLS, line).withSyncMode(SyncMode.REPEAT));
            assertRefused("STATUS_INVALID_PARAMETER_2", session,
                    ConnectRequest.of(Way.FULLY_SPECIFIED, new ResourceId(Kind.LINE, 1)));
            assertRefused("STATUS_INVALID_PARAMETER_7", session, good.withEvents(3));
            assertRefused("STATUS_INVALID_PARAMETER", session, good.withFallback());
            ConnectResult empty = session.tryConnect(ConnectRequest.of(Way.IO_CONNECT_INTERRUPT, line).withMask(0));
            assertEquals("STATUS_INVALID_PARAMETER", NtStatus.name(empty.status()));
            assertFalse(empty.byDriver(), "an empty mask is the kernel's to refuse");
            try (Connection connection = session.connect(good); Session second = bed.device("edu1").open()) {
                assertRefused("STATUS_RESOURCE_IN_USE", session, good);
                assertRefused("STATUS_SHARING_VIOLATION", second, good);
                assertEquals(Optional.of("STATUS_SHARING_VIOLATION"), assertThrows(IrqscopeException.class,
                        () -> second.existing(connection.id()).orElseThrow().trigger(Trigger.paced(0, 1)))
                        .ntStatusName());
                assertEquals(1, connection.trigger(Trigger.paced(0, 1)).arrived());
            }
        }
    }

    @Test
    void aHandleForReadingMayAskAndNotConnect() {
        try (Session session = bed.device("edu1").open(Access.READ)) {
            IrqscopeException denied = assertThrows(IrqscopeException.class, () -> session.connect(
                    ConnectRequest.of(Way.FULLY_SPECIFIED, session.resources().get(0))));
            assertEquals(Optional.of("ERROR_ACCESS_DENIED"), denied.win32Name());
        }
    }

    @Test
    void aReadWithoutAConnectionIsRefused() {
        try (Session session = bed.device("edu0").open()) {
            IrqscopeException refused = assertThrows(IrqscopeException.class,
                    () -> session.events(EventOptions.immediate()));
            assertEquals(Optional.of("STATUS_DEVICE_NOT_CONNECTED"), refused.ntStatusName());
        }
    }

    @Test
    void theLastDisconnectEndsTheStreamAfterItsEvents() {
        try (Session session = bed.device("edu0").open()) {
            Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED));
            EventReader reader = session.events(new EventOptions(2, 1 << 16, 1 << 16, Duration.ofSeconds(10)));
            connection.trigger(Trigger.burst(0, 1));
            connection.close();
            long[] events = new long[1];
            while (reader.next(run -> events[0] += run.count())) {
                assertFalse(reader.hasEnded());
            }
            assertEquals(1, events[0] + reader.lost());
        }
    }

    @Test
    void closingFromAnotherThreadWakesABlockedReaderEveryTime() throws Exception {
        for (int round = 0; round < 200; round++) {
            Session session = bed.device("edu0").open();
            session.connect(ConnectRequest.of(Way.MESSAGE_BASED));
            EventReader reader = session.events(EventOptions.immediate());
            CountDownLatch reading = new CountDownLatch(1);
            CompletableFuture<Boolean> next = Threads.start(() -> {
                reading.countDown();
                return reader.next(run -> { });
            });
            assertTrue(reading.await(10, TimeUnit.SECONDS));
            if (round % 2 == 0) {
                session.close();
            } else {
                reader.close();
            }
            assertFalse(next.get(10, TimeUnit.SECONDS));
            session.close();
        }
        assertEquals("ok", bed.simulation().orElseThrow().control("rest"));
    }

    @Test
    void requestsOfSeveralThreadsAndACloseInTheMiddleLeaveNothing() throws Exception {
        for (int round = 0; round < 20; round++) {
            Session session = bed.device("igb0").open();
            Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED));
            EventReader reader = session.events(EventOptions.immediate());
            List<CompletableFuture<Void>> threads = new ArrayList<>();
            CountDownLatch working = new CountDownLatch(4);
            for (int thread = 0; thread < 3; thread++) {
                int target = thread;
                threads.add(Threads.start(() -> untilClosed(session, working, () -> {
                    connection.trigger(Trigger.burst(target, 3));
                    connection.counters();
                })));
            }
            threads.add(Threads.start(() -> untilClosed(session, working, () -> {
                if (!reader.next(run -> { })) {
                    throw new IllegalStateException("ended");
                }
            })));
            assertTrue(working.await(20, TimeUnit.SECONDS));
            session.close();
            for (CompletableFuture<Void> thread : threads) {
                thread.get(20, TimeUnit.SECONDS);
            }
        }
        assertEquals("ok", bed.simulation().orElseThrow().control("rest"));
    }

    @Test
    void aSessionThatGivesWayIsNoVetoAndItsReaderWakes() throws Exception {
        Device device = bed.device("edu0");
        device.policy(Policy.specified(ProcessorSet.parse("g1:4-7")));
        Session giving = device.open();
        assertFalse(giving.giveWay(), "of other processes nothing is known on a simulated bed");
        try (Session other = bed.device("edu1").open()) {
            other.giveWay();
            giving.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, giving.resources().get(0)).withEvents(64));
            EventReader reader = giving.events(EventOptions.immediate());
            CompletableFuture<Boolean> more = CompletableFuture.supplyAsync(() -> reader.next(run -> { }));
            assertEquals(RestartResult.RESTARTED, device.restart());
            assertFalse(more.get(10, TimeUnit.SECONDS));
            assertTrue(giving.isClosed());
            assertFalse(other.isClosed(), "another device's");
        }
        try (Session session = device.open()) {
            assertEquals("g1:4-7", session.resources().get(0).processors().toString());
            session.giveWay();
            try (Session stays = device.open()) {
                assertEquals(RestartResult.VETOED, device.restart());
                assertFalse(stays.isClosed());
            }
        }
    }

    @Test
    void aPolicyMovesTheDeviceWhenItIsRestartedAndAnOpenHandleVetoesThat() {
        Device device = bed.device("edu0");
        Policy policy = Policy.specified(ProcessorSet.parse("g1:4-7")).withPriority(3);
        device.policy(policy);
        assertEquals(Optional.of(policy), device.policy());
        try (Session session = device.open()) {
            assertEquals(RestartResult.VETOED, device.restart());
            assertNotEquals("g1:4-7", session.resources().get(0).processors().toString());
        }
        assertEquals(RestartResult.RESTARTED, device.restart());
        try (Session session = device.open()) {
            assertEquals("g1:4-7", session.resources().get(0).processors().toString());
        }
        device.clearPolicy();
        assertEquals(Optional.empty(), device.policy());
        assertEquals(RestartResult.RESTARTED, device.restart());
    }

    @Test
    void policiesOutliveTheMachineInItsFolder(@TempDir Path folder) {
        BedOptions options = BedOptions.sim().withMachine("4x2").withState(folder);
        Policy policy = Policy.specified(ProcessorSet.parse("g2:1"));
        try (Bed first = open(options)) {
            first.device("uart0").policy(policy);
        }
        try (Bed second = open(options); Session session = second.device("uart0").open()) {
            assertEquals(Optional.of(policy), second.device("uart0").policy());
            assertEquals("g2:1", session.resources().get(0).processors().toString());
        }
    }

    @Test
    void severalMachinesLiveSideBySide() {
        try (Bed other = open(BedOptions.sim().withMachine("1x8").withProfile("nt52").withSeed(7));
                Session here = bed.device("edu0").open(); Session there = other.device("edu0").open()) {
            assertTrue(here.version().can(Ability.CONNECT_EX));
            assertFalse(there.version().can(Ability.CONNECT_EX));
            assertFalse(there.version().can(Ability.GROUPS));
            assertEquals("g0:0-7", there.machine().active().toString());
            assertEquals(Kind.LINE, there.resources().get(0).kind());
        }
    }

    @Test
    void equalSeedsTellEqualStories() {
        assertArrayEquals(story(3), story(3));
        assertFalse(Arrays.equals(story(3), story(4)));
    }

    @Test
    void optionsThatMakeNoSenseAreRefusedWithPlaceAndReason() {
        for (BedOptions options : List.of(BedOptions.sim().withMachine("64/65"),
                BedOptions.sim().withMachine("nowhere"),
                BedOptions.sim().withProfile("win95"), BedOptions.sim().withMachine("32x64").withProfile("nt52"),
                BedOptions.sim().withFaults(List.of("sometimes")))) {
            String message = assertThrows(IllegalArgumentException.class, () -> Bed.open(options)).getMessage();
            assertTrue(message.length() > 10, message);
        }
        assertThrows(IllegalArgumentException.class, () -> Bed.open(BedOptions.sim().withMachine("1x8\nseed=5")));
    }

    @Test
    void wordsThatTheMachineDoesNotKnowAreRefused() {
        Simulation simulation = bed.simulation().orElseThrow();
        assertThrows(IrqscopeException.class, () -> simulation.control("sing"));
        long before = Long.parseLong(simulation.control("now"));
        simulation.advance(Duration.ofMillis(5));
        assertTrue(Long.parseLong(simulation.control("now")) - before >= 5_000_000);
    }

    @Test
    void aDeviceThatIsTornOutEndsItsReaderAndIsGone() {
        Device device = bed.device("edu0");
        try (Session session = device.open()) {
            session.connect(ConnectRequest.of(Way.MESSAGE_BASED));
            EventReader reader = session.events(EventOptions.immediate());
            bed.simulation().orElseThrow().control("surprise edu0");
            while (reader.next(run -> { })) {
                assertFalse(reader.hasEnded());
            }
            IrqscopeException gone = assertThrows(IrqscopeException.class, session::state);
            assertEquals("STATUS_DELETE_PENDING", gone.ntStatusName().orElseThrow());
        }
        assertThrows(NoDriverException.class, device::open);
        assertTrue(bed.devices().stream().noneMatch(found -> found.instanceId().equals(device.instanceId())));
    }

    @Test
    void closingTheBedClosesWhatIsOpen() {
        Bed other = open(BedOptions.sim().withMachine("1x8"));
        Session session = other.device("edu0").open();
        session.connect(ConnectRequest.of(Way.MESSAGE_BASED));
        session.events(EventOptions.immediate());
        other.close();
        assertTrue(session.isClosed());
        assertThrows(IllegalStateException.class, session::state);
    }

    private static long[] story(long seed) {
        try (Bed bed = open(BedOptions.sim().withMachine("1x8").withSeed(seed));
                Session session = bed.device("edu0").open();
                Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED));
                EventReader reader = session.events(EventOptions.immediate())) {
            connection.trigger(Trigger.paced(0, 50));
            long[] times = new long[50];
            int[] at = new int[1];
            while (at[0] < 50 && reader.next(run -> {
                while (run.next()) {
                    times[at[0]++] = run.time() * 64 + run.number();
                }
            })) {
                assertTrue(at[0] <= 50);
            }
            return times;
        }
    }

    /* What is refused because another thread closed is the end that this waits for. */
    private static void untilClosed(Session session, CountDownLatch working, Runnable work) {
        try {
            while (true) {
                work.run();
                working.countDown();
            }
        } catch (IllegalStateException e) {
            assertTrue(session.isClosed(), e::toString);
        } catch (IrqscopeException e) {
            assertTrue(session.isClosed(), e::toString);
            assertEquals("STATUS_CANCELLED", e.ntStatusName().orElse(""), e::toString);
        }
    }

    private static void assertStatus(String expected, Transport raw, int code, ByteBuffer request, int room) {
        Completion completion = raw.control(code, request, Wire.request(room));
        assertEquals(expected, NtStatus.name(completion.status()));
        assertEquals(expected.equals("STATUS_SUCCESS"), completion.succeeded());
    }

    private static void assertRefused(String expected, Session session, ConnectRequest request) {
        ConnectResult result = session.tryConnect(request);
        assertTrue(result.refused() && result.byDriver(), request::toString);
        assertEquals(expected, NtStatus.name(result.status()), request::toString);
    }

    /* On Linux the build always makes the library; elsewhere it may not have been able to. */
    private static Bed open(BedOptions options) {
        try {
            return Bed.open(options);
        } catch (NoDriverException e) {
            Assumptions.assumeTrue(System.getProperty("os.name").startsWith("Linux"), e.getMessage());
            throw e;
        }
    }
}
