package io.github.irqscope.jna;

import com.sun.jna.Native;

/** Kernel32 of Windows, directly mapped: no reflection and no object between the call and the function. */
final class Kernel32Calls implements Kernel32 {
    /* Loads the library and binds the methods below; only when a real bed is opened. */
    Kernel32Calls() {
        Native.register(Kernel32Calls.class, "kernel32");
    }

    @Override
    public native long CreateFileW(long path, int access, int share, long security, int disposition, int flags,
            long template);

    @Override
    public native int DeviceIoControl(long file, int code, long in, int inSize, long out, int outSize, long returned,
            long overlapped);

    @Override
    public native int GetOverlappedResult(long file, long overlapped, long transferred, int wait);

    @Override
    public native int CancelIoEx(long file, long overlapped);

    @Override
    public native int CloseHandle(long handle);

    @Override
    public native long CreateEventW(long security, int manual, int initial, long name);

    @Override
    public native int ResetEvent(long event);

    @Override
    public native int WaitForSingleObject(long handle, int milliseconds);
}
