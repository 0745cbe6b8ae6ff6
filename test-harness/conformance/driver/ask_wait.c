/* Events, mutexes, semaphores, waits, and the IRQL. */
#include "driver.h"

static NTSTATUS WaitNow(PVOID Object)
{
    LARGE_INTEGER Zero;

    Zero.QuadPart = 0;
    return KeWaitForSingleObject(Object, Executive, KernelMode, FALSE, &Zero);
}

static void AskEventStates(CONFORM_DEVICE *Device, TEXT *Answer)
{
    KEVENT Event;

    UNREFERENCED_PARAMETER(Device);
    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    SayNumber(Answer, "read ", KeReadStateEvent(&Event));
    SayNumber(Answer, ", set ", KeSetEvent(&Event, 0, FALSE));
    SayNumber(Answer, ", set again ", KeSetEvent(&Event, 0, FALSE));
    SayNumber(Answer, ", read ", KeReadStateEvent(&Event));
    SayNumber(Answer, ", reset ", KeResetEvent(&Event));
    SayNumber(Answer, ", reset again ", KeResetEvent(&Event));
}

static void AskClearEvent(CONFORM_DEVICE *Device, TEXT *Answer)
{
    KEVENT Event;

    UNREFERENCED_PARAMETER(Device);
    KeInitializeEvent(&Event, NotificationEvent, TRUE);
    KeClearEvent(&Event);
    SayNumber(Answer, "read ", KeReadStateEvent(&Event));
}

static void AskWaitNotification(CONFORM_DEVICE *Device, TEXT *Answer)
{
    KEVENT Event;

    UNREFERENCED_PARAMETER(Device);
    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    SayStatus(Answer, "", WaitNow(&Event));
    KeSetEvent(&Event, 0, FALSE);
    SayStatus(Answer, ", set: ", WaitNow(&Event));
    SayStatus(Answer, ", again: ", WaitNow(&Event));
}

static void AskWaitSynchronization(CONFORM_DEVICE *Device, TEXT *Answer)
{
    KEVENT Event;

    UNREFERENCED_PARAMETER(Device);
    KeInitializeEvent(&Event, SynchronizationEvent, TRUE);
    SayStatus(Answer, "", WaitNow(&Event));
    SayNumber(Answer, ", read ", KeReadStateEvent(&Event));
    SayStatus(Answer, ", again: ", WaitNow(&Event));
}

static void AskWaitRelative(CONFORM_DEVICE *Device, TEXT *Answer)
{
    KEVENT Event;
    LARGE_INTEGER Time;

    UNREFERENCED_PARAMETER(Device);
    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    Time.QuadPart = -100000;
    SayStatus(Answer, "", KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, &Time));
    SayNumber(Answer, ", the timeout is still ", Time.QuadPart);
}

static void AskWaitPast(CONFORM_DEVICE *Device, TEXT *Answer)
{
    KEVENT Event;
    LARGE_INTEGER Time;

    UNREFERENCED_PARAMETER(Device);
    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    Time.QuadPart = 1;
    SayStatus(Answer, "", KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, &Time));
}

static void AskWaitMany(CONFORM_DEVICE *Device, TEXT *Answer)
{
    KEVENT Events[3];
    PVOID Objects[3] = { &Events[0], &Events[1], &Events[2] };
    LARGE_INTEGER Zero;

    UNREFERENCED_PARAMETER(Device);
    Zero.QuadPart = 0;
    KeInitializeEvent(&Events[0], SynchronizationEvent, FALSE);
    KeInitializeEvent(&Events[1], SynchronizationEvent, TRUE);
    KeInitializeEvent(&Events[2], SynchronizationEvent, TRUE);
    SayNumber(Answer, "any: ", KeWaitForMultipleObjects(3, Objects, WaitAny, Executive, KernelMode, FALSE, &Zero,
                                                        NULL));
    SayNumber(Answer, ", states ", KeReadStateEvent(&Events[1]));
    SayNumber(Answer, " ", KeReadStateEvent(&Events[2]));
    SayNumber(Answer, ", any: ", KeWaitForMultipleObjects(3, Objects, WaitAny, Executive, KernelMode, FALSE, &Zero,
                                                          NULL));
    SayStatus(Answer, ", any: ", KeWaitForMultipleObjects(3, Objects, WaitAny, Executive, KernelMode, FALSE, &Zero,
                                                          NULL));
}

