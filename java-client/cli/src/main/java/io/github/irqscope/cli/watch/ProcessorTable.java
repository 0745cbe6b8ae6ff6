package io.github.irqscope.cli.watch;

import io.github.irqscope.Processor;
import io.github.irqscope.cli.recording.Units;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The processors as rows: rate, share, latencies, and what the last intervals were like. */
final class ProcessorTable {
    private static final int[] ENDS = {18, 27, 36, 45, 54};
    private static final int OUTSIDE_END = 63;
    private static final int EVENTS_END = 76;
    private static final int TREND = 24;

    private ProcessorTable() {
    }

    /** The rows there are, in the order that was chosen. */
    static List<Sight.Spot> rows(Sight sight, View view) {
        List<Sight.Spot> rows = new ArrayList<>();
        for (Sight.Spot spot : sight.spots()) {
            boolean shown = view.group() < 0 || view.group() < sight.groups().size()
                    && sight.groups().get(view.group()).number() == spot.processor().group();
            if (shown && !(view.hidesIdle() && spot.isIdle())) {
                rows.add(spot);
            }
        }
        Comparator<Sight.Spot> order = switch (view.sort()) {
            case PROCESSOR -> null;
            case RATE -> Comparator.comparingDouble((Sight.Spot spot) -> -spot.rate());
            case P99 -> Comparator.comparingLong((Sight.Spot spot) -> -spot.p99());
            case MAX -> Comparator.comparingLong((Sight.Spot spot) -> -spot.max());
            case OUTSIDE -> Comparator.comparingLong((Sight.Spot spot) -> -spot.outside());
        };
        if (order != null) {
            rows.sort(order);
        }
        return rows;
    }

    /** Draws head and rows into that many rows of the frame, and keeps the view within what there is. */
    static void draw(Frame frame, int top, int left, int height, Sight sight, View view) {
        if (height < 2) {
            return;
        }
        List<Sight.Spot> rows = rows(sight, view);
        int visible = height - 1;
        view.first(Math.min(view.first(), Math.max(0, rows.size() - visible)));
        int width = frame.columns() - left;
        drawHead(frame, top, left, width, sight, view);
        if (rows.isEmpty()) {
            frame.put(top + 1, left, view.hidesIdle() ? "every processor is idle" : "nothing granted, nothing ran",
                    Ink.FAINT);
        }
        double highest = sight.highest();
        double peak = sight.highestTrend();
        for (int i = 0; i < visible && view.first() + i < rows.size(); i++) {
            int row = top + 1 + i;
            int hidden = rows.size() - view.first() - i;
            if (i + 1 == visible && hidden > 1) {
                frame.put(row, left, "\u2193 " + hidden + " more", Ink.FAINT);
                return;
            }
            draw(frame, row, left, width, rows.get(view.first() + i), highest, peak);
        }
    }

    private static void drawHead(Frame frame, int top, int left, int width, Sight sight, View view) {
        head(frame, top, left, "PROCESSOR", true, view.sort() == View.Sort.PROCESSOR);
        head(frame, top, left + ENDS[0], "RATE", false, view.sort() == View.Sort.RATE);
        head(frame, top, left + ENDS[1], "SHARE", false, false);
        head(frame, top, left + ENDS[2], "P50", false, false);
        head(frame, top, left + ENDS[3], "P99", false, view.sort() == View.Sort.P99);
        head(frame, top, left + ENDS[4], "MAX", false, view.sort() == View.Sort.MAX);
        if (width >= OUTSIDE_END) {
            head(frame, top, left + OUTSIDE_END, "OUTSIDE", false, view.sort() == View.Sort.OUTSIDE);
        }
        if (width >= EVENTS_END) {
            head(frame, top, left + EVENTS_END, "ISRS", false, false);
        }
        if (width >= EVENTS_END + 2 + 8) {
            frame.put(top, left + EVENTS_END + 2, "TREND", Ink.FAINT);
        }
    }

    private static void head(Frame frame, int row, int column, String text, boolean fromLeft, boolean sorted) {
        Ink ink = sorted ? Ink.STRONG : Ink.FAINT;
        if (fromLeft) {
            frame.put(row, column, sorted ? text + "\u2191" : text, ink);
        } else {
            frame.putRight(row, column, sorted ? text + "\u2193" : text, ink);
        }
    }

    private static void draw(Frame frame, int row, int left, int width, Sight.Spot spot, double highest,
            double peak) {
        Processor processor = spot.processor();
        Ink ink = spot.outside() > 0 ? Ink.BAD : spot.isIdle() ? Ink.FAINT : Ink.PLAIN;
        frame.put(row, left, processor.toString(), ink);
        if (!spot.granted()) {
            frame.put(row, left + 8, '!', spot.outside() > 0 ? Ink.BAD : Ink.PLAIN);
        }
        int level = Grid.level(spot, highest);
        frame.putRight(row, left + ENDS[0], Units.rate(spot.rate()), level > 0 && ink == Ink.PLAIN ? Ink.heat(level)
                : ink);
        frame.putRight(row, left + ENDS[1], Units.share(spot.share()), ink);
        frame.putRight(row, left + ENDS[2], time(spot.p50()), ink);
        frame.putRight(row, left + ENDS[3], time(spot.p99()), ink);
        frame.putRight(row, left + ENDS[4], time(spot.max()), ink);
        if (width >= OUTSIDE_END) {
            frame.putRight(row, left + OUTSIDE_END, spot.outside() == 0 ? "-" : Units.count(spot.outside()), ink);
        }
        if (width >= EVENTS_END) {
            frame.putRight(row, left + EVENTS_END, Units.count(spot.events()), ink);
        }
        int room = Math.min(TREND, width - EVENTS_END - 2);
        if (room >= 8) {
            List<Double> trend = spot.trend();
            int shown = Math.min(room, trend.size());
            for (int i = 0; i < shown; i++) {
                int step = Grid.level(trend.get(trend.size() - shown + i), peak);
                frame.put(row, left + EVENTS_END + 2 + i, Grid.fill(step), step == 0 ? Ink.PLAIN : Ink.heat(step));
            }
        }
    }

    private static String time(long nanoseconds) {
        return nanoseconds < 0 ? "-" : Units.time(nanoseconds);
    }
}
