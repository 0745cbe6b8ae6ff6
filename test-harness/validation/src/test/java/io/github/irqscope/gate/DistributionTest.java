package io.github.irqscope.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The zip that package makes, unpacked and used as by somebody who has nothing else. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the start script is for a POSIX shell")
final class DistributionTest {
    private static final Path ROOT = Path.of(System.getProperty("irqscope.root"));
    private static final Path ZIP = ROOT.resolve("target").resolve("irqscope-0.1.0.zip");

    @TempDir
    private Path folder;
    private Path home;
    private String out;
    private String err;

    @BeforeEach
    void unpack() throws IOException {
        assertTrue(Files.isRegularFile(ZIP), ZIP + " is not there: run verify, which packs it before these tests");
        home = unpack(folder.resolve("here"));
    }

    private static Path unpack(Path into) throws IOException {
        try (ZipFile zip = new ZipFile(ZIP.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
                Path target = into.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    try (InputStream bytes = zip.getInputStream(entry)) {
                        Files.copy(bytes, target);
                    }
                }
            }
        }
        Path home = into.resolve("irqscope-0.1.0");
        assertTrue(home.resolve("irqscope").toFile().setExecutable(true));
        return home;
    }

    private int run(List<String> words, String javaOptions) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(home.resolve("irqscope").toString()));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("HOME", folder.toString());
        builder.environment().put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        builder.environment().put("IRQSCOPE_JAVA_OPTIONS", javaOptions);
        Path errors = folder.resolve("errors");
        Process process = builder.redirectError(errors.toFile()).start();
        process.getOutputStream().close();
        out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(100, TimeUnit.SECONDS));
        err = Files.readString(errors);
        return process.exitValue();
    }

    private int run(String... words) throws IOException, InterruptedException {
        return run(List.of(words), "");
    }

    private long archives(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(file -> file.toString().endsWith(".jsa")).count();
        }
    }

    /** Our classes that were loaded, each with whether the archive of class data had it. */
    private Map<String, Boolean> classes(String... words) throws IOException, InterruptedException {
        Path log = folder.resolve("classes");
        Files.deleteIfExists(log);
        assertEquals(0, run(List.of(words), "-Xlog:class+load:file=" + log), () -> err);
        Map<String, Boolean> classes = new TreeMap<>();
        for (String line : Files.readAllLines(log)) {
            int name = line.indexOf("io.github.irqscope");
            if (name >= 0 && line.contains(" source: ") && !line.contains("$$Lambda")) {
                classes.put(line.substring(name, line.indexOf(' ', name)), line.contains("shared objects file"));
            }
        }
        return classes;
    }

    private long classesOfTheArchive(String... words) throws IOException, InterruptedException {
        return classes(words).values().stream().filter(archived -> archived).count();
    }

    @Test
    void hasWhatAUserNeedsAndNothingThatSimulatesDevicesInAKernel() throws IOException {
        Set<String> files = new TreeSet<>();
        try (ZipFile zip = new ZipFile(ZIP.toFile())) {
            for (ZipEntry entry : (Iterable<ZipEntry>) zip.stream().map(ZipEntry.class::cast)::iterator) {
                files.add(entry.getName().substring("irqscope-0.1.0/".length()));
                assertEquals("2026-01-01T00:00", entry.getTimeLocal().atOffset(ZoneOffset.UTC).toLocalDateTime().toString(),
                        entry.getName() + ": a time of the build would make every build another");
            }
        }
        for (String wanted : new String[] {"irqscope", "irqscope.cmd", "LICENSE", "README.md", "driver/inf/irqscope.inf",
            "driver/inf/irqscope-root.inf", "driver/inf/irqscope-audio.inf", "driver/inf/lab/sign-driver.ps1", "docs/first-run.md",
            "lib/irqscope-cli-0.1.0.jar", "lib/irqscope-0.1.0.jar", "lib/irqscope-sim-0.1.0.jar"}) {
            assertTrue(files.contains(wanted), wanted + " of " + files);
        }
        for (String architecture : new String[] {"x64", "x86"}) {
            for (String image : new String[] {"irqscope.sys", "irqscope-audio.sys"}) {
                assertEquals(Files.exists(ROOT.resolve("target/driver").resolve(architecture).resolve(image)),
                        files.contains("driver/" + architecture + "/" + image), "packed when built: " + architecture + " " + image);
            }
        }
        assertFalse(files.stream().anyMatch(name -> name.contains("wine")), files.toString());
    }

    @Test
    void theFirstUseMakesAnArchiveThatLaterStartsUse() throws Exception {
        assertEquals(0, run("--version"), () -> err);
        assertTrue(out.matches("(?s)irqscope 0\\.1\\.0, commit (unknown|[0-9a-f]{12}( with changes)?), Java .*"), out);
        assertTrue(err.startsWith("irqscope: first use: making an archive of class data"), err);
        assertEquals(1, archives(home.resolve("lib")));
        assertTrue(classesOfTheArchive("--version") > 0);
        assertEquals("", err);
        assertTrue(classesOfTheArchive("validate", "--machine", "1x4") > 100);
        for (String verb : List.of("devices", "machine", "affinity", "trigger")) {
            Map<String, Boolean> classes = classes(verb, "--machine", "2x64");
            assertTrue(classes.size() > 40, classes::toString);
            classes.values().removeIf(archived -> archived);
            assertEquals(Set.of(), classes.keySet(), "classes that the rehearsal of " + verb + " did not archive");
        }
    }

    @Test
    void nativeLibrariesAreLoadedWhereTheyLie() throws Exception {
        assertEquals(0, run("--version"), () -> err);
        Path temporary = Files.createDirectories(folder.resolve("temporary"));
        assertEquals(0, run(List.of("devices", "--machine", "1x4"), "-Djna.nounpack=true -Djava.io.tmpdir=" + temporary), () -> err);
        try (Stream<Path> left = Files.walk(temporary)) {
            assertEquals(List.of(temporary), left.toList(), "unpacked at a start");
        }
    }

    @Test
    void anArchiveOfAnotherPlaceIsMadeAnew() throws Exception {
        assertEquals(0, run("--version"), () -> err);
        home = Files.move(home, folder.resolve("moved"));
        assertEquals(0, run("--version"), () -> err);
        assertTrue(err.startsWith("irqscope: first use: "), err);
        assertTrue(classesOfTheArchive("--version") > 0);
    }

    /* JDK 17 archives no class of ours from such a place, which costs time alone. */
    @Test
    void runsFromAPlaceWithASpaceInItsName() throws Exception {
        home = Files.move(home, folder.resolve("a b"));
        assertEquals(0, run("--version"), () -> err);
        assertEquals(0, run("--version"), () -> err);
        assertEquals("", err);
    }

    @Test
    void withoutAnArchiveItRunsAllTheSame() throws Exception {
        assertEquals(0, run("--version"), () -> err);
        try (Stream<Path> files = Files.list(home.resolve("lib"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(".jsa")).toList()) {
                Files.delete(file);
            }
        }
        assertEquals(0, classesOfTheArchive("--version"));
        assertEquals("", err);
    }

    @Test
    void theMainJobRunsAndFindsTheDriversFolder() throws Exception {
        assertEquals(0, run("validate", "--machine", "2x8"), () -> err);
        assertTrue(out.startsWith("Simulated machine 2x8"), out);
        assertTrue(out.contains("LANDED: "), out);
        assertEquals(0, run("doctor"), () -> out + err);
        assertTrue(out.contains(home.resolve("driver").toString()), out);
    }

    @Test
    void aMissingJarIsNamed() throws Exception {
        Files.delete(home.resolve("lib").resolve("irqscope-sim-0.1.0.jar"));
        assertEquals(7, run("--version"));
        assertTrue(err.contains("a jar is missing in " + home.resolve("lib")), err);
    }
}
