package io.github.irqscope.cli.report;

import io.github.irqscope.cli.CommandLine;
import io.github.irqscope.cli.ExitCode;
import io.github.irqscope.cli.InputException;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.OutputFile;
import io.github.irqscope.cli.Printer;
import io.github.irqscope.cli.Progress;
import io.github.irqscope.cli.Runner;
import io.github.irqscope.cli.UsageException;
import io.github.irqscope.cli.Work;
import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.report.Evidence;
import io.github.irqscope.report.EvidenceJson;
import io.github.irqscope.report.HtmlReport;
import io.github.irqscope.report.MarkdownReport;
import io.github.irqscope.validation.JUnitReport;
import io.github.irqscope.validation.ValidationReport;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** `report`: recordings and results as a page, or as Markdown. */
public final class ReportVerb implements Runner {
    private final Work work;
    private final CommandLine line;
    private final Progress progress;
    private ValidationReport result;
    private Path resultPath;
    private int results;
    private boolean damaged;

    /** Takes its options from the work's words. */
    public ReportVerb(Work work) {
        this.work = work;
        this.line = work.line();
        this.progress = new Progress(work.talk(), work.showsProgress());
    }

    @Override
    public int run() {
        String output = line.text(Option.OUTPUT, "-");
        boolean markdown = line.has(Option.MARKDOWN) || output.endsWith(".md") || output.endsWith(".markdown");
        if (line.has(Option.MARKDOWN) && work.json()) {
            throw new UsageException(line.verb(), "--markdown and --json are two forms; one of them");
        }
        if (output.equals("-") && !markdown && !work.json() && work.outIsTerminal()) {
            throw new UsageException(line.verb(), "a page is not for a terminal: -o FILE.html, or --markdown");
        }
        List<Path> paths = new ArrayList<>();
        for (String name : line.operands()) {
            paths.add(Inputs.path(name));
        }
        List<Evidence> parts = new ArrayList<>();
        try {
            paths.forEach(path -> parts.add(read(path)));
        } finally {
            progress.clear();
        }
        if (line.has(Option.JUNIT) && results != 1) {
            throw new UsageException(line.verb(), "--junit is for one result of validate, and here "
                    + (results == 0 ? "is none" : "are " + results));
        }
        if (work.json()) {
            work.out().document(EvidenceJson.of(parts));
        } else {
            work.out().page(markdown ? MarkdownReport.of(parts, Work.tool()) : HtmlReport.of(parts, Work.tool()));
        }
        if (line.has(Option.JUNIT)) {
            writeJUnit();
        }
        return conclude(parts, output);
    }

    private Evidence read(Path path) {
        String name = path.getFileName() == null ? path.toString() : path.getFileName().toString();
        if (!RecordingReader.isRecording(path)) {
            result = Inputs.result(path);
            resultPath = path;
            results++;
            return Evidence.of(name, result);
        }
        try (RecordingReader reader = RecordingReader.open(path)) {
            Evidence evidence = Evidence.of(name, reader, Inputs.progress(work, progress, "report"));
            damaged |= !reader.problems().isEmpty();
            return evidence;
        }
    }

    private int conclude(List<Evidence> parts, String output) {
        int code = ExitCode.FINE;
        for (Evidence part : parts) {
            for (String note : part.kind() == Evidence.Kind.RECORDING ? part.notes() : List.<String>of()) {
                work.talk().line(Printer.Tone.WARNING, part.name() + ": " + note + ".");
            }
            Printer.Tone tone = switch (part.tone()) {
                case GOOD -> Printer.Tone.GOOD;
                case WARNING -> Printer.Tone.WARNING;
                case BAD -> Printer.Tone.BAD;
            };
            if (!output.equals("-")) {
                work.talk().line(work.talk().paint(tone, part.sentence()) + (parts.size() > 1 ? " (" + part.name() + ")"
                        : ""));
            }
            code = part.asExpected() ? code : ExitCode.NOT_AS_EXPECTED;
        }
        return code == ExitCode.FINE && damaged ? ExitCode.FAILURE : code;
    }

    /* The time is the file's, so that the same file gives the same XML. */
    private void writeJUnit() {
        String name = line.text(Option.JUNIT, "");
        if (name.isEmpty()) {
            throw work.values().refuse(Option.JUNIT, name, "a file's name is missing");
        }
        try (OutputFile file = OutputFile.open(name)) {
            file.stream().print(JUnitReport.of(result, Files.getLastModifiedTime(resultPath).toInstant()));
            file.keep();
        } catch (IOException e) {
            throw new InputException(resultPath + ": " + e.getMessage(), e);
        }
    }
}
