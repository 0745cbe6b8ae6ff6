package io.github.irqscope.report;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;

import java.util.HashMap;
import java.util.Map;

/**
 * The machine as it was asked for, granted and used: for each group a grid of its processors, 16 in a row. Dashed border:
 * requested only; border: granted; fill: ISR runs, the stronger the more; red with a cross: ISR runs outside of what was
 * granted.
 */
final class GridPicture {
    private static final int COLUMNS = 16;
    private static final int PITCH = 16;
    private static final int LEVELS = 8;
    private static final int LABEL = 18;
    private static final int MANY_GROUPS = 8;

    private final Evidence evidence;
    private final ProcessorSet requested;
    private final ProcessorSet granted;
    private final Map<Processor, Evidence.At> at = new HashMap<>();
    private final long most;

    GridPicture(Evidence evidence) {
        this.evidence = evidence;
        this.requested = evidence.requested();
        this.granted = evidence.granted();
        evidence.processors().forEach(one -> at.put(one.processor(), one));
        this.most = evidence.processors().stream().mapToLong(Evidence.At::count).max().orElse(0);
    }

    void draw(Html html) {
        html.open("div", "class", evidence.machine().groups().size() > MANY_GROUPS ? "groups many" : "groups")
                .raw("\n");
        for (Machine.Group group : evidence.machine().groups()) {
            group(html, group);
        }
        html.closeLine("div");
        legend(html);
    }

    private void group(Html html, Machine.Group group) {
        int highest = -1;
        int used = 0;
        for (Processor processor : group.active()) {
            highest = processor.number();
            used += at.containsKey(processor) && at.get(processor).count() > 0 ? 1 : 0;
        }
        int rows = highest / COLUMNS + 1;
        html.open("figure").open("figcaption").element("b", "group " + group.number())
                .text(" " + Text.count(group.active().size()) + (used == 0 ? "" : ", " + used + " used"))
                .close("figcaption");
        html.open("svg", "viewBox", "0 0 " + (LABEL + COLUMNS * PITCH) + " " + (rows * PITCH + 1), "role", "img",
                "aria-label", "group " + group.number() + ": requested " + group(requested, group) + ", granted "
                + group(granted, group) + ", " + used + " processors with ISR runs");
        for (int row = 0; row < rows; row++) {
            html.element("text", Integer.toString(row * COLUMNS), "class", "n", "x", Integer.toString(LABEL - 4), "y",
                    Integer.toString(row * PITCH + 11));
        }
        for (Processor processor : group.active()) {
            cell(html, processor);
        }
        html.close("svg").closeLine("figure");
    }

    private static String group(ProcessorSet set, Machine.Group group) {
        ProcessorSet its = set.inGroup(group.number());
        return its.isEmpty() ? "none" : its.toString();
    }

    private void cell(Html html, Processor processor) {
        int x = LABEL + processor.number() % COLUMNS * PITCH + 1;
        int y = processor.number() / COLUMNS * PITCH + 1;
        Evidence.At its = at.get(processor);
        long count = its == null ? 0 : its.count();
        boolean outside = its != null && its.outside() > 0;
        boolean isGranted = granted.contains(processor);
        boolean isRequested = requested.contains(processor);
        String kind = isGranted ? "c g" : isRequested ? "c r" : "c";
        html.open("g").element("title", processor + ": " + (isRequested ? "requested" : "not requested") + ", "
                + (isGranted ? "granted" : "not granted") + ", " + Text.count(count, "ISR run")
                + (outside ? ", " + Text.count(its.outside()) + " outside" : ""));
        html.raw("<rect class=\"" + kind + (outside ? " o" : count > 0 ? " h" + level(count, most) : "") + "\" x=\"" + x
                + "\" y=\"" + y + "\" width=\"13\" height=\"13\" rx=\"2\"/>");
        if (outside) {
            html.raw("<path class=\"x\" d=\"M" + (x + 3) + " " + (y + 3) + "l7 7m0-7l-7 7\"/>");
        }
        html.close("g");
    }

    /** 1 to 8; by the root, so that a few beside many can be seen. */
    static int level(long count, long most) {
        return (int) Math.max(1, Math.min(LEVELS, Math.ceil(LEVELS * Math.sqrt((double) count / Math.max(1, most)))));
    }

    private void legend(Html html) {
        html.open("p", "class", "legend");
        swatch(html, "c", "not asked for");
        swatch(html, "c r", "requested only");
        swatch(html, "c g", "granted");
        html.raw("<span><svg viewBox=\"0 0 128 15\" class=\"ramp\">");
        for (int level = 1; level <= LEVELS; level++) {
            html.raw("<rect class=\"c g h" + level + "\" x=\"" + ((level - 1) * PITCH + 1)
                    + "\" y=\"1\" width=\"13\" height=\"13\" rx=\"2\"/>");
        }
        html.raw("</svg> ").text("ISR runs, up to " + Text.count(most) + " on one processor").raw("</span>");
        html.raw("<span><svg viewBox=\"0 0 15 15\"><rect class=\"c o\" x=\"1\" y=\"1\" width=\"13\" height=\"13\" rx=\"2\"/>"
                + "<path class=\"x\" d=\"M4 4l7 7m0-7l-7 7\"/></svg> outside of what was granted</span>");
        html.closeLine("p");
    }

    private static void swatch(Html html, String kind, String meaning) {
        html.raw("<span><svg viewBox=\"0 0 15 15\"><rect class=\"" + kind
                + "\" x=\"1\" y=\"1\" width=\"13\" height=\"13\" rx=\"2\"/></svg> ").text(meaning).raw("</span>");
    }
}
