#include "driver_fixture.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#define OVERLAPPED_FILE 0x40000000u

uint64_t Machine;
HOOKS Hooks;

static const GUID Interface = IRQSCOPE_INTERFACE_GUID;
static char Trace[65536];
static char Taken[65536];
static const char *Last;
static int Tracing;
static char Answer[65536];

typedef struct CALL_COUNT {
    const char *Name;
    ULONG Count;
} CALL_COUNT;

static CALL_COUNT Counts[32];

/* ---- The trace --------------------------------------------------------------------------------------------------- */

void TraceStart(void)
{
    Trace[0] = 0;
    Last = NULL;
    Tracing = 1;
    memset(Counts, 0, sizeof(Counts));
}

const char *TraceTake(void)
{
    Tracing = 0;
    memcpy(Taken, Trace, sizeof(Taken));
    return Taken;
}

static void Note(const char *Name)
{
    size_t Length = strlen(Trace);
    CALL_COUNT *Count = Counts;

    if (!Tracing) {
        return;
    }
    while (Count->Name != NULL && Count->Name != Name) {
        Count++;
    }
    Count->Name = Name;
    Count->Count++;
    if (Last != Name) {
        snprintf(Trace + Length, sizeof(Trace) - Length, "%s%s", Length == 0 ? "" : " ", Name);
        Last = Name;
    }
}

ULONG Calls(const char *Routine)
{
    for (CALL_COUNT *Count = Counts; Count->Name != NULL; Count++) {
        if (strcmp(Count->Name, Routine) == 0) {
            return Count->Count;
        }
    }
    return 0;
}

/* ---- What the driver calls --------------------------------------------------------------------------------------- */

#define WRAP(Type, Name, ...) \
    Type __real_##Name(__VA_ARGS__); \
    Type __wrap_##Name(__VA_ARGS__); \
    Type __wrap_##Name(__VA_ARGS__)

MACHINE *MachineNowIn(void)
{
    return PlatformMachine();
}

static const MAPPING *Mapping(MACHINE *In, const volatile void *Address)
{
    BUS *Bus = MachineBus(In);

    for (ULONG Index = 0; Index < Bus->Mappings; Index++) {
        ULONG_PTR Start = Bus->Mapping[Index].Address;

        if ((ULONG_PTR)Address - Start < Bus->Mapping[Index].Length) {
            return &Bus->Mapping[Index];
        }
    }
    return NULL;
}

WRAP(void, BusWrite, MACHINE *In, volatile void *Address, ULONG Size, ULONG Value, const char *Routine)
{
    const MAPPING *Found = Mapping(In, Address);

    Note("write");
    if (Hooks.RegisterWrite != NULL && Found != NULL) {
        Hooks.RegisterWrite(Found->Device, (ULONG)((ULONG_PTR)Address - Found->Address) + Found->Offset, Value);
    }
    __real_BusWrite(In, Address, Size, Value, Routine);
}

WRAP(ULONG, BusRead, MACHINE *In, const volatile void *Address, ULONG Size, const char *Routine)
{
    Note("read");
    return __real_BusRead(In, Address, Size, Routine);
}

WRAP(void, BusPortWrite, MACHINE *In, ULONG_PTR Port, ULONG Size, ULONG Value, const char *Routine)
{
    Note("write");
    __real_BusPortWrite(In, Port, Size, Value, Routine);
}

WRAP(ULONG, BusPortRead, MACHINE *In, ULONG_PTR Port, ULONG Size, const char *Routine)
{
    Note("read");
    return __real_BusPortRead(In, Port, Size, Routine);
}

WRAP(ULONG, DeviceConfigWrite, DEVICE *Device, ULONG Offset, const void *Buffer, ULONG Length)
{
    ULONG Value = 0;

    memcpy(&Value, Buffer, Length < sizeof(Value) ? Length : sizeof(Value));
    Note("config");
    if (Hooks.ConfigWrite != NULL) {
        Hooks.ConfigWrite(Device, Offset, Value);
    }
    return __real_DeviceConfigWrite(Device, Offset, Buffer, Length);
}

WRAP(NTSTATUS, IoConnectInterruptEx, PIO_CONNECT_INTERRUPT_PARAMETERS Parameters)
{
    Note("connect");
    return __real_IoConnectInterruptEx(Parameters);
}

WRAP(NTSTATUS, IoConnectInterrupt, PKINTERRUPT *Interrupt, PKSERVICE_ROUTINE Routine, PVOID Context, PKSPIN_LOCK Lock,
     ULONG Vector, KIRQL Irql, KIRQL SynchronizeIrql, KINTERRUPT_MODE Mode, BOOLEAN Share, KAFFINITY Mask, BOOLEAN Save)
{
    Note("connect");
    return __real_IoConnectInterrupt(Interrupt, Routine, Context, Lock, Vector, Irql, SynchronizeIrql, Mode, Share, Mask,
                                     Save);
}

