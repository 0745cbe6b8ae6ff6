package io.github.irqscope.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the driver's header asserts, read from its own lines. */
public final class ContractHeader {
    private static final Pattern NUMBER = Pattern.compile(
            "^IRQSCOPE_(CODE|VALUE)\\(IRQSCOPE_(\\w+), (0x[0-9A-Fa-f]+|[0-9]+)\\);$", Pattern.MULTILINE);
    private static final Pattern LAYOUT = Pattern.compile(
            "^IRQSCOPE_LAYOUT\\(IRQSCOPE_(\\w+), ([0-9]+)\\);$", Pattern.MULTILINE);
    private static final Pattern FIELD = Pattern.compile(
            "^IRQSCOPE_FIELD\\(IRQSCOPE_(\\w+), (\\w+), ([0-9]+)\\);$", Pattern.MULTILINE);
    private static final Pattern ASSERTING_LINE = Pattern.compile("^IRQSCOPE_(CODE|VALUE|LAYOUT|FIELD)\\(.*$",
            Pattern.MULTILINE);
    private static final Pattern GUID = Pattern.compile(
            "class: \\{([0-9a-f-]{36})\\}[^#]*#define IRQSCOPE_INTERFACE_GUID (.*)$", Pattern.MULTILINE);

    private final String text;

    private ContractHeader(String text) {
        this.text = text;
    }

    public static ContractHeader read() throws IOException {
        return new ContractHeader(Files.readString(root().resolve("driver-src/contract/irqscope_contract.h")));
    }

    /** The folder that holds the whole project: told by a property, else found above this one. */
    public static Path root() {
        String told = System.getProperty("irqscope.root", "");
        Path folder = told.isEmpty() ? Path.of("").toAbsolutePath() : Path.of(told);
        while (folder != null && !Files.exists(folder.resolve("driver-src/contract/irqscope_contract.h"))) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException("no folder above " + Path.of("").toAbsolutePath() + " holds driver-src");
        }
        return folder;
    }

    /** Codes: name without its prefix to number. */
    public Map<String, Integer> codes() {
        return numbers("CODE");
    }

    /** Values: name without its prefix to number, as 32 bits. */
    public Map<String, Integer> values() {
        return numbers("VALUE");
    }

    /** Structures: name without its prefix to size. */
    public Map<String, Integer> sizes() {
        Map<String, Integer> sizes = new LinkedHashMap<>();
        Matcher line = LAYOUT.matcher(text);
        while (line.find()) {
            sizes.put(line.group(1), Integer.parseInt(line.group(2)));
        }
        return sizes;
    }

    /** Structures: name without its prefix to field to offset, in the header's order. */
    public Map<String, Map<String, Integer>> offsets() {
        Map<String, Map<String, Integer>> offsets = new LinkedHashMap<>();
        Matcher line = FIELD.matcher(text);
        while (line.find()) {
            offsets.computeIfAbsent(line.group(1), name -> new LinkedHashMap<>())
                    .put(line.group(2), Integer.parseInt(line.group(3)));
        }
        return offsets;
    }

    /** Lines that assert something. Fewer understood than there are would be a blind test. */
    public int assertingLines() {
        return (int) ASSERTING_LINE.matcher(text).results()
                .filter(line -> !line.group().contains("\\"))
                .count();
    }

    /** The interface class as the comment writes it. */
    public String guidInComment() {
        return guid().group(1);
    }

    /** The interface class as the macro writes it, as hexadecimal digits only. */
    public String guidInMacro() {
        Matcher number = Pattern.compile("0x([0-9a-f]+)").matcher(guid().group(2));
        StringBuilder digits = new StringBuilder();
        while (number.find()) {
            digits.append(number.group(1));
        }
        return digits.toString();
    }

    private Matcher guid() {
        Matcher guid = GUID.matcher(text);
        if (!guid.find()) {
            throw new IllegalStateException("the header tells no interface class");
        }
        return guid;
    }

    private Map<String, Integer> numbers(String kind) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        Matcher line = NUMBER.matcher(text);
        while (line.find()) {
            if (line.group(1).equals(kind)) {
                numbers.put(line.group(2), Long.decode(line.group(3)).intValue());
            }
        }
        return numbers;
    }
}
