/*
 * The kernels that a machine can pretend to be.
 *
 * nt52 has one group, as 64-bit Windows before 7 had, of at most 64 processors. Four groups of win7 are documented
 * (KeQueryMaximumGroupCount); 256 processors follow from them. Twenty groups and 640 processors of win10, 32 groups and
 * 2,048 of server2022 fit the sizes of those kernels' internal tables; no page states them, so nothing may depend on
 * them but the refusal of a machine. 910 and 2,048 messages a function are documented (Enabling MSI in the Registry);
 * before Vista there were none. ExAllocatePool2 came after 17763, which is why win10 lacks it. 3,579,545 Hz is the ACPI
 * power management timer, 14,318,180 Hz the HPET, 10 MHz what Windows reports since 10 1809. That a fully specified
 * connect is compared with the assigned resource is known of Windows 10 and later.
 */
#include "machine.h"
#include "text.h"

static const PROFILE Profiles[] = {
    {
        .Name = "nt52", .Major = 5, .Minor = 2, .Build = 3790, .Frequency = 3579545,
        .MaximumGroups = 1, .MaximumProcessors = 64, .MaximumMessages = 0,
    },
    {
        .Name = "win7", .Major = 6, .Minor = 1, .Build = 7601, .Frequency = 14318180,
        .MaximumGroups = 4, .MaximumProcessors = 256, .MaximumMessages = 910,
        .HasGroups = TRUE, .HasConnectEx = TRUE, .HasGetAffinity = TRUE,
    },
    {
        .Name = "win10", .Major = 10, .Minor = 0, .Build = 17763, .Frequency = 10000000,
        .MaximumGroups = 20, .MaximumProcessors = 640, .MaximumMessages = 2048,
        .HasGroups = TRUE, .HasConnectEx = TRUE, .HasGetAffinity = TRUE, .ComparesAssigned = TRUE,
    },
    {
        .Name = "server2022", .Major = 10, .Minor = 0, .Build = 20348, .Frequency = 10000000,
        .MaximumGroups = 32, .MaximumProcessors = 2048, .MaximumMessages = 2048,
        .HasGroups = TRUE, .HasConnectEx = TRUE, .HasGetAffinity = TRUE, .HasPool2 = TRUE, .ComparesAssigned = TRUE,
    },
};

const PROFILE *ProfileFind(const char *Name)
{
    for (ULONG Index = 0; Index < sizeof(Profiles) / sizeof(Profiles[0]); Index++) {
        if (TextEqual(Profiles[Index].Name, Name)) {
            return &Profiles[Index];
        }
    }
    return NULL;
}
