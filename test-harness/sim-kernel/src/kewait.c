/* Ke: events, mutexes, semaphores, and how a thread waits while the machine goes on. Timers are in timer.c. */
#include "kernel.h"

/* ---- Dispatcher objects ------------------------------------------------------------------------------------------ */

enum { TYPE_EVENT_NOTIFICATION = 0, TYPE_EVENT_SYNCHRONIZATION = 1, TYPE_MUTANT = 2, TYPE_SEMAPHORE = 5,
       TYPE_TIMER_NOTIFICATION = 8, TYPE_TIMER_SYNCHRONIZATION = 9 };

void HeaderInitialize(PDISPATCHER_HEADER Header, UCHAR Type, SIZE_T Size, LONG State)
{
    Header->Lock = 0;
    Header->Type = Type;
    Header->Size = (UCHAR)(Size / sizeof(LONG));
    Header->SignalState = State;
    InitializeListHead(&Header->WaitListHead);
}

/* The list head points to itself as long as nobody overwrote it: the simulator keeps its waiters elsewhere. */
void HeaderCheck(const DISPATCHER_HEADER *Header, const char *Routine)
{
    if (Header == NULL || Header->WaitListHead.Flink != &Header->WaitListHead ||
        Header->WaitListHead.Blink != &Header->WaitListHead) {
        PlatformStop(Routine, "the object was not initialised, or was overwritten");
    }
}

static KERNEL *EventEnter(PRKEVENT Event, const char *Routine)
{
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    HeaderCheck(&Event->Header, Routine);
    return Kernel;
}

VOID KeInitializeEvent(PRKEVENT Event, EVENT_TYPE Type, BOOLEAN State)
{
    KernelEnter("KeInitializeEvent", HIGH_LEVEL);
    HeaderInitialize(&Event->Header, (UCHAR)Type, sizeof(*Event), State != 0);
}

LONG KeSetEvent(PRKEVENT Event, KPRIORITY Increment, BOOLEAN Wait)
{
    KERNEL *Kernel = EventEnter(Event, "KeSetEvent");
    LONG Old = Event->Header.SignalState;

    UNREFERENCED_PARAMETER(Increment);
    if (Wait) {
        ProcessorNeeds(Kernel->Machine, APC_LEVEL, "KeSetEvent with Wait");
    }
    Event->Header.SignalState = 1;
    KernelChanged(Kernel);
    return Old;
}

LONG KeResetEvent(PRKEVENT Event)
{
    LONG Old;

    EventEnter(Event, "KeResetEvent");
    Old = Event->Header.SignalState;
    Event->Header.SignalState = 0;
    return Old;
}

VOID KeClearEvent(PRKEVENT Event)
{
    EventEnter(Event, "KeClearEvent");
    Event->Header.SignalState = 0;
}

LONG KeReadStateEvent(PRKEVENT Event)
{
    EventEnter(Event, "KeReadStateEvent");
    return Event->Header.SignalState;
}

VOID KeInitializeMutex(PRKMUTEX Mutex, ULONG Level)
{
    KernelEnter("KeInitializeMutex", HIGH_LEVEL);
    UNREFERENCED_PARAMETER(Level);
    RtlZeroMemory(Mutex, sizeof(*Mutex));
    HeaderInitialize(&Mutex->Header, TYPE_MUTANT, sizeof(*Mutex), 1);
    InitializeListHead(&Mutex->MutantListEntry);
}

LONG KeReleaseMutex(PRKMUTEX Mutex, BOOLEAN Wait)
{
    static const char Routine[] = "KeReleaseMutex";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    LONG Old = Mutex->Header.SignalState;

    UNREFERENCED_PARAMETER(Wait);
    HeaderCheck(&Mutex->Header, Routine);
    if (Mutex->OwnerThread != KernelThread()) {
        PlatformStop(Routine, "the calling thread does not own the mutex (STATUS_MUTANT_NOT_OWNED)");
    }
    Mutex->Header.SignalState++;
    if (Mutex->Header.SignalState == 1) {
        Mutex->OwnerThread = NULL;
    }
    KernelChanged(Kernel);
    return Old;
}

