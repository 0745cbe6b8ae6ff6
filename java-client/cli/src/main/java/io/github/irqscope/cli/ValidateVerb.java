package io.github.irqscope.cli;

import io.github.irqscope.Ability;
import io.github.irqscope.Access;
import io.github.irqscope.Device;
import io.github.irqscope.Machine;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Session;
import io.github.irqscope.Way;
import io.github.irqscope.json.JsonWriter;
import io.github.irqscope.validation.Drift;
import io.github.irqscope.validation.ExpectationCheck;
import io.github.irqscope.validation.ExpectationFile;
import io.github.irqscope.validation.ExpectationSyntaxException;
import io.github.irqscope.validation.JUnitReport;
import io.github.irqscope.validation.Move;
import io.github.irqscope.validation.Stop;
import io.github.irqscope.validation.Sweep;
import io.github.irqscope.validation.TargetResult;
import io.github.irqscope.validation.Validation;
import io.github.irqscope.validation.ValidationOptions;
import io.github.irqscope.validation.ValidationReport;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** `validate`, and `affinity`, which is the same without a trigger. */
final class ValidateVerb implements Runner {
    private static final int MOST_UNEXPECTED = 10;
    private static final long MINUTE = 60_000_000_000L;
    private static final Duration DRIFT_INTERVAL = Duration.ofSeconds(1);
    private static final String[] SWEEPS = {"group", "node", "processor"};

    private final Work work;
    private final CommandLine line;
    private final Values values;
    private final boolean triggers;
    private final Progress progress;
    private List<String> devices = List.of();
    private List<ProcessorSet> rounds = List.of();
    private int seen;

    ValidateVerb(Work work) {
        this.work = work;
        this.line = work.line();
        this.values = work.values();
        this.triggers = line.verb() == Verb.VALIDATE;
        this.progress = new Progress(work.talk(), work.showsProgress());
    }

    @Override
    public int run() {
        ExpectationFile file = expectations();
        Duration drift = drift();
        ValidationOptions options = options(file != null || drift != null);
        checkResources(options.resources());
        try (OutputFile junit = junit()) {
            return run(file, drift, options, junit);
        }
    }

    private int run(ExpectationFile file, Duration drift, ValidationOptions options, OutputFile junit) {
        work.introduce();
        if (line.has(Option.SWEEP) && !work.agree("The affinity policy of " + String.join(", ", options.devices())
                + " is written, and the device restarted, once for each " + options.sweep()
                + "; the old policy is put back.")) {
            work.talk().line("Nothing was done.");
            return ExitCode.FINE;
        }
        List<Asked> asked = triggers ? List.of() : asking(options);
        if (!triggers && !work.json()) {
            tellAsking(asked);
        }
        TargetTable table = work.json() ? null
                : new TargetTable(work.out(), triggers, !line.has(Option.VERBOSE));
        ValidationReport report;
        try {
            report = file != null ? expect(file, options, table) : drift != null ? drift(options, drift, table)
                    : validate(options, table);
        } catch (ExpectationSyntaxException e) {
            throw refuse(e);
        } finally {
            work.interruption().onRaise(null);
            progress.clear();
        }
        if (work.json()) {
            work.out().document(triggers ? report.toJson() : report.toJson(json -> write(json, asked)));
        } else {
            table.flush();
            conclude(report);
        }
        if (junit != null) {
            junit.stream().print(JUnitReport.of(report, Instant.now()));
            junit.keep();
        }
        return report.exitCode();
    }

    /** Where a device's request comes from; written: for this run only. */
    private record Asked(Device device, Asking by, boolean written) {
    }

    /** Asked before the run: afterwards a device may be gone. Where there are no groups no policy is written. */
    private List<Asked> asking(ValidationOptions options) {
        List<Asked> asked = new ArrayList<>();
        for (Snapshot one : Snapshot.all(work, work.deviceNames())) {
            boolean written = options.processors() != null && work.bed().isSimulated() && one.version() != null
                    && one.version().can(Ability.GROUPS) && !one.resources().isEmpty();
            asked.add(new Asked(one.device(), written ? Asking.POLICY_KEY : options.processors() != null ? Asking.CONNECT
                    : Asking.of(one.device()), written));
        }
        return asked;
    }

