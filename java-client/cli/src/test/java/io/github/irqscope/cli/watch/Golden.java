package io.github.irqscope.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Screens as they must be, in files. -Dgolden.write=true rewrites them; look at what changed before it is kept. */
final class Golden {
    private Golden() {
    }

    static void assertLooksLike(String name, List<String> lines) throws IOException {
        Path file = Path.of("src/test/resources/io/github/irqscope/cli/watch", name + ".txt");
        String text = String.join("\n", lines) + "\n";
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(file, text, StandardCharsets.UTF_8);
        }
        assertEquals(Files.readString(file, StandardCharsets.UTF_8), text, name);
    }
}
