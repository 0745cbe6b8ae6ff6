/* Mm: memory descriptor lists, device memory, and which routines this kernel exports. Registers and ports are Hal's. */
#include "kernel.h"

/* ---- Memory descriptor lists ------------------------------------------------------------------------------------- */

PMDL IoAllocateMdl(PVOID VirtualAddress, ULONG Length, BOOLEAN SecondaryBuffer, BOOLEAN ChargeQuota, PIRP Irp)
{
    static const char Routine[] = "IoAllocateMdl";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    PMDL *Place;
    PMDL Mdl;

    UNREFERENCED_PARAMETER(ChargeQuota);
    if (MachineFails(Kernel->Machine, Routine)) {
        return NULL;
    }
    Mdl = PlatformAllocate(sizeof(*Mdl));
    Mdl->Size = (CSHORT)(sizeof(*Mdl) + sizeof(ULONG_PTR) * ADDRESS_AND_SIZE_TO_SPAN_PAGES(VirtualAddress, Length));
    Mdl->StartVa = PAGE_ALIGN(VirtualAddress);
    Mdl->ByteOffset = BYTE_OFFSET(VirtualAddress);
    Mdl->ByteCount = Length;
    if (Irp != NULL) {
        for (Place = &Irp->MdlAddress; SecondaryBuffer && *Place != NULL; Place = &(*Place)->Next) {
        }
        *Place = Mdl;
    }
    Kernel->Mdls++;
    return Mdl;
}

VOID IoFreeMdl(PMDL Mdl)
{
    KERNEL *Kernel = KernelEnter("IoFreeMdl", DISPATCH_LEVEL);

    if ((Mdl->MdlFlags & MDL_PAGES_LOCKED) != 0) {
        PlatformStop("IoFreeMdl", "the pages are still locked");
    }
    Kernel->Mdls--;
    PlatformFree(Mdl);
}

PMDL MdlLockUser(PVOID Address, ULONG Length, BOOLEAN Written)
{
    PMDL Mdl = PlatformAllocate(sizeof(*Mdl));

    Mdl->Size = sizeof(*Mdl);
    Mdl->StartVa = PAGE_ALIGN(Address);
    Mdl->ByteOffset = BYTE_OFFSET(Address);
    Mdl->ByteCount = Length;
    Mdl->MdlFlags = (CSHORT)(MDL_PAGES_LOCKED | (Written ? MDL_WRITE_OPERATION : 0));
    return Mdl;
}

void MdlUnlockUser(PMDL Mdl)
{
    PlatformFree(Mdl);
}

VOID MmBuildMdlForNonPagedPool(PMDL Mdl)
{
    static const char Routine[] = "MmBuildMdlForNonPagedPool";

    KernelEnter(Routine, DISPATCH_LEVEL);
    if ((Mdl->MdlFlags & (MDL_PAGES_LOCKED | MDL_MAPPED_TO_SYSTEM_VA | MDL_SOURCE_IS_NONPAGED_POOL)) != 0) {
        PlatformStop(Routine, "the MDL describes something already");
    }
    Mdl->MdlFlags |= MDL_SOURCE_IS_NONPAGED_POOL;
    Mdl->MappedSystemVa = MmGetMdlVirtualAddress(Mdl);
}

PVOID MmMapLockedPagesSpecifyCache(PMDL Mdl, KPROCESSOR_MODE AccessMode, MEMORY_CACHING_TYPE CacheType,
                                   PVOID RequestedAddress, ULONG BugCheckOnFailure, ULONG Priority)
{
    static const char Routine[] = "MmMapLockedPagesSpecifyCache";
    KERNEL *Kernel = KernelEnter(Routine, AccessMode == UserMode ? APC_LEVEL : DISPATCH_LEVEL);
    const PROFILE *Profile = MachineProfile(Kernel->Machine);

    UNREFERENCED_PARAMETER(CacheType);
    UNREFERENCED_PARAMETER(RequestedAddress);
    UNREFERENCED_PARAMETER(BugCheckOnFailure);
    if (AccessMode == UserMode) {
        PlatformStop(Routine, "maps kernel memory into a process, which the simulator does not do");
    }
    if ((Mdl->MdlFlags & MDL_PAGES_LOCKED) == 0) {
        PlatformStop(Routine, "the pages of the MDL are not locked");
    }
    if ((Priority & MdlMappingNoExecute) == 0 && Profile->Major * 100 + Profile->Minor >= 602) {
        PlatformStop(Routine, "without MdlMappingNoExecute the mapping is executable, which memory integrity forbids");
    }
    if (MachineFails(Kernel->Machine, Routine)) {
        return NULL;
    }
    Mdl->MdlFlags |= MDL_MAPPED_TO_SYSTEM_VA;
    Mdl->MappedSystemVa = MmGetMdlVirtualAddress(Mdl);
    return Mdl->MappedSystemVa;
}

VOID MmUnmapLockedPages(PVOID BaseAddress, PMDL Mdl)
{
    static const char Routine[] = "MmUnmapLockedPages";

    KernelEnter(Routine, DISPATCH_LEVEL);
    if ((Mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) == 0 || Mdl->MappedSystemVa != BaseAddress) {
        PlatformStop(Routine, "the MDL is not mapped there");
    }
    Mdl->MdlFlags &= ~MDL_MAPPED_TO_SYSTEM_VA;
    Mdl->MappedSystemVa = NULL;
}

