package io.github.irqscope.validation;

import io.github.irqscope.Ability;
import io.github.irqscope.Bed;
import io.github.irqscope.Device;
import io.github.irqscope.DeviceState;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Kind;
import io.github.irqscope.Machine;
import io.github.irqscope.NoDriverException;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.RestartNeededException;
import io.github.irqscope.RestartResult;
import io.github.irqscope.Session;
import io.github.irqscope.Simulation;
import io.github.irqscope.Version;
import io.github.irqscope.Way;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Runs every way over every resource, in every group that can be reached, and judges each target. Where policies may be
 * written, each group is asked for by policy and a restart of the device, and the policy found is put back at the end,
 * also after a failure; elsewhere the resources are taken as they are assigned.
 */
public final class Validation {
    private final Bed bed;
    private final ValidationOptions options;
    private final Consumer<TargetResult> progress;
    private final List<TargetResult> targets = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private Machine machine;
    private volatile boolean stopped;

    /**
     * A validation that has not begun.
     *
     * @param progress is told each target as soon as it is judged
     */
    public Validation(Bed bed, ValidationOptions options, Consumer<TargetResult> progress) {
        this.bed = bed;
        this.options = options;
        this.progress = progress;
    }

    /**
     * Runs it, once.
     *
     * @throws IrqscopeException when a device cannot be opened or restarted, a request fails without a verdict, or
     *                           there was nothing to judge
     */
    public ValidationReport run() {
        for (Device device : devices()) {
            if (!stopped) {
                validate(device);
            }
        }
        if (stopped) {
            notes.add("interrupted before the end; what was left was not tried");
        }
        if (targets.isEmpty()) {
            throw new NoDriverException("validate", 0, "there was nothing to judge"
                    + (notes.isEmpty() ? ": no device with our driver" : ": " + String.join("; ", notes)), null);
        }
        return new ValidationReport(bed.name(), bed.simulation().map(Validation::made).orElse(null), machine, targets,
                stopped, notes);
    }

    /**
     * Makes a run end soon: policies are put back, and the report tells what there is. From any thread, at any time.
     */
    public void stop() {
        stopped = true;
    }

    private List<Device> devices() {
        if (options.devices().isEmpty()) {
            return bed.devices();
        }
        return options.devices().stream().map(bed::device).toList();
    }

    private static ValidationReport.Made made(Simulation simulation) {
        return new ValidationReport.Made(simulation.preset(), simulation.profile(), simulation.seed(),
                simulation.mode());
    }

    private void validate(Device device) {
        Version version;
        try (Session session = device.open()) {
            version = session.version();
            if (machine == null) {
                machine = session.machine();
            }
            if (session.resources().isEmpty()) {
                notes.add(device + " has no interrupts");
                return;
            }
        }
        boolean policies = options.policies() != null ? options.policies() : bed.isSimulated();
        if (policies && version.can(Ability.GROUPS)) {
            sweep(device);
        } else {
            validateAssigned(device, options.processors(), null);
        }
    }

    /* One group after the other, the policy found put back whatever happens. */
    private void sweep(Device device) {
        Optional<Policy> found = device.policy();
        IrqscopeException failure = null;
        boolean stays = true;
        try {
            for (Machine.Group group : machine.groups()) {
                ProcessorSet asked = options.processors() == null ? group.active()
                        : options.processors().inGroup(group.number());
                if (stays && !stopped && !asked.isEmpty()) {
                    device.policy(Policy.specified(asked));
                    restart(device);
                    stays = validateAssigned(device, asked, TargetResult.US);
                }
            }
        } catch (IrqscopeException e) {
            failure = e;
            throw e;
        } finally {
            if (stays) {
                putBack(device, found, failure);
            }
        }
    }

    private static void restart(Device device) {
        if (device.restart() == RestartResult.VETOED) {
            throw new RestartNeededException(device + ": restart",
                    "the device is in use: close what has it open, or restart the system");
        }
    }

    private static void putBack(Device device, Optional<Policy> found, IrqscopeException failure) {
        try {
            if (found.isPresent()) {
                device.policy(found.get());
            } else {
                device.clearPolicy();
            }
            restart(device);
        } catch (IrqscopeException e) {
            if (failure == null) {
                throw e;
            }
            failure.addSuppressed(e);
        }
    }

    /* False: the device went away in the middle. */
    private boolean validateAssigned(Device device, ProcessorSet requested, String restartedBy) {
        try (Session session = device.open()) {
            DeviceState state = session.state();
            Attempt attempt = new Attempt(session, options, requested, restartedBy, () -> stopped);
            for (Way way : options.ways()) {
                for (List<Resource> resources : connects(way, state)) {
                    if (stopped) {
                        return true;
                    }
                    attempt.run(way, resources).forEach(this::tell);
                    if (attempt.deviceIsGone()) {
                        notes.add(device + " went away; what was left to try on it was not tried");
                        return false;
                    }
                }
            }
            return true;
        }
    }

    private void tell(TargetResult target) {
        targets.add(target);
        progress.accept(target);
    }

    /* What each connect of a way takes: one resource after the other, or every one that this way can take at once. */
    private List<List<Resource>> connects(Way way, DeviceState state) {
        List<Resource> chosen = state.resources().stream()
                .filter(resource -> options.resources().isEmpty() || options.resources().contains(resource.id()))
                .toList();
        if (chosen.isEmpty()) {
            return List.of();
        }
        return way.wantsResource() ? chosen.stream().map(List::of).toList() : List.of(chosen);
    }

    /** Whether messages are what the device should have, which says what to expect of it. */
    static boolean wantsMessages(DeviceState state) {
        return state.messagesAsked() > 0
                || state.resources().stream().anyMatch(resource -> resource.kind() == Kind.MESSAGE);
    }
}
