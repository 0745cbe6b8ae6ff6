package io.github.irqscope.cli;

import io.github.irqscope.Bed;
import io.github.irqscope.Device;
import io.github.irqscope.Policy;
import io.github.irqscope.ProcessorSet;
import io.github.irqscope.policy.PolicyKeeper;
import java.nio.file.Path;
import java.util.List;

/**
 * Asks for a device's interrupts on certain processors for a while: writes the policy and restarts the device; closing
 * puts the old policy back in the same manner. No handle on the device may be open at either time.
 */
public final class Placement implements AutoCloseable {
    private final ProcessorSet processors;
    private final PolicyKeeper keeper;

    /** The folder is that of the journal, null where none is needed. */
    public Placement(Bed bed, Path folder, String command, Device device, ProcessorSet oneGroup) {
        processors = oneGroup;
        keeper = new PolicyKeeper(bed, folder, command, List.of(device));
        try {
            keeper.apply(device, Policy.specified(oneGroup));
        } catch (RuntimeException e) {
            keeper.close();
            throw e;
        }
    }

    public ProcessorSet processors() {
        return processors;
    }

    @Override
    public void close() {
        keeper.close();
    }
}
