/*
 * The arbiter: reads what is required after the driver's filter, takes vectors for it, and writes the lists that START
 * carries. A device gets all its messages, or exactly one, or its line. A line is one vector for all its devices.
 */
#include "assign.h"

/* ---- Interrupts ------------------------------------------------------------------------------------------------- */

static void KeepInterrupt(DEVICE *Device, VECTOR *Vector, BOOLEAN Message, KINTERRUPT_MODE Mode, USHORT Group,
                          KAFFINITY Mask)
{
    ASSIGNED_INTERRUPT *Assigned = &Device->Assigned[Device->AssignedCount++];

    Assigned->Message = Message;
    Assigned->Vector = Vector;
    Assigned->Number = VectorNumber(Vector);
    Assigned->Irql = VectorIrql(Vector);
    Assigned->Mode = Mode;
    Assigned->Group = Group;
    Assigned->Mask = Mask;
}

static BOOLEAN AssignLine(DEVICE *Device, const WISH *Wish)
{
    LINE *Line = &MachineBus(Device->Machine)->Line[Device->Line];
    KINTERRUPT_MODE Mode = Device->Model->Pci ? LevelSensitive : Latched;

    if (Line->Holders == 0) {
        PlaceChoose(Device, Wish, FALSE, 0, &Line->Group, &Line->Mask);
        Line->Vector = PlaceVector(Device, Wish, Line->Group, Line->Mask, Mode, Device->Model->Pci);
        if (Line->Vector == NULL) {
            return FALSE;
        }
    }
    Line->Holders++;
    KeepInterrupt(Device, Line->Vector, FALSE, Mode, Line->Group, Line->Mask);
    return TRUE;
}

static void ReleaseInterrupts(DEVICE *Device)
{
    for (ULONG Index = 0; Index < Device->AssignedCount; Index++) {
        ASSIGNED_INTERRUPT *Assigned = &Device->Assigned[Index];
        LINE *Line = &MachineBus(Device->Machine)->Line[Device->Line];

        if (Assigned->Message) {
            VectorDelete(Assigned->Vector);
        } else if (--Line->Holders == 0) {
            VectorDelete(Line->Vector);
            Line->Vector = NULL;
        }
    }
    Device->AssignedCount = 0;
}

static BOOLEAN AssignMessage(DEVICE *Device, const WISH *Wish)
{
    USHORT Group;
    KAFFINITY Mask;
    VECTOR *Vector;

    PlaceChoose(Device, Wish, TRUE, Device->AssignedCount, &Group, &Mask);
    Vector = PlaceVector(Device, Wish, Group, Mask, Latched, FALSE);
    if (Vector == NULL) {
        return FALSE;
    }
    KeepInterrupt(Device, Vector, TRUE, Latched, Group, Mask);
    return TRUE;
}

/* ---- The lists ------------------------------------------------------------------------------------------------- */

typedef struct LISTS {
    PCM_PARTIAL_RESOURCE_LIST Raw, Translated;
} LISTS;

static PCM_RESOURCE_LIST CreateList(const DEVICE *Device, ULONG Room, PCM_PARTIAL_RESOURCE_LIST *Partial)
{
    PCM_RESOURCE_LIST List = PlatformAllocate(sizeof(*List) + Room * sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR));

    List->Count = 1;
    List->List[0].InterfaceType = Device->Model->Pci ? PCIBus : Isa;
    *Partial = &List->List[0].PartialResourceList;
    (*Partial)->Version = 1;
    (*Partial)->Revision = 1;
    return List;
}

static void TellRegisters(LISTS *Lists, const IO_RESOURCE_DESCRIPTOR *Descriptor)
{
    CM_PARTIAL_RESOURCE_DESCRIPTOR Given;

    RtlZeroMemory(&Given, sizeof(Given));
    Given.Type = Descriptor->Type;
    Given.ShareDisposition = Descriptor->ShareDisposition;
    Given.Flags = Descriptor->Flags;
    Given.u.Generic.Start = Descriptor->u.Generic.MinimumAddress;
    Given.u.Generic.Length = Descriptor->u.Generic.Length;
    Lists->Raw->PartialDescriptors[Lists->Raw->Count++] = Given;
    Lists->Translated->PartialDescriptors[Lists->Translated->Count++] = Given;
}

