package io.github.irqscope.jna;

/** What is called of advapi32, in the manner of {@link Kernel32}. These return their error instead of leaving it. */
interface Advapi32 {
    int RegOpenKeyExW(long key, long subKey, int options, int access, long result);

    int RegCreateKeyExW(long key, long subKey, int reserved, long type, int options, int access, long security,
            long result, long disposition);

    int RegSetValueExW(long key, long name, int reserved, int type, long data, int size);

    int RegDeleteValueW(long key, long name);

    int RegEnumValueW(long key, int index, long name, long nameSize, long reserved, long type, long data, long size);

    int RegEnumKeyExW(long key, int index, long name, long nameSize, long reserved, long keyClass, long classSize,
            long lastWrite);

    int RegDeleteTreeW(long key, long subKey);

    int RegCloseKey(long key);
}
