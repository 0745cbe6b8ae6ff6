package io.github.irqscope.recording;

import io.github.irqscope.EventRun;
import io.github.irqscope.Histogram;
import io.github.irqscope.Processor;
import io.github.irqscope.Version;
import io.github.irqscope.contract.Contract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What runs of events amount to: for each processor counts, loss and times, for each target where it landed. Live views,
 * replay, reports and comparisons draw from it. No object per event. One thread.
 */
public final class Tally implements RunHandler {
    private static final int GROUP_SIZE = 64;

    private final RecordingHeader header;
    private final int groups;
    private final Row[] rows;
    private final List<Map<Long, TargetRow[]>> targets = new ArrayList<>();
    private long first = Long.MAX_VALUE;
    private long last = Long.MIN_VALUE;
    private long events;
    private long lost;

    /** Nothing counted yet. */
    public Tally(RecordingHeader header) {
        this.header = header;
        this.groups = header.machine().groups().stream().mapToInt(group -> group.number() + 1).max().orElse(1);
        this.rows = new Row[groups * GROUP_SIZE];
        for (RecordingHeader.Feed feed : header.feeds()) {
            Map<Long, TargetRow[]> links = new HashMap<>();
            for (RecordingHeader.Link link : feed.links()) {
                TargetRow[] its = new TargetRow[link.targets().size()];
                for (int i = 0; i < its.length; i++) {
                    its[i] = new TargetRow(feed, link, link.targets().get(i), rows.length);
                }
                links.put(link.id(), its);
            }
            targets.add(links);
        }
    }

    /** Times of one kind on one processor. */
    public static final class Times {
        private final int[] counts = new int[Histogram.BUCKETS];
        private long count;
        private long highest;

        private Times() {
        }

        private void add(long ticks) {
            counts[Histogram.bucketOf(ticks)]++;
            count++;
            highest = Math.max(highest, ticks);
        }

        /** How many were measured. */
        public long count() {
            return count;
        }

        /** The longest, in ticks. */
        public long highest() {
            return highest;
        }

        /** How many fell into a bucket of {@link Histogram}. */
        public long count(int bucket) {
            return Integer.toUnsignedLong(counts[bucket]);
        }

        /** The highest value of the bucket that so many percent do not exceed, in ticks; 0 when there are none. */
        public long percentile(double percent) {
            long wanted = Math.max(1, (long) Math.ceil(percent / 100 * count));
            long seen = 0;
            for (int bucket = 0; bucket < counts.length && count > 0; bucket++) {
                seen += Integer.toUnsignedLong(counts[bucket]);
                if (seen >= wanted) {
                    return Math.min(highest, Histogram.highest(bucket));
                }
            }
            return 0;
        }

        private void addAll(Times other) {
            for (int bucket = 0; bucket < counts.length; bucket++) {
                counts[bucket] += other.counts[bucket];
            }
            count += other.count;
            highest = Math.max(highest, other.highest);
        }
    }

    /** One processor. */
    public static final class Row {
        private final Processor processor;
        private final long frequency;
        private final Times triggerToIsr = new Times();
        private final Times isrToDpc = new Times();
        private long count;
        private long claimed;
        private long outside;
        private long lost;

        private Row(Processor processor, long frequency) {
            this.processor = processor;
            this.frequency = frequency;
        }

        /** Which. */
        public Processor processor() {
            return processor;
        }

        /** ISR runs. */
        public long count() {
            return count;
        }

        /** ISR runs whose device said: it was me. */
        public long claimed() {
            return claimed;
        }

        /** ISR runs that were not granted to this processor. */
        public long outside() {
            return outside;
        }

        /** Events of this processor that the stream lost. */
        public long lost() {
            return lost;
        }

        /** From a paced trigger to its ISR. */
        public Times triggerToIsr() {
            return triggerToIsr;
        }

        /** From the ISR to its DPC. */
        public Times isrToDpc() {
            return isrToDpc;
        }

        /** Ticks of the clock that this row's times are in, as nanoseconds. */
        public long nanoseconds(long ticks) {
            return Version.nanoseconds(ticks, frequency);
        }
    }

    /** One interrupt object, and where its ISR ran. */
    public static final class TargetRow {
        private final RecordingHeader.Feed feed;
        private final RecordingHeader.Link link;
        private final RecordingHeader.Target target;
        private final long[] granted;
        private final int places;
        private long[] observed;
        private long count;
        private long outside;

        private TargetRow(RecordingHeader.Feed feed, RecordingHeader.Link link, RecordingHeader.Target target,
                int places) {
            this.feed = feed;
            this.link = link;
            this.target = target;
            this.places = places;
            this.granted = new long[places / GROUP_SIZE];
            for (int group = 0; group < granted.length && target.granted() != null; group++) {
                granted[group] = target.granted().mask(group);
            }
        }

