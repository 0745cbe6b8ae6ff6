/* Ke: the routines that other headers make instructions of: IRQL, times. Waits are in kewait.c; locks, the performance
 * counter, interrupts, DPCs and processors in machine/. */
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

/* ---- Time -------------------------------------------------------------------------------------------------------- */

VOID KeQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
    CurrentTime->QuadPart = (LONGLONG)MachineSystemTime(KernelEnter("KeQuerySystemTime", HIGH_LEVEL)->Machine);
}

ULONGLONG KeQueryInterruptTime(VOID)
{
    return MachineTicks(KernelEnter("KeQueryInterruptTime", HIGH_LEVEL)->Machine) * CLOCK_TICK;
}

VOID KeQueryTickCount(PLARGE_INTEGER CurrentCount)
{
    CurrentCount->QuadPart = (LONGLONG)MachineTicks(KernelEnter("KeQueryTickCount", HIGH_LEVEL)->Machine);
}

ULONG KeQueryTimeIncrement(VOID)
{
    KernelEnter("KeQueryTimeIncrement", HIGH_LEVEL);
    return (ULONG)CLOCK_TICK;
}
