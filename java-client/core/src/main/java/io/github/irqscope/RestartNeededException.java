package io.github.irqscope;

import java.util.OptionalInt;

/** A device could not be restarted, so that what was asked for takes effect only after a restart of the system. */
public final class RestartNeededException extends IrqscopeException {
    private static final long serialVersionUID = 1L;

    /**
     * A restart that something kept from happening.
     *
     * @param operation what was asked, of what
     * @param meaning   what to do
     */
    public RestartNeededException(String operation, String meaning) {
        super(operation, OptionalInt.empty(), 0, meaning);
    }
}
