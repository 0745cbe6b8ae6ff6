package io.github.irqscope;

import io.github.irqscope.contract.Contract;

/** What an interrupt synchronisation object of the port class does with its service routines: INTERRUPTSYNCMODE. */
public enum SyncMode {
    /** Calls them in order until one succeeds. */
    NORMAL("normal", 0),
    /** Calls each of them once. */
    ALL("all", Contract.CONNECT_SYNC_ALL),
    /** Calls all of them again and again until none succeeds; the driver wants a storm rate beside it. */
    REPEAT("repeat", Contract.CONNECT_SYNC_REPEAT);

    private final String text;
    private final int flag;

    SyncMode(String text, int flag) {
        this.text = text;
        this.flag = flag;
    }

    /** The word as texts show it. */
    public String text() {
        return text;
    }

    int flag() {
        return flag;
    }

    @Override
    public String toString() {
        return text;
    }
}
