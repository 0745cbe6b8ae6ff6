package io.github.irqscope.cli.watch;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The processors, group by group: the border says granted, the fill how often ISRs run, red that one ran where it was
 * not granted. As large as there is room for; groups in which nothing is and nothing was share a line when there is not.
 */
final class Grid {
    private static final int LABEL = 7;
    private static final int[] WIDTHS = {64, 32, 16};
    private static final char[] FILL = {' ', '\u2581', '\u2582', '\u2583', '\u2584', '\u2585', '\u2586', '\u2587',
        '\u2588'};
    /* A corner by the edges that meet in it: 1 above, 2 right, 4 below, 8 left. */
    private static final String CORNERS = " \u2575\u2576\u2514\u2577\u2502\u250c\u251c\u2574\u2518\u2500\u2534\u2510\u2524"
            + "\u252c\u253c";

    private final Sight sight;
    private final View.Size size;
    private final int perRow;
    private final List<Section> sections;
    private final int height;
    private final int hidden;
    private final Map<Processor, Sight.Spot> spots = new HashMap<>();
    private final double highest;

    /** Neighbouring groups that are drawn together: one, or several quiet ones in a line. */
    private record Section(List<Machine.Group> groups, boolean collapsed) {
        Machine.Group group() {
            return groups.get(0);
        }
    }

    private Grid(Sight sight, View.Size size, int perRow, List<Section> sections, int rows) {
        this.sight = sight;
        this.size = size;
        this.perRow = perRow;
        this.highest = sight.highest();
        int used = 0;
        int shown = 0;
        for (Section section : sections) {
            int needed = height(section, size, perRow);
            if (used + needed > rows - (shown + 1 < sections.size() && used + needed == rows ? 1 : 0)) {
                break;
            }
            used += needed;
            shown++;
        }
        this.sections = sections.subList(0, shown);
        this.hidden = sections.size() - shown;
        this.height = used + (hidden > 0 ? 1 : 0);
        sight.spots().forEach(spot -> spots.put(spot.processor(), spot));
    }

    /** The largest that fits, with the fewest groups hidden. */
    static Grid fit(Sight sight, View view, int columns, int rows) {
        List<Section> all = sections(sight, view, false);
        List<Section> collapsed = sections(sight, view, true);
        for (List<Section> sections : view.hidesIdle() ? List.of(collapsed) : List.of(all, collapsed)) {
            for (View.Size size : View.Size.values()) {
                if (size == View.Size.AUTO || view.size() != View.Size.AUTO && view.size() != size) {
                    continue;
                }
                for (int perRow : WIDTHS) {
                    if (LABEL + width(size, perRow) <= columns && height(sections, size, perRow) <= rows) {
                        return new Grid(sight, size, perRow, sections, rows);
                    }
                }
            }
        }
        View.Size size = view.size() == View.Size.AUTO ? View.Size.SMALL : view.size();
        int perRow = WIDTHS[WIDTHS.length - 1];
        for (int one : WIDTHS) {
            perRow = LABEL + width(size, one) <= columns ? Math.max(perRow, one) : perRow;
        }
        return new Grid(sight, size, perRow, collapsed, rows);
    }

