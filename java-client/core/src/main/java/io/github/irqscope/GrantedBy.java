package io.github.irqscope;

import io.github.irqscope.contract.Contract;

/** Where a granted affinity was read. */
public enum GrantedBy {
    /** IoGetAffinityInterrupt, from the object that connect returned. */
    INTERRUPT_OBJECT("interrupt-object", Contract.GRANTED_BY_INTERRUPT_OBJECT),
    /** The translated resource, for an object that must not be asked: every line-based connection. */
    ASSIGNED_RESOURCE("assigned-resource", Contract.GRANTED_BY_ASSIGNED_RESOURCE),
    /** A kernel without IoGetAffinityInterrupt: group 0 and the processors of the connect. */
    COMPATIBILITY("compatibility", Contract.GRANTED_BY_COMPATIBILITY);

    private final String text;
    private final int value;

    GrantedBy(String text, int value) {
        this.text = text;
        this.value = value;
    }

    /** The word as it stands in JSON. */
    public String text() {
        return text;
    }

    static GrantedBy of(int value) {
        for (GrantedBy source : values()) {
            if (source.value == value) {
                return source;
            }
        }
        throw new IllegalArgumentException("the driver told a source of affinity that is not known: " + value);
    }

    @Override
    public String toString() {
        return text;
    }
}
