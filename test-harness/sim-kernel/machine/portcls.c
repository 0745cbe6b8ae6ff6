/*
 * The port class's two objects that connect an interrupt: the resource list and the interrupt synchronisation object.
 * As the one public implementation does it, Connect is IoConnectInterrupt with the list's translated entry and a lock
 * of the object's own: it knows group 0 only, and nothing of messages.
 *
 *   made --Connect--> connected --Disconnect--> made --last Release--> gone
 *
 * Strict: an object that is gone is told from one that is not; the last Release of a connected one ends the run. At rest
 * there is no synchronisation object, and when the driver unloads there is no resource list either.
 */
#include <initguid.h>
#include "portclass.h"

#define REPEAT_LIMIT 50000 /* rounds in which some routine succeeded: Windows would go on for ever */

typedef struct SERVICE {
    struct SERVICE *Next;
    PINTERRUPTSYNCROUTINE Routine;
    PVOID Context;
} SERVICE;

typedef struct SYNC {
    PORTCLASS_OBJECT Object;
    RESOURCES *Resources;               /* a reference of it */
    ULONG Index;
    INTERRUPTSYNCMODE Mode;
    SERVICE *Services;
    KSPIN_LOCK Lock;
    PKINTERRUPT Interrupt;              /* NULL: not connected */
} SYNC;

/* ---- Objects ----------------------------------------------------------------------------------------------------- */

PORTCLASS_OBJECT *PortclassObject(MACHINE *Machine, const void *This, PORTCLASS_KIND Kind, const char *Routine)
{
    PORTCLASS_OBJECT *Object;

    for (Object = Machine->PortclassObjects; Object != NULL; Object = Object->Next) {
        if (Object == This && Object->Kind == Kind) {
            if (Object->References == 0) {
                PlatformStop(Routine, "the object was released already: use after free");
            }
            return Object;
        }
    }
    PlatformStop(Routine, This == NULL ? "the object is NULL" : "the pointer is no such object of the port class");
}

void PortclassAdd(MACHINE *Machine, PORTCLASS_OBJECT *Object, PORTCLASS_KIND Kind)
{
    Object->Kind = Kind;
    Object->References = 1;
    Object->Next = Machine->PortclassObjects;
    Machine->PortclassObjects = Object;
}

static void ObjectFree(PORTCLASS_OBJECT *Object)
{
    if (Object->Kind == PORTCLASS_RESOURCES) {
        PlatformFree(((RESOURCES *)Object)->Translated);
        PlatformFree(((RESOURCES *)Object)->Untranslated);
    } else {
        SYNC *Sync = (SYNC *)Object;
        SERVICE *Next;

        for (; Sync->Services != NULL; Sync->Services = Next) {
            Next = Sync->Services->Next;
            PlatformFree(Sync->Services);
        }
    }
    PlatformFree(Object);
}

/* Objects that are gone stay for a while, so that one which is used after its release is told; the oldest go first. */
static void ObjectsTrim(MACHINE *Machine)
{
    PORTCLASS_OBJECT **Place = &Machine->PortclassObjects;
    ULONG Gone = 0;

    while (*Place != NULL) {
        PORTCLASS_OBJECT *Object = *Place;

        if (Object->References == 0 && ++Gone > PORTCLASS_GONE_LIMIT) {
            *Place = Object->Next;
            ObjectFree(Object);
        } else {
            Place = &Object->Next;
        }
    }
}

void PortclassDelete(MACHINE *Machine)
{
    PORTCLASS_OBJECT *Object;

    while ((Object = Machine->PortclassObjects) != NULL) {
        Machine->PortclassObjects = Object->Next;
        ObjectFree(Object);
    }
}

ULONG PortclassSyncs(const MACHINE *Machine)
{
    const PORTCLASS_OBJECT *Object;
    ULONG Count = 0;

    for (Object = Machine->PortclassObjects; Object != NULL; Object = Object->Next) {
        Count += Object->References != 0 && Object->Kind == PORTCLASS_SYNC;
    }
    return Count;
}

ULONG PortclassCount(const MACHINE *Machine)
{
    const PORTCLASS_OBJECT *Object;
    ULONG Count = 0;

    for (Object = Machine->PortclassObjects; Object != NULL; Object = Object->Next) {
        Count += Object->References != 0;
    }
    return Count;
}

static BOOLEAN SameId(const GUID *A, const GUID *B)
{
    const UCHAR *Left = (const UCHAR *)A;
    const UCHAR *Right = (const UCHAR *)B;
    ULONG Index;

    for (Index = 0; Index < sizeof(GUID) && Left[Index] == Right[Index]; Index++) {
    }
    return Index == sizeof(GUID);
}

