package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.install.Trouble;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What documents and cures tell people to type is there: verbs, their options, the lab's scripts. */
final class CommandsInTextsTest {
    private static final Pattern COMMAND = Pattern.compile("irqscope ([a-z]+)((?:(?!irqscope )[^`|;,()\n])*)");
    private static final Pattern OPTION = Pattern.compile(" (--[a-z][a-z-]+)");
    private static final Pattern SCRIPT = Pattern.compile("inf[/\\\\][A-Za-z/\\\\-]+\\.ps1");

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/troubleshooting.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    private static Map<String, String> texts() throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Trouble trouble : Trouble.values()) {
            texts.put("the cure of " + trouble, trouble.cure());
        }
        for (String folder : List.of("", "docs", "docs/decisions", "inf")) {
            try (Stream<Path> files = Files.list(root().resolve(folder))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".md")).sorted().toList()) {
                    texts.put(root().relativize(file).toString(), Files.readString(file));
                }
            }
        }
        return texts;
    }

    private static List<String> wrong(String name, String text) {
        List<String> wrong = new ArrayList<>();
        Matcher commands = COMMAND.matcher(text);
        while (commands.find()) {
            Verb verb = Verb.find(commands.group(1));
            Matcher options = OPTION.matcher(commands.group(2));
            while (verb != null && options.find()) {
                Option option = Option.find(options.group(1));
                if (option == null || !verb.takes(option) && option != Option.HELP) {
                    wrong.add(name + ": irqscope " + verb.word() + " has no " + options.group(1));
                }
            }
        }
        Matcher scripts = SCRIPT.matcher(text);
        while (scripts.find()) {
            if (!Files.exists(root().resolve(scripts.group().replace('\\', '/')))) {
                wrong.add(name + ": there is no " + scripts.group());
            }
        }
        return wrong;
    }

    @Test
    void everyOptionAndScriptThatIsNamedIsThere() throws IOException {
        Map<String, String> texts = texts();
        assertTrue(texts.size() > 20 && texts.values().stream().filter(text -> COMMAND.matcher(text).find()).count() > 10);
        List<String> wrong = new ArrayList<>();
        texts.forEach((name, text) -> wrong.addAll(wrong(name, text)));
        assertEquals(List.of(), wrong);
    }

    @Test
    void aMistakeIsNoticed() {
        assertEquals(List.of("x: irqscope inf has no --check", "x: there is no inf\\sign.ps1"),
                wrong("x", "check it with irqscope inf --check FILE, then inf\\sign.ps1 and irqscope validate --json"));
    }
}
