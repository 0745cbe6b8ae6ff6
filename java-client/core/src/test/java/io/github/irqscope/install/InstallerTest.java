package io.github.irqscope.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.install.PnpDevice.Driver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link Installer} on a fake Windows: what it does, what it takes back, and what it says. */
class InstallerTest {
    private static final String SPARE = "PCI\\VEN_8086&DEV_10D3&SUBSYS_00008086&REV_00\\3&11583659&0&10";
    private static final String OTHER = "PCI\\VEN_8086&DEV_1521\\4&1&0&0";
    private static final KeyTree POLICY = new KeyTree(List.of(), Map.of("Affinity Policy", new KeyTree(
            List.of(new KeyTree.Value("DevicePolicy", 4, new byte[] {4, 0, 0, 0}),
                    new KeyTree.Value("AssignmentSetOverride", 3, new byte[] {0x0C})), Map.of())));

    @TempDir
    Path folder;

    private FakeWindows windows;
    private Path state;
    private Path inf;
    private DriverFiles files;

    @BeforeEach
    void makeMachine() throws IOException {
        windows = new FakeWindows(folder.resolve("Windows"));
        Files.writeString(windows.windows.resolve("INF/net1.inf"), "[Version]\nDriverVer=06/21/2006,12.1\n");
        Driver maker = new Driver("net1.inf", "Maker", "12.1");
        windows.add(FakeWindows.device(OTHER, "PCI\\VEN_8086&DEV_1521", "Net", FakeWindows.NET, "old", maker));
        windows.add(FakeWindows.device(SPARE, "PCI\\VEN_8086&DEV_10D3&SUBSYS_00008086&REV_00", "Net", FakeWindows.NET,
                "old", maker));
        windows.keys.put(SPARE, new java.util.TreeMap<>(Map.of("Interrupt Management", POLICY)));
        state = folder.resolve("state");
        files = new DriverFiles(Files.createDirectories(folder.resolve("inf")), folder.resolve("driver"));
        inf = Files.writeString(files.inf(DriverFiles.ROOT_INF), """
                [Version]
                CatalogFile = irqscope-root.cat
                DriverVer = 01/01/2026,0.1.0.0 ; made by hand
                [SourceDisksFiles]
                irqscope.sys = 1
                [Install.NT.Services]
                AddService = irqscope, 2, Service
                [Service]
                ServiceBinary = %12%\\irqscope.sys
                """);
        Files.createDirectories(files.images().resolve("x64"));
        Files.write(files.image("x64", "irqscope.sys"), image(0x8664));
    }

    private static byte[] image(int machine) {
        ByteBuffer bytes = ByteBuffer.allocate(0x80).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(0x3C, 0x40).putInt(0x40, 0x4550).putShort(0x44, (short) machine);
        return bytes.array();
    }

    private Installer installer() {
        return new Installer(windows, files, state, 0);
    }

    private PnpDevice spare() {
        return windows.present.get(SPARE);
    }

