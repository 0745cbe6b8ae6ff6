package io.github.irqscope.suite.judge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Judges a report by its JSON alone, after the table of verdicts in the design, with none of the program's code: a
 * verdict that cannot be recomputed is no verdict.
 */
public final class Judge {
    /** The table's order: the first that matches is the verdict, and it is the worse the earlier it stands. */
    private static final List<String> WORST_FIRST = List.of("REFUSED", "NEVER_FIRED", "STORM_MASKED", "WRONG_GROUP",
            "OUTSIDE_MASK", "RETARGETED", "LOST", "SPURIOUS", "FELL_BACK", "LANDED");

    private Judge() {
    }

    /** The targets of a report. */
    @SuppressWarnings("unchecked")
    public static List<Map<String, Object>> targets(Map<String, Object> report) {
        return (List<Map<String, Object>>) report.get("targets");
    }

    /** Recomputes everything that the report claims, and returns the report. */
    public static Map<String, Object> check(String json) {
        Map<String, Object> report = Json.object(json);
        assertEquals(1L, report.get("schema"));
        List<String> unexpected = new ArrayList<>();
        assertFalse(targets(report).isEmpty(), "a report without a target says nothing");
        for (Map<String, Object> target : targets(report)) {
            assertEquals(verdict(target), target.get("verdict"), () -> "the verdict of " + target);
            if (!asExpected(target)) {
                unexpected.add((String) target.get(target.get("verdict").equals("LANDED") ? "expected" : "verdict"));
            }
        }
        assertEquals(worst(unexpected), report.get("verdict"), "the verdict of the whole");
        return report;
    }

    /** Whether a target's verdict, and of a refusal its status, is what it was expected to be. */
    public static boolean asExpected(Map<String, Object> target) {
        if (!target.get("verdict").equals(target.get("expected"))) {
            return false;
        }
        return !target.get("verdict").equals("REFUSED")
                || ((List<?>) target.get("expectedStatus")).contains(target.get("status"));
    }

    private static String worst(List<String> verdicts) {
        return WORST_FIRST.stream().filter(verdicts::contains).findFirst().orElse("LANDED");
    }

    /** The table, row by row. */
    @SuppressWarnings("unchecked")
    static String verdict(Map<String, Object> target) {
        boolean failed = Long.decode((String) target.get("status")) >= 0x80000000L;
        assertEquals(failed, target.get("granted") == null, () -> "granted is null exactly when refused: " + target);
        if (failed) {
            return "REFUSED";
        }
        long sent = number(target, "sent");
        long arrived = number(target, "arrived");
        if (sent > 0 && arrived == 0) {
            return "NEVER_FIRED";
        }
        if (flag(target, "stormMasked")) {
            return "STORM_MASKED";
        }
        Set<Integer> requested = Processors.parse((String) target.get("requested"));
        Set<Integer> granted = Processors.parse((String) target.get("granted"));
        Set<Integer> observed = Processors.observed((Map<String, Object>) target.get("observed"));
        Set<Integer> groups = new TreeSet<>(Processors.groups(granted));
        groups.addAll(Processors.groups(observed));
        if (!Processors.groups(requested).containsAll(groups)) {
            return "WRONG_GROUP";
        }
        if (!granted.containsAll(observed) || !requested.containsAll(granted)) {
            return "OUTSIDE_MASK";
        }
        Object previous = target.get("previousGranted");
        if (previous != null && "system".equals(target.get("restartedBy")) && !previous.equals(target.get("granted"))) {
            return "RETARGETED";
        }
        if (flag(target, "paced") && number(target, "lost") > 0) {
            return "LOST";
        }
        if (number(target, "spurious") > 0 || number(target, "foreign") > 0 && !flag(target, "shared")) {
            return "SPURIOUS";
        }
        boolean messagesWanted = number(target, "messagesAsked") > 0 || "message-based".equals(target.get("way"));
        if (messagesWanted && "line".equals(target.get("connectedAs"))
                || number(target, "messagesGranted") < number(target, "messagesAsked")) {
            return "FELL_BACK";
        }
        assertTrue(arrived <= sent, () -> "more arrived than were sent, and nobody says spurious: " + target);
        return "LANDED";
    }

    private static long number(Map<String, Object> target, String name) {
        return (Long) target.get(name);
    }

    private static boolean flag(Map<String, Object> target, String name) {
        return (Boolean) target.get(name);
    }
}
