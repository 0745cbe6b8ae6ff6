/*
 * The PnP manager: what becomes of each device of the machine.
 *
 *   enumerated --AddDevice--> added --START--> started --STOP--> stopped --START--> started
 *       ^                       |                 |
 *       |<------REMOVE----------+-----------------+--SURPRISE_REMOVAL--> removed by surprise --REMOVE--> gone
 *
 * START that fails is followed by REMOVE and leaves the node failed; a restart tries again.
 */
#include "assign.h"
#include "pnp.h"
#include "text.h"

NTSTATUS NodeSend(PNP_NODE *Node, UCHAR Minor, PIO_STACK_LOCATION Stack, ULONG_PTR Information,
                  PIO_STATUS_BLOCK Result)
{
    static const char *const Names[] = {
        "IRP_MN_START_DEVICE", "IRP_MN_QUERY_REMOVE_DEVICE", "IRP_MN_REMOVE_DEVICE", "IRP_MN_CANCEL_REMOVE_DEVICE",
        "IRP_MN_STOP_DEVICE", "IRP_MN_QUERY_STOP_DEVICE", "IRP_MN_CANCEL_STOP_DEVICE", "IRP_MN_QUERY_DEVICE_RELATIONS",
        "IRP_MN_QUERY_INTERFACE", "IRP_MN_QUERY_CAPABILITIES", "IRP_MN_QUERY_RESOURCES",
        "IRP_MN_QUERY_RESOURCE_REQUIREMENTS", "IRP_MN_QUERY_DEVICE_TEXT", "IRP_MN_FILTER_RESOURCE_REQUIREMENTS"
    };
    IO_STACK_LOCATION Empty = { 0 };
    const char *Name = Minor < sizeof(Names) / sizeof(Names[0]) ? Names[Minor] :
        Minor == IRP_MN_SURPRISE_REMOVAL ? "IRP_MN_SURPRISE_REMOVAL" :
        Minor == IRP_MN_QUERY_PNP_DEVICE_STATE ? "IRP_MN_QUERY_PNP_DEVICE_STATE" : "IRP_MJ_PNP";

    if (Stack == NULL) {
        Stack = &Empty;
    }
    Stack->MajorFunction = IRP_MJ_PNP;
    Stack->MinorFunction = Minor;
    return KernelSend(Node, Stack, STATUS_NOT_SUPPORTED, Information, Result, Name);
}

/* Those that tell and do not ask: a driver must not fail them. */
void NodeTell(PNP_NODE *Node, UCHAR Minor)
{
    NTSTATUS Status = NodeSend(Node, Minor, NULL, 0, NULL);

    if (!NT_SUCCESS(Status) && !(Minor == IRP_MN_SURPRISE_REMOVAL && Status == STATUS_NOT_SUPPORTED)) {
        PlatformStop("IRP_MJ_PNP", "minor 0x%02x failed with 0x%08x; a driver must succeed it", Minor, (ULONG)Status);
    }
}

void NodeFailed(PNP_NODE *Node, const char *Step, NTSTATUS Status)
{
    if (Node->State != NODE_SURPRISE_REMOVED) {
        Node->State = NODE_FAILED;
    }
    Node->ProblemStatus = Status;
    PlatformFormat(Node->Problem, sizeof(Node->Problem), "%s failed with 0x%08x", Step, (ULONG)Status);
    PlatformLog("%s: %s", DeviceName(Node->Device), Node->Problem);
}

static const char *const StateNames[] = {
    "enumerated", "added", "started", "stopped", "surprise-removed", "failed", "gone"
};

const char *NodeStateName(const PNP_NODE *Node)
{
    return StateNames[Node->State];
}

/* ---- Enumerated to started --------------------------------------------------------------------------------------- */

static void ListsFree(PNP_NODE *Node)
{
    PlatformFree(Node->Raw);
    PlatformFree(Node->Translated);
    Node->Raw = Node->Translated = NULL;
}

void NodeUnassign(PNP_NODE *Node)
{
    if (Node->Assigned) {
        DeviceUnassign(Node->Device);
        Node->Assigned = FALSE;
    }
    ListsFree(Node);
}

