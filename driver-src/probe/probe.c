/*
 * A small console client for beds without a JVM: asks the driver for its version, the machine and its resources, then
 * connects, asks for the granted affinity, triggers and shows what ran where.
 *
 *   probe                      version, machine and resources of every device
 *   probe DEVICE WAY [N]       DEVICE counts from 0; WAY is a number of the contract (1 io-connect-interrupt,
 *                              2 fully-specified, 3 fully-specified-group, 4 line-based, 5 message-based); N triggers
 *
 * Exit codes as the command line's: 0 fine, 1 something was lost or refused, 2 usage, 3 no driver or device,
 * 5 another contract, 7 an error of the system.
 */
#include <windows.h>
#include <setupapi.h>
#include <stdio.h>
#include <stdlib.h>

#include "irqscope_contract.h"

#define EXIT_FINE 0
#define EXIT_VERDICT 1
#define EXIT_USAGE 2
#define EXIT_NO_DEVICE 3
#define EXIT_CONTRACT 5
#define EXIT_SYSTEM 7

#define PROBE_LIMIT 1000u     /* microseconds for a paced trigger */
#define PROBE_ROOM 16384u

static const GUID InterfaceGuid = IRQSCOPE_INTERFACE_GUID;

/* ---- One request ------------------------------------------------------------------------------------------------- */

/* The NTSTATUS of the request, taken from the OVERLAPPED: several of them share one Win32 error. Negative is an
 * error. */
static LONG RequestSend(HANDLE Device, DWORD Code, const void *Input, DWORD InputSize, void *Output, DWORD OutputSize,
                        DWORD *Returned)
{
    OVERLAPPED Overlapped;
    DWORD Bytes = 0;
    LONG Status;

    ZeroMemory(&Overlapped, sizeof(Overlapped));
    Overlapped.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (Overlapped.hEvent == NULL) {
        return (LONG)0xC000009A; /* STATUS_INSUFFICIENT_RESOURCES */
    }
    if (!DeviceIoControl(Device, Code, (void *)Input, InputSize, Output, OutputSize, NULL, &Overlapped) &&
        GetLastError() != ERROR_IO_PENDING) {
        /* Refused before the driver saw it: the status block was not written. */
        Status = (LONG)(0xC0070000 | (GetLastError() & 0xFFFF));
    } else {
        (void)GetOverlappedResult(Device, &Overlapped, &Bytes, TRUE);
        Status = (LONG)Overlapped.Internal;
    }
    CloseHandle(Overlapped.hEvent);
    if (Returned != NULL) {
        *Returned = Bytes;
    }
    return Status;
}

/* As RequestSend; an error is told by name. */
static int RequestRun(HANDLE Device, const char *Name, DWORD Code, const void *Input, DWORD InputSize, void *Output,
                      DWORD OutputSize)
{
    LONG Status = RequestSend(Device, Code, Input, InputSize, Output, OutputSize, NULL);

    if (Status < 0) {
        printf("%s: 0x%08lX\n", Name, (unsigned long)Status);
    }
    return Status >= 0;
}

/* ---- Devices ----------------------------------------------------------------------------------------------------- */

/* The path of the Index-th device interface; FALSE: there is none. */
static BOOL DevicePath(DWORD Index, WCHAR *Path, DWORD Count)
{
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_W Data;
        BYTE Room[2048];
    } Detail;
    SP_DEVICE_INTERFACE_DATA Interface;
    HDEVINFO Set = SetupDiGetClassDevsW(&InterfaceGuid, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    BOOL Found;

    if (Set == INVALID_HANDLE_VALUE) {
        return FALSE;
    }
    ZeroMemory(&Interface, sizeof(Interface));
    Interface.cbSize = sizeof(Interface);
    Detail.Data.cbSize = sizeof(Detail.Data);
    Found = SetupDiEnumDeviceInterfaces(Set, NULL, &InterfaceGuid, Index, &Interface) &&
            SetupDiGetDeviceInterfaceDetailW(Set, &Interface, &Detail.Data, sizeof(Detail), NULL, NULL) &&
            (DWORD)lstrlenW(Detail.Data.DevicePath) < Count;
    if (Found) {
        lstrcpyW(Path, Detail.Data.DevicePath);
    }
    SetupDiDestroyDeviceInfoList(Set);
    return Found;
}

