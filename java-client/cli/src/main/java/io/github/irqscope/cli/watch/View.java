package io.github.irqscope.cli.watch;

/** What the one at the keys chose. */
public final class View {
    /** By what the table is sorted. */
    public enum Sort {
        PROCESSOR("processor"), RATE("rate"), P99("p99"), MAX("max"), OUTSIDE("outside");

        private final String text;

        Sort(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /** How large a processor is drawn. */
    public enum Size { AUTO, LARGE, MEDIUM, SMALL }

    private Sort sort = Sort.PROCESSOR;
    private Size size = Size.AUTO;
    private boolean hidingIdle;
    private boolean paused;
    private boolean helping;
    private int group = -1;
    private int first;

    Sort sort() {
        return sort;
    }

    Size size() {
        return size;
    }

    boolean hidesIdle() {
        return hidingIdle;
    }

    /** Whether the picture stands still while counting goes on. */
    public boolean isPaused() {
        return paused;
    }

    boolean helps() {
        return helping;
    }

    /** The group that is shown alone, or -1. */
    int group() {
        return group;
    }

    /** The first row of the table. */
    int first() {
        return first;
    }

    void first(int row) {
        first = Math.max(0, row);
    }

    /**
     * Does what a key says.
     *
     * @param groups how many there are
     * @return false when the key means nothing to a view
     */
    public boolean press(Key key, int groups) {
        switch (key) {
            case SORT -> sort = next(Sort.values(), sort);
            case SIZE -> size = next(Size.values(), size);
            case HIDE_IDLE -> hidingIdle = !hidingIdle;
            case PAUSE -> paused = !paused;
            case HELP -> helping = !helping;
            case NEXT_GROUP -> group = group + 1 >= groups ? -1 : group + 1;
            case PREVIOUS_GROUP -> group = group < 0 ? groups - 1 : group - 1;
            case ALL_GROUPS -> group = -1;
            case UP -> first(first - 1);
            case DOWN -> first(first + 1);
            case PAGE_UP -> first(first - 10);
            case PAGE_DOWN -> first(first + 10);
            case HOME -> first(0);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static <T> T next(T[] all, T one) {
        for (int i = 0; i < all.length; i++) {
            if (all[i] == one) {
                return all[(i + 1) % all.length];
            }
        }
        throw new IllegalArgumentException(one + " is none of them");
    }
}
