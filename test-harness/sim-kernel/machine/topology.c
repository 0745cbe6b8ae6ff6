/* Groups, processors and nodes, as the Ke routines tell them. Callable at any IRQL unless a check says otherwise. */
#include "interior.h"

static MACHINE *MachineWithGroups(const char *Routine)
{
    MACHINE *Machine = PlatformRoutine(Routine);

    KernelHas(Machine, Machine->Profile->HasGroups, Routine);
    return Machine;
}

static ULONG BitCount(KAFFINITY Mask)
{
    ULONG Count = 0;

    for (; Mask != 0; Mask &= Mask - 1) {
        Count++;
    }
    return Count;
}

USHORT NTAPI KeQueryActiveGroupCount(VOID)
{
    return MachineWithGroups("KeQueryActiveGroupCount")->Layout.Groups;
}

USHORT NTAPI KeQueryMaximumGroupCount(VOID)
{
    return MachineWithGroups("KeQueryMaximumGroupCount")->Profile->MaximumGroups;
}

ULONG NTAPI KeQueryActiveProcessorCountEx(USHORT GroupNumber)
{
    MACHINE *Machine = MachineWithGroups("KeQueryActiveProcessorCountEx");

    if (GroupNumber == ALL_PROCESSOR_GROUPS) {
        return Machine->ProcessorCount;
    }
    return GroupNumber < Machine->Layout.Groups ? BitCount(Machine->Layout.Group[GroupNumber].Active) : 0;
}

ULONG NTAPI KeQueryMaximumProcessorCountEx(USHORT GroupNumber)
{
    MACHINE *Machine = MachineWithGroups("KeQueryMaximumProcessorCountEx");
    ULONG Count = 0;
    USHORT Group;

    for (Group = 0; Group < Machine->Layout.Groups; Group++) {
        if (GroupNumber == ALL_PROCESSOR_GROUPS || GroupNumber == Group) {
            Count += Machine->Layout.Group[Group].Maximum;
        }
    }
    return Count;
}

KAFFINITY NTAPI KeQueryGroupAffinity(USHORT GroupNumber)
{
    MACHINE *Machine = MachineWithGroups("KeQueryGroupAffinity");

    return GroupNumber < Machine->Layout.Groups ? Machine->Layout.Group[GroupNumber].Active : 0;
}

ULONG NTAPI KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber)
{
    PROCESSOR *Processor = ProcessorCurrent(MachineWithGroups("KeGetCurrentProcessorNumberEx"));

    if (ProcNumber != NULL) {
        ProcessorNumber(Processor, ProcNumber);
    }
    return Processor->Index;
}

ULONG NTAPI KeGetProcessorIndexFromNumber(PPROCESSOR_NUMBER ProcNumber)
{
    MACHINE *Machine = MachineWithGroups("KeGetProcessorIndexFromNumber");
    PROCESSOR *Processor = NULL;

    if (ProcNumber != NULL && ProcNumber->Reserved == 0) {
        Processor = ProcessorByNumber(Machine, ProcNumber->Group, ProcNumber->Number);
    }
    return Processor == NULL ? INVALID_PROCESSOR_INDEX : Processor->Index;
}

