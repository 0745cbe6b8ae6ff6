package io.github.irqscope.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.FakeDriver;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Policy;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Way;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ValidationTest {
    private static final ProcessorSet GROUP_0 = ProcessorSet.parse("g0:0-3");
    private static final ProcessorSet GROUP_1 = ProcessorSet.parse("g1:0-3");

    private final FakeDriver driver = new FakeDriver();
    private final Bed bed = driver.asBed();

    @Test
    void whatIsAssignedIsTakenAsItIsOnARealBed() {
        driver.resources.add(FakeDriver.line(0, GROUP_1, true));
        ValidationReport report = run(ValidationOptions.everything().withWays(
                List.of(Way.IO_CONNECT_INTERRUPT, Way.FULLY_SPECIFIED, Way.FULLY_SPECIFIED_GROUP, Way.LINE_BASED)));
        assertEquals(0, report.exitCode(), report::toJson);
        assertEquals(List.of(Verdict.REFUSED, Verdict.REFUSED, Verdict.LANDED, Verdict.LANDED), verdicts(report));
        TargetResult landed = report.targets().get(2);
        assertEquals(GROUP_1, landed.requested());
        assertEquals(GROUP_1, landed.granted());
        assertEquals(100, landed.sent());
        assertEquals(100, landed.arrived());
        assertEquals(100, landed.observed().values().stream().mapToLong(Long::longValue).sum());
        assertEquals(0, landed.eventsLost());
        assertEquals(1, driver.starts);
        assertTrue(driver.keys.isEmpty());
        assertEquals(0, driver.connections());
    }

    @Test
    void everyGroupIsAskedForByPolicyAndThePolicyFoundIsPutBack() {
        driver.resources.add(FakeDriver.message(0, GROUP_0));
        driver.messagesAsked = 1;
        driver.onRestart = this::assignByPolicy;
        Policy found = Policy.of(5);
        bed.device("edu0").policy(found);
        ValidationReport report = run(ValidationOptions.everything().withPolicies(true));
        assertEquals(0, report.exitCode(), report::toJson);
        assertEquals(10, report.targets().size());
        assertEquals(List.of(GROUP_0, GROUP_1),
                report.targets().stream().map(TargetResult::requested).distinct().toList());
        assertTrue(report.targets().stream().allMatch(target -> "us".equals(target.restartedBy())));
        assertEquals(Optional.of(found), bed.device("edu0").policy());
        assertEquals(4, driver.starts);
    }

    @Test
    void thePolicyIsPutBackAfterAFailure() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        driver.onRestart = () -> driver.recordSizeMore = driver.starts == 2 ? -40 : 0;
        assertThrows(IrqscopeException.class, () -> run(ValidationOptions.everything().withPolicies(true)));
        assertEquals(Optional.empty(), bed.device("edu0").policy());
        assertEquals(3, driver.starts);
    }

    @Test
    void onlyTheProcessorsAskedForAreAskedFor() {
        driver.resources.add(FakeDriver.message(0, GROUP_0));
        driver.onRestart = this::assignByPolicy;
        ValidationReport report = run(ValidationOptions.everything().withPolicies(true)
                .withWays(List.of(Way.FULLY_SPECIFIED_GROUP)).withProcessors(ProcessorSet.parse("g1:1-2")));
        assertEquals(1, report.targets().size());
        assertEquals("g1:1-2", report.targets().get(0).granted().toString());
        assertEquals(0, report.exitCode());
    }

    private static List<String> handed(String mode, String processors, Way... ways) {
        try (Bed machine = Bed.open(BedOptions.sim().withMachine("2x8").withMode(mode))) {
            return new Validation(machine, ValidationOptions.everything().withPolicies(false)
                    .withDevices(List.of("edu1")).withProcessors(ProcessorSet.parse(processors)).withWays(List.of(ways)),
                    target -> { }).run().targets().stream().map(target -> target.requested() + " -> " + target.granted()
                    + " " + target.verdict() + " " + NtStatus.name(target.status())).toList();
        }
    }

    @Test
    void whereNoPolicyIsWrittenTheConnectAsksForTheProcessors() {
        assertEquals(List.of("g0:0-3 -> g0:0-3 LANDED STATUS_SUCCESS", "g0:0-3 -> g0:0-3 LANDED STATUS_SUCCESS",
                "g0:0-3 -> g0:0-7 OUTSIDE_MASK STATUS_SUCCESS"),
                handed("documented", "g0:0-3", Way.FULLY_SPECIFIED, Way.FULLY_SPECIFIED_GROUP, Way.LINE_BASED));
        assertEquals(List.of("g0:0-3 -> null REFUSED STATUS_NOT_SUPPORTED"),
                handed("observed", "g0:0-3", Way.FULLY_SPECIFIED_GROUP), "where kernels compare");
        assertEquals(List.of("g0:0-7 -> g0:0-7 LANDED STATUS_SUCCESS"),
                handed("observed", "g0:0-7", Way.FULLY_SPECIFIED_GROUP), "all that were assigned");
        assertEquals(List.of("g1:0-3 -> g0:0-7 WRONG_GROUP STATUS_SUCCESS"),
                handed("documented", "g1:0-3", Way.FULLY_SPECIFIED_GROUP), "no connect reaches another group");
    }

    @Test
    void aDeviceInUseIsNotJudged() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        driver.vetoed = true;
        assertTrue(assertThrows(IrqscopeException.class, () -> run(ValidationOptions.everything().withPolicies(true)))
                .getMessage().contains("in use"));
    }

    @Test
    void nothingToJudgeIsNoSuccess() {
        String message = assertThrows(IrqscopeException.class, () -> run(ValidationOptions.everything())).getMessage();
        assertTrue(message.contains("edu0 has no interrupts"), message);
    }

    @Test
    void everyMessageIsATargetOfItsOwn() {
        for (int number = 0; number < 5; number++) {
            driver.resources.add(FakeDriver.message(number, GROUP_0));
        }
        driver.messagesAsked = 5;
        ValidationReport report = run(ValidationOptions.everything().withWays(List.of(Way.MESSAGE_BASED)));
        assertEquals(5, report.targets().size());
        assertEquals(0, report.exitCode(), report::toJson);
        assertEquals(4, report.targets().get(4).message());
        ValidationReport one = run(ValidationOptions.everything().withWays(List.of(Way.MESSAGE_BASED))
                .withResources(List.of(ResourceId.parse("message:2"))));
        assertEquals(List.of("message:2"), one.targets().stream().map(target -> target.resource().toString()).toList());
        assertEquals(100, one.targets().get(0).arrived());
    }

    @Test
    void interruptsThatNeverComeAreNeverFired() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        driver.swallow = true;
        TargetResult target = single();
        assertEquals(Verdict.NEVER_FIRED, target.verdict());
        assertTrue(target.sent() > 0);
        assertEquals(target.sent(), target.lost());
    }

    @Test
    void oneThatDoesNotComeIsLost() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        int[] requests = new int[1];
        driver.beforeTrigger = () -> driver.swallow = ++requests[0] > 1;
        TargetResult target = single();
        assertEquals(Verdict.LOST, target.verdict());
        assertEquals(100, target.sent());
        assertEquals(target.sent(), target.arrived() + target.lost());
    }

    @Test
    void callsThatNobodyAskedForAreSpuriousUnlessTheLineIsShared() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        driver.beforeTrigger = () -> driver.interrupt(0, new Processor(0, 1), false);
        TargetResult alone = single();
        assertEquals(Verdict.SPURIOUS, alone.verdict());
        assertEquals(0, alone.foreign());
        driver.resources.set(0, FakeDriver.line(0, GROUP_0, true));
        TargetResult shared = single();
        assertEquals(Verdict.LANDED, shared.verdict());
        assertEquals(alone.spurious(), shared.foreign());
        driver.beforeTrigger = () -> driver.interrupt(0, new Processor(0, 1), true);
        assertEquals(Verdict.SPURIOUS, single().verdict());
    }

    @Test
    void aMaskedStormIsToldOfEveryTargetOfTheConnection() {
        driver.resources.add(FakeDriver.message(0, GROUP_0));
        driver.resources.add(FakeDriver.message(1, GROUP_0));
        driver.messagesAsked = 2;
        int[] requests = new int[1];
        driver.beforeTrigger = () -> driver.storm = ++requests[0] > 2;
        ValidationReport report = run(ValidationOptions.everything().withWays(List.of(Way.MESSAGE_BASED)));
        assertEquals(List.of(Verdict.STORM_MASKED, Verdict.STORM_MASKED), verdicts(report));
        assertFalse(driver.storm);
    }

    @Test
    void anIsrElsewhereIsSeen() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        driver.granted = ProcessorSet.parse("g0:0-1");
        driver.beforeTrigger = () -> driver.interrupt(0, new Processor(0, 3), true);
        assertEquals(Verdict.OUTSIDE_MASK, single().verdict());
        driver.beforeTrigger = () -> driver.interrupt(0, new Processor(1, 3), true);
        assertEquals(Verdict.WRONG_GROUP, single().verdict());
    }

    @Test
    void aLineWhereMessagesWereAskedForIsAFallBackByEveryWay() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        driver.messagesAsked = 3;
        ValidationReport report = run(ValidationOptions.everything().withWays(
                List.of(Way.IO_CONNECT_INTERRUPT, Way.FULLY_SPECIFIED_GROUP, Way.LINE_BASED)));
        assertEquals(List.of(Verdict.FELL_BACK, Verdict.FELL_BACK, Verdict.FELL_BACK), verdicts(report));
        assertEquals(3, report.unexpected().size());
    }

    @Test
    void aRestartInTheMiddleIsFollowedAndTheNewGrantIsJudged() {
        driver.resources.add(FakeDriver.line(0, ProcessorSet.parse("g0:0-1"), false));
        driver.onRestart = () -> driver.resources.set(0, FakeDriver.line(0, ProcessorSet.parse("g0:2-3"), false));
        int[] requests = new int[1];
        driver.beforeTrigger = () -> {
            if (++requests[0] == 2) {
                driver.restartUnasked();
            }
        };
        TargetResult target = single();
        assertEquals(Verdict.RETARGETED, target.verdict());
        assertEquals("g0:0-1", target.previousGranted().toString());
        assertEquals("g0:2-3", target.granted().toString());
        assertEquals("system", target.restartedBy());
        assertEquals(100, target.sent());
        assertEquals(100, target.arrived());
        assertEquals(0, target.lost());
    }

    @Test
    void aRestartInTheMiddleThatChangesNothingLands() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        int[] requests = new int[1];
        driver.beforeTrigger = () -> {
            if (++requests[0] == 1) {
                driver.restartUnasked();
            }
        };
        TargetResult target = single();
        assertEquals(Verdict.LANDED, target.verdict());
        assertEquals("system", target.restartedBy());
    }

    @Test
    void aDeviceThatGoesAwayIsJudgedOnceAndLeftAlone() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        int[] requests = new int[1];
        driver.beforeTrigger = () -> driver.gone = ++requests[0] == 2;
        ValidationReport report = run(ValidationOptions.everything().withPolicies(true));
        assertEquals(List.of(Verdict.LOST), verdicts(report));
        assertEquals(1, report.targets().get(0).lost());
        assertTrue(report.notes().get(0).contains("edu0 went away"), report.notes()::toString);
        assertEquals(1, report.exitCode());
    }

    @Test
    void aRefusalThatIsNotExpectedIsRed() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        driver.connectStatus = 0xC000009A;
        TargetResult target = single();
        assertEquals(Verdict.REFUSED, target.verdict());
        assertFalse(target.asExpected());
        assertEquals(0xC000009A, target.status());
    }

    @Test
    void manyTriggersGoOutInPiecesAndNoneIsMissing() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        ValidationReport report = run(ValidationOptions.everything().withWays(List.of(Way.FULLY_SPECIFIED))
                .withCount(5000));
        TargetResult target = report.targets().get(0);
        assertEquals(5000, target.arrived());
        assertEquals(Verdict.LANDED, target.verdict());
        assertEquals(5000, target.observed().values().stream().mapToLong(Long::longValue).sum() + target.eventsLost());
    }

    @Test
    void progressIsToldInTheReportsOrder() {
        driver.resources.add(FakeDriver.line(0, GROUP_0, false));
        List<TargetResult> told = new ArrayList<>();
        ValidationReport report = new Validation(bed, ValidationOptions.everything(), told::add).run();
        assertEquals(told, report.targets());
    }

    /* What a bus and a PnP manager would do with the driver's filter. */
    private void assignByPolicy() {
        bed.device("edu0").policy().map(Policy::set).filter(set -> !set.isEmpty()).ifPresent(
                set -> driver.resources.set(0, FakeDriver.message(0, set)));
    }

    private TargetResult single() {
        return run(ValidationOptions.everything().withWays(List.of(Way.FULLY_SPECIFIED))).targets().get(0);
    }

    private ValidationReport run(ValidationOptions options) {
        return new Validation(bed, options, target -> { }).run();
    }

    private static List<Verdict> verdicts(ValidationReport report) {
        return report.targets().stream().map(TargetResult::verdict).toList();
    }
}
