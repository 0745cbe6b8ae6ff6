package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.NoDriverException;
import io.github.irqscope.Session;
import io.github.irqscope.Way;
import io.github.irqscope.cli.InProcess;
import io.github.irqscope.install.DeviceInf;
import io.github.irqscope.install.DeviceTree;
import io.github.irqscope.install.DriverFiles;
import io.github.irqscope.install.Facts;
import io.github.irqscope.install.InstallException;
import io.github.irqscope.install.Installer;
import io.github.irqscope.install.KeyTree;
import io.github.irqscope.install.Keys;
import io.github.irqscope.install.PnpDevice;
import io.github.irqscope.install.Services;
import io.github.irqscope.install.SetupException;
import io.github.irqscope.install.WindowsSystem;
import io.github.irqscope.jna.WindowsSetup;
import io.github.irqscope.suite.bed.Beds;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.Need;
import io.github.irqscope.suite.bed.OnBeds;
import io.github.irqscope.validation.ValidationOptions;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/** Installing and removing, many times over from one process: nothing of it may stay. */
class InstallTest {
    private static final String MACHINE = "ROOT\\IRQSCOPE-MACHINE";
    private static final String MACHINE_INF = "irqscope-wine-audio.inf";
    private static final DriverFiles SOURCES = new DriverFiles(Beds.root().resolve("inf"),
            Beds.root().resolve("target/driver"));
    private static final String SPARE_ID = "ROOT\\SPARE";
    private static final String SPARE = SPARE_ID + "\\0000";
    private static final String PORT_ID = "PCI\\VEN_8086&DEV_10D3";
    private static final String PORT = PORT_ID + "&SUBSYS_00008086&REV_00\\3&1&0&20";
    private static final String POLICY_KEY = "Interrupt Management";
    /* A number, and a mask of three bytes as some tools write it. */
    private static final KeyTree OLD_POLICY = new KeyTree(List.of(), Map.of("Affinity Policy", new KeyTree(List.of(
            new KeyTree.Value("AssignmentSetOverride", 3, new byte[] {3, 0, 0}),
            new KeyTree.Value("DevicePolicy", 4, new byte[] {4, 0, 0, 0})), Map.of())));
    private static final String FORMER_INF = String.join("\r\n", "[Version]", "Signature=\"$WINDOWS NT$\"",
            "Class=System", "ClassGuid={4d36e97d-e325-11ce-bfc1-08002be10318}", "Provider=%Maker%",
            "CatalogFile=former.cat", "DriverVer=01/02/2020,3.2.1.0", "[Manufacturer]", "%Maker%=Models,NTamd64",
            "[Models.NTamd64]", "%Port%=Install," + PORT_ID, "[Install.NT]", "[Install.NT.Services]",
            "AddService=former,2,Service", "[Service]", "ServiceType=1", "StartType=3", "ErrorControl=1",
            "ServiceBinary=%12%\\former.sys", "[Strings]", "Maker=\"Maker\"", "Port=\"Maker's port\"", "");
    private static final int ROUNDS = 50;
    private static final int LOADS = 5;
    private static final int SETTLED = 10;
    private static final int SYSTEM_HANDLE_INFORMATION = 16;
    private static final int STATUS_INFO_LENGTH_MISMATCH = 0xC0000004;

    @OnBeds(needs = Need.INSTALLING)
    void fiftyRoundsLeaveNoServiceNoDeviceNodeNoHandleNoFile(Lab lab, @TempDir Path folder) throws Exception {
        Installer installer = Installer.ofThisSystem(SOURCES);
        InProcess prompt = new InProcess(folder);
        installer.remove();
        Set<String> filesBefore = files();
        String keysBefore = keys();
        long settled = 0;
        try {
            for (int round = 1; round <= ROUNDS; round++) {
                installer.installRoot();
                use();
                validate(prompt);
                installer.remove();
                assertEquals(filesBefore, files(), "files after round " + round);
                if (round == 1 || round == ROUNDS) {
                    assertEquals(keysBefore, keys(), "services and device nodes after round " + round);
                }
                if (round == SETTLED) {
                    settled = handles();
                }
            }
            long more = handles() - settled;
            assertTrue(settled > 0 && more < (ROUNDS - SETTLED) / 2, () -> more + " handles more in "
                    + (ROUNDS - SETTLED) + " rounds");
        } finally {
            installer.installRoot(); /* as other tests expect it */
        }
    }

