/* Timers, DPCs and clocks. What a DPC may still touch is in pool memory, freed when it cannot run any more. */
#include "driver.h"

typedef struct WATCH {
    KTIMER Timer;
    KDPC Dpc;
    KEVENT Ran;
    volatile LONG Count;
    PVOID Context;
    BOOLEAN SameDpc;
    PVOID First, Second;
    KIRQL Irql;
} WATCH;

static VOID NTAPI WatchDpc(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second)
{
    WATCH *Watch = Context;

    Watch->Context = Context;
    Watch->SameDpc = Dpc == &Watch->Dpc;
    Watch->First = First;
    Watch->Second = Second;
    Watch->Irql = KeGetCurrentIrql();
    InterlockedIncrement(&Watch->Count);
    KeSetEvent(&Watch->Ran, 0, FALSE);
}

static WATCH *WatchCreate(TIMER_TYPE Type, TEXT *Answer)
{
    WATCH *Watch = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Watch), TAG_CONFORM);

    if (Watch == NULL) {
        TextAdd(Answer, "no memory");
        return NULL;
    }
    RtlZeroMemory(Watch, sizeof(*Watch));
    KeInitializeTimerEx(&Watch->Timer, Type);
    KeInitializeDpc(&Watch->Dpc, WatchDpc, Watch);
    KeInitializeEvent(&Watch->Ran, SynchronizationEvent, FALSE);
    return Watch;
}

static void Pause(LONG Milliseconds)
{
    LARGE_INTEGER Delay;

    Delay.QuadPart = (LONGLONG)Milliseconds * -10000;
    KeDelayExecutionThread(KernelMode, FALSE, &Delay);
}

static void WatchDelete(WATCH *Watch)
{
    KeCancelTimer(&Watch->Timer);
    Pause(50);                          /* a DPC of it that was about to run has run */
    ExFreePoolWithTag(Watch, TAG_CONFORM);
}

static LARGE_INTEGER In(LONG Milliseconds)
{
    LARGE_INTEGER Time;

    Time.QuadPart = (LONGLONG)Milliseconds * -10000;
    return Time;
}

/* FALSE: no DPC came within three seconds. */
static BOOLEAN WatchWait(WATCH *Watch)
{
    LARGE_INTEGER Limit = In(3000);

    return KeWaitForSingleObject(&Watch->Ran, Executive, KernelMode, FALSE, &Limit) == STATUS_SUCCESS;
}

/* KeReadStateTimer, which Wine 8 exports as a stub that ends the driver's host. */
static LONG TimerState(const KTIMER *Timer)
{
    return Timer->Header.SignalState != 0;
}

static void AskSet(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WATCH *Watch = WatchCreate(NotificationTimer, Answer);

    UNREFERENCED_PARAMETER(Device);
    if (Watch == NULL) {
        return;
    }
    SayNumber(Answer, "set ", KeSetTimer(&Watch->Timer, In(5000), &Watch->Dpc));
    SayNumber(Answer, ", set again ", KeSetTimer(&Watch->Timer, In(5000), &Watch->Dpc));
    SayNumber(Answer, ", read ", TimerState(&Watch->Timer));
    SayNumber(Answer, ", cancel ", KeCancelTimer(&Watch->Timer));
    SayNumber(Answer, ", cancel again ", KeCancelTimer(&Watch->Timer));
    SayNumber(Answer, ", ran ", Watch->Count);
    WatchDelete(Watch);
}

static void AskDue(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WATCH *Watch = WatchCreate(NotificationTimer, Answer);

    UNREFERENCED_PARAMETER(Device);
    if (Watch == NULL) {
        return;
    }
    KeSetTimer(&Watch->Timer, In(20), &Watch->Dpc);
    TextAdd(Answer, WatchWait(Watch) ? "ran" : "did not run");
    TextAdd(Answer, Watch->Context == Watch ? ", its context" : ", another context");
    TextAdd(Answer, Watch->SameDpc ? ", its DPC" : ", another DPC");
    Pause(30);
    SayNumber(Answer, ", read ", TimerState(&Watch->Timer));
    SayNumber(Answer, ", cancel ", KeCancelTimer(&Watch->Timer));
    WatchDelete(Watch);
}