static void AskWaitAll(CONFORM_DEVICE *Device, TEXT *Answer)
{
    KEVENT Events[2];
    PVOID Objects[2] = { &Events[0], &Events[1] };
    LARGE_INTEGER Zero;

    UNREFERENCED_PARAMETER(Device);
    Zero.QuadPart = 0;
    KeInitializeEvent(&Events[0], SynchronizationEvent, TRUE);
    KeInitializeEvent(&Events[1], SynchronizationEvent, FALSE);
    SayStatus(Answer, "", KeWaitForMultipleObjects(2, Objects, WaitAll, Executive, KernelMode, FALSE, &Zero, NULL));
    SayNumber(Answer, ", the first is ", KeReadStateEvent(&Events[0]));
    KeSetEvent(&Events[1], 0, FALSE);
    SayStatus(Answer, ", both: ", KeWaitForMultipleObjects(2, Objects, WaitAll, Executive, KernelMode, FALSE, &Zero,
                                                           NULL));
    SayNumber(Answer, ", the first is ", KeReadStateEvent(&Events[0]));
}

static void AskMutex(CONFORM_DEVICE *Device, TEXT *Answer)
{
    KMUTEX Mutex;

    UNREFERENCED_PARAMETER(Device);
    KeInitializeMutex(&Mutex, 0);
    SayStatus(Answer, "", WaitNow(&Mutex));
    SayStatus(Answer, ", again: ", WaitNow(&Mutex));
    SayNumber(Answer, ", released: ", KeReleaseMutex(&Mutex, FALSE));
    SayNumber(Answer, ", again: ", KeReleaseMutex(&Mutex, FALSE));
}

static void AskSemaphore(CONFORM_DEVICE *Device, TEXT *Answer)
{
    KSEMAPHORE Semaphore;

    UNREFERENCED_PARAMETER(Device);
    KeInitializeSemaphore(&Semaphore, 1, 3);
    SayStatus(Answer, "", WaitNow(&Semaphore));
    SayStatus(Answer, ", empty: ", WaitNow(&Semaphore));
    SayNumber(Answer, ", released: ", KeReleaseSemaphore(&Semaphore, 0, 2, FALSE));
    SayNumber(Answer, ", again: ", KeReleaseSemaphore(&Semaphore, 0, 1, FALSE));
    SayStatus(Answer, ", then ", WaitNow(&Semaphore));
}

static void AskDelay(CONFORM_DEVICE *Device, TEXT *Answer)
{
    LARGE_INTEGER Before, After, Delay;
    NTSTATUS Result;
    ULONG Try = 0;

    UNREFERENCED_PARAMETER(Device);
    Delay.QuadPart = -200000;
    KeQuerySystemTime(&Before);
    /* A clock ticks, and on a busy machine one is told of its ticks late. */
    do {
        Result = KeDelayExecutionThread(KernelMode, FALSE, &Delay);
        KeQuerySystemTime(&After);
    } while (NT_SUCCESS(Result) && After.QuadPart - Before.QuadPart < 200000 && ++Try < 50);
    SayStatus(Answer, "", Result);
    TextAdd(Answer, Try < 50 ? ", time went on" : ", no time went by");
}

