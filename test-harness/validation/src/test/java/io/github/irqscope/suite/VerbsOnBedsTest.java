package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.cli.InProcess;
import io.github.irqscope.cli.InProcess.Ended;
import io.github.irqscope.suite.bed.Beds;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.OnBeds;
import io.github.irqscope.suite.judge.Json;
import io.github.irqscope.suite.judge.Judge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Each verb of the command line on each bed, as a lab engineer types it: what comes first, data, exit code. */
class VerbsOnBedsTest {
    private static final String WINE = "wine";
    private static final int DEVICES = 7;
    private static final String MACHINE_BUS = "ROOT\\IRQSCOPE-MACHINE\\0000";

    /* A name with a space in it, as people's folders have. */
    private Path folder;
    private InProcess prompt;

    @BeforeEach
    void makeFolder(@TempDir Path temporary) throws IOException {
        folder = Files.createDirectory(temporary.resolve("my lab"));
        prompt = new InProcess(folder);
    }

    /* The registry of the simulated bed lives in a folder here, that of Wine is there anyway. */
    private List<String> machine(Lab lab) {
        return lab.words(BedOptions.sim().withMachine("2x8").withState(folder));
    }

    private Ended type(int code, String... words) {
        return type(code, List.of(), words);
    }

    private Ended type(int code, List<String> machine, String... words) {
        List<String> all = new ArrayList<>(Arrays.asList(words));
        all.addAll(machine);
        Ended ended = prompt.run(all);
        assertEquals(code, ended.code(), () -> String.join(" ", all) + ": " + ended);
        return ended;
    }

    /* Nothing of ours is open or connected any more; where the machine ends with the command, its end has said so. */
    private static void atRest(Lab lab) {
        if (lab.bed().equals(WINE)) {
            try (Bed bed = Bed.open(BedOptions.auto().withBed("windows"))) {
                assertEquals("ok", Lab.say(bed, "rest").strip());
            }
        }
    }

    private static void saysItsBedFirst(Lab lab, String said) {
        String first = said.lines().findFirst().orElse("");
        assertTrue(first.startsWith(lab.bed().equals(WINE) ? "Bed wine, simulated machine 2x8, profile server2022"
                : "Simulated machine 2x8, profile server2022"), said);
        assertTrue(first.contains("no hardware"), first);
    }

    private static Map<String, Object> document(Lab lab, String text) {
        Map<String, Object> document = Json.object(text.strip());
        assertEquals(1L, document.get("schema"));
        assertEquals(lab.bed(), document.get("bed"));
        return document;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, Object> object, String name) {
        return (List<Map<String, Object>>) object.get(name);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Map<String, Object> parent, String name) {
        return (Map<String, Object>) parent.get(name);
    }

    // ---- Looking -------------------------------------------------------------------------------------------------

    @OnBeds
    void doctorSaysWhatIsHereAndWhatToTypeNext(Lab lab) {
        machine(lab);
        Ended text = type(0, "doctor");
        assertTrue(text.out().contains("Next: "), text::toString);
        assertEquals("", text.err());
        Map<String, Object> json = Json.object(type(0, "doctor", "--json").out().strip());
        List<Map<String, Object>> findings = list(json, "findings");
        assertFalse(((String) json.get("next")).isBlank());
        if (lab.bed().equals(WINE)) {
            assertTrue(findings.stream().anyMatch(one -> one.get("topic").equals("system")
                    && ((String) one.get("text")).startsWith("Wine as Windows ")), text::toString);
            assertTrue(findings.stream().anyMatch(one -> one.get("topic").equals("machine")
                    && ((String) one.get("text")).startsWith("simulated, below Wine: 2x8")), text::toString);
            /* Devices of an earlier test's machine may be there without a driver, the machine itself is not. */
            String driver = (String) findings.stream().filter(one -> one.get("topic").equals("driver")).findFirst()
                    .orElseThrow().get("text");
            assertTrue(driver.contains(MACHINE_BUS), driver);
            assertFalse(driver.replaceFirst(".*; not started: ", "not started: ").matches("not started: .*"
                    + Pattern.quote(MACHINE_BUS) + ".*"), driver);
            assertEquals(DEVICES, findings.stream().filter(one -> one.get("topic").equals("device")
                    && one.get("state").equals("good")).count(), text::toString);
        }
        atRest(lab);
    }

