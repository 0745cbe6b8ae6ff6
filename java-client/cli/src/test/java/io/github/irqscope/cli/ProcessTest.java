package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be seen only from outside the process. */
final class ProcessTest {
    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version", "help validate", "validate --help", "validte"})
    void whatNeedsNoBedLoadsNothingOfTheLibraryAndNothingNative(String words) throws Exception {
        try (Child child = Child.start(List.of("-Xlog:class+load:stdout"), Map.of(), words.split(" "))) {
            String out = child.out();
            child.code();
            int own = 0;
            for (String line : out.lines().toList()) {
                if (line.contains("io.github.irqscope.")) {
                    assertTrue(line.contains("io.github.irqscope.cli."), line);
                    own++;
                }
                assertFalse(line.contains("com.sun.jna"), line);
                assertFalse(line.contains("java.util.regex.Pattern source: jrt"), line);
                assertFalse(line.contains("irqscope") && line.contains("$$Lambda"), line);
            }
            assertTrue(own > 5 && own < 30, own + " classes of the command line");
        }
    }

    @Test
    void aReaderWhoGoesAwayIsNoError() throws Exception {
        try (Child child = Child.start("validate", "--help")) {
            child.process().getInputStream().close();
            assertEquals("", child.err());
            assertEquals(ExitCode.READER_GONE, child.code());
        }
    }

    /** As | head -1 does, while there is more to come than a pipe holds. */
    @Test
    void aReaderWhoHasEnoughEndsAnExportWithoutAWord(@TempDir Path folder) throws Exception {
        String file = folder.resolve("run.irqrec").toString();
        try (Child child = Child.start("record", "--load", "100000", "--duration", "100ms", "-o", file)) {
            assertEquals(0, child.code(), child.err());
        }
        try (Child child = Child.start("replay", file, "--export", "jsonl")) {
            BufferedReader out = new BufferedReader(new InputStreamReader(child.process().getInputStream()));
            assertTrue(out.readLine().startsWith("{"), "the first line");
            out.close();
            assertEquals("", child.err());
            assertEquals(ExitCode.READER_GONE, child.code());
        }
    }

    @Test
    void theExitCodeIsTheProcesss() throws Exception {
        try (Child child = Child.start("validate", "--seed=x")) {
            assertEquals("", child.out());
            assertEquals(2, child.code());
            assertTrue(child.err().startsWith("irqscope: --seed x: column 1: "));
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Java cannot send Ctrl+C to another process there")
    void anInterruptedTriggerTellsWhatThereIsAndEndsWith130() throws Exception {
        try (Child child = Child.start("trigger", "--device", "edu0", "--count", "100000000")) {
            BufferedReader talk = new BufferedReader(new InputStreamReader(child.process().getInputStream()));
            assertTrue(talk.readLine().startsWith("Simulated machine"), "the first line");
            child.interrupt();
            String rest = talk.lines().collect(Collectors.joining("\n"));
            assertEquals(130, child.code());
            assertTrue(rest.contains("LANDED: "), rest);
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "Java cannot send Ctrl+C to another process there")
    void anInterruptedValidationPutsThePolicyBackAndEndsWith130(@TempDir Path state) throws Exception {
        try (Child child = Child.start("validate", "--count", "1000000", "--state", state.toString())) {
            BufferedReader talk = new BufferedReader(new InputStreamReader(child.process().getInputStream()));
            assertTrue(talk.readLine().startsWith("Simulated machine"), "the first line");
            child.interrupt();
            String rest = talk.lines().collect(Collectors.joining("\n"));
            assertEquals(130, child.code(), rest);
        }
        try (Child child = Child.start("devices", "--device", "edu0", "--state", state.toString());
                Child other = Child.start("devices", "--device", "edu0")) {
            assertEquals(other.out(), child.out());
        }
    }
}
