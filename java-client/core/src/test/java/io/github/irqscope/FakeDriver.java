package io.github.irqscope;

import io.github.irqscope.contract.Contract;
import io.github.irqscope.transport.Completion;
import io.github.irqscope.transport.Controls;
import io.github.irqscope.transport.DeviceEntry;
import io.github.irqscope.transport.Host;
import io.github.irqscope.transport.Transport;
import io.github.irqscope.transport.TransportException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A small driver in Java with one device, at the level of the contract's bytes: what it refuses it refuses as the real
 * one does, and an interrupt that it raises is an event, a count and a slot. Tests change its fields to make it
 * misbehave.
 */
public final class FakeDriver implements Host {
    public static final int NOT_FOUND = 0xC0000225;
    public static final int NOT_SUPPORTED = 0xC00000BB;

    /** What the device has; tests replace them. */
    public List<Resource> resources = new ArrayList<>();
    public Machine machine = new Machine(List.of(new Machine.Group(0, ProcessorSet.parse("g0:0-3"), 4),
            new Machine.Group(1, ProcessorSet.parse("g1:0-3"), 4)),
            List.of(new Machine.Node(0, ProcessorSet.parse("g0:0-3 g1:0-1")), new Machine.Node(1,
                    ProcessorSet.parse("g1:2-3"))));
    public int model = Contract.MODEL_EDU;
    public int major = Contract.MAJOR;
    public int abilities = 0x17;
    public int messagesAsked;
    public int starts = 1;
    public int recordsInPage = Integer.MAX_VALUE;
    public int recordSizeMore;
    public int connectStatus;
    public int replyShorterBy;
    public ProcessorSet granted;
    public boolean swallow;
    public boolean storm;
    public boolean gone;
    public String bed = "fake";
    public String atEnd;
    public boolean vetoed;
    public int ended;
    public final Map<String, List<RegistryValue>> keys = new LinkedHashMap<>();
    public final List<FakeTransport> handles = new ArrayList<>();
    /** Runs on each restart, also on those of the "system". */
    public Runnable onRestart = () -> { };
    /** Runs before each trigger request. */
    public Runnable beforeTrigger = () -> { };

    private final Map<Integer, FakeConnection> connections = new LinkedHashMap<>();
    private int nextConnection = 0x1001;
    private long now = 1_000_000;

    /** A line of group 0 unless told otherwise. */
    public static Resource line(int number, ProcessorSet processors, boolean shared) {
        int group = processors.group();
        return new Resource(new ResourceId(Kind.LINE, number), false, shared, false, 0, 0x91, 9, group,
                processors.mask(group), group, 11, 11, processors.mask(group));
    }

    public static Resource message(int number, ProcessorSet processors) {
        int group = processors.group();
        return new Resource(new ResourceId(Kind.MESSAGE, number), true, false, true, 0, 0xA0 + number, 10, group,
                processors.mask(group), group, 0xFFFFFFFEL, 1, processors.mask(group));
    }

    /** A bed over this driver. */
    public Bed asBed() {
        return new Bed(this, BedOptions.auto());
    }

    /** A session with the device edu0. */
    public Session session() {
        return asBed().device("edu0").open();
    }

    /** The system stops the device and starts it again. */
    public synchronized void restartUnasked() {
        starts++;
        connections.clear();
        handles.forEach(FakeTransport::endReads);
        onRestart.run();
    }

    /** A call of the ISR that nobody asked for. */
    public synchronized void interrupt(int target, Processor processor, boolean claimed) {
        for (FakeConnection connection : connections.values()) {
            connection.isr(target, processor, claimed, -1);
        }
        handles.forEach(FakeTransport::completeReads);
    }

    public synchronized int connections() {
        return connections.size();
    }

    @Override
    public String bed() {
        return bed;
    }

    @Override
    public List<DeviceEntry> devices() {
        return List.of(new DeviceEntry("\\\\?\\fake", "PCI\\FAKE\\0", List.of("PCI\\VEN_1234&DEV_11E8&REV_10")));
    }

    @Override
    public Transport open(String path, boolean write) throws TransportException {
        if (gone) {
            throw TransportException.call("CreateFile " + path, 2);
        }
        FakeTransport transport = new FakeTransport();
        handles.add(transport);
        return transport;
    }

