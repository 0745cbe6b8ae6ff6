package io.github.irqscope.cli.recording;

import io.github.irqscope.EventRun;
import io.github.irqscope.cli.CommandLine;
import io.github.irqscope.cli.Connecting;
import io.github.irqscope.cli.ExitCode;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.OutputException;
import io.github.irqscope.cli.OutputFile;
import io.github.irqscope.cli.Printer;
import io.github.irqscope.cli.Progress;
import io.github.irqscope.cli.Ranges;
import io.github.irqscope.cli.Runner;
import io.github.irqscope.cli.UsageException;
import io.github.irqscope.cli.Work;
import io.github.irqscope.json.JsonWriter;
import io.github.irqscope.recording.LiveSource;
import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.recording.RecordingWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** `record`: connects what a device has, and keeps every event that its stream carries in a file. */
public final class RecordVerb implements Runner {
    private static final Duration TURN = Duration.ofMillis(100);
    private static final Duration REST = Duration.ofMillis(250);
    private static final long FLUSH = 250_000_000L;
    private static final long PATIENCE = 2_000_000_000L;

    private final Work work;
    private final CommandLine line;
    private final Path path;
    private final long duration;
    private final Connecting connecting;
    private long gone;
    private String reason = "duration";

    /** Takes its options from the work's words. */
    public RecordVerb(Work work) {
        this.work = work;
        this.line = work.line();
        String name = line.text(Option.OUTPUT, null);
        if (name == null) {
            throw new UsageException(line.verb(), "record needs a file: -o FILE");
        }
        this.path = path(name);
        this.duration = work.values().duration(Option.DURATION, line.text(Option.DURATION,
                Ranges.DEFAULT_RECORDING));
        this.connecting = new Connecting(work);
    }

    /* A bad place is known before a policy is written or a device restarted. */
    private Path path(String name) {
        try {
            Path file = Path.of(name);
            if (Files.isDirectory(file)) {
                throw new OutputException(name, "it is a folder");
            }
            if (!Files.isDirectory(file.toAbsolutePath().getParent())) {
                throw new OutputException(name, "its folder does not exist");
            }
            if (Files.exists(file) && !Files.isWritable(file)) {
                throw new OutputException(name, "it must not be written");
            }
            if (Files.isRegularFile(file) && Files.size(file) > 0 && !RecordingReader.isRecording(file)) {
                throw new OutputException(name, "it is there and no recording; another name, or remove it first");
            }
            return file;
        } catch (InvalidPathException e) {
            throw work.values().refuse(Option.OUTPUT, name, e.getReason());
        } catch (IOException e) {
            throw new OutputException(name, OutputFile.reason(e));
        }
    }

    @Override
    public int run() {
        long load = Listening.load(work);
        try (connecting; Listening listening = new Listening(work, connecting, connecting.begin(), load, false)) {
            work.introduce();
            connecting.tellPolicies();
            Listening.tellLoad(work, load);
            return record(listening);
        }
    }

    private int record(Listening listening) {
        try (LiveSource source = listening.open(Instant.now());
                RecordingWriter writer = new RecordingWriter(path, source.header())) {
            Progress progress = new Progress(work.talk(), work.showsProgress());
            try {
                copy(listening, source, writer, progress);
                writer.finish(reason, Instant.now());
            } catch (UncheckedIOException e) {
                progress.clear();
                throw broken(writer, e.getCause());
            } finally {
                progress.clear();
            }
            conclude(listening, source, writer);
            return reason.equals("device") ? ExitCode.NO_DEVICE : ExitCode.FINE;
        } catch (IOException e) {
            throw new OutputException(path.toString(), OutputFile.reason(e));
        }
    }

    private OutputException broken(RecordingWriter writer, IOException failure) {
        return new OutputException(path.toString(), OutputFile.reason(failure) + "; "
                + (writer.written() == 0 ? "no event is in it" : "it holds " + Units.count(writer.written(), "event")
                + " up to there, and irqscope replay " + path + " shows them"));
    }

