/*
 * message-based: IoConnectInterruptEx takes every message of the device. What came back, a message table or by
 * fallback one line object, is told by the version that it left in the parameters.
 */
#include "driver.h"

static VOID ConnectTakeTable(_Inout_ CONNECTION *Connection, _In_ PIO_INTERRUPT_MESSAGE_INFO Table)
{
    ULONG Index;

    Connection->Context = Table;
    Connection->ConnectedAs = IRQSCOPE_KIND_MESSAGE;
    Connection->UnifiedIrql = Table->UnifiedIrql;
    Connection->Targets = Table->MessageCount < Connection->Messages ? Table->MessageCount : Connection->Messages;
    for (Index = 0; Index < Connection->Targets; Index++) {
        Connection->Target[Index].Object = Table->MessageInfo[Index].InterruptObject;
        Connection->Target[Index].Vector = Table->MessageInfo[Index].Vector;
        Connection->Target[Index].DeviceIrql = Table->MessageInfo[Index].Irql;
    }
}

_Use_decl_annotations_
NTSTATUS ConnectMessage(CONNECTION *Connection)
{
    IRQSCOPE_DEVICE *Device = Connection->Device;
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
    PVOID Context = NULL;
    NTSTATUS Status;

    RtlZeroMemory(&Parameters, sizeof(Parameters));
    Parameters.Version = CONNECT_MESSAGE_BASED;
    Parameters.MessageBased.PhysicalDeviceObject = Device->Pdo;
    Parameters.MessageBased.ConnectionContext.Generic = &Context;
    Parameters.MessageBased.MessageServiceRoutine = IsrMessage;
    Parameters.MessageBased.ServiceContext = Connection;
    Parameters.MessageBased.SpinLock = Connection->Lock;
    Parameters.MessageBased.SynchronizeIrql = Connection->SynchronizeIrql;
    Parameters.MessageBased.FloatingSave = FALSE;
    Parameters.MessageBased.FallBackServiceRoutine = Connection->FallBack != NULL ? IsrFallBack : NULL;
    Status = Device->Driver->Routines.ConnectInterruptEx(&Parameters);
    Connection->Version = Parameters.Version;
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    if (Parameters.Version == CONNECT_MESSAGE_BASED) {
        ConnectTakeTable(Connection, Context);
        return Status;
    }
    _Analysis_assume_(Connection->FallBack != NULL); /* without a routine for it there is no fallback */
    Connection->Context = Context;
    Connection->ConnectedAs = IRQSCOPE_KIND_LINE;
    Connection->Target = Connection->FallBack;
    Connection->Targets = 1;
    Connection->Target[0].Object = Context;
    return Status;
}
