package io.github.irqscope.cli;

import io.github.irqscope.Ability;
import io.github.irqscope.ConnectRequest;
import io.github.irqscope.Connection;
import io.github.irqscope.Device;
import io.github.irqscope.DeviceState;
import io.github.irqscope.Kind;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.Resource;
import io.github.irqscope.ResourceId;
import io.github.irqscope.Session;
import io.github.irqscope.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a verb connects that listens: the devices of --device, their interrupts of --resource, by --way, on --processors.
 * A simulated machine with processor groups is asked for processors by a policy and a restart of the device, and the old
 * policy is put back at the end; elsewhere no policy is written, and the processors are handed to the connect.
 */
public final class Connecting implements AutoCloseable {
    private static final int RING = 4096;

    private final Work work;
    private final Values values;
    private final List<ResourceId> resources = new ArrayList<>();
    private final Way way;
    private final ProcessorSet processors;
    private final List<Placement> placements = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();

    /** Takes its options from the work's words; nothing is opened yet. */
    public Connecting(Work work) {
        this.work = work;
        this.values = work.values();
        for (String text : values.resources(work.line().all(Option.RESOURCE))) {
            resources.add(ResourceId.parse(text));
        }
        List<String> ways = values.list(Option.WAY, work.line().all(Option.WAY));
        if (ways.size() > 1) {
            throw values.refuse(Option.WAY, String.join(",", ways), work.line().verb().word()
                    + " takes one: an interrupt is in one connection at a time");
        }
        way = ways.isEmpty() ? null : Way.parse(values.choice(Option.WAY, ways.get(0), Values.WAYS));
        processors = work.processors();
        if (!processors.isEmpty() && !processors.oneGroup()) {
            throw values.refuse(Option.PROCESSORS, processors.toString(), "a device has processors of one group");
        }
    }

    /**
     * Finds the devices, and where policies are written, writes them and restarts the devices. No handle of ours may be
     * open on one, neither here nor when this is closed.
     *
     * @throws MissingException when there is nothing to connect
     */
    public List<Device> begin() {
        devices.addAll(work.line().has(Option.DEVICE) ? work.devices(work.deviceNames()) : List.of(firstUsable()));
        if (processors.isEmpty()) {
            return devices;
        }
        work.checkProcessors(processors);
        for (Snapshot one : Snapshot.all(work, devices.stream().map(Device::name).toList())) {
            if (one.version() != null && work.bed().isSimulated() && one.version().can(Ability.GROUPS)) {
                placements.add(new Placement(work.bed(), work.journalFolder(), String.join(" ", work.line().words()),
                        one.device(), processors));
            } else if (one.version() != null && way != null && !way.takesProcessors()) {
                throw values.refuse(Option.PROCESSORS, processors.toString(), way + " hands no processors to the kernel;"
                        + " only a policy (irqscope policy set) and a restart of the device move its interrupts");
            }
        }
        return devices;
    }

    /** Says which policies were written. */
    public void tellPolicies() {
        if (!placements.isEmpty()) {
            work.talk().line("The policy of " + devices.stream().map(Device::name).collect(Collectors.joining(", "))
                    + " asks for " + processors + " until this is done.");
        }
    }

    private Device firstUsable() {
        for (Snapshot snapshot : Snapshot.all(work, List.of())) {
            DeviceState state = snapshot.state();
            if (state != null && state.started() && !chosen(state.resources()).isEmpty()) {
                return snapshot.device();
            }
        }
        throw new MissingException("no device here has " + (resources.isEmpty() ? "an interrupt" : names(resources)));
    }

    /** Connects on an open session. What was connected before a failure goes with the session. */
    public List<Connection> connect(Device device, Session session) {
        List<Resource> assigned = session.state().resources();
        List<ResourceId> there = assigned.stream().map(Resource::id).toList();
        for (ResourceId wanted : resources) {
            if (!there.contains(wanted) && (there.isEmpty() || devices.size() == 1)) {
                throw new MissingException(device.name() + " has no " + wanted + (there.isEmpty() ? ""
                        : "; it has " + names(there)));
            }
        }
        List<Resource> chosen = chosen(assigned);
        if (chosen.isEmpty()) {
            throw new MissingException(device.name() + " has no " + (resources.isEmpty() ? "interrupt"
                    : names(resources)));
        }
        Way by = way(session, chosen.get(0));
        List<Connection> connections = new ArrayList<>();
        if (!by.wantsResource()) {
            if (chosen.size() < assigned.size()) {
                throw values.refuse(Option.RESOURCE, names(resources), by + " connects every interrupt of "
                        + device.name() + ", and it has " + names(there)
                        + "; --way fully-specified-group connects one by one");
            }
            ConnectRequest request = ConnectRequest.of(by).withEvents(RING);
            connections.add(session.connect(by == Way.MESSAGE_BASED ? request.withFallback() : request));
            return connections;
        }
        for (Resource resource : chosen) {
            ConnectRequest request = ConnectRequest.of(by, resource).withEvents(RING);
            if (isHanded()) {
                request = request.withMask(mask(resource));
            }
            connections.add(session.connect(request));
        }
        return connections;
    }

    private long mask(Resource resource) {
        if (processors.group() != resource.group()) {
            throw values.refuse(Option.PROCESSORS, processors.toString(), resource.id() + " was assigned to group "
                    + resource.group() + "; only a policy and a restart of the device move it to another");
        }
        return processors.mask(resource.group());
    }

    /** Every message at once, where nothing speaks against it; else one after the other, in whichever group. */
    private Way way(Session session, Resource first) {
        if (way != null) {
            return way;
        }
        if (!session.version().can(Ability.CONNECT_EX)) {
            return Way.IO_CONNECT_INTERRUPT;
        }
        return first.kind() == Kind.MESSAGE && resources.isEmpty() && !isHanded() ? Way.MESSAGE_BASED
                : Way.FULLY_SPECIFIED_GROUP;
    }

    /** Whether the connect has to ask for the processors, because no policy did. */
    private boolean isHanded() {
        return !processors.isEmpty() && placements.isEmpty();
    }

    private List<Resource> chosen(List<Resource> assigned) {
        return assigned.stream().filter(one -> resources.isEmpty() || resources.contains(one.id())).toList();
    }

    private static String names(List<ResourceId> ids) {
        return ids.stream().map(ResourceId::toString).collect(Collectors.joining(", "));
    }

    /** Puts the old policies back, the last one first. */
    @Override
    public void close() {
        RuntimeException failure = null;
        for (int i = placements.size() - 1; i >= 0; i--) {
            try {
                placements.get(i).close();
            } catch (RuntimeException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        placements.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
