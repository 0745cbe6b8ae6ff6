/*
 * The driver owns its device's power policy: a request about the system's state is turned into one about the device's.
 *
 *   system request --down--> back --PoRequestPowerIrp--> device request --done--> the system request completes
 *   device request to D0: down first, then the device is programmed; below D0: the device is quiet first, then down
 *
 * Connections live through all of it: a power request never connects or disconnects. What needs the gate needs
 * PASSIVE_LEVEL; a request that comes higher waits for a work item.
 */
#include "driver.h"

static IO_COMPLETION_ROUTINE PowerSystemReturned;
static IO_COMPLETION_ROUTINE PowerUpReturned;
static IO_WORKITEM_ROUTINE PowerUpWork;
static IO_WORKITEM_ROUTINE PowerDownWork;
static REQUEST_POWER_COMPLETE PowerDeviceDone;
static KSYNCHRONIZE_ROUTINE PowerMeetIsr;

/* Before 6.0 power requests have a dispatcher of their own, which must be told when it may send the next one. */
_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID PowerNext(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    if (Device->Driver->Routines.HasPowerSequence) {
        PoStartNextPowerIrp(Irp);
    }
}

_IRQL_requires_max_(DISPATCH_LEVEL)
static NTSTATUS PowerCall(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    return Device->Driver->Routines.HasPowerSequence ? PoCallDriver(Device->Lower, Irp)
                                                     : IoCallDriver(Device->Lower, Irp);
}

_IRQL_requires_max_(DISPATCH_LEVEL)
static NTSTATUS PowerForward(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    PowerNext(Device, Irp);
    IoSkipCurrentIrpStackLocation(Irp);
    return PowerCall(Device, Irp);
}

/* An IRP whose way down has ended and that is ours to complete. */
_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID PowerFinish(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp, NTSTATUS Status)
{
    Irp->IoStatus.Status = Status;
    PowerNext(Device, Irp);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
}

/* ---- The system's state ------------------------------------------------------------------------------------------ */

static POWER_STATE PowerDeviceState(_In_ const IRQSCOPE_DEVICE *Device, SYSTEM_POWER_STATE System)
{
    POWER_STATE State;

    State.DeviceState = System == PowerSystemWorking ? PowerDeviceD0 : PowerDeviceD3;
    if (System > PowerSystemWorking && System < PowerSystemMaximum && Device->HasCapabilities) {
        DEVICE_POWER_STATE Mapped = Device->Capabilities.DeviceState[System];

        if (Mapped >= PowerDeviceD1 && Mapped <= PowerDeviceD3) {
            State.DeviceState = Mapped;
        }
    }
    return State;
}

_Use_decl_annotations_
static VOID NTAPI PowerDeviceDone(PDEVICE_OBJECT DeviceObject, UCHAR MinorFunction, POWER_STATE PowerState,
                                  PVOID Context, PIO_STATUS_BLOCK IoStatus)
{
    PIRP Irp = Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(MinorFunction);
    UNREFERENCED_PARAMETER(PowerState);
    _Analysis_assume_(Irp != NULL);
    PowerFinish(DeviceOf(IoGetCurrentIrpStackLocation(Irp)->DeviceObject), Irp, IoStatus->Status);
}

_Use_decl_annotations_
static NTSTATUS NTAPI PowerSystemReturned(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    IRQSCOPE_DEVICE *Device = Context;
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status = Irp->IoStatus.Status;

    UNREFERENCED_PARAMETER(DeviceObject);
    _Analysis_assume_(Device != NULL);
    if (NT_SUCCESS(Status)) {
        Status = PoRequestPowerIrp(Device->Pdo, Stack->MinorFunction,
                                   PowerDeviceState(Device, Stack->Parameters.Power.State.SystemState),
                                   PowerDeviceDone, Irp, NULL);
        if (Status == STATUS_PENDING) {
            return STATUS_MORE_PROCESSING_REQUIRED; /* PowerDeviceDone completes it */
        }
        Irp->IoStatus.Status = Status;
    }
    PowerNext(Device, Irp);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return STATUS_SUCCESS;
}

_IRQL_requires_max_(DISPATCH_LEVEL)
static NTSTATUS PowerSystem(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    IoMarkIrpPending(Irp);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, PowerSystemReturned, Device, TRUE, TRUE, TRUE);
    (VOID)PowerCall(Device, Irp);
    return STATUS_PENDING;
}

/* ---- The device's state: down ------------------------------------------------------------------------------------ */

_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID PowerTell(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    (VOID)PoSetPowerState(Device->Self, DevicePowerState, IoGetCurrentIrpStackLocation(Irp)->Parameters.Power.State);
}

/* Nothing to do: whoever takes an interrupt's lock waits until its ISR has returned. */
_Use_decl_annotations_
static BOOLEAN NTAPI PowerMeetIsr(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    return TRUE;
}

