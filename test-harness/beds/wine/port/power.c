/* Wine sends no power IRPs and has no PoRequestPowerIrp: the test's word "power" does both. */
#include "port.h"

static PNP_NODE *NodeOf(PDEVICE_OBJECT Device, const char *Routine)
{
    ULONG Index;

    for (Index = 0; Index < Port.Pnp.NodeCount; Index++) {
        PNP_NODE *Node = &Port.Pnp.Nodes[Index];

        if (Node->Pdo != NULL && (Node->Pdo == Device || Node->Pdo->AttachedDevice == Device)) {
            return Node;
        }
    }
    PlatformStop(Routine, "the device object is in no stack of a device");
}

static NTSTATUS PowerSend(PNP_NODE *Node, UCHAR Minor, POWER_STATE_TYPE Type, POWER_STATE State,
                          PIO_STATUS_BLOCK Result)
{
    IO_STACK_LOCATION Stack;

    RtlZeroMemory(&Stack, sizeof(Stack));
    Stack.MajorFunction = IRP_MJ_POWER;
    Stack.MinorFunction = Minor;
    Stack.Parameters.Power.Type = Type;
    Stack.Parameters.Power.State = State;
    return KernelSend(Node, &Stack, STATUS_NOT_SUPPORTED, 0, Result, "IRP_MJ_POWER");
}

/* The device's IRP runs to its end inside, on the thread that asks; the answer is "pending" all the same. */
static NTSTATUS NTAPI PortRequestPowerIrp(PDEVICE_OBJECT Device, UCHAR Minor, POWER_STATE State,
                                          PREQUEST_POWER_COMPLETE Completion, PVOID Context, PIRP *Irp)
{
    static const char Routine[] = "PoRequestPowerIrp";
    MACHINE *Machine = PlatformRoutine(Routine);
    PNP_NODE *Node = NodeOf(Device, Routine);
    IO_STATUS_BLOCK Result;

    if (Minor != IRP_MN_SET_POWER && Minor != IRP_MN_QUERY_POWER) {
        return STATUS_INVALID_PARAMETER_2;
    }
    if (Irp != NULL) {
        PlatformStop(Routine, "the caller wants the IRP, which has ended here when the routine returns");
    }
    if (MachineFails(Machine, Routine)) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    PowerSend(Node, Minor, DevicePowerState, State, &Result);
    if (Completion != NULL) {
        Completion(Device, Minor, State, Context, &Result);
    }
    return STATUS_PENDING;
}

static POWER_STATE NTAPI PortSetPowerState(PDEVICE_OBJECT Device, POWER_STATE_TYPE Type, POWER_STATE State)
{
    PNP_NODE *Node = NodeOf(Device, "PoSetPowerState");
    POWER_STATE Before;

    if (Type != DevicePowerState) {
        PlatformStop("PoSetPowerState", "the type is not DevicePowerState");
    }
    Before.DeviceState = Node->Reported;
    Node->Reported = State.DeviceState;
    return Before;
}

static NTSTATUS NTAPI PortCallDriver(PDEVICE_OBJECT Device, PIRP Irp)
{
    PlatformRoutine("PoCallDriver");
    return IoCallDriver(Device, Irp);
}

static VOID NTAPI PortStartNextPowerIrp(PIRP Irp)
{
    (void)Irp;
    PlatformRoutine("PoStartNextPowerIrp");
}

PNP_RESULT PowerSet(PNP_NODE *Node, SYSTEM_POWER_STATE State, char *Reason, size_t ReasonSize)
{
    POWER_STATE Wanted = { .SystemState = State };
    POWER_STATE Working = { .SystemState = PowerSystemWorking };
    NTSTATUS Status;

    if (Node->State != NODE_STARTED) {
        PlatformFormat(Reason, ReasonSize, "%s is %s", DeviceName(Node->Device), NodeStateName(Node));
        return PNP_FAILED;
    }
    if (State != PowerSystemWorking) {
        Status = PowerSend(Node, IRP_MN_QUERY_POWER, SystemPowerState, Wanted, NULL);
        if (!NT_SUCCESS(Status)) {
            PlatformFormat(Reason, ReasonSize, "the driver refused: 0x%08x", (ULONG)Status);
            PowerSend(Node, IRP_MN_SET_POWER, SystemPowerState, Working, NULL);
            return PNP_VETOED;
        }
    }
    Status = PowerSend(Node, IRP_MN_SET_POWER, SystemPowerState, Wanted, NULL);
    if (Status == STATUS_INSUFFICIENT_RESOURCES) {
        PlatformFormat(Reason, ReasonSize, "the driver had no resources left");
        return PNP_FAILED;
    }
    if (!NT_SUCCESS(Status)) {
        PlatformStop("IRP_MJ_POWER", "SET_POWER failed with 0x%08x; a driver must not fail it", (ULONG)Status);
    }
    return PNP_DONE;
}

#define IMPORT(Name, Routine) const void *const __imp_##Name = (const void *)(Routine)

IMPORT(PoRequestPowerIrp, PortRequestPowerIrp);
IMPORT(PoSetPowerState, PortSetPowerState);
IMPORT(PoCallDriver, PortCallDriver);
IMPORT(PoStartNextPowerIrp, PortStartNextPowerIrp);