VOID KeInitializeSemaphore(PRKSEMAPHORE Semaphore, LONG Count, LONG Limit)
{
    KernelEnter("KeInitializeSemaphore", HIGH_LEVEL);
    HeaderInitialize(&Semaphore->Header, TYPE_SEMAPHORE, sizeof(*Semaphore), Count);
    Semaphore->Limit = Limit;
}

LONG KeReleaseSemaphore(PRKSEMAPHORE Semaphore, KPRIORITY Increment, LONG Adjustment, BOOLEAN Wait)
{
    static const char Routine[] = "KeReleaseSemaphore";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    LONG Old = Semaphore->Header.SignalState;

    UNREFERENCED_PARAMETER(Increment);
    UNREFERENCED_PARAMETER(Wait);
    HeaderCheck(&Semaphore->Header, Routine);
    if (Adjustment <= 0 || Adjustment > Semaphore->Limit - Old) {
        PlatformStop(Routine, "the count would exceed its limit (STATUS_SEMAPHORE_LIMIT_EXCEEDED)");
    }
    Semaphore->Header.SignalState += Adjustment;
    KernelChanged(Kernel);
    return Old;
}

/* ---- Waits ------------------------------------------------------------------------------------------------------- */

struct WAITER {
    struct WAITER *Next;
    ULONGLONG Seen;                     /* the epoch at which it last looked in vain */
    ULONG Steps;
    BOOLEAN Host;
    BOOLEAN Patient;                    /* gave the other threads of the host a last chance before its time is up */
};

static BOOLEAN OthersSawAll(const KERNEL *Kernel, const struct WAITER *Self)
{
    const struct WAITER *Waiter;

    for (Waiter = Kernel->Waiters; Waiter != NULL; Waiter = Waiter->Next) {
        if (Waiter != Self && Waiter->Seen != Kernel->Epoch) {
            return FALSE;
        }
    }
    return TRUE;
}

BOOLEAN WaitersSawAll(const KERNEL *Kernel)
{
    const struct WAITER *Waiter;

    /* Waits of the host are left out: they run no driver code when they end. */
    for (Waiter = Kernel->Waiters; Waiter != NULL; Waiter = Waiter->Next) {
        if (!Waiter->Host && Waiter->Seen != Kernel->Epoch) {
            return FALSE;
        }
    }
    return TRUE;
}

/* A host that waits, with other threads of it about, lets this many steps of time pass at full speed and then only
 * one a millisecond: a device that never rests would otherwise carry the machine years ahead of what the others
 * do. */
#define WAIT_FAST_STEPS 1000

/* One step of a wait in vain: whoever else can run does; else time goes on; else the host waits for real. */
static void WaitStep(KERNEL *Kernel, const char *Routine, struct WAITER *Self, ULONGLONG Deadline)
{
    BOOLEAN Shared = Self->Host && Kernel->ManyThreads;
    ULONGLONG Due;

    MachineDeliver(Kernel->Machine);
    if (Kernel->Epoch != Self->Seen) {
        return;
    }
    if (WorkReady(Kernel) || !OthersSawAll(Kernel, Self)) {
        WorkLend(Kernel);
        KernelYield(Kernel, Routine, 1);
        return;
    }
    if (__atomic_load_n(&Kernel->Wanted, __ATOMIC_RELAXED) != 0) {
        KernelYield(Kernel, Routine, 1);
        return;
    }
    if (!MachineNextDue(Kernel->Machine, &Due) || Due > Deadline) {
        Due = Deadline;
    }
    if (Kernel->RealTime || Due == UINT64_MAX) {
        KernelYield(Kernel, Routine, Kernel->RealTime ? 1 : 50);
        return;
    }
    Self->Steps++;
    if (Shared && (Self->Steps > WAIT_FAST_STEPS || (Due == Deadline && !Self->Patient))) {
        Self->Patient = TRUE;
        KernelYield(Kernel, Routine, 1);
        if (Kernel->Epoch != Self->Seen) {
            return;
        }
    }
    MachineAdvance(Kernel->Machine, Due > MachineNow(Kernel->Machine) ? Due - MachineNow(Kernel->Machine) : 0);
}

