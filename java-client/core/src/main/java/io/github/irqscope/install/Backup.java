package io.github.irqscope.install;

import io.github.irqscope.install.PnpDevice.Driver;
import io.github.irqscope.json.JsonReader;
import io.github.irqscope.json.JsonWriter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a device had before our driver: on disk before anything is changed, and what it is given back.
 *
 * @param instance    the device
 * @param hardwareId  its most exact one
 * @param service     of the driver that it had, empty without one
 * @param previous    the driver that it had, null without one
 * @param keys        its policy keys by name; empty where there was no such key
 */
record Backup(String instance, String hardwareId, String service, Driver previous,
        Map<String, Optional<KeyTree>> keys) {
    private static final String KIND = "irqscope-backup";

    /** What the device has now. */
    static Backup of(PnpDevice device, Keys keys, String... names) throws SetupException {
        Map<String, Optional<KeyTree>> trees = new LinkedHashMap<>();
        for (String name : names) {
            trees.put(name, keys.read(device.instance(), name));
        }
        return new Backup(device.instance(), device.hardwareIds().isEmpty() ? "" : device.hardwareIds().get(0),
                device.service(), device.driver(), trees);
    }

    /** Of a device whose backup is lost: as if it had had no driver, so that Windows looks for one. */
    static Backup none(PnpDevice device) {
        return new Backup(device.instance(), device.hardwareIds().isEmpty() ? "" : device.hardwareIds().get(0), "",
                null, Map.of());
    }

    static Path folder(Path state) {
        return state.resolve("backup");
    }

    /** An instance id as a file's name: what Windows forbids in one is written %XX. */
    static Path path(Path state, String instance) {
        StringBuilder name = new StringBuilder();
        for (char letter : instance.toUpperCase(Locale.ROOT).toCharArray()) {
            boolean plain = letter >= 'A' && letter <= 'Z' || letter >= '0' && letter <= '9' || letter == '&'
                    || letter == '_' || letter == '-' || letter == '.' || letter == '{' || letter == '}';
            name.append(plain ? String.valueOf(letter) : letter == '\\' ? "#" : String.format("%%%02X", (int) letter));
        }
        return folder(state).resolve(name + ".json");
    }

    // ---- Writing -------------------------------------------------------------------------------------------------

    /** Returns when it is on disk, whole. */
    void write(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text().getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private String text() {
        JsonWriter json = new JsonWriter();
        json.beginObject();
        json.field("schema", 1).field("kind", KIND);
        json.field("instance", instance).field("hardwareId", hardwareId);
        json.name("previous");
        if (previous == null) {
            json.nullValue();
        } else {
            json.beginObject();
            json.field("inf", previous.inf()).field("provider", previous.provider());
            json.field("version", previous.version()).field("service", service);
            json.endObject();
        }
        json.name("keys").beginObject();
        for (Map.Entry<String, Optional<KeyTree>> key : keys.entrySet()) {
            json.name(key.getKey());
            if (key.getValue().isPresent()) {
                write(json, key.getValue().get());
            } else {
                json.nullValue();
            }
        }
        json.endObject();
        json.endObject();
        return json.toString() + "\n";
    }

    private static void write(JsonWriter json, KeyTree tree) {
        json.beginObject();
        json.name("values").beginArray();
        for (KeyTree.Value value : tree.values()) {
            json.beginObject();
            json.field("name", value.name()).field("type", value.type());
            json.field("bytes", Base64.getEncoder().encodeToString(value.bytes()));
            json.endObject();
        }
        json.endArray();
        json.name("keys").beginObject();
        for (Map.Entry<String, KeyTree> key : tree.keys().entrySet()) {
            json.name(key.getKey());
            write(json, key.getValue());
        }
        json.endObject();
        json.endObject();
    }

    // ---- Reading -------------------------------------------------------------------------------------------------

    /** Empty when there is none. */
    static Optional<Backup> read(Path file) throws IOException {
        try {
            return Optional.of(parse(Files.readString(file)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw new IOException("the backup " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Backup parse(String text) {
        Map<String, Object> json = JsonReader.readObject(text);
        if (!KIND.equals(json.get("kind")) || ((Number) json.get("schema")).intValue() != 1) {
            throw new IllegalArgumentException("it is no backup of this program");
        }
        Map<?, ?> old = (Map<?, ?>) json.get("previous");
        Map<String, Optional<KeyTree>> keys = new LinkedHashMap<>();
        for (Map.Entry<?, ?> key : ((Map<?, ?>) json.get("keys")).entrySet()) {
            keys.put((String) key.getKey(), Optional.ofNullable(key.getValue()).map(Backup::tree));
        }
        return new Backup((String) json.get("instance"), (String) json.get("hardwareId"),
                old == null ? "" : (String) old.get("service"), old == null ? null
                        : new Driver((String) old.get("inf"), (String) old.get("provider"),
                                (String) old.get("version")), keys);
    }

    private static KeyTree tree(Object json) {
        Map<?, ?> map = (Map<?, ?>) json;
        List<KeyTree.Value> values = new ArrayList<>();
        for (Object value : (List<?>) map.get("values")) {
            Map<?, ?> fields = (Map<?, ?>) value;
            values.add(new KeyTree.Value((String) fields.get("name"), ((Number) fields.get("type")).intValue(),
                    Base64.getDecoder().decode((String) fields.get("bytes"))));
        }
        Map<String, KeyTree> keys = new TreeMap<>();
        for (Map.Entry<?, ?> key : ((Map<?, ?>) map.get("keys")).entrySet()) {
            keys.put((String) key.getKey(), tree(key.getValue()));
        }
        return new KeyTree(values, keys);
    }
}
