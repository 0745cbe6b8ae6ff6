/* Device sets of setupapi, alike in both worlds. */
#include "world.h"

#include <string.h>

static const GUID InterfaceGuid = CONFORM_INTERFACE_GUID;

ULONG SetupPaths(WCHAR Paths[][256], ULONG Most)
{
    HDEVINFO Set = SetupDiGetClassDevsW(&InterfaceGuid, NULL, 0, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_W Data;
        unsigned char Bytes[1024];
    } Detail;
    const WCHAR *Name = Detail.Data.DevicePath;     /* declared with one element, and longer */
    ULONG Count = 0;

    if (Set == INVALID_HANDLE_VALUE) {
        return 0;
    }
    while (Count < Most) {
        SP_DEVICE_INTERFACE_DATA Interface = { .cbSize = sizeof(Interface) };
        DWORD Needed = 0;
        ULONG Length = 0;

        if (!SetupDiEnumDeviceInterfaces(Set, NULL, &InterfaceGuid, Count, &Interface)) {
            break;
        }
        Detail.Data.cbSize = sizeof(Detail.Data);
        if (!SetupDiGetDeviceInterfaceDetailW(Set, &Interface, &Detail.Data, sizeof(Detail), &Needed, NULL)) {
            break;
        }
        while (Length < 255 && Name[Length] != 0) {
            Length++;
        }
        memcpy(Paths[Count], Name, Length * sizeof(WCHAR));
        Paths[Count++][Length] = 0;
    }
    SetupDiDestroyDeviceInfoList(Set);
    return Count;
}

static BOOL PathSame(const WCHAR *A, const WCHAR *B)
{
    while (*A != 0 && (*A | 0x20) == (*B | 0x20)) {
        A++;
        B++;
    }
    return *A == 0 && *B == 0;
}

static BOOL RestartIn(HDEVINFO Set, SP_DEVINFO_DATA *Device, BOOL *NeedsReboot)
{
    SP_PROPCHANGE_PARAMS Change = { .ClassInstallHeader = { sizeof(SP_CLASSINSTALL_HEADER), DIF_PROPERTYCHANGE },
                                    .StateChange = DICS_PROPCHANGE, .Scope = DICS_FLAG_CONFIGSPECIFIC };
    SP_DEVINSTALL_PARAMS_W Params = { .cbSize = sizeof(Params) };
    BOOL Result = SetupDiSetClassInstallParamsW(Set, Device, (void *)&Change, sizeof(Change)) &&
                  SetupDiCallClassInstaller(DIF_PROPERTYCHANGE, Set, Device);

    *NeedsReboot = Result && SetupDiGetDeviceInstallParamsW(Set, Device, &Params) &&
                   (Params.Flags & (DI_NEEDRESTART | DI_NEEDREBOOT)) != 0;
    return Result;
}

BOOL SetupRestart(const WCHAR *Path, BOOL *NeedsReboot)
{
    HDEVINFO Set = SetupDiGetClassDevsW(&InterfaceGuid, NULL, 0, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_W Data;
        unsigned char Bytes[1024];
    } Detail;
    BOOL Result = FALSE;
    ULONG Index;

    *NeedsReboot = FALSE;
    for (Index = 0;; Index++) {
        SP_DEVICE_INTERFACE_DATA Interface = { .cbSize = sizeof(Interface) };
        SP_DEVINFO_DATA Device = { .cbSize = sizeof(Device) };

        if (!SetupDiEnumDeviceInterfaces(Set, NULL, &InterfaceGuid, Index, &Interface)) {
            break;
        }
        Detail.Data.cbSize = sizeof(Detail.Data);
        if (SetupDiGetDeviceInterfaceDetailW(Set, &Interface, &Detail.Data, sizeof(Detail), NULL, &Device) &&
            PathSame(Detail.Data.DevicePath, Path)) {
            Result = RestartIn(Set, &Device, NeedsReboot);
            break;
        }
    }
    SetupDiDestroyDeviceInfoList(Set);
    return Result;
}
