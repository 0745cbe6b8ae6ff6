package io.github.irqscope;

import io.github.irqscope.contract.Contract;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** What the driver on this kernel can do. A bit to test, never a version to compare. */
public enum Ability {
    /** IoConnectInterruptEx was found. */
    CONNECT_EX("connect-ex", Contract.ABILITY_CONNECT_EX),
    /** IoGetAffinityInterrupt was found. */
    AFFINITY("affinity", Contract.ABILITY_AFFINITY),
    /** The processor group routines were found. */
    GROUPS("groups", Contract.ABILITY_GROUPS),
    /** Built with the port class way, in its three modes. */
    PORTCLS("portcls", Contract.ABILITY_PORTCLS),
    /** The driver's memory is not executable. */
    NX_POOL("nx-pool", Contract.ABILITY_NX_POOL);

    private final String text;
    private final int bit;

    Ability(String text, int bit) {
        this.text = text;
        this.bit = bit;
    }

    /** The word as it stands in JSON. */
    public String text() {
        return text;
    }

    /* Bits that are not known belong to a later minor version: a client that does not know them does not need them. */
    static Set<Ability> of(int bits) {
        Set<Ability> abilities = EnumSet.noneOf(Ability.class);
        for (Ability ability : values()) {
            if ((bits & ability.bit) != 0) {
                abilities.add(ability);
            }
        }
        return Collections.unmodifiableSet(abilities);
    }

    @Override
    public String toString() {
        return text;
    }
}
