/* IoConnectInterrupt and IoDisconnectInterrupt: what each documented rule and return code is. */
#include "machine_fixture.h"

static PKINTERRUPT Object;
static WITNESS First, Second;
static VECTOR *Vector;
static LEGACY Legacy;

/* A shared level line of group 0 on processors 0 to 3, and the right way to connect to it. */
static MACHINE *BeginLine(const char *Layout, const char *Profile, MACHINE_MODE Mode)
{
    MACHINE *Machine = Begin(Layout, Profile, Mode);

    First = (WITNESS) { .Claims = TRUE };
    Second = (WITNESS) { .Claims = TRUE };
    Object = (PKINTERRUPT)&First;
    Vector = VectorCreate(Machine, 6, 0, 0xF, LevelSensitive, TRUE);
    Legacy = LegacyFor(Vector, 0xF, &First);
    return Machine;
}

static void CheckRefused(NTSTATUS Expected)
{
    CHECK_STATUS(Expected, LegacyConnect(&Legacy, &Object));
    CHECK(Object == NULL);
    End();
}

TEST(connect_succeeds_with_the_assigned_values)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);

    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    CHECK(Object != NULL);
    CHECK_EQUAL(1, InterruptConnections(Machine, NULL));
    IoDisconnectInterrupt(Object);
    CHECK_EQUAL(0, InterruptConnections(Machine, NULL));
    End();
}

TEST(connect_refuses_empty_mask_documented)
{
    BeginLine("1x8", "win10", MODE_DOCUMENTED);
    Legacy.Mask = 0;
    CheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(connect_refuses_empty_mask_observed)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    Legacy.Mask = 0;
    CheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(connect_refuses_mask_beyond_the_active_processors)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    Legacy.Mask = ~(KAFFINITY)0;
    CheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(connect_refuses_mask_with_a_processor_that_was_never_started)
{
    MACHINE *Machine = BeginFile("group 0-3,6-7 maximum=8\n");

    First = (WITNESS) { .Claims = TRUE };
    Vector = VectorCreate(Machine, 6, 0, 0xC3, LevelSensitive, TRUE);
    Legacy = LegacyFor(Vector, 0xD3, &First);
    CheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(connect_refuses_null_routine)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    Legacy.Routine = NULL;
    CheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(connect_refuses_synchronize_irql_below_irql)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    Legacy.SynchronizeIrql = 5;
    CheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(connect_takes_synchronize_irql_zero_for_irql)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);

    Legacy.SynchronizeIrql = 0;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    First.Lowers = Vector;
    VectorAssert(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(6, First.Irql);
    IoDisconnectInterrupt(Object);
    End();
}

TEST(connect_refuses_irql_that_is_not_the_vectors)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    Legacy.Irql = 7;
    Legacy.SynchronizeIrql = 7;
    CheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(connect_refuses_mode_that_is_not_the_lines)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    Legacy.Mode = Latched;
    CheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(connect_refuses_unknown_vector_documented)
{
    BeginLine("1x8", "win10", MODE_DOCUMENTED);
    Legacy.Vector++;
    CheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(connect_refuses_unknown_vector_observed)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    Legacy.Vector++;
    CheckRefused(STATUS_NOT_FOUND);
}

TEST(connect_says_when_resources_are_short)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);

    MachineFailAt(Machine, 1);
    CHECK_STATUS(STATUS_INSUFFICIENT_RESOURCES, LegacyConnect(&Legacy, &Object));
    CHECK(Object == NULL);
    CHECK_EQUAL(0, InterruptConnections(Machine, NULL));
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    IoDisconnectInterrupt(Object);
    End();
}

