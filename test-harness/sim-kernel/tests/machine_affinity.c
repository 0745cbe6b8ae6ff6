/* IoGetAffinityInterrupt and the routines that take an interrupt's lock: which pointers they take, what they answer. */
#include "machine_fixture.h"

#include <string.h>

#define SPECIFIED 4                     /* IrqPolicySpecifiedProcessors */

static PKINTERRUPT Object;
static WITNESS First;
static VECTOR *Vector;

/* What the contract's Mask, Group and Reserved are copied from: 16 bytes on 64-bit machines, 12 on 32-bit ones. */
_Static_assert(sizeof(GROUP_AFFINITY) == (sizeof(PVOID) == 8 ? 16 : 12), "GROUP_AFFINITY has another size");
_Static_assert(FIELD_OFFSET(GROUP_AFFINITY, Mask) == 0, "Mask is not first");
_Static_assert(FIELD_OFFSET(GROUP_AFFINITY, Group) == sizeof(PVOID), "Group does not follow Mask");
_Static_assert(FIELD_OFFSET(GROUP_AFFINITY, Reserved) == sizeof(PVOID) + 2, "Reserved does not follow Group");

static MACHINE *BeginConnected(MACHINE_MODE Mode)
{
    MACHINE *Machine = Begin("64/16/64", "server2022", Mode);
    LEGACY Legacy;

    First = (WITNESS) { .Claims = TRUE };
    Vector = VectorCreate(Machine, 6, 0, 0xF0, Latched, FALSE);
    Legacy = LegacyFor(Vector, 0xF0, &First);
    Legacy.Mode = Latched;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    return Machine;
}

static void EndConnected(void)
{
    IoDisconnectInterrupt(Object);
    End();
}

static void Interrupt(void)
{
    VectorSend(Vector);
    MachineDeliver(PlatformMachine());
}

TEST(affinity_zeroes_the_whole_answer_first)
{
    GROUP_AFFINITY Affinity;
    static const USHORT Zeroes[3];

    BeginConnected(MODE_OBSERVED);
    memset(&Affinity, 0xA5, sizeof(Affinity));
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Object, &Affinity));
    CHECK_EQUAL(0, Affinity.Group);
    CHECK_EQUAL(0xF0, Affinity.Mask);
    CHECK(memcmp(Affinity.Reserved, Zeroes, sizeof(Zeroes)) == 0);
    EndConnected();
}

TEST(affinity_can_be_asked_at_any_irql)
{
    MACHINE *Machine = BeginConnected(MODE_OBSERVED);
    GROUP_AFFINITY Affinity;
    KIRQL Old = ProcessorRaise(Machine, HIGH_LEVEL, "test");

    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Object, &Affinity));
    ProcessorLower(Machine, Old, "test");
    EndConnected();
}

TEST(affinity_stays_for_the_life_of_the_connection)
{
    GROUP_AFFINITY Affinity[2];
    ULONG Index;

    BeginConnected(MODE_OBSERVED);
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Object, &Affinity[0]));
    for (Index = 0; Index < 50; Index++) {
        Interrupt();
    }
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Object, &Affinity[1]));
    CHECK(memcmp(&Affinity[0], &Affinity[1], sizeof(Affinity[0])) == 0);
    EndConnected();
}

TEST(affinity_of_null_is_invalid_parameter_documented)
{
    GROUP_AFFINITY Affinity = { .Mask = 0x1234, .Group = 0x56 };

    BeginConnected(MODE_DOCUMENTED);
    CHECK_STATUS(STATUS_INVALID_PARAMETER, IoGetAffinityInterrupt(NULL, &Affinity));
    CHECK_EQUAL(0x1234, Affinity.Mask); /* untouched */
    CHECK_EQUAL(0x56, Affinity.Group);
    EndConnected();
}

TEST(affinity_of_null_stops_observed)
{
    GROUP_AFFINITY Affinity;

    BeginConnected(MODE_OBSERVED);
    CHECK_STOPS("IoGetAffinityInterrupt", "NULL", IoGetAffinityInterrupt(NULL, &Affinity));
}

TEST(affinity_of_junk_is_invalid_parameter_documented)
{
    GROUP_AFFINITY Affinity = { .Mask = 0x1234 };

    BeginConnected(MODE_DOCUMENTED);
    CHECK_STATUS(STATUS_INVALID_PARAMETER, IoGetAffinityInterrupt((PKINTERRUPT)&First, &Affinity));
    CHECK_STATUS(STATUS_INVALID_PARAMETER, IoGetAffinityInterrupt((PKINTERRUPT)((PUCHAR)Object + 1), &Affinity));
    CHECK_STATUS(STATUS_INVALID_PARAMETER, IoGetAffinityInterrupt((PKINTERRUPT)(ULONG_PTR)8, &Affinity));
    CHECK_EQUAL(0x1234, Affinity.Mask);
    EndConnected();
}

