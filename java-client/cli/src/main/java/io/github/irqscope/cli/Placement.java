package io.github.irqscope.cli;

import io.github.irqscope.Device;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.RestartNeededException;
import io.github.irqscope.RestartResult;
import java.util.Optional;

/**
 * Asks for a device's interrupts on certain processors for a while: writes the policy and restarts the device; closing
 * puts the old policy back in the same manner. No handle on the device may be open at either time.
 */
final class Placement implements AutoCloseable {
    private final Device device;
    private final ProcessorSet processors;
    private final Optional<Policy> old;

    Placement(Device device, ProcessorSet oneGroup) {
        this.device = device;
        processors = oneGroup;
        old = device.policy();
        device.policy(Policy.specified(oneGroup));
        try {
            restart();
        } catch (RuntimeException e) {
            putBack();
            throw e;
        }
    }

    ProcessorSet processors() {
        return processors;
    }

    private void putBack() {
        if (old.isPresent()) {
            device.policy(old.get());
        } else {
            device.clearPolicy();
        }
    }

    private void restart() {
        if (device.restart() == RestartResult.VETOED) {
            throw new RestartNeededException(device.name() + ": restart",
                    "the device is in use: close what has it open, or restart the system");
        }
    }

    @Override
    public void close() {
        putBack();
        restart();
    }
}
