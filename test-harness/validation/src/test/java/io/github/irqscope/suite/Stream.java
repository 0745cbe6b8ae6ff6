package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.irqscope.Connection;
import io.github.irqscope.EventReader;
import io.github.irqscope.EventRun;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Slot;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Adds up the events of one connection, checking each run against the one before it. */
final class Stream {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Map<Processor, Long> where = new TreeMap<>();
    private final Map<String, Long> nextSequence = new HashMap<>();
    private final Map<Integer, Long> claimedOfTarget = new TreeMap<>();
    private long delivered;
    private long lost;
    private long claimed;
    private long stray;
    private long timed;

    /** Reads until every run of an ISR is accounted for: handed over, or counted as lost. */
    static Stream of(Connection connection, EventReader reader) {
        Stream stream = new Stream();
        stream.readAll(connection, reader);
        return stream;
    }

    void readAll(Connection connection, EventReader reader) {
        long produced = produced(connection);
        while (delivered + ringLosses(connection) < produced) {
            if (!reader.next(this::add, PATIENCE)) {
                throw new AssertionError(produced + " events were produced, " + delivered + " handed over and "
                        + ringLosses(connection) + " lost; no more came"
                        + (reader.hasEnded() ? ": the stream has ended" : ""));
            }
        }
        assertEquals(produced, delivered + ringLosses(connection), "produced = delivered + lost");
    }

    /** Takes the sequence of the run's processor as begun, for a reader that was not there from the start. */
    void continueAt(EventRun run) {
        nextSequence.putIfAbsent(key(run), run.sequence() - run.lost());
    }

    void add(EventRun run) {
        String key = key(run);
        long expected = nextSequence.getOrDefault(key, 0L);
        assertEquals(expected + run.lost(), run.sequence(), () -> "the sequence of " + key + ", lost ones counted");
        nextSequence.put(key, run.sequence() + run.count());
        lost += run.lost();
        long before = 0;
        while (run.next()) {
            delivered++;
            where.merge(run.processor(), 1L, Long::sum);
            if (run.claimed()) {
                claimed++;
                claimedOfTarget.merge(run.target(), 1L, Long::sum);
            }
            stray += run.stray() ? 1 : 0;
            timed += run.triggerToIsr() >= 0 ? 1 : 0;
            if (run.time() < before) {
                throw new AssertionError("time runs backwards on " + key);
            }
            before = run.time();
        }
    }

    /* Processors without a slot share the stray one, whose events are one sequence. */
    private static String key(EventRun run) {
        boolean stray = run.next() && run.stray();
        run.rewind();
        return run.connection() + (stray ? " stray" : " " + run.group() + ":" + run.number() + "@" + run.irql());
    }

    /** Events handed over. */
    long delivered() {
        return delivered;
    }

    /** Events that the runs said were lost before them. */
    long lost() {
        return lost;
    }

    /** Of those handed over: the device said that it interrupted. */
    long claimed() {
        return claimed;
    }

    /** Of one interrupt object. */
    long claimed(int target) {
        return claimedOfTarget.getOrDefault(target, 0L);
    }

    /** On a processor that has no slot. */
    long stray() {
        return stray;
    }

    /** With a measured time from the trigger to the ISR. */
    long timed() {
        return timed;
    }

    /** Where ISRs ran. */
    ProcessorSet where() {
        return ProcessorSet.of(where.keySet());
    }

    /** ISR runs on one processor. */
    long on(Processor processor) {
        return where.getOrDefault(processor, 0L);
    }

    /** Every run of an ISR of the connection. */
    static long produced(Connection connection) {
        return connection.counters().stream().mapToLong(each -> each.claimed() + each.notClaimed()).sum();
    }

    /** Events that found their ring full, whether a run has told of them or not. */
    static long ringLosses(Connection connection) {
        return connection.slots().stream().mapToLong(Slot::eventsLost).sum();
    }
}
