/* Which ISR runs when, where and how: chains, modes, IRQLs, locks, messages, faults of routing. */
#include "machine_fixture.h"

static PKINTERRUPT Objects[4];
static WITNESS Witnesses[4];

static MACHINE *BeginPlain(const char *Layout)
{
    ULONG Index;

    for (Index = 0; Index < 4; Index++) {
        Witnesses[Index] = (WITNESS) { .Claims = TRUE };
    }
    return Begin(Layout, "server2022", MODE_OBSERVED);
}

static void Connect(ULONG Index, VECTOR *Vector, KAFFINITY Mask, KINTERRUPT_MODE Mode)
{
    LEGACY Legacy = LegacyFor(Vector, Mask, &Witnesses[Index]);

    Legacy.Mode = Mode;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Objects[Index]));
}

TEST(isr_is_handed_the_object_of_its_processor)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF0, Latched, FALSE);
    PKINTERRUPT Seen[8] = { NULL };
    ULONG Different = 0;
    ULONG Index;

    Connect(0, Vector, 0xF0, Latched);
    for (Index = 0; Index < 100; Index++) {
        VectorSend(Vector);
        MachineDeliver(Machine);
        CHECK(Witnesses[0].Argument != Objects[0]);
        CHECK(Seen[ProcessorIndex(Witnesses[0].Processor)] == NULL ||
              Seen[ProcessorIndex(Witnesses[0].Processor)] == Witnesses[0].Argument);
        Seen[ProcessorIndex(Witnesses[0].Processor)] = Witnesses[0].Argument;
    }
    for (Index = 0; Index < 8; Index++) {
        CHECK((Seen[Index] != NULL) == (Index >= 4));
        Different += Index > 4 && Seen[Index] != Seen[Index - 1];
    }
    CHECK_EQUAL(3, Different);
    IoDisconnectInterrupt(Objects[0]);
    End();
}

TEST(isr_spreads_over_the_mask_and_stays_in_it)
{
    MACHINE *Machine = BeginPlain("1x64");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0x00FF00FF00000000, Latched, FALSE);
    ULONG Index;

    Connect(0, Vector, 0x00FF00FF00000000, Latched);
    for (Index = 0; Index < 1000; Index++) {
        VectorSend(Vector);
        MachineDeliver(Machine);
    }
    CHECK_EQUAL(1000, Witnesses[0].Calls);
    for (Index = 0; Index < 64; Index++) {
        CHECK((Witnesses[0].On[Index] != 0) == ((0x00FF00FF00000000 >> Index & 1) != 0));
    }
    IoDisconnectInterrupt(Objects[0]);
    End();
}

TEST(isr_runs_at_synchronize_irql_with_its_lock_held)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0x1, Latched, FALSE);
    LEGACY Legacy = LegacyFor(Vector, 0x1, &Witnesses[0]);
    KSPIN_LOCK Lock = 0;

    Legacy.Mode = Latched;
    Legacy.SynchronizeIrql = 9;
    Legacy.Lock = &Lock;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Objects[0]));
    VectorSend(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(9, Witnesses[0].Irql);
    CHECK_EQUAL(0, Lock);
    CHECK_EQUAL(PASSIVE_LEVEL, ProcessorIrql(Machine));
    IoDisconnectInterrupt(Objects[0]);
    End();
}

/* ---- Chains ------------------------------------------------------------------------------------------------------ */

TEST(level_chain_stops_at_the_first_claim)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF, LevelSensitive, TRUE);

    Connect(0, Vector, 0xF, LevelSensitive);
    Connect(1, Vector, 0xF, LevelSensitive);
    Connect(2, Vector, 0xF, LevelSensitive);
    Witnesses[0].Claims = FALSE;
    Witnesses[1].Lowers = Vector;
    VectorAssert(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(1, Witnesses[0].Calls);
    CHECK_EQUAL(1, Witnesses[1].Calls);
    CHECK_EQUAL(0, Witnesses[2].Calls);
    CHECK(Witnesses[0].Order < Witnesses[1].Order);
    IoDisconnectInterrupt(Objects[0]);
    IoDisconnectInterrupt(Objects[1]);
    IoDisconnectInterrupt(Objects[2]);
    End();
}

