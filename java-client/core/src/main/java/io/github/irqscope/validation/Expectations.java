package io.github.irqscope.validation;

import io.github.irqscope.Ability;
import io.github.irqscope.Kind;
import io.github.irqscope.Way;

import java.util.List;
import java.util.Set;

/**
 * What to expect of each way on each kind of resource, in each group, on each kernel. docs/contract.md has the same
 * table; a test compares the two row by row.
 */
public final class Expectations {
    /** Which groups a row speaks of. */
    public enum Where {
        /** Group 0. */
        ZERO("0"),
        /** Every group but 0. */
        OTHER("other"),
        /** Every group. */
        ANY("any");

        private final String text;

        Where(String text) {
            this.text = text;
        }

        boolean covers(int group) {
            return this == ANY || this == ZERO == (group == 0);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Which kernels, and which flavours of the driver, a row speaks of. */
    public enum Kernel {
        /** Those that export IoConnectInterruptEx: win7, win10, server2022. */
        EX("Ex", Ability.CONNECT_EX, true),
        /** Those that do not: nt52. */
        NO_EX("no Ex", Ability.CONNECT_EX, false),
        /** A driver that was built with the port class, on every kernel. */
        PORTCLS("port class", Ability.PORTCLS, true),
        /** One that was not. */
        NO_PORTCLS("no port class", Ability.PORTCLS, false),
        /** Every kernel and every driver. */
        ANY("any", null, false);

        private final String text;
        private final Ability ability;
        private final boolean there;

        Kernel(String text, Ability ability, boolean there) {
            this.text = text;
            this.ability = ability;
            this.there = there;
        }

        boolean covers(Set<Ability> abilities) {
            return ability == null || abilities.contains(ability) == there;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** What a row speaks of, as far as the resource and the device go. */
    public enum What {
        /** A line of a device that the driver can mask. */
        LINE("line"),
        /** A level-sensitive line of a device that the driver cannot mask or acknowledge. */
        UNMASKABLE_LINE("level line, model none"),
        /** A message. */
        MESSAGE("message");

        private final String text;

        What(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** Whether a message-based connect may end on a line. */
    public enum Fallback {
        /** It may. */
        WITH("with"),
        /** It may not. */
        WITHOUT("without"),
        /** It makes no difference. */
        ANY("any");

        private final String text;

        Fallback(String text) {
            this.text = text;
        }

        boolean covers(boolean fallback) {
            return this == ANY || this == WITH == fallback;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * One row.
     *
     * @param way      how
     * @param what     what the resource is
     * @param group    where it is
     * @param kernel   which kernels, and which flavours of the driver
     * @param fallback message-based only: whether it may end on a line
     * @param expected the answer
     */
    public record Row(Way way, What what, Where group, Kernel kernel, Fallback fallback, Expectation expected) {
    }

    private static final int NOT_SUPPORTED = 0xC00000BB;
    private static final int INVALID_DEVICE_REQUEST = 0xC0000010;
    private static final int INVALID_PARAMETER = 0xC000000D;
    private static final int NOT_FOUND = 0xC0000225;
    private static final int INVALID_PARAMETER_1 = 0xC00000EF;

    private static final Expectation LANDS = Expectation.success(Verdict.LANDED);
    private static final Expectation NEVER = Expectation.refused(NOT_SUPPORTED);

    private static final Expectation NO_MESSAGES =
            Expectation.refused(NOT_SUPPORTED, NOT_FOUND, INVALID_DEVICE_REQUEST);
    private static final Expectation NOT_BUILT = Expectation.refused(INVALID_PARAMETER_1);

    private static final List<Row> ROWS = List.of(
            row(Way.IO_CONNECT_INTERRUPT, What.LINE, Where.ZERO, Kernel.ANY, LANDS),
            row(Way.IO_CONNECT_INTERRUPT, What.LINE, Where.OTHER, Kernel.ANY, NEVER),
            row(Way.IO_CONNECT_INTERRUPT, What.MESSAGE, Where.ANY, Kernel.ANY, NEVER),
            row(Way.IO_CONNECT_INTERRUPT, What.UNMASKABLE_LINE, Where.ANY, Kernel.ANY, NEVER),
            row(Way.FULLY_SPECIFIED, What.LINE, Where.ZERO, Kernel.ANY, LANDS),
            row(Way.FULLY_SPECIFIED, What.LINE, Where.OTHER, Kernel.ANY, NEVER),
            row(Way.FULLY_SPECIFIED, What.MESSAGE, Where.ZERO, Kernel.EX, LANDS),
            row(Way.FULLY_SPECIFIED, What.MESSAGE, Where.OTHER, Kernel.EX, NEVER),
            row(Way.FULLY_SPECIFIED, What.UNMASKABLE_LINE, Where.ANY, Kernel.ANY, NEVER),
            row(Way.FULLY_SPECIFIED_GROUP, What.LINE, Where.ANY, Kernel.EX, LANDS),
            row(Way.FULLY_SPECIFIED_GROUP, What.LINE, Where.ANY, Kernel.NO_EX, NEVER),
            row(Way.FULLY_SPECIFIED_GROUP, What.MESSAGE, Where.ANY, Kernel.EX, LANDS),
            row(Way.FULLY_SPECIFIED_GROUP, What.UNMASKABLE_LINE, Where.ANY, Kernel.ANY, NEVER),
            row(Way.LINE_BASED, What.LINE, Where.ANY, Kernel.EX, LANDS),
            row(Way.LINE_BASED, What.LINE, Where.ANY, Kernel.NO_EX, NEVER),
            row(Way.LINE_BASED, What.MESSAGE, Where.ANY, Kernel.EX,
                    Expectation.refused(INVALID_DEVICE_REQUEST, INVALID_PARAMETER)),
            row(Way.LINE_BASED, What.UNMASKABLE_LINE, Where.ANY, Kernel.ANY, NEVER),
            row(Way.MESSAGE_BASED, What.MESSAGE, Where.ANY, Kernel.EX, LANDS),
            new Row(Way.MESSAGE_BASED, What.LINE, Where.ANY, Kernel.EX, Fallback.WITH,
                    Expectation.success(Verdict.FELL_BACK)),
            new Row(Way.MESSAGE_BASED, What.LINE, Where.ANY, Kernel.EX, Fallback.WITHOUT,
                    NO_MESSAGES),
            row(Way.MESSAGE_BASED, What.LINE, Where.ANY, Kernel.NO_EX, NEVER),
            new Row(Way.MESSAGE_BASED, What.UNMASKABLE_LINE, Where.ANY, Kernel.ANY, Fallback.WITH, NEVER),
            new Row(Way.MESSAGE_BASED, What.UNMASKABLE_LINE, Where.ANY, Kernel.ANY, Fallback.WITHOUT,
                    NO_MESSAGES),
            row(Way.PORTCLS, What.LINE, Where.ZERO, Kernel.PORTCLS, LANDS),
            row(Way.PORTCLS, What.LINE, Where.OTHER, Kernel.PORTCLS, NEVER),
            row(Way.PORTCLS, What.MESSAGE, Where.ANY, Kernel.PORTCLS, NEVER),
            row(Way.PORTCLS, What.UNMASKABLE_LINE, Where.ANY, Kernel.PORTCLS, NEVER),
            row(Way.PORTCLS, What.LINE, Where.ANY, Kernel.NO_PORTCLS, NOT_BUILT),
            row(Way.PORTCLS, What.MESSAGE, Where.ANY, Kernel.NO_PORTCLS, NOT_BUILT),
            row(Way.PORTCLS, What.UNMASKABLE_LINE, Where.ANY, Kernel.NO_PORTCLS, NOT_BUILT));

    private Expectations() {
    }

    /** The table, in the document's order. */
    public static List<Row> rows() {
        return ROWS;
    }

    /**
     * What to expect.
     *
     * @param way       how
     * @param what      what the resource is
     * @param group     of the resource
     * @param abilities of the driver on this kernel, as its version reply says
     * @param fallback  whether message-based may end on a line
     * @throws IllegalArgumentException for what cannot be, such as a message on a kernel without IoConnectInterruptEx
     */
    public static Expectation of(Way way, What what, int group, Set<Ability> abilities, boolean fallback) {
        for (Row row : ROWS) {
            if (row.way == way && row.what == what && row.group.covers(group) && row.kernel.covers(abilities)
                    && row.fallback.covers(fallback)) {
                return row.expected;
            }
        }
        throw new IllegalArgumentException("nothing is known to expect of " + way + " on a " + what + " in group "
                + group + " of a driver that can " + abilities);
    }

    /** What a row calls such a resource. */
    public static What what(Kind kind, boolean latched, boolean canBeMasked) {
        if (kind == Kind.MESSAGE) {
            return What.MESSAGE;
        }
        return latched || canBeMasked ? What.LINE : What.UNMASKABLE_LINE;
    }

    private static Row row(Way way, What what, Where group, Kernel kernel, Expectation expected) {
        return new Row(way, what, group, kernel, Fallback.ANY, expected);
    }
}