NTSTATUS PortclassQuery(PORTCLASS_OBJECT *Object, const GUID *Own, REFIID InterfaceId, PVOID *Interface)
{
    *Interface = NULL;
    if (!SameId(InterfaceId, Own) && !SameId(InterfaceId, &IID_IUnknown)) {
        return STATUS_INVALID_PARAMETER;
    }
    Object->References++;
    *Interface = Object;
    return STATUS_SUCCESS;
}

ULONG PortclassRelease(MACHINE *Machine, PORTCLASS_OBJECT *Object)
{
    ULONG Left = --Object->References;

    if (Left == 0) {
        if (Object->Kind == PORTCLASS_SYNC) {
            SYNC *Sync = (SYNC *)Object;

            if (Sync->Interrupt != NULL) {
                PlatformStop("IInterruptSync::Release", "the last reference goes while the interrupt is connected: "
                             "Disconnect comes first");
            }
            (void)PortclassRelease(Machine, &Sync->Resources->Object);
        }
        ObjectsTrim(Machine);
    }
    return Left;
}

/* ---- IInterruptSync ---------------------------------------------------------------------------------------------- */

static SYNC *SyncOf(IInterruptSync *This, const char *Routine)
{
    return (SYNC *)PortclassObject(PlatformRoutine(Routine), This, PORTCLASS_SYNC, Routine);
}

static NTSTATUS NTAPI SyncQuery(IInterruptSync *This, REFIID InterfaceId, PVOID *Interface)
{
    return PortclassQuery(&SyncOf(This, "IInterruptSync::QueryInterface")->Object, &IID_IInterruptSync, InterfaceId,
                          Interface);
}

static ULONG NTAPI SyncAddRef(IInterruptSync *This)
{
    return ++SyncOf(This, "IInterruptSync::AddRef")->Object.References;
}

static ULONG NTAPI SyncRelease(IInterruptSync *This)
{
    return PortclassRelease(PlatformMachine(), &SyncOf(This, "IInterruptSync::Release")->Object);
}

/* TRUE: some routine succeeded. Stops early: after the first that did. */
static BOOLEAN Round(SYNC *Sync, BOOLEAN StopsEarly)
{
    BOOLEAN Any = FALSE;
    const SERVICE *Service;

    for (Service = Sync->Services; Service != NULL && !(Any && StopsEarly); Service = Service->Next) {
        if (NT_SUCCESS(Service->Routine(&Sync->Object.Sync, Service->Context))) {
            Any = TRUE;
        }
    }
    return Any;
}

static BOOLEAN NTAPI Serve(PKINTERRUPT Interrupt, PVOID Context)
{
    SYNC *Sync = Context;
    BOOLEAN Any = Round(Sync, Sync->Mode == InterruptSyncModeNormal);
    ULONG Rounds = 1;

    (void)Interrupt;
    if (Sync->Mode == InterruptSyncModeRepeat && Any) {
        while (Round(Sync, FALSE)) {
            if (++Rounds == REPEAT_LIMIT) {
                PlatformStop("IInterruptSync", "routines of an object of mode Repeat have succeeded in %u rounds: on "
                             "Windows the processor would never leave them", Rounds);
            }
        }
    }
    return Any;
}

typedef struct CALL {
    SYNC *Sync;
    PINTERRUPTSYNCROUTINE Routine;
    PVOID Context;
    NTSTATUS Status;
} CALL;

static BOOLEAN NTAPI CallLocked(PVOID Context)
{
    CALL *Call = Context;

    Call->Status = Call->Routine(&Call->Sync->Object.Sync, Call->Context);
    return TRUE;
}

/* Before Connect there is no interrupt to synchronise with, only other such calls. */
static NTSTATUS NTAPI SyncCall(IInterruptSync *This, PINTERRUPTSYNCROUTINE Routine, PVOID DynamicContext)
{
    MACHINE *Machine = PlatformMachine();
    CALL Call = { SyncOf(This, "IInterruptSync::CallSynchronizedRoutine"), Routine, DynamicContext, STATUS_SUCCESS };
    KIRQL Irql;

    if (Call.Sync->Interrupt != NULL) {
        (void)KeSynchronizeExecution(Call.Sync->Interrupt, CallLocked, &Call);
        return Call.Status;
    }
    ProcessorNeeds(Machine, DISPATCH_LEVEL, "IInterruptSync::CallSynchronizedRoutine");
    Irql = ProcessorRaise(Machine, DISPATCH_LEVEL, "IInterruptSync::CallSynchronizedRoutine");
    ProcessorSpinLockTaken(Machine, &Call.Sync->Lock, "IInterruptSync::CallSynchronizedRoutine");
    (void)CallLocked(&Call);
    ProcessorSpinLockReleased(Machine, &Call.Sync->Lock, "IInterruptSync::CallSynchronizedRoutine");
    ProcessorLower(Machine, Irql, "IInterruptSync::CallSynchronizedRoutine");
    return Call.Status;
}

