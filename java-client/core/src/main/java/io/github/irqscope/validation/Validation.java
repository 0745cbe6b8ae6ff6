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
import io.github.irqscope.Session;
import io.github.irqscope.SimulatedMachine;
import io.github.irqscope.Way;
import io.github.irqscope.policy.PolicyKeeper;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs every way over every resource, in every group that can be reached, and judges each target. Where policies may be
 * written, each target of the sweep is asked for by policy and a restart of the device, and the policy found is put back
 * at the end, also after a failure; elsewhere the resources are taken as they are assigned.
 */
public final class Validation {
    private static final long NOISE = 20_000_000;

    private final Bed bed;
    private final ValidationOptions options;
    private final Consumer<TargetResult> progress;
    private final List<TargetResult> targets = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Pace pace;
    private Consumer<Path> journals = path -> { };
    private Machine machine;
    private String kernel;
    private Stop stop;
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
        this.pace = new Pace(bed);
    }

    /**
     * Runs it, once.
     *
     * @throws IrqscopeException when a device cannot be opened or restarted, a request fails without a verdict, or
     *                           there was nothing to judge
     */
    public ValidationReport run() {
        for (Device device : devices()) {
            if (!isStopped()) {
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
        return new ValidationReport(bed.name(), SimulatedMachine.of(bed), machine, targets,
                stopped, notes, stop, List.of(), kernel);
    }

    /**
     * Makes a run end soon: policies are put back, and the report tells what there is. From any thread, at any time.
     */
    public void stop() {
        stopped = true;
        pace.end();
    }

    /** Who is told where the journal is, before the first policy is written. */
    public Validation onJournal(Consumer<Path> told) {
        journals = told;
        return this;
    }

    private List<Device> devices() {
        if (options.devices().isEmpty()) {
            return bed.devices();
        }
        return options.devices().stream().map(bed::device).toList();
    }

    private void validate(Device device) {
        boolean groups;
        try (Session session = device.open()) {
            groups = session.version().can(Ability.GROUPS);
            if (machine == null) {
                machine = session.machine();
                kernel = session.version().kernel();
            }
            if (session.resources().isEmpty()) {
                notes.add(device + " has no interrupts");
                return;
            }
        }
        boolean policies = options.policies() != null ? options.policies() : bed.isSimulated();
        if (policies && groups) {
            sweep(device);
        } else {
            if (options.policies() == Boolean.TRUE) {
                notes.add(device + ": this kernel has no processor groups, so no policy was written");
            }
            validateAssigned(device, options.processors(), null, true);
        }
    }

    /* One target after the other, the policy found put back whatever happens. */
    private void sweep(Device device) {
        try (PolicyKeeper keeper = new PolicyKeeper(bed, options.journal(), options.command(), List.of(device))) {
            keeper.journal().ifPresent(journals);
            for (ProcessorSet asked : options.sweep().targets(machine, options.processors())) {
                if (isStopped()) {
                    return;
                }
                keeper.apply(device, Policy.specified(asked));
                if (!validateAssigned(device, asked, TargetResult.US, false)) {
                    keeper.gone(device);
                    return;
                }
            }
        }
    }

    /* False: the device went away in the middle. */
    private boolean validateAssigned(Device device, ProcessorSet requested, String restartedBy, boolean handed) {
        try (Session session = device.open()) {
            DeviceState state = session.state();
            Attempt attempt = new Attempt(session, options, requested, restartedBy, () -> stopped, pace);
            if (handed) {
                attempt.handingProcessors();
            }
            for (Way way : options.ways()) {
                for (List<Resource> resources : connects(way, state)) {
                    if (isStopped()) {
                        return true;
                    }
                    attempt.run(way, resources).forEach(this::tell);
                    stop(attempt.stop());
                    if (attempt.deviceIsGone()) {
                        notes.add(device + " went away; what was left to try on it was not tried");
                        return false;
                    }
                }
            }
            return true;
        }
    }

    private boolean isStopped() {
        return stopped || stop != null;
    }

    /* What kept the host busy is looked for at once, while it may still do so. */
    private void stop(Stop found) {
        if (found != null) {
            stop = found.withNoise(HostNoise.measure(NOISE));
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
