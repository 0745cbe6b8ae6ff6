/* The cancel-safe queue, with cancellation at every moment. */
#include "machine_fixture.h"

typedef struct QUEUE {
    IO_CSQ Csq;
    LIST_ENTRY List;
    KSPIN_LOCK Lock;
    ULONG Canceled;
    PIRP LastCanceled;
    NTSTATUS InsertStatus;
    PVOID InsertContext;
} QUEUE;

static QUEUE Queue;
static IRP Irps[4];
static IO_STACK_LOCATION Stacks[4];

static VOID NTAPI Insert(PIO_CSQ Csq, PIRP Irp)
{
    LIST_ENTRY *Entry = &Irp->Tail.Overlay.ListEntry;

    CHECK(Csq == &Queue.Csq);
    Entry->Flink = &Queue.List;
    Entry->Blink = Queue.List.Blink;
    Entry->Blink->Flink = Entry;
    Queue.List.Blink = Entry;
}

static NTSTATUS NTAPI InsertEx(PIO_CSQ Csq, PIRP Irp, PVOID InsertContext)
{
    Queue.InsertContext = InsertContext;
    if (NT_SUCCESS(Queue.InsertStatus)) {
        Insert(Csq, Irp);
    }
    return Queue.InsertStatus;
}

static VOID NTAPI Remove(PIO_CSQ Csq, PIRP Irp)
{
    LIST_ENTRY *Entry = &Irp->Tail.Overlay.ListEntry;

    CHECK(Csq == &Queue.Csq);
    Entry->Blink->Flink = Entry->Flink;
    Entry->Flink->Blink = Entry->Blink;
}

/* PeekContext: the file that is asked for, or NULL for any. */
static PIRP NTAPI Peek(PIO_CSQ Csq, PIRP Irp, PVOID PeekContext)
{
    LIST_ENTRY *Entry = Irp == NULL ? Queue.List.Flink : Irp->Tail.Overlay.ListEntry.Flink;

    CHECK(Csq == &Queue.Csq);
    for (; Entry != &Queue.List; Entry = Entry->Flink) {
        Irp = CONTAINING_RECORD(Entry, IRP, Tail.Overlay.ListEntry);
        if (PeekContext == NULL || Irp->UserBuffer == PeekContext) {
            return Irp;
        }
    }
    return NULL;
}

static VOID NTAPI Acquire(PIO_CSQ Csq, PKIRQL Irql)
{
    CHECK(Csq == &Queue.Csq);
    *Irql = ProcessorRaise(PlatformMachine(), DISPATCH_LEVEL, "KeAcquireSpinLock");
    ProcessorSpinLockTaken(PlatformMachine(), &Queue.Lock, "KeAcquireSpinLock");
}

static VOID NTAPI Release(PIO_CSQ Csq, KIRQL Irql)
{
    CHECK(Csq == &Queue.Csq);
    ProcessorSpinLockReleased(PlatformMachine(), &Queue.Lock, "KeReleaseSpinLock");
    ProcessorLower(PlatformMachine(), Irql, "KeReleaseSpinLock");
}

static VOID NTAPI CompleteCanceled(PIO_CSQ Csq, PIRP Irp)
{
    CHECK(Csq == &Queue.Csq);
    CHECK_EQUAL(0, Queue.Lock);         /* completes without the lock */
    Queue.Canceled++;
    Queue.LastCanceled = Irp;
}

static MACHINE *BeginQueue(BOOLEAN Extended)
{
    MACHINE *Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    ULONG Index;

    Queue = (QUEUE) { .InsertStatus = STATUS_SUCCESS };
    Queue.List.Flink = Queue.List.Blink = &Queue.List;
    for (Index = 0; Index < 4; Index++) {
        Irps[Index] = (IRP) { .StackCount = 1, .CurrentLocation = 1 };
        Irps[Index].Tail.Overlay.CurrentStackLocation = &Stacks[Index];
        Stacks[Index] = (IO_STACK_LOCATION) { .Control = 0 };
    }
    if (Extended) {
        CHECK_STATUS(STATUS_SUCCESS,
                     IoCsqInitializeEx(&Queue.Csq, InsertEx, Remove, Peek, Acquire, Release, CompleteCanceled));
    } else {
        CHECK_STATUS(STATUS_SUCCESS,
                     IoCsqInitialize(&Queue.Csq, Insert, Remove, Peek, Acquire, Release, CompleteCanceled));
    }
    return Machine;
}

/* As the I/O manager does it. */
static void Cancel(PIRP Irp)
{
    PDRIVER_CANCEL Routine;

    IoAcquireCancelSpinLock(&Irp->CancelIrql);
    Irp->Cancel = TRUE;
    Routine = IoSetCancelRoutine(Irp, NULL);
    if (Routine == NULL) {
        IoReleaseCancelSpinLock(Irp->CancelIrql);
    } else {
        Routine(NULL, Irp);
    }
}

TEST(csq_gives_irps_back_in_their_order)
{
    BeginQueue(FALSE);
    IoCsqInsertIrp(&Queue.Csq, &Irps[0], NULL);
    IoCsqInsertIrp(&Queue.Csq, &Irps[1], NULL);
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, NULL) == &Irps[0]);
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, NULL) == &Irps[1]);
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, NULL) == NULL);
    End();
}

