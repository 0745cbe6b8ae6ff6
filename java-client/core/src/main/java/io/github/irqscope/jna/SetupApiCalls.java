package io.github.irqscope.jna;

import com.sun.jna.Native;

/** SetupApi of Windows, directly mapped: no reflection and no object between the call and the function. */
final class SetupApiCalls implements SetupApi {
    /* Loads the library and binds the methods below; only when a real bed is opened. */
    SetupApiCalls() {
        Native.register(SetupApiCalls.class, "setupapi");
    }

    @Override
    public native long SetupDiGetClassDevsW(long classGuid, long enumerator, long window, int flags);

    @Override
    public native int SetupDiEnumDeviceInterfaces(long set, long deviceInfo, long interfaceGuid, int index,
            long interfaceData);

    @Override
    public native int SetupDiGetDeviceInterfaceDetailW(long set, long interfaceData, long detail, int size,
            long needed, long deviceInfo);

    @Override
    public native int SetupDiEnumDeviceInfo(long set, int index, long deviceInfo);

    @Override
    public native int SetupDiGetDeviceInstanceIdW(long set, long deviceInfo, long id, int size, long needed);

    @Override
    public native int SetupDiGetDeviceRegistryPropertyW(long set, long deviceInfo, int property, long type,
            long buffer, int size, long needed);

    @Override
    public native int SetupDiSetClassInstallParamsW(long set, long deviceInfo, long params, int size);

    @Override
    public native int SetupDiCallClassInstaller(int function, long set, long deviceInfo);

    @Override
    public native int SetupDiGetDeviceInstallParamsW(long set, long deviceInfo, long params);

    @Override
    public native long SetupDiOpenDevRegKey(long set, long deviceInfo, int scope, int profile, int keyType, int access);

    @Override
    public native int SetupDiDestroyDeviceInfoList(long set);
}
