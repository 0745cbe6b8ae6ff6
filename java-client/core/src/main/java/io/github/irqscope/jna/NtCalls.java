package io.github.irqscope.jna;

import com.sun.jna.Native;

/** What doctor calls of ntdll, directly mapped. These return an NTSTATUS. */
final class NtCalls {
    /* Loads the library and binds the methods below; only when the system is looked at. */
    NtCalls() {
        Native.register(NtCalls.class, "ntdll");
    }

    native int RtlGetVersion(long version);

    native int NtQuerySystemInformation(int kind, long buffer, int size, long needed);
}
