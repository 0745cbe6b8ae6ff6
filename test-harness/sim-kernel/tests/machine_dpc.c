/* Deferred procedure calls: who runs them, when, how often. */
#include "machine_fixture.h"

typedef struct TASK {
    KDPC Dpc;
    ULONG Calls;
    ULONG Order;
    PROCESSOR *Processor;
    KIRQL Irql;
    PVOID Argument1;
    PVOID Argument2;
    void (*Act)(struct TASK *Task);
} TASK;

static ULONG Order;

static VOID NTAPI RunTask(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    TASK *Task = Context;

    CHECK(Dpc == &Task->Dpc);
    Task->Calls++;
    Task->Order = ++Order;
    Task->Processor = ProcessorCurrent(PlatformMachine());
    Task->Irql = ProcessorIrql(PlatformMachine());
    Task->Argument1 = Argument1;
    Task->Argument2 = Argument2;
    if (Task->Act != NULL) {
        Task->Act(Task);
    }
}

static TASK Tasks[4];
static PKINTERRUPT Object;
static WITNESS First;

static MACHINE *BeginTasks(const char *Layout)
{
    MACHINE *Machine = Begin(Layout, "server2022", MODE_OBSERVED);
    ULONG Index;

    Order = 0;
    for (Index = 0; Index < 4; Index++) {
        Tasks[Index] = (TASK) { .Calls = 0 };
        KeInitializeDpc(&Tasks[Index].Dpc, RunTask, &Tasks[Index]);
    }
    return Machine;
}

TEST(dpc_runs_at_dispatch_level_with_its_arguments)
{
    MACHINE *Machine = BeginTasks("1x8");

    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, &Tasks[1], &Tasks[2]));
    CHECK_EQUAL(0, Tasks[0].Calls);
    MachineDeliver(Machine);
    CHECK_EQUAL(1, Tasks[0].Calls);
    CHECK_EQUAL(DISPATCH_LEVEL, Tasks[0].Irql);
    CHECK(Tasks[0].Argument1 == &Tasks[1] && Tasks[0].Argument2 == &Tasks[2]);
    CHECK_EQUAL(PASSIVE_LEVEL, ProcessorIrql(Machine));
    End();
}

TEST(dpc_queued_twice_runs_once_with_the_first_arguments)
{
    MACHINE *Machine = BeginTasks("1x8");

    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, &Tasks[1], NULL));
    CHECK(!KeInsertQueueDpc(&Tasks[0].Dpc, &Tasks[2], NULL));
    MachineDeliver(Machine);
    CHECK_EQUAL(1, Tasks[0].Calls);
    CHECK(Tasks[0].Argument1 == &Tasks[1]);
    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
    MachineDeliver(Machine);
    CHECK_EQUAL(2, Tasks[0].Calls);
    End();
}

static void QueueAgainOnce(TASK *Task)
{
    if (Task->Calls == 1) {
        CHECK(KeInsertQueueDpc(&Task->Dpc, NULL, NULL));
        CHECK(!KeInsertQueueDpc(&Task->Dpc, NULL, NULL));
    }
}

TEST(dpc_may_queue_itself_again_while_it_runs)
{
    MACHINE *Machine = BeginTasks("1x8");

    Tasks[0].Act = QueueAgainOnce;
    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
    MachineDeliver(Machine);
    CHECK_EQUAL(2, Tasks[0].Calls);
    End();
}

static void QueueTask(WITNESS *Witness)
{
    TASK *Task = Witness->Extra;

    CHECK(KeInsertQueueDpc(&Task->Dpc, NULL, NULL));
    MachineDeliver(PlatformMachine());
    CHECK_EQUAL(0, Task->Calls);        /* not under an ISR */
}

