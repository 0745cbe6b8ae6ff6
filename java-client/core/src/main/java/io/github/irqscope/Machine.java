package io.github.irqscope;

import java.util.List;

/**
 * The computer that the driver runs on, as its kernel tells it.
 *
 * @param groups the active processor groups, ascending
 * @param nodes  the NUMA nodes, ascending
 */
public record Machine(List<Group> groups, List<Node> nodes) {
    /** Takes copies. */
    public Machine {
        groups = List.copyOf(groups);
        nodes = List.copyOf(nodes);
    }

    /**
     * A processor group.
     *
     * @param number  from 0
     * @param active  the processors that are there
     * @param maximum processors that the group can ever have
     */
    public record Group(int number, ProcessorSet active, int maximum) {
    }

    /**
     * A NUMA node.
     *
     * @param number     from 0
     * @param processors of one group, or of several when the node is larger than a group
     */
    public record Node(int number, ProcessorSet processors) {
    }

    /** Every active processor. */
    public ProcessorSet active() {
        ProcessorSet all = ProcessorSet.empty();
        for (Group group : groups) {
            all = all.plus(group.active());
        }
        return all;
    }
}
