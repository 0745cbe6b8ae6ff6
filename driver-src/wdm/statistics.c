#include "driver.h"

/* Copied while the object's ISR is kept out: little, so that the hold is short. */
typedef struct COUNTERS_COPY {
    const TARGET *Target;
    IRQSCOPE_COUNTERS Counters;
} COUNTERS_COPY;
_Static_assert(sizeof(IRQSCOPE_COUNTERS) <= 256, "too much for one hold of an interrupt lock");

static KSYNCHRONIZE_ROUTINE CountersCopy;

_Use_decl_annotations_
static BOOLEAN NTAPI CountersCopy(PVOID Context)
{
    COUNTERS_COPY *Copy = Context;

    _Analysis_assume_(Copy != NULL);
    Copy->Counters = Copy->Target->Counters;
    return TRUE;
}

_IRQL_requires_max_(PASSIVE_LEVEL)
static VOID StatisticsCounters(_In_ const CONNECTION *Connection, _In_ const IRQSCOPE_PAGE *Page,
                               _Out_writes_(Page->Count) IRQSCOPE_COUNTERS *Records)
{
    ULONG Index;

    for (Index = 0; Index < Page->Count; Index++) {
        const TARGET *Target = &Connection->Target[Page->Start + Index];
        COUNTERS_COPY Copy;

        Copy.Target = Target;
        (VOID)KeSynchronizeExecution(Target->Object, CountersCopy, &Copy);
        Records[Index] = Copy.Counters;
        Records[Index].Target = Page->Start + Index;
        Records[Index].Sent = Target->Sent;
        Records[Index].Lost = Target->Lost;
    }
}

_IRQL_requires_max_(PASSIVE_LEVEL)
static VOID StatisticsSlots(_In_ const CONNECTION *Connection, _In_ const IRQSCOPE_PAGE *Page,
                            _Out_writes_(Page->Count) IRQSCOPE_SLOT *Records)
{
    ULONG Index;

    for (Index = 0; Index < Page->Count; Index++) {
        const LANE *Lane = Connection->Lane[Page->Start + Index];
        KIRQL Irql;

        if (Lane->Slot != NULL) {
            SlotCounters(Lane->Slot, Page->Start + Index, &Records[Index]);
            continue;
        }
        /* Its DPC folds the same counters. */
        KeAcquireSpinLock(&Lane->Device->StreamLock, &Irql);
        StrayCounters(Lane->Stray, Page->Start + Index, &Records[Index]);
        KeReleaseSpinLock(&Lane->Device->StreamLock, Irql);
    }
}

_Use_decl_annotations_
NTSTATUS StatisticsRun(IRQSCOPE_DEVICE *Device, REQUEST *Request)
{
    const IRQSCOPE_STATISTICS_REQUEST *Input = &Request->Input.Statistics;
    const CONNECTION *Connection = SessionConnection(Device, Input->Connection);
    IRQSCOPE_PAGE *Page = Request->Output;
    ULONG Room;
    uint32_t Total;
    NTSTATUS Status;

    if (Connection == NULL) {
        return STATUS_NOT_FOUND;
    }
    Status = (NTSTATUS)StatisticsCheck(Input, Connection->Targets, Connection->Lanes, &Total);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    RtlZeroMemory(Page, sizeof(*Page));
    Page->RecordSize = Input->What == IRQSCOPE_STATISTICS_COUNTERS ? sizeof(IRQSCOPE_COUNTERS)
                       : Input->What == IRQSCOPE_STATISTICS_SLOTS  ? sizeof(IRQSCOPE_SLOT)
                                                                   : sizeof(uint64_t);
    Room = (Request->OutputLength - (ULONG)sizeof(*Page)) / Page->RecordSize;
    Page->Total = Total;
    Page->Start = Input->Start;
    Page->Count = Room < Total - Input->Start ? Room : Total - Input->Start;
    RtlZeroMemory(Page + 1, Page->Count * Page->RecordSize);
    switch (Input->What) {
    case IRQSCOPE_STATISTICS_COUNTERS:
        StatisticsCounters(Connection, Page, (IRQSCOPE_COUNTERS *)(Page + 1));
        break;
    case IRQSCOPE_STATISTICS_SLOTS:
        StatisticsSlots(Connection, Page, (IRQSCOPE_SLOT *)(Page + 1));
        break;
    default:
        /* Buckets that are not of one moment are told all the same. */
        if (!SlotHistogram(Connection->Lane[Input->Slot]->Slot, Input->Histogram, Page->Start, Page->Count,
                           (uint64_t *)(Page + 1))) {
            Page->Flags = IRQSCOPE_SLOT_INEXACT;
        }
        break;
    }
    Request->Information = (ULONG)sizeof(*Page) + Page->Count * Page->RecordSize;
    return STATUS_SUCCESS;
}

/* ---- RESET ------------------------------------------------------------------------------------------------------- */

#define RESET_TRIES 64u

static KSYNCHRONIZE_ROUTINE CountersForget;

_Use_decl_annotations_
static BOOLEAN NTAPI CountersForget(PVOID Context)
{
    TARGET *Target = Context;
    ULONG Flags;

    _Analysis_assume_(Target != NULL);
    Flags = Target->Counters.Flags;
    CountersReset(&Target->Counters, Target->Number);
    /* While the guard holds the device, the reason stays known. */
    if (Target->Hardware->Storm) {
        Target->Counters.Flags = Flags;
    }
    return TRUE;
}

_IRQL_requires_max_(PASSIVE_LEVEL)
static ULONG ResetLane(_Inout_ LANE *Lane)
{
    IRQSCOPE_DEVICE *Device = Lane->Device;
    ULONG Status = IRQSCOPE_STATUS_DEVICE_BUSY;
    ULONG Try;
    KIRQL Irql;

    for (Try = 0; Try < RESET_TRIES && Status == IRQSCOPE_STATUS_DEVICE_BUSY; Try++) {
        KeAcquireSpinLock(&Device->StreamLock, &Irql);
        if (Lane->Slot != NULL) {
            Status = SlotReset(Lane->Slot);
        } else {
            StrayReset(Lane->Stray);
            Status = IRQSCOPE_STATUS_SUCCESS;
        }
        LaneNote(Lane);
        KeReleaseSpinLock(&Device->StreamLock, Irql);
    }
    return Status;
}

_Use_decl_annotations_
NTSTATUS ResetRun(IRQSCOPE_DEVICE *Device, REQUEST *Request)
{
    IRQSCOPE_REPLY *Reply = Request->Output;
    CONNECTION *Connection;
    ULONG Index;
    NTSTATUS Status = (NTSTATUS)ConnectionCheck(&Request->Input.Connection);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Connection = SessionConnection(Device, Request->Input.Connection.Connection);
    if (Connection == NULL) {
        return STATUS_NOT_FOUND;
    }
    Status = SessionMayUse(Request->Session);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    RtlZeroMemory(Reply, sizeof(*Reply));
    for (Index = 0; Index < Connection->Targets; Index++) {
        TARGET *Target = &Connection->Target[Index];

        (VOID)KeSynchronizeExecution(Target->Object, CountersForget, Target);
        Target->Sent = 0;
        Target->Lost = 0;
    }
    for (Index = 0; Index < Connection->Lanes; Index++) {
        ULONG One = ResetLane(Connection->Lane[Index]);

        if (One != IRQSCOPE_STATUS_SUCCESS) {
            Reply->Status = One;
        }
    }
    Request->Information = sizeof(*Reply);
    return STATUS_SUCCESS;
}
