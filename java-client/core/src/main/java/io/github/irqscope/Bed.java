package io.github.irqscope;

import io.github.irqscope.transport.Backend;
import io.github.irqscope.transport.Controls;
import io.github.irqscope.transport.DeviceEntry;
import io.github.irqscope.transport.Host;
import io.github.irqscope.transport.HostOptions;
import io.github.irqscope.transport.Transport;
import io.github.irqscope.transport.TransportException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the driver runs on: this Windows, or a simulated machine that lives as long as this object. Thread-safe. Closing
 * closes the sessions that are still open and ends a simulated machine; it may be done twice.
 */
public final class Bed implements AutoCloseable {
    private final Host host;
    private final String name;
    private final Simulated simulation;
    private final Trace trace;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    Bed(Host host, BedOptions options) {
        this(host, options, null);
    }

    private Bed(Host host, BedOptions options, Trace trace) {
        this.host = host;
        this.trace = trace;
        this.name = host.bed().equals("windows") && options.bedName() != null ? options.bedName() : host.bed();
        this.simulation = host.controls().map(Simulated::new).orElse(null);
    }

    /**
     * Opens a bed.
     *
     * @throws IllegalArgumentException when the options make no sense together, or no machine can be made of them
     * @throws NoDriverException        when a real bed has no device with our driver, or there is no simulator
     */
    public static Bed open(BedOptions options) {
        return open(options, null);
    }

    /**
     * Opens a bed whose requests to the driver are told to somebody.
     *
     * @param trace who is told; null for nobody
     * @throws IllegalArgumentException as {@link #open(BedOptions)}
     * @throws NoDriverException        as {@link #open(BedOptions)}
     */
    public static Bed open(BedOptions options, Trace trace) {
        boolean windows = System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
        boolean simulate = options.bed().equals("sim") || options.bed().equals("auto") && !windows;
        if (simulate && options.bedName() != null) {
            throw new IllegalArgumentException("a simulated bed is called sim, not " + options.bedName());
        }
        if (!simulate && options.wantsSimulation()) {
            throw new IllegalArgumentException(
                    "machine, profile, seed, mode, time, state and faults are for a simulated bed; choose --bed sim");
        }
        if (!simulate && !windows) {
            throw new NoDriverException("open", 0, "the bed \"windows\" needs Windows, this is "
                    + System.getProperty("os.name") + "; choose --bed sim", null);
        }
        Bed bed = new Bed(host(simulate ? "simulated" : "windows", options, simulate), options, trace);
        try {
            bed.start(options);
        } catch (RuntimeException e) {
            bed.host.end();
            throw e;
        }
        return bed;
    }

    /** {@code sim}, {@code wine}, {@code vm}, {@code metal} or {@code windows}. */
    public String name() {
        return name;
    }

    /** Whether its machine is simulated: {@code sim}, and {@code wine} with the driver build that has a machine in it. */
    public boolean isSimulated() {
        return simulation != null;
    }

    /** The simulated machine's own controls; empty where the hardware is real. */
    public Optional<Simulation> simulation() {
        return Optional.ofNullable(simulation);
    }

    /**
     * The processors as user mode sees them, to be held against what a driver tells; empty where there is no user mode, as
     * on a simulated machine, or where the system cannot tell.
     */
    public Optional<Topology> topology() {
        try {
            return host().processors().map(TopologyReader::read);
        } catch (TransportException e) {
            throw failure("read the processors", e);
        }
    }

    /** The devices whose driver is there now, named by what they are and counted in the system's order. */
    public List<Device> devices() {
        refuseClosed();
        try {
            Map<String, Integer> counts = new HashMap<>();
            List<Device> devices = new ArrayList<>();
            for (DeviceEntry entry : inOrder(host.devices())) {
                String model = DeviceNames.model(entry.hardwareIds(), entry.instanceId());
                devices.add(new Device(this, model + (counts.merge(model, 1, Integer::sum) - 1), entry));
            }
            return devices;
        } catch (TransportException e) {
            throw failure("list devices", e);
        }
    }

    /* Wine lists devices as its registry has them. A machine below it counts them as it does everywhere: by model. */
    private List<DeviceEntry> inOrder(List<DeviceEntry> entries) {
        if (simulation == null || !host.bed().equals("wine")) {
            return entries;
        }
        return entries.stream().sorted(Comparator.comparingInt((DeviceEntry entry) ->
                DeviceNames.rank(DeviceNames.model(entry.hardwareIds(), entry.instanceId())))
                .thenComparing(DeviceEntry::instanceId)).toList();
    }

    /**
     * The device of this name.
     *
     * @throws NoDriverException naming those there are, the nearest first, when there is none of this name
     */
    public Device device(String wanted) {
        List<Device> devices = devices();
        for (Device device : devices) {
            if (device.name().equalsIgnoreCase(wanted)) {
                return device;
            }
        }
        throw new NoDriverException("open", 0, DeviceNames.unknown(wanted,
                devices.stream().map(Device::name).toList()), null);
    }

