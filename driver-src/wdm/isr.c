/*
 * What runs when the device interrupts: ask it, stamp, record, queue the slot's DPC. No lock of its own, no
 * allocation, no loop. The interrupt object that an ISR is handed is not the one that connect returned; it is used
 * for nothing.
 */
#include "driver.h"

/* The guard tripped: the device is masked here as far as its registers go. Where its bus must do it, a DPC
 * follows, on a processor other than this one, which may come to nothing else while a line stays up. */
_IRQL_requires_max_(HIGH_LEVEL)
static VOID IsrStorm(_Inout_ TARGET *Target, _In_ const PROCESSOR_NUMBER *Here)
{
    IRQSCOPE_DEVICE *Device = Target->Connection->Device;
    const PROCESSOR_NUMBER *First = &Device->StormProcessor[0];
    ULONG Other = First->Group == Here->Group && First->Number == Here->Number ? 1 : 0;

    Target->Counters.Flags |= IRQSCOPE_COUNTERS_STORM;
    HardwareStormInIsr(Target->Hardware);
    (VOID)KeInsertQueueDpc(&Device->StormDpc[Other], NULL, NULL);
}

/* Below D0, and once it is gone, its registers say nothing: then it was another device on the same line. So it was
 * once the mask has reached this one, and asking would take back a cause that waits for the unmasking. A message or an
 * edge of our own may have been on its way when the mask came. */
_IRQL_requires_max_(HIGH_LEVEL)
static BOOLEAN IsrMayAsk(_In_ const TARGET *Target)
{
    const HARDWARE *Hardware = Target->Hardware;

    return Hardware->Present && Hardware->Powered && !(Target->Shared && Hardware->Hushed);
}

_Use_decl_annotations_
BOOLEAN IsrRun(TARGET *Target)
{
    CONNECTION *Connection = Target->Connection;
    HARDWARE *Hardware = Target->Hardware;
    ULONGLONG Entry = TimeNow();
    BOOLEAN Claimed = IsrMayAsk(Target) && Hardware->Model->Claim(Hardware, Target->Message);
    ULONG Measured = Claimed ? PaceArrive(&Target->Pace, Entry) : IRQSCOPE_TIME_UNKNOWN;
    USHORT Flags = (USHORT)((Claimed ? IRQSCOPE_EVENT_CLAIMED : 0) |
                            (Measured != IRQSCOPE_TIME_UNKNOWN ? IRQSCOPE_EVENT_PACED : 0));
    PROCESSOR_NUMBER Here;
    const SLOT_TABLE *Table;
    SLOT *Slot;

    RunningProcessor(&Connection->Device->Driver->Routines.Processor, &Here);
    Table = Here.Group < Target->Groups ? Target->Tables[Here.Group] : NULL;
    Slot = Table != NULL ? SlotFind(Table, Here.Group, Here.Number) : NULL;
    CountersRecord(&Target->Counters, Entry, Claimed, Slot == NULL);
    if ((Claimed || !Target->Shared) && StormRecord(&Target->Storm, Entry)) {
        IsrStorm(Target, &Here);
    }
    if (Slot != NULL) {
        SlotRecord(Slot, Entry, Measured, (USHORT)Target->Number, Flags);
        (VOID)KeInsertQueueDpc(&LaneOf(Slot)->Dpc, NULL, NULL);
        SlotRecordDuration(Slot, ClockBetween(Entry, TimeNow()));
    } else {
        LANE *Stray = Connection->Lane[Connection->Lanes - 1];

        StrayRecord(Stray->Stray, Entry, Measured, (USHORT)Target->Number, Flags, Here.Group, Here.Number,
                    Target->Irql);
        (VOID)KeInsertQueueDpc(&Stray->Dpc, NULL, NULL);
    }
    return Claimed;
}

_Use_decl_annotations_
BOOLEAN NTAPI IsrService(PKINTERRUPT Interrupt, PVOID Context)
{
    UNREFERENCED_PARAMETER(Interrupt);
    _Analysis_assume_(Context != NULL);
    return IsrRun(Context);
}

_Use_decl_annotations_
BOOLEAN NTAPI IsrMessage(PKINTERRUPT Interrupt, PVOID Context, ULONG MessageId)
{
    CONNECTION *Connection = Context;

    UNREFERENCED_PARAMETER(Interrupt);
    _Analysis_assume_(Context != NULL);
    /* More messages than the resources told of: there is no target to record them for. */
    if (MessageId >= Connection->Messages) {
        return FALSE;
    }
    return IsrRun(&Connection->Made[MessageId]);
}

_Use_decl_annotations_
BOOLEAN NTAPI IsrFallBack(PKINTERRUPT Interrupt, PVOID Context)
{
    UNREFERENCED_PARAMETER(Interrupt);
    _Analysis_assume_(Context != NULL);
    return IsrRun(((CONNECTION *)Context)->FallBack);
}

_Use_decl_annotations_
VOID NTAPI IsrDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    LANE *Lane = Context;
    IRQSCOPE_DEVICE *Device;
    ULONGLONG Now = TimeNow();
    PROCESSOR_NUMBER Here;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    _Analysis_assume_(Lane != NULL);

    Device = Lane->Device;
    RunningProcessor(&Device->Driver->Routines.Processor, &Here);
    KeAcquireSpinLockAtDpcLevel(&Device->StreamLock);
    if (Lane->Slot != NULL) {
        SlotDpc(Lane->Slot, Now, Here.Group != Lane->Slot->Group || Here.Number != Lane->Slot->Number);
    } else {
        StrayDpc(Lane->Stray, Now);
    }
    LaneNote(Lane);
    KeReleaseSpinLockFromDpcLevel(&Device->StreamLock);
    StreamFeed(Device);
}

_Use_decl_annotations_
VOID NTAPI IsrStormDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    IRQSCOPE_DEVICE *Device = Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    _Analysis_assume_(Device != NULL);
    HardwareStormInDpc(&Device->Hardware);
}
