package io.github.irqscope.report;

import io.github.irqscope.NtStatus;
import io.github.irqscope.Processor;
import io.github.irqscope.validation.TargetResult;
import io.github.irqscope.validation.ValidationReport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a result of validate has to say. */
final class ResultEvidence {
    private ResultEvidence() {
    }

    static Evidence of(String name, ValidationReport report) {
        List<Evidence.Target> targets = new ArrayList<>();
        Map<Processor, long[]> at = new TreeMap<>();
        long events = 0;
        long lost = 0;
        for (TargetResult target : report.targets()) {
            targets.add(target(target));
            lost += target.eventsLost();
            for (Map.Entry<Processor, Long> entry : target.observed().entrySet()) {
                long[] counts = at.computeIfAbsent(entry.getKey(), processor -> new long[2]);
                counts[0] += entry.getValue();
                counts[1] += target.granted() == null || target.granted().contains(entry.getKey()) ? 0
                        : entry.getValue();
                events += entry.getValue();
            }
        }
        List<Evidence.At> processors = new ArrayList<>();
        at.forEach((processor, counts) -> processors.add(
                new Evidence.At(processor, counts[0], counts[1], 0, null, null)));
        List<Evidence.Fact> facts = new ArrayList<>();
        facts.add(new Evidence.Fact("bed", report.bed()));
        if (report.made() != null) {
            facts.add(RecordingEvidence.made(report.made()));
        }
        if (report.kernel() != null) {
            facts.add(new Evidence.Fact("kernel", report.kernel()));
        }
        facts.addAll(RecordingEvidence.machine(report.machine()));
        return new Evidence(name, Evidence.Kind.RESULT, report.verdict(), report.exitCode() == 0, report.sentence(),
                report.bed(), report.machine(), targets, processors,
                new Evidence.At(null, events, processors.stream().mapToLong(Evidence.At::outside).sum(), lost, null, null), events, lost, 0, null, report.moves(), facts,
                report.notes());
    }

    private static Evidence.Target target(TargetResult target) {
        String limits = target.brokenLimits();
        return new Evidence.Target(target.device(), target.resource().toString(), target.way().text(),
                target.requested(), target.granted(),
                target.grantedBy() == null ? null : target.grantedBy().text(), NtStatus.describe(target.status()),
                target.observed(), target.sent(), target.arrived(), target.lost(), target.verdict(),
                target.asExpected(), target.explanation() + (limits.isEmpty() ? "" : "; " + limits), target.latency());
    }
}
