#include "driver.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, ResourcesTake)
#pragma alloc_text(PAGE, ResourcesForget)
#endif

/* Each descriptor is read in place and field by field: the lists are packed to 4, so no address of a mask is
 * taken. */
static VOID ResourceRead(_In_ const CM_PARTIAL_RESOURCE_DESCRIPTOR *Raw,
                         _In_ const CM_PARTIAL_RESOURCE_DESCRIPTOR *Translated, _Out_ IRQSCOPE_RESOURCE_RECORD *Record)
{
    RtlZeroMemory(Record, sizeof(*Record));
    if ((Translated->Flags & CM_RESOURCE_INTERRUPT_LATCHED) != 0) {
        Record->Flags |= IRQSCOPE_RESOURCE_LATCHED;
    }
    if (Translated->ShareDisposition == CmResourceShareShared) {
        Record->Flags |= IRQSCOPE_RESOURCE_SHARED;
    }
    if ((Translated->Flags & CM_RESOURCE_INTERRUPT_POLICY_INCLUDED) != 0) {
        Record->Flags |= IRQSCOPE_RESOURCE_POLICY;
    }
    if ((Translated->Flags & CM_RESOURCE_INTERRUPT_MESSAGE) != 0) {
        Record->Kind = IRQSCOPE_KIND_MESSAGE;
        Record->Vector = Translated->u.MessageInterrupt.Translated.Vector;
        Record->Irql = Translated->u.MessageInterrupt.Translated.Level;
        Record->Group = Translated->u.MessageInterrupt.Translated.Group;
        Record->Mask = Translated->u.MessageInterrupt.Translated.Affinity;
        Record->RawGroup = Raw->u.MessageInterrupt.Raw.Group;
        Record->RawVector = Raw->u.MessageInterrupt.Raw.Vector;
        Record->RawLevel = Raw->u.MessageInterrupt.Raw.MessageCount != 0 ? Raw->u.MessageInterrupt.Raw.MessageCount : 1;
        Record->RawMask = Raw->u.MessageInterrupt.Raw.Affinity;
    } else {
        Record->Kind = IRQSCOPE_KIND_LINE;
        Record->Vector = Translated->u.Interrupt.Vector;
        Record->Irql = Translated->u.Interrupt.Level;
        Record->Group = Translated->u.Interrupt.Group;
        Record->Mask = Translated->u.Interrupt.Affinity;
        Record->RawGroup = Raw->u.Interrupt.Group;
        Record->RawVector = Raw->u.Interrupt.Vector;
        Record->RawLevel = Raw->u.Interrupt.Level;
        Record->RawMask = Raw->u.Interrupt.Affinity;
    }
}

/* For a START there is one full descriptor. */
static ULONG ResourcesCount(_In_opt_ PCM_RESOURCE_LIST List,
                            _Outptr_result_maybenull_ PCM_PARTIAL_RESOURCE_LIST *Partial)
{
    ULONG Interrupts = 0;
    ULONG Index;

    *Partial = NULL;
    if (List == NULL || List->Count == 0) {
        return 0;
    }
    *Partial = &List->List[0].PartialResourceList;
    for (Index = 0; Index < (*Partial)->Count; Index++) {
        if ((*Partial)->PartialDescriptors[Index].Type == CmResourceTypeInterrupt) {
            Interrupts++;
        }
    }
    return Interrupts;
}

_Use_decl_annotations_
NTSTATUS ResourcesTake(IRQSCOPE_DEVICE *Device, PCM_RESOURCE_LIST Raw, PCM_RESOURCE_LIST Translated)
{
    PCM_PARTIAL_RESOURCE_LIST RawList;
    PCM_PARTIAL_RESOURCE_LIST TranslatedList;
    IRQSCOPE_RESOURCE_RECORD *Records;
    ULONG Numbers[2] = { 0, 0 };
    ULONG Count = ResourcesCount(Translated, &TranslatedList);
    ULONG Index;
    ULONG Found = 0;

    PAGED_CODE();

    if (ResourcesCount(Raw, &RawList) != Count ||
        (Count != 0 && RawList->Count != TranslatedList->Count)) {
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    }
    if (Count == 0) {
        return STATUS_SUCCESS;
    }
    Records = MemoryAllocate(&Device->Driver->Routines, Count * sizeof(*Records), MEMORY_TAG_RESOURCES);
    if (Records == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    for (Index = 0; Index < TranslatedList->Count; Index++) {
        if (TranslatedList->PartialDescriptors[Index].Type == CmResourceTypeInterrupt) {
            IRQSCOPE_RESOURCE_RECORD *Record = &Records[Found++];

            ResourceRead(&RawList->PartialDescriptors[Index], &TranslatedList->PartialDescriptors[Index], Record);
            Record->Number = Numbers[Record->Kind == IRQSCOPE_KIND_MESSAGE]++;
        }
    }
    Device->Resources = Records;
    Device->ResourceCount = Count;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
VOID ResourcesForget(IRQSCOPE_DEVICE *Device)
{
    PAGED_CODE();

    MemoryFree(Device->Resources, MEMORY_TAG_RESOURCES);
    Device->Resources = NULL;
    Device->ResourceCount = 0;
}

_Use_decl_annotations_
ULONG ResourcesMessages(const IRQSCOPE_DEVICE *Device)
{
    ULONG Messages = 0;
    ULONG Index;

    for (Index = 0; Index < Device->ResourceCount; Index++) {
        if (Device->Resources[Index].Kind == IRQSCOPE_KIND_MESSAGE) {
            Messages += Device->Resources[Index].RawLevel;
        }
    }
    return Messages;
}

_Use_decl_annotations_
NTSTATUS ResourcesRun(IRQSCOPE_DEVICE *Device, REQUEST *Request)
{
    IRQSCOPE_RESOURCES_REPLY *Reply = Request->Output;
    ULONG Start = Request->Input.List.Start;
    ULONG Room = (Request->OutputLength - (ULONG)sizeof(*Reply)) / (ULONG)sizeof(IRQSCOPE_RESOURCE_RECORD);
    NTSTATUS Status = StateMayQuery(&Device->State);

    if (NT_SUCCESS(Status)) {
        Status = (NTSTATUS)ListCheck(&Request->Input.List, Device->ResourceCount);
    }
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    RtlZeroMemory(Reply, sizeof(*Reply));
    Reply->RecordSize = sizeof(IRQSCOPE_RESOURCE_RECORD);
    Reply->Total = Device->ResourceCount;
    Reply->Start = Start;
    Reply->Count = Room < Reply->Total - Start ? Room : Reply->Total - Start;
    Reply->Model = Device->Hardware.Model->Kind;
    Reply->DeviceFlags = StateFlags(&Device->State);
    if (Device->ConnectionCount != 0) {
        Reply->DeviceFlags |= IRQSCOPE_DEVICE_OWNED;
    }
    if (Device->Hardware.Masked) {
        Reply->DeviceFlags |= IRQSCOPE_DEVICE_MASKED;
    }
    if (Device->Hardware.Storm) {
        Reply->DeviceFlags |= IRQSCOPE_DEVICE_STORM;
    }
    Reply->Starts = Device->State.Starts;
    Reply->MessagesAsked = Device->MessagesAsked;
    if (Reply->Count != 0) {
        RtlCopyMemory(Reply + 1, Device->Resources + Start, Reply->Count * sizeof(IRQSCOPE_RESOURCE_RECORD));
    }
    Request->Information = (ULONG)sizeof(*Reply) + Reply->Count * (ULONG)sizeof(IRQSCOPE_RESOURCE_RECORD);
    return STATUS_SUCCESS;
}
