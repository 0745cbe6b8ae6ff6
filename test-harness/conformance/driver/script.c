/*
 * A request does what its script says: it is completed at once, by a timer's DPC, by a work item, on command, or when it
 * is cancelled.
 *
 *   free --ScriptRun--> waits (timer, work item) --> completed, free
 *   free --ScriptRun--> held --command, cancel, CLEANUP, removal--> completed, free
 *
 * Who completes a held request is who takes it out of its job, under the device's lock.
 */
#include "driver.h"

static VOID NTAPI JobDpc(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second);
static VOID NTAPI JobWork(PDEVICE_OBJECT Object, PVOID Context);
static VOID NTAPI JobCancel(PDEVICE_OBJECT Object, PIRP Irp);

void ScriptInitialize(CONFORM_DEVICE *Device)
{
    ULONG Index;

    KeInitializeSpinLock(&Device->Lock);
    for (Index = 0; Index < JOBS; Index++) {
        JOB *Job = &Device->Jobs[Index];

        Job->Device = Device;
        KeInitializeTimer(&Job->Timer);
        KeInitializeDpc(&Job->Dpc, JobDpc, Job);
        Job->Item = IoAllocateWorkItem(Device->Self);
    }
}

void ScriptDelete(CONFORM_DEVICE *Device)
{
    ULONG Index;

    for (Index = 0; Index < JOBS; Index++) {
        KeCancelTimer(&Device->Jobs[Index].Timer);
        if (Device->Jobs[Index].Item != NULL) {
            IoFreeWorkItem(Device->Jobs[Index].Item);
        }
    }
}

static JOB *JobFind(CONFORM_DEVICE *Device, PIRP Irp)
{
    ULONG Index;

    for (Index = 0; Index < JOBS; Index++) {
        if (Device->Jobs[Index].Irp == Irp) {
            return &Device->Jobs[Index];
        }
    }
    return NULL;
}

static JOB *JobTake(CONFORM_DEVICE *Device, PIRP Irp, const CONFORM_SCRIPT_REQUEST *Script)
{
    KIRQL Irql;
    JOB *Job;

    KeAcquireSpinLock(&Device->Lock, &Irql);
    Job = JobFind(Device, NULL);
    if (Job != NULL) {
        Job->Irp = Irp;
        Job->Script = *Script;
        Job->Held = FALSE;
        Job->Order = ++Device->Order;
    }
    KeReleaseSpinLock(&Device->Lock, Irql);
    return Job;
}

/* The job's request, which is the caller's from now on; the job is free. */
static PIRP JobGive(JOB *Job, CONFORM_SCRIPT_REQUEST *Script)
{
    KIRQL Irql;
    PIRP Irp;

    KeAcquireSpinLock(&Job->Device->Lock, &Irql);
    Irp = Job->Irp;
    *Script = Job->Script;
    Job->Irp = NULL;
    KeReleaseSpinLock(&Job->Device->Lock, Irql);
    return Irp;
}

static void JobEnd(JOB *Job)
{
    CONFORM_DEVICE *Device = Job->Device;
    CONFORM_SCRIPT_REQUEST Script;
    PIRP Irp = JobGive(Job, &Script);

    RequestComplete(Device, Irp, (NTSTATUS)Script.Status, Script.Information);
}

static VOID NTAPI JobDpc(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
    JobEnd(Context);
}

static VOID NTAPI JobWork(PDEVICE_OBJECT Object, PVOID Context)
{
    UNREFERENCED_PARAMETER(Object);
    JobEnd(Context);
}

/* ---- Held requests ----------------------------------------------------------------------------------------------- */

static VOID NTAPI JobCancel(PDEVICE_OBJECT Object, PIRP Irp)
{
    CONFORM_DEVICE *Device = DeviceOf(Object);
    KIRQL Irql;
    JOB *Job;

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    KeAcquireSpinLock(&Device->Lock, &Irql);
    Job = JobFind(Device, Irp);
    if (Job != NULL) {
        Job->Irp = NULL;
    }
    KeReleaseSpinLock(&Device->Lock, Irql);
    LogAdd(Device, "cancel");
    if (Job != NULL) {
        RequestComplete(Device, Irp, STATUS_CANCELLED, 0);
    }
}

/* The request of the job, if its cancel routine has not been taken by who cancels it. Under the device's lock. */
static PIRP HeldTake(JOB *Job)
{
    PIRP Irp = Job->Irp;

    if (Irp == NULL || !Job->Held ||
        (Job->Script.When == CONFORM_HOLD && IoSetCancelRoutine(Irp, NULL) == NULL)) {
        return NULL;
    }
    Job->Irp = NULL;
    return Irp;
}

