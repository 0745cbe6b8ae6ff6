package io.github.irqscope.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What can be said of the scripts in inf/lab without a PowerShell: that blocks and quotes close, that -WhatIf is taken and asked
 * before whatever changes the machine, and that none restarts it. It is no proof that they run.
 */
class LabScriptTest {
    private static final Path ROOT = Path.of(System.getProperty("irqscope.root"));
    private static final Pattern CHANGES = Pattern.compile("(?m)^.*(\\bRemove-Item\\b|\\bNew-SelfSignedCertificate\\b|\\.Add\\(|"
            + "& bcdedit\\.exe /(?:set|deletevalue)|& verifier\\.exe /(?:ruleclasses|reset)|\\bSet-AuthenticodeSignature\\b|"
            + "\\bNew-FileCatalog\\b|\\.Source sign|Compress-Archive|Set-Content).*$");

    static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(ROOT.resolve("inf/lab"))) {
            return files.filter(path -> path.toString().endsWith(".ps1")).sorted().toList();
        }
    }

    /** The text with comments, strings and here-strings blanked, each character for one; null where something does not close. */
    static String code(String text) {
        StringBuilder code = new StringBuilder();
        List<Character> open = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = at + 1;
            if (text.startsWith("<#", at)) {
                end = text.indexOf("#>", at) + 2;
            } else if (c == '#') {
                end = text.indexOf('\n', at);
            } else if (c == '\'') {
                end = text.indexOf('\'', at + 1) + 1;
            } else if (c == '"') {
                end = text.indexOf('"', at + 1) + 1;
            } else if ("({[".indexOf(c) >= 0) {
                open.add(")}]".charAt("({[".indexOf(c)));
            } else if (")}]".indexOf(c) >= 0 && (open.isEmpty() || open.remove(open.size() - 1) != c)) {
                return null;
            }
            if (end <= at) {
                return null;
            }
            code.append(end == at + 1 ? String.valueOf(c) : text.substring(at, end).replaceAll("[^\n]", " "));
            at = end;
        }
        return open.isEmpty() ? code.toString() : null;
    }

    /** The lines that change something with no ShouldProcess in the lines of the same block above them. */
    static List<String> unasked(String text) {
        List<String> wrong = new ArrayList<>();
        Matcher matcher = CHANGES.matcher(text);
        while (matcher.find()) {
            // A paragraph asks for itself, or one above it returned where the answer was no.
            int from = text.lastIndexOf("\n\n", matcher.start());
            int asked = text.lastIndexOf("ShouldProcess(", matcher.start());
            if (asked < 0 || asked < from && !text.substring(asked, matcher.start()).contains("return")) {
                wrong.add(matcher.group().strip());
            }
        }
        return wrong;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("scripts")
    void aScriptClosesWhatItOpensAndAsksBeforeItChanges(Path script) throws IOException {
        String text = Files.readString(script, StandardCharsets.US_ASCII);
        String code = code(text);
        assertTrue(code != null, "a block, quote or comment does not close");
        assertTrue(text.contains("[CmdletBinding(SupportsShouldProcess = $true"), "-WhatIf is not taken");
        assertTrue(text.contains("#Requires -Version 5.1") && text.contains("Set-StrictMode") && text.contains("$ErrorActionPreference = 'Stop'"));
        assertTrue(text.contains(".SYNOPSIS") && text.contains("Undo:") && text.contains(".EXAMPLE"), "the help is not whole");
        assertEquals(List.of(), unasked(text.substring(text.indexOf("#>"))));
        assertTrue(!code.matches("(?s).*(Restart-Computer|shutdown).*"), "it restarts the machine");
        // Nothing that PowerShell 7 has and 5.1 has not.
        assertTrue(!code.matches("(?s).*(\\?\\?|&&|\\|\\||\\?\\.|-Parallel).*"), "it is not for PowerShell 5.1");
        boolean changesSystem = text.contains("bcdedit") || text.contains("LocalMachine") || text.contains("/ruleclasses");
        assertEquals(changesSystem, text.contains("#Requires -RunAsAdministrator"));
    }

    @Test
    void theReadmeListsEveryScript() throws IOException {
        Set<String> listed = new TreeSet<>();
        Matcher matcher = Pattern.compile("\\| `lab/([a-z-]+\\.ps1)` \\|").matcher(Files.readString(ROOT.resolve("inf/README.md")));
        while (matcher.find()) {
            listed.add(matcher.group(1));
        }
        assertEquals(scripts().stream().map(path -> path.getFileName().toString()).toList(), List.copyOf(listed));
    }

    @Test
    void theReaderOfScriptsSeesWhatIsWrong() {
        assertEquals(null, code("if ($a) { 'x' \n"));
        assertEquals(null, code("$a = 'open\n"));
        assertEquals(null, code("($a]\n"));
        assertEquals("$a =       \n", code("$a = ')}]' \n"));
        assertEquals(List.of("& bcdedit.exe /set x"), unasked("\n$a = 1\n& bcdedit.exe /set x\n"));
        assertEquals(List.of(), unasked("\nif ($PSCmdlet.ShouldProcess('a', 'b')) {\n    & bcdedit.exe /set x\n}\n"));
    }
}
