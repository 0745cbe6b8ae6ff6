package io.github.irqscope.cli.watch;

import io.github.irqscope.Bed;
import io.github.irqscope.Device;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.cli.CommandLine;
import io.github.irqscope.cli.Connecting;
import io.github.irqscope.cli.ExitCode;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.Printer;
import io.github.irqscope.cli.Runner;
import io.github.irqscope.cli.Work;
import io.github.irqscope.cli.recording.Listening;
import io.github.irqscope.cli.recording.Units;
import io.github.irqscope.recording.LiveSource;
import java.time.Instant;
import java.util.List;

/** `watch`: connects what a device has, and shows where its interrupts run until somebody wants an end. */
public final class WatchVerb implements Runner {
    private static final long RETRY = 1_000_000_000L;

    private final Work work;
    private final CommandLine line;
    private final long duration;
    private final Connecting connecting;

    /** Takes its options from the work's words. */
    public WatchVerb(Work work) {
        this.work = work;
        this.line = work.line();
        this.duration = line.has(Option.DURATION) ? work.values().duration(Option.DURATION,
                line.text(Option.DURATION, "")) : 0;
        this.connecting = new Connecting(work);
    }

    @Override
    public int run() {
        long load = Listening.load(work);
        Bed bed = work.bed();
        try (connecting) {
            List<Device> devices = connecting.begin();
            work.introduce();
            connecting.tellPolicies();
            Listening.tellLoad(work, load);
            return watch(bed, devices, load);
        }
    }

    /** A device that goes away is waited for, and looked at again when it is back. */
    private int watch(Bed bed, List<Device> devices, long load) {
        Clock clock = bed.simulation().map(simulation -> Clock.held(
                () -> Long.parseLong(simulation.control("now")), "virtual time", 1)).orElseGet(Clock::real);
        long began = clock.now();
        Sight last = null;
        try (Viewer viewer = new Viewer(work)) {
            Viewer.End end = Viewer.End.SOURCE;
            while (end == Viewer.End.SOURCE) {
                long left = duration == 0 ? 0 : Math.max(1, duration - (clock.now() - began));
                Listening opened = null;
                try (Listening listening = new Listening(work, connecting, devices, load, true);
                        LiveSource source = listening.open(Instant.now())) {
                    opened = listening;
                    listening.startLoad();
                    end = viewer.show(source, clock, left);
                } catch (IrqscopeException | IllegalStateException e) {
                    boolean gaveWay = opened != null && opened.gaveWay();
                    if (viewer.last() == null || e instanceof IllegalStateException && !gaveWay) {
                        throw e;
                    }
                }
                last = viewer.last();
                if (end == Viewer.End.SOURCE && duration > 0 && clock.now() - began >= duration) {
                    end = Viewer.End.DURATION;
                }
                if (end == Viewer.End.SOURCE && viewer.pause(devices.get(0).name()
                        + " went away or was restarted; looking for it again", RETRY)) {
                    end = Viewer.End.QUIT;
                } else if (end == Viewer.End.SOURCE) {
                    bed.simulation().ifPresent(simulation -> simulation.advance(java.time.Duration.ofNanos(RETRY)));
                }
                viewer.note(end == Viewer.End.SOURCE ? devices.get(0).name() + " came back, counted anew" : null);
            }
        }
        if (last != null && !work.json()) {
            Printer out = work.out();
            out.line(last.outside() == 0 ? Printer.Tone.GOOD : Printer.Tone.BAD, Units.count(last.events(), "ISR")
                    + " in " + Units.time(last.elapsed()) + ", " + (last.outside() == 0 ? "none outside what was granted"
                    : Units.count(last.outside()) + " outside what was granted") + ", "
                    + (last.lost() == 0 ? "none" : Units.count(last.lost())) + " lost by the stream.");
        }
        return last != null && last.outside() > 0 ? ExitCode.NOT_AS_EXPECTED : ExitCode.FINE;
    }
}
