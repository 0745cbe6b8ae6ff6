package io.github.irqscope.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What docs/json.md says: of each verb its fields and its kept examples, and the parts that documents have in common. */
final class JsonSchema {
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| ([^|]+) \\| [^|]+ \\|");
    private static final Pattern LINK = Pattern.compile("\\(json/([^)]+)\\)");
    private static final Set<String> PLAIN = Set.of("text", "number", "flag", "set", "time", "instant", "path", "status",
            "null", "any");
    private static final String PARTS = "Parts";
    private static final String ON_WINDOWS = "(on Windows)";

    /** One kept example: its commands, the last of which prints it, and its file. */
    record Example(String verb, List<String> commands, Path file, boolean onWindows) {
        @Override
        public String toString() {
            return verb + ": " + file.getFileName();
        }
    }

    /** A field's type as the page writes it: {@code list of target, or null}. */
    record Type(String container, String name, boolean orNull, boolean orAbsent, boolean varies) {
        private static final Pattern WORDS = Pattern.compile(
                "(list of |map of )?([a-z]+)(, or null)?(, or absent)?(, varies)?");

        static Type parse(String text) {
            Matcher words = WORDS.matcher(text.strip());
            if (!words.matches()) {
                throw new IllegalStateException("docs/json.md: \"" + text + "\" is no type");
            }
            String container = words.group(1) == null ? "" : words.group(1).substring(0, words.group(1).indexOf(' '));
            return new Type(container, words.group(2), words.group(3) != null, words.group(4) != null,
                    words.group(5) != null || words.group(2).equals("instant") || words.group(2).equals("path"));
        }
    }

    private final Map<String, Map<String, Type>> verbs = new LinkedHashMap<>();
    private final Map<String, Map<String, Type>> parts = new LinkedHashMap<>();
    private final List<Example> examples = new ArrayList<>();
    private final Set<String> shown = new TreeSet<>();