/* What the page says of the routine holds on each kernel, also on those without the Ex routines. */
static void CheckAnswers(const char *Profile, MACHINE_MODE Mode)
{
    MACHINE *Machine = BeginLine("1x8", Profile, Mode);

    Legacy.Mask = 0;
    CHECK_STATUS(STATUS_INVALID_PARAMETER, LegacyConnect(&Legacy, &Object));
    CHECK(Object == NULL);
    Legacy.Mask = 0xF;
    MachineFailAt(Machine, 1);
    CHECK_STATUS(STATUS_INSUFFICIENT_RESOURCES, LegacyConnect(&Legacy, &Object));
    CHECK(Object == NULL);
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    First.Lowers = Vector;
    VectorAssert(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(1, First.Calls);
    IoDisconnectInterrupt(Object);
    End();
}

TEST(connect_answers_alike_on_every_profile_in_both_modes)
{
    static const char *const Profiles[] = { "nt52", "win7", "win10", "server2022" };
    ULONG Index;

    for (Index = 0; Index < sizeof(Profiles) / sizeof(Profiles[0]); Index++) {
        CheckAnswers(Profiles[Index], MODE_DOCUMENTED);
        CheckAnswers(Profiles[Index], MODE_OBSERVED);
    }
}

static ULONG CallsWithoutContext;

static BOOLEAN NTAPI ClaimWithoutContext(PKINTERRUPT Interrupt, PVOID Context)
{
    UNREFERENCED_PARAMETER(Interrupt);
    CHECK(Context == NULL);
    CallsWithoutContext++;
    VectorDeassert(Vector);
    return TRUE;
}

TEST(connect_needs_no_service_context)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);

    CallsWithoutContext = 0;
    Legacy.Routine = ClaimWithoutContext;
    Legacy.Context = NULL;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    VectorAssert(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(1, CallsWithoutContext);
    IoDisconnectInterrupt(Object);
    End();
}

TEST(connect_is_refused_by_fault)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    FixtureArm("refused");
    CheckRefused(STATUS_INSUFFICIENT_RESOURCES);
}

TEST(connect_refuses_second_driver_on_exclusive_vector)
{
    PKINTERRUPT Other;

    BeginLine("1x8", "win10", MODE_OBSERVED);
    Legacy.Shared = FALSE;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Other));
    Legacy.Shared = TRUE;
    CHECK_STATUS(STATUS_INVALID_PARAMETER, LegacyConnect(&Legacy, &Object));
    IoDisconnectInterrupt(Other);
    End();
}

TEST(connect_refuses_exclusive_use_of_a_shared_vector)
{
    PKINTERRUPT Other;

    BeginLine("1x8", "win10", MODE_OBSERVED);
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Other));
    Legacy.Shared = FALSE;
    CHECK_STATUS(STATUS_INVALID_PARAMETER, LegacyConnect(&Legacy, &Object));
    IoDisconnectInterrupt(Other);
    End();
}

TEST(connect_above_passive_level_is_verifier_stop_documented)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_DOCUMENTED);

    ProcessorRaise(Machine, DISPATCH_LEVEL, "test");
    CHECK_STOPS("IoConnectInterrupt", "0xC4, 0x2000b", LegacyConnect(&Legacy, &Object));
}

TEST(connect_above_passive_level_is_bug_check_121_observed)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);

    ProcessorRaise(Machine, APC_LEVEL, "test");
    CHECK_STOPS("IoConnectInterrupt", "0x121", LegacyConnect(&Legacy, &Object));
}

TEST(connect_stops_without_a_place_for_the_object)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    CHECK_STOPS("IoConnectInterrupt", "no place", LegacyConnect(&Legacy, NULL));
}

TEST(connect_stops_when_floating_point_is_to_be_saved)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    CHECK_STOPS("IoConnectInterrupt", "FloatingSave",
                IoConnectInterrupt(&Object, WitnessRoutine, &First, NULL, VectorNumber(Vector), 6, 6, LevelSensitive,
                                   TRUE, 0xF, TRUE));
}

TEST(connect_reaches_group_zero_only)
{
    MACHINE *Machine = Begin("64/16/64", "server2022", MODE_OBSERVED);
    GROUP_AFFINITY Affinity;

    First = (WITNESS) { .Claims = TRUE };
    Vector = VectorCreate(Machine, 6, 1, 0xF, Latched, FALSE);
    Legacy = LegacyFor(Vector, 0xF, &First);
    Legacy.Mode = Latched;
    Legacy.Shared = FALSE;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Object, &Affinity));
    CHECK_EQUAL(0, Affinity.Group);
    VectorSend(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(0, First.Calls);        /* connected, on processors where it never comes */
    IoDisconnectInterrupt(Object);
    End();
}