/* The requirements after every driver of the stack has seen them: pool memory, or NULL. */
static PIO_RESOURCE_REQUIREMENTS_LIST NodeRequirements(PNP_NODE *Node, const DEVICE_POLICY *Policy)
{
    KERNEL *Kernel = Node->Kernel;
    PIO_RESOURCE_REQUIREMENTS_LIST Asked = DeviceRequirements(Node->Device, Policy);
    PIO_RESOURCE_REQUIREMENTS_LIST List = NULL;
    IO_STACK_LOCATION Stack = { 0 };
    IO_STATUS_BLOCK Result;

    if (Asked != NULL) {
        List = KernelPool(Kernel, Asked->ListSize, "the PnP manager");
        RtlCopyMemory(List, Asked, Asked->ListSize);
        PlatformFree(Asked);
    }
    Stack.Parameters.FilterResourceRequirements.IoResourceRequirementList = List;
    if (NT_SUCCESS(NodeSend(Node, IRP_MN_FILTER_RESOURCE_REQUIREMENTS, &Stack, (ULONG_PTR)List, &Result))) {
        /* A driver that wants another size puts its own list there and frees this one. */
        List = (PIO_RESOURCE_REQUIREMENTS_LIST)Result.Information;
    }
    return List;
}

/* Some interrupt of the requirements, or the registry for those that say nothing, names a group and processors that the
 * assignment does not lie in. */
static BOOLEAN GoesElsewhere(PNP_NODE *Node, PIO_RESOURCE_REQUIREMENTS_LIST List, const DEVICE_POLICY *Policy)
{
    const ASSIGNED_INTERRUPT *Assigned;
    ULONG Count = DeviceAssigned(Node->Device, &Assigned);
    PIO_RESOURCE_LIST First = List == NULL ? NULL : &List->List[0];
    ULONG Index;

    for (Index = 0; First != NULL && Count != 0 && Index < First->Count; Index++) {
        const IO_RESOURCE_DESCRIPTOR *Descriptor = &First->Descriptors[Index];
        WISH Wish;

        WishRead(Descriptor, Policy, &Wish);
        if (Descriptor->Type == CmResourceTypeInterrupt && Wish.Policy == IrqPolicySpecifiedProcessors &&
            Wish.Mask != 0 && (Wish.Group != Assigned->Group || (Assigned->Mask & ~Wish.Mask) != 0)) {
            return TRUE;
        }
    }
    return FALSE;
}

static NTSTATUS AssignBy(PNP_NODE *Node, const DEVICE_POLICY *Forced, BOOLEAN MovesSharers);
static void NodeStartFailed(PNP_NODE *Node, const char *Step, NTSTATUS Status);
static NTSTATUS NodeSendStart(PNP_NODE *Node);

static NTSTATUS AssignOnce(PNP_NODE *Node, PIO_RESOURCE_REQUIREMENTS_LIST List, const DEVICE_POLICY *Policy)
{
    NTSTATUS Status;

    NodeUnassign(Node);
    Status = DeviceAssign(Node->Device, List, Policy, &Node->Raw, &Node->Translated);
    Node->Assigned = NT_SUCCESS(Status);
    return Status;
}

/* A line that others hold can move only when they let it go: they are stopped, and started again on it. */
static NTSTATUS AssignWithSharers(PNP_NODE *Node, PIO_RESOURCE_REQUIREMENTS_LIST List, const DEVICE_POLICY *Policy)
{
    DEVICE *Sharers[MACHINE_MAXIMUM_DEVICES];
    PNP_NODE *Stopped[MACHINE_MAXIMUM_DEVICES];
    ULONG Count = DeviceSharers(Node->Device, Sharers, MACHINE_MAXIMUM_DEVICES);
    ULONG Index, Held = 0;
    NTSTATUS Status;

    for (Index = 0; Index < Count && Index < MACHINE_MAXIMUM_DEVICES; Index++) {
        PNP_NODE *Sharer = PnpNodeByName(Node->Kernel, DeviceName(Sharers[Index]));

        if (Sharer->State == NODE_STARTED && NodeStop(Sharer)) {
            NodeUnassign(Sharer);
            Stopped[Held++] = Sharer;
        }
    }
    Status = AssignOnce(Node, List, Policy);
    for (Index = 0; Index < Held; Index++) {
        NTSTATUS Again = AssignBy(Stopped[Index], NULL, FALSE);

        if (NT_SUCCESS(Again)) {
            Again = NodeSendStart(Stopped[Index]);
        }
        if (!NT_SUCCESS(Again)) {
            NodeStartFailed(Stopped[Index], "START after the line moved", Again);
        }
    }
    return Status;
}

