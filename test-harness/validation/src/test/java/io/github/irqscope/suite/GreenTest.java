package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.Device;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;
import io.github.irqscope.validation.ValidationOptions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Without a fault a validation is green, on every kernel and layout, in both modes, whatever the seed. */
class GreenTest {
    private record Case(String machine, String profile, String mode, long seed) {
        @Override
        public String toString() {
            return machine + " " + profile + " " + mode + " seed " + seed;
        }
    }

    static List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        for (String mode : List.of("documented", "observed")) {
            for (long seed : List.of(1L, 2L, 3L, 4711L)) {
                cases.add(new Case("64/16/64", "server2022", mode, seed));
            }
            cases.add(new Case("1x8", "nt52", mode, 5));
            cases.add(new Case("2x64", "win7", mode, 6));
            cases.add(new Case("4x2", "win10", mode, 7));
            cases.add(new Case("40/40", "win10", mode, 8));
            cases.add(new Case("48/16", "win7", mode, 9));
            cases.add(new Case("64/32/64", "server2022", mode, 10));
        }
        cases.add(new Case("32x64", "server2022", "documented", 1));
        return cases;
    }

    static List<Case> fewCases() {
        return List.of(new Case("64/16/64", "server2022", "documented", 1), new Case("1x8", "nt52", "documented", 5),
                new Case("1x8", "nt52", "observed", 5), new Case("2x64", "win7", "observed", 6),
                new Case("4x2", "win10", "documented", 7), new Case("48/16", "server2022", "observed", 10));
    }

    @OnBeds(cases = "cases", few = "fewCases")
    void validateIsGreen(Lab lab, Case each) {
        Bed bed = lab.open(BedOptions.sim().withMachine(each.machine()).withProfile(each.profile())
                .withMode(each.mode()).withSeed(each.seed()));
        int count = each.machine().equals("32x64") ? 2 : 20;
        Run run = Run.of(bed, ValidationOptions.everything().withCount(count));
        assertEquals(0, run.report().exitCode(), () -> run.report().sentence());
        assertEquals("LANDED", run.verdict());
        assertEquals(List.of(), run.unexpected());
        Set<Object> groups = requestedGroups(run);
        assertEquals(PlacementTest.machine(bed).groups().size(), groups.size(), () -> "groups judged: " + groups);
        for (Map<String, Object> target : run.targets()) {
            if (target.get("granted") != null) {
                assertEquals((long) count, target.get("sent"), target::toString);
                assertEquals((long) count, target.get("arrived"), target::toString);
                assertEquals(0L, target.get("eventsLost"), target::toString);
            }
        }
    }

    @OnBeds
    void theSameSeedGivesTheSameReportToTheLastByte(Lab lab) {
        List<String> reports = new ArrayList<>();
        for (long seed : List.of(7L, 7L, 8L)) {
            Bed bed = lab.open(BedOptions.sim().withSeed(seed));
            reports.add(Run.of(bed, ValidationOptions.everything().withCount(20)).report().toJson());
            lab.close(bed);
        }
        assertEquals(reports.get(0), reports.get(1));
        assertTrue(!reports.get(0).equals(reports.get(2).replace("\"seed\":8", "\"seed\":7")),
                "another seed should be seen in the observed processors");
    }

    @OnBeds
    void policiesAreWhatTheyWereAfterAValidation(Lab lab) {
        Bed bed = lab.open("64/16/64");
        Device kept = bed.device("edu0");
        Policy before = Policy.specified(ProcessorSet.parse("g1:3-5")).withPriority(3);
        kept.policy(before);
        kept.restart();
        Grants grants = Grants.of(bed, "edu0");
        Grants without = Grants.of(bed, "igb0");
        Run run = Run.of(bed, ValidationOptions.everything().withCount(5));
        assertEquals(0, run.report().exitCode(), () -> run.report().sentence());
        assertEquals(Optional.of(before), kept.policy());
        assertEquals(Optional.empty(), bed.device("igb0").policy());
        assertEquals(processors(grants), processors(Grants.of(bed, "edu0")));
        assertEquals(processors(without), processors(Grants.of(bed, "igb0")));
    }

    @OnBeds
    void onlyTheProcessorsThatAreAskedForAreJudged(Lab lab) {
        Bed bed = lab.open("64/16/64");
        Run run = Run.of(bed, ValidationOptions.everything().withCount(5).withDevices(List.of("edu0"))
                .withProcessors(ProcessorSet.parse("g2:8-11")));
        assertEquals(0, run.report().exitCode(), () -> run.report().sentence());
        assertEquals(Set.of("g2:8-11"), run.targets().stream().map(target -> target.get("requested"))
                .collect(Collectors.toSet()));
    }

    private static Set<Object> requestedGroups(Run run) {
        Set<Object> groups = new TreeSet<>();
        run.targets().forEach(target -> groups.add(((String) target.get("requested")).replaceAll(":.*", "")));
        return groups;
    }

    private static List<ProcessorSet> processors(Grants grants) {
        return grants.each().values().stream().map(Grants.Grant::processors).toList();
    }
}
