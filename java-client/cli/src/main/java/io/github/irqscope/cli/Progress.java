package io.github.irqscope.cli;

/** One line on a terminal that is written over and over, and is gone before anything else is printed. */
public final class Progress {
    private static final long PATIENCE = 400_000_000L;
    private static final long PAUSE = 100_000_000L;
    private static final int BAR = 24;

    private final Printer talk;
    private final boolean shown;
    private long next = System.nanoTime() + PATIENCE;
    private boolean visible;

    public Progress(Printer talk, boolean shown) {
        this.talk = talk;
        this.shown = shown;
    }

    public void show(String text) {
        if (!shown || System.nanoTime() < next) {
            return;
        }
        next = System.nanoTime() + PAUSE;
        visible = true;
        talk.text("\r" + text + "\u001b[K");
    }

    /** The same with a bar. */
    public void show(String what, long done, long total, String text) {
        int full = (int) Math.max(0, Math.min(BAR, total <= 0 ? 0 : (double) done / total * BAR));
        show(what + " [" + "#".repeat(full) + "-".repeat(BAR - full) + "] " + text);
    }

    public void clear() {
        if (visible) {
            visible = false;
            talk.text("\r\u001b[K");
        }
    }
}
