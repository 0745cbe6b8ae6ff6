/* Mm: device memory. Registers and ports themselves are the kernel's (Hal). */
#include "interior.h"

PVOID NTAPI MmMapIoSpace(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE CacheType)
{
    static const char Routine[] = "MmMapIoSpace";
    MACHINE *Machine = PlatformRoutine(Routine);

    ProcessorNeeds(Machine, DISPATCH_LEVEL, Routine);
    if (CacheType != MmNonCached) {
        PlatformStop(Routine, "registers are mapped with MmNonCached");
    }
    if (NumberOfBytes == 0) {
        PlatformStop(Routine, "maps 0 bytes");
    }
    if (MachineFails(Machine, Routine)) {
        return NULL;
    }
    return BusMap(Machine, PhysicalAddress, NumberOfBytes);
}

/* Of the protections, the one that suits registers. */
#define READ_WRITE_NO_CACHE 0x204u /* PAGE_READWRITE | PAGE_NOCACHE */

PVOID NTAPI MmMapIoSpaceEx(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, ULONG Protect)
{
    static const char Routine[] = "MmMapIoSpaceEx";
    MACHINE *Machine = PlatformRoutine(Routine);

    ProcessorNeeds(Machine, DISPATCH_LEVEL, Routine);
    KernelHas(Machine, Machine->Profile->Major >= 10, Routine);
    if (Protect != READ_WRITE_NO_CACHE) {
        PlatformStop(Routine, "registers are mapped with PAGE_READWRITE | PAGE_NOCACHE, not with 0x%x", Protect);
    }
    if (NumberOfBytes == 0) {
        PlatformStop(Routine, "maps 0 bytes");
    }
    if (MachineFails(Machine, Routine)) {
        return NULL;
    }
    return BusMap(Machine, PhysicalAddress, NumberOfBytes);
}

VOID NTAPI MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes)
{
    MACHINE *Machine = PlatformRoutine("MmUnmapIoSpace");

    ProcessorNeeds(Machine, DISPATCH_LEVEL, "MmUnmapIoSpace");
    BusUnmap(Machine, BaseAddress, NumberOfBytes);
}
