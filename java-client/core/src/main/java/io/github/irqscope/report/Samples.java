package io.github.irqscope.report;

import io.github.irqscope.Processor;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Everything that was measured in one run: in sum, and by processor. */
final class Samples {
    final Map<Metric, Sample> sum = new EnumMap<>(Metric.class);
    final SortedMap<Processor, Map<Metric, Sample>> processors = new TreeMap<>();

    /** Those of a processor; of null, those in sum. */
    Map<Metric, Sample> at(Processor processor) {
        return processor == null ? sum : processors.computeIfAbsent(processor, its -> new EnumMap<>(Metric.class));
    }
}