    /** Of what is requested, where that comes from; the table's FROM says it of what was granted. */
    private void tellAsking(List<Asked> asked) {
        for (Asked one : asked) {
            work.out().line(Printer.Tone.FAINT, one.device.name() + " asks by: " + one.by.text()
                    + (one.written ? ", written for this run and put back" : ""));
        }
        work.out().line(Printer.Tone.FAINT, "FROM: interrupt-object is IoGetAffinityInterrupt's answer, assigned-resource "
                + "the translated resource's, compatibility the documented one of older kernels.");
    }

    /** The same as data. */
    private static void write(JsonWriter json, List<Asked> asked) {
        json.name("asks").beginArray();
        for (Asked one : asked) {
            json.beginObject().field("device", one.device.name()).field("asksBy", one.by.word())
                    .field("written", one.written).endObject();
        }
        json.endArray();
    }

    private ValidationReport validate(ValidationOptions options, TargetTable table) {
        Validation validation = new Validation(work.bed(), options, target -> tell(target, table))
                .onJournal(path -> {
                    if (line.has(Option.SWEEP) || line.has(Option.VERBOSE)) {
                        progress.clear();
                        work.talk().line("The old policy is kept in " + path + " until it is put back.");
                        work.talk().flush();
                    }
                });
        work.interruption().onRaise(validation::stop);
        if (work.showsProgress()) {
            devices = work.devices(options.devices()).stream().map(Device::name).toList();
            rounds = devices.isEmpty() ? List.of() : options.sweep().targets(work.machine(), options.processors());
        }
        return validation.run();
    }

    private ValidationReport expect(ExpectationFile file, ValidationOptions options, TargetTable table) {
        ExpectationCheck check = new ExpectationCheck(work.bed(), file, options, target -> tell(target, table));
        work.interruption().onRaise(check::stop);
        devices = file.wanted().stream().map(wanted -> wanted.device().toLowerCase(Locale.ROOT)).distinct().toList();
        return check.run();
    }

    private ValidationReport drift(ValidationOptions options, Duration duration, TargetTable table) {
        long total = duration.toNanos();
        Drift drift = new Drift(work.bed(), options, duration, DRIFT_INTERVAL, passed -> progress.show("drift",
                passed, total, passed / MINUTE + " of " + total / MINUTE + " minutes"));
        work.interruption().onRaise(drift::stop);
        ValidationReport report = drift.run();
        if (table != null) {
            report.targets().forEach(table::add);
        }
        return report;
    }

    private ExpectationFile expectations() {
        if (!line.has(Option.EXPECT)) {
            return null;
        }
        for (Option other : List.of(Option.SWEEP, Option.DRIFT, Option.DEVICE, Option.RESOURCE, Option.WAY,
                Option.PROCESSORS, Option.GROUP, Option.COUNT)) {
            if (line.has(other)) {
                throw new UsageException(line.verb(), "--expect and " + other.spelling()
                        + " do not go together: the file says what is tried");
            }
        }
        String name = line.text(Option.EXPECT, "");
        try {
            return ExpectationFile.parse(Files.readString(Path.of(name)));
        } catch (ExpectationSyntaxException e) {
            throw refuse(e);
        } catch (MalformedInputException e) {
            throw values.refuse(Option.EXPECT, name, "it is not UTF-8 text");
        } catch (InvalidPathException e) {
            throw values.refuse(Option.EXPECT, name, e.getReason());
        } catch (NoSuchFileException e) {
            throw values.refuse(Option.EXPECT, name, "there is no such file");
        } catch (IOException e) {
            throw values.refuse(Option.EXPECT, name, "it cannot be read: " + e.getMessage());
        }
    }

    private UsageException refuse(ExpectationSyntaxException e) {
        return new UsageException(line.verb(), line.text(Option.EXPECT, "") + ":" + e.line() + ":" + e.column() + ": "
                + e.reason(), e.source(), e.column());
    }

    private Duration drift() {
        if (!line.has(Option.DRIFT)) {
            return null;
        }
        for (Option other : List.of(Option.SWEEP, Option.PROCESSORS, Option.GROUP)) {
            if (line.has(other)) {
                throw new UsageException(line.verb(), "--drift and " + other.spelling()
                        + " do not go together: drift restarts nothing");
            }
        }
        return Duration.ofMinutes(values.number(Option.DRIFT, line.text(Option.DRIFT, ""), Ranges.MINUTES));
    }

