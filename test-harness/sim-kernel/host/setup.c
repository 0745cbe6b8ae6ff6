/*
 * SetupDi*: the devices of one machine, as a snapshot that SetupDiGetClassDevsW takes. The machine is named by its
 * enumerator ("SIM1"); without one it is the machine of a process that has only one.
 *
 * Sizes are those of 64-bit Windows, and checked as there: a structure whose first member is not its size gets
 * ERROR_INVALID_USER_BUFFER.
 */
#include "setup.h"

#include <stdlib.h>

#define DIGCF_PRESENT 0x02
#define DIGCF_ALLCLASSES 0x04
#define DIGCF_DEVICEINTERFACE 0x10
#define SPINT_ACTIVE 1

typedef struct INTERFACE_INFO {         /* SP_DEVICE_INTERFACE_DATA */
    uint32_t Size;
    GUID ClassGuid;
    uint32_t Flags;
    uint64_t Reserved;
} INTERFACE_INFO;

typedef struct INTERFACE_DETAIL {       /* SP_DEVICE_INTERFACE_DETAIL_DATA_W: its own size is said to be 8 */
    uint32_t Size;
    WCHAR Path[1];
} INTERFACE_DETAIL;

_Static_assert(sizeof(DEVICE_INFO) == 32 && sizeof(INTERFACE_INFO) == 32, "as on 64-bit Windows");

#define DETAIL_SIZE 8
#define DETAIL_PATH 4

/* The setup class that the INF puts the devices into: that of samples. */
static const GUID SampleClass = { 0x78a1c341, 0x4539, 0x11d3, { 0xb8, 0x8d, 0x00, 0xc0, 0x4f, 0xad, 0x51, 0x71 } };

typedef struct DEVICE_SET {
    BOOLEAN Interfaces;
    GUID Class;
    BOOLEAN Present;
    ULONG Count;
    ELEMENT Element[MACHINE_MAXIMUM_DEVICES];
} DEVICE_SET;

static void DeleteSet(HANDLE_ENTRY *Entry)
{
    DEVICE_SET *Set = Entry->Object;

    for (ULONG Index = 0; Index < Set->Count; Index++) {
        free(Set->Element[Index].Path);
    }
    free(Set);
}

static size_t WideLength(const WCHAR *Text)
{
    size_t Length = 0;

    while (Text[Length] != 0) {
        Length++;
    }
    return Length;
}

/* ---- The set --------------------------------------------------------------------------------------------------- */

typedef struct SNAPSHOT {
    KERNEL *Kernel;
    DEVICE_SET *Set;
    BOOLEAN NoMemory;
} SNAPSHOT;

static void TakeSnapshot(void *Context)
{
    SNAPSHOT *Snapshot = Context;
    DEVICE_SET *Set = Snapshot->Set;

    for (ULONG Index = 0; Index < PnpNodes(Snapshot->Kernel) && Set->Count < MACHINE_MAXIMUM_DEVICES; Index++) {
        PNP_NODE *Node = PnpNode(Snapshot->Kernel, Index);
        ELEMENT *Element = &Set->Element[Set->Count];
        const WCHAR *Path = Set->Interfaces ? PnpInterfacePath(Node, &Set->Class) : NULL;

        if ((Set->Interfaces && Path == NULL) || (Set->Present && !DevicePresent(Node->Device))) {
            continue;
        }
        if (Path != NULL) {
            size_t Size = (WideLength(Path) + 1) * sizeof(WCHAR);

            Element->Path = malloc(Size);
            if (Element->Path == NULL) {
                Snapshot->NoMemory = TRUE;
                return;
            }
            memcpy(Element->Path, Path, Size);
        }
        Element->Node = Index;
        Set->Count++;
    }
}

