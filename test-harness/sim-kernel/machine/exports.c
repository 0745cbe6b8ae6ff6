/* Which routines the kernel of a profile has, for a driver that looks them up by name. */
#include "machine.h"
#include "platform.h"

static const EXPORT Exports[] = {
    { "IoConnectInterrupt", (PVOID)IoConnectInterrupt, EXPORT_NT52 },
    { "IoDisconnectInterrupt", (PVOID)IoDisconnectInterrupt, EXPORT_NT52 },
    { "IoConnectInterruptEx", (PVOID)IoConnectInterruptEx, EXPORT_VISTA },
    { "IoDisconnectInterruptEx", (PVOID)IoDisconnectInterruptEx, EXPORT_VISTA },
    { "IoGetAffinityInterrupt", (PVOID)IoGetAffinityInterrupt, EXPORT_WIN7 },
    { "KeSynchronizeExecution", (PVOID)KeSynchronizeExecution, EXPORT_NT52 },
    { "KeQueryActiveGroupCount", (PVOID)KeQueryActiveGroupCount, EXPORT_WIN7 },
    { "KeQueryMaximumGroupCount", (PVOID)KeQueryMaximumGroupCount, EXPORT_WIN7 },
    { "KeQueryActiveProcessorCountEx", (PVOID)KeQueryActiveProcessorCountEx, EXPORT_WIN7 },
    { "KeQueryMaximumProcessorCountEx", (PVOID)KeQueryMaximumProcessorCountEx, EXPORT_WIN7 },
    { "KeQueryGroupAffinity", (PVOID)KeQueryGroupAffinity, EXPORT_WIN7 },
    { "KeGetCurrentProcessorNumberEx", (PVOID)KeGetCurrentProcessorNumberEx, EXPORT_WIN7 },
    { "KeGetProcessorIndexFromNumber", (PVOID)KeGetProcessorIndexFromNumber, EXPORT_WIN7 },
    { "KeGetProcessorNumberFromIndex", (PVOID)KeGetProcessorNumberFromIndex, EXPORT_WIN7 },
    { "KeQueryNodeActiveAffinity", (PVOID)KeQueryNodeActiveAffinity, EXPORT_WIN7 },
    { "KeQueryHighestNodeNumber", (PVOID)KeQueryHighestNodeNumber, EXPORT_WIN7 },
    { "KeSetTargetProcessorDpcEx", (PVOID)KeSetTargetProcessorDpcEx, EXPORT_WIN7 },
    { "KeSetSystemGroupAffinityThread", (PVOID)KeSetSystemGroupAffinityThread, EXPORT_WIN7 },
    { "KeRevertToUserGroupAffinityThread", (PVOID)KeRevertToUserGroupAffinityThread, EXPORT_WIN7 },
    { "MmMapIoSpaceEx", (PVOID)MmMapIoSpaceEx, EXPORT_WIN10 },
    { "KeQueryActiveProcessors", (PVOID)KeQueryActiveProcessors, EXPORT_NT52 },
    /* x64 kernels before 6.1 do not export it: their headers read the processor's control region, which is not here. */
    { "KeGetCurrentProcessorNumber", (PVOID)KeGetCurrentProcessorNumber, EXPORT_NT52 },
};

PVOID ExportFind(const MACHINE *Machine, const EXPORT *Table, ULONG Count, const UNICODE_STRING *Name)
{
    const PROFILE *Profile = MachineProfile(Machine);
    ULONG Version = Profile->Major * 100 + Profile->Minor;
    ULONG Index, Letter, Length = Name->Length / sizeof(WCHAR);

    for (Index = 0; Index < Count; Index++) {
        const char *Text = Table[Index].Name;

        for (Letter = 0; Letter < Length && Name->Buffer[Letter] == (WCHAR)Text[Letter]; Letter++) {
        }
        if (Letter == Length && Text[Letter] == 0) {
            return (Table[Index].Since > EXPORT_FIRST_BUILD ? Profile->Build : Version) >= Table[Index].Since ?
                Table[Index].Address : NULL;
        }
    }
    return NULL;
}

PVOID MachineExport(const MACHINE *Machine, const UNICODE_STRING *Name)
{
    return ExportFind(Machine, Exports, sizeof(Exports) / sizeof(Exports[0]), Name);
}
