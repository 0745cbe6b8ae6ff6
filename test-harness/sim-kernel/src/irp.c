/*
 * Io: I/O request packets. Each carries, out of the driver's sight, who created it and what its dispatch routines did,
 * so that a rule broken in one place is told there:
 *
 *   created --IofCallDriver--> at a driver --IofCompleteRequest--> going up --kept by a completion routine--> there
 *                                                                     \--the top--> finished --> freed
 */
#include "kernel.h"

#define IRP_MAGIC 0x20507249u
#define IRP_STACK_LIMIT 16
#define FREED_IRPS_LIMIT 256

enum { RETURNED_PENDING = 1, PASSED = 2 };

struct IRP_STATE {
    IRP_STATE *Next, *Previous;
    ULONG Magic;
    IRP_FINISH *Finish;                 /* NULL: a driver's own IRP, which must not come back to the top */
    PVOID Context;
    const char *What;
    BOOLEAN Finished;
    BOOLEAN Freed;
    BOOLEAN StartedNext;                /* PoStartNextPowerIrp */
    UCHAR Location[IRP_STACK_LIMIT + 2];
    DECLSPEC_ALIGN(16) IRP Irp;
    IO_STACK_LOCATION Stack[];
};

/* A dispatch routine that has not returned yet. */
typedef struct CALL {
    struct CALL *Next;
    IRP_STATE *State;
    CHAR Location;
    BOOLEAN Passed;                     /* the completion went through this location before the routine returned ... */
    BOOLEAN Marked;                     /* ... with the IRP marked pending or not ... */
    NTSTATUS Status;                    /* ... and with this status */
    UCHAR Major;
    PKTHREAD Thread;
} CALL;

static IRP_STATE *StateOf(PIRP Irp, const char *Routine)
{
    IRP_STATE *State = CONTAINING_RECORD(Irp, IRP_STATE, Irp);

    if (Irp == NULL || State->Magic != IRP_MAGIC) {
        PlatformStop(Routine, "not an IRP");
    }
    if (State->Freed) {
        PlatformStop(Routine, "the IRP (%s) was completed and freed before", State->What);
    }
    return State;
}

void IrpCheck(PIRP Irp, const char *Routine)
{
    StateOf(Irp, Routine);
}

static const char *MajorName(UCHAR Major)
{
    switch (Major) {
    case IRP_MJ_CREATE: return "IRP_MJ_CREATE";
    case IRP_MJ_CLOSE: return "IRP_MJ_CLOSE";
    case IRP_MJ_CLEANUP: return "IRP_MJ_CLEANUP";
    case IRP_MJ_READ: return "IRP_MJ_READ";
    case IRP_MJ_WRITE: return "IRP_MJ_WRITE";
    case IRP_MJ_DEVICE_CONTROL: return "IRP_MJ_DEVICE_CONTROL";
    case IRP_MJ_INTERNAL_DEVICE_CONTROL: return "IRP_MJ_INTERNAL_DEVICE_CONTROL";
    case IRP_MJ_SYSTEM_CONTROL: return "IRP_MJ_SYSTEM_CONTROL";
    case IRP_MJ_POWER: return "IRP_MJ_POWER";
    case IRP_MJ_PNP: return "IRP_MJ_PNP";
    default: return "IRP_MJ";
    }
}

/* ---- Life -------------------------------------------------------------------------------------------------------- */

static void IrpPrepare(IRP_STATE *State, CCHAR StackSize)
{
    PIRP Irp = &State->Irp;

    RtlZeroMemory(Irp, sizeof(*Irp));
    RtlZeroMemory(State->Stack, sizeof(State->Stack[0]) * (size_t)StackSize);
    RtlZeroMemory(State->Location, sizeof(State->Location));
    Irp->Type = IO_TYPE_IRP;
    Irp->Size = (USHORT)(sizeof(*Irp) + sizeof(State->Stack[0]) * (size_t)StackSize);
    Irp->StackCount = StackSize;
    Irp->CurrentLocation = (CHAR)(StackSize + 1);
    Irp->Tail.Overlay.CurrentStackLocation = State->Stack + StackSize;
    Irp->Tail.Overlay.Thread = KernelThread();
    InitializeListHead(&Irp->ThreadListEntry);
    State->Finished = FALSE;
}