static HANDLE DeviceOpen(DWORD Index)
{
    WCHAR Path[1024];
    HANDLE Device;

    if (!DevicePath(Index, Path, 1024)) {
        return INVALID_HANDLE_VALUE;
    }
    Device = CreateFileW(Path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                         FILE_FLAG_OVERLAPPED, NULL);
    if (Device == INVALID_HANDLE_VALUE) {
        printf("device %lu: cannot be opened: error %lu\n", (unsigned long)Index, (unsigned long)GetLastError());
    } else {
        printf("device %lu: %ls\n", (unsigned long)Index, Path);
    }
    return Device;
}

/* ---- What is there ----------------------------------------------------------------------------------------------- */

static int ShowVersion(HANDLE Device, IRQSCOPE_VERSION_REPLY *Reply)
{
    IRQSCOPE_VERSION_REQUEST Request = { IRQSCOPE_MAJOR, IRQSCOPE_MINOR };

    if (!RequestRun(Device, "version", IRQSCOPE_CODE_VERSION, &Request, sizeof(Request), Reply, sizeof(*Reply))) {
        return EXIT_SYSTEM;
    }
    printf("contract %u.%u, kernel %u.%u.%u, abilities 0x%X, %llu ticks a second\n", Reply->Major, Reply->Minor,
           Reply->KernelMajor, Reply->KernelMinor, Reply->KernelBuild, Reply->Abilities,
           (unsigned long long)Reply->Frequency);
    if (Reply->Status != 0) {
        printf("this client speaks contract %u.%u\n", IRQSCOPE_MAJOR, IRQSCOPE_MINOR);
        return EXIT_CONTRACT;
    }
    return EXIT_FINE;
}

static int ShowMachine(HANDLE Device)
{
    static uint64_t Buffer[PROBE_ROOM / sizeof(uint64_t)];
    const IRQSCOPE_PAGE *Page = (const IRQSCOPE_PAGE *)Buffer;
    const IRQSCOPE_MACHINE_RECORD *Records = (const IRQSCOPE_MACHINE_RECORD *)(Page + 1);
    IRQSCOPE_LIST_REQUEST Request = { 0, 0 };

    do {
        uint32_t Index;

        if (!RequestRun(Device, "machine", IRQSCOPE_CODE_MACHINE, &Request, sizeof(Request), Buffer, sizeof(Buffer))) {
            return EXIT_SYSTEM;
        }
        for (Index = 0; Index < Page->Count; Index++) {
            printf("  %s %u: g%u:%016llX, %u processors\n",
                   Records[Index].Kind == IRQSCOPE_MACHINE_GROUP ? "group" : "node", Records[Index].Number,
                   Records[Index].Group, (unsigned long long)Records[Index].Mask, Records[Index].Active);
        }
        Request.Start += Page->Count;
    } while (Page->Count != 0 && Request.Start < Page->Total);
    return EXIT_FINE;
}

/* Into Records, as many as there is room for; their number, or -1. */
static int ReadResources(HANDLE Device, IRQSCOPE_RESOURCE_RECORD *Records, uint32_t Most)
{
    static uint64_t Buffer[PROBE_ROOM / sizeof(uint64_t)];
    const IRQSCOPE_RESOURCES_REPLY *Reply = (const IRQSCOPE_RESOURCES_REPLY *)Buffer;
    IRQSCOPE_LIST_REQUEST Request = { 0, 0 };
    uint32_t Count;

    if (!RequestRun(Device, "resources", IRQSCOPE_CODE_RESOURCES, &Request, sizeof(Request), Buffer, sizeof(Buffer))) {
        return -1;
    }
    Count = Reply->Count < Most ? Reply->Count : Most;
    CopyMemory(Records, Reply + 1, Count * sizeof(*Records));
    return (int)Count;
}

static int ShowResources(HANDLE Device)
{
    IRQSCOPE_RESOURCE_RECORD Records[256];
    int Count = ReadResources(Device, Records, 256);
    int Index;

    for (Index = 0; Index < Count; Index++) {
        const IRQSCOPE_RESOURCE_RECORD *Record = &Records[Index];

        printf("  %s:%u vector 0x%X irql %u g%u:%016llX%s%s\n",
               Record->Kind == IRQSCOPE_KIND_LINE ? "line" : "message", Record->Number, Record->Vector, Record->Irql,
               Record->Group, (unsigned long long)Record->Mask,
               (Record->Flags & IRQSCOPE_RESOURCE_LATCHED) != 0 ? " latched" : "",
               (Record->Flags & IRQSCOPE_RESOURCE_SHARED) != 0 ? " shared" : "");
    }
    if (Count == 0) {
        printf("  no interrupt is assigned\n");
    }
    return Count < 0 ? EXIT_SYSTEM : EXIT_FINE;
}

