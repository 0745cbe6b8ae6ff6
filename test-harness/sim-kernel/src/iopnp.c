/*
 * The PnP manager: what becomes of each device of the machine.
 *
 *   enumerated --AddDevice--> added --START--> started --STOP--> stopped --START--> started
 *       ^                       |                 |
 *       |<------REMOVE----------+-----------------+--SURPRISE_REMOVAL--> surprise-removed --REMOVE--> gone --replug--> enumerated
 *
 * START that fails is followed by REMOVE and leaves the node failed; a restart tries again.
 */
#include "kernel.h"

#define POLICY_ANY (-1)

static NTSTATUS NodeSend(PNP_NODE *Node, UCHAR Minor, PIO_STACK_LOCATION Stack, ULONG_PTR Information,
                         PIO_STATUS_BLOCK Result)
{
    static const char *const Names[] = {
        "IRP_MN_START_DEVICE", "IRP_MN_QUERY_REMOVE_DEVICE", "IRP_MN_REMOVE_DEVICE", "IRP_MN_CANCEL_REMOVE_DEVICE",
        "IRP_MN_STOP_DEVICE", "IRP_MN_QUERY_STOP_DEVICE", "IRP_MN_CANCEL_STOP_DEVICE", "IRP_MN_QUERY_DEVICE_RELATIONS",
        "IRP_MN_QUERY_INTERFACE", "IRP_MN_QUERY_CAPABILITIES", "IRP_MN_QUERY_RESOURCES",
        "IRP_MN_QUERY_RESOURCE_REQUIREMENTS", "IRP_MN_QUERY_DEVICE_TEXT", "IRP_MN_FILTER_RESOURCE_REQUIREMENTS"
    };
    IO_STACK_LOCATION Empty = { 0 };
    const char *Name = Minor < ARRAYSIZE(Names) ? Names[Minor] :
        Minor == IRP_MN_SURPRISE_REMOVAL ? "IRP_MN_SURPRISE_REMOVAL" :
        Minor == IRP_MN_QUERY_PNP_DEVICE_STATE ? "IRP_MN_QUERY_PNP_DEVICE_STATE" : "IRP_MJ_PNP";

    if (Stack == NULL) {
        Stack = &Empty;
    }
    Stack->MajorFunction = IRP_MJ_PNP;
    Stack->MinorFunction = Minor;
    return IrpSend(Node->Kernel, Node->Pdo, Stack, STATUS_NOT_SUPPORTED, Information, Result, Name);
}

/* Those that tell and do not ask: a driver must not fail them. */
static void NodeTell(PNP_NODE *Node, UCHAR Minor)
{
    NTSTATUS Status = NodeSend(Node, Minor, NULL, 0, NULL);

    if (!NT_SUCCESS(Status) && !(Minor == IRP_MN_SURPRISE_REMOVAL && Status == STATUS_NOT_SUPPORTED)) {
        PlatformStop("IRP_MJ_PNP", "minor 0x%02x failed with 0x%08x; a driver must succeed it", Minor, (ULONG)Status);
    }
}

