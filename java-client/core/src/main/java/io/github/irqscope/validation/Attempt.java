package io.github.irqscope.validation;

import io.github.irqscope.Ability;
import io.github.irqscope.Affinity;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.ConnectResult;
import io.github.irqscope.Connection;
import io.github.irqscope.Counters;
import io.github.irqscope.DeviceState;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Kind;
import io.github.irqscope.NtStatus;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Session;
import io.github.irqscope.Trigger;
import io.github.irqscope.TriggerResult;
import io.github.irqscope.Way;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * One connect after the other on one session: connects, asks for the affinity, triggers, reads the events and the
 * counters, disconnects, and says what that was for each target. It knows nothing of why a machine does what it does.
 */
final class Attempt {
    /* STATUS_NOT_FOUND: the connection is not there any more. The others: neither is the device. */
    private static final int NOT_FOUND = 0xC0000225;
    private static final Set<Integer> GONE = Set.of(0xC0000056, 0xC00000A3, 0xC000009D, 0xC00002B6);

    /* A storm fills the guard's bucket of one full request within 10 ms; a validation never sends as many at once. */
    private static final int STORM_RATE = 100_000;
    private static final int CHUNK = 512;
    private static final int FIRST_CHUNK = 8;
    private static final int SMALLEST_RING = 64;
    private static final int LARGEST_RING = 1024;
    private static final Duration SETTLE = Duration.ofMillis(1);
    private static final Duration SETTLE_LATE = Duration.ofMillis(25);
    /* With it a chunk takes so long that the guard's rate is never reached, however many triggers there are. */
    private static final Duration REST = Duration.ofMillis(5);
    private static final Duration DRAIN = Duration.ofMillis(200);
    private static final long SECOND = 1_000_000_000L;
    private static final int MOST_READS = 4096;
    private static final EventOptions READING = new EventOptions(2, 1 << 16, 1 << 13, Duration.ofMillis(1));

    private final Session session;
    private final ValidationOptions options;
    private final ProcessorSet requested;
    private final String restartedBy;
    private final BooleanSupplier stopped;
    private final Pace pace;
    private final long frequency;
    private boolean handed;
    private Stop stop;
    private boolean gone;

    /** Requested is null where each resource's own processors are what is asked for. */
    Attempt(Session session, ValidationOptions options, ProcessorSet requested, String restartedBy,
            BooleanSupplier stopped, Pace pace) {
        this.session = session;
        this.pace = pace;
        this.frequency = session.version().frequency();
        this.options = options;
        this.requested = requested;
        this.restartedBy = restartedBy;
        this.stopped = stopped;
    }

    /** No policy asked for the processors: each connect does, by a way that can, in the group that was assigned. */
    Attempt handingProcessors() {
        handed = requested != null;
        return this;
    }

    /** Whether the device went away: nothing more can be tried on it. */
    boolean deviceIsGone() {
        return gone;
    }

    /** Why the run must end: a trigger's ISR came too late. Null while none did. */
    Stop stop() {
        return stop;
    }

    private boolean isStopped() {
        return stop != null || stopped.getAsBoolean();
    }

    /** Connects these resources, one or every one, by this way. */
    List<TargetResult> run(Way way, List<Resource> resources) {
        DeviceState before = session.state();
        ConnectRequest request = request(way, resources.get(0));
        ConnectResult connected = session.tryConnect(request);
        if (connected.refused()) {
            return List.of(refused(way, resources.get(0), before, connected.status()));
        }
        Run run = new Run(way, before, connected.connection().orElseThrow());
        run.go(resources.stream().map(Resource::id).toList());
        if (!run.isThere()) {
            Run again = reconnect(way, request, run);
            if (again != null) {
                run = again;
            }
        }
        return run.results();
    }

    private ConnectRequest request(Way way, Resource resource) {
        ConnectRequest request = ConnectRequest.of(way, way.wantsResource() ? resource.id() : null)
                .withEvents(ring())
                .withStormRate(STORM_RATE);
        if (handed && way.takesProcessors() && !requested.containsAll(resource.processors())
                && requested.mask(resource.group()) != 0) {
            request = request.withMask(requested.mask(resource.group()));
        }
        return way == Way.MESSAGE_BASED ? request.withFallback() : request;
    }

    /* The power of two that holds all events of one target, as far as a ring may. */
    private int ring() {
        int wanted = Math.min(Math.max(options.count(), SMALLEST_RING), LARGEST_RING);
        return Integer.highestOneBit(wanted * 2 - 1);
    }

    /* The system restarted the device under the connection: what it grants now is asked by the same connect. Null: the
     * device is not there any more, or does not want it. */
    private Run reconnect(Way way, ConnectRequest request, Run first) {
        DeviceState now;
        try {
            now = session.state();
        } catch (IrqscopeException e) {
            gone = true;
            return null;
        }
        if (!now.started() || now.starts() == first.state.starts()) {
            gone = !now.started();
            return null;
        }
        ConnectResult connected = session.tryConnect(request);
        if (connected.refused()) {
            gone = GONE.contains(connected.status());
            return null;
        }
        Run again = new Run(way, now, connected.connection().orElseThrow());
        again.follow(first);
        again.go(first.chosen);
        return again;
    }