TEST(dpc_of_an_isr_runs_after_it_on_its_processor)
{
    MACHINE *Machine = BeginTasks("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0x20, Latched, FALSE);
    LEGACY Legacy = LegacyFor(Vector, 0x20, &First);

    First = (WITNESS) { .Claims = TRUE, .Act = QueueTask, .Extra = &Tasks[0] };
    Legacy.Mode = Latched;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    VectorSend(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(1, Tasks[0].Calls);
    CHECK(Tasks[0].Processor == First.Processor);
    CHECK_EQUAL(5, ProcessorIndex(Tasks[0].Processor));
    IoDisconnectInterrupt(Object);
    End();
}

TEST(dpc_runs_on_its_target_in_another_group)
{
    MACHINE *Machine = BeginTasks("64/16/64");
    PROCESSOR_NUMBER Number = { .Group = 2, .Number = 63 };

    CHECK_STATUS(STATUS_SUCCESS, KeSetTargetProcessorDpcEx(&Tasks[0].Dpc, &Number));
    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
    MachineDeliver(Machine);
    CHECK(Tasks[0].Processor == ProcessorByNumber(Machine, 2, 63));
    End();
}

TEST(dpc_target_that_does_not_exist_is_refused)
{
    PROCESSOR_NUMBER Numbers[] = { { .Group = 1, .Number = 16 }, { .Group = 3 }, { .Group = 40 }, { .Reserved = 1 } };
    ULONG Index;

    BeginTasks("64/16/64");
    for (Index = 0; Index < 4; Index++) {
        CHECK_STATUS(STATUS_INVALID_PARAMETER, KeSetTargetProcessorDpcEx(&Tasks[0].Dpc, &Numbers[Index]));
    }
    CHECK_STATUS(STATUS_INVALID_PARAMETER, KeSetTargetProcessorDpcEx(&Tasks[0].Dpc, NULL));
    End();
}

TEST(dpc_of_high_importance_goes_first)
{
    MACHINE *Machine = BeginTasks("1x8");

    KeSetImportanceDpc(&Tasks[1].Dpc, HighImportance);
    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
    CHECK(KeInsertQueueDpc(&Tasks[1].Dpc, NULL, NULL));
    CHECK(KeInsertQueueDpc(&Tasks[2].Dpc, NULL, NULL));
    MachineDeliver(Machine);
    CHECK_EQUAL(1, Tasks[1].Order);
    CHECK_EQUAL(2, Tasks[0].Order);
    CHECK_EQUAL(3, Tasks[2].Order);
    End();
}

TEST(dpc_waits_until_the_irql_is_below_dispatch_level)
{
    MACHINE *Machine = BeginTasks("1x8");
    KIRQL Old = ProcessorRaise(Machine, DISPATCH_LEVEL, "test");

    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
    MachineDeliver(Machine);
    CHECK_EQUAL(0, Tasks[0].Calls);
    ProcessorLower(Machine, Old, "test");
    CHECK_EQUAL(1, Tasks[0].Calls);
    End();
}

TEST(dpc_of_another_processor_waits_while_a_spin_lock_is_held)
{
    MACHINE *Machine = BeginTasks("1x8");
    PROCESSOR_NUMBER Number = { .Number = 3 };
    KSPIN_LOCK Lock = 0;
    KIRQL Old;

    CHECK_STATUS(STATUS_SUCCESS, KeSetTargetProcessorDpcEx(&Tasks[0].Dpc, &Number));
    Old = ProcessorRaise(Machine, DISPATCH_LEVEL, "test");
    ProcessorSpinLockTaken(Machine, &Lock, "test");
    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
    MachineDeliver(Machine);
    CHECK_EQUAL(0, Tasks[0].Calls);
    ProcessorSpinLockReleased(Machine, &Lock, "test");
    MachineDeliver(Machine);
    CHECK_EQUAL(1, Tasks[0].Calls);     /* the other processor is not at DISPATCH_LEVEL */
    ProcessorLower(Machine, Old, "test");
    End();
}

TEST(dpc_that_is_removed_does_not_run)
{
    MACHINE *Machine = BeginTasks("1x8");

    CHECK(!KeRemoveQueueDpc(&Tasks[0].Dpc));
    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
    CHECK(KeRemoveQueueDpc(&Tasks[0].Dpc));
    CHECK(!KeRemoveQueueDpc(&Tasks[0].Dpc));
    MachineDeliver(Machine);
    CHECK_EQUAL(0, Tasks[0].Calls);
    End();
}

TEST(flush_runs_what_is_queued_on_every_processor)
{
    MACHINE *Machine = BeginTasks("64/16/64");
    ULONG Index;

    for (Index = 0; Index < 4; Index++) {
        PROCESSOR_NUMBER Number;

        ProcessorNumber(ProcessorByIndex(Machine, Index * 40), &Number);
        CHECK_STATUS(STATUS_SUCCESS, KeSetTargetProcessorDpcEx(&Tasks[Index].Dpc, &Number));
        CHECK(KeInsertQueueDpc(&Tasks[Index].Dpc, NULL, NULL));
    }
    KeFlushQueuedDpcs();
    for (Index = 0; Index < 4; Index++) {
        CHECK_EQUAL(1, Tasks[Index].Calls);
    }
    End();
}

static void QueueAgainAlways(TASK *Task)
{
    CHECK(KeInsertQueueDpc(&Task->Dpc, NULL, NULL));
}

TEST(flush_returns_though_a_dpc_queues_itself_for_ever)
{
    BeginTasks("1x8");
    Tasks[0].Act = QueueAgainAlways;
    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
    CHECK(KeInsertQueueDpc(&Tasks[1].Dpc, NULL, NULL));
    KeFlushQueuedDpcs();
    CHECK_EQUAL(1, Tasks[1].Calls);
    Tasks[0].Act = NULL;
    KeFlushQueuedDpcs();
    End();
}

TEST(flush_above_passive_level_stops)
{
    MACHINE *Machine = BeginTasks("1x8");

    ProcessorRaise(Machine, APC_LEVEL, "test");
    CHECK_STOPS("KeFlushQueuedDpcs", "APC_LEVEL", KeFlushQueuedDpcs());
}

TEST(dpc_comes_one_to_six_microseconds_after_it_was_queued)
{
    MACHINE *Machine = BeginTasks("1x8");
    ULONG Index;

    for (Index = 0; Index < 100; Index++) {
        ULONGLONG Before = MachineNow(Machine);

        CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
        MachineDeliver(Machine);
        CHECK(MachineNow(Machine) - Before >= 1000 && MachineNow(Machine) - Before <= 6000);
    }
    End();
}

static void InterruptDpc(TASK *Task)
{
    VECTOR *Vector = VectorFind(PlatformMachine(), 0, 0x60);

    (void)Task;
    VectorSend(Vector);
    MachineDeliver(PlatformMachine());
}

TEST(interrupt_preempts_a_dpc_on_its_processor)
{
    MACHINE *Machine = BeginTasks("1x1");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0x1, Latched, FALSE);
    LEGACY Legacy = LegacyFor(Vector, 0x1, &First);

    First = (WITNESS) { .Claims = TRUE };
    Legacy.Mode = Latched;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    Tasks[0].Act = InterruptDpc;
    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
    MachineDeliver(Machine);
    CHECK_EQUAL(1, First.Calls);
    CHECK(First.Processor == Tasks[0].Processor);
    IoDisconnectInterrupt(Object);
    End();
}

/* ---- What a DPC and its owner must not do ------------------------------------------------------------------------ */

static KSPIN_LOCK Kept;

static void KeepLock(TASK *Task)
{
    (void)Task;
    Kept = 0;
    ProcessorSpinLockTaken(PlatformMachine(), &Kept, "KeAcquireSpinLockAtDpcLevel");
}

static void KeepRaised(TASK *Task)
{
    (void)Task;
    ProcessorRaise(PlatformMachine(), HIGH_LEVEL, "KfRaiseIrql");
}

static void LowerTooFar(TASK *Task)
{
    (void)Task;
    ProcessorLower(PlatformMachine(), PASSIVE_LEVEL, "KeLowerIrql");
}

static void Wait(TASK *Task)
{
    (void)Task;
    ProcessorSuspend(PlatformMachine(), "KeWaitForSingleObject");
}

static MACHINE *BeginActing(void (*Act)(TASK *Task))
{
    MACHINE *Machine = BeginTasks("1x8");

    Tasks[0].Act = Act;
    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
    return Machine;
}

TEST(dpc_that_keeps_a_lock_stops)
{
    MACHINE *Machine = BeginActing(KeepLock);

    CHECK_STOPS("deferred procedure call", "spin lock held", MachineDeliver(Machine));
}

TEST(dpc_that_returns_at_another_irql_stops)
{
    MACHINE *Machine = BeginActing(KeepRaised);

    CHECK_STOPS("deferred procedure call", "HIGH_LEVEL", MachineDeliver(Machine));
}

TEST(dpc_that_lowers_its_irql_stops)
{
    MACHINE *Machine = BeginActing(LowerTooFar);

    CHECK_STOPS("KeLowerIrql", "in a DPC", MachineDeliver(Machine));
}

TEST(dpc_that_waits_stops)
{
    MACHINE *Machine = BeginActing(Wait);

    CHECK_STOPS("KeWaitForSingleObject", "in a DPC", MachineDeliver(Machine));
}

TEST(dpc_that_was_not_initialised_stops)
{
    static KDPC Raw;

    BeginTasks("1x8");
    CHECK_STOPS("KeInsertQueueDpc", "KeInitializeDpc", KeInsertQueueDpc(&Raw, NULL, NULL));
}

TEST(dpc_initialised_again_while_queued_stops)
{
    BeginTasks("1x8");
    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
    CHECK_STOPS("KeInitializeDpc", "is queued", KeInitializeDpc(&Tasks[0].Dpc, RunTask, NULL));
}

TEST(dpc_retargeted_while_queued_stops)
{
    PROCESSOR_NUMBER Number = { .Number = 1 };

    BeginTasks("1x8");
    CHECK(KeInsertQueueDpc(&Tasks[0].Dpc, NULL, NULL));
    CHECK_STOPS("KeSetTargetProcessorDpcEx", "is queued", KeSetTargetProcessorDpcEx(&Tasks[0].Dpc, &Number));
}

TEST(queued_dpc_is_found_in_its_memory_and_is_not_at_rest)
{
    MACHINE *Machine = BeginTasks("1x8");
    char Answer[128];

    CHECK(!DpcQueuedInside(Machine, Tasks, sizeof(Tasks)));
    CHECK(KeInsertQueueDpc(&Tasks[1].Dpc, NULL, NULL));
    CHECK(DpcQueuedInside(Machine, Tasks, sizeof(Tasks)));
    CHECK(!DpcQueuedInside(Machine, &Tasks[2], sizeof(Tasks[2])));
    CHECK(!InterruptsAtRest(Machine, Answer, sizeof(Answer)));
    KeRemoveQueueDpc(&Tasks[1].Dpc);
    End();
}
