/* What assign.c and placement.c share. */
#ifndef ASSIGN_H
#define ASSIGN_H

#include "device.h"

/* IO_RESOURCE_DESCRIPTOR.u.Interrupt in full: headers that lack its last members have the room for them all the
 * same. */
typedef struct INTERRUPT_REQUIREMENT {
    ULONG MinimumVector, MaximumVector;
    USHORT AffinityPolicy, Group;
    ULONG PriorityPolicy;
    KAFFINITY TargetedProcessors;
} INTERRUPT_REQUIREMENT;

_Static_assert(sizeof(INTERRUPT_REQUIREMENT) <= sizeof(((PIO_RESOURCE_DESCRIPTOR)0)->u), "the union is too small");

/* Where one interrupt is wanted: what the requirement includes, else what the registry says. */
typedef struct WISH {
    ULONG Policy, Priority;
    USHORT Group;
    KAFFINITY Mask;
} WISH;

void WishRead(const IO_RESOURCE_DESCRIPTOR *Descriptor, const DEVICE_POLICY *Policy, WISH *Wish);

/* Group and processors for one interrupt; Index: of the message. Faults have their part in it. */
void PlaceChoose(DEVICE *Device, const WISH *Wish, BOOLEAN Message, ULONG Index, USHORT *Group, KAFFINITY *Mask);

/* NULL: no vector is left on these processors. */
VECTOR *PlaceVector(DEVICE *Device, const WISH *Wish, USHORT Group, KAFFINITY Mask, KINTERRUPT_MODE Mode,
                    BOOLEAN Shared);

#endif