TEST(csq_marks_irps_pending_and_cancelable)
{
    BeginQueue(FALSE);
    IoCsqInsertIrp(&Queue.Csq, &Irps[0], NULL);
    CHECK((Stacks[0].Control & SL_PENDING_RETURNED) != 0);
    CHECK(Irps[0].CancelRoutine != NULL);
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, NULL) == &Irps[0]);
    CHECK(Irps[0].CancelRoutine == NULL);
    CHECK(Irps[0].Tail.Overlay.DriverContext[3] == NULL);
    End();
}

TEST(csq_removes_what_peek_chooses)
{
    BeginQueue(FALSE);
    Irps[1].UserBuffer = &Queue;
    IoCsqInsertIrp(&Queue.Csq, &Irps[0], NULL);
    IoCsqInsertIrp(&Queue.Csq, &Irps[1], NULL);
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, &Queue) == &Irps[1]);
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, &Queue) == NULL);
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, NULL) == &Irps[0]);
    End();
}

TEST(csq_completes_a_cancelled_irp_once)
{
    BeginQueue(FALSE);
    IoCsqInsertIrp(&Queue.Csq, &Irps[0], NULL);
    IoCsqInsertIrp(&Queue.Csq, &Irps[1], NULL);
    Cancel(&Irps[0]);
    CHECK_EQUAL(1, Queue.Canceled);
    CHECK(Queue.LastCanceled == &Irps[0]);
    Cancel(&Irps[0]);
    CHECK_EQUAL(1, Queue.Canceled);
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, NULL) == &Irps[1]);
    End();
}

TEST(csq_completes_an_irp_that_was_cancelled_before_it_came)
{
    BeginQueue(FALSE);
    Cancel(&Irps[0]);
    IoCsqInsertIrp(&Queue.Csq, &Irps[0], NULL);
    CHECK_EQUAL(1, Queue.Canceled);
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, NULL) == NULL);
    CHECK((Stacks[0].Control & SL_PENDING_RETURNED) != 0);
    End();
}

TEST(csq_leaves_an_irp_to_its_cancel_routine)
{
    PDRIVER_CANCEL Routine;

    BeginQueue(FALSE);
    IoCsqInsertIrp(&Queue.Csq, &Irps[0], NULL);
    IoCsqInsertIrp(&Queue.Csq, &Irps[1], NULL);
    /* IoCancelIrp took the routine out and is about to call it. */
    Irps[0].Cancel = TRUE;
    Routine = IoSetCancelRoutine(&Irps[0], NULL);
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, NULL) == &Irps[1]);
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, NULL) == NULL);
    IoAcquireCancelSpinLock(&Irps[0].CancelIrql);
    Routine(NULL, &Irps[0]);
    CHECK_EQUAL(1, Queue.Canceled);
    End();
}

TEST(csq_removes_by_context)
{
    IO_CSQ_IRP_CONTEXT Context;

    BeginQueue(FALSE);
    IoCsqInsertIrp(&Queue.Csq, &Irps[0], NULL);
    IoCsqInsertIrp(&Queue.Csq, &Irps[1], &Context);
    CHECK(IoCsqRemoveIrp(&Queue.Csq, &Context) == &Irps[1]);
    CHECK(IoCsqRemoveIrp(&Queue.Csq, &Context) == NULL);
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, NULL) == &Irps[0]);
    End();
}

TEST(csq_context_is_empty_after_cancellation)
{
    IO_CSQ_IRP_CONTEXT Context;

    BeginQueue(FALSE);
    IoCsqInsertIrp(&Queue.Csq, &Irps[0], &Context);
    Cancel(&Irps[0]);
    CHECK_EQUAL(1, Queue.Canceled);
    CHECK(IoCsqRemoveIrp(&Queue.Csq, &Context) == NULL);
    End();
}

TEST(csq_ex_hands_on_the_refusal_of_its_owner)
{
    IO_CSQ_IRP_CONTEXT Context;

    BeginQueue(TRUE);
    Queue.InsertStatus = STATUS_QUOTA_EXCEEDED;
    CHECK_STATUS(STATUS_QUOTA_EXCEEDED, IoCsqInsertIrpEx(&Queue.Csq, &Irps[0], &Context, &Queue));
    CHECK(Queue.InsertContext == &Queue);
    CHECK(Irps[0].CancelRoutine == NULL);
    CHECK((Stacks[0].Control & SL_PENDING_RETURNED) == 0);
    CHECK(Context.Irp == NULL);
    Queue.InsertStatus = STATUS_SUCCESS;
    CHECK_STATUS(STATUS_SUCCESS, IoCsqInsertIrpEx(&Queue.Csq, &Irps[0], NULL, NULL));
    CHECK(IoCsqRemoveNextIrp(&Queue.Csq, NULL) == &Irps[0]);
    End();
}

TEST(csq_above_dispatch_level_stops)
{
    MACHINE *Machine = BeginQueue(FALSE);

    ProcessorRaise(Machine, 6, "test");
    CHECK_STOPS("IoCsqInsertIrp", "DISPATCH_LEVEL", IoCsqInsertIrp(&Queue.Csq, &Irps[0], NULL));
}

TEST(csq_that_was_not_initialised_stops)
{
    BeginQueue(FALSE);
    Queue.Csq.Type = 0;
    CHECK_STOPS("IoCsqRemoveNextIrp", "IoCsqInitialize", IoCsqRemoveNextIrp(&Queue.Csq, NULL));
}
