/*
 * Processors are identities; what runs on them is a stack of frames on the host thread that came in.
 *
 *   (nobody) --ProcessorEnter--> thread frame --interrupt--> ISR frame ... popped --ProcessorLeave--> (nobody)
 *   thread frames --ProcessorSuspend--> kept by the waiting thread --ProcessorResume--> back
 *
 * The IRQL belongs to the processor. A frame remembers what was there before it, and its floor.
 */
#include "interior.h"

static const char *const IrqlNames[] = {
    "PASSIVE_LEVEL", "APC_LEVEL", "DISPATCH_LEVEL", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14",
    "HIGH_LEVEL"
};

const char *IrqlName(KIRQL Irql)
{
    return Irql <= PLATFORM_HIGHEST_IRQL ? IrqlNames[Irql] : "no IRQL";
}

/* ---- The set ----------------------------------------------------------------------------------------------------- */

static USHORT NodeOf(const MACHINE *Machine, USHORT Group, UCHAR Number)
{
    USHORT Node;

    for (Node = 0; Node < Machine->Layout.Nodes; Node++) {
        if (Machine->Layout.Node[Node].Group == Group && (Machine->Layout.Node[Node].Mask >> Number & 1) != 0) {
            return Node;
        }
    }
    return 0;
}

void ProcessorsCreate(MACHINE *Machine)
{
    PROCESSOR *Processor;
    USHORT Group;
    UCHAR Number;

    for (Group = 0; Group < Machine->Layout.Groups; Group++) {
        for (Number = 0; Number < sizeof(KAFFINITY) * 8; Number++) {
            Machine->ProcessorCount += Machine->Layout.Group[Group].Active >> Number & 1;
        }
    }
    Processor = PlatformAllocate((Machine->ProcessorCount + 1) * sizeof(*Processor));
    Machine->Processors = Processor;

    /* Indexes count active processors, group by group, as a machine that booted with these has them. */
    for (Group = 0; Group < Machine->Layout.Groups; Group++) {
        for (Number = 0; Number < sizeof(KAFFINITY) * 8; Number++) {
            if ((Machine->Layout.Group[Group].Active >> Number & 1) != 0) {
                Processor->Machine = Machine;
                Processor->Index = (ULONG)(Processor - Machine->Processors);
                Processor->Group = Group;
                Processor->Number = Number;
                Processor->Node = NodeOf(Machine, Group, Number);
                Machine->ByNumber[Group][Number] = Processor;
                Processor++;
            }
        }
    }
}

void ProcessorsDelete(MACHINE *Machine)
{
    FRAME *Frame;

    while ((Frame = Machine->MadeFrames) != NULL) {
        Machine->MadeFrames = Frame->NextMade;
        PlatformFree(Frame);
    }
    PlatformFree(Machine->Processors);
}

PROCESSOR *ProcessorByNumber(MACHINE *Machine, USHORT Group, UCHAR Number)
{
    if (Group >= MACHINE_MAXIMUM_GROUPS || Number >= 64) {
        return NULL;
    }
    return Machine->ByNumber[Group][Number];
}

PROCESSOR *ProcessorByIndex(MACHINE *Machine, ULONG Index)
{
    return Index < Machine->ProcessorCount ? &Machine->Processors[Index] : NULL;
}

ULONG ProcessorIndex(const PROCESSOR *Processor)
{
    return Processor->Index;
}

void ProcessorNumber(const PROCESSOR *Processor, PROCESSOR_NUMBER *Number)
{
    Number->Group = Processor->Group;
    Number->Number = Processor->Number;
    Number->Reserved = 0;
}

PROCESSOR *ProcessorCurrent(MACHINE *Machine)
{
    /* Outside of every frame it is the host that speaks, of which the first processor is as good as any. */
    return Machine->Top == NULL ? &Machine->Processors[0] : Machine->Top->Processor;
}

/* ---- Frames ------------------------------------------------------------------------------------------------------ */