    @OnBeds
    void machineShowsBothViewsOfTheProcessors(Lab lab) {
        List<String> machine = machine(lab);
        Ended text = type(0, machine, "machine");
        saysItsBedFirst(lab, text.out());
        assertTrue(text.out().contains("2 groups, 16 processors"), text::toString);
        Map<String, Object> json = document(lab, type(0, machine, "machine", "--json").out());
        assertEquals(2, list(object(json, "machine"), "groups").size());
        Map<String, Object> userMode = object(json, "userMode");
        if (lab.bed().equals(WINE)) {
            seesThisComputer(userMode);
            assertTrue(text.out().contains("USER MODE"), text::toString);
            assertFalse(((List<?>) json.get("differences")).isEmpty(), "this computer is not the simulated one");
            assertTrue(text.out().contains("the driver's processors are simulated"), text::toString);
            assertTrue(text.lines().get(1).matches("2 groups, 16 processors, 2 NUMA nodes"), "of one machine alone");
            assertTrue(text.out().contains("Differs: user mode sees 1 group, the driver 2."), text::toString);
        } else {
            assertNull(userMode);
            assertTrue(text.out().contains("no user mode"), text::toString);
        }
        atRest(lab);
    }

    /* What the JVM was told of the same processors, by another call. */
    private static void seesThisComputer(Map<String, Object> userMode) {
        List<Map<String, Object>> groups = list(userMode, "groups");
        assertEquals(1, groups.size());
        int processors = ProcessorSet.parse((String) groups.get(0).get("active")).size();
        assertEquals(Runtime.getRuntime().availableProcessors(), processors);
        assertFalse(list(userMode, "nodes").isEmpty(), "NUMA nodes");
        assertFalse(((List<?>) userMode.get("packages")).isEmpty(), "packages");
        int ofCores = 0;
        for (Map<String, Object> core : list(userMode, "cores")) {
            ofCores += ProcessorSet.parse((String) core.get("processors")).size();
        }
        assertEquals(processors, ofCores, "each processor belongs to one core");
    }

    @OnBeds
    void devicesTellsWhatTheDriverIsBoundTo(Lab lab) {
        List<String> machine = machine(lab);
        Ended text = type(0, machine, "devices");
        saysItsBedFirst(lab, text.out());
        assertTrue(text.out().contains("PCI\\VEN_1234&DEV_11E8"), text::toString);
        List<Map<String, Object>> devices = list(document(lab, type(0, machine, "devices", "--json").out()), "devices");
        assertEquals(DEVICES, devices.size());
        for (Map<String, Object> device : devices) {
            assertTrue(((String) device.get("path")).startsWith("\\\\?\\"), device::toString);
            assertEquals(true, device.get("started"), device::toString);
        }
        Ended one = type(0, machine, "devices", "--device", "IGB0");
        assertEquals(1, one.lines().stream().filter(line -> line.startsWith("igb0 ")).count(), one::toString);
        atRest(lab);
    }

    // ---- Interrupts ----------------------------------------------------------------------------------------------

    @OnBeds
    void affinityGrantsWithinWhatWasRequested(Lab lab) {
        List<String> machine = machine(lab);
        Ended text = type(0, machine, "affinity", "--device", "edu0", "--processors", "g1:2-5");
        saysItsBedFirst(lab, text.out());
        Map<String, Object> report = Judge.check(type(0, machine, "affinity", "--device", "edu0", "--processors",
                "g1:2-5", "--json").out().strip());
        assertEquals(lab.bed(), report.get("bed"));
        int granted = 0;
        for (Map<String, Object> target : Judge.targets(report)) {
            if (target.get("granted") != null) {
                granted++;
                assertTrue(ProcessorSet.parse("g1:2-5").containsAll(ProcessorSet.parse((String) target.get("granted"))),
                        target::toString);
            }
        }
        assertTrue(granted > 0, report::toString);
        atRest(lab);
    }

