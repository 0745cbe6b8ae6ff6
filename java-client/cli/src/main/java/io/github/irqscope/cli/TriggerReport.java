package io.github.irqscope.cli;

import io.github.irqscope.Affinity;
import io.github.irqscope.Connection;
import io.github.irqscope.Counters;
import io.github.irqscope.DeviceState;
import io.github.irqscope.EventHandler;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.EventRun;
import io.github.irqscope.Histogram;
import io.github.irqscope.HistogramKind;
import io.github.irqscope.Kind;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.Session;
import io.github.irqscope.Way;
import io.github.irqscope.json.JsonWriter;
import io.github.irqscope.validation.Expectation;
import io.github.irqscope.validation.TargetResult;
import io.github.irqscope.validation.ValidationReport;
import io.github.irqscope.validation.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the events of one connection, and tells what came of its triggers: the same fields as validate, and times. */
final class TriggerReport implements EventHandler {
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final int MOST_READS = 10_000;
    private static final Expectation QUIET = new Expectation(Verdict.LANDED, List.of(NtStatus.SUCCESS));

    private final Work work;
    private final Session session;
    private final DeviceState state;
    private final Way way;
    private final Resource resource;
    private final boolean allMessages;
    private final boolean masked;
    private final boolean paced;
    private final List<TargetResult> targets = new ArrayList<>();
    private final List<TargetResult> neighbours = new ArrayList<>();
    private boolean watchesNeighbours;
    private final List<Affinity> affinities = new ArrayList<>();
    private List<SortedMap<Processor, Long>> observed = List.of();
    private long[] received = new long[0];
    private long[] claimed = new long[0];
    private ProcessorSet asked;
    private Connection connection;
    private EventReader reader;
    private int only = -1;
    private Histogram triggerToIsr;
    private Histogram isrToDpc;

    TriggerReport(Work work, Session session, DeviceState state, Way way, Resource resource, boolean allMessages,
            boolean masked, boolean paced) {
        this.work = work;
        this.session = session;
        this.state = state;
        this.way = way;
        this.resource = resource;
        this.allMessages = allMessages;
        this.masked = masked;
        this.paced = paced;
    }

    /** What was asked for, where that is not the resource's own processors. */
    void asked(ProcessorSet processors) {
        asked = processors;
    }

    /** The other targets of the connection are looked at, too: nothing is sent to them, and nothing may arrive. */
    void watchNeighbours() {
        watchesNeighbours = true;
    }

    private ProcessorSet requested(Resource assigned) {
        return asked == null ? assigned.processors() : asked;
    }

    /** Begins to count; returns the number of the target that stands for the resource, 0 when there is but one. */
    int begin(Connection made, Resource wanted) {
        connection = made;
        observed = new ArrayList<>();
        received = new long[made.targets()];
        claimed = new long[made.targets()];
        for (int target = 0; target < made.targets(); target++) {
            observed.add(new TreeMap<>());
            affinities.add(made.affinity(target));
            if (wanted != null && affinities.get(target).resource().equals(wanted.id())) {
                only = target;
            }
        }
        reader = session.events(EventOptions.immediate());
        return Math.max(only, 0);
    }

    void drain() {
        reader.drain(this);
    }

    long events() {
        return reader.events();
    }

    @Override
    public void run(EventRun run) {
        if (run.connection() != connection.id()) {
            return;
        }
        Processor processor = run.processor();
        while (run.next()) {
            received[run.target()]++;
            if (run.claimed()) {
                claimed[run.target()]++;
                observed.get(run.target()).merge(processor, 1L, Long::sum);
            }
        }
    }

    /** The connect was refused. */
    int refused(int status) {
        targets.add(new TargetResult(session.name(), resource.id(), way, message(resource), requested(resource), null,
                null, status, new TreeMap<>(), 0, 0, 0, 0, 0, 0, 0, expected(), null, restartedBy(), false, null,
                state.messagesAsked(), state.messagesGranted(), resource.shared(), paced));
        return print();
    }

    /** Reads what is still under way, and the counters, which say how many events there must be. */
    int conclude(Firing firing) {
        if (firing.isGone()) {
            return concludeWithout(firing);
        }
        List<Counters> counters = connection.counters();
        for (int reads = 0; reads < MOST_READS && missing(counters) > 0 && reader.next(this, PATIENCE); reads++) {
            counters = connection.counters();
        }
        reader.close();
        boolean storm = session.state().stormMasked();
        for (Counters count : counters) {
            if (only < 0 || count.target() == only) {
                targets.add(result(count, storm && count.storm(), expected()));
            } else if (watchesNeighbours) {
                neighbours.add(result(count, storm && count.storm(), QUIET));
            }
        }
        triggerToIsr = connection.histogram(HistogramKind.TRIGGER_TO_ISR);
        isrToDpc = connection.histogram(HistogramKind.ISR_TO_DPC);
        return print();
    }