TEST(latched_chain_calls_all)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF, Latched, TRUE);

    Connect(0, Vector, 0xF, Latched);
    Connect(1, Vector, 0xF, Latched);
    VectorAssert(Vector);
    MachineDeliver(Machine);
    VectorDeassert(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(1, Witnesses[0].Calls);
    CHECK_EQUAL(1, Witnesses[1].Calls);
    IoDisconnectInterrupt(Objects[0]);
    IoDisconnectInterrupt(Objects[1]);
    End();
}

static void LowerOnThird(WITNESS *Witness)
{
    if (Witness->Calls == 3) {
        VectorDeassert(Witness->Extra);
    }
}

TEST(level_line_comes_again_while_it_is_up)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF, LevelSensitive, TRUE);

    Connect(0, Vector, 0xF, LevelSensitive);
    Witnesses[0].Act = LowerOnThird;
    Witnesses[0].Extra = Vector;
    VectorAssert(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(3, Witnesses[0].Calls);
    IoDisconnectInterrupt(Objects[0]);
    End();
}

TEST(shared_line_is_up_as_long_as_one_device_holds_it)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF, LevelSensitive, TRUE);

    Connect(0, Vector, 0xF, LevelSensitive);
    Connect(1, Vector, 0xF, LevelSensitive);
    VectorAssert(Vector);
    VectorAssert(Vector);
    Witnesses[0].Lowers = Vector;       /* the first call lowers the first device, the second one the other */
    Witnesses[1].Lowers = Vector;
    MachineDeliver(Machine);
    /* The first claims until nothing holds it up; only its first call lowered anything, so the chain must go on. */
    CHECK(Witnesses[0].Calls > 1);
    Witnesses[0].Claims = FALSE;
    MachineDeliver(Machine);
    CHECK_EQUAL(1, Witnesses[1].Calls);
    IoDisconnectInterrupt(Objects[0]);
    IoDisconnectInterrupt(Objects[1]);
    End();
}

TEST(foreign_interrupt_reaches_every_isr_and_is_nobodys)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF, LevelSensitive, TRUE);
    VECTOR_COUNTS Counts;

    Connect(0, Vector, 0xF, LevelSensitive);
    Connect(1, Vector, 0xF, LevelSensitive);
    Witnesses[0].Claims = FALSE;
    Witnesses[1].Claims = FALSE;
    VectorForeign(Vector, FALSE);
    MachineDeliver(Machine);
    VectorCounts(Vector, &Counts);
    CHECK_EQUAL(1, Witnesses[0].Calls);
    CHECK_EQUAL(1, Witnesses[1].Calls);
    CHECK_EQUAL(0, Counts.Claimed);
    CHECK_EQUAL(0, Counts.Unclaimed);
    IoDisconnectInterrupt(Objects[0]);
    IoDisconnectInterrupt(Objects[1]);
    End();
}

TEST(foreign_word_reaches_the_isrs_of_a_shared_line)
{
    MACHINE *Machine = BeginPlain("1x8");
    const ASSIGNED_INTERRUPT *Assigned;
    char Answer[128];

    FixturePdo("edu1");
    FixturePdo("edu0");
    Assigned = FixtureAssigned("edu1", 0);
    Witnesses[0].Claims = FALSE;
    CHECK(MachineControl(Machine, "foreign edu1 connect", Answer, sizeof(Answer)));
    Connect(0, Assigned->Vector, Assigned->Mask, LevelSensitive);
    CHECK_EQUAL(1, Witnesses[0].Calls);
    CHECK(MachineControl(Machine, "foreign edu1", Answer, sizeof(Answer)));
    CHECK_EQUAL(2, Witnesses[0].Calls);
    CHECK(!MachineControl(Machine, "foreign edu0", Answer, sizeof(Answer)));
    CHECK(!MachineControl(Machine, "foreign edu1 later", Answer, sizeof(Answer)));
    CHECK(!MachineControl(Machine, "foreign edu1 connect now", Answer, sizeof(Answer)));
    IoDisconnectInterrupt(Objects[0]);
    End();
}

