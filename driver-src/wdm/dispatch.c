#include "driver.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, DispatchCreate)
#pragma alloc_text(PAGE, DispatchCleanup)
#pragma alloc_text(PAGE, DispatchClose)
#endif

typedef struct DISPATCH_ROW {
    OPERATION Operation;
    REQUEST_HANDLER *Run;      /* one of the two; the other is NULL */
    GATED_HANDLER *RunGated;
} DISPATCH_ROW;

/* In the order of OPERATION: a row is found by its number. */
static const DISPATCH_ROW Rows[] = {
    { OPERATION_VERSION,     VersionRun, NULL          },
    { OPERATION_MACHINE,     MachineRun, NULL          },
    { OPERATION_RESOURCES,   NULL,       ResourcesRun  },
    { OPERATION_CONNECT,     NULL,       ConnectRun    },
    { OPERATION_DISCONNECT,  NULL,       DisconnectRun },
    { OPERATION_AFFINITY,    NULL,       AffinityRun   },
    { OPERATION_TRIGGER,     NULL,       TriggerRun    },
    { OPERATION_MASK,        NULL,       MaskRun       },
    { OPERATION_STATISTICS,  NULL,       StatisticsRun },
    { OPERATION_EVENTS,      EventsRun,  NULL          },
    { OPERATION_RESET,       NULL,       ResetRun      },
};
_Static_assert(ARRAY_COUNT(Rows) == OPERATION_COUNT, "an operation has no row");

_IRQL_requires_max_(DISPATCH_LEVEL)
static NTSTATUS DispatchComplete(_Inout_ PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* Completes an IRP that was refused. It is marked pending first: for an error that is returned at once the I/O
 * manager does not write the caller's status block, and the caller could not tell the status. Returns
 * STATUS_PENDING. */
_IRQL_requires_max_(DISPATCH_LEVEL)
static NTSTATUS DispatchRefuse(_Inout_ PIRP Irp, NTSTATUS Status)
{
    IoMarkIrpPending(Irp);
    (VOID)DispatchComplete(Irp, Status, 0);
    return STATUS_PENDING;
}

_Use_decl_annotations_
NTSTATUS NTAPI DispatchCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    IRQSCOPE_DEVICE *Device = DeviceOf(DeviceObject);
    NTSTATUS Status;

    PAGED_CODE();

    Status = IoAcquireRemoveLock(&Device->RemoveLock, Irp);
    if (!NT_SUCCESS(Status)) {
        return DispatchComplete(Irp, Status, 0);
    }
    GateEnter(Device);
    Status = (NTSTATUS)StateMayQuery(&Device->State);
    GateLeave(Device);
    if (NT_SUCCESS(Status)) {
        Status = SessionOpen(Device, IoGetCurrentIrpStackLocation(Irp)->FileObject);
    }
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return DispatchComplete(Irp, Status, 0);
}

/* These two come for every handle that was opened, also after the device was removed: the remove lock cannot be taken
 * any more then, and is not needed, because everything that belongs to the handle has ended already. */
_Use_decl_annotations_
NTSTATUS NTAPI DispatchCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    SESSION *Session = IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext;

    PAGED_CODE();
    UNREFERENCED_PARAMETER(DeviceObject);

    if (Session != NULL) {
        SessionCleanup(Session);
    }
    return DispatchComplete(Irp, STATUS_SUCCESS, 0);
}

_Use_decl_annotations_
NTSTATUS NTAPI DispatchClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PAGED_CODE();
    UNREFERENCED_PARAMETER(DeviceObject);

    SessionClose(IoGetCurrentIrpStackLocation(Irp)->FileObject);
    return DispatchComplete(Irp, STATUS_SUCCESS, 0);
}

_Use_decl_annotations_
NTSTATUS NTAPI DispatchSystemControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    IRQSCOPE_DEVICE *Device = DeviceOf(DeviceObject);
    NTSTATUS Status = IoAcquireRemoveLock(&Device->RemoveLock, Irp);

    if (!NT_SUCCESS(Status)) {
        return DispatchComplete(Irp, Status, 0);
    }
    IoSkipCurrentIrpStackLocation(Irp);
    Status = IoCallDriver(Device->Lower, Irp);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return Status;
}

_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS DispatchRun(_Inout_ IRQSCOPE_DEVICE *Device, _In_ const DISPATCH_ROW *Row, _Inout_ REQUEST *Request)
{
    NTSTATUS Status;

    if (Row->RunGated == NULL) {
        return Row->Run(Device, Request);
    }
    GateEnter(Device);
    Status = Row->RunGated(Device, Request);
    GateLeave(Device);
    return Status;
}

/* A request is judged by the table before anything is done for it, and copied out before its reply is written. */
_Use_decl_annotations_
NTSTATUS NTAPI DispatchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    IRQSCOPE_DEVICE *Device = DeviceOf(DeviceObject);
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG Code = Stack->Parameters.DeviceIoControl.IoControlCode;
    OPERATION Operation = OPERATION_COUNT;
    REQUEST Request;
    NTSTATUS Status = IoAcquireRemoveLock(&Device->RemoveLock, Irp);

    if (!NT_SUCCESS(Status)) {
        return DispatchRefuse(Irp, Status);
    }
    RtlZeroMemory(&Request, sizeof(Request));
    Request.Session = Stack->FileObject != NULL ? Stack->FileObject->FsContext : NULL;
    Request.Irp = Irp;
    Request.OutputLength = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    if (Request.Session == NULL) {
        /* Another driver that made up a request without a handle. */
        Status = DispatchRefuse(Irp, STATUS_INVALID_HANDLE);
        IoReleaseRemoveLock(&Device->RemoveLock, Irp);
        return Status;
    }
    Status = (NTSTATUS)RequestCheck(Code, Stack->Parameters.DeviceIoControl.InputBufferLength, Request.OutputLength,
                                    Request.Session->VersionAgreed != 0, &Operation);
    if (NT_SUCCESS(Status)) {
        /* The rule's size is that of one of the union's members, and the buffer is exactly so long. */
        RtlCopyMemory(&Request.Input, Irp->AssociatedIrp.SystemBuffer, RequestRule(Operation)->Input);
        Request.Output = (Code & 3) == METHOD_BUFFERED ? Irp->AssociatedIrp.SystemBuffer : NULL;
        Status = DispatchRun(Device, &Rows[Operation], &Request);
    }
    if (Status == STATUS_PENDING) {
        return STATUS_PENDING; /* a read: whoever completes it lets the remove lock go */
    }
    Status = NT_SUCCESS(Status) ? DispatchComplete(Irp, Status, Request.Information) : DispatchRefuse(Irp, Status);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return Status;
}
