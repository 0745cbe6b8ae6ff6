package io.github.irqscope.jna;

import io.github.irqscope.transport.TransportException;

/** Whether native code can be called from this Java at all, asked before the first native library is loaded. */
final class NativeAccess {
    private NativeAccess() {
    }

    /* Structures and handles are laid out as 64-bit Windows has them, in the simulator as well. */
    static void refuseNarrowJava() throws TransportException {
        try {
            if (!Scratch.is64Bit()) {
                throw TransportException.missing("irqscope needs a 64-bit Java; this one, "
                        + System.getProperty("java.home") + ", has 32 bits", null);
            }
        } catch (LinkageError e) {
            throw TransportException.missing("JNA's native part could not be loaded from its jar: " + e.getMessage()
                    + "; see that " + System.getProperty("java.io.tmpdir") + " can be written to and executed from,"
                    + " or name the folder of an unpacked one with -Djna.boot.library.path", e);
        }
    }
}