static PKINTERRUPT NTAPI SyncGetInterrupt(IInterruptSync *This)
{
    return SyncOf(This, "IInterruptSync::GetKInterrupt")->Interrupt;
}

static NTSTATUS NTAPI SyncConnect(IInterruptSync *This)
{
    SYNC *Sync = SyncOf(This, "IInterruptSync::Connect");
    const CM_PARTIAL_RESOURCE_DESCRIPTOR *Entry =
        PortclassFind(Sync->Resources->Translated, CmResourceTypeInterrupt, Sync->Index);

    ProcessorNeeds(PlatformMachine(), PASSIVE_LEVEL, "IInterruptSync::Connect");
    if (Sync->Interrupt != NULL) {
        PlatformStop("IInterruptSync::Connect", "it is connected already");
    }
    if (Sync->Services == NULL || Entry == NULL) {
        return STATUS_UNSUCCESSFUL;
    }
    return IoConnectInterrupt(&Sync->Interrupt, Serve, Sync, &Sync->Lock, Entry->u.Interrupt.Vector,
                              (KIRQL)Entry->u.Interrupt.Level, (KIRQL)Entry->u.Interrupt.Level,
                              (Entry->Flags & CM_RESOURCE_INTERRUPT_LATCHED) != 0 ? Latched : LevelSensitive,
                              Entry->ShareDisposition != CmResourceShareDeviceExclusive, Entry->u.Interrupt.Affinity,
                              FALSE);
}

static VOID NTAPI SyncDisconnect(IInterruptSync *This)
{
    SYNC *Sync = SyncOf(This, "IInterruptSync::Disconnect");
    PKINTERRUPT Interrupt = Sync->Interrupt;

    ProcessorNeeds(PlatformMachine(), PASSIVE_LEVEL, "IInterruptSync::Disconnect");
    if (Interrupt == NULL) {
        PlatformStop("IInterruptSync::Disconnect", "it is not connected");
    }
    IoDisconnectInterrupt(Interrupt);
    Sync->Interrupt = NULL;
}

static NTSTATUS NTAPI SyncRegister(IInterruptSync *This, PINTERRUPTSYNCROUTINE Routine, PVOID DynamicContext,
                                   BOOLEAN First)
{
    MACHINE *Machine = PlatformMachine();
    SYNC *Sync = SyncOf(This, "IInterruptSync::RegisterServiceRoutine");
    SERVICE **Place = &Sync->Services;
    SERVICE *Service;

    ProcessorNeeds(Machine, PASSIVE_LEVEL, "IInterruptSync::RegisterServiceRoutine");
    if (Routine == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    if (MachineFails(Machine, "IInterruptSync::RegisterServiceRoutine")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Service = PlatformAllocate(sizeof(*Service));
    Service->Routine = Routine;
    Service->Context = DynamicContext;
    while (!First && *Place != NULL) {
        Place = &(*Place)->Next;
    }
    Service->Next = *Place;
    *Place = Service;
    return STATUS_SUCCESS;
}

static const IInterruptSyncVtbl SyncTable = {
    SyncQuery, SyncAddRef, SyncRelease, SyncCall, SyncGetInterrupt, SyncConnect, SyncDisconnect, SyncRegister
};

NTSTATUS NTAPI PcNewInterruptSync(PINTERRUPTSYNC *OutInterruptSync, PUNKNOWN OuterUnknown, PRESOURCELIST ResourceList,
                                  ULONG ResourceIndex, INTERRUPTSYNCMODE Mode)
{
    MACHINE *Machine = PlatformRoutine("PcNewInterruptSync");
    SYNC *Sync;

    ProcessorNeeds(Machine, PASSIVE_LEVEL, "PcNewInterruptSync");
    if (OutInterruptSync == NULL || OuterUnknown != NULL || ResourceList == NULL || Mode < InterruptSyncModeNormal ||
        Mode > InterruptSyncModeRepeat) {
        return STATUS_INVALID_PARAMETER;
    }
    *OutInterruptSync = NULL;
    if (MachineFails(Machine, "PcNewInterruptSync")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Sync = PlatformAllocate(sizeof(*Sync));
    Sync->Object.Sync.lpVtbl = &SyncTable;
    Sync->Resources = PortclassResources(ResourceList, "PcNewInterruptSync");
    Sync->Resources->Object.References++;
    Sync->Index = ResourceIndex;
    Sync->Mode = Mode;
    PortclassAdd(Machine, &Sync->Object, PORTCLASS_SYNC);
    *OutInterruptSync = &Sync->Object.Sync;
    return STATUS_SUCCESS;
}