WRAP(void, IoDisconnectInterruptEx, PIO_DISCONNECT_INTERRUPT_PARAMETERS Parameters)
{
    Note("disconnect");
    __real_IoDisconnectInterruptEx(Parameters);
}

WRAP(void, IoDisconnectInterrupt, PKINTERRUPT Interrupt)
{
    Note("disconnect");
    __real_IoDisconnectInterrupt(Interrupt);
}

WRAP(BOOLEAN, KeSynchronizeExecution, PKINTERRUPT Interrupt, PKSYNCHRONIZE_ROUTINE Routine, PVOID Context)
{
    Note("synchronize");
    return __real_KeSynchronizeExecution(Interrupt, Routine, Context);
}

WRAP(BOOLEAN, KeInsertQueueDpc, PKDPC Dpc, PVOID Argument1, PVOID Argument2)
{
    Note("queue");
    if (Hooks.QueueDpc != NULL) {
        Hooks.QueueDpc(Dpc);
    }
    return __real_KeInsertQueueDpc(Dpc, Argument1, Argument2);
}

WRAP(BOOLEAN, KeRemoveQueueDpc, PKDPC Dpc)
{
    Note("unqueue");
    return __real_KeRemoveQueueDpc(Dpc);
}

WRAP(void, KeFlushQueuedDpcs, void)
{
    Note("flush");
    __real_KeFlushQueuedDpcs();
}

WRAP(BOOLEAN, KeCancelTimer, PKTIMER Timer)
{
    Note("cancel");
    return __real_KeCancelTimer(Timer);
}

WRAP(void, MmUnmapIoSpace, PVOID Address, SIZE_T Bytes)
{
    Note("unmap");
    __real_MmUnmapIoSpace(Address, Bytes);
}

WRAP(void, ExFreePoolWithTag, PVOID Memory, ULONG Tag)
{
    Note("free");
    __real_ExFreePoolWithTag(Memory, Tag);
}

WRAP(void, IofCompleteRequest, PIRP Irp, CCHAR Boost)
{
    Note("complete");
    if (Hooks.Complete != NULL) {
        Hooks.Complete(Irp);
    }
    __real_IofCompleteRequest(Irp, Boost);
}

WRAP(void, IoDetachDevice, PDEVICE_OBJECT Device)
{
    Note("detach");
    __real_IoDetachDevice(Device);
}

WRAP(void, IoDeleteDevice, PDEVICE_OBJECT Device)
{
    Note("delete");
    __real_IoDeleteDevice(Device);
}

struct IResourceList;
struct IInterruptSync;

WRAP(NTSTATUS, PcNewResourceList, struct IResourceList **List, PVOID Outer, POOL_TYPE Pool, PCM_RESOURCE_LIST Translated,
     PCM_RESOURCE_LIST Raw)
{
    if (Hooks.NewList != NULL) {
        Hooks.NewList(Translated, Raw);
    }
    return __real_PcNewResourceList(List, Outer, Pool, Translated, Raw);
}

WRAP(NTSTATUS, PcNewInterruptSync, struct IInterruptSync **Sync, PVOID Outer, struct IResourceList *List, ULONG Index,
     ULONG Mode)
{
    if (Hooks.NewSync != NULL) {
        Hooks.NewSync();
    }
    return __real_PcNewInterruptSync(Sync, Outer, List, Index, Mode);
}

/* ---- The machine ------------------------------------------------------------------------------------------------- */

void Begin(const char *Layout)
{
    char Path[] = "/tmp/irqscope-machine-XXXXXX";
    char Options[512];
    char Error[512] = "";
    int Descriptor = -1;

    if (strchr(Layout, '\n') != NULL) {
        Descriptor = mkstemp(Path);
        CHECK(Descriptor >= 0 && write(Descriptor, Layout, strlen(Layout)) == (ssize_t)strlen(Layout));
    }
    snprintf(Options, sizeof(Options), "machine=%s\nprofile=server2022\nseed=1\nmode=observed\ntime=virtual",
             Descriptor >= 0 ? Path : Layout);
    Machine = SimulatedMachineCreate(Options, Error, sizeof(Error));
    if (Descriptor >= 0) {
        close(Descriptor);
        unlink(Path);
    }
    if (Machine == 0) {
        CHECK_FAIL("no machine: %s", Error);
    }
}

void End(void)
{
    char Report[512] = "";

    Hooks = (HOOKS){ 0 };
    if (SimulatedMachineDelete(Machine, Report, sizeof(Report)) != 0) {
        CHECK_FAIL("the machine was not at rest: %s", Report);
    }
}

