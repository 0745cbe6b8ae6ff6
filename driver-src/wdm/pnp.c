/*
 * The PnP manager's requests. core/state.h has the diagram; here is what each arrow does to the hardware, the
 * connections and the interface. Everything that connects or disconnects runs under the gate.
 */
#include "driver.h"

#include "portclass.h"

_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PnpForwardAndWait(_In_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp);

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, PnpAddDevice)
#pragma alloc_text(PAGE, PnpDispatch)
#pragma alloc_text(PAGE, PnpForwardAndWait)
#endif

static const GUID InterfaceGuid = IRQSCOPE_INTERFACE_GUID;

/* ---- AddDevice --------------------------------------------------------------------------------------------------- */

/* Two processors for the storm DPC, so that one of them is not the one that storms. */
_IRQL_requires_max_(PASSIVE_LEVEL)
static VOID PnpChooseStormProcessors(_Inout_ IRQSCOPE_DEVICE *Device)
{
    const ROUTINES *Routines = &Device->Driver->Routines;
    ULONG Groups = RoutinesGroups(Routines);
    ULONG Found = 0;
    ULONG Group;
    ULONG Index;

    for (Group = 0; Group < Groups && Found < 2; Group++) {
        KAFFINITY Mask = RoutinesGroupAffinity(Routines, (USHORT)Group);
        ULONG Number;

        for (Number = MaskNext(Mask, 0); Number != BITS_NONE && Found < 2; Number = MaskNext(Mask, Number + 1)) {
            Device->StormProcessor[Found].Group = (USHORT)Group;
            Device->StormProcessor[Found].Number = (UCHAR)Number;
            Found++;
        }
    }
    if (Found == 1) {
        Device->StormProcessor[1] = Device->StormProcessor[0];
    }
    for (Index = 0; Index < 2; Index++) {
        KeInitializeDpc(&Device->StormDpc[Index], IsrStormDpc, Device);
        KeSetImportanceDpc(&Device->StormDpc[Index], HighImportance); /* before the DPCs of the storm itself */
        if (Routines->SetTargetProcessorDpcEx != NULL) {
            (VOID)Routines->SetTargetProcessorDpcEx(&Device->StormDpc[Index], &Device->StormProcessor[Index]);
        }
    }
}

_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PnpInitialize(_Out_ IRQSCOPE_DEVICE *Device, _In_ PDRIVER_OBJECT DriverObject, _In_ PDEVICE_OBJECT Self,
                              _In_ PDEVICE_OBJECT Pdo)
{
    RtlZeroMemory(Device, sizeof(*Device));
    Device->Driver = EntryDriver(DriverObject, &Device->OwnDriver);
    Device->Self = Self;
    Device->Pdo = Pdo;
    IoInitializeRemoveLock(&Device->RemoveLock, MEMORY_TAG_LOCK, 0, 0);
    KeInitializeEvent(&Device->Gate, SynchronizationEvent, TRUE);
    KeInitializeSpinLock(&Device->InterruptLock);
    StateAdd(&Device->State);
    IdentityStart(&Device->Identities);
    HardwareInitialize(&Device->Hardware);
    PnpChooseStormProcessors(Device);
    return StreamInitialize(Device);
}

_Use_decl_annotations_
NTSTATUS NTAPI PnpAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT PhysicalDeviceObject)
{
    IRQSCOPE_DEVICE *Device;
    PDEVICE_OBJECT Self;
    NTSTATUS Status;

    PAGED_CODE();

    Status = IoCreateDevice(DriverObject, sizeof(IRQSCOPE_DEVICE), NULL, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN,
                            FALSE, &Self);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Device = DeviceOf(Self);
    Status = PnpInitialize(Device, DriverObject, Self, PhysicalDeviceObject);
    if (!NT_SUCCESS(Status)) {
        goto deleteDevice;
    }
    Device->PowerItem = IoAllocateWorkItem(Self);
    if (Device->PowerItem == NULL) {
        Status = STATUS_INSUFFICIENT_RESOURCES;
        goto deleteDevice;
    }
    /* Attached before the interface is registered: the PnP manager may send requests through us while it
     * registers. */
    Device->Lower = IoAttachDeviceToDeviceStack(Self, PhysicalDeviceObject);
    if (Device->Lower == NULL) {
        Status = STATUS_NO_SUCH_DEVICE;
        goto freeWorkItem;
    }
    Self->Flags |= DO_BUFFERED_IO | (Device->Lower->Flags & (DO_POWER_PAGABLE | DO_POWER_INRUSH));
    Status = IoRegisterDeviceInterface(PhysicalDeviceObject, &InterfaceGuid, NULL, &Device->InterfaceName);
    if (!NT_SUCCESS(Status)) {
        goto detachDevice;
    }
    Self->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
    return STATUS_SUCCESS;

detachDevice:
    IoDetachDevice(Device->Lower);
freeWorkItem:
    IoFreeWorkItem(Device->PowerItem);
deleteDevice:
    IoDeleteDevice(Self);
    return Status;
}

