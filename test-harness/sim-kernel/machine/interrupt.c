/*
 * IoConnectInterrupt, IoDisconnectInterrupt, and the connections under them and under the Ex routines.
 *
 *   (none) --ConnectionCreate, ConnectionAdd--> made --ConnectionOpen--> connected --ConnectionDelete--> (none)
 *
 * Everything that can fail happens before ConnectionOpen: from there on the ISR runs, before the connect returns.
 */
#include "interior.h"

void KernelHas(MACHINE *Machine, BOOLEAN Exported, const char *Routine)
{
    if (!Exported) {
        PlatformStop(Routine, "the kernel of profile %s has no such routine; a driver looks it up before it calls it",
                     Machine->Profile->Name);
    }
}

void ConnectionNeedsPassive(MACHINE *Machine, const char *Routine, BOOLEAN Connects)
{
    KIRQL Irql = ProcessorIrql(Machine);

    if (Irql == PASSIVE_LEVEL) {
        return;
    }
    if (Connects && Machine->Mode == MODE_OBSERVED) {
        PlatformStop(Routine, "called at IRQL %s: bug check 0x121 (DRIVER_VIOLATION), 1, %u", IrqlName(Irql),
                     (ULONG)Irql);
    }
    PlatformStop(Routine, "called at IRQL %s instead of PASSIVE_LEVEL: verifier bug check 0xC4, 0x%x", IrqlName(Irql),
                 Connects ? 0x2000Bu : 0x2000Du);
}

/* ---- Connections ------------------------------------------------------------------------------------------------- */

CONNECTION *ConnectionCreate(MACHINE *Machine, ULONG Version, PDEVICE_OBJECT Pdo)
{
    CONNECTION *Connection = PlatformAllocate(sizeof(*Connection));

    Connection->Version = Version;
    Connection->Pdo = Pdo;
    Connection->Container.Kind = OBJECT_CONTAINER;
    ObjectRemember(Machine, Connection, sizeof(*Connection), NULL, Connection, NULL);
    Connection->Next = Machine->Connections;
    Machine->Connections = Connection;
    return Connection;
}

/* Interrupts that share a driver's lock must all synchronise at the highest IRQL of the set, or two of them deadlock:
 * one preempts the other on its processor and waits for the lock that it holds. */
static void CheckSharedLock(MACHINE *Machine, const CONNECT_REQUEST *Request)
{
    CONNECTION *Connection;
    LINK *Link;

    if (Request->Lock == NULL) {
        return;
    }
    for (Connection = Machine->Connections; Connection != NULL; Connection = Connection->Next) {
        for (Link = Connection->Links; Link != NULL; Link = Link->NextInConnection) {
            if (Link->Lock == Request->Lock && Link->SynchronizeIrql != Request->SynchronizeIrql) {
                PlatformStop(Request->Routine, "vectors 0x%x and 0x%x share a spin lock, one with SynchronizeIrql %s, "
                             "the other with %s: it must be the highest of all", Link->Vector->Number,
                             Request->Vector->Number, IrqlName(Link->SynchronizeIrql),
                             IrqlName(Request->SynchronizeIrql));
            }
        }
    }
}

/* What an ISR is handed must be there whenever it runs. */
static void CheckResident(const CONNECT_REQUEST *Request)
{
    if (!PlatformIsResident(Request->Context)) {
        PlatformStop(Request->Routine, "the ServiceContext is in paged pool");
    }
    if (!PlatformIsResident(Request->Lock)) {
        PlatformStop(Request->Routine, "the spin lock is in paged pool");
    }
}

/* One ISR with one context for several vectors runs on several processors at once, unless the driver gives it a lock. The
 * system's own lock is another for each call. */
static void CheckOneIsr(MACHINE *Machine, const CONNECTION *Own, const CONNECT_REQUEST *Request)
{
    CONNECTION *Connection;
    LINK *Link;

    for (Connection = Machine->Connections; Request->ServiceRoutine != NULL && Connection != NULL;
         Connection = Connection->Next) {
        for (Link = Connection->Links; Connection != Own && Link != NULL; Link = Link->NextInConnection) {
            if (Link->Routine == Request->ServiceRoutine && Link->Context == Request->Context &&
                Link->Vector != Request->Vector && Link->Lock != Request->Lock) {
                PlatformStop(Request->Routine, "one ISR with one context handles vectors 0x%x and 0x%x without a spin "
                             "lock of the driver's that both share", Link->Vector->Number, Request->Vector->Number);
            }
        }
    }
}

static BOOLEAN MayShare(const CONNECT_REQUEST *Request)
{
    const LINK *Link;

    for (Link = Request->Vector->Chain; Link != NULL; Link = Link->NextInChain) {
        if (!Link->Shared || !Request->Shared) {
            return FALSE;
        }
    }
    return TRUE;
}

