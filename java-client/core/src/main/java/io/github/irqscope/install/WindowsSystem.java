package io.github.irqscope.install;

/**
 * What installing and looking need of Windows. Found with {@link java.util.ServiceLoader}; making one loads nothing
 * native, the first call does.
 */
public interface WindowsSystem {
    /** The devices of the PnP manager, and their drivers. */
    DeviceTree devices();

    /** The service control manager. */
    Services services();

    /** Keys of devices, and of the machine. */
    Keys keys();

    /** What the system says of itself. */
    Facts facts();
}
