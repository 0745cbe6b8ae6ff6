package io.github.irqscope.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Processor;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class TimelineTest {
    private static Fabricated events() {
        return new Fabricated(Path.of("none"));
    }

    private static long sum(Timeline timeline, String processor) {
        long sum = 0;
        for (int slice = 0; slice < timeline.slices(); slice++) {
            sum += timeline.count(Processor.parse(processor), slice);
        }
        return sum;
    }

    @Test
    void countsEachEventInItsSlice() {
        Timeline timeline = events().run("g0:0", 0, 3, 1000).run("g0:1", 2000, 1, 1).timeline();
        assertEquals(1_000_000, timeline.sliceNanoseconds());
        assertEquals(3, timeline.slices());
        for (int slice = 0; slice < 3; slice++) {
            assertEquals(1, timeline.count(Processor.parse("g0:0"), slice));
        }
        assertEquals(0, timeline.count(Processor.parse("g0:1"), 1));
        assertEquals(1, timeline.count(Processor.parse("g0:1"), 2));
    }

    @Test
    void keepsEveryEventWhenSlicesBecomeWider() {
        Fabricated events = events();
        for (int second = 0; second < 3600; second += 10) {
            events.run("g0:" + second % 4, second * 1_000_000L, 5, 1_000_000);
        }
        Timeline timeline = events.timeline();
        assertTrue(timeline.slices() <= Timeline.SLICES && timeline.slices() >= Timeline.SLICES / 2,
                timeline.slices() + " slices");
        assertEquals(3600 / 10 * 5, sum(timeline, "g0:0") + sum(timeline, "g0:1") + sum(timeline, "g0:2")
                + sum(timeline, "g0:3"));
        assertEquals(timeline.slices() - 1, 3594_000_000_000L / timeline.sliceNanoseconds());
    }

    @Test
    void takesEventsThatWereDeliveredLate() {
        Timeline timeline = events().run("g0:0", 5000, 1, 1).run("g0:1", 0, 1, 1).run("g0:0", 5100, 1, 1).timeline();
        assertEquals(1, timeline.count(Processor.parse("g0:1"), 0));
        assertEquals(2, timeline.count(Processor.parse("g0:0"), 5));
    }

    @Test
    void tellsWhenEventsWereLostAndWhenTheyRanOutside() {
        Timeline timeline = events().run("g0:0", 0, 1, 1).run("g0:1", 3000, 1, 1, 7, event -> 1)
                .run("g1:9", 4000, 2, 1000).timeline();
        assertEquals(7, timeline.lost(3));
        assertEquals(0, timeline.lost(0));
        assertEquals(1, timeline.outside(4));
        assertEquals(1, timeline.outside(5));
        assertEquals(0, timeline.outside(3));
        assertEquals(1, timeline.outside(Processor.parse("g1:9"), 4));
        assertEquals(0, timeline.outside(Processor.parse("g1:9"), 3));
        assertEquals(0, timeline.outside(Processor.parse("g0:0"), 0));
    }

    @Test
    void whatRanOutsideStaysInItsSliceWhenSlicesBecomeWiderAndMove() {
        Fabricated events = events();
        events.run("g0:6", 5_000_000, 3, 1);
        for (int second = 6; second < 3600; second++) {
            events.run("g0:0", second * 1_000_000L, 1, 1);
        }
        Timeline timeline = events.run("g1:9", 0, 2, 1).timeline();
        int first = 0;
        int other = (int) (5_000_000_000L / timeline.sliceNanoseconds());
        assertTrue(timeline.outside(Processor.parse("g1:9"), first) == 2 && timeline.outside(first) >= 2, "the first");
        long late = 0;
        for (int slice = Math.max(0, other - 1); slice <= other + 1; slice++) {
            late += timeline.outside(Processor.parse("g0:6"), slice);
        }
        assertEquals(3, late);
    }
}
