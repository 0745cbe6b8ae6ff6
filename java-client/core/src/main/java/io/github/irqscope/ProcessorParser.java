package io.github.irqscope;

/**
 * Reads what a user writes for a set of processors. Items stand between blanks:
 * <pre>
 * item   = "all" | "node:" ranges | "group:" ranges | "g" number ":" part { "," part }
 * part   = "0x" hexadecimal mask | range
 * ranges = range { "," range }
 * range  = number [ "-" number ]
 * </pre>
 * Without a machine {@code all}, {@code group:N} and {@code node:N} are checked for their form, and cannot be resolved.
 */
final class ProcessorParser {
    private static final int HIGHEST_NODE = 0xFFFF; /* KeQueryHighestNodeNumber returns a USHORT */
    private static final int MOST_DIGITS = 16;

    private final String text;
    private final Machine machine;
    private int at;

    ProcessorParser(String text, Machine machine) {
        this.text = text;
        this.machine = machine;
    }

    ProcessorSet parse() {
        ProcessorSet set = ProcessorSet.empty();
        skipBlanks();
        while (at < text.length()) {
            int start = at;
            ProcessorSet item = item();
            if (item == null) {
                throw wrong(start, "only a machine can say which processors " + text.substring(start, at).strip()
                        + " means");
            }
            set = set.plus(item);
        }
        return set;
    }

    boolean needsMachine() {
        boolean needs = false;
        skipBlanks();
        while (at < text.length()) {
            needs |= item() == null;
        }
        return needs;
    }

    /* Null: there is no machine to resolve it by. */
    private ProcessorSet item() {
        ProcessorSet item;
        if (word("all")) {
            item = machine == null ? null : machine.active();
        } else if (word("node:")) {
            item = nodes();
        } else if (word("group:")) {
            item = groups();
        } else if (word("g")) {
            item = group();
        } else {
            throw wrong(at, "a group such as g0:, a node such as node:0, or all was expected");
        }
        if (at < text.length() && !Character.isWhitespace(text.charAt(at))) {
            throw wrong(at, text.charAt(at - 1) == 'l' || text.charAt(at - 1) == 'L' ? "a blank was expected"
                    : "a comma or a blank was expected");
        }
        skipBlanks();
        return item;
    }

    private ProcessorSet groups() {
        ProcessorSet item = machine == null ? null : ProcessorSet.empty();
        do {
            int start = at;
            int first = number(ProcessorSet.HIGHEST_GROUP, "a group's number");
            int last = last(start, first, ProcessorSet.HIGHEST_GROUP, "a group's number");
            for (int group = first; group <= last && machine != null; group++) {
                ProcessorSet all = machine.active().inGroup(group);
                if (all.isEmpty()) {
                    throw wrong(start, "this machine has no group " + group + "; it has " + span("group",
                            machine.active().masks().firstKey(), machine.active().masks().lastKey()));
                }
                item = item.plus(all);
            }
        } while (take(','));
        return item;
    }

    private static String span(String what, int first, int last) {
        return first == last ? what + " " + first : "the " + what + "s " + first + " to " + last;
    }

    private ProcessorSet nodes() {
        ProcessorSet item = machine == null ? null : ProcessorSet.empty();
        do {
            int start = at;
            int first = number(HIGHEST_NODE, "a node's number");
            int last = last(start, first, HIGHEST_NODE, "a node's number");
            for (int node = first; node <= last && machine != null; node++) {
                item = item.plus(node(start, node));
            }
        } while (take(','));
        return item;
    }

    private ProcessorSet node(int start, int number) {
        for (Machine.Node node : machine.nodes()) {
            if (node.number() == number) {
                return node.processors();
            }
        }
        throw wrong(start, "this machine has no node " + number + "; it has " + span("node", machine.nodes().get(0).number(),
                machine.nodes().get(machine.nodes().size() - 1).number()));
    }

    private ProcessorSet group() {
        int start = at - 1;
        int group = number(ProcessorSet.HIGHEST_GROUP, "a group's number");
        if (!take(':')) {
            throw wrong(at, "a colon was expected after " + text.substring(start, at));
        }
        long mask = 0;
        do {
            mask |= word("0x") ? hexadecimal() : range();
        } while (take(','));
        return ProcessorSet.of(group, mask);
    }

    private long range() {
        int start = at;
        int first = number(ProcessorSet.HIGHEST_NUMBER, "a processor's number");
        int last = last(start, first, ProcessorSet.HIGHEST_NUMBER, "a processor's number");
        return -1L >>> ProcessorSet.HIGHEST_NUMBER - (last - first) << first;
    }

    private int last(int start, int first, int highest, String what) {
        if (!take('-')) {
            return first;
        }
        int last = number(highest, what);
        if (last < first) {
            throw wrong(start, "the range " + first + "-" + last + " runs backwards");
        }
        return last;
    }

    private long hexadecimal() {
        int start = at;
        long mask = 0;
        while (at < text.length() && Character.digit(text.charAt(at), 16) >= 0 && text.charAt(at) < 0x80) {
            if (at - start == MOST_DIGITS) {
                throw wrong(at, "a group's mask has 16 hexadecimal digits at most");
            }
            mask = mask << 4 | Character.digit(text.charAt(at), 16);
            at++;
        }
        if (at == start) {
            throw wrong(at, "a hexadecimal digit was expected");
        }
        if (mask == 0) {
            throw wrong(start, "the mask names no processor");
        }
        return mask;
    }

    private int number(int highest, String what) {
        int start = at;
        int value = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            value = Math.min(value * 10 + (text.charAt(at) - '0'), highest + 1);
            at++;
        }
        if (at == start) {
            throw wrong(at, what + " was expected");
        }
        if (value > highest) {
            throw wrong(start, what + " is 0 to " + highest);
        }
        return value;
    }

    private boolean word(String word) {
        boolean there = text.regionMatches(true, at, word, 0, word.length());
        at += there ? word.length() : 0;
        return there;
    }

    private boolean take(char letter) {
        boolean there = at < text.length() && text.charAt(at) == letter;
        at += there ? 1 : 0;
        return there;
    }

    private void skipBlanks() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private ProcessorSyntaxException wrong(int position, String why) {
        return new ProcessorSyntaxException(text, position + 1, why);
    }
}
