/* The port class: what connects an interrupt through it, in which order, and what ends the run. */
#include <initguid.h>
#include <portcls.h>

#include "machine_fixture.h"

typedef struct ROUTINE {
    ULONG Calls;
    ULONG Succeeds;                     /* so often from the first call on; then it fails */
    ULONG Order;
    VECTOR *Lowers;
    IInterruptSync *Sync;
    KIRQL Irql;
} ROUTINE;

static MACHINE *Machine;
static VECTOR *Vector;
static CM_RESOURCE_LIST Translated;
static CM_RESOURCE_LIST Raw;
static ROUTINE First, Second;
static ULONG Order;

static NTSTATUS NTAPI Routine(IInterruptSync *Sync, PVOID Context)
{
    ROUTINE *Own = Context;

    Own->Sync = Sync;
    Own->Irql = ProcessorIrql(Machine);
    Own->Order = ++Order;
    if (Own->Lowers != NULL) {
        VectorDeassert(Own->Lowers);
        Own->Lowers = NULL;
    }
    return Own->Calls++ < Own->Succeeds ? STATUS_SUCCESS : STATUS_NOT_FOUND;
}

static void BeginPortcls(void)
{
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Entry = &Translated.List[0].PartialResourceList.PartialDescriptors[0];

    Machine = Begin("1x8", "win10", MODE_OBSERVED);
    Vector = VectorCreate(Machine, 6, 0, 0xF, LevelSensitive, TRUE);
    First = (ROUTINE) { .Succeeds = 1 };
    Second = (ROUTINE) { .Succeeds = 1 };
    Order = 0;
    Translated = (CM_RESOURCE_LIST) { .Count = 1 };
    Translated.List[0].PartialResourceList.Count = 1;
    Entry->Type = CmResourceTypeInterrupt;
    Entry->ShareDisposition = CmResourceShareShared;
    Entry->u.Interrupt.Vector = VectorNumber(Vector);
    Entry->u.Interrupt.Level = 6;
    Entry->u.Interrupt.Affinity = 0xF;
    Raw = Translated;
    Raw.List[0].PartialResourceList.PartialDescriptors[0].u.Interrupt.Vector = 17;
}

static IResourceList *MakeList(void)
{
    IResourceList *List = NULL;

    CHECK_STATUS(STATUS_SUCCESS, PcNewResourceList(&List, NULL, NonPagedPool, &Translated, &Raw));
    CHECK(List != NULL);
    return List;
}

/* A synchronisation object of the one interrupt; its list is the object's alone. */
static IInterruptSync *MakeSync(INTERRUPTSYNCMODE Mode)
{
    IResourceList *List = MakeList();
    IInterruptSync *Sync = NULL;

    CHECK_STATUS(STATUS_SUCCESS, PcNewInterruptSync(&Sync, NULL, List, 0, Mode));
    CHECK_EQUAL(1, List->lpVtbl->Release(List));
    return Sync;
}

static IInterruptSync *ConnectSync(INTERRUPTSYNCMODE Mode)
{
    IInterruptSync *Sync = MakeSync(Mode);

    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->RegisterServiceRoutine(Sync, Routine, &First, FALSE));
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->RegisterServiceRoutine(Sync, Routine, &Second, FALSE));
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->Connect(Sync));
    return Sync;
}

static void Interrupt(void)
{
    First.Lowers = Vector;
    VectorAssert(Vector);
    MachineDeliver(Machine);
}

static void EndSync(IInterruptSync *Sync)
{
    Sync->lpVtbl->Disconnect(Sync);
    CHECK_EQUAL(0, Sync->lpVtbl->Release(Sync));
    End();
}

