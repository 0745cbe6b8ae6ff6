package io.github.irqscope.jna;

import java.util.function.IntSupplier;

/**
 * The functions of Win32 that the library uses, of Windows or of the simulator.
 *
 * @param kernel   files, requests, events
 * @param setup    device interfaces and restarts
 * @param registry devices' keys
 * @param error    the thread's last error
 * @param notices  who tells of removals
 */
record Win32(Kernel32 kernel, SetupApi setup, Advapi32 registry, IntSupplier error, RemovalNotice.Maker notices) {
    static final long INVALID_HANDLE = -1;

    static final int GENERIC_READ = 0x80000000;
    static final int GENERIC_WRITE = 0x40000000;
    static final int FILE_SHARE_READ_WRITE = 3;
    static final int OPEN_EXISTING = 3;
    static final int FILE_FLAG_OVERLAPPED = 0x40000000;

    static final int INFINITE = -1;
    static final int WAIT_OBJECT_0 = 0;
    static final int WAIT_FAILED = -1;

    static final int ERROR_SUCCESS = 0;
    static final int ERROR_FILE_NOT_FOUND = 2;
    static final int ERROR_INSUFFICIENT_BUFFER = 122;
    static final int ERROR_MORE_DATA = 234;
    static final int ERROR_NO_MORE_ITEMS = 259;
    static final int ERROR_IO_PENDING = 997;
    static final int ERROR_KEY_DOES_NOT_EXIST = 0xE0000204;

    /** Of a system that tells nobody of removals. */
    Win32(Kernel32 kernel, SetupApi setup, Advapi32 registry, IntSupplier error) {
        this(kernel, setup, registry, error, RemovalNotice.Maker.NONE);
    }

    /** The thread's last error, as it was kept directly after the call: a later native call cannot change it. */
    int lastError() {
        return error.getAsInt();
    }
}
