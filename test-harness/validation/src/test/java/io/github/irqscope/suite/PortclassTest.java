package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Ability;
import io.github.irqscope.Affinity;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.ConnectResult;
import io.github.irqscope.Connection;
import io.github.irqscope.Device;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.GrantedBy;
import io.github.irqscope.Kind;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.RestartResult;
import io.github.irqscope.Session;
import io.github.irqscope.SyncMode;
import io.github.irqscope.Trigger;
import io.github.irqscope.TriggerResult;
import io.github.irqscope.Way;
import io.github.irqscope.Bed;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;
import io.github.irqscope.validation.ValidationOptions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.io.TempDir;

/** The way portcls: what the port class's object connects, in each of its modes, and what it cannot. */
class PortclassTest {
    private static final int STORM_RATE = 100_000;

    private static ConnectRequest portcls(Resource resource, SyncMode mode) {
        return ConnectRequest.of(Way.PORTCLS, resource).withSyncMode(mode).withStormRate(STORM_RATE);
    }

    @OnBeds
    void everyModeConnectsALineAndEveryTriggerArrives(Lab lab) {
        Bed bed = lab.open("2x64");
        for (String name : List.of("edu1", "e1000e1", "uart0")) {
            try (Session session = bed.device(name).open()) {
                assertTrue(session.version().can(Ability.PORTCLS));
                Resource line = session.resources().get(0);
                for (SyncMode mode : SyncMode.values()) {
                    try (Connection connection = session.connect(portcls(line, mode));
                            EventReader reader = session.events(EventOptions.immediate())) {
                        TriggerResult result = connection.trigger(Trigger.paced(0, 50));
                        assertEquals(50, result.arrived(), name + " " + mode);
                        assertEquals(0, result.lost());
                        connection.trigger(Trigger.burst(0, 20));
                        Stream stream = Stream.of(connection, reader);
                        assertEquals(0, stream.lost());
                        assertTrue(stream.claimed() > 50, name + " " + mode);
                        assertEquals(connection.counters().get(0).claimed(), stream.claimed());
                    }
                }
            }
        }
    }

    /* The pointer of GetKInterrupt is asked like that of any other connect. */
    @OnBeds
    void affinityIsThatOfTheObjectBehindIt(Lab lab) {
        Bed bed = lab.open("64/16/64");
        try (Session session = bed.device("edu1").open()) {
            Resource line = session.resources().get(0);
            Affinity plain;
            try (Connection connection = session.connect(ConnectRequest.of(Way.IO_CONNECT_INTERRUPT, line))) {
                plain = connection.affinity(0);
            }
            try (Connection connection = session.connect(ConnectRequest.of(Way.PORTCLS, line))) {
                Affinity granted = connection.affinity(0);
                assertEquals(GrantedBy.INTERRUPT_OBJECT, granted.grantedBy());
                assertEquals(plain.processors(), granted.processors());
                assertEquals(line.processors(), granted.processors());
                assertEquals(Way.PORTCLS, granted.way());
                assertEquals(1, connection.targets());
            }
        }
    }

    /* Asked for a counter, or told to forget them, the driver hands the object to KeSynchronizeExecution. */
    @OnBeds
    void countersAreCopiedAndForgottenUnderTheObjectsLock(Lab lab) {
        Bed bed = lab.open("1x8");
        try (Session session = bed.device("edu1").open();
                Connection connection = session.connect(
                        portcls(session.resources().get(0), SyncMode.NORMAL))) {
            connection.trigger(Trigger.paced(0, 7));
            assertEquals(7, connection.counters().get(0).claimed());
            connection.reset();
            assertEquals(0, connection.counters().get(0).claimed());
            connection.trigger(Trigger.paced(0, 2));
            assertEquals(2, connection.counters().get(0).claimed());
        }
    }

    @OnBeds
    void aMessageAndALineOutsideGroupZeroAreRefusedBeforeAnyKernelCall(Lab lab) {
        Bed bed = lab.open("2x64");
        try (Session session = bed.device("edu0").open()) {
            Resource message = session.resources().get(0);
            assertEquals(Kind.MESSAGE, message.kind());
            ConnectResult result = session.tryConnect(portcls(message, SyncMode.NORMAL));
            assertEquals("STATUS_NOT_SUPPORTED", NtStatus.name(result.status()));
        }
        Device device = bed.device("uart0");
        device.policy(Policy.specified(ProcessorSet.parse("g1:0-3")));
        assertEquals(RestartResult.RESTARTED, device.restart());
        try (Session session = device.open()) {
            Resource line = session.resources().get(0);
            assertEquals(1, line.group());
            assertEquals("STATUS_NOT_SUPPORTED",
                    NtStatus.name(session.tryConnect(portcls(line, SyncMode.NORMAL)).status()));
        }
    }

    /* A device that comes back with its cause whenever it is acknowledged would keep the object in its rounds for ever:
     * the routine stops saying yes when the guard has found it. */
    @OnBeds
    void modeRepeatEndsWhenTheGuardFindsAStorm(Lab lab) {
        Bed bed = lab.open("1x8");
        for (String name : List.of("edu1", "e1000e1")) {
            try (Session session = bed.device(name).open()) {
                Resource line = session.resources().get(0);
                try (Connection connection = session.connect(portcls(line, SyncMode.REPEAT))) {
                    Lab.say(bed, "fault stuck device=" + name);
                    connection.trigger(Trigger.burst(0, 1));
                    Lab.say(bed, "fault off");
                    assertTrue(session.state().stormMasked(), name);
                    assertTrue(connection.counters().get(0).storm(), name);
                    session.mask(false);
                    assertFalse(session.state().stormMasked(), name);
                    assertEquals(1, connection.trigger(Trigger.paced(0, 1)).arrived(), name);
                }
            }
        }
    }

    @OnBeds
    void aDeviceThatCannotBeAskedIsRefused(Lab lab, @TempDir Path folder) throws IOException {
        Path file = folder.resolve("none.machine");
        Files.writeString(file, """
                group 0-7
                device none line=17
                """);
        Bed bed = lab.open(file.toString());
        try (Session session = bed.device("none0").open()) {
            Resource line = session.resources().get(0);
            assertEquals("STATUS_NOT_SUPPORTED",
                    NtStatus.name(session.tryConnect(portcls(line, SyncMode.REPEAT)).status()));
        }
    }

    @OnBeds
    void validationJudgesTheWay(Lab lab) {
        Bed bed = lab.open("64/16/64");
        ValidationOptions options = ValidationOptions.everything().withWays(List.of(Way.PORTCLS));
        assertEquals("LANDED", Run.of(bed, options).verdict());
    }
}
