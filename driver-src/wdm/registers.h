/*
 * Registers and ports: the only way to the hardware. Any IRQL. On most processors compilers turn these into single
 * instructions, which is why they have a file of their own that a build can replace as a whole.
 */
#ifndef REGISTERS_H
#define REGISTERS_H

#include "compat.h"

_IRQL_requires_max_(HIGH_LEVEL)
ULONG RegisterRead(_In_ PVOID Base, _In_ ULONG Offset);
_IRQL_requires_max_(HIGH_LEVEL)
VOID RegisterWrite(_In_ PVOID Base, _In_ ULONG Offset, _In_ ULONG Value);
_IRQL_requires_max_(HIGH_LEVEL)
UCHAR RegisterReadByte(_In_ PVOID Base, _In_ ULONG Offset);
_IRQL_requires_max_(HIGH_LEVEL)
VOID RegisterWriteByte(_In_ PVOID Base, _In_ ULONG Offset, _In_ UCHAR Value);
_IRQL_requires_max_(HIGH_LEVEL)
UCHAR PortReadByte(_In_ ULONG_PTR Port);
_IRQL_requires_max_(HIGH_LEVEL)
VOID PortWriteByte(_In_ ULONG_PTR Port, _In_ UCHAR Value);

#endif
