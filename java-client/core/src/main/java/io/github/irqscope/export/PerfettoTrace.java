package io.github.irqscope.export;

import static io.github.irqscope.export.PerfettoFields.ANNOTATION_NAME;
import static io.github.irqscope.export.PerfettoFields.ANNOTATION_TEXT;
import static io.github.irqscope.export.PerfettoFields.ANNOTATION_UINT;
import static io.github.irqscope.export.PerfettoFields.CLOCK_BOOTTIME;
import static io.github.irqscope.export.PerfettoFields.CLOCK_ID;
import static io.github.irqscope.export.PerfettoFields.CLOCK_REALTIME;
import static io.github.irqscope.export.PerfettoFields.CLOCK_TIMESTAMP;
import static io.github.irqscope.export.PerfettoFields.EVENT_ANNOTATION;
import static io.github.irqscope.export.PerfettoFields.EVENT_CATEGORY_IID;
import static io.github.irqscope.export.PerfettoFields.EVENT_NAME;
import static io.github.irqscope.export.PerfettoFields.EVENT_NAME_IID;
import static io.github.irqscope.export.PerfettoFields.EVENT_TRACK;
import static io.github.irqscope.export.PerfettoFields.EVENT_TYPE;
import static io.github.irqscope.export.PerfettoFields.INTERNED_CATEGORY;
import static io.github.irqscope.export.PerfettoFields.INTERNED_IID;
import static io.github.irqscope.export.PerfettoFields.INTERNED_NAME;
import static io.github.irqscope.export.PerfettoFields.INTERNED_TEXT;
import static io.github.irqscope.export.PerfettoFields.NEEDS_STATE;
import static io.github.irqscope.export.PerfettoFields.ORDERING_EXPLICIT;
import static io.github.irqscope.export.PerfettoFields.PACKET_CLOCK_SNAPSHOT;
import static io.github.irqscope.export.PerfettoFields.PACKET_INTERNED_DATA;
import static io.github.irqscope.export.PerfettoFields.PACKET_SEQUENCE;
import static io.github.irqscope.export.PerfettoFields.PACKET_SEQUENCE_FLAGS;
import static io.github.irqscope.export.PerfettoFields.PACKET_TIMESTAMP;
import static io.github.irqscope.export.PerfettoFields.PACKET_TRACK_DESCRIPTOR;
import static io.github.irqscope.export.PerfettoFields.PACKET_TRACK_EVENT;
import static io.github.irqscope.export.PerfettoFields.SNAPSHOT_CLOCK;
import static io.github.irqscope.export.PerfettoFields.SNAPSHOT_PRIMARY;
import static io.github.irqscope.export.PerfettoFields.STATE_CLEARED;
import static io.github.irqscope.export.PerfettoFields.TRACE_PACKET;
import static io.github.irqscope.export.PerfettoFields.TRACK_NAME;
import static io.github.irqscope.export.PerfettoFields.TRACK_ORDERING;
import static io.github.irqscope.export.PerfettoFields.TRACK_PARENT;
import static io.github.irqscope.export.PerfettoFields.TRACK_RANK;
import static io.github.irqscope.export.PerfettoFields.TRACK_UUID;
import static io.github.irqscope.export.PerfettoFields.TYPE_BEGIN;
import static io.github.irqscope.export.PerfettoFields.TYPE_END;
import static io.github.irqscope.export.PerfettoFields.TYPE_INSTANT;

import io.github.irqscope.EventRun;
import io.github.irqscope.Version;
import io.github.irqscope.recording.RecordingHeader;
import io.github.irqscope.recording.RecordingReader;

import java.io.OutputStream;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Perfetto trace. Each group is a track, each processor that ran an ISR a track below it with an instant for each
 * ISR; below that are slices from the trigger to the ISR and from the ISR to its DPC. Slices of one track must not
 * overlap, so there are as many tracks of one name as overlap, which Perfetto shows as one. The category of an instant
 * tells what is remarkable: {@code outside}, {@code unclaimed}. Losses are instants of their own.
 */
final class PerfettoTrace implements Export {
    private static final int SEQUENCE = 1;
    private static final int GROUP_SIZE = 64;
    private static final int ABOUT = 1;
    private static final int ISR = 1;
    private static final int LATENCY = 2;
    private static final int OUTSIDE = 3;
    private static final int UNCLAIMED = 4;
    private static final int LOSS = 5;
    private static final String[] CATEGORIES = {"isr", "latency", "outside", "unclaimed", "loss"};
    private static final String[] LANES = {"trigger to ISR", "ISR to DPC"};