static void NodeFailed(PNP_NODE *Node, const char *Step, NTSTATUS Status)
{
    Node->State = NODE_FAILED;
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

/* ---- Enumerated to started -------------------------------------------------------------------------------------------------- */

static BOOLEAN NodeAdd(PNP_NODE *Node)
{
    KERNEL *Kernel = Node->Kernel;
    PDEVICE_OBJECT Top;
    NTSTATUS Status = Kernel->Driver->DriverExtension->AddDevice == NULL ? STATUS_NOT_SUPPORTED :
        Kernel->Driver->DriverExtension->AddDevice(Kernel->Driver, Node->Pdo);

    Top = DeviceTop(Node->Pdo);
    if (!NT_SUCCESS(Status)) {
        if (Top != Node->Pdo) {
            PlatformStop("AddDevice", "failed with 0x%08x and left a device attached", (ULONG)Status);
        }
        NodeFailed(Node, "AddDevice", Status);
        return FALSE;
    }
    if (Top == Node->Pdo) {
        PlatformStop("AddDevice", "succeeded without attaching a device");
    }
    if ((Top->Flags & DO_DEVICE_INITIALIZING) != 0) {
        PlatformStop("AddDevice", "DO_DEVICE_INITIALIZING is still set in the function device object");
    }
    Node->State = NODE_ADDED;
    return TRUE;
}

static void ListsFree(PNP_NODE *Node)
{
    PlatformFree(Node->Raw);
    PlatformFree(Node->Translated);
    Node->Raw = Node->Translated = NULL;
}

static void NodeUnassign(PNP_NODE *Node)
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
        List = PoolAllocate(Kernel, Asked->ListSize, 0x526e5050 /* PPnR */, "the PnP manager");
        memcpy(List, Asked, Asked->ListSize);
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
        PIO_RESOURCE_DESCRIPTOR Descriptor = &First->Descriptors[Index];
        BOOLEAN Included = (Descriptor->Flags & CM_RESOURCE_INTERRUPT_POLICY_INCLUDED) != 0;
        ULONG Wanted = Included ? (ULONG)Descriptor->u.Interrupt.AffinityPolicy : Policy->HasPolicy ? Policy->Policy : 0;
        ULONG Group = Included ? Descriptor->u.Interrupt.Group : Policy->HasGroup ? Policy->Group : 0;
        KAFFINITY Mask = Included ? Descriptor->u.Interrupt.TargetedProcessors : Policy->HasMask ? Policy->Mask : 0;

        if (Descriptor->Type == CmResourceTypeInterrupt && Wanted == IrqPolicySpecifiedProcessors && Mask != 0 &&
            (Group != Assigned->Group || (Assigned->Mask & ~Mask) != 0)) {
            return TRUE;
        }
    }
    return FALSE;
}

static NTSTATUS NodeAssign(PNP_NODE *Node, const DEVICE_POLICY *Forced, BOOLEAN MovesSharers);
static NTSTATUS NodeSendStart(PNP_NODE *Node);
static BOOLEAN NodeStop(PNP_NODE *Node);

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
        NTSTATUS Again = NodeAssign(Stopped[Index], NULL, FALSE);

        if (NT_SUCCESS(Again)) {
            Again = NodeSendStart(Stopped[Index]);
        }
        if (!NT_SUCCESS(Again)) {
            NodeFailed(Stopped[Index], "START after the line moved", Again);
        }
    }
    return Status;
}

static NTSTATUS NodeAssign(PNP_NODE *Node, const DEVICE_POLICY *Forced, BOOLEAN MovesSharers)
{
    KERNEL *Kernel = Node->Kernel;
    PIO_RESOURCE_REQUIREMENTS_LIST List;
    DEVICE *Sharer;
    DEVICE_POLICY Policy;
    NTSTATUS Status;

    RtlZeroMemory(&Policy, sizeof(Policy));
    CmDevicePolicy(Kernel->Registry, DeviceInstance(Node->Device), &Policy);
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
        PoolFree(Kernel, List);
    }
    return Status;
}

static NTSTATUS NodeSendStart(PNP_NODE *Node)
{
    IO_STACK_LOCATION Stack = { 0 };
    const ASSIGNED_INTERRUPT *Assigned;
    DEVICE_CAPABILITIES Capabilities;
    NTSTATUS Status;

    Stack.Parameters.StartDevice.AllocatedResources = Node->Raw;
    Stack.Parameters.StartDevice.AllocatedResourcesTranslated = Node->Translated;
    Status = NodeSend(Node, IRP_MN_START_DEVICE, &Stack, 0, NULL);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Node->State = NODE_STARTED;
    Node->Starts++;
    if (DeviceAssigned(Node->Device, &Assigned) != 0) {
        CmSetTarget(Node->Kernel->Registry, DeviceInstance(Node->Device), Assigned->Group, Assigned->Mask);
    }

    /* What the PnP manager asks of every device that started. */
    RtlZeroMemory(&Stack, sizeof(Stack));
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
    return STATUS_SUCCESS;
}

static void NodeSendRemove(PNP_NODE *Node);

static BOOLEAN NodeStart(PNP_NODE *Node, const DEVICE_POLICY *Forced)
{
    const char *Step = "the assignment of resources";
    NTSTATUS Status = NodeAssign(Node, Forced, TRUE);

    if (NT_SUCCESS(Status)) {
        Step = "START";
        Status = NodeSendStart(Node);
    }
    if (!NT_SUCCESS(Status)) {
        NodeSendRemove(Node);
        NodeFailed(Node, Step, Status);
        return FALSE;
    }
    return TRUE;
}

