package io.github.irqscope.cli.watch;

/** What a cell of a {@link Frame} means; a {@link Palette} knows how that looks. */
public enum Ink {
    PLAIN, STRONG, FAINT, TITLE, KEY, GOOD, WARNING, BAD, GRANTED,
    HEAT_1, HEAT_2, HEAT_3, HEAT_4, HEAT_5, HEAT_6, HEAT_7, HEAT_8,
    WITHIN, WITHIN_1, WITHIN_2, WITHIN_3, WITHIN_4, WITHIN_5, WITHIN_6, WITHIN_7, WITHIN_8,
    OUTSIDE;

    /** How many steps a rate has. */
    public static final int LEVELS = 8;

    private static final Ink[] ALL = values();

    static Ink of(int number) {
        return ALL[number];
    }

    /** The ink of a rate, 1 to {@link #LEVELS}. */
    static Ink heat(int level) {
        return ALL[HEAT_1.ordinal() + level - 1];
    }

    /** The same where no border can say that the processor was granted: the ground says it. 0 is idle. */
    static Ink within(int level) {
        return ALL[WITHIN.ordinal() + level];
    }
}
