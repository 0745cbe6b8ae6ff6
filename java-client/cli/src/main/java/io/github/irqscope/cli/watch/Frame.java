package io.github.irqscope.cli.watch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A screen of cells, each a sign and an ink. Views are drawn into it and shown as lines afterwards, on a terminal, in a
 * file or in a test. What is drawn beyond its edges is cut off.
 */
public final class Frame {
    private static final String RICH = "\u00b7\u2500\u2502\u250c\u2510\u2514\u2518\u251c\u2524\u252c\u2534\u253c\u2574\u2575\u2576\u2577"
            + "\u2581\u2582\u2583\u2584\u2585\u2586\u2587\u2588\u2026\u2191\u2193";
    private static final String PLAIN = ".-|+++++++++-|-|:-=+*#%@~^v";

    private final int columns;
    private final int rows;
    private final char[] signs;
    private final byte[] inks;

    /** Blank cells. */
    public Frame(int columns, int rows) {
        this.columns = columns;
        this.rows = rows;
        this.signs = new char[columns * rows];
        this.inks = new byte[columns * rows];
        Arrays.fill(signs, ' ');
    }

    /** Cells in a row. */
    public int columns() {
        return columns;
    }

    /** Rows. */
    public int rows() {
        return rows;
    }

    /** Puts one sign. */
    public void put(int row, int column, char sign, Ink ink) {
        if (row >= 0 && row < rows && column >= 0 && column < columns) {
            signs[row * columns + column] = sign;
            inks[row * columns + column] = (byte) ink.ordinal();
        }
    }

    /** Puts a text, and returns the column behind it. */
    public int put(int row, int column, String text, Ink ink) {
        for (int i = 0; i < text.length(); i++) {
            put(row, column + i, text.charAt(i), ink);
        }
        return column + text.length();
    }

    /** Puts a text so that it ends before that column. */
    public void putRight(int row, int end, String text, Ink ink) {
        put(row, end - text.length(), text, ink);
    }

    /** Cuts a text that is longer than that, and shows that something is missing. */
    public static String cut(String text, int width) {
        return text.length() <= width ? text : width <= 0 ? "" : text.substring(0, width - 1) + '\u2026';
    }

    /** What the rows show, without what is blank at their ends. */
    public List<String> lines(Palette palette, boolean unicode) {
        List<String> lines = new ArrayList<>(rows);
        for (int row = 0; row < rows; row++) {
            lines.add(line(row, palette, unicode));
        }
        return lines;
    }

    private String line(int row, Palette palette, boolean unicode) {
        StringBuilder line = new StringBuilder(columns + 32);
        int start = row * columns;
        int end = start + columns;
        while (end > start && signs[end - 1] == ' ' && inks[end - 1] == 0) {
            end--;
        }
        String last = "";
        for (int at = start; at < end; at++) {
            String code = palette.code(Ink.of(inks[at]));
            if (!code.equals(last)) {
                line.append(last.isEmpty() ? "" : "\u001b[0m").append(code.isEmpty() ? "" : "\u001b[" + code + "m");
                last = code;
            }
            line.append(unicode ? signs[at] : plain(signs[at]));
        }
        return line.append(last.isEmpty() ? "" : "\u001b[0m").toString();
    }

    private static char plain(char sign) {
        if (sign <= '~') {
            return sign;
        }
        int at = RICH.indexOf(sign);
        return at < 0 ? '?' : PLAIN.charAt(at);
    }
}
