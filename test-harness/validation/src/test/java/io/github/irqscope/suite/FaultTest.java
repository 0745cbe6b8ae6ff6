package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;
import io.github.irqscope.validation.ValidationOptions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Assertions;

/** A validator that cannot fail is none: each fault turns a validation red, with the verdict that it deserves. */
class FaultTest {
    /** Each fault of the simulated kernel and the verdict that its definition gives a target which it hits. */
    private static final List<List<String>> VERDICTS = List.of(
            List.of("lost", "LOST"),
            List.of("late", "LOST"),
            List.of("spurious", "SPURIOUS"),
            List.of("stuck", "STORM_MASKED"),
            List.of("storm", "STORM_MASKED"),
            List.of("gone", "NEVER_FIRED"),
            List.of("retarget", "RETARGETED"),
            List.of("wrong-group", "WRONG_GROUP"),
            List.of("outside-mask", "OUTSIDE_MASK"),
            List.of("fall-back", "FELL_BACK"),
            List.of("never-fires", "NEVER_FIRED"),
            List.of("refused", "REFUSED"));

    private record Case(String fault, String verdict, String mode, long seed) {
        @Override
        public String toString() {
            return fault + " " + mode + " seed " + seed;
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (List<String> fault : VERDICTS) {
            for (String mode : List.of("documented", "observed")) {
                for (long seed : List.of(1L, 20220519L)) {
                    cases.add(new Case(fault.get(0), fault.get(1), mode, seed));
                }
            }
        }
        return cases;
    }

    static List<Case> fewCases() {
        return cases().stream().filter(each -> each.mode().equals("documented") && each.seed() == 1).toList();
    }

    @OnBeds(cases = "cases", few = "fewCases")
    void turnsValidateRed(Lab lab, Case each) {
        Bed bed = lab.open(BedOptions.sim().withMode(each.mode()).withSeed(each.seed())
                .withFaults(List.of(each.fault())));
        Run run = Run.of(bed, ValidationOptions.everything().withCount(20));
        assertEquals(1, run.report().exitCode());
        assertFalse(run.unexpected(each.verdict()).isEmpty(), () -> "no target is " + each.verdict() + ": "
                + run.report().sentence());
        quieten(bed);
    }

    static List<List<String>> faults() {
        return VERDICTS;
    }

    static List<List<String>> fewFaults() {
        return VERDICTS.stream().filter(each -> Set.of("lost", "storm", "fall-back").contains(each.get(0))).toList();
    }

    @OnBeds(cases = "faults", few = "fewFaults")
    void hitsTheDeviceItIsGivenAndNoOther(Lab lab, List<String> each) {
        Bed bed = lab.open(BedOptions.sim().withFaults(List.of(each.get(0) + " device=igb0")));
        Run run = Run.of(bed, ValidationOptions.everything().withCount(20));
        assertEquals(1, run.report().exitCode());
        assertFalse(run.unexpected(each.get(1)).isEmpty(), () -> run.report().sentence());
        for (Map<String, Object> target : run.unexpected()) {
            assertEquals("igb0", target.get("device"), () -> "hit, too: " + target);
        }
        quieten(bed);
    }

    @OnBeds
    void theSimulatorKnowsExactlyTheseFaults(Lab lab) {
        IrqscopeException refusal = Assertions.assertThrows(IrqscopeException.class,
                () -> Lab.say(lab.open("1x8"), "fault no-such-fault"));
        String names = refusal.getMessage().substring(refusal.getMessage().indexOf("there are") + 9);
        List<String> known = Arrays.stream(names.strip().split("[ ,.;)]+")).toList();
        assertEquals(new TreeSet<>(VERDICTS.stream().map(each -> each.get(0)).toList()), new TreeSet<>(known));
    }

    @OnBeds
    void aMachineWithOneGroupRefusesTheWrongOne(Lab lab) {
        Bed bed = lab.open("1x8");
        IrqscopeException refusal = Assertions.assertThrows(IrqscopeException.class,
                () -> Lab.say(bed, "fault wrong-group"));
        assertTrue(refusal.getMessage().contains("one group"), refusal.getMessage());
    }

    @OnBeds
    void aMachineWithoutItsFaultIsGreenAgain(Lab lab) {
        Bed bed = lab.open(BedOptions.sim().withMachine("2x64").withFaults(List.of("lost", "spurious device=edu1")));
        ValidationOptions few = ValidationOptions.everything().withCount(20).withDevices(List.of("edu0", "edu1"));
        assertEquals(1, Run.of(bed, few).report().exitCode());
        quieten(bed);
        Run again = Run.of(bed, few);
        assertEquals(0, again.report().exitCode(), () -> again.report().sentence());
    }

    /* What a fault left on its way arrives, or is taken back, before the machine is asked whether it is at rest. */
    private static void quieten(Bed bed) {
        Lab.say(bed, "fault off");
        Lab.say(bed, "advance 1000000000");
    }
}
