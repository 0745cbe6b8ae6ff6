/*
 * Registers and ports: the only way to the hardware. Any IRQL. On most processors compilers turn these into single
 * instructions, which is why they have a file of their own that a build can replace as a whole.
 */
#ifndef REGISTERS_H
#define REGISTERS_H

#include "compat.h"

ULONG RegisterRead(PVOID Base, ULONG Offset);
VOID RegisterWrite(PVOID Base, ULONG Offset, ULONG Value);
UCHAR RegisterReadByte(PVOID Base, ULONG Offset);
VOID RegisterWriteByte(PVOID Base, ULONG Offset, UCHAR Value);
UCHAR PortReadByte(ULONG_PTR Port);
VOID PortWriteByte(ULONG_PTR Port, UCHAR Value);

#endif
