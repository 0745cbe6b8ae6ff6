package io.github.irqscope.suite.bed;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.transport.Host;
import io.github.irqscope.transport.HostOptions;
import io.github.irqscope.transport.TransportException;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The real Windows files in Wine: driver, INF, JVM. Its tests run inside a Windows JVM; in the one that Maven started
 * this class knows how to get there and no more.
 */
final class WineBed implements BedUnderTest {
    private static final boolean INSIDE = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");
    private static final Optional<WindowsJvm> JVM = INSIDE ? Optional.empty()
            : Optional.of(new WindowsJvm(Beds.root()));

    /** Ends what was started for it. */
    static void end() {
        JVM.ifPresent(WindowsJvm::close);
    }

    @Override
    public String name() {
        return "wine";
    }

    @Override
    public Optional<String> missing() {
        return JVM.flatMap(WindowsJvm::missing);
    }

    @Override
    public Set<Need> lacks() {
        return EnumSet.noneOf(Need.class);
    }

    @Override
    public Optional<Elsewhere> elsewhere() {
        return JVM.map(jvm -> jvm);
    }

    @Override
    public Bed open(BedOptions options) {
        if (Boolean.getBoolean("irqscope.rehearsal")) {
            return Bed.open(options.withBed("sim"));
        }
        throw new IllegalStateException();
    }

    @Override
    public Host host(HostOptions options) throws TransportException {
        return new SimBed().host(options);
    }
}
