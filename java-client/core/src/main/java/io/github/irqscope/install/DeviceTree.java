package io.github.irqscope.install;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Devices and drivers. Every change is of the one thing named: no call rebinds all devices of a hardware id. */
public interface DeviceTree {
    /** The devices that are there now. */
    List<PnpDevice> present() throws SetupException;

    /** The instances, in capitals, whose interface of ours is there: our driver has started them. */
    Set<String> started() throws SetupException;

    /** Makes a root-enumerated device. It has no driver yet. */
    void createRoot(String instance, String hardwareId) throws SetupException;

    /** Takes a device away, as if it were unplugged. True: only a restart of the system completes it. */
    boolean remove(String instance) throws SetupException;

    /** Lets the PnP manager look for devices again, and waits for it. */
    void rescan() throws SetupException;

    /** Copies an INF to Windows' INF folder (and the driver store, where there is one). Its name there. */
    String publish(Path inf) throws SetupException;

    /** Takes a published INF away, also one that a device still uses. */
    void unpublish(String name) throws SetupException;

    /** Installs the driver of this INF on this one device. True: only a restart of the system completes it. */
    boolean bind(String instance, Path inf) throws SetupException;
}