TEST(portcls_list_finds_entries_by_type_and_number)
{
    IResourceList *List;

    BeginPortcls();
    List = MakeList();
    CHECK_EQUAL(1, List->lpVtbl->NumberOfEntries(List));
    CHECK_EQUAL(1, List->lpVtbl->NumberOfEntriesOfType(List, CmResourceTypeInterrupt));
    CHECK_EQUAL(0, List->lpVtbl->NumberOfEntriesOfType(List, CmResourceTypeMemory));
    CHECK_EQUAL(VectorNumber(Vector),
                List->lpVtbl->FindTranslatedEntry(List, CmResourceTypeInterrupt, 0)->u.Interrupt.Vector);
    CHECK_EQUAL(17, List->lpVtbl->FindUntranslatedEntry(List, CmResourceTypeInterrupt, 0)->u.Interrupt.Vector);
    CHECK(List->lpVtbl->FindTranslatedEntry(List, CmResourceTypeInterrupt, 1) == NULL);
    CHECK(List->lpVtbl->TranslatedList(List) != &Translated); /* a copy */
    CHECK_EQUAL(1, List->lpVtbl->UntranslatedList(List)->Count);
    CHECK_EQUAL(0, List->lpVtbl->Release(List));
    End();
}

TEST(portcls_list_of_nothing_is_empty)
{
    IResourceList *List = NULL;

    BeginPortcls();
    CHECK_STATUS(STATUS_SUCCESS, PcNewResourceList(&List, NULL, NonPagedPool, NULL, NULL));
    CHECK_EQUAL(0, List->lpVtbl->NumberOfEntries(List));
    CHECK_EQUAL(0, List->lpVtbl->Release(List));
    End();
}

TEST(portcls_interface_is_asked_by_its_id)
{
    IInterruptSync *Sync;
    PVOID Same;

    BeginPortcls();
    Sync = MakeSync(InterruptSyncModeNormal);
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->QueryInterface(Sync, &IID_IInterruptSync, &Same));
    CHECK(Same == Sync);
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->QueryInterface(Sync, &IID_IUnknown, &Same));
    CHECK_STATUS(STATUS_INVALID_PARAMETER, Sync->lpVtbl->QueryInterface(Sync, &IID_IResourceList, &Same));
    CHECK(Same == NULL);
    CHECK_EQUAL(2, Sync->lpVtbl->Release(Sync));
    CHECK_EQUAL(1, Sync->lpVtbl->Release(Sync));
    CHECK_EQUAL(0, Sync->lpVtbl->Release(Sync));
    End();
}

TEST(portcls_object_has_an_interrupt_only_while_connected)
{
    IInterruptSync *Sync;
    GROUP_AFFINITY Affinity;

    BeginPortcls();
    Sync = MakeSync(InterruptSyncModeNormal);
    CHECK(Sync->lpVtbl->GetKInterrupt(Sync) == NULL);
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->RegisterServiceRoutine(Sync, Routine, &First, FALSE));
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->Connect(Sync));
    CHECK(Sync->lpVtbl->GetKInterrupt(Sync) != NULL);
    CHECK_STATUS(STATUS_SUCCESS, IoGetAffinityInterrupt(Sync->lpVtbl->GetKInterrupt(Sync), &Affinity));
    CHECK_EQUAL(0, Affinity.Group);
    CHECK_EQUAL(0xF, Affinity.Mask);
    Sync->lpVtbl->Disconnect(Sync);
    CHECK(Sync->lpVtbl->GetKInterrupt(Sync) == NULL);
    CHECK_EQUAL(0, Sync->lpVtbl->Release(Sync));
    End();
}

TEST(portcls_interrupt_can_be_asked_for_at_any_irql)
{
    IInterruptSync *Sync;
    PKINTERRUPT Interrupt;
    KIRQL Old;

    BeginPortcls();
    Sync = ConnectSync(InterruptSyncModeNormal);
    Interrupt = Sync->lpVtbl->GetKInterrupt(Sync);
    Old = ProcessorRaise(Machine, HIGH_LEVEL, "the test");
    CHECK(Sync->lpVtbl->GetKInterrupt(Sync) == Interrupt);
    ProcessorLower(Machine, Old, "the test");
    EndSync(Sync);
}

