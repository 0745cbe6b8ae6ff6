package io.github.irqscope.install;

import java.util.Optional;

/** Keys of the registry. */
public interface Keys {
    /** A key below the device's own ({@code Device Parameters}), with everything in it; empty when there is none. */
    Optional<KeyTree> read(String instance, String key) throws SetupException;

    /** Makes that key exactly this, or takes it away when it is empty, and waits until it is on disk. */
    void write(String instance, String key, Optional<KeyTree> tree) throws SetupException;

    /** A value below HKEY_LOCAL_MACHINE as it is; empty when it is not there or must not be read. */
    Optional<KeyTree.Value> machine(String key, String value);
}
