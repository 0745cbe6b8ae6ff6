package io.github.irqscope.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.EventRun;
import io.github.irqscope.Processor;
import io.github.irqscope.contract.Contract;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

import org.junit.jupiter.api.Test;

/** A clock of 1 GHz: a tick is a nanosecond. */
class WatchTest {
    private static final long START = 1_000_000;

    private final Watch watch = new Watch(500, 1_000_000_000);

    /** Events at these times, each answering its trigger after so long. */
    private void run(String where, int latency, long... times) {
        Processor processor = Processor.parse(where);
        ByteBuffer bytes = ByteBuffer.allocate(Contract.Run.SIZE + times.length * Contract.Event.SIZE)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(Contract.Run.BASE, START + times[0]).putInt(Contract.Run.COUNT, times.length)
                .putShort(Contract.Run.GROUP, (short) processor.group())
                .put(Contract.Run.NUMBER, (byte) processor.number());
        for (int i = 0; i < times.length; i++) {
            int place = Contract.Run.SIZE + i * Contract.Event.SIZE;
            bytes.putInt(place + Contract.Event.TIME, (int) (times[i] - times[0]))
                    .putInt(place + Contract.Event.TRIGGER_TO_ISR, latency)
                    .putShort(place + Contract.Event.FLAGS,
                            (short) (Contract.EVENT_CLAIMED | Contract.EVENT_PACED));
        }
        EventRun run = new EventRun();
        run.read(bytes, 0);
        watch.begin(processor);
        while (run.next()) {
            watch.take(run);
        }
    }

    private static List<String> told(List<Stop.Before> events) {
        return events.stream().map(event -> event.processor() + " " + event.ago() + " ago").toList();
    }

    @Test
    void whatCameBeforeOnOtherProcessorsIsToldInTheOrderOfTime() {
        run("g0:1", 10, 100, 300);
        run("g1:2", 20, 200, 400);
        assertFalse(watch.hasHit());
        assertNull(watch.hit());
        run("g0:5", 30, 250);
        run("g0:5", 600, 450);
        Watch.Hit hit = watch.hit();
        assertEquals("g0:5", hit.processor().toString());
        assertEquals(600, hit.latency());
        assertEquals(List.of("g0:5 200 ago"), told(hit.before()));
        assertEquals(List.of("g0:1 350 ago", "g1:2 250 ago", "g0:1 150 ago", "g1:2 50 ago"), told(hit.elsewhere()));
        assertEquals(20, hit.elsewhere().get(1).latency());
    }

    /** Each processor's runs are delivered for themselves, so the late one may be read first. */
    @Test
    void whatCameBeforeAndIsReadLaterIsToldAndWhatCameAfterIsNot() {
        run("g0:5", 600, 450);
        run("g0:1", 10, 100, 449, 450, 451, 900);
        run("g0:5", 10, 500);
        run("g0:6", 700, 440);
        Watch.Hit hit = watch.hit();
        assertEquals("g0:5", hit.processor().toString());
        assertEquals(List.of(), told(hit.before()));
        assertEquals(List.of("g0:1 350 ago", "g0:6 10 ago", "g0:1 1 ago", "g0:1 0 ago"), told(hit.elsewhere()));
    }

    @Test
    void theLastSixteenOfAllOtherProcessorsAreTold() {
        for (int number = 0; number < 40; number++) {
            run("g0:" + number, 10, 1000 - number);
            run("g0:" + number, 10, 1100 + number, 3000);
        }
        run("g1:0", 600, 2000);
        List<String> told = told(watch.hit().elsewhere());
        assertEquals(Watch.KEPT, told.size());
        assertEquals("g0:24 876 ago", told.get(0));
        assertEquals("g0:39 861 ago", told.get(15));
        assertTrue(told.stream().noneMatch(event -> event.contains(" 0 ago")), told.toString());
    }
}
