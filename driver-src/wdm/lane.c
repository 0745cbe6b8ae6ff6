/*
 * Lanes: for each processor that a connection may interrupt, at each SynchronizeIrql of it, a slot and a DPC. They
 * stand before connect is called, because a shared line can run the ISR before connect returns.
 */
#include "driver.h"

/* ---- Which processors -------------------------------------------------------------------------------------------- */

static ULONG LaneClass(_Inout_ CONNECTION *Connection, KIRQL Irql)
{
    ULONG Class;

    for (Class = 0; Class < Connection->Classes; Class++) {
        if (Connection->ClassIrql[Class] == Irql) {
            return Class;
        }
    }
    Connection->ClassIrql[Connection->Classes] = Irql;
    return Connection->Classes++;
}

static VOID LaneAdd(_Inout_ CONNECTION *Connection, ULONG Class, USHORT Group, KAFFINITY Mask)
{
    if (Group < Connection->Groups) {
        Connection->ClassMask[Class * Connection->Groups + Group] |=
            Mask & RoutinesGroupAffinity(&Connection->Device->Driver->Routines, Group);
    }
}

static VOID LaneAddTarget(_Inout_ CONNECTION *Connection, _Inout_ TARGET *Target)
{
    const IRQSCOPE_DEVICE *Device = Connection->Device;
    ULONG Class = LaneClass(Connection, Target->Irql);
    ULONG Index;

    Target->Tables = &Connection->Tables[Class * Connection->Groups];
    Target->Groups = Connection->Groups;
    if (Connection->Resource != CONNECT_EVERY) {
        LaneAdd(Connection, Class, Connection->Group, Connection->Mask);
        return;
    }
    if (Target->Message != MODEL_LINE) {
        LaneAdd(Connection, Class, Device->Resources[Target->Resource].Group,
                (KAFFINITY)Device->Resources[Target->Resource].Mask);
        return;
    }
    for (Index = 0; Index < Device->ResourceCount; Index++) {
        if (Device->Resources[Index].Kind == IRQSCOPE_KIND_LINE) {
            LaneAdd(Connection, Class, Device->Resources[Index].Group, (KAFFINITY)Device->Resources[Index].Mask);
        }
    }
}

/* ---- Making and freeing ------------------------------------------------------------------------------------------ */

_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
static LANE *LaneMake(_Inout_ CONNECTION *Connection, _In_ const PROCESSOR_NUMBER *Processor, KIRQL Irql)
{
    const ROUTINES *Routines = &Connection->Device->Driver->Routines;
    LANE *Lane = MemoryAllocateNear(Routines, LANE_SPACE + SlotSize(Connection->Events), MEMORY_TAG_SLOT, Processor);

    if (Lane == NULL) {
        return NULL;
    }
    Lane->Device = Connection->Device;
    Lane->Slot = SlotInitialize((PUCHAR)Lane + LANE_SPACE, Connection->Events, Connection->Id, Processor->Group,
                                Processor->Number, Irql);
    KeInitializeDpc(&Lane->Dpc, IsrDpc, Lane);
    if (Routines->SetTargetProcessorDpcEx != NULL) {
        PROCESSOR_NUMBER Number = *Processor;

        (VOID)Routines->SetTargetProcessorDpcEx(&Lane->Dpc, &Number);
    }
    return Lane;
}

_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
static LANE *LaneMakeStray(_Inout_ CONNECTION *Connection)
{
    LANE *Lane = MemoryAllocate(&Connection->Device->Driver->Routines, LANE_SPACE + StraySize(Connection->Events),
                                MEMORY_TAG_SLOT);

    if (Lane == NULL) {
        return NULL;
    }
    Lane->Device = Connection->Device;
    Lane->Stray = StrayInitialize((PUCHAR)Lane + LANE_SPACE, Connection->Events, Connection->Id);
    KeInitializeDpc(&Lane->Dpc, IsrDpc, Lane); /* runs where it is queued */
    return Lane;
}

