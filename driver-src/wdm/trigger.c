#include "driver.h"

/* How a paced trigger waits: in steps that grow, so that a quick ISR is seen at once and a slow one costs few
 * looks. */
#define TRIGGER_FIRST_STEP 1u /* microseconds */
#define TRIGGER_LAST_STEP 16u

/* Stamp and register write, with nothing between them: at DISPATCH_LEVEL no other thread comes in. */
_IRQL_requires_max_(PASSIVE_LEVEL)
static VOID TriggerRaisePaced(_Inout_ TARGET *Target)
{
    KIRQL Irql;

    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    PaceArm(&Target->Pace, TimeNow());
    Target->Hardware->Model->Raise(Target->Hardware, Target->Message == MODEL_LINE ? 0 : Target->Message);
    KeLowerIrql(Irql);
}

/* TRUE when the ISR ran within the limit. */
_IRQL_requires_max_(PASSIVE_LEVEL)
static BOOLEAN TriggerWait(_Inout_ TARGET *Target, ULONGLONG Limit)
{
    ULONGLONG Begin = TimeNow();
    ULONG Step = TRIGGER_FIRST_STEP;

    while (!PaceHasArrived(&Target->Pace)) {
        if (TimeNow() - Begin >= Limit) {
            return !PaceCancel(&Target->Pace);
        }
        KeStallExecutionProcessor(Step);
        if (Step < TRIGGER_LAST_STEP) {
            Step *= 2;
        }
    }
    return TRUE;
}

/* Why no further trigger may be sent, or STATUS_SUCCESS. */
static NTSTATUS TriggerMayGoOn(_In_ const IRQSCOPE_DEVICE *Device, ULONG Sent, ULONGLONG Begin, ULONGLONG Longest)
{
    const HARDWARE *Hardware = &Device->Hardware;

    if (!Hardware->Present) {
        return STATUS_DELETE_PENDING;
    }
    if (!Hardware->Powered || Hardware->Storm) {
        return STATUS_DEVICE_NOT_READY;
    }
    /* The first may take all of the time. A later one is not begun when it might not end in time. */
    if (Sent != 0 && TimeNow() - Begin + Longest > ClockTicks(&Device->Driver->Clock, IRQSCOPE_MAXIMUM_TRIGGER_TIME)) {
        return STATUS_TIMEOUT;
    }
    return STATUS_SUCCESS;
}

/* Round after round over the targets, so that a request that stops early has sent to all of them alike. */
_IRQL_requires_max_(PASSIVE_LEVEL)
static VOID TriggerSend(_In_ const IRQSCOPE_DEVICE *Device, _Inout_ CONNECTION *Connection,
                        _In_ const IRQSCOPE_TRIGGER_REQUEST *Input, _Inout_ IRQSCOPE_TRIGGER_REPLY *Reply)
{
    ULONG First = Input->Target == IRQSCOPE_ALL ? 0 : Input->Target;
    ULONG Targets = Input->Target == IRQSCOPE_ALL ? Connection->Targets : 1;
    BOOLEAN Paced = (Input->Flags & IRQSCOPE_TRIGGER_PACED) != 0;
    ULONGLONG Limit = Paced ? ClockTicks(&Device->Driver->Clock, Input->Limit) : 0;
    ULONGLONG Begin = TimeNow();
    ULONG Round;
    ULONG Index;

    for (Round = 0; Round < Input->Count; Round++) {
        for (Index = 0; Index < Targets; Index++) {
            TARGET *Target = &Connection->Target[First + Index];

            Reply->Status = (ULONG)TriggerMayGoOn(Device, Reply->Sent, Begin, Limit);
            if (Reply->Status != (ULONG)STATUS_SUCCESS) {
                return;
            }
            Target->Sent++;
            Reply->Sent++;
            if (!Paced) {
                Target->Hardware->Model->Raise(Target->Hardware, Target->Message == MODEL_LINE ? 0 : Target->Message);
                continue;
            }
            TriggerRaisePaced(Target);
            if (TriggerWait(Target, Limit)) {
                Reply->Arrived++;
            } else {
                Target->Lost++;
                Reply->Lost++;
            }
        }
    }
}

/* Can each of the targets be raised by its model? */
static BOOLEAN TriggerReaches(_In_ const CONNECTION *Connection, _In_ const IRQSCOPE_TRIGGER_REQUEST *Input)
{
    const MODEL *Model = Connection->Device->Hardware.Model;
    ULONG Index;

    for (Index = 0; Index < Connection->Targets; Index++) {
        const TARGET *Target = &Connection->Target[Index];

        if ((Input->Target == IRQSCOPE_ALL || Input->Target == Index) && Target->Message != MODEL_LINE &&
            Target->Message >= Model->Messages) {
            return FALSE;
        }
    }
    return TRUE;
}

_Use_decl_annotations_
NTSTATUS TriggerRun(IRQSCOPE_DEVICE *Device, REQUEST *Request)
{
    const IRQSCOPE_TRIGGER_REQUEST *Input = &Request->Input.Trigger;
    CONNECTION *Connection = SessionConnection(Device, Input->Connection);
    IRQSCOPE_TRIGGER_REPLY *Reply = Request->Output;
    NTSTATUS Status;

    if (Connection == NULL) {
        return STATUS_NOT_FOUND;
    }
    Status = SessionMayUse(Request->Session);
    if (NT_SUCCESS(Status)) {
        Status = (NTSTATUS)TriggerCheck(Input, Connection->Targets);
    }
    if (NT_SUCCESS(Status)) {
        Status = (NTSTATUS)StateMayTrigger(&Device->State);
    }
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    if (Device->Hardware.Model->Messages != 0 && !TriggerReaches(Connection, Input)) {
        return STATUS_INVALID_PARAMETER_4;
    }
    RtlZeroMemory(Reply, sizeof(*Reply));
    if (Device->Hardware.Model->Messages == 0) {
        Reply->Status = (ULONG)STATUS_NOT_SUPPORTED; /* it interrupts by itself or not at all */
    } else {
        TriggerSend(Device, Connection, Input, Reply);
    }
    Request->Information = sizeof(*Reply);
    return STATUS_SUCCESS;
}