BOOLEAN KernelWait(KERNEL *Kernel, const char *Routine, BOOLEAN (*Ready)(void *Context), void *Context,
                   ULONGLONG Nanoseconds, const char *What)
{
    struct WAITER Self = { Kernel->Waiters, 0, 0, What == NULL, FALSE };
    struct WAITER **Place;
    ULONGLONG Deadline = MachineNow(Kernel->Machine);
    ULONGLONG Began = 0;
    BOOLEAN Done;

    Deadline = Nanoseconds > UINT64_MAX - Deadline ? UINT64_MAX : Deadline + Nanoseconds;
    Kernel->Waiters = &Self;
    while (!(Done = Ready(Context)) && MachineNow(Kernel->Machine) < Deadline) {
        if (Self.Seen != Kernel->Epoch) {
            Self.Seen = Kernel->Epoch;
            if (OthersSawAll(Kernel, &Self)) {
                MonitorWake(Kernel->Monitor);   /* for those who wait for just that */
            }
        }
        WaitStep(Kernel, Routine, &Self, Deadline);
        if (Began == 0) {
            Began = ThreadClock();
        } else if (What != NULL && Deadline == UINT64_MAX && ThreadClock() - Began > Kernel->Patience * 1000000ull) {
            PlatformStop(Routine, "waits for %s for ever: a deadlock", What);
        }
    }
    for (Place = &Kernel->Waiters; *Place != &Self; Place = &(*Place)->Next) {
    }
    *Place = Self.Next;
    return Done;
}

static ULONGLONG WaitTime(KERNEL *Kernel, PLARGE_INTEGER Timeout)
{
    LARGE_INTEGER Now;

    if (Timeout == NULL) {
        return UINT64_MAX;
    }
    if (Timeout->QuadPart <= 0) {
        return (ULONGLONG)-Timeout->QuadPart * 100;
    }
    UNREFERENCED_PARAMETER(Kernel);
    KeQuerySystemTime(&Now);
    return Timeout->QuadPart > Now.QuadPart ? (ULONGLONG)(Timeout->QuadPart - Now.QuadPart) * 100 : 0;
}

static BOOLEAN ObjectIsReady(const DISPATCHER_HEADER *Header)
{
    if (Header->Type == TYPE_MUTANT) {
        return Header->SignalState > 0 || CONTAINING_RECORD(Header, KMUTANT, Header)->OwnerThread == KernelThread();
    }
    return Header->SignalState > 0;
}

static void ObjectTake(PDISPATCHER_HEADER Header)
{
    switch (Header->Type) {
    case TYPE_EVENT_SYNCHRONIZATION:
    case TYPE_TIMER_SYNCHRONIZATION:
        Header->SignalState = 0;
        break;
    case TYPE_SEMAPHORE:
        Header->SignalState--;
        break;
    case TYPE_MUTANT:
        Header->SignalState--;
        CONTAINING_RECORD(Header, KMUTANT, Header)->OwnerThread = KernelThread();
        break;
    default:
        break;
    }
}

typedef struct WAIT {
    ULONG Count;
    PVOID *Object;
    BOOLEAN All;
    ULONG Index;                        /* of the one that ended it */
} WAIT;

static BOOLEAN WaitReady(void *Context)
{
    WAIT *Wait = Context;
    ULONG Index;

    for (Index = 0; Index < Wait->Count; Index++) {
        if (ObjectIsReady(Wait->Object[Index]) != Wait->All) {
            break;
        }
    }
    if (Wait->All ? Index != Wait->Count : Index == Wait->Count) {
        return FALSE;
    }
    Wait->Index = Wait->All ? 0 : Index;
    for (Index = Wait->All ? 0 : Wait->Index; Index < (Wait->All ? Wait->Count : Wait->Index + 1); Index++) {
        ObjectTake(Wait->Object[Index]);
    }
    return TRUE;
}