TEST(claimed_line_that_stays_up_lets_time_pass)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF, LevelSensitive, TRUE);
    ULONGLONG Before = MachineNow(Machine);
    ULONGLONG Each;

    Connect(0, Vector, 0xF, LevelSensitive);
    VectorAssert(Vector);
    MachineDeliver(Machine);            /* returns: a storm does not keep the caller inside */
    CHECK(Witnesses[0].Calls >= 500);
    Each = (MachineNow(Machine) - Before) / Witnesses[0].Calls;
    CHECK(Each >= 600 && Each <= 4000); /* so a guard that looks at the rate sees one */
    VectorDeassert(Vector);
    IoDisconnectInterrupt(Objects[0]);
    End();
}

static void DeliverForEver(MACHINE *Machine)
{
    for (;;) {
        MachineDeliver(Machine);
    }
}

TEST(unclaimed_line_that_stays_up_stops_the_machine)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF, LevelSensitive, TRUE);

    Connect(0, Vector, 0xF, LevelSensitive);
    Witnesses[0].Claims = FALSE;
    VectorAssert(Vector);
    CHECK_STOPS("interrupt service routine", "nobody claimed it", DeliverForEver(Machine));
}

/* ---- Messages and edges ------------------------------------------------------------------------------------------ */

TEST(equal_messages_fold_into_one_call)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF, Latched, FALSE);
    VECTOR_COUNTS Counts;

    Connect(0, Vector, 0xF, Latched);
    VectorSend(Vector);
    VectorSend(Vector);
    VectorSend(Vector);
    MachineDeliver(Machine);
    VectorCounts(Vector, &Counts);
    CHECK_EQUAL(1, Witnesses[0].Calls);
    CHECK_EQUAL(3, Counts.Sent);
    CHECK_EQUAL(2, Counts.Folded);
    CHECK_EQUAL(1, Counts.Delivered);
    IoDisconnectInterrupt(Objects[0]);
    End();
}

static void SendAgainOnce(WITNESS *Witness)
{
    if (Witness->Calls == 1) {
        VectorSend(Witness->Extra);
        MachineDeliver(PlatformMachine());
        CHECK_EQUAL(1, Witness->Calls); /* not while it runs: its lock is held */
    }
}

TEST(message_sent_while_its_isr_runs_comes_after_it)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xFF, Latched, FALSE);

    Connect(0, Vector, 0xFF, Latched);
    Witnesses[0].Act = SendAgainOnce;
    Witnesses[0].Extra = Vector;
    VectorSend(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(2, Witnesses[0].Calls);
    IoDisconnectInterrupt(Objects[0]);
    End();
}

TEST(message_without_a_listener_is_lost)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF, Latched, FALSE);
    VECTOR_COUNTS Counts;

    VectorSend(Vector);
    Connect(0, Vector, 0xF, Latched);
    VectorCounts(Vector, &Counts);
    CHECK_EQUAL(0, Witnesses[0].Calls);
    CHECK_EQUAL(1, Counts.Dropped);
    IoDisconnectInterrupt(Objects[0]);
    End();
}

