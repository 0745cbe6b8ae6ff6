package io.github.irqscope.transport;

/**
 * A kind of host, found with {@link java.util.ServiceLoader}. Creating one loads nothing native; {@link #open} does.
 */
public interface Backend {
    /** {@code windows} or {@code simulated}. */
    String name();

    /**
     * The host, ready to list devices.
     *
     * @param options what a simulated machine is made of; empty for a real one
     * @throws TransportException when there is no such host here, or the options make no sense
     */
    Host open(HostOptions options) throws TransportException;
}