/* ---- Helpers ----------------------------------------------------------------------------------------------------- */

static IO_COMPLETION_ROUTINE PnpReturned;

_Use_decl_annotations_
static NTSTATUS NTAPI PnpReturned(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    _Analysis_assume_(Context != NULL);
    (VOID)KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

/* Sends the IRP down and waits until it is back; it is the caller's to complete. */
_Use_decl_annotations_
static NTSTATUS PnpForwardAndWait(IRQSCOPE_DEVICE *Device, PIRP Irp)
{
    KEVENT Event;
    NTSTATUS Status;

    PAGED_CODE();

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, PnpReturned, &Event, TRUE, TRUE, TRUE);
    Status = IoCallDriver(Device->Lower, Irp);
    if (Status == STATUS_PENDING) {
        (VOID)KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
        Status = Irp->IoStatus.Status;
    }
    return Status;
}

_IRQL_requires_max_(DISPATCH_LEVEL)
static NTSTATUS PnpComplete(_Inout_ PIRP Irp, NTSTATUS Status)
{
    Irp->IoStatus.Status = Status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

_IRQL_requires_max_(DISPATCH_LEVEL)
static NTSTATUS PnpForward(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(Device->Lower, Irp);
}

_IRQL_requires_max_(PASSIVE_LEVEL)
static VOID PnpSetInterface(_Inout_ IRQSCOPE_DEVICE *Device, BOOLEAN Enable)
{
    if (Device->InterfaceEnabled != Enable) {
        (VOID)IoSetDeviceInterfaceState(&Device->InterfaceName, Enable);
        Device->InterfaceEnabled = Enable;
    }
}

/* Under the gate: the device is as it was before its START. */
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Device->Gate)
static VOID PnpTearDown(_Inout_ IRQSCOPE_DEVICE *Device)
{
    ConnectBreakAll(Device);
    if (Portclass.Ability != 0) {
        Portclass.Stop(Device);
    }
    HardwareStop(&Device->Hardware);
    ResourcesForget(Device);
}

/* Under the gate. */
_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Device->Gate)
static NTSTATUS PnpBuild(_Inout_ IRQSCOPE_DEVICE *Device, _In_opt_ PCM_RESOURCE_LIST Raw,
                         _In_opt_ PCM_RESOURCE_LIST Translated)
{
    NTSTATUS Status = ResourcesTake(Device, Raw, Translated);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Status = HardwareStart(&Device->Hardware, &Device->Driver->Routines, Device->Pdo, Translated,
                           ResourcesMessages(Device));
    if (!NT_SUCCESS(Status)) {
        goto forgetResources;
    }
    if (Portclass.Ability != 0) {
        Status = Portclass.Start(Device, Raw, Translated);
        if (!NT_SUCCESS(Status)) {
            goto stopHardware;
        }
    }
    Status = (NTSTATUS)StateStart(&Device->State);
    if (!NT_SUCCESS(Status)) {
        goto stopPortclass;
    }
    ConnectAtStart(Device);
    return STATUS_SUCCESS;

stopPortclass:
    if (Portclass.Ability != 0) {
        Portclass.Stop(Device);
    }
stopHardware:
    HardwareStop(&Device->Hardware);
forgetResources:
    ResourcesForget(Device);
    return Status;
}

/* ---- One function a request. Each completes or forwards the IRP. ------------------------------------------------- */

/* Also for a device that is started already: then everything is taken down first, and handles stay open over it. */
_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PnpStart(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status = PnpForwardAndWait(Device, Irp);

    if (!NT_SUCCESS(Status)) {
        return PnpComplete(Irp, Status);
    }
    HardwareOpenBus(&Device->Hardware, Device->Lower);
    GateEnter(Device);
    PnpTearDown(Device);
    Status = PnpBuild(Device, Stack->Parameters.StartDevice.AllocatedResources,
                      Stack->Parameters.StartDevice.AllocatedResourcesTranslated);
    if (!NT_SUCCESS(Status)) {
        (VOID)StateStop(&Device->State); /* it may have been started before: its hardware is gone now */
    }
    GateLeave(Device);
    if (NT_SUCCESS(Status)) {
        PnpSetInterface(Device, TRUE);
    }
    return PnpComplete(Irp, Status);
}

/* A query goes down after we have agreed; what we refuse goes no further. */
_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PnpQuery(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp, uint32_t (*Arrow)(DEVICE_LIFE_STATE *State))
{
    NTSTATUS Status;

    GateEnter(Device);
    Status = (NTSTATUS)Arrow(&Device->State);
    GateLeave(Device);
    if (!NT_SUCCESS(Status)) {
        return PnpComplete(Irp, Status);
    }
    Irp->IoStatus.Status = STATUS_SUCCESS;
    return PnpForward(Device, Irp);
}

/* A stop must not fail, whatever came before it. */
_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PnpStop(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    GateEnter(Device);
    (VOID)StateStop(&Device->State);
    PnpTearDown(Device);
    GateLeave(Device);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    return PnpForward(Device, Irp);
}