static NTSTATUS AssignBy(PNP_NODE *Node, const DEVICE_POLICY *Forced, BOOLEAN MovesSharers)
{
    KERNEL *Kernel = Node->Kernel;
    PIO_RESOURCE_REQUIREMENTS_LIST List;
    DEVICE *Sharer;
    DEVICE_POLICY Policy;
    NTSTATUS Status;

    RtlZeroMemory(&Policy, sizeof(Policy));
    KernelReadPolicy(Node, &Policy);
    List = NodeRequirements(Node, &Policy);
    if (Forced != NULL) {
        Policy = *Forced;
    }
    Status = AssignOnce(Node, List, &Policy);
    if (NT_SUCCESS(Status) && MovesSharers && GoesElsewhere(Node, List, &Policy) &&
        DeviceSharers(Node->Device, &Sharer, 1) != 0) {
        Status = AssignWithSharers(Node, List, &Policy);
    }
    if (List != NULL) {
        KernelPoolFree(Kernel, List);
    }
    return Status;
}

void NodeStarted(PNP_NODE *Node)
{
    IO_STACK_LOCATION Stack = { 0 };
    const ASSIGNED_INTERRUPT *Assigned;
    DEVICE_CAPABILITIES Capabilities;

    Node->State = NODE_STARTED;
    Node->Starts++;
    if (DeviceAssigned(Node->Device, &Assigned) != 0) {
        KernelWriteTarget(Node, Assigned->Group, Assigned->Mask);
    }

    /* What the PnP manager asks of every device that started. */
    RtlZeroMemory(&Capabilities, sizeof(Capabilities));
    Capabilities.Size = sizeof(Capabilities);
    Capabilities.Version = 1;
    Capabilities.Address = Capabilities.UINumber = 0xFFFFFFFF;
    Stack.Parameters.DeviceCapabilities.Capabilities = &Capabilities;
    NodeSend(Node, IRP_MN_QUERY_CAPABILITIES, &Stack, 0, NULL);
    NodeSend(Node, IRP_MN_QUERY_PNP_DEVICE_STATE, NULL, 0, NULL);
    RtlZeroMemory(&Stack, sizeof(Stack));
    Stack.Parameters.QueryDeviceRelations.Type = BusRelations;
    NodeSend(Node, IRP_MN_QUERY_DEVICE_RELATIONS, &Stack, 0, NULL);
}

static NTSTATUS NodeSendStart(PNP_NODE *Node)
{
    IO_STACK_LOCATION Stack = { 0 };
    NTSTATUS Status;

    Stack.Parameters.StartDevice.AllocatedResources = Node->Raw;
    Stack.Parameters.StartDevice.AllocatedResourcesTranslated = Node->Translated;
    Status = NodeSend(Node, IRP_MN_START_DEVICE, &Stack, 0, NULL);
    if (NT_SUCCESS(Status)) {
        NodeStarted(Node);
    }
    return Status;
}

NTSTATUS NodeAssign(PNP_NODE *Node)
{
    return AssignBy(Node, NULL, TRUE);
}

BOOLEAN NodeStart(PNP_NODE *Node, const DEVICE_POLICY *Forced)
{
    const char *Step = "the assignment of resources";
    NTSTATUS Status = AssignBy(Node, Forced, TRUE);

    if (NT_SUCCESS(Status)) {
        Step = "START";
        Status = NodeSendStart(Node);
    }
    if (!NT_SUCCESS(Status)) {
        NodeStartFailed(Node, Step, Status);
        return FALSE;
    }
    return TRUE;
}

/* REMOVE follows; for a device that ran before, as if it had been pulled, since there may be handles that are open. */
static void NodeStartFailed(PNP_NODE *Node, const char *Step, NTSTATUS Status)
{
    if (Node->State == NODE_ADDED) {
        KernelTakeNode(Node);
    } else {
        NodeSurprise(Node);
    }
    NodeFailed(Node, Step, Status);
}

BOOLEAN NodeStartAgain(PNP_NODE *Node)
{
    NTSTATUS Status = NodeSendStart(Node);

    if (!NT_SUCCESS(Status)) {
        NodeStartFailed(Node, "the second START", Status);
    }
    return NT_SUCCESS(Status);
}

void NodeSurprise(PNP_NODE *Node)
{
    Node->Leaving = TRUE;
    NodeTell(Node, IRP_MN_SURPRISE_REMOVAL);
    Node->State = NODE_SURPRISE_REMOVED;
    if (KernelNodeEnabled(Node)) {
        PlatformStop("IRP_MN_SURPRISE_REMOVAL", "the driver left its device interface enabled");
    }
    NodeFinish(Node);
}

void NodeFinish(PNP_NODE *Node)
{
    if (Node->State == NODE_SURPRISE_REMOVED && Node->Handles == 0) {
        NodeRemove(Node);
        Node->State = DevicePresent(Node->Device) ? NODE_FAILED : NODE_GONE;
    }
}

/* ---- Down again -------------------------------------------------------------------------------------------------- */

