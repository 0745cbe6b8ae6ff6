/*
 * Cancel-safe queues. Wine 8 exports the routines as stubs that end the driver's host, so where there is a name that only
 * Wine exports they are not asked.
 */
#include "driver.h"

#include <csq.h>

#define IRPS 3

typedef struct QUEUE {
    IO_CSQ Csq;
    KSPIN_LOCK Lock;
    LIST_ENTRY Irps;
    PIRP Made[IRPS];
    LONG Cancelled;
} QUEUE;

static VOID NTAPI QueueInsert(PIO_CSQ Csq, PIRP Irp)
{
    InsertTailList(&CONTAINING_RECORD(Csq, QUEUE, Csq)->Irps, &Irp->Tail.Overlay.ListEntry);
}

static VOID NTAPI QueueRemove(PIO_CSQ Csq, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Csq);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
}

/* PeekContext: only IRPs with this Information. */
static PIRP NTAPI QueuePeek(PIO_CSQ Csq, PIRP Irp, PVOID PeekContext)
{
    PLIST_ENTRY Head = &CONTAINING_RECORD(Csq, QUEUE, Csq)->Irps;
    PLIST_ENTRY Entry = Irp == NULL ? Head->Flink : Irp->Tail.Overlay.ListEntry.Flink;

    for (; Entry != Head; Entry = Entry->Flink) {
        PIRP Next = CONTAINING_RECORD(Entry, IRP, Tail.Overlay.ListEntry);

        if (PeekContext == NULL || Next->IoStatus.Information == (ULONG_PTR)PeekContext) {
            return Next;
        }
    }
    return NULL;
}

static VOID NTAPI QueueAcquire(PIO_CSQ Csq, PKIRQL Irql)
{
    KeAcquireSpinLock(&CONTAINING_RECORD(Csq, QUEUE, Csq)->Lock, Irql);
}

static VOID NTAPI QueueRelease(PIO_CSQ Csq, KIRQL Irql)
{
    KeReleaseSpinLock(&CONTAINING_RECORD(Csq, QUEUE, Csq)->Lock, Irql);
}

/* A driver completes it here; these IRPs are the questions' own and stay. */
static VOID NTAPI QueueCancelled(PIO_CSQ Csq, PIRP Irp)
{
    CONTAINING_RECORD(Csq, QUEUE, Csq)->Cancelled += (LONG)Irp->IoStatus.Information;
}

static BOOLEAN QueuesAreStubs(void)
{
    UNICODE_STRING Name;

    RtlInitUnicodeString(&Name, L"wine_ntoskrnl_main_loop");
    return MmGetSystemRoutineAddress(&Name) != NULL;
}

static void QueueDelete(QUEUE *Queue)
{
    ULONG Index;

    for (Index = 0; Index < IRPS; Index++) {
        if (Queue->Made[Index] != NULL) {
            IoFreeIrp(Queue->Made[Index]);
        }
    }
    ExFreePoolWithTag(Queue, TAG_CONFORM);
}

/* A queue and three IRPs with Information 1, 2 and 3. NULL: the answer says why. */
static QUEUE *QueueCreate(CONFORM_DEVICE *Device, TEXT *Answer)
{
    QUEUE *Queue;
    ULONG Index;

    if (QueuesAreStubs()) {
        TextAdd(Answer, "not asked: the call would end the driver's host");
        return NULL;
    }
    Queue = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Queue), TAG_CONFORM);
    if (Queue == NULL) {
        TextAdd(Answer, "no memory");
        return NULL;
    }
    RtlZeroMemory(Queue, sizeof(*Queue));
    KeInitializeSpinLock(&Queue->Lock);
    InitializeListHead(&Queue->Irps);
    IoCsqInitialize(&Queue->Csq, QueueInsert, QueueRemove, QueuePeek, QueueAcquire, QueueRelease, QueueCancelled);
    for (Index = 0; Index < IRPS; Index++) {
        Queue->Made[Index] = IoAllocateIrp(2, FALSE);
        if (Queue->Made[Index] == NULL) {
            TextAdd(Answer, "no IRP");
            QueueDelete(Queue);
            return NULL;
        }
        IoSetNextIrpStackLocation(Queue->Made[Index]);
        IoGetCurrentIrpStackLocation(Queue->Made[Index])->DeviceObject = Device->Self;
        Queue->Made[Index]->IoStatus.Information = Index + 1;
    }
    return Queue;
}

static void SayNext(TEXT *Answer, const char *Before, PIRP Irp)
{
    SayNumber(Answer, Before, Irp == NULL ? 0 : (LONGLONG)Irp->IoStatus.Information);
}

