/* The pool: each misuse ends the run; a leak is told by its tag when the driver unloads. */
#include "kernel_fixture.h"

static KIRQL Old;

static void LeakPool(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    ExAllocatePoolWithTag(NonPagedPoolNx, 100, 0x6B61654C);     /* "Leak" */
}

TEST(pool_that_is_left_at_unload_is_named_by_its_tag)
{
    Begin(ONE_DEVICE, "");
    Run(LeakPool);
    EndWith("1 blocks with the tag 'Leak', one of 100 bytes from ExAllocatePoolWithTag");
}

static void FreeTwice(PROBE_DEVICE *Device)
{
    PVOID Memory = ExAllocatePoolWithTag(NonPagedPoolNx, 8, TAG_TEST);

    UNREFERENCED_PARAMETER(Device);
    ExFreePoolWithTag(Memory, TAG_TEST);
    ExFreePoolWithTag(Memory, TAG_TEST);
}

TEST(pool_freed_twice)
{
    Begin(ONE_DEVICE, "");
    Breaks(FreeTwice, "ExFreePoolWithTag", "freed before");
}

static void FreeAsAnother(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    ExFreePoolWithTag(ExAllocatePoolWithTag(NonPagedPoolNx, 8, TAG_TEST), 0x6B61654C);
}

TEST(pool_freed_with_another_tag)
{
    Begin(ONE_DEVICE, "");
    Breaks(FreeAsAnother, "ExFreePoolWithTag", "frees the tag 'Leak' what was allocated as 'Test'");
}

static void WriteBehind(PROBE_DEVICE *Device)
{
    volatile UCHAR *Memory = ExAllocatePoolWithTag(NonPagedPoolNx, 8, TAG_TEST);

    UNREFERENCED_PARAMETER(Device);
    Memory[8] = 0;
    ExFreePoolWithTag((PVOID)Memory, TAG_TEST);
}

TEST(pool_written_behind_its_end)
{
    Begin(ONE_DEVICE, "");
    Breaks(WriteBehind, "ExFreePoolWithTag", "written behind its end");
}

static void AllocateNothing(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    ExAllocatePoolWithTag(NonPagedPoolNx, 0, TAG_TEST);
}

TEST(pool_of_zero_bytes)
{
    Begin(ONE_DEVICE, "");
    Breaks(AllocateNothing, "ExAllocatePoolWithTag", "0 bytes");
}

static void AllocateUntagged(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    ExAllocatePoolWithTag(NonPagedPoolNx, 8, 0);
}

TEST(pool_without_a_tag)
{
    Begin(ONE_DEVICE, "");
    Breaks(AllocateUntagged, "ExAllocatePoolWithTag", "tag is 0");
}

static void AllocateNx(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    ExAllocatePoolWithTag(NonPagedPoolNx, 8, TAG_TEST);
}

TEST(pool_that_is_not_executable_on_a_kernel_that_knows_none)
{
    Begin(ONE_DEVICE, "profile=win7");
    Breaks(AllocateNx, "ExAllocatePoolWithTag", "knows no NonPagedPoolNx");
}

static void FreeWithTimer(PROBE_DEVICE *Device)
{
    PKTIMER Timer = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*Timer), TAG_TEST);
    LARGE_INTEGER Due = { .QuadPart = -1000 };

    UNREFERENCED_PARAMETER(Device);
    KeInitializeTimer(Timer);
    KeSetTimer(Timer, Due, NULL);
    ExFreePoolWithTag(Timer, TAG_TEST);
}

TEST(pool_freed_with_a_running_timer_in_it)
{
    Begin(ONE_DEVICE, "");
    Breaks(FreeWithTimer, "ExFreePoolWithTag", "running timer");
}

static VOID DpcRoutine(PKDPC Dpc, PVOID Context, PVOID First, PVOID Second)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(First);
    UNREFERENCED_PARAMETER(Second);
}

static void FreeWithDpc(PROBE_DEVICE *Device)
{
    PKDPC Dpc = ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*Dpc), TAG_TEST);

    UNREFERENCED_PARAMETER(Device);
    KeInitializeDpc(Dpc, DpcRoutine, NULL);
    KeRaiseIrql(DISPATCH_LEVEL, &Old);
    KeInsertQueueDpc(Dpc, NULL, NULL);
    ExFreePoolWithTag(Dpc, TAG_TEST);
}

TEST(pool_freed_with_a_queued_dpc_in_it)
{
    Begin(ONE_DEVICE, "");
    Breaks(FreeWithDpc, "ExFreePoolWithTag", "queued DPC");
}
