package io.github.irqscope.validation;

import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Trigger;
import io.github.irqscope.Way;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What to validate.
 *
 * @param devices    names; empty: every device
 * @param resources  names; empty: every resource of each device
 * @param ways       empty: every way but the port class's
 * @param processors what to ask for; null: every active processor. Where policies are not written, the connects ask, by
 *                   ways that can and in the group that was assigned
 * @param count      triggers for each target; 0: connect and ask, and send nothing
 * @param limit      how long each of them may take to arrive
 * @param policies   whether policies may be written and devices restarted to reach other processors; null: on a
 *                   simulated bed only
 * @param sweep      into which targets policies cut the machine
 * @param journal    the folder of the journal that a policy is never written without; null: none is needed, because the
 *                   machine is forgotten with this process
 * @param command    what is being done, for the journal
 * @param rate       triggers a second; 0: as fast as the storm guard lets them through
 * @param stopAt     ends the run at the first paced trigger whose ISR came so late; null: none does
 */
public record ValidationOptions(List<String> devices, List<ResourceId> resources, List<Way> ways,
        ProcessorSet processors, int count, Duration limit, Boolean policies, Sweep sweep, Path journal, String command,
        int rate, Duration stopAt) {
    /** Triggers for each target unless said. */
    public static final int DEFAULT_COUNT = 100;
    /** Every way that an ordinary driver can connect. */
    public static final List<Way> ORDINARY_WAYS = List.of(Way.IO_CONNECT_INTERRUPT, Way.FULLY_SPECIFIED,
            Way.FULLY_SPECIFIED_GROUP, Way.LINE_BASED, Way.MESSAGE_BASED);

    /** Takes copies, and refuses a negative count and a limit that no trigger can carry. */
    public ValidationOptions {
        devices = List.copyOf(devices);
        resources = List.copyOf(resources);
        ways = ways.isEmpty() ? ORDINARY_WAYS : List.copyOf(ways);
        new Trigger(0, count == 0 ? 1 : count, true, limit);
        if (processors != null && processors.isEmpty()) {
            throw new IllegalArgumentException("a validation of no processor shows nothing");
        }
        if (rate < 0) {
            throw new IllegalArgumentException("a rate is not negative: " + rate);
        }
    }

    /** Everything, 100 triggers for each target, each with the limit of {@link Trigger#LIMIT}. */
    public static ValidationOptions everything() {
        return new ValidationOptions(List.of(), List.of(), List.of(), null, DEFAULT_COUNT, Trigger.LIMIT, null,
                Sweep.GROUP, null, "validate", 0, null);
    }

    /** The same for these devices. */
    public ValidationOptions withDevices(List<String> value) {
        return new ValidationOptions(value, resources, ways, processors, count, limit, policies, sweep, journal,
                command, rate, stopAt);
    }

    /** The same for these resources. */
    public ValidationOptions withResources(List<ResourceId> value) {
        return new ValidationOptions(devices, value, ways, processors, count, limit, policies, sweep, journal,
                command, rate, stopAt);
    }

    /** The same by these ways. */
    public ValidationOptions withWays(List<Way> value) {
        return new ValidationOptions(devices, resources, value, processors, count, limit, policies, sweep, journal,
                command, rate, stopAt);
    }

    /** The same for these processors. */
    public ValidationOptions withProcessors(ProcessorSet value) {
        return new ValidationOptions(devices, resources, ways, value, count, limit, policies, sweep, journal,
                command, rate, stopAt);
    }

    /** The same with so many triggers for each target. */
    public ValidationOptions withCount(int value) {
        return new ValidationOptions(devices, resources, ways, processors, value, limit, policies, sweep, journal,
                command, rate, stopAt);
    }

    /** The same with so long a limit for each trigger. */
    public ValidationOptions withLimit(Duration value) {
        return new ValidationOptions(devices, resources, ways, processors, count, value, policies, sweep, journal,
                command, rate, stopAt);
    }

    /** The same, policies written and devices restarted or not. */
    public ValidationOptions withPolicies(boolean value) {
        return new ValidationOptions(devices, resources, ways, processors, count, limit, value, sweep, journal,
                command, rate, stopAt);
    }

    /** The same, policies written, and the machine cut in this manner. */
    public ValidationOptions withSweep(Sweep value) {
        return new ValidationOptions(devices, resources, ways, processors, count, limit, true, value, journal,
                command, rate, stopAt);
    }

    /** The same with a journal in that folder, in which it says that this command wrote it. */
    public ValidationOptions withJournal(Path value, String by) {
        return new ValidationOptions(devices, resources, ways, processors, count, limit, policies, sweep, value, by,
                rate, stopAt);
    }

    /** The same with so many triggers a second. */
    public ValidationOptions withRate(int value) {
        return new ValidationOptions(devices, resources, ways, processors, count, limit, policies, sweep, journal,
                command, value, stopAt);
    }

    /** The same, ending at a trigger whose ISR came so late. */
    public ValidationOptions withStopAt(Duration value) {
        return new ValidationOptions(devices, resources, ways, processors, count, limit, policies, sweep, journal,
                command, rate, value);
    }
}
