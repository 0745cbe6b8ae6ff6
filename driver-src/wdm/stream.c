/*
 * Pending reads of events: a cancel-safe queue, and what completes them. A read is due when what waits fills it as
 * far as it asked, or when the oldest waiting event is older than it allows; DPCs of slots, a timer and new reads
 * look.
 */
#include "driver.h"

/* ---- The cancel-safe queue --------------------------------------------------------------------------------------- */

static IO_CSQ_INSERT_IRP StreamInsertIrp;
static IO_CSQ_REMOVE_IRP StreamRemoveIrp;
static IO_CSQ_PEEK_NEXT_IRP StreamPeekNextIrp;
static IO_CSQ_ACQUIRE_LOCK StreamAcquireLock;
static IO_CSQ_RELEASE_LOCK StreamReleaseLock;
static IO_CSQ_COMPLETE_CANCELED_IRP StreamCompleteCanceledIrp;

static IRQSCOPE_DEVICE *StreamDevice(_In_ PIO_CSQ Queue)
{
    return CONTAINING_RECORD(Queue, IRQSCOPE_DEVICE, Reads);
}

static SESSION *StreamSession(_In_ PIRP Irp)
{
    return IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext;
}

_Use_decl_annotations_
static VOID NTAPI StreamInsertIrp(PIO_CSQ Queue, PIRP Irp)
{
    InsertTailList(&StreamDevice(Queue)->ReadList, &Irp->Tail.Overlay.ListEntry);
}

_Use_decl_annotations_
static VOID NTAPI StreamRemoveIrp(PIO_CSQ Queue, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Queue);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
}

/* PeekContext: a session whose reads are wanted; NULL: any. */
_Use_decl_annotations_
static PIRP NTAPI StreamPeekNextIrp(PIO_CSQ Queue, PIRP Irp, PVOID PeekContext)
{
    PLIST_ENTRY Head = &StreamDevice(Queue)->ReadList;
    PLIST_ENTRY Entry = Irp == NULL ? Head->Flink : Irp->Tail.Overlay.ListEntry.Flink;

    for (; Entry != Head; Entry = Entry->Flink) {
        PIRP Next = CONTAINING_RECORD(Entry, IRP, Tail.Overlay.ListEntry);

        if (PeekContext == NULL || StreamSession(Next) == PeekContext) {
            return Next;
        }
    }
    return NULL;
}

_Use_decl_annotations_
static VOID NTAPI StreamAcquireLock(PIO_CSQ Queue, PKIRQL Irql)
{
    KeAcquireSpinLock(&StreamDevice(Queue)->ReadLock, Irql);
}

_Use_decl_annotations_
static VOID NTAPI StreamReleaseLock(PIO_CSQ Queue, KIRQL Irql)
{
    KeReleaseSpinLock(&StreamDevice(Queue)->ReadLock, Irql);
}

/* A read is out of the queue: its status is told, its share of the remove lock goes last. */
_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID StreamComplete(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp, NTSTATUS Status, ULONG Information)
{
    (VOID)InterlockedDecrement(&StreamSession(Irp)->Reads);
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
}

_Use_decl_annotations_
static VOID NTAPI StreamCompleteCanceledIrp(PIO_CSQ Queue, PIRP Irp)
{
    StreamComplete(StreamDevice(Queue), Irp, STATUS_CANCELLED, 0);
}

/* ---- What is due ------------------------------------------------------------------------------------------------- */

/* What a read asked for, kept in its IRP: the queue itself uses the fourth of these words. */
#define READ_FILL(Irp) ((Irp)->Tail.Overlay.DriverContext[0])
#define READ_DELAY(Irp) ((Irp)->Tail.Overlay.DriverContext[1])
#define READ_BUFFER(Irp) ((Irp)->Tail.Overlay.DriverContext[2]) /* its output, mapped */

/* Under the stream lock: when the oldest read is due, as DueAfter says it in due.h. */
_IRQL_requires_(DISPATCH_LEVEL)
_Requires_lock_held_(Device->StreamLock)
static ULONGLONG StreamDue(_Inout_ IRQSCOPE_DEVICE *Device)
{
    ULONG Fill = 0;
    ULONG Delay = 0;
    BOOLEAN Found = FALSE;
    uint64_t Oldest = 0;
    LANE *Lane;

    if (IsListEmpty(&Device->ReadyLanes)) {
        return DUE_NEVER;
    }
    KeAcquireSpinLockAtDpcLevel(&Device->ReadLock);
    if (!IsListEmpty(&Device->ReadList)) {
        PIRP Irp = CONTAINING_RECORD(Device->ReadList.Flink, IRP, Tail.Overlay.ListEntry);

        Fill = (ULONG)(ULONG_PTR)READ_FILL(Irp);
        Delay = (ULONG)(ULONG_PTR)READ_DELAY(Irp);
        Found = TRUE;
    }
    KeReleaseSpinLockFromDpcLevel(&Device->ReadLock);
    if (!Found) {
        return DUE_NEVER;
    }
    Lane = CONTAINING_RECORD(Device->ReadyLanes.Flink, LANE, Ready);
    (VOID)(Lane->Slot != NULL ? SlotReady(Lane->Slot, &Oldest) : StrayReady(Lane->Stray, &Oldest));
    return DueAfter(Fill, ClockTicks(&Device->Driver->Clock, Delay), Device->ReadyBytes, Oldest, TimeNow());
}