/* ---- Down again -------------------------------------------------------------------------------------------------------------- */

static BOOLEAN NodeStop(PNP_NODE *Node)
{
    NTSTATUS Status = NodeSend(Node, IRP_MN_QUERY_STOP_DEVICE, NULL, 0, NULL);

    if (!NT_SUCCESS(Status)) {
        NodeTell(Node, IRP_MN_CANCEL_STOP_DEVICE);
        return FALSE;
    }
    NodeTell(Node, IRP_MN_STOP_DEVICE);
    if (InterruptConnections(Node->Kernel->Machine, Node->Pdo) != 0) {
        PlatformStop("IRP_MN_STOP_DEVICE", "the driver left %u connections of the device's interrupts",
                     InterruptConnections(Node->Kernel->Machine, Node->Pdo));
    }
    Node->State = NODE_STOPPED;
    return TRUE;
}

static void NodeSendRemove(PNP_NODE *Node)
{
    NodeTell(Node, IRP_MN_REMOVE_DEVICE);
    if (Node->Pdo->AttachedDevice != NULL) {
        PlatformStop("IRP_MN_REMOVE_DEVICE", "the function device object is still attached");
    }
    if (Node->BusReferences != 0) {
        PlatformStop("IRP_MN_REMOVE_DEVICE", "the driver keeps %d references of BUS_INTERFACE_STANDARD", Node->BusReferences);
    }
    if (InterruptConnections(Node->Kernel->Machine, Node->Pdo) != 0) {
        PlatformStop("IRP_MN_REMOVE_DEVICE", "the driver left %u connections of the device's interrupts",
                     InterruptConnections(Node->Kernel->Machine, Node->Pdo));
    }
    NodeUnassign(Node);
    Node->State = NODE_ENUMERATED;
}

static BOOLEAN NodeEnabled(const PNP_NODE *Node)
{
    const PNP_INTERFACE *Interface;

    for (Interface = Node->Interfaces; Interface != NULL; Interface = Interface->Next) {
        if (Interface->Enabled) {
            return TRUE;
        }
    }
    return FALSE;
}

static void NodeRemove(PNP_NODE *Node)
{
    NodeSendRemove(Node);
    if (NodeEnabled(Node)) {
        PlatformStop("IRP_MN_REMOVE_DEVICE", "the driver left its device interface enabled");
    }
}

static PNP_RESULT QueryRemove(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    NTSTATUS Status = NodeSend(Node, IRP_MN_QUERY_REMOVE_DEVICE, NULL, 0, NULL);

    if (NT_SUCCESS(Status) && Node->Handles == 0) {
        return PNP_DONE;
    }
    PlatformFormat(Reason, ReasonSize, NT_SUCCESS(Status) ? "%u handles are open" : "the driver refused: 0x%08x",
                   NT_SUCCESS(Status) ? Node->Handles : (ULONG)Status);
    NodeTell(Node, IRP_MN_CANCEL_REMOVE_DEVICE);
    return PNP_VETOED;
}

/* ---- What is asked for from outside ------------------------------------------------------------------------------------------ */

static BOOLEAN PnpIdle(void *Context)
{
    return !((KERNEL *)Context)->PnpBusy;
}

static KERNEL *PnpBegin(PNP_NODE *Node)
{
    KERNEL *Kernel = Node->Kernel;

    KernelWait(Kernel, "the PnP manager", PnpIdle, Kernel, UINT64_MAX, "the PnP operation that another thread runs");
    Kernel->PnpBusy = TRUE;
    return Kernel;
}

static PNP_RESULT PnpEnd(KERNEL *Kernel, PNP_RESULT Result)
{
    Kernel->PnpBusy = FALSE;
    KernelChanged(Kernel);
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
    if (!NodeAdd(Node) || !NodeStart(Node, NULL)) {
        PlatformFormat(Reason, ReasonSize, "%s", Node->Problem);
        return PNP_FAILED;
    }
    return PNP_DONE;
}

