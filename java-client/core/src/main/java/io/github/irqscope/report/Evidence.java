package io.github.irqscope.report;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.validation.Latency;
import io.github.irqscope.validation.Move;
import io.github.irqscope.validation.ValidationReport;
import io.github.irqscope.validation.Verdict;

import java.util.List;
import java.util.SortedMap;
import java.util.function.Predicate;

/**
 * What one file has to say, whether it is a recording or a result of validate: the pages of a report are drawn from it
 * alone.
 *
 * @param name        of the file
 * @param kind        what it is
 * @param verdict     of the whole; null when nothing ran, so that there is nothing to judge
 * @param asExpected  whether the verdict is what was expected
 * @param sentence    that says so
 * @param bed         sim, wine, vm, metal or windows
 * @param machine     groups and NUMA nodes
 * @param targets     interrupt objects, in the file's order
 * @param processors  those on which something ran or was lost, ascending
 * @param all         the sum over them; its processor is null
 * @param events      ISR runs
 * @param lost        events that the stream lost
 * @param nanoseconds from the first event to the last; 0 when that is not known
 * @param timeline    where ISRs ran over time; null when the file does not tell
 * @param moves       restarts by the system that were seen
 * @param environment name and value, for people
 * @param notes       what else has to be said: damage, what was not tried
 */
public record Evidence(String name, Kind kind, Verdict verdict, boolean asExpected, String sentence, String bed,
        Machine machine, List<Target> targets, List<At> processors, At all, long events, long lost, long nanoseconds,
        Timeline timeline, List<Move> moves, List<Fact> environment, List<String> notes) {
    /** What a file is. */
    public enum Kind {
        /** A file of irqscope record. */
        RECORDING("recording"),
        /** The JSON document of irqscope validate. */
        RESULT("result");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The word. */
        public String text() {
            return text;
        }
    }

    /** How loud the verdict is. */
    public enum Tone {
        /** Everything is as expected. */
        GOOD,
        /** Something is less than asked, or not complete. */
        WARNING,
        /** Interrupts went where they must not, or did not come. */
        BAD
    }

    /**
     * An interrupt object.
     *
     * @param device      its device
     * @param resource    behind it
     * @param way         how it was connected
     * @param requested   the processors that were asked for
     * @param granted     the processors that were granted; null when refused or not known
     * @param grantedBy   where that was read; null when refused
     * @param status      of the connect, with its name
     * @param observed    processor to ISR runs
     * @param sent        triggers; -1 when that is not known
     * @param arrived     ISR runs
     * @param lost        triggers without an ISR; -1 when that is not known
     * @param verdict     null when nothing ran and nothing was sent
     * @param asExpected  whether that was expected
     * @param explanation why it has its verdict
     * @param latency     from trigger to ISR; null when it was not measured
     */
    public record Target(String device, String resource, String way, ProcessorSet requested, ProcessorSet granted,
            String grantedBy, String status, SortedMap<Processor, Long> observed, long sent, long arrived, long lost,
            Verdict verdict, boolean asExpected, String explanation, Latency latency) {
        /** ISR runs on processors that were not granted. */
        public long outside() {
            return granted == null ? 0 : observed.entrySet().stream().filter(entry -> !granted.contains(entry.getKey()))
                    .mapToLong(java.util.Map.Entry::getValue).sum();
        }
    }

    /**
     * What ran on one processor.
     *
     * @param processor    which
     * @param count        ISR runs
     * @param outside      those of targets that were not granted to it
     * @param lost         events of it that the stream lost
     * @param triggerToIsr null when it was not measured
     * @param isrToDpc     null when it was not measured
     */
    public record At(Processor processor, long count, long outside, long lost, Curve triggerToIsr, Curve isrToDpc) {
    }

    /**
     * A line of the environment.
     *
     * @param name  what it is
     * @param value what it was
     */
    public record Fact(String name, String value) {
    }

    /** Takes copies. */
    public Evidence {
        targets = List.copyOf(targets);
        processors = List.copyOf(processors);
        moves = List.copyOf(moves);
        environment = List.copyOf(environment);
        notes = List.copyOf(notes);
    }

    /**
     * Of a recording, which is read to its end, once.
     *
     * @param name of the file
     * @param goOn is asked after each block; when it says no, the evidence is of what was read until then, and says so
     */
    public static Evidence of(String name, RecordingReader reader, Predicate<RecordingReader> goOn) {
        return RecordingEvidence.read(name, reader, goOn);
    }

    /** Of a result. */
    public static Evidence of(String name, ValidationReport report) {
        return ResultEvidence.of(name, report);
    }

    /** How loud the verdict is. */
    public Tone tone() {
        if (verdict == null) {
            return Tone.WARNING;
        }
        if (asExpected) {
            return lost > 0 ? Tone.WARNING : Tone.GOOD;
        }
        return switch (verdict) {
            case FELL_BACK, SPURIOUS, LOST -> Tone.WARNING;
            default -> Tone.BAD;
        };
    }

    /** A line of the environment; empty when it is not told. */
    String fact(String name) {
        return environment.stream().filter(fact -> fact.name().equals(name)).map(Fact::value).findFirst().orElse("");
    }

    /** ISR runs on processors that were not granted. */
    public long outside() {
        return processors.stream().mapToLong(At::outside).sum();
    }

    /** All processors that were asked for. */
    public ProcessorSet requested() {
        return targets.stream().map(Target::requested).reduce(ProcessorSet.empty(), ProcessorSet::plus);
    }

    /** All processors that were granted. */
    public ProcessorSet granted() {
        return targets.stream().map(Target::granted).filter(set -> set != null)
                .reduce(ProcessorSet.empty(), ProcessorSet::plus);
    }

    /** The targets that are not as expected. */
    public List<Target> unexpected() {
        return targets.stream().filter(target -> !target.asExpected()).toList();
    }
}
