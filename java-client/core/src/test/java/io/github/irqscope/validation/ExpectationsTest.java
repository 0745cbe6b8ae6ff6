package io.github.irqscope.validation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.irqscope.Kind;
import io.github.irqscope.Way;
import io.github.irqscope.validation.Expectations.What;

import java.util.List;

import org.junit.jupiter.api.Test;

class ExpectationsTest {
    private static final int NOT_SUPPORTED = 0xC00000BB;

    /* Exactly one row for everything that can be: none that never speaks, no two that do. */
    @Test
    void everyCaseHasExactlyOneRow() {
        for (Way way : Way.values()) {
            for (What what : What.values()) {
                for (int group : new int[] {0, 1, 31}) {
                    for (boolean ex : new boolean[] {true, false}) {
                        for (boolean fallback : new boolean[] {true, false}) {
                            long rows = Expectations.rows().stream().filter(row -> row.way() == way
                                    && row.what() == what && row.group().covers(group) && row.kernel().covers(ex)
                                    && row.fallback().covers(fallback)).count();
                            boolean can = ex || what != What.MESSAGE || way == Way.PORTCLS
                                    || way == Way.IO_CONNECT_INTERRUPT;
                            assertEquals(can ? 1 : 0, rows, way + " " + what + " " + group + " " + ex + " " + fallback);
                        }
                    }
                }
            }
        }
    }

    @Test
    void theTableSaysWhatTheRulesSay() {
        assertEquals(Verdict.LANDED, verdict(Way.IO_CONNECT_INTERRUPT, What.LINE, 0, true));
        assertEquals(Verdict.REFUSED, verdict(Way.IO_CONNECT_INTERRUPT, What.LINE, 1, true));
        assertEquals(Verdict.REFUSED, verdict(Way.IO_CONNECT_INTERRUPT, What.MESSAGE, 0, true));
        assertEquals(Verdict.LANDED, verdict(Way.FULLY_SPECIFIED, What.MESSAGE, 0, true));
        assertEquals(Verdict.REFUSED, verdict(Way.FULLY_SPECIFIED, What.MESSAGE, 2, true));
        assertEquals(Verdict.LANDED, verdict(Way.FULLY_SPECIFIED, What.LINE, 0, false));
        assertEquals(Verdict.LANDED, verdict(Way.FULLY_SPECIFIED_GROUP, What.LINE, 31, true));
        assertEquals(Verdict.REFUSED, verdict(Way.FULLY_SPECIFIED_GROUP, What.LINE, 0, false));
        assertEquals(Verdict.FELL_BACK, verdict(Way.MESSAGE_BASED, What.LINE, 0, true));
        assertEquals(Verdict.REFUSED, verdict(Way.MESSAGE_BASED, What.LINE, 0, false));
        assertEquals(Verdict.REFUSED,
                Expectations.of(Way.MESSAGE_BASED, What.LINE, 0, true, false).verdict());
        assertEquals(List.of(0xC0000010, 0xC000000D),
                Expectations.of(Way.LINE_BASED, What.MESSAGE, 0, true, false).statuses());
        assertEquals(List.of(NOT_SUPPORTED),
                Expectations.of(Way.LINE_BASED, What.LINE, 0, false, false).statuses());
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThrows(IllegalArgumentException.class,
                () -> Expectations.of(Way.MESSAGE_BASED, What.MESSAGE, 0, false, true));
    }

    @Test
    void onlyALevelLineOfADeviceWithoutAModelCannotBeMasked() {
        assertEquals(What.UNMASKABLE_LINE, Expectations.what(Kind.LINE, false, false));
        assertEquals(What.LINE, Expectations.what(Kind.LINE, true, false));
        assertEquals(What.LINE, Expectations.what(Kind.LINE, false, true));
        assertEquals(What.MESSAGE, Expectations.what(Kind.MESSAGE, true, false));
    }

    private static Verdict verdict(Way way, What what, int group, boolean ex) {
        return Expectations.of(way, what, group, ex, true).verdict();
    }
}
