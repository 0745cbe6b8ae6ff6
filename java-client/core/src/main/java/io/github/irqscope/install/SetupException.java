package io.github.irqscope.install;

/** A call of Windows failed. The code is its last error; {@link Trouble} says what that means. */
public final class SetupException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int win32;

    /**
     * A failed call.
     *
     * @param operation the function, and on what
     * @param win32     its last error
     */
    public SetupException(String operation, int win32) {
        super(operation);
        this.win32 = win32;
    }

    /** The last error. */
    public int win32() {
        return win32;
    }
}
