package io.github.irqscope.cli.watch;

import io.github.irqscope.IrqscopeException;
import io.github.irqscope.cli.Interruption;
import io.github.irqscope.cli.Printer;
import io.github.irqscope.cli.Work;
import io.github.irqscope.cli.recording.Units;
import io.github.irqscope.json.JsonWriter;
import io.github.irqscope.recording.EventSource;
import io.github.irqscope.recording.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Shows a source of events while they come: on the whole screen of a terminal with keys, else a line a second, with --json
 * a document a line. One thread does everything, because on a simulated machine a second one would hold time up.
 */
public final class Viewer implements AutoCloseable {
    /** Why a source is no longer shown. */
    public enum End { QUIT, DURATION, SOURCE }

    private static final long SECOND = 1_000_000_000L;
    private static final long HALF = SECOND / 2;
    private static final Duration TURN = Duration.ofMillis(40);

    private final Work work;
    private final Interruption interruption;
    private final Screen screen;
    private final Palette palette;
    private final View view = new View();
    private final List<String> notes = new ArrayList<>();
    private String bed;
    private Sight last;

    /** Takes the terminal, where there is one and nobody asked for data. */
    public Viewer(Work work) {
        this(work, work.hasScreen() ? JLineScreen.open(work.unicode()) : null);
    }

    Viewer(Work work, Screen screen) {
        this.work = work;
        this.interruption = work.interruption();
        this.screen = screen;
        this.palette = Palette.of(work.out());
    }

    /** Whether the whole screen is ours. */
    public boolean isFullScreen() {
        return screen != null;
    }

    /** What stands below the head from now on. */
    public void note(String text) {
        notes.clear();
        if (text != null) {
            notes.add(text);
        }
    }

    /** What was last shown; null before anything was. */
    public Sight last() {
        return last;
    }

    /**
     * Shows the source until it ends, the time is up, or somebody wants an end.
     *
     * @param clock    of the source
     * @param duration nanoseconds on that clock; 0: without end
     */
    public End show(EventSource source, Clock clock, long duration) {
        clock.begin();
        long begin = clock.now();
        bed = source.header().bed();
        Tally tally = new Tally(source.header());
        Meter meter = new Meter(tally, SECOND, begin);
        long step = screen == null ? SECOND : HALF;
        long due = begin + step;
        last = meter.look(begin, notes, clock.text());
        draw();
        while (!interruption.isRaised()) {
            if (screen != null && obey(screen.read(Math.max(1, clock.ahead() / 1_000_000)), meter, clock)) {
                return End.QUIT;
            } else if (screen == null) {
                interruption.pause(clock.ahead());
            }
            long now = clock.now();
            long left = (duration > 0 ? Math.min(due, begin + duration) : due) - now;
            boolean ended = !read(source, tally, left);
            now = clock.now();
            boolean over = duration > 0 && now - begin >= duration;
            if (now >= due || over || ended) {
                due = now >= due ? due + step * ((now - due) / step + 1) : due;
                look(source, meter, clock, now);
            }
            if (over || ended) {
                return over ? End.DURATION : End.SOURCE;
            }
            if (screen != null && screen.isResized()) {
                draw();
            }
        }
        return End.QUIT;
    }

    /** False when nothing will come any more: the stream ended, or a device that goes away broke it off. */
    private static boolean read(EventSource source, Tally tally, long left) {
        long limit = Math.max(0, Math.min(TURN.toMillis(), (left + 999_999) / 1_000_000));
        try {
            source.next(tally, Duration.ofMillis(limit));
            return !source.hasEnded();
        } catch (IrqscopeException e) {
            if (source.hasEnded()) {
                return false;
            }
            throw e;
        }
    }

    private void look(EventSource source, Meter meter, Clock clock, long now) {
        List<String> all = new ArrayList<>(notes);
        all.addAll(source.problems());
        Sight sight = meter.look(now, all, clock.text());
        if (!view.isPaused()) {
            last = sight;
            draw();
        }
    }

