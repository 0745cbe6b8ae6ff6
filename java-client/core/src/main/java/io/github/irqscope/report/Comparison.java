package io.github.irqscope.report;

import io.github.irqscope.Processor;
import io.github.irqscope.json.JsonWriter;
import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.validation.Verdict;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Two runs side by side. A difference counts when it is larger than what chance does (the noise band, from how far the
 * parts of each run differ from one another) and larger than the tolerance. The band is so wide that of 100 comparisons
 * of two equal runs one says anything but "the same", over all metrics and processors together.
 *
 * @param a         the first run
 * @param b         the run that is held against it
 * @param tolerance a change of this part is the same
 * @param lines     in sum, then by processor
 * @param turns     targets whose verdict differs, or that only one run has
 * @param judged    how many differences were held against the band
 * @param notes     what makes the runs less comparable
 */
public record Comparison(Evidence a, Evidence b, double tolerance, List<Line> lines, List<Turn> turns, int judged,
        List<String> notes) {
    private static final int SCHEMA = 1;
    private static final double CHANCE = 0.01;
    private static final String LOAD = "load asked for";

    /** What is said of a difference. */
    public enum Says {
        /** It is within noise or tolerance. */
        SAME,
        /** There is too little to say. */
        UNKNOWN,
        /** It differs, and neither is better. */
        MOVED,
        /** It is better beyond noise and tolerance. */
        BETTER,
        /** It is worse beyond noise and tolerance. */
        WORSE;

        /** The word. */
        public String text() {
            return toString().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One metric of one processor, or in sum.
     *
     * @param processor null in sum
     * @param metric    which
     * @param a         of the first run
     * @param b         of the other
     * @param band      how far they differ by chance; NaN when there is too little to say
     * @param says      what to think of it
     */
    public record Line(Processor processor, Metric metric, double a, double b, double band, Says says) {
        /** The change as a part of a; NaN where a is 0. */
        public double change() {
            return a == 0 ? b == 0 ? 0 : Double.NaN : (b - a) / a;
        }
    }

    /**
     * A target that turned out otherwise.
     *
     * @param target device, resource, way and what was requested
     * @param a      its verdict in the first run; null when it is not there or nothing ran
     * @param b      its verdict in the other
     * @param says   what to think of it
     */
    public record Turn(String target, Verdict a, Verdict b, Says says) {
    }

    /** Takes copies. */
    public Comparison {
        lines = List.copyOf(lines);
        turns = List.copyOf(turns);
        notes = List.copyOf(notes);
    }

    /** Of two results. */
    public static Comparison of(Evidence a, Evidence b, double tolerance) {
        return new Work(a, ResultSamples.of(a), b, ResultSamples.of(b), tolerance).compare();
    }

    /**
     * Of two recordings, each of which is read a second time.
     *
     * @param again      the first, at its beginning
     * @param otherAgain the other, at its beginning
     */
    public static Comparison of(Evidence a, RecordingReader again, Evidence b, RecordingReader otherAgain,
            double tolerance, Consumer<RecordingReader> progress) {
        Samples one = a.events() == 0 ? new Samples() : Blocks.read(a, again, progress);
        Samples other = b.events() == 0 ? new Samples() : Blocks.read(b, otherAgain, progress);
        return new Work(a, one, b, other, tolerance).compare();
    }

    /**
     * Worse when anything is, else better when anything is; unknown when nothing was compared, or something in sum
     * differs and there is too little to say whether by chance; else the same.
     */
    public Says says() {
        boolean worse = lines.stream().anyMatch(line -> line.says == Says.WORSE)
                || turns.stream().anyMatch(turn -> turn.says == Says.WORSE);
        boolean better = lines.stream().anyMatch(line -> line.says == Says.BETTER)
                || turns.stream().anyMatch(turn -> turn.says == Says.BETTER);
        return worse ? Says.WORSE : better ? Says.BETTER : judged == 0 || !open().isEmpty() ? Says.UNKNOWN : Says.SAME;
    }

    /* What differs in sum, nobody knows whether by chance. */
    private List<Line> open() {
        return sum().stream().filter(line -> line.says == Says.UNKNOWN).toList();
    }

    /** The lines in sum. */
    public List<Line> sum() {
        return lines.stream().filter(line -> line.processor == null).toList();
    }

    /** The lines of processors that are not the same, the worst first. */
    public List<Line> different() {
        return lines.stream().filter(line -> line.processor != null && line.says != Says.SAME
                && line.says != Says.UNKNOWN).sorted(Comparator.comparing((Line line) -> line.says).reversed()
                .thenComparing(line -> -Math.abs(finite(line.change())))).toList();
    }

    private static double finite(double change) {
        return Double.isNaN(change) ? Double.MAX_VALUE : change;
    }

    /** The one sentence. */
    public String sentence() {
        Says says = says();
        if (says == Says.SAME) {
            return "The same: no difference beyond noise and the tolerance of " + allowed() + " in "
                    + Text.count(judged, "comparison") + ".";
        }
        if (says == Says.UNKNOWN) {
            List<Line> open = open();
            return open.isEmpty() ? "Unknown: nothing that both runs have can be compared." : "Unknown: " + text(open.get(0))
                    + (open.size() == 1 ? "" : ", and " + Text.count(open.size() - 1) + " more")
                    + "; the runs have too few parts to say whether that is chance.";
        }
        List<Line> its = lines.stream().filter(line -> line.says == says).toList();
        List<Turn> turned = turns.stream().filter(turn -> turn.says == says).toList();
        String first = its.isEmpty() ? turned.get(0).target() + " is " + word(turned.get(0).b()) + " and was "
                + word(turned.get(0).a()) : text(its.get(0));
        int others = its.size() + turned.size() - 1;
        long better = says == Says.BETTER ? 0 : lines.stream().filter(line -> line.says == Says.BETTER).count();
        return (says == Says.WORSE ? "Worse: " : "Better: ") + first + (others == 0 ? "" : ", and "
                + Text.count(others) + " more") + ", beyond noise and the tolerance of " + allowed()
                + (better == 0 ? "" : "; " + Text.count(better) + (better == 1 ? " is" : " are") + " better") + ".";
    }

    /* 5 %, 2.5 %. */
    private String allowed() {
        return String.format(Locale.ROOT, "%.4f", 100 * tolerance).replaceAll("\\.?0+$", "") + " %";
    }

    private static String text(Line line) {
        return line.metric.text() + (line.processor == null ? "" : " on " + line.processor) + " is "
                + line.metric.format(line.b) + " and was " + line.metric.format(line.a) + " (" + percent(line.change())
                + ")";
    }

    /** +12.3 %, -4.0 %, or that there was none before. */
    public static String percent(double change) {
        return Double.isNaN(change) ? "new" : String.format(Locale.ROOT, "%+.1f %%", 100 * change)
                .replace("+0.0", "0.0").replace("-0.0", "0.0");
    }

    /** The word of a verdict; of none, that nothing ran. */
    public static String word(Verdict verdict) {
        return verdict == null ? "nothing" : verdict.toString();
    }

    /** The document; times are nanoseconds, shares parts of 1. */
    public String toJson() {
        JsonWriter json = new JsonWriter();
        json.beginObject().field("schema", SCHEMA).field("verdict", says().text()).field("sentence", sentence())
                .field("tolerance", tolerance).field("comparisons", judged);
        side(json.name("a"), a);
        side(json.name("b"), b);
        json.name("sum").beginArray();
        sum().forEach(line -> write(json, line));
        json.endArray().name("processors").beginArray();
        lines.stream().filter(line -> line.processor != null).forEach(line -> write(json, line));
        json.endArray().name("targets").beginArray();
        for (Turn turn : turns) {
            json.beginObject().field("target", turn.target)
                    .field("a", turn.a == null ? null : turn.a.toString())
                    .field("b", turn.b == null ? null : turn.b.toString()).field("says", turn.says.text()).endObject();
        }
        json.endArray().name("notes").beginArray();
        notes.forEach(json::value);
        return json.endArray().endObject().toString();
    }

    private static void side(JsonWriter json, Evidence side) {
        json.beginObject().field("file", side.name()).field("kind", side.kind().text()).field("bed", side.bed())
                .field("verdict", side.verdict() == null ? null : side.verdict().toString())
                .field("events", side.events()).field("eventsLost", side.lost()).name("nanoseconds");
        if (side.nanoseconds() == 0) {
            json.nullValue();
        } else {
            json.value(side.nanoseconds());
        }
        json.endObject();
    }

    private static void write(JsonWriter json, Line line) {
        json.beginObject();
        if (line.processor != null) {
            json.field("processor", line.processor.toString());
        }
        json.field("metric", line.metric.text()).field("a", line.a).field("b", line.b);
        optional(json.name("change"), line.change());
        optional(json.name("band"), line.band);
        json.field("says", line.says.text()).endObject();
    }

    private static void optional(JsonWriter json, double value) {
        if (Double.isNaN(value)) {
            json.nullValue();
        } else {
            json.value(value);
        }
    }

    /** Makes a comparison. */
    private static final class Work {
        private final Evidence a;
        private final Samples one;
        private final Evidence b;
        private final Samples other;
        private final double tolerance;
        private double chance;

        Work(Evidence a, Samples one, Evidence b, Samples other, double tolerance) {
            this.a = a;
            this.one = one;
            this.b = b;
            this.other = other;
            this.tolerance = tolerance;
        }

        Comparison compare() {
            TreeSet<Processor> processors = new TreeSet<>(one.processors.keySet());
            processors.addAll(other.processors.keySet());
            int judged = judged(one.sum, other.sum);
            for (Processor processor : processors) {
                judged += judged(one.processors.get(processor), other.processors.get(processor));
            }
            chance = CHANCE / Math.max(1, judged);
            List<Line> lines = new ArrayList<>();
            add(lines, null, one.sum, other.sum);
            for (Processor processor : processors) {
                add(lines, processor, one.processors.get(processor), other.processors.get(processor));
            }
            return new Comparison(a, b, tolerance, lines, turns(), judged, notes());
        }

        private static int judged(Map<Metric, Sample> its, Map<Metric, Sample> others) {
            int count = 0;
            for (Metric metric : Metric.values()) {
                count += its != null && others != null && its.containsKey(metric) && others.containsKey(metric) ? 1 : 0;
            }
            return count;
        }

        private void add(List<Line> lines, Processor processor, Map<Metric, Sample> its, Map<Metric, Sample> others) {
            for (Metric metric : Metric.values()) {
                Sample first = its == null ? null : its.get(metric);
                Sample second = others == null ? null : others.get(metric);
                if (first != null && second != null) {
                    lines.add(line(processor, metric, first, second));
                } else if (metric == Metric.RATE || metric == Metric.SHARE) {
                    if (first != null || second != null) {
                        lines.add(new Line(processor, metric, first == null ? 0 : first.value(),
                                second == null ? 0 : second.value(), 0, processor != null || metric != Metric.RATE
                                || direction(metric, first == null ? second : first) == 0 ? Says.MOVED
                                : second == null ? Says.WORSE : Says.BETTER));
                    }
                } else if (second != null && metric.isFault() && second.value() > 0) {
                    lines.add(new Line(processor, metric, 0, second.value(), 0, Says.WORSE));
                }
            }
        }

        private Line line(Processor processor, Metric metric, Sample first, Sample second) {
            double from = first.value();
            double to = second.value();
            double band;
            double shift; /* of the parts' mean: a run's own percentile may jump where the parts' hardly move */
            if (first.paired()) {
                TreeSet<String> common = new TreeSet<>(first.parts().keySet());
                common.retainAll(second.parts().keySet());
                double[] differences = common.stream().mapToDouble(key -> second.parts().get(key)
                        - first.parts().get(key)).toArray();
                band = Noise.band(differences, metric.isExtreme(), chance);
                shift = Noise.mean(differences);
                if (!common.isEmpty() && !metric.isExtreme() && metric.isTime()) {
                    from = common.stream().mapToDouble(first.parts()::get).average().orElse(from);
                    to = common.stream().mapToDouble(second.parts()::get).average().orElse(to);
                }
            } else {
                band = Noise.band(first.values(), second.values(), metric.isExtreme(), chance);
                shift = Noise.mean(second.values()) - Noise.mean(first.values());
            }
            band = Double.isNaN(band) ? band : Math.max(band, Math.max(first.resolution(), second.resolution()));
            int direction = first.direction() == second.direction() ? direction(metric, first) : 0;
            boolean clear = Math.signum(shift) == Math.signum(to - from)
                    && Math.abs(shift) > (metric.isExtreme() ? band / Math.sqrt(Blocks.COUNT) : band);
            return new Line(processor, metric, from, to, band, says(metric, from, to, band, clear, direction));
        }

        /* More of the rate is better only where both runs were asked for the same. */
        private int direction(Metric metric, Sample sample) {
            return metric == Metric.RATE && differs(LOAD) ? 0 : sample.direction();
        }

        private boolean differs(String name) {
            return !a.fact(name).equals(b.fact(name));
        }

        private Says says(Metric metric, double from, double to, double band, boolean clear, int direction) {
            double change = to - from;
            if (change == 0) {
                return Says.SAME;
            }
            if (metric.isFault() && (from == 0 || to == 0)) {
                return from == 0 ? Says.WORSE : Says.BETTER;
            }
            if (Math.abs(change) <= tolerance * Math.abs(from)) {
                return Says.SAME;
            }
            if (Double.isNaN(band)) {
                return Says.UNKNOWN;
            }
            if (Math.abs(change) <= band || !clear) {
                return Says.SAME;
            }
            return direction == 0 ? Says.MOVED : change * direction > 0 ? Says.BETTER : Says.WORSE;
        }

        private List<Turn> turns() {
            SortedMap<String, Evidence.Target> before = new TreeMap<>();
            a.targets().forEach(target -> before.put(ResultSamples.key(target), target));
            Map<String, Evidence.Target> after = new LinkedHashMap<>();
            b.targets().forEach(target -> after.put(ResultSamples.key(target), target));
            List<Turn> turns = new ArrayList<>();
            after.forEach((key, target) -> {
                Evidence.Target was = before.remove(key);
                if (was != null && (was.verdict() != target.verdict() || was.asExpected() != target.asExpected())) {
                    Says says = was.asExpected() == target.asExpected() ? Says.MOVED
                            : target.asExpected() ? Says.BETTER : Says.WORSE;
                    turns.add(new Turn(key, was.verdict(), target.verdict(), says));
                } else if (was == null && !target.asExpected()) {
                    turns.add(new Turn(key, null, target.verdict(), Says.WORSE));
                }
            });
            return turns;
        }

        private List<String> notes() {
            List<String> notes = new ArrayList<>();
            if (!a.machine().active().equals(b.machine().active())) {
                notes.add("the machines differ: " + a.machine().active() + " and " + b.machine().active());
            }
            if (!a.bed().equals(b.bed())) {
                notes.add("the beds differ: " + a.bed() + " and " + b.bed());
            }
            for (String name : List.of(LOAD, "simulated machine")) {
                if (differs(name)) {
                    notes.add(name + " differs: " + a.fact(name) + " and " + b.fact(name));
                }
            }
            missing(notes, a, b);
            missing(notes, b, a);
            for (Evidence side : List.of(a, b)) {
                if (side.lost() > 0) {
                    notes.add(side.name() + ": the stream lost " + Text.count(side.lost(), "event")
                            + ", so what was observed is not complete");
                }
            }
            return notes;
        }

        private static void missing(List<String> notes, Evidence from, Evidence in) {
            TreeSet<String> keys = new TreeSet<>();
            from.targets().forEach(target -> keys.add(ResultSamples.key(target)));
            in.targets().forEach(target -> keys.remove(ResultSamples.key(target)));
            if (!keys.isEmpty()) {
                notes.add("only in " + from.name() + ": " + keys.first() + (keys.size() == 1 ? "" : ", and "
                        + Text.count(keys.size() - 1, "target") + " more"));
            }
        }
    }
}
