package io.github.irqscope.recording;

import io.github.irqscope.Affinity;
import io.github.irqscope.Bed;
import io.github.irqscope.Connection;
import io.github.irqscope.Device;
import io.github.irqscope.EventOptions;
import io.github.irqscope.EventReader;
import io.github.irqscope.Machine;
import io.github.irqscope.NtStatus;
import io.github.irqscope.Session;
import io.github.irqscope.SimulatedMachine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The events of live connections. It owns neither sessions nor connections: who made them ends them, afterwards. On a
 * simulated machine time goes on only while {@link #next} waits, and one thread must do everything.
 */
public final class LiveSource implements EventSource {
    private static final Duration TURN = Duration.ofMillis(5);

    private final RecordingHeader header;
    private final List<EventReader> readers = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();
    private int turn;

    private LiveSource(RecordingHeader header) {
        this.header = header;
    }

    /**
     * What is looked at: a device, its session, and its connections.
     *
     * @param device      for its names
     * @param session     open, with the right to read events
     * @param connections of that session, at least one
     */
    public record Watched(Device device, Session session, List<Connection> connections) {
        /** Takes a copy. */
        public Watched {
            connections = List.copyOf(connections);
        }
    }

    /**
     * Starts reading the events of devices.
     *
     * @param bed     that they are of
     * @param watched the devices, at least one
     * @param tool    name and version of the caller
     * @param command its words
     * @param load    asked of each simulated device
     * @param started by the calendar
     */
    public static LiveSource open(Bed bed, List<Watched> watched, String tool, List<String> command, long load,
            Instant started) {
        List<RecordingHeader.Feed> feeds = new ArrayList<>();
        Machine machine = watched.get(0).session().machine();
        for (Watched one : watched) {
            long frequency = one.session().version().frequency();
            feeds.add(new RecordingHeader.Feed(one.device().name(), one.device().hardwareId(),
                    one.device().instanceId(), one.session().version().kernel(), frequency,
                    links(one)));
        }
        LiveSource source = new LiveSource(new RecordingHeader(tool, command, started, bed.name(),
                SimulatedMachine.of(bed), machine, load, feeds));
        try {
            for (Watched one : watched) {
                source.readers.add(one.session().events(EventOptions.bulk()));
            }
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
        return source;
    }

    private static List<RecordingHeader.Link> links(Watched one) {
        List<RecordingHeader.Link> links = new ArrayList<>();
        for (Connection connection : one.connections()) {
            List<RecordingHeader.Target> targets = new ArrayList<>();
            for (int target = 0; target < connection.targets(); target++) {
                Affinity affinity = connection.affinity(target);
                targets.add(new RecordingHeader.Target(affinity.resource().toString(), affinity.requested(),
                        affinity.isKnown() ? affinity.processors() : null, affinity.grantedBy().text(),
                        NtStatus.hex(affinity.status())));
            }
            links.add(new RecordingHeader.Link(connection.id(), connection.way().text(), targets));
        }
        return links;
    }

    @Override
    public RecordingHeader header() {
        return header;
    }

    @Override
    public boolean next(RunHandler handler, Duration limit) {
        if (readers.size() == 1) {
            return next(0, handler, limit);
        }
        boolean some = false;
        for (int i = 0; i < readers.size(); i++) {
            turn = (turn + 1) % readers.size();
            some |= next(turn, handler, limit.compareTo(TURN) < 0 ? limit : TURN);
        }
        return some;
    }

    private boolean next(int feed, RunHandler handler, Duration limit) {
        EventReader reader = readers.get(feed);
        if (reader.hasEnded()) {
            return false;
        }
        boolean some = reader.next(run -> handler.run(feed, run), limit);
        if (reader.hasEnded()) {
            problems.add("the events of " + header.feeds().get(feed).device() + " ended: "
                    + NtStatus.describe(reader.endStatus()));
        }
        return some;
    }

    @Override
    public boolean hasEnded() {
        return readers.stream().allMatch(EventReader::hasEnded);
    }

    @Override
    public List<String> problems() {
        return List.copyOf(problems);
    }

    @Override
    public void close() {
        readers.forEach(EventReader::close);
    }
}