static PIRP HeldOldest(CONFORM_DEVICE *Device, PFILE_OBJECT File)
{
    JOB *Oldest = NULL;
    PIRP Irp = NULL;
    ULONG Index;
    KIRQL Irql;

    KeAcquireSpinLock(&Device->Lock, &Irql);
    for (Index = 0; Index < JOBS; Index++) {
        JOB *Job = &Device->Jobs[Index];

        if (Job->Irp != NULL && Job->Held && (Oldest == NULL || Job->Order < Oldest->Order) &&
            (File == NULL || IoGetCurrentIrpStackLocation(Job->Irp)->FileObject == File)) {
            Oldest = Job;
        }
    }
    if (Oldest != NULL) {
        Irp = HeldTake(Oldest);
    }
    KeReleaseSpinLock(&Device->Lock, Irql);
    return Irp;
}

BOOLEAN ScriptCompleteHeld(CONFORM_DEVICE *Device, NTSTATUS Status, ULONG_PTR Information)
{
    PIRP Irp = HeldOldest(Device, NULL);

    if (Irp == NULL) {
        return FALSE;
    }
    RequestComplete(Device, Irp, Status, Information);
    return TRUE;
}

ULONG ScriptCountHeld(CONFORM_DEVICE *Device)
{
    ULONG Count = 0;
    ULONG Index;
    KIRQL Irql;

    KeAcquireSpinLock(&Device->Lock, &Irql);
    for (Index = 0; Index < JOBS; Index++) {
        Count += Device->Jobs[Index].Irp != NULL && Device->Jobs[Index].Held;
    }
    KeReleaseSpinLock(&Device->Lock, Irql);
    return Count;
}

void ScriptEndAll(CONFORM_DEVICE *Device, PFILE_OBJECT File, NTSTATUS Status)
{
    PIRP Irp;

    while ((Irp = HeldOldest(Device, File)) != NULL) {
        RequestComplete(Device, Irp, Status, 0);
    }
}

static NTSTATUS ScriptHold(CONFORM_DEVICE *Device, JOB *Job)
{
    PIRP Irp = Job->Irp;
    KIRQL Irql;

    IoMarkIrpPending(Irp);
    KeAcquireSpinLock(&Device->Lock, &Irql);
    if (Job->Script.When == CONFORM_HOLD) {
        IoSetCancelRoutine(Irp, JobCancel);
        if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
            Job->Irp = NULL;
            KeReleaseSpinLock(&Device->Lock, Irql);
            RequestComplete(Device, Irp, STATUS_CANCELLED, 0);
            return STATUS_PENDING;
        }
    }
    Job->Held = TRUE;
    KeReleaseSpinLock(&Device->Lock, Irql);
    return STATUS_PENDING;
}

/* ---- The script -------------------------------------------------------------------------------------------------- */

NTSTATUS ScriptRun(CONFORM_DEVICE *Device, PIRP Irp, const CONFORM_SCRIPT_REQUEST *Request, PVOID Output,
                   ULONG OutputLength)
{
    CONFORM_SCRIPT_REQUEST Script = *Request;
    LARGE_INTEGER Due;
    NTSTATUS Status;
    JOB *Job = NULL;

    if (Output != NULL) {
        RtlFillMemory(Output, Script.Fill < OutputLength ? Script.Fill : OutputLength, (UCHAR)Script.Byte);
    }
    if (Script.When == CONFORM_NOW || Script.When == CONFORM_MARKED) {
        Status = Script.When == CONFORM_MARKED ? STATUS_PENDING :
            Script.Differs ? (NTSTATUS)Script.Return : (NTSTATUS)Script.Status;
        if (Script.When == CONFORM_MARKED) {
            IoMarkIrpPending(Irp);
        }
        RequestComplete(Device, Irp, (NTSTATUS)Script.Status, Script.Information);
        return Status;
    }
    Job = JobTake(Device, Irp, &Script);
    if (Job == NULL || (Script.When == CONFORM_WORK && Job->Item == NULL)) {
        return RequestComplete(Device, Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    switch (Script.When) {
    case CONFORM_TIMER:
        Due.QuadPart = (LONGLONG)Script.Delay * -10000;
        IoMarkIrpPending(Irp);
        KeSetTimer(&Job->Timer, Due, &Job->Dpc);
        return STATUS_PENDING;
    case CONFORM_WORK:
        IoMarkIrpPending(Irp);
        IoQueueWorkItem(Job->Item, JobWork, DelayedWorkQueue, Job);
        return STATUS_PENDING;
    default:
        return ScriptHold(Device, Job);
    }
}
