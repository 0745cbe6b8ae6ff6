package io.github.irqscope;

import java.util.List;

/**
 * What a device is and has, at one moment.
 *
 * @param model         what it is
 * @param started       resources are assigned and the device may be asked to interrupt
 * @param powered       in D0
 * @param owned         some handle, or the device itself, owns its connections
 * @param masked        masked by request
 * @param stormMasked   masked by the storm guard
 * @param starts        times that it was started since the driver was attached
 * @param messagesAsked messages in the requirements when it was last assigned; 0: only a line
 * @param resources     the interrupts assigned to it
 */
public record DeviceState(DeviceModel model, boolean started, boolean powered, boolean owned, boolean masked,
        boolean stormMasked, long starts, int messagesAsked, List<Resource> resources) {
    /** Takes a copy. */
    public DeviceState {
        resources = List.copyOf(resources);
    }

    /** Messages that were assigned; one descriptor may stand for several. */
    public int messagesGranted() {
        int messages = 0;
        for (Resource resource : resources) {
            if (resource.kind() == Kind.MESSAGE) {
                messages += (int) Math.max(1, resource.rawLevel());
            }
        }
        return messages;
    }
}
