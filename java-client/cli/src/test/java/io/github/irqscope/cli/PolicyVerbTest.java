package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.Device;
import io.github.irqscope.RegistryValue;
import io.github.irqscope.json.JsonReader;
import io.github.irqscope.policy.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a device asks for is shown, changed and put back, never without a backup. */
@DisplayName("PolicyVerbTest [sim]")
final class PolicyVerbTest {
    private static final String OWN = "Irqscope";
    private static final String AFFINITY = "Interrupt Management\\Affinity Policy";

    @TempDir
    private Path folder;

    @TempDir
    private Path files;

    private final Command command = new Command();

    @BeforeEach
    void makeTheRegistry() {
        run(0, "show");
    }

    private void run(int code, String... words) {
        String[] all = Stream.concat(Stream.of("policy"), Stream.concat(Stream.of(words),
                Stream.of("--state", folder.toString()))).toArray(String[]::new);
        assertEquals(code, command.run(all), () -> command.err() + command.out());
    }

    private Map<String, String> registry() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.filter(path -> !path.toString().endsWith(".json")).toList()) {
                all.put(folder.relativize(path).toString(), Files.isDirectory(path) ? "" : Files.readString(path));
            }
        }
        return all;
    }

    private List<Path> backups() throws IOException {
        try (Stream<Path> paths = Files.list(folder)) {
            return paths.filter(path -> path.getFileName().toString().startsWith("policy-")).sorted().toList();
        }
    }

    private List<RegistryValue> values(String device, String key) {
        try (Bed bed = Bed.open(BedOptions.sim().withState(folder))) {
            return bed.device(device).parameters(key).orElse(List.of());
        }
    }

    // ---- set -----------------------------------------------------------------------------------------------------

    @Test
    void setWritesTheDriversOwnValuesAndTheDeviceIsGrantedThem() throws IOException {
        run(0, "set", "--device", "edu0", "--processors", "g1:4-7", "--priority", "high");
        assertTrue(command.out().contains("edu0 was restarted, and has message:0 on g1:4-7."), command.out());
        assertEquals(4, values("edu0", OWN).size());
        assertTrue(values("edu0", OWN).containsAll(List.of(RegistryValue.dword("Policy", 4),
                RegistryValue.dword("Priority", 3), RegistryValue.dword("Group", 1),
                RegistryValue.qword("Processors", 0xf0))));
        assertEquals(List.of(), values("edu0", AFFINITY), "Windows' own key was not asked for");
        assertEquals(1, backups().size());
        assertFalse(Files.exists(folder.resolve(Journal.NAME)));
        run(0, "show", "--device", "edu0");
        assertTrue(command.out().contains("asks for  specified processors g1:4-7, priority high"), command.out());
        assertTrue(command.out().contains("has       message:0 on g1:4-7"), command.out());
    }

    @Test
    void setKeepsWhatIsNoPolicyInTheSameKey() {
        try (Bed bed = Bed.open(BedOptions.sim().withState(folder))) {
            bed.device("edu0").connectAtStart(true);
        }
        run(0, "set", "--device", "edu0", "--policy", "one-close");
        run(0, "set", "--device", "edu0", "--policy", "none");
        assertEquals(List.of(RegistryValue.dword("ConnectAtStart", 1)), values("edu0", OWN));
    }

    @Test
    void aPriorityAloneGoesWithThePolicyThatIsThere() {
        run(2, "set", "--device", "edu0", "--priority", "low");
        assertTrue(command.err().contains("edu0 has no policy yet"), command.err());
        run(0, "set", "--device", "edu0", "--policy", "3");
        run(0, "set", "--device", "edu0", "--priority", "low");
        assertTrue(values("edu0", OWN).containsAll(List.of(RegistryValue.dword("Policy", 3),
                RegistryValue.dword("Priority", 1))));
        run(0, "set", "--device", "edu0", "--policy", "1");
        assertTrue(values("edu0", OWN).contains(RegistryValue.dword("Priority", 1)), "the priority stays");
    }

    @Test
    void aDryRunSaysWhatWouldBeWrittenAndWritesNothing() throws IOException {
        Map<String, String> before = registry();
        run(0, "set", "--device", "edu0", "--processors", "g1:4-7", "--dry-run");
        assertTrue(command.out().contains("Processors: (none) \u2192 REG_QWORD 0xf0"), command.out());
        assertTrue(command.out().contains("Nothing was written (--dry-run); edu0 would be restarted."), command.out());
        assertEquals(before, registry());
        assertEquals(List.of(), backups());
    }

    @Test
    void whatIsThereAlreadyIsNotWrittenAndRestartsNothing() throws IOException {
        run(0, "set", "--device", "edu0", "--policy", "all-close");
        run(0, "set", "--device", "edu0", "--policy", "all-close", "-v");
        assertTrue(command.out().contains("edu0: the registry says so already; nothing to change, no restart"));
        assertTrue(command.out().contains("Nothing had to be changed."), command.out());
        assertEquals(1, backups().size());
        run(0, "set", "--device", "edu0", "--policy", "all-close", "--json");
        assertTrue(command.out().contains("\"changed\":false,\"restart\":\"none\",\"changes\":[]"), command.out());
    }

    @Test
    void windowsKeysAreWrittenOnlyWhenAskedAndWithDocumentedValuesOnly() {
        run(2, "set", "--device", "igb0", "--messages", "2");
        assertTrue(command.err().contains("--system-keys"), command.err());
        run(2, "set", "--device", "igb0", "--system-keys", "--processors", "g1:0");
        assertTrue(command.err().contains("group 0 only"), command.err());
        run(2, "set", "--device", "igb0", "--system-keys", "--policy", "3", "--priority", "high");
        assertTrue(command.err().contains("no priority"), command.err());
        run(2, "set", "--device", "igb0", "--system-keys", "--messages", "2049");
        run(2, "set", "--device", "igb0", "--system-keys", "--policy", "6");
        run(0, "set", "--device", "igb0", "--system-keys", "--processors", "g0:8-11", "--messages", "2");
        assertTrue(command.out().contains("has message:0 on g0:8-11, message:1 on g0:8-11."), command.out());
        assertEquals(2, values("igb0", AFFINITY).size());
        assertTrue(values("igb0", AFFINITY).containsAll(List.of(RegistryValue.dword("DevicePolicy", 4),
                new RegistryValue("AssignmentSetOverride", RegistryValue.BINARY, new byte[] {0, 0xf}))));
        assertEquals(List.of(), values("igb0", OWN));
        run(0, "set", "--device", "igb0", "--system-keys", "--messages", "off");
        assertTrue(command.out().contains("has line:0"), command.out());
    }

    @Test
    void whatMakesNoSenseIsRefusedBeforeAnythingIsTouched() throws IOException {
        Map<String, String> before = registry();
        run(2, "set", "--policy", "all-close");
        assertTrue(command.err().contains("--device NAME"), command.err());
        run(2, "set", "--device", "edu0");
        assertTrue(command.err().contains("what? --policy"), command.err());
        run(2, "set", "--device", "edu0", "--policy", "specified");
        assertTrue(command.err().contains("--processors says which"), command.err());
        run(2, "set", "--device", "edu0", "--policy", "all-close", "--processors", "g0:1");
        run(2, "set", "--device", "edu0", "--processors", "g0:1 g1:1");
        run(2, "set", "--device", "edu0", "--processors", "g7:1");
        assertTrue(command.err().contains("this machine has no g7:1"), command.err());
        run(2, "set", "--device", "edu0", "--policy", "all-closed");
        assertTrue(command.err().contains("did you mean 'all-close'"), command.err());
        run(2, "set", "lab.json", "--device", "edu0", "--policy", "1");
        run(2, "sett", "--device", "edu0");
        assertTrue(command.err().contains("did you mean 'set'"), command.err());
        run(2, "show", "--dry-run");
        run(2, "restore", "--policy", "1");
        run(3, "set", "--device", "ed0", "--policy", "1");
        assertTrue(command.err().contains("did you mean edu0"), command.err());
        assertEquals(before, registry());
        assertEquals(List.of(), backups());
    }

    @Test
    void aDeviceThatSomebodyHasOpenIsNotRestartedAndThatIs6() {
        command.opening(() -> {
            Bed bed = Bed.open(BedOptions.sim().withState(folder));
            bed.device("edu0").open();
            return bed;
        });
        run(6, "set", "--device", "edu0", "--processors", "g1:4-7");
        assertTrue(command.out().contains("edu0 was not restarted, because somebody has it open"), command.out());
        command.opening(null);
        run(0, "show", "--device", "edu0");
        assertTrue(command.out().contains("has       message:0 on g1:4-7"), "the next start took it: " + command.out());
    }

    @Test
    void nothingIsChangedWithoutABackup() throws IOException {
        Map<String, String> before = registry();
        Path backup = files.resolve("lab.json");
        Files.writeString(backup, "mine");
        run(7, "set", "--device", "edu0", "--policy", "1", "--backup", backup.toString());
        assertTrue(command.err().contains("never overwritten"), command.err());
        run(7, "set", "--device", "edu0", "--policy", "1", "--backup", files.resolve("no/lab.json").toString());
        assertEquals(before, registry());
        assertEquals("mine", Files.readString(backup));
    }

    @Test
    void aRealMachineAsksFirstOrTakesYes() throws IOException {
        Map<String, String> before = registry();
        command.onARealMachine(null);
        run(2, "set", "--device", "edu0", "--policy", "1");
        assertTrue(command.err().contains("nobody can be asked here") && command.err().contains("--yes"), command.err());
        for (String no : List.of("", "n", "nay")) {
            command.onARealMachine(no);
            run(0, "set", "--device", "edu0", "--policy", "1");
            assertTrue(command.err().contains("Go on? [y/N]") && command.err().contains("Nothing was done."));
        }
        assertEquals(before, registry());
        assertEquals(List.of(), backups());
        command.onARealMachine("Yes");
        run(0, "set", "--device", "edu0", "--policy", "1");
        assertEquals(1, values("edu0", OWN).size());
        command.onARealMachine(null);
        run(0, "set", "--device", "edu0", "--policy", "2", "--yes");
        run(0, "set", "--device", "edu0", "--policy", "none", "--dry-run");
        run(0, "set", "--device", "edu0", "--policy", "2");
        assertEquals(List.of(RegistryValue.dword("Policy", 2)), values("edu0", OWN));
    }

    // ---- backup and restore --------------------------------------------------------------------------------------

    @Test
    void restorePutsBackByteForByteWhatABackupKept() throws IOException {
        try (Bed bed = Bed.open(BedOptions.sim().withState(folder))) {
            Device device = bed.device("edu0");
            device.parameters("Interrupt Management", List.of());
            device.parameters(AFFINITY, List.of(RegistryValue.dword("GroupPolicy", 1),
                    new RegistryValue("Odd", 7, new byte[] {1, 2, 3})));
        }
        Map<String, String> before = registry();
        Path backup = files.resolve("lab.json");
        run(0, "backup", backup.toString());
        run(0, "set", "--device", "edu0,igb0", "--processors", "g2:1");
        run(0, "set", "--device", "edu0", "--system-keys", "--policy", "one-close", "--messages", "1");
        run(0, "show", "--device", "edu0");
        assertTrue(command.out().contains("on no page of Microsoft's; shown and kept, never written"), command.out());
        assertTrue(command.out().contains("which the driver puts over Windows' own policy"), command.out());
        run(0, "restore", backup.toString());
        assertEquals(before, registry());
        run(0, "restore", backup.toString());
        assertTrue(command.out().contains("Nothing had to be changed."), command.out());
    }

    @Test
    void restoreOfOneDeviceLeavesTheOthers() throws IOException {
        Path backup = files.resolve("lab.json");
        run(0, "backup", backup.toString(), "--device", "edu0,igb0");
        run(0, "set", "--device", "edu0,igb0", "--policy", "all-close");
        run(0, "restore", backup.toString(), "--device", "edu0");
        assertEquals(List.of(), values("edu0", OWN));
        assertEquals(1, values("igb0", OWN).size());
        run(2, "restore", backup.toString(), "--device", "uart0");
        assertTrue(command.err().contains("holds nothing of uart0; it has edu0, igb0"), command.err());
    }

    @Test
    void restoreSaysWhatCannotBeTaken() throws IOException {
        run(2, "restore");
        assertTrue(command.err().contains("needs the FILE of a backup"), command.err());
        run(0, "set", "--device", "edu0", "--policy", "1");
        run(2, "restore");
        assertTrue(command.err().contains(backups().get(0).toString()), "names those there are: " + command.err());
        run(2, "restore", files.resolve("none").toString());
        Path file = Files.writeString(files.resolve("x.json"), "{\"kind\":1");
        run(2, "restore", file.toString());
        assertTrue(command.err().contains("cannot be taken"), command.err());
        Files.writeString(file, Files.readString(backups().get(0)).replace("\"schema\":1", "\"schema\":2"));
        run(2, "restore", file.toString());
        assertTrue(command.err().contains("reads 1"), command.err());
        Files.writeString(file, Files.readString(backups().get(0)).replace("&10\"", "&99\""));
        run(3, "restore", file.toString());
        assertTrue(command.err().contains("is not there now"), command.err());
    }

    @Test
    void aBackupOfAForgottenMachineNeedsAFile() {
        assertEquals(2, command.run("policy", "backup"));
        assertTrue(command.err().contains("needs a FILE"), command.err());
        assertEquals(0, command.run("policy", "set", "--device", "edu0", "--processors", "g1:3"), command.err());
        assertTrue(command.err().contains("forgotten with this process"), command.err());
    }

    @Test
    void theDocumentTellsEachChange() {
        run(0, "set", "--device", "edu0", "--processors", "g1:4-7", "--json");
        Map<String, Object> json = JsonReader.readObject(command.out());
        assertEquals("set", json.get("action"));
        Map<?, ?> device = (Map<?, ?>) ((List<?>) json.get("devices")).get(0);
        assertEquals("restarted", device.get("restart"));
        assertEquals(3, ((List<?>) device.get("changes")).size());
    }
}
