#include "driver.h"

static UCHAR MachineMaximum(_In_ const ROUTINES *Routines, USHORT Group, KAFFINITY Active)
{
    if (Routines->QueryMaximumProcessors != NULL) {
        return (UCHAR)Routines->QueryMaximumProcessors(Group);
    }
    return (UCHAR)MaskCount(Active);
}

/* Groups first, then nodes. A group that may come later (hot add) is none yet. */
_Use_decl_annotations_
NTSTATUS MachineRun(IRQSCOPE_DEVICE *Device, REQUEST *Request)
{
    const ROUTINES *Routines = &Device->Driver->Routines;
    IRQSCOPE_PAGE *Page = Request->Output;
    IRQSCOPE_MACHINE_RECORD *Records = (IRQSCOPE_MACHINE_RECORD *)(Page + 1);
    ULONG Room = (Request->OutputLength - (ULONG)sizeof(*Page)) / (ULONG)sizeof(*Records);
    ULONG Groups = RoutinesGroups(Routines);
    ULONG Nodes = Routines->QueryHighestNode != NULL ? Routines->QueryHighestNode() + 1u : 1u;
    ULONG Start = Request->Input.List.Start;
    ULONG Index;
    NTSTATUS Status = (NTSTATUS)ListCheck(&Request->Input.List, Groups + Nodes);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    RtlZeroMemory(Page, sizeof(*Page));
    Page->RecordSize = sizeof(*Records);
    Page->Total = Groups + Nodes;
    Page->Start = Start;
    Page->Count = Room < Page->Total - Start ? Room : Page->Total - Start;
    RtlZeroMemory(Records, Page->Count * sizeof(*Records));
    for (Index = 0; Index < Page->Count; Index++) {
        IRQSCOPE_MACHINE_RECORD *Record = &Records[Index];
        GROUP_AFFINITY Affinity;

        RtlZeroMemory(&Affinity, sizeof(Affinity));
        if (Start + Index < Groups) {
            Record->Kind = IRQSCOPE_MACHINE_GROUP;
            Record->Number = (USHORT)(Start + Index);
            Affinity.Group = Record->Number;
            Affinity.Mask = RoutinesGroupAffinity(Routines, Record->Number);
            Record->Maximum = MachineMaximum(Routines, Record->Number, Affinity.Mask);
        } else {
            Record->Kind = IRQSCOPE_MACHINE_NODE;
            Record->Number = (USHORT)(Start + Index - Groups);
            if (Routines->QueryNodeAffinity != NULL) {
                Routines->QueryNodeAffinity(Record->Number, &Affinity, NULL);
            } else {
                Affinity.Mask = RoutinesGroupAffinity(Routines, 0);
            }
        }
        Record->Group = Affinity.Group;
        Record->Mask = Affinity.Mask;
        Record->Active = (UCHAR)MaskCount(Affinity.Mask);
    }
    Request->Information = (ULONG)sizeof(*Page) + Page->Count * (ULONG)sizeof(*Records);
    return STATUS_SUCCESS;
}
