package io.github.irqscope.validation;

import io.github.irqscope.Ability;
import io.github.irqscope.Bed;
import io.github.irqscope.Device;
import io.github.irqscope.DeviceState;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Kind;
import io.github.irqscope.Machine;
import io.github.irqscope.NoDriverException;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.Session;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.Way;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Keeps looking at where interrupts land, and restarts nothing itself: round by round each interrupt is connected,
 * asked and triggered, and what was granted is compared with the round before. A handle is open on each device; the PnP
 * manager's own stop and start does not mind it, and when somebody else restarts the device it gives way, and another one
 * is opened when the device is back.
 */
public final class Drift {
    /** Triggers for each interrupt in each round, unless options say otherwise. */
    public static final int DEFAULT_COUNT = 10;

    private static final long NOISE = 20_000_000;
    private static final long STARTED_ANEW = -1;
    private static final int MOST_MISSES = 30;

    private final Bed bed;
    private final ValidationOptions options;
    private final Duration duration;
    private final Duration interval;
    private final Consumer<Long> progress;
    private final Pace pace;
    private final Map<String, TargetResult> targets = new LinkedHashMap<>();
    private final List<Move> moves = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Machine machine;
    private String kernel;
    private Stop stop;
    private volatile boolean stopped;

    /* A device that is looked at, its handle, and how often it had been started when it was last seen. */
    private static final class Held {
        private final Device device;
        private Session session;
        private long starts;
        private boolean gone;
        private int misses;

        Held(Device device, Session session, long starts) {
            this.device = device;
            this.session = session;
            this.starts = starts;
        }
    }

    /**
     * A watch that has not begun.
     *
     * @param options  which devices, resources, ways and how many triggers a round; its policies are not written
     * @param duration how long
     * @param interval from one round to the next
     * @param progress is told after each round how many nanoseconds have passed
     */
    public Drift(Bed bed, ValidationOptions options, Duration duration, Duration interval, Consumer<Long> progress) {
        if (duration.isNegative() || duration.isZero() || interval.isNegative() || interval.isZero()) {
            throw new IllegalArgumentException("drift takes a time and an interval above zero, not " + duration + " and "
                    + interval);
        }
        this.bed = bed;
        this.options = options;
        this.duration = duration;
        this.interval = interval;
        this.progress = progress;
        this.pace = new Pace(bed);
    }

    /** Makes it end soon, from any thread: the report tells what was seen until then. */
    public void stop() {
        stopped = true;
        pace.end();
    }

    /**
     * Looks, once.
     *
     * @throws IrqscopeException when a device cannot be opened, or there is nothing to look at
     */
    public ValidationReport run() {
        List<Held> held = new ArrayList<>();
        try {
            hold(held);
            do {
                for (Held one : held) {
                    if (!stopped && stop == null && !one.gone && isOpen(one)) {
                        lookUnlessClosed(one);
                    }
                }
                progress.accept(pace.now());
                if (stopped || stop != null || held.stream().allMatch(one -> one.gone)) {
                    break;
                }
                pace.pass(interval.toNanos());
            } while (pace.now() < duration.toNanos());
        } finally {
            held.forEach(one -> one.session.close());
        }
        if (stopped) {
            notes.add("interrupted after " + ValidationReport.nanoseconds(pace.now()) + " of "
                    + ValidationReport.nanoseconds(duration.toNanos()));
        }
        return new ValidationReport(bed.name(), SimulatedMachine.of(bed), machine,
                List.copyOf(targets.values()), stopped, notes, stop, moves, kernel);
    }

    private void hold(List<Held> held) {
        List<Device> devices = options.devices().isEmpty() ? bed.devices()
                : options.devices().stream().map(bed::device).toList();
        for (Device device : devices) {
            Session session = device.open();
            DeviceState state = session.state();
            machine = machine == null ? session.machine() : machine;
            kernel = session.version().kernel();
            if (state.model().canBeTriggered() && !state.resources().isEmpty()) {
                session.giveWay();
                held.add(new Held(device, session, state.starts()));
            } else {
                session.close();
                notes.add(device + (state.resources().isEmpty() ? " has no interrupts" : " cannot be triggered"));
            }
        }
        if (held.isEmpty()) {
            throw new NoDriverException("drift", 0, "there is nothing to look at: " + String.join("; ", notes), null);
        }
    }