NTSTATUS NTAPI KeGetProcessorNumberFromIndex(ULONG ProcIndex, PPROCESSOR_NUMBER ProcNumber)
{
    PROCESSOR *Processor = ProcessorByIndex(MachineWithGroups("KeGetProcessorNumberFromIndex"), ProcIndex);

    if (Processor == NULL || ProcNumber == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    ProcessorNumber(Processor, ProcNumber);
    return STATUS_SUCCESS;
}

/* ---- Nodes ------------------------------------------------------------------------------------------------------- */

VOID NTAPI KeQueryNodeActiveAffinity(USHORT NodeNumber, PGROUP_AFFINITY Affinity, PUSHORT Count)
{
    MACHINE *Machine = MachineWithGroups("KeQueryNodeActiveAffinity");
    GROUP_AFFINITY Answer = { 0 };

    if (NodeNumber < Machine->Layout.Nodes) {
        Answer.Group = Machine->Layout.Node[NodeNumber].Group;
        Answer.Mask = Machine->Layout.Node[NodeNumber].Mask & Machine->Layout.Group[Answer.Group].Active;
    }
    if (Affinity != NULL) {
        *Affinity = Answer;
    }
    if (Count != NULL) {
        *Count = (USHORT)BitCount(Answer.Mask);
    }
}

NTSTATUS NTAPI KeQueryNodeActiveAffinity2(USHORT NodeNumber, PGROUP_AFFINITY GroupAffinities,
                                          USHORT GroupAffinitiesCount, PUSHORT GroupAffinitiesRequired)
{
    MACHINE *Machine = MachineWithGroups("KeQueryNodeActiveAffinity2");

    if (NodeNumber >= Machine->Layout.Nodes || GroupAffinitiesRequired == NULL ||
        (GroupAffinities == NULL && GroupAffinitiesCount != 0)) {
        return STATUS_INVALID_PARAMETER;
    }
    *GroupAffinitiesRequired = 1;       /* a node of a layout lies in one group */
    if (GroupAffinitiesCount == 0) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    KeQueryNodeActiveAffinity(NodeNumber, GroupAffinities, NULL);
    return STATUS_SUCCESS;
}

USHORT NTAPI KeQueryHighestNodeNumber(VOID)
{
    MACHINE *Machine = MachineWithGroups("KeQueryHighestNodeNumber");

    return Machine->Layout.Nodes == 0 ? 0 : (USHORT)(Machine->Layout.Nodes - 1);
}

USHORT NTAPI KeGetCurrentNodeNumber(VOID)
{
    return ProcessorCurrent(MachineWithGroups("KeGetCurrentNodeNumber"))->Node;
}

/* ---- Where a thread runs ----------------------------------------------------------------------------------------- */

static BOOLEAN IsLegalAffinity(const MACHINE *Machine, const GROUP_AFFINITY *Affinity)
{
    return Affinity->Reserved[0] == 0 && Affinity->Reserved[1] == 0 && Affinity->Reserved[2] == 0 &&
        Affinity->Group < Machine->Layout.Groups &&
        (Affinity->Mask & Machine->Layout.Group[Affinity->Group].Active) != 0;
}

/* The thread that runs. In a DPC or an ISR that is whichever was interrupted: to move it is a mistake. */
static FRAME *ThreadFrame(MACHINE *Machine, const char *Routine)
{
    ProcessorNeeds(Machine, DISPATCH_LEVEL, Routine);
    if (Machine->Top == NULL || Machine->Top->Kind != FRAME_THREAD) {
        PlatformStop(Routine, "changes the affinity of whichever thread a DPC or an ISR interrupted");
    }
    return Machine->Top;
}

/* Below DISPATCH_LEVEL at once, at DISPATCH_LEVEL when the IRQL drops. */
static void MoveThread(MACHINE *Machine, FRAME *Frame)
{
    if (ProcessorIrql(Machine) < DISPATCH_LEVEL) {
        FrameMove(Machine, Frame);
        MachineDeliver(Machine);
    } else {
        Frame->MovesLater = TRUE;
    }
}

VOID NTAPI KeSetSystemGroupAffinityThread(PGROUP_AFFINITY Affinity, PGROUP_AFFINITY PreviousAffinity)
{
    MACHINE *Machine = MachineWithGroups("KeSetSystemGroupAffinityThread");
    FRAME *Frame = ThreadFrame(Machine, "KeSetSystemGroupAffinityThread");
    GROUP_AFFINITY Previous = { 0 };
    BOOLEAN Legal = Affinity != NULL && IsLegalAffinity(Machine, Affinity);

    if (Legal) {
        Previous = Frame->Affinity;
        Frame->Affinity = *Affinity;
        Frame->Affinity.Mask &= Machine->Layout.Group[Affinity->Group].Active;
    }
    if (PreviousAffinity != NULL) {
        *PreviousAffinity = Previous;
    }
    if (Legal) {
        MoveThread(Machine, Frame);
    }
}

VOID NTAPI KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY PreviousAffinity)
{
    MACHINE *Machine = MachineWithGroups("KeRevertToUserGroupAffinityThread");
    FRAME *Frame = ThreadFrame(Machine, "KeRevertToUserGroupAffinityThread");

    if (PreviousAffinity == NULL) {
        PlatformStop("KeRevertToUserGroupAffinityThread", "the previous affinity is NULL");
    }
    if (PreviousAffinity->Mask != 0 && !IsLegalAffinity(Machine, PreviousAffinity)) {
        PlatformStop("KeRevertToUserGroupAffinityThread", "was not given what KeSetSystemGroupAffinityThread returned");
    }
    Frame->Affinity = *PreviousAffinity;
    MoveThread(Machine, Frame);
}

/* ---- Before there were groups: group 0, or the nearest to it ----------------------------------------------------- */

KAFFINITY NTAPI KeQueryActiveProcessors(VOID)
{
    return PlatformRoutine("KeQueryActiveProcessors")->Layout.Group[0].Active;
}

ULONG NTAPI KeQueryActiveProcessorCount(PKAFFINITY ActiveProcessors)
{
    KAFFINITY Active = PlatformRoutine("KeQueryActiveProcessorCount")->Layout.Group[0].Active;

    if (ActiveProcessors != NULL) {
        *ActiveProcessors = Active;
    }
    return BitCount(Active);
}

/* On a processor of another group it is some number below group 0's count: the call is not for such machines. */
ULONG NTAPI KeGetCurrentProcessorNumber(VOID)
{
    MACHINE *Machine = PlatformRoutine("KeGetCurrentProcessorNumber");
    PROCESSOR *Processor = ProcessorCurrent(Machine);

    return Processor->Group == 0 ? Processor->Number : Processor->Index % BitCount(Machine->Layout.Group[0].Active);
}
