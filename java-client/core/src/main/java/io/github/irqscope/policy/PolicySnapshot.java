package io.github.irqscope.policy;

import io.github.irqscope.Device;
import io.github.irqscope.RegistryValue;
import io.github.irqscope.json.JsonWriter;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * What the registry said about one device's interrupts at one moment, whole: every value of every key, and which keys
 * were not there, so that all of it can be put back byte for byte.
 *
 * @param device   its name then
 * @param instance what the PnP manager calls it, which is what it is found by again
 * @param keys     below its {@code Device Parameters}, parents before children
 */
public record PolicySnapshot(String device, String instance, List<Key> keys) {
    /** The driver's own policy. */
    public static final String OWN = Device.KEY;
    /** The parent of the two keys that Windows reads. */
    public static final String MANAGEMENT = "Interrupt Management";
    /** Windows' affinity policy of the device. */
    public static final String AFFINITY = MANAGEMENT + "\\Affinity Policy";
    /** Whether, and with how many messages, the device may use message-signaled interrupts. */
    public static final String MESSAGES = MANAGEMENT + "\\MessageSignaledInterruptProperties";

    private static final List<String> ALL = List.of(OWN, MANAGEMENT, AFFINITY, MESSAGES);

    /**
     * One key.
     *
     * @param path   below {@code Device Parameters}
     * @param values null when there was no such key
     */
    public record Key(String path, List<RegistryValue> values) {
        /** Takes a copy. */
        public Key {
            values = values == null ? null : List.copyOf(values);
        }

        /** Whether there was such a key. */
        public boolean exists() {
            return values != null;
        }
    }

    /** Takes a copy. */
    public PolicySnapshot {
        keys = List.copyOf(keys);
    }

    /** How it is now. */
    public static PolicySnapshot of(Device device) {
        List<Key> keys = new ArrayList<>();
        for (String path : ALL) {
            keys.add(new Key(path, device.parameters(path).orElse(null)));
        }
        return new PolicySnapshot(device.name(), device.instanceId(), keys);
    }

    /** The same with this value; its key, and the key above, are there then. */
    PolicySnapshot with(String path, RegistryValue value) {
        List<Key> changed = new ArrayList<>();
        for (Key key : keys) {
            List<RegistryValue> values = key.values;
            if (key.path.equals(path) || path.startsWith(key.path + "\\")) {
                values = new ArrayList<>(key.exists() ? key.values : List.of());
            }
            if (key.path.equals(path)) {
                values.removeIf(one -> one.name().equalsIgnoreCase(value.name()));
                values.add(value);
            }
            changed.add(new Key(key.path, values));
        }
        return new PolicySnapshot(device, instance, changed);
    }

    /** The same without the values of these names. */
    PolicySnapshot without(String path, String... names) {
        List<Key> changed = new ArrayList<>();
        for (Key key : keys) {
            List<RegistryValue> values = key.values;
            if (key.path.equals(path) && key.exists()) {
                values = new ArrayList<>(values);
                for (String name : names) {
                    values.removeIf(one -> one.name().equalsIgnoreCase(name));
                }
            }
            changed.add(new Key(key.path, values));
        }
        return new PolicySnapshot(device, instance, changed);
    }

    /** Whether the device's registry says the same now. */
    public boolean isOf(Device device) {
        for (Key key : keys) {
            List<RegistryValue> now = device.parameters(key.path).orElse(null);
            boolean same = now == null || key.values == null ? now == key.values
                    : now.size() == key.values.size() && now.containsAll(key.values);
            if (!same) {
                return false;
            }
        }
        return true;
    }

    /**
     * Puts all of it back. What is right already is not touched; a key that was not there goes, unless somebody else
     * made keys below it since.
     *
     * @return whether anything had to be changed
     */
    public boolean restore(Device device) {
        if (isOf(device)) {
            return false;
        }
        for (Key key : keys) {
            if (key.exists()) {
                device.parameters(key.path, key.values);
            }
        }
        for (int i = keys.size() - 1; i >= 0; i--) {
            if (!keys.get(i).exists()) {
                device.deleteParameters(keys.get(i).path);
            }
        }
        return true;
    }

    /** The snapshot as an object of a document. */
    public void writeTo(JsonWriter json) {
        json.beginObject().field("device", device).field("instance", instance).name("keys").beginArray();
        for (Key key : keys) {
            json.beginObject().field("key", key.path).name("values");
            if (key.exists()) {
                json.beginArray();
                for (RegistryValue value : key.values) {
                    json.beginObject().field("name", value.name()).field("type", value.type())
                            .field("data", HexFormat.of().formatHex(value.data())).endObject();
                }
                json.endArray();
            } else {
                json.nullValue();
            }
            json.endObject();
        }
        json.endArray().endObject();
    }

    /**
     * The snapshot that an object of a document tells.
     *
     * @throws IllegalArgumentException naming what is missing or makes no sense in it
     */
    public static PolicySnapshot read(Object object) {
        Map<?, ?> map = Fields.object(object, "a device");
        List<Key> keys = new ArrayList<>();
        for (Object entry : Fields.list(map, "keys")) {
            Map<?, ?> key = Fields.object(entry, "a key");
            String path = Fields.text(key, "key");
            if (!ALL.contains(path)) {
                throw new IllegalArgumentException("\"" + path + "\" is no key of a device's interrupts");
            }
            keys.add(new Key(path, key.get("values") == null ? null : values(key)));
        }
        return new PolicySnapshot(Fields.text(map, "device"), Fields.text(map, "instance"), keys);
    }

    private static List<RegistryValue> values(Map<?, ?> key) {
        List<RegistryValue> values = new ArrayList<>();
        for (Object entry : Fields.list(key, "values")) {
            Map<?, ?> value = Fields.object(entry, "a value");
            values.add(new RegistryValue(Fields.text(value, "name"), (int) Fields.number(value, "type"),
                    HexFormat.of().parseHex(Fields.text(value, "data"))));
        }
        return values;
    }
}
