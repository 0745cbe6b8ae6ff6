/* Win32's names for the simulator's host entry points, and the structures of setupapi that they take. */
#ifndef WORLD_SIM_H
#define WORLD_SIM_H

#include "irqscope_sim.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

typedef int32_t BOOL;
typedef uint32_t DWORD, ULONG;
typedef uint16_t WCHAR;
typedef uint8_t BYTE;
typedef SIM_HANDLE HANDLE, HDEVINFO;
typedef struct { uint32_t Data1; uint16_t Data2, Data3; uint8_t Data4[8]; } GUID;

#define TRUE 1
#define FALSE 0
#define OVERLAPPED SIM_OVERLAPPED
#define hEvent Event
#define INVALID_HANDLE_VALUE SIM_INVALID_HANDLE
#define INFINITE 0xFFFFFFFFu
#define GENERIC_READ 0x80000000u
#define GENERIC_WRITE 0x40000000u
#define FILE_SHARE_READ 1u
#define FILE_SHARE_WRITE 2u
#define OPEN_EXISTING 3u
#define FILE_FLAG_OVERLAPPED 0x40000000u
#define FILE_READ_ATTRIBUTES 0x80u
#define WAIT_OBJECT_0 0u
#define WAIT_TIMEOUT 258u
#define WAIT_FAILED 0xFFFFFFFFu
#define DIGCF_PRESENT 2u
#define DIGCF_DEVICEINTERFACE 0x10u
#define DIF_PROPERTYCHANGE 0x12u
#define DICS_PROPCHANGE 3u
#define DICS_FLAG_CONFIGSPECIFIC 2u
#define DI_NEEDRESTART 0x80u
#define DI_NEEDREBOOT 0x100u

typedef struct { DWORD cbSize; GUID ClassGuid; DWORD DevInst; uint64_t Reserved; } SP_DEVINFO_DATA;
typedef struct { DWORD cbSize; GUID InterfaceClassGuid; DWORD Flags; uint64_t Reserved; } SP_DEVICE_INTERFACE_DATA;
typedef struct { DWORD cbSize; WCHAR DevicePath[1]; } SP_DEVICE_INTERFACE_DETAIL_DATA_W;
typedef struct { DWORD cbSize; DWORD InstallFunction; } SP_CLASSINSTALL_HEADER;
typedef struct {
    SP_CLASSINSTALL_HEADER ClassInstallHeader;
    DWORD StateChange, Scope, HwProfile;
} SP_PROPCHANGE_PARAMS;
typedef struct {
    DWORD cbSize, Flags, FlagsEx;
    uint64_t hwndParent, InstallMsgHandler, InstallMsgHandlerContext, FileQueue, ClassInstallReserved;
    DWORD Reserved;
    WCHAR DriverPath[260];
} SP_DEVINSTALL_PARAMS_W;

static inline DWORD GetLastError(void)
{
    return (DWORD)errno;
}

#endif
