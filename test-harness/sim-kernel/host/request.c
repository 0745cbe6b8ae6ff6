/*
 * Device control requests of a user, as the I/O manager carries them: the access check, the buffers of each transfer
 * method, the status block, the event, cancelling.
 *
 * What is exact here, because a driver can see it: a request that its driver completed with an error before the dispatch
 * routine returned leaves the status block and the event alone, and only the last error tells; one that was marked
 * pending always writes both. Behind the input, a system buffer holds what happens to be there.
 */
#include "file.h"

#define TAG_BUFFER 0x20206F49           /* "Io  " */
#define BUFFER_GARBAGE 0xA5

struct REQUEST {
    REQUEST *Next;
    OPEN_FILE *File;
    PIRP Irp;
    PMDL Mdl;
    void *SystemBuffer;
    void *Output;                       /* the user's, for what is copied back */
    ULONG OutputLength;
    SIM_OVERLAPPED *Overlapped;
    HANDLE_ENTRY *Event;
    struct CONTROL *Call;               /* whoever waits for the result, NULL once it does not */
};

typedef struct CONTROL {
    OPEN_FILE *File;
    uint32_t Code;
    void *In;
    uint32_t InSize;
    void *Out;
    uint32_t OutSize;
    SIM_OVERLAPPED *Overlapped;
    HANDLE_ENTRY *Event;
    BOOLEAN Done;
    NTSTATUS Returned;                  /* by the dispatch routine */
    NTSTATUS Status;                    /* of the status block */
    ULONG_PTR Information;
} CONTROL;

static void RequestUnlink(REQUEST *Request)
{
    REQUEST **Place = &Request->File->Requests;

    while (*Place != Request) {
        Place = &(*Place)->Next;
    }
    *Place = Request->Next;
}

static void RequestCopyBack(REQUEST *Request, NTSTATUS Status, ULONG_PTR Information)
{
    if (Request->SystemBuffer == NULL || Request->Output == NULL || NT_ERROR(Status)) {
        return;
    }
    if (Information > Request->OutputLength) {
        PlatformStop("IoCompleteRequest", "Information says %llu bytes of an output of %u",
                     (unsigned long long)Information, Request->OutputLength);
    }
    RtlCopyMemory(Request->Output, Request->SystemBuffer, Information);
}

/* The IRP is back at the top of its stack; at or below DISPATCH_LEVEL. */
static void RequestFinish(KERNEL *Kernel, PIRP Irp, PVOID Context)
{
    REQUEST *Request = Context;
    NTSTATUS Status = Irp->IoStatus.Status;
    ULONG_PTR Information = Irp->IoStatus.Information;

    RequestCopyBack(Request, Status, Information);
    if (Request->Call != NULL) {
        Request->Call->Done = TRUE;
        Request->Call->Status = Status;
        Request->Call->Information = Information;
    }
    if (!NT_ERROR(Status) || Irp->PendingReturned) {
        if (Request->Overlapped != NULL) {
            /* Whoever starts a request reads this one without waiting for it. */
            __atomic_store_n(&Request->Overlapped->InternalHigh, Information, __ATOMIC_RELAXED);
            /* Pairs with the acquire in GetOverlappedResult: whoever sees the status sees the data. */
            __atomic_store_n(&Request->Overlapped->Internal, (uint32_t)Status, __ATOMIC_RELEASE);
        }
        if (Request->Event != NULL) {
            EventSignal(Request->Event);
        }
    }
    if (Request->Event == NULL || !Request->File->Overlapped) {
        FileSignal(Request->File, TRUE);
    }
    RequestUnlink(Request);
    if (Request->Event != NULL) {
        HandleRelease(Request->Event);
    }
    if (Request->Mdl != NULL) {
        Irp->MdlAddress = NULL;
        MdlUnlockUser(Request->Mdl);
    }
    if (Request->SystemBuffer != NULL) {
        Irp->AssociatedIrp.SystemBuffer = NULL;
        PoolFree(Kernel, Request->SystemBuffer);
    }
    PlatformFree(Request);
    IrpDelete(Kernel, Irp);
    KernelChanged(Kernel);
}

