package io.github.irqscope.cli.recording;

import io.github.irqscope.cli.CommandLine;
import io.github.irqscope.cli.ExitCode;
import io.github.irqscope.cli.MissingException;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.OutputException;
import io.github.irqscope.cli.Printer;
import io.github.irqscope.cli.Progress;
import io.github.irqscope.cli.Runner;
import io.github.irqscope.cli.Table;
import io.github.irqscope.cli.UsageException;
import io.github.irqscope.cli.Work;
import io.github.irqscope.cli.watch.Clock;
import io.github.irqscope.cli.watch.Meter;
import io.github.irqscope.cli.watch.Palette;
import io.github.irqscope.cli.watch.Picture;
import io.github.irqscope.cli.watch.Sight;
import io.github.irqscope.cli.watch.Viewer;
import io.github.irqscope.export.Export;
import io.github.irqscope.export.ExportFormat;
import io.github.irqscope.json.JsonWriter;
import io.github.irqscope.recording.Playback;
import io.github.irqscope.recording.RecordingHeader;
import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.recording.RunHandler;
import io.github.irqscope.recording.Tally;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** `replay`: a recording, shown as a live device is, or in the form of another tool. */
public final class ReplayVerb implements Runner {
    private static final long LONG = 3600L * 1_000_000_000L;

    private final Work work;
    private final CommandLine line;
    private final ExportFormat format;
    private final long from;
    private final long length;
    private final double speed;

    /** Takes its options from the work's words. */
    public ReplayVerb(Work work) {
        this.work = work;
        this.line = work.line();
        this.format = line.has(Option.EXPORT) ? format(line.text(Option.EXPORT, "")) : null;
        this.from = line.has(Option.AT) ? work.values().duration(Option.AT, line.text(Option.AT, "")) : 0;
        this.length = line.has(Option.DURATION)
                ? work.values().duration(Option.DURATION, line.text(Option.DURATION, "")) : Long.MAX_VALUE;
        this.speed = line.has(Option.SPEED) ? work.values().speed(line.text(Option.SPEED, "")) : 0;
        if (format != null && speed > 0) {
            throw new UsageException(line.verb(), "--export writes it as fast as it can; --speed is for looking at it");
        }
        if (format == ExportFormat.PERFETTO && work.outIsTerminal()) {
            throw new UsageException(line.verb(), "a Perfetto trace is no text: -o FILE");
        }
    }

    private ExportFormat format(String word) {
        String[] words = new String[ExportFormat.values().length];
        for (ExportFormat one : ExportFormat.values()) {
            words[one.ordinal()] = one.text();
        }
        work.values().choice(Option.EXPORT, word, words);
        return Arrays.stream(ExportFormat.values()).filter(one -> one.text().equals(word)).findFirst().orElseThrow();
    }

    @Override
    public int run() {
        try (RecordingReader reader = open(line.operands().get(0))) {
            if (from > 0 || length != Long.MAX_VALUE) {
                reader.window(from, length);
            }
            if (format != null) {
                export(reader);
            } else if (speed > 0) {
                play(reader);
            } else {
                Tally tally = new Tally(reader.header());
                Meter meter = new Meter(tally, Long.MAX_VALUE, 0);
                read(reader, tally);
                if (work.json()) {
                    work.out().document(json(reader, tally));
                } else {
                    print(reader, tally, meter);
                }
            }
            return conclude(reader);
        }
    }

    private RecordingReader open(String name) {
        try {
            return RecordingReader.open(Path.of(name));
        } catch (InvalidPathException e) {
            throw new MissingException(name + ": " + e.getReason());
        }
    }

    private void export(RecordingReader reader) {
        try {
            Export export = format.to(reader, work.data());
            read(reader, export);
            export.end(reader);
        } catch (UncheckedIOException e) {
            throw new OutputException(line.text(Option.OUTPUT, "standard output"), e.getCause().getMessage());
        }
    }

    /** As `watch` shows a live device. */
    private void play(RecordingReader reader) {
        try (Playback playback = new Playback(reader, from); Viewer viewer = new Viewer(work)) {
            Viewer.End end = viewer.show(playback, Clock.held(playback::now, "recorded time", speed), 0);
            boolean stays = end == Viewer.End.SOURCE && viewer.isFullScreen();
            while (stays && !viewer.pause("The recording has ended; q leaves", LONG)) {
                work.checkOutput();
            }
        }
    }

    private void read(RecordingReader reader, RunHandler handler) {
        Progress progress = new Progress(work.talk(), work.showsProgress());
        while (!work.interruption().isRaised() && reader.next(handler)) {
            progress.show("replay", reader.position(), reader.size(), Units.bytes(reader.position()) + " of "
                    + Units.bytes(reader.size()));
            work.checkOutput();
        }
        progress.clear();
    }

    /** What is missing was named: a script must be able to tell a whole recording from one that is not. */
    private int conclude(RecordingReader reader) {
        for (String problem : reader.problems()) {
            work.talk().line(Printer.Tone.WARNING, reader.path() + ": " + problem + ".");
        }
        return reader.problems().isEmpty() ? ExitCode.FINE : ExitCode.FAILURE;
    }

    // ---- Views ---------------------------------------------------------------------------------------------------

