package io.github.irqscope.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/troubleshooting.md has every sentence that the installer can say. */
class TroubleshootingTest {
    private static String document() throws IOException {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/troubleshooting.md"))) {
            folder = folder.getParent();
        }
        return Files.readString(folder.resolve("docs/troubleshooting.md"));
    }

    @ParameterizedTest
    @EnumSource
    void everySentenceIsExplained(Trouble trouble) throws IOException {
        String row = document().lines().filter(line -> line.contains("| " + trouble.cause() + " |")).findFirst()
                .orElseThrow(() -> new AssertionError("no row says: " + trouble.cause()));
        assertTrue(row.contains("| " + trouble.cure() + " |"), trouble.cure());
        int exit = switch (trouble.ending()) {
            case FINE -> 0;
            case REFUSED -> 2;
            case MISSING -> 3;
            case DENIED -> 4;
            case REBOOT -> 6;
            case FAILED -> 7;
        };
        assertTrue(row.contains("| " + exit + " |"), row);
        for (int code : trouble.codes()) {
            String text = code < 0 ? String.format("0x%08X", code) : Integer.toString(code);
            assertTrue(row.contains(text), text + " is not in: " + row);
        }
    }

    @Test
    void noCodeMeansTwoThings() {
        Set<Integer> seen = new HashSet<>();
        for (Trouble trouble : Trouble.values()) {
            for (int code : trouble.codes()) {
                assertTrue(seen.add(code), trouble + " " + code);
                assertEquals(trouble, Trouble.of(code));
            }
        }
    }
}
