package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.json.JsonReader;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What ends a recording from outside, and what is left of it then. */
@DisplayName("RecordingProcessTest [sim]")
final class RecordingProcessTest {
    private static final long ENOUGH = 300_000;
    private static final int LIMIT_SECONDS = 60;

    private final Command command = new Command();

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("run.irqrec");
    }

    private Child endless() throws IOException {
        return Child.start("record", "--device", "igb0", "--load", "200000", "--duration", "24h", "-o",
                file().toString());
    }

    /** Waits for the file system to tell that the file is that long. */
    private void awaitFile() throws IOException, InterruptedException {
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            folder.register(watch, StandardWatchEventKinds.ENTRY_MODIFY, StandardWatchEventKinds.ENTRY_CREATE);
            while (!Files.exists(file()) || Files.size(file()) < ENOUGH) {
                WatchKey key = watch.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
                assertNotNull(key, "the file does not grow");
                key.pollEvents();
                key.reset();
            }
        }
    }

    private Map<String, Object> replay(int code) {
        assertEquals(code, command.run("replay", file().toString(), "--json"), command.err());
        return JsonReader.readObject(command.out());
    }

    @Test
    void aKilledRecordingIsReadableUpToTheKill() throws Exception {
        try (Child child = endless()) {
            awaitFile();
            child.process().destroyForcibly().waitFor();
        }
        Map<String, Object> document = replay(ExitCode.FAILURE);
        assertTrue((Long) document.get("events") > 10_000, document.get("events") + " events");
        assertEquals(0L, document.get("lost"));
        assertEquals(null, document.get("ended"));
        assertTrue(command.err().contains("it was cut at byte " + Files.size(file())), command.err());
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Java cannot send Ctrl+C to another process there")
    void anInterruptedRecordingIsAFinishedOne() throws Exception {
        try (Child child = endless()) {
            awaitFile();
            child.interrupt();
            assertEquals(ExitCode.INTERRUPTED, child.code());
            assertTrue(child.out().contains("none lost; ended early (interrupted)."), "it says so");
        }
        Map<String, Object> document = replay(ExitCode.FINE);
        assertEquals("interrupted", document.get("ended"));
        assertTrue((Long) document.get("events") > 10_000, document.get("events") + " events");
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "a limit of a file's size is a matter of its shell")
    void aDiskThatBecomesFullEndsItAndNothingBeforeIsLost() throws Exception {
        long told;
        int limit = 4096; /* KiB: the simulator's library, which may be unpacked first, has room */
        try (Child child = Child.startWithSmallFiles(limit, "record", "--device", "igb0", "--load", "1000000",
                "--duration", "24h", "-o", file().toString())) {
            assertEquals(ExitCode.FAILURE, child.code());
            Matcher sentence = Pattern.compile("cannot write \\S+: File too large; it holds ([0-9,]+) events up to there")
                    .matcher(child.err());
            assertTrue(sentence.find(), child.err());
            told = Long.parseLong(sentence.group(1).replace(",", ""));
        }
        assertTrue(Files.size(file()) <= limit << 10);
        Map<String, Object> document = replay(ExitCode.FAILURE);
        assertEquals(told, document.get("events"));
        assertTrue(told > 10_000, told + " events");
        assertTrue(command.err().contains("without its end"), command.err());
    }
}
