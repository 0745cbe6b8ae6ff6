package io.github.irqscope.cli.watch;

import io.github.irqscope.cli.recording.Units;
import java.util.List;

/** The whole view, drawn from a {@link Sight} alone: what is looked at, the grid, the table, the keys. */
public final class Picture {
    /** Below that nothing can be shown that would make sense. */
    public static final int LEAST_COLUMNS = 60;
    /** As above. */
    public static final int LEAST_ROWS = 12;

    private static final int MOST_GRANTS = 3;
    private static final int BESIDE = 128;
    private static final int LEAST_TABLE = 5;
    private static final int MOST_STILL = 30;
    private static final String[][] HELP = {
        {"q, Ctrl-C", "end"},
        {"p, blank", "pause: the picture stands still, counting goes on"},
        {"s", "sort by processor, rate, p99, max, ISRs outside"},
        {"h", "hide idle processors, and groups where nothing is"},
        {"g, G", "one group after the other alone; a shows all again"},
        {"z", "size of the grid: as it fits, large, medium, small"},
        {"r", "count anew"},
        {"arrows, Page", "move in the table"},
        {"?", "this text, and back"}};

    private Picture() {
    }

    /** Draws on a screen of that size. Moves the view's first row into what there is. */
    public static Frame draw(Sight sight, View view, int columns, int rows) {
        Frame frame = new Frame(Math.max(1, columns), Math.max(1, rows));
        if (columns < LEAST_COLUMNS || rows < LEAST_ROWS) {
            frame.put(0, 0, "The terminal is " + columns + "x" + rows + ";", Ink.WARNING);
            frame.put(1, 0, "watch needs " + LEAST_COLUMNS + "x" + LEAST_ROWS + ". It goes on:", Ink.WARNING);
            frame.put(2, 0, Units.rate(sight.rate()) + ", outside " + Units.count(sight.outside()) + ", lost "
                    + Units.count(sight.lost()), Ink.PLAIN);
            return frame;
        }
        int top = drawHead(frame, sight, view) + 1;
        int bottom = rows - 1;
        if (view.helps()) {
            drawHelp(frame, top);
        } else if (columns >= BESIDE) {
            Grid grid = Grid.fit(sight, view, columns - 2 - 55, bottom - top - 2);
            int left = grid.width() + 3;
            grid.draw(frame, top);
            drawLegend(frame, top + grid.height() + 1, grid, sight, left - 1);
            ProcessorTable.draw(frame, top, left, bottom - top, sight, view);
        } else {
            Grid grid = Grid.fit(sight, view, columns, bottom - top - 3 - LEAST_TABLE);
            grid.draw(frame, top);
            drawLegend(frame, top + grid.height(), grid, sight, columns);
            int table = top + grid.height() + 2;
            ProcessorTable.draw(frame, table, 0, bottom - table, sight, view);
        }
        drawKeys(frame, bottom, view, sight);
        return frame;
    }

    /** The grid and what it means, for a place where nothing moves: as high as it needs to be, within reason. */
    public static Frame still(Sight sight, int columns) {
        Grid grid = Grid.fit(sight, new View(), columns, MOST_STILL);
        Frame frame = new Frame(columns, grid.height() + 1);
        grid.draw(frame, 0);
        drawLegend(frame, grid.height(), grid, sight, columns);
        return frame;
    }

    /** Returns the row behind what it drew. */
    private static int drawHead(Frame frame, Sight sight, View view) {
        int columns = frame.columns();
        int at = frame.put(0, 0, "irqscope watch", Ink.TITLE);
        String time = clock(sight.elapsed());
        frame.put(0, at + 2, Frame.cut(sight.subject(), columns - at - 2 - time.length() - 11), Ink.FAINT);
        frame.putRight(0, columns, time, Ink.STRONG);
        if (view.isPaused()) {
            frame.putRight(0, columns - time.length() - 1, " PAUSED ", Ink.KEY);
        }
        at = frame.put(1, 0, Units.rate(sight.rate()), Ink.STRONG);
        at = frame.put(1, at, "  " + Units.count(sight.events(), "ISR") + "  ", Ink.PLAIN);
        at = sight.outside() == 0 ? frame.put(1, at, sight.events() == 0 ? "none yet" : "all where granted",
                sight.events() == 0 ? Ink.FAINT : Ink.GOOD)
                : frame.put(1, at, Units.count(sight.outside()) + " outside what was granted", Ink.BAD);
        at = sight.lost() == 0 ? frame.put(1, at, "  none lost", Ink.FAINT)
                : frame.put(1, at, "  " + Units.count(sight.lost()) + " not seen (lost by the stream)", Ink.WARNING);
        if (columns - at > sight.clock().length() + 2) {
            frame.putRight(1, columns, sight.clock(), Ink.FAINT);
        }
        int row = 2;
        List<Sight.Grant> grants = sight.grants();
        for (int i = 0; i < grants.size() && row < 2 + MOST_GRANTS; i++) {
            boolean last = row == 1 + MOST_GRANTS && i + 1 < grants.size();
            if (last) {
                frame.put(row++, 0, "\u2026 " + (grants.size() - i) + " more", Ink.FAINT);
                break;
            }
            drawGrant(frame, row++, grants.get(i));
        }
        for (String note : sight.notes()) {
            frame.put(row++, 0, Frame.cut(note, columns), Ink.WARNING);
        }
        return row;
    }

