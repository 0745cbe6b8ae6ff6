/*
 * Memory and ports: which device decodes an address, and what an access costs and does.
 *
 * A mapping is an address that nothing dereferences: registers are read through the kernel's routines, which come here.
 * An access that no driver may make (not mapped, past the end, a size that the register does not have) ends the run;
 * one that hardware would answer with all-ones (no power, gone, decoding off) is answered so.
 */
#include "device.h"

/* Nanoseconds: a read waits for the device's answer, a write is posted. */
#define READ_COST 200
#define WRITE_COST 40

static const ULONG_PTR PageMask = 0xFFF;

static ULONG AllOnes(ULONG Size)
{
    return Size >= 4 ? 0xFFFFFFFF : (1u << (Size * 8)) - 1;
}

PVOID BusMap(MACHINE *Machine, PHYSICAL_ADDRESS Address, SIZE_T Length)
{
    BUS *Bus = MachineBus(Machine);
    ULONGLONG Start = (ULONGLONG)Address.QuadPart;

    for (ULONG Index = 0; Index < Bus->Devices; Index++) {
        DEVICE *Device = Bus->Device[Index];
        ULONGLONG Offset = Start - Device->Base;

        if (Device->Model->PortBase == 0 && Start >= Device->Base && Offset < Device->Model->Length && Length != 0 &&
            Length <= Device->Model->Length - Offset && Bus->Mappings < BUS_MAXIMUM_MAPPINGS) {
            MAPPING *Mapping = &Bus->Mapping[Bus->Mappings++];

            Mapping->Address = Bus->NextAddress + (ULONG_PTR)(Start & PageMask);
            Mapping->Length = Length;
            Mapping->Device = Device;
            Mapping->Offset = (ULONG)Offset;
            /* A page is left out between two mappings: what runs over the end of one is in none. */
            Bus->NextAddress += ((Length + (ULONG_PTR)(Start & PageMask) + PageMask) & ~PageMask) + PageMask + 1;
            return (PVOID)Mapping->Address;
        }
    }
    return NULL;
}

void BusUnmap(MACHINE *Machine, PVOID Address, SIZE_T Length)
{
    BUS *Bus = MachineBus(Machine);

    for (ULONG Index = 0; Index < Bus->Mappings; Index++) {
        if (Bus->Mapping[Index].Address == (ULONG_PTR)Address) {
            if (Bus->Mapping[Index].Length != Length) {
                PlatformStop("MmUnmapIoSpace", "0x%llx bytes are unmapped, 0x%llx were mapped", (ULONGLONG)Length,
                             (ULONGLONG)Bus->Mapping[Index].Length);
            }
            Bus->Mapping[Index] = Bus->Mapping[--Bus->Mappings];
            return;
        }
    }
    PlatformStop("MmUnmapIoSpace", "nothing is mapped at 0x%llx", (ULONGLONG)(ULONG_PTR)Address);
}

/* The device behind a mapped address, and the register's offset in it. */
static DEVICE *FindRegister(MACHINE *Machine, ULONG_PTR Address, ULONG Size, const char *Routine, ULONG *Offset)
{
    BUS *Bus = MachineBus(Machine);

    for (ULONG Index = 0; Index < Bus->Mappings; Index++) {
        const MAPPING *Mapping = &Bus->Mapping[Index];
        ULONG_PTR Distance = Address - Mapping->Address;

        if (Address >= Mapping->Address && Distance < Mapping->Length && Size <= Mapping->Length - Distance) {
            *Offset = Mapping->Offset + (ULONG)Distance;
            return Mapping->Device;
        }
    }
    PlatformStop(Routine, "no register is mapped at 0x%llx", (ULONGLONG)Address);
}

static DEVICE *FindPort(MACHINE *Machine, ULONG_PTR Port, ULONG Size, const char *Routine, ULONG *Offset)
{
    BUS *Bus = MachineBus(Machine);

    for (ULONG Index = 0; Index < Bus->Devices; Index++) {
        DEVICE *Device = Bus->Device[Index];

        if (Device->Model->PortBase != 0 && Port >= Device->Base &&
            Port + Size <= Device->Base + Device->Model->Length) {
            *Offset = (ULONG)(Port - Device->Base);
            return Device;
        }
    }
    PlatformStop(Routine, "port 0x%llx belongs to no device", (ULONGLONG)Port);
}

