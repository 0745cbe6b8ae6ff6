/* The bus driver of every simulated device: what its PDO answers, and the bus interface. */
#include <initguid.h>

#include "kernel.h"

#include <wdmguid.h>

static PNP_NODE *NodeOf(PDEVICE_OBJECT Device)
{
    return *(PNP_NODE **)Device->DeviceExtension;
}

/* A device on PCI has its bus, device and function in its instance; here all are on bus 0, the index is the device. */
static ULONG NodeAddress(const PNP_NODE *Node)
{
    return DeviceIsPci(Node->Device) ? (Node->Index + 1) << 16 : 0xFFFFFFFF;
}

/* ---- BUS_INTERFACE_STANDARD -------------------------------------------------------------------------------------- */

static VOID BusReference(PVOID Context)
{
    KernelEnter("InterfaceReference", DISPATCH_LEVEL);
    ((PNP_NODE *)Context)->BusReferences++;
}

static VOID BusDereference(PVOID Context)
{
    KernelEnter("InterfaceDereference", DISPATCH_LEVEL);
    if (((PNP_NODE *)Context)->BusReferences == 0) {
        PlatformStop("InterfaceDereference", "called more often than InterfaceReference");
    }
    ((PNP_NODE *)Context)->BusReferences--;
}

static BOOLEAN BusTranslate(PVOID Context, PHYSICAL_ADDRESS Address, ULONG Length, PULONG Space,
                            PPHYSICAL_ADDRESS Translated)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Length);
    UNREFERENCED_PARAMETER(Space);
    KernelEnter("TranslateBusAddress", DISPATCH_LEVEL);
    *Translated = Address;
    return TRUE;
}

static struct _DMA_ADAPTER *BusDmaAdapter(PVOID Context, struct _DEVICE_DESCRIPTION *Description, PULONG Registers)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Description);
    UNREFERENCED_PARAMETER(Registers);
    PlatformStop("GetDmaAdapter", "the simulator's devices do no DMA");
}

static ULONG BusSetData(PVOID Context, ULONG DataType, PVOID Buffer, ULONG Offset, ULONG Length)
{
    PNP_NODE *Node = Context;

    KernelEnter("SetBusData", DISPATCH_LEVEL);
    return DataType == PCI_WHICHSPACE_CONFIG ? DeviceConfigWrite(Node->Device, Offset, Buffer, Length) : 0;
}

static ULONG BusGetData(PVOID Context, ULONG DataType, PVOID Buffer, ULONG Offset, ULONG Length)
{
    PNP_NODE *Node = Context;

    KernelEnter("GetBusData", DISPATCH_LEVEL);
    return DataType == PCI_WHICHSPACE_CONFIG ? DeviceConfigRead(Node->Device, Offset, Buffer, Length) : 0;
}

static NTSTATUS BusQueryInterface(PNP_NODE *Node, PIO_STACK_LOCATION Stack, NTSTATUS Status)
{
    PBUS_INTERFACE_STANDARD Interface = (PBUS_INTERFACE_STANDARD)Stack->Parameters.QueryInterface.Interface;

    if (!DeviceIsPci(Node->Device) ||
        !IsEqualGUID(Stack->Parameters.QueryInterface.InterfaceType, &GUID_BUS_INTERFACE_STANDARD)) {
        return Status;
    }
    if (Stack->Parameters.QueryInterface.Size < sizeof(*Interface) || Stack->Parameters.QueryInterface.Version > 1) {
        return STATUS_INVALID_PARAMETER;
    }
    Interface->Size = sizeof(*Interface);
    Interface->Version = 1;
    Interface->Context = Node;
    Interface->InterfaceReference = BusReference;
    Interface->InterfaceDereference = BusDereference;
    Interface->TranslateBusAddress = BusTranslate;
    Interface->GetDmaAdapter = BusDmaAdapter;
    Interface->SetBusData = BusSetData;
    Interface->GetBusData = BusGetData;
    Node->BusReferences++;              /* the answer is a reference already */
    return STATUS_SUCCESS;
}

/* ---- IRP_MJ_PNP -------------------------------------------------------------------------------------------------- */

static NTSTATUS BusCapabilities(PNP_NODE *Node, PDEVICE_CAPABILITIES Capabilities)
{
    ULONG State;

    if (Capabilities->Version != 1 || Capabilities->Size < sizeof(*Capabilities)) {
        return STATUS_NOT_SUPPORTED;
    }
    Capabilities->UniqueID = TRUE;
    Capabilities->Removable = TRUE;
    Capabilities->SurpriseRemovalOK = FALSE;
    Capabilities->Address = NodeAddress(Node);
    Capabilities->UINumber = Node->Index;
    Capabilities->DeviceState[PowerSystemWorking] = PowerDeviceD0;
    for (State = PowerSystemSleeping1; State < PowerSystemMaximum; State++) {
        Capabilities->DeviceState[State] = PowerDeviceD3;
    }
    Capabilities->SystemWake = PowerSystemUnspecified;
    Capabilities->DeviceWake = PowerDeviceUnspecified;
    return STATUS_SUCCESS;
}

