/*
 * Deferred procedure calls: queued on a processor, run there at DISPATCH_LEVEL, once however often they were queued.
 *
 *   free --KeInsertQueueDpc--> queued --the processor is below DISPATCH_LEVEL--> running (may be queued again)
 *                                 |--KeRemoveQueueDpc--> free
 */
#include "interior.h"

#define DPC_TYPE 0x13                   /* DpcObject */
#define NO_TARGET 0

static DPC_ENTRY *EntryOf(PKDPC Dpc)
{
    return (DPC_ENTRY *)Dpc->DpcData;
}

static void NeedsDpc(PKDPC Dpc, const char *Routine)
{
    if (Dpc == NULL || Dpc->Type != DPC_TYPE || Dpc->DeferredRoutine == NULL) {
        PlatformStop(Routine, "the DPC was not initialised with KeInitializeDpc, or was overwritten");
    }
}

static void NeedsIdle(PKDPC Dpc, const char *Routine)
{
    NeedsDpc(Dpc, Routine);
    if (EntryOf(Dpc) != NULL) {
        PlatformStop(Routine, "the DPC is queued: it must not be changed now");
    }
}

/* The list of processors is short and in the order in which they got work. */
static void ProcessorHasDpcs(MACHINE *Machine, PROCESSOR *Processor)
{
    PROCESSOR **Place = &Machine->FirstWithDpcs;

    if (Processor->HasDpcs) {
        return;
    }
    while (*Place != NULL) {
        Place = &(*Place)->NextWithDpcs;
    }
    *Place = Processor;
    Processor->NextWithDpcs = NULL;
    Processor->HasDpcs = TRUE;
}

static void ProcessorHasNoDpcs(MACHINE *Machine, PROCESSOR *Processor)
{
    PROCESSOR **Place = &Machine->FirstWithDpcs;

    while (*Place != Processor) {
        Place = &(*Place)->NextWithDpcs;
    }
    *Place = Processor->NextWithDpcs;
    Processor->NextWithDpcs = NULL;
    Processor->HasDpcs = FALSE;
}

static void EntryRemove(MACHINE *Machine, PROCESSOR *Processor, DPC_ENTRY *Entry)
{
    DPC_ENTRY **Place = &Processor->Dpcs;

    while (*Place != Entry) {
        Place = &(*Place)->Next;
    }
    *Place = Entry->Next;
    Entry->Dpc->DpcData = NULL;
    Entry->Next = Machine->FreeEntries;
    Machine->FreeEntries = Entry;
    if (Processor->Dpcs == NULL) {
        ProcessorHasNoDpcs(Machine, Processor);
    }
}

VOID NTAPI KeInitializeDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine, PVOID DeferredContext)
{
    MACHINE *Machine = PlatformRoutine("KeInitializeDpc");

    if (Dpc == NULL || DeferredRoutine == NULL) {
        PlatformStop("KeInitializeDpc", "the DPC or its routine is NULL");
    }
    if (DpcQueuedInside(Machine, Dpc, sizeof(*Dpc))) {
        PlatformStop("KeInitializeDpc", "the DPC is queued: it must not be initialised again now");
    }
    *Dpc = (KDPC) { 0 };
    Dpc->Type = DPC_TYPE;
    Dpc->Importance = MediumImportance;
    Dpc->Number = NO_TARGET;
    Dpc->DeferredRoutine = DeferredRoutine;
    Dpc->DeferredContext = DeferredContext;
}

VOID NTAPI KeSetImportanceDpc(PRKDPC Dpc, KDPC_IMPORTANCE Importance)
{
    PlatformRoutine("KeSetImportanceDpc");
    NeedsIdle(Dpc, "KeSetImportanceDpc");
    if (Importance < LowImportance || Importance > MediumHighImportance) {
        PlatformStop("KeSetImportanceDpc", "there is no importance %u", (ULONG)Importance);
    }
    Dpc->Importance = (UCHAR)Importance;
}