static void *RequestBuffer(KERNEL *Kernel, const void *In, ULONG InSize, ULONG Size)
{
    UCHAR *Buffer;

    if (Size == 0) {
        return NULL;
    }
    Buffer = PoolAllocate(Kernel, Size, TAG_BUFFER, "DeviceIoControl");
    if (InSize != 0) {
        RtlCopyMemory(Buffer, In, InSize);
    }
    RtlFillMemory(Buffer + InSize, Size - InSize, BUFFER_GARBAGE);
    return Buffer;
}

static void RequestBuffers(REQUEST *Request, CONTROL *Call)
{
    KERNEL *Kernel = Request->File->Kernel;
    ULONG Method = METHOD_FROM_CTL_CODE(Call->Code);

    if (Method == METHOD_BUFFERED) {
        Request->SystemBuffer = RequestBuffer(Kernel, Call->In, Call->InSize,
                                              Call->InSize > Call->OutSize ? Call->InSize : Call->OutSize);
        Request->Output = Call->Out;
        Request->OutputLength = Call->OutSize;
    } else if (Method != METHOD_NEITHER) {
        Request->SystemBuffer = RequestBuffer(Kernel, Call->In, Call->InSize, Call->InSize);
        if (Call->OutSize != 0) {
            Request->Mdl = MdlLockUser(Call->Out, Call->OutSize, Method == METHOD_OUT_DIRECT);
        }
    }
    Request->Irp->AssociatedIrp.SystemBuffer = Request->SystemBuffer;
    Request->Irp->MdlAddress = Request->Mdl;
    Request->Irp->UserBuffer = Call->Out;
}

static BOOLEAN ControlIsDone(void *Context)
{
    return ((CONTROL *)Context)->Done;
}

static BOOLEAN FileIsFree(void *Context)
{
    return !((OPEN_FILE *)Context)->Busy;
}

/* A synchronous handle lets one request in at a time; whoever comes meanwhile waits here. */
static void FileEnter(OPEN_FILE *File)
{
    KernelWait(File->Kernel, "DeviceIoControl", FileIsFree, File, UINT64_MAX, NULL);
    File->Busy = TRUE;
}

static void FileLeave(OPEN_FILE *File)
{
    File->Busy = FALSE;
    KernelChanged(File->Kernel);
}

static void ControlSend(CONTROL *Call)
{
    OPEN_FILE *File = Call->File;
    KERNEL *Kernel = File->Kernel;
    REQUEST *Request = PlatformAllocate(sizeof(*Request));
    PIO_STACK_LOCATION Stack;

    Request->File = File;
    Request->Overlapped = Call->Overlapped;
    Request->Event = Call->Event;
    Request->Call = Call;
    Request->Irp = IrpCreate(Kernel, File->Top->StackSize, RequestFinish, Request, "DeviceIoControl");
    RequestBuffers(Request, Call);
    Request->Irp->Tail.Overlay.OriginalFileObject = &File->Object;
    Request->Irp->RequestorMode = UserMode;
    Stack = IoGetNextIrpStackLocation(Request->Irp);
    Stack->MajorFunction = IRP_MJ_DEVICE_CONTROL;
    Stack->FileObject = &File->Object;
    Stack->Parameters.DeviceIoControl.IoControlCode = Call->Code;
    Stack->Parameters.DeviceIoControl.InputBufferLength = Call->InSize;
    Stack->Parameters.DeviceIoControl.OutputBufferLength = Call->OutSize;
    Stack->Parameters.DeviceIoControl.Type3InputBuffer =
        METHOD_FROM_CTL_CODE(Call->Code) == METHOD_NEITHER ? Call->In : NULL;
    Request->Next = File->Requests;
    File->Requests = Request;
    FileSignal(File, FALSE);
    Call->Returned = IofCallDriver(File->Top, Request->Irp);
    if (Call->Returned == STATUS_PENDING && !File->Overlapped) {
        KernelWait(Kernel, "DeviceIoControl", ControlIsDone, Call, UINT64_MAX, NULL);
        Call->Returned = Call->Status;
    }
    if (!Call->Done) {
        Request->Call = NULL;
    }
}

