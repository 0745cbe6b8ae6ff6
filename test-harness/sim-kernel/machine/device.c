/*
 * A device: its identity, its power, and the way of its interrupts to a vector.
 *
 *     absent <--DeviceVanish-- present, D0 --DevicePower(off)--> present, D3
 *        \----DeviceReturn------>  ^  <--------DevicePower(on)------/
 *
 * In D3 and when absent its registers read all-ones and nothing comes from it. Coming back to D0 resets the model.
 */
#include "device.h"

static const DEVICE_MODEL *const Models[] = {
    &EduModel, &Nic82574Model, &NicIgbModel, &UartModel, &NoneModel, &RootModel,
};

ULONG MachineDevices(const MACHINE *Machine)
{
    return MachineLayout(Machine)->Devices;
}

DEVICE *MachineDevice(MACHINE *Machine, ULONG Index)
{
    BUS *Bus = MachineBus(Machine);

    return Index < Bus->Devices ? Bus->Device[Index] : NULL;
}

DEVICE *MachineDeviceByName(MACHINE *Machine, const char *Name)
{
    BUS *Bus = MachineBus(Machine);

    for (ULONG Index = 0; Index < Bus->Devices; Index++) {
        if (TextEqual(Bus->Device[Index]->Name, Name)) {
            return Bus->Device[Index];
        }
    }
    return NULL;
}

const char *DeviceName(const DEVICE *Device)
{
    return Device->Name;
}

const char *DeviceDescription(const DEVICE *Device)
{
    return Device->Model->Description;
}

const char *DeviceInstance(const DEVICE *Device)
{
    return Device->Instance;
}

const char *DeviceHardwareIds(const DEVICE *Device)
{
    return Device->HardwareIds;
}

BOOLEAN DeviceIsPci(const DEVICE *Device)
{
    return Device->Model->Pci;
}

BOOLEAN DevicePresent(const DEVICE *Device)
{
    return Device->Present;
}

void DeviceSetPdo(DEVICE *Device, PDEVICE_OBJECT Pdo)
{
    Device->Pdo = Pdo;
}

DEVICE *DeviceOfPdo(MACHINE *Machine, PDEVICE_OBJECT Pdo)
{
    BUS *Bus = MachineBus(Machine);

    for (ULONG Index = 0; Pdo != NULL && Index < Bus->Devices; Index++) {
        if (Bus->Device[Index]->Pdo == Pdo) {
            return Bus->Device[Index];
        }
    }
    return NULL;
}

ULONG DeviceAssigned(const DEVICE *Device, const ASSIGNED_INTERRUPT **List)
{
    *List = Device->Assigned;
    return Device->AssignedCount;
}

/* ---- As the bus driver starts and stops it --------------------------------------------------------------------- */