/* Behind: messages that this one descriptor stands for, which is more than one only with MSI. */
static void TellInterrupt(const DEVICE *Device, LISTS *Lists, const ASSIGNED_INTERRUPT *Assigned, USHORT Policy,
                          ULONG Behind)
{
    CM_PARTIAL_RESOURCE_DESCRIPTOR Raw;
    CM_PARTIAL_RESOURCE_DESCRIPTOR Translated;

    RtlZeroMemory(&Raw, sizeof(Raw));
    Raw.Type = CmResourceTypeInterrupt;
    Raw.ShareDisposition =
        !Assigned->Message && Device->Model->Pci ? CmResourceShareShared : CmResourceShareDeviceExclusive;
    Raw.Flags = Policy;
    Raw.Flags |= Assigned->Mode == Latched ? CM_RESOURCE_INTERRUPT_LATCHED : CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE;
    Raw.Flags |= Assigned->Message ? CM_RESOURCE_INTERRUPT_MESSAGE : 0;
    Translated = Raw;
    if (Assigned->Message) {
        Raw.u.MessageInterrupt.Raw.Group = Assigned->Group;
        Raw.u.MessageInterrupt.Raw.MessageCount = (USHORT)Behind;
        Raw.u.MessageInterrupt.Raw.Vector = CM_RESOURCE_INTERRUPT_MESSAGE_TOKEN;
        Raw.u.MessageInterrupt.Raw.Affinity = Assigned->Mask;
        Translated.u.MessageInterrupt.Translated.Level = Assigned->Irql;
        Translated.u.MessageInterrupt.Translated.Group = Assigned->Group;
        Translated.u.MessageInterrupt.Translated.Vector = Assigned->Number;
        Translated.u.MessageInterrupt.Translated.Affinity = Assigned->Mask;
    } else {
        Raw.u.Interrupt.Level = Device->Line;
        Raw.u.Interrupt.Group = Assigned->Group;
        Raw.u.Interrupt.Vector = Device->Line;
        Raw.u.Interrupt.Affinity = Assigned->Mask;
        Translated.u.Interrupt.Level = Assigned->Irql;
        Translated.u.Interrupt.Group = Assigned->Group;
        Translated.u.Interrupt.Vector = Assigned->Number;
        Translated.u.Interrupt.Affinity = Assigned->Mask;
    }
    Lists->Raw->PartialDescriptors[Lists->Raw->Count++] = Raw;
    Lists->Translated->PartialDescriptors[Lists->Translated->Count++] = Translated;
}

/* ---- The whole ------------------------------------------------------------------------------------------------- */

typedef struct ASKED {
    const IO_RESOURCE_DESCRIPTOR *Line;
    const IO_RESOURCE_DESCRIPTOR *Message[DEVICE_MAXIMUM_MESSAGES];     /* the one behind each message */
    ULONG Messages;
    BOOLEAN TooMany;
} ASKED;

static void ReadRequirements(const IO_RESOURCE_LIST *List, ASKED *Asked)
{
    RtlZeroMemory(Asked, sizeof(*Asked));
    for (ULONG Index = 0; Index < List->Count; Index++) {
        const IO_RESOURCE_DESCRIPTOR *Descriptor = &List->Descriptors[Index];
        ULONG Behind;

        if (Descriptor->Type != CmResourceTypeInterrupt) {
            continue;
        }
        if ((Descriptor->Flags & CM_RESOURCE_INTERRUPT_MESSAGE) == 0) {
            Asked->Line = Descriptor;
            continue;
        }
        Behind = Descriptor->u.Interrupt.MaximumVector - Descriptor->u.Interrupt.MinimumVector + 1;
        for (ULONG Message = 0; Message < Behind; Message++) {
            if (Asked->Messages == DEVICE_MAXIMUM_MESSAGES) {
                Asked->TooMany = TRUE;
                break;
            }
            Asked->Message[Asked->Messages++] = Descriptor;
        }
    }
}

static BOOLEAN AssignMessages(DEVICE *Device, const ASKED *Asked, ULONG Count, const DEVICE_POLICY *Policy)
{
    for (ULONG Message = 0; Message < Count; Message++) {
        WISH Wish;

        WishRead(Asked->Message[Message], Policy, &Wish);
        if (!AssignMessage(Device, &Wish)) {
            ReleaseInterrupts(Device);
            return FALSE;
        }
    }
    return Count != 0;
}