static void ControlRun(void *Context)
{
    CONTROL *Call = Context;

    if (Call->File->Overlapped) {
        ControlSend(Call);
    } else {
        FileEnter(Call->File);
        ControlSend(Call);
        FileLeave(Call->File);
    }
}

static BOOLEAN ControlIsAllowed(const OPEN_FILE *File, uint32_t Code)
{
    uint32_t Access = Code >> 14 & 3;

    return ((Access & FILE_READ_ACCESS) == 0 || File->Object.ReadAccess) &&
           ((Access & FILE_WRITE_ACCESS) == 0 || File->Object.WriteAccess);
}

/*
 * A buffer that is NULL: METHOD_NEITHER hands it to the driver as it is; what would be copied has no bytes then, whatever
 * its length says; FALSE: what would be locked cannot be.
 */
static BOOLEAN ControlBuffersThere(CONTROL *Call)
{
    ULONG Method = METHOD_FROM_CTL_CODE(Call->Code);

    if (Method == METHOD_NEITHER) {
        return TRUE;
    }
    if (Call->In == NULL) {
        Call->InSize = 0;
    }
    if (Call->Out == NULL && Method == METHOD_BUFFERED) {
        Call->OutSize = 0;
    }
    return Call->Out != NULL || Call->OutSize == 0;
}

/* FALSE: the last error says why. */
static BOOLEAN ControlStart(CONTROL *Call)
{
    if (!ControlBuffersThere(Call)) {
        LastErrorSet(WIN32_NOACCESS);
        return FALSE;
    }
    if (Call->File->Overlapped && Call->Overlapped == NULL) {
        LastErrorSet(WIN32_INVALID_PARAMETER);
        return FALSE;
    }
    if (!ControlIsAllowed(Call->File, Call->Code)) {
        LastErrorSet(WIN32_ACCESS_DENIED);
        return FALSE;
    }
    if (Call->Overlapped == NULL) {
        return TRUE;
    }
    Call->Overlapped->Internal = (uint32_t)STATUS_PENDING;
    Call->Overlapped->InternalHigh = 0;
    if (Call->Overlapped->Event != 0) {
        /* The lowest bit asks for no completion port's packet; there are no ports here. */
        Call->Event = EventStart(Call->Overlapped->Event & ~(SIM_HANDLE)1, Call->File->Kernel);
        return Call->Event != NULL;
    }
    return TRUE;
}

static int32_t ControlResult(const CONTROL *Call, uint32_t *Returned)
{
    if (Returned != NULL && !NT_ERROR(Call->Returned)) {
        *Returned = (uint32_t)(Call->Overlapped == NULL ? Call->Information :
                               __atomic_load_n(&Call->Overlapped->InternalHigh, __ATOMIC_RELAXED));
    }
    if (Call->Returned == STATUS_PENDING) {
        LastErrorSet(WIN32_IO_PENDING);
        return 0;
    }
    if (!NT_SUCCESS(Call->Returned)) {
        LastErrorSet(HostErrorOfStatus(Call->Returned));
        return 0;
    }
    return 1;
}

int32_t DeviceIoControl(SIM_HANDLE File, uint32_t Code, void *In, uint32_t InSize, void *Out, uint32_t OutSize,
                        uint32_t *Returned, SIM_OVERLAPPED *Overlapped)
{
    HANDLE_ENTRY *Entry = HandleFind(File, HANDLE_FILE);
    CONTROL Call = { .Code = Code, .In = In, .InSize = InSize, .Out = Out, .OutSize = OutSize,
                     .Overlapped = Overlapped };
    int32_t Result = 0;

    if (Entry == NULL) {
        return 0;
    }
    Call.File = Entry->Object;
    if (ControlStart(&Call) && HostRun(Entry->Kernel, ControlRun, &Call)) {
        Result = ControlResult(&Call, Returned);
    }
    HandleRelease(Entry);
    return Result;
}