static BOOLEAN NTAPI Synchronised(PVOID Context)
{
    *(KIRQL *)Context = ProcessorIrql(Machine);
    return TRUE;
}

TEST(portcls_interrupt_goes_to_KeSynchronizeExecution)
{
    IInterruptSync *Sync;
    KIRQL Irql = 0;

    BeginPortcls();
    Sync = ConnectSync(InterruptSyncModeNormal);
    CHECK(KeSynchronizeExecution(Sync->lpVtbl->GetKInterrupt(Sync), Synchronised, &Irql));
    CHECK_EQUAL(6, Irql);
    EndSync(Sync);
}

TEST(portcls_mode_normal_stops_at_the_first_success)
{
    IInterruptSync *Sync;

    BeginPortcls();
    Sync = ConnectSync(InterruptSyncModeNormal);
    Interrupt();
    CHECK_EQUAL(1, First.Calls);
    CHECK_EQUAL(0, Second.Calls);
    CHECK(First.Sync == Sync);
    CHECK_EQUAL(6, First.Irql);
    EndSync(Sync);
}

TEST(portcls_mode_all_calls_each_once)
{
    IInterruptSync *Sync;

    BeginPortcls();
    Sync = ConnectSync(InterruptSyncModeAll);
    Interrupt();
    CHECK_EQUAL(1, First.Calls);
    CHECK_EQUAL(1, Second.Calls);
    CHECK(First.Order < Second.Order);
    EndSync(Sync);
}

/* Success in one round makes another; the last one is that in which both fail. */
TEST(portcls_mode_repeat_goes_on_until_none_succeeds)
{
    IInterruptSync *Sync;

    BeginPortcls();
    Sync = ConnectSync(InterruptSyncModeRepeat);
    First.Succeeds = 1;
    Second.Succeeds = 3;
    Interrupt();
    CHECK_EQUAL(4, First.Calls);
    CHECK_EQUAL(4, Second.Calls);
    EndSync(Sync);
}

TEST(portcls_mode_repeat_without_an_end_stops)
{
    BeginPortcls();
    (void)ConnectSync(InterruptSyncModeRepeat);
    First.Succeeds = 0xFFFFFFFF;
    CHECK_STOPS("IInterruptSync", "would never leave them", Interrupt());
}

TEST(portcls_routine_registered_first_is_called_first)
{
    IInterruptSync *Sync;

    BeginPortcls();
    Sync = MakeSync(InterruptSyncModeAll);
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->RegisterServiceRoutine(Sync, Routine, &Second, FALSE));
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->RegisterServiceRoutine(Sync, Routine, &First, TRUE));
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->Connect(Sync));
    Interrupt();
    CHECK(First.Order < Second.Order);
    EndSync(Sync);
}

TEST(portcls_routine_is_synchronised_before_and_after_connect)
{
    IInterruptSync *Sync;

    BeginPortcls();
    Sync = MakeSync(InterruptSyncModeNormal);
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->CallSynchronizedRoutine(Sync, Routine, &Second));
    CHECK_EQUAL(DISPATCH_LEVEL, Second.Irql);
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->RegisterServiceRoutine(Sync, Routine, &First, FALSE));
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->Connect(Sync));
    CHECK_STATUS(STATUS_NOT_FOUND, Sync->lpVtbl->CallSynchronizedRoutine(Sync, Routine, &Second));
    CHECK_EQUAL(6, Second.Irql);
    EndSync(Sync);
}

