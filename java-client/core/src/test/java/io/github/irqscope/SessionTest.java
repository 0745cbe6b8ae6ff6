package io.github.irqscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.contract.Contract;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

import org.junit.jupiter.api.Test;

class SessionTest {
    private static final ProcessorSet GROUP_0 = ProcessorSet.parse("g0:0-3");
    private static final ProcessorSet GROUP_1 = ProcessorSet.parse("g1:0-3");

    private final FakeDriver driver = new FakeDriver();

    @Test
    void tellsTheVersionThatItAgreedOn() {
        try (Session session = driver.session()) {
            Version version = session.version();
            assertEquals(Contract.MAJOR, version.major());
            assertEquals(Set.of(Ability.CONNECT_EX, Ability.AFFINITY, Ability.GROUPS, Ability.NX_POOL),
                    version.abilities());
            assertEquals("10.0.20348", version.kernel());
            assertEquals(100.0, version.resolution());
            assertEquals(1_000_000_000L, version.nanoseconds(10_000_000));
            assertEquals(0x10000000L, version.maximumMemory());
        }
    }

    @Test
    void refusesAnotherMajorNamingBothAndClosesTheHandle() {
        driver.major = 9;
        ContractMismatchException refused = assertThrows(ContractMismatchException.class, driver::session);
        assertEquals(9, refused.driverMajor());
        assertEquals(Contract.MAJOR, refused.libraryMajor());
        assertTrue(refused.getMessage().contains("STATUS_REVISION_MISMATCH"), refused.getMessage());
        assertTrue(refused.getMessage().contains("version 9"), refused.getMessage());
        assertThrows(IllegalStateException.class,
                () -> driver.handles.get(0).control(0, Wire.request(0), Wire.request(0)));
    }

    @Test
    void readsTheMachineAcrossPagesAndMergesNodes() {
        driver.recordsInPage = 1;
        driver.recordSizeMore = 8;
        try (Session session = driver.session()) {
            assertEquals(driver.machine, session.machine());
            assertEquals("g0:0-3 g1:0-3", session.machine().active().toString());
        }
    }

    @Test
    void readsTheResourcesAcrossPages() {
        driver.recordsInPage = 2;
        driver.messagesAsked = 5;
        for (int number = 0; number < 5; number++) {
            driver.resources.add(FakeDriver.message(number, GROUP_1));
        }
        try (Session session = driver.session()) {
            DeviceState state = session.state();
            assertEquals(5, state.messagesGranted());
            assertEquals(5, state.messagesAsked());
            assertEquals(DeviceModel.EDU, state.model());
            assertTrue(state.started() && state.powered());
            assertEquals(new ResourceId(Kind.MESSAGE, 4), state.resources().get(4).id());
            assertEquals(GROUP_1, state.resources().get(4).processors());
        }
    }

    @Test
    void refusesAReplyThatIsTooShort() {
        driver.replyShorterBy = 60;
        IrqscopeException failed = assertThrows(IrqscopeException.class, driver::session);
        assertTrue(failed.getMessage().contains("bytes"), failed.getMessage());
    }

