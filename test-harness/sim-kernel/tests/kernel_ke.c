/* Waits, timers, work items and time. */
#include "kernel_fixture.h"

#include <string.h>

#include "threads.h"

static ULONGLONG Now(void)
{
    return MachineNow(PlatformMachine());
}

static LARGE_INTEGER After(LONGLONG Microseconds)
{
    LARGE_INTEGER Due = { .QuadPart = -Microseconds * 10 };

    return Due;
}

/* ---- Time -------------------------------------------------------------------------------------------------------- */

static void DelayBody(PROBE_DEVICE *Device)
{
    LARGE_INTEGER Delay = After(1500);
    ULONGLONG Began = Now();

    UNREFERENCED_PARAMETER(Device);
    CHECK_STATUS(STATUS_SUCCESS, KeDelayExecutionThread(KernelMode, FALSE, &Delay));
    CHECK_EQUAL(1500000, Now() - Began);
}

TEST(a_delay_takes_its_time_exactly)
{
    Begin(ONE_DEVICE, "");
    Run(DelayBody);
    End();
}

static void StallBody(PROBE_DEVICE *Device)
{
    ULONGLONG Began = Now();

    UNREFERENCED_PARAMETER(Device);
    KeStallExecutionProcessor(7);
    CHECK_EQUAL(7000, Now() - Began);
}

TEST(a_stall_takes_its_time_exactly)
{
    Begin(ONE_DEVICE, "");
    Run(StallBody);
    End();
}

static LONGLONG Frequency;

static void CounterBody(PROBE_DEVICE *Device)
{
    LARGE_INTEGER Rate, First, Second;
    LARGE_INTEGER Delay = After(1000000);

    UNREFERENCED_PARAMETER(Device);
    First = KeQueryPerformanceCounter(&Rate);
    CHECK(First.QuadPart > 0);
    KeDelayExecutionThread(KernelMode, FALSE, &Delay);
    Second = KeQueryPerformanceCounter(NULL);
    CHECK_EQUAL(Frequency, Rate.QuadPart);
    CHECK(Second.QuadPart - First.QuadPart >= Frequency && Second.QuadPart - First.QuadPart <= Frequency + 1);
}

TEST(the_performance_counter_has_the_frequency_of_the_profile)
{
    Frequency = 10000000;
    Begin(ONE_DEVICE, "profile=win10");
    Run(CounterBody);
    End();
    Frequency = 3579545;
    Begin("1x8", "profile=nt52");
    Run(CounterBody);
    End();
}

static void ClockBody(PROBE_DEVICE *Device)
{
    ULONGLONG First = KeQueryInterruptTime();
    LARGE_INTEGER Delay = After(15625);
    LARGE_INTEGER Before, Later;

    UNREFERENCED_PARAMETER(Device);
    CHECK_EQUAL(0, First % KeQueryTimeIncrement());
    KeStallExecutionProcessor(1);
    CHECK_EQUAL(First, KeQueryInterruptTime());
    KeQuerySystemTime(&Before);
    KeDelayExecutionThread(KernelMode, FALSE, &Delay);
    KeQuerySystemTime(&Later);
    CHECK_EQUAL(First + KeQueryTimeIncrement(), KeQueryInterruptTime());
    CHECK_EQUAL(KeQueryTimeIncrement(), Later.QuadPart - Before.QuadPart);
}

TEST(interrupt_time_advances_at_clock_ticks_only)
{
    Begin(ONE_DEVICE, "");
    Run(ClockBody);
    End();
}

/* ---- Objects ----------------------------------------------------------------------------------------------------- */

static void EventsBody(PROBE_DEVICE *Device)
{
    KEVENT Automatic;
    LARGE_INTEGER Zero = { .QuadPart = 0 };
    LARGE_INTEGER Wait = After(100);
    ULONGLONG Began = Now();

    KeInitializeEvent(&Automatic, SynchronizationEvent, TRUE);
    CHECK_STATUS(STATUS_SUCCESS, KeWaitForSingleObject(&Automatic, Executive, KernelMode, FALSE, NULL));
    CHECK_STATUS(STATUS_TIMEOUT, KeWaitForSingleObject(&Automatic, Executive, KernelMode, FALSE, &Zero));
    CHECK_EQUAL(Began, Now());
    CHECK_STATUS(STATUS_TIMEOUT, KeWaitForSingleObject(&Automatic, Executive, KernelMode, FALSE, &Wait));
    CHECK_EQUAL(100000, Now() - Began);
    CHECK_EQUAL(0, KeSetEvent(&Device->Event, 0, FALSE));
    CHECK_EQUAL(1, KeSetEvent(&Device->Event, 0, FALSE));
    CHECK_STATUS(STATUS_SUCCESS, KeWaitForSingleObject(&Device->Event, Executive, KernelMode, FALSE, NULL));
    CHECK_STATUS(STATUS_SUCCESS, KeWaitForSingleObject(&Device->Event, Executive, KernelMode, FALSE, NULL));
    CHECK_EQUAL(1, KeResetEvent(&Device->Event));
    CHECK_EQUAL(0, KeReadStateEvent(&Device->Event));
}