/* A text of the simulator's as a wide one from the pool, with Ends terminators behind it. */
static PWCHAR WideText(KERNEL *Kernel, const char *Text, size_t Length, ULONG Ends)
{
    PWCHAR Wide = PoolAllocate(Kernel, (Length + Ends) * sizeof(WCHAR), 0x526e5050, "the bus driver");
    size_t Index;

    for (Index = 0; Index < Length; Index++) {
        Wide[Index] = (WCHAR)(UCHAR)Text[Index];
    }
    return Wide;
}

/* Bytes of a list of texts that ends with an empty one, that one included. */
static size_t ListLength(const char *List)
{
    const char *Text = List;

    while (*Text != 0) {
        Text += strlen(Text) + 1;
    }
    return (size_t)(Text - List) + 1;
}

static NTSTATUS BusQueryId(PNP_NODE *Node, PIRP Irp, BUS_QUERY_ID_TYPE Type)
{
    const char *Instance = DeviceInstance(Node->Device);
    const char *Last = strrchr(Instance, '\\');
    PWCHAR Text;

    switch (Type) {
    case BusQueryDeviceID:
        Text = WideText(Node->Kernel, Instance, (size_t)(Last - Instance), 1);
        break;
    case BusQueryInstanceID:
        Text = WideText(Node->Kernel, Last + 1, strlen(Last + 1), 1);
        break;
    case BusQueryHardwareIDs:
        Text = WideText(Node->Kernel, DeviceHardwareIds(Node->Device), ListLength(DeviceHardwareIds(Node->Device)), 1);
        break;
    default:
        return Irp->IoStatus.Status;
    }
    Irp->IoStatus.Information = (ULONG_PTR)Text;
    return STATUS_SUCCESS;
}

static NTSTATUS BusConfig(PNP_NODE *Node, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG Done;

    if (!DeviceIsPci(Node->Device) || Stack->Parameters.ReadWriteConfig.WhichSpace != PCI_WHICHSPACE_CONFIG) {
        return Irp->IoStatus.Status;
    }
    Done = Stack->MinorFunction == IRP_MN_READ_CONFIG ?
        DeviceConfigRead(Node->Device, Stack->Parameters.ReadWriteConfig.Offset,
                         Stack->Parameters.ReadWriteConfig.Buffer, Stack->Parameters.ReadWriteConfig.Length) :
        DeviceConfigWrite(Node->Device, Stack->Parameters.ReadWriteConfig.Offset,
                          Stack->Parameters.ReadWriteConfig.Buffer, Stack->Parameters.ReadWriteConfig.Length);
    Irp->IoStatus.Information = Done;
    return Done == Stack->Parameters.ReadWriteConfig.Length ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

/* A device starts in D0, whatever it was in before. */
static void BusSwitchOn(PNP_NODE *Node)
{
    if (Node->Power != PowerDeviceD0) {
        DevicePower(Node->Device, TRUE);
        Node->Power = PowerDeviceD0;
    }
    Node->System = PowerSystemWorking;
}

static NTSTATUS BusPnp(PNP_NODE *Node, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    switch (Stack->MinorFunction) {
    case IRP_MN_START_DEVICE:
        BusSwitchOn(Node);
        return STATUS_SUCCESS;
    case IRP_MN_QUERY_STOP_DEVICE:
    case IRP_MN_CANCEL_STOP_DEVICE:
    case IRP_MN_STOP_DEVICE:
    case IRP_MN_QUERY_REMOVE_DEVICE:
    case IRP_MN_CANCEL_REMOVE_DEVICE:
    case IRP_MN_REMOVE_DEVICE:
    case IRP_MN_SURPRISE_REMOVAL:
        return STATUS_SUCCESS;
    case IRP_MN_QUERY_CAPABILITIES:
        return BusCapabilities(Node, Stack->Parameters.DeviceCapabilities.Capabilities);
    case IRP_MN_QUERY_ID:
        return BusQueryId(Node, Irp, Stack->Parameters.QueryId.IdType);
    case IRP_MN_QUERY_INTERFACE:
        return BusQueryInterface(Node, Stack, Irp->IoStatus.Status);
    case IRP_MN_READ_CONFIG:
    case IRP_MN_WRITE_CONFIG:
        return BusConfig(Node, Irp, Stack);
    default:
        /* What a bus driver does not know keeps the status that it came with. */
        return Irp->IoStatus.Status;
    }
}

NTSTATUS BusDispatch(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status;

    switch (Stack->MajorFunction) {
    case IRP_MJ_PNP:
        ProcessorNeeds(NodeOf(Device)->Kernel->Machine, PASSIVE_LEVEL, "IRP_MJ_PNP at the bus driver");
        Status = BusPnp(NodeOf(Device), Irp, Stack);
        break;
    case IRP_MJ_POWER:
        Status = BusPower(NodeOf(Device), Irp, Stack);
        break;
    case IRP_MJ_SYSTEM_CONTROL:
        Status = Irp->IoStatus.Status;
        break;
    default:
        Status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }
    Irp->IoStatus.Status = Status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}
