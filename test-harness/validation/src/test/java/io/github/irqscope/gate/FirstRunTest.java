package io.github.irqscope.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What docs/first-run.md says that the tools print is what they print, and the files that it names are there. */
class FirstRunTest {
    private static final Path ROOT = Path.of(System.getProperty("irqscope.root"));
    private static final Pattern EXPECTED = Pattern.compile("<!-- expected: (.+) -->\n((?:    .*\n|\n)+)");

    record Block(String command, String text) {
        @Override
        public String toString() {
            return command;
        }
    }

    private static String document() throws IOException {
        return Files.readString(ROOT.resolve("docs/first-run.md"));
    }

    static List<Block> blocks() throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = EXPECTED.matcher(document());
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(1), trimmed(matcher.group(2))));
        }
        return blocks;
    }

    private static String trimmed(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n"));
    }

    @Test
    void threeStepsShowWhatTheToolPrints() throws IOException {
        assertEquals(3, blocks().size());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blocks")
    void theToolPrintsWhatTheStepExpects(Block block) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")), "io.github.irqscope.cli.Main"));
        command.addAll(List.of(block.command().split(" ")));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        // The first line says which machine it is; on Windows it says another.
        assertEquals(block.text(), trimmed(out.substring(out.indexOf('\n') + 1)));
    }

    @Test
    void everyScriptAndInfOfTheDayIsThere() throws IOException {
        Matcher matcher = Pattern.compile("inf\\\\[a-z\\\\-]+\\.(?:ps1|inf)").matcher(document());
        int found = 0;
        while (matcher.find()) {
            found++;
            assertTrue(Files.exists(ROOT.resolve(matcher.group().replace('\\', '/'))), matcher.group());
        }
        assertTrue(found > 8, "only " + found + " files are named");
    }
}
