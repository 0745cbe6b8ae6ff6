/* Files and requests as a user of Win32 sees them, against what the driver did. */
#include "kernel_fixture.h"

#include <string.h>

#define NOTHING 0xEEEEEEEEu

static SIM_HANDLE Opened;
static SIM_OVERLAPPED Overlapped;
static uint32_t Returned;
static UCHAR In[16], Out[16];

/* What the driver's control hook does. */
static NTSTATUS Status;
static ULONG_PTR Information;
static BOOLEAN Pends;
static PIRP Kept[8];
static ULONG KeptCount;
static ULONG Asked;
static UCHAR Saw[64];

static NTSTATUS Answer(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG Length = Stack->Parameters.DeviceIoControl.OutputBufferLength;

    UNREFERENCED_PARAMETER(Device);
    Asked++;
    if (Irp->AssociatedIrp.SystemBuffer != NULL) {
        memcpy(Saw, Irp->AssociatedIrp.SystemBuffer,
               max(Length, Stack->Parameters.DeviceIoControl.InputBufferLength));
        memset(Irp->AssociatedIrp.SystemBuffer, 0x77, Length);
    }
    if (Pends) {
        IoMarkIrpPending(Irp);
        Complete(Irp, Status, Information);
        return STATUS_PENDING;
    }
    return Complete(Irp, Status, Information);
}

static VOID CancelKept(PDEVICE_OBJECT Device, PIRP Irp)
{
    ULONG Index;

    UNREFERENCED_PARAMETER(Device);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    for (Index = 0; Index < RTL_NUMBER_OF(Kept); Index++) {
        if (Kept[Index] == Irp) {
            Kept[Index] = NULL;
        }
    }
    Complete(Irp, STATUS_CANCELLED, 0);
}

static NTSTATUS Keep(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    IoMarkIrpPending(Irp);
    IoSetCancelRoutine(Irp, CancelKept);
    Kept[KeptCount++ % RTL_NUMBER_OF(Kept)] = Irp;
    return STATUS_PENDING;
}

static void CompleteOne(PROBE_DEVICE *Device)
{
    PIRP Irp = Kept[0];

    UNREFERENCED_PARAMETER(Device);
    Kept[0] = NULL;
    IoSetCancelRoutine(Irp, NULL);
    Complete(Irp, Status, Information);
}

