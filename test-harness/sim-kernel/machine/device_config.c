/*
 * PCI configuration space: what the device is, its command and status registers, and its capabilities.
 *
 * A driver may write the command register and the interrupt line; all else is read-only here, or the bus driver's. The
 * address of its registers is fixed.
 */
#include "device.h"

#define CONFIG_CAPABILITIES 0x34
#define CONFIG_LINE 0x3C
#define CONFIG_PIN 0x3D
#define POWER_CAPABILITY 0x40
#define MESSAGE_CAPABILITY 0x50
#define TABLE_CAPABILITY 0x70
#define STATUS_HAS_CAPABILITIES 0x0010
#define COMMAND_WRITABLE 0x0547

USHORT DeviceConfigWord(const DEVICE *Device, ULONG Offset)
{
    return (USHORT)(Device->Config[Offset] | (Device->Config[Offset + 1] << 8));
}

void DeviceConfigSetWord(DEVICE *Device, ULONG Offset, USHORT Value)
{
    Device->Config[Offset] = (UCHAR)Value;
    Device->Config[Offset + 1] = (UCHAR)(Value >> 8);
}

static void ConfigSetLong(DEVICE *Device, ULONG Offset, ULONG Value)
{
    DeviceConfigSetWord(Device, Offset, (USHORT)Value);
    DeviceConfigSetWord(Device, Offset + 2, (USHORT)(Value >> 16));
}

static UCHAR AddCapability(DEVICE *Device, ULONG Last, UCHAR Offset, UCHAR Id)
{
    Device->Config[Last] = Offset;
    Device->Config[Offset] = Id;
    return Offset;
}

void DeviceConfigFill(DEVICE *Device)
{
    const DEVICE_MODEL *Model = Device->Model;
    ULONG Last;

    DeviceConfigSetWord(Device, 0x00, Model->VendorId);
    DeviceConfigSetWord(Device, 0x02, Model->DeviceId);
    DeviceConfigSetWord(Device, PCI_STATUS_OFFSET, STATUS_HAS_CAPABILITIES);
    Device->Config[0x08] = Model->Revision;
    Device->Config[0x09] = (UCHAR)Model->Class;
    Device->Config[0x0A] = (UCHAR)(Model->Class >> 8);
    Device->Config[0x0B] = (UCHAR)(Model->Class >> 16);
    ConfigSetLong(Device, 0x10, (ULONG)Device->Base);
    DeviceConfigSetWord(Device, 0x2C, Model->SubsystemVendor);
    DeviceConfigSetWord(Device, 0x2E, Model->SubsystemId);
    Device->Config[CONFIG_LINE] = (UCHAR)Device->Line;
    Device->Config[CONFIG_PIN] = 1;
    Last = AddCapability(Device, CONFIG_CAPABILITIES, POWER_CAPABILITY, 0x01) + 1u;
    DeviceConfigSetWord(Device, POWER_CAPABILITY + 2, 0x0003);
    if (Device->Messages != 0 && !Model->MessageTable) {
        ULONG Shift = 0;

        while ((1u << Shift) < Device->Messages) {
            Shift++;
        }
        Device->MessageCapability = AddCapability(Device, Last, MESSAGE_CAPABILITY, 0x05);
        DeviceConfigSetWord(Device, MESSAGE_CAPABILITY + 2, (USHORT)(0x0080 | (Shift << 1)));
    } else if (Device->Messages != 0) {
        Device->TableCapability = AddCapability(Device, Last, TABLE_CAPABILITY, 0x11);
        DeviceConfigSetWord(Device, TABLE_CAPABILITY + 2, (USHORT)(Device->Messages - 1));
        ConfigSetLong(Device, TABLE_CAPABILITY + 4, 3);     /* the table is in another BAR, which only the bus maps */
        ConfigSetLong(Device, TABLE_CAPABILITY + 8, 0x2003);
    }
}

/* The bits that say "enabled" follow what was assigned, as the bus driver sets them before a START reaches the
 * driver. */
void DeviceConfigMessages(DEVICE *Device)
{
    BOOLEAN Enabled = DeviceUsesMessages(Device);

    if (Device->MessageCapability != 0) {
        USHORT Control = DeviceConfigWord(Device, Device->MessageCapability + 2u) & (USHORT)~0x0071;
        ULONG Shift = 0;

        while (Enabled && (1u << Shift) < Device->AssignedCount) {
            Shift++;
        }
        DeviceConfigSetWord(Device, Device->MessageCapability + 2u, (USHORT)(Control | (Shift << 4) | Enabled));
    }
    if (Device->TableCapability != 0) {
        USHORT Control = DeviceConfigWord(Device, Device->TableCapability + 2u) & 0x7FFF;

        DeviceConfigSetWord(Device, Device->TableCapability + 2u, (USHORT)(Control | (Enabled ? 0x8000 : 0)));
    }
}

ULONG DeviceConfigRead(DEVICE *Device, ULONG Offset, void *Buffer, ULONG Length)
{
    UCHAR *Bytes = Buffer;

    if (!Device->Model->Pci || Offset >= DEVICE_CONFIG_SIZE) {
        return 0;
    }
    if (Length > DEVICE_CONFIG_SIZE - Offset) {
        Length = DEVICE_CONFIG_SIZE - Offset;
    }
    for (ULONG Index = 0; Index < Length; Index++) {
        Bytes[Index] = Device->Config[Offset + Index];
        if (Offset + Index == PCI_STATUS_OFFSET && Device->Pin && !DeviceUsesMessages(Device)) {
            Bytes[Index] |= PCI_STATUS_INTERRUPT;
        }
        if (!Device->Present) {
            Bytes[Index] = 0xFF;
        }
    }
    return Length;
}

ULONG DeviceConfigWrite(DEVICE *Device, ULONG Offset, const void *Buffer, ULONG Length)
{
    const UCHAR *Bytes = Buffer;
    USHORT Before = DeviceConfigWord(Device, PCI_COMMAND_OFFSET);
    USHORT After;

    if (!Device->Model->Pci || Offset >= DEVICE_CONFIG_SIZE) {
        return 0;
    }
    if (Length > DEVICE_CONFIG_SIZE - Offset) {
        Length = DEVICE_CONFIG_SIZE - Offset;
    }
    if (!Device->Present) {
        return Length;
    }
    for (ULONG Index = 0; Index < Length; Index++) {
        ULONG At = Offset + Index;

        /* All else is read-only, or the bus driver's. */
        if (At == PCI_COMMAND_OFFSET) {
            Device->Config[At] = Bytes[Index] & (UCHAR)COMMAND_WRITABLE;
        } else if (At == PCI_COMMAND_OFFSET + 1) {
            Device->Config[At] = Bytes[Index] & (UCHAR)(COMMAND_WRITABLE >> 8);
        } else if (At == CONFIG_LINE) {
            Device->Config[At] = Bytes[Index];
        }
    }
    After = DeviceConfigWord(Device, PCI_COMMAND_OFFSET);
    if (DeviceUsesMessages(Device) ? (Before & ~After & PCI_COMMAND_MASTER) != 0
                                   : (~Before & After & PCI_COMMAND_NO_LINE) != 0) {
        DeviceMasked(Device);
    }
    DeviceUpdateLine(Device);
    return Length;
}

void DeviceConfigPower(DEVICE *Device, UCHAR State)
{
    Device->Config[POWER_CAPABILITY + 4] = State;
}
