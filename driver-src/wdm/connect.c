#include "driver.h"

#include "portclass.h"

typedef struct CONNECT_ROW {
    CONNECT_WAY *Connect;
    DISCONNECT_WAY *Disconnect;
} CONNECT_ROW;

/* A kernel without IoConnectInterruptEx: its compatibility library does a fully specified connect by
 * IoConnectInterrupt. */
static CONNECT_ROW ConnectRow(_In_ const CONNECTION *Connection)
{
    static const CONNECT_ROW Interrupt = { ConnectInterrupt, DisconnectInterrupt };
    static const CONNECT_ROW Full = { ConnectFull, DisconnectEx };
    static const CONNECT_ROW Line = { ConnectLine, DisconnectEx };
    static const CONNECT_ROW Message = { ConnectMessage, DisconnectEx };
    const CONNECT_ROW Portcls = { Portclass.Connect, Portclass.Disconnect };

    switch (Connection->Way) {
    case IRQSCOPE_WAY_FULLY_SPECIFIED:
        return Connection->Device->Driver->Routines.ConnectInterruptEx == NULL ? Interrupt : Full;
    case IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP:
        return Full;
    case IRQSCOPE_WAY_LINE_BASED:
        return Line;
    case IRQSCOPE_WAY_MESSAGE_BASED:
        return Message;
    case IRQSCOPE_WAY_PORTCLS:
        return Portcls;
    default: /* IRQSCOPE_WAY_IO_CONNECT_INTERRUPT: ConnectCheck lets no other pass */
        return Interrupt;
    }
}

/* ---- Targets: what stands before connect is called --------------------------------------------------------------- */

static VOID TargetPrepare(_Inout_ CONNECTION *Connection, _Inout_ TARGET *Target, ULONG Number, ULONG Resource,
                          ULONG Message)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;

    Target->Connection = Connection;
    Target->Hardware = &Device->Hardware;
    Target->Number = Number;
    Target->Message = Message;
    Target->Resource = Resource;
    if (Resource != CONNECT_EVERY) {
        const IRQSCOPE_RESOURCE_RECORD *Record = &Device->Resources[Resource];

        Target->Shared = (Record->Flags & IRQSCOPE_RESOURCE_SHARED) != 0;
        Target->Vector = Record->Vector;
        Target->DeviceIrql = (KIRQL)Record->Irql;
        Target->Irql = Connection->SynchronizeIrql != 0 ? Connection->SynchronizeIrql : (KIRQL)Record->Irql;
    }
    CountersReset(&Target->Counters, Number);
    StormStart(&Target->Storm, Connection->StormRate, Device->Driver->Clock.Frequency);
}

/* The first resource of a kind; CONNECT_EVERY when there is none. Highest: the highest DIRQL of that kind, 0:
 * none. */
static ULONG ResourceFirst(_In_ const IRQSCOPE_DEVICE *Device, ULONG Kind, _Out_ KIRQL *Highest, _Out_ ULONG *Count)
{
    ULONG First = CONNECT_EVERY;
    ULONG Index;

    *Highest = 0;
    *Count = 0;
    for (Index = Device->ResourceCount; Index-- != 0;) {
        if (Kind == 0 || Device->Resources[Index].Kind == Kind) {
            First = Index;
            *Count += 1;
            if (Device->Resources[Index].Irql > *Highest) {
                *Highest = (KIRQL)Device->Resources[Index].Irql;
            }
        }
    }
    return First;
}

/* The number, at the device, of a resource's first message. */
static ULONG ResourceMessage(_In_ const IRQSCOPE_DEVICE *Device, ULONG Resource)
{
    ULONG Message = 0;
    ULONG Index;

    if (Device->Resources[Resource].Kind != IRQSCOPE_KIND_MESSAGE) {
        return MODEL_LINE;
    }
    for (Index = 0; Index < Resource; Index++) {
        if (Device->Resources[Index].Kind == IRQSCOPE_KIND_MESSAGE) {
            Message += Device->Resources[Index].RawLevel;
        }
    }
    return Message;
}

