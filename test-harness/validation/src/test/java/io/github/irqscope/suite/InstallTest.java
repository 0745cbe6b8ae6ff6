package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import io.github.irqscope.install.DriverFiles;
import io.github.irqscope.install.Installer;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Installing and removing, many times over from one process: nothing of it may stay. */
class InstallTest {
    private static final String MACHINE = "ROOT\\IRQSCOPE-MACHINE";
    private static final String MACHINE_INF = "irqscope-wine-audio.inf";
    private static final int ROUNDS = 50;
    private static final int LOADS = 2;
    private static final int SETTLED = 10;
    private static final int SYSTEM_HANDLE_INFORMATION = 16;
    private static final int STATUS_INFO_LENGTH_MISMATCH = 0xC0000004;

    @OnBeds(needs = Need.INSTALLING)
    void fiftyRoundsLeaveNoServiceNoDeviceNodeNoHandleNoFile(Lab lab) throws Exception {
        DriverFiles sources = new DriverFiles(Beds.root().resolve("inf"), Beds.root().resolve("target/driver"));
        Installer installer = Installer.ofThisSystem(sources);
        installer.remove();
        Set<String> filesBefore = files();
        String keysBefore = keys();
        long settled = 0;
        try {
            for (int round = 1; round <= ROUNDS; round++) {
                installer.installRoot();
                use();
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
