package io.github.irqscope.inf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;

import org.junit.jupiter.api.Test;

class InfTest {
    @Test
    void keepsSectionsKeysValuesAndLineNumbers() {
        Inf inf = Inf.parse("a.inf", "; a comment\n[Version]\nClass = System ; what it is\n\n[Files]\r\na.sys,,,0x2\n");
        assertEquals(List.of("Version", "Files"), inf.sections().stream().map(InfSection::name).toList());
        assertEquals(new InfEntry(3, "Class", List.of("System"), "what it is"), inf.section("version").find("CLASS"));
        assertEquals(new InfEntry(6, null, List.of("a.sys", "", "", "0x2"), ""), inf.section("FILES").entries().get(0));
        assertEquals(List.of(), inf.problems());
    }

    @Test
    void quotesHoldCommasSemicolonsEqualsAndDoubledQuotes() {
        Inf inf = Inf.parse("a.inf", "[A]\nk = \"a,b;c=d\" , \"say \"\"yes\"\"\", \" kept \"\n");
        assertEquals(List.of("a,b;c=d", "say \"yes\"", " kept "), inf.section("A").entries().get(0).values());
    }

    @Test
    void aBackslashAtTheEndContinuesAndOneInsideDoesNot() {
        Inf inf = Inf.parse("a.inf", "[A]\nk = one, \\ ; more\n  two\\three\nnext = 1\n");
        assertEquals(new InfEntry(2, "k", List.of("one", "two\\three"), "more"), inf.section("A").entries().get(0));
        assertEquals(4, inf.section("A").find("next").line());
    }

    @Test
    void tokensAreReplacedAndDirectoriesStay() {
        Inf inf = Inf.parse("a.inf", "[A]\nk = x\n[Strings]\nName = \"a; b\"\n");
        assertEquals("%13%\\a; b and 100%", inf.expand("%13%\\%NAME% and 100%%"));
        assertEquals(List.of("Other"), inf.undefined("%12%%Name%%Other%"));
        assertEquals("%Other%", inf.expand("%Other%"));
    }

    @Test
    void sectionsOfOneNameAreOneForWindowsAndTwoInTheFile() {
        Inf inf = Inf.parse("a.inf", "[A]\nx = 1\n[B]\n[a]\nx = 2\n");
        assertEquals(3, inf.sections().size());
        assertEquals("2", inf.section("A").find("x").value(0));
        assertEquals(2, inf.section("A").all("X").size());
        assertNull(inf.section("C"));
    }

    @Test
    void namesTheLineOfWhatDoesNotRead() {
        Inf inf = Inf.parse("a.inf", "early\n[A\nk = \"open\nm = %open\n[B] rest\n[]\n");
        assertEquals(List.of(1, 2, 3, 4, 5, 6), inf.problems().stream().map(InfProblem::line).toList());
        assertTrue(inf.problems().stream().allMatch(problem -> problem.rule() == InfRule.SYNTAX));
    }

    @Test
    void readsUtf16WithItsMarkAndRefusesOtherCharactersWithoutIt() {
        byte[] wide = "\ufeff[A]\nk = \u00e9\n".getBytes(StandardCharsets.UTF_16LE);
        Inf inf = Inf.decode("a.inf", wide);
        assertEquals("\u00e9", inf.section("A").find("k").value(0));
        assertEquals(List.of(), inf.problems());
        Inf narrow = Inf.decode("a.inf", "[A]\nk = \u00e9\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of(InfRule.ENCODING), narrow.problems().stream().map(InfProblem::rule).toList());
        assertEquals(2, narrow.problems().get(0).line());
    }
}
