package io.github.irqscope.report;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Where ISRs ran over time: a row for each processor, or for each group when there are many, and under it when the stream
 * lost events and when ISRs ran outside. An interrupt that moves is seen as a row that ends and another that begins. A
 * slice in which one ran outside of what was granted is red.
 */
final class TimelinePicture {
    private static final int MOST_ROWS = 64;
    private static final int LABEL = 62;
    private static final int WIDTH = 960;
    private static final int RATE_TOP = 16;
    private static final int RATE = 72;
    private static final int LABELS = 4; /* every fourth row has its name where rows are narrow */
    private static final double LEAST = 0.9; /* of a slice; a shorter last one is drawn with the one before */
    private static final int STRIP = 12;
    private static final int LEVELS = 8;
    private static final int LEAST_RED = 7; /* one ISR among thousands is still seen */
    private static final String[] UNITS = {"ns", "us", "ms", "s"};

    /* Counts are by a whole slice: those of the last one, which is shorter or longer, are scaled accordingly. */
    private record Row(String label, boolean outside, long[] counts, boolean[] red) {
        /* 0: nothing ran. Above LEVELS: some of it outside. */
        int look(int slice, long most) {
            int level = counts[slice] == 0 && !red[slice] ? 0 : GridPicture.level(Math.max(1, counts[slice]), most);
            return red[slice] ? LEVELS + Math.max(LEAST_RED, level) : level;
        }
    }

    private final Evidence evidence;
    private final Timeline timeline;
    private final int slices;
    private final double last;
    private final List<Row> rows = new ArrayList<>();
    private final boolean byGroup;

    TimelinePicture(Evidence evidence) {
        this.evidence = evidence;
        this.timeline = evidence.timeline();
        double width = timeline.sliceNanoseconds();
        double whole = timeline.leadNanoseconds() + evidence.nanoseconds();
        double partly = Math.max(0, Math.min(1, whole / width - (timeline.slices() - 1)));
        boolean joined = partly < LEAST && timeline.slices() > 1;
        this.slices = timeline.slices() - (joined ? 1 : 0);
        this.last = joined ? 1 + partly : Math.max(LEAST, partly);
        List<Evidence.At> ran = evidence.processors().stream().filter(at -> at.count() > 0).toList();
        this.byGroup = ran.size() > MOST_ROWS;
        if (!byGroup) {
            ran.forEach(at -> rows.add(new Row(at.processor().toString(), at.outside() > 0,
                    counts(List.of(at.processor())), red(List.of(at.processor())))));
            return;
        }
        for (Machine.Group group : evidence.machine().groups()) {
            List<Processor> its = ran.stream().map(Evidence.At::processor)
                    .filter(processor -> processor.group() == group.number()).toList();
            if (!its.isEmpty()) {
                boolean outside = ran.stream().anyMatch(at -> at.processor().group() == group.number()
                        && at.outside() > 0);
                rows.add(new Row("group " + group.number(), outside, counts(its), red(its)));
            }
        }
    }

    private long[] counts(List<Processor> processors) {
        long[] counts = new long[slices];
        for (int slice = 0; slice < timeline.slices(); slice++) {
            for (Processor processor : processors) {
                counts[Math.min(slice, slices - 1)] += timeline.count(processor, slice);
            }
        }
        counts[slices - 1] = Math.round(counts[slices - 1] / last);
        return counts;
    }

    private boolean[] red(List<Processor> processors) {
        boolean[] red = new boolean[slices];
        for (int slice = 0; slice < timeline.slices(); slice++) {
            for (Processor processor : processors) {
                red[Math.min(slice, slices - 1)] |= timeline.outside(processor, slice) > 0;
            }
        }
        return red;
    }

    boolean isByGroup() {
        return byGroup;
    }

    void draw(Html html) {
        int height = rows.size() > 24 ? 9 : 14;
        int top = RATE + 8;
        int strips = top + rows.size() * height + 6;
        int axis = strips + 2 * STRIP + 14;
        html.open("svg", "class", "time", "viewBox", "0 0 " + (LABEL + WIDTH) + " " + (axis + 6), "role", "img",
                "aria-label", "ISR runs over time, " + Text.count(rows.size(), byGroup ? "group" : "processor"));
        rate(html);
        rows(html, top, height);
        strip(html, strips, "lost", true);
        strip(html, strips + STRIP, "outside", false);
        axis(html, top, strips + 2 * STRIP, axis);
        html.closeLine("svg");
    }

    private double x(int slice) {
        return LABEL + (slice >= slices ? WIDTH : slice * WIDTH / (slices - 1 + last));
    }

