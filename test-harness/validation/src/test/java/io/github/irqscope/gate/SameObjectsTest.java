package io.github.irqscope.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.irqscope.suite.bed.Beds;

/** What the build compares when it has linked an image for Wine, and that it sees a difference. */
class SameObjectsTest {
    private static final Path ROOT = Path.of(System.getProperty("irqscope.root"));
    private static final Path BUILT = ROOT.resolve("target/native/windows-x64");
    private static final String REPLACED = ".*driver-hardware\\.dir/.*\\.obj$";

    @TempDir
    private Path folder;

    private record Result(int code, String said) {
    }

    private static Path map(String name) {
        Path map = BUILT.resolve(name + ".map");
        assertTrue(Files.exists(map) || !Beds.demanded().contains("wine"), map + " is not here, and -Dbeds demands wine");
        assumeTrue(Files.exists(map), map + " is not here: mingw-w64 is not");
        return map;
    }

    private static Result compare(Path plain, Path wine) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("cmake", "-DPLAIN=" + plain, "-DWINE=" + wine, "-P",
                ROOT.resolve("cmake/compare-maps.cmake").toString()).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes());
        return new Result(process.waitFor(), said);
    }

    private static List<String> objects(Path map) throws IOException {
        try (Stream<String> lines = Files.lines(map)) {
            return lines.filter(line -> line.matches("LOAD .*/driver-src/.*\\.obj")).map(line -> line.substring(5)).toList();
        }
    }

    private Path changed(Path map, String from, String to) throws IOException {
        String text = Files.readString(map);
        assertTrue(text.contains(from), from);
        return Files.writeString(folder.resolve(map.getFileName()), text.replace(from, to));
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource({"irqscope-sys, irqscope-wine", "irqscope-audio, irqscope-wine-audio"})
    void theImageForWineIsMadeOfTheDriversOwnObjectFiles(String plain, String wine) throws Exception {
        Result result = compare(map(plain), map(wine));
        assertEquals(0, result.code(), result.said());
        List<String> expected = objects(map(plain)).stream().filter(object -> !object.matches(REPLACED)).sorted().toList();
        assertTrue(expected.size() > 40, expected.toString());
        assertEquals(expected, objects(map(wine)).stream().sorted().toList());
    }

    @Test
    void anObjectThatWasCompiledOnceMoreIsNoticed() throws Exception {
        Path wine = changed(map("irqscope-wine"), "driver-windows.dir/driver-src/wdm/isr.c.obj", "driver-other.dir/driver-src/wdm/isr.c.obj");
        assertNotEquals(0, compare(map("irqscope-sys"), wine).code());
    }

    @Test
    void anObjectThatIsMissingIsNoticed() throws Exception {
        Path wine = changed(map("irqscope-wine"), "driver-windows.dir/driver-src/wdm/filter.c.obj", "gone");
        assertNotEquals(0, compare(map("irqscope-sys"), wine).code());
    }

    @Test
    void aThirdObjectThatIsReplacedIsNoticed() throws Exception {
        String isr = "driver-windows.dir/driver-src/wdm/isr.c.obj";
        Path plain = changed(map("irqscope-sys"), isr, "driver-hardware.dir/driver-src/wdm/isr.c.obj");
        Path wine = changed(map("irqscope-wine"), isr, "gone");
        Result result = compare(plain, wine);
        assertNotEquals(0, result.code());
        assertTrue(result.said().contains("isr.c.obj;processor.c.obj;registers.c.obj"), result.said());
    }

    @Test
    void anObjectOfTheMachineInTheDriverThatALabInstallsIsNoticed() throws Exception {
        Path map = map("irqscope-sys");
        Path plain = Files.writeString(folder.resolve("plain.map"), Files.readString(map)
                + "LOAD CMakeFiles/machine-wine.dir/test-harness/sim-kernel/machine/vector.c.obj\n");
        Result result = compare(plain, map("irqscope-wine"));
        assertNotEquals(0, result.code());
        assertTrue(result.said().contains("vector.c.obj"), result.said());
    }
}
