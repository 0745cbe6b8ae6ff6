/* Hal: registers and ports. Every access costs time and lets interrupts in, which the bus sees to. */
#include "kernel.h"

UCHAR READ_REGISTER_UCHAR(volatile UCHAR *Register)
{
    return (UCHAR)BusRead(PlatformMachine(), Register, sizeof(*Register), "READ_REGISTER_UCHAR");
}

USHORT READ_REGISTER_USHORT(volatile USHORT *Register)
{
    return (USHORT)BusRead(PlatformMachine(), Register, sizeof(*Register), "READ_REGISTER_USHORT");
}

ULONG READ_REGISTER_ULONG(volatile ULONG *Register)
{
    return BusRead(PlatformMachine(), Register, sizeof(*Register), "READ_REGISTER_ULONG");
}

VOID WRITE_REGISTER_UCHAR(volatile UCHAR *Register, UCHAR Value)
{
    BusWrite(PlatformMachine(), Register, sizeof(*Register), Value, "WRITE_REGISTER_UCHAR");
}

VOID WRITE_REGISTER_USHORT(volatile USHORT *Register, USHORT Value)
{
    BusWrite(PlatformMachine(), Register, sizeof(*Register), Value, "WRITE_REGISTER_USHORT");
}

VOID WRITE_REGISTER_ULONG(volatile ULONG *Register, ULONG Value)
{
    BusWrite(PlatformMachine(), Register, sizeof(*Register), Value, "WRITE_REGISTER_ULONG");
}

UCHAR READ_PORT_UCHAR(PUCHAR Port)
{
    return (UCHAR)BusPortRead(PlatformMachine(), (ULONG_PTR)Port, sizeof(*Port), "READ_PORT_UCHAR");
}

USHORT READ_PORT_USHORT(PUSHORT Port)
{
    return (USHORT)BusPortRead(PlatformMachine(), (ULONG_PTR)Port, sizeof(*Port), "READ_PORT_USHORT");
}

ULONG READ_PORT_ULONG(PULONG Port)
{
    return BusPortRead(PlatformMachine(), (ULONG_PTR)Port, sizeof(*Port), "READ_PORT_ULONG");
}

VOID WRITE_PORT_UCHAR(PUCHAR Port, UCHAR Value)
{
    BusPortWrite(PlatformMachine(), (ULONG_PTR)Port, sizeof(*Port), Value, "WRITE_PORT_UCHAR");
}

VOID WRITE_PORT_USHORT(PUSHORT Port, USHORT Value)
{
    BusPortWrite(PlatformMachine(), (ULONG_PTR)Port, sizeof(*Port), Value, "WRITE_PORT_USHORT");
}

VOID WRITE_PORT_ULONG(PULONG Port, ULONG Value)
{
    BusPortWrite(PlatformMachine(), (ULONG_PTR)Port, sizeof(*Port), Value, "WRITE_PORT_ULONG");
}
