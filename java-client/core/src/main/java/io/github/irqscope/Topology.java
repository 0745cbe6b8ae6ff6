package io.github.irqscope;

import java.util.ArrayList;
import java.util.List;

/**
 * The processors as user mode sees them: what GetLogicalProcessorInformationEx tells. The driver's own view is
 * {@link Machine}.
 *
 * @param groups   the active processor groups, ascending
 * @param nodes    the NUMA nodes, ascending
 * @param packages the processors of each package (socket)
 * @param cores    in the system's order
 */
public record Topology(List<Machine.Group> groups, List<Machine.Node> nodes, List<ProcessorSet> packages,
        List<Core> cores) {
    /** Takes copies. */
    public Topology {
        groups = List.copyOf(groups);
        nodes = List.copyOf(nodes);
        packages = List.copyOf(packages);
        cores = List.copyOf(cores);
    }

    /**
     * A core.
     *
     * @param processors that it runs: several where it has simultaneous multithreading
     * @param efficiency its EfficiencyClass: the higher, the faster; all the same where cores are of one kind
     */
    public record Core(ProcessorSet processors, int efficiency) {
    }

    /**
     * Where this view and the driver's differ, in sentences; empty when they agree.
     *
     * @param driver what the driver told
     */
    public List<String> differences(Machine driver) {
        List<String> differences = new ArrayList<>();
        if (groups.size() != driver.groups().size()) {
            differences.add("user mode sees " + count(groups.size(), "group") + ", the driver "
                    + driver.groups().size());
        }
        for (Machine.Group theirs : driver.groups()) {
            for (Machine.Group ours : groups) {
                if (ours.number() == theirs.number() && !ours.active().equals(theirs.active())) {
                    differences.add("group " + ours.number() + ": user mode sees " + text(ours.active())
                            + ", the driver " + text(theirs.active()));
                }
                if (ours.number() == theirs.number() && ours.maximum() != theirs.maximum()) {
                    differences.add("group " + ours.number() + ": user mode says that it can have " + ours.maximum()
                            + " processors, the driver " + theirs.maximum());
                }
            }
        }
        if (nodes.size() != driver.nodes().size()) {
            differences.add("user mode sees " + count(nodes.size(), "NUMA node") + ", the driver "
                    + driver.nodes().size());
        }
        for (Machine.Node theirs : driver.nodes()) {
            for (Machine.Node ours : nodes) {
                if (ours.number() == theirs.number() && !ours.processors().equals(theirs.processors())) {
                    differences.add("node " + ours.number() + ": user mode sees " + text(ours.processors())
                            + ", the driver " + text(theirs.processors()));
                }
            }
        }
        return differences;
    }

    private static String count(int count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String text(ProcessorSet set) {
        return set.isEmpty() ? "no processor" : set.toString();
    }
}