TEST(a_synchronization_event_ends_one_wait_and_a_notification_event_all)
{
    Begin(ONE_DEVICE, "");
    Run(EventsBody);
    End();
}

static void MutexBody(PROBE_DEVICE *Device)
{
    KMUTEX Mutex;

    UNREFERENCED_PARAMETER(Device);
    KeInitializeMutex(&Mutex, 0);
    CHECK_STATUS(STATUS_SUCCESS, KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL));
    CHECK_STATUS(STATUS_SUCCESS, KeWaitForSingleObject(&Mutex, Executive, KernelMode, FALSE, NULL));
    CHECK_EQUAL(-1, Mutex.Header.SignalState);
    KeReleaseMutex(&Mutex, FALSE);
    CHECK(Mutex.OwnerThread != NULL);
    KeReleaseMutex(&Mutex, FALSE);
    CHECK(Mutex.OwnerThread == NULL);
}

TEST(a_mutex_may_be_taken_again_by_its_owner)
{
    Begin(ONE_DEVICE, "");
    Run(MutexBody);
    End();
}

static void ManyBody(PROBE_DEVICE *Device)
{
    KEVENT First, Second;
    PVOID Objects[2] = { &First, &Second };
    LARGE_INTEGER Zero = { .QuadPart = 0 };

    UNREFERENCED_PARAMETER(Device);
    KeInitializeEvent(&First, SynchronizationEvent, FALSE);
    KeInitializeEvent(&Second, SynchronizationEvent, TRUE);
    CHECK_STATUS(STATUS_TIMEOUT,
                 KeWaitForMultipleObjects(2, Objects, WaitAll, Executive, KernelMode, FALSE, &Zero, NULL));
    CHECK_STATUS(STATUS_WAIT_0 + 1,
                 KeWaitForMultipleObjects(2, Objects, WaitAny, Executive, KernelMode, FALSE, NULL, NULL));
    KeSetEvent(&First, 0, FALSE);
    KeSetEvent(&Second, 0, FALSE);
    CHECK_STATUS(STATUS_SUCCESS,
                 KeWaitForMultipleObjects(2, Objects, WaitAll, Executive, KernelMode, FALSE, NULL, NULL));
    CHECK_EQUAL(0, KeReadStateEvent(&First));
    CHECK_EQUAL(0, KeReadStateEvent(&Second));
}

TEST(a_wait_for_all_takes_none_before_it_can_take_all)
{
    Begin(ONE_DEVICE, "");
    Run(ManyBody);
    End();
}

/* ---- Timers ------------------------------------------------------------------------------------------------------ */

static ULONG Runs;
static ULONGLONG RanAt;

static VOID TimerDpc(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
    CHECK_EQUAL(DISPATCH_LEVEL, KeGetCurrentIrql());
    Runs++;
    RanAt = Now();
}

static void TimerBody(PROBE_DEVICE *Device)
{
    LARGE_INTEGER Delay = After(300);
    ULONGLONG Began = Now();

    Runs = 0;
    KeInitializeDpc(&Device->Dpc, TimerDpc, NULL);
    CHECK(!KeSetTimer(&Device->Timer, After(100), &Device->Dpc));
    CHECK(KeSetTimer(&Device->Timer, After(200), &Device->Dpc));
    CHECK(!KeReadStateTimer(&Device->Timer));
    KeDelayExecutionThread(KernelMode, FALSE, &Delay);
    CHECK_EQUAL(1, Runs);
    CHECK(RanAt - Began >= 200000 && RanAt - Began < 210000);
    CHECK(KeReadStateTimer(&Device->Timer));
    CHECK(!KeCancelTimer(&Device->Timer));
    KeSetTimer(&Device->Timer, After(100), &Device->Dpc);
    CHECK(KeCancelTimer(&Device->Timer));
    KeDelayExecutionThread(KernelMode, FALSE, &Delay);
    CHECK_EQUAL(1, Runs);
    KeSetTimer(&Device->Timer, After(100), NULL);
    CHECK_STATUS(STATUS_SUCCESS, KeWaitForSingleObject(&Device->Timer, Executive, KernelMode, FALSE, NULL));
}