    static Path folder() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("docs/json.md"))) {
            folder = folder.getParent();
        }
        return folder.resolve("docs");
    }

    static JsonSchema read() {
        try {
            JsonSchema schema = new JsonSchema();
            schema.parse(Files.readAllLines(folder().resolve("json.md")));
            return schema;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void parse(List<String> lines) {
        String section = "";
        Map<String, Type> fields = null;
        List<String> commands = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("## ")) {
                section = line.substring(3);
                fields = section.equals(PARTS) || section.contains(" ") ? null : new LinkedHashMap<>();
                if (fields != null) {
                    verbs.put(section, fields);
                }
            } else if (line.startsWith("### ") && section.equals(PARTS)) {
                fields = new LinkedHashMap<>();
                parts.put(line.substring(4), fields);
            } else if (line.startsWith("    irqscope ")) {
                commands.add(line.substring("    irqscope ".length()));
            }
            Matcher row = ROW.matcher(line);
            if (row.matches() && fields != null) {
                fields.put(row.group(1), Type.parse(row.group(2)));
            }
            Matcher link = LINK.matcher(line);
            if (link.find() && !commands.isEmpty()) {
                examples.add(new Example(section, List.copyOf(commands), folder().resolve("json").resolve(link.group(1)),
                        line.contains(ON_WINDOWS)));
                commands.clear();
            }
        }
    }

    Set<String> verbs() {
        return verbs.keySet();
    }

    List<Example> examples() {
        return examples;
    }

    /** The fields and parts that no checked document has had. */
    Set<String> neverShown() {
        Set<String> never = new TreeSet<>();
        verbs.forEach((verb, fields) -> fields.keySet().forEach(field -> never.add(verb + " " + field)));
        parts.forEach((part, fields) -> fields.keySet().forEach(field -> never.add(part + " " + field)));
        never.removeAll(shown);
        return never;
    }

    /** Fails where the document is not what the page says of this verb. */
    void check(String verb, Object document) {
        check(verb, verbs.get(verb), document, verb);
    }

    /** Fails where two documents of the verb differ in what the page does not call varying. */
    void compare(String verb, Object kept, Object now) {
        compare(verbs.get(verb), kept, now, verb);
    }

    private void check(String owner, Map<String, Type> fields, Object value, String place) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new AssertionError(place + " is no object: " + value);
        }
        for (Object name : map.keySet()) {
            if (!fields.containsKey((String) name)) {
                throw new AssertionError(place + "." + name + " is not in docs/json.md (" + owner + ")");
            }
        }
        fields.forEach((name, type) -> {
            String at = place + "." + name;
            if (!map.containsKey(name)) {
                if (!type.orAbsent) {
                    throw new AssertionError(at + " is missing");
                }
            } else if (map.get(name) != null || type.name.equals("null")) {
                checkContained(type, map.get(name), at);
                shown.add(owner + " " + name);
            } else if (!type.orNull) {
                throw new AssertionError(at + " is null");
            }
        });
    }

    private void checkContained(Type type, Object value, String at) {
        switch (type.container) {
            case "list" -> {
                if (!(value instanceof List<?> list)) {
                    throw new AssertionError(at + " is no list: " + value);
                }
                for (int i = 0; i < list.size(); i++) {
                    checkValue(type, list.get(i), at + "[" + i + "]");
                }
            }
            case "map" -> {
                if (!(value instanceof Map<?, ?> map)) {
                    throw new AssertionError(at + " is no map: " + value);
                }
                map.forEach((name, one) -> checkValue(type, one, at + "." + name));
            }
            default -> checkValue(type, value, at);
        }
    }

    private void checkValue(Type type, Object value, String at) {
        boolean good = switch (type.name) {
            case "text", "path" -> value instanceof String;
            case "number" -> value instanceof Number;
            case "time" -> value instanceof Long;
            case "flag" -> value instanceof Boolean;
            case "set" -> value instanceof String text
                    && text.matches("(g\\d+:\\d+(-\\d+)?(,\\d+(-\\d+)?)*( (?=g)|$))*");
            case "status" -> value instanceof String text && text.matches("0x[0-9A-F]{8}");
            case "instant" -> value instanceof String text && text.matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
            case "null" -> value == null;
            case "any" -> true;
            default -> {
                if (!parts.containsKey(type.name)) {
                    throw new AssertionError("docs/json.md has no part \"" + type.name + "\", which is the type of " + at);
                }
                check(type.name, parts.get(type.name), value, at);
                yield true;
            }
        };
        if (!good) {
            throw new AssertionError(at + " is not of the type \"" + type.name + "\": " + value);
        }
    }

    private void compare(Map<String, Type> fields, Object kept, Object now, String place) {
        Map<?, ?> old = (Map<?, ?>) kept;
        Map<?, ?> here = (Map<?, ?>) now;
        if (!List.copyOf(old.keySet()).equals(List.copyOf(here.keySet()))) {
            throw new AssertionError(place + " had the fields " + old.keySet() + ", and has " + here.keySet());
        }
        fields.forEach((name, type) -> {
            if (!type.varies) {
                compareContained(type, old.get(name), here.get(name), place + "." + name);
            }
        });
    }

    private void compareContained(Type type, Object kept, Object now, String at) {
        boolean structured = parts.containsKey(type.name) && kept != null && now != null;
        if (structured && type.container.equals("list") && ((List<?>) kept).size() == ((List<?>) now).size()) {
            for (int i = 0; i < ((List<?>) kept).size(); i++) {
                compare(parts.get(type.name), ((List<?>) kept).get(i), ((List<?>) now).get(i), at + "[" + i + "]");
            }
        } else if (structured && type.container.isEmpty()) {
            compare(parts.get(type.name), kept, now, at);
        } else if (kept == null ? now != null : !kept.equals(now)) {
            throw new AssertionError(at + " was " + kept + ", and is " + now);
        }
    }

    /** Whether a name is of a type that is neither a part nor known: for the page's own test. */
    Set<String> unknownTypes() {
        Set<String> unknown = new TreeSet<>();
        for (Map<String, Map<String, Type>> all : List.of(verbs, parts)) {
            all.values().forEach(fields -> fields.values().forEach(type -> {
                if (!PLAIN.contains(type.name) && !parts.containsKey(type.name)) {
                    unknown.add(type.name);
                }
            }));
        }
        return unknown;
    }
}
