#include "driver.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, DispatchCreate)
#pragma alloc_text(PAGE, DispatchCleanup)
#pragma alloc_text(PAGE, DispatchClose)
#endif

typedef struct DISPATCH_ROW {
    OPERATION Operation;
    BOOLEAN Gated;             /* runs under the gate */
    REQUEST_HANDLER *Run;
} DISPATCH_ROW;

/* In the order of OPERATION: a row is found by its number. */
static const DISPATCH_ROW Rows[] = {
    { OPERATION_VERSION,    FALSE, VersionRun    },
    { OPERATION_MACHINE,    FALSE, MachineRun    },
    { OPERATION_RESOURCES,  TRUE,  ResourcesRun  },
    { OPERATION_CONNECT,    TRUE,  ConnectRun    },
    { OPERATION_DISCONNECT, TRUE,  DisconnectRun },
    { OPERATION_AFFINITY,   TRUE,  AffinityRun   },
    { OPERATION_TRIGGER,    TRUE,  TriggerRun    },
    { OPERATION_MASK,       TRUE,  MaskRun       },
    { OPERATION_STATISTICS, TRUE,  StatisticsRun },
    { OPERATION_EVENTS,     FALSE, EventsRun     },
    { OPERATION_RESET,      TRUE,  ResetRun      },
};
_Static_assert(ARRAY_COUNT(Rows) == OPERATION_COUNT, "an operation has no row");

static NTSTATUS DispatchComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* Completes an IRP that was refused. It is marked pending first: for an error that is returned at once the I/O
 * manager does not write the caller's status block, and the caller could not tell the status. Returns
 * STATUS_PENDING. */
static NTSTATUS DispatchRefuse(PIRP Irp, NTSTATUS Status)
{
    IoMarkIrpPending(Irp);
    (VOID)DispatchComplete(Irp, Status, 0);
    return STATUS_PENDING;
}

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

NTSTATUS NTAPI DispatchClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PAGED_CODE();
    UNREFERENCED_PARAMETER(DeviceObject);

    SessionClose(IoGetCurrentIrpStackLocation(Irp)->FileObject);
    return DispatchComplete(Irp, STATUS_SUCCESS, 0);
}

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

/* A request is judged by the table before anything is done for it, and copied out before its reply is written. */
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
        /* The table's sizes are those of the union's members, and the buffer is exactly so long. */
        RtlCopyMemory(&Request.Input, Irp->AssociatedIrp.SystemBuffer,
                      Stack->Parameters.DeviceIoControl.InputBufferLength);
        Request.Output = (Code & 3) == METHOD_BUFFERED ? Irp->AssociatedIrp.SystemBuffer : NULL;
        if (Rows[Operation].Gated) {
            GateEnter(Device);
        }
        Status = Rows[Operation].Run(Device, &Request);
        if (Rows[Operation].Gated) {
            GateLeave(Device);
        }
    }
    if (Status == STATUS_PENDING) {
        return STATUS_PENDING; /* a read: whoever completes it lets the remove lock go */
    }
    Status = NT_SUCCESS(Status) ? DispatchComplete(Irp, Status, Request.Information) : DispatchRefuse(Irp, Status);
    IoReleaseRemoveLock(&Device->RemoveLock, Irp);
    return Status;
}
