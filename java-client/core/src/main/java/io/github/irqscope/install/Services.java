package io.github.irqscope.install;

import java.util.Optional;

/** Services, by name. */
public interface Services {
    /**
     * A service as it is.
     *
     * @param running whether it runs
     * @param image   where its file is, as the service key says it
     */
    record State(boolean running, String image) {
    }

    /** The service of this name; empty when there is none. */
    Optional<State> query(String name) throws SetupException;

    /** Stops it if it takes a stop; a PnP driver on Windows does not, and leaves with its last device. */
    void stop(String name) throws SetupException;

    /** Takes it away; nothing when there is none. */
    void delete(String name) throws SetupException;
}
