/* Ke: timers, over the machine's time. */
#include "kernel.h"


enum { TYPE_TIMER = 8 };

/* A timer that runs. The KTIMER is the driver's memory; this is what the simulator keeps beside it. */
struct TIMER_STATE {
    MACHINE_EVENT Event;                /* first: Run gets this */
    TIMER_STATE *Next;
    KERNEL *Kernel;
    PKTIMER Timer;
};

static TIMER_STATE **TimerFind(KERNEL *Kernel, PKTIMER Timer)
{
    TIMER_STATE **Place = &Kernel->Timers;

    while (*Place != NULL && (*Place)->Timer != Timer) {
        Place = &(*Place)->Next;
    }
    return Place;
}

static void TimerEnd(KERNEL *Kernel, TIMER_STATE **Place)
{
    TIMER_STATE *State = *Place;

    State->Timer->Header.Inserted = FALSE;
    MachineUnschedule(Kernel->Machine, &State->Event);
    *Place = State->Next;
    PlatformFree(State);
}

static void TimerExpire(MACHINE_EVENT *Event)
{
    TIMER_STATE *State = (TIMER_STATE *)Event;
    KERNEL *Kernel = State->Kernel;
    PKTIMER Timer = State->Timer;
    PKDPC Dpc = Timer->Dpc;

    Timer->Header.SignalState = 1;
    if (Timer->Period != 0) {
        MachineSchedule(Kernel->Machine, Event, (ULONGLONG)Timer->Period * 1000000);
    } else {
        TimerEnd(Kernel, TimerFind(Kernel, Timer));
    }
    if (Dpc != NULL) {
        LARGE_INTEGER Now;

        KeQuerySystemTime(&Now);
        KeInsertQueueDpc(Dpc, (PVOID)(ULONG_PTR)Now.LowPart, (PVOID)(ULONG_PTR)(ULONG)Now.HighPart);
    }
    KernelChanged(Kernel);
}

VOID KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type)
{
    static const char Routine[] = "KeInitializeTimerEx";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    if (*TimerFind(Kernel, Timer) != NULL) {
        PlatformStop(Routine, "the timer is running");
    }
    RtlZeroMemory(Timer, sizeof(*Timer));
    HeaderInitialize(&Timer->Header, (UCHAR)(TYPE_TIMER + Type), sizeof(*Timer), 0);
}

VOID KeInitializeTimer(PKTIMER Timer)
{
    KeInitializeTimerEx(Timer, NotificationTimer);
}

BOOLEAN KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc)
{
    static const char Routine[] = "KeSetTimerEx";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    TIMER_STATE **Place = TimerFind(Kernel, Timer);
    TIMER_STATE *State;
    BOOLEAN WasSet = *Place != NULL;
    LARGE_INTEGER Now;
    ULONGLONG Delay;

    HeaderCheck(&Timer->Header, Routine);
    if (WasSet) {
        TimerEnd(Kernel, Place);
    }
    KeQuerySystemTime(&Now);
    if (DueTime.QuadPart <= 0) {
        Delay = (ULONGLONG)-DueTime.QuadPart * 100;
    } else {
        Delay = DueTime.QuadPart > Now.QuadPart ? (ULONGLONG)(DueTime.QuadPart - Now.QuadPart) * 100 : 0;
    }
    State = PlatformAllocate(sizeof(*State));
    State->Event.Run = TimerExpire;
    State->Kernel = Kernel;
    State->Timer = Timer;
    State->Next = Kernel->Timers;
    Kernel->Timers = State;
    Timer->Header.SignalState = 0;
    Timer->Header.Inserted = TRUE;
    Timer->Dpc = Dpc;
    Timer->Period = (ULONG)Period;
    Timer->DueTime.QuadPart = MachineNow(Kernel->Machine) / 100 + Delay / 100;
    MachineSchedule(Kernel->Machine, &State->Event, Delay);
    return WasSet;
}

BOOLEAN KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc)
{
    return KeSetTimerEx(Timer, DueTime, 0, Dpc);
}

BOOLEAN KeCancelTimer(PKTIMER Timer)
{
    static const char Routine[] = "KeCancelTimer";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    TIMER_STATE **Place = TimerFind(Kernel, Timer);

    HeaderCheck(&Timer->Header, Routine);
    if (*Place == NULL) {
        return FALSE;
    }
    TimerEnd(Kernel, Place);
    return TRUE;
}

BOOLEAN KeReadStateTimer(PKTIMER Timer)
{
    KernelEnter("KeReadStateTimer", DISPATCH_LEVEL);
    HeaderCheck(&Timer->Header, "KeReadStateTimer");
    return Timer->Header.SignalState != 0;
}

void TimersForget(KERNEL *Kernel, const void *Start, SIZE_T Size, const char *Routine)
{
    TIMER_STATE *State;

    for (State = Kernel->Timers; State != NULL; State = State->Next) {
        if ((PUCHAR)State->Timer >= (const UCHAR *)Start && (PUCHAR)State->Timer < (const UCHAR *)Start + Size) {
            PlatformStop(Routine, "the memory still holds a running timer; KeCancelTimer comes first");
        }
    }
}

BOOLEAN TimersAtRest(KERNEL *Kernel, char *Answer, size_t AnswerSize)
{
    if (Kernel->Timers == NULL) {
        return TRUE;
    }
    PlatformFormat(Answer, AnswerSize, "a timer is running");
    return FALSE;
}