FRAME *FramePush(MACHINE *Machine, PROCESSOR *Processor, FRAME_KIND Kind, KIRQL Irql)
{
    FRAME *Frame = Machine->FreeFrames;

    if (Frame != NULL) {
        Machine->FreeFrames = Frame->Below;
        *Frame = (FRAME) { .NextMade = Frame->NextMade };
    } else {
        Frame = PlatformAllocate(sizeof(*Frame));
        Frame->NextMade = Machine->MadeFrames;
        Machine->MadeFrames = Frame;
    }
    Frame->Below = Machine->Top;
    Frame->Processor = Processor;
    Frame->Home = Processor;
    Frame->Kind = Kind;
    Frame->Base = Irql;
    Frame->Before = Processor->Irql;
    Processor->Irql = Irql;
    Machine->Top = Frame;
    Machine->InterruptFrames += Kind == FRAME_INTERRUPT;
    Machine->DpcFrames += Kind == FRAME_DPC;
    return Frame;
}

void FramePop(MACHINE *Machine, FRAME *Frame)
{
    Frame->Processor->Irql = Frame->Before;
    Machine->InterruptFrames -= Frame->Kind == FRAME_INTERRUPT;
    Machine->DpcFrames -= Frame->Kind == FRAME_DPC;
    Machine->Top = Frame->Below;
    Frame->Below = Machine->FreeFrames;
    Machine->FreeFrames = Frame;
}

void ProcessorEnter(MACHINE *Machine, PROCESSOR *Processor)
{
    if (Machine->Top != NULL && ProcessorIrql(Machine) >= DISPATCH_LEVEL) {
        PlatformStop("ProcessorEnter", "a thread enters the kernel while the processor is at IRQL %s",
                     IrqlName(ProcessorIrql(Machine)));
    }
    FramePush(Machine, Processor == NULL ? &Machine->Processors[0] : Processor, FRAME_THREAD, PASSIVE_LEVEL);
}

void ProcessorLeave(MACHINE *Machine, const char *Routine)
{
    FRAME *Frame = Machine->Top;

    if (Frame == NULL || Frame->Kind != FRAME_THREAD) {
        PlatformStop(Routine, "a thread leaves the kernel that is not in it");
    }
    if (Machine->HeldCount != 0) {
        PlatformStop(Routine, "returned with a spin lock held");
    }
    if (ProcessorIrql(Machine) != PASSIVE_LEVEL) {
        PlatformStop(Routine, "returned at IRQL %s", IrqlName(ProcessorIrql(Machine)));
    }
    if (Frame->Affinity.Mask != 0) {
        PlatformStop(Routine, "returned with the thread bound to group %u, mask 0x%llx; "
                     "KeRevertToUserGroupAffinityThread was not called", (ULONG)Frame->Affinity.Group,
                     (ULONGLONG)Frame->Affinity.Mask);
    }
    MachineDeliver(Machine);
    FramePop(Machine, Frame);
}

/* From the top down, because several frames of one thread can be on one processor. */
static void FramesKeep(FRAME *Frame)
{
    for (; Frame != NULL; Frame = Frame->Below) {
        Frame->Kept = Frame->Processor->Irql;
        Frame->Processor->Irql = Frame->Before;
    }
}

static void FramesRestore(FRAME *Frame)
{
    if (Frame != NULL) {
        FramesRestore(Frame->Below);
        Frame->Before = Frame->Processor->Irql;
        Frame->Processor->Irql = Frame->Kept;
    }
}

PROCESSOR_CONTEXT *ProcessorSuspend(MACHINE *Machine, const char *Routine)
{
    FRAME *Context = Machine->Top;

    if (Machine->InterruptFrames != 0) {
        PlatformStop(Routine, "waits in an interrupt service routine");
    }
    if (Machine->DpcFrames != 0) {
        PlatformStop(Routine, "waits in a DPC");
    }
    if (Machine->HeldCount != 0) {
        PlatformStop(Routine, "waits with a spin lock held");
    }
    if (ProcessorIrql(Machine) >= DISPATCH_LEVEL) {
        PlatformStop(Routine, "waits at IRQL %s", IrqlName(ProcessorIrql(Machine)));
    }
    FramesKeep(Context);
    Machine->Top = NULL;
    return Context;
}

