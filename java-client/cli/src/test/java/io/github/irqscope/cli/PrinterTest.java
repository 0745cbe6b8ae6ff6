package io.github.irqscope.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PrinterTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private Printer printer(boolean colors, boolean unicode) {
        return new Printer(new PrintStream(bytes, true, StandardCharsets.UTF_8), colors, unicode, 100);
    }

    private String printed() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void paintsOnlyWhenColoursAreWanted() {
        printer(true, true).line(Printer.Tone.GOOD, "good");
        printer(false, true).line(Printer.Tone.GOOD, "good");
        printer(true, true).line(Printer.Tone.PLAIN, "plain");
        assertEquals("\u001b[32mgood\u001b[0m\ngood\nplain\n", printed());
    }

    @Test
    void printsNothingButAsciiWhereNothingElseCanBeShown() {
        Printer ascii = printer(true, false);
        ascii.line(ascii.symbol("\u00b7", ".") + "\u00e9\u2192~");
        assertEquals(".??~\n", printed());
    }

    @Test
    void whatAMachineReadsIsWholeWhateverTheTerminalShows() {
        Printer ascii = printer(true, false);
        ascii.document("{\"device\":\"Ger\u00e4t\"}");
        ascii.page("\u2705");
        assertEquals("{\"device\":\"Ger\u00e4t\"}\n\u2705", printed());
    }

    @Test
    void alignsColumnsWhateverTheirColour() {
        Table table = new Table("  ", "A", "COUNT", "LAST");
        table.row(Printer.Tone.BAD, "b", "2", "x");
        table.row("bbb", "40", "y");
        table.row("b", "as long as it likes");
        table.print(printer(true, true));
        assertEquals("  \u001b[2mA\u001b[0m    \u001b[2mCOUNT\u001b[0m  \u001b[2mLAST\u001b[0m\n"
                + "  b        2  \u001b[1;31mx\u001b[0m\n  bbb     40  y\n  b    as long as it likes\n", printed());
    }
}
