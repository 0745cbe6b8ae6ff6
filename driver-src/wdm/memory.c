#include "memory.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, MemoryAllocatePaged)
#pragma alloc_text(PAGE, MemoryAllocateNear)
#endif

/* Flags of ExAllocatePool2 and 3, which older headers do not know. */
#define POOL2_CACHE_ALIGNED 0x8ull
#define POOL2_NON_PAGED 0x40ull
#define POOL2_PAGED 0x100ull

/* POOL_EXTENDED_PARAMETER with PoolExtendedParameterNumaNode, as ExAllocatePool3 reads it. */
#define POOL3_NUMA_NODE 3u
#define POOL3_OPTIONAL 0x100u
#define POOL3_OTHER_NODE_WILL_DO 0x80000000u
typedef struct POOL3_NODE_PARAMETER {
    ULONGLONG Type; /* 8 bits of kind, then one that says: ignore what you do not know */
    ULONGLONG Node;
} POOL3_NODE_PARAMETER;

/* The only place that calls the routine of older kernels, which newer headers advise against. */
_Must_inspect_result_
_Ret_maybenull_
_Post_writable_byte_size_(Bytes)
_IRQL_requires_max_(DISPATCH_LEVEL)
static PVOID MemoryAllocateFrom(POOL_TYPE Pool, SIZE_T Bytes, ULONG Tag)
{
    PVOID Memory = ExAllocatePoolWithTag(Pool, Bytes, Tag);

    if (Memory != NULL) {
        RtlZeroMemory(Memory, Bytes);
    }
    return Memory;
}

_Use_decl_annotations_
PVOID MemoryAllocate(const ROUTINES *Routines, SIZE_T Bytes, ULONG Tag)
{
    if (Routines->AllocatePool2 != NULL) {
        return Routines->AllocatePool2(POOL2_NON_PAGED, Bytes, Tag);
    }
    return MemoryAllocateFrom(Routines->KnowsNxPool ? NonPagedPoolNx : NonPagedPool, Bytes, Tag);
}

_Use_decl_annotations_
PVOID MemoryAllocatePaged(const ROUTINES *Routines, SIZE_T Bytes, ULONG Tag)
{
    PAGED_CODE();

    if (Routines->AllocatePool2 != NULL) {
        return Routines->AllocatePool2(POOL2_PAGED, Bytes, Tag);
    }
    return MemoryAllocateFrom(PagedPool, Bytes, Tag);
}

_Must_inspect_result_
_Ret_maybenull_
_Post_writable_byte_size_(Bytes)
_IRQL_requires_max_(DISPATCH_LEVEL)
static PVOID MemoryAllocateAligned(_In_ const ROUTINES *Routines, SIZE_T Bytes, ULONG Tag)
{
    if (Routines->AllocatePool2 != NULL) {
        return Routines->AllocatePool2(POOL2_NON_PAGED | POOL2_CACHE_ALIGNED, Bytes, Tag);
    }
    return MemoryAllocateFrom(Routines->KnowsNxPool ? NonPagedPoolNxCacheAligned : NonPagedPoolCacheAligned, Bytes,
                              Tag);
}

_Use_decl_annotations_
PVOID MemoryAllocateNear(const ROUTINES *Routines, SIZE_T Bytes, ULONG Tag, const PROCESSOR_NUMBER *Processor)
{
    GROUP_AFFINITY Affinity;
    GROUP_AFFINITY Previous;
    PVOID Memory;
    ULONG Node;

    PAGED_CODE();

    Node = RoutinesNodeOf(Routines, Processor->Group, Processor->Number);
    if (Node == ROUTINES_NO_NODE) {
        return MemoryAllocateAligned(Routines, Bytes, Tag);
    }
    if (Routines->AllocatePool3 != NULL) {
        POOL3_NODE_PARAMETER Parameter;

        Parameter.Type = POOL3_NUMA_NODE | POOL3_OPTIONAL;
        Parameter.Node = Node | POOL3_OTHER_NODE_WILL_DO;
        return Routines->AllocatePool3(POOL2_NON_PAGED | POOL2_CACHE_ALIGNED, Bytes, Tag, &Parameter, 1);
    }
    /* Older kernels have a pool for each node and serve a caller from the one of the processor that it runs on. */
    if (Routines->SetThreadAffinity == NULL) {
        return MemoryAllocateAligned(Routines, Bytes, Tag);
    }
    RtlZeroMemory(&Affinity, sizeof(Affinity));
    Affinity.Group = Processor->Group;
    Affinity.Mask = (KAFFINITY)1 << Processor->Number;
    Routines->SetThreadAffinity(&Affinity, &Previous);
    Memory = MemoryAllocateAligned(Routines, Bytes, Tag);
    Routines->RevertThreadAffinity(&Previous);
    return Memory;
}

_Use_decl_annotations_
VOID MemoryFree(PVOID Memory, ULONG Tag)
{
    if (Memory != NULL) {
        ExFreePoolWithTag(Memory, Tag);
    }
}
