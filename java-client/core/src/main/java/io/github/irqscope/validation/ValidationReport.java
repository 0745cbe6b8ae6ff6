package io.github.irqscope.validation;

import io.github.irqscope.Machine;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.json.JsonWriter;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a validation found.
 *
 * @param bed     sim, wine, vm, metal or windows
 * @param made    of what a simulated machine was made; null on a real bed
 * @param machine as the kernel tells it
 * @param targets in the order in which they were tried, at least one
 * @param interrupted it was stopped before the end: the verdict speaks of the targets that were tried
 * @param notes   what was not tried, and why
 * @param stop    why the run ended at a threshold; null when it did not
 * @param moves   restarts by the system that were seen
 * @param kernel  the version that it says of itself; null when nobody told
 */
public record ValidationReport(String bed, SimulatedMachine made, Machine machine, List<TargetResult> targets, boolean interrupted,
        List<String> notes, Stop stop, List<Move> moves, String kernel) {
    static final int SCHEMA = 1;

    /** Takes copies. */
    public ValidationReport {
        targets = List.copyOf(targets);
        notes = List.copyOf(notes);
        moves = List.copyOf(moves);
    }

    /** A report of a run that no threshold ended and that did not look for restarts. */
    public ValidationReport(String bed, SimulatedMachine made, Machine machine, List<TargetResult> targets, boolean interrupted,
            List<String> notes) {
        this(bed, made, machine, targets, interrupted, notes, null, List.of(), null);
    }

    /** The targets that are not as expected. */
    public List<TargetResult> unexpected() {
        return targets.stream().filter(target -> !target.asExpected()).toList();
    }

    /**
     * LANDED when every target is as expected, else the worst verdict of those that are not. A target that landed where
     * a refusal was expected counts as the verdict that did not come.
     */
    public Verdict verdict() {
        Verdict worst = Verdict.LANDED;
        for (TargetResult target : unexpected()) {
            Verdict verdict = target.verdict();
            boolean unrefused = verdict == Verdict.LANDED && target.expected().verdict() != Verdict.LANDED;
            worst = worst.worse(unrefused ? target.expected().verdict() : verdict);
        }
        return worst;
    }

    /** 0 when every target is as expected and no threshold ended the run, else 1. */
    public int exitCode() {
        return unexpected().isEmpty() && stop == null ? 0 : 1;
    }

    /** The one sentence. */
    public String sentence() {
        List<TargetResult> wrong = unexpected();
        long devices = targets.stream().map(TargetResult::device).distinct().count();
        ProcessorSet asked = targets.stream().map(TargetResult::requested).reduce(ProcessorSet.empty(),
                ProcessorSet::plus);
        String extent = count(targets.size(), "target") + " on " + count(devices, "device") + " in "
                + count(asked.masks().size(), "group");
        if (interrupted) {
            extent += ", of those tried before the interruption,";
        }
        if (stop != null) {
            return verdict() + ", and stopped: an ISR of " + stop.device() + " " + stop.resource() + " on "
                    + stop.processor() + " came " + nanoseconds(stop.latency()) + " after its trigger, the threshold is "
                    + nanoseconds(stop.threshold()) + "; " + extent + " until then ("
                    + (wrong.isEmpty() ? "all as expected" : wrong.size() + " not as expected") + ").";
        }
        if (wrong.isEmpty()) {
            return verdict() + ": " + extent + (targets.size() == 1 ? " is" : " are") + " as expected ("
                    + counted(targets) + ").";
        }
        TargetResult first = wrong.get(0);
        if (wrong.stream().allMatch(TargetResult::breaksLimitsOnly)) {
            return verdict() + ", but not within the limits: " + wrong.size() + " of " + extent + "; the first is "
                    + first.device() + " " + first.resource() + " " + first.way() + " in " + groups(first.requested())
                    + ": " + first.brokenLimits() + ".";
        }
        return verdict() + ": " + wrong.size() + " of " + extent + (wrong.size() == 1 ? " is" : " are")
                + " not as expected (" + counted(wrong) + "); the first is " + first.device() + " " + first.resource()
                + " " + first.way() + " in " + groups(first.requested()) + ".";
    }

    /**
     * What a document of {@link #toJson} holds. Its verdicts are computed again from its fields.
     *
     * @throws IllegalArgumentException saying what is missing or makes no sense
     */
    public static ValidationReport parse(String document) {
        return ResultReader.read(document);
    }

    /** The document. */
    public String toJson() {
        return toJson(more -> { });
    }

    /** The document, with further fields at its end. */
    public String toJson(Consumer<JsonWriter> more) {
        JsonWriter json = new JsonWriter();
        json.beginObject().field("schema", SCHEMA).field("bed", bed).name("machine").beginObject();
        if (made != null) {
            json.field("preset", made.preset()).field("profile", made.profile()).field("seed", made.seed());
        } else {
            json.name("preset").nullValue().name("profile").nullValue().name("seed").nullValue();
        }
        json.name("groups").beginArray();
        for (Machine.Group group : machine.groups()) {
            json.beginObject().field("group", group.number()).field("active", group.active().toString()).endObject();
        }
        json.endArray();
        json.field("mode", made == null ? null : made.mode()).field("kernel", kernel).endObject()
                .field("verdict", verdict().toString()).field("interrupted", interrupted).name("targets").beginArray();
        for (TargetResult target : targets) {
            target.writeTo(json);
        }
        json.endArray().field("sentence", sentence()).name("notes").beginArray();
        notes.forEach(json::value);
        json.endArray().name("stop");
        if (stop == null) {
            json.nullValue();
        } else {
            stop.writeTo(json);
        }
        json.name("moves").beginArray();
        moves.forEach(move -> move.writeTo(json));
        json.endArray();
        more.accept(json);
        return json.endObject().toString();
    }

    /** A time for people: 950 ns, 12.3 us, 4.56 ms, 1.2 s. */
    public static String nanoseconds(long value) {
        if (value < 1000) {
            return value + " ns";
        }
        String unit = value < 1_000_000 ? "us" : value < 1_000_000_000 ? "ms" : "s";
        double scaled = value / (value < 1_000_000 ? 1e3 : value < 1_000_000_000 ? 1e6 : 1e9);
        return String.format(Locale.ROOT, scaled < 10 ? "%.2f %s" : scaled < 100 ? "%.1f %s" : "%.0f %s", scaled, unit);
    }

    /* "150 landed, 6 fell back", the worst first. */
    private static String counted(List<TargetResult> targets) {
        Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
        targets.forEach(target -> counts.merge(target.verdict(), 1, Integer::sum));
        List<String> words = new ArrayList<>();
        counts.forEach((verdict, count) -> words.add(0,
                count + " " + verdict.toString().toLowerCase(Locale.ROOT).replace('_', ' ')));
        return String.join(", ", words);
    }

    private static String groups(ProcessorSet set) {
        return set.oneGroup() ? "group " + set.group() : "several groups";
    }

    private static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }
}
