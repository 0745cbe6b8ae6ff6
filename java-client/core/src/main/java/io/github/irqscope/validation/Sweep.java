package io.github.irqscope.validation;

import io.github.irqscope.Machine;
import io.github.irqscope.Processor;
import io.github.irqscope.ProcessorSet;

import java.util.ArrayList;
import java.util.List;

/** How a sweep cuts a machine into targets, each of which a policy can ask for: processors of one group. */
public enum Sweep {
    /** One group after the other. */
    GROUP("group"),
    /** One NUMA node after the other; of a node in several groups, one group's part after the other. */
    NODE("node"),
    /** One processor after the other. */
    PROCESSOR("processor");

    private final String text;

    Sweep(String text) {
        this.text = text;
    }

    /** The word of a command line and of JSON. */
    public String text() {
        return text;
    }

    /**
     * What to ask for, in order.
     *
     * @param within only these processors; null: every active one
     */
    public List<ProcessorSet> targets(Machine machine, ProcessorSet within) {
        ProcessorSet all = within == null ? machine.active() : within.intersect(machine.active());
        List<ProcessorSet> targets = new ArrayList<>();
        switch (this) {
            case GROUP -> groups(all, targets);
            case NODE -> machine.nodes().forEach(node -> groups(node.processors().intersect(all), targets));
            case PROCESSOR -> {
                for (Processor processor : all) {
                    targets.add(ProcessorSet.of(List.of(processor)));
                }
            }
        }
        return targets;
    }

    private static void groups(ProcessorSet set, List<ProcessorSet> targets) {
        for (int group : set.masks().keySet()) {
            targets.add(set.inGroup(group));
        }
    }

    @Override
    public String toString() {
        return text;
    }
}
