package io.github.irqscope.install;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;

/** What the system says of itself. */
public interface Facts {
    /** {@code 10.0.19045}: major, minor, build. */
    String version() throws SetupException;

    /** Whether this process may install. */
    boolean elevated() throws SetupException;

    /** Of the machine, not of this process: {@code x64}, {@code x86}, {@code arm64}, or {@code unknown}. */
    String architecture();

    /** What the kernel says of code integrity (CODEINTEGRITY_OPTION_…); empty when it does not say. */
    OptionalInt codeIntegrity();

    /** The active processors of each group, and how many it can have. */
    List<Group> groups();

    /** The network ports that TCP/IP knows. */
    List<Port> ports() throws SetupException;

    /** Where Windows is. */
    Path windows() throws SetupException;

    /** {@code wine}, {@code windows}: as {@link io.github.irqscope.Bed#name} says it. */
    String kind();

    /**
     * One processor group.
     *
     * @param active  processors running
     * @param maximum processors it can have
     */
    record Group(int active, int maximum) {
    }

    /**
     * One network port.
     *
     * @param id        the GUID that its device names, in braces
     * @param name      what the user calls it
     * @param up        whether it has link
     * @param addresses its addresses, those that it gave itself left out
     */
    record Port(String id, String name, boolean up, List<String> addresses) {
        /** Takes a copy. */
        public Port {
            addresses = List.copyOf(addresses);
        }
    }
}
