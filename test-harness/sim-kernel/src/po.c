/*
 * Po: the power manager. The bus driver's part of power is in pnp/pdo.c.
 *
 * A test puts the system to sleep for one device (PowerSet): the stack gets QUERY_POWER and SET_POWER for the system
 * state, its policy owner asks for the device state with PoRequestPowerIrp, and the bus driver switches the device.
 */
#include "kernel.h"

/* A device power IRP that PoRequestPowerIrp made; one at a time is under way in a stack. */
typedef struct POWER_REQUEST {
    struct POWER_REQUEST *Next;
    PNP_NODE *Node;
    PDEVICE_OBJECT Device;
    UCHAR Minor;
    POWER_STATE State;
    PREQUEST_POWER_COMPLETE Completion;
    PVOID Context;
    PIRP Irp;
} POWER_REQUEST;

/* Before 6.0 power IRPs are sent with PoCallDriver and each ends with PoStartNextPowerIrp; from then on neither is
 * wanted. */
static BOOLEAN KernelIsOld(KERNEL *Kernel)
{
    return MachineProfile(Kernel->Machine)->Major < 6;
}

/* ---- What drivers call ------------------------------------------------------------------------------------------- */

static PNP_NODE *NodeOfStack(KERNEL *Kernel, PDEVICE_OBJECT Device, const char *Routine)
{
    PNP_NODE *Node = DeviceObjectIs(Kernel, Device) ? PnpNodeOfPdo(Kernel, DeviceBottom(Device)) : NULL;

    if (Node == NULL) {
        PlatformStop(Routine, "the device object is in no stack of a device");
    }
    return Node;
}

static void RequestSend(KERNEL *Kernel, POWER_REQUEST *Request);

static void RequestFinish(KERNEL *Kernel, PIRP Irp, PVOID Context)
{
    POWER_REQUEST *Request = Context;
    PNP_NODE *Node = Request->Node;
    IO_STATUS_BLOCK Result = Irp->IoStatus;
    POWER_REQUEST *Next;

    if (KernelIsOld(Kernel) && !IrpStartedNext(Irp)) {
        PlatformStop("PoStartNextPowerIrp", "was not called for a power IRP, which this kernel (%u.%u) needs",
                     MachineProfile(Kernel->Machine)->Major, MachineProfile(Kernel->Machine)->Minor);
    }
    if (Request->Completion != NULL) {
        Request->Completion(Request->Device, Request->Minor, Request->State, Request->Context, &Result);
    }
    IrpDelete(Kernel, Irp);
    Node->PowerRequests = Next = Request->Next;
    PlatformFree(Request);
    if (Next != NULL) {
        RequestSend(Kernel, Next);
    }
}

/* Stacks whose drivers are not pagable may get their power IRPs at DISPATCH_LEVEL, so they do; others at
 * PASSIVE_LEVEL. */
static void RequestSendNow(PDEVICE_OBJECT Device, PVOID Context)
{
    POWER_REQUEST *Request = Context;
    KERNEL *Kernel = Request->Node->Kernel;
    PDEVICE_OBJECT Top = DeviceTop(Request->Node->Pdo);
    KIRQL Irql = ProcessorIrql(Kernel->Machine);
    BOOLEAN Raises = (Top->Flags & DO_POWER_PAGABLE) == 0 && Irql < DISPATCH_LEVEL;

    UNREFERENCED_PARAMETER(Device);
    if (Raises) {
        ProcessorRaise(Kernel->Machine, DISPATCH_LEVEL, "the power manager");
    }
    IrpDispatch(Kernel, Top, Request->Irp, "the power manager");
    if (Raises) {
        ProcessorLower(Kernel->Machine, Irql, "the power manager");
    }
}

static void RequestSend(KERNEL *Kernel, POWER_REQUEST *Request)
{
    if ((DeviceTop(Request->Node->Pdo)->Flags & DO_POWER_PAGABLE) != 0 &&
        ProcessorIrql(Kernel->Machine) > PASSIVE_LEVEL) {
        WorkQueue(Kernel, Request->Device, RequestSendNow, Request);
    } else {
        RequestSendNow(Request->Device, Request);
    }
}

