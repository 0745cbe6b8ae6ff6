package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * docs/json.md and the examples beside it say what each verb's --json prints. An example is made by the commands above
 * its link, in which LAB stands for a folder of the test; -Dirqscope.keep=true writes it anew, to be looked at.
 */
@DisplayName("JsonExamplesTest [sim]")
final class JsonExamplesTest {
    private static final String LAB = "LAB";
    /* What no command of an example can bring about: a device that goes while it is asked, triggers of others, and what
       needs a user mode beside the kernel. */
    private static final Set<String> UNSHOWN = Set.of("device failure", "row triggerToIsr", "ran triggerToIsr", "machine userMode",
            "topology groups", "topology nodes", "topology packages", "topology cores",
            "core processors", "core efficiency");

    @TempDir
    private Path lab;

    static List<JsonSchema.Example> examples() {
        return JsonSchema.read().examples();
    }

    @Test
    void everyVerbThatPrintsJsonHasASectionAndAnExample() {
        JsonSchema schema = JsonSchema.read();
        Set<String> verbs = new TreeSet<>();
        for (Verb verb : Verb.values()) {
            if (verb.takes(Option.JSON)) {
                verbs.add(verb.word());
            }
        }
        assertEquals(verbs, new TreeSet<>(schema.verbs()), "sections of docs/json.md");
        Set<String> shown = new TreeSet<>();
        schema.examples().forEach(example -> shown.add(example.verb()));
        assertEquals(verbs, shown, "verbs with an example");
        assertEquals(Set.of(), schema.unknownTypes());
    }

    @Test
    void everyFieldOfThePageIsInSomeKeptExample() throws IOException {
        JsonSchema schema = JsonSchema.read();
        Set<Path> files = new TreeSet<>();
        for (JsonSchema.Example example : schema.examples()) {
            files.add(example.file());
            for (Object document : documents(Files.readString(example.file()), example.file())) {
                schema.check(example.verb(), document);
                assertEquals(1L, ((Map<?, ?>) document).get("schema"), example.toString());
            }
        }
        assertEquals(UNSHOWN, schema.neverShown(), "described, and in no example");
        try (var all = Files.list(JsonSchema.folder().resolve("json"))) {
            assertEquals(new TreeSet<>(files), new TreeSet<>(all.toList()), "files that the page links");
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void theCommandPrintsWhatIsKept(JsonSchema.Example example) throws IOException {
        boolean windows = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
        if (example.onWindows() && !windows) {
            Command command = new Command();
            String[] words = words(example.commands().get(example.commands().size() - 1));
            assertEquals(ExitCode.NO_DEVICE, command.run(words), "an example that needs Windows is refused elsewhere");
            return;
        }
        String printed = print(example).replace(lab.toString(), LAB);
        JsonSchema schema = JsonSchema.read();
        List<Object> now = documents(printed, example.file());
        if (Boolean.getBoolean("irqscope.keep") && differs(schema, example, now)) {
            Files.writeString(example.file(), isLines(example.file()) ? printed : indented(printed));
        }
        List<Object> kept = documents(Files.readString(example.file()), example.file());
        assertEquals(kept.size(), now.size(), "documents");
        for (int i = 0; i < now.size(); i++) {
            schema.check(example.verb(), now.get(i));
            schema.compare(example.verb(), kept.get(i), now.get(i));
        }
    }

    @Test
    void aFieldThatIsNotDescribedOrOfAnotherTypeIsNoticed() throws IOException {
        JsonSchema schema = JsonSchema.read();
        String text = Files.readString(JsonSchema.folder().resolve("json/devices.json"));
        schema.check("devices", JsonReader.read(text));
        for (String change : List.of("\"bed\"|\"beds\"", "\"schema\": 1|\"schema\": \"1\"", "\"irql\"|\"level\"",
                "\"processors\": \"g0:|\"processors\": \"0:", "\"started\": true|\"started\": null")) {
            String[] parts = change.split("\\|");
            String changed = text.replace(parts[0], parts[1]);
            assertTrue(!changed.equals(text), change);
            assertThrows(AssertionError.class, () -> schema.check("devices", JsonReader.read(changed)), change);
        }
        String other = text.replace("\"starts\": 1", "\"starts\": 2");
        assertThrows(AssertionError.class,
                () -> schema.compare("devices", JsonReader.read(text), JsonReader.read(other)));
    }

    /** What varies by its nature is no reason to write an example anew. */
    private static boolean differs(JsonSchema schema, JsonSchema.Example example, List<Object> now) throws IOException {
        if (!Files.exists(example.file())) {
            return true;
        }
        List<Object> kept = documents(Files.readString(example.file()), example.file());
        try {
            for (int i = 0; i < Math.max(kept.size(), now.size()); i++) {
                schema.compare(example.verb(), kept.get(i), now.get(i));
            }
            return false;
        } catch (AssertionError | IndexOutOfBoundsException e) {
            return true;
        }
    }

    private String print(JsonSchema.Example example) throws IOException {
        String page = Files.readString(JsonSchema.folder().resolve("expectations.md"));
        int start = page.indexOf("```yaml\n") + "```yaml\n".length();
        Files.writeString(lab.resolve("lab.yaml"), page.substring(start, page.indexOf("```", start)));
        Command command = new Command();
        for (String line : example.commands()) {
            int code = command.run(words(line));
            assertTrue(code == ExitCode.FINE || code == ExitCode.NOT_AS_EXPECTED, line + ": " + code + ": "
                    + command.err());
        }
        return command.out();
    }

    /** The words of a line; quotes hold one together, and what is in the folder of the docs can be named. */
    private String[] words(String line) {
        List<String> words = new ArrayList<>();
        String[] pieces = line.split("\"", -1);
        for (int i = 0; i < pieces.length; i++) {
            for (String word : i % 2 == 1 ? new String[] {pieces[i]} : pieces[i].strip().split(" +")) {
                if (!word.isEmpty()) {
                    words.add(word.replace(LAB + "/", lab + "/"));
                }
            }
        }
        return words.toArray(String[]::new);
    }

    private static boolean isLines(Path file) {
        return file.toString().endsWith(".jsonl");
    }

    private static List<Object> documents(String text, Path file) {
        if (!isLines(file)) {
            return List.of(JsonReader.read(text));
        }
        return text.lines().map(JsonReader::read).toList();
    }

    /** The same document, a line for each field, as people like to read it. */
    private static String indented(String text) {
        StringBuilder lines = new StringBuilder();
        int depth = 0;
        boolean quoted = false;
        for (int i = 0; i < text.strip().length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                lines.append(c);
                if (c == '\\') {
                    lines.append(text.charAt(++i));
                }
                quoted = c != '"';
            } else if ((c == '{' || c == '[') && (text.charAt(i + 1) == '}' || text.charAt(i + 1) == ']')) {
                lines.append(c).append(text.charAt(++i));
            } else if (c == '{' || c == '[') {
                depth++;
                lines.append(c).append('\n').append("  ".repeat(depth));
            } else if (c == '}' || c == ']') {
                depth--;
                lines.append('\n').append("  ".repeat(depth)).append(c);
            } else {
                lines.append(c).append(c == ',' ? "\n" + "  ".repeat(depth) : c == ':' ? " " : "");
                quoted = c == '"';
            }
        }
        return lines.append('\n').toString();
    }
}
