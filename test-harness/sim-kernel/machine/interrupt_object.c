/*
 * What a PKINTERRUPT is, and the routines that take one.
 *
 * Three kinds look alike to a driver: what a connect returned, the object of one processor that an ISR is handed, and
 * the container that a line-based connect returns. Windows does not check which it gets; here each routine does, also
 * for objects that were disconnected a while ago.
 */
#include "interior.h"

/* ---- Which memory holds interrupt objects ------------------------------------------------------------------------ */

/* The place of the first block that starts above the address. */
static ULONG BlockAbove(const MACHINE *Machine, const UCHAR *Address)
{
    ULONG Low = 0;
    ULONG High = Machine->BlockCount;

    while (Low < High) {
        ULONG Middle = Low + (High - Low) / 2;

        if (Machine->Blocks[Middle]->Start <= Address) {
            Low = Middle + 1;
        } else {
            High = Middle;
        }
    }
    return Low;
}

static OBJECT_BLOCK *BlockOf(const MACHINE *Machine, const UCHAR *Address)
{
    ULONG Above = BlockAbove(Machine, Address);
    OBJECT_BLOCK *Block = Above == 0 ? NULL : Machine->Blocks[Above - 1];

    return Block != NULL && Address < Block->Start + Block->Size ? Block : NULL;
}

void ObjectRemember(MACHINE *Machine, const void *Start, SIZE_T Size, LINK *Link, CONNECTION *Container, PVOID Table)
{
    OBJECT_BLOCK *Block = PlatformAllocate(sizeof(*Block));
    OBJECT_BLOCK **Wider;
    ULONG Place;
    ULONG Index;

    Block->Start = Start;
    Block->Size = Size;
    Block->Link = Link;
    Block->Container = Container;
    Block->Table = Table;
    if (Machine->BlockCount == Machine->BlockRoom) {
        Machine->BlockRoom = Machine->BlockRoom * 2 + 16;
        Wider = PlatformAllocate(Machine->BlockRoom * sizeof(*Wider));
        for (Index = 0; Index < Machine->BlockCount; Index++) {
            Wider[Index] = Machine->Blocks[Index];
        }
        PlatformFree(Machine->Blocks);
        Machine->Blocks = Wider;
    }
    Place = BlockAbove(Machine, Block->Start);
    for (Index = Machine->BlockCount++; Index > Place; Index--) {
        Machine->Blocks[Index] = Machine->Blocks[Index - 1];
    }
    Machine->Blocks[Place] = Block;
}

static void BlockDelete(MACHINE *Machine, OBJECT_BLOCK *Block)
{
    ULONG Index = BlockAbove(Machine, Block->Start) - 1;

    for (Machine->BlockCount--; Index < Machine->BlockCount; Index++) {
        Machine->Blocks[Index] = Machine->Blocks[Index + 1];
    }
    PlatformFree((PVOID)(ULONG_PTR)Block->Start);
    PlatformFree(Block);
}

/* Freed memory is kept for a while, as special pool does, so that nothing new takes its address. */
void ObjectForget(MACHINE *Machine, const void *Start)
{
    OBJECT_BLOCK *Block = BlockOf(Machine, Start);
    OBJECT_BLOCK **Place = &Machine->Gone[Machine->NextGone++ % GONE_LIMIT];

    if (*Place != NULL) {
        BlockDelete(Machine, *Place);
    }
    Block->Gone = TRUE;
    *Place = Block;
}

void ObjectsDelete(MACHINE *Machine)
{
    while (Machine->BlockCount != 0) {
        BlockDelete(Machine, Machine->Blocks[Machine->BlockCount - 1]);
    }
    PlatformFree(Machine->Blocks);
}

