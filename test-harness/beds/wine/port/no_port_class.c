/* The port class's part of the machine is not linked: Wine has no portcls.sys, so there are no sync objects. */
#include "interior.h"

void PortclassDelete(MACHINE *Machine)
{
    (void)Machine;
}

ULONG PortclassSyncs(const MACHINE *Machine)
{
    (void)Machine;
    return 0;
}
