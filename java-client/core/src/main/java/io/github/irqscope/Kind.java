package io.github.irqscope;

import io.github.irqscope.contract.Contract;

/** What a resource, and what a made connection, is. */
public enum Kind {
    /** A line: level or latched, perhaps shared with other devices. */
    LINE("line", Contract.KIND_LINE),
    /** A message: MSI or MSI-X. */
    MESSAGE("message", Contract.KIND_MESSAGE);

    private final String text;
    private final int value;

    Kind(String text, int value) {
        this.text = text;
        this.value = value;
    }

    /** The word as it stands in JSON and on the command line. */
    public String text() {
        return text;
    }

    int value() {
        return value;
    }

    static Kind of(int value) {
        for (Kind kind : values()) {
            if (kind.value == value) {
                return kind;
            }
        }
        throw new IllegalArgumentException("the driver told a kind of resource that is not known: " + value);
    }

    @Override
    public String toString() {
        return text;
    }
}
