package io.github.irqscope.cli;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.Trace;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** Runs the command inside a test and keeps what it printed. */
final class Command {
    private boolean outIsTerminal;
    private boolean errIsTerminal;
    private boolean unicode = true;
    private boolean colors = true;
    private boolean windows;
    private Supplier<Bed> beds;
    private boolean asked;
    private String answer;
    private Surroundings surroundings;
    private String out = "";
    private String err = "";

    Command onTerminal() {
        outIsTerminal = true;
        errIsTerminal = true;
        return this;
    }

    Command withoutUnicode() {
        unicode = false;
        return this;
    }

    /** NO_COLOR is set, or the terminal is dumb. */
    Command withoutColors() {
        colors = false;
        return this;
    }

    Command onWindows() {
        windows = true;
        return this;
    }

    /** What happens when the bed is opened. */
    Command opening(Supplier<Bed> action) {
        beds = action;
        return this;
    }

    /** The machine counts as a real one, and somebody at a terminal answers so; null: nobody is there. */
    Command onARealMachine(String reply) {
        asked = true;
        answer = reply;
        return this;
    }

    Interruption interruption() {
        return surroundings.interruption();
    }

    int run(String... words) {
        return run(new ByteArrayOutputStream(), words);
    }

    int run(OutputStream target, String... words) {
        surroundings = new Surroundings(outIsTerminal, errIsTerminal, unicode, colors, 100, windows) {
            @Override
            Bed open(BedOptions options, Trace trace) {
                return beds == null ? super.open(options, trace) : beds.get();
            }

            @Override
            boolean mustAsk(Bed bed) {
                return asked || super.mustAsk(bed);
            }

            @Override
            boolean canAsk() {
                return answer != null;
            }

            @Override
            String answer() {
                return answer;
            }
        };
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        PrintStream outStream = new PrintStream(surroundings.out(target), false, StandardCharsets.UTF_8);
        int code = Main.run(words, outStream, new PrintStream(errBytes, false, StandardCharsets.UTF_8), surroundings);
        out = target.toString();
        err = errBytes.toString(StandardCharsets.UTF_8);
        return code;
    }

    String out() {
        return out;
    }

    List<String> outLines() {
        return out.lines().toList();
    }

    String err() {
        return err;
    }
}
