package io.github.irqscope.suite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.ptr.IntByReference;
import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.Session;
import io.github.irqscope.Way;
import io.github.irqscope.install.DriverFiles;
import io.github.irqscope.install.Installer;
import io.github.irqscope.suite.bed.Beds;
import io.github.irqscope.suite.bed.Lab;
import io.github.irqscope.suite.bed.Need;
import io.github.irqscope.suite.bed.OnBeds;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Installing and removing, many times over from one process: nothing of it may stay. */
class InstallTest {
    private static final int ROUNDS = 50;
    private static final int SETTLED = 10;
    private static final int SYSTEM_HANDLE_INFORMATION = 16;
    private static final int STATUS_INFO_LENGTH_MISMATCH = 0xC0000004;

    @OnBeds(needs = Need.INSTALLING)
    void fiftyRoundsLeaveNoServiceNoDeviceNodeNoHandleNoFile(Lab lab) throws Exception {
        DriverFiles files = new DriverFiles(Beds.root().resolve("inf"), Beds.root().resolve("target/driver"));
        Installer installer = Installer.ofThisSystem(files);
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
