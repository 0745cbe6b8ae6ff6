package io.github.irqscope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopologyTest {
    private final ByteBuffer bytes = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);

    /** A relation with GROUP_AFFINITY records from 32 on, as cores, packages and nodes have them. */
    private void relation(int relationship, int first, int groupCount, long... groupsAndMasks) {
        int start = bytes.position();
        int size = 32 + groupsAndMasks.length / 2 * 16;
        bytes.putInt(start, relationship).putInt(start + 4, size).putInt(start + 8, first)
                .putShort(start + 30, (short) groupCount);
        for (int i = 0; i < groupsAndMasks.length; i += 2) {
            bytes.putLong(start + 32 + i * 8, groupsAndMasks[i + 1]).putShort(start + 40 + i * 8,
                    (short) groupsAndMasks[i]);
        }
        bytes.position(start + size);
    }

    private void groups(int maximum, long... masks) {
        int start = bytes.position();
        int size = 32 + masks.length * 48;
        bytes.putInt(start, 4).putInt(start + 4, size).putShort(start + 8, (short) masks.length)
                .putShort(start + 10, (short) masks.length);
        for (int i = 0; i < masks.length; i++) {
            bytes.put(start + 32 + i * 48, (byte) maximum).put(start + 33 + i * 48, (byte) Long.bitCount(masks[i]))
                    .putLong(start + 72 + i * 48, masks[i]);
        }
        bytes.position(start + size);
    }

    private Topology read() {
        return TopologyReader.read(bytes.duplicate().flip());
    }

    @Test
    void readsGroupsNodesPackagesAndCoresOfTwoKinds() {
        relation(0, 0x0101, 1, 0, 0b11);
        relation(0, 0x0000, 1, 1, 0b1);
        relation(2, 0, 0, 0, 0b11);
        relation(3, 0, 2, 0, 0b11, 1, 0b1);
        relation(1, 1, 0, 1, 0b1);
        relation(1, 0, 0, 0, 0b11);
        groups(64, 0b11, 0b1);
        Topology topology = read();
        assertEquals(List.of(new Topology.Core(ProcessorSet.parse("g0:0-1"), 1),
                new Topology.Core(ProcessorSet.parse("g1:0"), 0)), topology.cores());
        assertEquals(List.of(ProcessorSet.parse("g0:0-1 g1:0")), topology.packages());
        assertEquals(List.of(new Machine.Node(0, ProcessorSet.parse("g0:0-1")),
                new Machine.Node(1, ProcessorSet.parse("g1:0"))), topology.nodes());
        assertEquals(List.of(new Machine.Group(0, ProcessorSet.parse("g0:0-1"), 64),
                new Machine.Group(1, ProcessorSet.parse("g1:0"), 64)), topology.groups());
    }

    @Test
    void aNodeLargerThanAGroupIsWhole() {
        relation(1, 0, 1, 0, -1L);
        relation(6, 0, 2, 0, -1L, 1, 0xFF);
        assertEquals(List.of(new Machine.Node(0, ProcessorSet.parse("g0:0-63 g1:0-7"))), read().nodes());
    }

    @Test
    void recordsThatMakeNoSenseAreRefused() {
        relation(0, 0, 1, 0, 1);
        bytes.putInt(4, 400);
        assertThrows(IllegalArgumentException.class, this::read);
        bytes.putInt(4, 0);
        assertThrows(IllegalArgumentException.class, this::read);
    }

    @Test
    void namesEveryDifferenceFromTheDriver() {
        groups(64, 0xFF, 0xF);
        relation(1, 0, 1, 0, 0xFF);
        relation(1, 1, 1, 1, 0xF);
        Topology topology = read();
        Machine same = new Machine(topology.groups(), topology.nodes());
        assertEquals(List.of(), topology.differences(same));
        Machine other = new Machine(List.of(new Machine.Group(0, ProcessorSet.of(0, 0xFF), 64),
                new Machine.Group(1, ProcessorSet.of(1, 0xFF), 8), new Machine.Group(2, ProcessorSet.of(2, 1), 64)),
                List.of(new Machine.Node(0, ProcessorSet.of(0, 0xF))));
        assertEquals(List.of("user mode sees 2 groups, the driver 3",
                "group 1: user mode sees g1:0-3, the driver g1:0-7",
                "group 1: user mode says that it can have 64 processors, the driver 8",
                "user mode sees 2 NUMA nodes, the driver 1",
                "node 0: user mode sees g0:0-7, the driver g0:0-3"), topology.differences(other));
    }
}
