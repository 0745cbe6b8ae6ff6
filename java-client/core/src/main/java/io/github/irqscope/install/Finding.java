package io.github.irqscope.install;

/**
 * One thing that doctor looked at.
 *
 * @param topic what was looked at, the same word in every language and version
 * @param state whether it is well
 * @param text  what is so
 * @param cure  the command or step that mends it, empty where nothing is to be mended
 */
public record Finding(String topic, State state, String text, String cure) {
    /** Whether it is well. */
    public enum State {
        /** As it should be, or simply so. */
        GOOD,
        /** It could not be found out; the text says why. */
        UNKNOWN,
        /** Something will not work. */
        WARNING,
        /** Nothing will work before it is mended. */
        BAD
    }

    static Finding good(String topic, String text) {
        return new Finding(topic, State.GOOD, text, "");
    }

    static Finding unknown(String topic, String text) {
        return new Finding(topic, State.UNKNOWN, text, "");
    }

    static Finding warning(String topic, String text, String cure) {
        return new Finding(topic, State.WARNING, text, cure);
    }

    static Finding bad(String topic, String text, String cure) {
        return new Finding(topic, State.BAD, text, cure);
    }
}
