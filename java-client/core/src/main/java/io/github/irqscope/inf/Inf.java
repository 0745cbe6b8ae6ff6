package io.github.irqscope.inf;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * An INF as it was read: its sections in their order, each line with its number. Syntax as Microsoft's page "General
 * Syntax Rules for INF Files" has it: names are caseless, {@code ;} begins a comment outside quotes and tokens, a
 * backslash at a line's end continues it, {@code ""} in quotes is one quote, {@code %key%} stands for a string of
 * {@code [Strings]} and {@code %%} for a percent sign. What does not read is kept as a problem, not thrown.
 */
public final class Inf {
    private final String name;
    private final List<InfSection> sections = new ArrayList<>();
    private final Map<String, InfSection> merged = new HashMap<>();
    private final Map<String, String> strings = new HashMap<>();
    private final List<InfProblem> problems = new ArrayList<>();

    private Inf(String name) {
        this.name = name;
    }

    /** The INF in a file: UTF-16LE with its byte order mark, or plain ASCII. */
    public static Inf read(Path file) throws IOException {
        return decode(file.getFileName().toString(), Files.readAllBytes(file));
    }

    static Inf decode(String name, byte[] bytes) {
        if (bytes.length >= 2 && bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE) {
            return parse(name, new String(bytes, 2, bytes.length - 2, StandardCharsets.UTF_16LE));
        }
        Inf inf = parse(name, new String(bytes, StandardCharsets.ISO_8859_1));
        int line = 1;
        for (byte b : bytes) {
            if (b < 0) {
                inf.report(line, InfRule.ENCODING, "byte 0x" + Integer.toHexString(b & 0xFF)
                        + " means another character in each code page; use UTF-16LE with its byte order mark");
                break;
            }
            line += b == '\n' ? 1 : 0;
        }
        return inf;
    }

    /** The INF in a text. */
    public static Inf parse(String name, String text) {
        Inf inf = new Inf(name);
        inf.readLines(text.split("\r\n|\r|\n", -1));
        for (InfSection section : inf.sections) {
            inf.merged.computeIfAbsent(section.name().toLowerCase(Locale.ROOT),
                    key -> new InfSection(section.name(), section.line(), new ArrayList<>())).entries()
                    .addAll(section.entries());
        }
        InfSection table = inf.section("Strings");
        if (table != null) {
            for (InfEntry entry : table.entries()) {
                if (entry.key() != null) {
                    inf.strings.put(entry.key().toLowerCase(Locale.ROOT), entry.value(0));
                }
            }
        }
        return inf;
    }

    public String name() {
        return name;
    }

    /** Every section in the order of the file; two of one name stay two. */
    public List<InfSection> sections() {
        return List.copyOf(sections);
    }

    /** The lines of all sections of this name together, as Windows sees them; null where there is none. */
    public InfSection section(String wanted) {
        return merged.get(wanted.toLowerCase(Locale.ROOT));
    }

    /** A text with its {@code %tokens%} replaced; directory numbers and unknown tokens stay as they are. */
    public String expand(String text) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int open = text.indexOf('%', at);
            int close = open < 0 ? -1 : text.indexOf('%', open + 1);
            if (close < 0) {
                break;
            }
            out.append(text, at, open);
            String key = text.substring(open + 1, close);
            String value = key.isEmpty() ? "%" : strings.get(key.toLowerCase(Locale.ROOT));
            out.append(value == null ? text.substring(open, close + 1) : value);
            at = close + 1;
        }
        return out.append(text, at, text.length()).toString();
    }

    /** The tokens of a text that {@code [Strings]} does not define; directory numbers are none. */
    List<String> undefined(String text) {
        List<String> missing = new ArrayList<>();
        int open = text.indexOf('%');
        while (open >= 0) {
            int close = text.indexOf('%', open + 1);
            if (close < 0) {
                missing.add(text.substring(open));
                break;
            }
            String key = text.substring(open + 1, close);
            if (!key.isEmpty() && !key.matches("-?\\d+") && !strings.containsKey(key.toLowerCase(Locale.ROOT))) {
                missing.add(key);
            }
            open = text.indexOf('%', close + 1);
        }
        return missing;
    }

    List<InfProblem> problems() {
        return problems;
    }

    private void report(int line, InfRule rule, String message) {
        problems.add(new InfProblem(name, line, rule, message));
    }

    private void readLines(String[] lines) {
        InfSection current = null;
        for (int index = 0; index < lines.length; index++) {
            int number = index + 1;
            LineReader reader = new LineReader(lines[index]);
            while (reader.continues() && index + 1 < lines.length) {
                reader.append(lines[++index]);
            }
            if (reader.wrong() != null) {
                report(number, InfRule.SYNTAX, reader.wrong());
            }
            if (reader.isBlank()) {
                continue;
            }
            if (reader.header() != null) {
                current = new InfSection(reader.header(), number, new ArrayList<>());
                sections.add(current);
            } else if (current == null) {
                report(number, InfRule.SYNTAX, "a line before the first section");
            } else {
                current.entries().add(reader.entry(number));
            }
        }
    }
}