void ProcessorResume(MACHINE *Machine, PROCESSOR_CONTEXT *Context)
{
    if (Machine->Top != NULL) {
        PlatformStop("ProcessorResume", "another thread is still in the kernel");
    }
    FramesRestore(Context);
    Machine->Top = Context;
}

/* Moves a thread's frame to a processor of its system affinity, or back to where it came from. */
void FrameMove(MACHINE *Machine, FRAME *Frame)
{
    PROCESSOR *Processor = Frame->Home;
    KIRQL Irql = Frame->Processor->Irql;
    UCHAR Number = 0;

    Frame->MovesLater = FALSE;
    if (Frame->Affinity.Mask != 0) {
        Processor = Frame->Processor;
        if (Processor->Group != Frame->Affinity.Group || (Frame->Affinity.Mask >> Processor->Number & 1) == 0) {
            while ((Frame->Affinity.Mask >> Number & 1) == 0) {
                Number++;
            }
            Processor = ProcessorByNumber(Machine, Frame->Affinity.Group, Number);
        }
    }
    if (Processor != Frame->Processor) {
        Frame->Processor->Irql = Frame->Before;
        Frame->Processor = Processor;
        Frame->Before = Processor->Irql;
        Processor->Irql = Irql;
    }
}

/* ---- IRQL -------------------------------------------------------------------------------------------------------- */

KIRQL ProcessorIrql(MACHINE *Machine)
{
    return ProcessorCurrent(Machine)->Irql;
}

KIRQL ProcessorRaise(MACHINE *Machine, KIRQL New, const char *Routine)
{
    PROCESSOR *Processor = ProcessorCurrent(Machine);
    KIRQL Old = Processor->Irql;

    if (New < Old) {
        PlatformStop(Routine, "raises the IRQL from %s to the lower %s (bug check 0x9, IRQL_NOT_GREATER_OR_EQUAL)",
                     IrqlName(Old), IrqlName(New));
    }
    if (New > PLATFORM_HIGHEST_IRQL) {
        PlatformStop(Routine, "raises the IRQL to %u; the highest is %u", (ULONG)New, (ULONG)PLATFORM_HIGHEST_IRQL);
    }
    Processor->Irql = New;
    return Old;
}

/* The frame that runs holds a spin lock: as long as it does, it stays at DISPATCH_LEVEL or above. */
static BOOLEAN FrameHolds(const MACHINE *Machine)
{
    return Machine->HeldCount != 0 && Machine->Held[Machine->HeldCount - 1].Frame == Machine->Top;
}

void ProcessorLower(MACHINE *Machine, KIRQL New, const char *Routine)
{
    PROCESSOR *Processor = ProcessorCurrent(Machine);
    FRAME *Frame = Machine->Top;

    if (New > Processor->Irql) {
        PlatformStop(Routine, "lowers the IRQL from %s to the higher %s (bug check 0xA, IRQL_NOT_LESS_OR_EQUAL)",
                     IrqlName(Processor->Irql), IrqlName(New));
    }
    if (Frame != NULL && New < Frame->Base) {
        PlatformStop(Routine, "lowers the IRQL to %s in %s that runs at %s", IrqlName(New),
                     Frame->Kind == FRAME_DPC ? "a DPC" : "an interrupt service routine", IrqlName(Frame->Base));
    }
    if (New < DISPATCH_LEVEL && FrameHolds(Machine)) {
        PlatformStop(Routine, "lowers the IRQL to %s with a spin lock held", IrqlName(New));
    }
    Processor->Irql = New;
    if (Frame != NULL && Frame->MovesLater && New < DISPATCH_LEVEL) {
        FrameMove(Machine, Frame);
    }
    MachineDeliver(Machine);
}