PIRP IrpCreate(KERNEL *Kernel, CCHAR StackSize, IRP_FINISH *Finish, PVOID Context, const char *What)
{
    IRP_STATE *State;

    if (StackSize < 1 || StackSize > IRP_STACK_LIMIT) {
        PlatformStop("IoAllocateIrp", "%d stack locations", StackSize);
    }
    /* One location more than asked for, so that a stray look at the one above the first finds zeroes. */
    State = PlatformAllocate(sizeof(*State) + sizeof(State->Stack[0]) * ((size_t)StackSize + 1));
    State->Magic = IRP_MAGIC;
    State->Finish = Finish;
    State->Context = Context;
    State->What = What;
    State->Next = Kernel->Irps;
    if (State->Next != NULL) {
        State->Next->Previous = State;
    }
    Kernel->Irps = State;
    IrpPrepare(State, StackSize);
    return &State->Irp;
}

/* Freed IRPs are kept for a while: a second completion is then known for what it is. */
void IrpDelete(KERNEL *Kernel, PIRP Irp)
{
    IRP_STATE *State = StateOf(Irp, "IoFreeIrp");
    IRP_STATE **Place;

    if (State->Previous != NULL) {
        State->Previous->Next = State->Next;
    } else {
        Kernel->Irps = State->Next;
    }
    if (State->Next != NULL) {
        State->Next->Previous = State->Previous;
    }
    State->Freed = TRUE;
    State->Next = Kernel->FreedIrps;
    State->Previous = NULL;
    Kernel->FreedIrps = State;
    if (++Kernel->FreedIrpCount > FREED_IRPS_LIMIT) {
        for (Place = &Kernel->FreedIrps; (*Place)->Next != NULL; Place = &(*Place)->Next) {
        }
        (*Place)->Magic = 0;
        PlatformFree(*Place);
        *Place = NULL;
        Kernel->FreedIrpCount--;
    }
}

PIRP IoAllocateIrp(CCHAR StackSize, BOOLEAN ChargeQuota)
{
    static const char Routine[] = "IoAllocateIrp";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    UNREFERENCED_PARAMETER(ChargeQuota);
    if (MachineFails(Kernel->Machine, Routine)) {
        return NULL;
    }
    return IrpCreate(Kernel, StackSize, NULL, NULL, "a driver's own");
}

VOID IoFreeIrp(PIRP Irp)
{
    static const char Routine[] = "IoFreeIrp";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    if (StateOf(Irp, Routine)->Finish != NULL) {
        PlatformStop(Routine, "the driver did not allocate this IRP (%s)", StateOf(Irp, Routine)->What);
    }
    IrpDelete(Kernel, Irp);
}

VOID IoReuseIrp(PIRP Irp, NTSTATUS Iostatus)
{
    static const char Routine[] = "IoReuseIrp";
    IRP_STATE *State;

    KernelEnter(Routine, DISPATCH_LEVEL);
    State = StateOf(Irp, Routine);
    if (State->Finish != NULL) {
        PlatformStop(Routine, "the driver did not allocate this IRP (%s)", State->What);
    }
    IrpPrepare(State, Irp->StackCount);
    Irp->IoStatus.Status = Iostatus;
}

/* ---- Down -------------------------------------------------------------------------------------------------------- */

