/* Processors: IRQL, spin locks, threads that enter, wait, move and leave; and time. */
#include "machine_fixture.h"

static KSPIN_LOCK Locks[2];

static MACHINE *BeginLocks(const char *Layout)
{
    Locks[0] = Locks[1] = 0;
    return Begin(Layout, "server2022", MODE_OBSERVED);
}

/* ---- IRQL -------------------------------------------------------------------------------------------------------- */

TEST(irql_raised_below_itself_stops)
{
    MACHINE *Machine = BeginLocks("1x8");

    ProcessorRaise(Machine, 6, "test");
    CHECK_STOPS("KfRaiseIrql", "0x9", ProcessorRaise(Machine, 5, "KfRaiseIrql"));
}

TEST(irql_raised_beyond_high_level_stops)
{
    MACHINE *Machine = BeginLocks("1x8");

    CHECK_STOPS("KfRaiseIrql", "the highest is 15", ProcessorRaise(Machine, 16, "KfRaiseIrql"));
}

TEST(irql_lowered_above_itself_stops)
{
    MACHINE *Machine = BeginLocks("1x8");

    CHECK_STOPS("KeLowerIrql", "0xA", ProcessorLower(Machine, DISPATCH_LEVEL, "KeLowerIrql"));
}

TEST(irql_above_what_a_routine_allows_stops)
{
    MACHINE *Machine = BeginLocks("1x8");

    ProcessorNeeds(Machine, PASSIVE_LEVEL, "ZwClose");
    ProcessorRaise(Machine, DISPATCH_LEVEL, "test");
    CHECK_STOPS("ZwClose", "called at IRQL DISPATCH_LEVEL; allowed up to PASSIVE_LEVEL",
                ProcessorNeeds(Machine, PASSIVE_LEVEL, "ZwClose"));
}

/* ---- Spin locks -------------------------------------------------------------------------------------------------- */

TEST(lock_taken_below_dispatch_level_stops)
{
    MACHINE *Machine = BeginLocks("1x8");

    CHECK_STOPS("KeAcquireSpinLockAtDpcLevel", "PASSIVE_LEVEL",
                ProcessorSpinLockTaken(Machine, &Locks[0], "KeAcquireSpinLockAtDpcLevel"));
}

TEST(lock_taken_twice_stops)
{
    MACHINE *Machine = BeginLocks("1x8");

    ProcessorRaise(Machine, DISPATCH_LEVEL, "test");
    ProcessorSpinLockTaken(Machine, &Locks[0], "test");
    CHECK_STOPS("KeAcquireSpinLock", "deadlock", ProcessorSpinLockTaken(Machine, &Locks[0], "KeAcquireSpinLock"));
}

TEST(lock_released_without_being_held_stops)
{
    MACHINE *Machine = BeginLocks("1x8");

    ProcessorRaise(Machine, DISPATCH_LEVEL, "test");
    ProcessorSpinLockTaken(Machine, &Locks[0], "test");
    CHECK_STOPS("KeReleaseSpinLock", "does not hold",
                ProcessorSpinLockReleased(Machine, &Locks[1], "KeReleaseSpinLock"));
}

TEST(lock_held_while_the_irql_drops_stops)
{
    MACHINE *Machine = BeginLocks("1x8");

    ProcessorRaise(Machine, DISPATCH_LEVEL, "test");
    ProcessorSpinLockTaken(Machine, &Locks[0], "test");
    CHECK_STOPS("KeLowerIrql", "spin lock held", ProcessorLower(Machine, PASSIVE_LEVEL, "KeLowerIrql"));
}

TEST(locks_may_be_released_in_any_order)
{
    MACHINE *Machine = BeginLocks("1x8");

    ProcessorRaise(Machine, DISPATCH_LEVEL, "test");
    ProcessorSpinLockTaken(Machine, &Locks[0], "test");
    ProcessorSpinLockTaken(Machine, &Locks[1], "test");
    ProcessorSpinLockReleased(Machine, &Locks[0], "test");
    ProcessorSpinLockReleased(Machine, &Locks[1], "test");
    ProcessorLower(Machine, PASSIVE_LEVEL, "test");
    End();
}

/* ---- Threads ----------------------------------------------------------------------------------------------------- */

TEST(thread_that_leaves_with_a_raised_irql_stops)
{
    MACHINE *Machine = BeginLocks("1x8");

    ProcessorRaise(Machine, APC_LEVEL, "test");
    CHECK_STOPS("DispatchDeviceControl", "APC_LEVEL", ProcessorLeave(Machine, "DispatchDeviceControl"));
}

TEST(thread_that_leaves_with_a_lock_stops)
{
    MACHINE *Machine = BeginLocks("1x8");

    ProcessorRaise(Machine, DISPATCH_LEVEL, "test");
    ProcessorSpinLockTaken(Machine, &Locks[0], "test");
    CHECK_STOPS("DispatchDeviceControl", "spin lock held", ProcessorLeave(Machine, "DispatchDeviceControl"));
}

