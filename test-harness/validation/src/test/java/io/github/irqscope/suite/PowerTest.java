package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Affinity;
import io.github.irqscope.Bed;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.Connection;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Session;
import io.github.irqscope.Trigger;
import io.github.irqscope.Way;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;

import java.util.List;

/** Leaving D0 and coming back: connections stay, triggers are held off, the device interrupts again. */
class PowerTest {
    private static final List<String> DEVICES = List.of("edu0", "edu1", "e1000e0", "e1000e1", "igb0", "uart0");

    @OnBeds
    void connectionsOutliveD3AndTriggersAreHeldOffInIt(Lab lab) {
        Bed bed = lab.open("2x64");
        for (String name : DEVICES) {
            try (Session session = bed.device(name).open();
                    Connection connection = session.connect(
                            ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
                    EventReader reader = session.events(EventOptions.immediate())) {
                Affinity before = connection.affinity(0);
                assertEquals(5, connection.trigger(Trigger.paced(0, 5)).arrived(), name);
                Lab.say(bed, "power " + name + " 3");
                assertFalse(session.state().powered(), name);
                IrqscopeException held = assertThrows(IrqscopeException.class,
                        () -> connection.trigger(Trigger.paced(0, 1)));
                assertEquals("STATUS_DEVICE_NOT_READY", held.ntStatusName().orElseThrow(), name);
                assertEquals(before, connection.affinity(0), "queries stay free");
                Lab.say(bed, "power " + name + " 0");
                assertTrue(session.state().powered(), name);
                assertEquals(before, connection.affinity(0), name);
                assertEquals(5, connection.trigger(Trigger.paced(0, 5)).arrived(), name);
                assertEquals(10, Stream.of(connection, reader).claimed(), name);
            }
        }
    }

    @OnBeds
    void powerGoesDownAndUpUnderLoad(Lab lab) {
        Bed bed = lab.open("2x64");
        for (String name : DEVICES) {
            try (Session session = bed.device(name).open();
                    Connection connection = session.connect(ConnectRequest.of(
                            Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)).withEvents(16384));
                    EventReader reader = session.events(EventOptions.immediate())) {
                Lab.say(bed, "load " + name + " 20000");
                for (int round = 0; round < 10; round++) {
                    connection.trigger(Trigger.burst(0, 1));
                    Lab.say(bed, "advance 1500000");
                    Lab.say(bed, "power " + name + " 3");
                    long asleep = claimed(connection);
                    Lab.say(bed, "advance 3000000");
                    assertEquals(asleep, claimed(connection), () -> name + " interrupts in D3");
                    Lab.say(bed, "power " + name + " 0");
                    /* A 16550 says nothing by itself until a trigger has enabled its cause again. */
                    connection.trigger(Trigger.burst(0, 1));
                    Lab.say(bed, "advance 1500000");
                    assertTrue(claimed(connection) > asleep, () -> name + " does not interrupt after D3");
                }
                Lab.say(bed, "load " + name + " 0");
                Stream stream = Stream.of(connection, reader);
                assertEquals(claimed(connection), stream.claimed() + stream.lost(), name);
                assertEquals(0, stream.stray(), name);
            }
        }
    }

    @OnBeds
    void aMaskAskedForStaysThroughD3(Lab lab) {
        Bed bed = lab.open("1x8");
        for (String name : DEVICES) {
            try (Session session = bed.device(name).open();
                    Connection connection = session.connect(
                            ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)))) {
                session.mask(true);
                Lab.say(bed, "power " + name + " 3");
                Lab.say(bed, "power " + name + " 0");
                assertTrue(session.state().masked(), name);
                Lab.say(bed, "load " + name + " 10000");
                Lab.say(bed, "advance 2000000");
                Lab.say(bed, "load " + name + " 0");
                assertEquals(0, claimed(connection), () -> name + " is masked");
                session.mask(false);
                connection.reset();
                assertEquals(3, connection.trigger(Trigger.paced(0, 3)).arrived(), name);
            }
        }
    }

    @OnBeds
    void aDeviceMayBeConnectedOnlyInD0(Lab lab) {
        Bed bed = lab.open("1x8");
        try (Session session = bed.device("edu0").open()) {
            ConnectRequest request = ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0));
            Lab.say(bed, "power edu0 3");
            IrqscopeException refusal = assertThrows(IrqscopeException.class, () -> session.connect(request));
            assertEquals("STATUS_DEVICE_NOT_READY", refusal.ntStatusName().orElseThrow());
            Lab.say(bed, "power edu0 0");
            PlugAndPlayTest.checkWorks(session, session.resources().get(0));
        }
    }

    @OnBeds
    void aHandleClosedInD3TakesItsConnectionsAlong(Lab lab) {
        Bed bed = lab.open("1x8");
        for (String name : DEVICES) {
            try (Session session = bed.device(name).open()) {
                session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
                Lab.say(bed, "power " + name + " 3");
            }
            Lab.say(bed, "power " + name + " 0");
            try (Session session = bed.device(name).open()) {
                PlugAndPlayTest.checkWorks(session, session.resources().get(0));
            }
        }
    }

    private static long claimed(Connection connection) {
        return connection.counters().stream().mapToLong(each -> each.claimed()).sum();
    }
}