    @OnBeds
    void triggerCountsWhatArrived(Lab lab) {
        List<String> machine = machine(lab);
        Ended text = type(0, machine, "trigger", "--device", "edu0", "--count", "20");
        saysItsBedFirst(lab, text.out());
        assertTrue(text.out().contains("LANDED: 20 sent, 20 arrived, 0 lost, 0 spurious."), text::toString);
        Map<String, Object> all = document(lab, type(0, machine, "trigger", "--device", "igb0", "--message", "all",
                "--count", "5", "--burst", "5", "--json").out());
        long sent = 0;
        for (Map<String, Object> target : list(all, "targets")) {
            sent += (Long) target.get("sent");
            assertEquals(target.get("sent"), (Long) target.get("arrived") + (Long) target.get("coalesced"));
        }
        assertEquals(40, sent);
        type(0, machine, "trigger", "--device", "edu0", "--masked", "--count", "3");
        type(0, machine, "trigger", "--device", "igb0", "--message", "1", "--neighbours", "--count", "3");
        Ended placed = type(0, machine, "trigger", "--device", "edu0", "--processors", "g1:3", "--count", "5");
        assertTrue(placed.out().contains("g1:3"), placed::toString);
        atRest(lab);
    }

    @OnBeds
    void watchWithoutATerminalIsALineASecond(Lab lab) {
        List<String> machine = machine(lab);
        Ended text = type(0, machine, "watch", "--device", "edu0", "--duration", "2s", "--load", "50");
        saysItsBedFirst(lab, text.out());
        assertEquals(4, text.lines().size(), text::toString);
        assertTrue(text.lines().get(2).matches(" *2(\\.0+)? s  .*, outside 0, lost 0"), text::toString);
        assertTrue(text.lines().get(3).contains("none outside what was granted, none lost"), text::toString);
        assertTrue(text.err().contains("--load"), text::toString);
        List<String> documents = type(0, machine, "watch", "--device", "edu0", "--duration", "2s", "--load", "50",
                "--json").lines();
        assertEquals(2, documents.size());
        for (String each : documents) {
            assertEquals(0L, document(lab, each).get("outside"));
        }
        assertTrue((Long) Json.object(documents.get(1)).get("events") >= 95, documents.get(1));
        atRest(lab);
    }

    // ---- Recordings and results ----------------------------------------------------------------------------------

    @OnBeds
    void aRecordingIsReplayedExportedComparedAndReported(Lab lab) throws IOException {
        List<String> machine = machine(lab);
        String a = folder.resolve("a.irqrec").toString();
        String b = folder.resolve("b.irqrec").toString();
        Ended recorded = type(0, machine, "record", "--device", "igb0", "--duration", "100ms", "-o", a);
        saysItsBedFirst(lab, recorded.out());
        assertTrue(recorded.out().contains(" events in " + a), recorded::toString);
        Map<String, Object> json = document(lab, type(0, machine, "record", "--device", "igb0", "--duration", "100ms",
                "-o", b, "--json").out());
        assertEquals(b, json.get("file"));
        assertEquals(0L, json.get("lost"));
        long events = (Long) json.get("events");
        assertTrue(events >= 98 && events <= 105, () -> events + " events of 100 ms at 1,000/s");
        atRest(lab);

        Map<String, Object> replayed = document(lab, type(0, "replay", a, "--json").out());
        assertTrue(((List<?>) object(replayed, "recording").get("command")).contains(a), "the path as it was typed");
        Ended text = type(0, "replay", a);
        assertTrue(text.out().contains(" events in "), text::toString);
        for (String format : List.of("jsonl", "hdr", "perfetto")) {
            Path file = folder.resolve("a." + format);
            assertEquals("", type(0, "replay", a, "--export", format, "-o", file.toString()).out());
            assertTrue(Files.size(file) > 100, format);
        }
        try (var lines = Files.lines(folder.resolve("a.jsonl"))) {
            assertTrue(lines.peek(Json::object).count() >= 100, "each line is a document");
        }

        Ended compared = type(0, "compare", a, b);
        assertTrue(compared.out().contains("The same"), compared::toString);
        Path page = folder.resolve("a.html");
        type(0, "report", a, "-o", page.toString());
        assertTrue(Files.readString(page).contains("2x8"), "the page names the machine");
        type(0, "report", a, b, "-o", folder.resolve("a.md").toString());
        assertTrue(Files.readString(folder.resolve("a.md")).contains("igb0"));
        Ended missing = type(7, "replay", folder.resolve("no.irqrec").toString());
        assertEquals("", missing.out());
        assertTrue(missing.err().contains("there is no such file"), missing::toString);
    }

