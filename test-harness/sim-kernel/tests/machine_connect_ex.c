/* IoConnectInterruptEx and IoDisconnectInterruptEx: versions, fully specified connects, disconnects, in both modes. */
#include "machine_ex.h"

/* ---- Versions ---------------------------------------------------------------------------------------------------- */

TEST(ex_unknown_version_is_invalid_parameter_1_documented)
{
    ExBeginFull("server2022", MODE_DOCUMENTED);
    Ex.Parameters.Version = 77;
    CHECK_STATUS(STATUS_INVALID_PARAMETER_1, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_EQUAL(77, Ex.Parameters.Version);
    End();
}

TEST(ex_unknown_version_is_not_supported_and_names_message_based_observed)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.Version = 77;
    CHECK_STATUS(STATUS_NOT_SUPPORTED, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_EQUAL(CONNECT_MESSAGE_BASED, Ex.Parameters.Version);
    End();
}

TEST(ex_version_zero_is_unknown)
{
    ExBeginFull("server2022", MODE_DOCUMENTED);
    Ex.Parameters.Version = 0;
    CHECK_STATUS(STATUS_INVALID_PARAMETER_1, IoConnectInterruptEx(&Ex.Parameters));
    End();
}

TEST(ex_passive_messages_do_not_fit_the_device_documented)
{
    ExBeginMessages(MODE_DOCUMENTED, "igb0");
    Ex.Parameters.Version = PASSIVE_MESSAGES;
    CHECK_STATUS(STATUS_INVALID_DEVICE_REQUEST, IoConnectInterruptEx(&Ex.Parameters));
    CHECK(FixtureLog()[0] != 0);
    End();
}

TEST(ex_passive_messages_are_not_supported_observed)
{
    ExBeginMessages(MODE_OBSERVED, "igb0");
    Ex.Parameters.Version = PASSIVE_MESSAGES;
    CHECK_STATUS(STATUS_NOT_SUPPORTED, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_EQUAL(PASSIVE_MESSAGES, Ex.Parameters.Version);
    End();
}

TEST(ex_passive_messages_are_unknown_to_win7)
{
    ExBegin("win7", MODE_DOCUMENTED, "igb0", 0, 0);
    Ex.Parameters = MessageFor(Ex.Pdo, &Ex.Context, &Ex.First);
    Ex.Parameters.Version = PASSIVE_MESSAGES;
    CHECK_STATUS(STATUS_INVALID_PARAMETER_1, IoConnectInterruptEx(&Ex.Parameters));
    End();
}

TEST(ex_routines_are_not_there_on_nt52)
{
    Begin("1x8", "nt52", MODE_OBSERVED);
    CHECK_STOPS("IoConnectInterruptEx", "has no such routine", IoConnectInterruptEx(&Ex.Parameters));
    Begin("1x8", "nt52", MODE_OBSERVED);
    CHECK_STOPS("IoDisconnectInterruptEx", "has no such routine", DisconnectEx(1, Ex.Object));
}

TEST(ex_above_passive_level_is_bug_check_121_observed)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    ProcessorRaise(PlatformMachine(), DISPATCH_LEVEL, "test");
    CHECK_STOPS("IoConnectInterruptEx", "0x121", IoConnectInterruptEx(&Ex.Parameters));
}

TEST(ex_above_passive_level_is_verifier_stop_documented)
{
    ExBeginFull("server2022", MODE_DOCUMENTED);
    ProcessorRaise(PlatformMachine(), APC_LEVEL, "test");
    CHECK_STOPS("IoConnectInterruptEx", "0xC4, 0x2000b", IoConnectInterruptEx(&Ex.Parameters));
}

TEST(ex_device_object_that_is_no_pdo_is_bug_check_ca)
{
    static DEVICE_OBJECT Fdo;

    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.FullySpecified.PhysicalDeviceObject = &Fdo;
    CHECK_STOPS("IoConnectInterruptEx", "0xCA", IoConnectInterruptEx(&Ex.Parameters));
}

/* ---- Fully specified --------------------------------------------------------------------------------------------- */

TEST(fully_specified_group_connects_where_it_was_assigned)
{
    GROUP_AFFINITY Affinity;

    ExBeginFull("server2022", MODE_OBSERVED);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_EQUAL(CONNECT_FULLY_SPECIFIED_GROUP, Ex.Parameters.Version);
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Ex.Object, &Affinity));
    CHECK_EQUAL(1, Affinity.Group);
    CHECK_EQUAL(0xFF, Affinity.Mask);
    Ex.First.Lowers = Ex.Assigned->Vector;
    VectorAssert(Ex.Assigned->Vector);
    MachineDeliver(PlatformMachine());
    CHECK_EQUAL(1, Ex.First.Calls);
    DisconnectEx(Ex.Parameters.Version, Ex.Object);
    End();
}