/* Events in one hold of the stream lock, which DPCs of all processors wait for. */
#define STREAM_HOLD 4096u

/* Under the stream lock, which is let go between two portions: whole runs, from the lane that has waited longest on, as
 * far as there is room. Only who feeds takes events out, so nobody comes between. */
_IRQL_requires_(DISPATCH_LEVEL)
_Requires_lock_held_(Device->StreamLock)
static ULONG StreamFill(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    PUCHAR Buffer = READ_BUFFER(Irp);
    ULONG Room = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.OutputBufferLength;
    ULONG Written = 0;

    while (!IsListEmpty(&Device->ReadyLanes)) {
        LANE *Lane = CONTAINING_RECORD(Device->ReadyLanes.Flink, LANE, Ready);
        ULONG Bytes = Lane->Slot != NULL
                          ? SlotTake(Lane->Slot, Buffer + Written, Room - Written, STREAM_HOLD)
                          : StrayTake(Lane->Stray, Buffer + Written, Room - Written, STREAM_HOLD);

        if (Bytes == 0) {
            break;
        }
        Written += Bytes;
        LaneNote(Lane);
        KeReleaseSpinLockFromDpcLevel(&Device->StreamLock);
        KeAcquireSpinLockAtDpcLevel(&Device->StreamLock);
    }
    return Written;
}

/* Under the stream lock, which is let go while the read is completed. FALSE: no read was left. */
_IRQL_requires_(DISPATCH_LEVEL)
_Requires_lock_held_(Device->StreamLock)
static BOOLEAN StreamCompleteOne(_Inout_ IRQSCOPE_DEVICE *Device)
{
    PIRP Irp = IoCsqRemoveNextIrp(&Device->Reads, NULL);
    ULONG Written;

    if (Irp == NULL) {
        return FALSE;
    }
    Written = StreamFill(Device, Irp);
    KeReleaseSpinLockFromDpcLevel(&Device->StreamLock);
    StreamComplete(Device, Irp, STATUS_SUCCESS, Written);
    KeAcquireSpinLockAtDpcLevel(&Device->StreamLock);
    return TRUE;
}

/* Reads completed before the processor gets a turn for something else: readers that ask again at once, from other
 * processors, would keep who feeds at DISPATCH_LEVEL for ever. */
#define STREAM_TURN IRQSCOPE_MAXIMUM_READS

_Use_decl_annotations_
VOID StreamFeed(IRQSCOPE_DEVICE *Device)
{
    ULONGLONG Due;
    ULONG Completed = 0;
    KIRQL Irql;

    /* At DISPATCH_LEVEL throughout: who feeds must not be held up while others rely on him. */
    KeAcquireSpinLock(&Device->StreamLock, &Irql);
    if (!Device->Feeding) {
        Device->Feeding = TRUE;
        while ((Due = StreamDue(Device)) == DUE_NOW && Completed < STREAM_TURN && StreamCompleteOne(Device)) {
            Completed++;
        }
        if (Due == DUE_NOW && Completed == STREAM_TURN) {
            (VOID)KeInsertQueueDpc(&Device->FeedDpc, NULL, NULL);
        } else if (Due != DUE_NEVER && Due != DUE_NOW) {
            LARGE_INTEGER Time;

            Time.QuadPart = -(LONGLONG)ClockTimerUnits(&Device->Driver->Clock, Due);
            (VOID)KeSetTimer(&Device->FeedTimer, Time, &Device->FeedDpc);
        }
        Device->Feeding = FALSE;
    }
    KeReleaseSpinLock(&Device->StreamLock, Irql);
}

_Use_decl_annotations_
VOID StreamFlush(IRQSCOPE_DEVICE *Device)
{
    KIRQL Irql;

    /* Whoever feeds now may have taken a read and not completed it yet; a later read must not overtake that one. He is
     * at DISPATCH_LEVEL on another processor, so he is done soon. */
    KeAcquireSpinLock(&Device->StreamLock, &Irql);
    while (Device->Feeding) {
        KeReleaseSpinLock(&Device->StreamLock, Irql);
        KeStallExecutionProcessor(1);
        KeAcquireSpinLock(&Device->StreamLock, &Irql);
    }
    Device->Feeding = TRUE;
    while (!IsListEmpty(&Device->ReadyLanes) && StreamCompleteOne(Device)) {
    }
    Device->Feeding = FALSE;
    KeReleaseSpinLock(&Device->StreamLock, Irql);
}