const char *Say(const char *Format, ...)
{
    va_list Arguments;
    char Words[256];

    va_start(Arguments, Format);
    vsnprintf(Words, sizeof(Words), Format, Arguments);
    va_end(Arguments);
    if (!SimulatedMachineControl(Machine, Words, Answer, sizeof(Answer))) {
        CHECK_FAIL("\"%s\" answers: %s", Words, Answer);
    }
    return Answer;
}

typedef struct PATH {
    KERNEL *Kernel;
    const char *Device;
    WCHAR Text[256];
} PATH;

static void PathTake(void *Context)
{
    PATH *Path = Context;
    PNP_NODE *Node;

    for (ULONG Place = 0; (Node = PnpNode(Path->Kernel, Place)) != NULL; Place++) {
        if (strcmp(DeviceName(Node->Device), Path->Device) == 0) {
            const WCHAR *Text = PnpInterfacePath(Node, &Interface);

            for (ULONG Index = 0; Text != NULL && (Path->Text[Index] = Text[Index]) != 0; Index++) {
            }
            return;
        }
    }
}

SIM_HANDLE Open(const char *Device)
{
    PATH Path = { HostMachine(Machine), Device, { 0 } };
    IRQSCOPE_VERSION_REQUEST Version = { IRQSCOPE_MAJOR, IRQSCOPE_MINOR };
    IRQSCOPE_VERSION_REPLY Reply;
    SIM_HANDLE File;

    KernelLook(Path.Kernel, PathTake, &Path);
    HostMachineRelease(Path.Kernel);
    File = CreateFileW((const uint16_t *)Path.Text, 0xC0000000u, 3, NULL, 3, OVERLAPPED_FILE, 0);
    if (File == SIM_INVALID_HANDLE) {
        CHECK_FAIL("%s cannot be opened", Device);
    }
    CHECK_STATUS(0, Ask(File, IRQSCOPE_CODE_VERSION, &Version, sizeof(Version), &Reply, sizeof(Reply)));
    CHECK_STATUS(0, Reply.Status);
    return File;
}

uint32_t Ask(SIM_HANDLE File, uint32_t Code, const void *In, uint32_t InSize, void *Out, uint32_t OutSize)
{
    SIM_OVERLAPPED Overlapped = { .Event = CreateEventW(NULL, 1, 0, NULL) };
    uint32_t Returned;

    if (!DeviceIoControl(File, Code, (void *)(uintptr_t)In, InSize, Out, OutSize, &Returned, &Overlapped)) {
        (void)GetOverlappedResult(File, &Overlapped, &Returned, 1);
    }
    CHECK(CloseHandle(Overlapped.Event));
    return (uint32_t)Overlapped.Internal;
}

uint32_t Connect(SIM_HANDLE File, IRQSCOPE_CONNECT_REQUEST Request)
{
    IRQSCOPE_CONNECT_REPLY Reply;

    CHECK_STATUS(0, Ask(File, IRQSCOPE_CODE_CONNECT, &Request, sizeof(Request), &Reply, sizeof(Reply)));
    CHECK_STATUS(0, Reply.Status);
    return Reply.Connection;
}

void Disconnect(SIM_HANDLE File, uint32_t Connection)
{
    IRQSCOPE_CONNECTION_REQUEST Request = { Connection, 0 };
    IRQSCOPE_REPLY Reply;

    CHECK_STATUS(0, Ask(File, IRQSCOPE_CODE_DISCONNECT, &Request, sizeof(Request), &Reply, sizeof(Reply)));
}

void Trigger(SIM_HANDLE File, uint32_t Connection, uint32_t Target, uint32_t Count, int Paced)
{
    IRQSCOPE_TRIGGER_REQUEST Request = { Connection, Target, Count, Paced ? IRQSCOPE_TRIGGER_PACED : 0,
                                         Paced ? 1000 : 0, 0 };
    IRQSCOPE_TRIGGER_REPLY Reply;

    CHECK_STATUS(0, Ask(File, IRQSCOPE_CODE_TRIGGER, &Request, sizeof(Request), &Reply, sizeof(Reply)));
    CHECK_STATUS(0, Reply.Status);
    CHECK_EQUAL(Count, Reply.Sent);
}

void Mask(SIM_HANDLE File, uint32_t Masked)
{
    IRQSCOPE_MASK_REQUEST Request = { Masked, 0 };
    IRQSCOPE_REPLY Reply;

    CHECK_STATUS(0, Ask(File, IRQSCOPE_CODE_MASK, &Request, sizeof(Request), &Reply, sizeof(Reply)));
    CHECK_STATUS(0, Reply.Status);
}