    private void assertNothingLeft() throws IOException {
        if (Files.exists(state)) {
            try (Stream<Path> left = Files.walk(state)) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    // ---- A device without hardware -------------------------------------------------------------------------------

    @Test
    void makesARootDeviceAndTakesEverythingAwayAgain() throws IOException {
        String before = windows.picture();
        Installer.Installed installed = installer().installRoot();
        assertEquals(new Installer.Installed("ROOT\\IRQSCOPE\\0000", "oem0.inf", null, false, false), installed);
        assertTrue(windows.present.get("ROOT\\IRQSCOPE\\0000").isOurs());
        Installer.Removed removed = installer().remove();
        assertEquals("ROOT\\IRQSCOPE\\0000", removed.devices().get(0).instance());
        assertFalse(removed.needsRestart());
        assertEquals(before, windows.picture());
        assertNothingLeft();
    }

    @Test
    void saysThatItIsThereAlready() {
        installer().installRoot();
        int changes = windows.changes();
        assertTrue(installer().installRoot().already());
        assertEquals(changes, windows.changes());
    }

    @Test
    void refusesToPutAnotherVersionOverOne() throws IOException {
        installer().installRoot();
        Files.writeString(inf, Files.readString(inf).replace("0.1.0.0", "0.2.0.0"));
        assertTrouble(Trouble.OTHER_VERSION, () -> installer().installRoot(), "0.1.0.0", "0.2.0.0");
    }

    @Test
    void removesWhatAnInstallationThatWasKilledLeft() throws IOException {
        String before = windows.picture();
        windows.add(FakeWindows.device("ROOT\\IRQSCOPE\\0000", "ROOT\\IRQSCOPE", "", "", "", null));
        Files.copy(inf, windows.windows.resolve("INF/oem7.inf"));
        installer().remove();
        assertEquals(before, windows.picture());
    }

    @Test
    void stagesAnInfWithoutACatalogAsUnsigned() throws IOException {
        installer().installRoot();
        assertFalse(Files.readString(windows.windows.resolve("INF/oem0.inf")).contains("CatalogFile"));
        installer().remove();
        Files.writeString(files.images().resolve("x64/irqscope-root.cat"), "signed");
        installer().installRoot();
        assertTrue(Files.readString(windows.windows.resolve("INF/oem1.inf")).contains("CatalogFile"));
        assertTrue(Files.exists(state.resolve("packages/irqscope-root/irqscope-root.cat")));
    }

    @Test
    void takesTheDriverThatLiesBesideItsInf() throws IOException {
        byte[] signed = image(0x8664);
        signed[0x7F] = 1;
        Files.write(inf.resolveSibling("irqscope.sys"), signed);
        Files.writeString(inf.resolveSibling("irqscope-root.cat"), "signed");
        installer().installRoot();
        assertEquals(1, Files.readAllBytes(state.resolve("packages/irqscope-root/irqscope.sys"))[0x7F]);
        assertTrue(Files.exists(state.resolve("packages/irqscope-root/irqscope-root.cat")));
    }

    @Test
    void findsTheDriverFilesOfADistributionAndOfASourceTree() throws IOException {
        Path jars = Files.createDirectories(folder.resolve("dist/lib"));
        Path infs = Files.createDirectories(folder.resolve("dist/driver/inf"));
        Files.copy(inf, infs.resolve(DriverFiles.ROOT_INF));
        assertEquals(new DriverFiles(infs, infs.getParent()), DriverFiles.find(jars).orElseThrow());
        Path tree = Files.createDirectories(folder.resolve("tree/target/driver/x64")).getParent().getParent().getParent();
        Files.createDirectories(tree.resolve("inf"));
        Files.copy(inf, tree.resolve("inf").resolve(DriverFiles.ROOT_INF));
        assertEquals(new DriverFiles(tree.resolve("inf"), tree.resolve("target/driver")),
                DriverFiles.find(Files.createDirectories(tree.resolve("java-client/cli/target"))).orElseThrow());
    }

    @Test
    void findsTheInfFilesOfASourceTreeInWhichNoDriverWasBuilt() throws IOException {
        Path tree = Files.createDirectories(folder.resolve("bare/inf")).getParent();
        Files.copy(inf, tree.resolve("inf").resolve(DriverFiles.ROOT_INF));
        assertEquals(new DriverFiles(tree.resolve("inf"), tree.resolve("target/driver")),
                DriverFiles.find(Files.createDirectories(tree.resolve("java-client/cli/target"))).orElseThrow());
    }

    // ---- A device that is there ----------------------------------------------------------------------------------

    @Test
    void takesASparePortAndGivesItBackWithItsKeys() throws IOException {
        String before = windows.picture();
        Installer.Installed installed = installer().install(spare(), inf);
        assertTrue(spare().isOurs());
        assertTrue(Files.readString(installed.backup()).contains("net1.inf"));
        assertFalse(windows.keys.get(SPARE).equals(Map.of("Interrupt Management", POLICY)));
        Installer.Removed removed = installer().remove();
        assertEquals("back with Maker (net1.inf)", removed.devices().get(0).what());
        assertEquals(before, windows.picture());
        assertEquals(Map.of("Interrupt Management", POLICY), windows.keys.get(SPARE));
        assertNothingLeft();
    }

    @Test
    void tellsADriverWhoseMakerIsNotKnownByItsInf() {
        windows.add(FakeWindows.device(SPARE, spare().hardwareIds().get(0), spare().className(), spare().classGuid(),
                "e1i", new Driver("net1.inf", "", "")));
        installer().install(spare(), inf);
        assertEquals("back with net1.inf", installer().remove().devices().get(0).what());
    }

    @Test
    void findsADeviceAnewThatHadNoDriver() throws IOException {
        String instance = "PCI\\VEN_1234&DEV_11E8\\3&1";
        windows.add(FakeWindows.device(instance, "PCI\\VEN_1234&DEV_11E8", "", "", "", null));
        String before = windows.picture();
        installer().install(windows.present.get(instance), inf);
        windows.log.clear();
        Installer.Removed removed = installer().remove();
        assertEquals("without a driver, as it was", removed.devices().get(0).what());
        assertEquals(before, windows.picture());
        /* Our INF is gone before Windows looks again: else it would choose it. */
        assertTrue(windows.log.indexOf("unpublish oem0.inf") < windows.log.indexOf("rescan"), windows.log.toString());
    }

    @Test
    void writesTheBackupBeforeItChangesAnything() {
        Installer.Installed[] installed = new Installer.Installed[1];
        windows.failAt = 1;
        assertThrows(InstallException.class, () -> installed[0] = installer().install(spare(), inf));
        assertEquals("publish irqscope-root.inf", windows.log.get(0));
        windows.failAt = 0;
        windows.log.clear();
        Path backup = installer().install(spare(), inf).backup();
        assertTrue(Files.exists(backup));
    }

    @Test
    void keepsTheBackupOfAnInstallationThatWasKilled() throws IOException {
        Path backup = installer().install(spare(), inf).backup();
        String first = Files.readString(backup);
        windows.starts = false; /* ours by name, and does not run: the user installs again */
        assertThrows(InstallException.class, () -> installer().install(spare(), inf));
        windows.starts = true;
        windows.add(FakeWindows.device(SPARE, "PCI\\VEN_8086&DEV_10D3", "Net", FakeWindows.NET, "old",
                new Driver("net1.inf", "Maker", "12.1")));
        Files.createDirectories(backup.getParent());
        Files.writeString(backup, first);
        windows.keys.get(SPARE).clear();
        installer().install(spare(), inf);
        assertEquals(first, Files.readString(backup));
    }

    @Test
    void leavesTheOthersAloneWhenOneIsGivenBack() {
        installer().installRoot();
        installer().install(spare(), inf);
        installer().remove(spare());
        assertFalse(spare().isOurs());
        assertTrue(windows.present.get("ROOT\\IRQSCOPE\\0000").isOurs());
        assertTrue(windows.services.containsKey("irqscope"));
        assertTrue(Files.exists(windows.windows.resolve("INF/oem0.inf")));
        assertFalse(Files.exists(windows.windows.resolve("INF/oem1.inf")));
    }

    // ---- Failures ------------------------------------------------------------------------------------------------

    @Test
    void takesBackEveryStepWhicheverFails() throws IOException {
        String before = windows.picture();
        installer().install(spare(), inf);
        int steps = windows.changes();
        installer().remove();
        assertEquals(before, windows.picture());
        assertEquals(2, steps, windows.log.toString());
        for (int step = 1; step <= steps; step++) {
            windows.failAt = windows.changes() + step;
            InstallException failure = assertThrows(InstallException.class, () -> installer().install(spare(), inf));
            assertEquals(Trouble.NOT_ELEVATED, failure.trouble());
            assertEquals(before, windows.picture(), "after step " + step);
            assertEquals(Map.of("Interrupt Management", POLICY), windows.keys.get(SPARE));
            assertNothingLeft();
        }
    }

    @Test
    void takesBackEveryStepOfARootDeviceWhicheverFails() throws IOException {
        String before = windows.picture();
        installer().installRoot();
        int steps = windows.changes();
        installer().remove();
        assertEquals(3, steps, windows.log.toString());
        for (int step = 1; step <= steps; step++) {
            windows.failAt = windows.changes() + step;
            assertThrows(InstallException.class, () -> installer().installRoot());
            assertEquals(before, windows.picture(), "after step " + step);
            assertNothingLeft();
        }
    }

    @Test
    void takesBackWhatWasInstalledAndDidNotStart() throws IOException {
        String before = windows.picture();
        windows.starts = false;
        assertTrouble(Trouble.NOT_STARTED, () -> installer().installRoot());
        assertEquals(before, windows.picture());
        windows.starts = true;
        windows.problem = 52;
        assertTrouble(Trouble.UNSIGNED, () -> installer().installRoot(), "problem code 52", "inf\\lab\\sign-driver.ps1");
        assertEquals(before, windows.picture());
    }

    @Test
    void saysWhatCouldNotBeTakenBack() {
        windows.failAt = 3; /* the binding … */
        InstallException failure = assertThrows(InstallException.class, () -> new Installer(new Failing(windows),
                files, state, 0).installRoot());
        assertTrue(failure.getMessage().contains("could not be taken back wholly (remove the device"),
                failure.getMessage());
    }

    /** The device cannot be removed either. */
    private record Failing(FakeWindows windows) implements WindowsSystem {
        @Override
        public DeviceTree devices() {
            if (windows.changes() == 3) {
                windows.failAt = 4;
            }
            return windows;
        }

        @Override
        public Services services() {
            return windows;
        }

        @Override
        public Keys keys() {
            return windows;
        }

        @Override
        public Facts facts() {
            return windows;
        }
    }

    @Test
    void keepsAnInstallationThatARestartCompletes() {
        windows.restart = true;
        windows.starts = false;
        assertTrue(installer().install(spare(), inf).needsRestart());
        assertTrue(spare().isOurs());
        assertTrue(installer().remove().needsRestart());
    }

    @Test
    void refusesWithoutElevationBeforeAnythingIsChanged() throws IOException {
        windows.elevated = false;
        assertTrouble(Trouble.NOT_ELEVATED, () -> installer().installRoot(), "administrator");
        assertTrouble(Trouble.NOT_ELEVATED, () -> installer().install(spare(), inf));
        assertTrouble(Trouble.NOT_ELEVATED, () -> installer().remove());
        assertEquals(0, windows.changes());
        assertNothingLeft();
    }

    @Test
    void refusesADriverOfAnotherArchitecture() throws IOException {
        Files.write(files.image("x64", "irqscope.sys"), image(0x014C));
        assertTrouble(Trouble.WRONG_ARCHITECTURE, () -> installer().installRoot(), "is x86", "this machine is x64");
        Files.write(files.image("x64", "irqscope.sys"), new byte[8]);
        assertTrouble(Trouble.WRONG_ARCHITECTURE, () -> installer().installRoot(), "no driver file");
        windows.architecture = "arm64";
        assertTrouble(Trouble.FILE_MISSING, () -> installer().installRoot(), "arm64");
        assertEquals(0, windows.changes());
        assertNothingLeft();
    }

    @Test
    void refusesADeviceThatMustBeLeftAlone() throws IOException {
        windows.present.remove(OTHER);
        assertTrouble(Trouble.REFUSED, () -> installer().install(spare(), inf), "last network port");
        assertEquals(0, windows.changes());
        assertNothingLeft();
    }

    @Test
    void saysWhatEachCodeOfWindowsMeans() {
        Map<Integer, Trouble> meant = Map.ofEntries(Map.entry(577, Trouble.UNSIGNED),
                Map.entry(0xE000022F, Trouble.UNSIGNED), Map.entry(0x800B0109, Trouble.UNSIGNED),
                Map.entry(0xE0000242, Trouble.UNSIGNED), Map.entry(5, Trouble.NOT_ELEVATED),
                Map.entry(740, Trouble.NOT_ELEVATED), Map.entry(1275, Trouble.BLOCKED),
                Map.entry(193, Trouble.WRONG_ARCHITECTURE), Map.entry(0xE0000235, Trouble.WRONG_ARCHITECTURE),
                Map.entry(3010, Trouble.REBOOT_NEEDED), Map.entry(32, Trouble.FILE_LOCKED),
                Map.entry(170, Trouble.IN_USE), Map.entry(2, Trouble.FILE_MISSING),
                Map.entry(0xE0000228, Trouble.NO_MATCH), Map.entry(0xE0000101, Trouble.BAD_INF),
                Map.entry(0xE000020B, Trouble.DEVICE_GONE), Map.entry(1072, Trouble.SERVICE_GOING),
                Map.entry(31, Trouble.OTHER));
        for (Map.Entry<Integer, Trouble> code : meant.entrySet()) {
            windows.failAt = windows.changes() + 1;
            windows.failure = code.getKey();
            assertTrouble(code.getValue(), () -> installer().installRoot(), code.getValue().cause());
        }
    }

    @Test
    void aBackupIsReadAsItWasWritten() throws IOException {
        KeyTree tree = new KeyTree(List.of(new KeyTree.Value("", 1, new byte[] {65, 0, 0, 0}),
                new KeyTree.Value("Leer\"zeichen \u00e4", 11, new byte[] {1, 2, 3, 4, 5, 6, 7, (byte) 0x88})), Map.of(
                "a", POLICY, "b", new KeyTree(List.of(), Map.of())));
        Map<String, Optional<KeyTree>> keys = new java.util.LinkedHashMap<>();
        keys.put("Interrupt Management", Optional.of(tree));
        keys.put("Irqscope", Optional.empty());
        Backup backup = new Backup(SPARE, "PCI\\VEN_8086", "e1i", new Driver("oem3.inf", "Maker \"&\"", "1.2"), keys);
        Path file = Backup.path(state, SPARE);
        backup.write(file);
        assertEquals(Optional.of(backup), Backup.read(file));
        Backup bare = new Backup("ROOT\\A B/C\\0", "", "", null, Map.of());
        bare.write(Backup.path(state, bare.instance()));
        assertEquals("ROOT#A%20B%2FC#0.json", Backup.path(state, bare.instance()).getFileName().toString());
        assertNull(Backup.read(Backup.path(state, bare.instance())).orElseThrow().previous());
        Files.writeString(file, "{\"kind\":\"irqscope-backup\",\"schema\":2}");
        assertThrows(IOException.class, () -> Backup.read(file));
    }

    private static void assertTrouble(Trouble trouble, org.junit.jupiter.api.function.Executable action,
            String... words) {
        InstallException failure = assertThrows(InstallException.class, action);
        assertEquals(trouble, failure.trouble(), failure.getMessage());
        for (String word : words) {
            assertTrue(failure.getMessage().contains(word), failure.getMessage());
        }
    }
}