TEST(sent_equals_delivered_folded_dropped_and_pending)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF, Latched, FALSE);
    VECTOR_COUNTS Counts;
    ULONG Index;

    Connect(0, Vector, 0xF, Latched);
    for (Index = 0; Index < 10000; Index++) {
        VectorSend(Vector);
        if (MachineRandom(Machine, 3) == 0) {
            MachineDeliver(Machine);
        }
        if (MachineRandom(Machine, 100) == 0) {
            IoDisconnectInterrupt(Objects[0]);
            VectorSend(Vector);
            Connect(0, Vector, 0xF, Latched);
        }
    }
    MachineDeliver(Machine);
    VectorCounts(Vector, &Counts);
    CHECK_EQUAL(Counts.Sent, Counts.Delivered + Counts.Folded + Counts.Dropped);
    CHECK_EQUAL(Counts.Delivered, Witnesses[0].Calls);
    CHECK(Counts.Folded != 0 && Counts.Dropped != 0);
    IoDisconnectInterrupt(Objects[0]);
    End();
}

/* ---- Nesting ----------------------------------------------------------------------------------------------------- */

static void SendOther(WITNESS *Witness)
{
    MACHINE *Machine = PlatformMachine();
    KIRQL Irql = ProcessorIrql(Machine);
    PROCESSOR *Processor = ProcessorCurrent(Machine);

    VectorSend(Witness->Extra);
    MachineDeliver(Machine);
    CHECK(ProcessorCurrent(Machine) == Processor);
    CHECK_EQUAL(Irql, ProcessorIrql(Machine));
}

TEST(two_messages_of_different_irql_nest_on_one_processor)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Low = VectorCreate(Machine, 5, 0, 0x10, Latched, FALSE);
    VECTOR *High = VectorCreate(Machine, 9, 0, 0x10, Latched, FALSE);

    Connect(0, Low, 0x10, Latched);
    Connect(1, High, 0x10, Latched);
    Witnesses[0].Act = SendOther;
    Witnesses[0].Extra = High;
    VectorSend(Low);
    MachineDeliver(Machine);
    CHECK_EQUAL(1, Witnesses[0].Calls);
    CHECK_EQUAL(1, Witnesses[1].Calls);
    CHECK(Witnesses[0].Processor == Witnesses[1].Processor);
    CHECK_EQUAL(9, Witnesses[1].Irql);
    IoDisconnectInterrupt(Objects[0]);
    IoDisconnectInterrupt(Objects[1]);
    End();
}

static ULONG LowCallsInHigh;

static void SendAndCount(WITNESS *Witness)
{
    VectorSend(Witness->Extra);
    MachineSpend(PlatformMachine(), 5000, 5000);        /* an ISR that takes long enough for the other to arrive */
    MachineDeliver(PlatformMachine());
    LowCallsInHigh = Witnesses[0].Calls;
}

TEST(lower_message_waits_until_the_higher_is_done)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Low = VectorCreate(Machine, 5, 0, 0x10, Latched, FALSE);
    VECTOR *High = VectorCreate(Machine, 9, 0, 0x10, Latched, FALSE);

    Connect(0, Low, 0x10, Latched);
    Connect(1, High, 0x10, Latched);
    Witnesses[1].Act = SendAndCount;
    Witnesses[1].Extra = Low;
    VectorSend(High);
    MachineDeliver(Machine);
    CHECK_EQUAL(0, LowCallsInHigh);
    CHECK_EQUAL(1, Witnesses[0].Calls);
    IoDisconnectInterrupt(Objects[0]);
    IoDisconnectInterrupt(Objects[1]);
    End();
}

TEST(messages_without_a_shared_lock_run_side_by_side_on_two_processors)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *One = VectorCreate(Machine, 6, 0, 0x10, Latched, FALSE);
    VECTOR *Two = VectorCreate(Machine, 6, 0, 0x20, Latched, FALSE);

    Connect(0, One, 0x10, Latched);
    Connect(1, Two, 0x20, Latched);
    Witnesses[1].Act = SendAndCount;    /* Two's ISR sends One, whose ISR runs meanwhile */
    Witnesses[1].Extra = One;
    VectorSend(Two);
    MachineDeliver(Machine);
    CHECK_EQUAL(1, LowCallsInHigh);
    IoDisconnectInterrupt(Objects[0]);
    IoDisconnectInterrupt(Objects[1]);
    End();
}

