#include "registers.h"

_Use_decl_annotations_
ULONG RegisterRead(PVOID Base, ULONG Offset)
{
    return READ_REGISTER_ULONG((PULONG)((PUCHAR)Base + Offset));
}

_Use_decl_annotations_
VOID RegisterWrite(PVOID Base, ULONG Offset, ULONG Value)
{
    WRITE_REGISTER_ULONG((PULONG)((PUCHAR)Base + Offset), Value);
}

_Use_decl_annotations_
UCHAR RegisterReadByte(PVOID Base, ULONG Offset)
{
    return READ_REGISTER_UCHAR((PUCHAR)Base + Offset);
}

_Use_decl_annotations_
VOID RegisterWriteByte(PVOID Base, ULONG Offset, UCHAR Value)
{
    WRITE_REGISTER_UCHAR((PUCHAR)Base + Offset, Value);
}

_Use_decl_annotations_
UCHAR PortReadByte(ULONG_PTR Port)
{
    return READ_PORT_UCHAR((PUCHAR)Port);
}

_Use_decl_annotations_
VOID PortWriteByte(ULONG_PTR Port, UCHAR Value)
{
    WRITE_PORT_UCHAR((PUCHAR)Port, Value);
}
