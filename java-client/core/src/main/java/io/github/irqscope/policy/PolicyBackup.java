package io.github.irqscope.policy;

import io.github.irqscope.Bed;
import io.github.irqscope.json.JsonReader;
import io.github.irqscope.json.JsonWriter;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A file of snapshots: what {@code policy backup} writes and {@code policy restore} reads, and, as a {@link Journal},
 * what a sweep leaves for the next start.
 *
 * @param written when
 * @param process who wrote it
 * @param command what was being done
 * @param bed     on which bed
 * @param devices the snapshots
 */
public record PolicyBackup(Instant written, long process, String command, String bed, List<PolicySnapshot> devices) {
    private static final int SCHEMA = 1;
    private static final String KIND = "irqscope policies";

    /** Takes a copy. */
    public PolicyBackup {
        devices = List.copyOf(devices);
    }

    /** Of this moment and this process. */
    public static PolicyBackup of(Bed bed, String command, List<PolicySnapshot> devices) {
        return new PolicyBackup(Instant.now(), ProcessHandle.current().pid(), command, bed.name(), devices);
    }

    /** The document. */
    public String toJson() {
        JsonWriter json = new JsonWriter();
        json.beginObject().field("schema", SCHEMA).field("kind", KIND).field("written", written.toString())
                .field("process", process).field("command", command).field("bed", bed).name("devices").beginArray();
        devices.forEach(device -> device.writeTo(json));
        return json.endArray().endObject().toString();
    }

    /**
     * The backup that the text is.
     *
     * @throws IllegalArgumentException saying why it is none
     */
    public static PolicyBackup parse(String text) {
        Map<String, Object> map = JsonReader.readObject(text);
        if (!KIND.equals(map.get("kind"))) {
            throw new IllegalArgumentException("the document is no backup of policies");
        }
        if (Fields.number(map, "schema") != SCHEMA) {
            throw new IllegalArgumentException("its schema is " + map.get("schema") + ", and this irqscope reads "
                    + SCHEMA);
        }
        List<PolicySnapshot> devices = new ArrayList<>();
        for (Object device : Fields.list(map, "devices")) {
            devices.add(PolicySnapshot.read(device));
        }
        return new PolicyBackup(Instant.parse(Fields.text(map, "written")), Fields.number(map, "process"),
                Fields.text(map, "command"), Fields.text(map, "bed"), devices);
    }

    /**
     * Writes a new file and waits until the disk has it, its entry in the folder included.
     *
     * @throws java.nio.file.FileAlreadyExistsException when there is such a file; an older backup is never overwritten
     */
    public void write(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            writeTo(channel);
        }
        syncFolder(file);
    }

    void writeTo(FileChannel channel) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((toJson() + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        channel.force(true);
    }

    /* A folder can be opened and synced on POSIX systems; on Windows NTFS journals the entry, and opening one fails. */
    static void syncFolder(Path file) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (!System.getProperty("os.name", "").startsWith("Windows") && Files.isDirectory(folder)) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
