/* Routines by name, device objects, IRPs, remove locks. */
#include "driver.h"

/* ---- Routines by name -------------------------------------------------------------------------------------------- */

static PVOID Routine(const WCHAR *Name)
{
    UNICODE_STRING Text;

    RtlInitUnicodeString(&Text, Name);
    return MmGetSystemRoutineAddress(&Text);
}

#define ROUTINE_QUESTION(Name) \
    static void Ask##Name(CONFORM_DEVICE *Device, TEXT *Answer) \
    { \
        UNREFERENCED_PARAMETER(Device); \
        TextAdd(Answer, Routine(L## #Name) != NULL ? "there" : "NULL"); \
    }
ROUTINE_QUESTION(IoConnectInterrupt)
ROUTINE_QUESTION(IoConnectInterruptEx)
ROUTINE_QUESTION(IoGetAffinityInterrupt)
ROUTINE_QUESTION(KeQueryActiveGroupCount)
ROUTINE_QUESTION(KeQueryGroupAffinity)
ROUTINE_QUESTION(KeGetProcessorIndexFromNumber)
ROUTINE_QUESTION(KeSetTargetProcessorDpcEx)
ROUTINE_QUESTION(ExAllocatePool2)
ROUTINE_QUESTION(RtlGetVersion)
ROUTINE_QUESTION(ExAllocatePoolWithTag)
ROUTINE_QUESTION(NoSuchRoutineAnywhere)
ROUTINE_QUESTION(rtlgetversion)

static void AskEmptyName(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNREFERENCED_PARAMETER(Device);
    TextAdd(Answer, Routine(L"") != NULL ? "there" : "NULL");
}

static void AskGroups(CONFORM_DEVICE *Device, TEXT *Answer)
{
    USHORT (NTAPI *Active)(VOID) = (USHORT (NTAPI *)(VOID))Routine(L"KeQueryActiveGroupCount");
    USHORT (NTAPI *Maximum)(VOID) = (USHORT (NTAPI *)(VOID))Routine(L"KeQueryMaximumGroupCount");
    ULONG (NTAPI *Count)(USHORT) = (ULONG (NTAPI *)(USHORT))Routine(L"KeQueryActiveProcessorCountEx");
    ULONG Sum = 0;
    USHORT Group;

    UNREFERENCED_PARAMETER(Device);
    if (Active == NULL || Maximum == NULL || Count == NULL) {
        TextAdd(Answer, "not there");
        return;
    }
    for (Group = 0; Group < Active(); Group++) {
        Sum += Count(Group);
    }
    TextAdd(Answer, Sum == Count(0xFFFF) ? "the groups' sum is the whole" : "the groups' sum is not the whole");
    TextAdd(Answer, Maximum() >= Active() ? ", the maximum is not less" : ", the maximum is less");
    SayNumber(Answer, ", of a group that is not there ", Count(Maximum()));
}

/* ---- Device objects ---------------------------------------------------------------------------------------------- */

static void AskDeviceObject(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PDEVICE_OBJECT Object;
    NTSTATUS Status = IoCreateDevice(Device->Self->DriverObject, 24, NULL, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN,
                                     FALSE, &Object);
    ULONG Index, Sum = 0;

    TextAddStatus(Answer, Status);
    if (!NT_SUCCESS(Status)) {
        return;
    }
    for (Index = 0; Index < 24; Index++) {
        Sum += ((PUCHAR)Object->DeviceExtension)[Index];
    }
    TextAdd(Answer, (Object->Flags & DO_DEVICE_INITIALIZING) != 0 ? ", initializing" : ", not initializing");
    SayNumber(Answer, ", stack ", Object->StackSize);
    SayNumber(Answer, ", type ", Object->Type);
    SayNumber(Answer, ", characteristics ", Object->Characteristics);
    TextAdd(Answer, Sum == 0 ? ", zeroed" : ", not zeroed");
    TextAdd(Answer, Object->DriverObject->DeviceObject == Object ? ", first of its driver" :
            ", not first of its driver");
    IoDeleteDevice(Object);
}

static void AskExclusive(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PDEVICE_OBJECT Object;

    if (NT_SUCCESS(IoCreateDevice(Device->Self->DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, TRUE, &Object))) {
        TextAdd(Answer, (Object->Flags & DO_EXCLUSIVE) != 0 ? "DO_EXCLUSIVE" : "not DO_EXCLUSIVE");
        TextAdd(Answer, Object->DeviceExtension == NULL ? ", no extension" : ", an extension");
        IoDeleteDevice(Object);
    }
}

static void AskStack(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PDEVICE_OBJECT Top = IoGetAttachedDeviceReference(Device->Pdo);

    SayNumber(Answer, "own stack less the one below ", Device->Self->StackSize - Device->Lower->StackSize);
    TextAdd(Answer, Top == Device->Self ? ", on top" : ", not on top");
    TextAdd(Answer, Device->Lower == Device->Pdo ? ", on the PDO" : ", on a filter");
    TextAdd(Answer, (Device->Pdo->Flags & DO_BUS_ENUMERATED_DEVICE) != 0 ? ", the PDO is bus-enumerated" :
            ", the PDO is not bus-enumerated");
    ObDereferenceObject(Top);
}

static void AskExtension(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PDRIVER_OBJECT Driver = Device->Self->DriverObject;
    PVOID First = NULL, Again = NULL;
    NTSTATUS Status = STATUS_SUCCESS;

    if (IoGetDriverObjectExtension(Driver, (PVOID)(ULONG_PTR)TAG_CONFORM) == NULL) {
        Status = IoAllocateDriverObjectExtension(Driver, (PVOID)(ULONG_PTR)TAG_CONFORM, 8, &First);
    }
    TextAddStatus(Answer, Status);
    First = IoGetDriverObjectExtension(Driver, (PVOID)(ULONG_PTR)TAG_CONFORM);
    TextAdd(Answer, ", the same id ");
    TextAddStatus(Answer, IoAllocateDriverObjectExtension(Driver, (PVOID)(ULONG_PTR)TAG_CONFORM, 8, &Again));
    TextAdd(Answer, First != NULL ? ", found" : ", not found");
    TextAdd(Answer, IoGetDriverObjectExtension(Driver, (PVOID)1) == NULL ? ", another id NULL" : ", another id there");
}

/* ---- IRPs -------------------------------------------------------------------------------------------------------- */

static void AskIrp(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PIRP Irp = IoAllocateIrp(3, FALSE);

    UNREFERENCED_PARAMETER(Device);
    if (Irp == NULL) {
        TextAdd(Answer, "none");
        return;
    }
    SayNumber(Answer, "stack ", Irp->StackCount);
    SayNumber(Answer, ", current ", Irp->CurrentLocation);
    SayNumber(Answer, ", type ", Irp->Type);
    SayNumber(Answer, ", size ", Irp->Size);
    TextAdd(Answer, ", ");
    TextAddStatus(Answer, Irp->IoStatus.Status);
    TextAdd(Answer, Irp->CancelRoutine == NULL && !Irp->Cancel ? ", not to be cancelled" : ", to be cancelled");
    IoFreeIrp(Irp);
}

static void AskIrpReuse(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PIRP Irp = IoAllocateIrp(2, FALSE);

    UNREFERENCED_PARAMETER(Device);
    if (Irp == NULL) {
        TextAdd(Answer, "none");
        return;
    }
    IoSetNextIrpStackLocation(Irp);
    Irp->IoStatus.Information = 9;
    IoReuseIrp(Irp, STATUS_NOT_SUPPORTED);
    SayNumber(Answer, "stack ", Irp->StackCount);
    SayNumber(Answer, ", current ", Irp->CurrentLocation);
    TextAdd(Answer, ", ");
    TextAddStatus(Answer, Irp->IoStatus.Status);
    SayNumber(Answer, ", Information ", (LONGLONG)Irp->IoStatus.Information);
    IoFreeIrp(Irp);
}

static VOID NTAPI CancelNoted(PDEVICE_OBJECT Object, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Object);
    Irp->IoStatus.Information = (ULONG_PTR)KeGetCurrentIrql() + 100;
    IoReleaseCancelSpinLock(Irp->CancelIrql);
}

static void AskCancel(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PIRP Irp = IoAllocateIrp(2, FALSE);

    if (Irp == NULL) {
        TextAdd(Answer, "none");
        return;
    }
    SayNumber(Answer, "without routine ", IoCancelIrp(Irp));
    SayNumber(Answer, ", Cancel ", Irp->Cancel);
    IoReuseIrp(Irp, STATUS_SUCCESS);
    IoSetNextIrpStackLocation(Irp);
    IoGetCurrentIrpStackLocation(Irp)->DeviceObject = Device->Self;
    TextAdd(Answer, IoSetCancelRoutine(Irp, CancelNoted) == NULL ? ", none before" : ", one before");
    SayNumber(Answer, ", with routine ", IoCancelIrp(Irp));
    SayNumber(Answer, ", Cancel ", Irp->Cancel);
    TextAdd(Answer, Irp->CancelRoutine == NULL ? ", routine taken out" : ", routine left");
    TextAdd(Answer, Irp->IoStatus.Information >= 100 ? ", called" : ", not called");
    IoFreeIrp(Irp);
}

static void AskCancelIrql(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PIRP Irp = IoAllocateIrp(2, FALSE);

    if (Irp == NULL) {
        TextAdd(Answer, "none");
        return;
    }
    IoSetNextIrpStackLocation(Irp);
    IoGetCurrentIrpStackLocation(Irp)->DeviceObject = Device->Self;
    (VOID)IoSetCancelRoutine(Irp, CancelNoted);
    IoCancelIrp(Irp);
    SayNumber(Answer, "", (LONGLONG)Irp->IoStatus.Information - 100);
    IoFreeIrp(Irp);
}

/* ---- Remove locks ------------------------------------------------------------------------------------------------ */

static void AskRemoveLock(CONFORM_DEVICE *Device, TEXT *Answer)
{
    IO_REMOVE_LOCK *Lock = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Lock), TAG_CONFORM);

    UNREFERENCED_PARAMETER(Device);
    if (Lock == NULL) {
        TextAdd(Answer, "no memory");
        return;
    }
    RtlZeroMemory(Lock, sizeof(*Lock));
    IoInitializeRemoveLock(Lock, TAG_CONFORM, 0, 0);
    TextAddStatus(Answer, IoAcquireRemoveLock(Lock, Lock));
    TextAdd(Answer, ", again ");
    TextAddStatus(Answer, IoAcquireRemoveLock(Lock, Answer));
    IoReleaseRemoveLock(Lock, Answer);
    IoReleaseRemoveLockAndWait(Lock, Lock);
    TextAdd(Answer, ", removed ");
    TextAddStatus(Answer, IoAcquireRemoveLock(Lock, Lock));
    ExFreePoolWithTag(Lock, TAG_CONFORM);
}