    /* Opened before anything is done, so that a bad place is known at once; null when none is wanted. */
    private OutputFile junit() {
        if (!line.has(Option.JUNIT)) {
            return null;
        }
        String name = line.text(Option.JUNIT, "");
        if (name.isEmpty()) {
            throw values.refuse(Option.JUNIT, name, "a file's name is missing");
        }
        return OutputFile.open(name);
    }

    /** An interrupt that no device has is a mistake of who asked, found before anything is touched. */
    private void checkResources(List<ResourceId> wanted) {
        if (wanted.isEmpty()) {
            return;
        }
        List<ResourceId> missing = new ArrayList<>(wanted);
        StringBuilder there = new StringBuilder();
        for (Snapshot device : Snapshot.all(work, work.deviceNames())) {
            there.append(there.length() == 0 ? "" : "; ").append(device.device().name()).append(" has");
            String separator = " ";
            for (Resource resource : device.resources()) {
                missing.remove(resource.id());
                there.append(separator).append(resource.id());
                separator = ", ";
            }
            there.append(device.resources().isEmpty() ? " none" : "");
        }
        if (!missing.isEmpty()) {
            throw new MissingException("no device has " + missing.get(0) + " (" + there + ")");
        }
    }

    private void tell(TargetResult target, TargetTable table) {
        seen++;
        if (table != null) {
            progress.clear();
            table.add(target);
            work.checkOutput();
        }
        String text = target.device() + " in " + TargetRow.text(target.requested()) + ", "
                + MachineVerb.count(seen, "target");
        /* What is requested by no policy is one step of its device, else a step is what one policy asks for. */
        long steps = Math.max(1, rounds.size());
        progress.show(line.verb().word(), devices.indexOf(target.device()) * steps
                + Math.max(0, rounds.indexOf(target.requested())), devices.size() * steps, text);
    }

    private void conclude(ValidationReport report) {
        Printer out = work.out();
        List<TargetResult> wrong = report.unexpected();
        out.line();
        for (int i = 0; i < Math.min(wrong.size(), MOST_UNEXPECTED); i++) {
            out.line(out.paint(Printer.Tone.BAD, "Not as expected: ") + tell(wrong.get(i)));
        }
        if (wrong.size() > MOST_UNEXPECTED) {
            out.line("... and " + (wrong.size() - MOST_UNEXPECTED) + " more, which --json tells");
        }
        if (report.stop() != null) {
            explain(out, report.stop(), work.bed().isSimulated());
        }
        for (int i = 0; i < Math.min(report.moves().size(), MOST_UNEXPECTED); i++) {
            Move move = report.moves().get(i);
            out.line("After " + ValidationReport.nanoseconds(move.time()) + " the system restarted " + move.device()
                    + " " + move.resource() + ": " + (move.isMove() ? "granted on " + move.to() + ", before on "
                    + move.from() : "granted as before") + ".");
        }
        for (String note : report.notes()) {
            out.line(Printer.Tone.FAINT, "Note: " + note + ".");
        }
        out.line(report.exitCode() == 0 ? Printer.Tone.GOOD : Printer.Tone.BAD, report.sentence());
    }

    private static String tell(TargetResult target) {
        String limits = target.brokenLimits();
        return target.device() + " " + target.resource() + " " + target.way() + " in " + target.requested() + ": "
                + TargetRow.verdict(target) + ": " + target.explanation() + (limits.isEmpty() ? "" : "; " + limits)
                + ".";
    }

    /* What the threshold ended, and what came before it, on that processor and on the others. */
    private static void explain(Printer out, Stop stop, boolean simulated) {
        out.line(out.paint(Printer.Tone.BAD, "Stopped: ") + stop.device() + " " + stop.resource() + " on "
                + stop.processor() + ": its ISR came " + ValidationReport.nanoseconds(stop.latency())
                + " after the trigger; the threshold is " + ValidationReport.nanoseconds(stop.threshold()) + ".");
        out.line(stop.before().isEmpty() ? "  It was the first event on " + stop.processor() + " of this connection."
                : "  Before it on " + stop.processor() + " (of this connection; what else ran there is not known here):");
        stop.before().forEach(event -> out.line("    " + tell(event, "")));
        out.line(stop.elsewhere().isEmpty() ? "  Before it there was none on another processor, of this connection."
                : "  Before it on other processors (of this connection):");
        stop.elsewhere().forEach(event -> out.line("    " + tell(event, " on " + event.processor())));
        if (stop.noise() != null) {
            out.line("  The host: in " + ValidationReport.nanoseconds(stop.noise().watched())
                    + " of looking at the clock this process was kept from running "
                    + ValidationReport.nanoseconds(stop.noise().longestGap()) + " at most"
                    + (simulated ? "; the latencies of a simulated machine have nothing of that in them." : "."));
        }
    }