TEST(thread_that_waits_with_a_raised_irql_stops)
{
    MACHINE *Machine = BeginLocks("1x8");

    ProcessorRaise(Machine, DISPATCH_LEVEL, "test");
    CHECK_STOPS("KeWaitForSingleObject", "DISPATCH_LEVEL", ProcessorSuspend(Machine, "KeWaitForSingleObject"));
}

TEST(thread_that_waits_gives_its_processor_away_and_gets_it_back)
{
    MACHINE *Machine = BeginLocks("1x8");
    PROCESSOR *Third = ProcessorByNumber(Machine, 0, 3);
    PROCESSOR_CONTEXT *Context;

    ProcessorEnter(Machine, Third);
    ProcessorRaise(Machine, APC_LEVEL, "test");
    Context = ProcessorSuspend(Machine, "test");
    ProcessorEnter(Machine, Third);     /* another thread, on the same processor */
    CHECK_EQUAL(PASSIVE_LEVEL, ProcessorIrql(Machine));
    ProcessorLeave(Machine, "test");
    ProcessorResume(Machine, Context);
    CHECK(ProcessorCurrent(Machine) == Third);
    CHECK_EQUAL(APC_LEVEL, ProcessorIrql(Machine));
    ProcessorLower(Machine, PASSIVE_LEVEL, "test");
    ProcessorLeave(Machine, "test");
    CHECK_EQUAL(0, ProcessorIndex(ProcessorCurrent(Machine)));
    End();
}

TEST(threads_that_wait_come_back_in_any_order)
{
    MACHINE *Machine = BeginLocks("1x8");
    PROCESSOR_CONTEXT *Begun = ProcessorSuspend(Machine, "test");
    PROCESSOR_CONTEXT *Contexts[3];
    ULONG Index;

    for (Index = 0; Index < 3; Index++) {
        ProcessorEnter(Machine, ProcessorByIndex(Machine, Index + 1));
        Contexts[Index] = ProcessorSuspend(Machine, "test");
    }
    for (Index = 0; Index < 3; Index++) {
        ProcessorResume(Machine, Contexts[(Index + 1) % 3]);
        CHECK_EQUAL((Index + 1) % 3 + 1, ProcessorIndex(ProcessorCurrent(Machine)));
        ProcessorLeave(Machine, "test");
    }
    ProcessorResume(Machine, Begun);
    End();
}

TEST(thread_resumed_into_another_stops)
{
    MACHINE *Machine = BeginLocks("1x8");
    PROCESSOR_CONTEXT *Context = ProcessorSuspend(Machine, "test");

    ProcessorEnter(Machine, NULL);
    CHECK_STOPS("ProcessorResume", "another thread", ProcessorResume(Machine, Context));
}

/* ---- Affinity of threads ----------------------------------------------------------------------------------------- */

static void CheckNumber(USHORT Group, UCHAR Number)
{
    PROCESSOR_NUMBER Now;

    KeGetCurrentProcessorNumberEx(&Now);
    CHECK_EQUAL(Group, Now.Group);
    CHECK_EQUAL(Number, Now.Number);
    CHECK_EQUAL(0, Now.Reserved);
}

TEST(thread_moves_to_the_group_it_asks_for_and_back)
{
    GROUP_AFFINITY Wanted = { .Mask = 0x30, .Group = 2 };
    GROUP_AFFINITY Previous = { .Mask = 1, .Group = 9 };
    GROUP_AFFINITY Inner;

    BeginLocks("64/16/64");
    KeSetSystemGroupAffinityThread(&Wanted, &Previous);
    CheckNumber(2, 4);
    CHECK_EQUAL(0, Previous.Mask);      /* it was the user's affinity */
    CHECK_EQUAL(0, Previous.Group);
    Wanted.Group = 1;
    Wanted.Mask = 0x8000;
    KeSetSystemGroupAffinityThread(&Wanted, &Inner);
    CheckNumber(1, 15);
    CHECK_EQUAL(0x30, Inner.Mask);
    CHECK_EQUAL(2, Inner.Group);
    KeRevertToUserGroupAffinityThread(&Inner);
    CheckNumber(2, 4);
    KeRevertToUserGroupAffinityThread(&Previous);
    CheckNumber(0, 0);
    End();
}

TEST(thread_at_dispatch_level_moves_when_the_irql_drops)
{
    GROUP_AFFINITY Wanted = { .Mask = 0x1, .Group = 1 };
    GROUP_AFFINITY Previous;
    MACHINE *Machine = BeginLocks("64/16/64");

    ProcessorRaise(Machine, DISPATCH_LEVEL, "test");
    KeSetSystemGroupAffinityThread(&Wanted, &Previous);
    CheckNumber(0, 0);
    ProcessorLower(Machine, PASSIVE_LEVEL, "test");
    CheckNumber(1, 0);
    KeRevertToUserGroupAffinityThread(&Previous);
    End();
}

