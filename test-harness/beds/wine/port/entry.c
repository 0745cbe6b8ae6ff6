/* The image's entry point: it wraps what the driver's own DriverEntry leaves in the driver object. */
#include "port.h"

DRIVER_INITIALIZE DriverEntry;
DRIVER_INITIALIZE PortEntry;

typedef struct CALLED {
    PDEVICE_OBJECT Device;
    PIRP Irp;
    PNP_NODE *Node;
    NTSTATUS Status;
} CALLED;

static PNP_NODE *NodeAbove(PDEVICE_OBJECT Device)
{
    ULONG Index;

    for (Index = 0; Index < Port.Pnp.NodeCount; Index++) {
        PDEVICE_OBJECT Pdo = Port.Pnp.Nodes[Index].Pdo;

        if (Pdo != NULL && Pdo->AttachedDevice == Device) {
            return &Port.Pnp.Nodes[Index];
        }
    }
    return NULL;
}

/* ---- The driver's own dispatch routines -------------------------------------------------------------------------- */

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = 0;
    BusComplete(Irp);
    return Status;
}

/* START comes from Wine without resources: they are asked for, filtered and assigned here. */
static void Start(CALLED *Called)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Called->Irp);
    PNP_NODE *Node = Called->Node;
    BOOLEAN First = Stack->Parameters.StartDevice.AllocatedResources == NULL && Node->State != NODE_STARTED &&
                    Node->State != NODE_STOPPED && !Node->Assigned;

    if (First) {
        SettingsInstall(Node);
        Called->Status = NodeAssign(Node);
        if (!NT_SUCCESS(Called->Status)) {
            NodeFailed(Node, "the assignment of resources", Called->Status);
            Complete(Called->Irp, Called->Status);
            return;
        }
        Stack->Parameters.StartDevice.AllocatedResources = Node->Raw;
        Stack->Parameters.StartDevice.AllocatedResourcesTranslated = Node->Translated;
    }
    Called->Status = Port.Dispatch[IRP_MJ_PNP](Called->Device, Called->Irp);
    if (First && NT_SUCCESS(Called->Status)) {
        NodeStarted(Node);
    } else if (First) {
        NodeFailed(Node, "START", Called->Status);
    }
}

/* Wine has no IRP_MJ_CLEANUP: the last handle's end is a CLOSE alone. On Windows the one comes before the other. */
static void CleanUp(PDEVICE_OBJECT Device, PFILE_OBJECT File)
{
    IO_STACK_LOCATION Stack;

    if ((File->Flags & FO_CLEANUP_COMPLETE) == 0) {
        RtlZeroMemory(&Stack, sizeof(Stack));
        Stack.MajorFunction = IRP_MJ_CLEANUP;
        Stack.FileObject = File;
        PortSend(Device, &Stack, STATUS_NOT_SUPPORTED, 0, NULL);
        File->Flags |= FO_CLEANUP_COMPLETE;
    }
}

static void RunDriver(void *Context)
{
    CALLED *Called = Context;
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Called->Irp);
    UCHAR Major = Stack->MajorFunction;
    PNP_NODE *Node = Called->Node;

    if (Major == IRP_MJ_PNP && Stack->MinorFunction == IRP_MN_START_DEVICE && Node != NULL) {
        Start(Called);
        return;
    }
    if (Major == IRP_MJ_CREATE && Node != NULL && Node->Leaving) {
        Called->Status = Complete(Called->Irp, STATUS_DELETE_PENDING);
        return;
    }
    if (Major == IRP_MJ_CLOSE) {
        CleanUp(Called->Device, Stack->FileObject);
    }
    if (RequestCounted(Called->Irp)) {
        Port.Pending++;
    }
    Called->Status = Port.Dispatch[Major](Called->Device, Called->Irp);
    if (Node != NULL && Major == IRP_MJ_CREATE && NT_SUCCESS(Called->Status)) {
        Node->Handles++;
    }
    if (Node != NULL && Major == IRP_MJ_CLOSE && Node->Handles != 0 && --Node->Handles == 0) {
        PnpLastHandleClosed(Node);
    }
}

/* A device of the driver's that a machine left behind which had stopped: what it was doing is never ended. */
static NTSTATUS Orphan(PIRP Irp)
{
    UCHAR Major = IoGetCurrentIrpStackLocation(Irp)->MajorFunction;

    return Complete(Irp, Major == IRP_MJ_CLOSE || Major == IRP_MJ_CLEANUP ? STATUS_SUCCESS : STATUS_NO_SUCH_DEVICE);
}

/* Whose it is, is asked here: while a thread waits for the machine, devices go. */
static void Run(void *Context)
{
    CALLED *Called = Context;

    Called->Node = PnpNodeOfPdo(&Port, Called->Device);
    if (Called->Node != NULL) {
        Called->Status = BusChild(Called->Node, Called->Irp);
    } else if (Called->Device == Port.Bus) {
        Called->Status = BusDispatch(Called->Irp);
    } else if (BusFind(Called->Device) != NULL) {
        Called->Status = BusRetired(Called->Irp);
    } else if ((Called->Node = NodeAbove(Called->Device)) != NULL) {
        RunDriver(Called);
    } else {
        Called->Status = Orphan(Called->Irp);
    }
}

static NTSTATUS NTAPI PortDispatch(PDEVICE_OBJECT Device, PIRP Irp)
{
    CALLED Called = { .Device = Device, .Irp = Irp };
    PIRP Left = Irp;

    if (Port.Stopped && Device == Port.Bus ? MonitorLook(Run, &Called) : MonitorRun(Run, &Called, &Left)) {
        return Called.Status;
    }
    /* The machine has stopped. An IRP in a queue of the driver's waits for its cancellation; any other ends. */
    if (Left == NULL) {
        return STATUS_IO_DEVICE_ERROR;
    }
    if (Irp->CancelRoutine != NULL) {
        return STATUS_PENDING;
    }
    if (Device == Port.Bus && PortRequestStopped(Irp)) {
        return STATUS_SUCCESS;
    }
    Irp->IoStatus.Status = STATUS_IO_DEVICE_ERROR;
    Irp->IoStatus.Information = 0;
    WineIofCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_IO_DEVICE_ERROR;
}