static NTSTATUS WaitRun(const char *Routine, WAIT *Wait, PLARGE_INTEGER Timeout)
{
    BOOLEAN Polls = Timeout != NULL && Timeout->QuadPart == 0;
    KERNEL *Kernel = KernelEnter(Routine, Polls ? DISPATCH_LEVEL : APC_LEVEL);
    ULONG Index;

    for (Index = 0; Index < Wait->Count; Index++) {
        HeaderCheck(Wait->Object[Index], Routine);
    }
    if (WaitReady(Wait)) {
        return STATUS_WAIT_0 + (LONG)Wait->Index;
    }
    if (Polls) {
        return STATUS_TIMEOUT;
    }
    if (!KernelWait(Kernel, Routine, WaitReady, Wait, WaitTime(Kernel, Timeout), "an object that nobody signals")) {
        return STATUS_TIMEOUT;
    }
    return STATUS_WAIT_0 + (LONG)Wait->Index;
}

NTSTATUS KeWaitForSingleObject(PVOID Object, KWAIT_REASON WaitReason, KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
                               PLARGE_INTEGER Timeout)
{
    WAIT Wait = { 1, &Object, FALSE, 0 };

    UNREFERENCED_PARAMETER(WaitReason);
    UNREFERENCED_PARAMETER(WaitMode);
    UNREFERENCED_PARAMETER(Alertable);
    return WaitRun("KeWaitForSingleObject", &Wait, Timeout);
}

NTSTATUS KeWaitForMultipleObjects(ULONG Count, PVOID Object[], WAIT_TYPE WaitType, KWAIT_REASON WaitReason,
                                  KPROCESSOR_MODE WaitMode, BOOLEAN Alertable, PLARGE_INTEGER Timeout,
                                  PKWAIT_BLOCK WaitBlockArray)
{
    WAIT Wait = { Count, Object, WaitType == WaitAll, 0 };

    UNREFERENCED_PARAMETER(WaitReason);
    UNREFERENCED_PARAMETER(WaitMode);
    UNREFERENCED_PARAMETER(Alertable);
    /* A thread has room for three objects of its own. */
    if (Count == 0 || Count > (WaitBlockArray == NULL ? 3u : (ULONG)MAXIMUM_WAIT_OBJECTS)) {
        PlatformStop("KeWaitForMultipleObjects", "%u objects (bug check 0xC, MAXIMUM_WAIT_OBJECTS_EXCEEDED)", Count);
    }
    return WaitRun("KeWaitForMultipleObjects", &Wait, Timeout);
}

static BOOLEAN NeverReady(void *Context)
{
    UNREFERENCED_PARAMETER(Context);
    return FALSE;
}

NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable, PLARGE_INTEGER Interval)
{
    static const char Routine[] = "KeDelayExecutionThread";
    KERNEL *Kernel = KernelEnter(Routine, APC_LEVEL);

    UNREFERENCED_PARAMETER(WaitMode);
    UNREFERENCED_PARAMETER(Alertable);
    KernelWait(Kernel, Routine, NeverReady, NULL, WaitTime(Kernel, Interval), "its time");
    return STATUS_SUCCESS;
}

PKTHREAD KeGetCurrentThread(VOID)
{
    KernelEnter("KeGetCurrentThread", HIGH_LEVEL);
    return KernelThread();
}

/* ---- Critical regions -------------------------------------------------------------------------------------------- */

/* Normal kernel APCs are held off in one. There are none here, but who enters must leave, on the same thread. */
static _Thread_local ULONG CriticalRegions;

VOID KeEnterCriticalRegion(VOID)
{
    KernelEnter("KeEnterCriticalRegion", APC_LEVEL);
    CriticalRegions++;
}

VOID KeLeaveCriticalRegion(VOID)
{
    KernelEnter("KeLeaveCriticalRegion", APC_LEVEL);
    if (CriticalRegions == 0) {
        PlatformStop("KeLeaveCriticalRegion", "the thread is in no critical region");
    }
    CriticalRegions--;
}

/* A thread goes back to its host: with APCs held off it would never end (bug check 1, APC_INDEX_MISMATCH). */
void CriticalRegionsCheck(const char *Routine)
{
    ULONG Left = CriticalRegions;

    CriticalRegions = 0;
    if (Left != 0) {
        PlatformStop(Routine, "%u critical regions were not left (bug check 1)", Left);
    }
}