    @Test
    void refusesAPageThatMakesNoSense() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        try (Session session = driver.session()) {
            driver.recordSizeMore = -8;
            assertTrue(assertThrows(IrqscopeException.class, session::state).getMessage().contains("makes no sense"));
            driver.recordSizeMore = 0;
            driver.recordsInPage = 0;
            assertThrows(IrqscopeException.class, session::state);
            assertTrue(assertThrows(IrqscopeException.class, session::machine).getMessage().contains("no record"));
        }
    }

    @Test
    void aRefusedConnectTellsTheKernelsStatus() {
        driver.resources.add(FakeDriver.message(0, GROUP_0));
        try (Session session = driver.session()) {
            ConnectRequest request = ConnectRequest.of(Way.IO_CONNECT_INTERRUPT, session.resources().get(0));
            ConnectResult result = session.tryConnect(request);
            assertTrue(result.refused());
            assertFalse(result.byDriver());
            assertEquals(FakeDriver.NOT_SUPPORTED, result.status());
            IrqscopeException refused = assertThrows(IrqscopeException.class, () -> session.connect(request));
            assertEquals(OptionalInt.of(FakeDriver.NOT_SUPPORTED), refused.ntStatus());
            assertEquals("STATUS_NOT_SUPPORTED", refused.ntStatusName().orElseThrow());
            assertTrue(refused.getMessage().startsWith("edu0: connect io-connect-interrupt message:0: "
                    + "STATUS_NOT_SUPPORTED (0xC00000BB)"), refused.getMessage());
        }
    }

    @Test
    void aRequestThatTheDriverRefusesTellsOperationCodesAndNames() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        try (Session session = driver.session()) {
            ConnectResult result = session.tryConnect(
                    ConnectRequest.of(Way.FULLY_SPECIFIED, new ResourceId(Kind.LINE, 3)));
            assertTrue(result.byDriver());
            assertEquals("STATUS_INVALID_PARAMETER_2", NtStatus.name(result.status()));
            try (Connection connection = session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED,
                    session.resources().get(0)))) {
                IrqscopeException refused = assertThrows(IrqscopeException.class, () -> connection.affinity(9));
                assertEquals("edu0: affinity of target 9", refused.operation());
                assertEquals("STATUS_INVALID_PARAMETER_4", refused.ntStatusName().orElseThrow());
                assertEquals("ERROR_INVALID_PARAMETER", refused.win32Name().orElseThrow());
                assertTrue(refused.getMessage().endsWith("the connection has no such target"), refused.getMessage());
            }
        }
    }

    @Test
    void aConnectionTellsItsAffinityCountersSlotsAndHistograms() {
        driver.resources.add(FakeDriver.line(0, GROUP_1, true));
        try (Session session = driver.session();
                Connection connection = session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP,
                        session.resources().get(0)))) {
            Affinity affinity = connection.affinity(0);
            assertEquals(GROUP_1, affinity.processors());
            assertEquals(GROUP_1, affinity.requested());
            assertEquals(GrantedBy.INTERRUPT_OBJECT, affinity.grantedBy());
            assertEquals(0, affinity.reserved());
            TriggerResult result = connection.trigger(Trigger.paced(0, 3000));
            assertEquals(new TriggerResult(NtStatus.SUCCESS, 3000, 3000, 0), result);
            Counters counters = connection.counters().get(0);
            assertEquals(3000, counters.sent());
            assertEquals(3000, counters.claimed());
            assertEquals(4, connection.slots().size());
            assertEquals(new Processor(1, 3), connection.slots().get(3).processor());
            Histogram histogram = connection.histogram(0, HistogramKind.TRIGGER_TO_ISR);
            assertEquals(3000, histogram.total());
            assertEquals(22, histogram.percentile(50));
            assertEquals(2200, histogram.percentileNanoseconds(50));
            connection.reset();
            assertEquals(0, connection.counters().get(0).claimed());
        }
    }

    @Test
    void everyTargetIsTriggeredOnceARoundWithoutPacing() {
        driver.resources.add(FakeDriver.message(0, GROUP_0));
        driver.resources.add(FakeDriver.message(1, GROUP_0));
        try (Session session = driver.session();
                Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED))) {
            assertEquals(2, connection.targets());
            assertEquals(14, connection.trigger(Trigger.burst(Trigger.ALL, 7)).sent());
            assertEquals(6, connection.trigger(Trigger.paced(Trigger.ALL, 3)).arrived());
            assertEquals(List.of(10L, 10L), connection.counters().stream().map(Counters::sent).toList());
        }
    }

    @Test
    void aTriggerOrAReadThatCannotBeIsRefusedBeforeItIsSent() {
        assertThrows(IllegalArgumentException.class, () -> Trigger.paced(0, 0));
        assertThrows(IllegalArgumentException.class, () -> Trigger.paced(-2, 1));
        assertThrows(IllegalArgumentException.class, () -> new Trigger(0, 1, true, Duration.ofMillis(11)));
        assertThrows(IllegalArgumentException.class, () -> new Trigger(0, 1, true, Duration.ofNanos(999)));
        assertThrows(IllegalArgumentException.class, () -> new EventOptions(1, 1024, 0, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new EventOptions(65, 1024, 0, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new EventOptions(2, 47, 0, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new EventOptions(2, 1024, 1025, Duration.ZERO));
        assertThrows(IllegalArgumentException.class, () -> new EventOptions(2, 1024, 0, Duration.ofSeconds(11)));
    }

    @Test
    void closesAsOftenAsAskedAndRefusesUseAfterwards() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        Session session = driver.session();
        Connection connection = session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED, session.resources().get(0)));
        connection.close();
        connection.close();
        assertEquals(0, driver.connections());
        Connection left = session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED, session.resources().get(0)));
        session.close();
        session.close();
        left.close();
        assertEquals(0, driver.connections());
        assertTrue(session.isClosed());
        assertThrows(IllegalStateException.class, session::machine);
        assertThrows(IllegalStateException.class, () -> left.affinity(0));
        assertThrows(IllegalStateException.class, () -> session.mask(true));
    }

    @Test
    void aConnectionThatTheSystemTookIsRefusedByNameAndClosesQuietly() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        try (Session session = driver.session()) {
            Connection connection = session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED, session.resources().get(0)));
            driver.restartUnasked();
            IrqscopeException gone = assertThrows(IrqscopeException.class, connection::counters);
            assertEquals("STATUS_NOT_FOUND", gone.ntStatusName().orElseThrow());
            connection.close();
        }
    }

    @Test
    void findsAConnectionOfAnotherHandleAndLeavesItAlone() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        Bed bed = driver.asBed();
        try (Session owner = bed.device("edu0").open(); Session other = bed.device("edu0").open(Access.READ);
                Connection connection = owner.connect(ConnectRequest.of(Way.FULLY_SPECIFIED,
                        owner.resources().get(0)))) {
            Connection seen = other.existing(connection.id()).orElseThrow();
            assertEquals(Way.FULLY_SPECIFIED, seen.way());
            assertEquals(GROUP_0, seen.affinity(0).processors());
            seen.close();
            assertEquals(1, driver.connections());
            assertTrue(other.existing(12345).isEmpty());
        }
    }
}