/* ---- Device memory ----------------------------------------------------------------------------------------------- */

PVOID MmMapIoSpace(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE CacheType)
{
    static const char Routine[] = "MmMapIoSpace";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    if (CacheType != MmNonCached) {
        PlatformStop(Routine, "registers are mapped with MmNonCached");
    }
    if (NumberOfBytes == 0) {
        PlatformStop(Routine, "maps 0 bytes");
    }
    if (MachineFails(Kernel->Machine, Routine)) {
        return NULL;
    }
    return BusMap(Kernel->Machine, PhysicalAddress, NumberOfBytes);
}

VOID MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes)
{
    BusUnmap(KernelEnter("MmUnmapIoSpace", DISPATCH_LEVEL)->Machine, BaseAddress, NumberOfBytes);
}

/* ---- Routines by name -------------------------------------------------------------------------------------------- */

/* Declared here, because the header hides them from drivers that know processor groups. */
KAFFINITY KeQueryActiveProcessors(VOID);
ULONG KeGetCurrentProcessorNumber(VOID);

typedef struct EXPORT {
    const char *Name;
    PVOID Address;
    ULONG Since;                        /* kernel version times 100, or a build when that is larger than 10000 */
} EXPORT;

#define NT52 502
#define VISTA 600
#define WIN7 601
#define WIN10_2004 19041
#define SERVER2022 20348

/* What a driver that loads on every kernel looks up, and a few that are everywhere, to compare with. */
static const EXPORT Exports[] = {
    { "IoConnectInterrupt", (PVOID)IoConnectInterrupt, NT52 },
    { "IoDisconnectInterrupt", (PVOID)IoDisconnectInterrupt, NT52 },
    { "IoConnectInterruptEx", (PVOID)IoConnectInterruptEx, VISTA },
    { "IoDisconnectInterruptEx", (PVOID)IoDisconnectInterruptEx, VISTA },
    { "IoGetAffinityInterrupt", (PVOID)IoGetAffinityInterrupt, WIN7 },
    { "KeSynchronizeExecution", (PVOID)KeSynchronizeExecution, NT52 },
    { "KeQueryActiveGroupCount", (PVOID)KeQueryActiveGroupCount, WIN7 },
    { "KeQueryMaximumGroupCount", (PVOID)KeQueryMaximumGroupCount, WIN7 },
    { "KeQueryActiveProcessorCountEx", (PVOID)KeQueryActiveProcessorCountEx, WIN7 },
    { "KeQueryMaximumProcessorCountEx", (PVOID)KeQueryMaximumProcessorCountEx, WIN7 },
    { "KeQueryGroupAffinity", (PVOID)KeQueryGroupAffinity, WIN7 },
    { "KeGetCurrentProcessorNumberEx", (PVOID)KeGetCurrentProcessorNumberEx, WIN7 },
    { "KeGetProcessorIndexFromNumber", (PVOID)KeGetProcessorIndexFromNumber, WIN7 },
    { "KeGetProcessorNumberFromIndex", (PVOID)KeGetProcessorNumberFromIndex, WIN7 },
    { "KeQueryNodeActiveAffinity", (PVOID)KeQueryNodeActiveAffinity, WIN7 },
    { "KeQueryHighestNodeNumber", (PVOID)KeQueryHighestNodeNumber, WIN7 },
    { "KeSetTargetProcessorDpcEx", (PVOID)KeSetTargetProcessorDpcEx, WIN7 },
    { "KeSetSystemGroupAffinityThread", (PVOID)KeSetSystemGroupAffinityThread, WIN7 },
    { "KeRevertToUserGroupAffinityThread", (PVOID)KeRevertToUserGroupAffinityThread, WIN7 },
    { "KeQueryActiveProcessors", (PVOID)KeQueryActiveProcessors, NT52 },
    /* x64 kernels before 6.1 do not export it: their headers read the processor's control region, which is not here. */
    { "KeGetCurrentProcessorNumber", (PVOID)KeGetCurrentProcessorNumber, NT52 },
    { "ExAllocatePoolWithTag", (PVOID)ExAllocatePoolWithTag, NT52 },
    { "ExAllocatePool2", (PVOID)ExAllocatePool2Here, WIN10_2004 },
    { "ExAllocatePool3", (PVOID)ExAllocatePool3Here, SERVER2022 },
    { "RtlGetVersion", (PVOID)RtlGetVersion, NT52 },
};

PVOID MmGetSystemRoutineAddress(PUNICODE_STRING SystemRoutineName)
{
    static const char Routine[] = "MmGetSystemRoutineAddress";
    const PROFILE *Profile = MachineProfile(KernelEnter(Routine, PASSIVE_LEVEL)->Machine);
    ULONG Version = Profile->Major * 100 + Profile->Minor;
    ULONG Index, Letter, Length = SystemRoutineName->Length / sizeof(WCHAR);

    for (Index = 0; Index < ARRAYSIZE(Exports); Index++) {
        const char *Name = Exports[Index].Name;

        for (Letter = 0; Letter < Length && SystemRoutineName->Buffer[Letter] == (WCHAR)Name[Letter]; Letter++) {
        }
        if (Letter == Length && Name[Letter] == 0) {
            return (Exports[Index].Since > 10000 ? Profile->Build : Version) >= Exports[Index].Since ?
                Exports[Index].Address : NULL;
        }
    }
    return NULL;
}
