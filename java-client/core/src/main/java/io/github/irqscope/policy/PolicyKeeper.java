package io.github.irqscope.policy;

import io.github.irqscope.Bed;
import io.github.irqscope.Device;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Policy;
import io.github.irqscope.RestartNeededException;
import io.github.irqscope.RestartResult;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Changes the policies of devices for a while. What was there is read, and written to a journal, before the first
 * change; closing puts all of it back and restarts the devices once more, also when something failed in between. One
 * thread.
 */
public final class PolicyKeeper implements AutoCloseable {
    private final Map<String, Kept> kept = new LinkedHashMap<>();
    private final Journal journal;

    private static final class Kept {
        private final Device device;
        private final PolicySnapshot old;
        private boolean written;
        private boolean applied;
        private boolean gone;

        Kept(Device device) {
            this.device = device;
            this.old = PolicySnapshot.of(device);
        }
    }

    /**
     * Reads what the devices have and writes the journal.
     *
     * @param folder  of the journal; null: none is needed, because the machine is forgotten when this process ends
     * @param command what is being done, for people
     */
    public PolicyKeeper(Bed bed, Path folder, String command, List<Device> devices) {
        for (Device device : devices) {
            kept.put(device.instanceId(), new Kept(device));
        }
        journal = folder == null ? null : Journal.begin(folder, PolicyBackup.of(bed, command,
                kept.values().stream().map(one -> one.old).toList()));
    }

    /** Where the journal is; empty when none is needed. */
    public Optional<Path> journal() {
        return journal == null ? Optional.empty() : Optional.of(journal.path());
    }

    /**
     * Gives a device a policy and restarts it. No handle of ours may be open on it.
     *
     * @throws RestartNeededException when somebody else's handle kept it from being restarted
     */
    public void apply(Device device, Policy policy) {
        Kept one = kept.get(device.instanceId());
        if (one == null) {
            throw new IllegalArgumentException(device + " is not among the devices whose policies are kept");
        }
        one.written = true;
        device.policy(policy);
        if (device.restart() == RestartResult.VETOED) {
            throw new RestartNeededException(device + ": restart",
                    "the device is in use: close what has it open; its old policy was put back");
        }
        one.applied = true;
    }

    /** The device is not there any more: its policy can be put back when it is. */
    public void gone(Device device) {
        kept.get(device.instanceId()).gone = true;
    }

    /**
     * Puts every policy back, even when that fails for one of them.
     *
     * @throws IrqscopeException of the first that could not be put back; the journal stays then
     */
    @Override
    public void close() {
        List<IrqscopeException> failures = new ArrayList<>();
        List<Device> inUse = new ArrayList<>();
        boolean whole = true;
        for (Kept one : kept.values()) {
            whole &= !(one.gone && one.written);
            if (!one.written || one.gone) {
                continue;
            }
            try {
                one.old.restore(one.device);
            } catch (IrqscopeException e) {
                failures.add(e);
                whole = false;
                continue;
            }
            try {
                if (one.applied && one.device.restart() == RestartResult.VETOED) {
                    inUse.add(one.device);
                }
            } catch (IrqscopeException e) {
                failures.add(e);
            }
        }
        if (journal != null && whole) {
            journal.finish();
        } else if (journal != null) {
            journal.leave();
        }
        if (!inUse.isEmpty()) {
            failures.add(new RestartNeededException(inUse.get(0) + ": restart", "its old policy is in the registry"
                    + " again, but somebody has the device open, so it keeps the interrupts of the last one until it is"
                    + " restarted"));
        }
        if (!failures.isEmpty()) {
            failures.subList(1, failures.size()).forEach(failures.get(0)::addSuppressed);
            throw failures.get(0);
        }
    }
}