_Use_decl_annotations_
VOID StreamEnd(IRQSCOPE_DEVICE *Device, const SESSION *Session, NTSTATUS Status)
{
    PIRP Irp;

    while ((Irp = IoCsqRemoveNextIrp(&Device->Reads, (PVOID)(ULONG_PTR)Session)) != NULL) {
        StreamComplete(Device, Irp, Status, 0);
    }
}

_Use_decl_annotations_
VOID StreamQuiet(IRQSCOPE_DEVICE *Device)
{
    (VOID)KeCancelTimer(&Device->FeedTimer);
    (VOID)KeRemoveQueueDpc(&Device->FeedDpc);
    KeFlushQueuedDpcs();
}

static KDEFERRED_ROUTINE StreamTimerDpc;

_Use_decl_annotations_
static VOID NTAPI StreamTimerDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    _Analysis_assume_(Context != NULL);
    StreamFeed(Context);
}

_Use_decl_annotations_
NTSTATUS StreamInitialize(IRQSCOPE_DEVICE *Device)
{
    KeInitializeSpinLock(&Device->StreamLock);
    KeInitializeSpinLock(&Device->ReadLock);
    InitializeListHead(&Device->ReadyLanes);
    InitializeListHead(&Device->ReadList);
    KeInitializeTimer(&Device->FeedTimer);
    KeInitializeDpc(&Device->FeedDpc, StreamTimerDpc, Device);
    return IoCsqInitialize(&Device->Reads, StreamInsertIrp, StreamRemoveIrp, StreamPeekNextIrp, StreamAcquireLock,
                           StreamReleaseLock, StreamCompleteCanceledIrp);
}

/* ---- The request ------------------------------------------------------------------------------------------------- */

/* Under no lock: what a read may not do is refused before it is queued. */
_IRQL_requires_max_(DISPATCH_LEVEL)
static NTSTATUS EventsAllowed(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ SESSION *Session)
{
    NTSTATUS Status = STATUS_SUCCESS;
    KIRQL Irql;

    KeAcquireSpinLock(&Device->StreamLock, &Irql);
    if (Device->ConnectionCount == 0) {
        Status = STATUS_DEVICE_NOT_CONNECTED;
    } else if (Device->Owner != NULL && Device->Owner != Session) {
        Status = STATUS_SHARING_VIOLATION;
    }
    KeReleaseSpinLock(&Device->StreamLock, Irql);
    return Status;
}

_Use_decl_annotations_
NTSTATUS EventsRun(IRQSCOPE_DEVICE *Device, REQUEST *Request)
{
    const IRQSCOPE_EVENTS_REQUEST *Events = &Request->Input.Events;
    SESSION *Session = Request->Session;
    PIRP Irp = Request->Irp;
    PVOID Buffer;
    NTSTATUS Status = (NTSTATUS)EventsCheck(Events, Request->OutputLength);

    if (NT_SUCCESS(Status)) {
        Status = EventsAllowed(Device, Request->Session);
    }
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    /* Mapped here, where a failure can still be told; the DPC that fills it is told where. */
    Buffer = Irp->MdlAddress != NULL
                 ? MmGetSystemAddressForMdlSafe(Irp->MdlAddress, Device->Driver->MapPriority)
                 : NULL;
    if (Buffer == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    if (((ULONG_PTR)Buffer & 7) != 0) {
        return STATUS_INVALID_PARAMETER_7; /* runs hold 64-bit fields on their natural boundary */
    }
    /* Another share of the remove lock: this goes on using the device after the read has gone its own way. */
    Status = IoAcquireRemoveLock(&Device->RemoveLock, Request);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    if (InterlockedIncrement(&Request->Session->Reads) > (LONG)IRQSCOPE_MAXIMUM_READS) {
        (VOID)InterlockedDecrement(&Request->Session->Reads);
        IoReleaseRemoveLock(&Device->RemoveLock, Request);
        return STATUS_QUOTA_EXCEEDED;
    }
    READ_FILL(Irp) = (PVOID)(ULONG_PTR)Events->Fill;
    READ_DELAY(Irp) = (PVOID)(ULONG_PTR)Events->Delay;
    READ_BUFFER(Irp) = Buffer;
    SessionHold(Session);
    IoCsqInsertIrp(&Device->Reads, Irp, NULL);

    /* From here on the IRP and the file object may be gone. The last handle may have been closed, or the last
     * connection have ended, between the look above and now: then neither saw this read. */
    if (Session->Closed) {
        StreamEnd(Device, Session, STATUS_CANCELLED);
    } else if (EventsAllowed(Device, Session) != STATUS_SUCCESS) {
        StreamEnd(Device, Session, STATUS_DEVICE_NOT_CONNECTED);
    }
    SessionRelease(Session);
    StreamFeed(Device);
    IoReleaseRemoveLock(&Device->RemoveLock, Request);
    return STATUS_PENDING;
}
