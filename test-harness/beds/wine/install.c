/*
 * Makes a root-enumerated device ROOT\IRQSCOPE and installs the INF that is named, as a lab's installer does:
 * SetupDiCreateDeviceInfo, DIF_REGISTERDEVICE, UpdateDriverForPlugAndPlayDevices. Exit 0, or the error that ended it.
 */
#include <windows.h>
#include <setupapi.h>
#include <newdev.h>
#include <stdio.h>

static const GUID SystemClass = { 0x4d36e97d, 0xe325, 0x11ce, { 0xbf, 0xc1, 0x08, 0x00, 0x2b, 0xe1, 0x03, 0x18 } };

static int Failed(const char *What)
{
    DWORD Error = GetLastError();

    fprintf(stderr, "install: %s: error %lu\n", What, Error);
    return Error == 0 ? 1 : (int)(Error & 0xFF);
}

int main(int Count, char **Words)
{
    static const char HardwareId[] = "ROOT\\IRQSCOPE\0";
    SP_DEVINFO_DATA Device = { .cbSize = sizeof(Device) };
    char Inf[MAX_PATH];
    HDEVINFO Set;
    BOOL Reboot;

    if (Count != 2 || GetFullPathNameA(Words[1], sizeof(Inf), Inf, NULL) == 0) {
        fprintf(stderr, "usage: install INF\n");
        return 2;
    }
    Set = SetupDiCreateDeviceInfoList(&SystemClass, NULL);
    /* The device of an earlier run may stay; then it only gets its driver. */
    if (SetupDiCreateDeviceInfoA(Set, "ROOT\\IRQSCOPE\\0000", &SystemClass, NULL, NULL, 0, &Device)) {
        if (!SetupDiSetDeviceRegistryPropertyA(Set, &Device, SPDRP_HARDWAREID, (const BYTE *)HardwareId,
                                               sizeof(HardwareId)) ||
            !SetupDiCallClassInstaller(DIF_REGISTERDEVICE, Set, &Device)) {
            return Failed("the device cannot be registered");
        }
    }
    if (!UpdateDriverForPlugAndPlayDevicesA(NULL, "ROOT\\IRQSCOPE", Inf, INSTALLFLAG_FORCE, &Reboot)) {
        return Failed("the driver cannot be installed");
    }
    SetupDiDestroyDeviceInfoList(Set);
    return 0;
}