SIM_HANDLE SetupDiGetClassDevsW(const void *ClassGuid, const uint16_t *Enumerator, SIM_HANDLE Window, uint32_t Flags)
{
    SNAPSHOT Snapshot = { .Kernel = NULL };
    SIM_HANDLE Handle = SIM_INVALID_HANDLE;
    HANDLE_ENTRY Entry;

    (void)Window;
    if (ClassGuid == NULL && (Flags & (DIGCF_ALLCLASSES | DIGCF_DEVICEINTERFACE)) != DIGCF_ALLCLASSES) {
        LastErrorSet(WIN32_INVALID_PARAMETER);
        return SIM_INVALID_HANDLE;
    }
    Snapshot.Kernel = Enumerator != NULL ? HostMachineByEnumerator(Enumerator) : HostOnlyMachine();
    if (Snapshot.Kernel == NULL) {
        LastErrorSet(WIN32_INVALID_DATA);
        return SIM_INVALID_HANDLE;
    }
    Snapshot.Set = calloc(1, sizeof(*Snapshot.Set));
    if (Snapshot.Set == NULL) {
        HostMachineRelease(Snapshot.Kernel);
        LastErrorSet(WIN32_NOT_ENOUGH_MEMORY);
        return SIM_INVALID_HANDLE;
    }
    Snapshot.Set->Interfaces = (Flags & DIGCF_DEVICEINTERFACE) != 0;
    Snapshot.Set->Present = (Flags & DIGCF_PRESENT) != 0;
    if (ClassGuid != NULL) {
        memcpy(&Snapshot.Set->Class, ClassGuid, sizeof(GUID));
    }
    /* All devices are of one setup class, so another one has none. */
    if (Snapshot.Set->Interfaces || (Flags & DIGCF_ALLCLASSES) != 0 ||
        memcmp(&Snapshot.Set->Class, &SampleClass, sizeof(GUID)) == 0) {
        KernelLook(Snapshot.Kernel, TakeSnapshot, &Snapshot);
    }
    if (!Snapshot.NoMemory) {
        Handle = HandleCreate(HANDLE_DEVICE_SET, Snapshot.Kernel, Snapshot.Set, DeleteSet);
    }
    HostMachineRelease(Snapshot.Kernel);
    if (Handle == SIM_INVALID_HANDLE) {
        Entry.Object = Snapshot.Set;
        DeleteSet(&Entry);
        LastErrorSet(WIN32_NOT_ENOUGH_MEMORY);
    }
    return Handle;
}

int32_t SetupDiDestroyDeviceInfoList(SIM_HANDLE Set)
{
    return HandleClose(Set, HANDLE_DEVICE_SET);
}

/* ---- Elements of it -------------------------------------------------------------------------------------------- */

static void TellDevice(const HANDLE_ENTRY *Entry, ULONG Index, DEVICE_INFO *Info)
{
    const DEVICE_SET *Set = Entry->Object;

    Info->ClassGuid = SampleClass;
    Info->Instance = Entry->Kernel->Number * 256 + Set->Element[Index].Node + 1;
    Info->Reserved = Index + 1;
}

HANDLE_ENTRY *SetupElement(SIM_HANDLE Set, void *DeviceInfo, ELEMENT **Element)
{
    HANDLE_ENTRY *Entry = HandleFind(Set, HANDLE_DEVICE_SET);
    const DEVICE_INFO *Info = DeviceInfo;
    DEVICE_SET *Devices;
    uint32_t Error = 0;

    if (Entry == NULL) {
        return NULL;
    }
    Devices = Entry->Object;
    if (Info == NULL) {
        Error = WIN32_INVALID_PARAMETER;
    } else if (Info->Size != sizeof(*Info)) {
        Error = ERROR_INVALID_USER_BUFFER;
    } else if (Info->Reserved == 0 || Info->Reserved > Devices->Count) {
        Error = WIN32_INVALID_PARAMETER;
    } else {
        *Element = &Devices->Element[Info->Reserved - 1];
        if (Info->Instance != Entry->Kernel->Number * 256 + (*Element)->Node + 1) {
            Error = WIN32_INVALID_PARAMETER;
        }
    }
    if (Error != 0) {
        HandleRelease(Entry);
        LastErrorSet(Error);
        return NULL;
    }
    return Entry;
}

