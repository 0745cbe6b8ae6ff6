#include "driver.h"

/* A synchronisation event, not a fast mutex: it leaves the IRQL at PASSIVE_LEVEL, which connect and disconnect
 * need. In a critical region a thread cannot be suspended by its process while it holds everyone else up. */
_Use_decl_annotations_
VOID GateEnter(IRQSCOPE_DEVICE *Device)
{
    KeEnterCriticalRegion();
    (VOID)KeWaitForSingleObject(&Device->Gate, Executive, KernelMode, FALSE, NULL);
}

_Use_decl_annotations_
VOID GateLeave(IRQSCOPE_DEVICE *Device)
{
    (VOID)KeSetEvent(&Device->Gate, IO_NO_INCREMENT, FALSE);
    KeLeaveCriticalRegion();
}
