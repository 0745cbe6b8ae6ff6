package io.github.irqscope.report;

import io.github.irqscope.ProcessorSet;
import io.github.irqscope.validation.Latency;
import io.github.irqscope.validation.Move;
import io.github.irqscope.validation.Verdict;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * One page that explains itself: the verdict first, then what it rests on. It loads nothing and runs nothing, so that it
 * is the same in ten years and may be mailed. The same evidence gives the same bytes.
 */
public final class HtmlReport {
    private static final int MOST_OPEN_TARGETS = 60;
    private static final int MOST_OPEN_PROCESSORS = 64;
    private static final int MOST_MOVES = 200;
    private static final int LONGEST_SET = 24;
    private static final int MOST_GROUPS = 4;

    private final Html html = new Html();
    private final List<Evidence> parts;

    private HtmlReport(List<Evidence> parts) {
        this.parts = parts;
    }

    /**
     * The page.
     *
     * @param parts what it is about, at least one; its verdict is the worst of theirs
     * @param tool  name and version of what makes it
     */
    public static String of(List<Evidence> parts, String tool) {
        return new HtmlReport(parts).page(tool);
    }

    /** The part that a page of several speaks of first: the loudest, of equally loud ones the first. */
    static Evidence loudest(List<Evidence> parts) {
        return parts.stream().max(Comparator.comparing(Evidence::tone).thenComparing(
                part -> -parts.indexOf(part))).orElseThrow();
    }

    /** The word of a verdict; of a recording in which nothing ran, that nothing was seen. */
    static String word(Evidence part) {
        return part.verdict() == null ? "NOTHING RAN" : part.verdict()
                + (part.asExpected() && part.lost() > 0 ? ", NOT COMPLETE" : "");
    }

    /** The sentence without the word before it, which stands above it already. */
    static String rest(Evidence part) {
        String start = part.verdict() + ": ";
        String text = part.sentence().startsWith(start) ? part.sentence().substring(start.length()) : part.sentence();
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    private String page(String tool) {
        Evidence first = loudest(parts);
        html.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
                + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"/>\n"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
                + "img-src data:\"/>\n<link rel=\"icon\" href=\"data:,\"/>\n");
        html.element("title", word(first) + " - " + names()).raw("\n<style>\n").raw(style())
                .raw("</style>\n</head>\n<body>\n<main>\n");
        html.element("p", "irqscope report of " + names(), "class", "of").raw("\n");
        html.open("section", "class", "verdict " + tone(first)).element("h1", word(first)).element("p",
                (parts.size() == 1 ? "" : first.name() + ": ") + rest(first)).closeLine("section");
        if (parts.size() > 1) {
            contents();
        }
        for (int i = 0; i < parts.size(); i++) {
            part(parts.get(i), i + 1);
        }
        html.open("footer").text("Requested, granted, observed: what was asked for, what the kernel says it granted, and "
                + "where each ISR ran. Made by " + tool + "; this page loads nothing.").closeLine("footer");
        return html.raw("</main>\n</body>\n</html>\n").toString();
    }

    private String names() {
        return String.join(", ", parts.stream().map(Evidence::name).toList());
    }

    private static String tone(Evidence part) {
        return part.tone().toString().toLowerCase(Locale.ROOT);
    }