static void AskDueIrql(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WATCH *Watch = WatchCreate(NotificationTimer, Answer);

    UNREFERENCED_PARAMETER(Device);
    if (Watch == NULL) {
        return;
    }
    KeSetTimer(&Watch->Timer, In(5), &Watch->Dpc);
    WatchWait(Watch);
    SayNumber(Answer, "", Watch->Irql);
    WatchDelete(Watch);
}

static void AskDueNow(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WATCH *Watch = WatchCreate(NotificationTimer, Answer);

    UNREFERENCED_PARAMETER(Device);
    if (Watch == NULL) {
        return;
    }
    SayNumber(Answer, "set ", KeSetTimer(&Watch->Timer, In(0), &Watch->Dpc));
    TextAdd(Answer, WatchWait(Watch) ? ", ran" : ", did not run");
    WatchDelete(Watch);
}

static void AskDuePast(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WATCH *Watch = WatchCreate(NotificationTimer, Answer);
    LARGE_INTEGER Past;

    UNREFERENCED_PARAMETER(Device);
    if (Watch == NULL) {
        return;
    }
    Past.QuadPart = 1;
    SayNumber(Answer, "set ", KeSetTimer(&Watch->Timer, Past, &Watch->Dpc));
    TextAdd(Answer, WatchWait(Watch) ? ", ran" : ", did not run");
    WatchDelete(Watch);
}

static void AskMoved(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WATCH *Watch = WatchCreate(NotificationTimer, Answer);

    UNREFERENCED_PARAMETER(Device);
    if (Watch == NULL) {
        return;
    }
    KeSetTimer(&Watch->Timer, In(300), &Watch->Dpc);
    KeSetTimer(&Watch->Timer, In(400), &Watch->Dpc);
    Pause(1000);
    SayNumber(Answer, "ran ", Watch->Count);
    WatchDelete(Watch);
}

static void AskCancelled(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WATCH *Watch = WatchCreate(NotificationTimer, Answer);

    UNREFERENCED_PARAMETER(Device);
    if (Watch == NULL) {
        return;
    }
    KeSetTimer(&Watch->Timer, In(300), &Watch->Dpc);
    SayNumber(Answer, "cancel ", KeCancelTimer(&Watch->Timer));
    Pause(600);
    SayNumber(Answer, ", ran ", Watch->Count);
    SayNumber(Answer, ", read ", TimerState(&Watch->Timer));
    WatchDelete(Watch);
}

static void AskPeriodic(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WATCH *Watch = WatchCreate(NotificationTimer, Answer);
    LONG Ran;

    UNREFERENCED_PARAMETER(Device);
    if (Watch == NULL) {
        return;
    }
    KeSetTimerEx(&Watch->Timer, In(10), 20, &Watch->Dpc);
    while (Watch->Count < 3 && WatchWait(Watch)) {
    }
    TextAdd(Answer, Watch->Count >= 3 ? "three times" : "less than three times");
    SayNumber(Answer, ", cancel ", KeCancelTimer(&Watch->Timer));
    Pause(30);
    Ran = Watch->Count;
    Pause(100);
    TextAdd(Answer, Ran == Watch->Count ? ", then no more" : ", and goes on");
    WatchDelete(Watch);
}

static void SayTimerWait(TEXT *Answer, TIMER_TYPE Type)
{
    WATCH *Watch = WatchCreate(Type, Answer);
    LARGE_INTEGER Limit = In(10000);

    if (Watch == NULL) {
        return;
    }
    KeSetTimer(&Watch->Timer, In(20), NULL);
    TextAddStatus(Answer, KeWaitForSingleObject(&Watch->Timer, Executive, KernelMode, FALSE, &Limit));
    SayNumber(Answer, ", read ", TimerState(&Watch->Timer));
    SayNumber(Answer, ", set again ", KeSetTimer(&Watch->Timer, In(5000), NULL));
    SayNumber(Answer, ", read ", TimerState(&Watch->Timer));
    WatchDelete(Watch);
}

static void AskWaitNotification(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNREFERENCED_PARAMETER(Device);
    SayTimerWait(Answer, NotificationTimer);
}

static void AskWaitSynchronization(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNREFERENCED_PARAMETER(Device);
    SayTimerWait(Answer, SynchronizationTimer);
}

/* ---- DPCs -------------------------------------------------------------------------------------------------------- */