static NTSTATUS CancelAll(PDEVICE_OBJECT Device, PIRP Irp)
{
    ULONG Index;

    UNREFERENCED_PARAMETER(Device);
    for (Index = 0; Index < RTL_NUMBER_OF(Kept); Index++) {
        PIRP One = Kept[Index];

        Kept[Index] = NULL;
        if (One != NULL && IoSetCancelRoutine(One, NULL) != NULL) {
            Complete(One, STATUS_CANCELLED, 0);
        }
    }
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static void Start(PDRIVER_DISPATCH Control, uint32_t Flags)
{
    Probe.Control = Control;
    memset(Kept, 0, sizeof(Kept));
    KeptCount = Asked = 0;
    Status = STATUS_SUCCESS;
    Information = 0;
    Pends = FALSE;
    Begin(ONE_DEVICE, "");
    Opened = Open(Flags);
    memset(In, 0x11, sizeof(In));
    memset(Out, 0x22, sizeof(Out));
    memset(&Overlapped, 0, sizeof(Overlapped));
    Overlapped.Event = CreateEventW(NULL, TRUE, FALSE, NULL);
    Returned = NOTHING;
}

static int32_t Control(uint32_t Code)
{
    return DeviceIoControl(Opened, Code, In, sizeof(In), Out, sizeof(Out), &Returned,
                           Overlapped.Event == 0 ? NULL : &Overlapped);
}

static BOOLEAN EventIsSet(void)
{
    return WaitForSingleObject(Overlapped.Event, 0) == 0;
}

static void Finish(void)
{
    CHECK(CloseHandle(Opened));
    CHECK(CloseHandle(Overlapped.Event));
    End();
}

TEST(a_success_writes_the_status_block_and_sets_the_event)
{
    Start(Answer, OVERLAPPED_FILE);
    Information = 5;
    CHECK(Control(CODE_BUFFERED));
    CHECK_EQUAL(5, Returned);
    CHECK_EQUAL(0, Overlapped.Internal);
    CHECK_EQUAL(5, Overlapped.InternalHigh);
    CHECK(EventIsSet());
    CHECK_EQUAL(0x77, Out[4]);
    CHECK_EQUAL(0x22, Out[5]);
    Finish();
}

TEST(an_error_at_once_leaves_the_status_block_and_the_event_alone)
{
    Start(Answer, OVERLAPPED_FILE);
    Status = STATUS_INVALID_DEVICE_STATE;
    Information = 5;
    CHECK(!Control(CODE_BUFFERED));
    CHECK_EQUAL(22, LastError());
    CHECK_EQUAL(STATUS_PENDING, Overlapped.Internal);
    CHECK_EQUAL(NOTHING, Returned);
    CHECK(!EventIsSet());
    CHECK_EQUAL(0x22, Out[0]);
    Finish();
}

TEST(an_error_of_a_pended_request_writes_both)
{
    Start(Answer, OVERLAPPED_FILE);
    Status = STATUS_INVALID_DEVICE_STATE;
    Pends = TRUE;
    CHECK(!Control(CODE_BUFFERED));
    CHECK_EQUAL(WIN32_IO_PENDING, LastError());
    CHECK(EventIsSet());
    CHECK(!GetOverlappedResult(Opened, &Overlapped, &Returned, FALSE));
    CHECK_EQUAL(22, LastError());
    CHECK_STATUS(STATUS_INVALID_DEVICE_STATE, (ULONG)Overlapped.Internal);
    CHECK_EQUAL(0x22, Out[0]);
    Finish();
}

TEST(a_warning_copies_data_and_is_an_error_to_the_caller)
{
    Start(Answer, OVERLAPPED_FILE);
    Status = STATUS_BUFFER_OVERFLOW;
    Information = 16;
    CHECK(!Control(CODE_BUFFERED));
    CHECK_EQUAL(WIN32_MORE_DATA, LastError());
    CHECK_EQUAL(0x77, Out[15]);
    CHECK_EQUAL(16, Overlapped.InternalHigh);
    CHECK(EventIsSet());
    Finish();
}

TEST(a_buffered_request_sees_the_input_and_then_garbage)
{
    static const UCHAR Zeroes[8];

    Start(Answer, OVERLAPPED_FILE);
    CHECK(DeviceIoControl(Opened, CODE_BUFFERED, In, 8, Out, sizeof(Out), &Returned, &Overlapped));
    CHECK_EQUAL(0x11, Saw[7]);
    CHECK(Saw[8] != 0x11 && memcmp(Saw + 8, Zeroes, 8) != 0);
    Finish();
}

static NTSTATUS Direct(PDEVICE_OBJECT Device, PIRP Irp)
{
    PUCHAR Buffer = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority | MdlMappingNoExecute);

    UNREFERENCED_PARAMETER(Device);
    CHECK(Irp->AssociatedIrp.SystemBuffer != NULL && *(PUCHAR)Irp->AssociatedIrp.SystemBuffer == 0x11);
    CHECK_EQUAL(sizeof(Out), MmGetMdlByteCount(Irp->MdlAddress));
    memcpy(Saw, Buffer, sizeof(Out));
    memset(Buffer, 0x33, sizeof(Out));
    return Complete(Irp, STATUS_SUCCESS, 3);
}

TEST(a_direct_request_has_the_output_itself)
{
    Start(Direct, OVERLAPPED_FILE);
    CHECK(Control(CODE_OUT_DIRECT));
    CHECK_EQUAL(0x33, Out[15]);
    CHECK_EQUAL(3, Returned);
    memset(Out, 0x44, sizeof(Out));
    CHECK(Control(CODE_IN_DIRECT));
    CHECK_EQUAL(0x44, Saw[15]);
    Finish();
}

static NTSTATUS Neither(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    CHECK(IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.Type3InputBuffer == In);
    CHECK(Irp->UserBuffer == Out);
    CHECK(Irp->AssociatedIrp.SystemBuffer == NULL && Irp->MdlAddress == NULL);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

TEST(a_neither_request_has_the_callers_own_pointers)
{
    Start(Neither, OVERLAPPED_FILE);
    CHECK(Control(CODE_NEITHER));
    Finish();
}

static NTSTATUS MapPlainly(PDEVICE_OBJECT Device, PIRP Irp)
{
    PVOID Buffer = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);

    UNREFERENCED_PARAMETER(Device);
    return Complete(Irp, Buffer == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS, 0);
}