TEST(connect_needs_one_synchronize_irql_for_a_shared_lock)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);
    static KSPIN_LOCK Lock;
    LEGACY Higher = LegacyFor(VectorCreate(Machine, 9, 0, 0xF, LevelSensitive, TRUE), 0xF, &Second);

    Lock = 0;
    Legacy.Lock = &Lock;
    Higher.Lock = &Lock;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    CHECK_STOPS("IoConnectInterrupt", "share a spin lock", LegacyConnect(&Higher, &Object));
}

TEST(connect_shares_a_lock_at_the_highest_irql)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);
    VECTOR *High = VectorCreate(Machine, 9, 0, 0xF, LevelSensitive, TRUE);
    LEGACY Higher = LegacyFor(High, 0xF, &Second);
    KSPIN_LOCK Lock = 0;
    PKINTERRUPT Other;

    Legacy.Lock = &Lock;
    Legacy.SynchronizeIrql = 9;
    Higher.Lock = &Lock;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Higher, &Other));
    First.Lowers = Vector;
    VectorAssert(Vector);
    MachineDeliver(Machine);
    CHECK_EQUAL(9, First.Irql);
    IoDisconnectInterrupt(Object);
    IoDisconnectInterrupt(Other);
    End();
}

TEST(connect_needs_a_lock_for_one_isr_of_two_vectors)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);
    LEGACY Twin = LegacyFor(VectorCreate(Machine, Legacy.Irql, 0, 0xF, LevelSensitive, TRUE), 0xF, &First);
    KSPIN_LOCK Lock = 0;
    PKINTERRUPT Other;

    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    Twin.Lock = &Lock;
    CHECK_STOPS("IoConnectInterrupt", "one ISR with one context", LegacyConnect(&Twin, &Other));

    Machine = BeginLine("1x8", "win10", MODE_OBSERVED);
    Twin = LegacyFor(VectorCreate(Machine, Legacy.Irql, 0, 0xF, LevelSensitive, TRUE), 0xF, &First);
    Twin.Lock = Legacy.Lock = &Lock;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Twin, &Other));
    IoDisconnectInterrupt(Object);
    IoDisconnectInterrupt(Other);
    End();
}

TEST(connect_stops_on_a_lock_that_was_not_initialised)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);
    static KSPIN_LOCK Lock;

    Lock = 0x5A5A;
    Legacy.Lock = &Lock;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    VectorAssert(Vector);
    CHECK_STOPS("interrupt service routine", "KeInitializeSpinLock", MachineDeliver(Machine));
}

/* ---- Before connect returns -------------------------------------------------------------------------------------- */

static PKINTERRUPT SeenDuringConnect;

static void LookAtObject(WITNESS *Witness)
{
    SeenDuringConnect = *(PKINTERRUPT *)Witness->Extra;
}

TEST(isr_runs_before_connect_returns_for_a_foreign_interrupt)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    First.Claims = FALSE;
    First.Act = LookAtObject;
    First.Extra = &Object;
    SeenDuringConnect = (PKINTERRUPT)&First;
    VectorForeign(Vector, TRUE);
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    CHECK_EQUAL(1, First.Calls);
    CHECK(SeenDuringConnect == NULL);   /* the object is not handed out yet */
    IoDisconnectInterrupt(Object);
    End();
}

TEST(isr_runs_before_connect_returns_when_the_line_is_up_already)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    VectorAssert(Vector);
    First.Lowers = Vector;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    CHECK_EQUAL(1, First.Calls);
    IoDisconnectInterrupt(Object);
    End();
}

TEST(foreign_interrupt_at_connect_waits_for_the_second_driver)
{
    PKINTERRUPT Other;
    LEGACY Late;

    BeginLine("1x8", "win10", MODE_OBSERVED);
    First.Claims = FALSE;
    Second.Claims = FALSE;
    Late = LegacyFor(Vector, 0xF, &Second);
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    VectorForeign(Vector, TRUE);
    MachineDeliver(PlatformMachine());
    CHECK_EQUAL(0, First.Calls);
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Late, &Other));
    CHECK_EQUAL(1, First.Calls);
    CHECK_EQUAL(1, Second.Calls);
    IoDisconnectInterrupt(Object);
    IoDisconnectInterrupt(Other);
    End();
}