static POINTER_STATE StateInLink(const LINK *Link, const void *Pointer)
{
    ULONG Index;

    if (Pointer == &Link->Returned) {
        return POINTER_RETURNED;
    }
    if (Pointer == &Link->Stray) {
        return POINTER_OF_PROCESSOR;
    }
    for (Index = 0; Index < Link->ObjectCount; Index++) {
        if (Pointer == &Link->Objects[Index]) {
            return POINTER_OF_PROCESSOR;
        }
    }
    return POINTER_JUNK;
}

/* Never reads through the pointer: it may be anything. */
POINTER_STATE ObjectState(MACHINE *Machine, const void *Pointer, CONNECTION **Connection)
{
    OBJECT_BLOCK *Block = Pointer == NULL ? NULL : BlockOf(Machine, Pointer);

    if (Connection != NULL) {
        *Connection = NULL;
    }
    if (Block == NULL) {
        return POINTER_JUNK;
    }
    if (Block->Gone) {
        return POINTER_GONE;
    }
    if (Connection != NULL) {
        *Connection = Block->Link != NULL ? Block->Link->Connection : Block->Container;
    }
    if (Block->Table != NULL) {
        return Pointer == Block->Table ? POINTER_TABLE : POINTER_JUNK;
    }
    if (Block->Link != NULL) {
        return StateInLink(Block->Link, Pointer);
    }
    return Pointer == &Block->Container->Container ? POINTER_CONTAINER : POINTER_JUNK;
}

PKINTERRUPT LinkObject(LINK *Link, const PROCESSOR *Processor)
{
    KAFFINITY Below;
    ULONG Index = 0;

    if (Processor->Group != Link->Group || (Link->Mask >> Processor->Number & 1) == 0) {
        return NULL;
    }
    for (Below = Link->Mask & (((KAFFINITY)1 << Processor->Number) - 1); Below != 0; Below &= Below - 1) {
        Index++;
    }
    return &Link->Objects[Index];
}

/* ---- The lock of an interrupt ------------------------------------------------------------------------------------ */

void LinkLock(MACHINE *Machine, LINK *Link, const char *Routine)
{
    ProcessorSpinLockTaken(Machine, Link->Lock, Routine);
}

void LinkUnlock(MACHINE *Machine, LINK *Link, const char *Routine)
{
    ProcessorSpinLockReleased(Machine, Link->Lock, Routine);
}

/* The synchronisation routines take every kind of object: each knows its lock and its SynchronizeIrql. */
static LINK *LinkToLock(MACHINE *Machine, PKINTERRUPT Interrupt, const char *Routine)
{
    switch (ObjectState(Machine, Interrupt, NULL)) {
    case POINTER_RETURNED:
    case POINTER_OF_PROCESSOR:
    case POINTER_CONTAINER:
        break;
    case POINTER_GONE:
        PlatformStop(Routine, "the interrupt object was disconnected: use after free");
    case POINTER_TABLE:
        PlatformStop(Routine, "was given a message table instead of one of its interrupt objects");
    default:
        PlatformStop(Routine, Interrupt == NULL ? "the interrupt object is NULL" :
                     "the pointer is no interrupt object");
    }
    if (ProcessorIrql(Machine) > Interrupt->Link->SynchronizeIrql) {
        PlatformStop(Routine, "called at IRQL %s, above the object's SynchronizeIrql %s",
                     IrqlName(ProcessorIrql(Machine)), IrqlName(Interrupt->Link->SynchronizeIrql));
    }
    return Interrupt->Link;
}

