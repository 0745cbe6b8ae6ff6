/*
 * Who is in the machine. One thread at a time holds its monitor; the others wait for it, or in it (KernelYield).
 *
 *   (outside) --KernelRun--> running --KernelYield--> waiting --> running --> (outside)
 *                              \---PlatformStop: straight back to KernelRun, from however deep---/
 */
#include "kernel.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

/* longjmp of the Windows C library unwinds frame by frame; the compiler's own pair just goes there, as longjmp does
 * elsewhere, and no frame in between needs unwinding: they are all C. */
#ifdef _WIN32
typedef void *ESCAPE[5];
#define ESCAPE_SET(Escape) __builtin_setjmp(Escape)
#define ESCAPE_TAKE(Escape) __builtin_longjmp((Escape), 1)
#else
typedef jmp_buf ESCAPE;
#define ESCAPE_SET(Escape) _setjmp(Escape)
#define ESCAPE_TAKE(Escape) _longjmp((Escape), 1)
#endif

typedef struct ARENA_BLOCK {
    struct ARENA_BLOCK *Next;
    struct ARENA_BLOCK *Previous;
    KERNEL *Kernel;                     /* NULL: allocated while the thread was in no machine */
    size_t Size;
} ARENA_BLOCK;

_Static_assert(sizeof(ARENA_BLOCK) % 16 == 0, "what follows an arena header must keep its alignment");

static _Thread_local KERNEL *Current;
static _Thread_local ESCAPE *Escape;
static _Thread_local char Self;

KERNEL *KernelCurrent(void)
{
    if (Current == NULL) {
        fputs("irqscope-sim: a kernel routine was called by a thread that is in no machine\n", stderr);
        abort();
    }
    return Current;
}

struct MACHINE *PlatformMachine(void)
{
    return KernelCurrent()->Machine;
}

PKTHREAD KernelThread(void)
{
    return (PKTHREAD)(void *)&Self;
}

/* ---- Memory ------------------------------------------------------------------------------------------------------ */

void *PlatformAllocate(size_t Bytes)
{
    ARENA_BLOCK *Block = calloc(1, sizeof(*Block) + Bytes);

    if (Block == NULL) {
        fputs("irqscope-sim: the host has no memory left\n", stderr);
        abort();
    }
    Block->Kernel = Current;
    Block->Size = Bytes;
    if (Current != NULL) {
        Block->Next = Current->Arena;
        if (Block->Next != NULL) {
            Block->Next->Previous = Block;
        }
        Current->Arena = Block;
    }
    return Block + 1;
}

void PlatformFree(void *Memory)
{
    ARENA_BLOCK *Block;

    if (Memory == NULL) {
        return;
    }
    Block = (ARENA_BLOCK *)Memory - 1;
    if (Block->Kernel != NULL) {
        if (Block->Previous != NULL) {
            Block->Previous->Next = Block->Next;
        } else {
            Block->Kernel->Arena = Block->Next;
        }
        if (Block->Next != NULL) {
            Block->Next->Previous = Block->Previous;
        }
    }
    free(Block);
}

