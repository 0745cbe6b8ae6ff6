/* In the place of the driver's registers.c: the simulated devices' registers are reached through the machine's bus. */
#include "registers.h"

#include "machine.h"
#include "platform.h"

ULONG RegisterRead(PVOID Base, ULONG Offset)
{
    return BusRead(PlatformMachine(), (PUCHAR)Base + Offset, sizeof(ULONG), "READ_REGISTER_ULONG");
}

VOID RegisterWrite(PVOID Base, ULONG Offset, ULONG Value)
{
    BusWrite(PlatformMachine(), (PUCHAR)Base + Offset, sizeof(Value), Value, "WRITE_REGISTER_ULONG");
}

UCHAR RegisterReadByte(PVOID Base, ULONG Offset)
{
    return (UCHAR)BusRead(PlatformMachine(), (PUCHAR)Base + Offset, sizeof(UCHAR), "READ_REGISTER_UCHAR");
}

VOID RegisterWriteByte(PVOID Base, ULONG Offset, UCHAR Value)
{
    BusWrite(PlatformMachine(), (PUCHAR)Base + Offset, sizeof(Value), Value, "WRITE_REGISTER_UCHAR");
}

UCHAR PortReadByte(ULONG_PTR Port)
{
    return (UCHAR)BusPortRead(PlatformMachine(), Port, sizeof(UCHAR), "READ_PORT_UCHAR");
}

VOID PortWriteByte(ULONG_PTR Port, UCHAR Value)
{
    BusPortWrite(PlatformMachine(), Port, sizeof(Value), Value, "WRITE_PORT_UCHAR");
}