_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS LanesFill(_Inout_ CONNECTION *Connection)
{
    const ROUTINES *Routines = &Connection->Device->Driver->Routines;
    ULONG Lane = 0;
    ULONG Place;

    for (Place = 0; Place < Connection->Classes * Connection->Groups; Place++) {
        KAFFINITY Mask = Connection->ClassMask[Place];
        PROCESSOR_NUMBER Processor;
        ULONG Number;

        if (Mask == 0) {
            continue;
        }
        Connection->Tables[Place] = MemoryAllocate(Routines, sizeof(SLOT_TABLE), MEMORY_TAG_CONNECTION);
        if (Connection->Tables[Place] == NULL) {
            return STATUS_QUOTA_EXCEEDED;
        }
        Processor.Group = (USHORT)(Place % Connection->Groups);
        Processor.Reserved = 0;
        Connection->Tables[Place]->Group = Processor.Group;
        for (Number = MaskNext(Mask, 0); Number != BITS_NONE; Number = MaskNext(Mask, Number + 1)) {
            Processor.Number = (UCHAR)Number;
            Connection->Lane[Lane] = LaneMake(Connection, &Processor,
                                              Connection->ClassIrql[Place / Connection->Groups]);
            if (Connection->Lane[Lane] == NULL) {
                return STATUS_QUOTA_EXCEEDED;
            }
            Connection->Tables[Place]->Slots[Number] = Connection->Lane[Lane++]->Slot;
        }
    }
    Connection->Lane[Lane] = LaneMakeStray(Connection);
    return Connection->Lane[Lane] != NULL ? STATUS_SUCCESS : STATUS_QUOTA_EXCEEDED;
}

_Use_decl_annotations_
NTSTATUS LanesMake(CONNECTION *Connection)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;
    const ROUTINES *Routines = &Device->Driver->Routines;
    ULONGLONG Bytes;
    SIZE_T Places;
    ULONG Place;
    ULONG Index;

    /* There are at most as many classes as targets, and as DIRQLs. */
    ULONG Most = Connection->MadeCount < HIGH_LEVEL ? Connection->MadeCount : HIGH_LEVEL;

    Connection->Groups = RoutinesGroups(Routines);
    Places = (SIZE_T)Most * Connection->Groups;
    Connection->ClassIrql = MemoryAllocate(Routines, Most * sizeof(KIRQL), MEMORY_TAG_CONNECTION);
    Connection->ClassMask = MemoryAllocate(Routines, Places * sizeof(KAFFINITY), MEMORY_TAG_CONNECTION);
    Connection->Tables = MemoryAllocate(Routines, Places * sizeof(SLOT_TABLE *), MEMORY_TAG_CONNECTION);
    if (Connection->ClassIrql == NULL || Connection->ClassMask == NULL || Connection->Tables == NULL) {
        return STATUS_QUOTA_EXCEEDED;
    }
    for (Index = 0; Index < Connection->MadeCount; Index++) {
        LaneAddTarget(Connection, &Connection->Made[Index]);
    }
    Connection->Lanes = 1;
    for (Place = 0; Place < Connection->Classes * Connection->Groups; Place++) {
        Connection->Lanes += MaskCount(Connection->ClassMask[Place]);
    }
    Bytes = sizeof(CONNECTION) + Connection->MadeCount * (ULONGLONG)sizeof(TARGET) + Most * sizeof(KIRQL) +
            Places * (sizeof(KAFFINITY) + sizeof(SLOT_TABLE *) + sizeof(SLOT_TABLE)) +
            Connection->Lanes * (ULONGLONG)sizeof(LANE *) +
            (Connection->Lanes - 1) * (ULONGLONG)(LANE_SPACE + SlotSize(Connection->Events)) +
            LANE_SPACE + StraySize(Connection->Events);
    if (BudgetTake(&Device->Budget, Bytes) != IRQSCOPE_STATUS_SUCCESS) {
        return STATUS_QUOTA_EXCEEDED;
    }
    Connection->Bytes = Bytes;
    Connection->Lane = MemoryAllocate(Routines, Connection->Lanes * sizeof(LANE *), MEMORY_TAG_CONNECTION);
    if (Connection->Lane == NULL) {
        return STATUS_QUOTA_EXCEEDED;
    }
    return LanesFill(Connection);
}

