package io.github.irqscope.cli;

import io.github.irqscope.Machine;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Way;
import io.github.irqscope.validation.TargetResult;
import io.github.irqscope.validation.Validation;
import io.github.irqscope.validation.ValidationOptions;
import io.github.irqscope.validation.ValidationReport;
import java.util.ArrayList;
import java.util.List;

/** `validate`, and `affinity`, which is the same without a trigger. */
final class ValidateVerb implements Runner {
    private static final int MOST_UNEXPECTED = 10;
    private static final int MOST_PROCESSORS = 8;
    private static final long MOST_TRIGGERS = 1_000_000;

    private final Work work;
    private final CommandLine line;
    private final Values values;
    private final boolean triggers;
    private final Progress progress;
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
        ValidationOptions options = options();
        checkResources(options.resources());
        work.introduce();
        TargetTable table = work.json() ? null
                : new TargetTable(work.out(), triggers, !line.has(Option.VERBOSE));
        Validation validation = new Validation(work.bed(), options, target -> tell(target, table));
        work.interruption().onRaise(validation::stop);
        ValidationReport report;
        try {
            report = validation.run();
        } finally {
            work.interruption().onRaise(null);
            progress.clear();
        }
        if (work.json()) {
            work.out().line(report.toJson());
        } else {
            table.flush();
            conclude(report);
        }
        return report.exitCode();
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
        progress.show(line.verb().word() + ": " + target.device() + " in " + TargetRow.text(target.requested()) + ", "
                + MachineVerb.count(seen, "target"));
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
        for (String note : report.notes()) {
            out.line(Printer.Tone.FAINT, "Note: " + note + ".");
        }
        out.line(report.exitCode() == 0 ? Printer.Tone.GOOD : Printer.Tone.BAD, report.sentence());
    }

    private static String tell(TargetResult target) {
        StringBuilder text = new StringBuilder();
        text.append(target.device()).append(' ').append(target.resource()).append(' ').append(target.way().text())
                .append(": ").append(TargetRow.verdict(target))
                .append("; requested ").append(target.requested());
        if (target.granted() == null) {
            return text.toString();
        }
        text.append(", granted ").append(target.granted());
        if (target.previousGranted() != null) {
            text.append(" (before the restart by the system ").append(target.previousGranted()).append(')');
        }
        text.append(", sent ").append(target.sent()).append(", arrived ").append(target.arrived());
        append(text, ", lost ", target.lost());
        append(text, ", spurious ", target.spurious());
        append(text, ", events lost ", target.eventsLost());
        if (target.stormMasked()) {
            text.append(", masked by the storm guard");
        }
        ProcessorSet outside = target.outside();
        if (!outside.isEmpty()) {
            text.append(", ran outside on ").append(outside.size() <= MOST_PROCESSORS ? outside.toString()
                    : outside.size() + " processors of " + groups(outside));
        }
        return text.toString();
    }

    private static String groups(ProcessorSet set) {
        StringBuilder text = new StringBuilder();
        for (int group : set.masks().keySet()) {
            text.append(text.length() == 0 ? "g" : ", g").append(group);
        }
        return text.toString();
    }

    private static void append(StringBuilder text, String what, long count) {
        if (count > 0) {
            text.append(what).append(count);
        }
    }

    private ValidationOptions options() {
        ValidationOptions options = ValidationOptions.everything().withDevices(work.deviceNames());
        List<ResourceId> resources = new ArrayList<>();
        for (String text : values.resources(line.all(Option.RESOURCE))) {
            resources.add(ResourceId.parse(text));
        }
        List<Way> ways = new ArrayList<>();
        for (String text : values.list(Option.WAY, line.all(Option.WAY))) {
            ways.add(Way.parse(values.choice(Option.WAY, text, Values.WAYS)));
        }
        options = options.withResources(resources).withWays(ways);
        if (!triggers) {
            options = options.withCount(0);
        } else if (line.has(Option.COUNT)) {
            options = options.withCount((int) values.number(Option.COUNT, line.text(Option.COUNT, ""), 1,
                    MOST_TRIGGERS));
        }
        ProcessorSet asked = asked();
        if (!asked.isEmpty()) {
            return options.withProcessors(asked);
        }
        return triggers ? options : options.withPolicies(false);
    }

    /** What --processors or --group ask for, checked against the machine; empty when they do not. */
    private ProcessorSet asked() {
        ProcessorSet asked = work.processors();
        List<Integer> groups = values.groups(line.all(Option.GROUP));
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
