package io.github.irqscope.cli.report;

import io.github.irqscope.cli.CommandLine;
import io.github.irqscope.cli.ExitCode;
import io.github.irqscope.cli.InputException;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.Printer;
import io.github.irqscope.cli.Progress;
import io.github.irqscope.cli.Ranges;
import io.github.irqscope.cli.Runner;
import io.github.irqscope.cli.Table;
import io.github.irqscope.cli.UsageException;
import io.github.irqscope.cli.Work;
import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.report.Comparison;
import io.github.irqscope.report.Evidence;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/** `compare`: is the second run better, worse or the same? */
public final class CompareVerb implements Runner {
    private static final int MOST_LINES = 20;

    private final Work work;
    private final CommandLine line;
    private final Progress progress;
    private boolean damaged;

    /** Takes its options from the work's words. */
    public CompareVerb(Work work) {
        this.work = work;
        this.line = work.line();
        this.progress = new Progress(work.talk(), work.showsProgress());
    }

    @Override
    public int run() {
        double tolerance = work.values().percent(Option.TOLERANCE, line.text(Option.TOLERANCE,
                Ranges.DEFAULT_TOLERANCE)) / 100;
        Path a = Inputs.path(line.operands().get(0));
        Path b = Inputs.path(line.operands().get(1));
        Comparison comparison;
        try {
            comparison = compare(a, b, tolerance);
        } finally {
            progress.clear();
        }
        if (work.json()) {
            work.out().document(comparison.toJson());
        } else {
            print(comparison);
        }
        boolean nothing = comparison.judged() == 0 && comparison.says() == Comparison.Says.UNKNOWN;
        return comparison.says() == Comparison.Says.WORSE ? ExitCode.NOT_AS_EXPECTED
                : nothing || damaged ? ExitCode.FAILURE : ExitCode.FINE;
    }

    private Comparison compare(Path a, Path b, double tolerance) {
        boolean recordings = RecordingReader.isRecording(a);
        if (recordings != RecordingReader.isRecording(b)) {
            throw new UsageException(line.verb(), "one is a recording and the other is not: two of a kind");
        }
        if (!recordings) {
            return Comparison.of(Evidence.of(name(a), Inputs.result(a)), Evidence.of(name(b), Inputs.result(b)),
                    tolerance);
        }
        Evidence one = evidence(a);
        Evidence other = evidence(b);
        try (RecordingReader again = RecordingReader.open(a); RecordingReader otherAgain = RecordingReader.open(b)) {
            return Comparison.of(one, again, other, otherAgain, tolerance,
                    progress("once more")::test);
        }
    }

    private Evidence evidence(Path path) {
        try (RecordingReader reader = RecordingReader.open(path)) {
            Evidence evidence = Evidence.of(name(path), reader, progress(""));
            damaged |= !reader.problems().isEmpty();
            for (String problem : reader.problems()) {
                work.talk().line(Printer.Tone.WARNING, evidence.name() + ": " + problem + ".");
            }
            return evidence;
        }
    }

    /* Half a run says nothing about a whole one. */
    private Predicate<RecordingReader> progress(String what) {
        Predicate<RecordingReader> goOn = Inputs.progress(work, progress, (line.verb().word() + ' ' + what).strip());
        return reader -> {
            if (!goOn.test(reader)) {
                throw new InputException("interrupted at byte " + reader.position() + " of " + reader.path()
                        + "; nothing was compared", null);
            }
            return true;
        };
    }

    private static String name(Path path) {
        return path.getFileName() == null ? path.toString() : path.getFileName().toString();
    }

    private void print(Comparison comparison) {
        Printer out = work.out();
        out.line("A: " + out.paint(Printer.Tone.STRONG, comparison.a().name()) + ": " + comparison.a().sentence());
        out.line("B: " + out.paint(Printer.Tone.STRONG, comparison.b().name()) + ": " + comparison.b().sentence());
        comparison.notes().forEach(note -> out.line(Printer.Tone.FAINT, "Note: " + note + "."));
        out.line();
        Table sum = table("IN SUM");
        comparison.sum().forEach(one -> row(sum, one.metric().text(), one));
        sum.print(out);
        List<Comparison.Line> different = comparison.different();
        if (!different.isEmpty()) {
            out.line();
            Table processors = table("BY PROCESSOR");
            for (Comparison.Line one : different.subList(0, Math.min(MOST_LINES, different.size()))) {
                row(processors, one.processor() + " " + one.metric().text(), one);
            }
            processors.print(out);
            if (different.size() > MOST_LINES) {
                out.line("  ... and " + (different.size() - MOST_LINES) + " more, which --json tells");
            }
        }
        printTurns(out, comparison.turns());
        out.line();
        out.line(tone(comparison.says()), comparison.sentence());
    }

    private static Table table(String first) {
        return new Table("  ", first, "A", "B", "CHANGE", "NOISE", "SAYS");
    }

    private static void row(Table table, String name, Comparison.Line line) {
        table.row(tone(line.says()), name, line.metric().format(line.a()), line.metric().format(line.b()),
                Comparison.percent(line.change()), Double.isNaN(line.band()) ? "unknown" : line.a() == 0
                ? "-" : String.format(Locale.ROOT, "+-%.1f %%", 100 * line.band() / line.a()), line.says().text());
    }

    private static void printTurns(Printer out, List<Comparison.Turn> turns) {
        if (turns.isEmpty()) {
            return;
        }
        out.line();
        Table table = new Table("  ", "TARGET", "A", "B", "SAYS");
        for (Comparison.Turn turn : turns.subList(0, Math.min(MOST_LINES, turns.size()))) {
            table.row(tone(turn.says()), turn.target(), Comparison.word(turn.a()), Comparison.word(turn.b()),
                    turn.says().text());
        }
        table.print(out);
        if (turns.size() > MOST_LINES) {
            out.line("  ... and " + (turns.size() - MOST_LINES) + " more, which --json tells");
        }
    }

    private static Printer.Tone tone(Comparison.Says says) {
        return switch (says) {
            case WORSE -> Printer.Tone.BAD;
            case BETTER -> Printer.Tone.GOOD;
            case MOVED, UNKNOWN -> Printer.Tone.WARNING;
            case SAME -> Printer.Tone.PLAIN;
        };
    }
}
