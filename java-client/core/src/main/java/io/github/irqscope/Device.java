package io.github.irqscope;

import io.github.irqscope.transport.DeviceEntry;
import io.github.irqscope.transport.TransportException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One device with our driver. It holds no handle; it stays a name when the device goes. */
public final class Device {
    /** The key of the policy, below the device's {@code Device Parameters}. */
    public static final String KEY = "Irqscope";

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
        for (RegistryValue value : parameters(KEY).orElse(List.of())) {
            OptionalLong number = value.number();
            if (number.isEmpty()) {
                continue;
            }
            switch (value.name()) {
                case "Policy" -> policy = OptionalInt.of((int) number.getAsLong());
                case "Priority" -> priority = OptionalInt.of((int) number.getAsLong());
                case "Group" -> group = OptionalInt.of((int) number.getAsLong());
                case "Processors" -> processors = number.getAsLong();
                default -> {
                    /* ConnectAtStart and what later versions keep here is no part of the policy. */
                }
            }
        }
        return policy.isEmpty() ? Optional.empty()
                : Optional.of(new Policy(policy.getAsInt(), priority, group, processors));
    }

    /** Sets what the driver will ask for when the device is next started. */
    public void policy(Policy policy) {
        List<RegistryValue> values = others();
        values.add(RegistryValue.dword("Policy", policy.policy()));
        policy.priority().ifPresent(value -> values.add(RegistryValue.dword("Priority", value)));
        policy.group().ifPresent(value -> values.add(RegistryValue.dword("Group", value)));
        if (policy.processors() != 0) {
            values.add(RegistryValue.qword("Processors", policy.processors()));
        }
        parameters(KEY, values);
    }

    /** Leaves the choice to the system again. */
    public void clearPolicy() {
        parameters(KEY, others());
    }

    /** Whether the driver connects the interrupts itself when the device is next started. */
    public void connectAtStart(boolean connect) {
        List<RegistryValue> values = new ArrayList<>(parameters(KEY).orElse(List.of()));
        values.removeIf(value -> value.name().equals("ConnectAtStart"));
        if (connect) {
            values.add(RegistryValue.dword("ConnectAtStart", 1));
        }
        parameters(KEY, values);
    }

    /**
     * The values of a key below the device's {@code Device Parameters}.
     *
     * @param key such as {@code Irqscope} or {@code Interrupt Management\Affinity Policy}
     * @return empty when there is no such key
     */
    public Optional<List<RegistryValue>> parameters(String key) {
        try {
            return bed.host().values(instanceId(), key);
        } catch (TransportException e) {
            throw bed.failure(name + ": read " + key, e);
        }
    }

    /** Makes the values of such a key exactly these; the key is made when it is not there. */
    public void parameters(String key, List<RegistryValue> values) {
        try {
            bed.host().values(instanceId(), key, values);
        } catch (TransportException e) {
            throw bed.failure(name + ": write " + key, e);
        }
    }

    /**
     * Deletes such a key with its values.
     *
     * @return false when it has keys of its own; it was left as it is
     */
    public boolean deleteParameters(String key) {
        try {
            return bed.host().deleteKey(instanceId(), key);
        } catch (TransportException e) {
            throw bed.failure(name + ": delete " + key, e);
        }
    }

    /** Stops, removes and starts the device, so that its policy takes effect. No handle may be open. */
    public RestartResult restart() {
        bed.giveWay(this);
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
    private List<RegistryValue> others() {
        List<RegistryValue> values = new ArrayList<>(parameters(KEY).orElse(List.of()));
        values.removeIf(value -> List.of("Policy", "Priority", "Group", "Processors").contains(value.name()));
        return values;
    }
}
