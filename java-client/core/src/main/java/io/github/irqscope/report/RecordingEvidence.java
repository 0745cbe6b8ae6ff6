package io.github.irqscope.report;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.recording.RecordingHeader;
import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.recording.Tally;
import io.github.irqscope.validation.Verdict;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** What a recording has to say. It knows no triggers, so what it judges is only where ISRs ran. */
final class RecordingEvidence {
    private RecordingEvidence() {
    }

    static Evidence read(String name, RecordingReader reader, Predicate<RecordingReader> goOn) {
        RecordingHeader header = reader.header();
        Tally tally = new Tally(header);
        Timeline timeline = new Timeline(header);
        List<String> notes = new ArrayList<>();
        while (reader.next((feed, run) -> {
            tally.run(feed, run);
            run.rewind();
            timeline.run(feed, run);
        })) {
            if (!goOn.test(reader)) {
                notes.add("it was read up to byte " + reader.position() + " of " + reader.size()
                        + " only: interrupted");
                break;
            }
        }
        List<Evidence.Target> targets = new ArrayList<>();
        for (Tally.TargetRow row : tally.targets()) {
            targets.add(target(row, tally));
        }
        List<Evidence.At> processors = new ArrayList<>();
        for (Tally.Row row : tally.rows()) {
            processors.add(new Evidence.At(row.processor(), row.count(), row.outside(), row.lost(),
                    Curve.of(row, row.triggerToIsr()), Curve.of(row, row.isrToDpc())));
        }
        Tally.Row sum = tally.sum();
        Evidence.At all = new Evidence.At(null, sum.count(), sum.outside(), reader.lost(),
                Curve.of(sum, sum.triggerToIsr()), Curve.of(sum, sum.isrToDpc()));
        Verdict worst = null;
        for (Evidence.Target target : targets) {
            worst = worst == null || target.verdict() == null ? target.verdict() == null ? worst : target.verdict()
                    : worst.worse(target.verdict());
        }
        boolean fine = worst == null || worst == Verdict.LANDED;
        long lost = reader.lost();
        notes.addAll(reader.problems());
        notes.addAll(reader.notes());
        return new Evidence(name, Evidence.Kind.RECORDING, worst, fine, sentence(worst, targets, tally, lost),
                header.bed(), header.machine(), targets, processors, all, tally.events(), lost, tally.nanoseconds(),
                timeline, List.of(), environment(reader), notes);
    }

    private static Evidence.Target target(Tally.TargetRow row, Tally tally) {
        RecordingHeader.Target told = row.target();
        SortedMap<Processor, Long> observed = new TreeMap<>();
        for (Tally.Row at : tally.rows()) {
            long count = row.observed(at.processor());
            if (count > 0) {
                observed.put(at.processor(), count);
            }
        }
        Verdict verdict = verdict(told, ProcessorSet.of(observed.keySet()));
        return new Evidence.Target(row.feed().device(), told.resource(), row.link().way(), told.requested(),
                told.granted(), told.grantedBy(), told.status(), observed, -1, row.count(), -1, verdict,
                verdict == null || verdict == Verdict.LANDED, explanation(verdict, row, observed), null);
    }

    /* The rules of a target's verdict that hold without knowing what was sent; null when nothing ran. */
    private static Verdict verdict(RecordingHeader.Target told, ProcessorSet ran) {
        ProcessorSet granted = told.granted() == null ? ProcessorSet.empty() : told.granted();
        if (!told.requested().masks().keySet().containsAll(granted.plus(ran).masks().keySet())) {
            return Verdict.WRONG_GROUP;
        }
        if (told.granted() != null && !granted.containsAll(ran) || !told.requested().containsAll(granted)) {
            return Verdict.OUTSIDE_MASK;
        }
        return ran.isEmpty() ? null : Verdict.LANDED;
    }

