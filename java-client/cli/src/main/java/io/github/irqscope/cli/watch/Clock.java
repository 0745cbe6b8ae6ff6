package io.github.irqscope.cli.watch;

import java.util.function.LongSupplier;

/**
 * Whose time the events have. A simulated machine's and a recording's clocks go as fast as somebody reads; they are held
 * back so that a second there takes a second here, and how well that goes is said.
 */
public final class Clock {
    private static final long SECOND = 1_000_000_000L;
    private static final double NEARLY = 0.95;

    private final LongSupplier source;
    private final LongSupplier wall;
    private final String name;
    private final double speed;
    private long sourceStart;
    private long wallStart;
    private long sourceMark;
    private long wallMark;
    private double ratio = 1;

    private Clock(LongSupplier source, LongSupplier wall, String name, double speed) {
        this.source = source;
        this.wall = wall;
        this.name = name;
        this.speed = speed;
        this.sourceStart = source.getAsLong();
        this.wallStart = wall.getAsLong();
    }

    /** The clock of the machine that this runs on. */
    public static Clock real() {
        return new Clock(System::nanoTime, System::nanoTime, "", 0);
    }

    /**
     * A clock that is held back.
     *
     * @param source its nanoseconds
     * @param name   what it is: virtual time, recorded time
     * @param speed  its seconds in one of ours
     */
    public static Clock held(LongSupplier source, String name, double speed) {
        return new Clock(source, System::nanoTime, name, speed);
    }

    /** For tests: both clocks given. */
    static Clock of(LongSupplier source, LongSupplier wall, String name, double speed) {
        return new Clock(source, wall, name, speed);
    }

    /** Its nanoseconds. */
    public long now() {
        return source.getAsLong();
    }

    /** Somebody begins to look: what was before does not count. */
    void begin() {
        sourceStart = source.getAsLong();
        wallStart = wall.getAsLong();
        sourceMark = 0;
        wallMark = 0;
    }

    /** For how many nanoseconds one must wait so that it is not ahead. A clock that fell behind is not hurried. */
    long ahead() {
        if (speed == 0) {
            return 0;
        }
        long gone = source.getAsLong() - sourceStart;
        long ours = wall.getAsLong() - wallStart;
        long ahead = (long) (gone / speed) - ours;
        if (ours - wallMark >= SECOND) {
            ratio = (gone - sourceMark) / speed / (ours - wallMark);
            sourceMark = gone;
            wallMark = ours;
        }
        if (ahead < -SECOND) {
            sourceStart += gone;
            wallStart += ours;
            sourceMark -= gone;
            wallMark -= ours;
        }
        return Math.max(0, ahead);
    }

    /** What the reader must know of it; empty for the clock of this machine. */
    String text() {
        if (speed == 0) {
            return "";
        }
        double real = speed * Math.min(1, ratio);
        if (ratio >= NEARLY) {
            return name + (speed == 1 ? ", a second in a second" : ", " + number(speed) + " s in a second");
        }
        return name + ", " + number(real) + " s in a second";
    }

    private static String number(double value) {
        return value >= 10 ? Long.toString(Math.round(value)) : Double.toString(Math.max(0.01, Math.round(value * 100) / 100.0));
    }
}
