package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CompletionTest {
    private final Command command = new Command();

    @TempDir
    private Path folder;

    private Path script(String shell) throws IOException {
        assertEquals(0, command.run("completion", shell), command::err);
        return Files.writeString(folder.resolve("irqscope." + shell), command.out());
    }

    private String run(String... words) throws Exception {
        Process process = new ProcessBuilder(words).redirectErrorStream(true).directory(folder.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), out);
        return out;
    }

    private static boolean isThere(String program) {
        return Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** What bash itself offers behind these words; the last one is being typed. */
    private List<String> bash(String... words) throws Exception {
        assumeTrue(isThere("bash"), "bash is not here");
        List<String> quoted = new ArrayList<>();
        for (String word : words) {
            quoted.add("'" + word + "'");
        }
        String out = run("bash", "--norc", "-c", "set -u; source " + script("bash") + "; COMP_WORDS=(irqscope "
                + String.join(" ", quoted) + "); COMP_CWORD=" + words.length
                + "; _irqscope; printf '%s\\n' \"${COMPREPLY[@]}\"");
        return out.lines().filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void bashOffersEveryVerb() throws Exception {
        List<String> expected = new ArrayList<>(List.of(Verb.words()));
        expected.addAll(List.of("--help", "--version"));
        assertEquals(expected, bash(""));
        assertEquals(List.of("validate"), bash("val"));
    }

    @ParameterizedTest
    @EnumSource
    void bashOffersEveryOptionOfAVerbAndNoOther(Verb verb) throws Exception {
        TreeSet<String> expected = new TreeSet<>();
        for (Option option : Option.values()) {
            if (verb.takes(option) || option == Option.HELP && verb != Verb.HELP) {
                expected.add(option.spelling());
            }
        }
        assertEquals(expected, new TreeSet<>(bash(verb.word(), "--")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = false, value = {
        "validate --bed s|sim", "validate --bed = wi|windows", "watch --profile win|win7 win10",
        "driver in|install", "help tri|trigger", "trigger --color a|auto always", "trigger --device e|",
        "validate --sweep |group node processor", "trigger --message |all", "completion f|fish",
        "-v mach|machine", "validate --seed |"})
    void bashOffersValues(String typed, String offered) throws Exception {
        String[] words = typed.endsWith(" ") ? (typed + "x").split(" ") : typed.split(" ");
        if (typed.endsWith(" ")) {
            words[words.length - 1] = "";
        }
        assertEquals(offered == null ? List.of() : List.of(offered.split(" ")), bash(words));
    }

    @Test
    void bashOffersFilesWhereFilesAreMeant() throws Exception {
        Files.writeString(folder.resolve("some lab.yaml"), "");
        assertEquals(List.of("some lab.yaml"), bash("validate", "--expect", "some"));
        assertEquals(List.of("some lab.yaml"), bash("replay", "some"));
        assertEquals(List.of(), bash("devices", "some"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish"})
    void theShellItselfFindsNoMistake(String shell) throws Exception {
        Path script = script(shell);
        assumeTrue(isThere(shell), shell + " is not here, so that its script is not checked by it");
        assertEquals("", run(shell, "-n", script.toString()));
    }

    @Test
    void powershellFindsNoMistake() throws Exception {
        Path script = script("powershell");
        assumeTrue(isThere("pwsh"), "pwsh is not here, so that its script is not checked by it");
        assertEquals("", run("pwsh", "-NoProfile", "-Command", "$e = $null; [void][System.Management.Automation.Language"
                + ".Parser]::ParseFile('" + script + "', [ref]$null, [ref]$e); $e"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh", "fish", "powershell"})
    void namesEveryVerbAndEveryOption(String shell) throws Exception {
        String text = Files.readString(script(shell));
        for (Verb verb : Verb.values()) {
            assertTrue(text.contains(verb.word()), verb.word());
        }
        for (Option option : Option.values()) {
            boolean used = Arrays.stream(Verb.values()).anyMatch(verb -> verb.takes(option)) || option == Option.HELP;
            String name = shell.equals("fish") ? " -l " + option.spelling().substring(2) + " " : option.spelling();
            assertTrue(!used || text.contains(name), option.spelling());
        }
        assertFalse(text.replace("/dev/null", "").contains("null"), "something was not filled in");
    }

    @Test
    void refusesAnotherShell() {
        assertEquals(2, command.run("completion", "fsh"));
        assertTrue(command.err().contains("fsh: one of bash, zsh, fish and powershell; did you mean 'zsh' or 'fish'?"),
                command.err());
        assertEquals(2, command.run("completion"));
    }
}