    private boolean obey(Key key, Meter meter, Clock clock) {
        if (key == Key.NONE) {
            return false;
        }
        if (key == Key.RESET) {
            meter.reset(clock.now());
            last = meter.look(clock.now(), notes, clock.text());
        } else {
            view.press(key, last.groups().size());
        }
        draw();
        return key == Key.QUIT;
    }

    private void draw() {
        if (screen != null) {
            screen.show(Picture.draw(last, view, screen.columns(), screen.rows()).lines(palette, work.unicode()));
        } else if (last.elapsed() > 0) {
            if (work.json()) {
                work.out().document(json(last));
            } else {
                work.out().line(line(last));
            }
            work.out().flush();
            work.checkOutput();
        }
    }

    /** Waits with this sentence on the screen, and returns true when somebody wants an end. */
    public boolean pause(String text, long nanoseconds) {
        note(text);
        if (screen == null) {
            work.talk().line(Printer.Tone.WARNING, text);
            work.talk().flush();
            interruption.pause(nanoseconds);
            return interruption.isRaised();
        }
        last = last.withNotes(notes);
        draw();
        return screen.read(nanoseconds / 1_000_000) == Key.QUIT || interruption.isRaised();
    }

    // ---- Without a screen ------------------------------------------------------------------------------------------

    /** One line of text: 3 s, 1,000/s on 16 processors, most on g1:3 (80/s), p99 5.3 us, outside 0, lost 0. */
    static String line(Sight sight) {
        int busy = 0;
        Sight.Spot most = null;
        long p99 = -1;
        for (Sight.Spot spot : sight.spots()) {
            busy += spot.rate() > 0 ? 1 : 0;
            most = most == null || spot.rate() > most.rate() ? spot : most;
            p99 = Math.max(p99, spot.p99());
        }
        String seconds = Units.time(sight.elapsed());
        StringBuilder line = new StringBuilder(" ".repeat(Math.max(0, 8 - seconds.length()))).append(seconds);
        line.append("  ").append(Units.rate(sight.rate())).append(" on ").append(Units.count(busy, "processor"));
        if (busy > 0) {
            line.append(", most on ").append(most.processor()).append(" (").append(Units.rate(most.rate())).append(')');
        }
        if (p99 >= 0) {
            line.append(", worst p99 ").append(Units.time(p99)).append(" (").append(sight.measured()).append(')');
        }
        return line.append(", outside ").append(Units.count(sight.outside())).append(", lost ")
                .append(Units.count(sight.lost())).toString();
    }

    private String json(Sight sight) {
        JsonWriter json = new JsonWriter();
        json.beginObject().field("schema", 1).field("bed", bed).field("time", sight.elapsed())
                .field("rate", Math.round(sight.rate())).field("events", sight.events())
                .field("outside", sight.outside()).field("eventsLost", sight.lost())
                .field("measured", sight.measured().isEmpty() ? null : sight.measured().startsWith("trigger")
                        ? "triggerToIsr" : "isrToDpc").name("processors").beginArray();
        for (Sight.Spot spot : sight.spots()) {
            json.beginObject().field("processor", spot.processor().toString()).field("granted", spot.granted())
                    .field("events", spot.events()).field("rate", Math.round(spot.rate()))
                    .field("outside", spot.outside());
            write(json, "p50", spot.p50());
            write(json, "p99", spot.p99());
            write(json, "max", spot.max());
            json.endObject();
        }
        json.endArray().name("problems").beginArray();
        sight.notes().forEach(json::value);
        return json.endArray().endObject().toString();
    }

    private static void write(JsonWriter json, String name, long nanoseconds) {
        json.name(name);
        if (nanoseconds < 0) {
            json.nullValue();
        } else {
            json.value(nanoseconds);
        }
    }

    @Override
    public void close() {
        if (screen != null) {
            screen.close();
        }
    }
}
