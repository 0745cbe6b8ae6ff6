package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Access;
import io.github.irqscope.Bed;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.Connection;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.EventRun;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Resource;
import io.github.irqscope.Session;
import io.github.irqscope.Trigger;
import io.github.irqscope.TriggerResult;
import io.github.irqscope.Way;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** What a client may not have more of, and what a read-only handle may not do. */
class LimitTest {
    private static final String QUOTA = "STATUS_QUOTA_EXCEEDED";

    @OnBeds
    void theSeventeenthConnectionIsRefused(Lab lab, @TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("many.machine"), "group 0-7\ndevice igb messages=25\n");
        Bed bed = lab.open(file.toString());
        try (Session session = bed.device("igb0").open()) {
            List<Resource> resources = session.resources();
            assertEquals(25, resources.size());
            assertEquals(16, session.version().maximumConnections());
            List<Connection> connections = new ArrayList<>();
            for (Resource resource : resources.subList(0, 16)) {
                connections.add(session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, resource)));
            }
            ConnectRequest one = ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, resources.get(16));
            assertEquals(QUOTA, NtStatus.name(session.tryConnect(one).status()));
            connections.get(3).close();
            assertEquals(5, session.connect(one).trigger(Trigger.paced(0, 5)).arrived());
        }
    }

    @OnBeds
    void theSixtyFifthPendingReadIsRefused(Lab lab) {
        Bed bed = lab.open("1x8");
        try (Session session = bed.device("edu0").open();
                Connection connection = session.connect(
                        ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)))) {
            assertEquals(64, session.version().maximumReads());
            try (EventReader full = session.events(new EventOptions(64, 4096, 0, Duration.ZERO))) {
                IrqscopeException refusal = assertThrows(IrqscopeException.class, () -> {
                    try (EventReader more = session.events(EventOptions.immediate())) {
                        more.next(run -> { });
                    }
                });
                assertEquals(QUOTA, refusal.ntStatusName().orElseThrow());
                connection.trigger(Trigger.paced(0, 100));
                assertEquals(100, Stream.of(connection, full).claimed());
            }
            try (EventReader again = session.events(EventOptions.immediate())) {
                connection.trigger(Trigger.paced(0, 3));
                Stream stream = new Stream();
                while (stream.claimed() < 3) {
                    assertTrue(again.next(run -> claims(stream, run), Duration.ofSeconds(10)));
                }
            }
        }
    }

    /* A second reader goes on where the first one ended, so its sequence does not begin at 0. */
    private static void claims(Stream stream, EventRun run) {
        stream.continueAt(run);
        stream.add(run);
    }

    @OnBeds
    void memoryBeyondTheCapIsRefused(Lab lab) {
        Bed bed = lab.open("2x64");
        try (Session session = bed.device("igb0").open()) {
            long cap = session.version().maximumMemory();
            assertEquals(1L << 28, cap);
            int made = 0;
            String status = "STATUS_SUCCESS";
            for (Resource resource : session.resources()) {
                status = NtStatus.name(session.tryConnect(
                        ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, resource).withEvents(65536)).status());
                if (!status.equals("STATUS_SUCCESS")) {
                    break;
                }
                made++;
            }
            assertEquals(QUOTA, status);
            /* 64 processors with rings of 65,536 events of 16 bytes each. */
            assertTrue(made >= 1 && made * 64L * 65536 * 16 <= cap, made + " were made");
            session.resources().stream().filter(each -> each.connection() == 0).limit(1).forEach(each ->
                    assertTrue(session.tryConnect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, each).withEvents(16))
                            .connection().isPresent(), "a smaller one still fits"));
        }
    }

    @OnBeds
    void aBurstIsSplitIntoRequestsAndAllOfItIsSent(Lab lab) {
        Bed bed = lab.open("2x64");
        try (Session session = bed.device("e1000e0").open();
                Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED))) {
            TriggerResult burst = connection.trigger(Trigger.burst(2, 5000));
            assertEquals(NtStatus.SUCCESS, burst.status());
            assertEquals(5000, burst.sent());
            TriggerResult paced = connection.trigger(Trigger.paced(Trigger.ALL, 1100));
            assertEquals(5500, paced.sent());
            assertEquals(5500, paced.arrived());
            assertTrue(connection.counters().get(2).claimed() <= 5000 + 1100, "messages fold, and never multiply");
        }
    }

    @OnBeds
    void aReadOnlyHandleAsksButDoesNotConnect(Lab lab) {
        Bed bed = lab.open("1x8");
        try (Session reader = bed.device("edu0").open(Access.READ); Session writer = bed.device("edu0").open()) {
            Resource resource = reader.resources().get(0);
            IrqscopeException refusal = assertThrows(IrqscopeException.class,
                    () -> reader.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, resource)));
            assertEquals(5, refusal.win32(), refusal.getMessage());
            assertTrue(refusal.getMessage().contains("ERROR_ACCESS_DENIED"), refusal.getMessage());
            assertEquals(5, assertThrows(IrqscopeException.class, () -> reader.mask(true)).win32());
            try (Connection connection = writer.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, resource))) {
                Connection seen = reader.existing(connection.id()).orElseThrow();
                assertEquals(connection.affinity(0), seen.affinity(0));
                assertEquals(connection.counters(), seen.counters());
                assertEquals(5, assertThrows(IrqscopeException.class, () -> seen.trigger(Trigger.paced(0, 1))).win32());
                assertEquals(2, connection.trigger(Trigger.paced(0, 2)).arrived());
            }
        }
    }
}