    private void rate(Html html) {
        long[] sums = new long[slices];
        long most = 1;
        for (int slice = 0; slice < slices; slice++) {
            for (Row row : rows) {
                sums[slice] += row.counts[slice];
            }
            most = Math.max(most, sums[slice]);
        }
        StringBuilder path = new StringBuilder("M" + LABEL + " " + RATE);
        for (int slice = 0; slice < slices; slice++) {
            path.append('L').append(Html.number(x(slice))).append(' ')
                    .append(Html.number(RATE - (double) (RATE - RATE_TOP) * sums[slice] / most)).append('H')
                    .append(Html.number(x(slice + 1)));
        }
        path.append('V').append(RATE).append('z');
        html.open("path", "class", "area", "d", path.toString()).close("path");
        html.element("text", "all", "class", "label", "x", Integer.toString(LABEL - 6), "y", Integer.toString(RATE - 2));
        html.element("text", Text.rate(most * 1e9 / Math.max(1, timeline.sliceNanoseconds())) + " at most", "class",
                "label", "x", Integer.toString(LABEL + WIDTH - 4), "y", "10");
    }

    private void rows(Html html, int top, int height) {
        long most = 1;
        for (Row row : rows) {
            for (long count : row.counts) {
                most = Math.max(most, count);
            }
        }
        StringBuilder[] levels = new StringBuilder[2 * LEVELS + 1];
        for (int i = 0; i < rows.size(); i++) {
            int y = top + i * height;
            Row row = rows.get(i);
            if (height > 10 || i % LABELS == 0 && !isOutsideNear(i) || row.outside) {
                html.element("text", row.label, "class", (height > 10 ? "label" : "label tight")
                        + (row.outside ? " hot" : ""), "x", Integer.toString(LABEL - 6), "y",
                        Integer.toString(y + height - (height > 10 ? 3 : 1)));
            }
            int from = 0;
            while (from < slices) {
                int level = row.look(from, most);
                int end = from + 1;
                while (end < slices && row.look(end, most) == level) {
                    end++;
                }
                if (level > 0) {
                    levels[level] = levels[level] == null ? new StringBuilder() : levels[level];
                    double width = (double) Math.round(10 * x(end)) / 10 - (double) Math.round(10 * x(from)) / 10;
                    levels[level].append('M').append(Html.number(x(from))).append(' ').append(y).append('h')
                            .append(Html.number(width)).append('v').append(height - 1).append('h')
                            .append(Html.number(-width)).append('z');
                }
                from = end;
            }
        }
        for (int level = 1; level < levels.length; level++) {
            if (levels[level] != null) {
                String look = level <= LEVELS ? "h" + level : "h" + (level - LEVELS) + " o";
                html.raw("<path class=\"" + look + "\" d=\"" + levels[level] + "\"/>");
            }
        }
    }

    /* The name of a row with ISRs outside stands beside it, and the others give way. */
    private boolean isOutsideNear(int row) {
        return row > 0 && rows.get(row - 1).outside || row + 1 < rows.size() && rows.get(row + 1).outside;
    }

    private void strip(Html html, int y, String what, boolean loss) {
        StringBuilder path = new StringBuilder();
        for (int slice = 0; slice < timeline.slices(); slice++) {
            if ((loss ? timeline.lost(slice) : timeline.outside(slice)) > 0) {
                double x = x(Math.min(slice, slices - 1));
                path.append('M').append(Html.number(x)).append(' ').append(y).append("h")
                        .append(Html.number(Math.max(2, x(slice + 1) - x))).append('v').append(STRIP - 2)
                        .append('H').append(Html.number(x)).append('z');
            }
        }
        html.element("text", what, "class", "label", "x", Integer.toString(LABEL - 6), "y",
                Integer.toString(y + STRIP - 3));
        if (path.length() > 0) {
            html.raw("<path class=\"" + (loss ? "loss" : "bad") + "\" d=\"" + path + "\"/>");
        } else {
            html.element("text", "none", "class", "none", "x", Integer.toString(LABEL + 4), "y",
                    Integer.toString(y + STRIP - 3));
        }
    }

    private void axis(Html html, int top, int bottom, int y) {
        double whole = (slices - 1 + last) * timeline.sliceNanoseconds();
        long step = niceStep((long) (whole / 8));
        html.raw("<path class=\"base\" d=\"M" + LABEL + " " + (bottom + 0.5) + "h" + WIDTH + "\"/>");
        for (long time = 0; time <= whole; time += step) {
            double x = LABEL + (double) time * WIDTH / whole;
            html.raw("<path class=\"tick\" d=\"M" + Html.number(x) + " " + top + "V" + bottom + "\"/>");
            html.element("text", time == 0 ? "0" : plain(time, whole), "x", Html.number(x), "y", Integer.toString(y),
                    "text-anchor", time == 0 ? "start" : x > LABEL + WIDTH - 20 ? "end" : "middle");
        }
    }

    /* 500 us, 1.5 s, 90 s: in the unit of the last one. */
    private static String plain(long nanoseconds, double whole) {
        int unit = whole >= 1e9 ? 3 : whole >= 1e6 ? 2 : whole >= 1e3 ? 1 : 0;
        String value = String.format(Locale.ROOT, "%.3f", nanoseconds / Math.pow(1000, unit)).replaceAll("\\.?0+$", "");
        return value + " " + UNITS[unit];
    }

    private static long niceStep(long least) {
        for (long decade = 1; decade < Long.MAX_VALUE / 10; decade *= 10) {
            for (int factor : new int[] {1, 2, 5}) {
                if (decade * factor >= least) {
                    return decade * factor;
                }
            }
        }
        return Long.MAX_VALUE;
    }
}