    /**
     * Ends the bed.
     *
     * @throws IrqscopeException when a simulated machine was not at rest, or was stopped by a broken rule; it is gone
     *                           all the same
     */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        sessions.forEach(Session::close);
        Optional<String> report = host.end();
        if (report.isPresent()) {
            throw new IrqscopeException("end of the simulated machine", OptionalInt.empty(), 0, report.get());
        }
    }

    Host host() {
        refuseClosed();
        return host;
    }

    /* Those of our own sessions that promised it go before the device does. */
    void giveWay(Device device) {
        for (Session session : sessions) {
            if (session.givesWay() && session.name().equals(device.name())) {
                session.close();
            }
        }
    }

    Session open(Device device, Access access) {
        refuseClosed();
        Transport transport;
        try {
            transport = host.open(device.path(), access == Access.READ_WRITE);
        } catch (TransportException e) {
            throw openFailure(device, e);
        }
        if (trace != null) {
            transport = new TracedTransport(device.name(), transport, trace);
        }
        Session session = Session.open(device.name(), transport, this::trouble, sessions::remove);
        sessions.add(session);
        if (closed.get()) {
            session.close();
            refuseClosed();
        }
        return session;
    }

    IrqscopeException failure(String operation, TransportException e) {
        return switch (e.kind()) {
            case MISSING -> new NoDriverException(operation, e.win32(), e.getMessage(), e);
            case OPTIONS, CALL -> new IrqscopeException(operation + ": " + e.operation(), OptionalInt.empty(),
                    e.win32(), e.win32() == Win32Error.IO_DEVICE ? trouble() : "", e);
        };
    }

    private static Host host(String backendName, BedOptions options, boolean simulate) {
        Map<String, String> values = new LinkedHashMap<>();
        if (simulate) {
            values.put("machine", orElse(options.machine(), BedOptions.DEFAULT_MACHINE));
            values.put("profile", orElse(options.profile(), BedOptions.DEFAULT_PROFILE));
            values.put("seed", Long.toUnsignedString(orElse(options.seed(), BedOptions.DEFAULT_SEED)));
            values.put("mode", orElse(options.mode(), BedOptions.DEFAULT_MODE));
            values.put("time", orElse(options.time(), BedOptions.DEFAULT_TIME));
            if (options.state() != null) {
                values.put("state", options.state().toAbsolutePath().toString());
            }
        }
        for (Backend backend : ServiceLoader.load(Backend.class, Bed.class.getClassLoader())) {
            if (backend.name().equals(backendName)) {
                try {
                    return backend.open(new HostOptions(values));
                } catch (TransportException e) {
                    switch (e.kind()) {
                        case OPTIONS -> throw new IllegalArgumentException(e.getMessage(), e);
                        case MISSING -> throw new NoDriverException("open", e.win32(), e.getMessage(), e);
                        default -> throw new IrqscopeException(e.operation(), OptionalInt.empty(), e.win32(), "", e);
                    }
                }
            }
        }
        throw new NoDriverException("open", 0, "the back end \"" + backendName + "\" is not in this program", null);
    }

    private void start(BedOptions options) {
        if (simulation == null) {
            if (devices().isEmpty()) {
                throw new NoDriverException("open", 0, "no device here has the irqscope driver; install it on a spare"
                        + " device, or choose --bed sim for a simulated machine", null);
            }
            return;
        }
        for (String fault : options.faults()) {
            Controls.Answer answer = simulation.controls.control("fault " + fault);
            if (!answer.done()) {
                throw new IllegalArgumentException("fault " + fault + ": " + answer.text());
            }
        }
    }

    private IrqscopeException openFailure(Device device, TransportException e) {
        String operation = device.name() + ": open " + device.path();
        return switch (e.win32()) {
            case Win32Error.ACCESS_DENIED -> new AccessDeniedException(operation, e.win32(),
                    "only administrators may open the device; run this from an elevated prompt", e);
            case Win32Error.FILE_NOT_FOUND, Win32Error.PATH_NOT_FOUND -> new NoDriverException(operation, e.win32(),
                    "the device is gone or stopped; list the devices again", e);
            default -> failure(operation, e);
        };
    }

    /* Why the machine does not answer: a rule was broken and it was stopped. */
    private String trouble() {
        return simulation == null ? "" : simulation.controls.control("stop").text();
    }

    private void refuseClosed() {
        if (closed.get()) {
            throw new IllegalStateException("the bed " + name + " is closed");
        }
    }

    private static <T> T orElse(T value, T otherwise) {
        return value != null ? value : otherwise;
    }

    private final class Simulated implements Simulation {
        private final Controls controls;
        private final Map<String, String> made;

        Simulated(Controls controls) {
            this.controls = controls;
            this.made = controls.made().values();
        }

        @Override
        public String preset() {
            return made.get("machine");
        }

        @Override
        public String profile() {
            return made.get("profile");
        }

        @Override
        public long seed() {
            return Long.parseUnsignedLong(made.get("seed"));
        }

        @Override
        public String mode() {
            return made.get("mode");
        }

        @Override
        public String control(String words) {
            refuseClosed();
            Controls.Answer answer = controls.control(words);
            if (!answer.done()) {
                throw new IrqscopeException("machine: " + words, OptionalInt.empty(), 0, answer.text());
            }
            return answer.text();
        }

        @Override
        public void advance(Duration duration) {
            control("advance " + duration.toNanos());
        }
    }
}
