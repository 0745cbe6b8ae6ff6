package io.github.irqscope.cli.recording;

import io.github.irqscope.Bed;
import io.github.irqscope.Connection;
import io.github.irqscope.Device;
import io.github.irqscope.Session;
import io.github.irqscope.Slot;
import io.github.irqscope.cli.CommandLine;
import io.github.irqscope.cli.Connecting;
import io.github.irqscope.cli.Option;
import io.github.irqscope.cli.Ranges;
import io.github.irqscope.cli.UsageException;
import io.github.irqscope.cli.Work;
import io.github.irqscope.recording.LiveSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Devices that somebody listens to: opened, connected, and, when they are simulated, under load. Owns the sessions. One
 * thread does everything: on a simulated machine time goes on only while that one waits.
 */
public final class Listening implements AutoCloseable {
    private final Work work;
    private final Bed bed;
    private final List<Session> sessions = new ArrayList<>();
    private final List<LiveSource.Watched> watched = new ArrayList<>();
    private final Connecting connecting;
    private final long load;

    /**
     * Opens and connects what there is to connect.
     *
     * @throws UsageException for a load on a real bed, and for options that do not go together
     */
    public Listening(Work work, Connecting connecting) {
        this.work = work;
        this.connecting = connecting;
        long asked = work.line().has(Option.LOAD) ? work.values().load(work.line().text(Option.LOAD, "")) : -1;
        this.bed = work.bed();
        this.load = load(work.line(), asked);
        try {
            connect();
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    private long load(CommandLine line, long asked) {
        if (asked > 0 && !bed.isSimulated()) {
            throw new UsageException(line.verb(), "--load is for a simulated device; this one interrupts by itself");
        }
        return asked >= 0 ? asked : bed.isSimulated() ? Ranges.DEFAULT_LOAD : 0;
    }

    private void connect() {
        for (Device device : connecting.begin()) {
            Session session = device.open();
            sessions.add(session);
            work.knows(session);
            watched.add(new LiveSource.Watched(device, session, connecting.connect(device, session)));
        }
    }

    /** Begins to read the events. */
    public LiveSource open(Instant started) {
        return LiveSource.open(bed, watched, Work.tool(), new ArrayList<>(work.line().words()), load, started);
    }

    /** Interrupts a second that each simulated device is to make; 0: none, or a real bed. */
    public long load() {
        return load;
    }

    /** Says aloud where the interrupts come from, when the bed is a simulated one. */
    public void sayLoad() {
        if (bed.isSimulated()) {
            connecting.tellPolicies();
            work.talk().line(load == 0 ? "No load: only what happens by itself."
                    : "Each device interrupts " + Units.rate(load) + " (--load).");
        }
    }

    /** The devices interrupt from now on, when they are simulated and there is a load. */
    public void startLoad() {
        load(load);
    }

    /** The load ends, and devices that can be masked are; what is on its way still comes. */
    public void quiet() {
        load(0);
        for (LiveSource.Watched one : watched) {
            if (one.session().state().model().canBeTriggered()) {
                one.session().mask(true);
            }
        }
    }

    private void load(long rate) {
        bed.simulation().ifPresent(simulation -> {
            for (LiveSource.Watched one : watched) {
                simulation.control("load " + one.device().name() + " " + rate);
            }
        });
    }

    /** Nanoseconds of the bed's clock: on a simulated machine its own, which goes on only while somebody waits. */
    public long now() {
        return bed.simulation().map(simulation -> Long.parseLong(simulation.control("now")))
                .orElseGet(System::nanoTime);
    }

    /** How many devices there are. */
    public int devices() {
        return watched.size();
    }

    /** Events lost in the driver so far, by its own count: also those that no run tells of yet. */
    public long lost() {
        long lost = 0;
        for (LiveSource.Watched one : watched) {
            for (Connection connection : one.connections()) {
                for (Slot slot : connection.slots()) {
                    lost += slot.eventsLost();
                }
            }
        }
        return lost;
    }

    /**
     * The sessions end; the load does, also that of a device whose connections the PnP manager took away; then policies
     * that were written are put back.
     */
    @Override
    public void close() {
        try {
            load(0);
        } finally {
            try {
                sessions.forEach(Session::close);
            } finally {
                connecting.close();
            }
        }
    }
}