    private final RecordingHeader header;
    private final Names names;
    private final Bytes out;
    private final long start;
    private final Proto packet = new Proto();
    private final Proto event = new Proto();
    private final Proto inner = new Proto();
    private final Proto innermost = new Proto();
    private final Map<Integer, Long> groups = new HashMap<>();
    private final Map<Integer, Track> tracks = new HashMap<>();
    private long uuids = ABOUT;
    private final BitSet named = new BitSet();
    private long last;
    private boolean begun;

    PerfettoTrace(RecordingReader from, OutputStream stream) {
        this.header = from.header();
        this.names = new Names(header);
        this.start = from.begin();
        this.out = new Bytes(stream);
    }

    /** One processor's. */
    private static final class Track {
        private final long uuid;
        private final List<List<Lane>> kinds = List.of(new ArrayList<>(), new ArrayList<>());

        private Track(long uuid) {
            this.uuid = uuid;
        }
    }

    /** Slices that do not overlap. */
    private static final class Lane {
        private final long uuid;
        private long end;

        private Lane(long uuid) {
            this.uuid = uuid;
        }
    }

    // ---- Packets ---------------------------------------------------------------------------------------------------

    private void write() {
        out.varint(TRACE_PACKET << 3 | 2).varint(packet.size());
        packet.writeTo(out);
    }

    private Proto packet(long time) {
        return packet.clear().number(PACKET_TIMESTAMP, time).number(PACKET_SEQUENCE, SEQUENCE)
                .number(PACKET_SEQUENCE_FLAGS, NEEDS_STATE);
    }

    private void begin(long time) {
        begun = true;
        inner.clear();
        clock(CLOCK_BOOTTIME, time);
        clock(CLOCK_REALTIME, header.started().getEpochSecond() * 1_000_000_000L + header.started().getNano() + time
                - start);
        inner.number(SNAPSHOT_PRIMARY, CLOCK_BOOTTIME);
        packet.clear().number(PACKET_SEQUENCE, SEQUENCE).message(PACKET_CLOCK_SNAPSHOT, inner);
        write();
        inner.clear();
        for (int i = 0; i < CATEGORIES.length; i++) {
            intern(INTERNED_CATEGORY, i + 1, CATEGORIES[i]);
        }
        packet.clear().number(PACKET_TIMESTAMP, time).number(PACKET_SEQUENCE, SEQUENCE)
                .number(PACKET_SEQUENCE_FLAGS, STATE_CLEARED).message(PACKET_INTERNED_DATA, inner);
        write();
        describe(ABOUT, 0, "irqscope", 0);
        about(time);
    }

    private void clock(int id, long time) {
        innermost.clear().number(CLOCK_ID, id).number(CLOCK_TIMESTAMP, time);
        inner.message(SNAPSHOT_CLOCK, innermost);
    }

    private void intern(int field, long iid, String text) {
        innermost.clear().number(INTERNED_IID, iid).text(INTERNED_TEXT, text);
        inner.message(field, innermost);
    }

    /** What was recorded where, in the trace itself. */
    private void about(long time) {
        event.clear().number(EVENT_TYPE, TYPE_INSTANT).number(EVENT_TRACK, ABOUT)
                .text(EVENT_NAME, Names.origin(header)).number(EVENT_CATEGORY_IID, ISR);
        annotate("bed", header.bed());
        annotate("tool", header.tool());
        annotate("command", String.join(" ", header.command()));
        for (RecordingHeader.Feed feed : header.feeds()) {
            for (RecordingHeader.Link link : feed.links()) {
                for (RecordingHeader.Target target : link.targets()) {
                    annotate(feed.device() + " " + target.resource(), link.way() + ", requested " + target.requested()
                            + ", granted " + (target.granted() == null ? "not known" : target.granted()));
                }
            }
        }
        packet(time).message(PACKET_TRACK_EVENT, event);
        write();
    }

    private void annotate(String name, String text) {
        innermost.clear().text(ANNOTATION_NAME, name).text(ANNOTATION_TEXT, text);
        event.message(EVENT_ANNOTATION, innermost);
    }

