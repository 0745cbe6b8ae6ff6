package io.github.irqscope.suite.bed;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.NoDriverException;
import io.github.irqscope.transport.Backend;
import io.github.irqscope.transport.Controls;
import io.github.irqscope.transport.Host;
import io.github.irqscope.transport.HostOptions;
import io.github.irqscope.transport.TransportException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * The real Windows files in Wine: driver, INF, JVM. Its tests run inside a Windows JVM; in the one that Maven started
 * this class knows how to get there and no more. With the driver build that has a machine in it (irqscope-wine.sys), a
 * test gets the machine of its choice; with the plain one there is the root-enumerated device alone.
 */
final class WineBed implements BedUnderTest {
    /** Set in the Windows JVM when the driver there has a machine. */
    static final String HAS_MACHINE = "irqscope.wine.machine";
    /** Where this JVM's Wine keeps its prefixes: test JVMs that run side by side have one each. Inside: its own folder. */
    static final String FOLDER = "irqscope.wine.folder";

    private static final Duration SETTLING = Duration.ofSeconds(30);
    private static final Duration LOOKING = Duration.ofMillis(5);
    private static final boolean INSIDE = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    private static final WindowsJvm WINDOWS = new WindowsJvm(Beds.root());
    private static final OtherJvm JVM = INSIDE ? null : WINDOWS.prepared(true);
    /* The plain driver in a prefix of its own, for tests that take it away. */
    private static final OtherJvm PLAIN_JVM = INSIDE ? null : WINDOWS.prepared(false);

    /** Starts what takes long, if tests will need it. */
    static void begin() {
        if (JVM != null) {
            JVM.startAhead();
        }
    }

    @Override
    public String name() {
        return "wine";
    }

    @Override
    public Optional<String> missing() {
        return INSIDE ? Optional.empty() : WINDOWS.missing();
    }

    @Override
    public Set<Need> lacks() {
        boolean machine = !INSIDE || Boolean.getBoolean(HAS_MACHINE);
        return machine ? EnumSet.of(Need.SEVERAL_MACHINES, Need.STATE_FOLDER, Need.EVERY_WORD, Need.PACE)
                : EnumSet.complementOf(EnumSet.of(Need.INSTALLING));
    }

    @Override
    public Optional<Elsewhere> elsewhere(Set<Need> needs) {
        return Optional.ofNullable(needs.equals(Set.of(Need.INSTALLING)) ? PLAIN_JVM : JVM);
    }

    /* The library refuses a machine's options on a real bed, so the machine is told before it is opened. */
    @Override
    public Bed open(BedOptions options) {
        if (Boolean.getBoolean(HAS_MACHINE)) {
            Map<String, String> values = new LinkedHashMap<>();
            put(values, "machine", options.machine(), "64/16/64");
            put(values, "profile", options.profile(), "server2022");
            put(values, "seed", options.seed() == null ? null : Long.toUnsignedString(options.seed()), "1");
            put(values, "mode", options.mode(), "documented");
            put(values, "time", options.time(), "virtual");
            try (Host host = backend()) {
                make(host, values);
            } catch (TransportException e) {
                throw new NoDriverException("open", e.win32(), e.getMessage(), e);
            }
        }
        Bed bed = Bed.open(BedOptions.auto().withBed("windows"));
        for (String fault : options.faults()) {
            bed.simulation().orElseThrow().control("fault " + fault);
        }
        return bed;
    }

    @Override
    public List<String> words(BedOptions options) {
        open(options).close();
        return List.of();
    }

    @Override
    public Host host(HostOptions options) throws TransportException {
        Host host = backend();
        if (Boolean.getBoolean(HAS_MACHINE)) {
            make(host, options.values());
        }
        return host;
    }

    private static void put(Map<String, String> values, String name, String value, String otherwise) {
        values.put(name, value == null ? otherwise : value);
    }

    private static Host backend() throws TransportException {
        for (Backend backend : ServiceLoader.load(Backend.class)) {
            if (backend.name().equals("windows")) {
                return backend.open(new HostOptions(Map.of()));
            }
        }
        throw TransportException.missing("there is no back end for Windows", null);
    }

    /* The driver reads no files: the text of a machine file goes along, behind everything else. */
    private static void make(Host host, Map<String, String> values) {
        Controls controls = host.controls().orElseThrow(() -> new NoDriverException("open", 0,
                "the driver of this prefix has no machine in it", null));
        StringBuilder words = new StringBuilder("machine");
        String layout = null;
        for (Map.Entry<String, String> value : values.entrySet()) {
            if (value.getKey().equals("machine") && Files.isRegularFile(Path.of(value.getValue()))) {
                layout = text(Path.of(value.getValue()));
            } else {
                words.append(' ').append(value.getKey()).append('=').append(value.getValue());
            }
        }
        Controls.Answer answer = controls.control(words + (layout == null ? "" : " layout=" + layout));
        if (!answer.done()) {
            throw new IllegalArgumentException(answer.text());
        }
        awaitDevices(controls);
    }

    /* Wine installs a device that it has not seen before when it comes to it, and tells nobody. */
    private static void awaitDevices(Controls controls) {
        long end = System.nanoTime() + SETTLING.toNanos();
        Controls.Answer answer = controls.control("settled");
        while (!answer.done()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Wine does not start its devices: " + answer.text());
            }
            LockSupport.parkNanos(LOOKING.toNanos());
            answer = controls.control("settled");
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
