package io.github.irqscope.cli;

import io.github.irqscope.Access;
import io.github.irqscope.Device;
import io.github.irqscope.DeviceState;
import io.github.irqscope.IrqscopeException;
import io.github.irqscope.Resource;
import io.github.irqscope.Session;
import io.github.irqscope.Version;
import java.util.ArrayList;
import java.util.List;

/** A device and what it said of itself, or why it said nothing. */
public final class Snapshot {
    private final Device device;
    private final DeviceState state;
    private final IrqscopeException failure;
    private final Version version;

    private Snapshot(Device device, DeviceState state, IrqscopeException failure, Version version) {
        this.device = device;
        this.state = state;
        this.failure = failure;
        this.version = version;
    }

    /**
     * The devices of these names, all when there are none. Fails when not one of them answers; when some do, the
     * others carry their reason.
     */
    public static List<Snapshot> all(Work work, List<String> names) {
        List<Snapshot> snapshots = new ArrayList<>();
        Snapshot silent = null;
        boolean answered = false;
        for (Device device : work.devices(names)) {
            Snapshot snapshot = of(work, device);
            answered |= snapshot.state != null;
            silent = snapshot.state == null && silent == null ? snapshot : silent;
            snapshots.add(snapshot);
        }
        if (!answered && silent != null) {
            throw silent.failure;
        }
        return snapshots;
    }

    private static Snapshot of(Work work, Device device) {
        try (Session session = device.open(Access.READ)) {
            work.knows(session);
            return new Snapshot(device, session.state(), null, session.version());
        } catch (IrqscopeException e) {
            return new Snapshot(device, null, e, null);
        }
    }

    public Device device() {
        return device;
    }

    /** Null when the device did not answer. */
    public DeviceState state() {
        return state;
    }

    public IrqscopeException failure() {
        return failure;
    }

    /** What its driver said of itself; null when the device did not answer. */
    public Version version() {
        return version;
    }

    /** Why nothing can be connected on it now; null when something can. */
    public String problem() {
        if (state == null) {
            return failure.getMessage();
        }
        if (!state.started()) {
            return "it is not started: the PnP manager gave it no resources, or stopped it";
        }
        if (!state.powered()) {
            return "it is not in D0, and cannot interrupt before it is";
        }
        if (state.resources().isEmpty()) {
            return "it has no interrupt";
        }
        if (state.stormMasked()) {
            return "the storm guard masked it; a new connection or irqscope trigger unmasks it";
        }
        return state.owned() ? "another handle, or the device itself, owns its connections" : null;
    }

    public List<Resource> resources() {
        return state == null ? List.of() : state.resources();
    }

    /** started, D0, owned ... as words. */
    public String condition() {
        if (state == null) {
            return failure.getMessage();
        }
        StringBuilder words = new StringBuilder(state.started() ? "started" : "not started");
        if (!state.powered()) {
            words.append(", not in D0");
        }
        if (state.owned()) {
            words.append(", in use");
        }
        if (state.masked()) {
            words.append(", masked");
        }
        if (state.stormMasked()) {
            words.append(", masked by the storm guard");
        }
        if (state.resources().isEmpty()) {
            words.append(", no interrupt");
        }
        return words.toString();
    }
}