TEST(fully_specified_group_connects_a_single_message)
{
    ExBegin("server2022", MODE_OBSERVED, "edu0", 2, 0xF0);
    Ex.Parameters = FullFor(Ex.Pdo, Ex.Assigned, &Ex.Object, &Ex.First);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    VectorSend(Ex.Assigned->Vector);
    MachineDeliver(PlatformMachine());
    CHECK_EQUAL(1, Ex.First.Calls);
    DisconnectEx(CONNECT_FULLY_SPECIFIED_GROUP, Ex.Object);
    End();
}

TEST(fully_specified_ignores_the_group_member)
{
    GROUP_AFFINITY Affinity;

    ExBegin("server2022", MODE_OBSERVED, "edu1", 0, 0xF);
    Ex.Parameters = FullFor(Ex.Pdo, Ex.Assigned, &Ex.Object, &Ex.First);
    Ex.Parameters.Version = CONNECT_FULLY_SPECIFIED;
    Ex.Parameters.FullySpecified.Group = 0xABCD;
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Ex.Object, &Affinity));
    CHECK_EQUAL(0, Affinity.Group);
    DisconnectEx(CONNECT_FULLY_SPECIFIED, Ex.Object);
    End();
}

TEST(fully_specified_refuses_device_of_another_group_observed)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.Version = CONNECT_FULLY_SPECIFIED;
    ExCheckRefused(STATUS_NOT_SUPPORTED);
}

TEST(fully_specified_connects_device_of_another_group_in_vain_documented)
{
    GROUP_AFFINITY Affinity;

    ExBeginFull("server2022", MODE_DOCUMENTED);
    Ex.Parameters.Version = CONNECT_FULLY_SPECIFIED;
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Ex.Object, &Affinity));
    CHECK_EQUAL(0, Affinity.Group);
    VectorAssert(Ex.Assigned->Vector);
    MachineDeliver(PlatformMachine());
    VectorDeassert(Ex.Assigned->Vector);
    CHECK_EQUAL(0, Ex.First.Calls);
    DisconnectEx(CONNECT_FULLY_SPECIFIED, Ex.Object);
    End();
}

TEST(fully_specified_refuses_null_pdo)
{
    static const MACHINE_MODE Modes[] = { MODE_DOCUMENTED, MODE_OBSERVED };
    ULONG Index;

    for (Index = 0; Index < 2; Index++) {
        ExBeginFull("server2022", Modes[Index]);
        Ex.Parameters.FullySpecified.PhysicalDeviceObject = NULL;
        ExCheckRefused(STATUS_INVALID_PARAMETER);
    }
}

TEST(fully_specified_refuses_null_routine)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.FullySpecified.ServiceRoutine = NULL;
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(fully_specified_refuses_synchronize_irql_below_irql)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.FullySpecified.SynchronizeIrql = (KIRQL)(Ex.Assigned->Irql - 1);
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(fully_specified_refuses_lock_for_passive_interrupt)
{
    KSPIN_LOCK Lock = 0;

    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.FullySpecified.Irql = PASSIVE_LEVEL;
    Ex.Parameters.FullySpecified.SynchronizeIrql = PASSIVE_LEVEL;
    Ex.Parameters.FullySpecified.SpinLock = &Lock;
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(fully_specified_says_that_passive_interrupts_are_not_modelled)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.FullySpecified.Irql = PASSIVE_LEVEL;
    Ex.Parameters.FullySpecified.SynchronizeIrql = PASSIVE_LEVEL;
    CHECK_STATUS(STATUS_NOT_SUPPORTED, IoConnectInterruptEx(&Ex.Parameters));
    CHECK(FixtureLog()[0] != 0);
    End();
}

TEST(fully_specified_refuses_empty_mask_with_parameter_10_documented)
{
    ExBeginFull("server2022", MODE_DOCUMENTED);
    Ex.Parameters.FullySpecified.ProcessorEnableMask = 0;
    ExCheckRefused(STATUS_INVALID_PARAMETER_10);
}