TEST(a_timer_runs_its_dpc_once_when_it_is_due)
{
    Begin(ONE_DEVICE, "");
    Run(TimerBody);
    End();
}

static void PeriodicBody(PROBE_DEVICE *Device)
{
    LARGE_INTEGER Delay = After(10500);

    Runs = 0;
    KeInitializeDpc(&Device->Dpc, TimerDpc, NULL);
    KeSetTimerEx(&Device->Timer, After(1000), 2, &Device->Dpc);
    KeDelayExecutionThread(KernelMode, FALSE, &Delay);
    CHECK_EQUAL(5, Runs);
    CHECK(KeCancelTimer(&Device->Timer));
    KeFlushQueuedDpcs();
}

TEST(a_periodic_timer_runs_until_it_is_cancelled)
{
    Begin(ONE_DEVICE, "");
    Run(PeriodicBody);
    End();
}

static void SetTimerBody(PROBE_DEVICE *Device)
{
    Runs = 0;
    KeInitializeDpc(&Device->Dpc, TimerDpc, NULL);
    KeSetTimer(&Device->Timer, After(1000), &Device->Dpc);
}

TEST(time_moves_when_a_test_moves_it)
{
    Begin(ONE_DEVICE, "");
    Run(SetTimerBody);
    Say("advance 900000");
    CHECK_EQUAL(0, Runs);
    Say("advance 200000");
    CHECK_EQUAL(1, Runs);
    End();
}

/* ---- Work items -------------------------------------------------------------------------------------------------- */

static PIO_WORKITEM Item;
static KEVENT WorkDone, WorkMay;

static VOID Work(PDEVICE_OBJECT Device, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    CHECK_EQUAL(PASSIVE_LEVEL, KeGetCurrentIrql());
    Runs += (ULONG)(ULONG_PTR)Context;
    IoFreeWorkItem(Item);
}

static void QueueWork(PROBE_DEVICE *Device)
{
    Runs = 0;
    Item = IoAllocateWorkItem(Device->Self);
    IoQueueWorkItem(Item, Work, DelayedWorkQueue, (PVOID)5);
    CHECK_EQUAL(0, Runs);
}

TEST(a_work_item_runs_before_the_host_call_returns)
{
    Begin(ONE_DEVICE, "");
    Run(QueueWork);
    CHECK_EQUAL(5, Runs);
    End();
}

static VOID WorkWaits(PDEVICE_OBJECT Device, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Context);
    KeWaitForSingleObject(&WorkMay, Executive, KernelMode, FALSE, NULL);
    Runs++;
    KeSetEvent(&WorkDone, 0, FALSE);
    IoFreeWorkItem(Item);
}

static void QueueAndServe(PROBE_DEVICE *Device)
{
    LARGE_INTEGER Delay = After(10);

    Runs = 0;
    KeInitializeEvent(&WorkDone, NotificationEvent, FALSE);
    KeInitializeEvent(&WorkMay, SynchronizationEvent, FALSE);
    Item = IoAllocateWorkItem(Device->Self);
    IoQueueWorkItem(Item, WorkWaits, DelayedWorkQueue, NULL);
    KeDelayExecutionThread(KernelMode, FALSE, &Delay);
    CHECK_EQUAL(0, Runs);
    KeSetEvent(&WorkMay, 0, FALSE);
    KeWaitForSingleObject(&WorkDone, Executive, KernelMode, FALSE, NULL);
    CHECK_EQUAL(1, Runs);
}

TEST(a_work_item_may_wait_for_the_thread_that_waits_for_it)
{
    Begin(ONE_DEVICE, "");
    Run(QueueAndServe);
    End();
}

/* ---- Several threads of the host --------------------------------------------------------------------------------- */

