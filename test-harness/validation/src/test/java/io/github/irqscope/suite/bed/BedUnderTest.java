package io.github.irqscope.suite.bed;

import io.github.irqscope.Bed;
import io.github.irqscope.BedOptions;
import io.github.irqscope.transport.Host;
import io.github.irqscope.transport.HostOptions;
import io.github.irqscope.transport.TransportException;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A bed that the suite can run on. Another bed is another class like this one and a line in {@link Beds}. */
public interface BedUnderTest {
    /** As it stands behind the names of tests: {@code sim}. */
    String name();

    /** Why it is not here; empty when it is. */
    Optional<String> missing();

    /** What tests may need and this bed has not. */
    Set<Need> lacks();

    /**
     * Another JVM in which this bed's tests run, their results being brought here; empty where they run in this one.
     *
     * @param needs what the test needs
     */
    Optional<Elsewhere> elsewhere(Set<Need> needs);

    /** Opens it with a machine of these options. */
    Bed open(BedOptions options);

    /** What a command line must be told to work on a machine of these options; where it cannot be, the machine is made. */
    List<String> words(BedOptions options);

    /** The same below the library, for requests that no library would send. */
    Host host(HostOptions options) throws TransportException;
}