/* A dispatch routine returned: is that what it did with the IRP? */
static void CallCheck(const CALL *Call, NTSTATUS Status, UCHAR Major, UCHAR Minor)
{
    const char *Name = MajorName(Major);

    if (!Call->Passed) {
        if (Status != STATUS_PENDING) {
            PlatformStop(Name, "minor 0x%02x: the dispatch routine returned 0x%08x for an IRP that it neither "
                         "completed nor passed on", Minor, (ULONG)Status);
        }
        Call->State->Location[(int)Call->Location] |= RETURNED_PENDING;
        return;
    }
    if (Status == STATUS_PENDING && !Call->Marked) {
        PlatformStop(Name, "minor 0x%02x: the dispatch routine returned STATUS_PENDING for an IRP that was not marked "
                     "with IoMarkIrpPending", Minor);
    }
    if (Status != STATUS_PENDING && Call->Marked) {
        PlatformStop(Name, "minor 0x%02x: the IRP was marked with IoMarkIrpPending and the dispatch routine returned "
                     "0x%08x instead of STATUS_PENDING", Minor, (ULONG)Status);
    }
    if (Status != STATUS_PENDING && Status != Call->Status) {
        PlatformStop(Name, "minor 0x%02x: the dispatch routine returned 0x%08x and completed the IRP with 0x%08x",
                     Minor, (ULONG)Status, (ULONG)Call->Status);
    }
}

NTSTATUS IrpDispatch(KERNEL *Kernel, PDEVICE_OBJECT Device, PIRP Irp, const char *Routine)
{
    IRP_STATE *State = StateOf(Irp, Routine);
    CALL Call = { Kernel->CallTop, State, 0, FALSE, FALSE, 0, 0, KernelThread() };
    KIRQL Irql = ProcessorIrql(Kernel->Machine);
    PIO_STACK_LOCATION Stack;
    UCHAR Major, Minor;
    NTSTATUS Status;
    CALL **Place;

    if (!DeviceObjectIs(Kernel, Device)) {
        PlatformStop(Routine, "the device object is none, or was deleted");
    }
    if (State->Finished) {
        PlatformStop(Routine, "the IRP (%s) is completed", State->What);
    }
    if (Irp->CurrentLocation <= 1) {
        PlatformStop(Routine, "the IRP has no stack location left (bug check 0x35, NO_MORE_IRP_STACK_LOCATIONS)");
    }
    IoSetNextIrpStackLocation(Irp);
    Stack = IoGetCurrentIrpStackLocation(Irp);
    Stack->DeviceObject = Device;
    Major = Stack->MajorFunction;
    Minor = Stack->MinorFunction;
    if (Major > IRP_MJ_MAXIMUM_FUNCTION) {
        PlatformStop(Routine, "major function 0x%02x", Major);
    }
    Call.Location = Irp->CurrentLocation;
    Call.Major = Major;
    if ((State->Location[(int)Call.Location] & PASSED) != 0) {
        State->Location[(int)Call.Location] = 0;
    }

    /* The device's memory outlives its dispatch routine, also when that deletes the device. */
    DeviceObjectReference(Device);
    Kernel->CallTop = &Call;
    Status = Device->DriverObject->MajorFunction[Major](Device, Irp);
    for (Place = &Kernel->CallTop; *Place != &Call; Place = &(*Place)->Next) {
    }
    *Place = Call.Next;
    DeviceObjectDereference(Device);
    if (ProcessorIrql(Kernel->Machine) != Irql) {
        PlatformStop(MajorName(Major), "minor 0x%02x: the dispatch routine was called at IRQL %u and returned at %u",
                     Minor, (ULONG)Irql, (ULONG)ProcessorIrql(Kernel->Machine));
    }
    CallCheck(&Call, Status, Major, Minor);
    return Status;
}