static NTSTATUS WaitForGo(PDEVICE_OBJECT Device, PIRP Irp)
{
    PROBE_DEVICE *Mine = Device->DeviceExtension;

    KeWaitForSingleObject(&Mine->Event, Executive, KernelMode, FALSE, NULL);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static void Go(PROBE_DEVICE *Device)
{
    KeSetEvent(&Device->Event, 0, FALSE);
}

static void WaitingThread(void *Context)
{
    uint32_t Returned;

    CHECK(DeviceIoControl(*(SIM_HANDLE *)Context, CODE_BUFFERED, NULL, 0, NULL, 0, &Returned, NULL));
}

TEST(a_thread_that_waits_in_the_driver_lets_others_in)
{
    SIM_HANDLE Opened;
    THREAD *Thread;

    Probe.Control = WaitForGo;
    Begin(ONE_DEVICE, "");
    Opened = Open(0);
    Thread = ThreadStart(WaitingThread, &Opened);
    Run(Go);
    ThreadJoin(Thread);
    CHECK(CloseHandle(Opened));
    End();
}

static void SettingThread(void *Context)
{
    CHECK(SetEvent(*(SIM_HANDLE *)Context));
}

static NTSTATUS Pend(PDEVICE_OBJECT Device, PIRP Irp)
{
    ((PROBE_DEVICE *)Device->DeviceExtension)->Pending = Irp;
    IoMarkIrpPending(Irp);
    return STATUS_PENDING;
}

static void CompletePending(PROBE_DEVICE *Device)
{
    Complete(Device->Pending, STATUS_SUCCESS, 0);
}

TEST(a_host_that_waits_without_end_is_woken_by_another_thread)
{
    SIM_OVERLAPPED Overlapped = { 0 };
    SIM_HANDLE Events[2];
    SIM_HANDLE Opened;
    THREAD *Thread;

    Probe.Control = Pend;
    Begin(ONE_DEVICE, "");
    Opened = Open(OVERLAPPED_FILE);
    Events[0] = Overlapped.Event = CreateEventW(NULL, TRUE, FALSE, NULL);
    Events[1] = CreateEventW(NULL, FALSE, FALSE, NULL);
    CHECK(!DeviceIoControl(Opened, CODE_BUFFERED, NULL, 0, NULL, 0, NULL, &Overlapped));
    Thread = ThreadStart(SettingThread, &Events[1]);
    CHECK_EQUAL(1, WaitForMultipleObjects(2, Events, FALSE, 0xFFFFFFFFu));
    ThreadJoin(Thread);
    Run(CompletePending);
    CHECK_EQUAL(0, WaitForSingleObject(Events[0], 0));
    CHECK(CloseHandle(Events[0]) && CloseHandle(Events[1]) && CloseHandle(Opened));
    End();
}

static NTSTATUS BreakRule(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    PlatformStop("a test", "breaks a rule");
}

static void WaitFails(void *Context)
{
    CHECK_EQUAL(0xFFFFFFFFu, WaitForSingleObject(*(SIM_HANDLE *)Context, 0xFFFFFFFFu));
    CHECK_EQUAL(WIN32_IO_DEVICE, LastError());
}

TEST(a_broken_rule_ends_the_waits_of_all_threads)
{
    SIM_OVERLAPPED Overlapped = { 0 };
    SIM_HANDLE Opened;
    THREAD *Thread;

    Probe.Control = Pend;
    Begin(ONE_DEVICE, "");
    Opened = Open(OVERLAPPED_FILE);
    Overlapped.Event = CreateEventW(NULL, TRUE, FALSE, NULL);
    CHECK(!DeviceIoControl(Opened, CODE_BUFFERED, NULL, 0, NULL, 0, NULL, &Overlapped));
    Thread = ThreadStart(WaitFails, &Overlapped.Event);
    Probe.Control = BreakRule;
    CHECK(!DeviceIoControl(Opened, CODE_BUFFERED, NULL, 0, NULL, 0, NULL, &Overlapped));
    CHECK_EQUAL(WIN32_IO_DEVICE, LastError());
    ThreadJoin(Thread);
    CHECK(CloseHandle(Overlapped.Event));
    EndWith("a test: breaks a rule");
}

TEST(real_time_follows_the_hosts_clock)
{
    ULONGLONG First, Second;
    SIM_HANDLE Never;

    Begin(ONE_DEVICE, "time=real");
    Run(SetTimerBody);
    First = strtoull(Say("now"), NULL, 10);
    Never = CreateEventW(NULL, TRUE, FALSE, NULL);
    CHECK_EQUAL(258, WaitForSingleObject(Never, 30));
    Second = strtoull(Say("now"), NULL, 10);
    CHECK(Second - First >= 20000000 && Second - First < 5000000000ull);
    CHECK_EQUAL(1, Runs);
    SayFails("advance 1");
    CHECK(CloseHandle(Never));
    End();
}