TEST(fully_specified_refuses_mask_of_inactive_processors_with_parameter_10_documented)
{
    ExBeginFull("server2022", MODE_DOCUMENTED);
    Ex.Parameters.FullySpecified.ProcessorEnableMask = 0xFF0000;   /* group 1 has 16 */
    ExCheckRefused(STATUS_INVALID_PARAMETER_10);
}

TEST(fully_specified_refuses_empty_mask_observed)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.FullySpecified.ProcessorEnableMask = 0;
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(fully_specified_group_refuses_a_group_that_is_not_active)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.FullySpecified.Group = 3;
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(fully_specified_refuses_foreign_vector_documented)
{
    ExBeginFull("server2022", MODE_DOCUMENTED);
    Ex.Parameters.FullySpecified.Vector += 1;
    ExCheckRefused(STATUS_NOT_FOUND);
}

TEST(fully_specified_refuses_foreign_vector_observed)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.FullySpecified.Vector += 1;
    ExCheckRefused(STATUS_NOT_SUPPORTED);
}

TEST(fully_specified_refuses_narrower_mask_observed)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.FullySpecified.ProcessorEnableMask = 0x0F;
    ExCheckRefused(STATUS_NOT_SUPPORTED);
}

TEST(fully_specified_refuses_other_mode_observed)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.FullySpecified.InterruptMode = Latched;
    ExCheckRefused(STATUS_NOT_SUPPORTED);
}

TEST(fully_specified_refuses_other_irql_observed)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.FullySpecified.Irql = (KIRQL)(Ex.Assigned->Irql - 1);
    ExCheckRefused(STATUS_NOT_SUPPORTED);
}

TEST(fully_specified_refuses_other_irql_documented)
{
    ExBeginFull("server2022", MODE_DOCUMENTED);
    Ex.Parameters.FullySpecified.Irql = (KIRQL)(Ex.Assigned->Irql - 1);
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

static void CheckNarrow(const char *Profile, MACHINE_MODE Mode)
{
    GROUP_AFFINITY Affinity;

    ExBeginFull(Profile, Mode);
    Ex.Parameters.FullySpecified.ProcessorEnableMask = 0x0C;
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Ex.Object, &Affinity));
    CHECK_EQUAL(0x0C, Affinity.Mask);
    DisconnectEx(CONNECT_FULLY_SPECIFIED_GROUP, Ex.Object);
    End();
}

TEST(fully_specified_takes_narrower_mask_documented)
{
    CheckNarrow("server2022", MODE_DOCUMENTED);
}

TEST(fully_specified_takes_narrower_mask_on_win7_observed)
{
    CheckNarrow("win7", MODE_OBSERVED);
}

TEST(fully_specified_finds_no_interrupt_of_a_root_device_documented)
{
    ASSIGNED_INTERRUPT Wanted = { .Number = 0x61, .Irql = 6, .Mode = Latched, .Mask = 1 };

    ExBegin("server2022", MODE_DOCUMENTED, "root0", 0, 0);
    CHECK(Ex.Assigned == NULL);
    Ex.Parameters = FullFor(Ex.Pdo, &Wanted, &Ex.Object, &Ex.First);
    ExCheckRefused(STATUS_NOT_FOUND);
}

TEST(fully_specified_connects_a_root_device_without_assigned_data_observed)
{
    ASSIGNED_INTERRUPT Wanted = { .Irql = 6, .Mode = Latched, .Group = 2, .Mask = 0x3 };

    ExBegin("server2022", MODE_OBSERVED, "root0", 0, 0);
    Wanted.Vector = VectorCreate(PlatformMachine(), 6, 2, 0x3, Latched, FALSE);
    Wanted.Number = VectorNumber(Wanted.Vector);
    Ex.Parameters = FullFor(Ex.Pdo, &Wanted, &Ex.Object, &Ex.First);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    VectorSend(Wanted.Vector);
    MachineDeliver(PlatformMachine());
    CHECK_EQUAL(1, Ex.First.Calls);
    DisconnectEx(CONNECT_FULLY_SPECIFIED_GROUP, Ex.Object);
    End();
}

TEST(fully_specified_says_when_resources_are_short)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    MachineFailAt(PlatformMachine(), 1);
    ExCheckRefused(STATUS_INSUFFICIENT_RESOURCES);
}

TEST(fully_specified_is_refused_by_fault)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    FixtureArm("refused device=edu1");
    ExCheckRefused(STATUS_INSUFFICIENT_RESOURCES);
}