    private void describe(long uuid, long parent, String name, int rank) {
        inner.clear().number(TRACK_UUID, uuid).text(TRACK_NAME, name);
        if (parent != 0) {
            inner.number(TRACK_PARENT, parent);
        }
        inner.number(TRACK_ORDERING, ORDERING_EXPLICIT).number(TRACK_RANK, rank);
        packet.clear().number(PACKET_SEQUENCE, SEQUENCE).message(PACKET_TRACK_DESCRIPTOR, inner);
        write();
    }

    /** The number that stands for a target's name from here on. */
    private long name(Names.Target target, long time) {
        long iid = target.number + 1L;
        if (!named.get(target.number)) {
            named.set(target.number);
            inner.clear();
            intern(INTERNED_NAME, iid, target.text());
            packet(time).message(PACKET_INTERNED_DATA, inner);
            write();
        }
        return iid;
    }

    // ---- Events ----------------------------------------------------------------------------------------------------

    @Override
    public void run(int feed, EventRun run) {
        long frequency = header.feeds().get(feed).frequency();
        long base = Version.nanoseconds(run.base(), frequency);
        if (!begun) {
            begin(base);
        }
        Track track = track(run.group(), run.number());
        if (run.lost() > 0) {
            lost(track, base, run.lost());
        }
        while (run.next()) {
            Names.Target target = names.target(feed, run.connection(), run.target());
            long time = Version.nanoseconds(run.time(), frequency);
            long name = name(target, time);
            last = Math.max(last, time);
            int category = !run.claimed() ? UNCLAIMED : target.isOutside(run.group(), run.number()) ? OUTSIDE : ISR;
            put(TYPE_INSTANT, track.uuid, time, name, category);
            if (run.triggerToIsr() >= 0) {
                long before = Version.nanoseconds(run.time() - run.triggerToIsr(), frequency);
                slice(track, 0, before, time, name);
            }
            if (run.isrToDpc() >= 0) {
                slice(track, 1, time, Version.nanoseconds(run.time() + run.isrToDpc(), frequency), name);
            }
        }
    }

    private Track track(int group, int number) {
        return tracks.computeIfAbsent(group * GROUP_SIZE + number, place -> {
            long parent = groups.computeIfAbsent(group, of -> {
                describe(++uuids, 0, "group " + of, of + 1);
                return uuids;
            });
            describe(++uuids, parent, "g" + group + ":" + number, number);
            return new Track(uuids);
        });
    }

    private void put(int type, long track, long time, long name, int category) {
        event.clear().number(EVENT_TYPE, type).number(EVENT_TRACK, track);
        if (type != TYPE_END) {
            event.number(EVENT_NAME_IID, name).number(EVENT_CATEGORY_IID, category);
        }
        packet(time).message(PACKET_TRACK_EVENT, event);
        write();
    }

    private void slice(Track track, int kind, long begin, long end, long name) {
        Lane lane = null;
        for (Lane one : track.kinds.get(kind)) {
            if (one.end <= begin) {
                lane = one;
                break;
            }
        }
        if (lane == null) {
            describe(++uuids, track.uuid, LANES[kind], kind);
            lane = new Lane(uuids);
            track.kinds.get(kind).add(lane);
        }
        lane.end = end;
        put(TYPE_BEGIN, lane.uuid, begin, name, LATENCY);
        put(TYPE_END, lane.uuid, end, 0, 0);
    }

    private void lost(Track track, long time, long count) {
        event.clear().number(EVENT_TYPE, TYPE_INSTANT).number(EVENT_TRACK, track.uuid)
                .text(EVENT_NAME, count + " events lost before this").number(EVENT_CATEGORY_IID, LOSS);
        innermost.clear().text(ANNOTATION_NAME, "lost").number(ANNOTATION_UINT, count);
        event.message(EVENT_ANNOTATION, innermost);
        packet(time).message(PACKET_TRACK_EVENT, event);
        write();
    }

    @Override
    public void end(RecordingReader from) {
        if (!begun) {
            begin(start);
        }
        for (String problem : from.problems()) {
            event.clear().number(EVENT_TYPE, TYPE_INSTANT).number(EVENT_TRACK, ABOUT).text(EVENT_NAME, problem)
                    .number(EVENT_CATEGORY_IID, LOSS);
            packet(last).message(PACKET_TRACK_EVENT, event);
            write();
        }
        out.flush();
    }
}