TEST(thread_stays_when_the_affinity_is_illegal)
{
    GROUP_AFFINITY Wanted[] = {
        { .Mask = 0, .Group = 1 }, { .Mask = 0x10000, .Group = 1 }, { .Mask = 1, .Group = 3 },
        { .Mask = 1, .Group = 1, .Reserved = { 0, 1, 0 } }
    };
    ULONG Index;

    BeginLocks("64/16/64");
    for (Index = 0; Index < 4; Index++) {
        GROUP_AFFINITY Previous = { .Mask = 0x77, .Group = 7 };

        KeSetSystemGroupAffinityThread(&Wanted[Index], &Previous);
        CheckNumber(0, 0);
        CHECK_EQUAL(0, Previous.Mask);
        CHECK_EQUAL(0, Previous.Group);
    }
    End();
}

TEST(thread_that_leaves_without_reverting_stops)
{
    GROUP_AFFINITY Wanted = { .Mask = 0x1, .Group = 1 };
    MACHINE *Machine = BeginLocks("64/16/64");

    KeSetSystemGroupAffinityThread(&Wanted, NULL);
    CHECK_STOPS("DispatchDeviceControl", "KeRevertToUserGroupAffinityThread",
                ProcessorLeave(Machine, "DispatchDeviceControl"));
}

TEST(thread_affinity_above_dispatch_level_stops)
{
    static GROUP_AFFINITY Wanted = { .Mask = 0x1, .Group = 1 };
    MACHINE *Machine = BeginLocks("64/16/64");

    ProcessorRaise(Machine, 6, "test");
    CHECK_STOPS("KeSetSystemGroupAffinityThread", "allowed up to DISPATCH_LEVEL",
                KeSetSystemGroupAffinityThread(&Wanted, NULL));
}

/* ---- Time -------------------------------------------------------------------------------------------------------- */

typedef struct ALARM {
    MACHINE_EVENT Event;
    ULONGLONG At;
    ULONG Order;
} ALARM;

static ULONG Order;

static void Ring(MACHINE_EVENT *Event)
{
    ALARM *Alarm = CONTAINING_RECORD(Event, ALARM, Event);

    Alarm->At = MachineNow(PlatformMachine());
    Alarm->Order = ++Order;
}

TEST(events_run_at_their_time_in_their_order)
{
    MACHINE *Machine = BeginLocks("1x8");
    ALARM Alarms[4] = { { .At = 0 } };
    ULONGLONG Due;
    ULONG Index;

    Order = 0;
    for (Index = 0; Index < 4; Index++) {
        Alarms[Index].Event.Run = Ring;
    }
    MachineSchedule(Machine, &Alarms[0].Event, 500);
    MachineSchedule(Machine, &Alarms[1].Event, 100);
    MachineSchedule(Machine, &Alarms[2].Event, 500);
    MachineSchedule(Machine, &Alarms[3].Event, 2000);
    CHECK(MachineNextDue(Machine, &Due));
    CHECK_EQUAL(100, Due);
    MachineAdvance(Machine, 1000);
    CHECK_EQUAL(1000, MachineNow(Machine));
    CHECK_EQUAL(100, Alarms[1].At);
    CHECK_EQUAL(1, Alarms[1].Order);
    CHECK_EQUAL(500, Alarms[0].At);
    CHECK_EQUAL(2, Alarms[0].Order);
    CHECK_EQUAL(3, Alarms[2].Order);
    CHECK_EQUAL(0, Alarms[3].Order);
    CHECK(MachineUnschedule(Machine, &Alarms[3].Event));
    CHECK(!MachineUnschedule(Machine, &Alarms[3].Event));
    CHECK(!MachineNextDue(Machine, &Due));
    End();
}

TEST(event_scheduled_again_moves)
{
    MACHINE *Machine = BeginLocks("1x8");
    ALARM Alarm = { .Event.Run = Ring };

    MachineSchedule(Machine, &Alarm.Event, 100);
    MachineSchedule(Machine, &Alarm.Event, 700);
    MachineAdvance(Machine, 500);
    CHECK_EQUAL(0, Alarm.At);
    MachineAdvance(Machine, 500);
    CHECK_EQUAL(700, Alarm.At);
    End();
}

TEST(every_fallible_call_can_be_the_one_that_fails)
{
    MACHINE *Machine = BeginLocks("1x8");

    CHECK_EQUAL(0, MachineFallible(Machine));
    MachineFailAt(Machine, 3);
    CHECK(!MachineFails(Machine, "one"));
    CHECK(!MachineFails(Machine, "two"));
    CHECK(MachineFails(Machine, "three"));
    CHECK(!MachineFails(Machine, "four"));
    CHECK_EQUAL(4, MachineFallible(Machine));
    MachineFailAt(Machine, 1);
    MachineFailAt(Machine, 0);
    CHECK(!MachineFails(Machine, "five"));
    End();
}
