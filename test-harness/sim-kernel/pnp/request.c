/*
 * The PnP manager: what SetupDi, control words, faults and drivers ask of it. One operation at a time; each runs on the
 * thread that asks, inside the machine, at PASSIVE_LEVEL.
 */
#include "pnp.h"

#define GROUP_ANY (-1)

static BOOLEAN PnpIdle(void *Context)
{
    return !((PNP *)Context)->Busy;
}

static PNP *PnpBegin(PNP_NODE *Node)
{
    PNP *Pnp = Node->Pnp;

    KernelAwait(Node->Kernel, "the PnP manager", PnpIdle, Pnp, "the PnP operation that another thread runs");
    Pnp->Busy = TRUE;
    return Pnp;
}

static PNP_RESULT PnpEnd(PNP *Pnp, PNP_RESULT Result)
{
    Pnp->Busy = FALSE;
    PlatformChanged();
    return Result;
}

static PNP_RESULT Refused(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    PlatformFormat(Reason, ReasonSize, "%s is %s", DeviceName(Node->Device), NodeStateName(Node));
    return PNP_FAILED;
}

static PNP_RESULT AddAndStart(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    Node->Problem[0] = 0;
    if (!KernelBringNode(Node)) {
        PlatformFormat(Reason, ReasonSize, "%s", Node->Problem);
        return PNP_FAILED;
    }
    return PNP_DONE;
}

static PNP_RESULT QueryRemove(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    NTSTATUS Status;

    Node->Leaving = TRUE;
    Status = NodeSend(Node, IRP_MN_QUERY_REMOVE_DEVICE, NULL, 0, NULL);
    if (NT_SUCCESS(Status) && Node->Handles == 0) {
        return PNP_DONE;
    }
    PlatformFormat(Reason, ReasonSize, NT_SUCCESS(Status) ? "%u handles are open" : "the driver refused: 0x%08x",
                   NT_SUCCESS(Status) ? Node->Handles : (ULONG)Status);
    NodeTell(Node, IRP_MN_CANCEL_REMOVE_DEVICE);
    Node->Leaving = FALSE;
    return PNP_VETOED;
}

PNP_RESULT PnpRestart(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    PNP *Pnp = PnpBegin(Node);
    PNP_RESULT Result = PNP_DONE;

    if (Node->State == NODE_GONE || Node->State == NODE_SURPRISE_REMOVED) {
        return PnpEnd(Pnp, Refused(Node, Reason, ReasonSize));
    }
    if (Node->State == NODE_STARTED) {
        Result = QueryRemove(Node, Reason, ReasonSize);
        if (Result == PNP_DONE) {
            NodeRemove(Node);
        }
    }
    if (Result == PNP_DONE) {
        Result = AddAndStart(Node, Reason, ReasonSize);
    }
    return PnpEnd(Pnp, Result);
}

PNP_RESULT PnpQueryRemove(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    PNP *Pnp = PnpBegin(Node);
    PNP_RESULT Result;

    if (Node->State != NODE_STARTED) {
        return PnpEnd(Pnp, Refused(Node, Reason, ReasonSize));
    }
    Result = QueryRemove(Node, Reason, ReasonSize);
    if (Result == PNP_DONE) {
        NodeTell(Node, IRP_MN_CANCEL_REMOVE_DEVICE);
        Node->Leaving = FALSE;
    }
    return PnpEnd(Pnp, Result);
}

PNP_RESULT PnpQueryStop(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    PNP *Pnp = PnpBegin(Node);
    NTSTATUS Status;

    if (Node->State != NODE_STARTED) {
        return PnpEnd(Pnp, Refused(Node, Reason, ReasonSize));
    }
    Status = NodeSend(Node, IRP_MN_QUERY_STOP_DEVICE, NULL, 0, NULL);
    NodeTell(Node, IRP_MN_CANCEL_STOP_DEVICE);
    if (!NT_SUCCESS(Status)) {
        PlatformFormat(Reason, ReasonSize, "the driver refused: 0x%08x", (ULONG)Status);
        return PnpEnd(Pnp, PNP_VETOED);
    }
    return PnpEnd(Pnp, PNP_DONE);
}

static PNP_RESULT Rebalance(PNP_NODE *Node, LONG Group, char *Reason, size_t ReasonSize)
{
    DEVICE_POLICY Policy;
    const MACHINE_LAYOUT *Layout = MachineLayout(Node->Pnp->Machine);

    if (Node->State != NODE_STARTED) {
        return Refused(Node, Reason, ReasonSize);
    }
    if (Group >= Layout->Groups) {
        PlatformFormat(Reason, ReasonSize, "there is no group %u", (ULONG)Group);
        return PNP_FAILED;
    }
    if (!NodeStop(Node)) {
        PlatformFormat(Reason, ReasonSize, "the driver refused IRP_MN_QUERY_STOP_DEVICE");
        return PNP_VETOED;
    }
    NodeUnassign(Node);
    RtlZeroMemory(&Policy, sizeof(Policy));
    KernelReadPolicy(Node, &Policy);
    if (Group >= 0) {
        Policy.HasPolicy = Policy.HasMask = Policy.HasGroup = TRUE;
        Policy.Policy = IrqPolicySpecifiedProcessors;
        Policy.Group = (ULONG)Group;
        Policy.Mask = Layout->Group[Group].Active;
    } else {
        DeviceElsewhere(Node->Device);
    }
    if (!NodeStart(Node, &Policy)) {
        PlatformFormat(Reason, ReasonSize, "%s", Node->Problem);
        return PNP_FAILED;
    }
    return PNP_DONE;
}

