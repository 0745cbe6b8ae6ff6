package io.github.irqscope.report;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** Histograms of times over one logarithmic axis, so that processors can be compared by looking down a column. */
final class CurvePicture {
    private static final int WIDTH = 160;
    private static final int HEIGHT = 26;
    private static final int WIDE = 720;
    private static final int HIGH = 120;
    private static final int FEW_OCTAVES = 10;

    private final int first;
    private final int end;

    CurvePicture(Collection<Curve> curves) {
        List<Curve> some = curves.stream().filter(Objects::nonNull).toList();
        int low = some.stream().mapToInt(Curve::first).min().orElse(0);
        int high = some.stream().mapToInt(Curve::end).max().orElse(1);
        int missing = Math.max(0, 2 * Curve.STEPS - (high - low)); /* at least two octaves */
        this.first = Math.max(0, low - missing / 2);
        this.end = high + missing - missing / 2;
    }

    /** A small one, for a row of a table. */
    void small(Html html, Curve curve) {
        html.open("svg", "class", "curve", "viewBox", "0 0 " + WIDTH + " " + (HEIGHT + 2), "role", "img", "aria-label",
                label(curve));
        html.raw("<path class=\"base\" d=\"M0 " + (HEIGHT + 0.5) + "h" + WIDTH + "\"/>");
        html.open("path", "class", "area", "d", area(curve, WIDTH, HEIGHT)).close("path");
        mark(html, curve.p99(), WIDTH, HEIGHT, "p99");
        html.close("svg");
    }

    /** A large one with an axis. */
    void large(Html html, Curve curve) {
        html.open("svg", "class", "curve wide", "viewBox", "0 0 " + WIDE + " " + (HIGH + 22), "role", "img",
                "aria-label", label(curve));
        for (long decade = 1; decade <= 1_000_000_000_000L; decade *= 10) {
            boolean few = end - first < FEW_OCTAVES * Curve.STEPS;
            for (int factor : few ? new int[] {1, 2, 5} : new int[] {1}) {
                tick(html, decade * factor);
            }
        }
        html.open("path", "class", "area", "d", area(curve, WIDE, HIGH)).close("path");
        html.raw("<path class=\"base\" d=\"M0 " + (HIGH + 0.5) + "h" + WIDE + "\"/>");
        mark(html, curve.p50(), WIDE, HIGH, "p50");
        mark(html, curve.p99(), WIDE, HIGH, "p99");
        html.close("svg");
    }

    private void tick(Html html, long time) {
        double x = x(time, WIDE);
        if (x >= 0 && x <= WIDE) {
            html.raw("<path class=\"tick\" d=\"M" + Html.number(x) + " 0v" + HIGH + "\"/>");
            String anchor = x < 20 ? "start" : x > WIDE - 20 ? "end" : "middle";
            html.element("text", unit(time), "x", Html.number(x), "y", Integer.toString(HIGH + 15), "text-anchor",
                    anchor);
        }
    }

    private void mark(Html html, long value, int width, int height, String kind) {
        html.raw("<path class=\"" + kind + "\" d=\"M" + Html.number(Math.max(0.5, Math.min(width - 0.5, x(value, width))))
                + " 0v" + height + "\"/>");
    }

    private double x(long nanoseconds, int width) {
        double step = Curve.STEPS * Math.log(Math.max(1, nanoseconds)) / Math.log(2);
        return (step - first) * width / (end - first);
    }

    private String area(Curve curve, int width, int height) {
        long most = 1;
        for (long count : curve.counts()) {
            most = Math.max(most, count);
        }
        StringBuilder path = new StringBuilder();
        double step = (double) width / (end - first);
        for (int i = curve.first(); i < curve.end(); i++) {
            if (curve.at(i) == 0) {
                continue;
            }
            double high = Math.max(1, (double) height * curve.at(i) / most);
            path.append('M').append(Html.number((i - first) * step)).append(' ').append(height).append('v')
                    .append(Html.number(-high)).append('h').append(Html.number(step)).append('v')
                    .append(Html.number(high)).append('z');
        }
        return path.toString();
    }

    static String label(Curve curve) {
        return Text.count(curve.count()) + " times: p50 " + Text.time(curve.p50()) + ", p99 " + Text.time(curve.p99())
                + ", max " + Text.time(curve.max());
    }

    /** What the axis reaches over, for the head of a column. */
    String reach() {
        return Text.time(Math.round(Math.pow(2, (double) first / Curve.STEPS))) + " to "
                + Text.time(Math.round(Math.pow(2, (double) end / Curve.STEPS)));
    }

    private static String unit(long decade) {
        return decade < 1000 ? decade + " ns" : decade < 1_000_000 ? decade / 1000 + " us"
                : decade < 1_000_000_000 ? decade / 1_000_000 + " ms" : decade / 1_000_000_000 + " s";
    }
}
