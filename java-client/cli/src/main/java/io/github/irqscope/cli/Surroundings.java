package io.github.irqscope.cli;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.Trace;
import io.github.irqscope.policy.Journal;
import java.io.Console;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What the command runs in: terminals, width, text encoding, operating system. The launchers tell by properties what
 * they know better; a test makes its own.
 */
class Surroundings {
    private static final int DEFAULT_COLUMNS = 100;

    private final boolean outIsTerminal;
    private final boolean errIsTerminal;
    private final boolean unicode;
    private final boolean colors;
    private final int columns;
    private final boolean windows;
    private final Interruption interruption = new Interruption();
    private Remembering out;

    Surroundings(boolean outIsTerminal, boolean errIsTerminal, boolean unicode, boolean colors,
            int columns, boolean windows) {
        this.outIsTerminal = outIsTerminal;
        this.errIsTerminal = errIsTerminal;
        this.unicode = unicode;
        this.colors = colors;
        this.columns = columns;
        this.windows = windows;
    }

    static Surroundings ofProcess() {
        boolean windows = System.getProperty("os.name", "").startsWith("Windows");
        String terminals = System.getProperty("irqscope.terminals");
        boolean console = terminals == null && isConsole();
        return new Surroundings(terminals == null ? console : terminals.indexOf('1') >= 0,
                terminals == null ? console : terminals.indexOf('2') >= 0, isUnicode(), hasColors(windows),
                columns(System.getProperty("irqscope.columns", "")), windows);
    }

    /** Without the launcher's word: up to Java 21 there is a console only when input and output are terminals. */
    private static boolean isConsole() {
        if (System.console() == null) {
            return false;
        }
        if (Runtime.version().feature() < 22) {
            return true;
        }
        try {
            return (Boolean) Console.class.getMethod("isTerminal").invoke(System.console());
        } catch (ReflectiveOperationException e) {
            return false;
        }
    }

    /** The old console of Windows shows the codes of colours as they are; newer terminals say who they are. */
    private static boolean hasColors(boolean windows) {
        return !isSet("NO_COLOR") && !"dumb".equals(System.getenv("TERM"))
                && (!windows || isSet("WT_SESSION") || isSet("ConEmuANSI") || isSet("ANSICON") || isSet("TERM"));
    }

    private static boolean isSet(String variable) {
        String value = System.getenv(variable);
        return value != null && !value.isEmpty();
    }

    private static boolean isUnicode() {
        String name = System.getProperty("stdout.encoding");
        name = name == null ? System.getProperty("sun.stdout.encoding") : name;
        name = name == null ? System.getProperty("native.encoding") : name;
        name = name == null ? Charset.defaultCharset().name() : name;
        name = name.toLowerCase(Locale.ROOT);
        return name.equals("utf-8") || name.equals("utf8") || name.equals("cp65001");
    }

    private static int columns(String text) {
        int columns = 0;
        for (int i = 0; i < text.length() && columns < 1000; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return DEFAULT_COLUMNS;
            }
            columns = columns * 10 + (text.charAt(i) - '0');
        }
        return columns == 0 ? DEFAULT_COLUMNS : Math.max(40, Math.min(columns, 160));
    }

    boolean outIsTerminal() {
        return outIsTerminal;
    }

    /** A dumb terminal shows the codes that clear a line as they are. */
    boolean canRewriteLines() {
        return errIsTerminal && !"dumb".equals(System.getenv("TERM"));
    }

    boolean errIsTerminal() {
        return errIsTerminal;
    }

    /** Whether what is printed may hold more than ASCII. */
    boolean unicode() {
        return unicode;
    }

    /** What `--color auto` means where there is a terminal. */
    boolean colors() {
        return colors;
    }

    int columns() {
        return columns;
    }

    boolean isWindows() {
        return windows;
    }

    /** Whether the machine is somebody's, who is asked before it is changed; a simulated one is ours. */
    boolean mustAsk(Bed bed) {
        return !bed.isSimulated();
    }

    /** Whether somebody sits at a terminal who can answer. */
    boolean canAsk() {
        return isConsole();
    }

    /** A line that was typed; empty at the end of input. */
    String answer() {
        String answer = System.console().readLine();
        return answer == null ? "" : answer;
    }

    /** Where the journals of real machines are. */
    Path userFolder() {
        return Journal.userFolder(System.getenv());
    }

    Interruption interruption() {
        return interruption;
    }

    /** Opens a bed; trace, when not null, is told each request to a driver. */
    Bed open(BedOptions options, Trace trace) {
        return Bed.open(options, trace);
    }

    /** Standard output, which from now on tells why it failed. */
    Remembering out(OutputStream target) {
        out = new Remembering(target);
        return out;
    }

    /** The exception for an output that does not take more. A pipe whose reader has gone is nobody's mistake. */
    OutputException outFailed() {
        IOException reason = out == null ? null : out.failure();
        String text = reason == null ? "the stream failed" : OutputFile.reason(reason);
        return text.toLowerCase(Locale.ROOT).contains("pipe") ? OutputException.closedPipe()
                : new OutputException("standard output", text);
    }
}
