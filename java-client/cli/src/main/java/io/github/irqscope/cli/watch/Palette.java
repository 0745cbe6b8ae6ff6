package io.github.irqscope.cli.watch;

import io.github.irqscope.cli.Printer;

/** How inks look: the numbers of the terminal's own codes, behind ESC and [. */
public enum Palette {
    /** No colours: the signs alone say everything. */
    NONE {
        @Override
        String code(Ink ink) {
            return "";
        }
    },
    /** The eight colours that every terminal has. */
    BASIC {
        @Override
        String code(Ink ink) {
            int heat = ink.ordinal() - Ink.HEAT_1.ordinal();
            int within = ink.ordinal() - Ink.WITHIN.ordinal();
            if (heat >= 0 && heat < Ink.LEVELS) {
                return BASIC_HEAT[heat];
            }
            if (within >= 0 && within <= Ink.LEVELS) {
                return "44" + (within == 0 ? ";37" : ";" + BASIC_HEAT[within - 1]);
            }
            return common(ink);
        }
    },
    /** 256 colours. */
    RICH {
        @Override
        String code(Ink ink) {
            int heat = ink.ordinal() - Ink.HEAT_1.ordinal();
            int within = ink.ordinal() - Ink.WITHIN.ordinal();
            if (heat >= 0 && heat < Ink.LEVELS) {
                return "38;5;" + RICH_HEAT[heat];
            }
            if (within >= 0 && within <= Ink.LEVELS) {
                return "48;5;24;38;5;" + (within == 0 ? 74 : RICH_HEAT[within - 1]);
            }
            return switch (ink) {
                case GRANTED -> "38;5;74";
                case FAINT -> "38;5;245";
                default -> common(ink);
            };
        }
    };

    private static final String[] BASIC_HEAT = {"36", "36", "32", "32", "1;32", "33", "1;33", "1;37"};
    /* From a cold green to a hot yellow: light grows with the rate, so that the picture reads in grey, too. */
    private static final int[] RICH_HEAT = {30, 36, 42, 78, 114, 150, 186, 227};

    abstract String code(Ink ink);

    private static String common(Ink ink) {
        return switch (ink) {
            case STRONG, TITLE -> "1";
            case FAINT -> "2";
            case KEY -> "7";
            case GOOD -> "32";
            case WARNING -> "33";
            case BAD -> "1;31";
            case GRANTED -> "36";
            case OUTSIDE -> "1;37;41";
            default -> "";
        };
    }

    /** What the terminal behind a printer can show. */
    public static Palette of(Printer out) {
        return of(out.hasColors(), System.getenv("TERM"), System.getenv("COLORTERM"),
                System.getenv("WT_SESSION") != null);
    }

    /** What a terminal of that kind can show. */
    public static Palette of(boolean colors, String term, String colorTerm, boolean windowsTerminal) {
        if (!colors) {
            return NONE;
        }
        return windowsTerminal || term != null && term.contains("256") || colorTerm != null && !colorTerm.isEmpty() ? RICH
                : BASIC;
    }
}