NTSTATUS FASTCALL IofCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    static const char Routine[] = "IoCallDriver";

    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    StateOf(Irp, Routine);
    if (IoGetNextIrpStackLocation(Irp)->MajorFunction == IRP_MJ_POWER && MachineProfile(Kernel->Machine)->Major < 6) {
        PlatformStop(Routine, "a power IRP; on this kernel (%u.%u) they are passed on with PoCallDriver",
                     MachineProfile(Kernel->Machine)->Major, MachineProfile(Kernel->Machine)->Minor);
    }
    return IrpDispatch(Kernel, DeviceObject, Irp, Routine);
}

/* The rule PowerIrpDDis: a driver leaves its interrupts connected over a change of power. */
void PlatformConnects(const char *Routine)
{
    const CALL *Call;

    for (Call = KernelCurrent()->CallTop; Call != NULL; Call = Call->Next) {
        if (Call->Major == IRP_MJ_POWER && Call->Thread == KernelThread()) {
            PlatformStop(Routine, "called while a power IRP is handled (rule PowerIrpDDis)");
        }
    }
}

void IrpStartNext(PIRP Irp)
{
    StateOf(Irp, "PoStartNextPowerIrp")->StartedNext = TRUE;
}

BOOLEAN IrpStartedNext(PIRP Irp)
{
    return StateOf(Irp, "PoStartNextPowerIrp")->StartedNext;
}

/* ---- Up ---------------------------------------------------------------------------------------------------------- */

static BOOLEAN WantsCompletion(PIRP Irp, UCHAR Control)
{
    return (NT_SUCCESS(Irp->IoStatus.Status) && (Control & SL_INVOKE_ON_SUCCESS) != 0) ||
           (!NT_SUCCESS(Irp->IoStatus.Status) && (Control & SL_INVOKE_ON_ERROR) != 0) ||
           (Irp->Cancel && (Control & SL_INVOKE_ON_CANCEL) != 0);
}

/* The completion leaves the location that is current. */
static void LocationPass(KERNEL *Kernel, IRP_STATE *State)
{
    PIRP Irp = &State->Irp;
    CALL *Call;

    Irp->PendingReturned = (IoGetCurrentIrpStackLocation(Irp)->Control & SL_PENDING_RETURNED) != 0;
    if ((State->Location[(int)Irp->CurrentLocation] & RETURNED_PENDING) != 0 && !Irp->PendingReturned) {
        PlatformStop(MajorName(IoGetCurrentIrpStackLocation(Irp)->MajorFunction), "minor 0x%02x: the dispatch routine "
                     "had returned STATUS_PENDING, but the IRP was not marked with IoMarkIrpPending",
                     IoGetCurrentIrpStackLocation(Irp)->MinorFunction);
    }
    State->Location[(int)Irp->CurrentLocation] = PASSED;
    for (Call = Kernel->CallTop; Call != NULL; Call = Call->Next) {
        if (Call->State == State && Call->Location == Irp->CurrentLocation && !Call->Passed) {
            Call->Passed = TRUE;
            Call->Marked = Irp->PendingReturned;
            Call->Status = Irp->IoStatus.Status;
        }
    }
}

