package io.github.irqscope.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The texts of help and version. */
final class Help {
    private static final int VERB_WIDTH = 12;
    private static final int VALUE_COLUMN = 34;
    private static final int COLUMNS = 100;

    private static final String[] EXITS = {
        "0    fine",
        "1    a verdict is not as expected",
        "2    usage",
        "3    no driver or device",
        "4    access denied",
        "5    driver and client speak different contracts",
        "6    a reboot or restart is needed",
        "7    I/O or internal error",
        "130  interrupted",
        "141  the reader of the output has gone, as in | head -1; what was left was not done"};

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
            out.line("  " + out.paint(Printer.Tone.STRONG, pad(verb.word(), VERB_WIDTH)) + verb.purpose());
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
        out.line("Usage: irqscope " + verb.word() + (verb.operands().most() == 0 ? "" : " " + verb.operands().shown())
                + (verb == Verb.HELP ? "" : " [options]"));
        out.line();
        String text = text(verb);
        int examples = text.indexOf("\nExamples:\n");
        out.text(text.substring(0, examples));
        if (verb != Verb.HELP) {
            options(out, verb, "Options", 0);
            options(out, verb, "Where", 1);
            options(out, verb, "The simulated machine (not with a real bed)", 2);
            options(out, verb, "Output", 3);
        }
        out.text(text.substring(examples));
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
            describe(out, pad(line.toString(), VALUE_COLUMN) + option.purpose(), Ranges.text(verb, option));
        }
    }

    /** The range stands behind the purpose where there is room, else below it. */
    private static void describe(Printer out, String purpose, String range) {
        if (range.isEmpty() || purpose.length() + 1 + range.length() <= COLUMNS) {
            out.line(range.isEmpty() ? purpose : purpose + ' ' + range);
            return;
        }
        out.line(purpose);
        StringBuilder line = new StringBuilder(" ".repeat(VALUE_COLUMN - 1));
        for (String word : range.split(" ")) {
            if (line.length() + 1 + word.length() > COLUMNS) {
                out.line(line.toString());
                line.setLength(VALUE_COLUMN - 1);
            }
            line.append(' ').append(word);
        }
        out.line(line.toString());
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

    /* What a verb does, an empty line, "Examples:", and examples: a file for each verb. */
    private static String text(Verb verb) {
        return resource("help/" + verb.word() + ".txt");
    }

    private static String resource(String name) {
        try (InputStream stream = Help.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("this build has no " + name);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void version(Printer out) {
        String version = Main.class.getPackage().getImplementationVersion();
        String commit = resource("commit.txt").strip();
        out.line("irqscope " + (version == null ? "(not built as a jar)" : version) + ", commit " + commit + ", Java "
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
