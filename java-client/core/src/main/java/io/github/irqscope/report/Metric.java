package io.github.irqscope.report;

/** What two runs are compared by. */
public enum Metric {
    /** ISR runs a second. In sum fewer are worse, when the same load was asked for; on one processor it is movement. */
    RATE("rate", Unit.RATE),
    /** Targets whose verdict is not as expected, of all. */
    UNEXPECTED("not as expected", Unit.SHARE),
    /** ISR runs of what was sent. */
    ARRIVED("arrived", Unit.SHARE),
    /** Triggers without an ISR, of what was sent. */
    NEVER_CAME("lost", Unit.SHARE),
    /** ISR runs outside of what was granted, of all. */
    OUTSIDE("outside", Unit.SHARE),
    /** Events that the stream lost, of all. */
    EVENTS_LOST("events lost", Unit.SHARE),
    /** A processor's part of all ISR runs. */
    SHARE("share", Unit.SHARE),
    /** The median from trigger to ISR. */
    TRIGGER_P50("trigger to ISR p50", Unit.TIME),
    /** 99 of 100 took no longer. */
    TRIGGER_P99("trigger to ISR p99", Unit.TIME),
    /** The longest. */
    TRIGGER_MAX("trigger to ISR max", Unit.TIME),
    /** The median from ISR to DPC. */
    DPC_P50("ISR to DPC p50", Unit.TIME),
    /** 99 of 100 took no longer. */
    DPC_P99("ISR to DPC p99", Unit.TIME),
    /** The longest. */
    DPC_MAX("ISR to DPC max", Unit.TIME);

    private enum Unit { RATE, SHARE, TIME }

    private final String text;
    private final Unit unit;

    Metric(String text, Unit unit) {
        this.text = text;
        this.unit = unit;
    }

    /** The words, in JSON too. */
    public String text() {
        return text;
    }

    /** Whether values are nanoseconds. */
    public boolean isTime() {
        return unit == Unit.TIME;
    }

    /** A value for people. */
    public String format(double value) {
        return switch (unit) {
            case RATE -> Text.rate(value);
            case SHARE -> Text.percent(value);
            case TIME -> Text.time(Math.round(value));
        };
    }

    /** Whether the longest of all was measured, whose own scatter counts and not that of a mean. */
    boolean isExtreme() {
        return this == TRIGGER_MAX || this == DPC_MAX;
    }

    /** Whether any at all is a fault: then the first one is worse than none, however rare. */
    boolean isFault() {
        return this == OUTSIDE || this == EVENTS_LOST || this == NEVER_CAME || this == UNEXPECTED;
    }
}
