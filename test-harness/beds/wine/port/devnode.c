/* What the PnP rules leave to the kernel (pnp.h), over Wine: IRPs, AddDevice and REMOVE, memory. */
#include "port.h"

PNP *KernelPnp(KERNEL *Kernel)
{
    return &Kernel->Pnp;
}

typedef struct SENT {
    KEVENT Event;
    IO_STATUS_BLOCK Result;
} SENT;

static NTSTATUS NTAPI Returned(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    SENT *Sent = Context;

    (void)Device;
    Sent->Result = Irp->IoStatus;
    KeSetEvent(&Sent->Event, 0, FALSE);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

NTSTATUS PortSend(PDEVICE_OBJECT Top, const IO_STACK_LOCATION *Stack, NTSTATUS First, ULONG_PTR Information,
                  PIO_STATUS_BLOCK Result)
{
    PIRP Irp = IoAllocateIrp(Top->StackSize, FALSE);
    SENT Sent;

    if (Irp == NULL) {
        PlatformStop("IoAllocateIrp", "Wine has no memory left");
    }
    KeInitializeEvent(&Sent.Event, NotificationEvent, FALSE);
    Irp->IoStatus.Status = First;
    Irp->IoStatus.Information = Information;
    *IoGetNextIrpStackLocation(Irp) = *Stack;
    IoSetCompletionRoutine(Irp, Returned, &Sent, TRUE, TRUE, TRUE);
    if (IoCallDriver(Top, Irp) == STATUS_PENDING) {
        MonitorWaitObject(&Sent.Event, NULL, "IoCallDriver");
    }
    IoFreeIrp(Irp);
    if (Result != NULL) {
        *Result = Sent.Result;
    }
    return Sent.Result.Status;
}

NTSTATUS KernelSend(PNP_NODE *Node, const IO_STACK_LOCATION *Stack, NTSTATUS First, ULONG_PTR Information,
                    PIO_STATUS_BLOCK Result, const char *What)
{
    PDEVICE_OBJECT Top = Node->Pdo;

    (void)What;
    while (Top->AttachedDevice != NULL) {
        Top = Top->AttachedDevice;
    }
    return PortSend(Top, Stack, First, Information, Result);
}

BOOLEAN KernelBringNode(PNP_NODE *Node)
{
    NTSTATUS Status;

    if (Node->Pdo == NULL) {
        NodeFailed(Node, "the enumeration", STATUS_NO_SUCH_DEVICE);
        return FALSE;
    }
    Status = Port.AddDevice(Port.Driver, Node->Pdo);
    if (!NT_SUCCESS(Status)) {
        NodeFailed(Node, "AddDevice", Status);
        return FALSE;
    }
    Node->State = NODE_ADDED;
    return NodeStart(Node, NULL);
}

void KernelTakeNode(PNP_NODE *Node)
{
    NodeTell(Node, IRP_MN_REMOVE_DEVICE);
    if (Node->Pdo->AttachedDevice != NULL) {
        PlatformStop("IRP_MN_REMOVE_DEVICE", "the function device object is still attached");
    }
    NodeRemoved(Node);
}

/* Wine knows the state of an interface and tells it to nobody; what must be so is asked of the client's side. */
BOOLEAN KernelNodeEnabled(PNP_NODE *Node)
{
    (void)Node;
    return FALSE;
}

PVOID KernelPool(KERNEL *Kernel, SIZE_T Size, const char *Whose)
{
    PVOID Memory = WineExAllocatePoolWithTag(PagedPool, Size, PORT_TAG);

    (void)Kernel;
    if (Memory == NULL) {
        PlatformStop(Whose, "Wine has no memory left");
    }
    return Memory;
}

void KernelPoolFree(KERNEL *Kernel, PVOID Memory)
{
    (void)Kernel;
    ExFreePoolWithTag(Memory, 0);
}

BOOLEAN KernelRealTime(const KERNEL *Kernel)
{
    return Kernel->RealTime;
}

const char *KernelStopText(const KERNEL *Kernel)
{
    return Kernel->StopText;
}

void KernelEntryProcessor(KERNEL *Kernel, PROCESSOR *Processor)
{
    Kernel->EntryProcessor = Processor;
}

size_t KernelTakeLog(KERNEL *Kernel, char *Text, size_t Size)
{
    size_t Length = Kernel->LogLength < Size ? Kernel->LogLength : Size - 1;
    size_t Index;

    RtlCopyMemory(Text, Kernel->Log, Length);
    Text[Length] = 0;
    for (Index = Length; Index < Kernel->LogLength; Index++) {
        Kernel->Log[Index - Length] = Kernel->Log[Index];
    }
    Kernel->LogLength -= Length;
    return Length;
}

BOOLEAN KernelAtRest(KERNEL *Kernel, char *Answer, size_t AnswerSize)
{
    if (Kernel->Stopped) {
        PlatformFormat(Answer, AnswerSize, "%s", Kernel->StopText);
        return FALSE;
    }
    if (Kernel->Pending != 0) {
        PlatformFormat(Answer, AnswerSize, "%u requests are pending", Kernel->Pending);
        return FALSE;
    }
    return MachineAtRest(Kernel->Machine, Answer, AnswerSize);
}
