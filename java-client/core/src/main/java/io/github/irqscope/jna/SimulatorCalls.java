package io.github.irqscope.jna;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The simulator's library, directly mapped: the same functions under the same names as on Windows, and four of its own
 * to make a machine, speak to it and delete it. One library serves every machine of the process.
 */
final class SimulatorCalls implements Kernel32, SetupApi, Advapi32 {
    /* Binds the methods below; only when a simulated bed is opened. */
    SimulatorCalls(NativeLibrary library) {
        Native.register(SimulatorCalls.class, library);
    }

    native long SimulatedMachineCreate(long options, long error, int errorSize);

    native int SimulatedMachineDelete(long machine, long report, int reportSize);

    native int SimulatedMachineControl(long machine, long words, long answer, int answerSize);

    native int SimulatedMachineEnumerator(long machine, long name, int nameSize);

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
