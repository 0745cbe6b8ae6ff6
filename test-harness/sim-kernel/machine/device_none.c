/*
 * Two devices without registers. "none" sends the messages that it was given when it is told to by the load: it
 * stands for hardware that a driver can only watch, and says nothing on a line, because nobody could take that back.
 * "root" was made by software and has nothing at all.
 */
#include "device.h"

static void Ignore(DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
}

static BOOLEAN Decodes(ULONG Offset, ULONG Size)
{
    UNREFERENCED_PARAMETER(Offset);
    UNREFERENCED_PARAMETER(Size);
    return FALSE;
}

static ULONG Read(DEVICE *Device, ULONG Offset)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Offset);
    return 0xFFFFFFFF;
}

static void Write(DEVICE *Device, ULONG Offset, ULONG Value)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Offset);
    UNREFERENCED_PARAMETER(Value);
}

static void Raise(DEVICE *Device, ULONG Cause)
{
    for (ULONG Message = 0; Message < Device->AssignedCount; Message++) {
        if ((Cause & (1u << Message)) != 0) {
            DeviceMessage(Device, Message);
        }
    }
}

static ULONG OwnCause(DEVICE *Device)
{
    ULONG Message = Device->AssignedCount == 0 ? 0 : Device->Turn++ % Device->AssignedCount;

    return 1u << Message;
}

static void Dump(const DEVICE *Device, TEXT *Text)
{
    TextAdd(Text, "%s has no registers\n", Device->Name);
}

const DEVICE_MODEL NoneModel = {
    .Name = "none", .Description = "Device without a known model",
    .VendorId = 0x1B36, .DeviceId = 0x0005, .SubsystemVendor = 0x1AF4, .SubsystemId = 0x1100,
    .Revision = 0x00, .Class = 0x00FF00, .Pci = TRUE,
    .Reset = Ignore, .Decodes = Decodes, .Read = Read, .Write = Write, .Raise = Raise,
    .OwnCause = OwnCause, .Settle = Ignore, .Dump = Dump,
};

const DEVICE_MODEL RootModel = {
    .Name = "root", .Description = "Root-enumerated device",
    .InstanceForm = "ROOT\\IRQSCOPE\\%04u", .HardwareIds = "ROOT\\IRQSCOPE\0",
    .Reset = Ignore, .Decodes = Decodes, .Read = Read, .Write = Write, .Raise = Raise,
    .OwnCause = OwnCause, .Settle = Ignore, .Dump = Dump,
};
