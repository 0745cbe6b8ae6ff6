package io.github.irqscope.transport;

import io.github.irqscope.RegistryValue;

import java.nio.ByteBuffer;
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

    /** The values in a key below the device's own key; empty when there is no such key. */
    Optional<List<RegistryValue>> values(String instanceId, String key) throws TransportException;

    /** Makes the values in that key exactly these; the key is made when it is not there. */
    void values(String instanceId, String key, List<RegistryValue> values) throws TransportException;

    /** Deletes that key with its values. False: it has keys of its own, and was left as it is. */
    boolean deleteKey(String instanceId, String key) throws TransportException;

    /** Removes and starts the device again. False: something kept it, and it goes on as it was. */
    boolean restart(String instanceId) throws TransportException;

    /**
     * What GetLogicalProcessorInformationEx tells user mode of the processors, every relationship; empty where there is no
     * user mode, as on a simulated machine, or where the system cannot tell.
     */
    default Optional<ByteBuffer> processors() throws TransportException {
        return Optional.empty();
    }

    /** The means to speak to a simulated machine, be it in this process or below Wine; empty on a real one. */
    Optional<Controls> controls();

    /** Ends a simulated machine. The text says what it did not find at rest; empty when all was well. Once. */
    Optional<String> end();

    @Override
    default void close() {
        end();
    }
}
