package io.github.irqscope.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;

/** What the comparison notices, shown on rows that are made up. */
class ConformanceRulesTest {
    private static final Conformance.Row ALIKE = new Conformance.Row("ke/alike", "a question", "a page", "yes", "yes");
    private static final Conformance.Row OTHER = new Conformance.Row("ke/other", "another", "", "yes", "no");
    private static final String REASON = "= sim: because a page says so";

    private static Conformance rows(String... whyLines) {
        return new Conformance(Path.of(""), List.of(ALIKE, OTHER), Conformance.whys(List.of(whyLines)), "wine-8.0");
    }

    private static Conformance.Answers answers(String... lines) {
        return Conformance.Answers.of(List.of(lines), "");
    }

    @Test
    void saysNothingWhereAllIsAsKept() {
        Conformance kept = rows("ke/other", REASON);
        assertEquals(List.of(), kept.compare("sim", answers("ke/alike\ta question\ta page\tyes", "ke/other\tanother\t\tyes"), ""));
        assertEquals(List.of(), kept.compare("wine", answers("ke/alike\ta question\ta page\tyes", "ke/other\tanother\t\tno"), ""));
        assertEquals(List.of(), kept.unexplained());
    }

    @Test
    void namesTheRowWhoseAnswerChangedAndBothAnswers() {
        List<String> wrong = rows().compare("sim", answers("ke/alike\ta question\ta page\tno", "ke/other\tanother\t\tyes"), "");
        assertEquals(List.of("ke/alike (a question): kept: yes; measured: no"), wrong);
    }

    @Test
    void namesTheRowThatIsNotAskedAnyMoreAndTheOneThatIsNotKept() {
        List<String> wrong = rows().compare("sim", answers("ke/alike\ta question\ta page\tyes", "ke/new\tnew\t\tyes"), "ke/");
        assertEquals(List.of("ke/other: kept, and not asked any more", "ke/new: asked, and not kept"), wrong);
    }

    @Test
    void namesTheRowWhoseQuestionWasReworded() {
        List<String> wrong = rows().compare("sim", answers("ke/alike\tanother question\ta page\tyes", "ke/other\tanother\t\tyes"), "");
        assertEquals(List.of("ke/alike: its question or source is not as kept"), wrong);
    }

    @Test
    void refusesADifferenceWithoutReasonAndAReasonWithoutDifference() {
        assertEquals(1, rows().unexplained().size());
        assertTrue(rows().unexplained().get(0).startsWith("ke/other: the answers differ"), rows().unexplained().get(0));
        assertEquals(1, rows("ke/other", "ke/alike", REASON).unexplained().size());
        assertEquals(1, rows("ke/other", "ke/other", REASON).unexplained().size());
        assertEquals(1, rows("ke/other", "= nobody: because").unexplained().size());
        assertEquals(1, rows("ke/other", "= sim: ").unexplained().size());
        assertThrows(IllegalStateException.class, () -> rows("ke/other"));
    }

    @Test
    void readsACellThatHasTheTablesOwnSignsInIt() {
        List<Conformance.Row> read = Conformance.rows(List.of("| `rtl/x` | a \\| b | \\\\??\\\\x | \\*\\<y | page |"));
        assertEquals(List.of(new Conformance.Row("rtl/x", "a | b", "page", "\\??\\x", "*<y")), read);
    }

    @Test
    void refusesARunThatPrintsSomethingElseThanRows() {
        assertThrows(IllegalStateException.class, () -> answers("no row"));
        assertThrows(IllegalStateException.class, () -> answers("a\tb\tc\td", "a\tb\tc\td"));
    }
}
