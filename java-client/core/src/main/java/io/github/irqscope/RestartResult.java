package io.github.irqscope;

/** What came of asking for a device's restart. */
public enum RestartResult {
    /** It was stopped, removed and started again: it has what its policy now says. */
    RESTARTED,
    /** An open handle, or something else, kept it from being removed: a restart of the system is needed. */
    VETOED
}
