package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.Device;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.RegistryValue;
import io.github.irqscope.RestartNeededException;
import io.github.irqscope.RestartResult;
import io.github.irqscope.Session;
import io.github.irqscope.Way;
import io.github.irqscope.policy.Journal;
import io.github.irqscope.policy.PolicyBackup;
import io.github.irqscope.policy.PolicyKeeper;
import io.github.irqscope.policy.PolicyPlan;
import io.github.irqscope.policy.PolicySnapshot;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;
import io.github.irqscope.validation.Sweep;
import io.github.irqscope.validation.TargetResult;
import io.github.irqscope.validation.Validation;
import io.github.irqscope.validation.ValidationOptions;
import io.github.irqscope.validation.ValidationReport;
import io.github.irqscope.validation.Verdict;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps, policies, journals and backups over the registry of each bed: what was there comes back byte for byte. */
class SweepOnBedsTest {
    private static ValidationOptions sweep(Sweep how, Path folder) {
        return ValidationOptions.everything().withDevices(List.of("edu0")).withWays(List.of(Way.FULLY_SPECIFIED_GROUP))
                .withCount(10).withSweep(how).withJournal(folder, "a test");
    }

    @OnBeds
    void aSweepAsksForEachProcessorAndPutsTheOldPolicyBack(Lab lab, @TempDir Path folder) {
        Bed bed = lab.open("4x2");
        Device device = bed.device("edu0");
        device.policy(Policy.of(3).withPriority(2));
        PolicySnapshot before = PolicySnapshot.of(device);
        AtomicReference<Path> journal = new AtomicReference<>();
        ValidationReport report = new Validation(bed, sweep(Sweep.PROCESSOR, folder), target -> { })
                .onJournal(path -> {
                    assertTrue(Files.exists(path));
                    assertTrue(before.isOf(device), "the journal comes before the first policy");
                    journal.set(path);
                }).run();
        assertEquals(Verdict.LANDED, report.verdict());
        assertEquals(8, report.targets().size());
        for (TargetResult target : report.targets()) {
            assertEquals(target.requested(), target.granted());
            assertEquals(Map.of(target.requested().iterator().next(), 10L), target.observed());
        }
        assertTrue(before.isOf(device));
        assertFalse(Files.exists(journal.get()));
        device.clearPolicy();
    }

    @OnBeds
    void whatAKilledSweepLeftIsRestoredFromItsJournal(Lab lab, @TempDir Path folder) {
        Bed bed = lab.open("4x2");
        Device device = bed.device("edu0");
        PolicySnapshot before = PolicySnapshot.of(device);
        Journal journal = Journal.begin(folder, PolicyBackup.of(bed, "a test", List.of(before)));
        device.policy(Policy.specified(ProcessorSet.parse("g2:1")));
        assertEquals(RestartResult.RESTARTED, device.restart());
        journal.leave(); /* as the end of a process does */
        assertFalse(before.isOf(device));
        assertEquals(Journal.State.RESTORED, Journal.recover(bed, folder).state());
        assertTrue(before.isOf(device));
        try (Session session = device.open()) {
            assertTrue(session.resources().stream().allMatch(resource -> resource.group() == 0), "restarted, too");
        }
        assertEquals(Journal.State.NONE, Journal.recover(bed, folder).state());
    }

    @OnBeds
    void somebodyElsesHandleVetoesAndTheOldPolicyIsBack(Lab lab, @TempDir Path folder) {
        Bed bed = lab.open("4x2");
        Device device = bed.device("edu0");
        PolicySnapshot before = PolicySnapshot.of(device);
        try (Session other = device.open(); PolicyKeeper keeper = new PolicyKeeper(bed, folder, "a test",
                List.of(device))) {
            assertFalse(other.isClosed());
            assertThrows(RestartNeededException.class,
                    () -> keeper.apply(device, Policy.specified(ProcessorSet.parse("g1:0"))));
        }
        assertTrue(before.isOf(device));
        assertFalse(Files.exists(folder.resolve(Journal.NAME)));
    }

    @OnBeds
    void aHandleThatGivesWayIsNoVeto(Lab lab) {
        Bed bed = lab.open("4x2");
        Device device = bed.device("edu0");
        try (Session session = device.open()) {
            session.giveWay();
            assertEquals(RestartResult.RESTARTED, device.restart());
            assertTrue(session.isClosed());
        }
    }

    @OnBeds
    void aPlanIsWrittenGrantedAndTakenBackValueByValue(Lab lab, @TempDir Path folder) throws Exception {
        Bed bed = lab.open(BedOptions.sim().withMachine("64/16/64"));
        Device device = bed.device("igb0");
        PolicySnapshot before = PolicySnapshot.of(device);
        PolicyBackup.of(bed, "a test", List.of(before)).write(folder.resolve("old.json"));
        PolicyPlan plan = PolicyPlan.own(before, Policy.specified(ProcessorSet.parse("g1:4-7")).withPriority(3))
                .withSystemPolicy(Policy.of(5)).withMessages(OptionalInt.of(2));
        assertFalse(plan.isEmpty());
        plan.write(device);
        assertTrue(plan.after().isOf(device));
        assertTrue(new PolicyPlan(PolicySnapshot.of(device), plan.after()).isEmpty());
        assertEquals(List.of(RegistryValue.dword("DevicePolicy", 5)),
                device.parameters(PolicySnapshot.AFFINITY).orElseThrow());
        assertEquals(RestartResult.RESTARTED, device.restart());
        try (Session session = device.open()) {
            assertFalse(session.resources().isEmpty());
            session.resources().forEach(resource -> assertEquals("g1:4-7", resource.processors().toString()));
        }
        PolicySnapshot kept = PolicyBackup.parse(Files.readString(folder.resolve("old.json"))).devices().get(0);
        kept.restore(device);
        assertTrue(before.isOf(device));
        assertEquals(RestartResult.RESTARTED, device.restart());
        try (Session session = device.open()) {
            session.resources().forEach(resource -> assertEquals(0, resource.group()));
        }
    }
}
