/* Ke: spin locks. Who holds which is known, so that a deadlock, or a lock held too long, ends the run. */
#include "interior.h"

static MACHINE *LockEnter(const char *Routine)
{
    MACHINE *Machine = PlatformRoutine(Routine);

    ProcessorNeeds(Machine, DISPATCH_LEVEL, Routine);
    return Machine;
}

KIRQL NTAPI KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock)
{
    static const char Routine[] = "KeAcquireSpinLock";
    MACHINE *Machine = LockEnter(Routine);
    KIRQL Old = ProcessorRaise(Machine, DISPATCH_LEVEL, Routine);

    ProcessorSpinLockTaken(Machine, SpinLock, Routine);
    return Old;
}

VOID NTAPI KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql)
{
    static const char Routine[] = "KeReleaseSpinLock";
    MACHINE *Machine = LockEnter(Routine);

    ProcessorSpinLockReleased(Machine, SpinLock, Routine);
    ProcessorLower(Machine, NewIrql, Routine);
}

static void NeedsDispatch(MACHINE *Machine, const char *Routine)
{
    if (ProcessorIrql(Machine) < DISPATCH_LEVEL) {
        PlatformStop(Routine, "called at IRQL %u; it is for callers at DISPATCH_LEVEL",
                     (ULONG)ProcessorIrql(Machine));
    }
}

VOID NTAPI KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
    static const char Routine[] = "KeAcquireSpinLockAtDpcLevel";
    MACHINE *Machine = LockEnter(Routine);

    NeedsDispatch(Machine, Routine);
    ProcessorSpinLockTaken(Machine, SpinLock, Routine);
}

VOID NTAPI KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock)
{
    static const char Routine[] = "KeReleaseSpinLockFromDpcLevel";
    MACHINE *Machine = LockEnter(Routine);

    NeedsDispatch(Machine, Routine);
    ProcessorSpinLockReleased(Machine, SpinLock, Routine);
    MachineDeliver(Machine);
}