    /** The connection went away, and its counters with it: what replies and events told must do. */
    private int concludeWithout(Firing firing) {
        reader.drain(this);
        reader.close();
        int unanswered = Math.max(0, only);
        for (int target = 0; target < claimed.length && only < 0; target++) {
            unanswered = claimed[target] < claimed[unanswered] ? target : unanswered;
        }
        for (int target = 0; target < claimed.length; target++) {
            if (only < 0 || target == only) {
                int lost = target == unanswered ? 1 : 0;
                long sent = claimed.length == 1 || only >= 0 ? Math.max(firing.sent(), claimed[target])
                        : claimed[target];
                targets.add(result(new Counters(target, false, sent + lost, claimed[target],
                        received[target] - claimed[target], lost, 0, 0, 0), false, expected()));
            }
        }
        work.talk().line(Printer.Tone.WARNING, "The connection of " + session.name() + " ended in the middle: the "
                + "system restarted the device, or the device went away.");
        return print();
    }

    private long missing(List<Counters> counters) {
        long missing = -reader.lost();
        for (Counters count : counters) {
            missing += count.claimed() + count.notClaimed() - received[count.target()];
        }
        return missing;
    }

    private TargetResult result(Counters count, boolean storm, Expectation wanted) {
        Affinity affinity = affinities.get(count.target());
        Resource behind = resource;
        for (Resource assigned : state.resources()) {
            behind = assigned.id().equals(affinity.resource()) ? assigned : behind;
        }
        boolean granted = affinity.isKnown();
        long spurious = Math.max(0, count.claimed() - count.sent()) + (behind.shared() ? 0 : count.notClaimed());
        long folded = masked || count.claimed() == 0 ? 0 : Math.max(0, count.sent() - count.claimed() - count.lost());
        return new TargetResult(session.name(), behind.id(), way, message(behind), requested(behind),
                granted ? affinity.processors() : null, granted ? affinity.grantedBy() : null, affinity.status(),
                observed.get(count.target()), count.sent(), count.claimed(), count.lost(), spurious,
                behind.shared() ? count.notClaimed() : 0, folded,
                Math.max(0, count.claimed() + count.notClaimed() - received[count.target()]), wanted, null,
                restartedBy(), storm, connection.connectedAs(), state.messagesAsked(), state.messagesGranted(),
                behind.shared(), paced);
    }

    private static int message(Resource assigned) {
        return assigned.kind() == Kind.MESSAGE ? assigned.number() : -1;
    }

    private String restartedBy() {
        return asked != null && work.bed().isSimulated() ? TargetResult.US : null;
    }

    /** A masked device must not interrupt; any other must, and on a line when that is all there is. */
    private Expectation expected() {
        boolean falls = way == Way.MESSAGE_BASED && resource.kind() == Kind.LINE;
        Verdict verdict = masked ? Verdict.NEVER_FIRED : falls ? Verdict.FELL_BACK : Verdict.LANDED;
        return new Expectation(verdict, List.of(NtStatus.SUCCESS));
    }

    // ---- Telling -------------------------------------------------------------------------------------------------

    private int print() {
        boolean fine = true;
        for (TargetResult target : targets) {
            fine &= target.asExpected();
        }
        for (TargetResult neighbour : neighbours) {
            fine &= neighbour.asExpected();
        }
        boolean asExpected = fine;
        if (work.json()) {
            work.document(json -> write(json, asExpected));
        } else {
            print(work.out(), fine);
        }
        return fine ? ExitCode.FINE : ExitCode.NOT_AS_EXPECTED;
    }

    private void print(Printer out, boolean fine) {
        out.line();
        out.line(out.paint(Printer.Tone.STRONG, session.name()) + "  " + way.text() + (masked ? ", masked"
                : paced ? ", paced" : ", in bursts"));
        Table table = new Table("  ", "RESOURCE", "REQUESTED", "GRANTED", "SENT", "ARRIVED", "LOST", "SPURIOUS",
                "FOREIGN", "FOLDED", "VERDICT");
        for (TargetResult target : targets) {
            TargetRow row = new TargetRow(target);
            if (row.isRefused()) {
                table.row(row.tone(), row.resources(), row.requested(), row.verdict());
            } else {
                table.row(row.tone(), row.resources(), row.requested(), row.granted(), text(target.sent()),
                        text(target.arrived()), text(target.lost()), text(target.spurious()), text(target.foreign()),
                        text(target.coalesced()), row.verdict());
            }
        }
        table.print(out);
        for (TargetResult neighbour : neighbours) {
            if (!neighbour.asExpected()) {
                out.line(out.paint(Printer.Tone.BAD, "  Neighbour: ") + neighbour.resource() + ": " + neighbour.verdict()
                        + ": " + neighbour.explanation() + ".");
            }
        }
        printProcessors(out);
        printTimes(out, "Trigger to ISR", triggerToIsr);
        printTimes(out, "ISR to DPC", isrToDpc);
        out.line();
        out.line(fine ? Printer.Tone.GOOD : Printer.Tone.BAD, sentence(fine));
    }