static BOOLEAN Decoding(const DEVICE *Device)
{
    return Device->Present && Device->Powered && Device->Enabled &&
           (!Device->Model->Pci || (DeviceConfigWord(Device, PCI_COMMAND_OFFSET) & PCI_COMMAND_MEMORY) != 0);
}

static void CheckSize(const DEVICE *Device, ULONG Offset, ULONG Size, const char *Routine)
{
    if (Offset % Size != 0 || !Device->Model->Decodes(Offset, Size)) {
        PlatformStop(Routine, "register 0x%x of %s cannot be accessed with %u bytes", Offset, Device->Name, Size);
    }
}

static ULONG ReadDevice(DEVICE *Device, ULONG Offset, ULONG Size, const char *Routine)
{
    ULONG Value = AllOnes(Size);

    CheckSize(Device, Offset, Size, Routine);
    MachineSpend(Device->Machine, READ_COST, 2 * READ_COST);
    if (Decoding(Device)) {
        Value = Device->Model->Read(Device, Offset) & AllOnes(Size);
    }
    MachineDeliver(Device->Machine);
    return Value;
}

static void WriteDevice(DEVICE *Device, ULONG Offset, ULONG Size, ULONG Value, const char *Routine)
{
    CheckSize(Device, Offset, Size, Routine);
    MachineSpend(Device->Machine, WRITE_COST, 2 * WRITE_COST);
    if (Decoding(Device)) {
        Device->Model->Write(Device, Offset, Value & AllOnes(Size));
    }
    MachineDeliver(Device->Machine);
}

ULONG BusRead(MACHINE *Machine, const volatile void *Address, ULONG Size, const char *Routine)
{
    ULONG Offset;
    DEVICE *Device = FindRegister(Machine, (ULONG_PTR)Address, Size, Routine, &Offset);

    return ReadDevice(Device, Offset, Size, Routine);
}

void BusWrite(MACHINE *Machine, volatile void *Address, ULONG Size, ULONG Value, const char *Routine)
{
    ULONG Offset;
    DEVICE *Device = FindRegister(Machine, (ULONG_PTR)Address, Size, Routine, &Offset);

    WriteDevice(Device, Offset, Size, Value, Routine);
}

ULONG BusPortRead(MACHINE *Machine, ULONG_PTR Port, ULONG Size, const char *Routine)
{
    ULONG Offset;
    DEVICE *Device = FindPort(Machine, Port, Size, Routine, &Offset);

    return ReadDevice(Device, Offset, Size, Routine);
}

void BusPortWrite(MACHINE *Machine, ULONG_PTR Port, ULONG Size, ULONG Value, const char *Routine)
{
    ULONG Offset;
    DEVICE *Device = FindPort(Machine, Port, Size, Routine, &Offset);

    WriteDevice(Device, Offset, Size, Value, Routine);
}

BOOLEAN BusAtRest(MACHINE *Machine, char *Answer, size_t AnswerSize)
{
    BUS *Bus = MachineBus(Machine);
    TEXT Text;

    TextStart(&Text, Answer, AnswerSize);
    for (ULONG Index = 0; Index < Bus->Devices; Index++) {
        const DEVICE *Device = Bus->Device[Index];

        if (Device->Asserted && Device->Assigned[0].Mode == LevelSensitive) {
            TextAdd(&Text, "%s asserts its line\n", Device->Name);
        }
        if (Device->Late.Event.Queued || Device->Extra.Event.Queued || Device->Repeat.Event.Queued) {
            TextAdd(&Text, "%s has an interrupt on its way\n", Device->Name);
        }
        if (Device->Load.Event.Queued) {
            TextAdd(&Text, "%s is under load\n", Device->Name);
        }
    }
    for (ULONG Index = 0; Index < Bus->Mappings; Index++) {
        if (!Bus->Mapping[Index].Device->Enabled) {
            TextAdd(&Text, "registers of %s are mapped, but it is stopped\n", Bus->Mapping[Index].Device->Name);
        }
    }
    return Text.Used == 0;
}
