/*
 * portcls: an interrupt synchronisation object of the port class connects the interrupt, as it does for audio adapter
 * drivers. Its Connect takes vector, level and processors from the resource list that was made at START.
 *
 *   START: PcNewResourceList      connect: PcNewInterruptSync, RegisterServiceRoutine, Connect, GetKInterrupt
 *   STOP: Release of the list     disconnect: Disconnect, Release of the object
 *
 * The pointer of GetKInterrupt is the interrupt object that Connect made, so it goes to KeSynchronizeExecution and to
 * IoGetAffinityInterrupt like that of any other way. It is NULL before Connect and after Disconnect, and is kept only
 * between the two.
 */
#include "portclass.h"

#include "compat_portcls.h"

_IRQL_requires_max_(HIGH_LEVEL)
static NTSTATUS NTAPI PortclassIsr(_Inout_ PINTERRUPTSYNC Sync, _In_ PVOID Context);
static PORTCLASS_START PortclassStart;
static PORTCLASS_STOP PortclassStop;
static CONNECT_WAY PortclassConnect;
static DISCONNECT_WAY PortclassDisconnect;

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, PortclassStart)
#pragma alloc_text(PAGE, PortclassStop)
#pragma alloc_text(PAGE, PortclassConnect)
#pragma alloc_text(PAGE, PortclassDisconnect)
#endif

const PORTCLASS Portclass = {
    .Ability = IRQSCOPE_ABILITY_PORTCLS,
    .Start = PortclassStart,
    .Stop = PortclassStop,
    .Connect = PortclassConnect,
    .Disconnect = PortclassDisconnect,
};

/* Success says: it was my device. In mode Repeat the object calls again until nobody says so, without an end while a
 * device keeps interrupting; so this says it no more once the storm guard has found that, and the guard is demanded of
 * such a connect. */
_Use_decl_annotations_
static NTSTATUS NTAPI PortclassIsr(PINTERRUPTSYNC Sync, PVOID Context)
{
    const TARGET *Target = Context;

    UNREFERENCED_PARAMETER(Sync);
    if ((Target->Connection->RequestFlags & IRQSCOPE_CONNECT_SYNC_REPEAT) != 0 && Target->Hardware->Storm) {
        return STATUS_DEVICE_NOT_READY;
    }
    return IsrService(NULL, Context) ? STATUS_SUCCESS : STATUS_NOT_FOUND;
}

/* The list is a copy of both, so it outlives the request that brought them. */
_Use_decl_annotations_
static NTSTATUS PortclassStart(IRQSCOPE_DEVICE *Device, PCM_RESOURCE_LIST Raw, PCM_RESOURCE_LIST Translated)
{
    PRESOURCELIST List = NULL;
    POOL_TYPE Pool = Device->Driver->Routines.KnowsNxPool ? NonPagedPoolNx : NonPagedPool;
    NTSTATUS Status;

    PAGED_CODE();

    if (Device->ResourceCount == 0) {
        return STATUS_SUCCESS; /* nothing that could be connected */
    }
    Status = PcNewResourceList(&List, NULL, Pool, Translated, Raw);
    Device->PortclassList = NT_SUCCESS(Status) ? List : NULL;
    return Status;
}

_Use_decl_annotations_
static VOID PortclassStop(IRQSCOPE_DEVICE *Device)
{
    PRESOURCELIST List = Device->PortclassList;

    PAGED_CODE();

    Device->PortclassList = NULL;
    if (List != NULL) {
        (VOID)List->lpVtbl->Release(List);
    }
}

static INTERRUPTSYNCMODE PortclassMode(_In_ const CONNECTION *Connection)
{
    if ((Connection->RequestFlags & IRQSCOPE_CONNECT_SYNC_REPEAT) != 0) {
        return InterruptSyncModeRepeat;
    }
    return (Connection->RequestFlags & IRQSCOPE_CONNECT_SYNC_ALL) != 0 ? InterruptSyncModeAll : InterruptSyncModeNormal;
}

/* The object counts the interrupts among the list's entries, in the order in which the resources were numbered. */
_Use_decl_annotations_
static NTSTATUS PortclassConnect(CONNECTION *Connection)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;
    TARGET *Target = &Connection->Target[0];
    PINTERRUPTSYNC Sync = NULL;
    NTSTATUS Status;

    PAGED_CODE();

    Connection->Version = 0;
    Status = PcNewInterruptSync(&Sync, NULL, Device->PortclassList, Connection->Resource, PortclassMode(Connection));
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Status = Sync->lpVtbl->RegisterServiceRoutine(Sync, PortclassIsr, Target, FALSE);
    if (!NT_SUCCESS(Status)) {
        goto release;
    }
    Status = Sync->lpVtbl->Connect(Sync);
    if (!NT_SUCCESS(Status)) {
        goto release;
    }
    Target->Object = Sync->lpVtbl->GetKInterrupt(Sync);
    if (Target->Object == NULL) {
        Status = STATUS_INVALID_DEVICE_STATE; /* connected, and yet nothing to synchronise with or to ask */
        goto disconnect;
    }
    Connection->Context = Sync;
    Connection->Targets = 1;
    Connection->ConnectedAs = Device->Resources[Connection->Resource].Kind;
    return STATUS_SUCCESS;

disconnect:
    Sync->lpVtbl->Disconnect(Sync);
release:
    (VOID)Sync->lpVtbl->Release(Sync);
    return Status;
}

_Use_decl_annotations_
static VOID PortclassDisconnect(CONNECTION *Connection)
{
    PINTERRUPTSYNC Sync = Connection->Context;

    PAGED_CODE();

    Sync->lpVtbl->Disconnect(Sync);
    Connection->Target[0].Object = NULL; /* what GetKInterrupt gave ended with that */
    Connection->Context = NULL;
    (VOID)Sync->lpVtbl->Release(Sync);
}
