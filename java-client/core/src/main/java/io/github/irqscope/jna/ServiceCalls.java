package io.github.irqscope.jna;

import com.sun.jna.Native;

/** What installing calls of advapi32: services, keys, the token. Directly mapped. */
final class ServiceCalls {
    /* Loads the library and binds the methods below; only when something is looked at or installed. */
    ServiceCalls() {
        Native.register(ServiceCalls.class, "advapi32");
    }

    native long OpenSCManagerW(long machine, long database, int access);

    native long OpenServiceW(long manager, long name, int access);

    native int QueryServiceStatus(long service, long status);

    native int QueryServiceConfigW(long service, long config, int size, long needed);

    native int ControlService(long service, int control, long status);

    native int DeleteService(long service);

    native int CloseServiceHandle(long service);

    native int OpenProcessToken(long process, int access, long token);

    native int GetTokenInformation(long token, int kind, long buffer, int size, long needed);

    native int RegOpenKeyExW(long key, long subKey, int options, int access, long result);

    native int RegCreateKeyExW(long key, long subKey, int reserved, long type, int options, int access, long security,
            long result, long disposition);

    native int RegEnumKeyExW(long key, int index, long name, long nameSize, long reserved, long type, long typeSize,
            long written);

    native int RegEnumValueW(long key, int index, long name, long nameSize, long reserved, long type, long data,
            long size);

    native int RegQueryValueExW(long key, long name, long reserved, long type, long data, long size);

    native int RegSetValueExW(long key, long name, int reserved, int type, long data, int size);

    native int RegDeleteTreeW(long key, long subKey);

    native int RegFlushKey(long key);

    native int RegCloseKey(long key);
}