TEST(messages_with_a_shared_lock_run_one_after_the_other)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *One = VectorCreate(Machine, 6, 0, 0x10, Latched, FALSE);
    VECTOR *Two = VectorCreate(Machine, 6, 0, 0x20, Latched, FALSE);
    LEGACY Legacy[2] = { LegacyFor(One, 0x10, &Witnesses[0]), LegacyFor(Two, 0x20, &Witnesses[1]) };
    KSPIN_LOCK Lock = 0;
    ULONG Index;

    for (Index = 0; Index < 2; Index++) {
        Legacy[Index].Mode = Latched;
        Legacy[Index].Lock = &Lock;
        CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy[Index], &Objects[Index]));
    }
    Witnesses[1].Act = SendAndCount;
    Witnesses[1].Extra = One;
    VectorSend(Two);
    MachineDeliver(Machine);
    CHECK_EQUAL(0, LowCallsInHigh);
    CHECK_EQUAL(1, Witnesses[0].Calls);
    IoDisconnectInterrupt(Objects[0]);
    IoDisconnectInterrupt(Objects[1]);
    End();
}

TEST(raised_irql_holds_an_interrupt_back_until_it_drops)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0x1, Latched, FALSE);
    KIRQL Old;

    Connect(0, Vector, 0x1, Latched);
    Old = ProcessorRaise(Machine, 6, "test");
    VectorSend(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(0, Witnesses[0].Calls);
    ProcessorLower(Machine, Old, "test");
    CHECK_EQUAL(1, Witnesses[0].Calls);
    IoDisconnectInterrupt(Objects[0]);
    End();
}

TEST(interrupt_comes_while_a_processor_of_another_group_runs)
{
    MACHINE *Machine = BeginPlain("64/16/64");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0x2, Latched, FALSE);
    PROCESSOR_NUMBER Number;

    Connect(0, Vector, 0x2, Latched);
    ProcessorEnter(Machine, ProcessorByNumber(Machine, 2, 5));
    VectorSend(Vector);
    MachineDeliver(Machine);
    ProcessorNumber(Witnesses[0].Processor, &Number);
    CHECK_EQUAL(0, Number.Group);
    CHECK_EQUAL(1, Number.Number);
    KeGetCurrentProcessorNumberEx(&Number);
    CHECK_EQUAL(2, Number.Group);
    CHECK_EQUAL(5, Number.Number);
    ProcessorLeave(Machine, "test");
    IoDisconnectInterrupt(Objects[0]);
    End();
}

/* ---- What an ISR must not do ------------------------------------------------------------------------------------- */

static void KeepRaised(WITNESS *Witness)
{
    (void)Witness;
    ProcessorRaise(PlatformMachine(), 11, "KfRaiseIrql");
}

static void LowerTooFar(WITNESS *Witness)
{
    (void)Witness;
    ProcessorLower(PlatformMachine(), DISPATCH_LEVEL, "KeLowerIrql");
}

static KSPIN_LOCK Kept;

static void KeepLock(WITNESS *Witness)
{
    (void)Witness;
    Kept = 0;
    ProcessorSpinLockTaken(PlatformMachine(), &Kept, "KeAcquireSpinLockAtDpcLevel");
}

static void Wait(WITNESS *Witness)
{
    (void)Witness;
    ProcessorSuspend(PlatformMachine(), "KeWaitForSingleObject");
}

static MACHINE *BeginActing(void (*Act)(WITNESS *Witness))
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF, Latched, FALSE);

    Connect(0, Vector, 0xF, Latched);
    Witnesses[0].Act = Act;
    VectorSend(Vector);
    return Machine;
}

TEST(isr_that_returns_at_another_irql_stops)
{
    MACHINE *Machine = BeginActing(KeepRaised);

    CHECK_STOPS("interrupt service routine", "returned at 11", MachineDeliver(Machine));
}

