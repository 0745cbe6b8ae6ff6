/* What the bus driver asks for on behalf of a device: its registers, its messages, and its line as the alternative. */
#include "device.h"

static ULONG MessagesOffered(const DEVICE *Device, const DEVICE_POLICY *Policy)
{
    ULONG Count = Device->Messages;
    ULONG Most = MachineProfile(Device->Machine)->MaximumMessages;

    if (Policy != NULL && Policy->MessagesSupported == 0) {
        return 0;
    }
    if (Policy != NULL && Policy->HasMessageLimit && Policy->MessageLimit < Most) {
        Most = Policy->MessageLimit;
    }
    if (Count <= Most) {
        return Count;
    }
    if (!Device->Model->MessageTable) {
        while (Count > Most) {
            Count /= 2;                 /* MSI: a power of two */
        }
        return Count;
    }
    return Most;
}

static void AskRegisters(const DEVICE *Device, PIO_RESOURCE_DESCRIPTOR Descriptor)
{
    BOOLEAN Ports = Device->Model->PortBase != 0;

    Descriptor->Type = Ports ? CmResourceTypePort : CmResourceTypeMemory;
    Descriptor->ShareDisposition = CmResourceShareDeviceExclusive;
    Descriptor->Flags = Ports ? CM_RESOURCE_PORT_IO | CM_RESOURCE_PORT_16_BIT_DECODE : CM_RESOURCE_MEMORY_READ_WRITE;
    Descriptor->u.Generic.Length = Device->Model->Length;
    Descriptor->u.Generic.Alignment = Device->Model->Length;
    Descriptor->u.Generic.MinimumAddress.QuadPart = (LONGLONG)Device->Base;
    Descriptor->u.Generic.MaximumAddress.QuadPart = (LONGLONG)Device->Base + Device->Model->Length - 1;
}

static void AskInterrupt(PIO_RESOURCE_DESCRIPTOR Descriptor, USHORT Flags, UCHAR Share, ULONG Minimum, ULONG Maximum)
{
    Descriptor->Type = CmResourceTypeInterrupt;
    Descriptor->ShareDisposition = Share;
    Descriptor->Flags = Flags;
    Descriptor->u.Interrupt.MinimumVector = Minimum;
    Descriptor->u.Interrupt.MaximumVector = Maximum;
}

PIO_RESOURCE_REQUIREMENTS_LIST DeviceRequirements(DEVICE *Device, const DEVICE_POLICY *Policy)
{
    ULONG Messages = MessagesOffered(Device, Policy);
    ULONG Tables = Device->Model->MessageTable ? Messages : (Messages != 0 ? 1u : 0u);
    ULONG Registers = Device->Model->Length != 0 ? 1u : 0u;
    ULONG Lines = Device->Line != 0 ? 1u : 0u;
    ULONG Count = Registers + Tables + Lines;
    SIZE_T Size = sizeof(IO_RESOURCE_REQUIREMENTS_LIST) + (Count - 1) * sizeof(IO_RESOURCE_DESCRIPTOR);
    PIO_RESOURCE_REQUIREMENTS_LIST List;
    PIO_RESOURCE_DESCRIPTOR Next;

    if (Count == 0) {
        return NULL;
    }
    List = PlatformAllocate(Size);
    List->ListSize = (ULONG)Size;
    List->InterfaceType = Device->Model->Pci ? PCIBus : Isa;
    List->SlotNumber = Device->Model->Pci ? Device->Index + 2 : 0;
    List->AlternativeLists = 1;
    List->List[0].Version = 1;
    List->List[0].Revision = 1;
    List->List[0].Count = Count;
    Next = List->List[0].Descriptors;
    if (Registers != 0) {
        AskRegisters(Device, Next++);
    }
    for (ULONG Table = 0; Table < Tables; Table++) {
        ULONG Behind = Device->Model->MessageTable ? 1 : Messages;

        AskInterrupt(Next++, CM_RESOURCE_INTERRUPT_MESSAGE | CM_RESOURCE_INTERRUPT_LATCHED,
                     CmResourceShareDeviceExclusive, CM_RESOURCE_INTERRUPT_MESSAGE_TOKEN - Behind + 1,
                     CM_RESOURCE_INTERRUPT_MESSAGE_TOKEN);
    }
    if (Lines != 0) {
        AskInterrupt(Next, Device->Model->Pci ? CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE : CM_RESOURCE_INTERRUPT_LATCHED,
                     Device->Model->Pci ? CmResourceShareShared : CmResourceShareDeviceExclusive, Device->Line,
                     Device->Line);
        Next->Option = Messages != 0 ? IO_RESOURCE_ALTERNATIVE : 0;
    }
    return List;
}