/* All messages, or exactly one, or the line. */
static BOOLEAN AssignInterrupts(DEVICE *Device, const ASKED *Asked, const DEVICE_POLICY *Policy)
{
    ULONG Granted = Asked->Messages;
    ULONG Most = MachineProfile(Device->Machine)->MaximumMessages;

    if (Granted > Device->Messages || Granted > Most || Asked->TooMany) {
        Granted = Most != 0 && Device->Messages != 0 ? 1 : 0;
    }
    if (Granted != 0 && FaultHappens(Device->Machine, FAULT_FALL_BACK, Device)) {
        ULONG Few = (ULONG)MachineFaults(Device->Machine)[FAULT_FALL_BACK].Messages;

        Granted = Asked->Line == NULL || Few != 0 ? 1 : 0;
    }
    if (Granted != 0 &&
        (AssignMessages(Device, Asked, Granted, Policy) || AssignMessages(Device, Asked, 1, Policy))) {
        return TRUE;
    }
    if (Asked->Line != NULL) {
        WISH Wish;

        WishRead(Asked->Line, Policy, &Wish);
        return AssignLine(Device, &Wish);
    }
    return Asked->Messages == 0;
}

static void TellAll(const DEVICE *Device, const IO_RESOURCE_LIST *List, const ASKED *Asked, LISTS *Lists)
{
    for (ULONG Index = 0; Index < List->Count; Index++) {
        UCHAR Type = List->Descriptors[Index].Type;

        if (Type == CmResourceTypeMemory || Type == CmResourceTypePort) {
            TellRegisters(Lists, &List->Descriptors[Index]);
        }
    }
    for (ULONG Index = 0; Index < Device->AssignedCount; Index++) {
        const IO_RESOURCE_DESCRIPTOR *Behind = Device->Assigned[Index].Message ? Asked->Message[Index] : Asked->Line;
        ULONG Count = Device->Model->MessageTable ? 1 : Device->AssignedCount;

        if (Index == 0 || Device->Model->MessageTable) {
            TellInterrupt(Device, Lists, &Device->Assigned[Index],
                          Behind->Flags & CM_RESOURCE_INTERRUPT_POLICY_INCLUDED, Count);
        }
    }
}

NTSTATUS DeviceAssign(DEVICE *Device, PIO_RESOURCE_REQUIREMENTS_LIST Requirements, const DEVICE_POLICY *Policy,
                      PCM_RESOURCE_LIST *Raw, PCM_RESOURCE_LIST *Translated)
{
    LISTS Lists;
    ASKED Asked;

    *Raw = NULL;
    *Translated = NULL;
    if (Device->Enabled) {
        PlatformStop("DeviceAssign", "%s has its resources already", Device->Name);
    }
    if (Requirements != NULL) {
        ReadRequirements(&Requirements->List[0], &Asked);
        if (!AssignInterrupts(Device, &Asked, Policy)) {
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        *Raw = CreateList(Device, Requirements->List[0].Count, &Lists.Raw);
        *Translated = CreateList(Device, Requirements->List[0].Count, &Lists.Translated);
        TellAll(Device, &Requirements->List[0], &Asked, &Lists);
    }
    Device->Elsewhere = FALSE;
    if (Device->AssignedCount != 0) {
        Device->LastGroup = Device->Assigned[0].Group;
        Device->LastMask = Device->Assigned[0].Mask;
    }
    DeviceEnable(Device);
    return STATUS_SUCCESS;
}

void DeviceUnassign(DEVICE *Device)
{
    if (Device->Asserted && Device->Assigned[0].Mode == LevelSensitive) {
        VectorDeassert(Device->Assigned[0].Vector);
    }
    Device->Asserted = FALSE;
    DeviceQuiet(Device);
    ReleaseInterrupts(Device);
    DeviceDisable(Device);
}

void DeviceElsewhere(DEVICE *Device)
{
    Device->Elsewhere = TRUE;
}

ULONG DeviceSharers(const DEVICE *Device, DEVICE **List, ULONG Room)
{
    BUS *Bus = MachineBus(Device->Machine);
    ULONG Count = 0;

    for (ULONG Index = 0; Index < Bus->Devices; Index++) {
        DEVICE *Other = Bus->Device[Index];

        if (Other != Device && Device->Line != 0 && Other->Line == Device->Line && Other->AssignedCount != 0 &&
            !Other->Assigned[0].Message) {
            if (Count < Room) {
                List[Count] = Other;
            }
            Count++;
        }
    }
    return Count;
}