void DeviceEnable(DEVICE *Device)
{
    Device->Enabled = TRUE;
    if (Device->Model->Pci) {
        DeviceConfigSetWord(Device, PCI_COMMAND_OFFSET, DeviceConfigWord(Device, PCI_COMMAND_OFFSET) |
                            PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
        DeviceConfigMessages(Device);
    }
    DeviceUpdateLine(Device);
    if (Device->Powered && Device->Present) {
        Device->Model->Settle(Device);
    }
}

void DeviceDisable(DEVICE *Device)
{
    Device->Enabled = FALSE;
    if (Device->Model->Pci) {
        DeviceConfigSetWord(Device, PCI_COMMAND_OFFSET, DeviceConfigWord(Device, PCI_COMMAND_OFFSET) &
                            (USHORT)~(PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER));
        DeviceConfigMessages(Device);
    }
}

/* ---- Events ---------------------------------------------------------------------------------------------------- */

void DeviceCancel(DEVICE_EVENT *Event)
{
    if (Event->Event.Queued) {
        MachineUnschedule(Event->Device->Machine, &Event->Event);
    }
}

void DeviceStart(DEVICE_EVENT *Event, ULONGLONG Delay)
{
    DeviceCancel(Event);
    MachineSchedule(Event->Device->Machine, &Event->Event, Delay);
}

/* ---- Interrupts ------------------------------------------------------------------------------------------------ */

BOOLEAN DeviceUsesMessages(const DEVICE *Device)
{
    return Device->AssignedCount != 0 && Device->Assigned[0].Message;
}

void DeviceUpdateLine(DEVICE *Device)
{
    BOOLEAN Wanted = Device->Pin && Device->Present && Device->Powered && Device->AssignedCount != 0 &&
                     !DeviceUsesMessages(Device);

    if (Device->Model->Pci && (DeviceConfigWord(Device, PCI_COMMAND_OFFSET) & PCI_COMMAND_NO_LINE) != 0) {
        Wanted = FALSE;
    }
    if (Wanted == Device->Asserted) {
        return;
    }
    Device->Asserted = Wanted;
    if (Device->Assigned[0].Mode == Latched) {
        if (Wanted) {
            VectorSend(Device->Assigned[0].Vector);
        }
    } else if (Wanted) {
        VectorAssert(Device->Assigned[0].Vector);
    } else {
        VectorDeassert(Device->Assigned[0].Vector);
    }
}

void DeviceLine(DEVICE *Device, BOOLEAN High)
{
    Device->Pin = High;
    DeviceUpdateLine(Device);
}

/* A message would reach the bus now. */
static BOOLEAN DeviceCanSend(const DEVICE *Device)
{
    return Device->Present && Device->Powered && DeviceUsesMessages(Device) &&
           (DeviceConfigWord(Device, PCI_COMMAND_OFFSET) & PCI_COMMAND_MASTER) != 0;
}

void DeviceMessage(DEVICE *Device, ULONG Message)
{
    if (!DeviceCanSend(Device)) {
        return;
    }
    /* A function with fewer MSI messages than it offers drops the high bits of the number; an entry of an MSI-X
     * table that was not assigned stays masked. */
    if (!Device->Model->MessageTable) {
        Message %= Device->AssignedCount;
    }
    if (Message < Device->AssignedCount) {
        VectorSend(Device->Assigned[Message].Vector);
    }
}

/* ---- Presence and power ---------------------------------------------------------------------------------------- */

void DeviceQuiet(DEVICE *Device)
{
    DeviceMasked(Device);
    DeviceCancel(&Device->Late);
    DeviceCancel(&Device->Extra);
}

void DeviceReset(DEVICE *Device)
{
    DeviceQuiet(Device);
    Device->Model->Reset(Device);
    DeviceUpdateLine(Device);
}

void DeviceVanish(DEVICE *Device)
{
    DeviceReset(Device);
    DeviceLoad(Device, 0);
    Device->Present = FALSE;
    DeviceUpdateLine(Device);
}

void DeviceReturn(DEVICE *Device)
{
    Device->Present = TRUE;
    Device->Powered = TRUE;
    Device->Gone = FALSE;
    DeviceReset(Device);
}

void DevicePower(DEVICE *Device, BOOLEAN On)
{
    if (On == Device->Powered) {
        return;
    }
    DeviceReset(Device);
    Device->Powered = On;
    if (Device->Model->Pci) {
        DeviceConfigPower(Device, On ? 0 : 3);
    }
    DeviceUpdateLine(Device);
    if (On) {
        Device->Model->Settle(Device);
    }
}

/* ---- Making and deleting --------------------------------------------------------------------------------------- */

static void NameDevice(DEVICE *Device, ULONG Number)
{
    const DEVICE_MODEL *Model = Device->Model;
    size_t Used = 0;

    if (!Model->Pci) {
        PlatformFormat(Device->Instance, sizeof(Device->Instance), Model->InstanceForm, Number);
        for (const char *Id = Model->HardwareIds; *Id != 0; Id += TextLength(Id) + 1) {
            TextCopy(Device->HardwareIds + Used, sizeof(Device->HardwareIds) - Used - 1, Id);
            Used += TextLength(Id) + 1;
        }
        return;
    }
    PlatformFormat(Device->Instance, sizeof(Device->Instance),
                   "PCI\\VEN_%04X&DEV_%04X&SUBSYS_%04X%04X&REV_%02X\\3&11583659&0&%02X", Model->VendorId,
                   Model->DeviceId, Model->SubsystemId, Model->SubsystemVendor, Model->Revision,
                   (Device->Index + 2) << 3);
    PlatformFormat(Device->HardwareIds, sizeof(Device->HardwareIds), "PCI\\VEN_%04X&DEV_%04X&SUBSYS_%04X%04X&REV_%02X",
                   Model->VendorId, Model->DeviceId, Model->SubsystemId, Model->SubsystemVendor, Model->Revision);
    Used = TextLength(Device->HardwareIds) + 1;
    PlatformFormat(Device->HardwareIds + Used, sizeof(Device->HardwareIds) - Used - 1,
                   "PCI\\VEN_%04X&DEV_%04X&REV_%02X", Model->VendorId, Model->DeviceId, Model->Revision);
    Used += TextLength(Device->HardwareIds + Used) + 1;
    PlatformFormat(Device->HardwareIds + Used, sizeof(Device->HardwareIds) - Used - 1, "PCI\\VEN_%04X&DEV_%04X",
                   Model->VendorId, Model->DeviceId);
}

static void PrepareEvent(DEVICE_EVENT *Event, DEVICE *Device)
{
    Event->Device = Device;
}

static DEVICE *CreateDevice(MACHINE *Machine, const MACHINE_LAYOUT *Layout, ULONG Index, ULONGLONG Base)
{
    DEVICE *Device = PlatformAllocate(sizeof(*Device));
    ULONG Number = 0;

    Device->Machine = Machine;
    Device->Index = Index;
    for (ULONG Model = 0; Model < sizeof(Models) / sizeof(Models[0]); Model++) {
        if (TextEqual(Models[Model]->Name, Layout->Device[Index].Model)) {
            Device->Model = Models[Model];
        }
    }
    if (Device->Model == NULL) {
        PlatformStop("BusCreate", "there is no device model %s", Layout->Device[Index].Model);
    }
    for (ULONG Before = 0; Before < Index; Before++) {
        Number += TextEqual(Layout->Device[Before].Model, Device->Model->Name) ? 1u : 0u;
    }
    TextCopy(Device->Name, sizeof(Device->Name), Layout->Device[Index].Name);
    Device->Messages = Layout->Device[Index].Messages;
    Device->Line = Layout->Device[Index].Line;
    Device->Node = Layout->Device[Index].Node;
    Device->Base = Device->Model->PortBase != 0 ? Device->Model->PortBase - 0x100u * Number : Base;
    Device->Present = TRUE;
    Device->Powered = TRUE;
    NameDevice(Device, Number);
    PrepareEvent(&Device->Late, Device);
    PrepareEvent(&Device->Extra, Device);
    PrepareEvent(&Device->Repeat, Device);
    PrepareEvent(&Device->Load, Device);
    if (Device->Model->Pci) {
        DeviceConfigFill(Device);
    }
    Device->Model->Reset(Device);
    return Device;
}

void BusCreate(MACHINE *Machine)
{
    static const ULONGLONG FirstAddress = 0xC0000000;
    static const ULONGLONG LongestRegisters = 0x100000;
    const MACHINE_LAYOUT *Layout = MachineLayout(Machine);
    BUS *Bus = PlatformAllocate(sizeof(*Bus));

    Bus->Machine = Machine;
    *MachineSlot(Machine, SLOT_BUS) = Bus;
    /* In the upper half, where no program has memory: a register that is read without the bus faults at once. */
    Bus->NextAddress = ~(ULONG_PTR)0 - (~(ULONG_PTR)0 >> 4) + 1;
    for (ULONG Index = 0; Index < Layout->Devices; Index++) {
        /* As far apart as the longest are long, so that each base is aligned to its length. */
        Bus->Device[Index] = CreateDevice(Machine, Layout, Index, FirstAddress + Index * LongestRegisters);
        Bus->Devices++;
    }
}

void BusDelete(MACHINE *Machine)
{
    BUS *Bus = MachineBus(Machine);

    for (ULONG Index = 0; Index < Bus->Devices; Index++) {
        DEVICE *Device = Bus->Device[Index];

        DeviceReset(Device);
        DeviceLoad(Device, 0);
        DeviceUnassign(Device);
        PlatformFree(Device);
    }
    PlatformFree(Bus);
    *MachineSlot(Machine, SLOT_BUS) = NULL;
}