NTSTATUS PoRequestPowerIrp(PDEVICE_OBJECT DeviceObject, UCHAR MinorFunction, POWER_STATE PowerState,
                           PREQUEST_POWER_COMPLETE CompletionFunction, PVOID Context, PIRP *Irp)
{
    static const char Routine[] = "PoRequestPowerIrp";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    PNP_NODE *Node = NodeOfStack(Kernel, DeviceObject, Routine);
    POWER_REQUEST **Place = &Node->PowerRequests;
    POWER_REQUEST *Request;
    PIO_STACK_LOCATION Stack;

    if (MinorFunction != IRP_MN_SET_POWER && MinorFunction != IRP_MN_QUERY_POWER) {
        return STATUS_INVALID_PARAMETER_2;
    }
    if (MachineFails(Kernel->Machine, Routine)) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Request = PlatformAllocate(sizeof(*Request));
    Request->Node = Node;
    Request->Device = DeviceObject;
    Request->Minor = MinorFunction;
    Request->State = PowerState;
    Request->Completion = CompletionFunction;
    Request->Context = Context;
    Request->Irp = IrpCreate(Kernel, DeviceTop(Node->Pdo)->StackSize, RequestFinish, Request, "a device power IRP");
    Request->Irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    Stack = IoGetNextIrpStackLocation(Request->Irp);
    Stack->MajorFunction = IRP_MJ_POWER;
    Stack->MinorFunction = MinorFunction;
    Stack->Parameters.Power.Type = DevicePowerState;
    Stack->Parameters.Power.State = PowerState;
    if (Irp != NULL) {
        *Irp = Request->Irp;
    }
    while (*Place != NULL) {
        Place = &(*Place)->Next;
    }
    *Place = Request;
    if (Node->PowerRequests == Request) {
        RequestSend(Kernel, Request);
    }
    return STATUS_PENDING;
}

POWER_STATE PoSetPowerState(PDEVICE_OBJECT DeviceObject, POWER_STATE_TYPE Type, POWER_STATE State)
{
    static const char Routine[] = "PoSetPowerState";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    PNP_NODE *Node = NodeOfStack(Kernel, DeviceObject, Routine);
    POWER_STATE Before;

    if (Type != DevicePowerState) {
        PlatformStop(Routine, "the type is not DevicePowerState");
    }
    Before.DeviceState = Node->Reported;
    Node->Reported = State.DeviceState;
    return Before;
}

NTSTATUS PoCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    static const char Routine[] = "PoCallDriver";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    if (IoGetNextIrpStackLocation(Irp)->MajorFunction != IRP_MJ_POWER) {
        PlatformStop(Routine, "the IRP is no power IRP");
    }
    return IrpDispatch(Kernel, DeviceObject, Irp, Routine);
}

VOID PoStartNextPowerIrp(PIRP Irp)
{
    static const char Routine[] = "PoStartNextPowerIrp";

    KernelEnter(Routine, DISPATCH_LEVEL);
    if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction != IRP_MJ_POWER) {
        PlatformStop(Routine, "the IRP is no power IRP");
    }
    IrpStartNext(Irp);
}

/* ---- What a test asks for ---------------------------------------------------------------------------------------- */

static NTSTATUS SystemSend(PNP_NODE *Node, UCHAR Minor, SYSTEM_POWER_STATE State)
{
    IO_STACK_LOCATION Stack = { 0 };

    Stack.MajorFunction = IRP_MJ_POWER;
    Stack.MinorFunction = Minor;
    Stack.Parameters.Power.Type = SystemPowerState;
    Stack.Parameters.Power.State.SystemState = State;
    Stack.Parameters.Power.ShutdownType = State == PowerSystemWorking ? PowerActionNone : PowerActionSleep;
    return IrpSend(Node->Kernel, Node->Pdo, &Stack, STATUS_NOT_SUPPORTED, 0, NULL,
                   Minor == IRP_MN_SET_POWER ? "IRP_MN_SET_POWER" : "IRP_MN_QUERY_POWER");
}

static BOOLEAN PowerIdle(void *Context)
{
    return ((PNP_NODE *)Context)->PowerRequests == NULL;
}

PNP_RESULT PowerSet(PNP_NODE *Node, SYSTEM_POWER_STATE State, char *Reason, size_t ReasonSize)
{
    NTSTATUS Status;

    if (Node->State != NODE_STARTED) {
        PlatformFormat(Reason, ReasonSize, "%s is %s", DeviceName(Node->Device), NodeStateName(Node));
        return PNP_FAILED;
    }
    if (State != PowerSystemWorking) {
        Status = SystemSend(Node, IRP_MN_QUERY_POWER, State);
        if (!NT_SUCCESS(Status)) {
            PlatformFormat(Reason, ReasonSize, "the driver refused: 0x%08x", (ULONG)Status);
            SystemSend(Node, IRP_MN_SET_POWER, PowerSystemWorking);
            return PNP_VETOED;
        }
    }
    Status = SystemSend(Node, IRP_MN_SET_POWER, State);
    KernelWait(Node->Kernel, "the power manager", PowerIdle, Node, UINT64_MAX,
               "a device power IRP that nobody completes");
    if (Status == STATUS_INSUFFICIENT_RESOURCES) {
        /* PoRequestPowerIrp may fail, and what its caller can say then is just that. */
        PlatformFormat(Reason, ReasonSize, "the driver had no resources left");
        return PNP_FAILED;
    }
    if (!NT_SUCCESS(Status)) {
        PlatformStop("IRP_MJ_POWER", "SET_POWER failed with 0x%08x; a driver must not fail it", (ULONG)Status);
    }
    return PNP_DONE;
}
