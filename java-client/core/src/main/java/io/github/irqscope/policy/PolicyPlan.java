package io.github.irqscope.policy;

import io.github.irqscope.Device;
import io.github.irqscope.Policy;
import io.github.irqscope.RegistryValue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What one device's registry is to say beside what it says: it can be looked at before it is written.
 *
 * @param before what the registry says
 * @param after  what it is to say
 */
public record PolicyPlan(PolicySnapshot before, PolicySnapshot after) {
    /** The most messages that a device can be given: those of an MSI-X table. */
    public static final int MOST_MESSAGES = 2048;

    /**
     * One value that is to change.
     *
     * @param key  below {@code Device Parameters}
     * @param name of the value
     * @param from what it is; null: there is none
     * @param to   what it is to be; null: it goes
     */
    public record Change(String key, String name, RegistryValue from, RegistryValue to) {
    }

    /** The driver's own policy, and nothing else; null takes it away. */
    public static PolicyPlan own(PolicySnapshot before, Policy policy) {
        PolicySnapshot after = before.without(PolicySnapshot.OWN, "Policy", "Priority", "Group", "Processors");
        if (policy != null) {
            after = after.with(PolicySnapshot.OWN, RegistryValue.dword("Policy", policy.policy()));
            if (policy.priority().isPresent()) {
                after = after.with(PolicySnapshot.OWN, RegistryValue.dword("Priority", policy.priority().getAsInt()));
            }
            if (policy.policy() == Policy.SPECIFIED_PROCESSORS) {
                after = after.with(PolicySnapshot.OWN, RegistryValue.dword("Group", policy.group().orElse(0)));
                after = after.with(PolicySnapshot.OWN, RegistryValue.qword("Processors", policy.processors()));
            }
        }
        return new PolicyPlan(before, after);
    }

    /**
     * Windows' own affinity policy of the device; null takes it away.
     *
     * @throws IllegalArgumentException when no documented value can ask for it
     */
    public PolicyPlan withSystemPolicy(Policy policy) {
        if (policy != null && policy.priority().isPresent()) {
            throw new IllegalArgumentException("Microsoft's page of the affinity policy knows no priority (DevicePriority"
                    + " was on an older one); the driver's own policy has it");
        }
        if (policy != null && policy.group().orElse(0) != 0) {
            throw new IllegalArgumentException("AssignmentSetOverride is a mask without a group, so it can name"
                    + " processors of group 0 only; the driver's own policy reaches the others");
        }
        PolicySnapshot next = after.without(PolicySnapshot.AFFINITY, "DevicePolicy", "AssignmentSetOverride");
        if (policy != null) {
            next = next.with(PolicySnapshot.AFFINITY, RegistryValue.dword("DevicePolicy", policy.policy()));
            if (policy.policy() == Policy.SPECIFIED_PROCESSORS) {
                next = next.with(PolicySnapshot.AFFINITY, mask(policy.processors()));
            }
        }
        return new PolicyPlan(before, next);
    }

    /**
     * Whether Windows may assign messages, and how many: empty: none, only a line.
     *
     * @throws IllegalArgumentException when no device can have so many
     */
    public PolicyPlan withMessages(OptionalInt most) {
        if (most.isPresent() && (most.getAsInt() < 1 || most.getAsInt() > MOST_MESSAGES)) {
            throw new IllegalArgumentException("a device has 1 to " + MOST_MESSAGES + " messages, not "
                    + most.getAsInt());
        }
        PolicySnapshot next = after.with(PolicySnapshot.MESSAGES,
                RegistryValue.dword("MSISupported", most.isPresent() ? 1 : 0));
        return new PolicyPlan(before, most.isEmpty() ? next
                : next.with(PolicySnapshot.MESSAGES, RegistryValue.dword("MessageNumberLimit", most.getAsInt())));
    }

    /* REG_BINARY, little-endian, no longer than the processor mask of any Windows that could read it. */
    private static RegistryValue mask(long processors) {
        int length = (Long.SIZE - Long.numberOfLeadingZeros(processors) + Byte.SIZE - 1) / Byte.SIZE;
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) (processors >>> Byte.SIZE * i);
        }
        return new RegistryValue("AssignmentSetOverride", RegistryValue.BINARY, data);
    }

    /** Every value that is to change, key by key. */
    public List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        for (PolicySnapshot.Key key : before.keys()) {
            List<RegistryValue> old = values(before, key.path());
            List<RegistryValue> next = values(after, key.path());
            for (RegistryValue value : old) {
                RegistryValue found = find(next, value.name());
                if (!value.equals(found)) {
                    changes.add(new Change(key.path(), value.name(), value, found));
                }
            }
            for (RegistryValue value : next) {
                if (find(old, value.name()) == null) {
                    changes.add(new Change(key.path(), value.name(), null, value));
                }
            }
        }
        return changes;
    }

    /** Whether the registry says all of it already. */
    public boolean isEmpty() {
        return changes().isEmpty();
    }

    /** Writes it. A backup of {@link #before} must be on the disk by then. */
    public void write(Device device) {
        after.restore(device);
    }

    private static List<RegistryValue> values(PolicySnapshot snapshot, String path) {
        return snapshot.keys().stream().filter(key -> key.path().equals(path) && key.exists()).findFirst()
                .map(PolicySnapshot.Key::values).orElse(List.of());
    }

    private static RegistryValue find(List<RegistryValue> values, String name) {
        return values.stream().filter(value -> value.name().equalsIgnoreCase(name)).findFirst().orElse(null);
    }
}
