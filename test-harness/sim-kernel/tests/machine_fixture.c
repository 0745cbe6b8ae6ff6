/* What the interrupt machine needs from below, for tests: one machine at a time, on the thread of the test. */
#include "machine_fixture.h"

#include <stdarg.h>
#include <string.h>

jmp_buf FixtureStop;
int FixtureExpectsStop;

static MACHINE *Current;
static MACHINE_LAYOUT CurrentLayout;
static unsigned Allocations;
static char StopRoutine[64];
static char StopMessage[512];
static char LastLog[512];
static ULONG Order;
static DEVICE_OBJECT Pdos[MACHINE_MAXIMUM_DEVICES];
static KSPIN_LOCK CancelLock;

/* ---- platform.h -------------------------------------------------------------------------------------------------- */

MACHINE *PlatformMachine(void)
{
    if (Current == NULL) {
        CHECK_FAIL("there is no machine");
    }
    return Current;
}

void PlatformChanged(void)
{
    /* Nobody waits: there is one thread. */
}

MACHINE *PlatformRoutine(const char *Routine)
{
    CHECK(Routine != NULL);
    return PlatformMachine();
}

BOOLEAN PlatformIsResident(const void *Memory)
{
    UNREFERENCED_PARAMETER(Memory);
    return TRUE;
}

void PlatformConnects(const char *Routine)
{
    CHECK(Routine != NULL); /* there is no power manager above these tests */
}

void *PlatformAllocate(size_t Bytes)
{
    void *Memory = calloc(1, Bytes);

    if (Memory == NULL) {
        CHECK_FAIL("no memory");
    }
    Allocations++;
    return Memory;
}

void PlatformFree(void *Memory)
{
    Allocations -= Memory != NULL;
    free(Memory);
}

_Noreturn void PlatformStop(const char *Routine, const char *Format, ...)
{
    va_list Arguments;

    va_start(Arguments, Format);
    vsnprintf(StopMessage, sizeof(StopMessage), Format, Arguments);
    va_end(Arguments);
    snprintf(StopRoutine, sizeof(StopRoutine), "%s", Routine);
    if (!FixtureExpectsStop) {
        CHECK_FAIL("stopped: %s: %s", StopRoutine, StopMessage);
    }
    longjmp(FixtureStop, 1);
}

void PlatformLog(const char *Format, ...)
{
    va_list Arguments;

    va_start(Arguments, Format);
    vsnprintf(LastLog, sizeof(LastLog), Format, Arguments);
    va_end(Arguments);
}

int PlatformFormat(char *Buffer, size_t Size, const char *Format, ...)
{
    va_list Arguments;
    int Length;

    va_start(Arguments, Format);
    Length = vsnprintf(Buffer, Size, Format, Arguments);
    va_end(Arguments);
    return Length;
}

/* ---- What csq.c takes from the kernel's I/O manager -------------------------------------------------------------- */

VOID NTAPI IoAcquireCancelSpinLock(PKIRQL Irql)
{
    *Irql = ProcessorRaise(Current, DISPATCH_LEVEL, "IoAcquireCancelSpinLock");
    ProcessorSpinLockTaken(Current, &CancelLock, "IoAcquireCancelSpinLock");
}

VOID NTAPI IoReleaseCancelSpinLock(KIRQL Irql)
{
    ProcessorSpinLockReleased(Current, &CancelLock, "IoReleaseCancelSpinLock");
    ProcessorLower(Current, Irql, "IoReleaseCancelSpinLock");
}

/* ---- The machine ------------------------------------------------------------------------------------------------- */

static MACHINE *BeginText(const char *Name, const char *Text, const char *Profile, MACHINE_MODE Mode, ULONGLONG Seed)
{
    const PROFILE *Found = ProfileFind(Profile);
    char Reason[256] = "";

    if (Current != NULL) {
        End();
    }
    if (Found == NULL || !LayoutParse(Name, Text, &CurrentLayout, Reason, sizeof(Reason)) ||
        !LayoutFits(&CurrentLayout, Found, Reason, sizeof(Reason))) {
        CHECK_FAIL("no machine %s of profile %s: %s", Text, Profile, Reason);
    }
    Order = 0;
    LastLog[0] = 0;
    memset(Pdos, 0, sizeof(Pdos));
    CancelLock = 0;
    Current = MachineCreate(&CurrentLayout, Found, Mode, Seed);
    ProcessorEnter(Current, NULL);
    return Current;
}

