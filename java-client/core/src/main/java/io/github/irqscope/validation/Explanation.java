package io.github.irqscope.validation;

import io.github.irqscope.Kind;
import io.github.irqscope.NtStatus;
import io.github.irqscope.ProcessorSet;

/** Why a target has its verdict, in one sentence for people. */
final class Explanation {
    private static final int MOST_PROCESSORS = 8;

    private Explanation() {
    }

    static String of(TargetResult target) {
        String text = switch (target.verdict()) {
            case REFUSED -> "the connect was refused with " + NtStatus.describe(target.status());
            case NEVER_FIRED -> count(target.sent(), "interrupt was", "interrupts were") + " sent, and none arrived";
            case STORM_MASKED -> "the device interrupted again and again after " + target.sent()
                    + " sent, and the storm guard masked it after " + target.arrived();
            case WRONG_GROUP -> wrongGroup(target);
            case OUTSIDE_MASK -> outside(target);
            case RETARGETED -> "the system restarted the device unasked, and what had been granted on "
                    + target.previousGranted() + " is granted on " + target.granted() + " since";
            case LOST -> count(target.lost(), "of " + target.sent() + " triggers had", "of " + target.sent()
                    + " triggers had") + " no ISR within the limit";
            case SPURIOUS -> count(target.spurious(), "ISR call came", "ISR calls came") + " that nobody had asked for ("
                    + target.sent() + " sent, " + target.arrived() + " arrived)";
            case FELL_BACK -> target.connectedAs() == Kind.LINE
                    ? "a line is connected where " + (target.messagesAsked() > 0
                    ? count(target.messagesAsked(), "message was", "messages were") + " asked for"
                    : "messages were wanted")
                    : target.messagesGranted() + " of " + target.messagesAsked() + " messages were assigned";
            case LANDED -> landed(target);
        };
        String incomplete = target.eventsLost() > 0 ? "; the stream lost " + count(target.eventsLost(), "event",
                "events") + ", so where they landed is not complete" : "";
        return text + incomplete;
    }

    private static String landed(TargetResult target) {
        String fold = target.coalesced() > 0 ? " (" + target.coalesced() + " folded into others, which is legal)" : "";
        if (target.sent() == 0) {
            return "granted on " + target.granted() + ", as requested; nothing was sent" + fold;
        }
        return target.arrived() + " of " + target.sent() + " sent ran on " + set(ProcessorSet.of(
                target.observed().keySet())) + ", inside what was granted and requested" + fold;
    }

    private static String wrongGroup(TargetResult target) {
        ProcessorSet granted = target.granted();
        if (!target.requested().masks().keySet().containsAll(granted.masks().keySet())) {
            return "requested in " + groups(target.requested()) + ", granted in " + groups(granted);
        }
        return "granted in " + groups(granted) + ", and an ISR ran in "
                + groups(ProcessorSet.of(target.observed().keySet()).minus(target.requested()));
    }

    private static String outside(TargetResult target) {
        ProcessorSet ran = target.outside();
        return ran.isEmpty() ? "granted on " + set(target.granted()) + ", which is not inside of what was requested, "
                + set(target.requested()) : "ISRs ran on " + set(ran) + ", outside of what was granted, "
                + set(target.granted());
    }

    private static String set(ProcessorSet set) {
        if (set.isEmpty()) {
            return "no processor";
        }
        return set.toString().length() <= 4 * MOST_PROCESSORS ? set.toString()
                : set.size() + " processors of " + groups(set);
    }

    private static String groups(ProcessorSet set) {
        StringBuilder text = new StringBuilder();
        for (int group : set.masks().keySet()) {
            text.append(text.length() == 0 ? "group " : ", ").append(group);
        }
        return text.toString();
    }

    private static String count(long count, String one, String more) {
        return count + " " + (count == 1 ? one : more);
    }
}