/* ---- Connect, trigger, look -------------------------------------------------------------------------------------- */

static int ShowTarget(HANDLE Device, uint32_t Connection, uint32_t Target)
{
    IRQSCOPE_TARGET_REQUEST Request = { Connection, Target };
    IRQSCOPE_AFFINITY_REPLY Reply;

    if (!RequestRun(Device, "affinity", IRQSCOPE_CODE_AFFINITY, &Request, sizeof(Request), &Reply, sizeof(Reply))) {
        return EXIT_SYSTEM;
    }
    printf("    target %u: granted g%u:%016llX (status 0x%08X, by %u), requested g%u:%016llX\n", Target, Reply.Group,
           (unsigned long long)Reply.Mask, Reply.Status, Reply.GrantedBy, Reply.RequestedGroup,
           (unsigned long long)Reply.RequestedMask);
    return EXIT_FINE;
}

static int ShowSlots(HANDLE Device, uint32_t Connection)
{
    static uint64_t Buffer[PROBE_ROOM / sizeof(uint64_t)];
    const IRQSCOPE_PAGE *Page = (const IRQSCOPE_PAGE *)Buffer;
    const IRQSCOPE_SLOT *Slots = (const IRQSCOPE_SLOT *)(Page + 1);
    IRQSCOPE_STATISTICS_REQUEST Request = { Connection, IRQSCOPE_STATISTICS_SLOTS, 0, 0, 0, 0 };

    do {
        uint32_t Index;

        if (!RequestRun(Device, "statistics", IRQSCOPE_CODE_STATISTICS, &Request, sizeof(Request), Buffer,
                        sizeof(Buffer))) {
            return EXIT_SYSTEM;
        }
        for (Index = 0; Index < Page->Count; Index++) {
            if (Slots[Index].Claimed != 0 || Slots[Index].NotClaimed != 0) {
                printf("    g%u:%u at %u: %llu claimed, %llu not, %llu DPCs%s\n", Slots[Index].Group,
                       Slots[Index].Number, Slots[Index].Irql, (unsigned long long)Slots[Index].Claimed,
                       (unsigned long long)Slots[Index].NotClaimed, (unsigned long long)Slots[Index].Dpcs,
                       (Slots[Index].Flags & IRQSCOPE_SLOT_STRAY) != 0 ? ", no slot of its own" : "");
            }
        }
        Request.Start += Page->Count;
    } while (Page->Count != 0 && Request.Start < Page->Total);
    return EXIT_FINE;
}

/* Paced, Count of them for each target; the driver takes at most IRQSCOPE_MAXIMUM_TRIGGERS at a time. */
static int RunTriggers(HANDLE Device, uint32_t Connection, uint32_t Targets, uint32_t Count)
{
    uint32_t Sent = 0;
    uint32_t Arrived = 0;
    uint32_t Target;

    for (Target = 0; Target < Targets; Target++) {
        uint32_t Left = Count;

        while (Left != 0) {
            IRQSCOPE_TRIGGER_REQUEST Request = { Connection, Target, 0, IRQSCOPE_TRIGGER_PACED, PROBE_LIMIT, 0 };
            IRQSCOPE_TRIGGER_REPLY Reply;

            Request.Count = Left < IRQSCOPE_MAXIMUM_TRIGGERS ? Left : IRQSCOPE_MAXIMUM_TRIGGERS;
            if (!RequestRun(Device, "trigger", IRQSCOPE_CODE_TRIGGER, &Request, sizeof(Request), &Reply,
                            sizeof(Reply))) {
                return EXIT_SYSTEM;
            }
            Sent += Reply.Sent;
            Arrived += Reply.Arrived;
            Left -= Reply.Sent;
            if (Reply.Sent == 0) {
                printf("    triggers stopped: 0x%08X\n", Reply.Status);
                break;
            }
        }
    }
    printf("    %u sent, %u arrived in time\n", Sent, Arrived);
    return Sent != 0 && Sent == Arrived ? EXIT_FINE : EXIT_VERDICT;
}

