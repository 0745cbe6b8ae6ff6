#include "routines.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, RoutinesFind)
#endif

/* A routine's address as a value: function pointers and object pointers do not convert into each other in ISO C. */
static ULONG_PTR RoutineFind(_In_z_ PCWSTR Name)
{
    UNICODE_STRING String;

    RtlInitUnicodeString(&String, Name);
    return (ULONG_PTR)MmGetSystemRoutineAddress(&String);
}

_Use_decl_annotations_
VOID RoutinesFind(ROUTINES *Routines, KERNEL_VERSION *Version)
{
    GET_VERSION GetVersion;

    PAGED_CODE();

    GetVersion = (GET_VERSION)RoutineFind(L"RtlGetVersion");
    RtlZeroMemory(Version, sizeof(*Version));
    Version->Size = sizeof(*Version);
    if (GetVersion != NULL) {
        (VOID)GetVersion(Version);
    }
    RtlZeroMemory(Routines, sizeof(*Routines));
    Routines->ConnectInterruptEx = (CONNECT_INTERRUPT_EX)RoutineFind(L"IoConnectInterruptEx");
    Routines->DisconnectInterruptEx = (DISCONNECT_INTERRUPT_EX)RoutineFind(L"IoDisconnectInterruptEx");
    if (Routines->ConnectInterruptEx == NULL || Routines->DisconnectInterruptEx == NULL) {
        Routines->ConnectInterruptEx = NULL;
        Routines->DisconnectInterruptEx = NULL;
    }
    Routines->GetAffinityInterrupt = (GET_AFFINITY_INTERRUPT)RoutineFind(L"IoGetAffinityInterrupt");

    Routines->QueryActiveGroups = (QUERY_GROUP_COUNT)RoutineFind(L"KeQueryActiveGroupCount");
    Routines->QueryMaximumProcessors = (QUERY_GROUP_PROCESSORS)RoutineFind(L"KeQueryMaximumProcessorCountEx");
    Routines->QueryGroupAffinity = (QUERY_GROUP_AFFINITY)RoutineFind(L"KeQueryGroupAffinity");
    if (Routines->QueryActiveGroups == NULL || Routines->QueryMaximumProcessors == NULL ||
        Routines->QueryGroupAffinity == NULL) {
        Routines->QueryActiveGroups = NULL;
        Routines->QueryMaximumProcessors = NULL;
        Routines->QueryGroupAffinity = NULL;
    }
    Routines->SetTargetProcessorDpcEx = (SET_TARGET_PROCESSOR_DPC_EX)RoutineFind(L"KeSetTargetProcessorDpcEx");
    Routines->QueryNodeAffinity = (QUERY_NODE_AFFINITY)RoutineFind(L"KeQueryNodeActiveAffinity");
    Routines->QueryHighestNode = (QUERY_HIGHEST_NODE)RoutineFind(L"KeQueryHighestNodeNumber");
    if (Routines->QueryNodeAffinity == NULL || Routines->QueryHighestNode == NULL) {
        Routines->QueryNodeAffinity = NULL;
        Routines->QueryHighestNode = NULL;
    }
    Routines->SetThreadAffinity = (SET_THREAD_AFFINITY)RoutineFind(L"KeSetSystemGroupAffinityThread");
    Routines->RevertThreadAffinity = (REVERT_THREAD_AFFINITY)RoutineFind(L"KeRevertToUserGroupAffinityThread");
    if (Routines->SetThreadAffinity == NULL || Routines->RevertThreadAffinity == NULL) {
        Routines->SetThreadAffinity = NULL;
        Routines->RevertThreadAffinity = NULL;
    }
    Routines->QueryActiveProcessors = (QUERY_ACTIVE_PROCESSORS)RoutineFind(L"KeQueryActiveProcessors");
    Routines->Processor.CurrentEx = (CURRENT_PROCESSOR_EX)RoutineFind(L"KeGetCurrentProcessorNumberEx");
    Routines->Processor.Current = (CURRENT_PROCESSOR)RoutineFind(L"KeGetCurrentProcessorNumber");

    Routines->MapIoSpaceEx = (MAP_IO_SPACE_EX)RoutineFind(L"MmMapIoSpaceEx");
    Routines->AllocatePool2 = (ALLOCATE_POOL_2)RoutineFind(L"ExAllocatePool2");
    Routines->AllocatePool3 = (ALLOCATE_POOL_3)RoutineFind(L"ExAllocatePool3");
    Routines->KnowsNxPool = Version->Major > 6 || (Version->Major == 6 && Version->Minor >= 2);
    Routines->HasPowerSequence = Version->Major < 6;
}

_Use_decl_annotations_
USHORT RoutinesGroups(const ROUTINES *Routines)
{
    return Routines->QueryActiveGroups != NULL ? Routines->QueryActiveGroups() : 1;
}

_Use_decl_annotations_
KAFFINITY RoutinesGroupAffinity(const ROUTINES *Routines, USHORT Group)
{
    if (Routines->QueryGroupAffinity != NULL) {
        return Routines->QueryGroupAffinity(Group);
    }
    if (Group != 0) {
        return 0;
    }
    /* Every kernel exports it; processor 0 is the one that no machine is without. */
    return Routines->QueryActiveProcessors != NULL ? Routines->QueryActiveProcessors() : 1;
}

_Use_decl_annotations_
ULONG RoutinesNodeOf(const ROUTINES *Routines, USHORT Group, UCHAR Number)
{
    GROUP_AFFINITY Affinity;
    USHORT Highest;
    ULONG Node;

    Highest = Routines->QueryHighestNode != NULL ? Routines->QueryHighestNode() : 0;
    if (Highest == 0) {
        return ROUTINES_NO_NODE;
    }
    for (Node = 0; Node <= Highest; Node++) {
        RtlZeroMemory(&Affinity, sizeof(Affinity));
        Routines->QueryNodeAffinity((USHORT)Node, &Affinity, NULL);
        if (Affinity.Group == Group && (Affinity.Mask >> Number & 1) != 0) {
            return Node;
        }
    }
    return ROUTINES_NO_NODE;
}
