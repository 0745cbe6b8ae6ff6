/*
 * The PnP manager: what becomes of each device of the machine.
 *
 *   enumerated --AddDevice--> added --START--> started --STOP--> stopped --START--> started
 *       ^                       |                 |
 *       |<------REMOVE----------+-----------------+--SURPRISE_REMOVAL--> removed by surprise --REMOVE--> gone
 *
 * START that fails is followed by REMOVE and leaves the node failed; a restart tries again.
 */
#include "iopnp.h"

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
void NodeTell(PNP_NODE *Node, UCHAR Minor)
{
    NTSTATUS Status = NodeSend(Node, Minor, NULL, 0, NULL);

    if (!NT_SUCCESS(Status) && !(Minor == IRP_MN_SURPRISE_REMOVAL && Status == STATUS_NOT_SUPPORTED)) {
        PlatformStop("IRP_MJ_PNP", "minor 0x%02x failed with 0x%08x; a driver must succeed it", Minor, (ULONG)Status);
    }
}

static void NodeFailed(PNP_NODE *Node, const char *Step, NTSTATUS Status)
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

BOOLEAN NodeAdd(PNP_NODE *Node)
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
        ULONG Asked = Policy->HasPolicy ? Policy->Policy : IrqPolicyMachineDefault;
        ULONG Wanted = Included ? Descriptor->u.Interrupt.AffinityPolicy : Asked;
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
        NTSTATUS Again = NodeAssign(Stopped[Index], NULL, FALSE);

        if (NT_SUCCESS(Again)) {
            Again = NodeSendStart(Stopped[Index]);
        }
        if (!NT_SUCCESS(Again)) {
            NodeStartFailed(Stopped[Index], "START after the line moved", Again);
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

BOOLEAN NodeStart(PNP_NODE *Node, const DEVICE_POLICY *Forced)
{
    const char *Step = "the assignment of resources";
    NTSTATUS Status = NodeAssign(Node, Forced, TRUE);

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
        NodeSendRemove(Node);
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
    if (NodeEnabled(Node)) {
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
        PlatformStop("IRP_MN_REMOVE_DEVICE", "the driver keeps %d references of BUS_INTERFACE_STANDARD",
                     Node->BusReferences);
    }
    if (InterruptConnections(Node->Kernel->Machine, Node->Pdo) != 0) {
        PlatformStop("IRP_MN_REMOVE_DEVICE", "the driver left %u connections of the device's interrupts",
                     InterruptConnections(Node->Kernel->Machine, Node->Pdo));
    }
    NodeUnassign(Node);
    Node->State = NODE_ENUMERATED;
    Node->Leaving = FALSE;
}

BOOLEAN NodeEnabled(const PNP_NODE *Node)
{
    const PNP_INTERFACE *Interface;

    for (Interface = Node->Interfaces; Interface != NULL; Interface = Interface->Next) {
        if (Interface->Enabled) {
            return TRUE;
        }
    }
    return FALSE;
}

void NodeRemove(PNP_NODE *Node)
{
    NodeSendRemove(Node);
    if (NodeEnabled(Node)) {
        PlatformStop("IRP_MN_REMOVE_DEVICE", "the driver left its device interface enabled");
    }
}

/* ---- All of them ------------------------------------------------------------------------------------------------- */

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
