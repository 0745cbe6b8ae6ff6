package io.github.irqscope.cli.watch;

/** What a key means. */
public enum Key {
    NONE, QUIT, PAUSE, SORT, SIZE, HIDE_IDLE, HELP, RESET, NEXT_GROUP, PREVIOUS_GROUP, ALL_GROUPS, UP, DOWN, PAGE_UP,
    PAGE_DOWN, HOME;

    /** The key of a letter. */
    static Key of(int letter) {
        return switch (letter) {
            case 'q', 'Q', 3, 4 -> QUIT;
            case 'p', 'P', ' ' -> PAUSE;
            case 's', 'S' -> SORT;
            case 'z', 'Z' -> SIZE;
            case 'h', 'H' -> HIDE_IDLE;
            case '?' -> HELP;
            case 'r', 'R' -> RESET;
            case 'g', '\t' -> NEXT_GROUP;
            case 'G' -> PREVIOUS_GROUP;
            case 'a', 'A' -> ALL_GROUPS;
            case 'k' -> UP;
            case 'j' -> DOWN;
            default -> NONE;
        };
    }

    /** The key that sends these signs behind ESC. */
    static Key ofEscape(String signs) {
        return switch (signs) {
            case "[A", "OA" -> UP;
            case "[B", "OB" -> DOWN;
            case "[C", "OC" -> NEXT_GROUP;
            case "[D", "OD" -> PREVIOUS_GROUP;
            case "[5~" -> PAGE_UP;
            case "[6~" -> PAGE_DOWN;
            case "[H", "OH", "[1~" -> HOME;
            case "" -> ALL_GROUPS;
            default -> NONE;
        };
    }
}