TEST(an_executable_mapping_breaks_a_rule_where_the_kernel_knows_better)
{
    Start(MapPlainly, OVERLAPPED_FILE);
    CHECK(!Control(CODE_OUT_DIRECT));
    Stopped("MmMapLockedPagesSpecifyCache", "MdlMappingNoExecute");
    EndWith("MdlMappingNoExecute");

    Probe.Control = MapPlainly;
    Begin(ONE_DEVICE, "profile=win7");
    Opened = Open(0);
    CHECK(DeviceIoControl(Opened, CODE_OUT_DIRECT, NULL, 0, Out, sizeof(Out), &Returned, NULL));
    CHECK(CloseHandle(Opened));
    End();
}

TEST(access_is_checked_before_the_driver_is_asked)
{
    Start(Answer, 0);
    CHECK(CloseHandle(Opened));
    Opened = OpenFor(0x80000000u, OVERLAPPED_FILE);
    CHECK(!Control(CODE_WRITE));
    CHECK_EQUAL(WIN32_ACCESS_DENIED, LastError());
    CHECK_EQUAL(0, Asked);
    CHECK(Control(CODE_READ));
    CHECK(CloseHandle(Opened));
    Opened = OpenFor(0, OVERLAPPED_FILE);
    CHECK(!Control(CODE_READ));
    CHECK_EQUAL(WIN32_ACCESS_DENIED, LastError());
    CHECK(Control(CODE_BUFFERED));
    CHECK_EQUAL(2, Asked);
    Finish();
}

TEST(a_missing_buffer_that_would_be_locked_is_an_invalid_access)
{
    Start(Answer, OVERLAPPED_FILE);
    CHECK(!DeviceIoControl(Opened, CODE_OUT_DIRECT, In, 8, NULL, 8, &Returned, &Overlapped));
    CHECK_EQUAL(WIN32_NOACCESS, LastError());
    CHECK_EQUAL(0, Asked);
    Finish();
}

TEST(a_missing_buffer_that_would_be_copied_has_no_bytes)
{
    Start(Answer, OVERLAPPED_FILE);
    CHECK(DeviceIoControl(Opened, CODE_BUFFERED, NULL, 8, NULL, 8, &Returned, &Overlapped));
    CHECK_EQUAL(1, Asked);
    Finish();
}

static MACHINE_EVENT Later;

static void CompleteLater(MACHINE_EVENT *Event)
{
    UNREFERENCED_PARAMETER(Event);
    CompleteOne(NULL);
}

static NTSTATUS KeepForATime(PDEVICE_OBJECT Device, PIRP Irp)
{
    Keep(Device, Irp);
    Later.Run = CompleteLater;
    MachineSchedule(PlatformMachine(), &Later, 5000000);
    return STATUS_PENDING;
}

TEST(a_synchronous_handle_waits_for_a_pended_request)
{
    Start(KeepForATime, 0);
    CHECK(CloseHandle(Overlapped.Event));
    Overlapped.Event = 0;
    Information = 7;
    CHECK(Control(CODE_OUT_DIRECT));
    CHECK_EQUAL(7, Returned);
    CHECK(CloseHandle(Opened));
    End();
}

TEST(the_result_of_an_overlapped_request_is_waited_for_in_the_machines_time)
{
    Start(KeepForATime, OVERLAPPED_FILE);
    Information = 7;
    CHECK(!Control(CODE_OUT_DIRECT));
    CHECK_EQUAL(WIN32_IO_PENDING, LastError());
    CHECK(!GetOverlappedResult(Opened, &Overlapped, &Returned, FALSE));
    CHECK_EQUAL(WIN32_IO_INCOMPLETE, LastError());
    CHECK_EQUAL(258, WaitForSingleObject(Overlapped.Event, 4));
    CHECK_EQUAL(0, WaitForSingleObject(Overlapped.Event, 2));
    CHECK(GetOverlappedResult(Opened, &Overlapped, &Returned, TRUE));
    CHECK_EQUAL(7, Returned);
    Finish();
}