VOID FASTCALL IofCompleteRequest(PIRP Irp, CCHAR PriorityBoost)
{
    static const char Routine[] = "IoCompleteRequest";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    IRP_STATE *State = StateOf(Irp, Routine);
    KIRQL Irql = ProcessorIrql(Kernel->Machine);

    UNREFERENCED_PARAMETER(PriorityBoost);
    if (State->Finished || Irp->CurrentLocation > Irp->StackCount + 1) {
        PlatformStop(Routine, "the IRP (%s) is completed twice (bug check 0x44, MULTIPLE_IRP_COMPLETE_REQUESTS)",
                     State->What);
    }
    if (Irp->IoStatus.Status == STATUS_PENDING) {
        PlatformStop(Routine, "the IRP (%s) is completed with STATUS_PENDING", State->What);
    }
    if (Irp->CancelRoutine != NULL) {
        PlatformStop(Routine, "the IRP (%s) is completed while it has a cancel routine", State->What);
    }
    while (Irp->CurrentLocation <= Irp->StackCount) {
        PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
        PIO_COMPLETION_ROUTINE Completion = Stack->CompletionRoutine;
        PDEVICE_OBJECT Device;

        LocationPass(Kernel, State);
        IoSkipCurrentIrpStackLocation(Irp);
        Device = Irp->CurrentLocation > Irp->StackCount ? NULL : IoGetCurrentIrpStackLocation(Irp)->DeviceObject;
        if (Completion == NULL || !WantsCompletion(Irp, Stack->Control)) {
            if (Irp->PendingReturned && Irp->CurrentLocation <= Irp->StackCount) {
                IoMarkIrpPending(Irp);
            }
            continue;
        }
        Stack->CompletionRoutine = NULL;
        if (Completion(Device, Irp, Stack->Context) == STATUS_MORE_PROCESSING_REQUIRED) {
            return;
        }
        if (ProcessorIrql(Kernel->Machine) != Irql) {
            PlatformStop(Routine, "a completion routine was called at IRQL %u and returned at %u", (ULONG)Irql,
                         (ULONG)ProcessorIrql(Kernel->Machine));
        }
    }
    if (State->Finish == NULL) {
        PlatformStop(Routine, "an IRP from IoAllocateIrp came back to the top: its completion routine must return "
                     "STATUS_MORE_PROCESSING_REQUIRED");
    }
    State->Finished = TRUE;
    State->Finish(Kernel, Irp, State->Context);
    KernelChanged(Kernel);
}

/* ---- Cancel ------------------------------------------------------------------------------------------------------ */

VOID IoAcquireCancelSpinLock(PKIRQL Irql)
{
    static const char Routine[] = "IoAcquireCancelSpinLock";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    *Irql = ProcessorRaise(Kernel->Machine, DISPATCH_LEVEL, Routine);
    ProcessorSpinLockTaken(Kernel->Machine, &Kernel->CancelLock, Routine);
}

VOID IoReleaseCancelSpinLock(KIRQL Irql)
{
    static const char Routine[] = "IoReleaseCancelSpinLock";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    ProcessorSpinLockReleased(Kernel->Machine, &Kernel->CancelLock, Routine);
    ProcessorLower(Kernel->Machine, Irql, Routine);
}

BOOLEAN IoCancelIrp(PIRP Irp)
{
    static const char Routine[] = "IoCancelIrp";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    IRP_STATE *State = StateOf(Irp, Routine);
    PDRIVER_CANCEL Cancel;
    PDEVICE_OBJECT Device;
    KIRQL Irql;

    IoAcquireCancelSpinLock(&Irql);
    Irp->Cancel = TRUE;
    Cancel = IoSetCancelRoutine(Irp, NULL);
    if (Cancel == NULL) {
        IoReleaseCancelSpinLock(Irql);
        return FALSE;
    }
    if (State->Finished || Irp->CurrentLocation > Irp->StackCount) {
        PlatformStop(Routine, "the IRP (%s) has a cancel routine and is at no driver", State->What);
    }
    Irp->CancelIrql = Irql;
    Device = IoGetCurrentIrpStackLocation(Irp)->DeviceObject;
    Cancel(Device, Irp);
    if (Kernel->CancelLock != 0) {
        PlatformStop(Routine, "the cancel routine returned with the cancel spin lock held");
    }
    return TRUE;
}

BOOLEAN IoIs32bitProcess(PIRP Irp)
{
    KernelEnter("IoIs32bitProcess", APC_LEVEL);
    UNREFERENCED_PARAMETER(Irp);
    return FALSE;
}

BOOLEAN IrpsAtRest(KERNEL *Kernel, char *Answer, size_t AnswerSize)
{
    if (Kernel->Irps == NULL) {
        return TRUE;
    }
    PlatformFormat(Answer, AnswerSize, "an IRP is pending or was not freed: %s", Kernel->Irps->What);
    return FALSE;
}
