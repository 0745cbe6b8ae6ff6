package io.github.irqscope.cli;

import io.github.irqscope.cli.driver.DoctorVerb;
import io.github.irqscope.cli.driver.DriverVerb;
import io.github.irqscope.cli.driver.InfVerb;
import io.github.irqscope.cli.policy.PolicyVerb;
import io.github.irqscope.cli.recording.RecordVerb;
import io.github.irqscope.cli.recording.ReplayVerb;
import io.github.irqscope.cli.report.CompareVerb;
import io.github.irqscope.cli.report.ReportVerb;
import io.github.irqscope.cli.watch.WatchVerb;

/** What the command can do. A verb stands here when it works. */
public enum Verb {
    DEVICES("devices", "lists the devices that the driver is bound to, and their interrupts",
            Operands.NONE, Option.COMMON | Option.DEVICE.bit()),
    MACHINE("machine", "shows groups, processors and NUMA nodes, and where interrupts were assigned",
            Operands.NONE, Option.COMMON),
    AFFINITY("affinity", "connects each interrupt by each way and asks where it was granted",
            Operands.NONE, Option.COMMON | Option.TARGETS | Option.GROUP.bit()),
    TRIGGER("trigger", "makes a device interrupt, and counts what arrived where",
            Operands.NONE, Option.COMMON | Option.TARGETS | Option.COUNT.bit() | Option.RATE.bit()
            | Option.BURST.bit() | Option.MESSAGE.bit() | Option.MASKED.bit()
            | Option.NEIGHBOURS.bit()),
    VALIDATE("validate", "requested, granted, observed, verdict: every way over every interrupt and group",
            Operands.NONE, Option.COMMON | Option.TARGETS | Option.GROUP.bit() | Option.COUNT.bit()
            | Option.SWEEP.bit() | Option.EXPECT.bit() | Option.DRIFT.bit() | Option.STOP_AT.bit()
            | Option.JUNIT.bit() | Option.YES.bit()),
    POLICY("policy", "shows, sets, keeps and restores what a device asks Windows for",
            new Operands("show|set|restore|backup [FILE]", 1, 2), Option.COMMON | Option.DEVICE.bit()
            | Option.POLICY.bit() | Option.PROCESSORS.bit() | Option.PRIORITY.bit() | Option.MESSAGES.bit()
            | Option.SYSTEM_KEYS.bit() | Option.DRY_RUN.bit() | Option.BACKUP.bit() | Option.YES.bit()),
    DRIVER("driver", "puts the driver on a device, takes it away, tells where it is",
            new Operands("install|remove|status", 1, 1), Option.PRINTING | Option.DEVICE.bit() | Option.INF.bit()
            | Option.FILES.bit()),
    INF("inf", "prints the INF that would be installed, or checks one",
            new Operands("[FILE]", 0, 1), Option.PRINTING | Option.DEVICE.bit() | Option.FILES.bit()),
    DOCTOR("doctor", "what is here, what is wrong, and the next command to type",
            Operands.NONE, Option.PRINTING),
    WATCH("watch", "shows live where interrupts run: granted, rate, and what ran outside",
            Operands.NONE, Option.COMMON | Option.TARGETS | Option.DURATION.bit() | Option.LOAD.bit()),
    RECORD("record", "writes everything that a device's event stream carries into a file",
            Operands.NONE, Option.COMMON | Option.TARGETS | Option.DURATION.bit() | Option.LOAD.bit()),
    REPLAY("replay", "shows a recording as a live device is shown, or exports it",
            new Operands("FILE", 1, 1), Option.PRINTING | Option.AT.bit() | Option.DURATION.bit()
            | Option.SPEED.bit() | Option.EXPORT.bit()),
    COMPARE("compare", "says whether a run is better than another, worse, or the same",
            new Operands("A B", 2, 2), Option.PRINTING | Option.TOLERANCE.bit()),
    REPORT("report", "makes a page, or Markdown, of recordings and results",
            new Operands("FILE...", 1, 1000), Option.PRINTING | Option.MARKDOWN.bit() | Option.JUNIT.bit()),
    COMPLETION("completion", "prints what a shell needs to complete verbs, options and values",
            new Operands("bash|zsh|fish|powershell", 1, 1), Option.OUTPUT.bit()),
    HELP("help", "tells about a verb", new Operands("[VERB]", 0, 1), 0);

    /** The plain words behind a verb: how help shows them, and how many there may be. */
    record Operands(String shown, int least, int most) {
        static final Operands NONE = new Operands("", 0, 0);
    }

    private final String word;
    private final String purpose;
    private final Operands operands;
    private final long options;

    Verb(String word, String purpose, Operands operands, long options) {
        this.word = word;
        this.purpose = purpose;
        this.operands = operands;
        this.options = options;
    }

    /** What does it. A switch and no constructor references: those would cost each start, also that of --help. */
    Runner runner(Work work) {
        return switch (this) {
            case DEVICES -> new DevicesVerb(work);
            case MACHINE -> new MachineVerb(work);
            case AFFINITY, VALIDATE -> new ValidateVerb(work);
            case TRIGGER -> new TriggerVerb(work);
            case POLICY -> new PolicyVerb(work);
            case DRIVER -> new DriverVerb(work);
            case INF -> new InfVerb(work);
            case DOCTOR -> new DoctorVerb(work);
            case WATCH -> new WatchVerb(work);
            case RECORD -> new RecordVerb(work);
            case REPLAY -> new ReplayVerb(work);
            case COMPARE -> new CompareVerb(work);
            case REPORT -> new ReportVerb(work);
            case COMPLETION -> new Completion(work);
            case HELP -> throw new IllegalStateException("help needs no work");
        };
    }

    public String word() {
        return word;
    }

    public String purpose() {
        return purpose;
    }

    Operands operands() {
        return operands;
    }

    /** Whether --output names a file that the verb writes itself, piece by piece, instead of whole or not at all. */
    boolean writesItsFile() {
        return this == RECORD;
    }

    public boolean takes(Option option) {
        return (options & option.bit()) != 0;
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
