package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.ConnectResult;
import io.github.irqscope.Connection;
import io.github.irqscope.Device;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.NoDriverException;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.ResourceId;
import io.github.irqscope.RestartNeededException;
import io.github.irqscope.RestartResult;
import io.github.irqscope.Session;
import io.github.irqscope.Trigger;
import io.github.irqscope.Way;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.Need;
import io.github.irqscope.suite.bed.OnBeds;
import io.github.irqscope.validation.ValidationOptions;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Stop, start, remove, surprise: what becomes of connections, reads and handles, and that the device works again. */
class PlugAndPlayTest {
    private static final int NOT_FOUND = 0xC0000225;

    @OnBeds
    void aStopAndStartElsewhereEndsTheConnectionAndGrantsAnew(Lab lab) {
        Bed bed = lab.open("64/16/64");
        for (String name : List.of("edu0", "edu1", "igb0", "uart0")) {
            try (Session session = bed.device(name).open()) {
                Resource before = session.resources().get(0);
                Connection connection = session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, before));
                long starts = session.state().starts();
                connection.trigger(Trigger.paced(0, 3));
                Lab.say(bed, "rebalance " + name + " group=2");
                IrqscopeException refusal = assertThrows(IrqscopeException.class, () -> connection.affinity(0));
                assertEquals(NOT_FOUND, refusal.ntStatus().orElseThrow(), name);
                connection.close();
                Resource after = session.resources().get(0);
                assertEquals(starts + 1, session.state().starts(), name);
                assertEquals(2, after.group(), name);
                assertNotEquals(before.processors(), after.processors(), name);
                assertEquals(Grants.of(bed, name).of(after.id()).vector(), after.vector(), name);
                checkWorks(session, after);
            }
        }
    }

    @OnBeds
    void aRebalanceWithinTheGroupMovesTheVectorOrTheProcessors(Lab lab) {
        Bed bed = lab.open("2x64");
        try (Session session = bed.device("e1000e0").open()) {
            List<Resource> before = session.resources();
            Lab.say(bed, "rebalance e1000e0");
            List<Resource> after = session.resources();
            assertEquals(before.size(), after.size());
            assertNotEquals(before.stream().map(each -> each.vector() + "@" + each.processors()).toList(),
                    after.stream().map(each -> each.vector() + "@" + each.processors()).toList());
            after.forEach(resource -> checkWorks(session, resource));
        }
    }

    @OnBeds
    void aSecondStartIsAReconfiguration(Lab lab) {
        Bed bed = lab.open("2x64");
        for (Device device : bed.devices()) {
            try (Session session = device.open()) {
                for (Resource resource : session.resources()) {
                    session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, resource));
                }
                long starts = session.state().starts();
                Lab.say(bed, "start " + device.name());
                assertEquals(starts + 1, session.state().starts(), device.name());
                session.resources().forEach(resource -> assertEquals(0, resource.connection(), device.name()));
                session.resources().forEach(resource -> checkWorks(session, resource));
            }
        }
    }

    @OnBeds
    void aQueryToStopIsAnsweredAndTakenBackUnderLoad(Lab lab) {
        Bed bed = lab.open("2x64");
        for (String name : List.of("edu0", "edu1", "e1000e0", "igb0")) {
            try (Session session = bed.device(name).open();
                    Connection connection = session.connect(
                            ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)))) {
                Lab.say(bed, "load " + name + " 10000");
                Lab.say(bed, "advance 1000000");
                Lab.say(bed, "query-stop " + name);
                Lab.say(bed, "advance 1000000");
                Lab.say(bed, "load " + name + " 0");
                Lab.say(bed, "advance 1000000");
                connection.reset();
                assertEquals(5, connection.trigger(Trigger.paced(0, 5)).arrived(), name);
            }
        }
    }

    @OnBeds
    void pendingReadsAreToldOfTheStop(Lab lab) throws Exception {
        Bed bed = lab.open("2x64");
        try (Session session = bed.device("edu0").open()) {
            session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
            EventReader reader = session.events(EventOptions.immediate());
            CompletableFuture<Boolean> blocked = CompletableFuture.supplyAsync(() -> reader.next(run -> { }));
            Lab.say(bed, "rebalance edu0 group=1");
            assertFalse(blocked.get(10, TimeUnit.SECONDS), "the reader is told that the stream has ended");
            assertEquals("STATUS_DEVICE_NOT_CONNECTED", NtStatus.name(reader.endStatus()));
            checkWorks(session, session.resources().get(0));
        }
    }

    @OnBeds
    void aDeviceWithoutResourcesStartsAndRefusesToConnect(Lab lab) {
        Bed bed = lab.open("2x64");
        Device root = bed.device("root0");
        try (Session session = root.open()) {
            assertTrue(session.state().started());
            assertEquals(List.of(), session.resources());
            ConnectResult every = session.tryConnect(ConnectRequest.of(Way.LINE_BASED));
            assertTrue(every.refused());
            assertNotEquals(NtStatus.SUCCESS, every.status());
            IrqscopeException refusal = assertThrows(IrqscopeException.class, () -> session.connect(
                    ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, ResourceId.parse("line:0"))));
            assertEquals("STATUS_INVALID_PARAMETER_2", refusal.ntStatusName().orElseThrow());
        }
        assertEquals(RestartResult.RESTARTED, root.restart());
    }

    @OnBeds
    void anOpenHandleVetoesTheRemovalAndAPolicyNeedsARestart(Lab lab) {
        Bed bed = lab.open("2x64");
        Device device = bed.device("edu0");
        device.policy(Policy.specified(ProcessorSet.parse("g1:0-7")));
        try (Session session = device.open()) {
            assertEquals(RestartResult.VETOED, device.restart());
            assertEquals(0, session.resources().get(0).group(), "nothing has moved");
            checkWorks(session, session.resources().get(0));
        }
        assertEquals(RestartResult.RESTARTED, device.restart());
        try (Session session = device.open()) {
            assertEquals("g1:0-7", session.resources().get(0).processors().toString());
        }
    }

    @OnBeds
    void aVetoIsAnErrorOfTheValidationWhichPutsTheRegistryBack(Lab lab) {
        Bed bed = lab.open("2x64");
        Device device = bed.device("edu0");
        try (Session session = device.open()) {
            RestartNeededException veto = assertThrows(RestartNeededException.class,
                    () -> Run.of(bed, ValidationOptions.everything().withDevices(List.of("edu0")).withCount(2)));
            assertTrue(veto.getMessage().contains("edu0"), veto.getMessage());
            assertTrue(device.policy().isEmpty(), "the registry is as it was");
            checkWorks(session, session.resources().get(0));
        }
    }

    @OnBeds
    void aSurpriseRemovalEndsReadsAndConnectionsAndAReplugBringsItBack(Lab lab) throws Exception {
        Bed bed = lab.open("2x64");
        Set<String> names = names(bed);
        try (Session session = bed.device("igb0").open()) {
            Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED));
            EventReader reader = session.events(EventOptions.immediate());
            CompletableFuture<Boolean> blocked = CompletableFuture.supplyAsync(() -> reader.next(run -> { }));
            Lab.say(bed, "surprise igb0");
            assertFalse(blocked.get(10, TimeUnit.SECONDS));
            IrqscopeException refusal = assertThrows(IrqscopeException.class,
                    () -> connection.trigger(Trigger.paced(0, 1)));
            assertTrue(Set.of("STATUS_DELETE_PENDING", "STATUS_NOT_FOUND")
                    .contains(refusal.ntStatusName().orElseThrow()), refusal.getMessage());
            connection.close();
            assertThrows(NoDriverException.class, () -> bed.device("igb0"));
        }
        Lab.say(bed, "replug igb0");
        assertEquals(names, names(bed));
        try (Session session = bed.device("igb0").open()) {
            session.resources().forEach(resource -> checkWorks(session, resource));
        }
    }

    @OnBeds
    void aSurpriseRemovalUnderLoadLeavesNothingBehind(Lab lab) {
        Bed bed = lab.open("2x64");
        for (String name : List.of("edu0", "e1000e1", "igb0")) {
            Session session = bed.device(name).open();
            session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
            Lab.say(bed, "load " + name + " 50000");
            Lab.say(bed, "advance 5000000");
            Lab.say(bed, "surprise " + name);
            Lab.say(bed, "advance 5000000");
            session.close();
            Lab.say(bed, "replug " + name);
            try (Session again = bed.device(name).open()) {
                checkWorks(again, again.resources().get(0));
            }
        }
    }

    @OnBeds(needs = {Need.MACHINE, Need.EVERY_WORD})
    void aClientKilledInTheMiddleLeavesNothingBehind(Lab lab) throws Exception {
        Bed bed = lab.open("2x64");
        Session killed = bed.device("igb0").open();
        Connection connection = killed.connect(ConnectRequest.of(Way.MESSAGE_BASED));
        EventReader reader = killed.events(EventOptions.immediate());
        CompletableFuture<Object> blocked = CompletableFuture.supplyAsync(() -> {
            try {
                return reader.next(run -> { });
            } catch (IrqscopeException e) {
                return e;
            }
        });
        connection.trigger(Trigger.burst(0, 100));
        Lab.say(bed, "kill");
        Lab.say(bed, "advance 1000000");
        assertNotEquals(null, blocked.get(10, TimeUnit.SECONDS), "the blocked reader came back");
        assertEquals("ok", Lab.say(bed, "rest").strip());
        try (Session next = bed.device("igb0").open()) {
            assertFalse(next.state().owned(), "nobody owns the device any more");
            next.resources().forEach(resource -> checkWorks(next, resource));
        }
        killed.close();
    }

    @OnBeds(needs = {Need.MACHINE, Need.OTHER_PROCESSES})
    void aProcessKilledInTheMiddleLeavesNothingBehind(Lab lab) throws Exception {
        Bed bed = lab.open("2x64");
        for (String name : List.of("igb0", "edu0")) {
            Process client = JavaProcess.start(KilledClient.class, name);
            try {
                assertEquals(KilledClient.READY, JavaProcess.line(client));
                try (Session other = bed.device(name).open()) {
                    assertTrue(other.state().owned(), "somebody else's");
                }
                Lab.say(bed, "advance 1000000");
            } finally {
                client.destroyForcibly();
            }
            assertTrue(client.waitFor(20, TimeUnit.SECONDS));
            try (Session next = bed.device(name).open()) {
                assertFalse(next.state().owned(), "nobody owns the device any more");
                next.resources().forEach(resource -> checkWorks(next, resource));
            }
            assertEquals("ok", Lab.say(bed, "rest").strip());
        }
    }

    @OnBeds
    void aRestartIsAFreshStartOfTheDriver(Lab lab) {
        Bed bed = lab.open("1x8");
        for (Device device : bed.devices()) {
            for (int round = 0; round < 5; round++) {
                assertEquals(RestartResult.RESTARTED, device.restart(), device.name());
            }
            try (Session session = device.open()) {
                assertEquals(1, session.state().starts(), device.name());
                session.resources().forEach(resource -> checkWorks(session, resource));
            }
        }
    }

    @OnBeds
    void devicesStayWhoTheyAreWhateverHappensToThem(Lab lab) {
        Bed bed = lab.open("2x64");
        Set<String> names = names(bed);
        assertEquals(Set.of("edu0", "edu1", "e1000e0", "e1000e1", "igb0", "uart0", "root0"), names);
        for (Device device : bed.devices()) {
            Lab.say(bed, "query-remove " + device.name());
            assertEquals(names, names(bed), () -> "after the query of " + device.name());
        }
    }

    static void checkWorks(Session session, Resource resource) {
        try (Connection connection = session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, resource));
                EventReader reader = session.events(EventOptions.immediate())) {
            assertEquals(5, connection.trigger(Trigger.paced(0, 5)).arrived(), () -> session.name() + " " + resource);
            assertEquals(5, Stream.of(connection, reader).claimed());
        }
    }

    private static Set<String> names(Bed bed) {
        return bed.devices().stream().map(Device::name).collect(Collectors.toSet());
    }
}
