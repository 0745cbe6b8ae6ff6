package io.github.irqscope.transport;

import java.util.List;

/**
 * One device whose interface is there.
 *
 * @param path        what is opened
 * @param instanceId  what the PnP manager calls it
 * @param hardwareIds most exact first
 */
public record DeviceEntry(String path, String instanceId, List<String> hardwareIds) {
    /** Takes a copy. */
    public DeviceEntry {
        hardwareIds = List.copyOf(hardwareIds);
    }
}
