/* Ke: IRQL, spin locks, time. Waits are in kewait.c; interrupts, DPCs and processors in machine/. */
#include "kernel.h"

/* ---- IRQL and spin locks ----------------------------------------------------------------------------------------- */

KIRQL KeGetCurrentIrql(VOID)
{
    return ProcessorIrql(PlatformMachine());
}

KIRQL KfRaiseIrql(KIRQL NewIrql)
{
    return ProcessorRaise(KernelEnter("KeRaiseIrql", HIGH_LEVEL)->Machine, NewIrql, "KeRaiseIrql");
}

KIRQL KeRaiseIrqlToDpcLevel(VOID)
{
    return ProcessorRaise(KernelEnter("KeRaiseIrqlToDpcLevel", HIGH_LEVEL)->Machine, DISPATCH_LEVEL,
                          "KeRaiseIrqlToDpcLevel");
}

VOID KeLowerIrql(KIRQL NewIrql)
{
    ProcessorLower(KernelEnter("KeLowerIrql", HIGH_LEVEL)->Machine, NewIrql, "KeLowerIrql");
}

VOID KeInitializeSpinLock(PKSPIN_LOCK SpinLock)
{
    KernelEnter("KeInitializeSpinLock", HIGH_LEVEL);
    *SpinLock = 0;
}

KIRQL KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock)
{
    static const char Routine[] = "KeAcquireSpinLock";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    KIRQL Old = ProcessorRaise(Kernel->Machine, DISPATCH_LEVEL, Routine);

    ProcessorSpinLockTaken(Kernel->Machine, SpinLock, Routine);
    return Old;
}

VOID KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql)
{
    static const char Routine[] = "KeReleaseSpinLock";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    ProcessorSpinLockReleased(Kernel->Machine, SpinLock, Routine);
    ProcessorLower(Kernel->Machine, NewIrql, Routine);
}

static void NeedsDispatch(KERNEL *Kernel, const char *Routine)
{
    if (ProcessorIrql(Kernel->Machine) < DISPATCH_LEVEL) {
        PlatformStop(Routine, "called at IRQL %u; it is for callers at DISPATCH_LEVEL",
                     (ULONG)ProcessorIrql(Kernel->Machine));
    }
}

VOID KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
    static const char Routine[] = "KeAcquireSpinLockAtDpcLevel";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    NeedsDispatch(Kernel, Routine);
    ProcessorSpinLockTaken(Kernel->Machine, SpinLock, Routine);
}

VOID KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock)
{
    static const char Routine[] = "KeReleaseSpinLockFromDpcLevel";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    NeedsDispatch(Kernel, Routine);
    ProcessorSpinLockReleased(Kernel->Machine, SpinLock, Routine);
    MachineDeliver(Kernel->Machine);
}

/* ---- Time -------------------------------------------------------------------------------------------------------- */

#define CLOCK_TICK 156250ull                            /* 15.625 ms in units of 100 ns */
#define MACHINE_BEGAN 132223104000000000ull             /* 1 January 2020, as system time counts */
#define MACHINE_WAS_UP 60ull                            /* seconds that the counter had run when the machine began */

LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER PerformanceFrequency)
{
    KERNEL *Kernel = KernelEnter("KeQueryPerformanceCounter", HIGH_LEVEL);
    ULONGLONG Frequency = MachineProfile(Kernel->Machine)->Frequency;
    LARGE_INTEGER Counter;
    ULONGLONG Now;

    /* Reading it takes time, so that a loop that waits for the counter alone ends, and is interrupted in between. */
    MachineSpend(Kernel->Machine, 20, 20);
    MachineDeliver(Kernel->Machine);
    Now = MachineNow(Kernel->Machine);
    Counter.QuadPart = (LONGLONG)((MACHINE_WAS_UP + Now / 1000000000) * Frequency +
                                  Now % 1000000000 * Frequency / 1000000000);
    if (PerformanceFrequency != NULL) {
        PerformanceFrequency->QuadPart = (LONGLONG)Frequency;
    }
    return Counter;
}

static ULONGLONG Ticks(KERNEL *Kernel)
{
    return (MachineNow(Kernel->Machine) / 100 + MACHINE_WAS_UP * 10000000) / CLOCK_TICK;
}

VOID KeQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
    KERNEL *Kernel = KernelEnter("KeQuerySystemTime", HIGH_LEVEL);

    CurrentTime->QuadPart = (LONGLONG)(MACHINE_BEGAN + Ticks(Kernel) * CLOCK_TICK);
}

ULONGLONG KeQueryInterruptTime(VOID)
{
    return Ticks(KernelEnter("KeQueryInterruptTime", HIGH_LEVEL)) * CLOCK_TICK;
}

VOID KeQueryTickCount(PLARGE_INTEGER CurrentCount)
{
    CurrentCount->QuadPart = (LONGLONG)Ticks(KernelEnter("KeQueryTickCount", HIGH_LEVEL));
}

ULONG KeQueryTimeIncrement(VOID)
{
    KernelEnter("KeQueryTimeIncrement", HIGH_LEVEL);
    return (ULONG)CLOCK_TICK;
}

VOID KeStallExecutionProcessor(ULONG MicroSeconds)
{
    MachineAdvance(KernelEnter("KeStallExecutionProcessor", HIGH_LEVEL)->Machine, (ULONGLONG)MicroSeconds * 1000);
}
