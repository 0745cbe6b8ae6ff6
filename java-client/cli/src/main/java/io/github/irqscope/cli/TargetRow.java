package io.github.irqscope.cli;

import io.github.irqscope.NtStatus;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.validation.TargetResult;
import io.github.irqscope.validation.Verdict;
import java.util.ArrayList;
import java.util.List;

/** One line of the table: a target, or several of one device that differ in nothing but number or group. */
final class TargetRow {
    private static final int LONGEST_SET = 16;
    private static final int LONGEST_OBSERVED = 24;

    private final List<TargetResult> targets = new ArrayList<>();
    private final String key;

    TargetRow(TargetResult first) {
        targets.add(first);
        key = key(first);
    }

    /** Whether the target says the same of another resource. */
    boolean takes(TargetResult target) {
        return key.equals(key(target)) && first().requested().equals(target.requested())
                && (first().granted() == null || first().granted().equals(target.granted()));
    }

    void add(TargetResult target) {
        targets.add(target);
    }

    /** Whether the row says the same of another group. */
    boolean takes(TargetRow row) {
        return key.equals(row.key) && isAsAsked() && row.isAsAsked() && first().asExpected()
                && resources().equals(row.resources());
    }

    void add(TargetRow row) {
        targets.addAll(row.targets);
    }

    private TargetResult first() {
        return targets.get(0);
    }

    private boolean isAsAsked() {
        for (TargetResult target : targets) {
            if (target.granted() != null && !target.granted().equals(target.requested())) {
                return false;
            }
        }
        return true;
    }

    /** What must be equal for two targets to stand in one line. */
    private static String key(TargetResult target) {
        return target.way().text() + ' ' + target.resource().kind().text() + ' ' + target.status() + ' '
                + target.verdict() + ' ' + target.expected() + ' ' + target.grantedBy() + ' ' + target.connectedAs();
    }

    Printer.Tone tone() {
        if (!first().asExpected()) {
            return Printer.Tone.BAD;
        }
        return first().verdict() == Verdict.REFUSED ? Printer.Tone.FAINT : Printer.Tone.GOOD;
    }

    String way() {
        return first().way().text();
    }

    /** message:0-4,6. */
    String resources() {
        long numbers = 0;
        StringBuilder far = new StringBuilder();
        for (TargetResult target : targets) {
            int number = target.resource().number();
            if (number < 64) {
                numbers |= 1L << number;
            } else if (far.indexOf("," + number) < 0) {
                far.append(',').append(number);
            }
        }
        // The ranges of a set of processors are those of any set of small numbers.
        String near = ProcessorSet.of(0, numbers).toString();
        return first().resource().kind().text() + ":"
                + (near.isEmpty() ? far.substring(1) : near.substring(near.indexOf(':') + 1) + far);
    }

    String requested() {
        return text(requestedSet());
    }

    private ProcessorSet requestedSet() {
        ProcessorSet all = ProcessorSet.empty();
        for (TargetResult target : targets) {
            all = all.plus(target.requested());
        }
        return all;
    }

    /** Nothing was granted, so there is nothing to say of where. */
    boolean isRefused() {
        return first().granted() == null;
    }

    String granted() {
        if (isRefused()) {
            return "-";
        }
        ProcessorSet all = ProcessorSet.empty();
        for (TargetResult target : targets) {
            all = all.plus(target.granted());
        }
        return all.equals(requestedSet()) && all.toString().length() > LONGEST_SET ? "= asked" : text(all);
    }

    /** Where the grant was read. */
    String grantedBy() {
        return isRefused() ? "-" : first().grantedBy().text();
    }

    /** How many ISRs, and where. */
    String observed() {
        long sent = 0;
        long arrived = 0;
        long eventsLost = 0;
        List<Processor> ran = new ArrayList<>();
        for (TargetResult target : targets) {
            sent += target.sent();
            arrived += target.arrived();
            eventsLost += target.eventsLost();
            ran.addAll(target.observed().keySet());
        }
        if (sent == 0 && arrived == 0) {
            return "-";
        }
        ProcessorSet set = ProcessorSet.of(ran);
        String where = set.isEmpty() ? "" : " on " + (set.toString().length() <= LONGEST_OBSERVED ? set.toString()
                : MachineVerb.count(set.size(), "processor"));
        return (arrived == sent ? "" + arrived : arrived + " of " + sent) + where
                + (eventsLost > 0 ? " (incomplete)" : "");
    }

    String verdict() {
        return verdict(first());
    }

    /** The verdict, whether it was expected, and of a refusal its status. */
    static String verdict(TargetResult target) {
        String text = target.verdict().toString();
        String status = target.granted() == null ? ": " + NtStatus.name(target.status()) : "";
        if (target.asExpected()) {
            return text + (target.verdict() == Verdict.LANDED ? "" : " as expected") + status;
        }
        boolean sameWord = target.verdict() == target.expected().verdict();
        String expected = target.expected().toString();
        return text + status + ", expected " + (sameWord ? expected.substring(expected.indexOf(' ') + 1) : expected);
    }

    /** A set, or how large it is when it would not fit a column. */
    static String text(ProcessorSet set) {
        String text = set.toString();
        if (text.length() <= LONGEST_SET) {
            return text.isEmpty() ? "none" : text;
        }
        if (set.oneGroup()) {
            return set.size() + " of g" + set.group();
        }
        int first = set.masks().firstKey();
        int last = set.masks().lastKey();
        return last - first + 1 == set.masks().size() ? "g" + first + " to g" + last : set.masks().size() + " groups";
    }
}
