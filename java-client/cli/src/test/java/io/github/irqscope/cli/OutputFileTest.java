package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputFileTest {
    @TempDir
    private Path folder;

    private String[] names() {
        return folder.toFile().list();
    }

    @Test
    void appearsOnlyWhenItIsWhole() throws IOException {
        Path place = folder.resolve("report.txt");
        try (OutputFile file = OutputFile.open(place.toString())) {
            file.stream().print("data");
            assertFalse(Files.exists(place));
            file.keep();
        }
        assertEquals("data", Files.readString(place));
        assertArrayEquals(new String[] {"report.txt"}, names());
    }

    @Test
    void leavesTheOldFileAndNothingElseWhenTheWorkFails() throws IOException {
        Path place = Files.writeString(folder.resolve("report.txt"), "old");
        try (OutputFile file = OutputFile.open(place.toString())) {
            file.stream().print("half");
        }
        assertEquals("old", Files.readString(place));
        assertArrayEquals(new String[] {"report.txt"}, names());
    }

    @Test
    void followsASymbolicLink() throws IOException {
        Path target = Files.writeString(folder.resolve("target"), "old");
        Path link = Files.createSymbolicLink(folder.resolve("link"), target);
        try (OutputFile file = OutputFile.open(link.toString())) {
            file.stream().print("new");
            file.keep();
        }
        assertTrue(Files.isSymbolicLink(link));
        assertEquals("new", Files.readString(target));
    }

    @Test
    void refusesAFolderAndAMissingFolderBeforeAnyWork() {
        assertEquals("cannot write " + folder + ": it is a folder", refusal(folder.toString()));
        String lost = folder.resolve("none").resolve("file").toString();
        assertEquals("cannot write " + lost + ": its folder does not exist", refusal(lost));
    }

    private static String refusal(String name) {
        return assertThrows(OutputException.class, () -> OutputFile.open(name).close()).getMessage();
    }

    @Test
    void saysWhyAFullDiskTookNotEverything() {
        File full = new File("/dev/full");
        Assumptions.assumeTrue(full.exists(), "this system has no /dev/full");
        try (OutputFile file = OutputFile.open("/dev/full")) {
            file.stream().print("data");
            String message = assertThrows(OutputException.class, file::keep).getMessage();
            assertEquals("cannot write /dev/full: No space left on device", message);
        }
        assertTrue(full.exists(), "a device is written to, never replaced");
    }
}
