/*
 * Non-paged memory: zeroed, not executable where the kernel knows such a thing, one tag a purpose so that a leak says
 * what it was.
 */
#ifndef MEMORY_H
#define MEMORY_H

#include "routines.h"

/* A tag reads in the order of its letters in a debugger. */
#define MEMORY_TAG(A, B, C, D) \
    ((ULONG)(UCHAR)(A) | (ULONG)(UCHAR)(B) << 8 | (ULONG)(UCHAR)(C) << 16 | (ULONG)(UCHAR)(D) << 24)
#define MEMORY_TAG_SESSION MEMORY_TAG('I', 'q', 's', 'S')    /* the state of a handle */
#define MEMORY_TAG_RESOURCES MEMORY_TAG('I', 'q', 's', 'R')  /* the assigned interrupts */
#define MEMORY_TAG_CONNECTION MEMORY_TAG('I', 'q', 's', 'C') /* a connection with its targets and tables */
#define MEMORY_TAG_SLOT MEMORY_TAG('I', 'q', 's', 'L')       /* per-processor state */
#define MEMORY_TAG_FILTER MEMORY_TAG('I', 'q', 's', 'F')     /* a requirements list: the PnP manager frees it */
#define MEMORY_TAG_NAME MEMORY_TAG('I', 'q', 's', 'N')       /* texts: the registry path, hardware ids */
#define MEMORY_TAG_LOCK MEMORY_TAG('I', 'q', 's', 'K')       /* what the remove lock keeps when it is checked */

/* NULL when there is none. Bytes is not 0. At most DISPATCH_LEVEL. */
PVOID MemoryAllocate(const ROUTINES *Routines, SIZE_T Bytes, ULONG Tag);

/* The same, cache line apart from every other, and near that processor: on its node. PASSIVE_LEVEL, the gate held. */
PVOID MemoryAllocateNear(const ROUTINES *Routines, SIZE_T Bytes, ULONG Tag, const PROCESSOR_NUMBER *Processor);

/* NULL is nothing. */
VOID MemoryFree(PVOID Memory, ULONG Tag);

#endif