TEST(isr_that_lowers_its_irql_stops)
{
    MACHINE *Machine = BeginActing(LowerTooFar);

    CHECK_STOPS("KeLowerIrql", "in an interrupt service routine", MachineDeliver(Machine));
}

TEST(isr_that_keeps_a_lock_stops)
{
    MACHINE *Machine = BeginActing(KeepLock);

    CHECK_STOPS("interrupt service routine", "spin lock held", MachineDeliver(Machine));
}

TEST(isr_that_waits_stops)
{
    MACHINE *Machine = BeginActing(Wait);

    CHECK_STOPS("KeWaitForSingleObject", "in an interrupt service routine", MachineDeliver(Machine));
}

/* ---- Faults of routing ------------------------------------------------------------------------------------------- */

TEST(fault_outside_mask_runs_the_isr_on_a_processor_without_an_object)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0x3, Latched, FALSE);
    GROUP_AFFINITY Affinity;
    PROCESSOR_NUMBER Number;

    Connect(0, Vector, 0x3, Latched);
    FixtureArm("outside-mask count=1");
    VectorSend(Vector);
    MachineDeliver(Machine);
    ProcessorNumber(Witnesses[0].Processor, &Number);
    CHECK(Number.Number > 1);
    CHECK(Witnesses[0].Argument != Objects[0]);
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Objects[0], &Affinity));
    CHECK_EQUAL(0x3, Affinity.Mask);    /* what was granted does not change */
    VectorSend(Vector);
    MachineDeliver(Machine);
    ProcessorNumber(Witnesses[0].Processor, &Number);
    CHECK(Number.Number <= 1);
    IoDisconnectInterrupt(Objects[0]);
    End();
}

TEST(fault_wrong_group_runs_the_isr_in_another_group)
{
    MACHINE *Machine = BeginPlain("64/16/64");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0x3, Latched, FALSE);
    PROCESSOR_NUMBER Number;

    Connect(0, Vector, 0x3, Latched);
    FixtureArm("wrong-group count=1");
    VectorSend(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(1, Witnesses[0].Calls);
    ProcessorNumber(Witnesses[0].Processor, &Number);
    CHECK(Number.Group != 0);
    IoDisconnectInterrupt(Objects[0]);
    End();
}

/* ---- The machine ------------------------------------------------------------------------------------------------- */

static ULONGLONG RunSeeded(ULONGLONG Seed)
{
    MACHINE *Machine = BeginSeeded("64/16/64", "server2022", MODE_OBSERVED, Seed);
    VECTOR *Vector = VectorCreate(Machine, 6, 0, ~(KAFFINITY)0, Latched, FALSE);
    ULONGLONG Hash = 0;
    ULONG Index;

    Witnesses[0] = (WITNESS) { .Claims = TRUE };
    Connect(0, Vector, ~(KAFFINITY)0, Latched);
    for (Index = 0; Index < 200; Index++) {
        VectorSend(Vector);
        MachineAdvance(Machine, 100);
        Hash = Hash * 1000003 + ProcessorIndex(Witnesses[0].Processor) * 31 + MachineNow(Machine);
    }
    IoDisconnectInterrupt(Objects[0]);
    End();
    return Hash;
}

TEST(equal_seeds_give_equal_runs_and_others_differ)
{
    CHECK_EQUAL(RunSeeded(7), RunSeeded(7));
    CHECK(RunSeeded(7) != RunSeeded(8));
}

TEST(trigger_to_isr_takes_between_600_and_4000_nanoseconds)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *Vector = VectorCreate(Machine, 6, 0, 0xF, Latched, FALSE);
    ULONG Index;

    Connect(0, Vector, 0xF, Latched);
    for (Index = 0; Index < 100; Index++) {
        ULONGLONG Before = MachineNow(Machine);

        VectorSend(Vector);
        MachineDeliver(Machine);
        CHECK(MachineNow(Machine) - Before >= 600 && MachineNow(Machine) - Before <= 4000);
    }
    IoDisconnectInterrupt(Objects[0]);
    End();
}

