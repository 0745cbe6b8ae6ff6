package io.github.irqscope.validation;

import io.github.irqscope.Machine;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ProcessorSyntaxException;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Way;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a machine is held against: a list of wants, in JSON or the part of YAML that {@link DocumentReader} reads.
 * docs/expectations.md describes it. What makes no sense is refused with line, column and what was expected.
 */
public final class ExpectationFile {
    private static final int SCHEMA = 1;
    private static final int MOST_COUNT = 1_000_000;
    private static final int MOST_RATE = 90_000;
    private static final int DEFAULT_COUNT = 100;
    private static final List<String> TOP = List.of("schema", "title", "expect");
    private static final List<String> KEYS = List.of("device", "resource", "way", "group", "node", "processors",
            "count", "rate", "latency", "lost");
    private static final List<String> LATENCIES = List.of("p50", "p99", "max");
    private static final List<String> PLACES = List.of("group", "node", "processors");

    private final String text;
    private final List<Wanted> wanted = new ArrayList<>();
    private final Map<Wanted, Integer> places = new IdentityHashMap<>();
    private String title = "";

    private ExpectationFile(String text) {
        String unix = text.replace("\r\n", "\n");
        this.text = unix.startsWith("\uFEFF") ? unix.substring(1) : unix;
    }

    /**
     * The file whose text this is.
     *
     * @throws ExpectationSyntaxException when it cannot be taken
     */
    public static ExpectationFile parse(String text) {
        ExpectationFile file = new ExpectationFile(text);
        file.read(DocumentReader.read(text));
        return file;
    }

    /** What it calls itself, may be empty. */
    public String title() {
        return title;
    }

    /** In the file's order, at least one. */
    public List<Wanted> wanted() {
        return List.copyOf(wanted);
    }

    /**
     * Holds the places wanted against a machine.
     *
     * @throws ExpectationSyntaxException for a group, node or processor that it does not have
     */
    public void check(Machine machine) {
        for (Wanted one : wanted) {
            Integer place = places.get(one);
            if (place == null) {
                continue;
            }
            ProcessorSet set;
            try {
                set = one.on(machine).orElseThrow();
            } catch (ProcessorSyntaxException e) {
                throw wrong(place, e.reason());
            }
            ProcessorSet missing = set.minus(machine.active());
            if (!missing.isEmpty()) {
                throw wrong(place, "this machine has no " + missing + "; it has " + machine.active());
            }
        }
    }

    private void read(Node node) {
        Node.Mapping top = mapping(node, "\"expect:\" and a list");
        Node.Sequence list = null;
        for (Node.Mapping.Entry entry : top.entries()) {
            switch (known(entry, TOP)) {
                case "schema" -> {
                    if (whole(entry.value(), 1, Integer.MAX_VALUE) != SCHEMA) {
                        throw wrong(entry.value().at(), "schema 1 was expected; a later irqscope may read this file");
                    }
                }
                case "title" -> title = scalar(entry.value(), "a title");
                default -> {
                    if (!(entry.value() instanceof Node.Sequence sequence) || sequence.items().isEmpty()) {
                        throw wrong(entry.value().at(), "a list of what is expected, each with its device, was expected");
                    }
                    list = sequence;
                }
            }
        }
        if (list == null) {
            throw wrong(top.at(), "\"expect:\" and a list were expected");
        }
        for (Node item : list.items()) {
            readWanted(mapping(item, "\"device:\" and what is expected of it"));
        }
    }

    private void readWanted(Node.Mapping item) {
        Map<String, Node> values = new HashMap<>();
        String place = null;
        for (Node.Mapping.Entry entry : item.entries()) {
            values.put(known(entry, KEYS), entry.value());
            if (PLACES.contains(entry.key())) {
                if (place != null) {
                    throw wrong(entry.at(), "\"" + place + "\" already says where; one of group, node and processors");
                }
                place = entry.key();
            }
        }
        if (!values.containsKey("device")) {
            throw wrong(item.at(), "\"device:\" was expected; the keys are " + String.join(", ", KEYS));
        }
        int count = values.containsKey("count") ? whole(values.get("count"), 1, MOST_COUNT) : DEFAULT_COUNT;
        long[] latencies = {-1, -1, -1};
        if (values.containsKey("latency")) {
            for (Node.Mapping.Entry entry : mapping(values.get("latency"), "p50, p99 or max").entries()) {
                latencies[LATENCIES.indexOf(known(entry, LATENCIES))] = time(entry.value());
            }
        }
        Wanted one = new Wanted(scalar(values.get("device"), "a device's name"), resource(values.get("resource")),
                way(values.get("way")), place == null ? null : place(place, values.get(place)), count,
                rate(values.get("rate")), latencies[0], latencies[1], latencies[2], lost(values.get("lost"), count),
                new ExpectationSyntaxException(text, item.at(), "").line());
        wanted.add(one);
        if (place != null) {
            places.put(one, values.get(place).at());
        }
    }

