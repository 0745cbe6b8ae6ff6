package io.github.irqscope.cli;

import io.github.irqscope.Ability;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.ConnectResult;
import io.github.irqscope.Connection;
import io.github.irqscope.Device;
import io.github.irqscope.DeviceState;
import io.github.irqscope.Kind;
import io.github.irqscope.NtStatus;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Session;
import io.github.irqscope.Trigger;
import io.github.irqscope.Way;
import java.util.List;

/** `trigger`: one connection, so many interrupts, and what became of them. */
final class TriggerVerb implements Runner {
    private static final int EVENTS = 4096;
    private static final String ALL = "all";

    private final Work work;
    private final CommandLine line;
    private final Values values;
    private final String device;
    private final ResourceId resource;
    private final boolean allMessages;
    private final Way way;
    private final ProcessorSet processors;
    private final long count;
    private final int burst;
    private final long rate;
    private final boolean masked;
    private final boolean neighbours;

    TriggerVerb(Work work) {
        this.work = work;
        this.line = work.line();
        this.values = work.values();
        this.device = single(Option.DEVICE, work.deviceNames());
        String message = line.text(Option.MESSAGE, null);
        this.allMessages = ALL.equals(message);
        this.neighbours = line.has(Option.NEIGHBOURS);
        if (neighbours && allMessages) {
            throw new UsageException(line.verb(), "--neighbours are the messages that are not triggered, and --message all"
                    + " leaves none");
        }
        this.resource = resource(message);
        String wanted = single(Option.WAY, values.list(Option.WAY, line.all(Option.WAY)));
        this.way = wanted == null ? null : Way.parse(values.choice(Option.WAY, wanted, Values.WAYS));
        if (allMessages && way != null && way != Way.MESSAGE_BASED) {
            throw values.refuse(Option.WAY, wanted, "--message all connects every message, which is message-based");
        }
        if (neighbours && way != null && way != Way.MESSAGE_BASED) {
            throw values.refuse(Option.WAY, wanted, "--neighbours connects every message, which is message-based");
        }
        if (neighbours && resource != null && resource.kind() == Kind.LINE) {
            throw values.refuse(Option.RESOURCE, resource.toString(), "--neighbours are a message's");
        }
        this.processors = work.processors();
        if (!processors.isEmpty() && !processors.oneGroup()) {
            throw values.refuse(Option.PROCESSORS, processors.toString(),
                    "one connection has processors of one group");
        }
        this.count = values.number(Option.COUNT, line.text(Option.COUNT, Long.toString(Ranges.DEFAULT_COUNT)),
                Ranges.TRIGGERS);
        this.burst = line.has(Option.BURST)
                ? (int) values.number(Option.BURST, line.text(Option.BURST, ""), Ranges.BURST) : 0;
        this.rate = line.has(Option.RATE) ? values.rate(line.text(Option.RATE, "")) : 0;
        this.masked = line.has(Option.MASKED);
    }

    private String single(Option option, List<String> names) {
        if (names.size() > 1) {
            throw values.refuse(option, String.join(",", names), "trigger takes one");
        }
        return names.isEmpty() ? null : names.get(0);
    }

    private ResourceId resource(String message) {
        String wanted = single(Option.RESOURCE, values.resources(line.all(Option.RESOURCE)));
        if (message == null) {
            return wanted == null ? null : ResourceId.parse(wanted);
        }
        if (wanted != null) {
            throw new UsageException(line.verb(), "--message and --resource name the same thing; one of them");
        }
        return allMessages ? null
                : new ResourceId(Kind.MESSAGE, (int) values.number(Option.MESSAGE, message, Ranges.NUMBER));
    }

    @Override
    public int run() {
        Device chosen = device == null ? firstUsable() : work.bed().device(device);
        work.introduce();
        if (processors.isEmpty() || !work.bed().isSimulated()) {
            return run(chosen);
        }
        work.checkProcessors(processors);
        try (Placement placement = new Placement(work.bed(), work.journalFolder(),
                String.join(" ", line.words()), chosen, processors)) {
            work.talk().line("The policy of " + chosen.name() + " asks for " + placement.processors()
                    + " until this is done.");
            return run(chosen);
        }
    }

    private Device firstUsable() {
        for (Snapshot snapshot : Snapshot.all(work, List.of())) {
            DeviceState state = snapshot.state();
            if (state != null && state.started() && state.model().canBeTriggered() && !state.resources().isEmpty()) {
                return snapshot.device();
            }
        }
        throw new MissingException("no device here can be made to interrupt");
    }