TEST(all_2048_processors_get_interrupts)
{
    MACHINE *Machine = BeginPlain("32x64");
    USHORT Group;
    ULONG Index;
    ULONG Reached = 0;

    for (Group = 0; Group < 32; Group++) {
        CHECK(VectorCreate(Machine, 6, Group, ~(KAFFINITY)0, Latched, FALSE) != NULL);
    }
    CHECK_EQUAL(2048, KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS));
    for (Group = 0; Group < 32; Group++) {
        VECTOR *Vector = VectorFind(Machine, Group, 0x60);
        IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
        ASSIGNED_INTERRUPT Wanted = { .Message = TRUE, .Vector = Vector, .Number = 0x60, .Irql = 6, .Mode = Latched,
                                      .Group = Group, .Mask = ~(KAFFINITY)0 };

        /* The root device has no assigned data, so its connect takes any group. */
        Parameters = FullFor(FixturePdo("root0"), &Wanted, &Objects[0], &Witnesses[0]);
        CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Parameters));
        for (Index = 0; Index < 2000; Index++) {
            VectorSend(Vector);
            MachineDeliver(Machine);
        }
        DisconnectEx(CONNECT_FULLY_SPECIFIED_GROUP, Objects[0]);
    }
    for (Index = 0; Index < 2048; Index++) {
        Reached += Witnesses[0].On[Index] != 0;
    }
    CHECK_EQUAL(2048, Reached);
    CHECK_EQUAL(64000, Witnesses[0].Calls);
    End();
}

TEST(vector_numbers_carry_their_irql_and_repeat_on_other_processors)
{
    MACHINE *Machine = BeginPlain("1x8");
    VECTOR *One = VectorCreate(Machine, 7, 0, 0x0F, Latched, FALSE);
    VECTOR *Two = VectorCreate(Machine, 7, 0, 0xF0, Latched, FALSE);
    VECTOR *Three = VectorCreate(Machine, 7, 0, 0x18, Latched, FALSE);
    ULONG Index;

    CHECK_EQUAL(7, VectorNumber(One) >> 4);
    CHECK_EQUAL(VectorNumber(One), VectorNumber(Two));
    CHECK(VectorNumber(Three) != VectorNumber(One));
    CHECK(VectorFindOn(Machine, 0, 0x80, VectorNumber(Two)) == Two);
    for (Index = 2; Index < 16; Index++) {
        CHECK(VectorCreate(Machine, 7, 0, 0x08, Latched, FALSE) != NULL);
    }
    CHECK(VectorCreate(Machine, 7, 0, 0x08, Latched, FALSE) == NULL);
    End();
}

static ULONGLONG AverageLatency(KAFFINITY Mask)
{
    MACHINE *Machine = BeginFile("group 0-15\nnode group=0 processors=0-7\nnode group=0 processors=8-15\n"
                                 "device edu messages=1 node=0\n");
    const ASSIGNED_INTERRUPT *Assigned;
    PDEVICE_OBJECT Pdo = FixturePdoWith("edu0", 4, 0, Mask);
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
    ULONGLONG Before;
    ULONG Index;

    Assigned = FixtureAssigned("edu0", 0);
    Witnesses[0] = (WITNESS) { .Claims = TRUE };
    Parameters = FullFor(Pdo, Assigned, &Objects[0], &Witnesses[0]);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Parameters));
    Before = MachineNow(Machine);
    for (Index = 0; Index < 1000; Index++) {
        VectorSend(Assigned->Vector);
        MachineDeliver(Machine);
    }
    Before = (MachineNow(Machine) - Before) / 1000;
    DisconnectEx(CONNECT_FULLY_SPECIFIED_GROUP, Objects[0]);
    End();
    return Before;
}

TEST(interrupt_takes_longer_to_a_node_that_is_not_the_devices)
{
    CHECK(AverageLatency(0xFF00) > AverageLatency(0x00FF) + 200);
}
