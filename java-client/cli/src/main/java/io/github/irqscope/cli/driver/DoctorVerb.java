package io.github.irqscope.cli.driver;

import io.github.irqscope.cli.ExitCode;
import io.github.irqscope.cli.Printer;
import io.github.irqscope.cli.Runner;
import io.github.irqscope.cli.Work;
import io.github.irqscope.install.Doctor;
import io.github.irqscope.install.Finding;
import java.util.Locale;

/** `doctor`: what is here, what is wrong, and the next command to type. */
public final class DoctorVerb implements Runner {
    private static final int TOPIC = 18;

    private final Work work;

    /** Makes it; nothing is looked at yet. */
    public DoctorVerb(Work work) {
        this.work = work;
    }

    @Override
    public int run() {
        Doctor.Report report = Doctor.examine();
        if (work.json()) {
            Places.document(work, json -> {
                json.name("findings").beginArray();
                for (Finding finding : report.findings()) {
                    json.beginObject().field("topic", finding.topic());
                    json.field("state", finding.state().name().toLowerCase(Locale.ROOT)).field("text", finding.text());
                    json.name("cure");
                    Places.textOrNull(json, finding.cure().isEmpty() ? null : finding.cure());
                    json.endObject();
                }
                json.endArray().field("next", report.next());
            });
            return ExitCode.FINE;
        }
        Printer out = work.out();
        for (Finding finding : report.findings()) {
            String mark = switch (finding.state()) {
                case GOOD -> out.paint(Printer.Tone.GOOD, "ok     ");
                case UNKNOWN -> out.paint(Printer.Tone.FAINT, "unknown");
                case WARNING -> out.paint(Printer.Tone.WARNING, "warning");
                case BAD -> out.paint(Printer.Tone.BAD, "bad    ");
            };
            out.line(mark + "  " + finding.topic() + " ".repeat(Math.max(1, TOPIC - finding.topic().length()))
                    + finding.text());
            if (!finding.cure().isEmpty()) {
                out.line(" ".repeat(9 + TOPIC) + "-> " + finding.cure());
            }
        }
        out.line();
        out.line(out.paint(Printer.Tone.STRONG, "Next: ") + report.next());
        return ExitCode.FINE;
    }
}
