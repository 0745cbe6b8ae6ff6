/* What the PnP rules (pnp/pnp.h) leave to the kernel: AddDevice and REMOVE, IRPs, waits, the registry, memory. */
#include "kernel.h"

PNP *KernelPnp(KERNEL *Kernel)
{
    return &Kernel->Pnp;
}

NTSTATUS KernelSend(PNP_NODE *Node, const IO_STACK_LOCATION *Stack, NTSTATUS First, ULONG_PTR Information,
                    PIO_STATUS_BLOCK Result, const char *What)
{
    return IrpSend(Node->Kernel, Node->Pdo, Stack, First, Information, Result, What);
}

void KernelAwait(KERNEL *Kernel, const char *Routine, BOOLEAN (*Ready)(void *Context), void *Context,
                 const char *What)
{
    KernelWait(Kernel, Routine, Ready, Context, UINT64_MAX, What);
}

void PlatformChanged(void)
{
    KernelChanged(KernelCurrent());
}

PVOID KernelPool(KERNEL *Kernel, SIZE_T Size, const char *Whose)
{
    return PoolAllocate(Kernel, Size, 0x526e5050 /* PPnR */, Whose);
}

void KernelPoolFree(KERNEL *Kernel, PVOID Memory)
{
    PoolFree(Kernel, Memory);
}

void KernelReadPolicy(PNP_NODE *Node, DEVICE_POLICY *Policy)
{
    CmDevicePolicy(Node->Kernel->Registry, DeviceInstance(Node->Device), Policy);
}

void KernelWriteTarget(PNP_NODE *Node, USHORT Group, KAFFINITY Mask)
{
    CmSetTarget(Node->Kernel->Registry, DeviceInstance(Node->Device), Group, Mask);
}

BOOLEAN KernelRegistryWord(KERNEL *Kernel, const char *Words, char *Answer, size_t AnswerSize)
{
    return CmControl(Kernel->Registry, Kernel->Machine, Words, Answer, AnswerSize);
}

BOOLEAN KernelNodeEnabled(PNP_NODE *Node)
{
    const PNP_INTERFACE *Interface;

    for (Interface = Node->Interfaces; Interface != NULL; Interface = Interface->Next) {
        if (Interface->Enabled) {
            return TRUE;
        }
    }
    return FALSE;
}

/* ---- The bus driver ---------------------------------------------------------------------------------------------- */

NTSTATUS BusDispatch(PDEVICE_OBJECT Device, PIRP Irp)
{
    NTSTATUS Status = PdoRun(*(PNP_NODE **)Device->DeviceExtension, Irp);

    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* ---- AddDevice and REMOVE ---------------------------------------------------------------------------------------- */

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

BOOLEAN KernelBringNode(PNP_NODE *Node)
{
    return NodeAdd(Node) && NodeStart(Node, NULL);
}

void KernelTakeNode(PNP_NODE *Node)
{
    NodeTell(Node, IRP_MN_REMOVE_DEVICE);
    if (Node->Pdo->AttachedDevice != NULL) {
        PlatformStop("IRP_MN_REMOVE_DEVICE", "the function device object is still attached");
    }
    NodeRemoved(Node);
}

/* ---- All of them ------------------------------------------------------------------------------------------------- */

void PnpInstallAll(KERNEL *Kernel)
{
    ULONG Index;

    PnpCreate(Kernel);
    for (Index = 0; Index < PnpNodes(Kernel); Index++) {
        PNP_NODE *Node = PnpNode(Kernel, Index);

        Node->Pdo = BusDeviceCreate(Kernel, Kernel->BusDriver, Node);
        DeviceSetPdo(Node->Device, Node->Pdo);
        CmInstallDevice(Kernel->Registry, DeviceInstance(Node->Device));
    }
}

void PnpStartAll(KERNEL *Kernel)
{
    ULONG Index;

    for (Index = 0; Index < PnpNodes(Kernel); Index++) {
        KernelBringNode(PnpNode(Kernel, Index));
    }
}

void PnpRemoveAll(KERNEL *Kernel)
{
    ULONG Index;

    for (Index = 0; Index < PnpNodes(Kernel); Index++) {
        PNP_NODE *Node = PnpNode(Kernel, Index);

        if (Node->State == NODE_STARTED || Node->State == NODE_STOPPED || Node->State == NODE_ADDED ||
            Node->State == NODE_SURPRISE_REMOVED) {
            NodeRemove(Node);
        }
    }
}
