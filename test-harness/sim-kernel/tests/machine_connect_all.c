/* IoConnectInterruptEx for all lines and for all messages of a device, with and without fallback, in both modes. */
#include "machine_ex.h"

/* ---- Line based -------------------------------------------------------------------------------------------------- */

TEST(line_based_connects_the_assigned_line_shared)
{
    ExBeginLine(MODE_OBSERVED, "edu1");
    Ex.First.Claims = FALSE;
    VectorForeign(Ex.Assigned->Vector, TRUE);
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_EQUAL(CONNECT_LINE_BASED, Ex.Parameters.Version);
    CHECK_EQUAL(1, Ex.First.Calls);        /* a foreign one, before the connect returned */
    CHECK_EQUAL(Ex.Assigned->Irql, Ex.First.Irql);
    DisconnectEx(CONNECT_LINE_BASED, Ex.Object);
    End();
}

TEST(line_based_refuses_null_pdo)
{
    ExBeginLine(MODE_OBSERVED, "edu1");
    Ex.Parameters.LineBased.PhysicalDeviceObject = NULL;
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(line_based_refuses_null_routine)
{
    ExBeginLine(MODE_DOCUMENTED, "edu1");
    Ex.Parameters.LineBased.ServiceRoutine = NULL;
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(line_based_refuses_synchronize_irql_that_is_too_low)
{
    ExBeginLine(MODE_OBSERVED, "edu1");
    Ex.Parameters.LineBased.SynchronizeIrql = (KIRQL)(Ex.Assigned->Irql - 1);
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(line_based_takes_a_higher_synchronize_irql)
{
    ExBeginLine(MODE_OBSERVED, "edu1");
    Ex.Parameters.LineBased.SynchronizeIrql = 12;
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    Ex.First.Lowers = Ex.Assigned->Vector;
    VectorAssert(Ex.Assigned->Vector);
    MachineDeliver(PlatformMachine());
    CHECK_EQUAL(12, Ex.First.Irql);
    DisconnectEx(CONNECT_LINE_BASED, Ex.Object);
    End();
}

TEST(line_based_refuses_device_with_messages_documented)
{
    ExBeginLine(MODE_DOCUMENTED, "igb0");
    ExCheckRefused(STATUS_INVALID_DEVICE_REQUEST);
}

TEST(line_based_refuses_device_with_messages_observed)
{
    ExBeginLine(MODE_OBSERVED, "igb0");
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(line_based_refuses_device_without_interrupts_documented)
{
    ExBeginLine(MODE_DOCUMENTED, "root0");
    ExCheckRefused(STATUS_NOT_FOUND);
}

TEST(line_based_refuses_device_without_interrupts_observed)
{
    ExBeginLine(MODE_OBSERVED, "root0");
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

/* ---- Message based ----------------------------------------------------------------------------------------------- */

TEST(message_table_has_an_object_for_each_message)
{
    PIO_INTERRUPT_MESSAGE_INFO Table;
    GROUP_AFFINITY Affinity;
    ULONG Index;

    ExBeginMessages(MODE_OBSERVED, "igb0");
    Table = ExConnectTable();
    CHECK_EQUAL(8, Table->MessageCount);
    for (Index = 0; Index < Table->MessageCount; Index++) {
        const ASSIGNED_INTERRUPT *Message = FixtureAssigned("igb0", Index);
        PIO_INTERRUPT_MESSAGE_INFO_ENTRY Entry = &Table->MessageInfo[Index];

        CHECK_EQUAL(Message->Number, Entry->Vector);
        CHECK_EQUAL(Message->Irql, Entry->Irql);
        CHECK_EQUAL(Latched, Entry->Mode);
        CHECK_EQUAL(Message->Mask, Entry->TargetProcessorSet);
        CHECK_EQUAL(Message->Number, Entry->MessageData);
        CHECK_EQUAL(0xFEE, (ULONG)Entry->MessageAddress.QuadPart >> 20);
        CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Entry->InterruptObject, &Affinity));
        CHECK_EQUAL(Message->Group, Affinity.Group);
        CHECK_EQUAL(Message->Mask, Affinity.Mask);
        CHECK(Index == 0 || Entry->InterruptObject != Table->MessageInfo[Index - 1].InterruptObject);
    }
    ExEndTable();
}

TEST(message_id_is_the_index_in_the_table)
{
    ULONG Index;

    ExBeginMessages(MODE_OBSERVED, "igb0");
    ExConnectTable();
    for (Index = 0; Index < 8; Index++) {
        VectorSend(FixtureAssigned("igb0", Index)->Vector);
        MachineDeliver(PlatformMachine());
        CHECK_EQUAL(Index, Ex.First.MessageId);
        CHECK_EQUAL(Index + 1, Ex.First.Calls);
    }
    ExEndTable();
}

static KIRQL HighestIrql(void)
{
    KIRQL Highest = 0;
    ULONG Index;

    for (Index = 0; Index < 8; Index++) {
        Highest = max(Highest, FixtureAssigned("igb0", Index)->Irql);
    }
    return Highest;
}

TEST(message_based_without_lock_has_no_unified_irql)
{
    ULONG Index;

    ExBeginMessages(MODE_OBSERVED, "igb0");
    CHECK_EQUAL(0, ExConnectTable()->UnifiedIrql);
    for (Index = 0; Index < 8; Index++) {
        VectorSend(FixtureAssigned("igb0", Index)->Vector);
        MachineDeliver(PlatformMachine());
        CHECK_EQUAL(FixtureAssigned("igb0", Index)->Irql, Ex.First.Irql);
    }
    ExEndTable();
}

TEST(message_based_with_lock_unifies_at_the_highest_irql)
{
    static KSPIN_LOCK Lock;

    Lock = 0;
    ExBeginMessages(MODE_OBSERVED, "igb0");
    Ex.Parameters.MessageBased.SpinLock = &Lock;
    CHECK_EQUAL(HighestIrql(), ExConnectTable()->UnifiedIrql);
    VectorSend(FixtureAssigned("igb0", 0)->Vector);
    MachineDeliver(PlatformMachine());
    CHECK_EQUAL(HighestIrql(), Ex.First.Irql);
    ExEndTable();
}

TEST(message_based_with_synchronize_irql_unifies_under_the_systems_lock)
{
    ExBeginMessages(MODE_OBSERVED, "igb0");
    Ex.Parameters.MessageBased.SynchronizeIrql = 12;
    CHECK_EQUAL(12, ExConnectTable()->UnifiedIrql);
    VectorSend(FixtureAssigned("igb0", 3)->Vector);
    MachineDeliver(PlatformMachine());
    CHECK_EQUAL(12, Ex.First.Irql);
    ExEndTable();
}

static ULONG Deepest;

static void SendEveryOther(WITNESS *Witness)
{
    static ULONG Depth;
    ULONG Index;

    (void)Witness;
    if (++Depth > Deepest) {
        Deepest = Depth;
    }
    if (Witness->Calls == 1) {
        for (Index = 1; Index < 8; Index++) {
            VectorSend(FixtureAssigned("igb0", Index)->Vector);
        }
    }
    MachineSpend(PlatformMachine(), 5000, 5000);    /* an ISR that takes long enough for the others to arrive */
    MachineDeliver(PlatformMachine());
    Depth--;
}

static ULONG DepthOfMessages(BOOLEAN Unified)
{
    ExBeginMessages(MODE_OBSERVED, "igb0");
    Ex.First.Act = SendEveryOther;
    Ex.Parameters.MessageBased.SynchronizeIrql = Unified ? 12 : 0;
    ExConnectTable();
    Deepest = 0;
    VectorSend(FixtureAssigned("igb0", 0)->Vector);
    MachineDeliver(PlatformMachine());
    CHECK_EQUAL(8, Ex.First.Calls);
    ExEndTable();
    return Deepest;
}

TEST(messages_without_lock_run_concurrently_and_unified_ones_do_not)
{
    CHECK(DepthOfMessages(FALSE) > 1);
    CHECK_EQUAL(1, DepthOfMessages(TRUE));
}

TEST(message_based_refuses_null_pdo_documented)
{
    ExBeginMessages(MODE_DOCUMENTED, "igb0");
    Ex.Parameters.MessageBased.PhysicalDeviceObject = NULL;
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(message_based_folds_causes_into_not_supported_observed)
{
    ExBeginMessages(MODE_OBSERVED, "igb0");
    Ex.Parameters.MessageBased.PhysicalDeviceObject = NULL;
    ExCheckRefused(STATUS_NOT_SUPPORTED);
    ExBeginMessages(MODE_OBSERVED, "igb0");
    MachineFailAt(PlatformMachine(), 1);
    ExCheckRefused(STATUS_NOT_SUPPORTED);
}

TEST(message_based_refuses_synchronize_irql_that_is_too_low_documented)
{
    ExBeginMessages(MODE_DOCUMENTED, "igb0");
    Ex.Parameters.MessageBased.SynchronizeIrql = 3;
    ExCheckRefused(STATUS_INVALID_PARAMETER);
}

TEST(message_based_says_when_resources_are_short_documented)
{
    ExBeginMessages(MODE_DOCUMENTED, "igb0");
    MachineFailAt(PlatformMachine(), 1);
    ExCheckRefused(STATUS_INSUFFICIENT_RESOURCES);
}

TEST(message_based_does_not_fit_a_line_documented)
{
    ExBeginMessages(MODE_DOCUMENTED, "edu1");
    ExCheckRefused(STATUS_INVALID_DEVICE_REQUEST);
}

TEST(message_based_does_not_fit_a_line_observed)
{
    ExBeginMessages(MODE_OBSERVED, "edu1");
    CHECK_STATUS(STATUS_NOT_SUPPORTED, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_EQUAL(CONNECT_MESSAGE_BASED, Ex.Parameters.Version);
    End();
}

TEST(message_based_finds_no_interrupts_documented)
{
    ExBeginMessages(MODE_DOCUMENTED, "root0");
    ExCheckRefused(STATUS_NOT_FOUND);
}

TEST(message_based_finds_no_interrupts_observed)
{
    ExBeginMessages(MODE_OBSERVED, "root0");
    ExCheckRefused(STATUS_NOT_SUPPORTED);
}

static void CheckFallback(MACHINE_MODE Mode)
{
    ExBeginMessages(Mode, "edu1");
    Ex.Parameters.MessageBased.FallBackServiceRoutine = WitnessRoutine;
    Ex.Parameters.MessageBased.SynchronizeIrql = 12;
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_EQUAL(CONNECT_LINE_BASED, Ex.Parameters.Version);
    Ex.First.Lowers = Ex.Assigned->Vector;
    VectorAssert(Ex.Assigned->Vector);
    MachineDeliver(PlatformMachine());
    CHECK_EQUAL(1, Ex.First.Calls);
    CHECK_EQUAL(12, Ex.First.Irql);        /* it keeps ServiceContext, SpinLock and SynchronizeIrql */
    DisconnectEx(CONNECT_LINE_BASED, Ex.Context);
    End();
}

TEST(fallback_connects_the_line_and_says_so_documented)
{
    CheckFallback(MODE_DOCUMENTED);
}

TEST(fallback_connects_the_line_and_says_so_observed)
{
    CheckFallback(MODE_OBSERVED);
}

TEST(fallback_that_fails_says_line_based_observed)
{
    ExBeginMessages(MODE_OBSERVED, "root0");
    Ex.Parameters.MessageBased.FallBackServiceRoutine = WitnessRoutine;
    CHECK_STATUS(STATUS_INVALID_PARAMETER, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_EQUAL(CONNECT_LINE_BASED, Ex.Parameters.Version);
    CHECK(Ex.Context == NULL);
    End();
}