typedef struct HOLDER {
    IO_REMOVE_LOCK Lock;
    KEVENT Began;
    volatile LONG Released;
} HOLDER;

static VOID NTAPI HolderWork(PDEVICE_OBJECT Object, PVOID Context)
{
    HOLDER *Holder = Context;
    LARGE_INTEGER Delay;

    UNREFERENCED_PARAMETER(Object);
    Delay.QuadPart = -300000;
    KeSetEvent(&Holder->Began, 0, FALSE);
    KeDelayExecutionThread(KernelMode, FALSE, &Delay);
    InterlockedExchange(&Holder->Released, 1);
    IoReleaseRemoveLock(&Holder->Lock, Context);
}

static void AskRemoveLockWaits(CONFORM_DEVICE *Device, TEXT *Answer)
{
    HOLDER *Holder = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Holder), TAG_CONFORM);
    PIO_WORKITEM Item = IoAllocateWorkItem(Device->Self);

    if (Holder != NULL && Item != NULL) {
        RtlZeroMemory(Holder, sizeof(*Holder));
        IoInitializeRemoveLock(&Holder->Lock, TAG_CONFORM, 0, 0);
        KeInitializeEvent(&Holder->Began, NotificationEvent, FALSE);
        IoAcquireRemoveLock(&Holder->Lock, Holder);
        IoAcquireRemoveLock(&Holder->Lock, Answer);
        IoQueueWorkItem(Item, HolderWork, DelayedWorkQueue, Holder);
        KeWaitForSingleObject(&Holder->Began, Executive, KernelMode, FALSE, NULL);
        IoReleaseRemoveLockAndWait(&Holder->Lock, Answer);
        TextAdd(Answer, Holder->Released != 0 ? "waits for the other holder" : "does not wait");
    }
    if (Item != NULL) {
        IoFreeWorkItem(Item);
    }
    if (Holder != NULL) {
        ExFreePoolWithTag(Holder, TAG_CONFORM);
    }
}