PNP_RESULT PnpRestart(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    KERNEL *Kernel = PnpBegin(Node);
    PNP_RESULT Result = PNP_DONE;

    if (Node->State == NODE_GONE || Node->State == NODE_SURPRISE_REMOVED) {
        return PnpEnd(Kernel, Refused(Node, Reason, ReasonSize));
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
    return PnpEnd(Kernel, Result);
}

PNP_RESULT PnpQueryRemove(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    KERNEL *Kernel = PnpBegin(Node);
    PNP_RESULT Result;

    if (Node->State != NODE_STARTED) {
        return PnpEnd(Kernel, Refused(Node, Reason, ReasonSize));
    }
    Result = QueryRemove(Node, Reason, ReasonSize);
    if (Result == PNP_DONE) {
        NodeTell(Node, IRP_MN_CANCEL_REMOVE_DEVICE);
    }
    return PnpEnd(Kernel, Result);
}

PNP_RESULT PnpQueryStop(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    KERNEL *Kernel = PnpBegin(Node);
    NTSTATUS Status;

    if (Node->State != NODE_STARTED) {
        return PnpEnd(Kernel, Refused(Node, Reason, ReasonSize));
    }
    Status = NodeSend(Node, IRP_MN_QUERY_STOP_DEVICE, NULL, 0, NULL);
    NodeTell(Node, IRP_MN_CANCEL_STOP_DEVICE);
    if (!NT_SUCCESS(Status)) {
        PlatformFormat(Reason, ReasonSize, "the driver refused: 0x%08x", (ULONG)Status);
        return PnpEnd(Kernel, PNP_VETOED);
    }
    return PnpEnd(Kernel, PNP_DONE);
}

static PNP_RESULT Rebalance(PNP_NODE *Node, LONG Group, char *Reason, size_t ReasonSize)
{
    DEVICE_POLICY Policy;
    const MACHINE_LAYOUT *Layout = MachineLayout(Node->Kernel->Machine);

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
    CmDevicePolicy(Node->Kernel->Registry, DeviceInstance(Node->Device), &Policy);
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
    KERNEL *Kernel = PnpBegin(Node);

    return PnpEnd(Kernel, Rebalance(Node, Group, Reason, ReasonSize));
}

PNP_RESULT PnpRestartInPlace(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    KERNEL *Kernel = PnpBegin(Node);
    PNP_RESULT Result = PNP_DONE;

    if (Node->State != NODE_STARTED) {
        Result = Refused(Node, Reason, ReasonSize);
    } else if (!NT_SUCCESS(NodeSendStart(Node))) {
        PlatformFormat(Reason, ReasonSize, "the second START failed");
        Result = PNP_FAILED;
    }
    return PnpEnd(Kernel, Result);
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
    NodeTell(Node, IRP_MN_SURPRISE_REMOVAL);
    Node->State = NODE_SURPRISE_REMOVED;
    if (NodeEnabled(Node)) {
        PlatformStop("IRP_MN_SURPRISE_REMOVAL", "the driver left its device interface enabled");
    }
    if (Node->Handles == 0) {
        NodeRemove(Node);
        Node->State = NODE_GONE;
    }
}

PNP_RESULT PnpSurpriseRemove(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    KERNEL *Kernel = PnpBegin(Node);

    if (Node->State == NODE_GONE || Node->State == NODE_SURPRISE_REMOVED) {
        return PnpEnd(Kernel, Refused(Node, Reason, ReasonSize));
    }
    NodeVanish(Node);
    return PnpEnd(Kernel, PNP_DONE);
}

PNP_RESULT PnpReplug(PNP_NODE *Node, char *Reason, size_t ReasonSize)
{
    KERNEL *Kernel = PnpBegin(Node);

    if (Node->State != NODE_GONE) {
        return PnpEnd(Kernel, Refused(Node, Reason, ReasonSize));
    }
    DeviceReturn(Node->Device);
    Node->State = NODE_ENUMERATED;
    Node->Power = PowerDeviceD0;
    Node->System = PowerSystemWorking;
    return PnpEnd(Kernel, AddAndStart(Node, Reason, ReasonSize));
}

void PnpLastHandleClosed(PNP_NODE *Node)
{
    KERNEL *Kernel = Node->Kernel;

    /* A close inside of another PnP operation (the driver closes nothing itself, but a rundown may) leaves it to that. */
    if (Node->State == NODE_SURPRISE_REMOVED && !Kernel->PnpBusy) {
        Kernel->PnpBusy = TRUE;
        NodeRemove(Node);
        Node->State = NODE_GONE;
        PnpEnd(Kernel, PNP_DONE);
    }
}

/* IoInvalidateDeviceState: the driver is asked, and a device that it says failed is taken away from it. */
static void NodeAskState(PNP_NODE *Node)
{
    IO_STATUS_BLOCK Result;
    KERNEL *Kernel = PnpBegin(Node);

    Node->Invalidated = FALSE;
    if (Node->State == NODE_STARTED && NT_SUCCESS(NodeSend(Node, IRP_MN_QUERY_PNP_DEVICE_STATE, NULL, 0, &Result)) &&
        (Result.Information & (PNP_DEVICE_FAILED | PNP_DEVICE_REMOVED)) != 0) {
        NodeVanish(Node);
    }
    PnpEnd(Kernel, PNP_DONE);
}

/* Faults of the machine ask for these at any IRQL; they are done at the end of the host call. */
void PnpNotices(KERNEL *Kernel)
{
    char Reason[160];
    NOTICE Notice;
    DEVICE *Device;
    ULONG Index;

    for (Index = 0; !Kernel->PnpBusy && Index < Kernel->NodeCount; Index++) {
        if (Kernel->Nodes[Index].Invalidated) {
            NodeAskState(&Kernel->Nodes[Index]);
        }
    }

    while (!Kernel->PnpBusy && (Device = MachineNotice(Kernel->Machine, &Notice)) != NULL) {
        PNP_NODE *Node = PnpNodeByName(Kernel, DeviceName(Device));
        PNP_RESULT Result = Notice == NOTICE_GONE ? PnpSurpriseRemove(Node, Reason, sizeof(Reason)) :
            PnpRebalance(Node, POLICY_ANY, Reason, sizeof(Reason));

        if (Result != PNP_DONE) {
            PlatformLog("%s: %s", DeviceName(Device), Reason);
        }
    }
}

/* ---- All of them -------------------------------------------------------------------------------------------------------------- */

void PnpCreate(KERNEL *Kernel)
{
    ULONG Index;

    Kernel->NodeCount = MachineDevices(Kernel->Machine);
    for (Index = 0; Index < Kernel->NodeCount; Index++) {
        PNP_NODE *Node = &Kernel->Nodes[Index];

        Node->Kernel = Kernel;
        Node->Index = Index;
        Node->Device = MachineDevice(Kernel->Machine, Index);
        Node->Power = PowerDeviceD0;
        Node->System = PowerSystemWorking;
        Node->Pdo = BusDeviceCreate(Kernel, Kernel->BusDriver, Node);
        DeviceSetPdo(Node->Device, Node->Pdo);
        CmInstallDevice(Kernel->Registry, DeviceInstance(Node->Device));
    }
}

void PnpStartAll(KERNEL *Kernel)
{
    ULONG Index;

    for (Index = 0; Index < Kernel->NodeCount; Index++) {
        if (NodeAdd(&Kernel->Nodes[Index])) {
            NodeStart(&Kernel->Nodes[Index], NULL);
        }
    }
}

void PnpRemoveAll(KERNEL *Kernel)
{
    ULONG Index;

    for (Index = 0; Index < Kernel->NodeCount; Index++) {
        PNP_NODE *Node = &Kernel->Nodes[Index];

        if (Node->State == NODE_STARTED || Node->State == NODE_STOPPED || Node->State == NODE_ADDED ||
            Node->State == NODE_SURPRISE_REMOVED) {
            NodeRemove(Node);
        }
    }
}

ULONG PnpNodes(KERNEL *Kernel)
{
    return Kernel->NodeCount;
}

PNP_NODE *PnpNode(KERNEL *Kernel, ULONG Index)
{
    return Index < Kernel->NodeCount ? &Kernel->Nodes[Index] : NULL;
}

PNP_NODE *PnpNodeByName(KERNEL *Kernel, const char *Name)
{
    ULONG Index;

    for (Index = 0; Index < Kernel->NodeCount; Index++) {
        if (strcmp(DeviceName(Kernel->Nodes[Index].Device), Name) == 0) {
            return &Kernel->Nodes[Index];
        }
    }
    return NULL;
}

PNP_NODE *PnpNodeOfPdo(KERNEL *Kernel, PDEVICE_OBJECT Pdo)
{
    ULONG Index;

    for (Index = 0; Index < Kernel->NodeCount; Index++) {
        if (Kernel->Nodes[Index].Pdo == Pdo) {
            return &Kernel->Nodes[Index];
        }
    }
    return NULL;
}