    private static String explanation(Verdict verdict, Tally.TargetRow row, SortedMap<Processor, Long> observed) {
        RecordingHeader.Target told = row.target();
        if (verdict == null) {
            return "no ISR ran while it was recorded";
        }
        ProcessorSet ran = ProcessorSet.of(observed.keySet());
        return switch (verdict) {
            case LANDED -> told.granted() == null ? "what was granted is not known; every ISR ran where it was requested"
                    : "every ISR ran inside what was granted and requested";
            case WRONG_GROUP -> "requested in " + groups(told.requested()) + ", "
                    + (told.granted() == null ? "" : "granted in " + groups(told.granted()) + ", ") + "ran in "
                    + groups(ran);
            default -> row.outside() > 0 ? Text.count(row.outside(), "ISR") + " ran on " + ran.minus(told.granted())
                    + ", outside of what was granted" : "what was granted is not inside of what was requested";
        };
    }

    private static String groups(ProcessorSet set) {
        if (set.isEmpty()) {
            return "no group";
        }
        return (set.oneGroup() ? "group " : "groups ")
                + String.join(", ", set.masks().keySet().stream().map(String::valueOf).toList());
    }

    private static String sentence(Verdict worst, List<Evidence.Target> targets, Tally tally, long lost) {
        String loss = lost == 0 ? "" : "; the stream lost " + Text.count(lost, "event")
                + ", so where they ran is not complete";
        if (worst == null) {
            return "Nothing ran: no ISR of " + Text.count(targets.size(), "target") + " was recorded" + loss + ".";
        }
        if (worst == Verdict.LANDED) {
            return "LANDED: all " + Text.count(tally.events(), "ISR run") + " of " + Text.count(targets.size(), "target")
                    + " were inside what was granted and requested, on " + Text.count(tally.rows().size(), "processor")
                    + loss + ".";
        }
        List<Evidence.Target> wrong = targets.stream().filter(target -> !target.asExpected()).toList();
        Evidence.Target first = wrong.stream().filter(target -> target.verdict() == worst).findFirst().orElseThrow();
        long outside = wrong.stream().mapToLong(Evidence.Target::outside).sum();
        return worst + ": " + wrong.size() + " of " + Text.count(targets.size(), "target") + " with "
                + Text.count(outside, "ISR run") + " of " + Text.count(tally.events()) + " outside of what was granted; "
                + first.device() + " " + first.resource() + ": " + first.explanation() + loss + ".";
    }

    private static List<Evidence.Fact> environment(RecordingReader reader) {
        RecordingHeader header = reader.header();
        List<Evidence.Fact> facts = new ArrayList<>();
        facts.add(new Evidence.Fact("recorded", header.started().toString()));
        facts.add(new Evidence.Fact("by", header.tool()));
        facts.add(new Evidence.Fact("command", "irqscope " + String.join(" ", header.command())));
        facts.add(new Evidence.Fact("ended by", reader.reason().orElse("a cut: the file has no end")));
        facts.add(new Evidence.Fact("bed", header.bed()));
        if (header.made() != null) {
            facts.add(made(header.made()));
            facts.add(new Evidence.Fact("load asked for", header.load() == 0 ? "none"
                    : Text.count(header.load()) + "/s on each device"));
        }
        facts.addAll(machine(header.machine()));
        for (RecordingHeader.Feed feed : header.feeds()) {
            facts.add(new Evidence.Fact(feed.device(), feed.hardwareId() + " at " + feed.instanceId() + ", kernel "
                    + feed.kernel() + ", clock " + Text.hertz(feed.frequency())));
        }
        return facts;
    }

    static Evidence.Fact made(SimulatedMachine made) {
        return new Evidence.Fact("simulated machine", made + ", " + made.mode() + " mode");
    }

    static List<Evidence.Fact> machine(Machine machine) {
        List<Evidence.Fact> facts = new ArrayList<>();
        List<String> groups = new ArrayList<>();
        int[] sizes = machine.groups().stream().mapToInt(group -> group.active().size()).toArray();
        Arrays.stream(sizes).forEach(size -> groups.add(Integer.toString(size)));
        facts.add(new Evidence.Fact("processors", Text.count(Arrays.stream(sizes).sum()) + " in "
                + Text.count(sizes.length, "group") + " of " + String.join(", ", groups)));
        if (!machine.nodes().isEmpty()) {
            List<String> nodes = new ArrayList<>();
            machine.nodes().forEach(node -> nodes.add(node.number() + ": " + node.processors()));
            facts.add(new Evidence.Fact("NUMA nodes", String.join("; ", nodes)));
        }
        return facts;
    }
}