    private void print(RecordingReader reader, Tally tally, Meter meter) {
        Printer out = work.out();
        RecordingHeader header = reader.header();
        out.line(Printer.Tone.STRONG, "Recording of " + header.started() + " by " + header.tool() + ", bed "
                + header.bed() + (header.made() == null ? "" : ", simulated machine " + header.made()) + ".");
        out.line(Units.count(tally.events(), "event") + " in " + Units.time(tally.nanoseconds()) + " on "
                + Units.count(tally.rows().size(), "processor") + ", "
                + (reader.lost() == 0 ? "none lost" : Units.count(reader.lost()) + " lost") + "; "
                + ended(reader) + ".");
        out.line();
        Sight sight = meter.look(Math.max(1, tally.nanoseconds()), List.of(), "");
        Picture.still(sight, out.columns()).lines(Palette.of(out), work.unicode()).forEach(out::line);
        out.line();
        Table targets = new Table("  ", "TARGET", "WAY", "EVENTS", "OUTSIDE", "REQUESTED", "GRANTED");
        for (Tally.TargetRow target : tally.targets()) {
            targets.row(target.outside() == 0 ? Printer.Tone.PLAIN : Printer.Tone.BAD,
                    target.feed().device() + " " + target.target().resource(), target.link().way(),
                    Long.toString(target.count()), Long.toString(target.outside()),
                    target.target().requested().toString(),
                    target.target().granted() == null ? "not known" : target.target().granted().toString());
        }
        targets.print(out);
        out.line();
        printProcessors(out, tally);
    }

    private String ended(RecordingReader reader) {
        String reason = reader.reason().orElse("");
        String end = switch (reason) {
            case "duration" -> "ended when its time was up";
            case "interrupted" -> "ended by an interruption";
            case "device" -> "ended because the device went away";
            default -> reason.isEmpty() ? "it has no end" : "ended: " + reason;
        };
        return end + (from > 0 || length != Long.MAX_VALUE ? "; shown from " + Units.time(from)
                + (length == Long.MAX_VALUE ? " on" : " to " + Units.time(from + length)) : "");
    }

    static void printProcessors(Printer out, Tally tally) {
        Table table = new Table("  ", "PROCESSOR", "EVENTS", "RATE", "SHARE", "LOST", "OUTSIDE", "P50", "P99", "MAX",
                "LATENCY OF");
        for (Tally.Row row : tally.rows()) {
            Tally.Times times = row.triggerToIsr().count() > 0 ? row.triggerToIsr() : row.isrToDpc();
            table.row(row.outside() == 0 ? Printer.Tone.PLAIN : Printer.Tone.BAD, row.processor().toString(),
                    Long.toString(row.count()), Units.rate(tally.rate(row.count())),
                    Units.share((double) row.count() / Math.max(1, tally.events())), Long.toString(row.lost()),
                    Long.toString(row.outside()), text(row, times, 50), text(row, times, 99), text(row, times, 100),
                    row.triggerToIsr().count() > 0 ? "trigger to ISR" : "ISR to DPC");
        }
        table.print(out);
    }

    private static String text(Tally.Row row, Tally.Times times, double percent) {
        return times.count() == 0 ? "-" : Units.time(row.nanoseconds(times.percentile(percent)));
    }

    private static String json(RecordingReader reader, Tally tally) {
        JsonWriter json = new JsonWriter();
        json.beginObject().field("schema", 1).field("bed", reader.header().bed()).name("recording");
        reader.header().writeTo(json);
        json.field("ended", reader.reason().orElse(null)).field("nanoseconds", tally.nanoseconds())
                .field("events", tally.events()).field("lost", reader.lost()).name("targets").beginArray();
        for (Tally.TargetRow target : tally.targets()) {
            json.beginObject().field("device", target.feed().device()).field("resource", target.target().resource())
                    .field("requested", target.target().requested().toString())
                    .field("granted", target.target().granted() == null ? null : target.target().granted().toString())
                    .name("observed").beginObject();
            for (Tally.Row row : tally.rows()) {
                if (target.observed(row.processor()) > 0) {
                    json.field(row.processor().toString(), target.observed(row.processor()));
                }
            }
            json.endObject().field("outside", target.outside()).endObject();
        }
        json.endArray().name("processors").beginArray();
        for (Tally.Row row : tally.rows()) {
            json.beginObject().field("processor", row.processor().toString()).field("events", row.count())
                    .field("claimed", row.claimed()).field("lost", row.lost()).field("outside", row.outside());
            write(json, "triggerToIsr", row, row.triggerToIsr());
            write(json, "isrToDpc", row, row.isrToDpc());
            json.endObject();
        }
        json.endArray().name("problems").beginArray();
        reader.problems().forEach(json::value);
        return json.endArray().endObject().toString();
    }

    private static void write(JsonWriter json, String name, Tally.Row row, Tally.Times times) {
        json.name(name);
        if (times.count() == 0) {
            json.nullValue();
            return;
        }
        json.beginObject().field("count", times.count()).field("p50", row.nanoseconds(times.percentile(50)))
                .field("p99", row.nanoseconds(times.percentile(99))).field("max", row.nanoseconds(times.highest()))
                .endObject();
    }
}
