package io.github.irqscope.suite.bed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a bed lacks stands in CONTRIBUTING, and nothing else does. */
class NeedTest {
    @Test
    void whatEachBedLacksIsListed() throws IOException {
        Set<String> listed = new TreeSet<>();
        Matcher row = Pattern.compile("^\\| `(sim|wine)` \\| ([^|]+) \\|", Pattern.MULTILINE)
                .matcher(Files.readString(Beds.root().resolve("CONTRIBUTING.md")));
        while (row.find()) {
            listed.add(row.group(1) + ": " + row.group(2));
        }
        Set<String> lacked = new TreeSet<>();
        for (BedUnderTest bed : Beds.all()) {
            bed.lacks().forEach(need -> lacked.add(bed.name() + ": " + need));
        }
        assertEquals(lacked, listed);
    }
}
