package io.github.irqscope.jna;

import com.sun.jna.Native;

/** What installing and doctor call of kernel32, directly mapped. */
final class SystemCalls {
    /* Loads the library and binds the methods below; only when something is looked at or installed. */
    SystemCalls() {
        Native.register(SystemCalls.class, "kernel32");
    }

    native long GetCurrentProcess();

    native int CloseHandle(long handle);

    native void GetNativeSystemInfo(long info);

    native short GetActiveProcessorGroupCount();

    native int GetActiveProcessorCount(short group);

    native int GetMaximumProcessorCount(short group);

    native int GetSystemWindowsDirectoryW(long buffer, int size);
}
