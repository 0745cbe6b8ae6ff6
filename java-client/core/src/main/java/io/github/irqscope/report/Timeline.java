package io.github.irqscope.report;

import io.github.irqscope.EventRun;
import io.github.irqscope.Processor;
import io.github.irqscope.Version;
import io.github.irqscope.recording.RecordingHeader;
import io.github.irqscope.recording.RunHandler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where ISRs ran over time, in one pass and memory that does not grow: the time from the first event on is cut into at
 * most {@link #SLICES} equal slices, and whenever an event comes behind the last of them, two become one.
 */
public final class Timeline implements RunHandler {
    /** The most slices there are; when many events came, at least half as many are in use. */
    public static final int SLICES = 192;

    private static final int GROUP_SIZE = 64;
    private static final long FIRST_WIDTHS = 1000; /* of a second: the width to begin with is a millisecond */

    private final RecordingHeader header;
    private final long frequency;
    private final int[][] counts;
    private final int[][] outsides; /* only of processors on which something ran outside */
    private final long[] outside = new long[SLICES];
    private final long[] lost = new long[SLICES];
    private final List<Map<Long, long[]>> refused = new ArrayList<>();
    private final List<Map<Long, RecordingHeader.Link>> links = new ArrayList<>();
    private long width;
    private long origin = Long.MIN_VALUE;
    private long earliest = Long.MAX_VALUE;
    private int used;

    /** Nothing seen yet. */
    public Timeline(RecordingHeader header) {
        this.header = header;
        this.frequency = header.feeds().isEmpty() ? 1 : header.feeds().get(0).frequency();
        this.width = Math.max(1, frequency / FIRST_WIDTHS);
        int groups = header.machine().groups().stream().mapToInt(group -> group.number() + 1).max().orElse(1);
        this.counts = new int[groups * GROUP_SIZE][];
        this.outsides = new int[groups * GROUP_SIZE][];
        for (RecordingHeader.Feed feed : header.feeds()) {
            Map<Long, long[]> masks = new HashMap<>();
            Map<Long, RecordingHeader.Link> byId = new HashMap<>();
            for (RecordingHeader.Link link : feed.links()) {
                masks.put(link.id(), outsideOfAny(link, groups));
                byId.put(link.id(), link);
            }
            refused.add(masks);
            links.add(byId);
        }
    }

    /* By group the processors that some target of the connection was not granted: only there each event is looked at. */
    private static long[] outsideOfAny(RecordingHeader.Link link, int groups) {
        long[] masks = new long[groups];
        for (RecordingHeader.Target target : link.targets()) {
            for (int group = 0; group < groups && target.granted() != null; group++) {
                masks[group] |= ~target.granted().mask(group);
            }
        }
        return masks;
    }

    @Override
    public void run(int feed, EventRun run) {
        int place = run.group() * GROUP_SIZE + run.number();
        if (place >= counts.length || run.count() == 0 && run.lost() == 0) {
            return;
        }
        if (origin == Long.MIN_VALUE) {
            origin = run.base();
        }
        if (run.count() > 0) {
            earliest = Math.min(earliest, run.base());
        }
        int first = slice(run.base());
        lost[first] += run.lost();
        if (counts[place] == null) {
            counts[place] = new int[SLICES];
        }
        long[] masks = refused.get(feed).get(run.connection());
        boolean outsideIsPossible = masks != null && (masks[run.group()] >>> run.number() & 1) != 0;
        RecordingHeader.Link link = outsideIsPossible ? links.get(feed).get(run.connection()) : null;
        int[] its = counts[place];
        long end = origin + (first + 1) * width;
        int slice = first;
        while (run.next()) {
            long time = run.time();
            if (time >= end) {
                slice = slice(time);
                end = origin + (slice + 1) * width;
            }
            its[slice]++;
            if (outsideIsPossible && isOutside(link, run.target(), run.group(), run.number())) {
                outside[slice]++;
                if (outsides[place] == null) {
                    outsides[place] = new int[SLICES];
                }
                outsides[place][slice]++;
            }
        }
    }

    private static boolean isOutside(RecordingHeader.Link link, int target, int group, int number) {
        return target < link.targets().size() && link.targets().get(target).granted() != null
                && (link.targets().get(target).granted().mask(group) >>> number & 1) == 0;
    }

    /** The slice of a time, after making slices wider or moving them when it is outside. */
    private int slice(long time) {
        while (time < origin) {
            moveUp();
        }
        while ((time - origin) / width >= SLICES) {
            fold();
        }
        int slice = (int) ((time - origin) / width);
        used = Math.max(used, slice + 1);
        return slice;
    }

    private void fold() {
        fold(counts);
        fold(outsides);
        for (int i = 0; i < SLICES; i++) {
            lost[i] = i < SLICES / 2 ? lost[2 * i] + lost[2 * i + 1] : 0;
            outside[i] = i < SLICES / 2 ? outside[2 * i] + outside[2 * i + 1] : 0;
        }
        used = (used + 1) / 2;
        width *= 2;
    }

    private static void fold(int[][] all) {
        for (int[] its : all) {
            for (int i = 0; its != null && i < SLICES; i++) {
                its[i] = i < SLICES / 2 ? its[2 * i] + its[2 * i + 1] : 0;
            }
        }
    }

    /* Runs of another processor may begin a little before the first one that was delivered. */
    private void moveUp() {
        if (used == SLICES) {
            fold();
        }
        moveUp(counts);
        moveUp(outsides);
        System.arraycopy(lost, 0, lost, 1, SLICES - 1);
        System.arraycopy(outside, 0, outside, 1, SLICES - 1);
        lost[0] = 0;
        outside[0] = 0;
        used++;
        origin -= width;
    }

    private static void moveUp(int[][] all) {
        for (int[] its : all) {
            if (its != null) {
                System.arraycopy(its, 0, its, 1, SLICES - 1);
                its[0] = 0;
            }
        }
    }

    /** The time of the first event, in ticks. */
    long earliest() {
        return earliest;
    }

    /** How long before the first event the first slice begins, in nanoseconds: less than a slice. */
    long leadNanoseconds() {
        return Version.nanoseconds(earliest - origin, frequency);
    }

    /** How many slices are in use. */
    public int slices() {
        return used;
    }

    /** How long a slice is, in nanoseconds. */
    public long sliceNanoseconds() {
        return Version.nanoseconds(width, frequency);
    }

    /** ISR runs of a processor in a slice. */
    public long count(Processor processor, int slice) {
        return of(counts, processor, slice);
    }

    /** ISR runs of a processor in a slice that were outside of what was granted. */
    public long outside(Processor processor, int slice) {
        return of(outsides, processor, slice);
    }

    private static long of(int[][] all, Processor processor, int slice) {
        int place = processor.group() * GROUP_SIZE + processor.number();
        return place >= all.length || all[place] == null ? 0 : Integer.toUnsignedLong(all[place][slice]);
    }

    /** ISR runs outside of what was granted, in a slice. */
    public long outside(int slice) {
        return outside[slice];
    }

    /** Events that the stream lost directly before a run that begins in the slice. */
    public long lost(int slice) {
        return lost[slice];
    }

    /** What this is a timeline of. */
    public RecordingHeader header() {
        return header;
    }
}
