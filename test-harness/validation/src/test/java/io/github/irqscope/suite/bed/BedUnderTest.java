package io.github.irqscope.suite.bed;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.transport.Host;
import io.github.irqscope.transport.HostOptions;
import io.github.irqscope.transport.TransportException;

import java.util.Optional;

/** A bed that the suite can run on. Another bed is another class like this one and a line in {@link Beds}. */
public interface BedUnderTest {
    /** As it stands behind the names of tests: {@code sim}. */
    String name();

    /** Why it is not here; empty when it is. */
    Optional<String> missing();

    /** Whether machines can be chosen, spoken to and broken here: everything that a {@link Lab} does beyond opening. */
    boolean simulatesMachines();

    /** Opens it. The options name a machine only where machines can be chosen. */
    Bed open(BedOptions options);

    /** The same below the library, for requests that no library would send. */
    Host host(HostOptions options) throws TransportException;
}