    private String place(String key, Node value) {
        if (key.equals("group")) {
            return "group:" + whole(value, 0, 65534);
        }
        if (key.equals("node")) {
            return "node:" + whole(value, 0, 65535);
        }
        String set = scalar(value, "processors such as g1:0-15");
        try {
            ProcessorSet.needsMachine(set);
        } catch (ProcessorSyntaxException e) {
            boolean quoted = ((Node.Scalar) value).quoted();
            throw wrong(value.at() + e.column() - (quoted ? 0 : 1), e.reason());
        }
        if (set.isBlank()) {
            throw wrong(value.at(), "processors such as g1:0-15 were expected");
        }
        return set;
    }

    private ResourceId resource(Node value) {
        if (value == null) {
            return null;
        }
        try {
            return ResourceId.parse(scalar(value, "line:N or message:N"));
        } catch (IllegalArgumentException e) {
            throw wrong(value.at(), "line:N or message:N was expected");
        }
    }

    private Way way(Node value) {
        if (value == null) {
            return null;
        }
        String word = scalar(value, "a way to connect");
        for (Way way : Way.values()) {
            if (way.text().equals(word)) {
                return way;
            }
        }
        throw wrong(value.at(), "a way was expected: " + String.join(", ",
                Arrays.stream(Way.values()).map(Way::text).toList()));
    }

    private int rate(Node value) {
        if (value == null) {
            return 0;
        }
        String word = scalar(value, "a rate such as 1000/s");
        return whole(value, word.endsWith("/s") ? word.substring(0, word.length() - 2) : word, 1, MOST_RATE);
    }

    private long lost(Node value, int count) {
        if (value == null) {
            return -1;
        }
        String word = scalar(value, "a number of triggers, or a share such as 0.1%");
        if (!word.endsWith("%")) {
            return whole(value, word, 0, MOST_COUNT);
        }
        BigDecimal share = decimal(value, word.substring(0, word.length() - 1), "a share such as 0.1%");
        if (share.compareTo(BigDecimal.valueOf(100)) > 0) {
            throw wrong(value.at(), "a share is 0% to 100%");
        }
        return share.multiply(BigDecimal.valueOf(count)).divideToIntegralValue(BigDecimal.valueOf(100)).longValue();
    }

    private long time(Node value) {
        String expected = "a time such as 50us was expected (ns, us, ms or s)";
        String word = scalar(value, "a time such as 50us");
        String[] units = {"ns", "us", "\u00B5s", "ms", "s"};
        long[] lengths = {1, 1000, 1000, 1_000_000, 1_000_000_000};
        for (int i = 0; i < units.length; i++) {
            if (word.endsWith(units[i])) {
                BigDecimal number = decimal(value, word.substring(0, word.length() - units[i].length()).strip(),
                        "a time such as 50us");
                BigDecimal nanoseconds = number.multiply(BigDecimal.valueOf(lengths[i]));
                if (nanoseconds.compareTo(BigDecimal.valueOf(3600L * 1_000_000_000)) > 0) {
                    throw wrong(value.at(), "an hour is the most");
                }
                return nanoseconds.longValue();
            }
        }
        throw wrong(value.at(), expected);
    }

    private BigDecimal decimal(Node value, String digits, String what) {
        if (!digits.matches("[0-9]{1,12}(\\.[0-9]{1,9})?")) {
            throw wrong(value.at(), what + " was expected");
        }
        return new BigDecimal(digits);
    }

    private int whole(Node value, int least, int most) {
        return whole(value, scalar(value, "a whole number"), least, most);
    }

    private int whole(Node value, String digits, int least, int most) {
        boolean number = digits.matches("[0-9]{1,10}");
        long found = number ? Long.parseLong(digits) : -1;
        if (!number || found < least || found > most) {
            throw wrong(value.at(), "a whole number from " + least + " to " + most + " was expected");
        }
        return (int) found;
    }

    private String scalar(Node value, String what) {
        if (value instanceof Node.Scalar scalar && !(scalar.text().isEmpty() || scalar.text().equals("null")
                && !scalar.quoted())) {
            return scalar.text();
        }
        throw wrong(value.at(), what + " was expected");
    }

    private Node.Mapping mapping(Node node, String what) {
        if (node instanceof Node.Mapping mapping) {
            return mapping;
        }
        throw wrong(node.at(), what + " were expected");
    }

    private String known(Node.Mapping.Entry entry, List<String> keys) {
        if (!keys.contains(entry.key())) {
            throw wrong(entry.at(), "no such key \"" + entry.key() + "\"; one of " + String.join(", ", keys)
                    + " was expected");
        }
        return entry.key();
    }

    private ExpectationSyntaxException wrong(int at, String why) {
        return new ExpectationSyntaxException(text, at, why);
    }
}
