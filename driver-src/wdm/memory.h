/*
 * Memory: zeroed, non-paged unless said, not executable where the kernel knows such a thing, one tag a purpose so that
 * a leak says what it was.
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
_Must_inspect_result_
_Ret_maybenull_
_Post_writable_byte_size_(Bytes)
_IRQL_requires_max_(DISPATCH_LEVEL)
PVOID MemoryAllocate(_In_ const ROUTINES *Routines, _In_ SIZE_T Bytes, _In_ ULONG Tag);

/* The same, cache line apart from every other, and near that processor: on its node. PASSIVE_LEVEL, the gate held. */
_Must_inspect_result_
_Ret_maybenull_
_Post_writable_byte_size_(Bytes)
_IRQL_requires_max_(PASSIVE_LEVEL)
PVOID MemoryAllocateNear(_In_ const ROUTINES *Routines, _In_ SIZE_T Bytes, _In_ ULONG Tag,
                         _In_ const PROCESSOR_NUMBER *Processor);

/* Memory that is touched at PASSIVE_LEVEL only, and that the kernel may free. NULL when there is none. */
_Must_inspect_result_
_Ret_maybenull_
_Post_writable_byte_size_(Bytes)
_IRQL_requires_max_(PASSIVE_LEVEL)
PVOID MemoryAllocatePaged(_In_ const ROUTINES *Routines, _In_ SIZE_T Bytes, _In_ ULONG Tag);

/* NULL is nothing. */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID MemoryFree(_In_opt_ PVOID Memory, _In_ ULONG Tag);

#endif