    @Override
    public Optional<List<RegistryValue>> values(String instanceId, String key) {
        return Optional.ofNullable(keys.get(key));
    }

    @Override
    public void values(String instanceId, String key, List<RegistryValue> values) {
        keys.put(key, List.copyOf(values));
    }

    @Override
    public boolean deleteKey(String instanceId, String key) {
        if (keys.keySet().stream().anyMatch(other -> other.startsWith(key + "\\"))) {
            return false;
        }
        keys.remove(key);
        return true;
    }

    @Override
    public boolean restart(String instanceId) {
        if (vetoed || handles.stream().anyMatch(handle -> !handle.closed)) {
            return false;
        }
        starts++;
        onRestart.run();
        return true;
    }

    @Override
    public Optional<Controls> controls() {
        return Optional.empty();
    }

    @Override
    public Optional<String> end() {
        ended++;
        return Optional.ofNullable(atEnd);
    }

    private static ByteBuffer bytes(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private final class FakeConnection {
        private final int id;
        private final int way;
        private final List<Resource> behind;
        private final FakeTransport owner;
        private final long[][] counters;
        private final Map<Processor, Deque<ByteBuffer>> rings = new LinkedHashMap<>();
        private final Map<Processor, Long> sequences = new HashMap<>();
        private final Map<Processor, long[]> slots = new LinkedHashMap<>();
        private final long[] histogram = new long[Histogram.BUCKETS];
        private final int ringSize;
        private final Map<Processor, Integer> lost = new HashMap<>();

        FakeConnection(int way, List<Resource> behind, FakeTransport owner, int ringSize) {
            this.id = nextConnection++;
            this.way = way;
            this.behind = behind;
            this.owner = owner;
            this.counters = new long[behind.size()][4];
            this.ringSize = ringSize == 0 ? Contract.DEFAULT_EVENTS : ringSize;
        }

        ProcessorSet granted(int target) {
            return granted != null ? granted : behind.get(target).processors();
        }

        void isr(int target, Processor processor, boolean claimed, int latency) {
            now += 50;
            counters[target][claimed ? 1 : 2]++;
            slots.computeIfAbsent(processor, key -> new long[2])[claimed ? 0 : 1]++;
            if (latency >= 0) {
                histogram[Histogram.bucketOf(latency)]++;
            }
            long sequence = sequences.merge(processor, 1L, Long::sum) - 1;
            Deque<ByteBuffer> ring = rings.computeIfAbsent(processor, key -> new ArrayDeque<>());
            if (ring.size() == ringSize) {
                lost.merge(processor, 1, Integer::sum);
                return;
            }
            ByteBuffer event = bytes(Contract.Event.SIZE + 16);
            event.putInt(Contract.Event.TRIGGER_TO_ISR, latency < 0 ? Contract.TIME_UNKNOWN : latency);
            event.putInt(Contract.Event.ISR_TO_DPC, 7);
            event.putShort(Contract.Event.TARGET, (short) target);
            event.putShort(Contract.Event.FLAGS, (short) ((claimed ? Contract.EVENT_CLAIMED : 0)
                    | (latency < 0 ? 0 : Contract.EVENT_PACED)));
            event.putLong(Contract.Event.SIZE, now);
            event.putLong(Contract.Event.SIZE + 8, sequence);
            ring.add(event);
        }

        /* Whole runs, as many as fit. Loss is told before the first event that came after it. */
        void takeRuns(ByteBuffer out) {
            rings.forEach((processor, ring) -> {
                int room = (out.remaining() - Contract.Run.SIZE) / Contract.Event.SIZE;
                int count = Math.min(room, ring.size());
                if (count <= 0) {
                    return;
                }
                int at = out.position();
                long base = ring.peek().getLong(Contract.Event.SIZE);
                out.putLong(at + Contract.Run.BASE, base);
                out.putLong(at + Contract.Run.SEQUENCE, ring.peek().getLong(Contract.Event.SIZE + 8));
                out.putInt(at + Contract.Run.CONNECTION, id);
                out.putInt(at + Contract.Run.COUNT, count);
                out.putInt(at + Contract.Run.LOST, Optional.ofNullable(lost.remove(processor)).orElse(0));
                out.putShort(at + Contract.Run.GROUP, (short) processor.group());
                out.put(at + Contract.Run.NUMBER, (byte) processor.number());
                out.put(at + Contract.Run.IRQL, (byte) 9);
                out.position(at + Contract.Run.SIZE);
                for (int i = 0; i < count; i++) {
                    ByteBuffer event = ring.remove();
                    event.putInt(Contract.Event.TIME, (int) (event.getLong(Contract.Event.SIZE) - base));
                    out.put(event.array(), 0, Contract.Event.SIZE);
                }
            });
        }
    }

    /** One handle. */
    public final class FakeTransport implements Transport {
        private final List<FakeRead> reads = new ArrayList<>();
        private boolean agreed;
        private boolean closed;

        @Override
        public Completion control(int code, ByteBuffer input, ByteBuffer output) {
            synchronized (FakeDriver.this) {
                if (closed) {
                    throw new IllegalStateException("closed");
                }
                ByteBuffer in = input.order(ByteOrder.LITTLE_ENDIAN);
                output.order(ByteOrder.LITTLE_ENDIAN);
                int status = gone ? NtStatus.DELETE_PENDING
                        : !agreed && code != Contract.CODE_VERSION ? 0xC0000184 : run(code, in, output);
                input.position(input.limit());
                completeReads();
                if (status < 0) {
                    output.position(0);
                    return new Completion(status, 87, 0);
                }
                output.position(output.position() - Math.min(replyShorterBy, output.position()));
                return new Completion(0, 0, output.position());
            }
        }

        @Override
        public Read read(int code, ByteBuffer input, int size) {
            if (closed) {
                throw new IllegalStateException("closed");
            }
            FakeRead read = new FakeRead(this, size);
            reads.add(read);
            return read;
        }

        @Override
        public void close() {
            synchronized (FakeDriver.this) {
                closed = true;
                connections.values().removeIf(connection -> connection.owner == this);
                reads.forEach(FakeRead::cancel);
            }
        }

        private int run(int code, ByteBuffer in, ByteBuffer out) {
            return switch (code) {
                case Contract.CODE_VERSION -> version(in, out);
                case Contract.CODE_MACHINE -> machine(in, out);
                case Contract.CODE_RESOURCES -> resources(in, out);
                case Contract.CODE_CONNECT -> connect(in, out);
                case Contract.CODE_DISCONNECT -> with(in, out, this::disconnect);
                case Contract.CODE_AFFINITY -> affinity(in, out);
                case Contract.CODE_TRIGGER -> trigger(in, out);
                case Contract.CODE_MASK -> done(out, () -> storm = false);
                case Contract.CODE_STATISTICS -> statistics(in, out);
                case Contract.CODE_RESET -> with(in, out, connection -> {
                    for (long[] row : connection.counters) {
                        Arrays.fill(row, 0);
                    }
                });
                default -> 0xC0000010;
            };
        }

        /* The last one's end is also that of what the storm guard did. */
        private void disconnect(FakeConnection connection) {
            connections.remove(connection.id);
            storm &= !connections.isEmpty();
        }

        private int version(ByteBuffer in, ByteBuffer out) {
            boolean same = in.getInt(Contract.VersionRequest.MAJOR) == major;
            agreed = same;
            out.putInt(Contract.VersionReply.STATUS, same ? 0 : NtStatus.REVISION_MISMATCH);
            out.putInt(Contract.VersionReply.MAJOR, major);
            out.putInt(Contract.VersionReply.ABILITIES, abilities);
            out.putLong(Contract.VersionReply.FREQUENCY, 10_000_000);
            out.putInt(Contract.VersionReply.KERNEL_MAJOR, 10);
            out.putInt(Contract.VersionReply.KERNEL_BUILD, 20348);
            out.putInt(Contract.VersionReply.MAXIMUM_CONNECTIONS, Contract.MAXIMUM_CONNECTIONS);
            out.putInt(Contract.VersionReply.MAXIMUM_READS, Contract.MAXIMUM_READS);
            out.putInt(Contract.VersionReply.MAXIMUM_MEMORY, Contract.MAXIMUM_MEMORY);
            out.position(Contract.VersionReply.SIZE);
            return 0;
        }

        private int machine(ByteBuffer in, ByteBuffer out) {
            List<ByteBuffer> records = new ArrayList<>();
            machine.groups().forEach(group -> records.add(
                    machineRecord(Contract.MACHINE_GROUP, group.number(), group.active(), group.maximum())));
            machine.nodes().forEach(node -> node.processors().masks().forEach((group, mask) -> records.add(
                    machineRecord(Contract.MACHINE_NODE, node.number(), ProcessorSet.of(group, mask), 0))));
            return page(in.getInt(Contract.ListRequest.START), records, Contract.Page.SIZE,
                    Contract.MachineRecord.SIZE, out);
        }

        private ByteBuffer machineRecord(int kind, int number, ProcessorSet set, int maximum) {
            ByteBuffer entry = bytes(Contract.MachineRecord.SIZE);
            entry.putShort(Contract.MachineRecord.KIND, (short) kind);
            entry.putShort(Contract.MachineRecord.NUMBER, (short) number);
            entry.putShort(Contract.MachineRecord.GROUP, (short) set.group());
            entry.put(Contract.MachineRecord.ACTIVE, (byte) set.size());
            entry.put(Contract.MachineRecord.MAXIMUM, (byte) maximum);
            entry.putLong(Contract.MachineRecord.MASK, set.mask(set.group()));
            return entry;
        }

        private int resources(ByteBuffer in, ByteBuffer out) {
            List<ByteBuffer> records = new ArrayList<>();
            for (Resource resource : resources) {
                ByteBuffer entry = bytes(Contract.ResourceRecord.SIZE);
                entry.putInt(Contract.ResourceRecord.KIND, resource.kind().value());
                entry.putInt(Contract.ResourceRecord.NUMBER, resource.number());
                entry.putInt(Contract.ResourceRecord.FLAGS, (resource.latched() ? 1 : 0) | (resource.shared() ? 2 : 0)
                        | (resource.policy() ? 4 : 0));
                entry.putInt(Contract.ResourceRecord.VECTOR, (int) resource.vector());
                entry.putInt(Contract.ResourceRecord.IRQL, resource.irql());
                entry.putLong(Contract.ResourceRecord.MASK, resource.mask());
                entry.putShort(Contract.ResourceRecord.GROUP, (short) resource.group());
                records.add(entry);
            }
            int status = page(in.getInt(Contract.ListRequest.START), records, Contract.ResourcesReply.SIZE,
                    Contract.ResourceRecord.SIZE, out);
            out.putInt(Contract.ResourcesReply.MODEL, model);
            out.putInt(Contract.ResourcesReply.DEVICE_FLAGS, 3 | (storm ? Contract.DEVICE_STORM : 0));
            out.putInt(Contract.ResourcesReply.STARTS, starts);
            out.putInt(Contract.ResourcesReply.MESSAGES_ASKED, messagesAsked);
            return status;
        }

        private int page(int start, List<ByteBuffer> records, int header, int size, ByteBuffer out) {
            if (start > records.size()) {
                return 0xC00000F6;
            }
            int stride = size + recordSizeMore;
            int count = Math.min(Math.min(records.size() - start, recordsInPage), (out.remaining() - header) / stride);
            out.putInt(Contract.Page.STATUS, 0);
            out.putInt(Contract.Page.RECORD_SIZE, stride);
            out.putInt(Contract.Page.TOTAL, records.size());
            out.putInt(Contract.Page.START, start);
            out.putInt(Contract.Page.COUNT, count);
            for (int i = 0; i < count; i++) {
                out.position(header + i * stride);
                out.put(records.get(start + i).array(), 0, size);
            }
            out.position(header + count * stride);
            return 0;
        }

        private int connect(ByteBuffer in, ByteBuffer out) {
            int way = in.getInt(Contract.ConnectRequest.WAY);
            int kind = in.getInt(Contract.ConnectRequest.KIND);
            int number = in.getInt(Contract.ConnectRequest.NUMBER);
            List<Resource> behind = kind == 0 ? resources : resources.stream()
                    .filter(resource -> resource.kind().value() == kind && resource.number() == number).toList();
            if (behind.isEmpty()) {
                return 0xC00000F0;
            }
            int group = behind.get(0).group();
            boolean messages = behind.get(0).kind() == Kind.MESSAGE;
            int status = connectStatus;
            if (way == Contract.WAY_IO_CONNECT_INTERRUPT && (messages || group != 0)
                    || way == Contract.WAY_FULLY_SPECIFIED && group != 0) {
                status = NOT_SUPPORTED;
            } else if (way == Contract.WAY_LINE_BASED && messages) {
                status = 0xC000000D;
            }
            out.putInt(Contract.ConnectReply.STATUS, status);
            if (status >= 0) {
                FakeConnection connection = new FakeConnection(way, behind, this,
                        in.getInt(Contract.ConnectRequest.EVENTS));
                connections.put(connection.id, connection);
                out.putInt(Contract.ConnectReply.CONNECTION, connection.id);
                out.putInt(Contract.ConnectReply.TARGETS, behind.size());
                out.putInt(Contract.ConnectReply.CONNECTED_AS, behind.get(0).kind().value());
                out.putInt(Contract.ConnectReply.VERSION, messages ? 3 : 2);
                out.putInt(Contract.ConnectReply.SLOTS, 5);
            }
            out.position(Contract.ConnectReply.SIZE);
            return 0;
        }

        private int affinity(ByteBuffer in, ByteBuffer out) {
            FakeConnection connection = connections.get(in.getInt(Contract.TargetRequest.CONNECTION));
            int target = in.getInt(Contract.TargetRequest.TARGET);
            if (connection == null) {
                return NOT_FOUND;
            }
            if (target >= connection.behind.size()) {
                return 0xC00000F2;
            }
            Resource resource = connection.behind.get(target);
            ProcessorSet set = connection.granted(target);
            out.putInt(Contract.AffinityReply.GRANTED_BY, Contract.GRANTED_BY_INTERRUPT_OBJECT);
            out.putLong(Contract.AffinityReply.MASK, set.mask(set.group()));
            out.putShort(Contract.AffinityReply.GROUP, (short) set.group());
            out.putInt(Contract.AffinityReply.WAY, connection.way);
            out.putInt(Contract.AffinityReply.CONNECTED_AS, resource.kind().value());
            out.putInt(Contract.AffinityReply.TARGETS, connection.behind.size());
            out.putInt(Contract.AffinityReply.KIND, resource.kind().value());
            out.putInt(Contract.AffinityReply.NUMBER, resource.number());
            out.putLong(Contract.AffinityReply.REQUESTED_MASK, resource.mask());
            out.putShort(Contract.AffinityReply.REQUESTED_GROUP, (short) resource.group());
            out.position(Contract.AffinityReply.SIZE);
            return 0;
        }

        private int trigger(ByteBuffer in, ByteBuffer out) {
            beforeTrigger.run();
            FakeConnection connection = connections.get(in.getInt(Contract.TriggerRequest.CONNECTION));
            if (gone) {
                return NtStatus.DELETE_PENDING;
            }
            if (connection == null) {
                return NOT_FOUND;
            }
            int target = in.getInt(Contract.TriggerRequest.TARGET);
            int count = in.getInt(Contract.TriggerRequest.COUNT);
            boolean paced = in.getInt(Contract.TriggerRequest.FLAGS) == Contract.TRIGGER_PACED;
            int first = target == Contract.ALL ? 0 : target;
            int last = target == Contract.ALL ? connection.behind.size() - 1 : target;
            int sent = 0;
            int arrived = 0;
            for (int which = first; which <= last; which++) {
                List<Processor> processors = new ArrayList<>();
                connection.granted(which).forEach(processors::add);
                for (int i = 0; i < count; i++) {
                    sent++;
                    connection.counters[which][0]++;
                    if (swallow) {
                        connection.counters[which][3] += paced ? 1 : 0;
                        continue;
                    }
                    arrived++;
                    connection.isr(which, processors.get(i % processors.size()), true, paced ? 20 + i % 5 : -1);
                }
            }
            out.putInt(Contract.TriggerReply.SENT, sent);
            out.putInt(Contract.TriggerReply.ARRIVED, paced ? arrived : 0);
            out.putInt(Contract.TriggerReply.LOST, paced ? sent - arrived : 0);
            out.position(Contract.TriggerReply.SIZE);
            return 0;
        }

        private int statistics(ByteBuffer in, ByteBuffer out) {
            FakeConnection connection = connections.get(in.getInt(Contract.StatisticsRequest.CONNECTION));
            if (connection == null) {
                return NOT_FOUND;
            }
            int what = in.getInt(Contract.StatisticsRequest.WHAT);
            List<ByteBuffer> records = new ArrayList<>();
            if (what == Contract.STATISTICS_COUNTERS) {
                for (int target = 0; target < connection.behind.size(); target++) {
                    ByteBuffer entry = bytes(Contract.Counters.SIZE);
                    entry.putInt(Contract.Counters.TARGET, target);
                    entry.putInt(Contract.Counters.FLAGS, storm ? Contract.COUNTERS_STORM : 0);
                    entry.putLong(Contract.Counters.SENT, connection.counters[target][0]);
                    entry.putLong(Contract.Counters.CLAIMED, connection.counters[target][1]);
                    entry.putLong(Contract.Counters.NOT_CLAIMED, connection.counters[target][2]);
                    entry.putLong(Contract.Counters.LOST, connection.counters[target][3]);
                    records.add(entry);
                }
            } else if (what == Contract.STATISTICS_SLOTS) {
                connection.slots.forEach((processor, runs) -> {
                    ByteBuffer entry = bytes(Contract.Slot.SIZE);
                    entry.putInt(Contract.Slot.SLOT, records.size());
                    entry.putShort(Contract.Slot.GROUP, (short) processor.group());
                    entry.put(Contract.Slot.NUMBER, (byte) processor.number());
                    entry.putLong(Contract.Slot.CLAIMED, runs[0]);
                    entry.putLong(Contract.Slot.NOT_CLAIMED, runs[1]);
                    records.add(entry);
                });
            } else {
                for (long count : connection.histogram) {
                    records.add(bytes(Long.BYTES).putLong(0, count));
                }
            }
            int size = what == Contract.STATISTICS_HISTOGRAM ? Long.BYTES : Contract.Counters.SIZE;
            return page(in.getInt(Contract.StatisticsRequest.START), records, Contract.Page.SIZE, size, out);
        }

        private int with(ByteBuffer in, ByteBuffer out, Consumer<FakeConnection> use) {
            FakeConnection connection = connections.get(in.getInt(Contract.ConnectionRequest.CONNECTION));
            if (connection == null) {
                return NOT_FOUND;
            }
            return done(out, () -> use.accept(connection));
        }

        private int done(ByteBuffer out, Runnable what) {
            what.run();
            out.position(Contract.Reply.SIZE);
            return 0;
        }

        private void completeReads() {
            for (FakeRead read : reads) {
                if (read.pending) {
                    read.fill();
                }
            }
            if (connections.isEmpty()) {
                endReads();
            }
        }

        private void endReads() {
            reads.forEach(read -> read.end(NtStatus.DEVICE_NOT_CONNECTED));
        }
    }

    /* In order: an older one is filled before a younger one. */
    private final class FakeRead implements Transport.Read {
        private final FakeTransport transport;
        private final ByteBuffer buffer;
        private boolean pending;
        private int status;

        FakeRead(FakeTransport transport, int size) {
            this.transport = transport;
            this.buffer = bytes(size);
        }

        @Override
        public void start() {
            synchronized (FakeDriver.this) {
                transport.reads.remove(this);
                transport.reads.add(this);
                pending = true;
                status = 0;
                if (transport.closed) {
                    cancel();
                } else if (connections.isEmpty()) {
                    end(NtStatus.DEVICE_NOT_CONNECTED);
                } else {
                    fill();
                }
            }
        }

        @Override
        public boolean await(long milliseconds) {
            synchronized (FakeDriver.this) {
                /* Nothing happens by itself in here, so that a limit would only pass time. */
                while (pending && milliseconds < 0) {
                    try {
                        FakeDriver.this.wait();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }
                return !pending;
            }
        }

        @Override
        public int status() {
            return status;
        }

        @Override
        public int win32() {
            return status == 0 ? 0 : 1167;
        }

        @Override
        public ByteBuffer buffer() {
            return buffer;
        }

        @Override
        public void close() {
            synchronized (FakeDriver.this) {
                transport.reads.remove(this);
                cancel();
            }
        }

        private void fill() {
            buffer.clear();
            for (FakeConnection connection : connections.values()) {
                connection.takeRuns(buffer);
            }
            if (buffer.position() > 0) {
                buffer.flip();
                pending = false;
                FakeDriver.this.notifyAll();
            }
        }

        private void cancel() {
            end(NtStatus.CANCELLED);
        }

        private void end(int with) {
            if (pending) {
                pending = false;
                status = with;
                FakeDriver.this.notifyAll();
            }
        }
    }
}