    @OnBeds(needs = Need.INSTALLING)
    void theCommandLineTakesADeviceWithoutADriverAndLeavesItAsItWas(Lab lab, @TempDir Path folder) throws Exception {
        WindowsSystem system = new WindowsSetup();
        Installer installer = Installer.ofThisSystem(SOURCES);
        installer.remove();
        Set<String> filesBefore = files();
        InProcess prompt = new InProcess(folder);
        system.devices().createRoot(SPARE, SPARE_ID);
        try {
            system.keys().write(SPARE, POLICY_KEY, Optional.of(OLD_POLICY));
            assertTrue(type(prompt, 0, "inf", "--device", SPARE).contains(SPARE_ID));
            String installed = type(prompt, 0, "driver", "install", "--device", SPARE, "--files",
                    Beds.root().toString());
            assertTrue(installed.contains(SPARE + " has the driver now"), installed);
            assertTrue(type(prompt, 0, "driver", "status").contains(SPARE + "  irqscope on "));
            assertTrue(type(prompt, 0, "driver", "install", "--device", SPARE, "--files", Beds.root().toString())
                    .contains(SPARE + " has this driver already"));
            assertTrue(type(prompt, 0, "devices").contains("root0  " + SPARE_ID + "  started"));
            assertFalse(system.keys().read(SPARE, POLICY_KEY).equals(Optional.of(OLD_POLICY)), "the INF writes there");
            assertTrue(type(prompt, 0, "driver", "remove", "--device", SPARE).contains("without a driver, as it was"));
            PnpDevice left = find(system, SPARE);
            assertEquals("", left.service());
            assertNull(left.driver());
            assertEquals(Optional.of(OLD_POLICY), system.keys().read(SPARE, POLICY_KEY));
            assertEquals(Optional.empty(), system.keys().read(SPARE, "Irqscope"));
            assertEquals(Optional.empty(), system.services().query(Installer.SERVICE));
            assertEquals(filesBefore, files());
            type(prompt, 3, "driver", "status");
        } finally {
            system.devices().remove(SPARE);
            installer.installRoot();
        }
    }

    /*
     * Wine starts no device that none of its buses reports, and nothing reports this one: of its start we pretend. All
     * else is Wine's own: setupapi, INFs, services, registry.
     */
    @OnBeds(needs = Need.INSTALLING)
    void aDeviceIsGivenBackToTheDriverThatItHad(Lab lab, @TempDir Path folder) throws Exception {
        WindowsSystem system = new WindowsSetup();
        Installer.ofThisSystem(SOURCES).remove();
        Path former = Files.writeString(folder.resolve("former.inf"), FORMER_INF);
        Files.writeString(folder.resolve("former.cat"), "");
        system.devices().createRoot(PORT, PORT_ID);
        String published = system.devices().publish(former);
        try {
            system.devices().bind(PORT, system.facts().windows().resolve("INF").resolve(published));
            system.keys().write(PORT, POLICY_KEY, Optional.of(OLD_POLICY));
            PnpDevice before = find(system, PORT);
            assertEquals("former", before.service());
            Set<String> filesBefore = files();
            Path inf = Files.writeString(folder.resolve(DeviceInf.NAME),
                    DeviceInf.text(before, "0.1.0.0", LocalDate.now()));
            Path state = folder.resolve("state");

            InstallException failed = assertThrows(InstallException.class, () -> new Installer(
                    new Started(system, true), SOURCES, state).install(before, inf));
            assertTrue(failed.getMessage().contains("a test's failure"), failed::getMessage);
            asBefore(system, before, filesBefore, state);

            Installer installer = new Installer(new Started(system, false), SOURCES, state);
            Installer.Installed installed = installer.install(before, inf);
            assertTrue(Files.isRegularFile(installed.backup()), "what it had is kept");
            assertTrue(find(system, PORT).isOurs());
            assertFalse(system.keys().read(PORT, POLICY_KEY).equals(Optional.of(OLD_POLICY)), "the INF writes there");
            Installer.Removed removed = installer.remove(find(system, PORT));
            assertEquals("back with " + published, removed.devices().get(0).what());
            asBefore(system, before, filesBefore, state);
        } finally {
            system.devices().remove(PORT);
            system.devices().unpublish(published);
            Files.deleteIfExists(system.facts().windows().resolve("INF").resolve("former.pnf"));
            system.services().delete("former");
            Installer.ofThisSystem(SOURCES).installRoot();
        }
    }