int32_t SetupDiEnumDeviceInfo(SIM_HANDLE Set, uint32_t Index, void *DeviceInfo)
{
    HANDLE_ENTRY *Entry = HandleFind(Set, HANDLE_DEVICE_SET);
    DEVICE_INFO *Info = DeviceInfo;
    uint32_t Error = 0;

    if (Entry == NULL) {
        return 0;
    }
    if (Info == NULL) {
        Error = WIN32_INVALID_PARAMETER;
    } else if (Info->Size != sizeof(*Info)) {
        Error = ERROR_INVALID_USER_BUFFER;
    } else if (Index >= ((DEVICE_SET *)Entry->Object)->Count) {
        Error = WIN32_NO_MORE_ITEMS;
    } else {
        TellDevice(Entry, Index, Info);
    }
    HandleRelease(Entry);
    return Error == 0 ? 1 : SetupFail(Error);
}

int32_t SetupDiEnumDeviceInterfaces(SIM_HANDLE Set, void *DeviceInfo, const void *InterfaceGuid, uint32_t Index,
                                    void *InterfaceData)
{
    HANDLE_ENTRY *Entry;
    INTERFACE_INFO *Interface = InterfaceData;
    ELEMENT *Only = NULL;
    DEVICE_SET *Devices;
    uint32_t Error = WIN32_NO_MORE_ITEMS;

    Entry = DeviceInfo != NULL ? SetupElement(Set, DeviceInfo, &Only) : HandleFind(Set, HANDLE_DEVICE_SET);
    if (Entry == NULL) {
        return 0;
    }
    Devices = Entry->Object;
    if (Interface == NULL || InterfaceGuid == NULL) {
        Error = WIN32_INVALID_PARAMETER;
    } else if (Interface->Size != sizeof(*Interface)) {
        Error = ERROR_INVALID_USER_BUFFER;
    } else if (Devices->Interfaces && memcmp(InterfaceGuid, &Devices->Class, sizeof(GUID)) == 0) {
        for (ULONG Place = 0; Place < Devices->Count; Place++) {
            if ((Only == NULL || Only == &Devices->Element[Place]) && Index-- == 0) {
                Interface->ClassGuid = Devices->Class;
                Interface->Flags = SPINT_ACTIVE;
                Interface->Reserved = Place + 1;
                Error = 0;
                break;
            }
        }
    }
    HandleRelease(Entry);
    return Error == 0 ? 1 : SetupFail(Error);
}

int32_t SetupDiGetDeviceInterfaceDetailW(SIM_HANDLE Set, void *InterfaceData, void *Detail, uint32_t Size,
                                         uint32_t *Needed, void *DeviceInfo)
{
    HANDLE_ENTRY *Entry = HandleFind(Set, HANDLE_DEVICE_SET);
    const INTERFACE_INFO *Interface = InterfaceData;
    DEVICE_INFO *Info = DeviceInfo;
    INTERFACE_DETAIL *Out = Detail;
    DEVICE_SET *Devices;
    uint32_t Error = 0;

    if (Entry == NULL) {
        return 0;
    }
    Devices = Entry->Object;
    if (Interface == NULL) {
        Error = WIN32_INVALID_PARAMETER;
    } else if (Interface->Size != sizeof(*Interface) || (Info != NULL && Info->Size != sizeof(*Info)) ||
               (Out != NULL && (Size < DETAIL_SIZE || Out->Size != DETAIL_SIZE)) || (Out == NULL && Size != 0)) {
        Error = ERROR_INVALID_USER_BUFFER;
    } else if (!Devices->Interfaces || Interface->Reserved == 0 || Interface->Reserved > Devices->Count) {
        Error = WIN32_INVALID_PARAMETER;
    } else {
        const WCHAR *Path = Devices->Element[Interface->Reserved - 1].Path;
        size_t Bytes = (WideLength(Path) + 1) * sizeof(WCHAR);

        if (Needed != NULL) {
            *Needed = (uint32_t)(DETAIL_PATH + Bytes);
        }
        if (Info != NULL) {
            TellDevice(Entry, (ULONG)Interface->Reserved - 1, Info);
        }
        if (Size < DETAIL_PATH + Bytes) {
            Error = WIN32_INSUFFICIENT_BUFFER;
        } else {
            memcpy((char *)Out + DETAIL_PATH, Path, Bytes);
        }
    }
    HandleRelease(Entry);
    return Error == 0 ? 1 : SetupFail(Error);
}
