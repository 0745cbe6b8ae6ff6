package io.github.irqscope.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.Device;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.RestartResult;
import io.github.irqscope.Way;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpectationFileTest {
    private static String document() throws Exception {
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/expectations.md"))) {
            root = root.getParent();
        }
        String text = Files.readString(root.resolve("docs/expectations.md"));
        int start = text.indexOf("```yaml\n") + 8;
        return text.substring(start, text.indexOf("```", start));
    }

    private static ValidationReport run(String text, String... faults) {
        try (Bed bed = Bed.open(BedOptions.sim().withFaults(List.of(faults)))) {
            return new ExpectationCheck(bed, ExpectationFile.parse(text), ValidationOptions.everything(), target -> { })
                    .run();
        }
    }

    @Test
    void theDocumentsExampleIsKeptByTheSimulatedMachine() throws Exception {
        ExpectationFile file = ExpectationFile.parse(document());
        assertEquals("the lab's second machine", file.title());
        Wanted first = file.wanted().get(0);
        assertEquals(List.of("edu0", "message:0", "group:0"),
                List.of(first.device(), first.resource().toString(), first.processors()));
        assertEquals(List.of(1000L, 10000L, 20_000L, 50_000L, 1_000_000L, 1L),
                List.of((long) first.count(), (long) first.rate(), first.p50(), first.p99(), first.max(), first.lost()));
        assertEquals(Way.MESSAGE_BASED, file.wanted().get(1).way());
        ValidationReport report = run(document());
        assertEquals(0, report.exitCode(), report::toJson);
        assertEquals(6, report.targets().size());
    }

    @Test
    void jsonSaysTheSame() {
        ValidationReport report = run("{\"expect\": [{\"device\": \"edu0\",\n  \"processors\": \"g0:0-63\"}]}");
        assertEquals(0, report.exitCode(), report::toJson);
    }

    @Test
    void anotherGroupThanWantedIsWrong() {
        ValidationReport report = run("expect:\n- device: edu0\n  group: 1\n");
        assertEquals(Verdict.WRONG_GROUP, report.verdict());
        assertEquals(1, report.exitCode());
    }

    @Test
    void aLimitThatIsNotKeptIsNotAsExpected() {
        ValidationReport report = run("expect:\n- device: edu0\n  latency: {max: 1ns}\n");
        assertEquals(1, report.exitCode());
        assertEquals(Verdict.LANDED, report.verdict());
        assertTrue(report.sentence().contains("not within the limits"), report.sentence());
        assertTrue(report.sentence().contains("latency.max is"), report.sentence());
    }

    @Test
    void asManyAsAreAllowedMayBeLost() {
        String file = "expect:\n- device: edu0\n  count: 90\n  lost: ";
        assertEquals(0, run(file + "50%", "lost device=edu0").exitCode());
        assertEquals(1, run(file + "29", "lost device=edu0").exitCode());
        assertEquals(0, run(file + "30", "lost device=edu0").exitCode());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, value = {
        "'' | 1:1 | empty",
        "'expect:' | 1:8 | a value was expected",
        "'expect: []' | 1:9 | a list",
        "'expct:\n- device: edu0' | 1:1 | no such key \"expct\"",
        "'expect:\n- resource: line:0' | 2:3 | \"device:\" was expected",
        "'expect:\n- device: edu0\n  group: x' | 3:10 | a whole number from 0",
        "'expect:\n- device: edu0\n  processors: \"g1:4-x\"' | 3:21 | number was expected",
        "'expect:\n- device: edu0\n  processors: g0:64' | 3:18 | 0 to 63",
        "'expect:\n- device: edu0\n  group: 1\n  node: 1' | 4:3 | already says where",
        "'expect:\n- device: edu0\n   group: 1' | 3:4 | expected in column 3",
        "'expect:\n- device: edu0\n  device: edu1' | 3:3 | second time",
        "'expect:\n\t- device: edu0' | 2:1 | a tab cannot indent",
        "'expect:\n- device: edu0\n \tgroup: 1' | 3:2 | a tab cannot indent",
        "'expect:\n- device: edu0\n  latency: {p99 50us}' | 3:21 | a colon",
        "'expect:\n- device: edu0\n  latency: {p99: 50}' | 3:18 | a time such as 50us",
        "'expect:\n- device: edu0\n  lost: 101%' | 3:9 | 0% to 100%",
        "'expect:\n- device: \"edu0' | 2:11 | no end in its line",
        "'expect:\n- device: &x' | 2:11 | not read here",
        "'{\"expect\": [{\"device\": \"edu0\"]}' | 1:30 | a comma or"})
    void refusesNonsenseNamingLineAndColumn(String text, String place, String why) {
        ExpectationSyntaxException refused = assertThrows(ExpectationSyntaxException.class,
                () -> ExpectationFile.parse(text == null ? "" : text));
        assertEquals(place, refused.line() + ":" + refused.column(), refused.getMessage());
        assertTrue(refused.reason().contains(why), refused.getMessage());
    }

    @Test
    void aTabThatIndentsNothingIsABlank() {
        assertEquals("edu0", ExpectationFile.parse("expect:\t\n\t\n \t# why\n-\tdevice: edu0\t\n").wanted().get(0).device());
        assertEquals("edu0", ExpectationFile.parse("{\n\t\"expect\": [\n\t\t{\"device\": \"edu0\"}\n\t]\n}\n").wanted()
                .get(0).device());
    }

    @Test
    void aGroupThatTheMachineDoesNotHaveIsAMistakeOfTheFile() {
        ExpectationSyntaxException refused = assertThrows(ExpectationSyntaxException.class,
                () -> run("expect:\n- device: edu0\n  node: 7\n"));
        assertEquals("3:9", refused.line() + ":" + refused.column());
        assertTrue(refused.reason().contains("no node 7"), refused.reason());
    }

    @Test
    void driftGivesWayToARestartAndAsksAgain() {
        try (Bed bed = Bed.open(BedOptions.sim())) {
            Device device = bed.device("edu0");
            device.policy(Policy.specified(ProcessorSet.parse("g1:4-7")));
            List<RestartResult> restarts = new ArrayList<>();
            ValidationOptions options = ValidationOptions.everything().withDevices(List.of("edu0")).withPolicies(false)
                    .withCount(10);
            ValidationReport report = new Drift(bed, options, Duration.ofSeconds(10), Duration.ofSeconds(1), passed -> {
                if (restarts.isEmpty()) {
                    restarts.add(device.restart());
                }
            }).run();
            assertEquals(List.of(RestartResult.RESTARTED), restarts);
            assertEquals(1, report.moves().size(), report::toJson);
            assertEquals("g0:0-63", report.moves().get(0).from().toString());
            assertEquals("g1:4-7", report.moves().get(0).to().toString());
            assertEquals(Verdict.RETARGETED, report.verdict());
            assertEquals(List.of(), report.notes());
            assertTrue(report.targets().get(0).sent() >= 90, "it went on: " + report.toJson());
        }
    }

    @Test
    void aSweepHasATargetForEachProcessorAndADriftSeesAMove() {
        try (Bed bed = Bed.open(BedOptions.sim().withMachine("4x2").withFaults(List.of("retarget device=edu0 after=90")))) {
            ValidationOptions options = ValidationOptions.everything().withDevices(List.of("edu0"))
                    .withWays(List.of(Way.FULLY_SPECIFIED_GROUP)).withCount(5);
            ValidationReport sweep = new Validation(bed, options.withSweep(Sweep.PROCESSOR), target -> { }).run();
            assertEquals(8, sweep.targets().size());
            assertEquals(0, sweep.exitCode(), sweep::toJson);
            ValidationReport drift = new Drift(bed, options, Duration.ofMinutes(1), Duration.ofSeconds(1),
                    passed -> { }).run();
            assertEquals(Verdict.RETARGETED, drift.verdict(), drift::toJson);
            assertEquals(1, drift.moves().size());
            assertEquals(drift.targets().get(0).previousGranted(), drift.moves().get(0).from());
        }
    }

    @Test
    void aThresholdEndsARunAndTellsWhatCameBefore() {
        try (Bed bed = Bed.open(BedOptions.sim())) {
            ValidationReport report = new Validation(bed, ValidationOptions.everything().withDevices(List.of("edu0"))
                    .withWays(List.of(Way.FULLY_SPECIFIED_GROUP)).withCount(2000).withStopAt(Duration.ofNanos(3500)),
                    target -> { }).run();
            assertEquals(1, report.exitCode());
            assertTrue(report.stop().latency() >= 3500);
            assertTrue(report.stop().before().stream().allMatch(event -> event.latency() < 3500));
            assertTrue(report.stop().noise().watched() > 0);
        }
    }
}
