package io.github.irqscope;

import io.github.irqscope.contract.Contract;

/** How an interrupt is connected. */
public enum Way {
    /** IoConnectInterrupt: group 0 only, no messages. */
    IO_CONNECT_INTERRUPT("io-connect-interrupt", Contract.WAY_IO_CONNECT_INTERRUPT),
    /** IoConnectInterruptEx with CONNECT_FULLY_SPECIFIED: group 0 only. */
    FULLY_SPECIFIED("fully-specified", Contract.WAY_FULLY_SPECIFIED),
    /** IoConnectInterruptEx with CONNECT_FULLY_SPECIFIED_GROUP. */
    FULLY_SPECIFIED_GROUP("fully-specified-group", Contract.WAY_FULLY_SPECIFIED_GROUP),
    /** IoConnectInterruptEx with CONNECT_LINE_BASED: every line of the device at once. */
    LINE_BASED("line-based", Contract.WAY_LINE_BASED),
    /** IoConnectInterruptEx with CONNECT_MESSAGE_BASED: every message of the device at once. */
    MESSAGE_BASED("message-based", Contract.WAY_MESSAGE_BASED),
    /** PcNewInterruptSync and IInterruptSync::Connect. */
    PORTCLS("portcls", Contract.WAY_PORTCLS);

    private final String text;
    private final int value;

    Way(String text, int value) {
        this.text = text;
        this.value = value;
    }

    /** The word as it stands in JSON and on the command line. */
    public String text() {
        return text;
    }

    /** Whether this way connects one named resource; otherwise it takes every one of the device. */
    public boolean wantsResource() {
        return this != LINE_BASED && this != MESSAGE_BASED;
    }

    /**
     * Whether its connect names processors. Line-based and message-based parameters have no place for them, and the port
     * class is given a resource as it was assigned.
     */
    public boolean takesProcessors() {
        return wantsResource() && this != PORTCLS;
    }

    /**
     * The way of this name.
     *
     * @throws IllegalArgumentException naming the ways there are
     */
    public static Way parse(String text) {
        StringBuilder names = new StringBuilder();
        for (Way way : values()) {
            if (way.text.equals(text)) {
                return way;
            }
            names.append(names.isEmpty() ? "" : ", ").append(way.text);
        }
        throw new IllegalArgumentException("there is no way \"" + text + "\"; there are " + names);
    }

    int value() {
        return value;
    }

    static Way of(int value) {
        for (Way way : values()) {
            if (way.value == value) {
                return way;
            }
        }
        throw new IllegalArgumentException("the driver told a way that is not known: " + value);
    }

    @Override
    public String toString() {
        return text;
    }
}
