/* Device control requests: where each transfer method keeps its buffers, and what each function does. */
#include "driver.h"

#include <stddef.h>

typedef struct REQUEST {
    ULONG Code;
    PVOID Input;
    ULONG InputLength;
    PVOID Output;
    ULONG OutputLength;
} REQUEST;

static void RequestBuffers(PIRP Irp, REQUEST *Request)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);

    Request->Code = Stack->Parameters.DeviceIoControl.IoControlCode;
    Request->InputLength = Stack->Parameters.DeviceIoControl.InputBufferLength;
    Request->OutputLength = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    Request->Input = Irp->AssociatedIrp.SystemBuffer;
    Request->Output = NULL;
    switch (Request->Code & 3) {
    case CONFORM_BUFFERED:
        Request->Output = Irp->AssociatedIrp.SystemBuffer;
        break;
    case CONFORM_NEITHER:
        Request->Input = Stack->Parameters.DeviceIoControl.Type3InputBuffer;
        Request->Output = Irp->UserBuffer;
        break;
    default:
        if (Irp->MdlAddress != NULL) {
            Request->Output = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority | MdlMappingNoExecute);
        }
        break;
    }
}

/* How the request looks, for the log. */
static void ControlSee(CONFORM_DEVICE *Device, PIRP Irp, const REQUEST *Request)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    char Buffer[512];
    TEXT Text = { Buffer, sizeof(Buffer), 0 };

    TextAdd(&Text, "in=");
    TextAddNumber(&Text, Request->InputLength);
    TextAdd(&Text, ",out=");
    TextAddNumber(&Text, Request->OutputLength);
    TextAdd(&Text, Irp->AssociatedIrp.SystemBuffer != NULL ? ",SystemBuffer" : "");
    TextAdd(&Text, Irp->MdlAddress != NULL ? ",Mdl" : "");
    if (Irp->MdlAddress != NULL) {
        TextAdd(&Text, "(");
        TextAddNumber(&Text, MmGetMdlByteCount(Irp->MdlAddress));
        TextAdd(&Text, Request->Output != NULL ? ",mapped)" : ",unmapped)");
    }
    TextAdd(&Text, Stack->Parameters.DeviceIoControl.Type3InputBuffer != NULL ? ",Type3InputBuffer" : "");
    if ((Request->Code & 3) == CONFORM_NEITHER) {
        TextAdd(&Text, Irp->UserBuffer != NULL ? ",UserBuffer" : "");
    }
    LogAdd(Device, Buffer);
    Buffer[Text.Length = 0] = 0;
    TextAdd(&Text, Irp->RequestorMode == UserMode ? "from-user" : "from-kernel");
    TextAdd(&Text, Irp->Cancel ? ",cancelled" : "");
    TextAdd(&Text, Irp->PendingReturned ? ",pending" : "");
    TextAdd(&Text, Stack->FileObject != NULL && Stack->FileObject->FsContext == Device ? ",FsContext" : "");
    TextAdd(&Text, Irp->IoStatus.Status == 0 ? "" : ",status=");
    if (Irp->IoStatus.Status != 0) {
        TextAddStatus(&Text, Irp->IoStatus.Status);
    }
    LogAdd(Device, Buffer);
}

static NTSTATUS ControlSettings(CONFORM_DEVICE *Device, PIRP Irp, const REQUEST *Request)
{
    NTSTATUS Status = STATUS_SUCCESS;
    BOOLEAN Enabled;

    if (Request->InputLength < sizeof(Device->Settings)) {
        return RequestComplete(Device, Irp, STATUS_INVALID_PARAMETER, 0);
    }
    RtlCopyMemory(&Device->Settings, Request->Input, sizeof(Device->Settings));
    Enabled = !Device->Settings.Disabled;
    if (Enabled != Device->Enabled) {
        Device->Enabled = Enabled;
        Status = IoSetDeviceInterfaceState(&Device->Link, Enabled);
    }
    return RequestComplete(Device, Irp, Status, 0);
}