TEST(portcls_connect_fails_without_a_routine_or_an_interrupt)
{
    IInterruptSync *Sync = NULL;
    IResourceList *List;

    BeginPortcls();
    Sync = MakeSync(InterruptSyncModeNormal);
    CHECK_STATUS(STATUS_UNSUCCESSFUL, Sync->lpVtbl->Connect(Sync));
    CHECK_EQUAL(0, Sync->lpVtbl->Release(Sync));
    List = MakeList();
    CHECK_STATUS(STATUS_SUCCESS, PcNewInterruptSync(&Sync, NULL, List, 1, InterruptSyncModeNormal));
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->RegisterServiceRoutine(Sync, Routine, &First, FALSE));
    CHECK_STATUS(STATUS_UNSUCCESSFUL, Sync->lpVtbl->Connect(Sync));
    CHECK(Sync->lpVtbl->GetKInterrupt(Sync) == NULL);
    CHECK_EQUAL(0, Sync->lpVtbl->Release(Sync));
    CHECK_EQUAL(0, List->lpVtbl->Release(List));
    End();
}

TEST(portcls_connect_hands_on_the_status_of_IoConnectInterrupt)
{
    IInterruptSync *Sync;

    BeginPortcls();
    Translated.List[0].PartialResourceList.PartialDescriptors[0].u.Interrupt.Affinity = 0x100; /* not active */
    Sync = MakeSync(InterruptSyncModeNormal);
    CHECK_STATUS(STATUS_SUCCESS, Sync->lpVtbl->RegisterServiceRoutine(Sync, Routine, &First, FALSE));
    CHECK_STATUS(STATUS_INVALID_PARAMETER, Sync->lpVtbl->Connect(Sync));
    CHECK(Sync->lpVtbl->GetKInterrupt(Sync) == NULL);
    CHECK_EQUAL(0, Sync->lpVtbl->Release(Sync));
    End();
}

TEST(portcls_refuses_what_no_page_allows)
{
    IInterruptSync *Sync = NULL;
    IResourceList *List;

    BeginPortcls();
    List = MakeList();
    CHECK_STATUS(STATUS_INVALID_PARAMETER, PcNewInterruptSync(NULL, NULL, List, 0, InterruptSyncModeNormal));
    CHECK_STATUS(STATUS_INVALID_PARAMETER, PcNewInterruptSync(&Sync, NULL, NULL, 0, InterruptSyncModeNormal));
    CHECK_STATUS(STATUS_INVALID_PARAMETER, PcNewInterruptSync(&Sync, NULL, List, 0, (INTERRUPTSYNCMODE)0));
    CHECK_STATUS(STATUS_INVALID_PARAMETER, PcNewInterruptSync(&Sync, NULL, List, 0, (INTERRUPTSYNCMODE)4));
    CHECK_STATUS(STATUS_INVALID_PARAMETER, PcNewResourceList(NULL, NULL, NonPagedPool, &Translated, &Raw));
    CHECK_STATUS(STATUS_INSUFFICIENT_RESOURCES, List->lpVtbl->AddEntry(List, NULL, NULL));
    CHECK_STATUS(STATUS_INSUFFICIENT_RESOURCES,
                 List->lpVtbl->AddEntryFromParent(List, List, CmResourceTypeInterrupt, 0));
    CHECK_EQUAL(0, List->lpVtbl->Release(List));
    End();
}

TEST(portcls_each_fallible_call_can_be_made_to_fail)
{
    IInterruptSync *Sync = NULL;
    IResourceList *List = NULL;

    BeginPortcls();
    MachineFailAt(Machine, 1);
    CHECK_STATUS(STATUS_INSUFFICIENT_RESOURCES, PcNewResourceList(&List, NULL, NonPagedPool, &Translated, &Raw));
    CHECK(List == NULL);
    List = MakeList();
    MachineFailAt(Machine, 1);
    CHECK_STATUS(STATUS_INSUFFICIENT_RESOURCES, PcNewInterruptSync(&Sync, NULL, List, 0, InterruptSyncModeNormal));
    CHECK(Sync == NULL);
    CHECK_STATUS(STATUS_SUCCESS, PcNewInterruptSync(&Sync, NULL, List, 0, InterruptSyncModeNormal));
    MachineFailAt(Machine, 1);
    CHECK_STATUS(STATUS_INSUFFICIENT_RESOURCES, Sync->lpVtbl->RegisterServiceRoutine(Sync, Routine, &First, FALSE));
    CHECK_EQUAL(0, Sync->lpVtbl->Release(Sync));
    CHECK_EQUAL(0, List->lpVtbl->Release(List));
    End();
}

