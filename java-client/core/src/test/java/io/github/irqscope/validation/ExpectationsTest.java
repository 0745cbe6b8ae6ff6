package io.github.irqscope.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.irqscope.Ability;
import io.github.irqscope.Kind;
import io.github.irqscope.Way;
import io.github.irqscope.validation.Expectations.What;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

class ExpectationsTest {
    private static final int NOT_SUPPORTED = 0xC00000BB;
    private static final Set<Ability> EX = Set.of(Ability.CONNECT_EX);
    private static final Set<Ability> NO_EX = Set.of(Ability.GROUPS);
    private static final Set<Ability> AUDIO = Set.of(Ability.CONNECT_EX, Ability.PORTCLS);
    private static final Set<Ability> OLD_AUDIO = Set.of(Ability.PORTCLS);

    /* Exactly one row for everything that can be: none that never speaks, no two that do. */
    @Test
    void everyCaseHasExactlyOneRow() {
        for (Way way : Way.values()) {
            for (What what : What.values()) {
                for (int group : new int[] {0, 1, 31}) {
                    for (Set<Ability> abilities : List.of(EX, NO_EX, AUDIO, OLD_AUDIO)) {
                        for (boolean fallback : new boolean[] {true, false}) {
                            long rows = Expectations.rows().stream().filter(row -> row.way() == way
                                    && row.what() == what && row.group().covers(group) && row.kernel().covers(abilities)
                                    && row.fallback().covers(fallback)).count();
                            boolean can = abilities.contains(Ability.CONNECT_EX) || what != What.MESSAGE || way == Way.PORTCLS
                                    || way == Way.IO_CONNECT_INTERRUPT;
                            assertEquals(can ? 1 : 0, rows, way + " " + what + " " + group + " " + abilities + " " + fallback);
                        }
                    }
                }
            }
        }
    }

    @Test
    void theTableSaysWhatTheRulesSay() {
        assertEquals(Verdict.LANDED, verdict(Way.IO_CONNECT_INTERRUPT, What.LINE, 0, EX));
        assertEquals(Verdict.REFUSED, verdict(Way.IO_CONNECT_INTERRUPT, What.LINE, 1, EX));
        assertEquals(Verdict.REFUSED, verdict(Way.IO_CONNECT_INTERRUPT, What.MESSAGE, 0, EX));
        assertEquals(Verdict.LANDED, verdict(Way.FULLY_SPECIFIED, What.MESSAGE, 0, EX));
        assertEquals(Verdict.REFUSED, verdict(Way.FULLY_SPECIFIED, What.MESSAGE, 2, EX));
        assertEquals(Verdict.LANDED, verdict(Way.FULLY_SPECIFIED, What.LINE, 0, NO_EX));
        assertEquals(Verdict.LANDED, verdict(Way.FULLY_SPECIFIED_GROUP, What.LINE, 31, EX));
        assertEquals(Verdict.REFUSED, verdict(Way.FULLY_SPECIFIED_GROUP, What.LINE, 0, NO_EX));
        assertEquals(Verdict.FELL_BACK, verdict(Way.MESSAGE_BASED, What.LINE, 0, EX));
        assertEquals(Verdict.REFUSED, verdict(Way.MESSAGE_BASED, What.LINE, 0, NO_EX));
        assertEquals(Verdict.REFUSED,
                Expectations.of(Way.MESSAGE_BASED, What.LINE, 0, EX, false).verdict());
        assertEquals(List.of(0xC0000010, 0xC000000D),
                Expectations.of(Way.LINE_BASED, What.MESSAGE, 0, EX, false).statuses());
        assertEquals(Verdict.LANDED, verdict(Way.PORTCLS, What.LINE, 0, AUDIO));
        assertEquals(Verdict.LANDED, verdict(Way.PORTCLS, What.LINE, 0, OLD_AUDIO));
        assertEquals(List.of(NOT_SUPPORTED), Expectations.of(Way.PORTCLS, What.LINE, 1, AUDIO, false).statuses());
        assertEquals(List.of(NOT_SUPPORTED), Expectations.of(Way.PORTCLS, What.MESSAGE, 0, AUDIO, false).statuses());
        assertEquals(List.of(0xC00000EF), Expectations.of(Way.PORTCLS, What.LINE, 0, EX, false).statuses());
        assertEquals(List.of(NOT_SUPPORTED),
                Expectations.of(Way.LINE_BASED, What.LINE, 0, NO_EX, false).statuses());
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> Expectations.of(Way.MESSAGE_BASED, What.MESSAGE, 0, NO_EX, true));
    }

    @Test
    void onlyALevelLineOfADeviceWithoutAModelCannotBeMasked() {
        assertEquals(What.UNMASKABLE_LINE, Expectations.what(Kind.LINE, false, false));
        assertEquals(What.LINE, Expectations.what(Kind.LINE, true, false));
        assertEquals(What.LINE, Expectations.what(Kind.LINE, false, true));
        assertEquals(What.MESSAGE, Expectations.what(Kind.MESSAGE, true, false));
    }

    private static Verdict verdict(Way way, What what, int group, Set<Ability> abilities) {
        return Expectations.of(way, what, group, abilities, true).verdict();
    }
}