    private static String style() {
        try (InputStream stream = HtmlReport.class.getResourceAsStream("report.css")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void contents() {
        html.raw("<nav><ol>\n");
        for (int i = 0; i < parts.size(); i++) {
            Evidence part = parts.get(i);
            html.open("li", "class", tone(part)).element("b", word(part), "class", "word").text(" ")
                    .element("a", part.name(), "href", "#part" + (i + 1)).text(": " + rest(part)).closeLine("li");
        }
        html.raw("</ol></nav>\n");
    }

    private void part(Evidence part, int number) {
        html.open("section", "class", "part " + tone(part), "id", "part" + number);
        if (parts.size() > 1) {
            html.element("h2", part.name());
        }
        figures(part);
        html.element("h3", "Requested, granted, observed");
        new GridPicture(part).draw(html);
        notes(part);
        targets(part);
        if (part.timeline() != null && part.events() > 0) {
            timeline(part);
        }
        moves(part);
        processors(part);
        environment(part);
        html.closeLine("section");
    }

    // ---- Figures -------------------------------------------------------------------------------------------------

    private void figures(Evidence part) {
        html.raw("<dl class=\"figures\">");
        figure("ISR runs", Text.count(part.events()), false);
        if (part.nanoseconds() > 0) {
            figure("in", Text.time(part.nanoseconds()), false);
            figure("rate", Text.rate(part.events() * 1e9 / part.nanoseconds()), false);
        }
        figure("targets", Text.count(part.targets().size()), false);
        if (part.kind() == Evidence.Kind.RESULT) {
            int wrong = part.unexpected().size();
            figure("not as expected", Text.count(wrong), wrong > 0);
            long sent = part.targets().stream().mapToLong(Evidence.Target::sent).sum();
            figure("sent", Text.count(sent), false);
        }
        figure("processors used", Text.count(part.processors().stream().filter(at -> at.count() > 0).count()), false);
        figure("outside of granted", Text.count(part.outside()), part.outside() > 0);
        figure("lost by the stream", Text.count(part.lost()), part.lost() > 0);
        html.raw("</dl>\n");
    }

    private void figure(String name, String value, boolean hot) {
        html.raw("<div>").element("dt", name).element("dd", value, "class", hot ? "hot" : null).raw("</div>");
    }

    private void notes(Evidence part) {
        if (part.notes().isEmpty()) {
            return;
        }
        html.element("h3", "Notes").raw("<ul class=\"notes\">");
        part.notes().forEach(note -> html.element("li", note));
        html.raw("</ul>\n");
    }

    // ---- Targets -------------------------------------------------------------------------------------------------

    private void targets(Evidence part) {
        html.element("h3", "Targets");
        List<Evidence.Target> wrong = part.unexpected();
        List<Evidence.Target> others = part.targets().stream().filter(Evidence.Target::asExpected).toList();
        List<Evidence.Target> open = new ArrayList<>(wrong);
        boolean all = part.targets().size() <= MOST_OPEN_TARGETS;
        if (all) {
            open.addAll(others);
        }
        List<Evidence.Target> more = open.subList(Math.min(MOST_OPEN_TARGETS, open.size()), open.size());
        if (!open.isEmpty()) {
            targetTable(part, open.subList(0, open.size() - more.size()));
        }
        if (!more.isEmpty()) {
            html.raw("<details>").element("summary", "The other " + Text.count(more.size()) + " that are not as expected");
            targetTable(part, more);
            html.raw("</details>\n");
        }
        if (!all && !others.isEmpty()) {
            html.raw("<details>").element("summary", "The " + Text.count(others.size()) + " that are as expected");
            targetTable(part, others);
            html.raw("</details>\n");
        }
    }

    private void targetTable(Evidence part, List<Evidence.Target> targets) {
        boolean sends = part.kind() == Evidence.Kind.RESULT;
        boolean times = targets.stream().anyMatch(target -> target.latency() != null);
        html.raw("<div class=\"scroll\"><table><thead><tr><th>target</th><th>way</th><th>requested</th><th>granted</th>"
                + "<th>observed</th>" + (sends ? "<th class=\"n\">sent</th><th class=\"n\">arrived</th>"
                + "<th class=\"n\">lost</th>" : "<th class=\"n\">ISR runs</th><th class=\"n\">outside</th>")
                + (times ? "<th class=\"n\">p50</th><th class=\"n\">p99</th><th class=\"n\">max</th>" : "")
                + "<th>verdict</th></tr></thead>\n<tbody>\n");
        for (Evidence.Target target : targets) {
            html.open("tr", "class", target.asExpected() ? null : "wrong")
                    .element("td", target.device() + " " + target.resource(), "class", "id")
                    .element("td", target.way(), "class", "id").element("td", brief(target.requested()), "class", "set",
                    "title", target.requested().toString()).element("td", target.granted() == null ? granted(target)
                    : brief(target.granted()), "class", "set", "title", granted(target)).element("td", brief(ProcessorSet.of(
                    target.observed().keySet())), "class", "set", "title", observed(target));
            if (sends) {
                number(Text.count(target.sent()), false);
                number(Text.count(target.arrived()), false);
                number(Text.count(target.lost()), target.lost() > 0);
            } else {
                number(Text.count(target.arrived()), false);
                number(Text.count(target.outside()), target.outside() > 0);
            }
            if (times) {
                Latency latency = target.latency();
                number(latency == null ? "" : Text.time(latency.p50()), false);
                number(latency == null ? "" : Text.time(latency.p99()), false);
                number(latency == null ? "" : Text.time(latency.max()), false);
            }
            html.open("td", "class", target.asExpected() ? "why" : "why " + "bad").element("b", word(target), "class",
                    target.asExpected() ? null : "word").text(target.asExpected() && target.verdict() == Verdict.LANDED
                    ? "" : ": " + target.explanation()).raw("</td></tr>\n");
        }
        html.raw("</tbody></table></div>\n");
    }

    /** The word of a target's verdict; of one that is no success, and as the rules demand, that it is as expected. */
    static String word(Evidence.Target target) {
        return target.verdict() == null ? "nothing ran" : target.verdict() + (target.asExpected()
                && target.verdict() != Verdict.LANDED ? " as expected" : "");
    }

    /** The set, or, when its text is long, how many processors of which groups. */
    static String brief(ProcessorSet set) {
        String text = set.toString();
        if (set.isEmpty() || text.length() <= LONGEST_SET) {
            return set.isEmpty() ? "nothing" : text;
        }
        List<String> groups = new ArrayList<>();
        set.masks().forEach((group, mask) -> groups.add(Long.bitCount(mask) + " of g" + group));
        return groups.size() > MOST_GROUPS ? set.size() + " in " + groups.size() + " groups" : String.join(", ", groups);
    }

    static String granted(Evidence.Target target) {
        return target.granted() != null ? target.granted().toString()
                : target.verdict() == Verdict.REFUSED ? "refused" : "not known";
    }

    static String observed(Evidence.Target target) {
        return target.observed().isEmpty() ? "nothing" : ProcessorSet.of(target.observed().keySet()).toString();
    }

    private void number(String text, boolean hot) {
        html.element("td", text, "class", hot ? "n hot" : "n");
    }

    // ---- Time ----------------------------------------------------------------------------------------------------

    private void timeline(Evidence part) {
        TimelinePicture picture = new TimelinePicture(part);
        html.element("h3", "Over time").element("p", "Each row is a " + (picture.isByGroup() ? "group" : "processor")
                + ", each column " + Text.time(part.timeline().sliceNanoseconds()) + "; the stronger, the more ISR runs. "
                + "Red: an ISR ran outside of what was granted. An interrupt that moves is a row that ends where another "
                + "begins.", "class", "note");
        html.raw("<div class=\"scroll\">");
        picture.draw(html);
        html.raw("</div>\n");
    }

    private void moves(Evidence part) {
        if (part.moves().isEmpty()) {
            return;
        }
        html.element("h3", "Restarts by the system").raw("<div class=\"scroll\"><table><thead><tr><th class=\"n\">after"
                + "</th><th>target</th><th>granted before</th><th>granted since</th></tr></thead><tbody>\n");
        for (Move move : part.moves().subList(0, Math.min(MOST_MOVES, part.moves().size()))) {
            html.open("tr", "class", move.isMove() ? "wrong" : null);
            number(Text.time(move.time()), false);
            html.element("td", move.device() + " " + move.resource(), "class", "id")
                    .element("td", move.from() == null ? "refused" : move.from().toString(), "class", "set")
                    .element("td", move.to() == null ? "refused" : move.to().toString(), "class", "set").raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n");
        if (part.moves().size() > MOST_MOVES) {
            html.element("p", "... and " + Text.count(part.moves().size() - MOST_MOVES) + " more.", "class", "note");
        }
    }

    // ---- Processors ----------------------------------------------------------------------------------------------

    private void processors(Evidence part) {
        if (part.processors().isEmpty()) {
            return;
        }
        boolean paced = part.processors().stream().anyMatch(at -> at.triggerToIsr() != null);
        boolean deferred = part.processors().stream().anyMatch(at -> at.isrToDpc() != null);
        CurvePicture trigger = new CurvePicture(part.processors().stream().map(Evidence.At::triggerToIsr).toList());
        CurvePicture dpc = new CurvePicture(part.processors().stream().map(Evidence.At::isrToDpc).toList());
        html.element("h3", "By processor");
        if (paced || deferred) {
            html.raw("<div class=\"pair\">");
            whole("Trigger to ISR, all processors", trigger, part.all().triggerToIsr());
            whole("ISR to DPC, all processors", dpc, part.all().isrToDpc());
            html.raw("</div>\n").element("p", "Histograms over a logarithmic axis; dashed: the median, solid: the 99th "
                    + "percentile. The axis of a column is the same in all its rows" + (paced ? ", trigger to ISR "
                    + trigger.reach() : "") + (deferred ? ", ISR to DPC " + dpc.reach() : "") + ".", "class", "note");
        }
        List<Evidence.At> ordered = new ArrayList<>(part.processors());
        if (ordered.size() > MOST_OPEN_PROCESSORS) {
            ordered.sort(Comparator.comparingLong(Evidence.At::outside).thenComparingLong(Evidence.At::lost)
                    .thenComparingLong(HtmlReport::slowest).thenComparingLong(Evidence.At::count).reversed()
                    .thenComparing(Evidence.At::processor));
        }
        List<Evidence.At> open = ordered.subList(0, Math.min(MOST_OPEN_PROCESSORS, ordered.size()));
        List<Evidence.At> others = ordered.subList(open.size(), ordered.size());
        processorTable(part, open, paced ? trigger : null, deferred ? dpc : null);
        if (!others.isEmpty()) {
            html.raw("<details>").element("summary", "The other " + Text.count(others.size()) + " processors, less "
                    + "outside, less lost, less slow than these");
            processorTable(part, others, paced ? trigger : null, deferred ? dpc : null);
            html.raw("</details>\n");
        }
    }

    private static long slowest(Evidence.At at) {
        return at.triggerToIsr() != null ? at.triggerToIsr().p99() : at.isrToDpc() != null ? at.isrToDpc().p99() : 0;
    }

    private void whole(String title, CurvePicture picture, Curve curve) {
        if (curve == null) {
            return;
        }
        html.open("figure").open("figcaption").element("b", title).text(" " + CurvePicture.label(curve))
                .close("figcaption");
        picture.large(html, curve);
        html.closeLine("figure");
    }

    private void processorTable(Evidence part, List<Evidence.At> rows, CurvePicture trigger, CurvePicture dpc) {
        String times = "<th class=\"n\">p50</th><th class=\"n\">p99</th><th class=\"n\">max</th>";
        html.raw("<div class=\"scroll\"><table><thead><tr><th>processor</th><th class=\"n\">ISR runs</th>"
                + (part.nanoseconds() > 0 ? "<th class=\"n\">rate</th>" : "") + "<th class=\"n\">share</th>"
                + "<th class=\"n\">outside</th>" + (part.nanoseconds() > 0 ? "<th class=\"n\">lost</th>" : "")
                + (trigger == null ? "" : "<th>trigger to ISR</th>" + times)
                + (dpc == null ? "" : "<th>ISR to DPC</th>" + times) + "</tr></thead>\n<tbody>\n");
        for (Evidence.At at : rows) {
            html.open("tr", "class", at.outside() > 0 ? "wrong" : null).element("td", at.processor().toString(), "class",
                    "id");
            number(Text.count(at.count()), false);
            if (part.nanoseconds() > 0) {
                number(Text.rate(at.count() * 1e9 / part.nanoseconds()), false);
            }
            number(Text.percent((double) at.count() / Math.max(1, part.events())), false);
            number(Text.count(at.outside()), at.outside() > 0);
            if (part.nanoseconds() > 0) {
                number(Text.count(at.lost()), at.lost() > 0);
            }
            curve(trigger, at.triggerToIsr());
            curve(dpc, at.isrToDpc());
            html.raw("</tr>\n");
        }
        html.raw("</tbody></table></div>\n");
    }

    private void curve(CurvePicture picture, Curve curve) {
        if (picture == null) {
            return;
        }
        if (curve == null) {
            html.raw("<td></td><td></td><td></td><td></td>");
            return;
        }
        html.raw("<td>");
        picture.small(html, curve);
        html.raw("</td>");
        number(Text.time(curve.p50()), false);
        number(Text.time(curve.p99()), false);
        number(Text.time(curve.max()), false);
    }

    private void environment(Evidence part) {
        html.element("h3", "Environment").raw("<table class=\"facts\">");
        html.raw("<tr>").element("th", "file").element("td", part.name() + ", a " + part.kind().text()).raw("</tr>\n");
        for (Evidence.Fact fact : part.environment()) {
            html.raw("<tr>").element("th", fact.name()).element("td", fact.value()).raw("</tr>\n");
        }
        html.raw("</table>\n");
    }
}
