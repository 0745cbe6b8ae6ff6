package io.github.irqscope;

import java.util.OptionalInt;

/** There is no driver, no device, or no simulator here. The message says what was looked for and what to do. */
public final class NoDriverException extends IrqscopeException {
    private static final long serialVersionUID = 1L;

    /** There is nothing to speak to; Meaning says what was looked for. */
    public NoDriverException(String operation, int win32, String meaning, Throwable cause) {
        super(operation, OptionalInt.empty(), win32, meaning, cause);
    }
}