    private void copy(Listening listening, LiveSource source, RecordingWriter writer, Progress progress) {
        long began = listening.now();
        listening.startLoad();
        long flushed = System.nanoTime();
        while (gone < duration && !source.hasEnded() && !work.interruption().isRaised()) {
            long left = (duration - gone) / 1_000_000 + 1;
            source.next((feed, run) -> add(writer, feed, run), left < TURN.toMillis() ? Duration.ofMillis(left) : TURN);
            if (System.nanoTime() - flushed > FLUSH) {
                flush(writer);
                flushed = System.nanoTime();
            }
            gone = listening.now() - began;
            show(progress, writer);
        }
        reason = work.interruption().isRaised() ? "interrupted" : source.hasEnded() ? "device" : reason;
        if (!source.hasEnded()) {
            listening.quiet();
            drain(listening, source, writer);
        }
    }

    private void add(RecordingWriter writer, int feed, EventRun run) {
        try {
            writer.add(feed, run);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void flush(RecordingWriter writer) {
        try {
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is on its way when the time is up still comes; then the driver's own counts say what the stream lost. */
    private void drain(Listening listening, LiveSource source, RecordingWriter writer) {
        long end = System.nanoTime() + PATIENCE;
        while (source.next((feed, run) -> add(writer, feed, run), REST) && System.nanoTime() < end) {
            flush(writer);
        }
        if (source.hasEnded()) {
            return;
        }
        /* Losses behind the last event of a processor stand in no run. */
        long untold = listening.lost() - writer.lost();
        if (untold > 0) {
            try {
                writer.loss(0, 0, 0, untold);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void show(Progress progress, RecordingWriter writer) {
        int width = 24;
        int full = (int) Math.min(width, gone * width / duration);
        progress.show("record [" + "#".repeat(full) + "-".repeat(width - full) + "] " + Units.time(gone) + " of "
                + Units.time(duration) + ", " + Units.count(writer.events(), "event") + ", "
                + Units.count(writer.lost()) + " lost, " + Units.bytes(writer.bytes()));
    }

    /** About how many interrupts of the load did not come of their own; 0 when it is few, or the device went away. */
    private long missing(Listening listening, RecordingWriter writer) {
        double asked = listening.load() * listening.devices() * (gone / 1e9);
        double came = writer.events() + writer.lost();
        return came < asked * 0.98 && !reason.equals("device") ? Math.round(asked - came) : 0;
    }

    private void conclude(Listening listening, LiveSource source, RecordingWriter writer) {
        Printer out = work.out();
        if (work.json()) {
            JsonWriter json = new JsonWriter();
            json.beginObject().field("schema", 1).field("bed", source.header().bed()).field("file", path.toString())
                    .field("bytes", writer.bytes()).field("ended", reason).field("nanoseconds", gone)
                    .field("events", writer.events()).field("lost", writer.lost())
                    .field("loadMissing", missing(listening, writer)).name("problems").beginArray();
            source.problems().forEach(json::value);
            json.endArray().name("header");
            source.header().writeTo(json);
            out.document(json.endObject().toString());
            return;
        }
        for (String problem : source.problems()) {
            out.line(Printer.Tone.WARNING, "Note: " + problem + ".");
        }
        String text = Units.count(writer.events(), "event") + " in " + path + ", " + Units.bytes(writer.bytes()) + ", "
                + (writer.lost() == 0 ? "none lost" : Units.count(writer.lost()) + " lost")
                + (reason.equals("duration") ? "." : "; ended early (" + reason + ").");
        out.line(writer.lost() == 0 ? Printer.Tone.GOOD : Printer.Tone.WARNING, text);
        long missing = missing(listening, writer);
        if (missing > 0) {
            out.line("The load asked for about " + Units.count(missing, "interrupt") + " more. "
                    + (line.has(Option.FAULT) ? "A fault is at work (--fault)." : "One that comes while the same one is"
                    + " still waiting is folded into it; a device with more messages (--device igb0) folds less."));
        }
        out.line("irqscope replay " + path + " shows it.");
    }
}
