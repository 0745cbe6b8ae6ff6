package io.github.irqscope;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads the records of GetLogicalProcessorInformationEx (SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX), as 64-bit Windows lays
 * them out: a relationship, a size, and what that relationship has. Unknown relationships are passed over, as Microsoft's
 * page asks.
 */
final class TopologyReader {
    private static final int HEADER = 8;
    private static final int CORE = 0;
    private static final int NODE = 1;
    private static final int PACKAGE = 3;
    private static final int GROUP = 4;
    private static final int NODE_EX = 6; /* RelationNumaNodeEx: of a node larger than a group, all of it */

    /* PROCESSOR_RELATIONSHIP: flags, EfficiencyClass at 1, GroupCount at 22, GROUP_AFFINITY from 24 on. */
    private static final int EFFICIENCY = HEADER + 1;
    private static final int COUNT = HEADER + 22;
    private static final int AFFINITIES = HEADER + 24;
    /* NUMA_NODE_RELATIONSHIP: NodeNumber at 0, GroupCount at 22 (0 before Windows Server 2022), masks from 24 on. */
    private static final int NODE_NUMBER = HEADER;
    private static final int AFFINITY_SIZE = 16;
    private static final int AFFINITY_GROUP = 8;
    /* GROUP_RELATIONSHIP: ActiveGroupCount at 2, PROCESSOR_GROUP_INFO from 24 on. */
    private static final int ACTIVE_GROUPS = HEADER + 2;
    private static final int GROUP_INFOS = HEADER + 24;
    private static final int INFO_SIZE = 48;
    private static final int INFO_MASK = 40;

    private TopologyReader() {
    }

    static Topology read(ByteBuffer records) {
        ByteBuffer bytes = records.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        List<Machine.Group> groups = new ArrayList<>();
        List<Machine.Node> nodes = new ArrayList<>();
        List<ProcessorSet> packages = new ArrayList<>();
        List<Topology.Core> cores = new ArrayList<>();
        int at = bytes.position();
        while (at < bytes.limit()) {
            int size = bytes.limit() - at < HEADER ? 0 : bytes.getInt(at + 4);
            if (size < HEADER || size > bytes.limit() - at) {
                throw new IllegalArgumentException("a record of " + size + " bytes at " + at + " of " + bytes.limit());
            }
            ByteBuffer record = bytes.slice(at, size).order(ByteOrder.LITTLE_ENDIAN);
            switch (record.getInt(0)) {
                case CORE -> cores.add(new Topology.Core(processors(record),
                        Byte.toUnsignedInt(record.get(EFFICIENCY))));
                case PACKAGE -> packages.add(processors(record));
                case NODE, NODE_EX -> add(nodes, record.getInt(NODE_NUMBER), processors(record));
                case GROUP -> readGroups(record, groups);
                default -> {
                    /* caches, dies, modules: not asked for here */
                }
            }
            at += size;
        }
        nodes.sort(Comparator.comparingInt(Machine.Node::number));
        return new Topology(groups, nodes, packages, cores);
    }

    /* A node told twice, in part and as a whole, is the sum of both. */
    private static void add(List<Machine.Node> nodes, int number, ProcessorSet processors) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).number() == number) {
                nodes.set(i, new Machine.Node(number, nodes.get(i).processors().plus(processors)));
                return;
            }
        }
        nodes.add(new Machine.Node(number, processors));
    }

    private static ProcessorSet processors(ByteBuffer record) {
        int count = Math.max(1, Short.toUnsignedInt(record.getShort(COUNT)));
        ProcessorSet all = ProcessorSet.empty();
        for (int i = 0; i < count && AFFINITIES + (i + 1) * AFFINITY_SIZE <= record.limit(); i++) {
            int affinity = AFFINITIES + i * AFFINITY_SIZE;
            all = all.plus(ProcessorSet.of(Short.toUnsignedInt(record.getShort(affinity + AFFINITY_GROUP)),
                    record.getLong(affinity)));
        }
        return all;
    }

    private static void readGroups(ByteBuffer record, List<Machine.Group> groups) {
        int count = Short.toUnsignedInt(record.getShort(ACTIVE_GROUPS));
        for (int group = 0; group < count && GROUP_INFOS + (group + 1) * INFO_SIZE <= record.limit(); group++) {
            int info = GROUP_INFOS + group * INFO_SIZE;
            groups.add(new Machine.Group(group, ProcessorSet.of(group, record.getLong(info + INFO_MASK)),
                    Byte.toUnsignedInt(record.get(info))));
        }
    }
}
