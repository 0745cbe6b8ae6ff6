/* io-connect-interrupt: IoConnectInterrupt, which every kernel has and which reaches group 0 only. */
#include "driver.h"

_Use_decl_annotations_
NTSTATUS ConnectInterrupt(CONNECTION *Connection)
{
    TARGET *Target = &Connection->Target[0];
    const IRQSCOPE_RESOURCE_RECORD *Record = &Connection->Device->Resources[Connection->Resource];
    KINTERRUPT_MODE Mode = (Record->Flags & IRQSCOPE_RESOURCE_LATCHED) != 0 ? Latched : LevelSensitive;
    BOOLEAN Share = (Record->Flags & IRQSCOPE_RESOURCE_SHARED) != 0;
    PKINTERRUPT Object = NULL;
    NTSTATUS Status;

    Status = IoConnectInterrupt(&Object, IsrService, Target, Connection->Lock, Record->Vector, (KIRQL)Record->Irql,
                                Connection->SynchronizeIrql, Mode, Share, Connection->Mask, FALSE);
    /* In place of IoConnectInterruptEx: the kind that its compatibility library would name. */
    Connection->Version = Connection->Way == IRQSCOPE_WAY_FULLY_SPECIFIED ? CONNECT_FULLY_SPECIFIED : 0;
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Connection->Context = Object;
    Connection->Targets = 1;
    Connection->ConnectedAs = Record->Kind;
    Target->Object = Object;
    return Status;
}

_Use_decl_annotations_
VOID DisconnectInterrupt(CONNECTION *Connection)
{
    IoDisconnectInterrupt(Connection->Context);
}