TEST(cancelling_one_request_all_and_none)
{
    SIM_OVERLAPPED Other = { 0 };

    Start(Keep, OVERLAPPED_FILE);
    CHECK(!CancelIoEx(Opened, NULL));
    CHECK_EQUAL(WIN32_NOT_FOUND, LastError());
    CHECK(!Control(CODE_OUT_DIRECT));
    CHECK(!DeviceIoControl(Opened, CODE_OUT_DIRECT, In, 8, Out, 8, NULL, &Other));
    CHECK(CancelIoEx(Opened, &Overlapped));
    CHECK(EventIsSet());
    CHECK(!GetOverlappedResult(Opened, &Overlapped, &Returned, TRUE));
    CHECK_EQUAL(995, LastError());
    CHECK_EQUAL(STATUS_PENDING, Other.Internal);
    CHECK(CancelIoEx(Opened, NULL));
    CHECK(!GetOverlappedResult(Opened, &Other, &Returned, TRUE));
    CHECK_EQUAL(995, LastError());
    Finish();
}

TEST(closing_a_handle_sends_cleanup_and_close)
{
    Start(Keep, OVERLAPPED_FILE);
    Probe.Cleanup = CancelAll;
    TraceTake();
    CHECK(!Control(CODE_OUT_DIRECT));
    CHECK(CloseHandle(Opened));
    CHECK_TRACE("CLEANUP CLOSE");
    CHECK_STATUS(STATUS_CANCELLED, (ULONG)Overlapped.Internal);
    CHECK(EventIsSet());
    CHECK(!CloseHandle(Opened));
    CHECK_EQUAL(WIN32_INVALID_HANDLE, LastError());
    CHECK(CloseHandle(Overlapped.Event));
    End();
}

TEST(close_waits_for_the_last_request_and_for_passive_level)
{
    Start(Keep, OVERLAPPED_FILE);
    CHECK(!Control(CODE_OUT_DIRECT));
    TraceTake();
    CHECK(CloseHandle(Opened));
    CHECK_TRACE("CLEANUP");
    Later.Run = CompleteLater;
    Run(CompleteOne);
    CHECK(strstr(TraceTake(), "CLOSE") != NULL);
    CHECK(CloseHandle(Overlapped.Event));
    End();
}

TEST(what_dies_with_its_process_is_cancelled_and_closed)
{
    Start(Keep, OVERLAPPED_FILE);
    CHECK(!Control(CODE_OUT_DIRECT));
    TraceTake();
    Say("kill");
    CHECK_TRACE("CLEANUP CLOSE");
    CHECK_STATUS(STATUS_CANCELLED, (ULONG)Overlapped.Internal);
    CHECK(!Control(CODE_OUT_DIRECT));
    CHECK_EQUAL(WIN32_INVALID_HANDLE, LastError());
    CHECK(CloseHandle(Overlapped.Event));
    End();
}

TEST(a_path_that_is_not_there)
{
    static const uint16_t NoMachine[] = { '\\', '\\', '?', '\\', 'S', 'I', 'M', '9', '9', '#', 'A', 0 };
    static const uint16_t Short[] = { '\\', 0 };

    CHECK(CreateFileW(NoMachine, 0, 0, NULL, 3, 0, 0) == SIM_INVALID_HANDLE);
    CHECK_EQUAL(WIN32_FILE_NOT_FOUND, LastError());
    CHECK(CreateFileW(Short, 0, 0, NULL, 3, 0, 0) == SIM_INVALID_HANDLE);
    CHECK_EQUAL(WIN32_FILE_NOT_FOUND, LastError());
}

static NTSTATUS Refuse(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    return Complete(Irp, STATUS_DELETE_PENDING, 0);
}

TEST(a_create_that_the_driver_refuses_is_followed_by_nothing)
{
    Probe.Create = Refuse;
    Begin(ONE_DEVICE, "");
    TraceTake();
    CHECK(OpenFor(0xC0000000u, 0) == SIM_INVALID_HANDLE);
    CHECK_EQUAL(WIN32_ACCESS_DENIED, LastError());
    CHECK_TRACE("CREATE");
    CHECK(strstr(Say("state edu0"), "handles=0") != NULL);
    End();
}

