#include "registers.h"

ULONG RegisterRead(PVOID Base, ULONG Offset)
{
    return READ_REGISTER_ULONG((PULONG)((PUCHAR)Base + Offset));
}

VOID RegisterWrite(PVOID Base, ULONG Offset, ULONG Value)
{
    WRITE_REGISTER_ULONG((PULONG)((PUCHAR)Base + Offset), Value);
}

UCHAR RegisterReadByte(PVOID Base, ULONG Offset)
{
    return READ_REGISTER_UCHAR((PUCHAR)Base + Offset);
}

VOID RegisterWriteByte(PVOID Base, ULONG Offset, UCHAR Value)
{
    WRITE_REGISTER_UCHAR((PUCHAR)Base + Offset, Value);
}

UCHAR PortReadByte(ULONG_PTR Port)
{
    return READ_PORT_UCHAR((PUCHAR)Port);
}

VOID PortWriteByte(ULONG_PTR Port, UCHAR Value)
{
    WRITE_PORT_UCHAR((PUCHAR)Port, Value);
}