    private static String tell(Stop.Before event, String where) {
        return ValidationReport.nanoseconds(event.ago()) + " earlier" + where + ", target " + event.target()
                + (event.latency() < 0 ? ", not timed" : ", " + ValidationReport.nanoseconds(event.latency())
                + " after its trigger") + (event.claimed() ? "" : ", not claimed");
    }

    private ValidationOptions options(boolean asItIs) {
        ValidationOptions options = ValidationOptions.everything().withDevices(work.deviceNames());
        if (line.has(Option.STOP_AT)) {
            options = options.withStopAt(Duration.ofNanos(values.latency(Option.STOP_AT,
                    line.text(Option.STOP_AT, ""))));
        }
        List<ResourceId> resources = new ArrayList<>();
        for (String text : values.resources(line.all(Option.RESOURCE))) {
            resources.add(ResourceId.parse(text));
        }
        List<Way> ways = new ArrayList<>();
        for (String text : values.list(Option.WAY, line.all(Option.WAY))) {
            ways.add(Way.parse(values.choice(Option.WAY, text, Values.WAYS)));
        }
        options = options.withResources(resources).withWays(ways);
        List<Integer> groups = values.groups(line.all(Option.GROUP));
        if (!triggers) {
            options = options.withCount(0);
        } else if (line.has(Option.COUNT)) {
            options = options.withCount((int) values.number(Option.COUNT, line.text(Option.COUNT, ""), Ranges.VALIDATIONS));
        } else if (line.has(Option.DRIFT)) {
            options = options.withCount(Drift.DEFAULT_COUNT);
        }
        if (asItIs) {
            return options.withPolicies(false);
        }
        options = options.withJournal(work.journalFolder(), String.join(" ", line.words()));
        ProcessorSet asked = asked(groups);
        if (!asked.isEmpty()) {
            options = options.withProcessors(asked);
        }
        if (line.has(Option.SWEEP)) {
            return sweep(options);
        }
        return triggers || !asked.isEmpty() ? options : options.withPolicies(false);
    }

    /* One device and one way unless more are named: a processor more is a restart more. */
    private ValidationOptions sweep(ValidationOptions given) {
        String word = values.choice(Option.SWEEP, line.text(Option.SWEEP, ""), SWEEPS);
        ValidationOptions options = given.withSweep(Sweep.valueOf(word.toUpperCase(Locale.ROOT)));
        if (!line.has(Option.WAY)) {
            options = options.withWays(List.of(Way.FULLY_SPECIFIED_GROUP));
        }
        if (!line.has(Option.DEVICE)) {
            options = options.withDevices(List.of(firstUsable()));
        }
        for (Device device : work.devices(options.devices())) {
            try (Session session = device.open(Access.READ)) {
                if (!session.version().can(Ability.GROUPS)) {
                    throw new UsageException(line.verb(), "--sweep asks for processors by policy, and kernel "
                            + session.version().kernel() + " knows no processor groups, so no policy can ask it");
                }
            }
        }
        return options;
    }

    private String firstUsable() {
        for (Snapshot snapshot : Snapshot.all(work, List.of())) {
            if (snapshot.state() != null && snapshot.state().started() && !snapshot.resources().isEmpty()
                    && snapshot.state().model().canBeTriggered()) {
                return snapshot.device().name();
            }
        }
        throw new MissingException("no device here can be made to interrupt");
    }

    /** What --processors or --group ask for, checked against the machine; empty when they do not. */
    private ProcessorSet asked(List<Integer> groups) {
        ProcessorSet asked = work.processors();
        if (!asked.isEmpty() && !groups.isEmpty()) {
            throw new UsageException(line.verb(), "--processors and --group ask for different things; one of them");
        }
        if (asked.isEmpty() && groups.isEmpty()) {
            return asked;
        }
        Machine machine = work.machine();
        for (int group : groups) {
            ProcessorSet all = machine.active().inGroup(group);
            if (all.isEmpty()) {
                throw values.refuse(Option.GROUP, Integer.toString(group), "this machine has the groups 0 to "
                        + (machine.groups().size() - 1));
            }
            asked = asked.plus(all);
        }
        work.checkProcessors(asked);
        return asked;
    }
}
