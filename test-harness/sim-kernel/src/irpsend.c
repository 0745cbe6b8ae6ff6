/* Io: IRPs that somebody waits for: the kernel itself, IoBuildSynchronousFsdRequest, IoForwardIrpSynchronously. */
#include "kernel.h"

/* ---- Sending and waiting ----------------------------------------------------------------------------------------- */

typedef struct SENT {
    BOOLEAN Done;
    IO_STATUS_BLOCK Result;
} SENT;

static BOOLEAN SentReady(void *Context)
{
    return ((SENT *)Context)->Done;
}

static void SentFinish(KERNEL *Kernel, PIRP Irp, PVOID Context)
{
    SENT *Sent = Context;

    Sent->Result = Irp->IoStatus;
    Sent->Done = TRUE;
    IrpDelete(Kernel, Irp);
}

NTSTATUS IrpSend(KERNEL *Kernel, PDEVICE_OBJECT Device, const IO_STACK_LOCATION *Stack, NTSTATUS First,
                 ULONG_PTR Information, PIO_STATUS_BLOCK Result, const char *What)
{
    SENT Sent = { 0 };
    PDEVICE_OBJECT Top = DeviceTop(Device);
    PIRP Irp = IrpCreate(Kernel, Top->StackSize, SentFinish, &Sent, What);

    Irp->RequestorMode = KernelMode;
    Irp->IoStatus.Status = First;
    Irp->IoStatus.Information = Information;
    *IoGetNextIrpStackLocation(Irp) = *Stack;
    Irp->Tail.Overlay.OriginalFileObject = Stack->FileObject;
    IrpDispatch(Kernel, Top, Irp, What);
    KernelWait(Kernel, What, SentReady, &Sent, UINT64_MAX, "an IRP that nobody completes");
    if (Result != NULL) {
        *Result = Sent.Result;
    }
    return Sent.Result.Status;
}

typedef struct BUILT {
    PKEVENT Event;
    PIO_STATUS_BLOCK Result;
} BUILT;

static void BuiltFinish(KERNEL *Kernel, PIRP Irp, PVOID Context)
{
    BUILT *Built = Context;

    *Built->Result = Irp->IoStatus;
    KeSetEvent(Built->Event, 0, FALSE);
    PlatformFree(Built);
    IrpDelete(Kernel, Irp);
}

PIRP IoBuildSynchronousFsdRequest(ULONG MajorFunction, PDEVICE_OBJECT DeviceObject, PVOID Buffer, ULONG Length,
                                  PLARGE_INTEGER StartingOffset, PKEVENT Event, PIO_STATUS_BLOCK IoStatusBlock)
{
    static const char Routine[] = "IoBuildSynchronousFsdRequest";
    KERNEL *Kernel = KernelEnter(Routine, APC_LEVEL);
    BUILT *Built;
    PIRP Irp;

    UNREFERENCED_PARAMETER(StartingOffset);
    if (MajorFunction != IRP_MJ_PNP || Buffer != NULL || Length != 0) {
        PlatformStop(Routine, "the simulator builds IRP_MJ_PNP requests only, not major 0x%02x", MajorFunction);
    }
    if (MachineFails(Kernel->Machine, Routine)) {
        return NULL;
    }
    Built = PlatformAllocate(sizeof(*Built));
    Built->Event = Event;
    Built->Result = IoStatusBlock;
    Irp = IrpCreate(Kernel, DeviceObject->StackSize, BuiltFinish, Built, "IoBuildSynchronousFsdRequest");
    IoGetNextIrpStackLocation(Irp)->MajorFunction = (UCHAR)MajorFunction;
    return Irp;
}

static NTSTATUS ForwardDone(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    *(BOOLEAN *)Context = TRUE;
    KernelChanged(KernelCurrent());
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static BOOLEAN ForwardReady(void *Context)
{
    return *(BOOLEAN *)Context;
}

BOOLEAN IoForwardIrpSynchronously(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    static const char Routine[] = "IoForwardIrpSynchronously";
    KERNEL *Kernel = KernelEnter(Routine, APC_LEVEL);
    BOOLEAN Done = FALSE;

    IrpCheck(Irp, Routine);
    if (Irp->CurrentLocation <= 1) {
        return FALSE;
    }
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, ForwardDone, &Done, TRUE, TRUE, TRUE);
    IrpDispatch(Kernel, DeviceObject, Irp, Routine);
    KernelWait(Kernel, Routine, ForwardReady, &Done, UINT64_MAX, "an IRP that the driver below never completes");
    return TRUE;
}