    private static List<Section> sections(Sight sight, View view, boolean collapsing) {
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < sight.groups().size(); i++) {
            Machine.Group group = sight.groups().get(i);
            if (view.group() >= 0 && view.group() != i) {
                continue;
            }
            boolean collapsed = collapsing && view.group() < 0 && sight.isQuiet(group.number());
            Section last = sections.isEmpty() ? null : sections.get(sections.size() - 1);
            if (collapsed && last != null && last.collapsed()) {
                last.groups().add(group);
            } else {
                sections.add(new Section(new ArrayList<>(List.of(group)), collapsed));
            }
        }
        return sections;
    }

    private static int width(View.Size size, int perRow) {
        return switch (size) {
            case LARGE -> 3 * perRow + 1;
            case MEDIUM -> 2 * perRow + 1;
            default -> perRow + perRow / 8 - 1;
        };
    }

    private static int height(List<Section> sections, View.Size size, int perRow) {
        int height = 0;
        for (Section section : sections) {
            height += height(section, size, perRow);
        }
        return height;
    }

    private static int height(Section section, View.Size size, int perRow) {
        if (section.collapsed()) {
            return 1;
        }
        int rows = (count(section.group()) + perRow - 1) / perRow;
        return size == View.Size.LARGE ? 2 * rows + 1 : rows;
    }

    /** How many places a group has: up to its highest processor. */
    private static int count(Machine.Group group) {
        int count = group.maximum();
        for (Processor processor : group.active()) {
            count = Math.max(count, processor.number() + 1);
        }
        return count;
    }

    int height() {
        return height;
    }

    int width() {
        int widest = 0;
        for (Section section : sections) {
            widest = Math.max(widest, section.collapsed() ? 0 : Math.min(perRow, count(section.group())));
        }
        return LABEL + width(size, Math.max(8, widest));
    }

    View.Size size() {
        return size;
    }

    void draw(Frame frame, int top) {
        int row = top;
        for (Section section : sections) {
            if (section.collapsed()) {
                drawCollapsed(frame, row, section);
            } else {
                drawGroup(frame, row, section.group());
            }
            row += height(section, size, perRow);
        }
        if (hidden > 0) {
            frame.put(row, 0, "\u2026 " + hidden + " more; g shows one group, h hides the idle", Ink.FAINT);
        }
    }

    private void drawCollapsed(Frame frame, int row, Section section) {
        int first = section.group().number();
        int last = section.groups().get(section.groups().size() - 1).number();
        frame.put(row, 0, first == last ? "g" + first : "g" + first + "-" + last, Ink.FAINT);
        frame.put(row, Math.max(LABEL + 1, ("g" + first + "-" + last).length() + 2),
                "idle: nothing granted, nothing ran", Ink.FAINT);
    }

    private void drawGroup(Frame frame, int top, Machine.Group group) {
        int count = count(group);
        for (int first = 0; first < count; first += perRow) {
            int line = first / perRow;
            int row = size == View.Size.LARGE ? top + 2 * line + 1 : top + line;
            frame.put(row, 0, "g" + group.number() + ":" + first, line == 0 ? Ink.STRONG : Ink.FAINT);
            for (int number = first; number < Math.min(count, first + perRow); number++) {
                if (group.active().contains(new Processor(group.number(), number))) {
                    drawProcessor(frame, row, number - first, spot(group, number));
                }
            }
        }
        if (size == View.Size.LARGE) {
            drawBorders(frame, top, group, count);
        } else if (size == View.Size.MEDIUM) {
            drawSides(frame, top, group, count);
        }
    }

    private Sight.Spot spot(Machine.Group group, int number) {
        return spots.get(new Processor(group.number(), number));
    }

    private void drawProcessor(Frame frame, int row, int place, Sight.Spot spot) {
        int level = level(spot, highest);
        boolean granted = spot != null && spot.granted();
        boolean outside = spot != null && spot.outside() > 0;
        Ink ink = outside ? Ink.OUTSIDE : level > 0 ? Ink.heat(level) : Ink.FAINT;
        switch (size) {
            case LARGE -> {
                int column = LABEL + 3 * place + 1;
                frame.put(row, column, outside ? '!' : level > 0 ? FILL[level] : granted ? ' ' : '\u00b7', ink);
                frame.put(row, column + 1, FILL[level], outside ? Ink.BAD : level > 0 ? ink : Ink.PLAIN);
            }
            case MEDIUM -> frame.put(row, LABEL + 2 * place + 1,
                    outside ? '!' : level > 0 ? FILL[level] : granted ? ' ' : '\u00b7', ink);
            default -> frame.put(row, LABEL + place + place / 8,
                    outside ? '!' : level > 0 ? FILL[level] : granted ? 'o' : '\u00b7',
                    outside ? ink : granted ? Ink.within(level) : ink);
        }
    }

    /** 1 to 8 as parts of the highest rate, 0 for none. */
    static int level(Sight.Spot spot, double highest) {
        return spot == null ? 0 : level(spot.rate(), highest);
    }

    static int level(double rate, double highest) {
        return rate <= 0 || highest <= 0 ? 0
                : Math.min(Ink.LEVELS, Math.max(1, (int) Math.ceil(Ink.LEVELS * rate / highest - 1e-9)));
    }

    static char fill(int level) {
        return FILL[level];
    }

    private void drawSides(Frame frame, int top, Machine.Group group, int count) {
        for (int number = 0; number < count; number++) {
            Sight.Spot spot = spot(group, number);
            if (spot != null && spot.granted()) {
                int row = top + number / perRow;
                int column = LABEL + 2 * (number % perRow);
                frame.put(row, column, '\u2502', Ink.GRANTED);
                frame.put(row, column + 2, '\u2502', Ink.GRANTED);
            }
        }
    }

    /** Around each granted processor; what meets in a corner decides how the corner looks. */
    private void drawBorders(Frame frame, int top, Machine.Group group, int count) {
        int lines = (count + perRow - 1) / perRow;
        for (int line = 0; line <= lines; line++) {
            for (int place = 0; place <= perRow; place++) {
                boolean aboveLeft = granted(group, count, line - 1, place - 1);
                boolean aboveRight = granted(group, count, line - 1, place);
                boolean belowLeft = granted(group, count, line, place - 1);
                boolean belowRight = granted(group, count, line, place);
                int edges = (aboveLeft || aboveRight ? 1 : 0) | (aboveRight || belowRight ? 2 : 0)
                        | (belowLeft || belowRight ? 4 : 0) | (aboveLeft || belowLeft ? 8 : 0);
                int row = top + 2 * line;
                int column = LABEL + 3 * place;
                if (edges != 0) {
                    frame.put(row, column, CORNERS.charAt(edges), Ink.GRANTED);
                }
                if ((edges & 2) != 0) {
                    frame.put(row, column + 1, "\u2500\u2500", Ink.GRANTED);
                }
                if ((edges & 4) != 0) {
                    frame.put(row + 1, column, '\u2502', Ink.GRANTED);
                }
            }
        }
    }

    private boolean granted(Machine.Group group, int count, int line, int place) {
        int number = line * perRow + place;
        if (line < 0 || place < 0 || place >= perRow || number >= count) {
            return false;
        }
        Sight.Spot spot = spot(group, number);
        return spot != null && spot.granted();
    }
}