PNP_RESULT PnpRebalance(PNP_NODE *Node, LONG Group, char *Reason, size_t ReasonSize)
{
    PNP *Pnp = PnpBegin(Node);

    return PnpEnd(Pnp, Rebalance(Node, Group, Reason, ReasonSize));
}

PNP_RESULT PnpRestartInPlace(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    PNP *Pnp = PnpBegin(Node);
    PNP_RESULT Result = PNP_DONE;

    if (Node->State != NODE_STARTED) {
        Result = Refused(Node, Reason, ReasonSize);
    } else if (!NodeStartAgain(Node)) {
        PlatformFormat(Reason, ReasonSize, "%s", Node->Problem);
        Result = PNP_FAILED;
    }
    return PnpEnd(Pnp, Result);
}

static void NodeVanish(PNP_NODE *Node)
{
    BOOLEAN Driven = Node->State == NODE_STARTED || Node->State == NODE_STOPPED || Node->State == NODE_ADDED;

    if (DevicePresent(Node->Device)) {
        DeviceVanish(Node->Device);
    }
    if (!Driven) {
        Node->State = NODE_GONE;
        return;
    }
    NodeSurprise(Node);
}

PNP_RESULT PnpSurpriseRemove(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    PNP *Pnp = PnpBegin(Node);

    if (Node->State == NODE_GONE || Node->State == NODE_SURPRISE_REMOVED) {
        return PnpEnd(Pnp, Refused(Node, Reason, ReasonSize));
    }
    NodeVanish(Node);
    return PnpEnd(Pnp, PNP_DONE);
}

PNP_RESULT PnpReplug(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    PNP *Pnp = PnpBegin(Node);

    if (Node->State != NODE_GONE) {
        return PnpEnd(Pnp, Refused(Node, Reason, ReasonSize));
    }
    DeviceReturn(Node->Device);
    Node->State = NODE_ENUMERATED;
    Node->Power = PowerDeviceD0;
    Node->System = PowerSystemWorking;
    return PnpEnd(Pnp, AddAndStart(Node, Reason, ReasonSize));
}

void PnpLastHandleClosed(PNP_NODE *Node)
{
    PNP *Pnp = Node->Pnp;

    /* During an operation of another thread PnpNotices will find it. */
    if (!Pnp->Busy) {
        Pnp->Busy = TRUE;
        NodeFinish(Node);
        PnpEnd(Pnp, PNP_DONE);
    }
}

/* IoInvalidateDeviceState: the driver is asked, and a device that it says failed is taken away from it. */
static void NodeAskState(PNP_NODE *Node)
{
    IO_STATUS_BLOCK Result;
    PNP *Pnp = PnpBegin(Node);

    Node->Invalidated = FALSE;
    if (Node->State == NODE_STARTED && NT_SUCCESS(NodeSend(Node, IRP_MN_QUERY_PNP_DEVICE_STATE, NULL, 0, &Result)) &&
        (Result.Information & (PNP_DEVICE_FAILED | PNP_DEVICE_REMOVED)) != 0) {
        NodeVanish(Node);
    }
    PnpEnd(Pnp, PNP_DONE);
}

/* Faults of the machine ask for these at any IRQL; they are done at the end of the host call. */
void PnpNotices(KERNEL *Kernel)
{
    PNP *Pnp = KernelPnp(Kernel);
    char Reason[160];
    NOTICE Notice;
    DEVICE *Device;
    ULONG Index;

    for (Index = 0; !Pnp->Busy && Index < Pnp->NodeCount; Index++) {
        if (Pnp->Nodes[Index].State == NODE_SURPRISE_REMOVED && Pnp->Nodes[Index].Handles == 0) {
            PnpLastHandleClosed(&Pnp->Nodes[Index]);
        }
        if (Pnp->Nodes[Index].Invalidated) {
            NodeAskState(&Pnp->Nodes[Index]);
        }
    }

    while (!Pnp->Busy && (Device = MachineNotice(Pnp->Machine, &Notice)) != NULL) {
        PNP_NODE *Node = PnpNodeByName(Kernel, DeviceName(Device));
        PNP_RESULT Result = Notice == NOTICE_GONE ? PnpSurpriseRemove(Node, Reason, sizeof(Reason)) :
            PnpRebalance(Node, GROUP_ANY, Reason, sizeof(Reason));

        if (Result != PNP_DONE) {
            PlatformLog("%s: %s", DeviceName(Device), Reason);
        }
    }
}
