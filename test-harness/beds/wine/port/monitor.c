/*
 * Who is in the machine: one thread of Wine's at a time, which may come in again through Wine (AddDevice registers an
 * interface, during which Wine asks QUERY_ID). A rule that is broken ends the entry that broke it.
 */
#include "port.h"

KERNEL Port;

static KEVENT Gate;
static KEVENT Changed;
static volatile LONG Users;
static volatile LONG Wanted;
static HANDLE volatile Owner;
static LONG Depth;
static ENTRY *Innermost;

void MonitorStart(void)
{
    KeInitializeEvent(&Gate, SynchronizationEvent, FALSE);
    KeInitializeEvent(&Changed, SynchronizationEvent, FALSE);
}

BOOLEAN MonitorMine(void)
{
    return Owner == PsGetCurrentThreadId();
}

BOOLEAN MonitorWanted(void)
{
    return Wanted != 0;
}

static void Take(LONG Levels)
{
    InterlockedIncrement(&Wanted);
    if (InterlockedIncrement(&Users) != 1) {
        WineKeWaitForSingleObject(&Gate, Executive, KernelMode, FALSE, NULL);
    }
    InterlockedDecrement(&Wanted);
    Owner = PsGetCurrentThreadId();
    Depth = Levels;
}

static void Give(void)
{
    Depth = 0;
    Owner = NULL;
    if (InterlockedDecrement(&Users) != 0) {
        KeSetEvent(&Gate, 0, FALSE);
    }
}

void PlatformChanged(void)
{
    KeSetEvent(&Changed, 0, FALSE);
}

/* ---- Entries ----------------------------------------------------------------------------------------------------- */

/* A function of its own: the part that an escape may leave loses no variable of its caller. */
static BOOLEAN Try(ENTRY *Entry, void (*Routine)(void *Context), void *Context)
{
    if (__builtin_setjmp(Entry->Escape) != 0) {
        return FALSE;
    }
    if (Entry->Outer == NULL && Port.Machine != NULL) {
        ProcessorEnter(Port.Machine, Port.EntryProcessor);
        Entry->Pushed = TRUE;
    }
    Routine(Context);
    if (Entry->Pushed) {
        MachineDeliver(Port.Machine);
        PnpNotices(&Port);
        ProcessorLeave(Port.Machine, "the driver's return to Wine");
    }
    return TRUE;
}

BOOLEAN MonitorRun(void (*Routine)(void *Context), void *Context, PIRP *Irp)
{
    ENTRY Entry = { .Irp = Irp == NULL ? NULL : *Irp };
    BOOLEAN Done = FALSE;
    BOOLEAN Nested = MonitorMine();

    if (Nested) {
        Depth++;
    } else {
        Take(1);
    }
    Entry.Machines = Port.Machines;
    if (!Port.Stopped) {
        Entry.Outer = Innermost;
        Innermost = &Entry;
        Done = Try(&Entry, Routine, Context);
        Innermost = Entry.Outer;
    }
    if (Irp != NULL) {
        *Irp = Entry.Irp;
    }
    if (Nested) {
        Depth--;
    } else {
        PlatformChanged();
        PumpWanted();
        Give();
    }
    return Done;
}

BOOLEAN MonitorLook(void (*Routine)(void *Context), void *Context)
{
    ENTRY Entry = { 0 };
    BOOLEAN Done;

    if (MonitorMine()) {
        return FALSE;
    }
    Take(1);
    if (!Port.Stopped) {                /* somebody replaced it meanwhile */
        Give();
        return MonitorRun(Routine, Context, NULL);
    }
    Entry.Machines = Port.Machines;
    Innermost = &Entry;
    Done = __builtin_setjmp(Entry.Escape) == 0;
    if (Done) {
        Routine(Context);
    }
    Innermost = NULL;
    PlatformChanged();
    Give();
    return Done;
}

void MonitorCompleted(PIRP Irp)
{
    ENTRY *Entry;

    for (Entry = Innermost; Entry != NULL; Entry = Entry->Outer) {
        if (Entry->Irp == Irp) {
            Entry->Irp = NULL;
        }
    }
}

void MonitorForget(void)
{
    ENTRY *Entry;

    for (Entry = Innermost; Entry != NULL; Entry = Entry->Outer) {
        Entry->Pushed = FALSE;
        Entry->Machines = Port.Machines;        /* it makes the next one */
    }
}

DECLSPEC_NORETURN static void Escape(void)
{
    __builtin_longjmp(Innermost->Escape, 1);
}