TEST(portcls_release_of_a_connected_object_stops)
{
    IInterruptSync *Sync;

    BeginPortcls();
    Sync = ConnectSync(InterruptSyncModeNormal);
    CHECK_STOPS("IInterruptSync::Release", "Disconnect comes first", Sync->lpVtbl->Release(Sync));
}

TEST(portcls_second_disconnect_stops)
{
    IInterruptSync *Sync;

    BeginPortcls();
    Sync = ConnectSync(InterruptSyncModeNormal);
    Sync->lpVtbl->Disconnect(Sync);
    CHECK_STOPS("IInterruptSync::Disconnect", "not connected", Sync->lpVtbl->Disconnect(Sync));
}

TEST(portcls_second_connect_stops)
{
    IInterruptSync *Sync;

    BeginPortcls();
    Sync = ConnectSync(InterruptSyncModeNormal);
    CHECK_STOPS("IInterruptSync::Connect", "connected already", Sync->lpVtbl->Connect(Sync));
}

TEST(portcls_object_used_after_release_stops)
{
    IInterruptSync *Sync;

    BeginPortcls();
    Sync = MakeSync(InterruptSyncModeNormal);
    CHECK_EQUAL(0, Sync->lpVtbl->Release(Sync));
    CHECK_STOPS("IInterruptSync::GetKInterrupt", "use after free", Sync->lpVtbl->GetKInterrupt(Sync));
}

TEST(portcls_connect_above_passive_level_stops)
{
    IInterruptSync *Sync;

    BeginPortcls();
    Sync = MakeSync(InterruptSyncModeNormal);
    (void)ProcessorRaise(Machine, DISPATCH_LEVEL, "KfRaiseIrql");
    CHECK_STOPS("IInterruptSync::Connect", "IRQL", Sync->lpVtbl->Connect(Sync));
}

TEST(portcls_object_that_was_not_released_is_no_rest)
{
    char Answer[256];
    IInterruptSync *Sync;

    BeginPortcls();
    Sync = MakeSync(InterruptSyncModeNormal);
    CHECK(!InterruptsAtRest(Machine, Answer, sizeof(Answer)));
    CHECK(strstr(Answer, "1 synchronisation objects of the port class") != NULL);
    CHECK_EQUAL(2, PortclassCount(Machine)); /* it holds its list */
    CHECK_EQUAL(0, Sync->lpVtbl->Release(Sync));
    CHECK(InterruptsAtRest(Machine, Answer, sizeof(Answer)));
    End();
}

/* The tables are what drivers are built against. */
_Static_assert(offsetof(IInterruptSyncVtbl, CallSynchronizedRoutine) == 3 * sizeof(PVOID), "method 3");
_Static_assert(offsetof(IInterruptSyncVtbl, GetKInterrupt) == 4 * sizeof(PVOID), "method 4");
_Static_assert(offsetof(IInterruptSyncVtbl, Connect) == 5 * sizeof(PVOID), "method 5");
_Static_assert(offsetof(IInterruptSyncVtbl, Disconnect) == 6 * sizeof(PVOID), "method 6");
_Static_assert(offsetof(IInterruptSyncVtbl, RegisterServiceRoutine) == 7 * sizeof(PVOID), "method 7");
_Static_assert(offsetof(IResourceListVtbl, NumberOfEntries) == 3 * sizeof(PVOID), "method 3");
_Static_assert(offsetof(IResourceListVtbl, FindTranslatedEntry) == 5 * sizeof(PVOID), "method 5");
_Static_assert(offsetof(IResourceListVtbl, UntranslatedList) == 10 * sizeof(PVOID), "method 10");