/* Tolerates whatever LanesMake left half done. */
_Use_decl_annotations_
VOID LanesFree(CONNECTION *Connection)
{
    ULONG Index;

    for (Index = 0; Connection->Lane != NULL && Index < Connection->Lanes; Index++) {
        MemoryFree(Connection->Lane[Index], MEMORY_TAG_SLOT);
    }
    for (Index = 0; Connection->Tables != NULL && Index < Connection->Classes * Connection->Groups; Index++) {
        MemoryFree(Connection->Tables[Index], MEMORY_TAG_CONNECTION);
    }
    MemoryFree(Connection->Lane, MEMORY_TAG_CONNECTION);
    MemoryFree(Connection->Tables, MEMORY_TAG_CONNECTION);
    MemoryFree(Connection->ClassMask, MEMORY_TAG_CONNECTION);
    MemoryFree(Connection->ClassIrql, MEMORY_TAG_CONNECTION);
    BudgetGive(&Connection->Device->Budget, Connection->Bytes);
}

/* ---- Stopping ---------------------------------------------------------------------------------------------------- */

_Use_decl_annotations_
VOID LanesStop(CONNECTION *Connection)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;
    ULONG Index;
    KIRQL Irql;

    for (Index = 0; Index < Connection->Lanes; Index++) {
        (VOID)KeRemoveQueueDpc(&Connection->Lane[Index]->Dpc);
    }
    KeFlushQueuedDpcs();

    /* What an ISR recorded and no DPC has seen any more is whole all the same. */
    KeAcquireSpinLock(&Device->StreamLock, &Irql);
    for (Index = 0; Index < Connection->Lanes; Index++) {
        LANE *Lane = Connection->Lane[Index];

        if (Lane->Slot != NULL) {
            SlotSeal(Lane->Slot);
        } else {
            StraySeal(Lane->Stray);
        }
        LaneNote(Lane);
    }
    KeReleaseSpinLock(&Device->StreamLock, Irql);
    StreamFlush(Device);

    /* What no read was waiting for is forgotten with the connection. */
    KeAcquireSpinLock(&Device->StreamLock, &Irql);
    for (Index = 0; Index < Connection->Lanes; Index++) {
        LANE *Lane = Connection->Lane[Index];

        if (Lane->ReadyBytes != 0) {
            RemoveEntryList(&Lane->Ready);
            Device->ReadyBytes -= Lane->ReadyBytes;
            Lane->ReadyBytes = 0;
        }
    }
    KeReleaseSpinLock(&Device->StreamLock, Irql);
}

/* The list is in the order of each lane's oldest event, so a lane that is filled faster than it is read keeps no other
 * one waiting. A lane that was empty has the newest: its place is found from the end. */
_Use_decl_annotations_
VOID LaneNote(LANE *Lane)
{
    IRQSCOPE_DEVICE *Device = Lane->Device;
    uint64_t Oldest = 0;
    ULONG Count = Lane->Slot != NULL ? SlotReady(Lane->Slot, &Oldest) : StrayReady(Lane->Stray, &Oldest);
    ULONG Bytes = Count != 0 ? (ULONG)sizeof(IRQSCOPE_RUN) + Count * (ULONG)sizeof(IRQSCOPE_EVENT) : 0;
    BOOLEAN Listed = Lane->ReadyBytes != 0;

    if (Listed && (Bytes == 0 || Oldest != Lane->Oldest)) {
        RemoveEntryList(&Lane->Ready);
        Listed = FALSE;
    }
    if (Bytes != 0 && !Listed) {
        PLIST_ENTRY Place = Device->ReadyLanes.Blink;

        while (Place != &Device->ReadyLanes && CONTAINING_RECORD(Place, LANE, Ready)->Oldest > Oldest) {
            Place = Place->Blink;
        }
        InsertHeadList(Place, &Lane->Ready); /* behind it */
    }
    Device->ReadyBytes += Bytes - Lane->ReadyBytes;
    Lane->ReadyBytes = Bytes;
    Lane->Oldest = Oldest;
}
