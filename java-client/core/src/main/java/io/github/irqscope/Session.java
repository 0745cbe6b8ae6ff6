package io.github.irqscope;

import io.github.irqscope.contract.Contract;
import io.github.irqscope.transport.Completion;
import io.github.irqscope.transport.Transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/**
 * A handle on a device, the version agreed. Thread-safe: requests of several threads are under way at once. Closing it
 * from any thread wakes blocked readers, disconnects everything that it connected, and may be done twice; every other
 * use of a closed session throws IllegalStateException.
 */
public final class Session implements AutoCloseable {
    private static final int PAGE_SIZE = 1 << 14;
    private static final int MOST_TRIES = 16;

    private final String name;
    private final Transport transport;
    private final Supplier<String> trouble;
    private final Consumer<Session> forgetting;
    private final Version version;
    private final Set<EventReader> readers = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile boolean givesWay;

    private Session(String name, Transport transport, Supplier<String> trouble, Consumer<Session> forgetting) {
        this.name = name;
        this.transport = transport;
        this.trouble = trouble;
        this.forgetting = forgetting;
        ByteBuffer reply = ask("version", Contract.CODE_VERSION,
                Wire.version(Contract.MAJOR, Contract.MINOR), Contract.VersionReply.SIZE, Contract.VersionReply.SIZE);
        if (reply.getInt(Contract.VersionReply.STATUS) == NtStatus.REVISION_MISMATCH) {
            throw new ContractMismatchException(name + ": version",
                    reply.getInt(Contract.VersionReply.MAJOR), Contract.MAJOR);
        }
        check("version", reply.getInt(Contract.VersionReply.STATUS));
        this.version = Wire.version(reply);
    }

