#include "driver.h"

/* Where no routine is to be asked: group 0 and the processors of the connect, as the compatibility library
 * answers. */
static KAFFINITY AffinityConnectMask(_In_ const CONNECTION *Connection, _In_ const TARGET *Target)
{
    if (Connection->Version == CONNECT_MESSAGE_BASED) {
        const IO_INTERRUPT_MESSAGE_INFO *Table = Connection->Context;

        return Table->MessageInfo[Target->Number].TargetProcessorSet;
    }
    return Connection->Mask;
}

/* The gate excludes disconnect, so every object that is asked is connected. What decides is the kind that came
 * back: an object of a line-based connect, also by fallback, is a container, in front of which the kernel would
 * read the mask from memory that belongs to nobody. It is never asked. */
static VOID AffinityAsk(_In_ const CONNECTION *Connection, _In_ const TARGET *Target,
                        _Inout_ IRQSCOPE_AFFINITY_REPLY *Reply)
{
    const IRQSCOPE_DEVICE *Device = Connection->Device;
    GET_AFFINITY_INTERRUPT Ask = Device->Driver->Routines.GetAffinityInterrupt;
    GROUP_AFFINITY Affinity;

    if (Connection->Version == CONNECT_LINE_BASED) {
        Reply->Status = IRQSCOPE_STATUS_SUCCESS;
        Reply->GrantedBy = IRQSCOPE_GRANTED_BY_ASSIGNED_RESOURCE;
        if (Target->Resource != CONNECT_EVERY) {
            Reply->Mask = Device->Resources[Target->Resource].Mask;
            Reply->Group = Device->Resources[Target->Resource].Group;
        }
        return;
    }
    if (Ask == NULL) {
        AffinityCompatible(AffinityConnectMask(Connection, Target), Reply);
        return;
    }
    RtlZeroMemory(&Affinity, sizeof(Affinity));
    Reply->Status = (ULONG)Ask(Target->Object, &Affinity);
    Reply->GrantedBy = IRQSCOPE_GRANTED_BY_INTERRUPT_OBJECT;
    Reply->Mask = Affinity.Mask;
    Reply->Group = Affinity.Group;
    Reply->Reserved[0] = Affinity.Reserved[0];
    Reply->Reserved[1] = Affinity.Reserved[1];
    Reply->Reserved[2] = Affinity.Reserved[2];
}

_Use_decl_annotations_
NTSTATUS AffinityRun(IRQSCOPE_DEVICE *Device, REQUEST *Request)
{
    IRQSCOPE_AFFINITY_REPLY *Reply = Request->Output;
    const CONNECTION *Connection = SessionConnection(Device, Request->Input.Target.Connection);
    const TARGET *Target;
    NTSTATUS Status;

    if (Connection == NULL) {
        return STATUS_NOT_FOUND;
    }
    Status = (NTSTATUS)TargetCheck(&Request->Input.Target, Connection->Targets);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Target = &Connection->Target[Request->Input.Target.Target];
    RtlZeroMemory(Reply, sizeof(*Reply));
    AffinityAsk(Connection, Target, Reply);
    Reply->Way = Connection->Way;
    Reply->ConnectedAs = Connection->ConnectedAs;
    Reply->Targets = Connection->Targets;
    Reply->Vector = Target->Vector;
    Reply->Irql = Target->DeviceIrql;
    Reply->RequestedMask = Connection->Mask;
    Reply->RequestedGroup = Connection->Group;
    if (Target->Resource != CONNECT_EVERY) {
        const IRQSCOPE_RESOURCE_RECORD *Record = &Device->Resources[Target->Resource];

        Reply->Kind = Record->Kind;
        Reply->Number = Record->Number;
        if (Connection->Resource == CONNECT_EVERY) {
            Reply->RequestedMask = Record->Mask;
            Reply->RequestedGroup = Record->Group;
        }
    }
    Request->Information = sizeof(*Reply);
    return STATUS_SUCCESS;
}
