package io.github.irqscope.cli;

/** The texts of help and version. */
final class Help {
    /** Tests compare these with the library's. */
    static final String[] WAYS = {"io-connect-interrupt", "fully-specified", "fully-specified-group", "line-based",
        "message-based"};

    private static final int VALUE_COLUMN = 34;

    private static final String[] EXITS = {
        "0    fine",
        "1    a verdict is not as expected",
        "2    usage",
        "3    no driver or device",
        "4    access denied",
        "5    driver and client speak different contracts",
        "6    a reboot or restart is needed",
        "7    I/O or internal error",
        "130  interrupted"};

    private Help() {
    }

    static void general(Printer out) {
        out.line(out.paint(Printer.Tone.STRONG, "irqscope") + ": where did the interrupts land that a device asked "
                + "for?");
        out.line("requested -> granted (IoGetAffinityInterrupt) -> observed (where each ISR ran) -> verdict");
        out.line();
        out.line("Usage: irqscope VERB [options]");
        out.line();
        for (Verb verb : Verb.values()) {
            out.line("  " + out.paint(Printer.Tone.STRONG, pad(verb.word(), 10)) + verb.purpose());
        }
        out.line();
        out.line("irqscope VERB --help tells the options of a verb, with examples. irqscope --version tells the "
                + "version.");
        out.line("Without Windows a simulated machine takes the place of driver and hardware, and says so.");
        out.line();
        exits(out);
    }

    static void verb(Printer out, Verb verb) {
        out.line(out.paint(Printer.Tone.STRONG, "irqscope " + verb.word()) + ": " + verb.purpose());
        out.line();
        out.line("Usage: irqscope " + verb.word() + (verb == Verb.HELP ? " [VERB]" : " [options]"));
        out.line();
        for (String line : about(verb)) {
            out.line(line);
        }
        if (verb != Verb.HELP) {
            options(out, verb, "Options", 0);
            options(out, verb, "Where", 1);
            options(out, verb, "The simulated machine (not with a real bed)", 2);
            options(out, verb, "Output", 3);
        }
        out.line();
        out.line("Examples:");
        for (String line : examples(verb)) {
            out.line("  " + line);
        }
        if (verb != Verb.HELP) {
            out.line();
            exits(out);
        }
    }

    private static void options(Printer out, Verb verb, String title, int section) {
        boolean titled = false;
        for (Option option : Option.values()) {
            if (section(option) != section || !verb.takes(option) && option != Option.HELP) {
                continue;
            }
            if (!titled) {
                out.line();
                out.line(title + ":");
                titled = true;
            }
            StringBuilder line = new StringBuilder("  ");
            line.append(option.letter() == '\0' ? "    " : "-" + option.letter() + ", ");
            line.append(option.spelling());
            if (option.value() != null) {
                line.append(' ').append(option.value());
            }
            out.line(pad(line.toString(), VALUE_COLUMN) + option.purpose());
        }
    }

    private static int section(Option option) {
        if (option.isSimulated()) {
            return 2;
        }
        if (option == Option.BED || option == Option.BED_NAME) {
            return 1;
        }
        if (option == Option.JSON || option == Option.OUTPUT || option == Option.COLOR || option == Option.VERBOSE
                || option == Option.HELP) {
            return 3;
        }
        return option == Option.VERSION ? 4 : 0;
    }

    private static void exits(Printer out) {
        out.line("Exit codes:");
        for (String line : EXITS) {
            out.line("  " + line);
        }
    }

    private static String[] about(Verb verb) {
        switch (verb) {
            case DEVICES:
                return new String[] {
                    "For each device: what it is, its state, and each interrupt that the PnP manager assigned to it",
                    "(vector, level, processors)."};
            case MACHINE:
                return new String[] {
                    "A grid of processors for each group; the digit in a cell counts the assigned interrupts that",
                    "may run there."};
            case AFFINITY:
                return new String[] {
                    "Connects, asks, disconnects; nothing is triggered. Without --processors or --group each",
                    "interrupt is asked for as it was assigned. With them, on a simulated machine, a policy is",
                    "written, the device restarted, and the old policy put back; on a real bed no policy is written",
                    "and nothing restarted: the processors are handed to the connect, and the kernel's answer shown.",
                    "",
                    "Ways: io-connect-interrupt, fully-specified, fully-specified-group, line-based, message-based."};
            case TRIGGER:
                return new String[] {
                    "Connects one interrupt (or all messages) by one way, raises it --count times, and reports sent,",
                    "arrived, lost, spurious, and where. Without --burst one trigger is outstanding at a time, and",
                    "each ISR is timed. --masked is the negative test: exit 0 when nothing fired."};
            case VALIDATE:
                return new String[] {
                    "Every way over every interrupt, on a simulated machine in every group (by policy and restart of",
                    "the device; the old policy is put back). On a real bed no policy is written and nothing",
                    "restarted. A refusal that the rules demand is as expected. Exit 0 when all is as expected,",
                    "else 1.",
                    "",
                    "Ways: io-connect-interrupt, fully-specified, fully-specified-group, line-based, message-based.",
                    "Faults: lost, late, spurious, stuck, storm, gone, retarget, wrong-group, outside-mask, fall-back,",
                    "never-fires, refused; each may be followed by device=NAME, after=N, count=N."};
            default:
                return new String[] {"With a verb, what that verb does, its options and examples."};
        }
    }

    private static String[] examples(Verb verb) {
        switch (verb) {
            case DEVICES:
                return new String[] {
                    "irqscope devices",
                    "irqscope devices --device igb0 --json",
                    "irqscope devices --machine 1x8 --profile nt52"};
            case MACHINE:
                return new String[] {
                    "irqscope machine",
                    "irqscope machine --machine 32x64"};
            case AFFINITY:
                return new String[] {
                    "irqscope affinity --device edu0",
                    "irqscope affinity --device edu0 --way fully-specified-group --processors \"g1:0-3\"",
                    "irqscope affinity --group 1 --json"};
            case TRIGGER:
                return new String[] {
                    "irqscope trigger --device edu0 --count 1000",
                    "irqscope trigger --device igb0 --message all --count 100 --rate 1000/s",
                    "irqscope trigger --device e1000e0 --message 2 --burst 16 --count 160",
                    "irqscope trigger --device edu0 --masked"};
            case VALIDATE:
                return new String[] {
                    "irqscope validate",
                    "irqscope validate --machine 2x64 --profile win10 --seed 7",
                    "irqscope validate --device edu0 --processors \"g1:4-7\" --count 1000",
                    "irqscope validate --fault lost,device=edu0,after=10",
                    "irqscope validate --json -o report.json"};
            default:
                return new String[] {"irqscope help validate"};
        }
    }

    static void version(Printer out) {
        String version = Main.class.getPackage().getImplementationVersion();
        out.line("irqscope " + (version == null ? "(not built as a jar)" : version) + ", Java "
                + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.arch"));
    }

    private static String pad(String text, int width) {
        StringBuilder padded = new StringBuilder(text);
        do {
            padded.append(' ');
        } while (padded.length() < width);
        return padded.toString();
    }
}