BOOLEAN NTAPI KeSynchronizeExecution(PKINTERRUPT Interrupt, PKSYNCHRONIZE_ROUTINE SynchronizeRoutine,
                                     PVOID SynchronizeContext)
{
    const char *Name = "KeSynchronizeExecution";
    MACHINE *Machine = PlatformRoutine(Name);
    LINK *Link = LinkToLock(Machine, Interrupt, Name);
    FRAME *Frame = Machine->Top;
    KIRQL Old;
    ULONG Held;
    BOOLEAN Result;

    if (SynchronizeRoutine == NULL) {
        PlatformStop(Name, "the routine is NULL");
    }
    Old = ProcessorRaise(Machine, Link->SynchronizeIrql, Name);
    LinkLock(Machine, Link, Name);
    Held = Machine->HeldCount;
    Result = SynchronizeRoutine(SynchronizeContext);
    if (Machine->Top != Frame || Machine->HeldCount != Held) {
        PlatformStop(Name, "the routine returned with a spin lock held or released that was not its own");
    }
    if (ProcessorIrql(Machine) != Link->SynchronizeIrql) {
        PlatformStop(Name, "the routine was entered at IRQL %s and returned at %s", IrqlName(Link->SynchronizeIrql),
                     IrqlName(ProcessorIrql(Machine)));
    }
    LinkUnlock(Machine, Link, Name);
    ProcessorLower(Machine, Old, Name);

    /* The page promises TRUE on success; kernels hand on what the routine said. */
    return Machine->Mode == MODE_DOCUMENTED ? TRUE : Result;
}

KIRQL NTAPI KeAcquireInterruptSpinLock(PKINTERRUPT Interrupt)
{
    MACHINE *Machine = PlatformRoutine("KeAcquireInterruptSpinLock");
    LINK *Link = LinkToLock(Machine, Interrupt, "KeAcquireInterruptSpinLock");
    KIRQL Old = ProcessorRaise(Machine, Link->SynchronizeIrql, "KeAcquireInterruptSpinLock");

    LinkLock(Machine, Link, "KeAcquireInterruptSpinLock");
    return Old;
}

VOID NTAPI KeReleaseInterruptSpinLock(PKINTERRUPT Interrupt, KIRQL OldIrql)
{
    MACHINE *Machine = PlatformRoutine("KeReleaseInterruptSpinLock");
    LINK *Link = LinkToLock(Machine, Interrupt, "KeReleaseInterruptSpinLock");

    LinkUnlock(Machine, Link, "KeReleaseInterruptSpinLock");
    ProcessorLower(Machine, OldIrql, "KeReleaseInterruptSpinLock");
}

/* ---- Where an interrupt was connected to ------------------------------------------------------------------------- */

NTSTATUS NTAPI IoGetAffinityInterrupt(PKINTERRUPT InterruptObject, PGROUP_AFFINITY GroupAffinity)
{
    const char *Name = "IoGetAffinityInterrupt";
    MACHINE *Machine = PlatformRoutine(Name);

    KernelHas(Machine, Machine->Profile->HasGetAffinity, Name);
    if (GroupAffinity == NULL) {
        PlatformStop(Name, "there is no place for the answer");
    }
    switch (ObjectState(Machine, InterruptObject, NULL)) {
    case POINTER_RETURNED:
        break;
    case POINTER_GONE:
        PlatformStop(Name, "the interrupt object was disconnected: use after free");
    case POINTER_OF_PROCESSOR:
        PlatformStop(Name, "was given an ISR's argument, the object of one processor: Windows would read the mask "
                     "outside of its block");
    case POINTER_CONTAINER:
        PlatformStop(Name, "was given the object of a line-based connection: Windows would read the mask outside of "
                     "its block");
    case POINTER_TABLE:
        PlatformStop(Name, "was given a message table instead of one of its interrupt objects");
    default:
        /* The page lists a status for it; kernels read through the pointer. */
        if (Machine->Mode == MODE_DOCUMENTED) {
            return STATUS_INVALID_PARAMETER;
        }
        PlatformStop(Name, InterruptObject == NULL ? "the interrupt object is NULL: Windows would fault" :
                     "the pointer is no interrupt object: Windows would fault or answer garbage");
    }
    *GroupAffinity = (GROUP_AFFINITY) { 0 };
    GroupAffinity->Group = InterruptObject->Link->Group;
    GroupAffinity->Mask = InterruptObject->Link->Mask;
    return STATUS_SUCCESS;
}
