package io.github.irqscope.report;

import io.github.irqscope.Processor;
import io.github.irqscope.validation.Latency;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/** What was measured in a result of validate: its targets are the parts, and the same target of two runs is a pair. */
final class ResultSamples {
    private ResultSamples() {
    }

    static Samples of(Evidence told) {
        Samples samples = new Samples();
        Map<Metric, Sample> sum = samples.sum;
        sum.put(Metric.UNEXPECTED, share(told, target -> true, target -> target.asExpected() ? 0 : 1, target -> 1, -1));
        Predicate<Evidence.Target> sent = target -> target.sent() > 0;
        sum.put(Metric.ARRIVED, share(told, sent, Evidence.Target::arrived, Evidence.Target::sent, 1));
        sum.put(Metric.NEVER_CAME, share(told, sent, Evidence.Target::lost, Evidence.Target::sent, -1));
        sum.put(Metric.OUTSIDE, share(told, target -> target.arrived() > 0, Evidence.Target::outside,
                Evidence.Target::arrived, -1));
        latencies(told, sum, target -> true);
        for (Evidence.At at : told.processors()) {
            Processor processor = at.processor();
            Map<Metric, Sample> its = samples.at(processor);
            its.put(Metric.SHARE, new Sample((double) at.count() / Math.max(1, told.events()), new TreeMap<>(), true, 0,
                    0));
            its.put(Metric.OUTSIDE, share(told, target -> target.observed().containsKey(processor),
                    target -> target.granted() != null && !target.granted().contains(processor)
                    ? target.observed().get(processor) : 0, target -> target.observed().get(processor), -1));
            latencies(told, its, target -> target.observed().size() == 1 && target.observed().containsKey(processor));
        }
        return samples;
    }

    /* A target's key is the same in both runs when the same was asked for. */
    static String key(Evidence.Target target) {
        return target.device() + " " + target.resource() + " " + target.way() + " " + target.requested();
    }

    private static Sample share(Evidence told, Predicate<Evidence.Target> which,
            ToDoubleFunction<Evidence.Target> part, ToDoubleFunction<Evidence.Target> whole, int direction) {
        SortedMap<String, Double> parts = new TreeMap<>();
        double some = 0;
        double all = 0;
        for (Evidence.Target target : told.targets()) {
            if (which.test(target)) {
                some += part.applyAsDouble(target);
                all += whole.applyAsDouble(target);
                parts.put(key(target), part.applyAsDouble(target) / whole.applyAsDouble(target));
            }
        }
        return new Sample(all == 0 ? 0 : some / all, parts, true, direction, 0);
    }

    private static void latencies(Evidence told, Map<Metric, Sample> to, Predicate<Evidence.Target> which) {
        latency(told, to, which, Metric.TRIGGER_P50, Latency::p50);
        latency(told, to, which, Metric.TRIGGER_P99, Latency::p99);
        latency(told, to, which, Metric.TRIGGER_MAX, Latency::max);
    }

    private static void latency(Evidence told, Map<Metric, Sample> to, Predicate<Evidence.Target> which, Metric metric,
            ToDoubleFunction<Latency> value) {
        SortedMap<String, Double> parts = new TreeMap<>();
        double max = 0;
        double resolution = 1;
        for (Evidence.Target target : told.targets()) {
            if (target.latency() != null && which.test(target)) {
                double one = value.applyAsDouble(target.latency());
                parts.put(key(target), one);
                max = Math.max(max, one);
                resolution = Math.max(resolution, target.latency().resolution());
            }
        }
        if (!parts.isEmpty()) {
            double mean = Noise.mean(parts.values().stream().mapToDouble(Double::doubleValue).toArray());
            to.put(metric, new Sample(metric.isExtreme() ? max : mean, parts, true, -1, resolution));
        }
    }
}
