package io.github.irqscope;

import io.github.irqscope.contract.Contract;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The contract's bytes as values, and values as the contract's bytes. Each method reads or writes one structure at a
 * position of a little-endian buffer; sizes are checked before.
 */
final class Wire {
    private Wire() {
    }

    static ByteBuffer request(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ByteBuffer version(int major, int minor) {
        ByteBuffer request = request(Contract.VersionRequest.SIZE);
        request.putInt(Contract.VersionRequest.MAJOR, major);
        request.putInt(Contract.VersionRequest.MINOR, minor);
        return request;
    }

    static Version version(ByteBuffer reply) {
        return new Version(
                reply.getInt(Contract.VersionReply.MAJOR),
                reply.getInt(Contract.VersionReply.MINOR),
                Ability.of(reply.getInt(Contract.VersionReply.ABILITIES)),
                reply.getLong(Contract.VersionReply.FREQUENCY),
                reply.getInt(Contract.VersionReply.KERNEL_MAJOR),
                reply.getInt(Contract.VersionReply.KERNEL_MINOR),
                reply.getInt(Contract.VersionReply.KERNEL_BUILD),
                reply.getInt(Contract.VersionReply.MAXIMUM_CONNECTIONS),
                reply.getInt(Contract.VersionReply.MAXIMUM_READS),
                Integer.toUnsignedLong(reply.getInt(Contract.VersionReply.MAXIMUM_MEMORY)));
    }

    static ByteBuffer list(int start) {
        ByteBuffer request = request(Contract.ListRequest.SIZE);
        request.putInt(Contract.ListRequest.START, start);
        return request;
    }

    /* A node that is larger than a group has one record for each group that it reaches into. */
    static Machine machine(List<MachineRecord> records) {
        List<Machine.Group> groups = new ArrayList<>();
        SortedMap<Integer, ProcessorSet> nodes = new TreeMap<>();
        for (MachineRecord entry : records) {
            if (entry.kind() == Contract.MACHINE_GROUP) {
                groups.add(new Machine.Group(entry.number(), entry.processors(), entry.maximum()));
            } else if (entry.kind() == Contract.MACHINE_NODE) {
                nodes.merge(entry.number(), entry.processors(), ProcessorSet::plus);
            }
        }
        List<Machine.Node> merged = new ArrayList<>();
        nodes.forEach((number, processors) -> merged.add(new Machine.Node(number, processors)));
        return new Machine(groups, merged);
    }

    record MachineRecord(int kind, int number, int maximum, ProcessorSet processors) {
    }

    static MachineRecord machineRecord(ByteBuffer reply, int at) {
        return new MachineRecord(
                Short.toUnsignedInt(reply.getShort(at + Contract.MachineRecord.KIND)),
                Short.toUnsignedInt(reply.getShort(at + Contract.MachineRecord.NUMBER)),
                Byte.toUnsignedInt(reply.get(at + Contract.MachineRecord.MAXIMUM)),
                ProcessorSet.of(Short.toUnsignedInt(reply.getShort(at + Contract.MachineRecord.GROUP)),
                        reply.getLong(at + Contract.MachineRecord.MASK)));
    }

    static Resource resource(ByteBuffer reply, int at) {
        int flags = reply.getInt(at + Contract.ResourceRecord.FLAGS);
        return new Resource(
                new ResourceId(Kind.of(reply.getInt(at + Contract.ResourceRecord.KIND)),
                        reply.getInt(at + Contract.ResourceRecord.NUMBER)),
                (flags & Contract.RESOURCE_LATCHED) != 0,
                (flags & Contract.RESOURCE_SHARED) != 0,
                (flags & Contract.RESOURCE_POLICY) != 0,
                Integer.toUnsignedLong(reply.getInt(at + Contract.ResourceRecord.CONNECTION)),
                Integer.toUnsignedLong(reply.getInt(at + Contract.ResourceRecord.VECTOR)),
                reply.getInt(at + Contract.ResourceRecord.IRQL),
                Short.toUnsignedInt(reply.getShort(at + Contract.ResourceRecord.GROUP)),
                reply.getLong(at + Contract.ResourceRecord.MASK),
                Short.toUnsignedInt(reply.getShort(at + Contract.ResourceRecord.RAW_GROUP)),
                Integer.toUnsignedLong(reply.getInt(at + Contract.ResourceRecord.RAW_VECTOR)),
                Integer.toUnsignedLong(reply.getInt(at + Contract.ResourceRecord.RAW_LEVEL)),
                reply.getLong(at + Contract.ResourceRecord.RAW_MASK));
    }

    static DeviceState deviceState(ByteBuffer reply, List<Resource> resources) {
        int flags = reply.getInt(Contract.ResourcesReply.DEVICE_FLAGS);
        return new DeviceState(
                DeviceModel.of(reply.getInt(Contract.ResourcesReply.MODEL)),
                (flags & Contract.DEVICE_STARTED) != 0,
                (flags & Contract.DEVICE_POWERED) != 0,
                (flags & Contract.DEVICE_OWNED) != 0,
                (flags & Contract.DEVICE_MASKED) != 0,
                (flags & Contract.DEVICE_STORM) != 0,
                Integer.toUnsignedLong(reply.getInt(Contract.ResourcesReply.STARTS)),
                reply.getInt(Contract.ResourcesReply.MESSAGES_ASKED),
                resources);
    }

    static ByteBuffer connect(ConnectRequest asked) {
        ByteBuffer request = request(Contract.ConnectRequest.SIZE);
        request.putInt(Contract.ConnectRequest.WAY, asked.way().value());
        if (asked.resource() != null) {
            request.putInt(Contract.ConnectRequest.KIND, asked.resource().kind().value());
            request.putInt(Contract.ConnectRequest.NUMBER, asked.resource().number());
        }
        request.putInt(Contract.ConnectRequest.FLAGS,
                (asked.mask().isPresent() ? Contract.CONNECT_PROCESSORS : 0)
                        | (asked.fallback() ? Contract.CONNECT_FALLBACK : 0)
                        | (asked.sharedLock() ? Contract.CONNECT_SHARED_LOCK : 0)
                        | asked.syncMode().flag());
        request.putLong(Contract.ConnectRequest.MASK, asked.mask().orElse(0));
        request.putInt(Contract.ConnectRequest.EVENTS, asked.events());
        request.putInt(Contract.ConnectRequest.STORM_RATE, asked.stormRate());
        return request;
    }

    static ByteBuffer connection(int id) {
        ByteBuffer request = request(Contract.ConnectionRequest.SIZE);
        request.putInt(Contract.ConnectionRequest.CONNECTION, id);
        return request;
    }

    static ByteBuffer target(int id, int target) {
        ByteBuffer request = request(Contract.TargetRequest.SIZE);
        request.putInt(Contract.TargetRequest.CONNECTION, id);
        request.putInt(Contract.TargetRequest.TARGET, target);
        return request;
    }

    static Affinity affinity(ByteBuffer reply) {
        int first = Contract.AffinityReply.RESERVED;
        long reserved = Short.toUnsignedLong(reply.getShort(first))
                | Short.toUnsignedLong(reply.getShort(first + 2)) << 16
                | Short.toUnsignedLong(reply.getShort(first + 4)) << 32;
        return new Affinity(
                reply.getInt(Contract.AffinityReply.STATUS),
                GrantedBy.of(reply.getInt(Contract.AffinityReply.GRANTED_BY)),
                Short.toUnsignedInt(reply.getShort(Contract.AffinityReply.GROUP)),
                reply.getLong(Contract.AffinityReply.MASK),
                reserved,
                Way.of(reply.getInt(Contract.AffinityReply.WAY)),
                Kind.of(reply.getInt(Contract.AffinityReply.CONNECTED_AS)),
                reply.getInt(Contract.AffinityReply.TARGETS),
                new ResourceId(Kind.of(reply.getInt(Contract.AffinityReply.KIND)),
                        reply.getInt(Contract.AffinityReply.NUMBER)),
                Integer.toUnsignedLong(reply.getInt(Contract.AffinityReply.VECTOR)),
                reply.getInt(Contract.AffinityReply.IRQL),
                Short.toUnsignedInt(reply.getShort(Contract.AffinityReply.REQUESTED_GROUP)),
                reply.getLong(Contract.AffinityReply.REQUESTED_MASK));
    }

    static ByteBuffer trigger(int id, int target, int count, boolean paced, int limit) {
        ByteBuffer request = request(Contract.TriggerRequest.SIZE);
        request.putInt(Contract.TriggerRequest.CONNECTION, id);
        request.putInt(Contract.TriggerRequest.TARGET, target);
        request.putInt(Contract.TriggerRequest.COUNT, count);
        request.putInt(Contract.TriggerRequest.FLAGS, paced ? Contract.TRIGGER_PACED : 0);
        request.putInt(Contract.TriggerRequest.LIMIT, limit);
        return request;
    }

    static TriggerResult triggerResult(ByteBuffer reply) {
        return new TriggerResult(
                reply.getInt(Contract.TriggerReply.STATUS),
                Integer.toUnsignedLong(reply.getInt(Contract.TriggerReply.SENT)),
                Integer.toUnsignedLong(reply.getInt(Contract.TriggerReply.ARRIVED)),
                Integer.toUnsignedLong(reply.getInt(Contract.TriggerReply.LOST)));
    }

    static ByteBuffer mask(boolean masked) {
        ByteBuffer request = request(Contract.MaskRequest.SIZE);
        request.putInt(Contract.MaskRequest.MASKED, masked ? 1 : 0);
        return request;
    }

    static ByteBuffer statistics(int id, int what, int start, int slot, int histogram) {
        ByteBuffer request = request(Contract.StatisticsRequest.SIZE);
        request.putInt(Contract.StatisticsRequest.CONNECTION, id);
        request.putInt(Contract.StatisticsRequest.WHAT, what);
        request.putInt(Contract.StatisticsRequest.START, start);
        request.putInt(Contract.StatisticsRequest.SLOT, slot);
        request.putInt(Contract.StatisticsRequest.HISTOGRAM, histogram);
        return request;
    }

    static Counters counters(ByteBuffer reply, int at) {
        return new Counters(
                reply.getInt(at + Contract.Counters.TARGET),
                (reply.getInt(at + Contract.Counters.FLAGS) & Contract.COUNTERS_STORM) != 0,
                reply.getLong(at + Contract.Counters.SENT),
                reply.getLong(at + Contract.Counters.CLAIMED),
                reply.getLong(at + Contract.Counters.NOT_CLAIMED),
                reply.getLong(at + Contract.Counters.LOST),
                reply.getLong(at + Contract.Counters.STRAY),
                reply.getLong(at + Contract.Counters.FIRST_TIME),
                reply.getLong(at + Contract.Counters.LAST_TIME));
    }

    static Slot slot(ByteBuffer reply, int at) {
        int flags = reply.getInt(at + Contract.Slot.FLAGS);
        return new Slot(
                reply.getInt(at + Contract.Slot.SLOT),
                (flags & Contract.SLOT_STRAY) != 0,
                (flags & Contract.SLOT_INEXACT) != 0,
                new Processor(Short.toUnsignedInt(reply.getShort(at + Contract.Slot.GROUP)),
                        Byte.toUnsignedInt(reply.get(at + Contract.Slot.NUMBER))),
                Byte.toUnsignedInt(reply.get(at + Contract.Slot.IRQL)),
                reply.getLong(at + Contract.Slot.CLAIMED),
                reply.getLong(at + Contract.Slot.NOT_CLAIMED),
                reply.getLong(at + Contract.Slot.DPCS),
                reply.getLong(at + Contract.Slot.DPCS_ELSEWHERE),
                reply.getLong(at + Contract.Slot.EVENTS_LOST),
                reply.getLong(at + Contract.Slot.LAST_TIME));
    }
}
