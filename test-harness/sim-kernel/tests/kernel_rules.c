/* Where Windows is merciful this kernel is strict: each rule, broken once, ends the run and names the routine. */
#include "kernel_fixture.h"

#include <string.h>

static KIRQL Old;

/* ---- IRPs -------------------------------------------------------------------------------------------------------- */

static SIM_HANDLE ControlOnce(PDRIVER_DISPATCH Control)
{
    uint32_t Returned;
    SIM_HANDLE Opened;

    Probe.Control = Control;
    Begin(ONE_DEVICE, "");
    Opened = Open(OVERLAPPED_FILE);
    SIM_OVERLAPPED Overlapped = { 0 };

    DeviceIoControl(Opened, CODE_BUFFERED, NULL, 0, NULL, 0, &Returned, &Overlapped);
    return Opened;
}

static NTSTATUS CompleteTwice(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    Complete(Irp, STATUS_SUCCESS, 0);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

TEST(an_irp_completed_twice)
{
    ControlOnce(CompleteTwice);
    Stopped("IoCompleteRequest", "completed");
    EndWith("IoCompleteRequest");
}

static NTSTATUS PendWithoutMark(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    Complete(Irp, STATUS_SUCCESS, 0);
    return STATUS_PENDING;
}

TEST(pending_returned_and_not_marked)
{
    ControlOnce(PendWithoutMark);
    Stopped("IRP_MJ_DEVICE_CONTROL", "not marked with IoMarkIrpPending");
    EndWith("IoMarkIrpPending");
}

static PIRP Kept;

static NTSTATUS KeepUnmarked(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    Kept = Irp;
    return STATUS_PENDING;
}

static void CompleteKept(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    Complete(Kept, STATUS_SUCCESS, 0);
}

TEST(pending_returned_and_completed_later_without_a_mark)
{
    ControlOnce(KeepUnmarked);
    Breaks(CompleteKept, "IRP_MJ_DEVICE_CONTROL", "had returned STATUS_PENDING");
}

static NTSTATUS MarkAndReturnSuccess(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    IoMarkIrpPending(Irp);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

TEST(marked_pending_and_another_status_returned)
{
    ControlOnce(MarkAndReturnSuccess);
    Stopped("IRP_MJ_DEVICE_CONTROL", "instead of STATUS_PENDING");
    EndWith("STATUS_PENDING");
}

static NTSTATUS ForgetIt(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    return STATUS_SUCCESS;
}

TEST(an_irp_neither_completed_nor_passed_on)
{
    ControlOnce(ForgetIt);
    Stopped("IRP_MJ_DEVICE_CONTROL", "neither completed nor passed on");
    EndWith("neither");
}

static NTSTATUS ReturnAnother(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    Complete(Irp, STATUS_NOT_FOUND, 0);
    return STATUS_SUCCESS;
}

TEST(returned_and_completed_with_different_statuses)
{
    ControlOnce(ReturnAnother);
    Stopped("IRP_MJ_DEVICE_CONTROL", "returned 0x00000000 and completed the IRP with 0xc0000225");
    EndWith("0xc0000225");
}

static NTSTATUS CompletePending(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    return Complete(Irp, STATUS_PENDING, 0);
}

TEST(completed_with_status_pending)
{
    ControlOnce(CompletePending);
    Stopped("IoCompleteRequest", "with STATUS_PENDING");
    EndWith("STATUS_PENDING");
}

static VOID CancelNothing(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
}

static NTSTATUS CompleteCancelable(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    IoSetCancelRoutine(Irp, CancelNothing);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

TEST(completed_with_a_cancel_routine_set)
{
    ControlOnce(CompleteCancelable);
    Stopped("IoCompleteRequest", "cancel routine");
    EndWith("cancel routine");
}

static VOID CancelAndKeepLock(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
}

static NTSTATUS KeepCancelable(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    IoMarkIrpPending(Irp);
    IoSetCancelRoutine(Irp, CancelAndKeepLock);
    return STATUS_PENDING;
}

TEST(a_cancel_routine_that_keeps_the_cancel_lock)
{
    CHECK_EQUAL(0, CancelIoEx(ControlOnce(KeepCancelable), NULL));
    Stopped("IoCancelIrp", "cancel spin lock held");
    EndWith("cancel spin lock");
}

static NTSTATUS SetNoLocation(PDEVICE_OBJECT Device, PIRP Irp)
{
    PROBE_DEVICE *Mine = Device->DeviceExtension;

    IoSetNextIrpStackLocation(Irp);
    IoSetNextIrpStackLocation(Irp);
    return IoCallDriver(Mine->Lower, Irp);
}

TEST(an_irp_without_a_stack_location_left)
{
    ControlOnce(SetNoLocation);
    Stopped("IoCallDriver", "no stack location left");
    EndWith("NO_MORE_IRP_STACK_LOCATIONS");
}

static NTSTATUS TooMuch(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    return Complete(Irp, STATUS_SUCCESS, 17);
}

TEST(information_larger_than_the_callers_buffer)
{
    uint32_t Returned;
    char Out[16];

    Probe.Control = TooMuch;
    Begin(ONE_DEVICE, "");
    CHECK(!DeviceIoControl(Open(0), CODE_BUFFERED, NULL, 0, Out, sizeof(Out), &Returned, NULL));
    Stopped("IoCompleteRequest", "Information");
    EndWith("Information");
}

static void FreeForeignIrp(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    IoFreeIrp(Kept);
}

static NTSTATUS KeepMarked(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    IoMarkIrpPending(Irp);
    Kept = Irp;
    return STATUS_PENDING;
}

TEST(freeing_an_irp_that_the_driver_did_not_allocate)
{
    ControlOnce(KeepMarked);
    Breaks(FreeForeignIrp, "IoFreeIrp", "did not allocate");
}

static void SendAndLetGo(PROBE_DEVICE *Device)
{
    PIRP Irp = IoAllocateIrp(Device->Lower->StackSize, FALSE);

    Irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    IoGetNextIrpStackLocation(Irp)->MajorFunction = IRP_MJ_PNP;
    IoGetNextIrpStackLocation(Irp)->MinorFunction = IRP_MN_QUERY_PNP_DEVICE_STATE;
    IoCallDriver(Device->Lower, Irp);
}

TEST(an_irp_of_the_driver_that_comes_back_to_the_top)
{
    Begin(ONE_DEVICE, "");
    Breaks(SendAndLetGo, "IoCompleteRequest", "STATUS_MORE_PROCESSING_REQUIRED");
}

static void LeakIrp(PROBE_DEVICE *Device)
{
    IoAllocateIrp(Device->Self->StackSize, FALSE);
}

TEST(an_irp_that_is_never_freed)
{
    Begin(ONE_DEVICE, "");
    Run(LeakIrp);
    CHECK(strstr(SayFails("rest"), "IRP") != NULL);
    EndWith("not freed");
}

/* ---- IRQL and locks ---------------------------------------------------------------------------------------------- */

static KSPIN_LOCK Lock;

static void KeepLock(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    KeInitializeSpinLock(&Lock);
    KeAcquireSpinLock(&Lock, &Old);
}

TEST(a_spin_lock_held_at_return)
{
    Begin(ONE_DEVICE, "");
    Breaks(KeepLock, "IRP_MJ_DEVICE_CONTROL", "called at IRQL 0 and returned at 2");
}

static void RaiseAndStay(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    KeRaiseIrql(DISPATCH_LEVEL, &Old);
}

TEST(a_dispatch_routine_that_returns_at_a_raised_irql)
{
    Begin(ONE_DEVICE, "");
    Breaks(RaiseAndStay, "IRP_MJ_DEVICE_CONTROL", "returned at 2");
}

static void LockTwice(PROBE_DEVICE *Device)
{
    KeepLock(Device);
    KeAcquireSpinLockAtDpcLevel(&Lock);
}

TEST(a_spin_lock_taken_twice)
{
    Begin(ONE_DEVICE, "");
    Breaks(LockTwice, "KeAcquireSpinLockAtDpcLevel", "deadlock");
}

static void LockLow(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    KeInitializeSpinLock(&Lock);
    KeAcquireSpinLockAtDpcLevel(&Lock);
}

TEST(the_dispatch_level_lock_call_below_dispatch_level)
{
    Begin(ONE_DEVICE, "");
    Breaks(LockLow, "KeAcquireSpinLockAtDpcLevel", "DISPATCH_LEVEL");
}

/* ---- Objects ----------------------------------------------------------------------------------------------------- */

static void DeleteAttached(PROBE_DEVICE *Device) { IoDeleteDevice(Device->Self); }
static void DeleteLower(PROBE_DEVICE *Device) { IoDeleteDevice(Device->Lower); }

TEST(a_device_deleted_while_it_is_attached)
{
    Begin(ONE_DEVICE, "");
    Breaks(DeleteAttached, "IoDeleteDevice", "IoDetachDevice comes first");
}

TEST(a_device_deleted_while_another_is_attached_to_it)
{
    Begin(ONE_DEVICE, "");
    Breaks(DeleteLower, "IoDeleteDevice", "another device is still attached");
}

static void DeleteTwice(PROBE_DEVICE *Device)
{
    PDEVICE_OBJECT Made;

    IoCreateDevice(Device->Self->DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Made);
    IoDeleteDevice(Made);
    IoDeleteDevice(Made);
}

TEST(a_device_deleted_twice)
{
    Begin(ONE_DEVICE, "");
    Breaks(DeleteTwice, "IoDeleteDevice", "not a device object, or deleted");
}

static void LeakDevice(PROBE_DEVICE *Device)
{
    PDEVICE_OBJECT Made;

    IoCreateDevice(Device->Self->DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &Made);
}

TEST(a_device_that_is_left_at_unload)
{
    Begin(ONE_DEVICE, "");
    Run(LeakDevice);
    EndWith("a device object of the driver is left");
}

TEST(a_device_that_is_still_initializing_after_add_device)
{
    Probe.LeavesInitializing = TRUE;
    CHECK(BeginFails(ONE_DEVICE, "", "DO_DEVICE_INITIALIZING"));
}

TEST(a_function_device_left_attached_after_remove)
{
    Probe.LeavesAttached = TRUE;
    Begin(ONE_DEVICE, "");
    EndWith("still attached");
}

TEST(a_device_interface_left_enabled_after_remove)
{
    Probe.LeavesEnabled = TRUE;
    Begin(ONE_DEVICE, "");
    EndWith("interface enabled");
}

static void ReleaseUnknown(PROBE_DEVICE *Device) { IoReleaseRemoveLock(&Device->RemoveLock, Device); }

TEST(a_remove_lock_released_with_a_tag_that_does_not_hold_it)
{
    Begin(ONE_DEVICE, "");
    Breaks(ReleaseUnknown, "IoReleaseRemoveLock", "not acquired with this tag");
}

static void HoldRemoveLock(PROBE_DEVICE *Device)
{
    CHECK_STATUS(STATUS_SUCCESS, IoAcquireRemoveLock(&Device->RemoveLock, Device));
    KernelCurrent()->Patience = 50;
}

TEST(a_remove_lock_that_is_never_released)
{
    Begin(ONE_DEVICE, "");
    Run(HoldRemoveLock);
    EndWith("kernel_rules.c");
}

static IO_REMOVE_LOCK Fresh;

static void AcquireFresh(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    IoAcquireRemoveLock(&Fresh, NULL);
}

TEST(a_remove_lock_that_was_not_initialised)
{
    Begin(ONE_DEVICE, "");
    Breaks(AcquireFresh, "IoAcquireRemoveLock", "not initialised");
}

static void SetFreshEvent(PROBE_DEVICE *Device)
{
    static KEVENT Never;

    UNREFERENCED_PARAMETER(Device);
    KeSetEvent(&Never, 0, FALSE);
}

TEST(an_event_that_was_not_initialised)
{
    Begin(ONE_DEVICE, "");
    Breaks(SetFreshEvent, "KeSetEvent", "not initialised");
}

static KMUTEX Mutex;

static void ReleaseUnowned(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    KeInitializeMutex(&Mutex, 0);
    KeReleaseMutex(&Mutex, FALSE);
}

TEST(a_mutex_released_by_a_thread_that_does_not_own_it)
{
    Begin(ONE_DEVICE, "");
    Breaks(ReleaseUnowned, "KeReleaseMutex", "does not own");
}

static void WaitForFour(PROBE_DEVICE *Device)
{
    PVOID Objects[4] = { &Device->Event, &Device->Event, &Device->Event, &Device->Event };

    KeWaitForMultipleObjects(4, Objects, WaitAny, Executive, KernelMode, FALSE, NULL, NULL);
}

TEST(more_than_three_objects_without_wait_blocks)
{
    Begin(ONE_DEVICE, "");
    Breaks(WaitForFour, "KeWaitForMultipleObjects", "MAXIMUM_WAIT_OBJECTS_EXCEEDED");
}

static void WaitForEver(PROBE_DEVICE *Device)
{
    KernelCurrent()->Patience = 50;
    KeWaitForSingleObject(&Device->Event, Executive, KernelMode, FALSE, NULL);
}

TEST(a_wait_that_nothing_can_end)
{
    Begin(ONE_DEVICE, "");
    Breaks(WaitForEver, "KeWaitForSingleObject", "a deadlock");
}

static void InitializeRunning(PROBE_DEVICE *Device)
{
    LARGE_INTEGER Due = { .QuadPart = -1000 };

    KeSetTimer(&Device->Timer, Due, NULL);
    KeInitializeTimer(&Device->Timer);
}

TEST(a_running_timer_initialised_again)
{
    Begin(ONE_DEVICE, "");
    Breaks(InitializeRunning, "KeInitializeTimerEx", "running");
}

static void LeaveTimer(PROBE_DEVICE *Device)
{
    LARGE_INTEGER Due = { .QuadPart = -100000000 };

    KeSetTimer(&Device->Timer, Due, NULL);
}

TEST(a_device_deleted_with_a_running_timer_in_its_extension)
{
    Begin(ONE_DEVICE, "");
    Run(LeaveTimer);
    EndWith("running timer");
}

static VOID Work(PDEVICE_OBJECT Device, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Context);
}

static void QueueTwice(PROBE_DEVICE *Device)
{
    PIO_WORKITEM Item = IoAllocateWorkItem(Device->Self);

    IoQueueWorkItem(Item, Work, DelayedWorkQueue, NULL);
    IoQueueWorkItem(Item, Work, DelayedWorkQueue, NULL);
}

TEST(a_work_item_queued_twice)
{
    Begin(ONE_DEVICE, "");
    Breaks(QueueTwice, "IoQueueWorkItem", "queued already");
}

static void FreeQueued(PROBE_DEVICE *Device)
{
    PIO_WORKITEM Item = IoAllocateWorkItem(Device->Self);

    IoQueueWorkItem(Item, Work, DelayedWorkQueue, NULL);
    IoFreeWorkItem(Item);
}

TEST(a_queued_work_item_freed)
{
    Begin(ONE_DEVICE, "");
    Breaks(FreeQueued, "IoFreeWorkItem", "queued");
}

static void LeakWorkItem(PROBE_DEVICE *Device) { IoAllocateWorkItem(Device->Self); }

TEST(a_work_item_that_is_never_freed)
{
    Begin(ONE_DEVICE, "");
    Run(LeakWorkItem);
    EndWith("1 work items were not freed");
}

static void PrintWide(PROBE_DEVICE *Device)
{
    static const char Format[] = "%ws";

    UNREFERENCED_PARAMETER(Device);
    ((ULONG (*)(PCSTR, ...))DbgPrint)(Format, L"text");
}

TEST(a_wide_string_printed)
{
    Begin(ONE_DEVICE, "");
    Breaks(PrintWide, "DbgPrint", "converts a wide string");
}

static void CorruptList(PROBE_DEVICE *Device)
{
    LIST_ENTRY Head, Entry;

    UNREFERENCED_PARAMETER(Device);
    InitializeListHead(&Head);
    InsertTailList(&Head, &Entry);
    Head.Flink = &Head;
    RemoveEntryList(&Entry);
}

TEST(a_list_with_a_broken_link)
{
    Begin(ONE_DEVICE, "");
    Breaks(CorruptList, "KeBugCheckEx", "0x00000139 (0x3,");
}

static void FailAssertion(PROBE_DEVICE *Device) { ASSERT(Device == NULL); }

TEST(an_assertion_that_fails)
{
    Begin(ONE_DEVICE, "");
    Breaks(FailAssertion, "ASSERT", "Device == NULL is false at");
}

static void DereferenceBus(PROBE_DEVICE *Device)
{
    DeviceObjectDereference(Device->Self);
    ObDereferenceObject(&Device->Event);
}

TEST(a_reference_given_back_on_something_that_is_no_object)
{
    Begin(ONE_DEVICE, "");
    Breaks(DereferenceBus, "ObDereferenceObject", "this is none");
}
