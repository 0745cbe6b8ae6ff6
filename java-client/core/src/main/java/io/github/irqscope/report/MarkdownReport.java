package io.github.irqscope.report;

import io.github.irqscope.ProcessorSet;
import io.github.irqscope.validation.Latency;
import io.github.irqscope.validation.Move;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A report for pasting into an issue: the verdict, what is wrong, the busiest processors, the environment folded away. */
public final class MarkdownReport {
    private static final int MOST_TARGETS = 30;
    private static final int MOST_PROCESSORS = 16;
    private static final int MOST_MOVES = 20;

    private final StringBuilder text = new StringBuilder();

    private MarkdownReport() {
    }

    /**
     * The text.
     *
     * @param parts what it is about, at least one
     * @param tool  name and version of what makes it
     */
    public static String of(List<Evidence> parts, String tool) {
        MarkdownReport report = new MarkdownReport();
        for (Evidence part : parts) {
            report.part(part);
        }
        return report.text.append("\nMade by ").append(escape(tool)).append(".\n").toString();
    }

    private void part(Evidence part) {
        String sign = switch (part.tone()) {
            case GOOD -> "\u2705";
            case WARNING -> "\u26a0\ufe0f";
            case BAD -> "\u274c";
        };
        text.append(text.length() == 0 ? "" : "\n").append("## ").append(sign).append(' ')
                .append(escape(HtmlReport.word(part))).append("\n\n").append(escape(HtmlReport.rest(part)))
                .append("\n\n");
        text.append("| | |\n|---|---|\n");
        row("file", part.name() + ", a " + part.kind().text());
        row("ISR runs", Text.count(part.events()) + (part.nanoseconds() == 0 ? "" : " in " + Text.time(part.nanoseconds())
                + ", " + Text.rate(part.events() * 1e9 / part.nanoseconds())));
        row("processors used", Text.count(part.processors().stream().filter(at -> at.count() > 0).count()));
        row("outside of granted", Text.count(part.outside()));
        row("lost by the stream", Text.count(part.lost()));
        if (part.all().triggerToIsr() != null) {
            row("trigger to ISR", CurvePicture.label(part.all().triggerToIsr()));
        }
        if (part.all().isrToDpc() != null) {
            row("ISR to DPC", CurvePicture.label(part.all().isrToDpc()));
        }
        part.notes().forEach(note -> text.append("\n> ").append(escape(note)).append('\n'));
        targets(part);
        moves(part);
        processors(part);
        text.append("\n<details><summary>Environment</summary>\n\n| | |\n|---|---|\n");
        part.environment().forEach(fact -> row(fact.name(), fact.value()));
        text.append("\n</details>\n");
    }

    private void targets(Evidence part) {
        List<Evidence.Target> shown = new ArrayList<>(part.unexpected());
        int wrong = shown.size();
        if (part.targets().size() <= MOST_TARGETS) {
            part.targets().stream().filter(Evidence.Target::asExpected).forEach(shown::add);
        }
        if (shown.isEmpty()) {
            text.append("\nAll ").append(Text.count(part.targets().size(), "target")).append(" are as expected.\n");
            return;
        }
        boolean sends = part.kind() == Evidence.Kind.RESULT;
        text.append("\n| target | way | requested | granted | observed | ").append(sends ? "sent | arrived" : "ISR runs")
                .append(" | p99 | verdict |\n|---|---|---|---|---|").append(sends ? "--:|--:|" : "--:|")
                .append("--:|---|\n");
        for (Evidence.Target target : shown.subList(0, Math.min(MOST_TARGETS, shown.size()))) {
            Latency latency = target.latency();
            String word = HtmlReport.word(target);
            row(target.device() + " " + target.resource(), target.way(), HtmlReport.brief(target.requested()),
                    target.granted() == null ? HtmlReport.granted(target) : HtmlReport.brief(target.granted()),
                    HtmlReport.brief(ProcessorSet.of(target.observed().keySet())),
                    (sends ? Text.count(target.sent()) + " | " : "") + Text.count(target.arrived()),
                    latency == null ? "" : Text.time(latency.p99()),
                    target.asExpected() ? word : word + ": " + target.explanation());
        }
        if (shown.size() > MOST_TARGETS) {
            text.append("\n... and ").append(Text.count(shown.size() - MOST_TARGETS)).append(" more.\n");
        }
        if (shown.size() == wrong && part.targets().size() > wrong) {
            text.append("\nThe other ").append(Text.count(part.targets().size() - wrong)).append(" are as expected.\n");
        }
    }

    private void moves(Evidence part) {
        for (Move move : part.moves().subList(0, Math.min(MOST_MOVES, part.moves().size()))) {
            text.append("\n- after ").append(Text.time(move.time())).append(" the system restarted ")
                    .append(escape(move.device() + " " + move.resource())).append(": granted on ")
                    .append(escape(move.to() == null ? "nothing" : move.to().toString())).append(", before on ")
                    .append(escape(move.from() == null ? "nothing" : move.from().toString())).append('\n');
        }
    }

    private void processors(Evidence part) {
        List<Evidence.At> rows = new ArrayList<>(part.processors());
        rows.sort(Comparator.comparingLong(Evidence.At::outside).thenComparingLong(Evidence.At::count).reversed()
                .thenComparing(Evidence.At::processor));
        if (rows.isEmpty()) {
            return;
        }
        text.append("\n| processor | ISR runs | share | outside | lost | trigger to ISR p50 / p99 / max | ISR to DPC p50 / "
                + "p99 / max |\n|---|--:|--:|--:|--:|--:|--:|\n");
        for (Evidence.At at : rows.subList(0, Math.min(MOST_PROCESSORS, rows.size()))) {
            row(at.processor().toString(), Text.count(at.count()),
                    Text.percent((double) at.count() / Math.max(1, part.events())), Text.count(at.outside()),
                    Text.count(at.lost()), times(at.triggerToIsr()), times(at.isrToDpc()));
        }
        if (rows.size() > MOST_PROCESSORS) {
            text.append("\n... and ").append(Text.count(rows.size() - MOST_PROCESSORS)).append(" processors more.\n");
        }
    }

    private static String times(Curve curve) {
        return curve == null ? "" : Text.time(curve.p50()) + " / " + Text.time(curve.p99()) + " / "
                + Text.time(curve.max());
    }

    private void row(String... cells) {
        text.append('|');
        for (int i = 0; i < cells.length; i++) {
            /* The sixth of a target's row is two columns, whose border must stay. */
            text.append(' ').append(cells[i].matches("[0-9,]+ \\| [0-9,]+") ? cells[i] : escape(cells[i])).append(" |");
        }
        text.append('\n');
    }

    /** Text that is nothing but text in Markdown, in a cell of a table too. */
    static String escape(String text) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            switch (letter) {
                case '<' -> plain.append("&lt;");
                case '>' -> plain.append("&gt;");
                case '&' -> plain.append("&amp;");
                case '@' -> plain.append("&#64;"); /* mentions nobody */
                case '\\', '`', '*', '_', '[', ']', '|', '#', '~', '!' -> plain.append('\\').append(letter);
                default -> plain.append(letter < ' ' || letter >= 0x7F && letter < 0xA0 ? ' ' : letter);
            }
        }
        return plain.toString();
    }
}
