package io.github.irqscope.cli;

import java.io.PrintStream;

/** One stream of text: colours when wanted, plain ASCII when nothing else can be shown. */
public final class Printer {
    /** What a piece of text means; colours follow from it. */
    public enum Tone {
        PLAIN(""), STRONG("1"), FAINT("2"), GOOD("32"), WARNING("33"), BAD("1;31");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    private static final char ESCAPE = '\u001b';

    private final PrintStream stream;
    private final boolean colors;
    private final boolean unicode;
    private final int columns;

    public Printer(PrintStream stream, boolean colors, boolean unicode, int columns) {
        this.stream = stream;
        this.colors = colors;
        this.unicode = unicode;
        this.columns = columns;
    }

    public Printer withColors(boolean wanted) {
        return new Printer(stream, wanted, unicode, columns);
    }

    public boolean hasColors() {
        return colors;
    }

    public int columns() {
        return columns;
    }

    /** The symbol, or what stands for it in ASCII. */
    public String symbol(String rich, String plain) {
        return unicode ? rich : plain;
    }

    public String paint(Tone tone, String text) {
        if (!colors || tone == Tone.PLAIN || text.isEmpty()) {
            return text;
        }
        return ESCAPE + "[" + tone.code + "m" + text + ESCAPE + "[0m";
    }

    public void line(String text) {
        stream.print(plain(text));
        stream.print('\n');
    }

    public void line(Tone tone, String text) {
        line(paint(tone, text));
    }

    public void line() {
        stream.print('\n');
    }

    /** Text as it is, without an end of line. */
    public void text(String text) {
        stream.print(plain(text));
        stream.flush();
    }

    /** What a machine reads, a line of it: UTF-8 whatever people's terminal shows. */
    public void document(String text) {
        stream.print(text);
        stream.print('\n');
    }

    /** The same, as it is: a page, a file's text. */
    public void page(String text) {
        stream.print(text);
        stream.flush();
    }

    public void flush() {
        stream.flush();
    }

    /** False when the stream does not take more: a closed pipe, a full disk. */
    public boolean works() {
        return !stream.checkError();
    }

    private String plain(String text) {
        if (unicode) {
            return text;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > '~') {
                char[] letters = text.toCharArray();
                for (int j = i; j < letters.length; j++) {
                    letters[j] = letters[j] > '~' ? '?' : letters[j];
                }
                return new String(letters);
            }
        }
        return text;
    }
}
