/* Mm: memory descriptor lists, and which routines this kernel exports. Device memory is in machine/iospace.c. */
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

/* ---- Routines by name -------------------------------------------------------------------------------------------- */

/* Beside the machine's. What a driver that loads on every kernel looks up, and one that is everywhere, to compare. */
static const EXPORT Exports[] = {
    { "ExAllocatePoolWithTag", (PVOID)ExAllocatePoolWithTag, EXPORT_NT52 },
    { "ExAllocatePool2", (PVOID)ExAllocatePool2Here, EXPORT_WIN10_2004 },
    { "ExAllocatePool3", (PVOID)ExAllocatePool3Here, EXPORT_SERVER2022 },
    { "RtlGetVersion", (PVOID)RtlGetVersion, EXPORT_NT52 },
};

PVOID MmGetSystemRoutineAddress(PUNICODE_STRING SystemRoutineName)
{
    static const char Routine[] = "MmGetSystemRoutineAddress";
    MACHINE *Machine = KernelEnter(Routine, PASSIVE_LEVEL)->Machine;
    PVOID Address = MachineExport(Machine, SystemRoutineName);

    return Address != NULL ? Address : ExportFind(Machine, Exports, ARRAYSIZE(Exports), SystemRoutineName);
}
