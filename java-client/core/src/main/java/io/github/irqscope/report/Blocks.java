package io.github.irqscope.report;

import io.github.irqscope.EventRun;
import io.github.irqscope.Histogram;
import io.github.irqscope.Version;
import io.github.irqscope.recording.RecordingHeader;
import io.github.irqscope.recording.RecordingReader;
import io.github.irqscope.recording.RunHandler;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Measures each of {@link #COUNT} equal blocks of a recording by itself. Events of one processor come in the order of
 * their time but for a few, so only the block in work needs histograms, and memory does not grow.
 */
final class Blocks implements RunHandler {
    /** How many blocks a run is cut into. */
    static final int COUNT = 20;

    private static final int GROUP_SIZE = 64;
    private static final int KINDS = 2;
    private static final int VALUES = 3; /* p50, p99, max */
    private static final Metric[][] METRICS = {{Metric.TRIGGER_P50, Metric.TRIGGER_P99, Metric.TRIGGER_MAX},
        {Metric.DPC_P50, Metric.DPC_P99, Metric.DPC_MAX}};
    private static final double BUCKET_WIDTH = 1.0 / 32;

    private static final class Times {
        private final int[] counts = new int[Histogram.BUCKETS];
        private long count;
        private long highest;

        private void add(long ticks) {
            counts[Histogram.bucketOf(ticks)]++;
            count++;
            highest = Math.max(highest, ticks);
        }

        private void addAll(Times other) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += other.counts[i];
            }
            count += other.count;
            highest = Math.max(highest, other.highest);
        }

        private void clear() {
            Arrays.fill(counts, 0);
            count = 0;
            highest = 0;
        }

        private long percentile(int percent) {
            long wanted = Math.max(1, (count * percent + 99) / 100);
            long seen = 0;
            for (int bucket = 0; bucket < counts.length; bucket++) {
                seen += counts[bucket];
                if (seen >= wanted) {
                    return Math.min(highest, Histogram.highest(bucket));
                }
            }
            return highest;
        }
    }

    private static final class At {
        private final long[] events = new long[COUNT];
        private final long[] outside = new long[COUNT];
        private final long[] lost = new long[COUNT];
        private final double[][] values = new double[KINDS * VALUES][COUNT];
        private final Times[] times = {new Times(), new Times()};
        private int block;
        private long end;
    }

    private final RecordingHeader header;
    private final At[] places;
    private final long first;
    private final long width;
    private final Times[][] sums = new Times[KINDS][COUNT];

    private Blocks(RecordingHeader header, long first, long nanoseconds) {
        this.header = header;
        this.first = first;
        long frequency = header.feeds().get(0).frequency();
        this.width = Math.max(1, (long) Math.ceil(nanoseconds / 1e9 * frequency / COUNT + 1.0 / COUNT));
        int groups = header.machine().groups().stream().mapToInt(group -> group.number() + 1).max().orElse(1);
        this.places = new At[groups * GROUP_SIZE];
        for (Times[] kind : sums) {
            for (int block = 0; block < COUNT; block++) {
                kind[block] = new Times();
            }
        }
    }

    /**
     * What was measured of a recording that was read once already.
     *
     * @param told what the first reading said
     */
    static Samples read(Evidence told, RecordingReader reader, Consumer<RecordingReader> progress) {
        long first = told.timeline().earliest();
        Blocks blocks = new Blocks(reader.header(), first, told.nanoseconds());
        while (reader.next(blocks)) {
            progress.accept(reader);
        }
        return blocks.samples(told);
    }

    @Override
    public void run(int feed, EventRun run) {
        int place = run.group() * GROUP_SIZE + run.number();
        if (place >= places.length) {
            return;
        }
        At at = places[place];
        if (at == null) {
            at = new At();
            at.end = first + width;
            places[place] = at;
        }
        RecordingHeader.Link link = link(feed, run.connection());
        boolean begun = false;
        while (run.next()) {
            while (run.time() >= at.end && at.block < COUNT - 1) {
                close(at);
                at.block++;
                at.end += width;
            }
            if (!begun) {
                at.lost[at.block] += run.lost();
                begun = true;
            }
            at.events[at.block]++;
            at.outside[at.block] += isOutside(link, run) ? 1 : 0;
            long ticks = run.triggerToIsr();
            if (ticks >= 0) {
                at.times[0].add(ticks);
            }
            ticks = run.isrToDpc();
            if (ticks >= 0) {
                at.times[1].add(ticks);
            }
        }
        if (!begun) {
            at.lost[at.block] += run.lost();
        }
    }

    private RecordingHeader.Link link(int feed, long connection) {
        for (RecordingHeader.Link link : header.feeds().get(feed).links()) {
            if (link.id() == connection) {
                return link;
            }
        }
        return null;
    }

    private static boolean isOutside(RecordingHeader.Link link, EventRun run) {
        int target = run.target();
        return link != null && target < link.targets().size() && link.targets().get(target).granted() != null
                && (link.targets().get(target).granted().mask(run.group()) >>> run.number() & 1) == 0;
    }

    private void close(At at) {
        for (int kind = 0; kind < KINDS; kind++) {
            Times times = at.times[kind];
            put(at.values, kind, at.block, times);
            sums[kind][at.block].addAll(times);
            times.clear();
        }
    }

    private static void put(double[][] values, int kind, int block, Times times) {
        boolean none = times.count == 0;
        values[kind * VALUES][block] = none ? Double.NaN : times.percentile(50);
        values[kind * VALUES + 1][block] = none ? Double.NaN : times.percentile(99);
        values[kind * VALUES + 2][block] = none ? Double.NaN : times.highest;
    }

    private Samples samples(Evidence told) {
        Samples samples = new Samples();
        At sum = new At();
        for (int place = 0; place < places.length; place++) {
            At at = places[place];
            if (at == null) {
                continue;
            }
            close(at);
            for (int block = at.block + 1; block < COUNT; block++) {
                for (double[] values : at.values) {
                    values[block] = Double.NaN;
                }
            }
            for (int block = 0; block < COUNT; block++) {
                sum.events[block] += at.events[block];
                sum.outside[block] += at.outside[block];
                sum.lost[block] += at.lost[block];
            }
        }
        for (int kind = 0; kind < KINDS; kind++) {
            for (int block = 0; block < COUNT; block++) {
                put(sum.values, kind, block, sums[kind][block]);
            }
        }
        add(samples.sum, told.all(), sum, told, true);
        for (Evidence.At row : told.processors()) {
            At at = places[row.processor().group() * GROUP_SIZE + row.processor().number()];
            if (at != null) {
                add(samples.at(row.processor()), row, at, told, false);
            }
        }
        return samples;
    }

    private void add(Map<Metric, Sample> to, Evidence.At row, At at, Evidence told, boolean whole) {
        double frequency = header.feeds().get(0).frequency();
        double seconds = width / frequency;
        double[] rates = new double[COUNT];
        double[] outside = new double[COUNT];
        double[] lost = new double[COUNT];
        for (int block = 0; block < COUNT; block++) {
            rates[block] = at.events[block] / seconds;
            outside[block] = at.events[block] == 0 ? Double.NaN : (double) at.outside[block] / at.events[block];
            long all = at.events[block] + at.lost[block];
            lost[block] = all == 0 ? Double.NaN : (double) at.lost[block] / all;
        }
        boolean sameLoad = whole && header.load() > 0;
        double rate = told.nanoseconds() == 0 ? 0 : row.count() * 1e9 / told.nanoseconds();
        to.put(Metric.RATE, sample(rate, rates, sameLoad ? 1 : 0, 1 / Math.max(seconds * COUNT, 1e-9)));
        to.put(Metric.OUTSIDE, sample((double) row.outside() / Math.max(1, row.count()), outside, -1, 0));
        to.put(Metric.EVENTS_LOST, sample((double) row.lost() / Math.max(1, row.count() + row.lost()), lost, -1, 0));
        for (int kind = 0; kind < KINDS; kind++) {
            Curve curve = kind == 0 ? row.triggerToIsr() : row.isrToDpc();
            double[] values = curve == null ? null : new double[] {curve.p50(), curve.p99(), curve.max()};
            for (int i = 0; values != null && i < VALUES; i++) {
                double[] parts = at.values[kind * VALUES + i].clone();
                for (int block = 0; block < COUNT; block++) {
                    parts[block] = Double.isNaN(parts[block]) ? Double.NaN
                            : Version.nanoseconds((long) parts[block], (long) frequency);
                }
                double tick = Math.max(1, 1e9 / frequency);
                double resolution = i == 2 ? tick : Math.max(tick, values[i] * BUCKET_WIDTH);
                to.put(METRICS[kind][i], sample(values[i], parts, -1, resolution));
            }
        }
    }

    private static Sample sample(double value, double[] parts, int direction, double resolution) {
        SortedMap<String, Double> named = new TreeMap<>();
        for (int block = 0; block < parts.length; block++) {
            if (!Double.isNaN(parts[block])) {
                named.put(String.format(Locale.ROOT, "%02d", block), parts[block]);
            }
        }
        return new Sample(value, named, false, direction, resolution);
    }
}
