#include "driver.h"

static KSYNCHRONIZE_ROUTINE MaskRearm;

_Use_decl_annotations_
static BOOLEAN NTAPI MaskRearm(PVOID Context)
{
    TARGET *Target = Context;

    _Analysis_assume_(Target != NULL);
    Target->Counters.Flags &= ~IRQSCOPE_COUNTERS_STORM;
    StormRearm(&Target->Storm);
    return TRUE;
}

/* Ends the guard's masking and watches again. */
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Device->Gate)
static VOID MaskForgetStorm(_Inout_ IRQSCOPE_DEVICE *Device)
{
    ULONG Place;
    ULONG Index;

    if (InterlockedExchange(&Device->Hardware.Storm, 0) == 0) {
        return;
    }
    for (Place = 0; Place < IRQSCOPE_MAXIMUM_CONNECTIONS; Place++) {
        CONNECTION *Connection = Device->Connections[Place];

        for (Index = 0; Connection != NULL && Index < Connection->Targets; Index++) {
            (VOID)KeSynchronizeExecution(Connection->Target[Index].Object, MaskRearm, &Connection->Target[Index]);
        }
    }
}

_Use_decl_annotations_
NTSTATUS MaskRun(IRQSCOPE_DEVICE *Device, REQUEST *Request)
{
    IRQSCOPE_REPLY *Reply = Request->Output;
    ULONG Masked = Request->Input.Mask.Masked;
    NTSTATUS Status = (NTSTATUS)MaskCheck(&Request->Input.Mask);

    if (NT_SUCCESS(Status)) {
        Status = (NTSTATUS)StateMayTrigger(&Device->State);
    }
    if (NT_SUCCESS(Status)) {
        Status = SessionMayUse(Request->Session);
    }
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    RtlZeroMemory(Reply, sizeof(*Reply));
    if (!Device->Hardware.Model->CanMask) {
        Reply->Status = (ULONG)STATUS_NOT_SUPPORTED;
    } else {
        (VOID)InterlockedExchange(&Device->Hardware.Masked, (LONG)Masked);
        if (!Masked) {
            MaskForgetStorm(Device);
        }
        HardwareApply(&Device->Hardware);
    }
    Request->Information = sizeof(*Reply);
    return STATUS_SUCCESS;
}