        private boolean add(int place) {
            if (observed == null) {
                observed = new long[places];
            }
            observed[place]++;
            count++;
            boolean isOutside = target.granted() != null
                    && (granted[place / GROUP_SIZE] >>> place % GROUP_SIZE & 1) == 0;
            outside += isOutside ? 1 : 0;
            return isOutside;
        }

        /** Its device. */
        public RecordingHeader.Feed feed() {
            return feed;
        }

        /** Its connection. */
        public RecordingHeader.Link link() {
            return link;
        }

        /** What was requested and granted. */
        public RecordingHeader.Target target() {
            return target;
        }

        /** ISR runs. */
        public long count() {
            return count;
        }

        /** ISR runs on processors that were not granted. */
        public long outside() {
            return outside;
        }

        /** ISR runs on a processor. */
        public long observed(Processor processor) {
            int place = processor.group() * GROUP_SIZE + processor.number();
            return observed == null || place >= observed.length ? 0 : observed[place];
        }
    }

    @Override
    public void run(int feed, EventRun run) {
        lost += run.lost();
        if (run.group() >= groups) {
            return; /* a processor that the machine did not have when this began */
        }
        int place = run.group() * GROUP_SIZE + run.number();
        Row row = rows[place];
        if (row == null) {
            row = new Row(new Processor(run.group(), run.number()), header.feeds().get(feed).frequency());
            rows[place] = row;
        }
        row.lost += run.lost();
        TargetRow[] its = targets.get(feed).get(run.connection());
        int known = its == null ? 0 : its.length;
        int count = run.count();
        events += count;
        row.count += count;
        first = Math.min(first, run.base());
        long latest = last;
        while (run.next()) {
            latest = Math.max(latest, run.time());
            int target = run.target();
            row.claimed += run.flags() & Contract.EVENT_CLAIMED;
            if (target < known && its[target].add(place)) {
                row.outside++;
            }
            long ticks = run.triggerToIsr();
            if (ticks >= 0) {
                row.triggerToIsr.add(ticks);
            }
            ticks = run.isrToDpc();
            if (ticks >= 0) {
                row.isrToDpc.add(ticks);
            }
        }
        last = latest;
    }

    /** Forgets everything counted: the beginning of a new interval. */
    public void reset() {
        java.util.Arrays.fill(rows, null);
        for (Map<Long, TargetRow[]> links : targets) {
            for (TargetRow[] its : links.values()) {
                for (TargetRow target : its) {
                    target.observed = null;
                    target.count = 0;
                    target.outside = 0;
                }
            }
        }
        first = Long.MAX_VALUE;
        last = Long.MIN_VALUE;
        events = 0;
        lost = 0;
    }

    /** What this is a tally of. */
    public RecordingHeader header() {
        return header;
    }

    /** The processors on which something ran or was lost, ascending. */
    public List<Row> rows() {
        List<Row> some = new ArrayList<>();
        for (Row row : rows) {
            if (row != null) {
                some.add(row);
            }
        }
        return some;
    }

    /** One processor; null when nothing ran there. */
    public Row row(Processor processor) {
        int place = processor.group() * GROUP_SIZE + processor.number();
        return place < rows.length ? rows[place] : null;
    }

    /** The interrupt objects, in the header's order. */
    public List<TargetRow> targets() {
        List<TargetRow> all = new ArrayList<>();
        for (int feed = 0; feed < targets.size(); feed++) {
            for (RecordingHeader.Link link : header.feeds().get(feed).links()) {
                all.addAll(List.of(targets.get(feed).get(link.id())));
            }
        }
        return all;
    }

    /** The sum over all processors. */
    public Row sum() {
        Row sum = new Row(new Processor(0, 0), header.feeds().get(0).frequency());
        for (Row row : rows()) {
            sum.count += row.count;
            sum.claimed += row.claimed;
            sum.outside += row.outside;
            sum.lost += row.lost;
            sum.triggerToIsr.addAll(row.triggerToIsr);
            sum.isrToDpc.addAll(row.isrToDpc);
        }
        return sum;
    }

    /** ISR runs. */
    public long events() {
        return events;
    }

    /** Events that the stream lost. */
    public long lost() {
        return lost;
    }

    /** The time of the first event, in ticks; meaningless when there is none. */
    public long first() {
        return first;
    }

    /** From the first event to the last, in nanoseconds; 0 when there are none. */
    public long nanoseconds() {
        return last < first ? 0 : Version.nanoseconds(last - first, header.feeds().get(0).frequency());
    }

    /** So many of something a second, over the time from the first event to the last. */
    public double rate(long count) {
        long time = nanoseconds();
        return time == 0 ? 0 : count * 1e9 / time;
    }
}
