package io.github.irqscope.validation;

/** What is said of a target, the worse the later. */
public enum Verdict {
    /** Granted as requested, observed as granted. */
    LANDED,
    /** A line instead of messages, or fewer messages than asked. */
    FELL_BACK,
    /** Claimed more than sent, or a call not claimed on a resource that is not shared. */
    SPURIOUS,
    /** A paced trigger without an ISR within the limit. */
    LOST,
    /** After a PnP stop and start that we did not ask for, the new grant differs. */
    RETARGETED,
    /** An ISR outside granted, or granted not inside requested. */
    OUTSIDE_MASK,
    /** Granted, or an ISR, in a group that was not requested. */
    WRONG_GROUP,
    /** The storm guard masked the device. */
    STORM_MASKED,
    /** Interrupts were sent, and none arrived. */
    NEVER_FIRED,
    /** The connect failed. */
    REFUSED;

    /** The worse of two. */
    public Verdict worse(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
