package io.github.irqscope;

/** What a handle may be used for. */
public enum Access {
    /** Queries and events. */
    READ,
    /** Also connecting, triggering, masking and resetting. */
    READ_WRITE
}
