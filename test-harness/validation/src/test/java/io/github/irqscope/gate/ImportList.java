package io.github.irqscope.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

/** driver-src/wdm/imports.txt: what the driver may import. */
record ImportList(Set<PeImage.Import> x64, Set<PeImage.Import> x86, Set<String> required) {
    private static final Set<String> OLD_ENOUGH = Set.of("2000", "XP", "XP-SP2/2003", "2003-x64");

    static ImportList read(Path file) throws IOException {
        ImportList list = new ImportList(new HashSet<>(), new HashSet<>(), new HashSet<>());
        for (String line : Files.readAllLines(file)) {
            String[] words = line.strip().split("\\s+");
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (words.length < 4 || !Set.of("both", "x64", "x86").contains(words[2]) || !OLD_ENOUGH.contains(words[3])) {
                throw new IllegalArgumentException(file.getFileName() + ": " + line);
            }
            PeImage.Import entry = new PeImage.Import(words[1], words[0]);
            if (!words[2].equals("x86")) {
                list.x64.add(entry);
            }
            if (!words[2].equals("x64")) {
                list.x86.add(entry);
            }
            if (words.length > 4 && words[4].equals("required")) {
                list.required.add(words[0]);
            }
        }
        return list;
    }

    Set<PeImage.Import> of(int machine) {
        return machine == PeImage.X64 ? x64 : x86;
    }
}