TEST(affinity_of_junk_stops_observed)
{
    GROUP_AFFINITY Affinity;

    BeginConnected(MODE_OBSERVED);
    CHECK_STOPS("IoGetAffinityInterrupt", "no interrupt object",
                IoGetAffinityInterrupt((PKINTERRUPT)&First, &Affinity));
}

static void CheckStale(MACHINE_MODE Mode)
{
    GROUP_AFFINITY Affinity;

    BeginConnected(Mode);
    IoDisconnectInterrupt(Object);
    CHECK_STOPS("IoGetAffinityInterrupt", "use after free", IoGetAffinityInterrupt(Object, &Affinity));
}

TEST(affinity_of_a_disconnected_object_stops)
{
    CheckStale(MODE_DOCUMENTED);
    CheckStale(MODE_OBSERVED);
}

static void CheckArgument(MACHINE_MODE Mode)
{
    GROUP_AFFINITY Affinity;

    BeginConnected(Mode);
    Interrupt();
    CHECK_STOPS("IoGetAffinityInterrupt", "ISR's argument", IoGetAffinityInterrupt(First.Argument, &Affinity));
}

TEST(affinity_of_the_isr_argument_stops)
{
    CheckArgument(MODE_DOCUMENTED);
    CheckArgument(MODE_OBSERVED);
}

static void CheckContainer(MACHINE_MODE Mode)
{
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
    GROUP_AFFINITY Affinity;

    Begin("1x8", "server2022", Mode);
    First = (WITNESS) { .Claims = TRUE };
    Parameters = LineFor(FixturePdo("edu1"), &Object, &First);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Parameters));
    CHECK_STOPS("IoGetAffinityInterrupt", "line-based", IoGetAffinityInterrupt(Object, &Affinity));
}

TEST(affinity_of_a_line_based_object_stops)
{
    CheckContainer(MODE_DOCUMENTED);
    CheckContainer(MODE_OBSERVED);
}

TEST(affinity_of_a_message_table_stops)
{
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
    GROUP_AFFINITY Affinity;
    PVOID Table;

    Begin("1x8", "server2022", MODE_OBSERVED);
    Parameters = MessageFor(FixturePdo("igb0"), &Table, &First);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Parameters));
    CHECK_STOPS("IoGetAffinityInterrupt", "message table", IoGetAffinityInterrupt(Table, &Affinity));
}

TEST(affinity_without_a_place_for_the_answer_stops)
{
    BeginConnected(MODE_OBSERVED);
    CHECK_STOPS("IoGetAffinityInterrupt", "no place", IoGetAffinityInterrupt(Object, NULL));
}

TEST(affinity_routine_is_not_there_on_nt52)
{
    GROUP_AFFINITY Affinity;

    Begin("1x8", "nt52", MODE_OBSERVED);
    CHECK_STOPS("IoGetAffinityInterrupt", "has no such routine", IoGetAffinityInterrupt(Object, &Affinity));
}

/* What was assigned, what is granted and where ISRs run, for one group of a machine. */
static void CheckGrant(const char *Layout, const char *Profile, MACHINE_MODE Mode, USHORT Group, KAFFINITY Mask)
{
    MACHINE *Machine = Begin(Layout, Profile, Mode);
    PDEVICE_OBJECT Pdo = FixturePdoWith("edu0", SPECIFIED, Group, Mask);
    const ASSIGNED_INTERRUPT *Assigned = FixtureAssigned("edu0", 0);
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters = FullFor(Pdo, Assigned, &Object, &First);
    GROUP_AFFINITY Affinity;
    ULONG Index;

    First = (WITNESS) { .Claims = TRUE };
    CHECK_EQUAL(Group, Assigned->Group);
    CHECK_EQUAL(Mask, Assigned->Mask);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Parameters));
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Object, &Affinity));
    CHECK_EQUAL(Group, Affinity.Group);
    CHECK_EQUAL(Mask, Affinity.Mask);
    CHECK_EQUAL(0, Affinity.Reserved[0] | Affinity.Reserved[1] | Affinity.Reserved[2]);
    CHECK_EQUAL(0, Affinity.Mask & ~KeQueryGroupAffinity(Affinity.Group));
    for (Index = 0; Index < 40; Index++) {
        PROCESSOR_NUMBER Number;

        VectorSend(Assigned->Vector);
        MachineDeliver(Machine);
        CHECK_EQUAL(Index + 1, First.Calls);
        ProcessorNumber(First.Processor, &Number);
        CHECK_EQUAL(Affinity.Group, Number.Group);
        CHECK((Affinity.Mask >> Number.Number & 1) != 0);
    }
    DisconnectEx(CONNECT_FULLY_SPECIFIED_GROUP, Object);
    End();
}

