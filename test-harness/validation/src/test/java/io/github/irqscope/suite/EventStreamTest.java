package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.github.irqscope.Bed;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.Connection;
import io.github.irqscope.EventHandler;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.EventRun;
import io.github.irqscope.Histogram;
import io.github.irqscope.HistogramKind;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Session;
import io.github.irqscope.Slot;
import io.github.irqscope.Trigger;
import io.github.irqscope.Way;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The stream of events: complete or its losses counted, cheap to read, and ended from anywhere. */
class EventStreamTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    @OnBeds
    void whatFindsItsRingFullIsCountedToTheLastEvent(Lab lab) {
        Bed bed = lab.open("4x2");
        for (String name : List.of("edu0", "edu1", "igb0")) {
            try (Session session = bed.device(name).open();
                    Connection connection = session.connect(ConnectRequest.of(
                            Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)).withEvents(16))) {
                assertEquals(500, connection.trigger(Trigger.paced(0, 500)).arrived(), name);
                long lostInRings = Stream.ringLosses(connection);
                assertTrue(lostInRings > 0, () -> name + ": 500 events do not fit rings of 16");
                try (EventReader reader = session.events(EventOptions.immediate())) {
                    Stream stream = Stream.of(connection, reader);
                    assertEquals(500, stream.delivered() + lostInRings, name);
                    long before = stream.delivered();
                    /* The loss behind the last event of a ring is told before the next one. */
                    for (int more = 0; more < 200 && stream.lost() < lostInRings; more++) {
                        connection.trigger(Trigger.paced(0, 1));
                        stream.readAll(connection, reader);
                    }
                    assertEquals(lostInRings, stream.lost(), name);
                    assertEquals(Stream.produced(connection), stream.delivered() + stream.lost(), name);
                    assertTrue(stream.delivered() > before, name);
                }
            }
        }
    }

    @OnBeds
    void nothingIsLostWhileTheReaderKeepsUp(Lab lab) {
        Bed bed = lab.open("64/16/64");
        try (Session session = bed.device("igb0").open();
                Connection connection = session.connect(ConnectRequest.of(Way.MESSAGE_BASED));
                EventReader reader = session.events(EventOptions.immediate())) {
            Stream stream = new Stream();
            for (int round = 0; round < 50; round++) {
                connection.trigger(Trigger.burst(Trigger.ALL, 20));
                stream.readAll(connection, reader);
            }
            assertEquals(0, stream.lost());
            assertEquals(Stream.produced(connection), stream.delivered());
            for (Slot slot : connection.slots()) {
                if (!slot.stray()) {
                    assertEquals(slot.claimed() + slot.notClaimed(), countOn(connection, stream, slot),
                            "slots and events agree on " + slot.processor());
                }
            }
        }
    }

    /* Several slots of one processor differ in their IRQL; events are counted by processor. */
    private static long countOn(Connection connection, Stream stream, Slot slot) {
        long others = connection.slots().stream()
                .filter(other -> !other.stray() && other.number() != slot.number()
                        && other.processor().equals(slot.processor()))
                .mapToLong(other -> other.claimed() + other.notClaimed()).sum();
        return stream.on(slot.processor()) - others;
    }

    @OnBeds
    void onlyPacedTriggersCarryATime(Lab lab) {
        Bed bed = lab.open("1x8");
        try (Session session = bed.device("edu0").open();
                Connection connection = session.connect(
                        ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
                EventReader reader = session.events(EventOptions.immediate())) {
            connection.trigger(Trigger.paced(0, 100));
            assertEquals(100, Stream.of(connection, reader).timed());
            connection.trigger(Trigger.burst(0, 100));
            Stream burst = new Stream();
            while (reader.next(run -> {
                while (run.next()) {
                    assertEquals(-1, run.triggerToIsr());
                    assertFalse(run.paced());
                }
            }, Duration.ZERO)) {
                assertEquals(0, burst.timed());
            }
        }
    }

    @OnBeds
    void histogramsLoadIntoHdrHistogramWithinTheirPrecision(Lab lab) {
        Bed bed = lab.open("2x64");
        try (Session session = bed.device("edu0").open();
                Connection connection = session.connect(
                        ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
                EventReader reader = session.events(EventOptions.immediate())) {
            List<Long> toIsr = new ArrayList<>();
            List<Long> toDpc = new ArrayList<>();
            for (int round = 0; round < 20; round++) {
                connection.trigger(Trigger.paced(0, 100));
                while (reader.next(run -> collect(run, toIsr, toDpc), Duration.ZERO)) {
                    assertTrue(toIsr.size() <= 2000);
                }
            }
            while (toIsr.size() < 2000) {
                assertTrue(reader.next(run -> collect(run, toIsr, toDpc), PATIENCE));
            }
            compare(toIsr, connection.histogram(HistogramKind.TRIGGER_TO_ISR));
            Histogram duration = connection.histogram(HistogramKind.ISR_DURATION);
            assertEquals(2000, duration.total(), "each ISR has a duration");
            Histogram dpc = connection.histogram(HistogramKind.ISR_TO_DPC);
            assertTrue(dpc.total() > 0 && dpc.total() <= 2000);
            assertTrue(toDpc.stream().mapToLong(each -> each).min().orElseThrow() >= dpc.minimum());
        }
    }

    private static void collect(EventRun run, List<Long> toIsr, List<Long> toDpc) {
        while (run.next()) {
            toIsr.add(run.triggerToIsr());
            if (run.isrToDpc() >= 0) {
                toDpc.add(run.isrToDpc());
            }
        }
    }

    /* The driver's buckets hold values to within 1/32, HdrHistogram's to two digits: they must agree within both. */
    private static void compare(List<Long> ticks, Histogram ours) {
        assertEquals(ticks.size(), ours.total());
        org.HdrHistogram.Histogram exact = new org.HdrHistogram.Histogram(Histogram.HIGHEST, 3);
        ticks.forEach(exact::recordValue);
        org.HdrHistogram.Histogram loaded = new org.HdrHistogram.Histogram(Histogram.HIGHEST, 3);
        for (int bucket = 0; bucket < Histogram.BUCKETS; bucket++) {
            if (ours.count(bucket) != 0) {
                loaded.recordValueWithCount(Histogram.highest(bucket), ours.count(bucket));
            }
        }
        assertEquals(exact.getTotalCount(), loaded.getTotalCount());
        for (double percent : new double[] {0, 10, 50, 90, 99, 99.9, 100}) {
            double wanted = exact.getValueAtPercentile(percent);
            double got = loaded.getValueAtPercentile(percent);
            assertTrue(Math.abs(got - wanted) <= wanted / 32 + wanted / 500 + 1,
                    () -> percent + " %: " + wanted + " became " + got);
        }
    }

    @OnBeds
    void aReaderMakesNoObjectPerEvent(Lab lab) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Bed bed = lab.open("2x64");
        try (Session session = bed.device("edu0").open();
                Connection connection = session.connect(ConnectRequest.of(
                        Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)).withEvents(4096));
                EventReader reader = session.events(new EventOptions(2, 1 << 20, 0, Duration.ZERO))) {
            Adding adding = new Adding();
            long[] bytes = new long[6];
            long[] events = new long[6];
            for (int round = 0; round < bytes.length; round++) {
                connection.trigger(Trigger.burst(0, 20000));
                long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
                long counted = adding.events;
                while (reader.next(adding, Duration.ZERO)) {
                    adding.reads++;
                }
                bytes[round] = threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
                events[round] = adding.events - counted;
            }
            for (int round = 3; round < bytes.length; round++) {
                long each = bytes[round];
                long count = events[round];
                assertTrue(count > 4000, () -> "only " + count + " events");
                assertTrue(each < count / 4, () -> each + " bytes for " + count + " events: an object is 16 at least");
            }
        }
    }

    private static final class Adding implements EventHandler {
        private long events;
        private long reads;
        private long ticks;

        @Override
        public void run(EventRun run) {
            while (run.next()) {
                events++;
                ticks += run.time() + run.target() + run.isrToDpc();
            }
        }
    }

    @OnBeds
    void closingFromAnotherThreadWakesABlockedReader(Lab lab) throws Exception {
        Bed bed = lab.open("2x64");
        for (int what = 0; what < 3; what++) {
            Session session = bed.device("edu0").open();
            Connection connection = session.connect(
                    ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
            EventReader reader = session.events(EventOptions.immediate());
            CountDownLatch started = new CountDownLatch(1);
            CompletableFuture<Boolean> blocked = CompletableFuture.supplyAsync(() -> {
                started.countDown();
                return reader.next(run -> { });
            });
            assertTrue(started.await(10, TimeUnit.SECONDS));
            List<AutoCloseable> closers = List.of(reader, connection, session);
            closers.get(what).close();
            assertFalse(blocked.get(10, TimeUnit.SECONDS), "woken by the end of " + closers.get(what));
            assertTrue(reader.hasEnded());
            assertFalse(reader.next(run -> { }), "and it stays ended");
            connection.close();
            session.close();
            session.close();
            assertThrows(IllegalStateException.class, session::state);
        }
    }

    @OnBeds
    void closingRacesWithReadingManyTimes(Lab lab) throws Exception {
        Bed bed = lab.open("1x8");
        for (int round = 0; round < 100; round++) {
            Session session = bed.device("edu0").open();
            Connection connection = session.connect(
                    ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
            EventReader reader = session.events(EventOptions.immediate());
            CompletableFuture<Long> reading = CompletableFuture.supplyAsync(() -> {
                long runs = 0;
                while (reader.next(run -> { })) {
                    runs++;
                }
                return runs;
            });
            connection.trigger(Trigger.burst(0, 1 + round));
            if (round % 2 == 0) {
                connection.close();
            }
            session.close();
            assertTrue(reading.get(10, TimeUnit.SECONDS) >= 0);
        }
    }

    @OnBeds
    void aReadWithoutAConnectionIsRefusedByName(Lab lab) {
        Bed bed = lab.open("1x8");
        try (Session session = bed.device("edu0").open()) {
            Connection connection = session.connect(
                    ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
            EventReader reader = session.events(EventOptions.immediate());
            connection.close();
            assertFalse(reader.next(run -> { }), "its reads were completed by the last disconnect");
            assertEquals("STATUS_DEVICE_NOT_CONNECTED", NtStatus.name(reader.endStatus()));
            IrqscopeException refusal = assertThrows(IrqscopeException.class, () -> {
                try (EventReader late = session.events(EventOptions.immediate())) {
                    late.next(run -> { });
                }
            });
            assertEquals("STATUS_DEVICE_NOT_CONNECTED", refusal.ntStatusName().orElseThrow());
            assertTrue(refusal.getMessage().contains("edu0"), refusal.getMessage());
            PlugAndPlayTest.checkWorks(session, session.resources().get(0));
        }
    }

    @OnBeds
    void aReadIsHeldUntilItIsFullEnoughOrOldEnough(Lab lab) {
        Bed bed = lab.open("1x8");
        try (Session session = bed.device("edu0").open();
                Connection connection = session.connect(
                        ConnectRequest.of(Way.FULLY_SPECIFIED_GROUP, session.resources().get(0)));
                EventReader reader = session.events(
                        new EventOptions(2, 1 << 16, 32 + 16 * 1000, Duration.ofMillis(50)))) {
            connection.trigger(Trigger.paced(0, 3));
            Lab.say(bed, "advance 20000000");
            assertFalse(reader.next(run -> { }, Duration.ZERO), "neither full enough nor old enough");
            Lab.say(bed, "advance 40000000");
            assertTrue(reader.next(run -> { }, Duration.ZERO), "old enough");
            assertEquals(3, reader.events());
        }
    }
}