/* A line target: the SynchronizeIrql that the kernel chooses is the highest of the lines. */
static VOID TargetPrepareLine(_Inout_ CONNECTION *Connection, _Inout_ TARGET *Target)
{
    KIRQL Highest;
    ULONG Count;
    ULONG First = ResourceFirst(Connection->Device, IRQSCOPE_KIND_LINE, &Highest, &Count);

    TargetPrepare(Connection, Target, 0, First, MODEL_LINE);
    Target->Shared = TRUE; /* these ways always connect as shared */
    if (Connection->SynchronizeIrql == 0) {
        Target->Irql = Highest;
    }
}

static VOID TargetPrepareMessages(_Inout_ CONNECTION *Connection)
{
    const IRQSCOPE_DEVICE *Device = Connection->Device;
    ULONG Message = 0;
    ULONG Index;
    ULONG Within;

    for (Index = 0; Index < Device->ResourceCount; Index++) {
        if (Device->Resources[Index].Kind == IRQSCOPE_KIND_MESSAGE) {
            for (Within = 0; Within < Device->Resources[Index].RawLevel; Within++, Message++) {
                TargetPrepare(Connection, &Connection->Made[Message], Message, Index, Message);
            }
        }
    }
}

/* One ISR that serves several interrupts needs a lock of the driver's own and the highest DIRQL of them all, in each
 * connect (single resources and lines). Messages have a lock each, unless one for all was asked for. */
static VOID ConnectChooseLock(_Inout_ CONNECTION *Connection)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;
    KIRQL Highest;
    ULONG Count;

    (VOID)ResourceFirst(Device, 0, &Highest, &Count);
    switch (Connection->Way) {
    case IRQSCOPE_WAY_PORTCLS:
        break; /* the object brings a lock of its own and takes the resource's own level */
    case IRQSCOPE_WAY_MESSAGE_BASED:
        if ((Connection->RequestFlags & IRQSCOPE_CONNECT_SHARED_LOCK) != 0) {
            Connection->Lock = &Connection->OwnLock;
            Connection->SynchronizeIrql = Highest;
        }
        break;
    default:
        if (Count > 1) {
            Connection->Lock = &Device->InterruptLock;
            Connection->SynchronizeIrql = Highest;
        } else if (Connection->Resource != CONNECT_EVERY) {
            Connection->SynchronizeIrql = (KIRQL)Device->Resources[Connection->Resource].Irql;
        }
        break;
    }
}

_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Connection->Device->Gate)
static NTSTATUS ConnectPrepare(_Inout_ CONNECTION *Connection, _In_ const IRQSCOPE_CONNECT_REQUEST *Request)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;
    ULONG Messages = Connection->Way == IRQSCOPE_WAY_MESSAGE_BASED ? ResourcesMessages(Device) : 0;
    BOOLEAN Line = Connection->Way != IRQSCOPE_WAY_MESSAGE_BASED ||
                   (Connection->RequestFlags & IRQSCOPE_CONNECT_FALLBACK) != 0;

    KeInitializeSpinLock(&Connection->OwnLock);
    if (Connection->Resource != CONNECT_EVERY) {
        const IRQSCOPE_RESOURCE_RECORD *Record = &Device->Resources[Connection->Resource];

        Connection->Group = Record->Group;
        Connection->Mask = (KAFFINITY)((Connection->RequestFlags & IRQSCOPE_CONNECT_PROCESSORS) != 0 ? Request->Mask
                                                                                                    : Record->Mask);
    }
    ConnectChooseLock(Connection);
    Connection->Messages = Messages;
    Connection->MadeCount = Messages + (Line ? 1 : 0);
    if (Connection->MadeCount == 0) {
        Connection->MadeCount = 1; /* there is no interrupt to connect; the kernel is asked and says so */
    }
    Connection->Made = MemoryAllocate(&Device->Driver->Routines, Connection->MadeCount * sizeof(TARGET),
                                      MEMORY_TAG_CONNECTION);
    if (Connection->Made == NULL) {
        return STATUS_QUOTA_EXCEEDED;
    }
    if (Connection->Resource != CONNECT_EVERY) {
        TargetPrepare(Connection, &Connection->Made[0], 0, Connection->Resource,
                      ResourceMessage(Device, Connection->Resource));
    } else {
        if (Messages != 0) {
            TargetPrepareMessages(Connection);
        }
        if (Messages == 0 || Line) {
            TargetPrepareLine(Connection, &Connection->Made[Messages]);
        }
        if (Connection->Way == IRQSCOPE_WAY_MESSAGE_BASED && Line) {
            Connection->FallBack = &Connection->Made[Messages];
        }
    }
    Connection->Target = Connection->Made;
    return LanesMake(Connection);
}

