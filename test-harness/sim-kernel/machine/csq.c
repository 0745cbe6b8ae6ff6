/*
 * IoCsq: a queue of IRPs that lives in peace with cancellation.
 *
 *   (not in a queue) --insert--> queued, cancel routine set --remove--> the caller's
 *                                   |--cancelled: the routine below--> the driver's CompleteCanceledIrp
 *
 * Who takes the cancel routine out of the IRP owns it: the exchange in IoSetCancelRoutine decides each race. An IRP
 * points back to its queue, or to the caller's context that does, in Tail.Overlay.DriverContext[3].
 */
#include "interior.h"

#define BACK_POINTER 3

static void NeedsCsq(PIO_CSQ Csq, const char *Routine)
{
    ProcessorNeeds(PlatformRoutine(Routine), DISPATCH_LEVEL, Routine);
    if (Csq == NULL || (Csq->Type != IO_TYPE_CSQ && Csq->Type != IO_TYPE_CSQ_EX)) {
        PlatformStop(Routine, "the queue was not initialised with IoCsqInitialize, or was overwritten");
    }
}

/* Both kinds begin with their type. */
static PIO_CSQ CsqOf(PIRP Irp, PIO_CSQ_IRP_CONTEXT *Context)
{
    PVOID Back = Irp->Tail.Overlay.DriverContext[BACK_POINTER];

    *Context = NULL;
    if (Back == NULL) {
        PlatformStop("IoCsq", "the IRP is in no queue, or its DriverContext[3] was overwritten");
    }
    if (((PIO_CSQ_IRP_CONTEXT)Back)->Type == IO_TYPE_CSQ_IRP_CONTEXT) {
        *Context = Back;
        return (*Context)->Csq;
    }
    return Back;
}

/* With the queue's lock held. */
static void TakeOut(PIO_CSQ Csq, PIRP Irp)
{
    PIO_CSQ_IRP_CONTEXT Context;

    if (CsqOf(Irp, &Context) != Csq) {
        PlatformStop("IoCsq", "the IRP is in another queue");
    }
    Csq->CsqRemoveIrp(Csq, Irp);
    if (Context != NULL) {
        Context->Irp = NULL;
    }
    Irp->Tail.Overlay.DriverContext[BACK_POINTER] = NULL;
}

void CsqCancel(PIRP Irp)
{
    PIO_CSQ_IRP_CONTEXT Context;
    PIO_CSQ Csq;
    KIRQL Irql;

    Csq = CsqOf(Irp, &Context);
    Csq->CsqAcquireLock(Csq, &Irql);
    TakeOut(Csq, Irp);
    Csq->CsqReleaseLock(Csq, Irql);
    Csq->CsqCompleteCanceledIrp(Csq, Irp);
}