    @OnBeds
    void validateJudgesAndHoldsAMachineAgainstAFile(Lab lab) throws IOException {
        List<String> machine = machine(lab);
        Path result = folder.resolve("result.json");
        Ended text = type(0, machine, "validate", "--device", "edu0", "--count", "5");
        saysItsBedFirst(lab, text.out());
        assertTrue(text.lines().get(text.lines().size() - 1).startsWith("LANDED: "), text::toString);
        Ended written = type(0, machine, "validate", "--device", "edu0", "--count", "5", "--json", "-o",
                result.toString());
        assertEquals("", written.out());
        saysItsBedFirst(lab, written.err());
        assertEquals(lab.bed(), Judge.check(Files.readString(result).strip()).get("bed"));

        Path expectations = folder.resolve("expect.yaml");
        Files.writeString(expectations, "schema: 1\nexpect:\n  - device: edu0\n    group: 0\n    count: 5\n");
        type(0, machine, "validate", "--expect", expectations.toString());
        Files.writeString(expectations, "schema: 1\nexpect:\n  - device: edu0\n    group: 1\n    count: 5\n");
        Ended wrong = type(1, machine, "validate", "--expect", expectations.toString());
        assertTrue(wrong.out().contains("WRONG_GROUP"), wrong::toString);
        Files.writeString(expectations, "schema: 1\nexpect:\n  - device: edu0\n    grupo: 1\n");
        Ended bad = type(2, machine, "validate", "--expect", expectations.toString());
        assertTrue(bad.err().contains(expectations + ":4:5: "), bad::toString);
        assertEquals("", bad.out());

        Path junit = folder.resolve("result.xml");
        type(0, "report", result.toString(), "-o", folder.resolve("result.md").toString(), "--junit", junit.toString());
        assertTrue(Files.readString(junit).contains("<testsuite"));
        Ended same = type(0, "compare", result.toString(), result.toString());
        assertTrue(same.out().contains("The same"), same::toString);
        atRest(lab);
    }

    @OnBeds
    void aSweepAsksForEachGroupAndPutsThePolicyBack(Lab lab) {
        List<String> machine = machine(lab);
        Ended before = type(0, machine, "policy", "show", "--device", "edu0", "--json");
        Ended swept = type(0, machine, "validate", "--sweep", "group", "--device", "edu0", "--count", "5");
        saysItsBedFirst(lab, swept.out());
        assertTrue(swept.out().contains("LANDED: 2 targets"), swept::toString);
        String journal = "The old policy is kept in " + folder.resolve("journal.json");
        assertTrue(swept.err().contains(journal), swept::toString);
        assertFalse(Files.exists(folder.resolve("journal.json")), "its journal is gone");
        assertEquals(before.out(), type(0, machine, "policy", "show", "--device", "edu0", "--json").out());
        atRest(lab);
    }

    // ---- Policies and drivers ------------------------------------------------------------------------------------

