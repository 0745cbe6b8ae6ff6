/* Mm: device memory. Registers and ports themselves are the kernel's (Hal). */
#include "machine.h"
#include "platform.h"

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

VOID NTAPI MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes)
{
    MACHINE *Machine = PlatformRoutine("MmUnmapIoSpace");

    ProcessorNeeds(Machine, DISPATCH_LEVEL, "MmUnmapIoSpace");
    BusUnmap(Machine, BaseAddress, NumberOfBytes);
}
