package io.github.irqscope.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * Rows of cells under a head, columns as wide as they need, numbers to the right. The last cell of a row is not padded;
 * in a row with fewer cells than the head it runs on to the end.
 */
public final class Table {
    private static final String GAP = "  ";

    private final String indent;
    private final List<String[]> rows = new ArrayList<>();
    private final List<Printer.Tone> tones = new ArrayList<>();
    private final int columns;

    public Table(String indent, String... head) {
        this.indent = indent;
        this.columns = head.length;
        rows.add(head);
        tones.add(Printer.Tone.FAINT);
    }

    /** A row; the tone colours its last cell. */
    public void row(Printer.Tone last, String... cells) {
        rows.add(cells);
        tones.add(last);
    }

    public void row(String... cells) {
        row(Printer.Tone.PLAIN, cells);
    }

    public void print(Printer out) {
        int[] widths = new int[columns];
        boolean[] numbers = new boolean[columns];
        for (int i = 0; i < columns; i++) {
            numbers[i] = i + 1 < columns;
            for (int row = 0; row < rows.size(); row++) {
                String[] cells = rows.get(row);
                if (i + 1 < cells.length || cells.length == columns) {
                    widths[i] = Math.max(widths[i], cells[i].length());
                    numbers[i] &= row == 0 || isNumber(cells[i]);
                }
            }
        }
        for (int row = 0; row < rows.size(); row++) {
            String[] cells = rows.get(row);
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i + 1 < cells.length; i++) {
                int missing = widths[i] - cells[i].length();
                pad(line, numbers[i] ? missing : 0);
                line.append(row == 0 ? out.paint(tones.get(0), cells[i]) : cells[i]);
                pad(line, numbers[i] ? 0 : missing);
                line.append(GAP);
            }
            out.line(line.append(out.paint(tones.get(row), cells[cells.length - 1])).toString());
        }
    }

    private static boolean isNumber(String cell) {
        for (int i = 0; i < cell.length(); i++) {
            if (cell.charAt(i) < '0' || cell.charAt(i) > '9') {
                return false;
            }
        }
        return !cell.isEmpty();
    }

    private static void pad(StringBuilder line, int count) {
        for (int i = 0; i < count; i++) {
            line.append(' ');
        }
    }
}