static void AskDpcQueued(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WATCH *Watch = WatchCreate(NotificationTimer, Answer);
    KIRQL Old;

    UNREFERENCED_PARAMETER(Device);
    if (Watch == NULL) {
        return;
    }
    KeRaiseIrql(DISPATCH_LEVEL, &Old);
    SayNumber(Answer, "queued ", KeInsertQueueDpc(&Watch->Dpc, (PVOID)1, (PVOID)2));
    SayNumber(Answer, ", again ", KeInsertQueueDpc(&Watch->Dpc, (PVOID)3, (PVOID)4));
    SayNumber(Answer, ", ran before the IRQL dropped ", Watch->Count);
    KeLowerIrql(Old);
    TextAdd(Answer, WatchWait(Watch) ? ", ran after it with " : ", did not run after it");
    if (Watch->Count != 0) {
        SayNumber(Answer, "", (LONGLONG)(ULONG_PTR)Watch->First);
        SayNumber(Answer, " and ", (LONGLONG)(ULONG_PTR)Watch->Second);
        WatchDelete(Watch);
    }
    /* One that never ran stays queued for ever: its memory is left to it. */
}

/* ---- Clocks ------------------------------------------------------------------------------------------------------ */

static void AskCounter(CONFORM_DEVICE *Device, TEXT *Answer)
{
    LARGE_INTEGER Frequency, Before, After;

    UNREFERENCED_PARAMETER(Device);
    Before = KeQueryPerformanceCounter(&Frequency);
    Pause(20);
    After = KeQueryPerformanceCounter(NULL);
    SayNumber(Answer, "", Frequency.QuadPart);
    TextAdd(Answer, After.QuadPart - Before.QuadPart >= Frequency.QuadPart / 100 ? " Hz, goes on" :
            " Hz, stands still");
}

static void AskIncrement(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNREFERENCED_PARAMETER(Device);
    SayNumber(Answer, "", KeQueryTimeIncrement());
}

static void AskInterruptTime(CONFORM_DEVICE *Device, TEXT *Answer)
{
    ULONGLONG Before = KeQueryInterruptTime();
    ULONG Try;

    UNREFERENCED_PARAMETER(Device);
    /* A busy machine is told of the clock's ticks late. */
    for (Try = 0; Try < 50 && KeQueryInterruptTime() <= Before; Try++) {
        Pause(50);
    }
    TextAdd(Answer, KeQueryInterruptTime() > Before ? "goes on" : "stands still");
}

const QUESTION TimerQuestions[] = {
    { "ke/timer/set", "KeSetTimer and KeCancelTimer say whether it was set", "KeSetTimer; KeCancelTimer", AskSet },
    { "ke/timer/due", "20 ms, with a DPC", "KeSetTimer", AskDue },
    { "ke/timer/irql", "the IRQL of its DPC", "KDEFERRED_ROUTINE", AskDueIrql },
    { "ke/timer/now", "due at once", "KeSetTimer", AskDueNow },
    { "ke/timer/past", "due at a time that is long past", "KeSetTimer", AskDuePast },
    { "ke/timer/moved", "set again before it was due", "KeSetTimer", AskMoved },
    { "ke/timer/cancelled", "cancelled before it was due", "KeCancelTimer", AskCancelled },
    { "ke/timer/periodic", "every 20 ms, cancelled after three", "KeSetTimerEx", AskPeriodic },
    { "ke/timer/wait-notification", "a wait for a notification timer", "KeInitializeTimerEx", AskWaitNotification },
    { "ke/timer/wait-synchronization", "a wait for a synchronization timer", "KeInitializeTimerEx", AskWaitSynchronization },
    { "ke/dpc/queued", "KeInsertQueueDpc twice at DISPATCH_LEVEL", "KeInsertQueueDpc", AskDpcQueued },
    { "ke/clock/counter", "KeQueryPerformanceCounter", "KeQueryPerformanceCounter", AskCounter },
    { "ke/clock/increment", "KeQueryTimeIncrement", "", AskIncrement },
    { "ke/clock/interrupt-time", "KeQueryInterruptTime over 50 ms", "KeQueryInterruptTime", AskInterruptTime },
};
const ULONG TimerQuestionCount = RTL_NUMBER_OF(TimerQuestions);