/* ---- Disconnect -------------------------------------------------------------------------------------------------- */

TEST(disconnect_ends_the_calls)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);

    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    IoDisconnectInterrupt(Object);
    VectorAssert(Vector);
    MachineDeliver(Machine);
    VectorDeassert(Vector);
    CHECK_EQUAL(0, First.Calls);
    End();
}

TEST(disconnect_above_passive_level_is_verifier_stop)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);

    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    ProcessorRaise(Machine, DISPATCH_LEVEL, "test");
    CHECK_STOPS("IoDisconnectInterrupt", "0xC4, 0x2000d", IoDisconnectInterrupt(Object));
}

TEST(disconnect_twice_stops)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    IoDisconnectInterrupt(Object);
    CHECK_STOPS("IoDisconnectInterrupt", "already disconnected", IoDisconnectInterrupt(Object));
}

TEST(disconnect_of_null_stops)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    CHECK_STOPS("IoDisconnectInterrupt", "NULL", IoDisconnectInterrupt(NULL));
}

TEST(disconnect_of_junk_stops)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    CHECK_STOPS("IoDisconnectInterrupt", "no interrupt object", IoDisconnectInterrupt((PKINTERRUPT)&First));
}

TEST(disconnect_of_the_isr_argument_stops)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);

    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    First.Lowers = Vector;
    VectorAssert(Vector);
    MachineDeliver(Machine);
    CHECK_STOPS("IoDisconnectInterrupt", "ISR's argument", IoDisconnectInterrupt(First.Argument));
}

TEST(disconnect_of_an_ex_object_stops)
{
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
    PDEVICE_OBJECT Pdo;

    Begin("1x8", "win10", MODE_OBSERVED);
    First = (WITNESS) { .Claims = TRUE };
    Pdo = FixturePdo("edu1");
    Parameters = FullFor(Pdo, FixtureAssigned("edu1", 0), &Object, &First);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Parameters));
    CHECK_STOPS("IoDisconnectInterrupt", "IoDisconnectInterruptEx takes it", IoDisconnectInterrupt(Object));
}

TEST(vector_taken_away_under_a_connection_stops)
{
    BeginLine("1x8", "win10", MODE_OBSERVED);
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    CHECK_STOPS("VectorDelete", "while a driver is connected", VectorDelete(Vector));
}

TEST(connection_belongs_to_the_device_that_has_the_vector_for_itself)
{
    MACHINE *Machine = Begin("1x8", "win10", MODE_OBSERVED);
    PDEVICE_OBJECT Mine = FixturePdo("uart0");
    PDEVICE_OBJECT Other = FixturePdo("edu0");
    const ASSIGNED_INTERRUPT *Assigned = FixtureAssigned("uart0", 0);

    First = (WITNESS) { .Claims = TRUE };
    Legacy = LegacyFor(Assigned->Vector, Assigned->Mask, &First);
    Legacy.Mode = Assigned->Mode;
    Legacy.Shared = FALSE;
    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    CHECK_EQUAL(1, InterruptConnections(Machine, Mine));
    CHECK_EQUAL(0, InterruptConnections(Machine, Other));
    IoDisconnectInterrupt(Object);
    CHECK_EQUAL(0, InterruptConnections(Machine, Mine));
    End();
}

TEST(open_connection_is_not_at_rest)
{
    MACHINE *Machine = BeginLine("1x8", "win10", MODE_OBSERVED);
    char Answer[256];

    CHECK_STATUS(STATUS_SUCCESS, LegacyConnect(&Legacy, &Object));
    CHECK(!InterruptsAtRest(Machine, Answer, sizeof(Answer)));
    IoDisconnectInterrupt(Object);
    CHECK(InterruptsAtRest(Machine, Answer, sizeof(Answer)));
    End();
}
