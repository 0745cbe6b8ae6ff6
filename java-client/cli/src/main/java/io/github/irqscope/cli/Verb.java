package io.github.irqscope.cli;

/** What the command can do. A verb stands here when it works. */
enum Verb {
    DEVICES("devices", "lists the devices that the driver is bound to, and their interrupts",
            Option.COMMON | bit(Option.DEVICE)),
    MACHINE("machine", "shows groups, processors and NUMA nodes, and where interrupts were assigned",
            Option.COMMON),
    AFFINITY("affinity", "connects each interrupt by each way and asks where it was granted",
            Option.COMMON | Option.TARGETS | bit(Option.GROUP)),
    TRIGGER("trigger", "makes a device interrupt, and counts what arrived where",
            Option.COMMON | Option.TARGETS | bit(Option.COUNT) | bit(Option.RATE) | bit(Option.BURST)
            | bit(Option.MESSAGE) | bit(Option.MASKED)),
    VALIDATE("validate", "requested, granted, observed, verdict: every way over every interrupt and group",
            Option.COMMON | Option.TARGETS | bit(Option.GROUP) | bit(Option.COUNT)),
    HELP("help", "tells about a verb", 0);

    private final String word;
    private final String purpose;
    private final int options;

    Verb(String word, String purpose, int options) {
        this.word = word;
        this.purpose = purpose;
        this.options = options;
    }

    private static int bit(Option option) {
        return 1 << option.ordinal();
    }

    String word() {
        return word;
    }

    String purpose() {
        return purpose;
    }

    boolean takes(Option option) {
        return (options & 1 << option.ordinal()) != 0;
    }

    static Verb find(String word) {
        for (Verb verb : values()) {
            if (verb.word.equals(word)) {
                return verb;
            }
        }
        return null;
    }

    static String[] words() {
        Verb[] verbs = values();
        String[] words = new String[verbs.length];
        for (int i = 0; i < verbs.length; i++) {
            words[i] = verbs[i].word;
        }
        return words;
    }
}
