/*
 * IoConnectInterruptEx and IoDisconnectInterruptEx.
 *
 * What the reference page says and what shipping kernels answer differ in several places; each is marked where the
 * machine's mode decides.
 */
#include "interior.h"

#define MESSAGE_BASED_PASSIVE 5         /* headers of Windows 8 and later; not every header has the name */
#define HIGHEST_DEFAULT CONNECT_MESSAGE_BASED   /* what kernels put into Version when they do not know it */

#define INVALID_PDO 2
#define INVALID_VERSION 9

/* Every version needs the PDO: the device's assigned resources are found through it. */
static DEVICE *DeviceOf(MACHINE *Machine, PDEVICE_OBJECT Pdo)
{
    DEVICE *Device = DeviceOfPdo(Machine, Pdo);

    if (Device == NULL) {
        PlatformStop("IoConnectInterruptEx",
                     "the device object is no PDO: bug check 0xCA (PNP_DETECTED_FATAL_ERROR), %u", (ULONG)INVALID_PDO);
    }
    return Device;
}

/* Where the result goes. Kernels write there before they look at anything else. */
static BOOLEAN ClearResult(MACHINE *Machine, PVOID *Result)
{
    if (Result != NULL) {
        *Result = NULL;
        return TRUE;
    }
    if (Machine->Mode == MODE_OBSERVED) {
        PlatformStop("IoConnectInterruptEx", "there is no place for the result: Windows would fault");
    }
    return FALSE;
}

static NTSTATUS FinishConnect(MACHINE *Machine, CONNECTION *Connection, DEVICE *Device, NTSTATUS Status)
{
    if (NT_SUCCESS(Status) &&
        (MachineFails(Machine, "IoConnectInterruptEx") || FaultHappens(Machine, FAULT_REFUSED, Device))) {
        Status = STATUS_INSUFFICIENT_RESOURCES;
    }
    if (!NT_SUCCESS(Status)) {
        ConnectionDelete(Machine, Connection);
    }
    return Status;
}

/* ---- Fully specified, with and without a group ------------------------------------------------------------------- */

static BOOLEAN EqualsAssigned(const ASSIGNED_INTERRUPT *Assigned, const CONNECT_REQUEST *Request, ULONG Number)
{
    return Assigned->Number == Number && Assigned->Irql == Request->Irql && Assigned->Mode == Request->Mode &&
        Assigned->Group == Request->Group && Assigned->Mask == Request->Mask;
}

/* How well an own interrupt fits a request where the kernel does not insist on equality. Numbers repeat on other
 * processors, so the number alone is not enough as long as something fits better. */
static ULONG Fitness(const ASSIGNED_INTERRUPT *Assigned, const CONNECT_REQUEST *Request, ULONG Number)
{
    if (Assigned->Number != Number) {
        return 0;
    }
    if (Assigned->Group != Request->Group) {
        return 1;
    }
    return Assigned->Mask == Request->Mask ? 3 : (Assigned->Mask & Request->Mask) != 0 ? 2 : 1;
}

static NTSTATUS FindVector(MACHINE *Machine, DEVICE *Device, CONNECT_REQUEST *Request, ULONG Number)
{
    const ASSIGNED_INTERRUPT *List;
    ULONG Count = DeviceAssigned(Device, &List);
    BOOLEAN Compares = Machine->Mode == MODE_OBSERVED && Machine->Profile->ComparesAssigned;
    ULONG Best = 0;
    ULONG Index;

    for (Index = 0; Index < Count; Index++) {
        ULONG Fits = Compares ? EqualsAssigned(&List[Index], Request, Number) : Fitness(&List[Index], Request, Number);

        if (Fits > Best) {
            Best = Fits;
            Request->Vector = List[Index].Vector;
        }
    }
    if (Best != 0) {
        return STATUS_SUCCESS;
    }
    if (Compares && Count != 0) {
        return STATUS_NOT_SUPPORTED;
    }
    if (Machine->Mode == MODE_OBSERVED) {
        /* Without assigned data, as for a root-enumerated device, it is IoConnectInterrupt with a group. */
        Request->Vector = VectorFindOn(Machine, Request->Group, Request->Mask, Number);
    }
    return Request->Vector == NULL ? STATUS_NOT_FOUND : STATUS_SUCCESS;
}