static void CheckEveryGroup(const char *Layout, const char *Profile, MACHINE_MODE Mode)
{
    USHORT Groups = MachineLayout(Begin(Layout, Profile, Mode))->Groups;
    KAFFINITY Active;
    USHORT Group;

    for (Group = 0; Group < Groups; Group++) {
        Begin(Layout, Profile, Mode);
        Active = KeQueryGroupAffinity(Group);
        CheckGrant(Layout, Profile, Mode, Group, Active);                       /* all of the group */
        CheckGrant(Layout, Profile, Mode, Group, Active & ~(Active >> 1));      /* its last processor */
        CheckGrant(Layout, Profile, Mode, Group, 1);
        CheckGrant(Layout, Profile, Mode, Group, Active & 0x5555555555555555);
    }
}

TEST(affinity_equals_what_was_assigned_in_every_group_of_every_layout)
{
    static const char *const Layouts[] = {
        "1x4", "1x8", "1x64", "2x64", "64/16/64", "64/32/64", "48/16", "40/40", "4x2", "20x16", "32x64"
    };
    ULONG Index;

    for (Index = 0; Index < sizeof(Layouts) / sizeof(Layouts[0]); Index++) {
        CheckEveryGroup(Layouts[Index], "server2022", MODE_OBSERVED);
        CheckEveryGroup(Layouts[Index], "server2022", MODE_DOCUMENTED);
    }
    CheckEveryGroup("64/16/64", "win7", MODE_OBSERVED);
    CheckEveryGroup("64/16/64", "win10", MODE_OBSERVED);
}

/* One processor after the other asked for alone, 2,048 of them on the largest machine. */
TEST(affinity_equals_what_was_assigned_for_every_processor_of_every_layout)
{
    static const char *const Layouts[] = { "1x8", "2x64", "64/16/64", "64/32/64", "48/16", "40/40", "4x2", "32x64" };
    ULONG Index;

    for (Index = 0; Index < sizeof(Layouts) / sizeof(Layouts[0]); Index++) {
        MACHINE_LAYOUT Layout = *MachineLayout(Begin(Layouts[Index], "server2022", MODE_DOCUMENTED));
        USHORT Group;
        UCHAR Number;

        for (Group = 0; Group < Layout.Groups; Group++) {
            for (Number = 0; Number < 64; Number++) {
                if ((Layout.Group[Group].Active >> Number & 1) != 0) {
                    CheckGrant(Layouts[Index], "server2022", MODE_DOCUMENTED, Group, (KAFFINITY)1 << Number);
                }
            }
        }
    }
}

TEST(affinity_is_group_zero_on_win7_unless_asked_otherwise)
{
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
    GROUP_AFFINITY Affinity;
    PDEVICE_OBJECT Pdo;

    Begin("64/16/64", "win7", MODE_OBSERVED);
    First = (WITNESS) { .Claims = TRUE };
    Pdo = FixturePdo("edu0");
    Parameters = FullFor(Pdo, FixtureAssigned("edu0", 0), &Object, &First);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Parameters));
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Object, &Affinity));
    CHECK_EQUAL(0, Affinity.Group);
    CHECK_EQUAL(KeQueryGroupAffinity(0), Affinity.Mask);
    DisconnectEx(CONNECT_FULLY_SPECIFIED_GROUP, Object);
    End();
}

/* A policy in the registry, where an INF puts it, too; the filter's way: policies_choose_group_and_processors. */
TEST(affinity_on_win7_is_another_group_when_the_registry_says_so)
{
    CheckGrant("64/16/64", "win7", MODE_DOCUMENTED, 1, 0xF0);
    CheckGrant("64/16/64", "win7", MODE_OBSERVED, 2, 1);
}