    private int run(Device chosen) {
        try (Session session = chosen.open()) {
            work.knows(session);
            DeviceState state = session.state();
            if (!state.model().canBeTriggered()) {
                throw new MissingException(chosen.name() + " interrupts by itself only; nothing here can trigger it");
            }
            Resource target = target(chosen, state);
            Way by = way(session, target);
            ConnectRequest request = request(by, target);
            TriggerReport report = new TriggerReport(work, session, state, by, target, allMessages, masked,
                    burst == 0 && !masked);
            if (neighbours) {
                report.watchNeighbours();
            }
            if (!processors.isEmpty()) {
                report.asked(processors);
            }
            ConnectResult connected = session.tryConnect(request);
            if (connected.refused()) {
                return report.refused(connected.status());
            }
            try (Connection connection = connected.connection().orElseThrow()) {
                return fire(session, connection, report, allMessages || by.wantsResource() ? null : target);
            }
        }
    }

    private Resource target(Device chosen, DeviceState state) {
        if (neighbours && state.resources().stream().filter(one -> one.kind() == Kind.MESSAGE).count() < 2) {
            throw new MissingException(chosen.name() + " has no two messages, so no message of it has a neighbour");
        }
        StringBuilder names = new StringBuilder();
        for (Resource assigned : state.resources()) {
            if (resource == null ? !allMessages && !neighbours || assigned.kind() == Kind.MESSAGE
                    : assigned.id().equals(resource)) {
                return assigned;
            }
            names.append(names.length() == 0 ? "; it has " : ", ").append(assigned.id());
        }
        throw new MissingException(chosen.name() + " has no " + (resource == null ? "message" : resource)
                + (names.length() == 0 ? ", and no other interrupt" : names));
    }

    /** The way that works in every group, where the kernel has it. */
    private Way way(Session session, Resource target) {
        if (way != null) {
            return way;
        }
        if (allMessages || neighbours) {
            return Way.MESSAGE_BASED;
        }
        boolean ex = session.version().can(Ability.CONNECT_EX);
        return ex || target.kind() == Kind.MESSAGE ? Way.FULLY_SPECIFIED_GROUP : Way.IO_CONNECT_INTERRUPT;
    }

    private ConnectRequest request(Way by, Resource target) {
        ConnectRequest request = ConnectRequest.of(by, by.wantsResource() ? target.id() : null).withEvents(EVENTS)
                .withStormRate(Firing.guard(rate));
        if (by == Way.MESSAGE_BASED) {
            request = request.withFallback();
        }
        if (!processors.isEmpty() && by.wantsResource() && !work.bed().isSimulated()) {
            if (processors.group() != target.group()) {
                throw values.refuse(Option.PROCESSORS, processors.toString(), target.id() + " was assigned to group "
                        + target.group() + "; only a policy and a restart of the device move it to another");
            }
            request = request.withMask(processors.mask(target.group()));
        }
        return request;
    }

    /** Only is the resource whose target is meant where the connection may have several; else null. */
    private int fire(Session session, Connection connection, TriggerReport report, Resource only) {
        int first = report.begin(connection, only);
        int target = allMessages ? Trigger.ALL : first;
        Progress progress = new Progress(work.talk(), work.showsProgress());
        if (masked) {
            session.mask(true);
        }
        long total = count * (allMessages ? connection.targets() : 1);
        Firing firing = new Firing(connection, work.bed(), work.interruption(), () -> {
            report.drain();
            progress.show("trigger", report.events(), total, report.events() + " of " + total + " interrupts");
        });
        try {
            firing.fire(target, allMessages ? connection.targets() : 1, count, masked && burst == 0 ? 1 : burst, rate);
            firing.settle();
        } finally {
            progress.clear();
        }
        int code = report.conclude(firing);
        if (work.interruption().isRaised() && firing.sent() < count * (allMessages ? connection.targets() : 1)) {
            work.talk().line(Printer.Tone.WARNING, "Interrupted before all of " + count + " were sent.");
        }
        if (firing.status() != NtStatus.SUCCESS) {
            work.talk().line(Printer.Tone.WARNING,
                    "The driver stopped sending: " + NtStatus.describe(firing.status()) + ".");
        }
        return code;
    }
}