    /* Opens another handle when the last one gave way; for a while the device may be between its stop and its start. */
    private boolean isOpen(Held one) {
        if (!one.session.isClosed()) {
            return true;
        }
        try {
            one.session = one.device.open();
            one.session.giveWay();
            one.starts = STARTED_ANEW;
            one.misses = 0;
            return true;
        } catch (IrqscopeException e) {
            if (++one.misses == MOST_MISSES) {
                leave(one, "was restarted by somebody and did not come back");
            }
            return false;
        }
    }

    private void lookUnlessClosed(Held one) {
        try {
            look(one);
        } catch (IllegalStateException e) {
            if (!one.session.isClosed()) {
                throw e;
            }
        }
    }

    private void look(Held one) {
        DeviceState state;
        try {
            state = one.session.state();
        } catch (IrqscopeException e) {
            leave(one, "went away");
            return;
        }
        if (!state.started()) {
            return; /* stopped just now; the next round sees what became of it */
        }
        boolean restarted = state.starts() != one.starts;
        Attempt attempt = new Attempt(one.session, options, null, null, () -> stopped, pace);
        for (Resource resource : state.resources()) {
            if (!options.resources().isEmpty() && !options.resources().contains(resource.id())) {
                continue;
            }
            for (TargetResult found : attempt.run(way(one.session, resource), List.of(resource))) {
                add(found, restarted);
            }
            if (attempt.stop() != null) {
                stop = attempt.stop().withNoise(HostNoise.measure(NOISE));
                return;
            }
            if (attempt.deviceIsGone()) {
                leave(one, "went away");
                return;
            }
        }
        one.starts = starts(one);
    }

    /* A restart in the middle of a round was judged within it. */
    private static long starts(Held one) {
        try {
            return one.session.state().starts();
        } catch (IrqscopeException e) {
            return one.starts;
        }
    }

    private void leave(Held one, String why) {
        one.gone = true;
        notes.add(one.device + " " + why + " after " + ValidationReport.nanoseconds(pace.now()));
    }

    private Way way(Session session, Resource resource) {
        if (options.ways().size() == 1) {
            return options.ways().get(0);
        }
        return session.version().can(Ability.CONNECT_EX) || resource.kind() == Kind.MESSAGE
                ? Way.FULLY_SPECIFIED_GROUP : Way.IO_CONNECT_INTERRUPT;
    }

    private void add(TargetResult found, boolean restarted) {
        String key = found.device() + " " + found.resource();
        TargetResult before = targets.get(key);
        if (before == null) {
            note(found, found.previousGranted());
            targets.put(key, found);
            return;
        }
        boolean within = TargetResult.SYSTEM.equals(found.restartedBy());
        if (within && found.previousGranted() != null) {
            note(found, found.previousGranted());
        } else if (restarted) {
            moves.add(new Move(pace.now(), found.device(), found.resource(), before.granted(), found.granted()));
        }
        targets.put(key, sum(before, found, restarted || within));
    }

    private void note(TargetResult found, ProcessorSet from) {
        if (TargetResult.SYSTEM.equals(found.restartedBy())) {
            moves.add(new Move(pace.now(), found.device(), found.resource(), from, found.granted()));
        }
    }

    /* What was observed counts since the last restart; everything else since the beginning. A move once seen stays. */
    private static TargetResult sum(TargetResult before, TargetResult found, boolean restarted) {
        SortedMap<Processor, Long> observed = new TreeMap<>(restarted ? Map.of() : before.observed());
        found.observed().forEach((processor, count) -> observed.merge(processor, count, Long::sum));
        boolean moved = before.granted() != null && !before.granted().equals(found.granted());
        ProcessorSet previous = restarted && moved ? before.granted() : before.previousGranted();
        return new TargetResult(found.device(), found.resource(), found.way(), found.message(), found.requested(),
                found.granted(), found.grantedBy(), found.status(), observed, before.sent() + found.sent(),
                before.arrived() + found.arrived(), before.lost() + found.lost(), before.spurious() + found.spurious(),
                before.foreign() + found.foreign(), before.coalesced() + found.coalesced(),
                before.eventsLost() + found.eventsLost(), found.expected(), previous,
                restarted ? TargetResult.SYSTEM : before.restartedBy(), before.stormMasked() || found.stormMasked(),
                found.connectedAs(), found.messagesAsked(), found.messagesGranted(), found.shared(), found.paced(),
                Latency.sum(before.latency(), found.latency()), List.of());
    }
}