TEST(affinity_of_io_connect_interrupt_is_in_group_zero_on_win7)
{
    GROUP_AFFINITY Affinity;
    LEGACY Legacy;

    Begin("64/16/64", "win7", MODE_DOCUMENTED);
    First = (WITNESS) { .Claims = TRUE };
    Vector = VectorCreate(PlatformMachine(), 6, 0, ~(KAFFINITY)0, Latched, FALSE);
    Legacy = LegacyFor(Vector, ~(KAFFINITY)0, &First);
    Legacy.Mode = Latched;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    memset(&Affinity, 0xA5, sizeof(Affinity));
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Object, &Affinity));
    CHECK_EQUAL(0, Affinity.Group);
    CHECK_EQUAL(KeQueryGroupAffinity(0), Affinity.Mask);
    CHECK_EQUAL(0, Affinity.Reserved[0] | Affinity.Reserved[1] | Affinity.Reserved[2]);
    EndConnected();
}

TEST(affinity_that_fails_leaves_every_byte_of_the_answer_alone_documented)
{
    GROUP_AFFINITY Affinity;
    GROUP_AFFINITY Before;

    BeginConnected(MODE_DOCUMENTED);
    memset(&Affinity, 0xA5, sizeof(Affinity));
    Before = Affinity;
    CHECK_STATUS(STATUS_INVALID_PARAMETER, IoGetAffinityInterrupt((PKINTERRUPT)&First, &Affinity));
    CHECK(memcmp(&Before, &Affinity, sizeof(Affinity)) == 0);
    EndConnected();
}

/* ---- KeSynchronizeExecution and the interrupt spin lock ---------------------------------------------------------- */

typedef struct SEEN {
    KIRQL Irql;
    ULONG Calls;
    BOOLEAN Answer;
    BOOLEAN Sends;
} SEEN;

static BOOLEAN NTAPI Look(PVOID Context)
{
    SEEN *Seen = Context;

    Seen->Calls++;
    Seen->Irql = ProcessorIrql(PlatformMachine());
    if (Seen->Sends) {
        VectorSend(Vector);
        MachineDeliver(PlatformMachine());
        CHECK_EQUAL(0, First.Calls);    /* on no processor, as long as the lock is held */
    }
    return Seen->Answer;
}

TEST(synchronize_runs_at_synchronize_irql_and_keeps_the_isr_out)
{
    SEEN Seen = { .Answer = TRUE, .Sends = TRUE };

    BeginConnected(MODE_OBSERVED);
    CHECK(KeSynchronizeExecution(Object, Look, &Seen));
    CHECK_EQUAL(1, Seen.Calls);
    CHECK_EQUAL(6, Seen.Irql);
    CHECK_EQUAL(1, First.Calls);        /* when the lock was given back, before the call returned */
    CHECK_EQUAL(PASSIVE_LEVEL, ProcessorIrql(PlatformMachine()));
    EndConnected();
}

TEST(synchronize_takes_the_isr_argument_as_well)
{
    SEEN Seen = { .Answer = TRUE };

    BeginConnected(MODE_OBSERVED);
    Interrupt();
    CHECK(KeSynchronizeExecution(First.Argument, Look, &Seen));
    CHECK_EQUAL(1, Seen.Calls);
    EndConnected();
}

TEST(synchronize_hands_on_the_routines_answer_observed)
{
    SEEN Seen = { .Answer = FALSE };

    BeginConnected(MODE_OBSERVED);
    CHECK(!KeSynchronizeExecution(Object, Look, &Seen));
    EndConnected();
}

TEST(synchronize_returns_true_documented)
{
    SEEN Seen = { .Answer = FALSE };

    BeginConnected(MODE_DOCUMENTED);
    CHECK(KeSynchronizeExecution(Object, Look, &Seen));
    EndConnected();
}

TEST(synchronize_with_a_message_object_keeps_out_that_message_only)
{
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
    PIO_INTERRUPT_MESSAGE_INFO Table;
    MACHINE *Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    KIRQL Old;

    First = (WITNESS) { .Claims = TRUE };
    Parameters = MessageFor(FixturePdo("igb0"), (PVOID *)&Table, &First);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Parameters));
    Old = KeAcquireInterruptSpinLock(Table->MessageInfo[0].InterruptObject);
    VectorSend(FixtureAssigned("igb0", 0)->Vector);
    VectorSend(FixtureAssigned("igb0", 1)->Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(1, First.Calls);
    CHECK_EQUAL(1, First.MessageId);
    KeReleaseInterruptSpinLock(Table->MessageInfo[0].InterruptObject, Old);
    CHECK_EQUAL(2, First.Calls);
    CHECK_EQUAL(0, First.MessageId);
    DisconnectEx(CONNECT_MESSAGE_BASED, Table);
    End();
}

