/*
 * IRP_MN_FILTER_RESOURCE_REQUIREMENTS: before the PnP manager chooses interrupts, the device's own wishes are put over
 * what the bus asked for. They are values of "Device Parameters\Irqscope":
 *   Policy      REG_DWORD  IRQ_DEVICE_POLICY; without it nothing is changed
 *   Priority    REG_DWORD  IRQ_PRIORITY
 *   Group       REG_DWORD  with policy 4, the specified processors
 *   Processors  REG_QWORD  the same
 */
#include "driver.h"

#define FILTER_KEY L"Irqscope"
#define FILTER_HIGHEST_POLICY 5u   /* 6 is the system's own */
#define FILTER_SPECIFIED 4u        /* IrqPolicySpecifiedProcessors */
#define FILTER_HIGHEST_PRIORITY 3u

typedef struct FILTER_WISH {
    BOOLEAN Given;
    BOOLEAN PriorityGiven;
    USHORT Policy;
    USHORT Group;
    ULONG Priority;
    KAFFINITY Processors;
} FILTER_WISH;

_IRQL_requires_max_(PASSIVE_LEVEL)
static VOID FilterReadWish(_In_ IRQSCOPE_DEVICE *Device, _Out_ FILTER_WISH *Wish);

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, FilterReadValue)
#pragma alloc_text(PAGE, FilterOpenSettings)
#pragma alloc_text(PAGE, FilterReadWish)
#pragma alloc_text(PAGE, FilterRequirements)
#endif

_Use_decl_annotations_
BOOLEAN FilterReadValue(HANDLE Key, PCWSTR Name, ULONGLONG *Value)
{
    union {
        KEY_VALUE_PARTIAL_INFORMATION Information;
        UCHAR Room[sizeof(KEY_VALUE_PARTIAL_INFORMATION) + sizeof(ULONGLONG)];
    } Buffer;
    UNICODE_STRING String;
    ULONG Length;

    PAGED_CODE();

    RtlInitUnicodeString(&String, Name);
    if (!NT_SUCCESS(ZwQueryValueKey(Key, &String, KeyValuePartialInformation, &Buffer, sizeof(Buffer), &Length))) {
        return FALSE;
    }
    if (Buffer.Information.Type == REG_DWORD && Buffer.Information.DataLength == sizeof(ULONG)) {
        ULONG Number;

        RtlCopyMemory(&Number, Buffer.Information.Data, sizeof(Number));
        *Value = Number;
        return TRUE;
    }
    if (Buffer.Information.Type == REG_QWORD && Buffer.Information.DataLength == sizeof(ULONGLONG)) {
        RtlCopyMemory(Value, Buffer.Information.Data, sizeof(*Value));
        return TRUE;
    }
    return FALSE;
}

_Use_decl_annotations_
NTSTATUS FilterOpenSettings(IRQSCOPE_DEVICE *Device, PHANDLE Key)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    HANDLE Parameters;
    NTSTATUS Status;

    PAGED_CODE();

    Status = IoOpenDeviceRegistryKey(Device->Pdo, PLUGPLAY_REGKEY_DEVICE, KEY_READ, &Parameters);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    RtlInitUnicodeString(&Name, FILTER_KEY);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, Parameters, NULL);
    Status = ZwOpenKey(Key, KEY_READ, &Attributes);
    (VOID)ZwClose(Parameters);
    return Status;
}

/* A wish that makes no sense is none: the device then gets what its bus and the machine's own settings say. */
_Use_decl_annotations_
static VOID FilterReadWish(IRQSCOPE_DEVICE *Device, FILTER_WISH *Wish)
{
    ULONGLONG Policy;
    ULONGLONG Value;
    HANDLE Key;

    PAGED_CODE();

    RtlZeroMemory(Wish, sizeof(*Wish));
    if (!NT_SUCCESS(FilterOpenSettings(Device, &Key))) {
        return;
    }
    if (FilterReadValue(Key, L"Policy", &Policy) && Policy <= FILTER_HIGHEST_POLICY) {
        Wish->Policy = (USHORT)Policy;
        Wish->Given = TRUE;
        if (FilterReadValue(Key, L"Priority", &Value) && Value <= FILTER_HIGHEST_PRIORITY) {
            Wish->Priority = (ULONG)Value;
            Wish->PriorityGiven = TRUE;
        }
        /* With every other policy "all groups" says that this driver knows of groups and takes any of them. */
        Wish->Group = ALL_PROCESSOR_GROUPS;
        if (Policy == FILTER_SPECIFIED) {
            Wish->Group = 0;
            if (FilterReadValue(Key, L"Group", &Value) && Value < ALL_PROCESSOR_GROUPS) {
                Wish->Group = (USHORT)Value;
            }
            if (FilterReadValue(Key, L"Processors", &Value)) {
                Wish->Processors = (KAFFINITY)Value;
            }
            Wish->Given = Wish->Processors != 0;
        }
    }
    (VOID)ZwClose(Key);
}

