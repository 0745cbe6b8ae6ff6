package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Access;
import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.ConnectResult;
import io.github.irqscope.Connection;
import io.github.irqscope.Counters;
import io.github.irqscope.Device;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.GrantedBy;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Kind;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.ResourceId;
import io.github.irqscope.RestartResult;
import io.github.irqscope.Session;
import io.github.irqscope.Slot;
import io.github.irqscope.Trigger;
import io.github.irqscope.Way;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.io.TempDir;

/** Lines, messages and what can go wrong between a device and its ISR, as seen from a Java client. */
class InterruptTest {
    @OnBeds
    void aMessageBasedConnectFallsBackToTheLine(Lab lab) {
        Bed bed = lab.open("2x64");
        for (String name : List.of("edu1", "e1000e1", "uart0")) {
            try (Session session = bed.device(name).open()) {
                ConnectResult refused = session.tryConnect(ConnectRequest.of(Way.MESSAGE_BASED));
                assertTrue(refused.refused(), name);
                try (Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED).withFallback())) {
                    assertEquals(Kind.LINE, connection.connectedAs(), name);
                    assertEquals(2, connection.version(), "CONNECT_LINE_BASED came back");
                    assertEquals(GrantedBy.ASSIGNED_RESOURCE, connection.affinity(0).grantedBy(),
                            "such an object must not be asked");
                    assertEquals(session.resources().get(0).processors(), connection.affinity(0).processors());
                    assertEquals(4, connection.trigger(Trigger.paced(0, 4)).arrived(), name);
                }
            }
        }
    }

    @OnBeds
    void messagesHaveTheirOwnObjectsAndIrqlsUnlessTheyShareALock(Lab lab) {
        Bed bed = lab.open("2x64");
        try (Session session = bed.device("igb0").open()) {
            List<Resource> messages = session.resources();
            assertTrue(messages.stream().mapToInt(Resource::irql).distinct().count() > 1, "IRQLs differ");
            int highest = messages.stream().mapToInt(Resource::irql).max().orElseThrow();
            try (Connection own = session.connect(ConnectRequest.of(Way.MESSAGE_BASED))) {
                assertEquals(messages.size(), own.targets());
                assertEquals(0, own.unifiedIrql());
                for (int target = 0; target < own.targets(); target++) {
                    assertEquals(messages.get(target).irql(), own.affinity(target).irql());
                    assertEquals(messages.get(target).vector(), own.affinity(target).vector());
                }
            }
            try (Connection shared = session.connect(ConnectRequest.of(Way.MESSAGE_BASED).withSharedLock());
                    EventReader reader = session.events(EventOptions.immediate())) {
                assertEquals(highest, shared.unifiedIrql());
                shared.trigger(Trigger.burst(Trigger.ALL, 10));
                Stream stream = Stream.of(shared, reader);
                assertTrue(stream.claimed() > 0);
                shared.slots().stream().filter(slot -> !slot.stray())
                        .forEach(slot -> assertEquals(highest, slot.irql(), "one stream a processor"));
            }
        }
    }

    @OnBeds
    void messagesOfDifferentIrqlOnOneProcessorKeepApartInTheirSlots(Lab lab) {
        Bed bed = lab.open("2x64");
        Device device = bed.device("igb0");
        device.policy(Policy.specified(ProcessorSet.parse("g1:7")));
        assertEquals(RestartResult.RESTARTED, device.restart());
        try (Session session = device.open();
                Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED).withEvents(4096));
                EventReader reader = session.events(EventOptions.immediate())) {
            long irqls = session.resources().stream().mapToInt(Resource::irql).distinct().count();
            List<Slot> slots = connection.slots().stream().filter(slot -> !slot.stray()).toList();
            assertEquals(irqls, slots.size(), "a slot for each IRQL");
            slots.forEach(slot -> assertEquals("g1:7", slot.processor().toString()));
            Stream stream = new Stream();
            for (int round = 0; round < 100; round++) {
                connection.trigger(Trigger.burst(Trigger.ALL, 10));
                stream.readAll(connection, reader);
            }
            assertEquals(0, stream.lost());
            assertEquals(Stream.produced(connection),
                    connection.slots().stream().mapToLong(Slot::claimed).sum(), "none was counted twice or not at all");
        }
    }

    @OnBeds
    void everyMessageRunsItsOwnTarget(Lab lab) {
        Bed bed = lab.open("4x2");
        for (String name : List.of("e1000e0", "igb0")) {
            try (Session session = bed.device(name).open();
                    Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED));
                    EventReader reader = session.events(EventOptions.immediate())) {
                for (int target = 0; target < connection.targets(); target++) {
                    assertEquals(target + 1, connection.trigger(Trigger.paced(target, target + 1)).arrived(), name);
                }
                Stream stream = Stream.of(connection, reader);
                for (Counters counters : connection.counters()) {
                    assertEquals(counters.target() + 1, counters.claimed(), name);
                    assertEquals(counters.target() + 1, stream.claimed(counters.target()), name);
                    assertEquals(0, counters.notClaimed(), name);
                }
            }
        }
    }

    @OnBeds
    void theOtherDeviceOfASharedLineIsForeignToBoth(Lab lab) {
        Bed bed = lab.open("2x64");
        try (Session edu = bed.device("edu1").open(); Session nic = bed.device("e1000e1").open();
                Connection ours = edu.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, edu.resources().get(0)));
                Connection theirs = nic.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, nic.resources().get(0)));
                EventReader oursEvents = edu.events(EventOptions.immediate());
                EventReader theirsEvents = nic.events(EventOptions.immediate())) {
            assertEquals(edu.resources().get(0).vector(), nic.resources().get(0).vector(), "they share the line");
            assertTrue(edu.resources().get(0).shared());
            assertEquals(50, ours.trigger(Trigger.paced(0, 50)).arrived());
            assertEquals(30, theirs.trigger(Trigger.paced(0, 30)).arrived());
            Counters ourCounts = ours.counters().get(0);
            Counters theirCounts = theirs.counters().get(0);
            assertEquals(50, ourCounts.claimed());
            assertEquals(30, theirCounts.claimed());
            assertTrue(ourCounts.notClaimed() + theirCounts.notClaimed() > 0, "the chain calls until one claims");
            assertEquals(50, Stream.of(ours, oursEvents).claimed());
            assertEquals(30, Stream.of(theirs, theirsEvents).claimed());
        }
    }

    @OnBeds
    void aForeignInterruptBeforeTheConnectReturnsIsNotClaimed(Lab lab) {
        Bed bed = lab.open("2x64");
        for (String name : List.of("edu1", "e1000e1")) {
            Lab.say(bed, "foreign " + name + " connect");
            try (Session session = bed.device(name).open();
                    Connection connection = session.connect(
                            ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
                    EventReader reader = session.events(EventOptions.immediate())) {
                assertEquals(1, connection.counters().get(0).notClaimed(), "it came inside of the connect");
                Lab.say(bed, "foreign " + name);
                assertEquals(2, connection.counters().get(0).notClaimed(), name);
                assertEquals(4, connection.trigger(Trigger.paced(0, 4)).arrived(), name);
                Stream stream = Stream.of(connection, reader);
                assertEquals(4, stream.claimed(), name);
                assertEquals(6, stream.delivered(), "foreign calls are events, too");
            }
        }
    }

    @OnBeds
    void oneMessageInsteadOfSeveralIsATargetLessAndNoFailure(Lab lab) {
        Bed bed = lab.open(BedOptions.sim().withMachine("2x64").withFaults(List.of("fall-back messages=1")));
        for (String name : List.of("igb0", "e1000e0")) {
            Device device = bed.device(name);
            assertEquals(RestartResult.RESTARTED, device.restart());
            try (Session session = device.open();
                    Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED).withFallback())) {
                assertEquals(1, session.state().messagesGranted(), name);
                assertTrue(session.state().messagesAsked() > 1, name);
                assertEquals(1, connection.targets(), name);
                assertEquals(Kind.MESSAGE, connection.connectedAs(), name);
                assertEquals(5, connection.trigger(Trigger.paced(0, 5)).arrived(), name);
            }
        }
        Lab.say(bed, "fault off");
    }

    @OnBeds
    void aClientOnAnyProcessorConnectsWhereItIsGranted(Lab lab) {
        Bed bed = lab.open("64/16/64");
        for (String processor : List.of("g0:63", "g1:15", "g2:0")) {
            Lab.say(bed, "processor " + processor);
            try (Session session = bed.device("igb0").open();
                    Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED));
                    EventReader reader = session.events(EventOptions.immediate())) {
                connection.trigger(Trigger.paced(Trigger.ALL, 3));
                Stream stream = Stream.of(connection, reader);
                assertEquals(0, stream.stray(), processor);
                assertTrue(connection.affinity(0).processors().containsAll(stream.where()), processor);
            }
        }
        Lab.say(bed, "processor off");
    }

    @OnBeds
    void anIsrOnAProcessorWithoutASlotIsCountedAndNamed(Lab lab) {
        Bed bed = lab.open(BedOptions.sim().withMachine("64/16/64").withFaults(List.of("outside-mask device=edu0")));
        Device device = bed.device("edu0");
        device.policy(Policy.specified(ProcessorSet.parse("g1:2-3")));
        assertEquals(RestartResult.RESTARTED, device.restart());
        try (Session session = device.open();
                Connection connection = session.connect(
                        ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
                EventReader reader = session.events(EventOptions.immediate())) {
            assertEquals(20, connection.trigger(Trigger.paced(0, 20)).arrived());
            Counters counters = connection.counters().get(0);
            assertEquals(20, counters.stray());
            Stream stream = Stream.of(connection, reader);
            assertEquals(20, stream.stray());
            assertFalse(connection.affinity(0).processors().containsAll(stream.where()));
            Slot stray = connection.slots().stream().filter(Slot::stray).findFirst().orElseThrow();
            assertEquals(20, stray.claimed());
            assertTrue(stream.where().contains(stray.processor()), "the stray slot names the processor");
        }
        Lab.say(bed, "fault off");
    }

    @OnBeds
    void aStormIsMaskedAndEndedByTheNextUnmask(Lab lab) {
        Bed bed = lab.open("2x64");
        for (String name : List.of("edu0", "edu1", "e1000e0", "e1000e1", "igb0", "uart0")) {
            for (String fault : List.of("storm", "stuck")) {
                try (Session session = bed.device(name).open();
                        Connection connection = session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP,
                                session.resources().get(0)).withStormRate(20000))) {
                    Lab.say(bed, "fault " + fault + " device=" + name);
                    connection.trigger(Trigger.burst(0, 1));
                    Lab.say(bed, "advance 100000000");
                    assertTrue(session.state().stormMasked(), () -> name + " " + fault);
                    assertTrue(connection.counters().get(0).storm(), () -> name + " " + fault);
                    long claimed = connection.counters().get(0).claimed();
                    Lab.say(bed, "advance 100000000");
                    assertEquals(claimed, connection.counters().get(0).claimed(), () -> name + " still interrupts");
                    Lab.say(bed, "fault off");
                    session.mask(false);
                    connection.reset();
                    assertFalse(session.state().stormMasked());
                    assertEquals(3, connection.trigger(Trigger.paced(0, 3)).arrived(), () -> name + " " + fault);
                }
            }
        }
    }

    @OnBeds
    void aMaskedDeviceDoesNotInterrupt(Lab lab) {
        Bed bed = lab.open("1x8");
        for (Device device : bed.devices()) {
            if (device.name().startsWith("root")) {
                continue;
            }
            try (Session session = device.open();
                    Connection connection = session.connect(
                            ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)))) {
                session.mask(true);
                assertTrue(session.state().masked());
                connection.trigger(Trigger.burst(0, 5));
                Lab.say(bed, "advance 1000000");
                assertEquals(0, connection.counters().get(0).claimed(), device.name());
                session.mask(false);
                Lab.say(bed, "advance 1000000");
                connection.reset();
                assertEquals(5, connection.trigger(Trigger.paced(0, 5)).arrived(), device.name());
            }
        }
    }

    @OnBeds
    void aConnectionMadeInStartIsReadableByEveryReader(Lab lab) {
        Bed bed = lab.open("2x64");
        for (String name : List.of("edu0", "edu1", "igb0")) {
            Device device = bed.device(name);
            device.connectAtStart(true);
            assertEquals(RestartResult.RESTARTED, device.restart(), name);
            try (Session first = device.open(); Session second = device.open(Access.READ)) {
                assertTrue(first.state().owned(), name);
                Resource resource = first.resources().get(0);
                assertTrue(resource.connection() != 0, () -> name + " is connected");
                Connection connection = first.existing(resource.connection()).orElseThrow();
                assertEquals(NtStatus.SUCCESS, connection.affinity(0).status());
                assertEquals(Grants.of(bed, name).of(resource.id()).processors(),
                        connection.affinity(0).processors());
                IrqscopeException owned = assertThrows(IrqscopeException.class,
                        () -> first.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, resource)));
                assertEquals("STATUS_SHARING_VIOLATION", owned.ntStatusName().orElseThrow(), "the device owns them");
                try (EventReader one = first.events(EventOptions.immediate());
                        EventReader other = second.events(EventOptions.immediate())) {
                    Lab.say(bed, "load " + name + " 1000");
                    Lab.say(bed, "advance 20000000");
                    Lab.say(bed, "load " + name + " 0");
                    Lab.say(bed, "advance 1000000");
                    /* Which of the two gets an event is not said, so neither has every sequence number. */
                    long[] heard = new long[1];
                    for (EventReader reader : List.of(one, other)) {
                        reader.drain(run -> {
                            while (run.next()) {
                                heard[0] += run.claimed() ? 1 : 0;
                            }
                        });
                    }
                    assertTrue(heard[0] > 0, () -> name + " is heard");
                }
            }
            device.connectAtStart(false);
            assertEquals(RestartResult.RESTARTED, device.restart(), name);
            try (Session session = device.open()) {
                assertFalse(session.state().owned(), name);
                PlugAndPlayTest.checkWorks(session, session.resources().get(0));
            }
        }
    }

    @OnBeds
    void aDeviceThatNobodyCanQuietConnectsMessagesOnly(Lab lab, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("none.machine");
        Files.writeString(file, """
                group 0-7
                group 0-7
                device none messages=4
                device none
                """);
        Bed bed = lab.open(file.toString());
        try (Session session = bed.device("none0").open();
                Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED));
                EventReader reader = session.events(EventOptions.immediate())) {
            Lab.say(bed, "load none0 4000");
            Lab.say(bed, "advance 10000000");
            Lab.say(bed, "load none0 0");
            Stream stream = Stream.of(connection, reader);
            assertTrue(stream.delivered() >= 36, () -> "40 were due, " + stream.delivered() + " came");
        }
        try (Session session = bed.device("none1").open()) {
            for (Way way : List.of(Way.IO_CONNECT_INTERRUPT, Way.FULLY_SPECIFIED, Way.FULLY_SPECIFIED_GROUP)) {
                ConnectResult result = session.tryConnect(ConnectRequest.of(way, ResourceId.parse("line:0")));
                assertEquals("STATUS_NOT_SUPPORTED", NtStatus.name(result.status()), way.text());
            }
            for (ConnectRequest every : List.of(ConnectRequest.of(Way.LINE_BASED),
                    ConnectRequest.of(Way.MESSAGE_BASED).withFallback())) {
                assertEquals("STATUS_NOT_SUPPORTED", NtStatus.name(session.tryConnect(every).status()));
            }
        }
    }

    @OnBeds
    void refusalsNameTheOperationTheCodeAndItsName(Lab lab) {
        Bed bed = lab.open("1x8");
        try (Session session = bed.device("edu0").open(); Session second = bed.device("edu0").open()) {
            Resource resource = session.resources().get(0);
            ConnectRequest good = ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, resource);
            check("STATUS_INVALID_PARAMETER_3", "C00000F1", "connect",
                    () -> session.connect(good.withMask(0x100)));
            check("STATUS_INVALID_PARAMETER_10", "C00000F8", "connect", () -> session.connect(good.withMask(0)));
            check("STATUS_INVALID_PARAMETER_2", "C00000F0", "connect",
                    () -> session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, ResourceId.parse("line:0"))));
            check("STATUS_INVALID_PARAMETER_7", "C00000F5", "connect", () -> session.connect(good.withEvents(3)));
            Connection connection = session.connect(good);
            check("STATUS_RESOURCE_IN_USE", "C0000708", "connect", () -> session.connect(good));
            check("STATUS_SHARING_VIOLATION", "C0000043", "connect", () -> second.connect(good));
            check("STATUS_SHARING_VIOLATION", "C0000043", "mask", () -> second.mask(true));
            check("STATUS_INVALID_PARAMETER_4", "C00000F2", "affinity", () -> connection.affinity(1));
            check("STATUS_INVALID_PARAMETER_4", "C00000F2", "trigger", () -> connection.trigger(Trigger.paced(1, 1)));
            connection.close();
            connection.close();
            check("STATUS_NOT_FOUND", "C0000225", "affinity", () -> connection.affinity(0));
            check("STATUS_NOT_FOUND", "C0000225", "trigger", () -> connection.trigger(Trigger.paced(0, 1)));
            check("STATUS_NOT_FOUND", "C0000225", "reset", connection::reset);
            PlugAndPlayTest.checkWorks(session, resource);
            PlugAndPlayTest.checkWorks(second, resource);
        }
    }

    @OnBeds
    void anEmptyMaskGetsEachModesOwnAnswer(Lab lab) {
        for (List<String> each : List.of(List.of("documented", "STATUS_INVALID_PARAMETER_10"),
                List.of("observed", "STATUS_INVALID_PARAMETER"))) {
            Bed bed = lab.open(BedOptions.sim().withMachine("1x8").withMode(each.get(0)));
            try (Session session = bed.device("edu1").open()) {
                Resource line = session.resources().get(0);
                assertEquals(each.get(1), NtStatus.name(session.tryConnect(
                        ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, line).withMask(0)).status()), each.get(0));
                assertEquals("STATUS_INVALID_PARAMETER", NtStatus.name(session.tryConnect(
                        ConnectRequest.of(Way.IO_CONNECT_INTERRUPT, line).withMask(0)).status()), each.get(0));
            }
        }
    }

    @OnBeds
    void aNarrowerMaskIsRefusedWhereKernelsCompare(Lab lab) {
        for (String mode : List.of("documented", "observed")) {
            Bed bed = lab.open(BedOptions.sim().withMachine("1x8").withMode(mode));
            try (Session session = bed.device("edu1").open()) {
                Resource line = session.resources().get(0);
                ConnectResult narrow = session.tryConnect(
                        ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, line).withMask(0x0F));
                if (mode.equals("observed")) {
                    assertEquals("STATUS_NOT_SUPPORTED", NtStatus.name(narrow.status()));
                } else {
                    assertEquals("g0:0-3", narrow.connection().orElseThrow().affinity(0).processors().toString());
                }
            }
        }
    }

    private static void check(String name, String code, String operation, Runnable request) {
        IrqscopeException refusal = assertThrows(IrqscopeException.class, request::run);
        assertEquals(name, refusal.ntStatusName().orElseThrow());
        assertTrue(refusal.getMessage().contains(name), refusal.getMessage());
        assertTrue(refusal.getMessage().toUpperCase(Locale.ROOT).contains(code), refusal.getMessage());
        assertTrue(refusal.getMessage().contains(operation), refusal.getMessage());
        assertTrue(refusal.operation().contains("edu0"), refusal.operation());
    }
}
