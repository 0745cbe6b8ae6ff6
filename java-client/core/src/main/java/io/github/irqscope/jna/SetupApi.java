package io.github.irqscope.jna;

/** What is called of setupapi, in the manner of {@link Kernel32}. */
interface SetupApi {
    long SetupDiGetClassDevsW(long classGuid, long enumerator, long window, int flags);

    int SetupDiEnumDeviceInterfaces(long set, long deviceInfo, long interfaceGuid, int index, long interfaceData);

    int SetupDiGetDeviceInterfaceDetailW(long set, long interfaceData, long detail, int size, long needed,
            long deviceInfo);

    int SetupDiEnumDeviceInfo(long set, int index, long deviceInfo);

    int SetupDiGetDeviceInstanceIdW(long set, long deviceInfo, long id, int size, long needed);

    int SetupDiGetDeviceRegistryPropertyW(long set, long deviceInfo, int property, long type, long buffer, int size,
            long needed);

    int SetupDiSetClassInstallParamsW(long set, long deviceInfo, long params, int size);

    int SetupDiCallClassInstaller(int function, long set, long deviceInfo);

    int SetupDiGetDeviceInstallParamsW(long set, long deviceInfo, long params);

    long SetupDiOpenDevRegKey(long set, long deviceInfo, int scope, int profile, int keyType, int access);

    int SetupDiDestroyDeviceInfoList(long set);
}