static void AskOrder(CONFORM_DEVICE *Device, TEXT *Answer)
{
    QUEUE *Queue = QueueCreate(Device, Answer);
    UCHAR Control;
    ULONG Index;

    if (Queue == NULL) {
        return;
    }
    for (Index = 0; Index < IRPS; Index++) {
        IoCsqInsertIrp(&Queue->Csq, Queue->Made[Index], NULL);
    }
    Control = IoGetCurrentIrpStackLocation(Queue->Made[0])->Control;
    TextAdd(Answer, (Control & SL_PENDING_RETURNED) != 0 ? "marked pending" : "not marked pending");
    TextAdd(Answer, Queue->Made[0]->CancelRoutine != NULL ? ", with a cancel routine" : ", without a cancel routine");
    for (Index = 0; Index <= IRPS; Index++) {
        SayNext(Answer, ", next ", IoCsqRemoveNextIrp(&Queue->Csq, NULL));
    }
    TextAdd(Answer, Queue->Made[0]->CancelRoutine == NULL ? ", without a cancel routine" : ", with a cancel routine");
    QueueDelete(Queue);
}

static void AskPeek(CONFORM_DEVICE *Device, TEXT *Answer)
{
    QUEUE *Queue = QueueCreate(Device, Answer);
    ULONG Index;

    if (Queue == NULL) {
        return;
    }
    for (Index = 0; Index < IRPS; Index++) {
        IoCsqInsertIrp(&Queue->Csq, Queue->Made[Index], NULL);
    }
    SayNext(Answer, "the one asked for ", IoCsqRemoveNextIrp(&Queue->Csq, (PVOID)2));
    SayNext(Answer, ", again ", IoCsqRemoveNextIrp(&Queue->Csq, (PVOID)2));
    SayNext(Answer, ", any ", IoCsqRemoveNextIrp(&Queue->Csq, NULL));
    SayNext(Answer, ", any ", IoCsqRemoveNextIrp(&Queue->Csq, NULL));
    QueueDelete(Queue);
}

static void AskCancelled(CONFORM_DEVICE *Device, TEXT *Answer)
{
    QUEUE *Queue = QueueCreate(Device, Answer);

    if (Queue == NULL) {
        return;
    }
    IoCsqInsertIrp(&Queue->Csq, Queue->Made[0], NULL);
    IoCsqInsertIrp(&Queue->Csq, Queue->Made[1], NULL);
    SayNumber(Answer, "cancel ", IoCancelIrp(Queue->Made[0]));
    SayNumber(Answer, ", given to CsqCompleteCanceledIrp ", Queue->Cancelled);
    SayNext(Answer, ", next ", IoCsqRemoveNextIrp(&Queue->Csq, NULL));
    SayNext(Answer, ", next ", IoCsqRemoveNextIrp(&Queue->Csq, NULL));
    QueueDelete(Queue);
}

static void AskCancelledBefore(CONFORM_DEVICE *Device, TEXT *Answer)
{
    QUEUE *Queue = QueueCreate(Device, Answer);

    if (Queue == NULL) {
        return;
    }
    SayNumber(Answer, "cancel ", IoCancelIrp(Queue->Made[1]));
    IoCsqInsertIrp(&Queue->Csq, Queue->Made[1], NULL);
    SayNumber(Answer, ", given to CsqCompleteCanceledIrp ", Queue->Cancelled);
    SayNext(Answer, ", next ", IoCsqRemoveNextIrp(&Queue->Csq, NULL));
    QueueDelete(Queue);
}

static void AskContext(CONFORM_DEVICE *Device, TEXT *Answer)
{
    QUEUE *Queue = QueueCreate(Device, Answer);
    IO_CSQ_IRP_CONTEXT First, Second;

    if (Queue == NULL) {
        return;
    }
    IoCsqInsertIrp(&Queue->Csq, Queue->Made[0], &First);
    IoCsqInsertIrp(&Queue->Csq, Queue->Made[1], &Second);
    SayNext(Answer, "removed ", IoCsqRemoveIrp(&Queue->Csq, &First));
    SayNext(Answer, ", again ", IoCsqRemoveIrp(&Queue->Csq, &First));
    IoCancelIrp(Queue->Made[1]);
    SayNext(Answer, ", a cancelled one ", IoCsqRemoveIrp(&Queue->Csq, &Second));
    SayNumber(Answer, ", given to CsqCompleteCanceledIrp ", Queue->Cancelled);
    QueueDelete(Queue);
}

const QUESTION CsqQuestions[] = {
    { "io/csq/order", "three IRPs inserted, four removed", "IoCsqInsertIrp; IoCsqRemoveNextIrp", AskOrder },
    { "io/csq/peek", "IoCsqRemoveNextIrp with a PeekContext that the second one fits", "IoCsqRemoveNextIrp", AskPeek },
    { "io/csq/cancelled", "the first of two is cancelled in the queue", "Cancel-Safe IRP Queues", AskCancelled },
    { "io/csq/cancelled-before", "an IRP that was cancelled before it is inserted", "Cancel-Safe IRP Queues", AskCancelledBefore },
    { "io/csq/context", "IoCsqRemoveIrp by context: queued, removed, cancelled", "IoCsqRemoveIrp", AskContext },
};
const ULONG CsqQuestionCount = RTL_NUMBER_OF(CsqQuestions);
