package io.github.irqscope.cli.recording;

import io.github.irqscope.Ability;
import io.github.irqscope.Bed;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.Connection;
import io.github.irqscope.Device;
import io.github.irqscope.DeviceState;
import io.github.irqscope.EventRun;
import io.github.irqscope.Kind;
import io.github.irqscope.Resource;
import io.github.irqscope.Session;
import io.github.irqscope.Slot;
import io.github.irqscope.Way;
import io.github.irqscope.cli.CommandLine;
import io.github.irqscope.cli.ExitCode;
import io.github.irqscope.cli.MissingException;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.OutputException;
import io.github.irqscope.cli.Printer;
import io.github.irqscope.cli.Progress;
import io.github.irqscope.cli.Runner;
import io.github.irqscope.cli.Snapshot;
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
import java.util.ArrayList;
import java.util.List;

/** `record`: connects what a device has, and keeps every event that its stream carries in a file. */
public final class RecordVerb implements Runner {
    private static final long DEFAULT_LOAD = 1000;
    private static final int RING = 4096;
    private static final Duration TURN = Duration.ofMillis(100);
    private static final Duration REST = Duration.ofMillis(250);
    private static final long FLUSH = 250_000_000L;

    private final Work work;
    private final CommandLine line;
    private final Path path;
    private final long duration;
    private final List<Session> sessions = new ArrayList<>();
    private final List<LiveSource.Watched> watched = new ArrayList<>();
    private long load;
    private long began;
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
        this.duration = work.values().duration(Option.DURATION, line.text(Option.DURATION, "2s"));
        this.load = line.has(Option.LOAD) ? work.values().load(line.text(Option.LOAD, "")) : -1;
    }

    private Path path(String name) {
        try {
            Path file = Path.of(name);
            if (Files.isDirectory(file)) {
                throw new OutputException(name, "it is a folder");
            }
            if (Files.isRegularFile(file) && Files.size(file) > 0 && !RecordingReader.isRecording(file)) {
                throw new OutputException(name, "it is there and no recording; another name, or remove it first");
            }
            return file;
        } catch (InvalidPathException e) {
            throw work.values().refuse(Option.OUTPUT, name, e.getReason());
        } catch (IOException e) {
            throw new OutputException(name, e.getMessage());
        }
    }

    @Override
    public int run() {
        Bed bed = work.bed();
        if (load > 0 && !bed.isSimulated()) {
            throw new UsageException(line.verb(), "--load is for a simulated device; this one interrupts by itself");
        }
        load = load >= 0 ? load : bed.isSimulated() ? DEFAULT_LOAD : 0;
        try {
            connect();
            work.introduce();
            if (bed.isSimulated()) {
                work.talk().line(load == 0 ? "No load: only what happens by itself." : "Each device interrupts "
                        + Units.rate(load) + " (--load).");
            }
            return record(bed);
        } finally {
            sessions.forEach(Session::close);
        }
    }

    private void connect() {
        List<String> names = work.deviceNames();
        if (names.isEmpty()) {
            names = List.of(firstUsable().name());
        }
        for (String name : names) {
            Device device = work.bed().device(name);
            Session session = device.open();
            sessions.add(session);
            work.knows(session);
            DeviceState state = session.state();
            if (state.resources().isEmpty()) {
                throw new MissingException(device.name() + " has no interrupt");
            }
            List<Connection> connections = List.of(session.connect(request(session, state.resources().get(0))));
            watched.add(new LiveSource.Watched(device, session, connections));
        }
    }

    private Device firstUsable() {
        for (Snapshot snapshot : Snapshot.all(work, List.of())) {
            DeviceState state = snapshot.state();
            if (state != null && state.started() && !state.resources().isEmpty()) {
                return snapshot.device();
            }
        }
        throw new MissingException("no device here has an interrupt");
    }

    private static ConnectRequest request(Session session, Resource first) {
        boolean ex = session.version().can(Ability.CONNECT_EX);
        ConnectRequest request = first.kind() == Kind.MESSAGE ? ConnectRequest.of(Way.MESSAGE_BASED).withFallback()
                : ConnectRequest.of(ex ? Way.FULLY_SPECIFIED_GROUP : Way.IO_CONNECT_INTERRUPT, first);
        return request.withEvents(RING);
    }

    private int record(Bed bed) {
        Instant started = Instant.now();
        List<String> command = new ArrayList<>(line.words());
        try (LiveSource source = LiveSource.open(bed, watched, Work.tool(), command, load, started);
                RecordingWriter writer = new RecordingWriter(path, source.header())) {
            Progress progress = new Progress(work.talk(), work.showsProgress());
            try {
                copy(bed, source, writer, progress);
                writer.finish(reason, Instant.now());
            } catch (UncheckedIOException e) {
                progress.clear();
                throw broken(writer, e.getCause());
            } finally {
                progress.clear();
            }
            conclude(source, writer);
            return ExitCode.FINE;
        } catch (IOException e) {
            throw new OutputException(path.toString(), e.getMessage());
        }
    }

    private OutputException broken(RecordingWriter writer, IOException failure) {
        return new OutputException(path.toString(), failure.getMessage() + "; it holds " + Units.count(writer.events(),
                "event") + " up to there, and irqscope replay reads them");
    }

    /** One thread does everything: on a simulated machine a second one would hold time up. */
    private void copy(Bed bed, LiveSource source, RecordingWriter writer, Progress progress) {
        began = now(bed);
        load(bed, load);
        long flushed = System.nanoTime();
        long gone = 0;
        while (gone < duration && !source.hasEnded() && !work.interruption().isRaised()) {
            long left = (duration - gone) / 1_000_000 + 1;
            source.next((feed, run) -> add(writer, feed, run), left < TURN.toMillis() ? Duration.ofMillis(left) : TURN);
            if (System.nanoTime() - flushed > FLUSH) {
                flush(writer);
                flushed = System.nanoTime();
            }
            gone = now(bed) - began;
            show(progress, writer, gone);
        }
        reason = work.interruption().isRaised() ? "interrupted" : source.hasEnded() ? "device" : reason;
        load(bed, 0);
        quiet(source, writer);
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
    private void quiet(LiveSource source, RecordingWriter writer) {
        for (LiveSource.Watched one : watched) {
            if (!source.hasEnded() && one.session().state().model().canBeTriggered()) {
                one.session().mask(true);
            }
        }
        long end = System.nanoTime() + 2_000_000_000L;
        while (!source.hasEnded() && source.next((feed, run) -> add(writer, feed, run), REST)
                && System.nanoTime() < end) {
            flush(writer);
        }
        if (!source.hasEnded()) {
            addLoss(writer);
        }
    }

    /** Losses behind the last event of a processor stand in no run. */
    private void addLoss(RecordingWriter writer) {
        long counted = 0;
        for (LiveSource.Watched one : watched) {
            for (Connection connection : one.connections()) {
                for (Slot slot : connection.slots()) {
                    counted += slot.eventsLost();
                }
            }
        }
        long untold = counted - writer.lost();
        if (untold > 0) {
            try {
                writer.loss(0, 0, 0, untold);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void load(Bed bed, long rate) {
        bed.simulation().ifPresent(simulation -> {
            for (LiveSource.Watched one : watched) {
                simulation.control("load " + one.device().name() + " " + rate);
            }
        });
    }

    private static long now(Bed bed) {
        return bed.simulation().map(simulation -> Long.parseLong(simulation.control("now")))
                .orElseGet(System::nanoTime);
    }

    private void show(Progress progress, RecordingWriter writer, long gone) {
        int width = 24;
        int full = (int) Math.min(width, gone * width / duration);
        progress.show("record [" + "#".repeat(full) + "-".repeat(width - full) + "] " + Units.time(gone) + " of "
                + Units.time(duration) + ", " + Units.count(writer.events(), "event") + ", "
                + Units.count(writer.lost()) + " lost, " + Units.bytes(writer.bytes()));
    }

    private void conclude(LiveSource source, RecordingWriter writer) {
        Printer out = work.out();
        if (work.json()) {
            JsonWriter json = new JsonWriter();
            json.beginObject().field("schema", 1).field("file", path.toString()).field("bytes", writer.bytes())
                    .field("ended", reason).field("events", writer.events()).field("lost", writer.lost())
                    .name("header");
            source.header().writeTo(json);
            out.line(json.endObject().toString());
            return;
        }
        for (String problem : source.problems()) {
            out.line(Printer.Tone.WARNING, "Note: " + problem + ".");
        }
        String text = Units.count(writer.events(), "event") + " in " + path + ", " + Units.bytes(writer.bytes()) + ", "
                + (writer.lost() == 0 ? "none lost" : Units.count(writer.lost()) + " lost")
                + (reason.equals("duration") ? "." : "; ended early (" + reason + ").");
        out.line(writer.lost() == 0 ? Printer.Tone.GOOD : Printer.Tone.WARNING, text);
        out.line("irqscope replay " + path + " shows it.");
    }
}
