package io.github.irqscope;

import io.github.irqscope.transport.DeviceEntry;
import io.github.irqscope.transport.Setting;
import io.github.irqscope.transport.TransportException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** One device with our driver. It holds no handle; it stays a name when the device goes. */
public final class Device {
    private static final String KEY = "Irqscope";

    private final Bed bed;
    private final String name;
    private final DeviceEntry entry;

    Device(Bed bed, String name, DeviceEntry entry) {
        this.bed = bed;
        this.name = name;
        this.entry = entry;
    }

    /** What the device is, and its number among its like: edu0, e1000e1. */
    public String name() {
        return name;
    }

    /** What the PnP manager calls it. */
    public String instanceId() {
        return entry.instanceId();
    }

    /** What it is, most exactly; empty where the system tells none. */
    public String hardwareId() {
        return entry.hardwareIds().isEmpty() ? "" : entry.hardwareIds().get(0);
    }

    /** What is opened. */
    public String path() {
        return entry.path();
    }

    /** A handle for everything, the version agreed. */
    public Session open() {
        return open(Access.READ_WRITE);
    }

    /**
     * A handle, the version agreed.
     *
     * @throws NoDriverException         when the device is gone
     * @throws AccessDeniedException     when this user may not
     * @throws ContractMismatchException when the driver is of another major version
     */
    public Session open(Access access) {
        return bed.open(this, access);
    }

    /** Why the device cannot be used now; empty when it can. */
    public Optional<String> problem() {
        try (Session session = open(Access.READ)) {
            DeviceState state = session.state();
            if (!state.started()) {
                return Optional.of("not started");
            }
            return state.powered() ? Optional.empty() : Optional.of("not in D0");
        } catch (IrqscopeException e) {
            return Optional.of(e.getMessage());
        }
    }

    /** What the driver will ask for when the device is next started; empty when that is left to the system. */
    public Optional<Policy> policy() {
        OptionalInt policy = OptionalInt.empty();
        OptionalInt priority = OptionalInt.empty();
        OptionalInt group = OptionalInt.empty();
        long processors = 0;
        try {
            for (Setting setting : bed.host().settings(instanceId(), KEY)) {
                switch (setting.name()) {
                    case "Policy" -> policy = OptionalInt.of((int) setting.value());
                    case "Priority" -> priority = OptionalInt.of((int) setting.value());
                    case "Group" -> group = OptionalInt.of((int) setting.value());
                    case "Processors" -> processors = setting.value();
                    default -> {
                        /* ConnectAtStart and what later versions keep here is no part of the policy. */
                    }
                }
            }
        } catch (TransportException e) {
            throw bed.failure(name + ": read policy", e);
        }
        return policy.isEmpty() ? Optional.empty()
                : Optional.of(new Policy(policy.getAsInt(), priority, group, processors));
    }

    /** Sets what the driver will ask for when the device is next started. */
    public void policy(Policy policy) {
        List<Setting> settings = others();
        settings.add(new Setting("Policy", false, policy.policy()));
        policy.priority().ifPresent(value -> settings.add(new Setting("Priority", false, value)));
        policy.group().ifPresent(value -> settings.add(new Setting("Group", false, value)));
        if (policy.processors() != 0) {
            settings.add(new Setting("Processors", true, policy.processors()));
        }
        write("write policy", settings);
    }

    /** Leaves the choice to the system again. */
    public void clearPolicy() {
        write("clear policy", others());
    }

    /** Whether the driver connects the interrupts itself when the device is next started. */
    public void connectAtStart(boolean connect) {
        List<Setting> settings = new ArrayList<>(read("read ConnectAtStart"));
        settings.removeIf(setting -> setting.name().equals("ConnectAtStart"));
        if (connect) {
            settings.add(new Setting("ConnectAtStart", false, 1));
        }
        write("write ConnectAtStart", settings);
    }

    /** Stops, removes and starts the device, so that its policy takes effect. No handle may be open. */
    public RestartResult restart() {
        try {
            return bed.host().restart(instanceId()) ? RestartResult.RESTARTED : RestartResult.VETOED;
        } catch (TransportException e) {
            throw bed.failure(name + ": restart", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /* What the key holds beside a policy. */
    private List<Setting> others() {
        List<Setting> settings = new ArrayList<>(read("read policy"));
        settings.removeIf(setting -> List.of("Policy", "Priority", "Group", "Processors").contains(setting.name()));
        return settings;
    }

    private List<Setting> read(String operation) {
        try {
            return bed.host().settings(instanceId(), KEY);
        } catch (TransportException e) {
            throw bed.failure(name + ": " + operation, e);
        }
    }

    private void write(String operation, List<Setting> settings) {
        try {
            bed.host().settings(instanceId(), KEY, settings);
        } catch (TransportException e) {
            throw bed.failure(name + ": " + operation, e);
        }
    }
}