MACHINE *BeginSeeded(const char *Layout, const char *Profile, MACHINE_MODE Mode, ULONGLONG Seed)
{
    return BeginText(Layout, Layout, Profile, Mode, Seed);
}

MACHINE *Begin(const char *Layout, const char *Profile, MACHINE_MODE Mode)
{
    return BeginSeeded(Layout, Profile, Mode, 1);
}

MACHINE *BeginFile(const char *Text)
{
    return BeginText("test", Text, "server2022", MODE_OBSERVED, 1);
}

static void Delete(void)
{
    MachineDelete(Current);
    Current = NULL;
    if (Allocations != 0) {
        CHECK_FAIL("%u allocations were not freed with the machine", Allocations);
    }
}

void End(void)
{
    char Answer[512] = "";
    ULONG Index;

    ProcessorLeave(Current, "End");
    if (!MachineAtRest(Current, Answer, sizeof(Answer))) {
        CHECK_FAIL("not at rest: %s", Answer);
    }
    for (Index = 0; Index < MachineDevices(Current); Index++) {
        DeviceUnassign(MachineDevice(Current, Index));
    }
    Delete();
}

void FixtureCheckStop(const char *Routine, const char *Text)
{
    if (strcmp(Routine, StopRoutine) != 0 || strstr(StopMessage, Text) == NULL) {
        CHECK_FAIL("stopped with \"%s: %s\", expected \"%s: ...%s...\"", StopRoutine, StopMessage, Routine, Text);
    }
    Delete();
}

const char *FixtureLog(void)
{
    return LastLog;
}

void FixtureArm(const char *Fault)
{
    char Words[128];
    char Answer[256];

    snprintf(Words, sizeof(Words), "fault %s", Fault);
    if (!MachineControl(Current, Words, Answer, sizeof(Answer))) {
        CHECK_FAIL("fault %s: %s", Fault, Answer);
    }
}

/* ---- ISRs -------------------------------------------------------------------------------------------------------- */

static BOOLEAN Witnessed(WITNESS *Witness, PKINTERRUPT Interrupt, ULONG MessageId)
{
    Witness->Calls++;
    Witness->Argument = Interrupt;
    Witness->Processor = ProcessorCurrent(Current);
    Witness->On[ProcessorIndex(Witness->Processor)]++;
    Witness->Irql = ProcessorIrql(Current);
    Witness->MessageId = MessageId;
    Witness->Order = ++Order;
    if (Witness->Lowers != NULL) {
        VectorDeassert(Witness->Lowers);
        Witness->Lowers = NULL;
    }
    if (Witness->Act != NULL) {
        Witness->Act(Witness);
    }
    return Witness->Claims;
}

BOOLEAN NTAPI WitnessRoutine(PKINTERRUPT Interrupt, PVOID Context)
{
    return Witnessed(Context, Interrupt, ~0u);
}

BOOLEAN NTAPI WitnessMessage(PKINTERRUPT Interrupt, PVOID Context, ULONG MessageId)
{
    return Witnessed(Context, Interrupt, MessageId);
}

/* ---- Connects ---------------------------------------------------------------------------------------------------- */

LEGACY LegacyFor(VECTOR *Vector, KAFFINITY Mask, WITNESS *Witness)
{
    return (LEGACY) {
        .Routine = WitnessRoutine, .Context = Witness, .Vector = VectorNumber(Vector), .Irql = VectorIrql(Vector),
        .SynchronizeIrql = VectorIrql(Vector), .Mode = LevelSensitive, .Shared = TRUE, .Mask = Mask
    };
}

NTSTATUS LegacyConnect(const LEGACY *Legacy, PKINTERRUPT *Object)
{
    return IoConnectInterrupt(Object, Legacy->Routine, Legacy->Context, Legacy->Lock, Legacy->Vector, Legacy->Irql,
                              Legacy->SynchronizeIrql, Legacy->Mode, Legacy->Shared, Legacy->Mask, FALSE);
}