static NTSTATUS ControlAsk(CONFORM_DEVICE *Device, PIRP Irp, const REQUEST *Request)
{
    TEXT Answer = { Request->Output, Request->OutputLength, 0 };
    ULONG Index;

    if (Request->InputLength < sizeof(Index) || Request->OutputLength < CONFORM_ANSWER_SIZE) {
        return RequestComplete(Device, Irp, STATUS_INVALID_PARAMETER, 0);
    }
    RtlCopyMemory(&Index, Request->Input, sizeof(Index));
    if (!AskRun(Device, Index, &Answer)) {
        return RequestComplete(Device, Irp, STATUS_NO_MORE_ENTRIES, 0);
    }
    return RequestComplete(Device, Irp, STATUS_SUCCESS, Answer.Length);
}

static NTSTATUS ControlText(CONFORM_DEVICE *Device, PIRP Irp, const REQUEST *Request)
{
    TEXT Text = { Request->Output, Request->OutputLength, 0 };

    if (Request->OutputLength < CONFORM_LOG_SIZE) {
        return RequestComplete(Device, Irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    if (CONFORM_FUNCTION(Request->Code) == CONFORM_TAKE_LOG) {
        return RequestComplete(Device, Irp, STATUS_SUCCESS, LogTake(Device->Driver, Text.Buffer, Text.Size));
    }
    TextAddWide(&Text, Device->Link.Buffer, Device->Link.Length / sizeof(WCHAR));
    return RequestComplete(Device, Irp, STATUS_SUCCESS, Text.Length);
}

NTSTATUS NTAPI ControlDispatch(PDEVICE_OBJECT Object, PIRP Irp)
{
    CONFORM_DEVICE *Device = DeviceOf(Object);
    CONFORM_SCRIPT_REQUEST Script;
    REQUEST Request;
    ULONG Count;
    NTSTATUS Status = IoAcquireRemoveLock(&Device->RemoveLock, Irp);

    if (!NT_SUCCESS(Status)) {
        Irp->IoStatus.Status = Status;
        Irp->IoStatus.Information = 0;
        IoCompleteRequest(Irp, IO_NO_INCREMENT);
        return Status;
    }
    RequestBuffers(Irp, &Request);
    switch (CONFORM_FUNCTION(Request.Code)) {
    case CONFORM_SCRIPT:
    case CONFORM_COMPLETE_HELD:
        if (Request.InputLength < sizeof(Script)) {
            return RequestComplete(Device, Irp, STATUS_INVALID_PARAMETER, 0);
        }
        RtlCopyMemory(&Script, Request.Input, sizeof(Script));
        if (CONFORM_FUNCTION(Request.Code) == CONFORM_SCRIPT) {
            return ScriptRun(Device, Irp, &Script, Request.Output, Request.OutputLength);
        }
        return RequestComplete(Device, Irp, ScriptCompleteHeld(Device, (NTSTATUS)Script.Status, Script.Information) ?
                               STATUS_SUCCESS : STATUS_NOT_FOUND, 0);
    case CONFORM_SEE:
        ControlSee(Device, Irp, &Request);
        return RequestComplete(Device, Irp, STATUS_SUCCESS, 0);
    case CONFORM_TAKE_LOG:
    case CONFORM_LINK:
        return ControlText(Device, Irp, &Request);
    case CONFORM_COUNT_HELD:
        if (Request.OutputLength < sizeof(Count)) {
            return RequestComplete(Device, Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        Count = ScriptCountHeld(Device);
        RtlCopyMemory(Request.Output, &Count, sizeof(Count));
        return RequestComplete(Device, Irp, STATUS_SUCCESS, sizeof(Count));
    case CONFORM_ASK:
        return ControlAsk(Device, Irp, &Request);
    case CONFORM_SETTINGS:
        return ControlSettings(Device, Irp, &Request);
    default:
        return RequestComplete(Device, Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}