#define ROUTINE(Name, Source) { "mm/routine/" #Name, "MmGetSystemRoutineAddress of " #Name, Source, Ask##Name }

const QUESTION ObjectQuestions[] = {
    ROUTINE(IoConnectInterrupt, "IoConnectInterrupt"),
    ROUTINE(IoConnectInterruptEx, "IoConnectInterruptEx"),
    ROUTINE(IoGetAffinityInterrupt, "IoGetAffinityInterrupt"),
    ROUTINE(KeQueryActiveGroupCount, "KeQueryActiveGroupCount"),
    ROUTINE(KeQueryGroupAffinity, "KeQueryGroupAffinity"),
    ROUTINE(KeGetProcessorIndexFromNumber, "KeGetProcessorIndexFromNumber"),
    ROUTINE(KeSetTargetProcessorDpcEx, "KeSetTargetProcessorDpcEx"),
    ROUTINE(ExAllocatePool2, "ExAllocatePool2: from Windows 10 2004 on"),
    ROUTINE(RtlGetVersion, "RtlGetVersion"),
    ROUTINE(ExAllocatePoolWithTag, "ExAllocatePoolWithTag"),
    ROUTINE(NoSuchRoutineAnywhere, "MmGetSystemRoutineAddress"),
    ROUTINE(rtlgetversion, ""),
    { "mm/routine/empty", "MmGetSystemRoutineAddress of an empty name", "", AskEmptyName },
    { "ke/groups", "KeQueryActiveProcessorCountEx over the groups", "KeQueryActiveProcessorCountEx", AskGroups },
    { "io/device/new", "IoCreateDevice with an extension of 24 bytes", "IoCreateDevice", AskDeviceObject },
    { "io/device/exclusive", "IoCreateDevice, exclusive and without extension", "IoCreateDevice", AskExclusive },
    { "io/device/stack", "the device in its stack", "IoAttachDeviceToDeviceStack", AskStack },
    { "io/driver/extension", "IoAllocateDriverObjectExtension, once and again with the same id", "IoAllocateDriverObjectExtension", AskExtension },
    { "io/irp/new", "IoAllocateIrp of three locations", "IoAllocateIrp", AskIrp },
    { "io/irp/reuse", "IoReuseIrp", "IoReuseIrp", AskIrpReuse },
    { "io/irp/cancel", "IoCancelIrp without and with a cancel routine", "IoCancelIrp", AskCancel },
    { "io/irp/cancel-irql", "the IRQL of a cancel routine", "DRIVER_CANCEL", AskCancelIrql },
    { "io/remove-lock", "a remove lock, taken, released, removed", "IoAcquireRemoveLock", AskRemoveLock },
    { "io/remove-lock/waits", "IoReleaseRemoveLockAndWait while a work item holds it", "IoReleaseRemoveLockAndWait", AskRemoveLockWaits },
};
const ULONG ObjectQuestionCount = RTL_NUMBER_OF(ObjectQuestions);
