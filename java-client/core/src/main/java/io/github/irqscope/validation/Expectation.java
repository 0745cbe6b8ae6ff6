package io.github.irqscope.validation;

import io.github.irqscope.NtStatus;

import java.util.List;
import java.util.Set;

/**
 * What a correct driver on a correct kernel answers.
 *
 * @param verdict  of the target
 * @param statuses that a connect may end with: more than one where documentation and shipping kernels differ
 */
public record Expectation(Verdict verdict, List<Integer> statuses) {
    /** Takes a copy. */
    public Expectation {
        statuses = List.copyOf(statuses);
    }

    static Expectation success(Verdict verdict) {
        return new Expectation(verdict, List.of(NtStatus.SUCCESS));
    }

    static Expectation refused(Integer... statuses) {
        return new Expectation(Verdict.REFUSED, List.of(statuses));
    }

    /** Whether this verdict and this status are as expected. */
    public boolean isMetBy(Verdict actual, int status) {
        return actual == verdict && Set.copyOf(statuses).contains(status);
    }

    @Override
    public String toString() {
        return verdict == Verdict.REFUSED
                ? verdict + " " + String.join(" or ", statuses.stream().map(NtStatus::name).toList())
                : verdict.toString();
    }
}
