package io.github.irqscope.cli;

import io.github.irqscope.GrantedBy;
import io.github.irqscope.Kind;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Way;
import io.github.irqscope.validation.Expectation;
import io.github.irqscope.validation.TargetResult;
import io.github.irqscope.validation.Verdict;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Targets made up for tests of what is printed about them. */
final class Targets {
    static final int NOT_SUPPORTED = 0xC00000BB;

    private Targets() {
    }

    /** A target that landed as expected, a hundred times on the first processor of what was asked for. */
    static TargetResult landed(String device, String resource, Way way, String asked) {
        return landed(device, resource, way, asked, asked, new Expectation(Verdict.LANDED, List.of(0)));
    }

    static TargetResult landed(String device, String resource, Way way, String asked, String granted,
            Expectation expected) {
        ProcessorSet set = ProcessorSet.parse(granted);
        SortedMap<Processor, Long> observed = new TreeMap<>();
        observed.put(set.iterator().next(), 100L);
        ResourceId id = ResourceId.parse(resource);
        int message = id.kind() == Kind.MESSAGE ? id.number() : -1;
        return new TargetResult(device, id, way, message, ProcessorSet.parse(asked), set, GrantedBy.INTERRUPT_OBJECT, 0,
                observed, 100, 100, 0, 0, 0, 0, 0, expected, null, "us", false, id.kind(), 8, 8, false, true);
    }

    /** A refusal with STATUS_NOT_SUPPORTED. */
    static TargetResult refused(String device, String resource, Way way, String asked, Expectation expected) {
        ResourceId id = ResourceId.parse(resource);
        return new TargetResult(device, id, way, -1, ProcessorSet.parse(asked), null, null, NOT_SUPPORTED,
                new TreeMap<>(), 0, 0, 0, 0, 0, 0, 0, expected, null, "us", false, null, 8, 8, false, true);
    }

    static TargetResult refused(String device, String resource, Way way, String asked) {
        return refused(device, resource, way, asked, new Expectation(Verdict.REFUSED, List.of(NOT_SUPPORTED)));
    }
}