static BOOLEAN RequestIsValid(const MACHINE *Machine, const CONNECT_REQUEST *Request)
{
    return Request->Group < Machine->Layout.Groups && Request->Mask != 0 &&
        (Request->Mask & ~Machine->Layout.Group[Request->Group].Active) == 0 &&
        Request->Irql == Request->Vector->Irql && Request->SynchronizeIrql >= Request->Irql &&
        Request->SynchronizeIrql <= PLATFORM_HIGHEST_IRQL && Request->Mode == Request->Vector->Mode;
}

/* By a fault or for want of memory. */
static BOOLEAN ConnectionRefused(MACHINE *Machine, const CONNECT_REQUEST *Request)
{
    if (MachineFails(Machine, Request->Routine)) {
        return TRUE;
    }
    return VectorFault(Request->Vector, FAULT_REFUSED);
}

NTSTATUS ConnectionAdd(MACHINE *Machine, CONNECTION *Connection, const CONNECT_REQUEST *Request, LINK **Result)
{
    LINK **Place = &Connection->Links;
    ULONG Count = 0;
    KAFFINITY Mask;
    SIZE_T Size;
    LINK *Link;
    UCHAR Number;

    if (!RequestIsValid(Machine, Request) || !MayShare(Request)) {
        return STATUS_INVALID_PARAMETER;
    }
    CheckResident(Request);
    CheckOneIsr(Machine, Connection, Request);
    CheckSharedLock(Machine, Request);
    for (Mask = Request->Mask; Mask != 0; Mask &= Mask - 1) {
        Count++;
    }
    Size = sizeof(*Link) + Count * sizeof(Link->Objects[0]);
    Link = PlatformAllocate(Size);
    Link->Connection = Connection;
    Link->Vector = Request->Vector;
    Link->Routine = Request->ServiceRoutine;
    Link->MessageRoutine = Request->MessageRoutine;
    Link->MessageId = Request->MessageId;
    Link->Context = Request->Context;
    Link->Lock = Request->Lock != NULL ? Request->Lock : &Link->OwnLock;
    Link->Irql = Request->Irql;
    Link->SynchronizeIrql = Request->SynchronizeIrql;
    Link->Mode = Request->Mode;
    Link->Shared = Request->Shared;
    Link->Group = Request->Group;
    Link->Mask = Request->Mask;
    Link->Returned.Kind = OBJECT_RETURNED;
    Link->Returned.Link = Link;
    Link->Stray.Kind = OBJECT_OF_PROCESSOR;
    Link->Stray.Link = Link;
    for (Number = 0; Number < sizeof(KAFFINITY) * 8; Number++) {
        if ((Request->Mask >> Number & 1) != 0) {
            Link->Objects[Link->ObjectCount].Kind = OBJECT_OF_PROCESSOR;
            Link->Objects[Link->ObjectCount].Link = Link;
            Link->Objects[Link->ObjectCount].Processor = Machine->ByNumber[Request->Group][Number];
            Link->ObjectCount++;
        }
    }
    Link->Returned.Processor = Link->Objects[0].Processor;
    ObjectRemember(Machine, Link, Size, Link, NULL, NULL);
    while (*Place != NULL) {
        Place = &(*Place)->NextInConnection;
    }
    *Place = Link;
    Connection->Container.Link = Connection->Links;
    if (Result != NULL) {
        *Result = Link;
    }
    return STATUS_SUCCESS;
}

void ConnectionOpen(MACHINE *Machine, CONNECTION *Connection, PVOID Handle)
{
    LINK *Link;

    Connection->Handle = Handle;
    for (Link = Connection->Links; Link != NULL; Link = Link->NextInConnection) {
        VectorConnect(Link->Vector, Link);
    }
    /* The inputs are unmasked now. What waited there runs before the caller knows that it is connected. */
    MachineDeliver(Machine);
}

void ConnectionDelete(MACHINE *Machine, CONNECTION *Connection)
{
    CONNECTION **Place = &Machine->Connections;
    LINK *Next;
    LINK *Link;

    for (Link = Connection->Links; Link != NULL; Link = Link->NextInConnection) {
        VectorDisconnect(Link->Vector, Link);
    }
    while (*Place != Connection) {
        Place = &(*Place)->Next;
    }
    *Place = Connection->Next;
    for (Link = Connection->Links; Link != NULL; Link = Next) {
        Next = Link->NextInConnection;
        ObjectForget(Machine, Link);
    }
    if (Connection->Version == CONNECT_MESSAGE_BASED && Connection->Handle != NULL) {
        ObjectForget(Machine, Connection->Handle);
    }
    ObjectForget(Machine, Connection);
}

/* IoConnectInterrupt names no device: the connection belongs to the one that has the vector for itself. */
static BOOLEAN BelongsTo(MACHINE *Machine, const CONNECTION *Connection, PDEVICE_OBJECT Pdo)
{
    const DEVICE *Device;

    if (Pdo == NULL || Connection->Pdo != NULL) {
        return Pdo == NULL || Connection->Pdo == Pdo;
    }
    Device = DeviceOfPdo(Machine, Pdo);
    return Device != NULL && VectorIsOnlyOf(Connection->Links->Vector, Device);
}