NTSTATUS NTAPI KeSetTargetProcessorDpcEx(PKDPC Dpc, PPROCESSOR_NUMBER ProcNumber)
{
    MACHINE *Machine = PlatformRoutine("KeSetTargetProcessorDpcEx");
    PROCESSOR *Processor;

    KernelHas(Machine, Machine->Profile->HasGroups, "KeSetTargetProcessorDpcEx");
    NeedsIdle(Dpc, "KeSetTargetProcessorDpcEx");
    Processor = ProcNumber == NULL || ProcNumber->Reserved != 0 ?
        NULL : ProcessorByNumber(Machine, ProcNumber->Group, ProcNumber->Number);
    if (Processor == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    Dpc->Number = (USHORT)(Processor->Index + 1);
    return STATUS_SUCCESS;
}

/* Before there were groups, and hidden by NT_PROCESSOR_GROUPS: the number is one of group 0. */
VOID NTAPI KeSetTargetProcessorDpc(PRKDPC Dpc, CCHAR Number)
{
    PROCESSOR *Processor = ProcessorByNumber(PlatformRoutine("KeSetTargetProcessorDpc"), 0, (UCHAR)Number);

    NeedsIdle(Dpc, "KeSetTargetProcessorDpc");
    if (Processor == NULL) {
        PlatformStop("KeSetTargetProcessorDpc", "group 0 has no processor %u", (ULONG)(UCHAR)Number);
    }
    Dpc->Number = (USHORT)(Processor->Index + 1);
}

BOOLEAN NTAPI KeInsertQueueDpc(PRKDPC Dpc, PVOID SystemArgument1, PVOID SystemArgument2)
{
    MACHINE *Machine = PlatformRoutine("KeInsertQueueDpc");
    PROCESSOR *Processor;
    DPC_ENTRY **Place;
    DPC_ENTRY *Entry;

    NeedsDpc(Dpc, "KeInsertQueueDpc");
    if (EntryOf(Dpc) != NULL) {
        return FALSE;
    }
    Processor = Dpc->Number == NO_TARGET ? ProcessorCurrent(Machine) : ProcessorByIndex(Machine, Dpc->Number - 1u);
    Entry = Machine->FreeEntries;
    if (Entry != NULL) {
        Machine->FreeEntries = Entry->Next;
    } else {
        Entry = PlatformAllocate(sizeof(*Entry));
    }
    Entry->Dpc = Dpc;
    Entry->Sequence = ++Machine->DpcSequence;
    Entry->Due = Machine->Now + TimeCost(Machine, 1000, 5000);
    if (Processor != ProcessorCurrent(Machine)) {
        Entry->Due += TimeCost(Machine, 200, 800);      /* the other one is told by an interrupt between processors */
    }

    /* High importance means the head of the queue, everything else its tail. */
    Place = &Processor->Dpcs;
    while (Dpc->Importance != HighImportance && *Place != NULL) {
        Place = &(*Place)->Next;
    }
    Entry->Next = *Place;
    *Place = Entry;
    Dpc->SystemArgument1 = SystemArgument1;
    Dpc->SystemArgument2 = SystemArgument2;
    Dpc->DpcData = Entry;
    ProcessorHasDpcs(Machine, Processor);
    return TRUE;
}

BOOLEAN NTAPI KeRemoveQueueDpc(PRKDPC Dpc)
{
    MACHINE *Machine = PlatformRoutine("KeRemoveQueueDpc");
    PROCESSOR *Processor;
    DPC_ENTRY *Entry;

    NeedsDpc(Dpc, "KeRemoveQueueDpc");
    for (Processor = Machine->FirstWithDpcs; Processor != NULL; Processor = Processor->NextWithDpcs) {
        for (Entry = Processor->Dpcs; Entry != NULL; Entry = Entry->Next) {
            if (Entry->Dpc == Dpc) {
                EntryRemove(Machine, Processor, Entry);
                return TRUE;
            }
        }
    }
    return FALSE;
}

/* ---- Running ----------------------------------------------------------------------------------------------------- */

static void EntryRun(MACHINE *Machine, PROCESSOR *Processor, DPC_ENTRY *Entry)
{
    PKDPC Dpc = Entry->Dpc;
    PKDEFERRED_ROUTINE Routine = Dpc->DeferredRoutine;
    PVOID Context = Dpc->DeferredContext;
    PVOID Argument1 = Dpc->SystemArgument1;
    PVOID Argument2 = Dpc->SystemArgument2;
    FRAME *Frame;

    /* Free before it runs: it may be queued again from now on, also by itself, and its routine may free it. */
    EntryRemove(Machine, Processor, Entry);
    Frame = FramePush(Machine, Processor, FRAME_DPC, DISPATCH_LEVEL);
    Routine(Dpc, Context, Argument1, Argument2);
    if (Machine->Top != Frame || Machine->HeldCount != 0) {
        PlatformStop("deferred procedure call", "returned with a spin lock held");
    }
    if (Frame->Processor->Irql != DISPATCH_LEVEL) {
        PlatformStop("deferred procedure call", "returned at IRQL %s", IrqlName(Frame->Processor->Irql));
    }
    FramePop(Machine, Frame);
}

static BOOLEAN MayRunDpcs(const MACHINE *Machine)
{
    /* A DPC may want a lock that the code under it holds. On hardware it would spin while the owner goes on. */
    return Machine->HeldCount == 0 && Machine->InterruptFrames == 0 && Machine->DpcFrames < DPC_DEPTH_LIMIT;
}

/* The one that is due first, among the heads of the queues of processors that are below DISPATCH_LEVEL. */
static PROCESSOR *NextToRun(MACHINE *Machine)
{
    PROCESSOR *Best = NULL;
    PROCESSOR *Processor;

    for (Processor = Machine->FirstWithDpcs; Processor != NULL; Processor = Processor->NextWithDpcs) {
        if (Processor->Irql < DISPATCH_LEVEL && (Best == NULL || Processor->Dpcs->Due < Best->Dpcs->Due)) {
            Best = Processor;
        }
    }
    return Best;
}

BOOLEAN DpcRunNext(MACHINE *Machine)
{
    PROCESSOR *Processor;

    if (Machine->FirstWithDpcs == NULL || !MayRunDpcs(Machine)) {
        return FALSE;
    }
    Processor = NextToRun(Machine);
    if (Processor == NULL) {
        return FALSE;
    }
    /* Interrupts come first: what is due on the way to this DPC runs before it. */
    if (Machine->Now < Processor->Dpcs->Due) {
        if (Machine->DpcFrames != 0) {
            return FALSE;               /* as in VectorRunNext: a DPC does not last until another is due */
        }
        TimeStep(Machine, Processor->Dpcs->Due);
        return TRUE;
    }
    EntryRun(Machine, Processor, Processor->Dpcs);
    return TRUE;
}

/* Any DPC that was queued up to this one and can run. */
static DPC_ENTRY *FindUpTo(MACHINE *Machine, ULONGLONG Last, PROCESSOR **Processor)
{
    DPC_ENTRY *Entry;

    for (*Processor = Machine->FirstWithDpcs; *Processor != NULL; *Processor = (*Processor)->NextWithDpcs) {
        for (Entry = (*Processor)->Dpcs; Entry != NULL && (*Processor)->Irql < DISPATCH_LEVEL; Entry = Entry->Next) {
            if (Entry->Sequence <= Last) {
                return Entry;
            }
        }
    }
    return NULL;
}

VOID NTAPI KeFlushQueuedDpcs(VOID)
{
    MACHINE *Machine = PlatformRoutine("KeFlushQueuedDpcs");
    ULONGLONG Last = Machine->DpcSequence;
    PROCESSOR *Processor;
    DPC_ENTRY *Entry;

    ProcessorNeeds(Machine, PASSIVE_LEVEL, "KeFlushQueuedDpcs");

    /* Those that are queued now. One that queues itself again would keep us for ever; Windows does not wait for it. */
    MachineDeliver(Machine);
    while (MayRunDpcs(Machine) && (Entry = FindUpTo(Machine, Last, &Processor)) != NULL) {
        EntryRun(Machine, Processor, Entry);
        MachineDeliver(Machine);
    }
}

BOOLEAN DpcQueuedInside(MACHINE *Machine, const void *Start, SIZE_T Size)
{
    const UCHAR *First = Start;
    PROCESSOR *Processor;
    DPC_ENTRY *Entry;

    for (Processor = Machine->FirstWithDpcs; Processor != NULL; Processor = Processor->NextWithDpcs) {
        for (Entry = Processor->Dpcs; Entry != NULL; Entry = Entry->Next) {
            if ((const UCHAR *)Entry->Dpc >= First && (const UCHAR *)Entry->Dpc < First + Size) {
                return TRUE;
            }
        }
    }
    return FALSE;
}

ULONG DpcsQueued(const MACHINE *Machine)
{
    const PROCESSOR *Processor;
    const DPC_ENTRY *Entry;
    ULONG Count = 0;

    for (Processor = Machine->FirstWithDpcs; Processor != NULL; Processor = Processor->NextWithDpcs) {
        for (Entry = Processor->Dpcs; Entry != NULL; Entry = Entry->Next) {
            Count++;
        }
    }
    return Count;
}

/* The KDPCs themselves are the driver's memory, which may be gone when a stopped machine is deleted. */
void DpcsDelete(MACHINE *Machine)
{
    DPC_ENTRY *Entry;
    ULONG Index;

    for (Index = 0; Index < Machine->ProcessorCount; Index++) {
        while ((Entry = Machine->Processors[Index].Dpcs) != NULL) {
            Machine->Processors[Index].Dpcs = Entry->Next;
            PlatformFree(Entry);
        }
    }
    Machine->FirstWithDpcs = NULL;
    while ((Entry = Machine->FreeEntries) != NULL) {
        Machine->FreeEntries = Entry->Next;
        PlatformFree(Entry);
    }
}