TEST(statuses_become_the_errors_of_win32)
{
    static const struct { NTSTATUS Status; int Error; } Pairs[] = {
        { STATUS_INFO_LENGTH_MISMATCH, 24 }, { STATUS_INVALID_PARAMETER, 87 }, { STATUS_INVALID_PARAMETER_1, 87 },
        { STATUS_INVALID_PARAMETER_10, 87 }, { STATUS_INVALID_DEVICE_REQUEST, 1 }, { STATUS_ACCESS_DENIED, 5 },
        { STATUS_DELETE_PENDING, 5 }, { STATUS_BUFFER_TOO_SMALL, 122 }, { STATUS_OBJECT_NAME_NOT_FOUND, 2 },
        { STATUS_INSUFFICIENT_RESOURCES, 1450 }, { STATUS_DEVICE_NOT_READY, 21 }, { STATUS_NOT_SUPPORTED, 50 },
        { STATUS_CANCELLED, 995 }, { STATUS_INVALID_DEVICE_STATE, 22 }, { STATUS_INVALID_BUFFER_SIZE, 1784 },
        { STATUS_NOT_FOUND, 1168 }, { STATUS_DEVICE_REMOVED, 1617 }, { STATUS_IMAGE_CHECKSUM_MISMATCH, 193 },
        { STATUS_DRIVER_ENTRYPOINT_NOT_FOUND, 127 }, { STATUS_NO_SUCH_DEVICE, 433 }, { STATUS_DEVICE_BUSY, 170 },
        { STATUS_BUFFER_OVERFLOW, 234 },
    };
    ULONG Index;

    Start(Answer, OVERLAPPED_FILE);
    for (Index = 0; Index < RTL_NUMBER_OF(Pairs); Index++) {
        Status = Pairs[Index].Status;
        CHECK(!Control(CODE_BUFFERED));
        CHECK_EQUAL(Pairs[Index].Error, LastError());
    }
    Finish();
}

TEST(an_automatic_event_ends_one_wait_and_a_manual_one_all)
{
    SIM_HANDLE Pair[2] = { CreateEventW(NULL, FALSE, TRUE, NULL), CreateEventW(NULL, TRUE, TRUE, NULL) };

    CHECK_EQUAL(0, WaitForMultipleObjects(2, Pair, TRUE, 0));
    CHECK_EQUAL(258, WaitForMultipleObjects(2, Pair, TRUE, 0));
    CHECK_EQUAL(1, WaitForMultipleObjects(2, Pair, FALSE, 0));
    CHECK(ResetEvent(Pair[1]));
    CHECK_EQUAL(258, WaitForMultipleObjects(2, Pair, FALSE, 10));
    CHECK(SetEvent(Pair[0]));
    CHECK_EQUAL(0, WaitForMultipleObjects(2, Pair, FALSE, 0xFFFFFFFFu));
    CHECK_EQUAL(258, WaitForSingleObject(Pair[0], 0));
    CHECK(CloseHandle(Pair[0]) && CloseHandle(Pair[1]));
    CHECK_EQUAL(0xFFFFFFFFu, WaitForSingleObject(Pair[0], 0));
    CHECK_EQUAL(WIN32_INVALID_HANDLE, LastError());
}

TEST(an_event_in_an_overlapped_structure_is_reset_when_the_request_begins)
{
    Start(Keep, OVERLAPPED_FILE);
    Probe.Cleanup = CancelAll;
    CHECK(SetEvent(Overlapped.Event));
    CHECK(!Control(CODE_OUT_DIRECT));
    CHECK(!EventIsSet());
    Finish();
}

TEST(two_machines_in_one_process_do_not_see_each_other)
{
    uint64_t First;
    SIM_HANDLE FirstOpened;

    Start(Answer, OVERLAPPED_FILE);
    First = Machine;
    FirstOpened = Opened;
    Begin(ONE_DEVICE, "");
    Opened = Open(OVERLAPPED_FILE);
    CHECK(First != Machine);
    Say("advance 1000000");
    CHECK(strtoull(Say("now"), NULL, 10) >= 1000000);
    CHECK(CloseHandle(Opened));
    End();
    Machine = First;
    Probe.Control = Answer;
    Opened = FirstOpened;
    CHECK(Control(CODE_BUFFERED));
    Finish();
}