void PlatformStop(const char *Routine, const char *Format, ...)
{
    char Text[PORT_TEXT];
    va_list Arguments;

    if (!Port.Stopped) {
        va_start(Arguments, Format);
        FormatList(Text, sizeof(Text), Format, Arguments);
        va_end(Arguments);
        PlatformFormat(Port.StopText, sizeof(Port.StopText), "%s: %s", Routine, Text);
        DbgPrint("irqscope-wine: %s\n", Port.StopText);
        Port.Stopped = 1;
    }
    if (Innermost == NULL) {
        for (;;) {
            ExRaiseStatus(STATUS_INTERNAL_ERROR);       /* outside of every entry: the image is broken */
        }
    }
    Escape();
}

/* ---- Away from the machine --------------------------------------------------------------------------------------- */

void MonitorLeave(AWAY *Away, const char *Routine)
{
    Away->Frames = Port.Machine == NULL || Innermost == NULL ? NULL : ProcessorSuspend(Port.Machine, Routine);
    Away->Entry = Innermost;
    Away->Depth = Depth;
    Away->Machines = Port.Machines;
    Innermost = NULL;
    Give();
}

void MonitorReturn(AWAY *Away)
{
    Take(Away->Depth);
    Innermost = Away->Entry;
    if (Port.Stopped || Away->Machines != Port.Machines) {
        Escape();
    }
    if (Away->Frames != NULL) {
        ProcessorResume(Port.Machine, Away->Frames);
    }
}

NTSTATUS MonitorWaitObject(PVOID Object, PLARGE_INTEGER Timeout, const char *Routine)
{
    AWAY Away;
    NTSTATUS Status;

    if (!MonitorMine()) {
        return WineKeWaitForSingleObject(Object, Executive, KernelMode, FALSE, Timeout);
    }
    MonitorLeave(&Away, Routine);
    Status = WineKeWaitForSingleObject(Object, Executive, KernelMode, FALSE, Timeout);
    MonitorReturn(&Away);
    return Status;
}

void KernelAwait(KERNEL *Kernel, const char *Routine, BOOLEAN (*Ready)(void *Context), void *Context,
                 const char *What)
{
    LARGE_INTEGER Step = { .QuadPart = -50000 };        /* 5 ms: a wake-up may go to another waiter */
    ULONG Left;

    (void)Kernel;
    for (Left = 4000; !Ready(Context); Left--) {
        if (Left == 0) {
            PlatformStop(Routine, "waits for %s for ever: a deadlock", What);
        }
        MonitorWaitObject(&Changed, &Step, Routine);
    }
}

/* ---- What the machine asks for ----------------------------------------------------------------------------------- */

struct MACHINE *PlatformMachine(void)
{
    return Port.Machine;
}

struct MACHINE *PlatformRoutine(const char *Routine)
{
    if (Innermost != NULL && (Port.Stopped || Innermost->Machines != Port.Machines)) {
        Escape();
    }
    if (Port.Machine == NULL || !MonitorMine()) {
        PlatformStop(Routine, "was called by a thread that is in no machine");
    }
    MachineCall(Port.Machine, Routine);
    return Port.Machine;
}

/* Wine's pool tells nobody which of its memory is paged. */
BOOLEAN PlatformIsResident(const void *Memory)
{
    UNREFERENCED_PARAMETER(Memory);
    return TRUE;
}

void PlatformConnects(const char *Routine)
{
    (void)Routine;                      /* power.c sends nothing while a connect could run */
}

void *PlatformAllocate(size_t Bytes)
{
    void *Memory = WineExAllocatePoolWithTag(NonPagedPool, Bytes, PORT_TAG);

    if (Memory == NULL) {
        PlatformStop("PlatformAllocate", "Wine has no memory left");
    }
    RtlZeroMemory(Memory, Bytes);
    return Memory;
}

void PlatformFree(void *Memory)
{
    if (Memory != NULL) {
        WineExFreePoolWithTag(Memory, PORT_TAG);
    }
}

int PlatformFormat(char *Buffer, size_t Size, const char *Format, ...)
{
    va_list Arguments;
    int Length;

    va_start(Arguments, Format);
    Length = FormatList(Buffer, Size, Format, Arguments);
    va_end(Arguments);
    return Length;
}

void PlatformLog(const char *Format, ...)
{
    char Line[PORT_TEXT];
    va_list Arguments;
    size_t Length;

    va_start(Arguments, Format);
    FormatList(Line, sizeof(Line) - 1, Format, Arguments);
    va_end(Arguments);
    DbgPrint("irqscope-wine: %s\n", Line);
    Length = TextLength(Line);
    Line[Length++] = '\n';
    if (Port.Log != NULL && Port.LogLength + Length < PORT_LOG) {
        RtlCopyMemory(Port.Log + Port.LogLength, Line, Length);
        Port.LogLength += Length;
    }
}
