package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** {@code driver}, {@code inf} and {@code doctor} where there is no Windows; on Wine the bed's own tests run them. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "says what other systems are told")
class DriverVerbsTest {
    private final Command command = new Command();

    @TempDir
    Path folder;

    private Path files() throws IOException {
        Path inf = Files.createDirectories(folder.resolve("driver/inf"));
        Files.writeString(inf.resolve("irqscope-root.inf"), "[Version]\nSignature = \"$Chicago$\"\n");
        return folder;
    }

    @Test
    void driverSaysThatItNeedsWindows() throws IOException {
        for (String action : List.of("install", "remove", "status")) {
            assertEquals(ExitCode.NO_DEVICE, command.run("driver", action, "--files", files().toString()), action);
            assertTrue(command.err().contains("drivers are installed on Windows only, and this is "), command.err());
            assertTrue(command.err().contains("irqscope validate --bed sim"), command.err());
            assertEquals("", command.out());
        }
    }

    @Test
    void driverNamesItsActions() {
        assertEquals(ExitCode.USAGE, command.run("driver", "instal"));
        assertTrue(command.err().contains("one of install, remove and status"), command.err());
        assertEquals(ExitCode.USAGE, command.run("driver"));
        assertEquals(ExitCode.USAGE, command.run("driver", "remove", "--inf", "x.inf"));
        assertTrue(command.err().contains("takes no --inf"), command.err());
    }

    @Test
    void infPrintsTheOneOfTheDeviceWithoutHardware() throws IOException {
        assertEquals(ExitCode.FINE, command.run("inf", "--files", files().toString()));
        assertTrue(command.out().startsWith("[Version]\n"), command.out());
    }

    @Test
    @SuppressWarnings("unchecked")
    void infChecksAFile() throws IOException {
        Path inf = files().resolve("driver/inf/irqscope-root.inf");
        assertEquals(ExitCode.NOT_AS_EXPECTED, command.run("inf", inf.toString(), "--json"));
        Map<String, Object> json = JsonReader.readObject(command.out());
        assertEquals(false, json.get("accepted"));
        List<Map<String, Object>> problems = (List<Map<String, Object>>) json.get("problems");
        assertTrue(problems.size() >= 2 && problems.get(0).get("message") instanceof String, command.out());
        assertEquals(ExitCode.FAILURE, command.run("inf", folder.resolve("none.inf").toString()));
        assertTrue(command.err().contains("none.inf: there is no such file"), command.err());
        assertEquals(ExitCode.FAILURE, command.run("inf", folder.toString()));
        assertTrue(command.err().contains(": it cannot be read: "), command.err());
        assertEquals(ExitCode.USAGE, command.run("inf", "--json"));
        assertEquals("", command.out());
        assertEquals(ExitCode.USAGE, command.run("inf", inf.toString(), "--device", "X"));
    }

    @Test
    @SuppressWarnings("unchecked")
    void doctorRunsToItsEndWithoutADriver() {
        assertEquals(ExitCode.FINE, command.run("doctor"));
        assertTrue(command.out().contains("\nNext: "), command.out());
        assertEquals(ExitCode.FINE, command.run("doctor", "--json"));
        Map<String, Object> json = JsonReader.readObject(command.out());
        assertEquals(1L, ((Number) json.get("schema")).longValue());
        for (Map<String, Object> finding : (List<Map<String, Object>>) json.get("findings")) {
            assertEquals(java.util.Set.of("topic", "state", "text", "cure"), finding.keySet());
        }
        assertTrue(json.get("next") instanceof String);
    }

    @Test
    void withoutWordsItIsDoctor() {
        assertEquals(ExitCode.FINE, command.run());
        assertTrue(command.out().contains("\nNext: irqscope "), command.out());
        assertTrue(command.err().contains("irqscope --help tells every verb."), command.err());
    }
}