BOOLEAN RequestCounted(PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);

    return Stack->MajorFunction == IRP_MJ_DEVICE_CONTROL && Stack->DeviceObject != Port.Bus;
}

VOID NTAPI PlatformCancelRoutine(PDEVICE_OBJECT Device, PIRP Irp);

/* What waits in a queue of a device that its machine left behind is in nobody's hands any more. */
static void RunCancel(void *Context)
{
    CALLED *Called = Context;

    if (NodeAbove(Called->Device) != NULL) {
        CsqCancel(Called->Irp);
    } else {
        Complete(Called->Irp, STATUS_CANCELLED);
    }
}

VOID NTAPI PlatformCancelRoutine(PDEVICE_OBJECT Device, PIRP Irp)
{
    CALLED Called = { .Device = Device, .Irp = Irp };
    PIRP Left = Irp;

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    if (!MonitorRun(RunCancel, &Called, &Left) && Left != NULL) {
        Irp->IoStatus.Status = STATUS_CANCELLED;
        Irp->IoStatus.Information = 0;
        WineIofCompleteRequest(Irp, IO_NO_INCREMENT);
    }
}

/* ---- AddDevice, unload ------------------------------------------------------------------------------------------- */

static void RunAdd(void *Context)
{
    CALLED *Called = Context;
    PNP_NODE *Node = PnpNodeOfPdo(&Port, Called->Device);
    CHILD *Child = BusFind(Called->Device);

    if (Child != NULL) {
        Child->Added = TRUE;
    }
    if (Node == NULL) {
        Called->Status = BusIsMachine(Called->Device) ? BusAdd(Called->Device) : STATUS_NO_SUCH_DEVICE;
        return;
    }
    Called->Status = Port.AddDevice(Port.Driver, Called->Device);
    if (NT_SUCCESS(Called->Status)) {
        Node->State = NODE_ADDED;
    } else {
        NodeFailed(Node, "AddDevice", Called->Status);
    }
}

static NTSTATUS NTAPI PortAddDevice(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Pdo)
{
    CALLED Called = { .Device = Pdo };

    (void)Driver;
    return MonitorRun(RunAdd, &Called, NULL) ? Called.Status : STATUS_IO_DEVICE_ERROR;
}

/* The driver's DriverEntry runs for every machine, on a driver object that Wine does not see: another machine may be
 * another kernel, where the driver finds other routines. */
static DRIVER_OBJECT Unloaded, Loaded;
static DRIVER_EXTENSION LoadedExtension;

void DriverLoad(void)
{
    NTSTATUS Status;
    ULONG Major;

    Loaded = Unloaded;
    Loaded.DriverExtension = &LoadedExtension;
    Status = DriverEntry(&Loaded, &Port.RegistryPath);
    if (!NT_SUCCESS(Status)) {
        PlatformStop("DriverEntry", "failed with 0x%08x", (ULONG)Status);
    }
    for (Major = 0; Major <= IRP_MJ_MAXIMUM_FUNCTION; Major++) {
        Port.Dispatch[Major] = Loaded.MajorFunction[Major];
    }
    Port.AddDevice = LoadedExtension.AddDevice;
    Port.Unload = Loaded.DriverUnload;
}

void DriverUnload(void)
{
    Port.Unload(&Loaded);
}

static void RunUnload(void *Context)
{
    (void)Context;
    MachineDrop();
}

static void Unload(void)
{
    MonitorRun(RunUnload, NULL, NULL);
    PlatformFree(Port.Log);
    PlatformFree(Port.RegistryPath.Buffer);
}

static VOID NTAPI PortUnload(PDRIVER_OBJECT Driver)
{
    (void)Driver;
    PumpEnd();
    Unload();
}

static void RunEntry(void *Context)
{
    OPTIONS Options;
    char Reason[256] = "";

    (void)Context;
    OptionsRead(&Options);
    if (!MachineMake(&Options, Reason, sizeof(Reason))) {
        DbgPrint("irqscope-wine: %s\n", Reason);
        OptionsParse(&Options, "machine=64/16/64 profile=server2022 mode=observed time=virtual", Reason, sizeof(Reason));
        MachineMake(&Options, Reason, sizeof(Reason));
    }
}

NTSTATUS NTAPI PortEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING Path)
{
    NTSTATUS Status;
    ULONG Major;

    MonitorStart();
    Port.Driver = Driver;
    Port.RegistryPath = *Path;          /* Wine's copy ends with this call */
    Port.RegistryPath.Buffer = PlatformAllocate(Path->Length + sizeof(WCHAR));
    RtlCopyMemory(Port.RegistryPath.Buffer, Path->Buffer, Path->Length);
    Port.IdleTime = TRUE;
    Unloaded = *Driver;
    LoadedExtension = *Driver->DriverExtension;
    if (!MonitorRun(RunEntry, NULL, NULL)) {
        return STATUS_UNSUCCESSFUL;
    }
    for (Major = 0; Major <= IRP_MJ_MAXIMUM_FUNCTION; Major++) {
        Driver->MajorFunction[Major] = PortDispatch;
    }
    Driver->DriverExtension->AddDevice = PortAddDevice;
    Driver->DriverUnload = PortUnload;
    Status = PumpStart();
    if (!NT_SUCCESS(Status)) {
        Unload();
    }
    return Status;
}
