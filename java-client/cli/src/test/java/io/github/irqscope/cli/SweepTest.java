package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Sweeps, expectation files, drift and thresholds, as a user runs them. */
@DisplayName("SweepTest [sim]")
@Timeout(120)
final class SweepTest {
    /** To the driver for one target of a sweep: what its speed depends on, and a busy machine does not change. */
    private static final int MOST_REQUESTS = 16;

    private final Command command = new Command();
    @TempDir
    private Path folder;

    private void run(int code, String... words) {
        assertEquals(code, command.run(words), () -> command.out() + command.err());
    }

    private Map<String, String> registry() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(path -> !path.endsWith("journal.json")).toList()) {
                all.put(folder.relativize(file).toString(), Files.isDirectory(file) ? "" : Files.readString(file));
            }
        }
        return all;
    }

    private Path journal() {
        return folder.resolve("journal.json");
    }

    /* A sweep that takes long, in a process of its own, once its journal is written and some targets are through. */
    private Child sweepInTheMiddle() throws IOException, InterruptedException {
        Child child = Child.start("validate", "--sweep", "processor", "--machine", "32x64", "--state",
                folder.toString(), "-v");
        String talk = child.awaitErr(": connect ", 20);
        int told = talk.indexOf("The old policy is kept in " + journal());
        assertTrue(told >= 0 && told < talk.indexOf(": connect "), "the journal's place comes first:\n" + talk);
        return child;
    }

    @Test
    @SuppressWarnings("unchecked")
    void everyProcessorOfThreeGroupsIsATarget(TestReporter reporter) throws IOException {
        run(0, "devices", "--state", folder.toString());
        Map<String, String> before = registry();
        long start = System.nanoTime();
        run(0, "validate", "--sweep", "processor", "--state", folder.toString(), "--json", "-v");
        reporter.publishEntry("milliseconds of a sweep over 144 processors",
                Long.toString((System.nanoTime() - start) / 1_000_000));
        long requests = command.err().lines().filter(line -> line.startsWith("edu0: ")).count();
        assertTrue(requests <= 144 * MOST_REQUESTS, requests + " requests to the driver for 144 targets");
        Map<String, Object> json = (Map<String, Object>) JsonReader.read(command.out());
        List<Map<String, Object>> targets = (List<Map<String, Object>>) json.get("targets");
        assertEquals(144, targets.size());
        for (Map<String, Object> target : targets) {
            assertEquals(target.get("requested"), target.get("granted"));
            assertEquals(Map.of(target.get("requested"), 100L), target.get("observed"));
        }
        assertTrue(command.err().contains("journal.json"), command.err());
        assertEquals(before, registry());
        assertFalse(Files.exists(journal()));
    }

    @Test
    void afterAFailureTheOldPolicyIsBack() throws IOException {
        run(0, "devices", "--state", folder.toString());
        Map<String, String> before = registry();
        run(1, "validate", "--sweep", "group", "--state", folder.toString(), "--fault", "never-fires,device=edu0");
        assertTrue(command.out().contains("NEVER_FIRED, expected LANDED: 8 interrupts were sent, and none arrived"),
                command.out());
        assertEquals(before, registry());
        assertFalse(Files.exists(journal()));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void afterAKillTheNextStartRestores() throws Exception {
        run(0, "devices", "--state", folder.toString(), "--machine", "32x64");
        Map<String, String> before = registry();
        try (Child child = sweepInTheMiddle()) {
            child.process().destroyForcibly();
            child.code();
        }
        assertNotEquals(before, registry());
        assertTrue(Files.exists(journal()));
        run(0, "devices", "--state", folder.toString(), "--machine", "32x64");
        assertTrue(command.err().contains("restored edu0"), command.err());
        assertEquals(before, registry());
        assertFalse(Files.exists(journal()));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void afterControlCTheOldPolicyIsBack() throws Exception {
        run(0, "devices", "--state", folder.toString(), "--machine", "32x64");
        Map<String, String> before = registry();
        try (Child child = sweepInTheMiddle()) {
            run(0, "devices", "--state", folder.toString(), "--machine", "32x64");
            assertTrue(command.err().contains("being changed right now"), command.err());
            assertTrue(Files.exists(journal()));
            child.interrupt();
            assertEquals(130, child.code());
        }
        assertEquals(before, registry());
        assertFalse(Files.exists(journal()));
    }

    @Test
    void aHandleOfSomebodyElseVetoesAndTheOldPolicyIsBack() throws IOException {
        run(0, "devices", "--state", folder.toString());
        Map<String, String> before = registry();
        command.opening(() -> {
            Bed bed = Bed.open(BedOptions.sim().withState(folder));
            bed.device("edu0").open();
            return bed;
        });
        run(6, "validate", "--sweep", "group", "--device", "edu0", "--state", folder.toString());
        assertTrue(command.err().contains("the device is in use: close what has it open; its old policy was put back"),
                command.err());
        assertEquals(before, registry());
        assertFalse(Files.exists(journal()));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aProcessThatSucceedsOrFailsPutsTheOldPolicyBack() throws Exception {
        run(0, "devices", "--state", folder.toString());
        Map<String, String> before = registry();
        try (Child child = Child.start("validate", "--sweep", "group", "--state", folder.toString())) {
            assertEquals(0, child.code(), child.err());
            assertTrue(child.err().contains("The old policy is kept in " + journal()), child.err());
        }
        assertEquals(before, registry());
        try (Child child = Child.start("validate", "--sweep", "group", "--state", folder.toString(), "--fault",
                "gone,device=edu0,after=150")) {
            assertEquals(1, child.code(), child.err());
        }
        assertTrue(Files.exists(journal()), "the device is away, and its policy still the swept one");
        run(0, "devices", "--state", folder.toString());
        assertTrue(command.err().contains("restored edu0"), command.err());
        assertEquals(before, registry());
        try (Child child = Child.start("validate", "--sweep", "group", "--state", folder.toString(), "--fault", "lost")) {
            assertEquals(1, child.code(), child.err());
        }
        assertEquals(before, registry());
        assertFalse(Files.exists(journal()));
    }

    @Test
    void aRealMachineAsksBeforeTheFirstPolicyIsWritten() throws IOException {
        run(0, "devices", "--state", folder.toString());
        Map<String, String> before = registry();
        command.onARealMachine("no");
        run(0, "validate", "--sweep", "group", "--state", folder.toString());
        assertTrue(command.err().contains("The affinity policy of edu0 is written, and the device restarted, once for"
                + " each group; the old policy is put back. Go on? [y/N]"), command.err());
        assertTrue(command.err().contains("Nothing was done."), command.err());
        command.onARealMachine(null);
        run(2, "validate", "--sweep", "group", "--state", folder.toString());
        assertTrue(command.err().contains("--yes does it unasked"), command.err());
        assertEquals(before, registry());
        run(0, "validate", "--sweep", "group", "--state", folder.toString(), "--yes");
        assertEquals(before, registry());
    }

    @Test
    void aBadSetIsShownWithACaret() {
        run(2, "validate", "--processors", "g1:4-x");
        assertTrue(command.err().contains("\n  g1:4-x\n       ^\n"), command.err());
        run(2, "validate", "--device", "edu0", "--processors", "node:9");
        assertTrue(command.err().contains("no node 9"), command.err());
        run(0, "validate", "--device", "edu0", "--processors", "node:2 g1:0xf");
        assertTrue(command.out().contains("g1:0-3"), command.out());
    }

    @Test
    void aBadExpectationFileIsShownWithLineColumnAndCaret() throws IOException {
        Path file = folder.resolve("lab.yaml");
        Files.writeString(file, "expect:\n- device: edu0\n  group: x\n");
        run(2, "validate", "--expect", file.toString());
        assertTrue(command.err().contains("lab.yaml:3:10: a whole number from 0"), command.err());
        assertTrue(command.err().contains("\n    group: x\n           ^\n"), command.err());
        run(2, "validate", "--expect", file.toString(), "--sweep", "group");
        Files.writeString(file, "expect:\n- device: edu0\n  node: 0\n  latency: {max: 1ns}\n");
        run(1, "validate", "--expect", file.toString());
        assertTrue(command.out().contains("latency.max is"), command.out());
    }

    @Test
    void anExpectationOfAnUnknownDeviceIs3AndNamesLineAndNearest() throws IOException {
        Path file = Files.writeString(folder.resolve("lab.yaml"), "expect:\n- device: edu0\n- device: igb9\n");
        run(3, "validate", "--expect", file.toString());
        assertTrue(command.err().contains("line 3: there is no device \"igb9\"; did you mean igb0"), command.err());
        assertFalse(command.out().contains("LANDED"), "said before anything is tried");
    }

    @Test
    void driftFindsWhatTheSystemMovesInASimulatedHour() {
        run(1, "validate", "--drift", "60", "--device", "edu0", "--fault", "retarget,device=edu0,after=1000");
        assertTrue(command.out().contains("RETARGETED"), command.out());
        assertTrue(command.out().contains("the system restarted edu0 message:0"), command.out());
        run(2, "validate", "--drift", "60", "--sweep", "group");
    }

    @Test
    void whatTakesLongShowsABarOnATerminalAndNoneElsewhere() {
        String[] sweep = {"validate", "--sweep", "processor", "--machine", "32x64", "--device", "edu0"};
        run(0, sweep);
        assertFalse(command.err().contains("["), command.err());
        command.onTerminal();
        run(0, sweep);
        List<String> bars = command.err().lines().flatMap(line -> Stream.of(line.split("\r")))
                .filter(line -> line.startsWith("validate [")).toList();
        assertFalse(bars.isEmpty(), command.err());
        for (String bar : bars) {
            Matcher parts = Pattern.compile("validate \\[(#*)-*\\] edu0 in g([0-9]+):([0-9]+), [0-9]+ targets?\u001b\\[K")
                    .matcher(bar);
            assertTrue(parts.matches(), bar);
            int done = Integer.parseInt(parts.group(2)) * 64 + Integer.parseInt(parts.group(3));
            assertEquals(done * 24 / 2048, parts.group(1).length(), bar);
        }
    }

    @Test
    void aThresholdStopsAndExplains() {
        run(1, "validate", "--device", "edu0", "--way", "fully-specified-group", "--stop-at", "3.8us", "--count", "2000");
        assertTrue(command.out().contains("Stopped: edu0 message:0 on g"), command.out());
        List<String> lines = command.outLines();
        int elsewhere = lines.indexOf("  Before it on other processors (of this connection):");
        assertTrue(elsewhere > 0 && lines.get(elsewhere + 16).matches("    [0-9.]+ [nu]s earlier on g[0-9]+:[0-9]+, "
                + "target 0, [0-9.]+ [nu]s after its trigger"), command.out());
        assertTrue(lines.get(elsewhere + 17).startsWith("  The host: "), command.out());
        assertTrue(command.out().contains("The host: in "), command.out());
        run(2, "validate", "--stop-at", "soon");
    }

    @Test
    void aPlaceThatCannotBeWrittenIsSaidBeforeAnythingIsDone() {
        run(7, "validate", "--device", "edu0", "--junit", folder.resolve("no/lab.xml").toString(), "-v");
        assertFalse(command.out().contains("LANDED"), command.out());
        assertFalse(command.err().contains(": connect"), command.err());
        command.onARealMachine("no");
        run(0, "validate", "--sweep", "group", "--junit", folder.resolve("lab.xml").toString());
        assertFalse(Files.exists(folder.resolve("lab.xml")), "nothing was done, and nothing is told");
    }

    @Test
    void aSweepOnAKernelWithoutGroupsIsRefused() {
        run(2, "validate", "--sweep", "processor", "--machine", "1x8", "--profile", "nt52");
        assertTrue(command.err().contains("knows no processor groups"), command.err());
    }

    @Test
    void junitXmlIsOfTheSchema() throws Exception {
        Path file = folder.resolve("lab.xml");
        run(1, "validate", "--device", "edu0", "--junit", file.toString(), "--fault", "lost");
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("docs/junit.xsd"))) {
            root = root.getParent();
        }
        SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI).newSchema(root.resolve("docs/junit.xsd").toFile())
                .newValidator().validate(new StreamSource(new StringReader(Files.readString(file))));
        assertTrue(Files.readString(file).contains("<failure type=\"LOST\""), Files.readString(file));
    }
}