/* ---- A connection's life ----------------------------------------------------------------------------------------- */

_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Connection->Device->Gate)
static VOID ConnectFree(_Inout_ CONNECTION *Connection)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;

    LanesFree(Connection);
    IdentityGive(&Device->Identities, Connection->Id);
    MemoryFree(Connection->Made, MEMORY_TAG_CONNECTION);
    MemoryFree(Connection, MEMORY_TAG_CONNECTION);
}

/* The resources that the connection took show its id, those that it gives back show 0. */
static VOID ConnectMark(_In_ const CONNECTION *Connection, ULONG Id)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;
    ULONG Index;

    for (Index = 0; Index < Device->ResourceCount; Index++) {
        if (Index == Connection->Resource ||
            (Connection->Resource == CONNECT_EVERY && Device->Resources[Index].Kind == Connection->ConnectedAs)) {
            Device->Resources[Index].Connection = Id;
        }
    }
}

static VOID ConnectTell(_In_ const CONNECTION *Connection, _Inout_ IRQSCOPE_CONNECT_REPLY *Reply)
{
    Reply->Connection = Connection->Id;
    Reply->Targets = Connection->Targets;
    Reply->ConnectedAs = Connection->ConnectedAs;
    Reply->SynchronizeIrql = Connection->SynchronizeIrql;
    Reply->UnifiedIrql = Connection->UnifiedIrql;
    Reply->Slots = Connection->Lanes;
}

/* Registers what connect made, and lets the device interrupt. */
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Connection->Device->Gate)
static VOID ConnectKeep(_Inout_ CONNECTION *Connection, ULONG Place)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;
    KIRQL Irql;

    Device->Connections[Place] = Connection;
    KeAcquireSpinLock(&Device->StreamLock, &Irql);
    Device->ConnectionCount++;
    Device->Owner = Connection->Owner;
    KeReleaseSpinLock(&Device->StreamLock, Irql);
    ConnectMark(Connection, Connection->Id);
    if (Device->ConnectionCount == 1) {
        (VOID)InterlockedExchange(&Device->Hardware.Connected, 1);
        HardwareApply(&Device->Hardware);
    }
}

/* No connection is left: nothing of theirs is under way any more, and what one owner did to the device ends with him.
 * The storm DPCs are the device's, so they stay while any connection does: another may have queued one. */
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Device->Gate)
static VOID ConnectQuiet(_Inout_ IRQSCOPE_DEVICE *Device)
{
    (VOID)KeRemoveQueueDpc(&Device->StormDpc[0]);
    (VOID)KeRemoveQueueDpc(&Device->StormDpc[1]);
    StreamQuiet(Device);
    (VOID)InterlockedExchange(&Device->Hardware.Masked, 0);
    (VOID)InterlockedExchange(&Device->Hardware.Storm, 0);
}

_Use_decl_annotations_
NTSTATUS ConnectMake(IRQSCOPE_DEVICE *Device, SESSION *Session, const IRQSCOPE_CONNECT_REQUEST *Request,
                     IRQSCOPE_CONNECT_REPLY *Reply)
{
    CONNECT_CONTEXT Context;
    CONNECTION *Connection;
    NTSTATUS Status;
    uint32_t Place;
    uint32_t Index;
    uint32_t Id;

    Context.Resources = Device->Resources;
    Context.Count = Device->ResourceCount;
    Context.Abilities = Device->Driver->Abilities;
    Context.Model = Device->Hardware.Model->Kind;
    Status = (NTSTATUS)ConnectCheck(Request, &Context, &Index);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    RtlZeroMemory(Reply, sizeof(*Reply));
    Reply->Status = ConnectSupported(Request, &Context, Index);
    if (Reply->Status != IRQSCOPE_STATUS_SUCCESS) {
        /* As the compatibility library says it: the only kind it can make is the first. */
        Reply->Version = Device->Driver->Routines.ConnectInterruptEx == NULL ? CONNECT_FULLY_SPECIFIED : 0;
        return STATUS_SUCCESS;
    }
    Status = (NTSTATUS)IdentityTake(&Device->Identities, &Place, &Id);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Connection = MemoryAllocate(&Device->Driver->Routines, sizeof(*Connection), MEMORY_TAG_CONNECTION);
    if (Connection == NULL) {
        IdentityGive(&Device->Identities, Id);
        return STATUS_QUOTA_EXCEEDED;
    }
    Connection->Device = Device;
    Connection->Owner = Session;
    Connection->Id = Id;
    Connection->Way = Request->Way;
    Connection->Resource = Index;
    Connection->RequestFlags = Request->Flags;
    Connection->Events = ConnectEvents(Request);
    Connection->StormRate = Request->StormRate;
    Status = ConnectPrepare(Connection, Request);
    if (!NT_SUCCESS(Status)) {
        ConnectFree(Connection);
        return Status;
    }
    Reply->Status = (ULONG)ConnectRow(Connection).Connect(Connection);
    Reply->Version = Connection->Version;
    if (!NT_SUCCESS((NTSTATUS)Reply->Status)) {
        LanesStop(Connection); /* a neighbour's interrupt may have run the ISR meanwhile */
        ConnectFree(Connection);
        if (Device->ConnectionCount == 0) {
            ConnectQuiet(Device);
        }
        return STATUS_SUCCESS;
    }
    ConnectKeep(Connection, Place);
    ConnectTell(Connection, Reply);
    return STATUS_SUCCESS;
}

