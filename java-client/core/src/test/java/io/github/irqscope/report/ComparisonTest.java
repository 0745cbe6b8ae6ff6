package io.github.irqscope.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Processor;
import io.github.irqscope.json.JsonReader;
import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.report.Comparison.Says;
import io.github.irqscope.validation.ValidationReport;
import io.github.irqscope.validation.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ComparisonTest {
    private static final String TARGET = "{\"device\":\"edu0\",\"resource\":\"message:%d\",\"way\":"
            + "\"fully-specified-group\",\"message\":0,\"requested\":\"g0:0-3\",\"granted\":\"g0:0-3\",\"grantedBy\":"
            + "\"interrupt-object\",\"status\":\"0x00000000\",\"observed\":{\"g0:%d\":100},\"sent\":100,\"arrived\":100,"
            + "\"lost\":%d,\"spurious\":0,\"foreign\":0,\"coalesced\":0,\"eventsLost\":0,\"expected\":\"LANDED\","
            + "\"connectedAs\":\"message\",\"messagesAsked\":1,\"messagesGranted\":1,\"latency\":{\"count\":100,\"p50\":%d,"
            + "\"p99\":%d,\"max\":%d,\"resolution\":100}}";

    @TempDir
    private Path folder;

    private Fabricated run(String name) {
        return new Fabricated(folder.resolve(name));
    }

    /** 2,000 events a second on each of four processors for a second; ticks of each by a generator. */
    private static Fabricated scattered(Fabricated to, Random random, double factor) {
        for (int processor = 0; processor < 4; processor++) {
            for (int run = 0; run < 100; run++) {
                LongUnaryOperator ticks = event -> (long) (factor * (400 + 40 * random.nextGaussian()
                        + (random.nextInt(50) == 0 ? random.nextInt(800) : 0)));
                to.run("g0:" + processor, run * 10_000L, 20, 500, 0, ticks);
            }
        }
        return to;
    }

    private static Comparison compare(Fabricated a, Fabricated b, double tolerance) {
        Evidence one = a.evidence();
        Evidence other = b.evidence();
        try (RecordingReader again = RecordingReader.open(a.write());
                RecordingReader otherAgain = RecordingReader.open(b.write())) {
            return Comparison.of(one, again, other, otherAgain, tolerance, reader -> { });
        }
    }

    private static Comparison.Line line(Comparison comparison, String processor, Metric metric) {
        Processor wanted = processor == null ? null : Processor.parse(processor);
        return comparison.lines().stream().filter(one -> one.metric() == metric
                && (wanted == null ? one.processor() == null : wanted.equals(one.processor()))).findFirst().orElseThrow();
    }

    @Test
    void aRunIsTheSameAsItself() {
        Comparison comparison = compare(run("a").steady(40), run("b").steady(40), 0);
        assertEquals(Says.SAME, comparison.says());
        assertEquals("The same: no difference beyond noise and the tolerance of 0 % in 30 comparisons.",
                comparison.sentence());
        assertEquals(List.of(), comparison.notes());
    }

    @Test
    void slowerIsWorseAndQuickerIsBetter() {
        Comparison worse = compare(run("a").steady(40), run("b").steady(60), 0.05);
        assertEquals(Says.WORSE, worse.says());
        Comparison.Line median = line(worse, null, Metric.DPC_P50);
        assertEquals(Says.WORSE, median.says());
        assertEquals(4000, median.a(), 130);
        assertEquals(6000, median.b(), 200);
        assertTrue(worse.sentence().startsWith("Worse: ISR to DPC p50 is 6"), worse.sentence());
        assertEquals(Says.BETTER, compare(run("a").steady(60), run("b").steady(40), 0.05).says());
    }

    @Test
    void whatIsWithinTheToleranceIsTheSame() {
        assertEquals(Says.SAME, compare(run("a").steady(1000), run("b").steady(1100), 0.15).says());
        assertEquals(Says.WORSE, compare(run("a").steady(1000), run("b").steady(1100), 0.05).says());
    }

    @Test
    void aDifferenceBelowTheClocksAndTheHistogramsResolutionIsTheSame() {
        assertEquals(Says.SAME, line(compare(run("a").run("g0:0", 0, 1000, 1000, 0, event -> 1000).run("g0:0", 1_000_000,
                1000, 1000, 0, event -> 1000), run("b").run("g0:0", 0, 1000, 1000, 0, event -> 1020).run("g0:0",
                1_000_000, 1000, 1000, 0, event -> 1020), 0), null, Metric.DPC_P50).says());
    }

    @Test
    void equalRunsAreCalledTheSameThoughTheyScatter() {
        Random random = new Random(11);
        List<String> alarms = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Comparison comparison = compare(scattered(run("a"), random, 1), scattered(run("b"), random, 1), 0);
            if (comparison.says() != Says.SAME) {
                alarms.add(comparison.sentence());
            }
        }
        assertTrue(alarms.size() <= 2, "of 30 comparisons of equal runs say that there is a difference: " + alarms);
    }

    @Test
    void aTenthMoreIsSeenThroughTheScatter() {
        Random random = new Random(12);
        for (int i = 0; i < 5; i++) {
            Comparison comparison = compare(scattered(run("a"), random, 1), scattered(run("b"), random, 1.1), 0.05);
            assertEquals(Says.WORSE, line(comparison, null, Metric.DPC_P50).says(), comparison.sentence());
        }
    }

    @Test
    void aProcessorThatIsSlowerAloneIsNamed() {
        Fabricated slow = run("b");
        for (int block = 0; block < 100; block++) {
            int number = block;
            for (int processor = 0; processor < 4; processor++) {
                int ticks = processor == 2 ? 80 : 40;
                int its = processor;
                slow.run("g0:" + processor, block * 10_000L, 10, 1000, 0,
                        event -> ticks + (number * 7 + event * 13 + its * 5) % 11 - 5);
            }
        }
        Comparison comparison = compare(run("a").steady(40), slow, 0.05);
        assertEquals(Says.WORSE, line(comparison, "g0:2", Metric.DPC_P50).says());
        assertEquals(Says.SAME, line(comparison, "g0:1", Metric.DPC_P50).says());
        assertEquals("g0:2", comparison.different().get(0).processor().toString());
    }

    @Test
    void theFirstIsrOutsideAndTheFirstLossAreWorseHoweverRare() {
        Comparison outside = compare(run("a").steady(40), run("b").steady(40).run("g0:5", 500_000, 1, 1), 0.5);
        assertEquals(Says.WORSE, line(outside, null, Metric.OUTSIDE).says());
        assertEquals(Says.WORSE, outside.says());
        assertEquals(List.of(new Comparison.Turn("edu0 message:0 message-based g0:0-7", Verdict.LANDED,
                Verdict.OUTSIDE_MASK, Says.WORSE)), outside.turns());
        Comparison lost = compare(run("a").steady(40), run("b").steady(40).run("g0:0", 500_000, 1, 1, 1, event -> 40),
                0.5);
        assertEquals(Says.WORSE, line(lost, null, Metric.EVENTS_LOST).says());
        assertTrue(lost.notes().get(0).contains("b: the stream lost 1 event"), lost.notes().toString());
    }

    @Test
    void movementBetweenProcessorsIsShownAndNotJudged() {
        Fabricated before = run("a");
        Fabricated after = run("b");
        for (int block = 0; block < 100; block++) {
            before.run("g0:0", block * 10_000L, 10, 1000);
            after.run("g0:1", block * 10_000L, 10, 1000);
        }
        Comparison comparison = compare(before, after, 0.05);
        assertEquals(Says.SAME, comparison.says());
        assertEquals(Says.MOVED, line(comparison, "g0:0", Metric.RATE).says());
        assertEquals(Says.MOVED, line(comparison, "g0:1", Metric.RATE).says());
    }

    @Test
    void fewerIsrsOfTheSameLoadAreWorse() {
        Fabricated half = run("b");
        for (int block = 0; block < 100; block++) {
            for (int processor = 0; processor < 4; processor++) {
                half.run("g0:" + processor, block * 10_000L, 5, 2000);
            }
        }
        Comparison comparison = compare(run("a").steady(40), half, 0.05);
        assertEquals(Says.WORSE, line(comparison, null, Metric.RATE).says());
        assertEquals(Says.MOVED, line(comparison, "g0:3", Metric.RATE).says());
    }

    @Test
    void aRunInWhichNothingRanIsWorseThanOneInWhichSomethingDid() {
        Comparison comparison = compare(run("a").steady(40), run("b"), 0.5);
        assertEquals(Says.WORSE, comparison.says());
        assertEquals("Worse: rate is 0.0/s and was 4,004/s (-100.0 %), beyond noise and the tolerance of 50 %.",
                comparison.sentence());
        assertEquals(comparison.says().text(), JsonReader.readObject(comparison.toJson()).get("verdict"));
        assertEquals(Says.MOVED, line(comparison, "g0:1", Metric.RATE).says());
        assertEquals(Says.BETTER, compare(run("a"), run("b").steady(40), 0.05).says());
    }

    @Test
    void whereNothingRanInEitherNothingIsTheSame() {
        Comparison comparison = compare(run("a"), run("b"), 0.05);
        assertEquals(Says.UNKNOWN, comparison.says());
        assertEquals(0, comparison.judged());
        assertEquals("Unknown: nothing that both runs have can be compared.", comparison.sentence());
    }

    // ---- Results -------------------------------------------------------------------------------------------------

    private static Evidence result(String name, int targets, int lost, double factor) {
        StringBuilder all = new StringBuilder();
        Random random = new Random(name.hashCode());
        for (int i = 0; i < targets; i++) {
            long p50 = (long) (factor * (2000 + i + random.nextInt(50)));
            all.append(i == 0 ? "" : ",").append(String.format(TARGET, i, i % 4, i == 0 ? lost : 0, p50, p50 + 900,
                    p50 + 1000));
        }
        return Evidence.of(name, ValidationReport.parse("{\"schema\":1,\"bed\":\"sim\",\"machine\":{\"groups\":[{\"group\":0,"
                + "\"active\":\"g0:0-3\"}]},\"targets\":[" + all + "]}"));
    }

    @Test
    void resultsArePairedByTarget() {
        assertEquals(Says.SAME, Comparison.of(result("a", 40, 0, 1), result("b", 40, 0, 1), 0.02).says());
        Comparison slower = Comparison.of(result("a", 40, 0, 1), result("b", 40, 0, 1.2), 0.05);
        assertEquals(Says.WORSE, line(slower, null, Metric.TRIGGER_P50).says());
        assertEquals(Says.WORSE, line(slower, "g0:3", Metric.TRIGGER_P50).says());
    }

    @Test
    void aTargetThatTurnsOutWorseIsNamed() {
        Comparison comparison = Comparison.of(result("a", 40, 0, 1), result("b", 40, 1, 1), 0.05);
        assertEquals(Says.WORSE, comparison.says());
        assertEquals(Says.WORSE, line(comparison, null, Metric.NEVER_CAME).says());
        assertEquals(List.of(new Comparison.Turn("edu0 message:0 fully-specified-group g0:0-3", Verdict.LANDED,
                Verdict.LOST, Says.WORSE)), comparison.turns());
        assertEquals(Says.BETTER, Comparison.of(result("a", 40, 1, 1), result("b", 40, 0, 1), 0.05).says());
    }

    @Test
    void targetsThatOnlyOneRunHasAreNamed() {
        Comparison comparison = Comparison.of(result("a", 40, 0, 1), result("b", 38, 0, 1), 0.05);
        assertEquals(List.of("only in a: edu0 message:38 fully-specified-group g0:0-3, and 1 target more"),
                comparison.notes());
    }

    @Test
    void tooFewTargetsSayNothingOfScatter() {
        Comparison comparison = Comparison.of(result("a", 3, 0, 1), result("b", 3, 0, 2), 0.05);
        assertEquals(Says.UNKNOWN, line(comparison, null, Metric.TRIGGER_P50).says());
        Map<?, ?> document = JsonReader.readObject(comparison.toJson());
        Map<?, ?> median = (Map<?, ?>) ((List<?>) document.get("sum")).stream().filter(one -> ((Map<?, ?>) one).get(
                "metric").equals("trigger to ISR p50")).findFirst().orElseThrow();
        assertEquals(null, median.get("band"));
        assertEquals("unknown", median.get("says"));
        assertEquals("unknown", document.get("verdict"), "twice as slow is not the same");
        assertTrue(comparison.sentence().matches("Unknown: trigger to ISR p50 is 4\\.[0-9]+ us and was 2\\.[0-9]+ us "
                + "\\(\\+[0-9.]+ %\\), and 2 more; the runs have too few parts to say whether that is chance\\."),
                comparison.sentence());
        assertEquals(Says.SAME, Comparison.of(result("a", 3, 0, 1), result("a", 3, 0, 1), 0).says());
    }
}
