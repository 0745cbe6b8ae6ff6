package io.github.irqscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

/** The arrows between the library's packages, read from its class files: a constant pool names every class it needs. */
class BoundaryTest {
    private static final String JNA = "com/sun/jna";

    @Test
    void onlyOnePackageSeesJna() throws Exception {
        List<String> wrong = new ArrayList<>();
        int within = 0;
        for (Path file : classes()) {
            boolean sees = Files.readString(file, StandardCharsets.ISO_8859_1).contains(JNA);
            boolean may = file.getParent().endsWith("io/github/irqscope/jna") || file.endsWith("module-info.class");
            within += sees && may ? 1 : 0;
            if (sees && !may) {
                wrong.add(file.toString());
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(within > 3, "the classes that do see it were not found, so nothing was tested");
    }

    @Test
    void nothingButTheServiceFileNamesTheBackEnds() throws Exception {
        for (Path file : classes()) {
            if (!file.getParent().endsWith("jna") && !file.endsWith("module-info.class")) {
                assertFalse(Files.readString(file, StandardCharsets.ISO_8859_1).contains("io/github/irqscope/jna/"),
                        file.toString());
            }
        }
    }

    @Test
    void lowerPackagesDoNotSeeHigherOnes() throws Exception {
        for (Path file : classes()) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            String name = file.toString().replace('\\', '/');
            boolean lowest = name.contains("/irqscope/contract/") || name.contains("/irqscope/json/");
            if (lowest || name.contains("/irqscope/transport/")) {
                assertFalse(text.contains("io/github/irqscope/validation")
                        || text.contains("io/github/irqscope/Session")
                        || text.contains("io/github/irqscope/Bed"), name);
            }
            boolean highest = name.contains("/irqscope/report/") || file.endsWith("module-info.class");
            assertTrue(highest || !text.contains("io/github/irqscope/report"), name);
            if (!highest && !name.contains("/irqscope/validation/")) {
                assertFalse(text.contains("io/github/irqscope/validation"), name);
            }
        }
    }

    private static List<Path> classes() throws IOException, URISyntaxException {
        Path root = Path.of(Bed.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".class"))
                    .filter(file -> !file.toString().contains("Test"))
                    .toList();
        }
    }
}