/* Cancels are heard below first. */
_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PnpCancel(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp,
                          uint32_t (*Arrow)(DEVICE_LIFE_STATE *State))
{
    NTSTATUS Status;

    Irp->IoStatus.Status = STATUS_SUCCESS;
    Status = PnpForwardAndWait(Device, Irp);
    if (NT_SUCCESS(Status)) {
        GateEnter(Device);
        (VOID)Arrow(&Device->State);
        GateLeave(Device);
    }
    return PnpComplete(Irp, Status);
}

_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PnpSurpriseRemove(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    /* At once, and not under the gate: a trigger request that holds it shall stop. */
    HardwareVanish(&Device->Hardware);
    GateEnter(Device);
    (VOID)StateSurpriseRemove(&Device->State);
    PnpTearDown(Device);
    GateLeave(Device);
    PnpSetInterface(Device, FALSE);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    return PnpForward(Device, Irp);
}

_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PnpRemove(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    PDEVICE_OBJECT Lower = Device->Lower;
    NTSTATUS Status;

    GateEnter(Device);
    (VOID)StateRemove(&Device->State);
    PnpTearDown(Device);
    HardwareCloseBus(&Device->Hardware); /* while the bus driver below still knows the device */
    GateLeave(Device);
    PnpSetInterface(Device, FALSE);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Status = PnpForward(Device, Irp);
    IoReleaseRemoveLockAndWait(&Device->RemoveLock, Irp);
    RtlFreeUnicodeString(&Device->InterfaceName);
    IoFreeWorkItem(Device->PowerItem);
    IoDetachDevice(Lower);
    IoDeleteDevice(Device->Self); /* the extension stays while a handle is open */
    return Status;
}

/* The states that the bus maps system sleep to are ours to follow; and the device may be pulled without a warning. */
_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PnpCapabilities(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    PDEVICE_CAPABILITIES Capabilities =
        IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceCapabilities.Capabilities;
    NTSTATUS Status = PnpForwardAndWait(Device, Irp);

    if (NT_SUCCESS(Status) && Capabilities != NULL) {
        Capabilities->SurpriseRemovalOK = TRUE;
        Device->Capabilities = *Capabilities;
        Device->HasCapabilities = TRUE;
    }
    return PnpComplete(Irp, Status);
}

/* A file system that lives on a device needs its whole path: pageable power handling must follow what is below. */
_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PnpUsage(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    NTSTATUS Status = PnpForwardAndWait(Device, Irp);

    if (NT_SUCCESS(Status)) {
        Device->Self->Flags = (Device->Self->Flags & ~(ULONG)DO_POWER_PAGABLE) |
                              (Device->Lower->Flags & DO_POWER_PAGABLE);
    }
    return PnpComplete(Irp, Status);
}

_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PnpFilter(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp)
{
    NTSTATUS Status = PnpForwardAndWait(Device, Irp);

    return PnpComplete(Irp, FilterRequirements(Device, Irp, Status));
}

_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS PnpRun(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp, UCHAR Minor)
{
    switch (Minor) {
    case IRP_MN_START_DEVICE:
        return PnpStart(Device, Irp);
    case IRP_MN_QUERY_STOP_DEVICE:
        return PnpQuery(Device, Irp, StateQueryStop);
    case IRP_MN_CANCEL_STOP_DEVICE:
        return PnpCancel(Device, Irp, StateCancelStop);
    case IRP_MN_STOP_DEVICE:
        return PnpStop(Device, Irp);
    case IRP_MN_QUERY_REMOVE_DEVICE:
        return PnpQuery(Device, Irp, StateQueryRemove);
    case IRP_MN_CANCEL_REMOVE_DEVICE:
        return PnpCancel(Device, Irp, StateCancelRemove);
    case IRP_MN_SURPRISE_REMOVAL:
        return PnpSurpriseRemove(Device, Irp);
    case IRP_MN_QUERY_CAPABILITIES:
        return PnpCapabilities(Device, Irp);
    case IRP_MN_FILTER_RESOURCE_REQUIREMENTS:
        return PnpFilter(Device, Irp);
    case IRP_MN_DEVICE_USAGE_NOTIFICATION:
        return PnpUsage(Device, Irp);
    default:
        return PnpForward(Device, Irp); /* its status untouched */
    }
}

_Use_decl_annotations_
NTSTATUS NTAPI PnpDispatch(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    IRQSCOPE_DEVICE *Device = DeviceOf(DeviceObject);
    UCHAR Minor = IoGetCurrentIrpStackLocation(Irp)->MinorFunction;
    NTSTATUS Status;

    PAGED_CODE();

    Status = IoAcquireRemoveLock(&Device->RemoveLock, Irp);
    if (!NT_SUCCESS(Status)) {
        return PnpComplete(Irp, Status);
    }
    if (Minor == IRP_MN_REMOVE_DEVICE) {
        return PnpRemove(Device, Irp); /* which lets the lock go for good */
    }
    Status = PnpRun(Device, Irp, Minor);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return Status;
}
