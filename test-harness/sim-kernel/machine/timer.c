/* Ke: timers, over the machine's time. */
#include "interior.h"


enum { TYPE_TIMER = 8 };                /* of a dispatcher header; + 1: synchronization */

/* A timer that runs. The KTIMER is the driver's memory; this is what the simulator keeps beside it. */
typedef struct TIMER_STATE TIMER_STATE;
struct TIMER_STATE {
    MACHINE_EVENT Event;                /* first: Run gets this */
    TIMER_STATE *Next;
    MACHINE *Machine;
    PKTIMER Timer;
};

static MACHINE *TimerEnter(const char *Routine, PKTIMER Timer, BOOLEAN Made)
{
    MACHINE *Machine = PlatformRoutine(Routine);

    ProcessorNeeds(Machine, DISPATCH_LEVEL, Routine);
    /* The list head points to itself as long as nobody overwrote it: whoever waits is kept elsewhere. */
    if (Made && (Timer == NULL || Timer->Header.WaitListHead.Flink != &Timer->Header.WaitListHead ||
                 Timer->Header.WaitListHead.Blink != &Timer->Header.WaitListHead)) {
        PlatformStop(Routine, "the object was not initialised, or was overwritten");
    }
    return Machine;
}

static TIMER_STATE **TimerFind(MACHINE *Machine, PKTIMER Timer)
{
    TIMER_STATE **Place = (TIMER_STATE **)MachineSlot(Machine, SLOT_TIMERS);

    while (*Place != NULL && (*Place)->Timer != Timer) {
        Place = &(*Place)->Next;
    }
    return Place;
}

static void TimerEnd(MACHINE *Machine, TIMER_STATE **Place)
{
    TIMER_STATE *State = *Place;

    State->Timer->Header.Inserted = FALSE;
    MachineUnschedule(Machine, &State->Event);
    *Place = State->Next;
    PlatformFree(State);
}

static void TimerExpire(MACHINE_EVENT *Event)
{
    TIMER_STATE *State = (TIMER_STATE *)Event;
    MACHINE *Machine = State->Machine;
    PKTIMER Timer = State->Timer;
    PKDPC Dpc = Timer->Dpc;

    Timer->Header.SignalState = 1;
    if (Timer->Period != 0) {
        MachineSchedule(Machine, Event, (ULONGLONG)Timer->Period * 1000000);
    } else {
        TimerEnd(Machine, TimerFind(Machine, Timer));
    }
    if (Dpc != NULL) {
        ULONGLONG Now = MachineSystemTime(Machine);

        KeInsertQueueDpc(Dpc, (PVOID)(ULONG_PTR)(ULONG)Now, (PVOID)(ULONG_PTR)(ULONG)(Now >> 32));
    }
    PlatformChanged();
}

VOID NTAPI KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type)
{
    static const char Routine[] = "KeInitializeTimerEx";
    MACHINE *Machine = TimerEnter(Routine, Timer, FALSE);

    if (*TimerFind(Machine, Timer) != NULL) {
        PlatformStop(Routine, "the timer is running");
    }
    RtlZeroMemory(Timer, sizeof(*Timer));
    Timer->Header.Type = (UCHAR)(TYPE_TIMER + Type);
    Timer->Header.Size = sizeof(*Timer) / sizeof(LONG);
    InitializeListHead(&Timer->Header.WaitListHead);
}

VOID NTAPI KeInitializeTimer(PKTIMER Timer)
{
    KeInitializeTimerEx(Timer, NotificationTimer);
}

BOOLEAN NTAPI KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period, PKDPC Dpc)
{
    static const char Routine[] = "KeSetTimerEx";
    MACHINE *Machine = TimerEnter(Routine, Timer, TRUE);
    TIMER_STATE **Place = TimerFind(Machine, Timer);
    TIMER_STATE *State;
    BOOLEAN WasSet = *Place != NULL;
    LONGLONG Now = (LONGLONG)MachineSystemTime(Machine);
    ULONGLONG Delay;

    if (WasSet) {
        TimerEnd(Machine, Place);
    }
    if (DueTime.QuadPart <= 0) {
        Delay = (ULONGLONG)-DueTime.QuadPart * 100;
    } else {
        Delay = DueTime.QuadPart > Now ? (ULONGLONG)(DueTime.QuadPart - Now) * 100 : 0;
    }
    State = PlatformAllocate(sizeof(*State));
    State->Event.Run = TimerExpire;
    State->Machine = Machine;
    State->Timer = Timer;
    Place = (TIMER_STATE **)MachineSlot(Machine, SLOT_TIMERS);
    State->Next = *Place;
    *Place = State;
    Timer->Header.SignalState = 0;
    Timer->Header.Inserted = TRUE;
    Timer->Dpc = Dpc;
    Timer->Period = (ULONG)Period;
    Timer->DueTime.QuadPart = MachineNow(Machine) / 100 + Delay / 100;
    MachineSchedule(Machine, &State->Event, Delay);
    return WasSet;
}

BOOLEAN NTAPI KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc)
{
    return KeSetTimerEx(Timer, DueTime, 0, Dpc);
}

BOOLEAN NTAPI KeCancelTimer(PKTIMER Timer)
{
    static const char Routine[] = "KeCancelTimer";
    MACHINE *Machine = TimerEnter(Routine, Timer, TRUE);
    TIMER_STATE **Place = TimerFind(Machine, Timer);

    if (*Place == NULL) {
        return FALSE;
    }
    TimerEnd(Machine, Place);
    return TRUE;
}

BOOLEAN NTAPI KeReadStateTimer(PKTIMER Timer)
{
    TimerEnter("KeReadStateTimer", Timer, TRUE);
    return Timer->Header.SignalState != 0;
}

void TimersForget(MACHINE *Machine, const void *Start, SIZE_T Size, const char *Routine)
{
    TIMER_STATE *State;

    for (State = *MachineSlot(Machine, SLOT_TIMERS); State != NULL; State = State->Next) {
        if ((PUCHAR)State->Timer >= (const UCHAR *)Start && (PUCHAR)State->Timer < (const UCHAR *)Start + Size) {
            PlatformStop(Routine, "the memory still holds a running timer; KeCancelTimer comes first");
        }
    }
}

BOOLEAN TimersRun(MACHINE *Machine)
{
    return *MachineSlot(Machine, SLOT_TIMERS) != NULL;
}