PDEVICE_OBJECT FixturePdoWith(const char *Name, ULONG Policy, USHORT Group, KAFFINITY Mask)
{
    DEVICE_POLICY Registry = {
        .HasPolicy = TRUE, .Policy = Policy, .HasGroup = TRUE, .Group = Group, .HasMask = TRUE, .Mask = Mask,
        .MessagesSupported = 1
    };
    DEVICE *Device = MachineDeviceByName(Current, Name);
    PIO_RESOURCE_REQUIREMENTS_LIST Requirements;
    PCM_RESOURCE_LIST Raw = NULL;
    PCM_RESOURCE_LIST Translated = NULL;
    ULONG Index;

    if (Device == NULL) {
        CHECK_FAIL("the machine has no %s", Name);
    }
    Requirements = DeviceRequirements(Device, &Registry);
    if (Requirements != NULL) {
        CHECK_STATUS(STATUS_SUCCESS, DeviceAssign(Device, Requirements, &Registry, &Raw, &Translated));
    }
    PlatformFree(Requirements);
    PlatformFree(Raw);
    PlatformFree(Translated);
    for (Index = 0; MachineDevice(Current, Index) != Device; Index++) {
    }
    DeviceSetPdo(Device, &Pdos[Index]);
    return &Pdos[Index];
}

PDEVICE_OBJECT FixturePdo(const char *Name)
{
    return FixturePdoWith(Name, 0, 0, 0);
}

ULONG FixtureAssignedCount(const char *Name)
{
    const ASSIGNED_INTERRUPT *List;

    return DeviceAssigned(MachineDeviceByName(Current, Name), &List);
}

const ASSIGNED_INTERRUPT *FixtureAssigned(const char *Name, ULONG Index)
{
    const ASSIGNED_INTERRUPT *List;

    if (DeviceAssigned(MachineDeviceByName(Current, Name), &List) <= Index) {
        CHECK_FAIL("%s has no interrupt %u", Name, Index);
    }
    return &List[Index];
}

IO_CONNECT_INTERRUPT_PARAMETERS FullFor(PDEVICE_OBJECT Pdo, const ASSIGNED_INTERRUPT *Assigned, PKINTERRUPT *Object,
                                        WITNESS *Witness)
{
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters = { .Version = CONNECT_FULLY_SPECIFIED_GROUP };

    Parameters.FullySpecified.PhysicalDeviceObject = Pdo;
    Parameters.FullySpecified.InterruptObject = Object;
    Parameters.FullySpecified.ServiceRoutine = WitnessRoutine;
    Parameters.FullySpecified.ServiceContext = Witness;
    Parameters.FullySpecified.SynchronizeIrql = Assigned->Irql;
    Parameters.FullySpecified.ShareVector = !Assigned->Message;
    Parameters.FullySpecified.Vector = Assigned->Number;
    Parameters.FullySpecified.Irql = Assigned->Irql;
    Parameters.FullySpecified.InterruptMode = Assigned->Mode;
    Parameters.FullySpecified.ProcessorEnableMask = Assigned->Mask;
    Parameters.FullySpecified.Group = Assigned->Group;
    return Parameters;
}

IO_CONNECT_INTERRUPT_PARAMETERS LineFor(PDEVICE_OBJECT Pdo, PKINTERRUPT *Object, WITNESS *Witness)
{
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters = { .Version = CONNECT_LINE_BASED };

    Parameters.LineBased.PhysicalDeviceObject = Pdo;
    Parameters.LineBased.InterruptObject = Object;
    Parameters.LineBased.ServiceRoutine = WitnessRoutine;
    Parameters.LineBased.ServiceContext = Witness;
    return Parameters;
}

IO_CONNECT_INTERRUPT_PARAMETERS MessageFor(PDEVICE_OBJECT Pdo, PVOID *Context, WITNESS *Witness)
{
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters = { .Version = CONNECT_MESSAGE_BASED };

    Parameters.MessageBased.PhysicalDeviceObject = Pdo;
    Parameters.MessageBased.ConnectionContext.Generic = Context;
    Parameters.MessageBased.MessageServiceRoutine = WitnessMessage;
    Parameters.MessageBased.ServiceContext = Witness;
    return Parameters;
}

void DisconnectEx(ULONG Version, PVOID Context)
{
    IO_DISCONNECT_INTERRUPT_PARAMETERS Parameters = { .Version = Version, .ConnectionContext.Generic = Context };

    IoDisconnectInterruptEx(&Parameters);
}

VOID NTAPI PlatformCancelRoutine(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    CsqCancel(Irp);
}