static void AskIrql(CONFORM_DEVICE *Device, TEXT *Answer)
{
    KSPIN_LOCK Lock;
    KIRQL Old;

    UNREFERENCED_PARAMETER(Device);
    KeInitializeSpinLock(&Lock);
    SayNumber(Answer, "in a dispatch routine ", KeGetCurrentIrql());
    KeAcquireSpinLock(&Lock, &Old);
    SayNumber(Answer, ", with a spin lock ", KeGetCurrentIrql());
    KeReleaseSpinLock(&Lock, Old);
    SayNumber(Answer, ", after it ", KeGetCurrentIrql());
    SayNumber(Answer, ", the old one was ", Old);
}

static void AskCancelIrql(CONFORM_DEVICE *Device, TEXT *Answer)
{
    KIRQL Old;

    UNREFERENCED_PARAMETER(Device);
    IoAcquireCancelSpinLock(&Old);
    SayNumber(Answer, "", KeGetCurrentIrql());
    IoReleaseCancelSpinLock(Old);
    SayNumber(Answer, ", after it ", KeGetCurrentIrql());
}

static void AskWorkDone(CONFORM_DEVICE *Device, TEXT *Answer);

const QUESTION WaitQuestions[] = {
    { "ke/event/states", "KeSetEvent and KeResetEvent return the state before", "KeSetEvent; KeResetEvent", AskEventStates },
    { "ke/event/clear", "KeClearEvent", "KeClearEvent", AskClearEvent },
    { "ke/wait/notification", "a notification event, timeout 0", "KeWaitForSingleObject", AskWaitNotification },
    { "ke/wait/synchronization", "a synchronization event, timeout 0", "KeWaitForSingleObject", AskWaitSynchronization },
    { "ke/wait/relative", "10 ms for an event that nobody sets", "KeWaitForSingleObject", AskWaitRelative },
    { "ke/wait/past", "until a time that is long past", "KeWaitForSingleObject", AskWaitPast },
    { "ke/wait/any", "any of three, the second and third are set", "KeWaitForMultipleObjects", AskWaitMany },
    { "ke/wait/all", "all of two, one is not set", "KeWaitForMultipleObjects", AskWaitAll },
    { "ke/mutex", "a mutex is acquired twice and released twice", "KeReleaseMutex", AskMutex },
    { "ke/semaphore", "a semaphore of 1, at most 3", "KeReleaseSemaphore", AskSemaphore },
    { "ke/delay", "KeDelayExecutionThread of 20 ms", "KeDelayExecutionThread", AskDelay },
    { "ke/irql/spin-lock", "the IRQL around a spin lock", "KeAcquireSpinLock", AskIrql },
    { "ke/irql/cancel-lock", "the IRQL with the cancel spin lock", "IoAcquireCancelSpinLock", AskCancelIrql },
    { "ke/work-item", "a work item: its IRQL, device and context", "IO_WORKITEM_ROUTINE", AskWorkDone },
};
const ULONG WaitQuestionCount = RTL_NUMBER_OF(WaitQuestions);

/* ---- A work item ------------------------------------------------------------------------------------------------- */

typedef struct WORK {
    KEVENT Done;
    PDEVICE_OBJECT Object;
    KIRQL Irql;
} WORK;

static VOID NTAPI WorkRun(PDEVICE_OBJECT Object, PVOID Context)
{
    WORK *Work = Context;

    Work->Object = Object;
    Work->Irql = KeGetCurrentIrql();
    KeSetEvent(&Work->Done, 0, FALSE);
}

static void AskWorkDone(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PIO_WORKITEM Item = IoAllocateWorkItem(Device->Self);
    WORK Work;

    if (Item == NULL) {
        TextAdd(Answer, "there is none");
        return;
    }
    RtlZeroMemory(&Work, sizeof(Work));
    KeInitializeEvent(&Work.Done, NotificationEvent, FALSE);
    IoQueueWorkItem(Item, WorkRun, DelayedWorkQueue, &Work);
    KeWaitForSingleObject(&Work.Done, Executive, KernelMode, FALSE, NULL);
    SayNumber(Answer, "IRQL ", Work.Irql);
    TextAdd(Answer, Work.Object == Device->Self ? ", the device" : ", another device");
    IoFreeWorkItem(Item);
}