BOOLEAN NodeStop(PNP_NODE *Node)
{
    NTSTATUS Status = NodeSend(Node, IRP_MN_QUERY_STOP_DEVICE, NULL, 0, NULL);

    if (!NT_SUCCESS(Status)) {
        NodeTell(Node, IRP_MN_CANCEL_STOP_DEVICE);
        return FALSE;
    }
    NodeTell(Node, IRP_MN_STOP_DEVICE);
    if (InterruptConnections(Node->Pnp->Machine, Node->Pdo) != 0) {
        PlatformStop("IRP_MN_STOP_DEVICE", "the driver left %u connections of the device's interrupts",
                     InterruptConnections(Node->Pnp->Machine, Node->Pdo));
    }
    Node->State = NODE_STOPPED;
    return TRUE;
}

void NodeRemoved(PNP_NODE *Node)
{
    if (Node->BusReferences != 0) {
        PlatformStop("IRP_MN_REMOVE_DEVICE", "the driver keeps %d references of BUS_INTERFACE_STANDARD",
                     Node->BusReferences);
    }
    if (InterruptConnections(Node->Pnp->Machine, Node->Pdo) != 0) {
        PlatformStop("IRP_MN_REMOVE_DEVICE", "the driver left %u connections of the device's interrupts",
                     InterruptConnections(Node->Pnp->Machine, Node->Pdo));
    }
    NodeUnassign(Node);
    Node->State = NODE_ENUMERATED;
    Node->Leaving = FALSE;
}

void NodeRemove(PNP_NODE *Node)
{
    KernelTakeNode(Node);
    if (KernelNodeEnabled(Node)) {
        PlatformStop("IRP_MN_REMOVE_DEVICE", "the driver left its device interface enabled");
    }
}

/* ---- All of them ------------------------------------------------------------------------------------------------- */

void PnpCreate(KERNEL *Kernel)
{
    PNP *Pnp = KernelPnp(Kernel);
    ULONG Index;

    RtlZeroMemory(Pnp->Nodes, sizeof(Pnp->Nodes));
    Pnp->Busy = FALSE;
    Pnp->NodeCount = MachineDevices(Pnp->Machine);
    for (Index = 0; Index < Pnp->NodeCount; Index++) {
        PNP_NODE *Node = &Pnp->Nodes[Index];

        Node->Kernel = Kernel;
        Node->Pnp = Pnp;
        Node->Index = Index;
        Node->Device = MachineDevice(Pnp->Machine, Index);
        Node->Power = PowerDeviceD0;
        Node->System = PowerSystemWorking;
    }
}

ULONG PnpNodes(KERNEL *Kernel)
{
    return KernelPnp(Kernel)->NodeCount;
}

PNP_NODE *PnpNode(KERNEL *Kernel, ULONG Index)
{
    PNP *Pnp = KernelPnp(Kernel);

    return Index < Pnp->NodeCount ? &Pnp->Nodes[Index] : NULL;
}

PNP_NODE *PnpNodeByName(KERNEL *Kernel, const char *Name)
{
    PNP *Pnp = KernelPnp(Kernel);
    ULONG Index;

    for (Index = 0; Index < Pnp->NodeCount; Index++) {
        if (TextEqual(DeviceName(Pnp->Nodes[Index].Device), Name)) {
            return &Pnp->Nodes[Index];
        }
    }
    return NULL;
}

static char Upper(char Letter)
{
    return Letter >= 'a' && Letter <= 'z' ? (char)(Letter - 'a' + 'A') : Letter;
}

PNP_NODE *PnpNodeByInstance(KERNEL *Kernel, const char *Instance)
{
    PNP *Pnp = KernelPnp(Kernel);
    ULONG Index;

    for (Index = 0; Index < Pnp->NodeCount; Index++) {
        const char *Has = DeviceInstance(Pnp->Nodes[Index].Device);
        ULONG At = 0;

        while (Has[At] != 0 && Upper(Has[At]) == Upper(Instance[At])) {
            At++;
        }
        if (Has[At] == 0 && Instance[At] == 0) {
            return &Pnp->Nodes[Index];
        }
    }
    return NULL;
}

PNP_NODE *PnpNodeOfPdo(KERNEL *Kernel, PDEVICE_OBJECT Pdo)
{
    PNP *Pnp = KernelPnp(Kernel);
    ULONG Index;

    for (Index = 0; Index < Pnp->NodeCount; Index++) {
        if (Pnp->Nodes[Index].Pdo == Pdo) {
            return &Pnp->Nodes[Index];
        }
    }
    return NULL;
}
