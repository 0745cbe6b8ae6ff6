package io.github.irqscope.cli;

import io.github.irqscope.validation.TargetResult;
import java.util.ArrayList;
import java.util.List;

/**
 * The targets of one device after the other. Messages that say the same share a line; where there are many groups, so
 * do groups, so that a machine of 2,048 processors needs no more lines than one of 128.
 */
final class TargetTable {
    private static final int MOST_ROUNDS = 4;

    private final Printer out;
    private final boolean withObserved;
    private final boolean compact;
    private final List<List<TargetRow>> rounds = new ArrayList<>();
    private String device;
    private int group;

    /** Observed is a column unless nothing is triggered; without compact each target has its own line. */
    TargetTable(Printer out, boolean withObserved, boolean compact) {
        this.out = out;
        this.withObserved = withObserved;
        this.compact = compact;
    }

    /** Prints what came before when this is another device. */
    void add(TargetResult target) {
        int asked = target.requested().isEmpty() ? -1 : target.requested().masks().firstKey();
        if (!target.device().equals(device)) {
            flush();
            device = target.device();
            rounds.add(new ArrayList<>());
        } else if (asked != group && target.restartedBy() != null) {
            rounds.add(new ArrayList<>());
        }
        group = asked;
        List<TargetRow> rows = rounds.get(rounds.size() - 1);
        TargetRow last = rows.isEmpty() ? null : rows.get(rows.size() - 1);
        if (compact && last != null && last.takes(target)) {
            last.add(target);
        } else {
            rows.add(new TargetRow(target));
        }
    }

    /** Prints the last device. */
    void flush() {
        if (rounds.isEmpty()) {
            return;
        }
        if (compact && rounds.size() > MOST_ROUNDS) {
            rounds.forEach(TargetTable::joinRows);
            joinRounds();
        }
        out.line();
        out.line(Printer.Tone.STRONG, device);
        Table table = withObserved
                ? new Table(" ", "RESOURCE", "WAY", "REQUESTED", "GRANTED", "OBSERVED", "VERDICT")
                : new Table(" ", "RESOURCE", "WAY", "REQUESTED", "GRANTED", "FROM", "VERDICT");
        for (List<TargetRow> rows : rounds) {
            for (TargetRow row : rows) {
                if (row.isRefused()) {
                    table.row(row.tone(), row.resources(), row.way(), row.requested(), row.verdict());
                } else {
                    table.row(row.tone(), row.resources(), row.way(), row.requested(), row.granted(),
                            withObserved ? row.observed() : row.grantedBy(), row.verdict());
                }
            }
        }
        table.print(out);
        out.flush();
        rounds.clear();
    }

    /** Within a round, which is one group's: processors that were asked for one by one and say the same share a line. */
    private static void joinRows(List<TargetRow> rows) {
        for (int i = 0; i < rows.size(); i++) {
            for (int j = i + 1; j < rows.size(); j++) {
                if (rows.get(i).takes(rows.get(j))) {
                    rows.get(i).add(rows.remove(j));
                    j--;
                }
            }
        }
    }

    /** Rounds that say the same of another group become one. */
    private void joinRounds() {
        for (int i = 0; i < rounds.size(); i++) {
            for (int j = i + 1; j < rounds.size(); j++) {
                if (areAlike(rounds.get(i), rounds.get(j))) {
                    for (int row = 0; row < rounds.get(i).size(); row++) {
                        rounds.get(i).get(row).add(rounds.get(j).get(row));
                    }
                    rounds.remove(j);
                    j--;
                }
            }
        }
    }

    private static boolean areAlike(List<TargetRow> left, List<TargetRow> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int row = 0; row < left.size(); row++) {
            if (!left.get(row).takes(right.get(row))) {
                return false;
            }
        }
        return true;
    }
}