static NTSTATUS Initialize(PIO_CSQ Csq, ULONG Type, PIO_CSQ_REMOVE_IRP RemoveIrp, PIO_CSQ_PEEK_NEXT_IRP PeekNextIrp,
                           PIO_CSQ_ACQUIRE_LOCK AcquireLock, PIO_CSQ_RELEASE_LOCK ReleaseLock,
                           PIO_CSQ_COMPLETE_CANCELED_IRP CompleteCanceledIrp)
{
    if (RemoveIrp == NULL || PeekNextIrp == NULL || AcquireLock == NULL || ReleaseLock == NULL ||
        CompleteCanceledIrp == NULL) {
        PlatformStop("IoCsqInitialize", "one of the routines is NULL");
    }
    Csq->Type = Type;
    Csq->CsqRemoveIrp = RemoveIrp;
    Csq->CsqPeekNextIrp = PeekNextIrp;
    Csq->CsqAcquireLock = AcquireLock;
    Csq->CsqReleaseLock = ReleaseLock;
    Csq->CsqCompleteCanceledIrp = CompleteCanceledIrp;
    Csq->ReservePointer = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI IoCsqInitialize(PIO_CSQ Csq, PIO_CSQ_INSERT_IRP CsqInsertIrp, PIO_CSQ_REMOVE_IRP CsqRemoveIrp,
                               PIO_CSQ_PEEK_NEXT_IRP CsqPeekNextIrp, PIO_CSQ_ACQUIRE_LOCK CsqAcquireLock,
                               PIO_CSQ_RELEASE_LOCK CsqReleaseLock,
                               PIO_CSQ_COMPLETE_CANCELED_IRP CsqCompleteCanceledIrp)
{
    PlatformRoutine("IoCsqInitialize");
    if (Csq == NULL || CsqInsertIrp == NULL) {
        PlatformStop("IoCsqInitialize", "the queue or a routine is NULL");
    }
    Csq->CsqInsertIrp = CsqInsertIrp;
    return Initialize(Csq, IO_TYPE_CSQ, CsqRemoveIrp, CsqPeekNextIrp, CsqAcquireLock, CsqReleaseLock,
                      CsqCompleteCanceledIrp);
}

NTSTATUS NTAPI IoCsqInitializeEx(PIO_CSQ Csq, PIO_CSQ_INSERT_IRP_EX CsqInsertIrp, PIO_CSQ_REMOVE_IRP CsqRemoveIrp,
                                 PIO_CSQ_PEEK_NEXT_IRP CsqPeekNextIrp, PIO_CSQ_ACQUIRE_LOCK CsqAcquireLock,
                                 PIO_CSQ_RELEASE_LOCK CsqReleaseLock,
                                 PIO_CSQ_COMPLETE_CANCELED_IRP CsqCompleteCanceledIrp)
{
    PlatformRoutine("IoCsqInitializeEx");
    if (Csq == NULL || CsqInsertIrp == NULL) {
        PlatformStop("IoCsqInitializeEx", "the queue or a routine is NULL");
    }
    /* One field for both kinds of routine; Type tells which it is. */
    Csq->CsqInsertIrp = (PIO_CSQ_INSERT_IRP)(ULONG_PTR)CsqInsertIrp;
    return Initialize(Csq, IO_TYPE_CSQ_EX, CsqRemoveIrp, CsqPeekNextIrp, CsqAcquireLock, CsqReleaseLock,
                      CsqCompleteCanceledIrp);
}

static NTSTATUS Insert(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context, PVOID InsertContext)
{
    NTSTATUS Status = STATUS_SUCCESS;
    KIRQL Irql;

    if (Irp == NULL) {
        PlatformStop("IoCsqInsertIrp", "the IRP is NULL");
    }
    if (Context != NULL) {
        Context->Type = IO_TYPE_CSQ_IRP_CONTEXT;
        Context->Irp = Irp;
        Context->Csq = Csq;
    }
    Csq->CsqAcquireLock(Csq, &Irql);
    Irp->Tail.Overlay.DriverContext[BACK_POINTER] = Context != NULL ? (PVOID)Context : (PVOID)Csq;
    if (Csq->Type == IO_TYPE_CSQ_EX) {
        Status = ((PIO_CSQ_INSERT_IRP_EX)(ULONG_PTR)Csq->CsqInsertIrp)(Csq, Irp, InsertContext);
    } else {
        Csq->CsqInsertIrp(Csq, Irp);
    }
    if (!NT_SUCCESS(Status)) {
        Irp->Tail.Overlay.DriverContext[BACK_POINTER] = NULL;
        if (Context != NULL) {
            Context->Irp = NULL;
        }
        Csq->CsqReleaseLock(Csq, Irql);
        return Status;
    }
    IoMarkIrpPending(Irp);
    (void)IoSetCancelRoutine(Irp, PlatformCancelRoutine);

    /* Cancelled before there was a routine: nobody else completes it, unless IoCancelIrp took the routine just now. */
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
        TakeOut(Csq, Irp);
        Csq->CsqReleaseLock(Csq, Irql);
        Csq->CsqCompleteCanceledIrp(Csq, Irp);
        return Status;
    }
    Csq->CsqReleaseLock(Csq, Irql);
    return Status;
}

VOID NTAPI IoCsqInsertIrp(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context)
{
    NeedsCsq(Csq, "IoCsqInsertIrp");
    (void)Insert(Csq, Irp, Context, NULL);
}

NTSTATUS NTAPI IoCsqInsertIrpEx(PIO_CSQ Csq, PIRP Irp, PIO_CSQ_IRP_CONTEXT Context, PVOID InsertContext)
{
    NeedsCsq(Csq, "IoCsqInsertIrpEx");
    return Insert(Csq, Irp, Context, InsertContext);
}

PIRP NTAPI IoCsqRemoveIrp(PIO_CSQ Csq, PIO_CSQ_IRP_CONTEXT Context)
{
    PIRP Irp;
    KIRQL Irql;

    NeedsCsq(Csq, "IoCsqRemoveIrp");
    if (Context == NULL) {
        PlatformStop("IoCsqRemoveIrp", "the context is NULL");
    }
    Csq->CsqAcquireLock(Csq, &Irql);
    Irp = Context->Irp;
    if (Irp != NULL && IoSetCancelRoutine(Irp, NULL) == NULL) {
        Irp = NULL;                     /* its cancel routine runs, or waits for our lock */
    }
    if (Irp != NULL) {
        TakeOut(Csq, Irp);
    }
    Csq->CsqReleaseLock(Csq, Irql);
    return Irp;
}

PIRP NTAPI IoCsqRemoveNextIrp(PIO_CSQ Csq, PVOID PeekContext)
{
    PIRP Irp = NULL;
    KIRQL Irql;

    NeedsCsq(Csq, "IoCsqRemoveNextIrp");
    Csq->CsqAcquireLock(Csq, &Irql);
    do {
        Irp = Csq->CsqPeekNextIrp(Csq, Irp, PeekContext);
    } while (Irp != NULL && IoSetCancelRoutine(Irp, NULL) == NULL);
    if (Irp != NULL) {
        TakeOut(Csq, Irp);
    }
    Csq->CsqReleaseLock(Csq, Irql);
    return Irp;
}
