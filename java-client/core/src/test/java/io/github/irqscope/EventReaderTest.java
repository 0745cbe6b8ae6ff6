package io.github.irqscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.contract.Contract;
import io.github.irqscope.transport.Completion;
import io.github.irqscope.transport.Transport;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventReaderTest {
    private static final ProcessorSet GROUP_1 = ProcessorSet.parse("g1:0-3");

    private final FakeDriver driver = new FakeDriver();

    @Test
    void handsOverEveryEventOfEveryProcessorInSequence() {
        try (Session session = connectedSession(); Connection connection = connect(session, 0);
                EventReader reader = session.events(EventOptions.immediate())) {
            connection.trigger(Trigger.paced(0, 500));
            Map<Processor, Long> next = new TreeMap<>();
            reader.drain(run -> {
                assertEquals(connection.id(), run.connection());
                assertEquals(next.getOrDefault(run.processor(), 0L), run.sequence());
                assertEquals(9, run.irql());
                assertEquals(0, run.lost());
                long before = 0;
                int events = 0;
                while (run.next()) {
                    assertTrue(run.time() > before);
                    before = run.time();
                    assertTrue(run.claimed() && run.paced() && !run.stray());
                    assertTrue(run.triggerToIsr() >= 20 && run.triggerToIsr() < 25);
                    assertEquals(7, run.isrToDpc());
                    assertEquals(0, run.target());
                    events++;
                }
                assertEquals(run.count(), events);
                next.merge(run.processor(), (long) events, Long::sum);
            });
            assertEquals(500, next.values().stream().mapToLong(Long::longValue).sum());
            assertEquals(GROUP_1, ProcessorSet.of(next.keySet()));
            assertEquals(500, reader.events());
        }
    }

    @Test
    void countsWhatARingLost() {
        try (Session session = connectedSession(); Connection connection = connect(session, 64);
                EventReader reader = session.events(new EventOptions(2, 48, 0, Duration.ZERO))) {
            connection.trigger(Trigger.paced(0, 1000));
            reader.drain(run -> { });
            assertEquals(4 * 64, reader.events());
            assertEquals(connection.counters().get(0).claimed(), reader.events() + reader.lost());
        }
    }

    @Test
    void aTimeThatWasNotMeasuredIsUnknown() {
        try (Session session = connectedSession(); Connection connection = connect(session, 0);
                EventReader reader = session.events(EventOptions.immediate())) {
            connection.trigger(Trigger.burst(0, 1));
            driver.interrupt(0, new Processor(1, 2), false);
            List<String> seen = new ArrayList<>();
            reader.drain(run -> {
                while (run.next()) {
                    seen.add(run.triggerToIsr() + " " + run.claimed());
                }
            });
            assertEquals(List.of("-1 true", "-1 false"), seen);
        }
    }

    @Test
    void aRunCanBeWalkedAgain() {
        try (Session session = connectedSession(); Connection connection = connect(session, 0);
                EventReader reader = session.events(EventOptions.immediate())) {
            connection.trigger(Trigger.burst(0, 1));
            assertTrue(reader.next(run -> {
                assertTrue(run.next());
                assertFalse(run.next());
                run.rewind();
                assertTrue(run.next());
            }));
        }
    }

    @Test
    void theStreamEndsWithTheLastConnection() {
        try (Session session = connectedSession()) {
            Connection connection = connect(session, 0);
            EventReader reader = session.events(EventOptions.immediate());
            connection.trigger(Trigger.burst(0, 3));
            connection.close();
            long[] events = new long[1];
            while (reader.next(run -> events[0] += run.count())) {
                assertFalse(reader.hasEnded());
            }
            assertEquals(3, events[0]);
            assertTrue(reader.hasEnded());
            assertEquals("STATUS_DEVICE_NOT_CONNECTED", NtStatus.name(reader.endStatus()));
            assertFalse(reader.next(run -> { }));
        }
    }

    @Test
    void nothingInTimeIsNoEnd() {
        try (Session session = connectedSession(); Connection connection = connect(session, 0);
                EventReader reader = session.events(EventOptions.immediate())) {
            assertFalse(reader.next(run -> { }, Duration.ofMillis(1)));
            assertFalse(reader.hasEnded());
            connection.trigger(Trigger.burst(0, 1));
            assertTrue(reader.next(run -> { }, Duration.ofMillis(1)));
        }
    }

    @Test
    void closingTheSessionWakesABlockedReader() throws Exception {
        Session session = connectedSession();
        connect(session, 0);
        EventReader reader = session.events(EventOptions.immediate());
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Boolean> next = Threads.start(() -> {
            reading.countDown();
            return reader.next(run -> { });
        });
        assertTrue(reading.await(10, TimeUnit.SECONDS));
        session.close();
        assertFalse(next.get(10, TimeUnit.SECONDS));
        assertTrue(reader.hasEnded());
        assertThrows(IllegalStateException.class, () -> session.events(EventOptions.immediate()));
    }

    @Test
    void closingTheReaderLeavesTheSession() {
        try (Session session = connectedSession(); Connection connection = connect(session, 0)) {
            EventReader reader = session.events(EventOptions.immediate());
            reader.close();
            reader.close();
            assertFalse(reader.next(run -> { }));
            assertEquals(1, connection.trigger(Trigger.burst(0, 1)).sent());
        }
    }

    @Test
    void aHandlerThatThrowsLosesNoRead() {
        try (Session session = connectedSession(); Connection connection = connect(session, 0);
                EventReader reader = session.events(EventOptions.immediate())) {
            for (int round = 0; round < 5; round++) {
                connection.trigger(Trigger.burst(0, 1));
                assertThrows(ArithmeticException.class, () -> reader.next(run -> {
                    throw new ArithmeticException();
                }));
            }
            connection.trigger(Trigger.burst(0, 1));
            assertTrue(reader.next(run -> { }));
        }
    }

    @Test
    void bytesThatAreNoRunAreRefused() {
        EndlessTransport transport = new EndlessTransport(1, 1);
        try (Session session = Session.open("edu0", transport, () -> "", closed -> { })) {
            EventReader reader = session.events(EventOptions.immediate());
            transport.buffer.putInt(Contract.Run.COUNT, 3);
            assertTrue(assertThrows(IrqscopeException.class, () -> reader.next(run -> { })).getMessage()
                    .contains("are no run"));
            transport.buffer.putInt(Contract.Run.COUNT, -1);
            assertThrows(IrqscopeException.class, () -> reader.next(run -> { }));
        }
    }

    @Test
    void makesNoObjectPerEvent() {
        int runs = 8;
        int events = 500;
        EndlessTransport transport = new EndlessTransport(runs, events);
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        try (Session session = Session.open("edu0", transport, () -> "", closed -> { });
                EventReader reader = session.events(EventOptions.immediate())) {
            Sum sum = new Sum();
            for (int warm = 0; warm < 50; warm++) {
                reader.next(sum);
            }
            sum.events = 0;
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int read = 0; read < 1000; read++) {
                reader.next(sum);
            }
            long allocated = threads.getCurrentThreadAllocatedBytes() - before;
            assertEquals(1000L * runs * events, sum.events);
            assertTrue(allocated < 64 * 1024, allocated + " bytes for " + sum.events + " events");
            assertTrue(sum.latency > 0);
        }
    }

    private Session connectedSession() {
        driver.resources.add(FakeDriver.line(0, GROUP_1, true));
        return driver.session();
    }

    private static Connection connect(Session session, int events) {
        return session.connect(ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0))
                .withEvents(events));
    }

    private static final class Sum implements EventHandler {
        private long events;
        private long latency;

        @Override
        public void run(EventRun run) {
            while (run.next()) {
                events++;
                latency += run.triggerToIsr() + run.isrToDpc() + run.time() % 3 + run.target() + run.group()
                        + run.number() + (run.claimed() ? 1 : 0);
            }
        }
    }

    /** Every read has come at once and brings the same runs. */
    private static final class EndlessTransport implements Transport {
        private final ByteBuffer buffer;

        EndlessTransport(int runs, int events) {
            buffer = ByteBuffer.allocateDirect(runs * (Contract.Run.SIZE + events * Contract.Event.SIZE))
                    .order(ByteOrder.LITTLE_ENDIAN);
            int at = 0;
            for (int run = 0; run < runs; run++) {
                buffer.putInt(at + Contract.Run.COUNT, events);
                buffer.putShort(at + Contract.Run.GROUP, (short) run);
                for (int event = 0; event < events; event++) {
                    buffer.putInt(at + Contract.Run.SIZE + event * Contract.Event.SIZE
                            + Contract.Event.TRIGGER_TO_ISR, event);
                }
                at += Contract.Run.SIZE + events * Contract.Event.SIZE;
            }
        }

        @Override
        public Completion control(int code, ByteBuffer input, ByteBuffer output) {
            output.putInt(Contract.VersionReply.MAJOR, Contract.MAJOR);
            output.putLong(Contract.VersionReply.FREQUENCY, 1);
            output.position(output.limit());
            return new Completion(0, 0, output.position());
        }

        @Override
        public Read read(int code, ByteBuffer input, int size) {
            return new Read() {
                @Override
                public void start() {
                    buffer.position(0);
                }

                @Override
                public boolean await(long milliseconds) {
                    return true;
                }

                @Override
                public int status() {
                    return 0;
                }

                @Override
                public int win32() {
                    return 0;
                }

                @Override
                public ByteBuffer buffer() {
                    return buffer;
                }

                @Override
                public void close() {
                    buffer.position(0);
                }
            };
        }

        @Override
        public void close() {
            buffer.clear();
        }
    }
}