void ArenaDelete(KERNEL *Kernel)
{
    ARENA_BLOCK *Block;

    while ((Block = Kernel->Arena) != NULL) {
        Kernel->Arena = Block->Next;
        free(Block);
    }
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

int PlatformFormat(char *Buffer, size_t Size, const char *Format, ...)
{
    va_list Arguments;
    int Length;

    va_start(Arguments, Format);
    Length = vsnprintf(Buffer, Size, Format, Arguments);
    va_end(Arguments);
    return Length;
}

static void LogAppend(KERNEL *Kernel, const char *Line)
{
    size_t Length = strlen(Line);

    if (Kernel->Log == NULL || Kernel->LogLength + Length + 2 > KERNEL_LOG) {
        Kernel->LogCut = Kernel->Log != NULL;
        return;
    }
    memcpy(Kernel->Log + Kernel->LogLength, Line, Length);
    Kernel->LogLength += Length;
    if (Length == 0 || Line[Length - 1] != '\n') {
        Kernel->Log[Kernel->LogLength++] = '\n';
    }
}

void PlatformLog(const char *Format, ...)
{
    char Line[KERNEL_TEXT];
    va_list Arguments;

    va_start(Arguments, Format);
    vsnprintf(Line, sizeof(Line), Format, Arguments);
    va_end(Arguments);
    LogAppend(KernelCurrent(), Line);
}

size_t KernelTakeLog(KERNEL *Kernel, char *Text, size_t Size)
{
    size_t Length = Kernel->LogLength;

    if (Size == 0) {
        return 0;
    }
    if (Length > Size - 1) {
        Length = Size - 1;
    }
    memcpy(Text, Kernel->Log, Length);
    Text[Length] = 0;
    memmove(Kernel->Log, Kernel->Log + Length, Kernel->LogLength - Length);
    Kernel->LogLength -= Length;
    if (Kernel->LogCut && Kernel->LogLength == 0) {
        Kernel->LogCut = FALSE;
        LogAppend(Kernel, "(lines were lost here: the log was full)");
    }
    return Length;
}

/* ---- Coming in and going out ------------------------------------------------------------------------------------- */

void PlatformStop(const char *Routine, const char *Format, ...)
{
    KERNEL *Kernel = KernelCurrent();
    char Text[KERNEL_TEXT];
    va_list Arguments;

    va_start(Arguments, Format);
    vsnprintf(Text, sizeof(Text), Format, Arguments);
    va_end(Arguments);
    if (!Kernel->Stopped) {
        snprintf(Kernel->StopText, sizeof(Kernel->StopText), "%.64s: %.440s", Routine, Text);
        LogAppend(Kernel, Kernel->StopText);
        __atomic_store_n(&Kernel->Stopped, 1, __ATOMIC_RELEASE);
        MonitorWake(Kernel->Monitor);
    }
    if (Escape == NULL) {
        fprintf(stderr, "irqscope-sim: %s\n", Kernel->StopText);
        abort();
    }
    ESCAPE_TAKE(*Escape);
}

BOOLEAN KernelRealTime(const KERNEL *Kernel)
{
    return Kernel->RealTime;
}

void KernelEntryProcessor(KERNEL *Kernel, PROCESSOR *Processor)
{
    Kernel->EntryProcessor = Processor;
}

BOOLEAN KernelStopped(const KERNEL *Kernel)
{
    return __atomic_load_n(&Kernel->Stopped, __ATOMIC_ACQUIRE) != 0;
}

const char *KernelStopText(const KERNEL *Kernel)
{
    return Kernel->StopText;
}

static void ThreadSeen(KERNEL *Kernel)
{
    if (Kernel->FirstThread == NULL) {
        Kernel->FirstThread = &Self;
    } else if (Kernel->FirstThread != &Self) {
        Kernel->ManyThreads = TRUE;
    }
}

/* The part that may be left by ESCAPE_TAKE has a function of its own, so that no variable of a caller is lost by it. */
static BOOLEAN KernelTry(KERNEL *Kernel, void (*Routine)(void *Context), void *Context, BOOLEAN OnProcessor)
{
    ESCAPE Here;

    if (ESCAPE_SET(Here) != 0) {
        return FALSE;
    }
    Escape = &Here;
    if (OnProcessor) {
        ProcessorEnter(Kernel->Machine, Kernel->EntryProcessor);
    }
    Routine(Context);
    if (OnProcessor) {
        MachineDeliver(Kernel->Machine);
        WorkSettle(Kernel);
        PnpNotices(Kernel);
        CriticalRegionsCheck("the kernel's return to the host");
        ProcessorLeave(Kernel->Machine, "the kernel's return to the host");
    }
    return TRUE;
}

BOOLEAN KernelRun(KERNEL *Kernel, void (*Routine)(void *Context), void *Context)
{
    BOOLEAN Done = FALSE;

    __atomic_add_fetch(&Kernel->Wanted, 1, __ATOMIC_RELAXED);
    MonitorEnter(Kernel->Monitor);
    __atomic_sub_fetch(&Kernel->Wanted, 1, __ATOMIC_RELAXED);
    ThreadSeen(Kernel);
    if (!Kernel->Stopped && !Kernel->Ended) {
        Current = Kernel;
        Done = KernelTry(Kernel, Routine, Context, TRUE);
        Escape = NULL;
        Current = NULL;
        KernelChanged(Kernel);
    }
    MonitorLeave(Kernel->Monitor);
    return Done;
}

void KernelLook(KERNEL *Kernel, void (*Routine)(void *Context), void *Context)
{
    MonitorEnter(Kernel->Monitor);
    Current = Kernel;
    KernelTry(Kernel, Routine, Context, FALSE);
    Escape = NULL;
    Current = NULL;
    MonitorLeave(Kernel->Monitor);
}

/* For the worker threads of the machine, which are in it from start to end and hold its monitor. */
BOOLEAN KernelRunHeld(KERNEL *Kernel, void (*Routine)(void *Context), void *Context)
{
    BOOLEAN Done;

    Current = Kernel;
    Done = KernelTry(Kernel, Routine, Context, FALSE);
    Escape = NULL;
    Current = NULL;
    return Done;
}

void KernelYield(KERNEL *Kernel, const char *Routine, ULONG Milliseconds)
{
    PROCESSOR_CONTEXT *Frames = ProcessorSuspend(Kernel->Machine, Routine);

    MonitorWait(Kernel->Monitor, Milliseconds);
    if (Kernel->Stopped || Kernel->Ended) {
        ESCAPE_TAKE(*Escape);
    }
    ProcessorResume(Kernel->Machine, Frames);
}

void KernelChanged(KERNEL *Kernel)
{
    Kernel->Epoch++;
    MonitorWake(Kernel->Monitor);
}

/* ---- What every routine begins with ------------------------------------------------------------------------------ */

KERNEL *KernelEnter(const char *Routine, KIRQL Highest)
{
    KERNEL *Kernel = KernelCurrent();

    MachineCall(Kernel->Machine, Routine);
    ProcessorNeeds(Kernel->Machine, Highest, Routine);
    return Kernel;
}

struct MACHINE *PlatformRoutine(const char *Routine)
{
    return KernelEnter(Routine, HIGH_LEVEL)->Machine;
}

void KernelForget(KERNEL *Kernel, const void *Start, SIZE_T Size, const char *Routine)
{
    if (DpcQueuedInside(Kernel->Machine, Start, Size)) {
        PlatformStop(Routine, "the memory still holds a queued DPC; KeRemoveQueueDpc or KeFlushQueuedDpcs comes first");
    }
    TimersForget(Kernel->Machine, Start, Size, Routine);
    RemoveLocksForget(Kernel, Start, Size);
}

VOID NTAPI PlatformCancelRoutine(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    CsqCancel(Irp);
}