TEST(fully_specified_without_a_place_for_the_object_is_refused_documented)
{
    ExBeginFull("server2022", MODE_DOCUMENTED);
    Ex.Parameters.FullySpecified.InterruptObject = NULL;
    CHECK_STATUS(STATUS_INVALID_PARAMETER, IoConnectInterruptEx(&Ex.Parameters));
    End();
}

TEST(fully_specified_without_a_place_for_the_object_stops_observed)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    Ex.Parameters.FullySpecified.InterruptObject = NULL;
    CHECK_STOPS("IoConnectInterruptEx", "no place for the result", IoConnectInterruptEx(&Ex.Parameters));
}

TEST(fully_specified_shares_a_line_with_another_device)
{
    IO_CONNECT_INTERRUPT_PARAMETERS Other;
    static WITNESS Second;
    PKINTERRUPT OtherObject;
    PDEVICE_OBJECT OtherPdo;

    ExBeginFull("server2022", MODE_OBSERVED);
    OtherPdo = FixturePdo("e1000e1");
    CHECK(FixtureAssigned("e1000e1", 0)->Vector == Ex.Assigned->Vector);
    Second = (WITNESS) { .Claims = TRUE };
    Ex.First.Claims = FALSE;
    Other = FullFor(OtherPdo, FixtureAssigned("e1000e1", 0), &OtherObject, &Second);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Other));
    Second.Lowers = Ex.Assigned->Vector;
    VectorAssert(Ex.Assigned->Vector);
    MachineDeliver(PlatformMachine());
    CHECK_EQUAL(1, Ex.First.Calls);
    CHECK_EQUAL(1, Second.Calls);
    DisconnectEx(CONNECT_FULLY_SPECIFIED_GROUP, Ex.Object);
    DisconnectEx(CONNECT_FULLY_SPECIFIED_GROUP, OtherObject);
    End();
}

/* ---- Disconnect -------------------------------------------------------------------------------------------------- */

TEST(disconnect_ex_needs_the_version_that_connect_returned)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_STOPS("IoDisconnectInterruptEx", "version 1 is given", DisconnectEx(CONNECT_FULLY_SPECIFIED, Ex.Object));
}

TEST(disconnect_ex_after_fallback_needs_line_based)
{
    ExBeginMessages(MODE_OBSERVED, "edu1");
    Ex.Parameters.MessageBased.FallBackServiceRoutine = WitnessRoutine;
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_STOPS("IoDisconnectInterruptEx", "version 3 is given", DisconnectEx(CONNECT_MESSAGE_BASED, Ex.Context));
}

TEST(disconnect_ex_with_unknown_version_is_bug_check_ca_code_9)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_STOPS("IoDisconnectInterruptEx", "0xCA (PNP_DETECTED_FATAL_ERROR), 9", DisconnectEx(77, Ex.Object));
}

TEST(disconnect_ex_of_a_message_object_instead_of_its_table_stops)
{
    PIO_INTERRUPT_MESSAGE_INFO Table;

    ExBeginMessages(MODE_OBSERVED, "igb0");
    Table = ExConnectTable();
    CHECK_STOPS("IoDisconnectInterruptEx", "not what a connect handed out",
                DisconnectEx(CONNECT_MESSAGE_BASED, Table->MessageInfo[0].InterruptObject));
}

TEST(disconnect_ex_twice_stops)
{
    ExBeginMessages(MODE_OBSERVED, "igb0");
    ExConnectTable();
    DisconnectEx(CONNECT_MESSAGE_BASED, Ex.Context);
    CHECK_STOPS("IoDisconnectInterruptEx", "already disconnected", DisconnectEx(CONNECT_MESSAGE_BASED, Ex.Context));
}

TEST(disconnect_ex_above_passive_level_is_verifier_stop)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    ProcessorRaise(PlatformMachine(), DISPATCH_LEVEL, "test");
    CHECK_STOPS("IoDisconnectInterruptEx", "0xC4, 0x2000d", DisconnectEx(CONNECT_FULLY_SPECIFIED_GROUP, Ex.Object));
}

TEST(disconnect_ex_of_null_stops)
{
    ExBeginFull("server2022", MODE_OBSERVED);
    CHECK_STOPS("IoDisconnectInterruptEx", "NULL", DisconnectEx(CONNECT_FULLY_SPECIFIED_GROUP, NULL));
}