static NTSTATUS CheckFullySpecified(MACHINE *Machine, const CONNECT_REQUEST *Request)
{
    KAFFINITY Active = Request->Group < Machine->Layout.Groups ? Machine->Layout.Group[Request->Group].Active : 0;

    if (Request->ServiceRoutine == NULL || Request->SynchronizeIrql < Request->Irql ||
        (Request->Irql == PASSIVE_LEVEL && Request->Lock != NULL)) {
        return STATUS_INVALID_PARAMETER;
    }
    if (Active == 0) {
        return STATUS_INVALID_PARAMETER;
    }
    if ((Request->Mask & Active) == 0) {
        return Machine->Mode == MODE_DOCUMENTED ? STATUS_INVALID_PARAMETER_10 : STATUS_INVALID_PARAMETER;
    }
    if (Request->Irql == PASSIVE_LEVEL) {
        PlatformLog("IoConnectInterruptEx: an interrupt at PASSIVE_LEVEL is for GPIO and SPB controllers, which this "
                    "machine has none of");
        return STATUS_NOT_SUPPORTED;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS ConnectFullySpecified(MACHINE *Machine, PIO_CONNECT_INTERRUPT_PARAMETERS Parameters)
{
    PIO_CONNECT_INTERRUPT_FULLY_SPECIFIED_PARAMETERS Given = &Parameters->FullySpecified;
    CONNECTION *Connection;
    DEVICE *Device;
    NTSTATUS Status;
    LINK *Link;
    CONNECT_REQUEST Request = {
        .Routine = "IoConnectInterruptEx", .ServiceRoutine = Given->ServiceRoutine, .Context = Given->ServiceContext,
        .Lock = Given->SpinLock, .Irql = Given->Irql, .SynchronizeIrql = Given->SynchronizeIrql,
        .Mode = Given->InterruptMode, .Shared = Given->ShareVector, .Mask = Given->ProcessorEnableMask,
        .Group = Parameters->Version == CONNECT_FULLY_SPECIFIED_GROUP ? Given->Group : 0
    };

    if (!ClearResult(Machine, (PVOID *)Given->InterruptObject) || Given->PhysicalDeviceObject == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    if (Given->FloatingSave) {
        PlatformStop(Request.Routine, "FloatingSave is TRUE: floating point has no place in an ISR");
    }
    Status = CheckFullySpecified(Machine, &Request);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Device = DeviceOf(Machine, Given->PhysicalDeviceObject);
    Status = FindVector(Machine, Device, &Request, Given->Vector);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Connection = ConnectionCreate(Machine, Parameters->Version, Given->PhysicalDeviceObject);
    Status = ConnectionAdd(Machine, Connection, &Request, &Link);
    Status = FinishConnect(Machine, Connection, Device, Status);
    if (NT_SUCCESS(Status)) {
        ConnectionOpen(Machine, Connection, &Link->Returned);
        *Given->InterruptObject = &Link->Returned;
    }
    return Status;
}

/* ---- All lines, all messages ------------------------------------------------------------------------------------- */

/* One of the two kinds that the device was assigned: how many, and the highest IRQL of them. */
static ULONG CountKind(const ASSIGNED_INTERRUPT *List, ULONG Count, BOOLEAN Message, KIRQL *Highest)
{
    ULONG Found = 0;
    ULONG Index;

    *Highest = PASSIVE_LEVEL;
    for (Index = 0; Index < Count; Index++) {
        if (List[Index].Message == Message) {
            Found++;
            *Highest = max(*Highest, List[Index].Irql);
        }
    }
    return Found;
}

/* What the page says when the version does not fit what the device has. */
static NTSTATUS NotOfThatKind(ULONG Count)
{
    return Count == 0 ? STATUS_NOT_FOUND : STATUS_INVALID_DEVICE_REQUEST;
}

static CONNECT_REQUEST RequestFor(const ASSIGNED_INTERRUPT *Assigned, const CONNECT_REQUEST *Common)
{
    CONNECT_REQUEST Request = *Common;

    Request.Vector = Assigned->Vector;
    Request.Irql = Assigned->Irql;
    Request.Mode = Assigned->Mode;
    Request.Group = Assigned->Group;
    Request.Mask = Assigned->Mask;
    Request.Shared = TRUE;              /* always: the ISR has to cope with calls that are not for it */
    if (Request.SynchronizeIrql == PASSIVE_LEVEL) {
        Request.SynchronizeIrql = Assigned->Irql;
    }
    return Request;
}

static NTSTATUS ConnectLines(MACHINE *Machine, PDEVICE_OBJECT Pdo, PKINTERRUPT *Result, const CONNECT_REQUEST *Given)
{
    const ASSIGNED_INTERRUPT *List;
    CONNECT_REQUEST Common = *Given;
    CONNECTION *Connection;
    NTSTATUS Status = STATUS_SUCCESS;
    DEVICE *Device;
    KIRQL Highest;
    ULONG Index;
    ULONG Count;

    if (!ClearResult(Machine, (PVOID *)Result) || Pdo == NULL || Common.ServiceRoutine == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    Device = DeviceOf(Machine, Pdo);
    Count = DeviceAssigned(Device, &List);
    if (CountKind(List, Count, FALSE, &Highest) == 0) {
        return Machine->Mode == MODE_OBSERVED ? STATUS_INVALID_PARAMETER : NotOfThatKind(Count);
    }
    if (Common.SynchronizeIrql != PASSIVE_LEVEL && Common.SynchronizeIrql < Highest) {
        return STATUS_INVALID_PARAMETER;
    }
    /* One ISR for all of them: it must not interrupt itself. */
    Common.SynchronizeIrql = max(Common.SynchronizeIrql, Highest);
    Connection = ConnectionCreate(Machine, CONNECT_LINE_BASED, Pdo);
    if (Common.Lock == NULL) {
        Common.Lock = &Connection->SharedLock;
    }
    for (Index = 0; Index < Count && NT_SUCCESS(Status); Index++) {
        if (!List[Index].Message) {
            CONNECT_REQUEST Request = RequestFor(&List[Index], &Common);

            Status = ConnectionAdd(Machine, Connection, &Request, NULL);
        }
    }
    Status = FinishConnect(Machine, Connection, Device, Status);
    if (NT_SUCCESS(Status)) {
        ConnectionOpen(Machine, Connection, &Connection->Container);
        *Result = &Connection->Container;
    }
    return Status;
}

static PIO_INTERRUPT_MESSAGE_INFO TableCreate(MACHINE *Machine, CONNECTION *Connection, ULONG Count,
                                              KIRQL UnifiedIrql)
{
    SIZE_T Size = FIELD_OFFSET(IO_INTERRUPT_MESSAGE_INFO, MessageInfo) +
        Count * sizeof(IO_INTERRUPT_MESSAGE_INFO_ENTRY);
    PIO_INTERRUPT_MESSAGE_INFO Table = PlatformAllocate(Size);

    Table->UnifiedIrql = UnifiedIrql;
    Table->MessageCount = Count;
    ObjectRemember(Machine, Table, Size, NULL, Connection, Table);
    return Table;
}

static void EntryFill(PIO_INTERRUPT_MESSAGE_INFO_ENTRY Entry, LINK *Link)
{
    VectorMessage(Link->Vector, &Entry->MessageAddress, &Entry->MessageData);
    Entry->TargetProcessorSet = Link->Mask;
    Entry->InterruptObject = &Link->Returned;
    Entry->Vector = Link->Vector->Number;
    Entry->Irql = Link->Irql;
    Entry->Mode = Link->Mode;
    Entry->Polarity = InterruptRisingEdge;
}

static NTSTATUS ConnectMessages(MACHINE *Machine, PDEVICE_OBJECT Pdo, PIO_INTERRUPT_MESSAGE_INFO *Result,
                                const CONNECT_REQUEST *Given, BOOLEAN *HasMessages)
{
    const ASSIGNED_INTERRUPT *List;
    CONNECT_REQUEST Common = *Given;
    PIO_INTERRUPT_MESSAGE_INFO Table;
    CONNECTION *Connection;
    NTSTATUS Status = STATUS_SUCCESS;
    BOOLEAN Unified = Common.Lock != NULL || Common.SynchronizeIrql != PASSIVE_LEVEL;
    DEVICE *Device;
    KIRQL Highest;
    ULONG Messages;
    ULONG Index;
    ULONG Count;
    LINK *Link;

    *HasMessages = TRUE;
    if (!ClearResult(Machine, (PVOID *)Result) || Pdo == NULL || Common.MessageRoutine == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    Device = DeviceOf(Machine, Pdo);
    Count = DeviceAssigned(Device, &List);
    Messages = CountKind(List, Count, TRUE, &Highest);
    *HasMessages = Messages != 0;
    if (Messages == 0) {
        return NotOfThatKind(Count);
    }
    if (Common.SynchronizeIrql != PASSIVE_LEVEL && Common.SynchronizeIrql < Highest) {
        return STATUS_INVALID_PARAMETER;
    }
    Connection = ConnectionCreate(Machine, CONNECT_MESSAGE_BASED, Pdo);
    if (Unified) {
        /* A lock or an IRQL asks for one ISR at a time, of all messages. */
        Common.SynchronizeIrql = max(Common.SynchronizeIrql, Highest);
        Common.Lock = Common.Lock != NULL ? Common.Lock : &Connection->SharedLock;
    }
    for (Index = 0; Index < Count && NT_SUCCESS(Status); Index++) {
        if (List[Index].Message) {
            CONNECT_REQUEST Request = RequestFor(&List[Index], &Common);

            Status = ConnectionAdd(Machine, Connection, &Request, NULL);
            Common.MessageId++;
        }
    }
    Status = FinishConnect(Machine, Connection, Device, Status);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Table = TableCreate(Machine, Connection, Messages, Unified ? Common.SynchronizeIrql : PASSIVE_LEVEL);
    for (Link = Connection->Links; Link != NULL; Link = Link->NextInConnection) {
        EntryFill(&Table->MessageInfo[Link->MessageId], Link);
    }
    ConnectionOpen(Machine, Connection, Table);
    *Result = Table;
    return STATUS_SUCCESS;
}

static NTSTATUS ConnectLineBased(MACHINE *Machine, PIO_CONNECT_INTERRUPT_PARAMETERS Parameters)
{
    PIO_CONNECT_INTERRUPT_LINE_BASED_PARAMETERS Given = &Parameters->LineBased;
    CONNECT_REQUEST Request = {
        .Routine = "IoConnectInterruptEx", .ServiceRoutine = Given->ServiceRoutine, .Context = Given->ServiceContext,
        .Lock = Given->SpinLock, .SynchronizeIrql = Given->SynchronizeIrql
    };

    return ConnectLines(Machine, Given->PhysicalDeviceObject, Given->InterruptObject, &Request);
}

static NTSTATUS ConnectMessageBased(MACHINE *Machine, PIO_CONNECT_INTERRUPT_PARAMETERS Parameters)
{
    PIO_CONNECT_INTERRUPT_MESSAGE_BASED_PARAMETERS Given = &Parameters->MessageBased;
    BOOLEAN Observed = Machine->Mode == MODE_OBSERVED;
    BOOLEAN HasMessages;
    NTSTATUS Status;
    CONNECT_REQUEST Request = {
        .Routine = "IoConnectInterruptEx", .MessageRoutine = Given->MessageServiceRoutine,
        .Context = Given->ServiceContext, .Lock = Given->SpinLock, .SynchronizeIrql = Given->SynchronizeIrql
    };

    Status = ConnectMessages(Machine, Given->PhysicalDeviceObject, Given->ConnectionContext.InterruptMessageTable,
                             &Request, &HasMessages);
    if (NT_SUCCESS(Status)) {
        return Status;
    }
    /* The page: a device without messages falls back. Kernels: whatever the cause, and a cause that is not helped by a
     * fallback becomes STATUS_NOT_SUPPORTED. */
    if (Given->FallBackServiceRoutine != NULL && (Observed || !HasMessages)) {
        Parameters->Version = CONNECT_LINE_BASED;
        Request.MessageRoutine = NULL;
        Request.ServiceRoutine = Given->FallBackServiceRoutine;
        return ConnectLines(Machine, Given->PhysicalDeviceObject, Given->ConnectionContext.InterruptObject, &Request);
    }
    return Observed ? STATUS_NOT_SUPPORTED : Status;
}

/* ---- The two routines -------------------------------------------------------------------------------------------- */

static NTSTATUS RefuseVersion(MACHINE *Machine, PIO_CONNECT_INTERRUPT_PARAMETERS Parameters)
{
    const PROFILE *Profile = Machine->Profile;
    BOOLEAN KnowsPassive = Profile->Major > 6 || (Profile->Major == 6 && Profile->Minor >= 2);

    if (Parameters->Version == MESSAGE_BASED_PASSIVE && KnowsPassive) {
        PlatformLog("IoConnectInterruptEx: messages at PASSIVE_LEVEL are for GPIO and SPB controllers, which this "
                    "machine has none of");
        return Machine->Mode == MODE_DOCUMENTED ? STATUS_INVALID_DEVICE_REQUEST : STATUS_NOT_SUPPORTED;
    }
    if (Machine->Mode == MODE_DOCUMENTED) {
        return STATUS_INVALID_PARAMETER_1;
    }
    Parameters->Version = HIGHEST_DEFAULT;
    return STATUS_NOT_SUPPORTED;
}

NTSTATUS NTAPI IoConnectInterruptEx(PIO_CONNECT_INTERRUPT_PARAMETERS Parameters)
{
    MACHINE *Machine = PlatformRoutine("IoConnectInterruptEx");

    PlatformConnects("IoConnectInterruptEx");
    KernelHas(Machine, Machine->Profile->HasConnectEx, "IoConnectInterruptEx");
    if (Parameters == NULL) {
        PlatformStop("IoConnectInterruptEx", "the parameters are NULL");
    }
    ConnectionNeedsPassive(Machine, "IoConnectInterruptEx", TRUE);
    switch (Parameters->Version) {
    case CONNECT_FULLY_SPECIFIED:
    case CONNECT_FULLY_SPECIFIED_GROUP:
        return ConnectFullySpecified(Machine, Parameters);
    case CONNECT_LINE_BASED:
        return ConnectLineBased(Machine, Parameters);
    case CONNECT_MESSAGE_BASED:
        return ConnectMessageBased(Machine, Parameters);
    default:
        return RefuseVersion(Machine, Parameters);
    }
}

VOID NTAPI IoDisconnectInterruptEx(PIO_DISCONNECT_INTERRUPT_PARAMETERS Parameters)
{
    const char *Name = "IoDisconnectInterruptEx";
    MACHINE *Machine = PlatformRoutine(Name);
    CONNECTION *Connection;
    POINTER_STATE State;

    PlatformConnects(Name);
    KernelHas(Machine, Machine->Profile->HasConnectEx, Name);
    if (Parameters == NULL) {
        PlatformStop(Name, "the parameters are NULL");
    }
    ConnectionNeedsPassive(Machine, Name, FALSE);
    if (Parameters->Version < CONNECT_FULLY_SPECIFIED || Parameters->Version > MESSAGE_BASED_PASSIVE) {
        PlatformStop(Name, "there is no version %u: bug check 0xCA (PNP_DETECTED_FATAL_ERROR), %u", Parameters->Version,
                     (ULONG)INVALID_VERSION);
    }
    State = ObjectState(Machine, Parameters->ConnectionContext.Generic, &Connection);
    if (State == POINTER_GONE) {
        PlatformStop(Name, "the connection was already disconnected: use after free");
    }
    if (Connection == NULL || Connection->Handle != Parameters->ConnectionContext.Generic) {
        PlatformStop(Name, Parameters->ConnectionContext.Generic == NULL ? "the connection context is NULL" :
                     "the pointer is not what a connect handed out");
    }
    if (Connection->Version != Parameters->Version) {
        PlatformStop(Name, "version %u is given, the connect returned version %u%s", Parameters->Version,
                     Connection->Version, Connection->Version == 0 ? " (none: it was IoConnectInterrupt)" : "");
    }
    ConnectionDelete(Machine, Connection);
    MachineDeliver(Machine);
}
