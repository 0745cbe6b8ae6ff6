/* line-based: IoConnectInterruptEx takes every line of the device and one ISR for all of them. */
#include "driver.h"

_Use_decl_annotations_
NTSTATUS ConnectLine(CONNECTION *Connection)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;
    TARGET *Target = &Connection->Target[0];
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
    PKINTERRUPT Object = NULL;
    NTSTATUS Status;

    RtlZeroMemory(&Parameters, sizeof(Parameters));
    Parameters.Version = CONNECT_LINE_BASED;
    Parameters.LineBased.PhysicalDeviceObject = Device->Pdo;
    Parameters.LineBased.InterruptObject = &Object;
    Parameters.LineBased.ServiceRoutine = IsrService;
    Parameters.LineBased.ServiceContext = Target;
    Parameters.LineBased.SpinLock = Connection->Lock;
    Parameters.LineBased.SynchronizeIrql = Connection->SynchronizeIrql;
    Parameters.LineBased.FloatingSave = FALSE;
    Status = Device->Driver->Routines.ConnectInterruptEx(&Parameters);
    Connection->Version = Parameters.Version;
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Connection->Context = Object;
    Connection->Targets = 1;
    Connection->ConnectedAs = IRQSCOPE_KIND_LINE;
    Target->Object = Object;
    return Status;
}