/* ---- Results and cancelling ------------------------------------------------------------------------------------------- */

static BOOLEAN OverlappedIsDone(void *Context)
{
    SIM_OVERLAPPED *Overlapped = Context;

    /* Pairs with the release in RequestFinish. */
    return __atomic_load_n(&Overlapped->Internal, __ATOMIC_ACQUIRE) != (uint32_t)STATUS_PENDING;
}

typedef struct RESULT_WAIT {
    KERNEL *Kernel;
    SIM_OVERLAPPED *Overlapped;
} RESULT_WAIT;

static void ResultWaitInside(void *Context)
{
    RESULT_WAIT *Wait = Context;

    KernelWait(Wait->Kernel, "GetOverlappedResult", OverlappedIsDone, Wait->Overlapped, UINT64_MAX, NULL);
}

/* Waits as Windows does: for the event when there is one, so that a handle that is closed meanwhile does no harm, else
 * for the file. */
static BOOLEAN OverlappedWait(SIM_HANDLE File, SIM_OVERLAPPED *Overlapped)
{
    RESULT_WAIT Inside = { NULL, Overlapped };
    HANDLE_ENTRY *Entry;
    BOOLEAN Ran;

    if (Overlapped->Event != 0) {
        return WaitForSingleObject(Overlapped->Event & ~(SIM_HANDLE)1, 0xFFFFFFFFu) == 0;
    }
    Entry = HandleFind(File, HANDLE_FILE);
    if (Entry == NULL) {
        return FALSE;
    }
    Inside.Kernel = Entry->Kernel;
    Ran = HostRun(Entry->Kernel, ResultWaitInside, &Inside);
    HandleRelease(Entry);
    return Ran;
}

int32_t GetOverlappedResult(SIM_HANDLE File, SIM_OVERLAPPED *Overlapped, uint32_t *Transferred, int32_t Wait)
{
    NTSTATUS Status;

    if (!OverlappedIsDone(Overlapped)) {
        if (Wait == 0) {
            LastErrorSet(WIN32_IO_INCOMPLETE);
            return 0;
        }
        if (!OverlappedWait(File, Overlapped)) {
            return 0;
        }
    }
    *Transferred = (uint32_t)Overlapped->InternalHigh;
    Status = (NTSTATUS)(uint32_t)Overlapped->Internal;
    if (!NT_SUCCESS(Status)) {
        LastErrorSet(HostErrorOfStatus(Status));
        return 0;
    }
    return 1;
}

ULONG RequestsCancel(OPEN_FILE *File, const SIM_OVERLAPPED *Overlapped)
{
    REQUEST *Request = File->Requests;
    ULONG Count = 0;

    while (Request != NULL) {
        if ((Overlapped == NULL || Request->Overlapped == Overlapped) && !Request->Irp->Cancel) {
            Count++;
            IoCancelIrp(Request->Irp);
            Request = File->Requests;   /* completing one may have completed others */
        } else {
            Request = Request->Next;
        }
    }
    return Count;
}

typedef struct CANCEL {
    OPEN_FILE *File;
    const SIM_OVERLAPPED *Overlapped;
    ULONG Count;
} CANCEL;

static void CancelRun(void *Context)
{
    CANCEL *Cancel = Context;

    Cancel->Count = RequestsCancel(Cancel->File, Cancel->Overlapped);
}

int32_t CancelIoEx(SIM_HANDLE File, SIM_OVERLAPPED *Overlapped)
{
    HANDLE_ENTRY *Entry = HandleFind(File, HANDLE_FILE);
    CANCEL Cancel = { NULL, Overlapped, 0 };
    int32_t Result = 0;

    if (Entry == NULL) {
        return 0;
    }
    Cancel.File = Entry->Object;
    if (HostRun(Entry->Kernel, CancelRun, &Cancel)) {
        Result = Cancel.Count != 0;
        if (!Result) {
            LastErrorSet(WIN32_NOT_FOUND);
        }
    }
    HandleRelease(Entry);
    return Result;
}