TEST(synchronize_with_a_line_based_object_keeps_the_isr_out)
{
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
    SEEN Seen = { .Answer = TRUE };

    Begin("1x8", "server2022", MODE_OBSERVED);
    First = (WITNESS) { .Claims = TRUE };
    Parameters = LineFor(FixturePdo("edu1"), &Object, &First);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Parameters));
    Vector = FixtureAssigned("edu1", 0)->Vector;
    CHECK(KeSynchronizeExecution(Object, Look, &Seen));
    CHECK_EQUAL(FixtureAssigned("edu1", 0)->Irql, Seen.Irql);
    DisconnectEx(CONNECT_LINE_BASED, Object);
    End();
}

TEST(synchronize_keeps_out_every_isr_that_shares_the_lock)
{
    static WITNESS Second;
    SEEN Seen = { .Answer = TRUE, .Sends = TRUE };
    KSPIN_LOCK Lock = 0;
    PKINTERRUPT Other;
    LEGACY Lower, Higher;

    Begin("1x8", "server2022", MODE_OBSERVED);
    First = (WITNESS) { .Claims = TRUE };
    Second = (WITNESS) { .Claims = TRUE };
    Vector = VectorCreate(PlatformMachine(), 6, 0, 0xF0, Latched, FALSE);
    Lower = LegacyFor(Vector, 0xF0, &First);
    Higher = LegacyFor(VectorCreate(PlatformMachine(), 9, 0, 0xF0, Latched, FALSE), 0xF0, &Second);
    Lower.Mode = Higher.Mode = Latched;
    Lower.SynchronizeIrql = 9;          /* the highest of the two, and one lock for both */
    Lower.Lock = Higher.Lock = &Lock;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Lower, &Object));
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Higher, &Other));
    CHECK(KeSynchronizeExecution(Other, Look, &Seen));  /* with the other object, it is the first ISR that waits */
    CHECK_EQUAL(9, Seen.Irql);
    CHECK_EQUAL(1, First.Calls);
    CHECK_EQUAL(9, First.Irql);
    IoDisconnectInterrupt(Other);
    EndConnected();
}

TEST(synchronize_above_synchronize_irql_stops)
{
    MACHINE *Machine = BeginConnected(MODE_OBSERVED);
    SEEN Seen = { .Answer = TRUE };

    ProcessorRaise(Machine, 7, "test");
    CHECK_STOPS("KeSynchronizeExecution", "above the object's SynchronizeIrql",
                KeSynchronizeExecution(Object, Look, &Seen));
}

TEST(synchronize_after_disconnect_stops)
{
    SEEN Seen = { .Answer = TRUE };

    BeginConnected(MODE_OBSERVED);
    IoDisconnectInterrupt(Object);
    CHECK_STOPS("KeSynchronizeExecution", "use after free", KeSynchronizeExecution(Object, Look, &Seen));
}

TEST(synchronize_with_null_stops)
{
    SEEN Seen = { .Answer = TRUE };

    BeginConnected(MODE_OBSERVED);
    CHECK_STOPS("KeSynchronizeExecution", "NULL", KeSynchronizeExecution(NULL, Look, &Seen));
}

static BOOLEAN NTAPI SynchronizeAgain(PVOID Context)
{
    return KeSynchronizeExecution(Object, Look, Context);
}

TEST(synchronize_within_itself_is_a_deadlock)
{
    SEEN Seen = { .Answer = TRUE };

    BeginConnected(MODE_OBSERVED);
    CHECK_STOPS("KeSynchronizeExecution", "deadlock", KeSynchronizeExecution(Object, SynchronizeAgain, &Seen));
}

TEST(interrupt_spin_lock_raises_and_restores)
{
    KIRQL Old;

    BeginConnected(MODE_OBSERVED);
    Old = KeAcquireInterruptSpinLock(Object);
    CHECK_EQUAL(PASSIVE_LEVEL, Old);
    CHECK_EQUAL(6, ProcessorIrql(PlatformMachine()));
    Interrupt();
    CHECK_EQUAL(0, First.Calls);
    KeReleaseInterruptSpinLock(Object, Old);
    CHECK_EQUAL(1, First.Calls);
    EndConnected();
}

TEST(interrupt_spin_lock_released_without_being_held_stops)
{
    BeginConnected(MODE_OBSERVED);
    CHECK_STOPS("KeReleaseInterruptSpinLock", "does not hold", KeReleaseInterruptSpinLock(Object, PASSIVE_LEVEL));
}