/* mask, disconnect, DPCs, what waits, free */
_Use_decl_annotations_
VOID ConnectBreak(CONNECTION *Connection)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;
    BOOLEAN Last = Device->ConnectionCount == 1;
    KIRQL Irql;

    (VOID)InterlockedExchange(&Device->Hardware.Connected, 0);
    HardwareApply(&Device->Hardware);
    ConnectRow(Connection).Disconnect(Connection);
    LanesStop(Connection);
    Device->Connections[IdentityFind(&Device->Identities, Connection->Id)] = NULL;
    KeAcquireSpinLock(&Device->StreamLock, &Irql);
    Device->ConnectionCount--;
    if (Last) {
        Device->Owner = NULL;
    }
    KeReleaseSpinLock(&Device->StreamLock, Irql);
    ConnectMark(Connection, 0);
    ConnectFree(Connection);
    if (Last) {
        StreamEnd(Device, NULL, STATUS_DEVICE_NOT_CONNECTED);
        ConnectQuiet(Device);
    } else {
        (VOID)InterlockedExchange(&Device->Hardware.Connected, 1);
        HardwareApply(&Device->Hardware);
    }
}

_Use_decl_annotations_
VOID ConnectBreakAll(IRQSCOPE_DEVICE *Device)
{
    ULONG Place;

    for (Place = 0; Place < IRQSCOPE_MAXIMUM_CONNECTIONS; Place++) {
        if (Device->Connections[Place] != NULL) {
            ConnectBreak(Device->Connections[Place]);
        }
    }
}

/* ---- The requests ------------------------------------------------------------------------------------------------ */

_Use_decl_annotations_
NTSTATUS ConnectRun(IRQSCOPE_DEVICE *Device, REQUEST *Request)
{
    NTSTATUS Status = (NTSTATUS)StateMayConnect(&Device->State);

    if (NT_SUCCESS(Status)) {
        Status = SessionMayOwn(Request->Session);
    }
    if (NT_SUCCESS(Status)) {
        Status = ConnectMake(Device, Request->Session, &Request->Input.Connect, Request->Output);
    }
    if (NT_SUCCESS(Status)) {
        Request->Information = sizeof(IRQSCOPE_CONNECT_REPLY);
    }
    return Status;
}

_Use_decl_annotations_
NTSTATUS DisconnectRun(IRQSCOPE_DEVICE *Device, REQUEST *Request)
{
    CONNECTION *Connection;
    NTSTATUS Status = (NTSTATUS)ConnectionCheck(&Request->Input.Connection);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Connection = SessionConnection(Device, Request->Input.Connection.Connection);
    if (Connection == NULL) {
        return STATUS_NOT_FOUND;
    }
    if (Connection->Owner != Request->Session) {
        return STATUS_SHARING_VIOLATION;
    }
    ConnectBreak(Connection);
    RtlZeroMemory(Request->Output, sizeof(IRQSCOPE_REPLY));
    Request->Information = sizeof(IRQSCOPE_REPLY);
    return STATUS_SUCCESS;
}