    private static void asBefore(WindowsSystem system, PnpDevice before, Set<String> files, Path state)
            throws Exception {
        assertEquals(before, find(system, PORT));
        assertEquals(Optional.of(OLD_POLICY), system.keys().read(PORT, POLICY_KEY));
        assertEquals(Optional.empty(), system.keys().read(PORT, "Irqscope"));
        assertTrue(system.services().query("former").isPresent());
        assertEquals(Optional.empty(), system.services().query(Installer.SERVICE));
        assertEquals(files, files());
        assertFalse(Files.exists(state), "no backup and no package is left");
    }

    private static PnpDevice find(WindowsSystem system, String instance) throws SetupException {
        return system.devices().present().stream().filter(device -> device.instance().equalsIgnoreCase(instance))
                .findFirst().orElseThrow();
    }

    private static String type(InProcess prompt, int code, String... words) {
        InProcess.Ended ended = prompt.run(List.of(words));
        assertEquals(code, ended.code(), () -> String.join(" ", words) + ": " + ended);
        return ended.out();
    }

    /** This Windows, where every device of ours counts as started; binding ours may fail once it is done. */
    private record Started(WindowsSystem real, boolean fails) implements WindowsSystem, DeviceTree {
        @Override
        public DeviceTree devices() {
            return this;
        }

        @Override
        public Services services() {
            return real.services();
        }

        @Override
        public Keys keys() {
            return real.keys();
        }

        @Override
        public Facts facts() {
            return real.facts();
        }

        @Override
        public List<PnpDevice> present() throws SetupException {
            return real.devices().present();
        }

        @Override
        public Set<String> started() throws SetupException {
            Set<String> started = new TreeSet<>();
            present().stream().filter(PnpDevice::isOurs)
                    .forEach(device -> started.add(device.instance().toUpperCase(Locale.ROOT)));
            return started;
        }

        @Override
        public void createRoot(String instance, String hardwareId) throws SetupException {
            real.devices().createRoot(instance, hardwareId);
        }

        @Override
        public boolean remove(String instance) throws SetupException {
            return real.devices().remove(instance);
        }

        @Override
        public void rescan() throws SetupException {
            real.devices().rescan();
        }

        @Override
        public String publish(Path inf) throws SetupException {
            return real.devices().publish(inf);
        }

        @Override
        public void unpublish(String name) throws SetupException {
            real.devices().unpublish(name);
        }

        @Override
        public boolean bind(String instance, Path inf) throws SetupException {
            boolean restart = real.devices().bind(instance, inf);
            if (fails && inf.endsWith(DeviceInf.NAME)) {
                throw new SetupException("a test's failure", 31);
            }
            return restart;
        }
    }

    @OnBeds(needs = {Need.INSTALLING, Need.MACHINE})
    void theDriverIsUnloadedAndLoadedAgain(Lab lab) throws Exception {
        for (int round = 1; round <= LOADS; round++) {
            setUp("remove", MACHINE);
            assertThrows(NoDriverException.class, () -> Bed.open(BedOptions.auto().withBed("windows")).close());
            /* Wine 8.0 leaves the devices of a first install unstarted; the second starts them. */
            setUp(MACHINE_INF, MACHINE);
            setUp(MACHINE_INF, MACHINE);
            awaitMachine();
            Bed bed = lab.open("2x64");
            Run run = Run.of(bed, ValidationOptions.everything().withCount(5).withDevices(List.of("edu0")));
            assertEquals(0, run.report().exitCode(), () -> run.report().sentence());
            lab.close(bed);
        }
    }