/* An ISR that found the device in D0 may be at its registers on another processor; below D0 an access to them is an
 * error on the bus. */
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Device->Gate)
static VOID PowerDrainIsrs(_In_ IRQSCOPE_DEVICE *Device)
{
    ULONG Place;
    ULONG Index;

    for (Place = 0; Place < IRQSCOPE_MAXIMUM_CONNECTIONS; Place++) {
        const CONNECTION *Connection = Device->Connections[Place];

        for (Index = 0; Connection != NULL && Index < Connection->Targets; Index++) {
            (VOID)KeSynchronizeExecution(Connection->Target[Index].Object, PowerMeetIsr, NULL);
        }
    }
}

_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PowerDown(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    NTSTATUS Status;

    GateEnter(Device);
    if (Device->State.Powered) {
        HardwarePowerDown(&Device->Hardware);
        PowerDrainIsrs(Device);
        StatePowerDown(&Device->State);
    }
    GateLeave(Device);
    PowerTell(Device, Irp);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    PowerNext(Device, Irp);
    /* Copied, not skipped: our own stack location may be marked pending, and the driver below must not find it so. */
    IoCopyCurrentIrpStackLocationToNext(Irp);
    Status = PowerCall(Device, Irp);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return Status;
}

_Use_decl_annotations_
static VOID NTAPI PowerDownWork(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    (VOID)PowerDown(DeviceOf(DeviceObject), DeviceOf(DeviceObject)->PowerIrp);
}

/* ---- The device's state: up -------------------------------------------------------------------------------------- */

/* PASSIVE_LEVEL, the bus has switched the device on. */
_IRQL_requires_max_(PASSIVE_LEVEL)
static VOID PowerUp(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    GateEnter(Device);
    if (!Device->State.Powered) {
        HardwarePowerUp(&Device->Hardware);
        StatePowerUp(&Device->State);
    }
    GateLeave(Device);
    PowerTell(Device, Irp);
}

_Use_decl_annotations_
static VOID NTAPI PowerUpWork(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    IRQSCOPE_DEVICE *Device = DeviceOf(DeviceObject);
    PIRP Irp = Device->PowerIrp;

    UNREFERENCED_PARAMETER(Context);
    PowerUp(Device, Irp);
    PowerFinish(Device, Irp, STATUS_SUCCESS);
}

_Use_decl_annotations_
static NTSTATUS NTAPI PowerUpReturned(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    IRQSCOPE_DEVICE *Device = Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    _Analysis_assume_(Device != NULL);
    if (NT_SUCCESS(Irp->IoStatus.Status)) {
        if (KeGetCurrentIrql() != PASSIVE_LEVEL) {
            Device->PowerIrp = Irp;
            IoQueueWorkItem(Device->PowerItem, PowerUpWork, DelayedWorkQueue, NULL);
            return STATUS_MORE_PROCESSING_REQUIRED;
        }
        PowerUp(Device, Irp);
    }
    PowerNext(Device, Irp);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return STATUS_SUCCESS;
}

/* ---- Dispatch ---------------------------------------------------------------------------------------------------- */

_IRQL_requires_max_(DISPATCH_LEVEL)
static NTSTATUS PowerDevice(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp, DEVICE_POWER_STATE State)
{
    if (State == PowerDeviceD0) {
        IoMarkIrpPending(Irp);
        IoCopyCurrentIrpStackLocationToNext(Irp);
        IoSetCompletionRoutine(Irp, PowerUpReturned, Device, TRUE, TRUE, TRUE);
        (VOID)PowerCall(Device, Irp);
        return STATUS_PENDING;
    }
    if (KeGetCurrentIrql() == PASSIVE_LEVEL) {
        return PowerDown(Device, Irp);
    }
    IoMarkIrpPending(Irp);
    Device->PowerIrp = Irp;
    IoQueueWorkItem(Device->PowerItem, PowerDownWork, DelayedWorkQueue, NULL);
    return STATUS_PENDING;
}

_Use_decl_annotations_
NTSTATUS NTAPI PowerDispatch(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    IRQSCOPE_DEVICE *Device = DeviceOf(DeviceObject);
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status = IoAcquireRemoveLock(&Device->RemoveLock, Irp);

    if (!NT_SUCCESS(Status)) {
        PowerNext(Device, Irp);
        Irp->IoStatus.Status = Status;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        return Status;
    }
    if ((Stack->MinorFunction == IRP_MN_SET_POWER || Stack->MinorFunction == IRP_MN_QUERY_POWER) &&
        Stack->Parameters.Power.Type == SystemPowerState) {
        return PowerSystem(Device, Irp);
    }
    if (Stack->MinorFunction == IRP_MN_SET_POWER) {
        return PowerDevice(Device, Irp, Stack->Parameters.Power.State.DeviceState);
    }
    Status = PowerForward(Device, Irp);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return Status;
}
