package io.github.irqscope.export;

import io.github.irqscope.EventRun;
import io.github.irqscope.Version;
import io.github.irqscope.recording.RecordingHeader;
import io.github.irqscope.recording.RecordingReader;

import java.io.OutputStream;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.Deflater;

/**
 * A histogram log of version 1.3, as HdrHistogram's own HistogramLogReader reads it. An interval is a second of the
 * recording; each processor has a line in it for each kind of time that was measured there, with the tag
 * {@code g0:3.isr-to-dpc} or {@code g0:3.trigger-to-isr}. Values are nanoseconds. Intervals are written in their order;
 * the one before the latest stays open, because processors hand over their events at different times.
 */
final class HdrLog implements Export {
    private static final long SECOND = 1_000_000_000L;
    private static final int GROUP_SIZE = 64;
    private static final int KINDS = 2;
    private static final String[] TAGS = {"trigger-to-isr", "isr-to-dpc"};

    private final RecordingHeader header;
    private final Bytes out;
    private final Bytes plain = new Bytes();
    private final Bytes packed = new Bytes();
    private final Deflater deflater = new Deflater();
    private final long limit;
    private final int places;
    private final long start;
    private HdrHistogram[] older;
    private HdrHistogram[] newer;
    private long interval;
    private long last;

    HdrLog(RecordingReader from, OutputStream stream) {
        this.header = from.header();
        this.start = from.begin();
        this.out = new Bytes(stream);
        long longest = 0;
        for (RecordingHeader.Feed feed : header.feeds()) {
            longest = Math.max(longest, Version.nanoseconds(0xFFFFFFFFL, feed.frequency()));
        }
        this.limit = Math.max(2, longest);
        int groups = header.machine().groups().stream().mapToInt(group -> group.number() + 1).max().orElse(1);
        this.places = groups * GROUP_SIZE;
        this.older = new HdrHistogram[places * KINDS];
        this.newer = new HdrHistogram[places * KINDS];
        double began = header.started().toEpochMilli() / 1000.0;
        out.put("#[irqscope: " + Names.origin(header).replace('\n', ' ') + "; values are nanoseconds]\n");
        out.put("#[Histogram log format version 1.3]\n");
        out.put(String.format(Locale.ROOT, "#[BaseTime: %.3f (seconds since epoch)]%n", began).replace("\r", ""));
        out.put(String.format(Locale.ROOT, "#[StartTime: %.3f (seconds since epoch), %s]%n", began,
                header.started()).replace("\r", ""));
        out.put("\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n");
    }

    @Override
    public void run(int feed, EventRun run) {
        int place = run.group() * GROUP_SIZE + run.number();
        if (run.group() * GROUP_SIZE >= places || run.number() >= GROUP_SIZE) {
            return; /* a processor that the machine did not have when this began */
        }
        long frequency = header.feeds().get(feed).frequency();
        while (run.next()) {
            long time = Version.nanoseconds(run.time(), frequency) - start;
            last = Math.max(last, time);
            long trigger = run.triggerToIsr();
            long dpc = run.isrToDpc();
            if (trigger >= 0 || dpc >= 0) {
                HdrHistogram[] these = at(time / SECOND);
                add(these, place * KINDS, trigger, frequency);
                add(these, place * KINDS + 1, dpc, frequency);
            }
        }
    }

    private void add(HdrHistogram[] these, int which, long ticks, long frequency) {
        if (ticks < 0) {
            return;
        }
        if (these[which] == null) {
            these[which] = new HdrHistogram(limit);
        }
        these[which].add(Version.nanoseconds(ticks, frequency));
    }

    /** The histograms of an interval; what comes too late for its own counts in the oldest that is open. */
    private HdrHistogram[] at(long wanted) {
        while (wanted > interval + 1) {
            write(older);
            HdrHistogram[] free = older;
            older = newer;
            newer = free;
            interval++;
            if (wanted > interval + 1 && isEmpty(older)) {
                interval = wanted - 1; /* nothing happened in between */
            }
        }
        return wanted > interval ? newer : older;
    }

    private static boolean isEmpty(HdrHistogram[] these) {
        for (HdrHistogram one : these) {
            if (one != null && one.count() > 0) {
                return false;
            }
        }
        return true;
    }

    private void write(HdrHistogram[] these) {
        for (int which = 0; which < these.length; which++) {
            HdrHistogram one = these[which];
            if (one == null || one.count() == 0) {
                continue;
            }
            one.encode(plain, deflater, packed);
            int place = which / KINDS;
            double length = Math.min(SECOND, Math.max(1, last - interval * SECOND)) / (double) SECOND;
            out.put(String.format(Locale.ROOT, "Tag=g%d:%d.%s,%.3f,%.3f,%.6f,", place / GROUP_SIZE,
                    place % GROUP_SIZE, TAGS[which % KINDS], (double) interval, length, one.highest() / 1e6));
            byte[] bytes = java.util.Arrays.copyOf(packed.array(), packed.size());
            out.put(Base64.getEncoder().encode(bytes)).put('\n');
            one.clear();
        }
    }

    @Override
    public void end(RecordingReader from) {
        write(older);
        interval++;
        write(newer);
        for (String problem : from.problems()) {
            out.put("#[irqscope: " + problem.replace('\n', ' ') + "]\n");
        }
        if (from.lost() > 0) {
            out.put("#[irqscope: " + from.lost() + " events were lost and are in no histogram]\n");
        }
        out.flush();
        deflater.end();
    }
}