    @OnBeds
    void aPolicyIsShownSetAndRestoredFromItsBackup(Lab lab) throws IOException {
        List<String> machine = machine(lab);
        Ended text = type(0, machine, "policy", "show", "--device", "edu0");
        saysItsBedFirst(lab, text.out());
        Map<String, Object> before = policyOfEdu(lab, machine);
        Ended dry = type(0, machine, "policy", "set", "--device", "edu0", "--processors", "g1:2-3", "--dry-run");
        assertTrue(dry.out().contains("Nothing was written (--dry-run)"), dry::toString);
        assertEquals(before, policyOfEdu(lab, machine));

        Map<String, Object> set = document(lab, type(0, machine, "policy", "set", "--device", "edu0", "--processors",
                "g1:2-3", "--json").out());
        assertEquals("restarted", list(set, "devices").get(0).get("restart"));
        assertNotNull(set.get("backup"), "what was there is kept, and the place is said");
        Path backup = Path.of((String) set.get("backup"));
        assertEquals(folder, backup.getParent());
        assertTrue(Files.isRegularFile(backup), backup::toString);
        assertNotEquals(before, policyOfEdu(lab, machine));
        Ended affinity = type(0, machine, "affinity", "--device", "edu0", "--way", "fully-specified-group", "--json");
        assertTrue(affinity.out().contains("\"granted\":\"g1:2-3\""), affinity::toString);
        Ended again = type(0, machine, "policy", "set", "--device", "edu0", "--processors", "g1:2-3");
        assertTrue(again.out().contains("Nothing had to be changed."), again::toString);

        Path kept = folder.resolve("kept.json");
        Ended copy = type(0, machine, "policy", "backup", kept.toString(), "--device", "edu0");
        assertTrue(copy.out().contains(kept.toString()), copy::toString);
        Ended restored = type(0, machine, "policy", "restore", backup.toString());
        saysItsBedFirst(lab, restored.out());
        assertEquals(before, policyOfEdu(lab, machine));
        type(0, machine, "policy", "restore", kept.toString());
        assertNotEquals(before, policyOfEdu(lab, machine));
        type(0, machine, "policy", "restore", backup.toString());
        atRest(lab);
    }

    private Map<String, Object> policyOfEdu(Lab lab, List<String> machine) {
        return list(document(lab, type(0, machine, "policy", "show", "--device", "edu0", "--json").out()), "devices")
                .get(0);
    }

    @OnBeds
    void driverStatusTellsWhereTheDriverIs(Lab lab) {
        machine(lab);
        if (!lab.bed().equals(WINE)) {
            Ended elsewhere = type(3, "driver", "status");
            assertTrue(elsewhere.err().contains("drivers are installed on Windows only"), elsewhere::toString);
            return;
        }
        Ended text = type(0, "driver", "status");
        assertTrue(text.lines().stream().anyMatch(line -> line.startsWith(MACHINE_BUS) && line.contains("  started, ")),
                text::toString);
        assertEquals("", text.err());
        Map<String, Object> json = Json.object(type(0, "driver", "status", "--json").out().strip());
        assertEquals(true, json.get("installed"));
        List<Object> started = list(json, "devices").stream().filter(one -> one.get("started").equals(true))
                .map(one -> one.get("instance")).toList();
        for (Map<String, Object> device : list(document(lab, type(0, "devices", "--json").out()), "devices")) {
            assertTrue(started.contains(device.get("instanceId")), () -> device + " among " + started);
        }
        Ended unknown = type(3, "driver", "status", "--device", "PCI\\VEN_9999");
        assertEquals("", unknown.out());
    }

    @OnBeds
    void infIsPrintedAndChecked(Lab lab) {
        machine(lab);
        String files = Beds.root().toString();
        Ended printed = type(0, "inf", "--files", files);
        assertTrue(printed.out().contains("[Version]"), printed::toString);
        assertEquals("", printed.err());
        String file = Beds.root().resolve("inf").resolve("irqscope.inf").toString();
        Map<String, Object> checked = Json.object(type(0, "inf", file, "--json").out().strip());
        assertEquals(true, checked.get("accepted"));
        assertEquals(file, checked.get("file"));
        if (lab.bed().equals(WINE)) {
            String instance = (String) list(document(lab, type(0, "devices", "--device", "igb0", "--json").out()),
                    "devices").get(0).get("instanceId");
            Ended generated = type(0, "inf", "--device", instance);
            assertTrue(generated.out().contains("PCI\\VEN_8086&DEV_10C9"), generated::toString);
        }
    }

    @OnBeds
    void completionAndHelpNeedNoDriver() {
        for (String shell : List.of("bash", "zsh", "fish", "powershell")) {
            Ended completion = type(0, "completion", shell);
            assertTrue(completion.out().contains("validate"), completion::toString);
            assertEquals("", completion.err());
        }
        for (String verb : List.of("validate", "driver", "watch")) {
            assertTrue(type(0, "help", verb).out().contains("irqscope " + verb));
        }
        assertTrue(type(2, "no-such-verb").err().contains("no-such-verb"));
    }
}