    private static String text(long number) {
        return Long.toString(number);
    }

    /** Processor and count, as many in a line as fit. */
    private void printProcessors(Printer out) {
        SortedMap<Processor, Long> all = new TreeMap<>();
        for (TargetResult target : targets) {
            for (Map.Entry<Processor, Long> entry : target.observed().entrySet()) {
                all.merge(entry.getKey(), entry.getValue(), Long::sum);
            }
        }
        if (all.isEmpty()) {
            return;
        }
        int width = 0;
        for (Map.Entry<Processor, Long> entry : all.entrySet()) {
            width = Math.max(width, cell(entry).length());
        }
        out.line();
        out.line(Printer.Tone.FAINT, "  ISRs on each processor (the others had none)");
        StringBuilder line = new StringBuilder("  ");
        for (Map.Entry<Processor, Long> entry : all.entrySet()) {
            if (line.length() + width > out.columns()) {
                out.line(line.toString().stripTrailing());
                line.setLength(2);
            }
            String cell = cell(entry);
            line.append(cell).append(" ".repeat(width + 3 - cell.length()));
        }
        out.line(line.toString().stripTrailing());
    }

    private static String cell(Map.Entry<Processor, Long> entry) {
        return entry.getKey() + " " + entry.getValue();
    }

    private void printTimes(Printer out, String what, Histogram times) {
        if (times == null || times.total() == 0) {
            return;
        }
        out.line();
        out.line("  " + what + ": median " + nanoseconds(times, 50) + ", 99 % " + nanoseconds(times, 99) + ", longest "
                + nanoseconds(times, 100) + ", of " + times.total() + "; a tick is "
                + ValidationReport.nanoseconds(Math.round(session.version().resolution())));
    }

    private static String nanoseconds(Histogram times, double percent) {
        return ValidationReport.nanoseconds(times.percentileNanoseconds(percent));
    }

    private String sentence(boolean fine) {
        long sent = 0;
        long arrived = 0;
        long lost = 0;
        long spurious = 0;
        for (TargetResult target : targets) {
            sent += target.sent();
            arrived += target.arrived();
            lost += target.lost();
            spurious += target.spurious();
        }
        if (targets.get(0).granted() == null) {
            return Verdict.REFUSED + ": the connect ended with " + NtStatus.describe(targets.get(0).status()) + ".";
        }
        String counts = sent + " sent, " + arrived + " arrived, " + lost + " lost, " + spurious + " spurious.";
        if (masked) {
            return fine ? "The masked device kept quiet: " + counts : "The masked device interrupted: " + counts;
        }
        if (!neighbours.isEmpty()) {
            long fired = neighbours.stream().filter(neighbour -> !neighbour.asExpected()).count();
            counts = counts.substring(0, counts.length() - 1) + "; " + (fired == 0 ? "the " + neighbours.size()
                    + " neighbours kept quiet." : fired + " of " + neighbours.size() + " neighbours fired unasked.");
        }
        return (fine ? targets.get(0).verdict() : worst()) + ": " + counts;
    }

    private void write(JsonWriter json, boolean fine) {
        json.field("verdict", worst().toString()).field("sentence", sentence(fine));
        json.field("masked", masked).field("allMessages", allMessages);
        write(json, "triggerToIsr", triggerToIsr);
        write(json, "isrToDpc", isrToDpc);
        json.name("targets").beginArray();
        for (TargetResult target : targets) {
            target.writeTo(json);
        }
        json.endArray().name("neighbours").beginArray();
        neighbours.forEach(neighbour -> neighbour.writeTo(json));
        json.endArray();
    }

    /** As of a validation: LANDED when everything is as expected, else the worst. */
    private Verdict worst() {
        Verdict worst = Verdict.LANDED;
        for (List<TargetResult> some : List.of(targets, neighbours)) {
            for (TargetResult target : some) {
                worst = target.asExpected() ? worst : worst.worse(target.verdict());
            }
        }
        return worst;
    }

    private static void write(JsonWriter json, String name, Histogram times) {
        json.name(name);
        if (times == null || times.total() == 0) {
            json.nullValue();
            return;
        }
        json.beginObject().field("count", times.total()).field("p50", times.percentileNanoseconds(50))
                .field("p99", times.percentileNanoseconds(99)).field("max", times.percentileNanoseconds(100))
                .field("resolution", times.nanoseconds(1)).endObject();
    }
}
