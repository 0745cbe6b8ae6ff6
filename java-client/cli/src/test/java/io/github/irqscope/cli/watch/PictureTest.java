package io.github.irqscope.cli.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PictureTest {
    private static final Processor STRAY = new Processor(1, 3);
    private static final Sight THREE_GROUPS = Sights.of(Sights.groups(64, 16, 64), ProcessorSet.parse("g0:4-11,40"),
            STRAY);

    private final View view = new View();

    private List<String> lines(Sight sight, int columns, int rows) {
        return Picture.draw(sight, view, columns, rows).lines(Palette.NONE, true);
    }

    @Test
    void looksRightIn80Columns() throws IOException {
        Golden.assertLooksLike("80x24", lines(THREE_GROUPS, 80, 24));
    }

    @Test
    void looksRightIn60Columns() throws IOException {
        Golden.assertLooksLike("60x24", lines(THREE_GROUPS, 60, 24));
    }

    @Test
    void looksRightWhereThereIsRoom() throws IOException {
        Golden.assertLooksLike("160x40", lines(THREE_GROUPS, 160, 40));
    }

    @Test
    void looksRightInAscii() throws IOException {
        Golden.assertLooksLike("80x24-ascii", Picture.draw(THREE_GROUPS, view, 80, 24).lines(Palette.NONE, false));
    }

    @Test
    void looksRightInColours() throws IOException {
        Golden.assertLooksLike("80x24-rich", Picture.draw(THREE_GROUPS, view, 80, 24).lines(Palette.RICH, true));
        Golden.assertLooksLike("80x24-basic", Picture.draw(THREE_GROUPS, view, 80, 24).lines(Palette.BASIC, true));
    }

    @Test
    void showsTwoThousandProcessors() throws IOException {
        int[] sizes = new int[32];
        Arrays.fill(sizes, 64);
        Sight sight = Sights.of(Sights.groups(sizes), ProcessorSet.parse("g31:0-63"), new Processor(0, 0));
        Golden.assertLooksLike("2048-in-80x48", lines(sight, 80, 48));
        Golden.assertLooksLike("2048-in-80x24", lines(sight, 80, 24));
    }

    @Test
    void everyProcessorOfTwoThousandIsThere() {
        int[] sizes = new int[32];
        Arrays.fill(sizes, 64);
        List<Machine.Group> groups = Sights.groups(sizes);
        Sight sight = Sights.of(groups, ProcessorSet.empty());
        long dots = String.join("", lines(sight, 100, 60)).chars().filter(sign -> sign == '\u00b7').count();
        assertEquals(2048, dots);
    }

    @ParameterizedTest
    @CsvSource({"59,24", "60,11", "1,1", "20,3", "200,5"})
    void saysThatTheTerminalIsTooSmallAndGoesOn(int columns, int rows) {
        List<String> lines = lines(THREE_GROUPS, columns, rows);
        assertEquals(rows, lines.size());
        assertTrue("The terminal is ".startsWith(lines.get(0).substring(0, Math.min(16, columns))), lines.get(0));
        assertTrue(rows < 3 || lines.get(2).startsWith("38.0/s"), lines.toString());
    }

    @Test
    void fillsNoMoreThanTheScreenWhateverItsSize() {
        for (int columns = 60; columns < 220; columns += 7) {
            for (int rows = 12; rows < 70; rows += 3) {
                for (View.Size size : View.Size.values()) {
                    List<String> lines = lines(THREE_GROUPS, columns, rows);
                    assertEquals(rows, lines.size());
                    for (String line : lines) {
                        assertTrue(line.length() <= columns, line);
                    }
                    assertTrue(lines.get(rows - 1).contains("quit"), columns + "x" + rows + " " + size);
                    view.press(Key.SIZE, 3);
                }
            }
        }
    }

    @Test
    void redIsWhatRanOutsideAndNothingElse() {
        assertTrue(reds(THREE_GROUPS) == 1, "one stray processor and the legend");
        assertEquals(0, reds(Sights.of(Sights.groups(64, 16, 64), ProcessorSet.parse("g0:4-11"))));
    }

    /** Red cells, without the one of the legend. */
    private int reds(Sight sight) {
        String all = String.join("", Picture.draw(sight, view, 80, 24).lines(Palette.RICH, true));
        return Collections.frequency(Arrays.asList(all.split("(?=\u001b)")), "\u001b[1;37;41m!") - 1;
    }

    @Test
    void sortsByWhatWasAsked() {
        assertEquals("g0:4", firstRow());
        view.press(Key.SORT, 3);
        assertEquals("g0:40", firstRow(), "the highest rate");
        view.press(Key.SORT, 3);
        assertEquals("g0:40", firstRow(), "the highest p99");
        view.press(Key.SORT, 3);
        view.press(Key.SORT, 3);
        assertEquals("g1:3", firstRow(), "the only one outside");
        view.press(Key.SORT, 3);
        assertEquals("g0:4", firstRow());
    }

    private String firstRow() {
        List<String> lines = lines(THREE_GROUPS, 100, 40);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith("PROCESSOR")) {
                return lines.get(i + 1).substring(0, lines.get(i + 1).indexOf(' '));
            }
        }
        throw new AssertionError(String.join("\n", lines));
    }

    @Test
    void hidesWhatIsIdle() {
        assertTrue(String.join("\n", lines(THREE_GROUPS, 80, 40)).contains("\ng2:0 "));
        view.press(Key.HIDE_IDLE, 3);
        String text = String.join("\n", lines(THREE_GROUPS, 80, 40));
        assertTrue(text.contains("\ng2      idle: nothing granted, nothing ran"), text);
        assertFalse(text.contains("\ng0:4 "), "the idle one of the table");
    }

    @Test
    void showsOneGroupAfterTheOther() {
        view.press(Key.NEXT_GROUP, 3);
        view.press(Key.NEXT_GROUP, 3);
        String text = String.join("\n", lines(THREE_GROUPS, 100, 40));
        assertTrue(text.contains("group: g1") && text.contains("\ng1:0 ") && !text.contains("\ng0:0 "), text);
        view.press(Key.ALL_GROUPS, 3);
        assertTrue(String.join("\n", lines(THREE_GROUPS, 100, 40)).contains("group: all"));
        view.press(Key.PREVIOUS_GROUP, 3);
        assertTrue(String.join("\n", lines(THREE_GROUPS, 100, 40)).contains("group: g2"));
    }

    @Test
    void movesInTheTableNoFurtherThanItsEnd() {
        for (int i = 0; i < 30; i++) {
            view.press(Key.PAGE_DOWN, 3);
        }
        List<String> lines = lines(THREE_GROUPS, 80, 20);
        assertTrue(lines.get(18).startsWith("g1:3 "), String.join("\n", lines));
    }

    @Test
    void tellsItsKeys() throws IOException {
        view.press(Key.HELP, 3);
        Golden.assertLooksLike("help", lines(THREE_GROUPS, 80, 24));
    }
}
