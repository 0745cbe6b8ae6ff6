package io.github.irqscope.jna;

import com.sun.jna.Native;

/** What installing calls of setupapi, directly mapped, in the manner of {@link SetupApiCalls}. */
final class SetupInstallCalls {
    /* Loads the library and binds the methods below; only when something is looked at or installed. */
    SetupInstallCalls() {
        Native.register(SetupInstallCalls.class, "setupapi");
    }

    native long SetupDiGetClassDevsW(long classGuid, long enumerator, long window, int flags);

    native int SetupDiEnumDeviceInterfaces(long set, long deviceInfo, long interfaceGuid, int index,
            long interfaceData);

    native int SetupDiGetDeviceInterfaceDetailW(long set, long interfaceData, long detail, int size, long needed,
            long deviceInfo);

    native int SetupDiEnumDeviceInfo(long set, int index, long deviceInfo);

    native int SetupDiGetDeviceInstanceIdW(long set, long deviceInfo, long id, int size, long needed);

    native int SetupDiGetDeviceRegistryPropertyW(long set, long deviceInfo, int property, long type, long buffer,
            int size, long needed);

    native int SetupDiSetDeviceRegistryPropertyW(long set, long deviceInfo, int property, long buffer, int size);

    native long SetupDiCreateDeviceInfoList(long classGuid, long window);

    native int SetupDiOpenDeviceInfoW(long set, long instanceId, long window, int flags, long deviceInfo);

    native int SetupDiCreateDeviceInfoW(long set, long name, long classGuid, long description, long window,
            int flags, long deviceInfo);

    native int SetupDiCallClassInstaller(int function, long set, long deviceInfo);

    native int SetupDiGetDeviceInstallParamsW(long set, long deviceInfo, long params);

    native int SetupDiSetDeviceInstallParamsW(long set, long deviceInfo, long params);

    native int SetupDiBuildDriverInfoList(long set, long deviceInfo, int type);

    native int SetupDiEnumDriverInfoW(long set, long deviceInfo, int type, int index, long driverInfo);

    native int SetupDiDestroyDriverInfoList(long set, long deviceInfo, int type);

    native long SetupDiOpenDevRegKey(long set, long deviceInfo, int scope, int profile, int keyType, int access);

    native long SetupDiCreateDevRegKeyW(long set, long deviceInfo, int scope, int profile, int keyType, long inf,
            long section);

    native int SetupCopyOEMInfW(long source, long location, int media, int style, long target, int size, long needed,
            long component);

    native int SetupUninstallOEMInfW(long name, int flags, long reserved);

    native int SetupDiDestroyDeviceInfoList(long set);
}