    private Expectation expectation(Way way, DeviceState state, Resource resource) {
        Kind kind = Validation.wantsMessages(state) ? Kind.MESSAGE : Kind.LINE;
        return Expectations.of(way, Expectations.what(kind, resource.latched(), state.model().canBeTriggered()),
                resource.group(), session.version().abilities(), way == Way.MESSAGE_BASED);
    }

    private TargetResult refused(Way way, Resource resource, DeviceState state, int status) {
        gone = GONE.contains(status);
        return new TargetResult(session.name(), resource.id(), way,
                resource.kind() == Kind.MESSAGE ? resource.number() : -1, asked(resource), null, null, status,
                new TreeMap<>(), 0, 0, 0, 0, 0, 0, 0, expectation(way, state, resource), null, restartedBy, false, null,
                state.messagesAsked(), state.messagesGranted(), resource.shared(), true);
    }

    private ProcessorSet asked(Resource resource) {
        return requested != null ? requested : resource.processors();
    }

    /* What one target did before its device was restarted under it, and since. */
    private static final class Target {
        private Affinity affinity;
        private Resource resource;
        private ProcessorSet previousGranted;
        private long sent;
        private long arrived;
        private long lost;
        private long notClaimed;
        private boolean storm;
        private boolean chosen;
    }

    /** One connection from its connect to its end. */
    private final class Run {
        private final Way way;
        private final DeviceState state;
        private final Connection connection;
        private final Tally tally;
        private final Watch watch;
        private final List<Target> targets = new ArrayList<>();
        private List<ResourceId> chosen = List.of();
        private boolean there = true;
        private boolean masked;
        private Run before;

        Run(Way way, DeviceState state, Connection connection) {
            this.way = way;
            this.state = state;
            this.connection = connection;
            this.watch = new Watch(options.stopAt() == null ? -1 : options.stopAt().toNanos(), frequency);
            this.tally = new Tally(connection.id(), connection.targets(), watch);
        }

        boolean isThere() {
            return there;
        }

        void follow(Run first) {
            before = first;
        }

        void go(List<ResourceId> resources) {
            chosen = resources;
            try (connection) {
                for (int number = 0; number < connection.targets(); number++) {
                    targets.add(target(number));
                }
                try (EventReader reader = session.events(READING)) {
                    for (int number = 0; number < targets.size() && there; number++) {
                        if (targets.get(number).chosen && state.model().canBeTriggered()) {
                            trigger(number, reader);
                        }
                    }
                    if (there) {
                        finish(reader);
                    } else {
                        drain(reader);
                    }
                }
                if (!there) {
                    hear();
                }
                if (watch.hasHit()) {
                    stop = stop(watch.hit()); /* the events of the other processors have come by now, too */
                }
            }
        }

        /* Whether an ISR came too late meanwhile. */
        private void look() {
            if (stop == null && watch.hasHit()) {
                stop = stop(watch.hit());
            }
        }

        private Stop stop(Watch.Hit hit) {
            return new Stop(options.stopAt().toNanos(), hit.latency(), session.name(),
                    targets.get(hit.target()).resource.id(), hit.processor(), hit.before(), hit.elsewhere(), null);
        }

        private Target target(int number) {
            Target target = new Target();
            target.affinity = connection.affinity(number);
            target.resource = state.resources().stream()
                    .filter(resource -> resource.id().equals(target.affinity.resource()))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("the driver connected " + target.affinity.resource()
                            + ", which the device does not have"));
            target.chosen = chosen.contains(target.resource.id());
            if (before != null && number < before.targets.size()) {
                target.previousGranted = before.targets.get(number).affinity.processors();
            }
            return target;
        }

        /* What came before a restart counts, so only the rest is sent after it. A target that never answers is not
         * waited for again and again. */
        private void trigger(int number, EventReader reader) {
            Target target = targets.get(number);
            long left = options.count() - (before == null ? 0 : before.sent(number));
            int chunk = options.rate() > 0 ? 1 : FIRST_CHUNK;
            while (left > 0 && there && !isStopped()) {
                int count = (int) Math.min(left, chunk);
                try {
                    TriggerResult result = connection.trigger(new Trigger(number, count, true, options.limit()));
                    add(target, result);
                    left -= result.sent();
                    if (result.sent() < count) {
                        there = !hasMoved();
                        break;
                    }
                } catch (IrqscopeException e) {
                    lose(target, e);
                }
                if (target.arrived == 0) {
                    break;
                }
                if (options.rate() > 0) {
                    pace.pass(SECOND / options.rate());
                    reader.next(tally::take, Duration.ZERO);
                    look();
                    continue;
                }
                if (chunk == CHUNK && there) {
                    settle(reader);
                    reader.next(tally::take, REST);
                    look();
                }
                chunk = CHUNK;
            }
        }

