/*
 * fully-specified and fully-specified-group: IoConnectInterruptEx with everything spelled out from one translated
 * resource. Windows 10 and later compare it with what was assigned; anything else there is STATUS_NOT_SUPPORTED.
 */
#include "driver.h"

_Use_decl_annotations_
NTSTATUS ConnectFull(CONNECTION *Connection)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;
    TARGET *Target = &Connection->Target[0];
    const IRQSCOPE_RESOURCE_RECORD *Record = &Device->Resources[Connection->Resource];
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
    PKINTERRUPT Object = NULL;
    NTSTATUS Status;

    RtlZeroMemory(&Parameters, sizeof(Parameters));
    Parameters.Version = Connection->Way == IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP ? CONNECT_FULLY_SPECIFIED_GROUP
                                                                               : CONNECT_FULLY_SPECIFIED;
    Parameters.FullySpecified.PhysicalDeviceObject = Device->Pdo;
    Parameters.FullySpecified.InterruptObject = &Object;
    Parameters.FullySpecified.ServiceRoutine = IsrService;
    Parameters.FullySpecified.ServiceContext = Target;
    Parameters.FullySpecified.SpinLock = Connection->Lock;
    Parameters.FullySpecified.SynchronizeIrql = Connection->SynchronizeIrql;
    Parameters.FullySpecified.FloatingSave = FALSE;
    Parameters.FullySpecified.ShareVector = (Record->Flags & IRQSCOPE_RESOURCE_SHARED) != 0;
    Parameters.FullySpecified.Vector = Record->Vector;
    Parameters.FullySpecified.Irql = (KIRQL)Record->Irql;
    Parameters.FullySpecified.InterruptMode = (Record->Flags & IRQSCOPE_RESOURCE_LATCHED) != 0 ? Latched
                                                                                              : LevelSensitive;
    Parameters.FullySpecified.ProcessorEnableMask = Connection->Mask;
    Parameters.FullySpecified.Group = Connection->Group;
    Status = Device->Driver->Routines.ConnectInterruptEx(&Parameters);
    Connection->Version = Parameters.Version;
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Connection->Context = Object;
    Connection->Targets = 1;
    Connection->ConnectedAs = Record->Kind;
    Target->Object = Object;
    return Status;
}

/* The kernel wants the version and the pointer that it gave, whichever way was asked for. */
_Use_decl_annotations_
VOID DisconnectEx(CONNECTION *Connection)
{
    IO_DISCONNECT_INTERRUPT_PARAMETERS Parameters;

    RtlZeroMemory(&Parameters, sizeof(Parameters));
    Parameters.Version = Connection->Version;
    Parameters.ConnectionContext.Generic = Connection->Context;
    Connection->Device->Driver->Routines.DisconnectInterruptEx(&Parameters);
}