ULONG InterruptConnections(MACHINE *Machine, PDEVICE_OBJECT Pdo)
{
    CONNECTION *Connection;
    ULONG Count = 0;

    for (Connection = Machine->Connections; Connection != NULL; Connection = Connection->Next) {
        Count += BelongsTo(Machine, Connection, Pdo);
    }
    return Count;
}

/* ---- IoConnectInterrupt ------------------------------------------------------------------------------------------ */

/* The call knows no device and no group: it looks for the input behind the number. When that belongs to a device that
 * was assigned outside group 0, the connect succeeds, on processors where the interrupt never comes. */
static VECTOR *FindInput(MACHINE *Machine, ULONG Number, KAFFINITY Mask)
{
    VECTOR *Vector = VectorFindOn(Machine, 0, Mask, Number);
    USHORT Group;

    for (Group = 0; Vector == NULL && Group < Machine->Layout.Groups; Group++) {
        Vector = VectorFind(Machine, Group, Number);
    }
    return Vector;
}

NTSTATUS NTAPI IoConnectInterrupt(PKINTERRUPT *InterruptObject, PKSERVICE_ROUTINE ServiceRoutine, PVOID ServiceContext,
                                  PKSPIN_LOCK SpinLock, ULONG Vector, KIRQL Irql, KIRQL SynchronizeIrql,
                                  KINTERRUPT_MODE InterruptMode, BOOLEAN ShareVector, KAFFINITY ProcessorEnableMask,
                                  BOOLEAN FloatingSave)
{
    MACHINE *Machine = PlatformRoutine("IoConnectInterrupt");
    CONNECTION *Connection;
    NTSTATUS Status;
    LINK *Link;
    CONNECT_REQUEST Request = {
        .Routine = "IoConnectInterrupt", .ServiceRoutine = ServiceRoutine, .Context = ServiceContext, .Lock = SpinLock,
        .Irql = Irql, .SynchronizeIrql = SynchronizeIrql == 0 ? Irql : SynchronizeIrql, .Mode = InterruptMode,
        .Shared = ShareVector, .Mask = ProcessorEnableMask
    };

    PlatformConnects("IoConnectInterrupt");
    ConnectionNeedsPassive(Machine, Request.Routine, TRUE);
    if (InterruptObject == NULL) {
        PlatformStop(Request.Routine, "there is no place for the interrupt object");
    }
    if (FloatingSave) {
        PlatformStop(Request.Routine, "FloatingSave is TRUE: floating point has no place in an ISR");
    }
    *InterruptObject = NULL;
    if (ServiceRoutine == NULL || ProcessorEnableMask == 0) {
        return STATUS_INVALID_PARAMETER;
    }
    Request.Vector = FindInput(Machine, Vector, ProcessorEnableMask);
    if (Request.Vector == NULL) {
        /* The page lists no status for it; kernels hand on the one of their vector table. */
        return Machine->Mode == MODE_DOCUMENTED ? STATUS_INVALID_PARAMETER : STATUS_NOT_FOUND;
    }
    Connection = ConnectionCreate(Machine, 0, NULL);
    Status = ConnectionAdd(Machine, Connection, &Request, &Link);
    if (NT_SUCCESS(Status) && ConnectionRefused(Machine, &Request)) {
        Status = STATUS_INSUFFICIENT_RESOURCES;
    }
    if (!NT_SUCCESS(Status)) {
        ConnectionDelete(Machine, Connection);
        return Status;
    }
    ConnectionOpen(Machine, Connection, &Link->Returned);
    *InterruptObject = &Link->Returned;
    return STATUS_SUCCESS;
}

VOID NTAPI IoDisconnectInterrupt(PKINTERRUPT InterruptObject)
{
    const char *Name = "IoDisconnectInterrupt";
    MACHINE *Machine = PlatformRoutine(Name);
    CONNECTION *Connection;

    PlatformConnects(Name);
    ConnectionNeedsPassive(Machine, Name, FALSE);
    switch (ObjectState(Machine, InterruptObject, &Connection)) {
    case POINTER_RETURNED:
        break;
    case POINTER_GONE:
        PlatformStop(Name, "the interrupt object was already disconnected: use after free");
    case POINTER_OF_PROCESSOR:
        PlatformStop(Name, "was given an ISR's argument, the object of one processor");
    default:
        PlatformStop(Name, InterruptObject == NULL ? "the interrupt object is NULL" :
                     "the pointer is no interrupt object of IoConnectInterrupt");
    }
    if (Connection->Version != 0) {
        PlatformStop(Name, "the object comes from IoConnectInterruptEx, version %u: IoDisconnectInterruptEx takes it",
                     Connection->Version);
    }
    ConnectionDelete(Machine, Connection);
    MachineDeliver(Machine);
}