    /* Agrees on the version; the transport is closed when that fails. */
    static Session open(String name, Transport transport, Supplier<String> trouble, Consumer<Session> forgetting) {
        try {
            return new Session(name, transport, trouble, forgetting);
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    /** The device's name. */
    public String name() {
        return name;
    }

    /** What the driver said about itself when this session was opened. */
    public Version version() {
        return version;
    }

    /** The groups and NUMA nodes, as the kernel tells them now. */
    public Machine machine() {
        return Wire.machine(records("machine", Contract.CODE_MACHINE, Wire::list, Contract.MachineRecord.SIZE,
                Wire::machineRecord));
    }

    /** What the device is and has now. */
    public DeviceState state() {
        for (int attempt = 0; attempt < MOST_TRIES; attempt++) {
            Optional<DeviceState> state = stateOnce();
            if (state.isPresent()) {
                return state.get();
            }
        }
        throw new IrqscopeException(name + ": resources", OptionalInt.empty(), 0,
                "the device was restarted " + MOST_TRIES + " times while its resources were read");
    }

    /** The interrupts assigned to the device now. */
    public List<Resource> resources() {
        return state().resources();
    }

    /**
     * Connects. The connection belongs to this session and ends with it at the latest.
     *
     * @throws IrqscopeException when it was refused, by the kernel or by the driver; its NTSTATUS says why
     */
    public Connection connect(ConnectRequest request) {
        ConnectResult result = tryConnect(request);
        return result.connection().orElseThrow(() -> new IrqscopeException(name + ": connect " + request,
                OptionalInt.of(result.status()), 0, Meanings.of(OptionalInt.of(result.status()))));
    }

    /**
     * Connects, or says with which NTSTATUS that was refused.
     *
     * @throws IrqscopeException when the request failed without an NTSTATUS: the driver did not see it
     */
    public ConnectResult tryConnect(ConnectRequest request) {
        ByteBuffer reply = Wire.request(Contract.ConnectReply.SIZE);
        Completion completion = transport.control(Contract.CODE_CONNECT, Wire.connect(request), reply);
        if (!completion.succeeded()) {
            if (!completion.hasStatus()) {
                throw failure("connect " + request, completion);
            }
            return new ConnectResult(completion.status(), true, 0, Optional.empty());
        }
        checkLength("connect " + request, completion.transferred(), Contract.ConnectReply.SIZE);
        int status = reply.getInt(Contract.ConnectReply.STATUS);
        int left = reply.getInt(Contract.ConnectReply.VERSION);
        if (!NtStatus.isSuccess(status)) {
            return new ConnectResult(status, false, left, Optional.empty());
        }
        return new ConnectResult(status, false, left, Optional.of(new Connection(this,
                reply.getInt(Contract.ConnectReply.CONNECTION),
                request.way(),
                Kind.of(reply.getInt(Contract.ConnectReply.CONNECTED_AS)),
                reply.getInt(Contract.ConnectReply.TARGETS),
                left,
                reply.getInt(Contract.ConnectReply.SYNCHRONIZE_IRQL),
                reply.getInt(Contract.ConnectReply.UNIFIED_IRQL),
                reply.getInt(Contract.ConnectReply.SLOTS))));
    }

    /**
     * A connection that is there already: of the device itself (ConnectAtStart), or of another handle. It can be asked;
     * only its owner may trigger, reset or end it, so closing it here does not disconnect.
     *
     * @param id as {@link Resource#connection} tells it
     * @return empty when there is none of this id
     */
    public Optional<Connection> existing(long id) {
        ByteBuffer reply = Wire.request(Contract.AffinityReply.SIZE);
        Completion completion = transport.control(Contract.CODE_AFFINITY, Wire.target((int) id, 0), reply);
        if (completion.hasStatus() && completion.status() == NtStatus.NOT_FOUND) {
            return Optional.empty();
        }
        if (!completion.succeeded()) {
            throw failure("affinity of connection " + id, completion);
        }
        checkLength("affinity of connection " + id, completion.transferred(), Contract.AffinityReply.SIZE);
        Affinity affinity = Wire.affinity(reply);
        return Optional.of(Connection.ofOther(this, (int) id, affinity.way(), affinity.connectedAs(),
                affinity.targets()));
    }

    /**
     * Starts reading events. There must be a connection already.
     *
     * @throws IrqscopeException when the first read is refused: there is no connection, or there are too many reads
     */
    public EventReader events(EventOptions options) {
        EventReader reader = new EventReader(this, transport, options);
        readers.add(reader);
        return reader;
    }

    /** Keeps the device from interrupting, or lets it again, which also ends what the storm guard did. */
    public void mask(boolean masked) {
        String operation = masked ? "mask" : "unmask";
        ByteBuffer reply = ask(operation, Contract.CODE_MASK, Wire.mask(masked), Contract.Reply.SIZE,
                Contract.Reply.SIZE);
        check(operation, reply.getInt(Contract.Reply.STATUS));
    }

    /**
     * From now on this session gives way: when the device is to be stopped or removed, by this process or another, it is
     * closed, as by {@link #close}, and so is no veto. Who reads for long opens another one when the device is back.
     *
     * @return false when only this process's own restarts are known here; another's is vetoed then, as by any handle
     */
    public boolean giveWay() {
        givesWay = true;
        return transport.onRemovalQuery(this::close);
    }

    boolean givesWay() {
        return givesWay;
    }

    /** Whether it was closed. */
    public boolean isClosed() {
        return closed;
    }

    /** Cancels what is under way, waits for its end, disconnects, closes the handle. */
    @Override
    public void close() {
        closed = true;
        transport.close();
        readers.forEach(EventReader::close);
        forgetting.accept(this);
    }

    @Override
    public String toString() {
        return "session with " + name;
    }

    void forget(EventReader reader) {
        readers.remove(reader);
    }

    /* ---- Requests and replies: the one place where a failure becomes an exception ---- */

    /** Sends a request; the reply has at least that many bytes. */
    ByteBuffer ask(String operation, int code, ByteBuffer request, int room, int least) {
        ByteBuffer reply = ByteBuffer.allocate(room).order(ByteOrder.LITTLE_ENDIAN);
        Completion completion = transport.control(code, request, reply);
        if (!completion.succeeded()) {
            throw failure(operation, completion);
        }
        checkLength(operation, completion.transferred(), least);
        return reply.flip();
    }

    /** Every record that a paged query has; the request says from which one on. */
    <T> List<T> records(String operation, int code, IntFunction<ByteBuffer> request, int size,
            BiFunction<ByteBuffer, Integer, T> decode) {
        List<T> records = new ArrayList<>();
        int total;
        do {
            ByteBuffer reply = ask(operation, code, request.apply(records.size()), PAGE_SIZE, Contract.Page.SIZE);
            check(operation, reply.getInt(Contract.Page.STATUS));
            total = reply.getInt(Contract.Page.TOTAL);
            int added = addRecords(operation, reply, Contract.Page.SIZE, size, records, decode);
            if (added == 0 && records.size() < total) {
                throw new IrqscopeException(name + ": " + operation, OptionalInt.empty(), 0,
                        "the driver gave no record from " + records.size() + " on, of " + total);
            }
        } while (records.size() < total);
        return records;
    }

    /** Refuses a kernel routine's NTSTATUS that is no success. */
    void check(String operation, int status) {
        if (!NtStatus.isSuccess(status)) {
            throw new IrqscopeException(name + ": " + operation, OptionalInt.of(status), 0,
                    Meanings.of(OptionalInt.of(status)));
        }
    }

    Completion send(int code, ByteBuffer request, ByteBuffer reply) {
        return transport.control(code, request, reply);
    }

    IrqscopeException failure(String operation, Completion completion) {
        return failure(operation, completion.status(), completion.win32());
    }

    IrqscopeException failure(String operation, int status, int win32) {
        OptionalInt known = status == Completion.UNKNOWN ? OptionalInt.empty() : OptionalInt.of(status);
        String meaning = win32 == Win32Error.IO_DEVICE ? trouble.get() : Meanings.of(known);
        return new IrqscopeException(name + ": " + operation, known, win32, meaning);
    }

    private Optional<DeviceState> stateOnce() {
        List<Resource> resources = new ArrayList<>();
        ByteBuffer first = null;
        int total;
        do {
            ByteBuffer reply = ask("resources", Contract.CODE_RESOURCES, Wire.list(resources.size()), PAGE_SIZE,
                    Contract.ResourcesReply.SIZE);
            check("resources", reply.getInt(Contract.ResourcesReply.STATUS));
            total = reply.getInt(Contract.ResourcesReply.TOTAL);
            if (first == null) {
                first = reply;
            } else if (!sameStart(first, reply)) {
                return Optional.empty();
            }
            int added = addRecords("resources", reply, Contract.ResourcesReply.SIZE, Contract.ResourceRecord.SIZE,
                    resources, Wire::resource);
            if (added == 0 && resources.size() < total) {
                return Optional.empty();
            }
        } while (resources.size() < total);
        return Optional.of(Wire.deviceState(first, resources));
    }

    /* Pages of two assignments do not belong together. */
    private static boolean sameStart(ByteBuffer one, ByteBuffer other) {
        return one.getInt(Contract.ResourcesReply.STARTS) == other.getInt(Contract.ResourcesReply.STARTS)
                && one.getInt(Contract.ResourcesReply.TOTAL) == other.getInt(Contract.ResourcesReply.TOTAL);
    }

    /* RecordSize and Count stand at the same places in both kinds of pages. A longer record is of a later minor
     * version: its known part is read. */
    private <T> int addRecords(String operation, ByteBuffer reply, int header, int size, List<T> records,
            BiFunction<ByteBuffer, Integer, T> decode) {
        int recordSize = reply.getInt(Contract.Page.RECORD_SIZE);
        int count = reply.getInt(Contract.Page.COUNT);
        if (recordSize < size || count < 0 || (long) count * recordSize > reply.limit() - header) {
            throw new IrqscopeException(name + ": " + operation, OptionalInt.empty(), 0, "a page of " + count
                    + " records of " + recordSize + " bytes makes no sense in " + reply.limit() + " bytes");
        }
        for (int i = 0; i < count; i++) {
            records.add(decode.apply(reply, header + i * recordSize));
        }
        return count;
    }

    private void checkLength(String operation, int transferred, int least) {
        if (transferred < least) {
            throw new IrqscopeException(name + ": " + operation, OptionalInt.empty(), 0,
                    "the driver answered " + transferred + " bytes, " + least + " or more were expected");
        }
    }
}
