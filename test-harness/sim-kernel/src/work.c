/*
 * Io: work items. They run on threads of their own, as system worker threads do: one of them may wait for what the
 * thread that queued it does next. Only one thread is in the machine at a time, so runs repeat all the same: a host
 * call does not return before every work item that can run has run.
 */
#include "kernel.h"

#define WORKERS_LIMIT 8

struct WORKER {
    WORKER *Next;
    KERNEL *Kernel;
    THREAD *Thread;
    BOOLEAN Idle;
};

struct _IO_WORKITEM {
    struct _IO_WORKITEM *Next;
    PDEVICE_OBJECT Device;
    PIO_WORKITEM_ROUTINE Routine;
    PVOID Context;
    BOOLEAN Queued;
    BOOLEAN Own;                        /* the kernel's: freed when it ran */
};

PIO_WORKITEM IoAllocateWorkItem(PDEVICE_OBJECT DeviceObject)
{
    static const char Routine[] = "IoAllocateWorkItem";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    PIO_WORKITEM Item;

    if (!DeviceObjectIs(Kernel, DeviceObject)) {
        PlatformStop(Routine, "not a device object");
    }
    if (MachineFails(Kernel->Machine, Routine)) {
        return NULL;
    }
    Item = PlatformAllocate(sizeof(*Item));
    Item->Device = DeviceObject;
    Kernel->WorkItems++;
    return Item;
}

VOID IoFreeWorkItem(PIO_WORKITEM IoWorkItem)
{
    static const char Routine[] = "IoFreeWorkItem";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    if (IoWorkItem->Queued) {
        PlatformStop(Routine, "the work item is queued");
    }
    Kernel->WorkItems--;
    PlatformFree(IoWorkItem);
}

static void ItemQueue(KERNEL *Kernel, PIO_WORKITEM Item, PIO_WORKITEM_ROUTINE Routine, PVOID Context)
{
    Item->Queued = TRUE;
    Item->Routine = Routine;
    Item->Context = Context;
    Item->Next = NULL;
    DeviceObjectReference(Item->Device);
    if (Kernel->WorkLast == NULL) {
        Kernel->WorkFirst = Item;
    } else {
        Kernel->WorkLast->Next = Item;
    }
    Kernel->WorkLast = Item;
}

void WorkQueue(KERNEL *Kernel, PDEVICE_OBJECT Device, PIO_WORKITEM_ROUTINE Routine, PVOID Context)
{
    PIO_WORKITEM Item = PlatformAllocate(sizeof(*Item));

    Item->Device = Device;
    Item->Own = TRUE;
    ItemQueue(Kernel, Item, Routine, Context);
}

VOID IoQueueWorkItem(PIO_WORKITEM IoWorkItem, PIO_WORKITEM_ROUTINE WorkerRoutine, WORK_QUEUE_TYPE QueueType,
                     PVOID Context)
{
    static const char Routine[] = "IoQueueWorkItem";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    UNREFERENCED_PARAMETER(QueueType);
    if (IoWorkItem->Queued) {
        PlatformStop(Routine, "the work item is queued already");
    }
    ItemQueue(Kernel, IoWorkItem, WorkerRoutine, Context);
}

static void WorkRunNext(KERNEL *Kernel)
{
    PIO_WORKITEM First = Kernel->WorkFirst;
    struct _IO_WORKITEM Item = *First;

    First->Queued = FALSE;
    Kernel->WorkFirst = Item.Next;
    if (Item.Next == NULL) {
        Kernel->WorkLast = NULL;
    }
    if (Item.Own) {
        PlatformFree(First);
    }
    /* The routine may free its item: only the copy is used from here on. */
    ProcessorEnter(Kernel->Machine, NULL);
    Item.Routine(Item.Device, Item.Context);
    DeviceObjectDereference(Item.Device);
    ProcessorLeave(Kernel->Machine, "the work item's routine");
    KernelChanged(Kernel);
}

static void WorkerLoop(void *Context)
{
    WORKER *Worker = Context;
    KERNEL *Kernel = Worker->Kernel;

    while (!Kernel->WorkEnds && !Kernel->Stopped) {
        if (Kernel->WorkFirst != NULL) {
            Worker->Idle = FALSE;
            WorkRunNext(Kernel);
        } else {
            Worker->Idle = TRUE;
            MonitorWait(Kernel->Monitor, MONITOR_FOREVER);
        }
    }
}

static void WorkerMain(void *Context)
{
    WORKER *Worker = Context;

    MonitorEnter(Worker->Kernel->Monitor);
    KernelRunHeld(Worker->Kernel, WorkerLoop, Worker);
    MonitorLeave(Worker->Kernel->Monitor);
}

/* There is work, and a thread that is free or can be started. */
BOOLEAN WorkReady(const KERNEL *Kernel)
{
    const WORKER *Worker;
    ULONG Count = 0;

    if (Kernel->WorkFirst == NULL) {
        return FALSE;
    }
    for (Worker = Kernel->Workers; Worker != NULL; Worker = Worker->Next) {
        if (Worker->Idle) {
            return TRUE;
        }
        Count++;
    }
    return Count < WORKERS_LIMIT;
}

void WorkLend(KERNEL *Kernel)
{
    WORKER *Worker = Kernel->Workers;

    if (Kernel->WorkFirst == NULL) {
        return;
    }
    while (Worker != NULL && !Worker->Idle) {
        Worker = Worker->Next;
    }
    if (Worker == NULL) {
        Worker = PlatformAllocate(sizeof(*Worker));
        Worker->Kernel = Kernel;
        Worker->Idle = TRUE;
        Worker->Thread = ThreadStart(WorkerMain, Worker);
        if (Worker->Thread == NULL) {
            PlatformStop("IoQueueWorkItem", "the host gives no thread to run it on");
        }
        Worker->Next = Kernel->Workers;
        Kernel->Workers = Worker;
    }
    MonitorWake(Kernel->Monitor);
}

void WorkSettle(KERNEL *Kernel)
{
    while (WorkReady(Kernel) || !WaitersSawAll(Kernel)) {
        WorkLend(Kernel);
        KernelYield(Kernel, "the kernel's return to the host", 1);
    }
}

void WorkersEnd(KERNEL *Kernel)
{
    WORKER *Worker;

    MonitorEnter(Kernel->Monitor);
    Kernel->WorkEnds = TRUE;
    MonitorWake(Kernel->Monitor);
    MonitorLeave(Kernel->Monitor);
    for (Worker = Kernel->Workers; Worker != NULL; Worker = Worker->Next) {
        ThreadJoin(Worker->Thread);
    }
    Kernel->Workers = NULL;
}

BOOLEAN WorkAtRest(KERNEL *Kernel, char *Answer, size_t AnswerSize)
{
    if (Kernel->WorkFirst != NULL) {
        PlatformFormat(Answer, AnswerSize, "a work item is queued");
        return FALSE;
    }
    return TRUE;
}
