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
    private final long load;

    /**
     * Opens and connects what there is to connect.
     *
     * @param connecting how, after it has begun
     * @param devices    what it found
     * @param load       interrupts a second that each of them is to make once {@link #startLoad} is called
     * @param givesWay   whether it goes when somebody wants to restart a device: who only looks keeps nobody from that
     */
    public Listening(Work work, Connecting connecting, List<Device> devices, long load, boolean givesWay) {
        this.work = work;
        this.bed = work.bed();
        this.load = load;
        try {
            for (Device device : devices) {
                Session session = device.open();
                sessions.add(session);
                if (givesWay) {
                    session.giveWay();
                }
                work.knows(session);
                watched.add(new LiveSource.Watched(device, session, connecting.connect(device, session)));
            }
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Interrupts a second that each simulated device is to make, by --load; none where devices are real.
     *
     * @throws UsageException for a load on a real bed
     */
    public static long load(Work work) {
        CommandLine line = work.line();
        long asked = line.has(Option.LOAD) ? work.values().load(line.text(Option.LOAD, "")) : -1;
        if (asked > 0 && !work.bed().isSimulated()) {
            throw new UsageException(line.verb(), "--load is for a simulated device; this one interrupts by itself");
        }
        return asked >= 0 ? asked : work.bed().isSimulated() ? Ranges.DEFAULT_LOAD : 0;
    }

    /** Says aloud where the interrupts come from, when the bed is a simulated one. */
    public static void tellLoad(Work work, long load) {
        if (work.bed().isSimulated()) {
            work.talk().line(load == 0 ? "No load: only what happens by itself."
                    : "Each device interrupts " + Units.rate(load) + " (--load).");
            work.talk().flush();
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

    /** Whether a session ended meanwhile, because its device was to be restarted. */
    public boolean gaveWay() {
        return sessions.stream().anyMatch(Session::isClosed);
    }

    /** The sessions end; the load does, also that of a device whose connections the PnP manager took away. */
    @Override
    public void close() {
        try {
            load(0);
        } finally {
            sessions.forEach(Session::close);
        }
    }
}
