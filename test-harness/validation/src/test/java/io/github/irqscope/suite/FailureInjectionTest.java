package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.Connection;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Kind;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Session;
import io.github.irqscope.Trigger;
import io.github.irqscope.Way;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Each call that can fail is made to fail, one after the other, until none is left: every time the client gets an error
 * with a name or what it asked for, and afterwards the driver is at rest and works.
 */
class FailureInjectionTest {
    private static final int MOST = 2000;

    private record Scenario(String name, String device, ConnectRequest request) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Scenario> scenarios() {
        return List.of(
                new Scenario("edu0 fully-specified-group", "edu0", one(Way.FULLY_SPECIFIED_GROUP, "message:0")),
                new Scenario("edu0 fully-specified", "edu0", one(Way.FULLY_SPECIFIED, "message:0")),
                new Scenario("edu1 io-connect-interrupt", "edu1", one(Way.IO_CONNECT_INTERRUPT, "line:0")),
                new Scenario("edu1 line-based", "edu1", ConnectRequest.of(Way.LINE_BASED)),
                new Scenario("edu1 fallback", "edu1", ConnectRequest.of(Way.MESSAGE_BASED).withFallback()),
                new Scenario("igb0 message-based", "igb0", ConnectRequest.of(Way.MESSAGE_BASED)),
                new Scenario("igb0 shared lock", "igb0", ConnectRequest.of(Way.MESSAGE_BASED).withSharedLock()),
                new Scenario("uart0 line", "uart0", one(Way.FULLY_SPECIFIED_GROUP, "line:0")));
    }

    private static ConnectRequest one(Way way, String resource) {
        return ConnectRequest.of(way, ResourceId.parse(resource));
    }

    @OnBeds(cases = "scenarios")
    void everyFailureOfAConnectedRunIsClean(Lab lab, Scenario scenario) {
        Bed bed = lab.open("4x2");
        List<String> errors = new ArrayList<>();
        int number = 1;
        while (fails(bed, number, () -> use(bed, scenario), errors)) {
            number++;
            assertTrue(number < MOST, () -> "no end of failures: " + errors);
        }
        assertTrue(number > 3, () -> "only " + errors + " can fail in " + scenario);
        assertTrue(errors.stream().anyMatch(error -> error.contains("STATUS_INSUFFICIENT_RESOURCES")),
                () -> "none ran short of resources: " + errors);
        use(bed, scenario);
    }

    @OnBeds
    void everyFailureOfARestartIsCleanAndTheNextRestartWorks(Lab lab) {
        Bed bed = lab.open("4x2");
        for (String name : List.of("edu0", "edu1", "igb0", "uart0", "root0")) {
            List<String> errors = new ArrayList<>();
            int number = 1;
            while (fails(bed, number, () -> Lab.say(bed, "restart " + name), errors)) {
                Lab.say(bed, "restart " + name);
                try (Session session = bed.device(name).open()) {
                    assertTrue(session.state().started(), name + " after failure " + number);
                }
                number++;
                assertTrue(number < MOST, () -> "no end of failures: " + errors);
            }
            /* Of the root device below Wine only Wine's own routines are called, and those do not fail on demand. */
            assertTrue(number > 3 || name.equals("root0") && lab.bed().equals("wine"),
                    () -> "only " + errors + " can fail in a restart of " + name);
        }
    }

    /* Whether the numbered call was reached and made to fail. Its error, if it came up, has a name. */
    private static boolean fails(Bed bed, int number, Runnable scenario, List<String> errors) {
        long before = calls(bed);
        Lab.say(bed, "fail " + number);
        try {
            scenario.run();
        } catch (IrqscopeException e) {
            errors.add(e.getMessage());
            assertTrue(e.ntStatus().isPresent() || e.win32() != 0 || e.operation().startsWith("machine:"),
                    () -> "an error without a code: " + e.getMessage());
            assertTrue(e.win32() != 1117, () -> "the machine was stopped: " + e.getMessage());
        } finally {
            Lab.say(bed, "fail off");
        }
        assertEquals("ok", Lab.say(bed, "rest").strip(), () -> "after failure " + number + ": " + errors);
        return calls(bed) - before >= number;
    }

    private static long calls(Bed bed) {
        Matcher number = Pattern.compile("\\d+").matcher(Lab.say(bed, "fail count"));
        assertTrue(number.find());
        return Long.parseLong(number.group());
    }

    private static void use(Bed bed, Scenario scenario) {
        try (Session session = bed.device(scenario.device()).open();
                Connection connection = session.connect(scenario.request());
                EventReader reader = session.events(EventOptions.immediate())) {
            assertEquals(0, connection.affinity(0).status());
            long sent = connection.trigger(Trigger.paced(Trigger.ALL, 2)).sent();
            assertEquals(2L * connection.targets(), sent);
            Stream stream = Stream.of(connection, reader);
            assertEquals(sent, stream.claimed() + stream.lost());
            assertEquals(connection.connectedAs() == Kind.MESSAGE, !connection.slots().isEmpty()
                    && scenario.request().way() != Way.LINE_BASED && session.state().messagesGranted() > 0);
        }
    }
}