    /* With the program and the files that the bed was made with. */
    private static void setUp(String... words) throws IOException, InterruptedException {
        Path folder = Beds.driverFolder();
        List<String> command = new ArrayList<>(List.of(folder.resolve("install.exe").toString()));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT).start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), command::toString);
        assertEquals(0, process.exitValue(), command::toString);
    }

    private static void awaitMachine() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (true) {
            try {
                Bed.open(BedOptions.auto().withBed("windows")).close();
                return;
            } catch (NoDriverException e) {
                assertTrue(System.nanoTime() < end, e::getMessage);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
        }
    }

    private static void use() {
        try (Bed bed = Bed.open(BedOptions.auto().withBed("windows"));
                Session session = bed.device("root0").open()) {
            assertTrue(session.state().started());
            assertFalse(session.machine().groups().isEmpty());
            assertTrue(session.tryConnect(ConnectRequest.of(Way.LINE_BASED)).refused());
        }
    }

    /* The one device has no interrupt. Verdicts are those of the rounds with a machine below. */
    private static void validate(InProcess prompt) {
        InProcess.Ended ended = prompt.run(List.of("validate", "--yes"));
        assertEquals(3, ended.code(), ended::toString);
        assertTrue(ended.err().contains("nothing to judge"), ended::toString);
    }

    /* Where drivers, INFs and what belongs to them are put. */
    private static Set<String> files() throws IOException {
        Path windows = Path.of(Optional.ofNullable(System.getenv("SystemRoot")).orElse("C:\\windows"));
        Path data = Path.of(Optional.ofNullable(System.getenv("ProgramData")).orElse("C:\\ProgramData"));
        Set<String> found = new TreeSet<>();
        for (Path folder : List.of(windows.resolve("system32\\drivers"), windows.resolve("inf"),
                windows.resolve("system32\\DriverStore"), data.resolve("irqscope"))) {
            if (Files.exists(folder)) {
                try (Stream<Path> each = Files.walk(folder)) {
                    each.filter(Files::isRegularFile).map(Path::toString).forEach(found::add);
                }
            }
        }
        return found;
    }

    /* Every line about us of what the registry says of services and device nodes; with Windows' own tool. */
    private static String keys() throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (String key : List.of("Services", "Enum")) {
            Process query = new ProcessBuilder("reg", "query", "HKLM\\System\\CurrentControlSet\\" + key, "/s")
                    .redirectErrorStream(true).start();
            String said;
            try (InputStream out = new BufferedInputStream(query.getInputStream())) {
                said = new String(out.readAllBytes(), StandardCharsets.ISO_8859_1);
            }
            assertTrue(query.waitFor(60, TimeUnit.SECONDS), "reg query " + key);
            assertTrue(said.contains("HKEY_LOCAL_MACHINE"), said);
            said.lines().filter(line -> line.toLowerCase(Locale.ROOT).contains("irqscope"))
                    .forEach(line -> lines.append(line).append('\n'));
        }
        return lines.toString();
    }

    /* SYSTEM_HANDLE_INFORMATION of 64-bit Windows: a count, then 24 bytes a handle, the process id first. */
    private static long handles() {
        Function query = Function.getFunction("ntdll", "NtQuerySystemInformation");
        IntByReference needed = new IntByReference();
        int size = 1 << 20;
        while (true) {
            try (Memory all = new Memory(size)) {
                int status = query.invokeInt(new Object[] {SYSTEM_HANDLE_INFORMATION, all, size, needed});
                if (status == STATUS_INFO_LENGTH_MISMATCH) {
                    size *= 2;
                    continue;
                }
                assertEquals(0, status, "NtQuerySystemInformation");
                long own = ProcessHandle.current().pid();
                long count = 0;
                for (int i = 0; i < all.getInt(0); i++) {
                    count += Integer.toUnsignedLong(all.getInt(8 + 24L * i)) == own ? 1 : 0;
                }
                return count;
            }
        }
    }
}
