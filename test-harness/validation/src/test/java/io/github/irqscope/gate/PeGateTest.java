package io.github.irqscope.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.irqscope.suite.bed.Beds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The gate over the images that this build made. Without mingw-w64 there are none, and the tests say so. */
class PeGateTest {
    private static final Path ROOT = Path.of(System.getProperty("irqscope.root"));

    private static ImportList allowed() throws IOException {
        return ImportList.read(ROOT.resolve("driver-src/wdm/imports.txt"));
    }

    /** Skips where there is no image, unless a bed was demanded that needs one. */
    private static void requireImage(Path image) {
        boolean there = Files.exists(image);
        String reason = ROOT.relativize(image) + " was not built: mingw-w64 is not here";
        assertFalse(!there && Beds.demanded().contains("wine"), reason + ", and -Dbeds demands wine");
        assumeTrue(there, reason);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"x64", "x86"})
    void everyImageMayBeLoaded(String machine) throws IOException {
        Path folder = ROOT.resolve("target/driver/" + machine);
        requireImage(folder.resolve("irqscope.sys"));
        TreeMap<String, List<String>> wrong = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".sys")).sorted().toList()) {
                byte[] bytes = Files.readAllBytes(file);
                System.out.println("gate: " + machine + "/" + file.getFileName() + ", " + bytes.length + " bytes");
                List<String> found = new ArrayList<>(PeGate.check(file.getFileName().toString(), bytes, allowed()));
                assertEquals(machine.equals("x64") ? PeImage.X64 : PeImage.X86, new PeImage(bytes).machine);
                if (!found.isEmpty()) {
                    wrong.put(file.getFileName().toString(), found);
                }
            }
        }
        assertEquals(new TreeMap<String, List<String>>(), wrong);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"x64", "x86"})
    void portsAreTouchedByRegistersAloneAndModelSpecificRegistersByNothing(String machine) throws Exception {
        requireImage(ROOT.resolve("target/driver/" + machine + "/irqscope.sys"));
        Path objects = ROOT.resolve("target/native/windows-" + machine + "/CMakeFiles");
        String tool = machine.equals("x64") ? "x86_64-w64-mingw32-objdump" : "i686-w64-mingw32-objdump";
        List<String> wrong = new ArrayList<>();
        int ports = 0;
        int count = 0;
        try (Stream<Path> files = Files.walk(objects)) {
            for (Path file : files.filter(PeGateTest::isDriverObject).sorted().toList()) {
                List<String> text = disassemble(tool, file);
                boolean registers = file.getFileName().toString().startsWith("registers.c.");
                for (String found : PeGate.instructions(text, registers)) {
                    wrong.add(file.getFileName() + ": " + found);
                }
                ports += registers ? PeGate.instructions(text, false).size() : 0;
                count++;
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(count > 40, "only " + count + " objects were found");
        if (machine.equals("x64")) {
            assertEquals(2, ports, "registers.c reads and writes a port, and the gate does not see it");
        }
    }

    /** The images as they are linked. In those for Wine nothing touches a port, since the machine has registers.c's place. */
    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"x64", "x86"})
    void noImageHasAnInstructionForModelSpecificRegistersNorThoseForWineForPorts(String machine) throws Exception {
        Path folder = ROOT.resolve("target/driver/" + machine);
        requireImage(folder.resolve("irqscope.sys"));
        String tool = machine.equals("x64") ? "x86_64-w64-mingw32-objdump" : "i686-w64-mingw32-objdump";
        List<String> wrong = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".sys")).sorted().toList()) {
                List<String> text = disassemble(tool, file);
                assertTrue(text.size() > 5000, file + " has " + text.size() + " lines of code");
                for (String found : PeGate.instructions(text, !PeGate.forWine(file.getFileName().toString()))) {
                    wrong.add(file.getFileName() + ": " + found);
                }
            }
        }
        assertEquals(List.of(), wrong);
    }

    private static boolean isDriverObject(Path path) {
        String name = path.toString().replace('\\', '/');
        return name.matches(".*/CMakeFiles/(core|driver-[a-z-]+)\\.dir/.*\\.c\\.obj") && name.contains("/driver-src/")
                && !name.contains("/driver-sim.dir/");
    }

    private static List<String> disassemble(String tool, Path object) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(tool, "-d", "-M", "intel", object.toString()).redirectErrorStream(true).start();
        List<String> text = process.inputReader().lines().toList();
        assertEquals(0, process.waitFor(), tool + " " + object + ": " + text);
        return text;
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"x64", "x86"})
    void nothingOfTheSimulatorIsLinkedIntoTheDriver(String machine) throws IOException {
        Path map = ROOT.resolve("target/native/windows-" + machine + "/irqscope-sys.map");
        requireImage(ROOT.resolve("target/driver/" + machine + "/irqscope.sys"));
        String text = Files.readString(map);
        Matcher loads = Pattern.compile("(?m)^LOAD (\\S+\\.obj)").matcher(text);
        List<String> foreign = new ArrayList<>();
        int count = 0;
        while (loads.find()) {
            count++;
            if (!loads.group(1).replace('\\', '/').contains("driver-src/")) {
                foreign.add(loads.group(1));
            }
        }
        assertEquals(List.of(), foreign);
        assertTrue(count > 40, "only " + count + " objects are in the map");
    }

    @Test
    void theVersionIsTheSameEverywhere() throws IOException {
        Matcher pom = Pattern.compile("<artifactId>irqscope-parent</artifactId>\\s*<version>([0-9.]+)").matcher(
                Files.readString(ROOT.resolve("pom.xml")));
        assertTrue(pom.find());
        String version = pom.group(1) + ".0";
        String header = Files.readString(ROOT.resolve("driver-src/wdm/version_number.h"));
        assertTrue(header.contains("IRQSCOPE_VERSION_TEXT \"" + version + "\""), header);
        assertTrue(header.contains("IRQSCOPE_VERSION_NUMBERS " + version.replace('.', ',') + "\n"), header);
        try (Stream<Path> files = Files.list(ROOT.resolve("inf"))) {
            for (Path inf : files.filter(path -> path.toString().endsWith(".inf")).toList()) {
                assertTrue(Files.readString(inf).matches("(?s).*DriverVer +=[^\n]*," + Pattern.quote(version) + "\n.*"), inf.toString());
            }
        }
    }

    @Test
    void theListNamesWhatEveryIrqscopeNeeds() throws IOException {
        assertEquals(java.util.Set.of("IoConnectInterrupt", "IoDisconnectInterrupt", "KeSynchronizeExecution"), allowed().required());
    }
}
