package io.github.irqscope.transport;

import java.util.List;
import java.util.Optional;

/**
 * What has devices with our driver: an operating system, or one simulated machine. Thread-safe. No call is made on a
 * closed host; closing the transports comes first.
 */
public interface Host extends AutoCloseable {
    /** {@code sim}, {@code wine} or {@code windows}. */
    String bed();

    /** The devices whose interface is there now, in the system's order. */
    List<DeviceEntry> devices() throws TransportException;

    /** A handle on a device's interface. */
    Transport open(String path, boolean write) throws TransportException;

    /** The numbers in a key below the device's own key; empty when there is no such key. Other types are left out. */
    List<Setting> settings(String instanceId, String key) throws TransportException;

    /** Makes the numbers in that key exactly these; the key is made when it is not there. */
    void settings(String instanceId, String key, List<Setting> settings) throws TransportException;

    /** Removes and starts the device again. False: something kept it, and it goes on as it was. */
    boolean restart(String instanceId) throws TransportException;

    /** The means to speak to a simulated machine, be it in this process or below Wine; empty on a real one. */
    Optional<Controls> controls();

    /** Ends a simulated machine. The text says what it did not find at rest; empty when all was well. Once. */
    Optional<String> end();

    @Override
    default void close() {
        end();
    }
}