    private static void drawGrant(Frame frame, int row, Sight.Grant grant) {
        int columns = frame.columns();
        int at = frame.put(row, 0, grant.device() + " " + grant.resources(), Ink.STRONG) + 2;
        String granted = grant.granted() == null ? "not known" : grant.granted().isEmpty() ? "none" : grant.granted();
        String requested = grant.requested().equals(granted) ? "" : "asked " + grant.requested() + "  ";
        boolean wide = columns >= 100;
        at = frame.put(row, at, (wide ? grant.way() + "  " : "") + requested + "granted ", Ink.FAINT);
        int room = columns - at - (wide ? grant.grantedBy().length() + 3 : 0);
        at = frame.put(row, at, Frame.cut(granted, room), Ink.GRANTED);
        if (wide) {
            frame.put(row, at + 1, "(" + grant.grantedBy() + ")", Ink.FAINT);
        }
    }

    private static void drawLegend(Frame frame, int row, Grid grid, Sight sight, int width) {
        int at = grid.size() == View.Size.SMALL ? frame.put(row, 0, "o", Ink.within(0))
                : frame.put(row, 0, "\u2502 \u2502", Ink.GRANTED);
        at = frame.put(row, at, " granted   ", Ink.FAINT);
        for (int level = 1; level <= Ink.LEVELS; level++) {
            at = frame.put(row, at, Character.toString(Grid.fill(level)), Ink.heat(level));
        }
        at = frame.put(row, at, " to " + Units.rate(sight.highest()) + "   ", Ink.FAINT);
        at = frame.put(row, at, "!", Ink.OUTSIDE);
        at = frame.put(row, at, " ran outside", Ink.FAINT);
        if (!sight.measured().isEmpty() && width - at > sight.measured().length() + 12) {
            frame.putRight(row, width, "latency: " + sight.measured(), Ink.FAINT);
        }
    }

    private static void drawHelp(Frame frame, int top) {
        for (int i = 0; i < HELP.length; i++) {
            frame.put(top + i, 2, HELP[i][0], Ink.STRONG);
            frame.put(top + i, 17, HELP[i][1], Ink.PLAIN);
        }
    }

    private static void drawKeys(Frame frame, int row, View view, Sight sight) {
        boolean wide = frame.columns() >= 90;
        int at = 0;
        at = drawKey(frame, row, at, "q", "quit");
        at = drawKey(frame, row, at, "p", view.isPaused() ? "go on" : "pause");
        at = drawKey(frame, row, at, "s", wide ? "sort: " + view.sort().text() : "sort");
        at = drawKey(frame, row, at, "h", wide ? view.hidesIdle() ? "show idle" : "hide idle" : "idle");
        String group = view.group() < 0 || view.group() >= sight.groups().size() ? "all"
                : "g" + sight.groups().get(view.group()).number();
        at = drawKey(frame, row, at, "g", wide ? "group: " + group : "group");
        at = drawKey(frame, row, at, "z", wide ? "size: " + view.size().name().toLowerCase(java.util.Locale.ROOT)
                : "size");
        drawKey(frame, row, at, "?", view.helps() ? "back" : "help");
    }

    private static int drawKey(Frame frame, int row, int column, String key, String text) {
        boolean wide = frame.columns() >= 90;
        int at = frame.put(row, column, wide ? " " + key + " " : key, Ink.KEY);
        return frame.put(row, at, " " + text, Ink.PLAIN) + 2;
    }

    /** 0:07, 12:34, 1:02:03. */
    private static String clock(long nanoseconds) {
        long seconds = nanoseconds / 1_000_000_000L;
        return seconds < 3600 ? seconds / 60 + ":" + two(seconds % 60)
                : seconds / 3600 + ":" + two(seconds / 60 % 60) + ":" + two(seconds % 60);
    }

    private static String two(long number) {
        return number < 10 ? "0" + number : Long.toString(number);
    }
}
