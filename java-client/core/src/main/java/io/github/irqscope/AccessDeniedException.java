package io.github.irqscope;

import java.util.OptionalInt;

/** The system does not let this user open the device. The message says what to do. */
public final class AccessDeniedException extends IrqscopeException {
    private static final long serialVersionUID = 1L;

    AccessDeniedException(String operation, int win32, String meaning, Throwable cause) {
        super(operation, OptionalInt.empty(), win32, meaning, cause);
    }
}
