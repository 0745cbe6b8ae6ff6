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
    TARGET *Target = Context;

    UNREFERENCED_PARAMETER(Sync);
    if ((Target->Connection->RequestFlags & IRQSCOPE_CONNECT_SYNC_REPEAT) != 0 && Target->Hardware->Storm) {
        return STATUS_DEVICE_NOT_READY;
    }
    return IsrRun(Target) ? STATUS_SUCCESS : STATUS_NOT_FOUND;
}

/* From START to STOP: the object that the port class made, and the lists that it was made of. Whether it copies them no
 * page says, and those of the request end with the request. */
typedef struct PORTCLASS_LISTS {
    PRESOURCELIST Object;
    PCM_RESOURCE_LIST Raw;
    PCM_RESOURCE_LIST Translated;
} PORTCLASS_LISTS;

/* For a START there is one full descriptor. */
static SIZE_T PortclassListSize(_In_ const CM_RESOURCE_LIST *List)
{
    return FIELD_OFFSET(CM_RESOURCE_LIST, List[0].PartialResourceList.PartialDescriptors) +
           List->List[0].PartialResourceList.Count * sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR);
}

_Must_inspect_result_
_Ret_maybenull_
_IRQL_requires_max_(PASSIVE_LEVEL)
static PCM_RESOURCE_LIST PortclassCopy(_In_ const ROUTINES *Routines, _In_ const CM_RESOURCE_LIST *List)
{
    SIZE_T Size = PortclassListSize(List);
    PCM_RESOURCE_LIST Copy = MemoryAllocate(Routines, Size, MEMORY_TAG_RESOURCES);

    if (Copy != NULL) {
        RtlCopyMemory(Copy, List, Size);
        Copy->Count = 1;
    }
    return Copy;
}

_Use_decl_annotations_
static NTSTATUS PortclassStart(IRQSCOPE_DEVICE *Device, PCM_RESOURCE_LIST Raw, PCM_RESOURCE_LIST Translated)
{
    const ROUTINES *Routines = &Device->Driver->Routines;
    POOL_TYPE Pool = Routines->KnowsNxPool ? NonPagedPoolNx : NonPagedPool;
    PORTCLASS_LISTS *Lists;
    NTSTATUS Status;

    PAGED_CODE();

    if (Device->ResourceCount == 0) {
        return STATUS_SUCCESS; /* nothing that could be connected */
    }
    Device->Portclass = Lists = MemoryAllocate(Routines, sizeof(*Lists), MEMORY_TAG_RESOURCES);
    if (Lists == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Lists->Raw = PortclassCopy(Routines, Raw);
    Lists->Translated = PortclassCopy(Routines, Translated);
    Status = Lists->Raw != NULL && Lists->Translated != NULL
                 ? PcNewResourceList(&Lists->Object, NULL, Pool, Lists->Translated, Lists->Raw)
                 : STATUS_INSUFFICIENT_RESOURCES;
    if (!NT_SUCCESS(Status)) {
        Lists->Object = NULL;
        PortclassStop(Device);
    }
    return Status;
}

_Use_decl_annotations_
static VOID PortclassStop(IRQSCOPE_DEVICE *Device)
{
    PORTCLASS_LISTS *Lists = Device->Portclass;

    PAGED_CODE();

    if (Lists == NULL) {
        return;
    }
    if (Lists->Object != NULL) {
        (VOID)Lists->Object->lpVtbl->Release(Lists->Object);
    }
    MemoryFree(Lists->Raw, MEMORY_TAG_RESOURCES);
    MemoryFree(Lists->Translated, MEMORY_TAG_RESOURCES);
    MemoryFree(Lists, MEMORY_TAG_RESOURCES);
    Device->Portclass = NULL;
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
    const PORTCLASS_LISTS *Lists = Device->Portclass;
    TARGET *Target = &Connection->Target[0];
    PINTERRUPTSYNC Sync = NULL;
    NTSTATUS Status;

    PAGED_CODE();

    Connection->Version = 0;
    Status = PcNewInterruptSync(&Sync, NULL, Lists->Object, Connection->Resource, PortclassMode(Connection));
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
