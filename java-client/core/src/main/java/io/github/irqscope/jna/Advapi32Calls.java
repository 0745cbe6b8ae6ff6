package io.github.irqscope.jna;

import com.sun.jna.Native;

/** Advapi32 of Windows, directly mapped: no reflection and no object between the call and the function. */
final class Advapi32Calls implements Advapi32 {
    /* Loads the library and binds the methods below; only when a real bed is opened. */
    Advapi32Calls() {
        Native.register(Advapi32Calls.class, "advapi32");
    }

    @Override
    public native int RegOpenKeyExW(long key, long subKey, int options, int access, long result);

    @Override
    public native int RegCreateKeyExW(long key, long subKey, int reserved, long type, int options, int access,
            long security, long result, long disposition);

    @Override
    public native int RegSetValueExW(long key, long name, int reserved, int type, long data, int size);

    @Override
    public native int RegDeleteValueW(long key, long name);

    @Override
    public native int RegEnumValueW(long key, int index, long name, long nameSize, long reserved, long type,
            long data, long size);

    @Override
    public native int RegEnumKeyExW(long key, int index, long name, long nameSize, long reserved, long keyClass,
            long classSize, long lastWrite);

    @Override
    public native int RegDeleteTreeW(long key, long subKey);

    @Override
    public native int RegCloseKey(long key);
}
