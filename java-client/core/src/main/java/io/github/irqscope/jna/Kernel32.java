package io.github.irqscope.jna;

/**
 * What is called of kernel32. Handles and pointers are Java longs, BOOL and DWORD are ints; the names are the
 * functions'. After each call {@link Win32#lastError} has the thread's last error.
 */
interface Kernel32 {
    long CreateFileW(long path, int access, int share, long security, int disposition, int flags, long template);

    int DeviceIoControl(long file, int code, long in, int inSize, long out, int outSize, long returned,
            long overlapped);

    int GetOverlappedResult(long file, long overlapped, long transferred, int wait);

    int CancelIoEx(long file, long overlapped);

    int CloseHandle(long handle);

    long CreateEventW(long security, int manual, int initial, long name);

    int ResetEvent(long event);

    int WaitForSingleObject(long handle, int milliseconds);
}
