/* The bus driver of every simulated device: what its PDO answers, and the bus interface. */
#include "pnp.h"
#include "text.h"

/* {496B8280-6F25-11D0-BEAF-08002BE2092F} */
static const GUID BusInterface = { 0x496b8280, 0x6f25, 0x11d0, { 0xbe, 0xaf, 0x08, 0x00, 0x2b, 0xe2, 0x09, 0x2f } };

/* A device on PCI has its bus, device and function in its instance; here all are on bus 0, the index is the device. */
static ULONG NodeAddress(const PNP_NODE *Node)
{
    return DeviceIsPci(Node->Device) ? (Node->Index + 1) << 16 : 0xFFFFFFFF;
}

/* ---- BUS_INTERFACE_STANDARD -------------------------------------------------------------------------------------- */

static void Enter(const char *Routine, KIRQL Highest)
{
    ProcessorNeeds(PlatformRoutine(Routine), Highest, Routine);
}

static VOID NTAPI BusReference(PVOID Context)
{
    Enter("InterfaceReference", DISPATCH_LEVEL);
    ((PNP_NODE *)Context)->BusReferences++;
}

static VOID NTAPI BusDereference(PVOID Context)
{
    Enter("InterfaceDereference", DISPATCH_LEVEL);
    if (((PNP_NODE *)Context)->BusReferences == 0) {
        PlatformStop("InterfaceDereference", "called more often than InterfaceReference");
    }
    ((PNP_NODE *)Context)->BusReferences--;
}

static BOOLEAN NTAPI BusTranslate(PVOID Context, PHYSICAL_ADDRESS Address, ULONG Length, PULONG Space,
                            PPHYSICAL_ADDRESS Translated)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Length);
    UNREFERENCED_PARAMETER(Space);
    Enter("TranslateBusAddress", DISPATCH_LEVEL);
    *Translated = Address;
    return TRUE;
}

static struct _DMA_ADAPTER *NTAPI BusDmaAdapter(PVOID Context, struct _DEVICE_DESCRIPTION *Description, PULONG Registers)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Description);
    UNREFERENCED_PARAMETER(Registers);
    PlatformStop("GetDmaAdapter", "the simulator's devices do no DMA");
}

static ULONG NTAPI BusSetData(PVOID Context, ULONG DataType, PVOID Buffer, ULONG Offset, ULONG Length)
{
    PNP_NODE *Node = Context;

    Enter("SetBusData", DISPATCH_LEVEL);
    return DataType == PCI_WHICHSPACE_CONFIG ? DeviceConfigWrite(Node->Device, Offset, Buffer, Length) : 0;
}

static ULONG NTAPI BusGetData(PVOID Context, ULONG DataType, PVOID Buffer, ULONG Offset, ULONG Length)
{
    PNP_NODE *Node = Context;

    Enter("GetBusData", DISPATCH_LEVEL);
    return DataType == PCI_WHICHSPACE_CONFIG ? DeviceConfigRead(Node->Device, Offset, Buffer, Length) : 0;
}

static BOOLEAN GuidsEqual(const GUID *Left, const GUID *Right)
{
    ULONG Index;

    for (Index = 0; Index < sizeof(Left->Data4); Index++) {
        if (Left->Data4[Index] != Right->Data4[Index]) {
            return FALSE;
        }
    }
    return Left->Data1 == Right->Data1 && Left->Data2 == Right->Data2 && Left->Data3 == Right->Data3;
}

static NTSTATUS BusQueryInterface(PNP_NODE *Node, PIO_STACK_LOCATION Stack, NTSTATUS Status)
{
    PBUS_INTERFACE_STANDARD Interface = (PBUS_INTERFACE_STANDARD)Stack->Parameters.QueryInterface.Interface;

    if (!DeviceIsPci(Node->Device) ||
        !GuidsEqual(Stack->Parameters.QueryInterface.InterfaceType, &BusInterface)) {
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
    PWCHAR Wide = KernelPool(Kernel, (Length + Ends) * sizeof(WCHAR), "the bus driver");
    size_t Index;

    RtlZeroMemory(Wide, (Length + Ends) * sizeof(WCHAR));
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
        Text += TextLength(Text) + 1;
    }
    return (size_t)(Text - List) + 1;
}

static const char *LastSeparator(const char *Instance)
{
    const char *Last = Instance + TextLength(Instance);

    while (Last != Instance && *Last != '\\') {
        Last--;
    }
    return Last;
}

static NTSTATUS BusQueryId(PNP_NODE *Node, PIRP Irp, BUS_QUERY_ID_TYPE Type)
{
    const char *Instance = DeviceInstance(Node->Device);
    const char *Last = LastSeparator(Instance);
    PWCHAR Text;

    switch (Type) {
    case BusQueryDeviceID:
        Text = WideText(Node->Kernel, Instance, (size_t)(Last - Instance), 1);
        break;
    case BusQueryInstanceID:
        Text = WideText(Node->Kernel, Last + 1, TextLength(Last + 1), 1);
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

/* ---- IRP_MJ_POWER ------------------------------------------------------------------------------------------------ */

static NTSTATUS DevicePowerSet(PNP_NODE *Node, DEVICE_POWER_STATE State)
{
    if (State < PowerDeviceD0 || State >= PowerDeviceMaximum) {
        return STATUS_INVALID_PARAMETER;
    }
    if ((Node->Power == PowerDeviceD0) != (State == PowerDeviceD0)) {
        DevicePower(Node->Device, State == PowerDeviceD0);
    }
    Node->Power = State;
    return STATUS_SUCCESS;
}

static NTSTATUS BusPower(PNP_NODE *Node, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    if (Stack->MinorFunction == IRP_MN_QUERY_POWER) {
        return STATUS_SUCCESS;
    }
    if (Stack->MinorFunction != IRP_MN_SET_POWER) {
        return Irp->IoStatus.Status;
    }
    if (Stack->Parameters.Power.Type == SystemPowerState) {
        Node->System = Stack->Parameters.Power.State.SystemState;
        return STATUS_SUCCESS;
    }
    return DevicePowerSet(Node, Stack->Parameters.Power.State.DeviceState);
}

NTSTATUS PdoRun(PNP_NODE *Node, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS Status;

    switch (Stack->MajorFunction) {
    case IRP_MJ_PNP:
        ProcessorNeeds(Node->Pnp->Machine, PASSIVE_LEVEL, "IRP_MJ_PNP at the bus driver");
        Status = BusPnp(Node, Irp, Stack);
        break;
    case IRP_MJ_POWER:
        Status = BusPower(Node, Irp, Stack);
        break;
    case IRP_MJ_SYSTEM_CONTROL:
        Status = Irp->IoStatus.Status;
        break;
    default:
        Status = STATUS_INVALID_DEVICE_REQUEST;
        break;
    }
    Irp->IoStatus.Status = Status;
    return Status;
}