        private void add(Target target, TriggerResult result) {
            target.sent += result.sent();
            target.arrived += result.arrived();
            target.lost += result.lost();
        }

        /* The request found no connection, or no device. One trigger was asked for, and no ISR answered it. */
        private void lose(Target target, IrqscopeException e) {
            int status = e.ntStatus().orElseThrow(() -> e);
            if (status != NOT_FOUND && !GONE.contains(status)) {
                throw e;
            }
            there = false;
            if (!hasMoved()) {
                target.sent++;
                target.lost++;
            }
        }

        /* Whether the device was started again since this run began. */
        private boolean hasMoved() {
            try {
                DeviceState now = session.state();
                return !now.started() || now.starts() != state.starts();
            } catch (IrqscopeException e) {
                return false;
            }
        }

        /* The counters are the truth about how many there were; the events say where. */
        private void finish(EventReader reader) {
            settle(reader);
            if (targets.stream().anyMatch(target -> target.lost > 0)) {
                reader.next(tally::take, SETTLE_LATE);
                settle(reader);
            }
            List<Counters> counters;
            try {
                counters = connection.counters();
                for (int reads = 0; reads < MOST_READS && tally.accountedFor() < produced(counters); reads++) {
                    if (!reader.next(tally::take, DRAIN)) {
                        break;
                    }
                }
                counters = connection.counters();
            } catch (IrqscopeException e) {
                if (e.ntStatus().isEmpty()) {
                    throw e;
                }
                there = false;
                return;
            }
            if (hasMoved()) {
                there = false;
                return;
            }
            /* Asked while connected: the end of the last connection also ends what the storm guard did. */
            masked = session.state().stormMasked();
            for (Counters count : counters) {
                Target target = targets.get(count.target());
                target.sent = count.sent();
                target.arrived = count.claimed();
                target.lost = count.lost();
                target.notClaimed = count.notClaimed();
                target.storm = count.storm();
            }
        }

        /* The counters went with the connection, and perhaps the last reply, too: what was heard had been sent. */
        private void hear() {
            for (int number = 0; number < targets.size(); number++) {
                Target target = targets.get(number);
                long heard = 0;
                for (long count : tally.observed(number).values()) {
                    heard += count;
                }
                if (heard > target.arrived) {
                    target.sent += heard - target.arrived;
                    target.arrived = heard;
                }
            }
        }

        /* Lets interrupts that nobody waits for come, and lets the storm guard decide. */
        private void settle(EventReader reader) {
            int reads = 0;
            while (reads < MOST_READS && reader.next(tally::take, SETTLE)) {
                reads++;
            }
        }

        private void drain(EventReader reader) {
            int reads = 0;
            while (reads < MOST_READS && reader.next(tally::take, DRAIN)) {
                reads++;
            }
        }

        private static long produced(List<Counters> counters) {
            long sum = 0;
            for (Counters count : counters) {
                sum += count.claimed() + count.notClaimed();
            }
            return sum;
        }

        private long sent(int number) {
            return number < targets.size() ? targets.get(number).sent : 0;
        }

        List<TargetResult> results() {
            List<TargetResult> results = new ArrayList<>();
            for (int number = 0; number < targets.size(); number++) {
                if (targets.get(number).chosen) {
                    results.add(result(number));
                }
            }
            return results;
        }

        private TargetResult result(int number) {
            Target target = targets.get(number);
            boolean followed = before != null && number < before.targets.size();
            Target earlier = followed ? before.targets.get(number) : new Target();
            boolean granted = NtStatus.isSuccess(target.affinity.status());
            boolean shared = target.resource.shared();
            long sent = earlier.sent + target.sent;
            long arrived = earlier.arrived + target.arrived;
            long lost = earlier.lost + target.lost;
            long excess = state.model().canBeTriggered() ? Math.max(0, arrived - sent) : 0;
            long eventsLost = there ? target.arrived + target.notClaimed - tally.received(number) : 0;
            return new TargetResult(session.name(), target.resource.id(), way,
                    target.resource.kind() == Kind.MESSAGE ? target.resource.number() : -1,
                    asked(target.resource),
                    granted ? target.affinity.processors() : null,
                    granted ? target.affinity.grantedBy() : null,
                    target.affinity.status(), tally.observed(number), sent, arrived, lost,
                    excess + (shared ? 0 : target.notClaimed), shared ? target.notClaimed : 0,
                    Math.max(0, sent - arrived - lost), Math.max(0, eventsLost),
                    expectation(way, state, target.resource), target.previousGranted,
                    before != null ? TargetResult.SYSTEM : restartedBy,
                    masked || target.storm, connection.connectedAs(), state.messagesAsked(),
                    state.messagesGranted(), shared, true, tally.latency(number, frequency), List.of());
        }
    }
}
