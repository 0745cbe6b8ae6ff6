/* The driver's life: load, devices, PnP, power, files. What the PnP manager asks is noted. */
#include "driver.h"

static const GUID InterfaceGuid = CONFORM_INTERFACE_GUID;

/* Not on the driver object, where it belongs: Wine 8 has no extensions of driver objects. */
static CONFORM_DRIVER TheDriver;

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath);

NTSTATUS RequestComplete(CONFORM_DEVICE *Device, PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return Status;
}

/* STATUS_DELETE_PENDING: the request has been completed with it. */
static NTSTATUS RequestBegin(CONFORM_DEVICE *Device, PIRP Irp)
{
    NTSTATUS Status = IoAcquireRemoveLock(&Device->RemoveLock, Irp);

    if (!NT_SUCCESS(Status)) {
        Irp->IoStatus.Status = Status;
        Irp->IoStatus.Information = 0;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
    }
    return Status;
}

/* ---- Files ------------------------------------------------------------------------------------------------------- */

static NTSTATUS NTAPI FileDispatch(PDEVICE_OBJECT Object, PIRP Irp)
{
    CONFORM_DEVICE *Device = DeviceOf(Object);
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status = STATUS_SUCCESS;
    ULONG_PTR Information = 0;

    if (Stack->MajorFunction == IRP_MJ_CREATE) {
        Status = RequestBegin(Device, Irp);
        if (!NT_SUCCESS(Status)) {
            return Status;
        }
        LogAdd(Device, "CREATE");
        if (Stack->FileObject != NULL) {
            Stack->FileObject->FsContext = Device;
            Stack->FileObject->FsContext2 = Irp;
        }
        return RequestComplete(Device, Irp, (NTSTATUS)Device->Settings.CreateStatus,
                               Device->Settings.CreateInformation);
    }
    /* CLEANUP and CLOSE come after a removal, too: no lock. */
    LogAdd(Device, Stack->MajorFunction == IRP_MJ_CLEANUP ? "CLEANUP" : "CLOSE");
    if (Stack->FileObject == NULL || Stack->FileObject->FsContext != Device) {
        LogAdd(Device, "with another FsContext");
    }
    if (Stack->MajorFunction == IRP_MJ_CLEANUP) {
        ScriptEndAll(Device, Stack->FileObject, STATUS_CANCELLED);
        Status = (NTSTATUS)Device->Settings.CleanupStatus;
    }
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* ---- PnP --------------------------------------------------------------------------------------------------------- */

static NTSTATUS PassDown(CONFORM_DEVICE *Device, PIRP Irp)
{
    NTSTATUS Status;

    IoSkipCurrentIrpStackLocation(Irp);
    Status = IoCallDriver(Device->Lower, Irp);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return Status;
}

static NTSTATUS NTAPI Returned(PDEVICE_OBJECT Object, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(Object);
    UNREFERENCED_PARAMETER(Irp);
    KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS PassDownAndWait(CONFORM_DEVICE *Device, PIRP Irp)
{
    KEVENT Event;
    NTSTATUS Status;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, Returned, &Event, TRUE, TRUE, TRUE);
    Status = IoCallDriver(Device->Lower, Irp);
    if (Status == STATUS_PENDING) {
        KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
        Status = Irp->IoStatus.Status;
    }
    return Status;
}

static void InterfaceSet(CONFORM_DEVICE *Device, BOOLEAN Enabled)
{
    if (Device->Enabled != Enabled) {
        Device->Enabled = Enabled;
        IoSetDeviceInterfaceState(&Device->Link, Enabled);
    }
}

static NTSTATUS PnpStart(CONFORM_DEVICE *Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status;

    if (Stack->Parameters.StartDevice.AllocatedResources == NULL &&
        Stack->Parameters.StartDevice.AllocatedResourcesTranslated == NULL) {
        LogAdd(Device, "no-resources");
    }
    Status = PassDownAndWait(Device, Irp);
    if (NT_SUCCESS(Status)) {
        InterfaceSet(Device, TRUE);
    }
    return RequestComplete(Device, Irp, Status, 0);
}

static NTSTATUS PnpRemove(CONFORM_DEVICE *Device, PIRP Irp)
{
    NTSTATUS Status;

    InterfaceSet(Device, FALSE);
    ScriptEndAll(Device, NULL, STATUS_DEVICE_REMOVED);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoSkipCurrentIrpStackLocation(Irp);
    Status = IoCallDriver(Device->Lower, Irp);
    IoReleaseRemoveLockAndWait(&Device->RemoveLock, Irp);
    ScriptDelete(Device);
    RtlFreeUnicodeString(&Device->Link);
    IoDetachDevice(Device->Lower);
    InterlockedExchange(&Device->Driver->Taken[Device->Number], 0);
    IoDeleteDevice(Device->Self);
    return Status;
}

static const char *PnpName(UCHAR Minor)
{
    static const char *const Names[] = {
        "START", "QUERY_REMOVE", "REMOVE", "CANCEL_REMOVE", "STOP", "QUERY_STOP", "CANCEL_STOP"
    };

    /* What else the PnP manager asks depends on the bus and on the moment; these are the steps of a device's life. */
    return Minor < RTL_NUMBER_OF(Names) ? Names[Minor] : Minor == IRP_MN_SURPRISE_REMOVAL ? "SURPRISE" : NULL;
}

static NTSTATUS NTAPI PnpDispatch(PDEVICE_OBJECT Object, PIRP Irp)
{
    CONFORM_DEVICE *Device = DeviceOf(Object);
    UCHAR Minor = IoGetCurrentIrpStackLocation(Irp)->MinorFunction;
    NTSTATUS Status = RequestBegin(Device, Irp);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    if (PnpName(Minor) != NULL) {
        LogAdd(Device, PnpName(Minor));
        if (Irp->IoStatus.Status != STATUS_NOT_SUPPORTED) {
            LogAdd(Device, "came-with-another-status");
        }
    }
    switch (Minor) {
    case IRP_MN_START_DEVICE:
        return PnpStart(Device, Irp);
    case IRP_MN_REMOVE_DEVICE:
        return PnpRemove(Device, Irp);
    case IRP_MN_SURPRISE_REMOVAL:
        InterfaceSet(Device, FALSE);
        ScriptEndAll(Device, NULL, STATUS_DEVICE_REMOVED);
        Irp->IoStatus.Status = STATUS_SUCCESS;
        return PassDown(Device, Irp);
    case IRP_MN_QUERY_REMOVE_DEVICE:
        if (!NT_SUCCESS((NTSTATUS)Device->Settings.QueryRemoveStatus)) {
            return RequestComplete(Device, Irp, (NTSTATUS)Device->Settings.QueryRemoveStatus, 0);
        }
        Irp->IoStatus.Status = STATUS_SUCCESS;
        return PassDown(Device, Irp);
    case IRP_MN_QUERY_STOP_DEVICE:
    case IRP_MN_CANCEL_STOP_DEVICE:
    case IRP_MN_STOP_DEVICE:
    case IRP_MN_CANCEL_REMOVE_DEVICE:
        Irp->IoStatus.Status = STATUS_SUCCESS;
        return PassDown(Device, Irp);
    default:
        return PassDown(Device, Irp);
    }
}

static NTSTATUS NTAPI PassDispatch(PDEVICE_OBJECT Object, PIRP Irp)
{
    CONFORM_DEVICE *Device = DeviceOf(Object);
    NTSTATUS Status = RequestBegin(Device, Irp);

    return NT_SUCCESS(Status) ? PassDown(Device, Irp) : Status;
}

/* ---- Devices ----------------------------------------------------------------------------------------------------- */

/* The lowest number that no device has, so that one that is restarted gets its own again. */
static LONG NumberTake(CONFORM_DRIVER *Driver)
{
    LONG Number = 0;

    while (InterlockedExchange(&Driver->Taken[Number], 1) != 0 && Number < CONFORM_DEVICES - 1) {
        Number++;
    }
    return Number;
}

static NTSTATUS NTAPI AddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT Pdo)
{
    CONFORM_DEVICE *Device;
    PDEVICE_OBJECT Self;
    NTSTATUS Status = IoCreateDevice(DriverObject, sizeof(CONFORM_DEVICE), NULL, FILE_DEVICE_UNKNOWN,
                                     FILE_DEVICE_SECURE_OPEN, FALSE, &Self);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Device = DeviceOf(Self);
    RtlZeroMemory(Device, sizeof(*Device));
    Device->Driver = &TheDriver;
    Device->Self = Self;
    Device->Pdo = Pdo;
    Device->Number = NumberTake(Device->Driver);
    IoInitializeRemoveLock(&Device->RemoveLock, TAG_CONFORM, 0, 0);
    ScriptInitialize(Device);
    /* Attached before the interface is registered: Wine asks the device for its ids meanwhile. */
    Device->Lower = IoAttachDeviceToDeviceStack(Self, Pdo);
    if (Device->Lower == NULL) {
        Status = STATUS_NO_SUCH_DEVICE;
        goto deleteDevice;
    }
    Status = IoRegisterDeviceInterface(Pdo, &InterfaceGuid, NULL, &Device->Link);
    if (!NT_SUCCESS(Status)) {
        goto detachDevice;
    }
    Self->Flags |= DO_POWER_PAGABLE;
    Self->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
    LogAdd(Device, "ADD");
    return STATUS_SUCCESS;

detachDevice:
    IoDetachDevice(Device->Lower);
deleteDevice:
    ScriptDelete(Device);
    InterlockedExchange(&Device->Driver->Taken[Device->Number], 0);
    IoDeleteDevice(Self);
    return Status;
}

static VOID NTAPI Unload(PDRIVER_OBJECT Driver)
{
    UNREFERENCED_PARAMETER(Driver);
}

NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    RtlZeroMemory(&TheDriver, sizeof(TheDriver));
    KeInitializeSpinLock(&TheDriver.Lock);
    Driver->DriverExtension->AddDevice = AddDevice;
    Driver->DriverUnload = Unload;
    Driver->MajorFunction[IRP_MJ_CREATE] = FileDispatch;
    Driver->MajorFunction[IRP_MJ_CLEANUP] = FileDispatch;
    Driver->MajorFunction[IRP_MJ_CLOSE] = FileDispatch;
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = ControlDispatch;
    Driver->MajorFunction[IRP_MJ_PNP] = PnpDispatch;
    Driver->MajorFunction[IRP_MJ_POWER] = PassDispatch;
    Driver->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = PassDispatch;
    return STATUS_SUCCESS;
}
