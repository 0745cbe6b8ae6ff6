package io.github.irqscope.validation;

import io.github.irqscope.Ability;
import io.github.irqscope.Bed;
import io.github.irqscope.Device;
import io.github.irqscope.DeviceState;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Kind;
import io.github.irqscope.Machine;
import io.github.irqscope.NoDriverException;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.Session;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.Way;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Holds a machine, as it is, against an expectation file: no policy is written and nothing is restarted. What is wanted
 * is what counts as requested.
 */
public final class ExpectationCheck {
    private static final long NOISE = 20_000_000;

    private final Bed bed;
    private final ExpectationFile file;
    private final ValidationOptions options;
    private final Consumer<TargetResult> progress;
    private final Pace pace;
    private final List<TargetResult> targets = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Machine machine;
    private String kernel;
    private Stop stop;
    private volatile boolean stopped;

    /**
     * A check that has not begun.
     *
     * @param options  of which the limit of a trigger and the threshold are taken
     * @param progress is told each target as soon as it is judged
     */
    public ExpectationCheck(Bed bed, ExpectationFile file, ValidationOptions options, Consumer<TargetResult> progress) {
        this.bed = bed;
        this.file = file;
        this.options = options;
        this.progress = progress;
        this.pace = new Pace(bed);
    }

    /** Makes it end soon, from any thread: the report tells what there is. */
    public void stop() {
        stopped = true;
        pace.end();
    }

    /**
     * Checks, once.
     *
     * @throws ExpectationSyntaxException when the file wants processors that the machine does not have
     * @throws IrqscopeException          when a device or an interrupt is not there, or a request fails without a verdict
     */
    public ValidationReport run() {
        List<Wanted> wanted = file.wanted();
        for (Wanted one : wanted) {
            try {
                bed.device(one.device()); /* a name that is not there is said before anything is tried */
            } catch (NoDriverException e) {
                String why = e.getMessage().substring(e.operation().length() + ": ".length());
                throw new NoDriverException("expect", 0, "line " + one.line() + ": " + why, e);
            }
        }
        for (Wanted one : wanted) {
            if (!stopped && stop == null) {
                check(one);
            }
        }
        if (stopped) {
            notes.add("interrupted before the end; what was left was not tried");
        }
        if (targets.isEmpty()) {
            throw new NoDriverException("expect", 0, "there was nothing to judge", null);
        }
        return new ValidationReport(bed.name(), SimulatedMachine.of(bed), machine, targets,
                stopped, notes, stop, List.of(), kernel);
    }

    private void check(Wanted one) {
        Device device = bed.device(one.device());
        try (Session session = device.open()) {
            if (machine == null) {
                machine = session.machine();
                kernel = session.version().kernel();
                file.check(machine);
            }
            DeviceState state = session.state();
            List<Resource> resources = state.resources().stream()
                    .filter(resource -> one.resource() == null || resource.id().equals(one.resource())).toList();
            if (resources.isEmpty()) {
                throw new NoDriverException("expect", 0, "line " + one.line() + ": " + device + " has no "
                        + (one.resource() == null ? "interrupt" : one.resource() + "; it has " + String.join(", ",
                        state.resources().stream().map(resource -> resource.id().toString()).toList())), null);
            }
            ProcessorSet requested = one.on(machine).orElse(null);
            Attempt attempt = new Attempt(session, options.withCount(one.count()).withRate(one.rate()), requested, null,
                    () -> stopped, pace);
            for (List<Resource> connect : connects(session, one, resources)) {
                if (stopped || attempt.stop() != null || attempt.deviceIsGone()) {
                    break;
                }
                Way way = way(session, one, connect.get(0));
                attempt.run(way, connect).forEach(target -> tell(target.withLimits(one.limits(target))));
            }
            if (attempt.stop() != null) {
                stop = attempt.stop().withNoise(HostNoise.measure(NOISE));
            }
            if (attempt.deviceIsGone()) {
                notes.add(device + " went away; what was left to try on it was not tried");
            }
        }
    }

    private List<List<Resource>> connects(Session session, Wanted one, List<Resource> resources) {
        return way(session, one, resources.get(0)).wantsResource() ? resources.stream().map(List::of).toList()
                : List.of(resources);
    }

    private static Way way(Session session, Wanted one, Resource resource) {
        if (one.way() != null) {
            return one.way();
        }
        return session.version().can(Ability.CONNECT_EX) || resource.kind() == Kind.MESSAGE
                ? Way.FULLY_SPECIFIED_GROUP : Way.IO_CONNECT_INTERRUPT;
    }

    private void tell(TargetResult target) {
        targets.add(target);
        progress.accept(target);
    }
}
