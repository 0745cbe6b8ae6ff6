/*
 * Routines that not every kernel from 5.2 on exports. They are looked up when the driver starts; NULL means that this
 * kernel has none, and each user of one says what happens then.
 */
#ifndef ROUTINES_H
#define ROUTINES_H

#include "compat.h"

/* RTL_OSVERSIONINFOW, which not every wdm.h has. */
typedef struct KERNEL_VERSION {
    ULONG Size;
    ULONG Major;
    ULONG Minor;
    ULONG Build;
    ULONG Platform;
    WCHAR ServicePack[128];
} KERNEL_VERSION;

typedef VOID (NTAPI *SET_THREAD_AFFINITY)(PGROUP_AFFINITY Affinity, PGROUP_AFFINITY Previous);
typedef VOID (NTAPI *REVERT_THREAD_AFFINITY)(PGROUP_AFFINITY Previous);
typedef NTSTATUS (NTAPI *GET_VERSION)(KERNEL_VERSION *Version);
typedef NTSTATUS (NTAPI *CONNECT_INTERRUPT_EX)(PIO_CONNECT_INTERRUPT_PARAMETERS Parameters);
typedef VOID (NTAPI *DISCONNECT_INTERRUPT_EX)(PIO_DISCONNECT_INTERRUPT_PARAMETERS Parameters);
typedef NTSTATUS (NTAPI *GET_AFFINITY_INTERRUPT)(PKINTERRUPT InterruptObject, PGROUP_AFFINITY GroupAffinity);
typedef USHORT (NTAPI *QUERY_GROUP_COUNT)(VOID);
typedef ULONG (NTAPI *QUERY_GROUP_PROCESSORS)(USHORT Group);
typedef KAFFINITY (NTAPI *QUERY_GROUP_AFFINITY)(USHORT Group);
typedef NTSTATUS (NTAPI *SET_TARGET_PROCESSOR_DPC_EX)(PKDPC Dpc, PPROCESSOR_NUMBER Number);
typedef VOID (NTAPI *QUERY_NODE_AFFINITY)(USHORT Node, PGROUP_AFFINITY Affinity, PUSHORT Count);
typedef USHORT (NTAPI *QUERY_HIGHEST_NODE)(VOID);
typedef KAFFINITY (NTAPI *QUERY_ACTIVE_PROCESSORS)(VOID);
typedef ULONG (NTAPI *CURRENT_PROCESSOR_EX)(PPROCESSOR_NUMBER Number);
typedef ULONG (NTAPI *CURRENT_PROCESSOR)(VOID);
typedef PVOID (NTAPI *MAP_IO_SPACE_EX)(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T Bytes, ULONG Protect);
typedef PVOID (NTAPI *ALLOCATE_POOL_2)(ULONGLONG Flags, SIZE_T Bytes, ULONG Tag);
typedef PVOID (NTAPI *ALLOCATE_POOL_3)(ULONGLONG Flags, SIZE_T Bytes, ULONG Tag, const VOID *Parameters, ULONG Count);

/* Who am I running on: at least one is there on every kernel, or the compiler's own instruction serves
 * (processor.c). */
typedef struct PROCESSOR_ROUTINES {
    CURRENT_PROCESSOR_EX CurrentEx;
    CURRENT_PROCESSOR Current;
} PROCESSOR_ROUTINES;

typedef struct ROUTINES {
    CONNECT_INTERRUPT_EX ConnectInterruptEx;      /* 6.0 */
    DISCONNECT_INTERRUPT_EX DisconnectInterruptEx;
    GET_AFFINITY_INTERRUPT GetAffinityInterrupt;  /* 6.1 */
    QUERY_GROUP_COUNT QueryActiveGroups;          /* 6.1; these three are there together or not at all */
    QUERY_GROUP_PROCESSORS QueryMaximumProcessors;
    QUERY_GROUP_AFFINITY QueryGroupAffinity;
    SET_TARGET_PROCESSOR_DPC_EX SetTargetProcessorDpcEx;
    QUERY_NODE_AFFINITY QueryNodeAffinity;        /* 6.1; both or none */
    QUERY_HIGHEST_NODE QueryHighestNode;
    SET_THREAD_AFFINITY SetThreadAffinity;        /* 6.1; both or none */
    REVERT_THREAD_AFFINITY RevertThreadAffinity;
    QUERY_ACTIVE_PROCESSORS QueryActiveProcessors; /* group 0, for kernels without groups */
    PROCESSOR_ROUTINES Processor;
    MAP_IO_SPACE_EX MapIoSpaceEx;                 /* 10.0 */
    ALLOCATE_POOL_2 AllocatePool2;                /* 10.0.19041 */
    ALLOCATE_POOL_3 AllocatePool3;                /* 10.0.20348 */
    BOOLEAN KnowsNxPool;                          /* 6.2: there is a pool that is not executable */
    BOOLEAN HasPowerSequence;                     /* before 6.0: power IRPs go through PoCallDriver */
} ROUTINES;

#define ROUTINES_NO_NODE 0xFFFFFFFFu

/* Finds all of them, and what RtlGetVersion says of the kernel. PASSIVE_LEVEL. */
_IRQL_requires_max_(PASSIVE_LEVEL)
VOID RoutinesFind(_Out_ ROUTINES *Routines, _Out_ KERNEL_VERSION *Version);

/* The processors that are active in a group; 0 for a group that is not. On a kernel without groups there is group
 * 0. */
_IRQL_requires_max_(HIGH_LEVEL)
USHORT RoutinesGroups(_In_ const ROUTINES *Routines);
_IRQL_requires_max_(HIGH_LEVEL)
KAFFINITY RoutinesGroupAffinity(_In_ const ROUTINES *Routines, _In_ USHORT Group);

/* The node that a processor belongs to; ROUTINES_NO_NODE when nobody knows, or there is but one. */
_IRQL_requires_max_(HIGH_LEVEL)
ULONG RoutinesNodeOf(_In_ const ROUTINES *Routines, _In_ USHORT Group, _In_ UCHAR Number);

#endif
