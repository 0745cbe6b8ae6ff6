package io.github.irqscope.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

final class HtmlReportTest {
    private static final String EVIL = "<script>alert('1')</script>\" onload=\"x&amp;\u0007|`*_";

    @TempDir
    private Path folder;

    private Fabricated events() {
        return new Fabricated(folder.resolve("run.irqrec"));
    }

    private static String page(Evidence... parts) {
        return HtmlReport.of(List.of(parts), "irqscope test");
    }

    /* The page is XML as well as HTML, so that a parser that is not ours can look at it. */
    private static Document parse(String page) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(page)));
    }

    private static int count(Document page, String element, String attribute, String pattern) {
        NodeList all = page.getElementsByTagName(element);
        int count = 0;
        for (int i = 0; i < all.getLength(); i++) {
            count += ((Element) all.item(i)).getAttribute(attribute).matches(pattern) ? 1 : 0;
        }
        return count;
    }

    @Test
    void theVerdictComesFirstWithItsColour() throws Exception {
        for (Evidence evidence : List.of(events().steady(40).evidence(),
                events().steady(40).run("g1:3", 0, 1, 1).evidence())) {
            Document page = parse(page(evidence));
            Element first = (Element) page.getElementsByTagName("section").item(0);
            assertEquals("verdict " + (evidence.asExpected() ? "good" : "bad"), first.getAttribute("class"));
            assertEquals(evidence.verdict().toString(),
                    first.getElementsByTagName("h1").item(0).getTextContent());
            assertEquals(1, page.getElementsByTagName("h1").getLength());
        }
    }

    @Test
    void theGridHasEveryProcessorItsBordersAndWhatRanOutside() throws Exception {
        Document page = parse(page(events().run("g0:0", 0, 100, 10).run("g0:3", 0, 1, 1).run("g0:6", 0, 1, 1)
                .evidence()));
        int legend = 1 + 1 + 1 + 8 + 1;
        assertEquals(128 + legend, count(page, "rect", "class", "c.*"));
        assertEquals(4 + 1 + 8, count(page, "rect", "class", "c g.*"), "granted");
        assertEquals(4 + 1, count(page, "rect", "class", "c r.*"), "requested only");
        assertEquals(1 + 1, count(page, "rect", "class", "c.* h8"), "busiest");
        assertEquals(1 + 1, count(page, "rect", "class", "c.* h1"), "least busy");
        assertEquals(1 + 1, count(page, "rect", "class", "c.* o"), "outside");
        assertTrue(page(events().run("g0:6", 0, 1, 1).evidence())
                .contains("<title>g0:6: requested, not granted, 1 ISR run, 1 outside</title>"));
    }

    @Test
    void twoThousandProcessorsAreOnePageOfLessThanAMegabyte() throws Exception {
        Fabricated events = events().groups(32).requested("g0:0-63 g31:0-63").granted("g0:0-63 g31:0-63");
        for (int processor = 0; processor < 64; processor++) {
            events.run("g31:" + processor, processor, 5, 1000).run("g0:" + processor, processor, 5, 1000);
        }
        String page = page(events.evidence());
        Document parsed = parse(page);
        assertEquals(2048 + 12, count(parsed, "rect", "class", "c.*"));
        assertEquals(1, count(parsed, "div", "class", "groups many"));
        assertTrue(page.contains("The other 64 processors"));
        assertTrue(page.length() < 1_000_000, page.length() + " characters");
    }

    @Test
    void everyTextIsEscaped() throws Exception {
        Evidence evidence = events().device(EVIL).steady(40).evidence();
        String page = page(evidence);
        assertFalse(page.contains("<script"), "a script");
        assertFalse(page.contains("\" onload"), "an attribute");
        assertTrue(parse(page).getDocumentElement().getTextContent().contains(EVIL.replace('\u0007', '\uFFFD')));
        String markdown = MarkdownReport.of(List.of(evidence), EVIL);
        assertFalse(markdown.contains("<script"), markdown);
        assertTrue(markdown.contains("x&amp;amp; \\|\\`\\*\\_"), markdown);
    }

    @Test
    void loadsNothingAndRunsNothing() throws Exception {
        String page = page(events().steady(40).run("g1:3", 0, 1, 1).evidence());
        for (String never : List.of("<script", "http:", "https:", " src=", "url(", "@import", "@font-face", "<iframe",
                "javascript:")) {
            assertFalse(page.contains(never), never);
        }
        assertTrue(page.contains("default-src 'none'"));
        Matcher handlers = Pattern.compile("<[^>]* on[a-z]+=").matcher(page);
        assertFalse(handlers.find());
    }

    @Test
    void theSameFilesGiveTheSameBytes() {
        assertEquals(page(events().steady(40).evidence()), page(events().steady(40).evidence()));
    }

    @Test
    void aPageOfSeveralSpeaksOfTheWorstFirst() throws Exception {
        Evidence good = events().steady(40).evidence();
        Evidence bad = new Fabricated(folder.resolve("bad.irqrec")).run("g1:3", 0, 1, 1).evidence();
        Document page = parse(page(good, bad));
        Element first = (Element) page.getElementsByTagName("section").item(0);
        assertEquals("WRONG_GROUP", first.getElementsByTagName("h1").item(0).getTextContent());
        assertTrue(first.getTextContent().contains("bad.irqrec: "), first.getTextContent());
        assertEquals(2, count(page, "section", "id", "part[12]"));
        assertEquals(2, count(page, "a", "href", "#part[12]"));
    }

    @Test
    void histogramsOfAColumnShareTheirAxis() throws Exception {
        Evidence evidence = events().run("g0:0", 0, 50, 10, 0, event -> 20).run("g0:1", 0, 50, 10, 0, event -> 2000)
                .evidence();
        Document page = parse(page(evidence));
        NodeList areas = page.getElementsByTagName("path");
        double slow = 0;
        double quick = 0;
        for (int i = 0; i < areas.getLength(); i++) {
            Element svg = (Element) areas.item(i).getParentNode();
            if (!((Element) areas.item(i)).getAttribute("class").equals("area")
                    || !svg.getAttribute("class").equals("curve")) {
                continue;
            }
            double left = Double.parseDouble(((Element) areas.item(i)).getAttribute("d").replaceAll("^M([0-9.]+) .*",
                    "$1"));
            if (svg.getAttribute("aria-label").contains("p50 2.00 us")) {
                quick = left;
            } else {
                slow = left;
            }
        }
        assertEquals(0, quick);
        assertTrue(slow > 140, "at " + slow + " of 160");
    }

    @Test
    void anInterruptThatMovesIsARowThatEndsWhereAnotherBegins() throws Exception {
        Evidence evidence = events().run("g0:0", 0, 1000, 100).run("g0:1", 100_000, 1000, 100).evidence();
        String page = page(evidence);
        /* Each row is one rectangle: the first from the left edge to the middle, the other from there on. */
        Matcher rows = Pattern.compile("<path class=\"h8\" d=\"M62 80h([0-9.]+)v[0-9]+h-[0-9.]+zM([0-9.]+) 94h([0-9.]+)v")
                .matcher(page);
        assertTrue(rows.find(), page.replaceAll("(?s).*(<path class=\"h[0-9]\" d=\"M62 [^>]*>).*", "$1"));
        double end = 62 + Double.parseDouble(rows.group(1));
        assertEquals(62 + 480, end, 5);
        assertEquals(end, Double.parseDouble(rows.group(2)), 0.1);
        assertEquals(62 + 960, end + Double.parseDouble(rows.group(3)), 0.2);
    }

    @Test
    void theTimelineIsRedWhereIsrsRanOutsideAndNowhereElse() throws Exception {
        String good = page(events().run("g0:0", 0, 1000, 100).evidence());
        assertFalse(good.contains(" o\" d="), "red, and nothing ran outside");
        /* A thousand granted ones, and one that was not, in the middle: its row is the second. */
        String bad = page(events().run("g0:0", 0, 1000, 100).run("g0:6", 50_000, 1, 1).evidence());
        Matcher red = Pattern.compile("<path class=\"h7 o\" d=\"M([0-9.]+) 94h[0-9.]+v13h-[0-9.]+z\"/>").matcher(bad);
        assertTrue(red.find(), bad.replaceAll("(?s).*(<svg class=\"time\".*?</svg>).*", "$1"));
        assertEquals(62 + 480, Double.parseDouble(red.group(1)), 10);
        assertFalse(red.find(), "one only");
        assertEquals(1, bad.split(" o\" d=", -1).length - 1);
        assertTrue(bad.contains("Red: an ISR ran outside of what was granted."));
        assertTrue(bad.contains(".time .o{fill:var(--bad)}"));
    }

    @Test
    void theTimelineOfGroupsIsRedWhereOneOfItsProcessorsWas() throws Exception {
        Fabricated many = events().groups(32).requested("g0:0-63 g31:0-63").granted("g0:0-63");
        for (int processor = 0; processor < 64; processor++) {
            many.run("g0:" + processor, 0, 100, 1000);
        }
        String page = page(many.run("g31:5", 50_000, 2, 1).evidence());
        assertTrue(page.contains(">group 31</text>"), "by group");
        Matcher red = Pattern.compile("<path class=\"h[78] o\" d=\"M([0-9.]+) 94h").matcher(page);
        assertTrue(red.find(), page.replaceAll("(?s).*(<svg class=\"time\".*?</svg>).*", "$1"));
        assertEquals(62 + 480, Double.parseDouble(red.group(1)), 10);
    }

    @Test
    void markdownSaysTheVerdictFirst() {
        String text = MarkdownReport.of(List.of(events().steady(40).run("g0:5", 0, 3, 1).evidence()), "irqscope test");
        assertTrue(text.startsWith("## \u274c OUTSIDE\\_MASK\n\n1 of 1 target with 3 ISR runs"), text);
        assertTrue(text.contains("\n| outside of granted | 3 |\n"), text);
        assertTrue(text.contains("| g0:5 | 3 | "), text);
        for (String line : text.lines().filter(line -> line.startsWith("|")).toList()) {
            assertTrue(line.endsWith("|"), line);
        }
    }
}
