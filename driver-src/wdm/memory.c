#include "memory.h"

/* Flags of ExAllocatePool2 and 3, which older headers do not know. */
#define POOL2_CACHE_ALIGNED 0x8ull
#define POOL2_NON_PAGED 0x40ull

/* POOL_EXTENDED_PARAMETER with PoolExtendedParameterNumaNode, as ExAllocatePool3 reads it. */
#define POOL3_NUMA_NODE 3u
#define POOL3_OPTIONAL 0x100u
#define POOL3_OTHER_NODE_WILL_DO 0x80000000u
typedef struct POOL3_NODE_PARAMETER {
    ULONGLONG Type; /* 8 bits of kind, then one that says: ignore what you do not know */
    ULONGLONG Node;
} POOL3_NODE_PARAMETER;

PVOID MemoryAllocate(const ROUTINES *Routines, SIZE_T Bytes, ULONG Tag)
{
    PVOID Memory;

    if (Routines->AllocatePool2 != NULL) {
        return Routines->AllocatePool2(POOL2_NON_PAGED, Bytes, Tag);
    }
    Memory = ExAllocatePoolWithTag(Routines->KnowsNxPool ? NonPagedPoolNx : NonPagedPool, Bytes, Tag);
    if (Memory != NULL) {
        RtlZeroMemory(Memory, Bytes);
    }
    return Memory;
}

static PVOID MemoryAllocateAligned(const ROUTINES *Routines, SIZE_T Bytes, ULONG Tag)
{
    PVOID Memory;

    if (Routines->AllocatePool2 != NULL) {
        return Routines->AllocatePool2(POOL2_NON_PAGED | POOL2_CACHE_ALIGNED, Bytes, Tag);
    }
    Memory = ExAllocatePoolWithTag(Routines->KnowsNxPool ? NonPagedPoolNxCacheAligned : NonPagedPoolCacheAligned, Bytes,
                                   Tag);
    if (Memory != NULL) {
        RtlZeroMemory(Memory, Bytes);
    }
    return Memory;
}

PVOID MemoryAllocateNear(const ROUTINES *Routines, SIZE_T Bytes, ULONG Tag, const PROCESSOR_NUMBER *Processor)
{
    ULONG Node = RoutinesNodeOf(Routines, Processor->Group, Processor->Number);
    GROUP_AFFINITY Affinity;
    GROUP_AFFINITY Previous;
    PVOID Memory;

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

VOID MemoryFree(PVOID Memory, ULONG Tag)
{
    if (Memory != NULL) {
        ExFreePoolWithTag(Memory, Tag);
    }
}