static int RunConnection(HANDLE Device, const IRQSCOPE_CONNECT_REQUEST *Request, uint32_t Count)
{
    IRQSCOPE_CONNECTION_REQUEST Disconnect = { 0, 0 };
    IRQSCOPE_CONNECT_REPLY Reply;
    IRQSCOPE_REPLY End;
    uint32_t Target;
    int Result;

    if (!RequestRun(Device, "connect", IRQSCOPE_CODE_CONNECT, Request, sizeof(*Request), &Reply, sizeof(Reply))) {
        return EXIT_SYSTEM;
    }
    printf("  way %u, resource %u:%u: status 0x%08X, connected as %u, version %u, %u targets, %u slots\n", Request->Way,
           Request->Kind, Request->Number, Reply.Status, Reply.ConnectedAs, Reply.Version, Reply.Targets, Reply.Slots);
    if ((LONG)Reply.Status < 0) {
        return EXIT_VERDICT;
    }
    for (Target = 0; Target < Reply.Targets; Target++) {
        (void)ShowTarget(Device, Reply.Connection, Target);
    }
    Result = RunTriggers(Device, Reply.Connection, Reply.Targets, Count);
    (void)ShowSlots(Device, Reply.Connection);
    Disconnect.Connection = Reply.Connection;
    if (!RequestRun(Device, "disconnect", IRQSCOPE_CODE_DISCONNECT, &Disconnect, sizeof(Disconnect), &End,
                    sizeof(End))) {
        return EXIT_SYSTEM;
    }
    return Result;
}

/* A way that takes every resource is run once, the others for each. */
static int RunWay(HANDLE Device, uint32_t Way, uint32_t Count)
{
    IRQSCOPE_CONNECT_REQUEST Request = { Way, 0, 0, 0, 0, 0, 0 };
    IRQSCOPE_RESOURCE_RECORD Records[256];
    int Resources = ReadResources(Device, Records, 256);
    int Worst = EXIT_FINE;
    int Index;

    if (Way == IRQSCOPE_WAY_LINE_BASED || Way == IRQSCOPE_WAY_MESSAGE_BASED) {
        return RunConnection(Device, &Request, Count);
    }
    for (Index = 0; Index < Resources; Index++) {
        int Result;

        Request.Kind = Records[Index].Kind;
        Request.Number = Records[Index].Number;
        Result = RunConnection(Device, &Request, Count);
        Worst = Result > Worst ? Result : Worst;
    }
    return Resources < 0 ? EXIT_SYSTEM : Worst;
}

/* ---- main -------------------------------------------------------------------------------------------------------- */

static int ShowAll(void)
{
    DWORD Index = 0;
    HANDLE Device;
    int Result = EXIT_NO_DEVICE;

    while ((Device = DeviceOpen(Index)) != INVALID_HANDLE_VALUE) {
        IRQSCOPE_VERSION_REPLY Version;

        Result = ShowVersion(Device, &Version);
        if (Result == EXIT_FINE && Index == 0) {
            Result = ShowMachine(Device);
        }
        if (Result == EXIT_FINE) {
            Result = ShowResources(Device);
        }
        CloseHandle(Device);
        if (Result != EXIT_FINE) {
            return Result;
        }
        Index++;
    }
    if (Index == 0) {
        printf("no device of irqscope.sys was found: is the driver installed on one?\n");
    }
    return Result;
}

int main(int Count, char **Words)
{
    IRQSCOPE_VERSION_REPLY Version;
    HANDLE Device;
    int Result;

    if (Count == 1) {
        return ShowAll();
    }
    if (Count < 3 || Count > 4) {
        printf("usage: probe [DEVICE WAY [COUNT]]\n");
        return EXIT_USAGE;
    }
    Device = DeviceOpen((DWORD)strtoul(Words[1], NULL, 10));
    if (Device == INVALID_HANDLE_VALUE) {
        printf("no device %s of irqscope.sys was found\n", Words[1]);
        return EXIT_NO_DEVICE;
    }
    Result = ShowVersion(Device, &Version);
    if (Result == EXIT_FINE) {
        Result = RunWay(Device, (uint32_t)strtoul(Words[2], NULL, 10),
                        Count == 4 ? (uint32_t)strtoul(Words[3], NULL, 10) : 100);
    }
    CloseHandle(Device);
    return Result;
}