static ULONG FilterCountMessages(_In_ const IO_RESOURCE_LIST *List)
{
    ULONG Messages = 0;
    ULONG Index;

    for (Index = 0; Index < List->Count; Index++) {
        const IO_RESOURCE_DESCRIPTOR *Descriptor = &List->Descriptors[Index];
        const INTERRUPT_REQUIREMENT *Requirement = (const INTERRUPT_REQUIREMENT *)(const VOID *)&Descriptor->u;

        if (Descriptor->Type == CmResourceTypeInterrupt && (Descriptor->Flags & CM_RESOURCE_INTERRUPT_MESSAGE) != 0 &&
            (Descriptor->Option & IO_RESOURCE_ALTERNATIVE) == 0) {
            /* MSI: one descriptor whose range is as long as the messages are many; MSI-X: one descriptor each. */
            Messages += Requirement->MaximumVector - Requirement->MinimumVector + 1;
        }
    }
    return Messages;
}

static VOID FilterApply(_In_ const FILTER_WISH *Wish, _Inout_ PIO_RESOURCE_LIST List)
{
    ULONG Index;

    for (Index = 0; Index < List->Count; Index++) {
        PIO_RESOURCE_DESCRIPTOR Descriptor = &List->Descriptors[Index];
        INTERRUPT_REQUIREMENT *Requirement = (INTERRUPT_REQUIREMENT *)(PVOID)&Descriptor->u;

        if (Descriptor->Type == CmResourceTypeInterrupt) {
            Descriptor->Flags |= CM_RESOURCE_INTERRUPT_POLICY_INCLUDED;
            Requirement->AffinityPolicy = Wish->Policy;
            Requirement->Group = Wish->Group;
            Requirement->TargetedProcessors = Wish->Processors;
            if (Wish->PriorityGiven) {
                Requirement->PriorityPolicy = Wish->Priority;
            }
        }
    }
}

/* The lists follow each other, each as long as its own count says. */
static PIO_RESOURCE_LIST FilterNextList(_In_ PIO_RESOURCE_LIST List)
{
    return (PIO_RESOURCE_LIST)(PVOID)&List->Descriptors[List->Count];
}

_Use_decl_annotations_
NTSTATUS FilterRequirements(IRQSCOPE_DEVICE *Device, PIRP Irp, NTSTATUS Status)
{
    PIO_RESOURCE_REQUIREMENTS_LIST Given =
        IoGetCurrentIrpStackLocation(Irp)->Parameters.FilterResourceRequirements.IoResourceRequirementList;
    PIO_RESOURCE_REQUIREMENTS_LIST Requirements = (PIO_RESOURCE_REQUIREMENTS_LIST)Irp->IoStatus.Information;
    PIO_RESOURCE_LIST List;
    FILTER_WISH Wish;
    ULONG Index;

    PAGED_CODE();

    /* "Not supported" is what the IRP carries when nobody below cared: the list is then the one it came with. */
    if (!NT_SUCCESS(Status) && Status != STATUS_NOT_SUPPORTED) {
        return Status;
    }
    if (Requirements == NULL) {
        Requirements = Given;
    }
    Device->MessagesAsked = 0;
    if (Requirements == NULL || Requirements->AlternativeLists == 0) {
        return Status;
    }
    FilterReadWish(Device, &Wish);
    if (Wish.Given && Requirements == Given && Irp->IoStatus.Information == 0) {
        /* The list still belongs to the sender; what is handed back in Information must be one of our own, from paged
         * pool, which the PnP manager frees. */
        Requirements = MemoryAllocatePaged(&Device->Driver->Routines, Given->ListSize, MEMORY_TAG_FILTER);
        if (Requirements == NULL) {
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        RtlCopyMemory(Requirements, Given, Given->ListSize);
        Irp->IoStatus.Information = (ULONG_PTR)Requirements;
    }
    List = &Requirements->List[0];
    for (Index = 0; Index < Requirements->AlternativeLists; Index++) {
        ULONG Messages = FilterCountMessages(List);

        if (Messages > Device->MessagesAsked) {
            Device->MessagesAsked = Messages;
        }
        if (Wish.Given) {
            FilterApply(&Wish, List); /* the size stays, so the list may be changed in place */
        }
        List = FilterNextList(List);
    }
    return Wish.Given ? STATUS_SUCCESS : Status;
}