void ProcessorNeeds(MACHINE *Machine, KIRQL Highest, const char *Routine)
{
    KIRQL Irql = ProcessorIrql(Machine);

    if (Irql > Highest) {
        PlatformStop(Routine, "called at IRQL %s; allowed up to %s", IrqlName(Irql), IrqlName(Highest));
    }
}

/* ---- Spin locks -------------------------------------------------------------------------------------------------- */

BOOLEAN LockIsHeld(const MACHINE *Machine, const KSPIN_LOCK *Lock)
{
    ULONG Index;

    for (Index = 0; Index < Machine->HeldCount; Index++) {
        if (Machine->Held[Index].Lock == Lock) {
            return TRUE;
        }
    }
    return FALSE;
}

void ProcessorSpinLockTaken(MACHINE *Machine, PKSPIN_LOCK Lock, const char *Routine)
{
    ULONG Index;

    if (Lock == NULL) {
        PlatformStop(Routine, "the spin lock is NULL");
    }
    if (ProcessorIrql(Machine) < DISPATCH_LEVEL) {
        PlatformStop(Routine, "takes a spin lock at IRQL %s", IrqlName(ProcessorIrql(Machine)));
    }
    for (Index = 0; Index < Machine->HeldCount; Index++) {
        if (Machine->Held[Index].Lock == Lock && Machine->Held[Index].Frame == Machine->Top) {
            PlatformStop(Routine, "takes a spin lock that the same code already holds: a deadlock");
        }
        if (Machine->Held[Index].Lock == Lock) {
            PlatformStop(Routine, "takes a spin lock that the code it interrupted holds: a deadlock on one processor; "
                         "across two the simulator cannot let the owner go on");
        }
    }
    if (*Lock != 0) {
        PlatformStop(Routine, "the spin lock was not initialised with KeInitializeSpinLock, or was overwritten");
    }
    if (Machine->HeldCount == HELD_LIMIT) {
        PlatformStop(Routine, "more than %u spin locks are held at once", (ULONG)HELD_LIMIT);
    }
    *Lock = 1;
    Machine->Held[Machine->HeldCount].Lock = Lock;
    Machine->Held[Machine->HeldCount].Frame = Machine->Top;
    Machine->HeldCount++;
}

void ProcessorSpinLockReleased(MACHINE *Machine, PKSPIN_LOCK Lock, const char *Routine)
{
    ULONG Index = Machine->HeldCount;

    /* Usually the last one taken, but releasing in another order is legal. */
    while (Index != 0) {
        Index--;
        if (Machine->Held[Index].Lock == Lock) {
            if (Machine->Held[Index].Frame != Machine->Top) {
                break;
            }
            *Lock = 0;
            for (Machine->HeldCount--; Index < Machine->HeldCount; Index++) {
                Machine->Held[Index] = Machine->Held[Index + 1];
            }
            return;
        }
    }
    PlatformStop(Routine, "releases a spin lock that this code does not hold");
}

/* ---- Delivery ---------------------------------------------------------------------------------------------------- */

void MachineDeliver(MACHINE *Machine)
{
    if (Machine->FirstPending == NULL && Machine->FirstWithDpcs == NULL) {
        return;
    }
    if (Machine->Delivering == 0) {
        Machine->Budget = DELIVERY_BUDGET;
    }
    Machine->Delivering++;
    while (Machine->Budget != 0) {
        BOOLEAN Ran = VectorRunNext(Machine);

        /* A line that never falls holds up its own processor; on the others a DPC gets its turn now and then. */
        if (!Ran || Machine->Budget % ISRS_A_DPC == 0) {
            Ran = DpcRunNext(Machine) || Ran;
        }
        if (!Ran) {
            break;
        }
        Machine->Budget -= Machine->Budget != 0;
    }
    Machine->Delivering--;
}
