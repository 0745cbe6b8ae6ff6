/* What the PnP manager asks, in which order, and what it does with the answers. */
#include "kernel_fixture.h"

#include <initguid.h>
#include <string.h>
#include <wdmguid.h>

#define STARTED "FILTER START CAPABILITIES STATE RELATIONS"

static BOOLEAN Refuses(PIRP Irp, UCHAR Minor)
{
    return IoGetCurrentIrpStackLocation(Irp)->MinorFunction == Minor;
}

TEST(a_device_is_added_filtered_started_and_asked)
{
    Begin(ONE_DEVICE, "");
    CHECK_TRACE("ENTRY ADD " STARTED);
    CHECK(strncmp(Say("state edu0"), "started D0 S0 starts=1 handles=0", 32) == 0);
    CHECK_EQUAL(1, SimulatedMachineDelete(Machine, (char[8]){ 0 }, 8) == 0);
    CHECK_TRACE("REMOVE UNLOAD");
}

TEST(a_restart_removes_and_adds_again)
{
    Begin(ONE_DEVICE, "");
    TraceTake();
    Say("restart edu0");
    CHECK_TRACE("QUERY_REMOVE REMOVE ADD " STARTED);
    End();
}

TEST(query_remove_is_vetoed_while_a_handle_is_open)
{
    SIM_HANDLE Opened;

    Begin(ONE_DEVICE, "");
    Opened = Open(0);
    TraceTake();
    CHECK(strstr(SayFails("restart edu0"), "vetoed: 1 handles are open") != NULL);
    CHECK_TRACE("QUERY_REMOVE CANCEL_REMOVE");
    CHECK(CloseHandle(Opened));
    TraceTake();
    Say("query-remove edu0");
    CHECK_TRACE("QUERY_REMOVE CANCEL_REMOVE");
    Say("restart edu0");
    End();
}

static NTSTATUS RefuseQueryRemove(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    UNREFERENCED_PARAMETER(Device);
    *Taken = Refuses(Irp, IRP_MN_QUERY_REMOVE_DEVICE);
    return *Taken ? Complete(Irp, STATUS_DEVICE_BUSY, 0) : STATUS_SUCCESS;
}

TEST(query_remove_is_vetoed_by_the_driver)
{
    Begin(ONE_DEVICE, "");
    Probe.Pnp = RefuseQueryRemove;
    CHECK(strstr(SayFails("restart edu0"), "vetoed: the driver refused: 0x80000011") != NULL);
    CHECK(strncmp(Say("state edu0"), "started", 7) == 0);
    End();
}

static NTSTATUS RefuseQueryStop(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    UNREFERENCED_PARAMETER(Device);
    *Taken = Refuses(Irp, IRP_MN_QUERY_STOP_DEVICE);
    return *Taken ? Complete(Irp, STATUS_DEVICE_BUSY, 0) : STATUS_SUCCESS;
}

TEST(a_rebalance_stops_filters_and_starts_again)
{
    Begin(ONE_DEVICE, "");
    TraceTake();
    Say("rebalance edu0 group=1");
    CHECK_TRACE("QUERY_STOP STOP " STARTED);
    CHECK(strstr(Say("grants edu0"), " 1 0xf") != NULL);
    Say("query-stop edu0");
    CHECK_TRACE("QUERY_STOP CANCEL_STOP");
    Probe.Pnp = RefuseQueryStop;
    CHECK(strstr(SayFails("rebalance edu0"), "vetoed") != NULL);
    CHECK_TRACE("QUERY_STOP CANCEL_STOP");
    CHECK(strstr(SayFails("rebalance edu0 group=7"), "no group 7") != NULL);
    End();
}

TEST(a_second_start_may_come_without_a_stop)
{
    Begin(ONE_DEVICE, "");
    TraceTake();
    Say("start edu0");
    CHECK_TRACE("START CAPABILITIES STATE RELATIONS");
    CHECK_EQUAL(2, ProbeDevice->Starts);
    End();
}

static NTSTATUS FailStart(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    PROBE_DEVICE *Mine = Device->DeviceExtension;

    *Taken = Refuses(Irp, IRP_MN_START_DEVICE);
    if (!*Taken) {
        return STATUS_SUCCESS;
    }
    CHECK(IoForwardIrpSynchronously(Mine->Lower, Irp));
    return Complete(Irp, STATUS_DEVICE_CONFIGURATION_ERROR, 0);
}

TEST(a_start_that_fails_is_followed_by_remove)
{
    Probe.Pnp = FailStart;
    Begin(ONE_DEVICE, "");
    CHECK_TRACE("ENTRY ADD FILTER START REMOVE");
    CHECK(strstr(Say("state edu0"), "failed") == Say("state edu0"));
    CHECK(strstr(Say("state edu0"), "START failed with 0xc0000182") != NULL);
    CHECK(OpenFor(0, 0) == SIM_INVALID_HANDLE);
    CHECK_EQUAL(WIN32_FILE_NOT_FOUND, LastError());
    Probe.Pnp = NULL;
    Say("restart edu0");
    CHECK(strncmp(Say("state edu0"), "started", 7) == 0);
    End();
}

TEST(an_add_device_that_fails)
{
    Probe.FailsAdd = TRUE;
    Begin(ONE_DEVICE, "");
    CHECK_TRACE("ENTRY ADD");
    CHECK(strstr(Say("state edu0"), "AddDevice failed with 0xc000009a") != NULL);
    End();
}

static NTSTATUS EntryFails(PDRIVER_OBJECT Driver)
{
    UNREFERENCED_PARAMETER(Driver);
    return STATUS_NOT_SUPPORTED;
}

TEST(a_driver_entry_that_fails_makes_no_machine)
{
    Probe.Entry = EntryFails;
    CHECK(BeginFails(ONE_DEVICE, "", "DriverEntry failed with 0xc00000bb"));
}

static ULONG Filtered;

/* A list of another size: the old one is the filter's to free, the new one the PnP manager's. */
static NTSTATUS Replace(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    PROBE_DEVICE *Mine = Device->DeviceExtension;
    PIO_RESOURCE_REQUIREMENTS_LIST Old, New;
    PIO_RESOURCE_LIST List;
    ULONG Index;

    *Taken = Refuses(Irp, IRP_MN_FILTER_RESOURCE_REQUIREMENTS);
    if (!*Taken) {
        return STATUS_SUCCESS;
    }
    CHECK(IoForwardIrpSynchronously(Mine->Lower, Irp));
    Old = (PIO_RESOURCE_REQUIREMENTS_LIST)Irp->IoStatus.Information;
    CHECK(Old != NULL);
    New = ExAllocatePoolWithTag(PagedPool, Old->ListSize + sizeof(IO_RESOURCE_DESCRIPTOR), TAG_TEST);
    memset(New, 0, Old->ListSize + sizeof(IO_RESOURCE_DESCRIPTOR));
    memcpy(New, Old, Old->ListSize);
    New->ListSize += sizeof(IO_RESOURCE_DESCRIPTOR);
    List = &New->List[0];
    for (Index = 0; Index < List->Count; Index++) {
        PIO_RESOURCE_DESCRIPTOR Descriptor = &List->Descriptors[Index];

        if (Descriptor->Type == CmResourceTypeInterrupt) {
            Descriptor->Flags |= CM_RESOURCE_INTERRUPT_POLICY_INCLUDED;
            Descriptor->u.Interrupt.AffinityPolicy = IrqPolicySpecifiedProcessors;
            Descriptor->u.Interrupt.Group = 1;
            Descriptor->u.Interrupt.TargetedProcessors = 2;
            Filtered++;
        }
    }
    ExFreePool(Old);
    return Complete(Irp, STATUS_SUCCESS, (ULONG_PTR)New);
}

TEST(what_the_filter_puts_in_place_is_assigned_and_freed)
{
    Filtered = 0;
    Probe.Pnp = Replace;
    Begin(ONE_DEVICE, "");
    CHECK(Filtered != 0);
    CHECK(strstr(Say("grants edu0"), " 1 0x2") != NULL);
    End();
}

TEST(a_device_without_resources_is_started_without_lists)
{
    Begin("group 0-7\ndevice root\n", "");
    CHECK_EQUAL(1, ProbeDevice->Starts);
    CHECK(Say("grants root0")[0] == 0);
    End();
}

/* ---- Devices that go --------------------------------------------------------------------------------------------- */

TEST(a_device_that_vanishes_is_removed_at_once_when_nobody_has_it_open)
{
    Begin(ONE_DEVICE, "");
    TraceTake();
    Say("surprise edu0");
    CHECK_TRACE("SURPRISE REMOVE");
    CHECK(strncmp(Say("state edu0"), "gone", 4) == 0);
    CHECK(OpenFor(0, 0) == SIM_INVALID_HANDLE);
    SayFails("surprise edu0");
    SayFails("restart edu0");
    Say("replug edu0");
    CHECK_TRACE("ADD " STARTED);
    SayFails("replug edu0");
    End();
}

TEST(remove_of_a_vanished_device_waits_for_the_last_handle)
{
    SIM_HANDLE Opened;

    Begin(ONE_DEVICE, "");
    Opened = Open(0);
    TraceTake();
    Say("surprise edu0");
    CHECK_TRACE("SURPRISE");
    CHECK(OpenFor(0, 0) == SIM_INVALID_HANDLE);
    CHECK(CloseHandle(Opened));
    CHECK_TRACE("CLEANUP CLOSE REMOVE");
    CHECK(strncmp(Say("state edu0"), "gone", 4) == 0);
    End();
}

TEST(a_surprise_removal_that_leaves_the_interface_enabled)
{
    Probe.LeavesEnabled = TRUE;
    Begin(ONE_DEVICE, "");
    SayFails("surprise edu0");
    Stopped("IRP_MN_SURPRISE_REMOVAL", "interface enabled");
    EndWith("interface enabled");
}

static NTSTATUS SaysFailed(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    PROBE_DEVICE *Mine = Device->DeviceExtension;

    *Taken = Refuses(Irp, IRP_MN_QUERY_PNP_DEVICE_STATE);
    if (!*Taken) {
        return STATUS_SUCCESS;
    }
    CHECK(IoForwardIrpSynchronously(Mine->Lower, Irp));
    return Complete(Irp, STATUS_SUCCESS, PNP_DEVICE_FAILED);
}

static void Invalidate(PROBE_DEVICE *Device) { IoInvalidateDeviceState(Device->Pdo); }

TEST(a_device_that_says_it_failed_is_taken_from_its_driver)
{
    SIM_HANDLE Opened;

    Begin(ONE_DEVICE, "");
    Opened = Open(0);
    TraceTake();
    Probe.Pnp = SaysFailed;
    Run(Invalidate);
    CHECK(strstr(TraceTake(), "STATE SURPRISE") != NULL);
    CHECK(CloseHandle(Opened));
    End();
}

/* ---- The bus driver ---------------------------------------------------------------------------------------------- */

static BUS_INTERFACE_STANDARD Bus;

static NTSTATUS AskBus(PROBE_DEVICE *Device, ULONG Size)
{
    IO_STATUS_BLOCK Result = { 0 };
    KEVENT Done;
    PIO_STACK_LOCATION Stack;
    PIRP Irp;

    KeInitializeEvent(&Done, NotificationEvent, FALSE);
    Irp = IoBuildSynchronousFsdRequest(IRP_MJ_PNP, Device->Lower, NULL, 0, NULL, &Done, &Result);
    Irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    Stack = IoGetNextIrpStackLocation(Irp);
    Stack->MinorFunction = IRP_MN_QUERY_INTERFACE;
    Stack->Parameters.QueryInterface.InterfaceType = &GUID_BUS_INTERFACE_STANDARD;
    Stack->Parameters.QueryInterface.Size = (USHORT)Size;
    Stack->Parameters.QueryInterface.Version = 1;
    Stack->Parameters.QueryInterface.Interface = (PINTERFACE)&Bus;
    if (IoCallDriver(Device->Lower, Irp) == STATUS_PENDING) {
        KeWaitForSingleObject(&Done, Executive, KernelMode, FALSE, NULL);
    }
    return Result.Status;
}

static void UseBus(PROBE_DEVICE *Device)
{
    ULONG Ids = 0;

    CHECK_STATUS(STATUS_INVALID_PARAMETER, AskBus(Device, 8));
    CHECK_STATUS(STATUS_SUCCESS, AskBus(Device, sizeof(Bus)));
    CHECK_EQUAL(4, Bus.GetBusData(Bus.Context, PCI_WHICHSPACE_CONFIG, &Ids, 0, 4));
    CHECK_EQUAL(0x11E81234, Ids);
    CHECK_EQUAL(0, Bus.GetBusData(Bus.Context, 0x52696350, &Ids, 0, 4));
    Bus.InterfaceDereference(Bus.Context);
}

TEST(the_bus_interface_reads_the_configuration_space)
{
    Begin(ONE_DEVICE, "");
    Run(UseBus);
    End();
}

static void KeepBus(PROBE_DEVICE *Device)
{
    AskBus(Device, sizeof(Bus));
}

TEST(a_bus_interface_that_is_kept_past_remove)
{
    Begin(ONE_DEVICE, "");
    Run(KeepBus);
    EndWith("keeps 1 references of BUS_INTERFACE_STANDARD");
}

static void DropBus(PROBE_DEVICE *Device)
{
    UseBus(Device);
    Bus.InterfaceDereference(Bus.Context);
}

TEST(a_bus_interface_dereferenced_too_often)
{
    Begin(ONE_DEVICE, "");
    Breaks(DropBus, "InterfaceDereference", "more often");
}

static void Properties(PROBE_DEVICE *Device)
{
    WCHAR Ids[256];
    ULONG Needed = 0, Value = 0;

    CHECK_STATUS(STATUS_BUFFER_TOO_SMALL,
                 IoGetDeviceProperty(Device->Pdo, DevicePropertyHardwareID, 2, Ids, &Needed));
    CHECK(Needed > 40);
    CHECK_STATUS(STATUS_SUCCESS,
                 IoGetDeviceProperty(Device->Pdo, DevicePropertyHardwareID, sizeof(Ids), Ids, &Needed));
    CHECK(memcmp(Ids, L"PCI\\VEN_1234&DEV_11E8", 21 * sizeof(WCHAR)) == 0);
    CHECK(Ids[Needed / 2 - 1] == 0 && Ids[Needed / 2 - 2] == 0);
    CHECK_STATUS(STATUS_SUCCESS,
                 IoGetDeviceProperty(Device->Pdo, DevicePropertyLegacyBusType, sizeof(Value), &Value, &Needed));
    CHECK_EQUAL(PCIBus, Value);
    CHECK_STATUS(STATUS_OBJECT_NAME_NOT_FOUND,
                 IoGetDeviceProperty(Device->Pdo, DevicePropertyFriendlyName, sizeof(Ids), Ids, &Needed));
}

TEST(properties_of_a_device)
{
    Begin(ONE_DEVICE, "");
    Run(Properties);
    End();
}

static void InterfaceStates(PROBE_DEVICE *Device)
{
    UNICODE_STRING Unknown = RTL_CONSTANT_STRING(L"\\??\\SIM1#nothing");

    CHECK_STATUS(STATUS_OBJECT_NAME_EXISTS, IoSetDeviceInterfaceState(&Device->Link, TRUE));
    CHECK_STATUS(STATUS_SUCCESS, IoSetDeviceInterfaceState(&Device->Link, FALSE));
    CHECK_STATUS(STATUS_OBJECT_NAME_NOT_FOUND, IoSetDeviceInterfaceState(&Device->Link, FALSE));
    CHECK_STATUS(STATUS_SUCCESS, IoSetDeviceInterfaceState(&Device->Link, TRUE));
    CHECK_STATUS(STATUS_OBJECT_NAME_NOT_FOUND, IoSetDeviceInterfaceState(&Unknown, TRUE));
}

TEST(states_of_a_device_interface)
{
    Begin(ONE_DEVICE, "");
    Run(InterfaceStates);
    End();
}

/* ---- Routines by name -------------------------------------------------------------------------------------------- */

static const struct { const WCHAR *Name; BOOLEAN Nt52, Win7, Win10, Server; } Routines[] = {
    { L"IoConnectInterrupt", TRUE, TRUE, TRUE, TRUE },
    { L"IoConnectInterruptEx", FALSE, TRUE, TRUE, TRUE },
    { L"MmMapIoSpaceEx", FALSE, FALSE, TRUE, TRUE },
    { L"IoDisconnectInterruptEx", FALSE, TRUE, TRUE, TRUE },
    { L"IoGetAffinityInterrupt", FALSE, TRUE, TRUE, TRUE },
    { L"KeQueryActiveGroupCount", FALSE, TRUE, TRUE, TRUE },
    { L"KeGetCurrentProcessorNumberEx", FALSE, TRUE, TRUE, TRUE },
    { L"KeQueryActiveProcessors", TRUE, TRUE, TRUE, TRUE },
    { L"ExAllocatePool2", FALSE, FALSE, FALSE, TRUE },
    { L"WdmlibIoGetAffinityInterrupt", FALSE, FALSE, FALSE, FALSE },
    { L"IoGetAffinityInterrup", FALSE, FALSE, FALSE, FALSE },
    { L"", FALSE, FALSE, FALSE, FALSE },
};
static ULONG Kernel;

static void LookUp(PROBE_DEVICE *Device)
{
    UNICODE_STRING Name;
    ULONG Index;

    UNREFERENCED_PARAMETER(Device);
    for (Index = 0; Index < RTL_NUMBER_OF(Routines); Index++) {
        BOOLEAN Expected = Kernel == 0 ? Routines[Index].Nt52 : Kernel == 1 ? Routines[Index].Win7 :
            Kernel == 2 ? Routines[Index].Win10 : Routines[Index].Server;

        RtlInitUnicodeString(&Name, Routines[Index].Name);
        if ((MmGetSystemRoutineAddress(&Name) != NULL) != Expected) {
            CHECK_FAIL("routine %u on kernel %u", Index, Kernel);
        }
    }
}

TEST(routines_are_found_where_the_kernel_exports_them)
{
    static const char *const Profiles[] = { "profile=nt52", "profile=win7", "profile=win10", "profile=server2022" };

    for (Kernel = 0; Kernel < RTL_NUMBER_OF(Profiles); Kernel++) {
        Begin("1x8", Profiles[Kernel]);
        Run(LookUp);
        End();
    }
}

/* ---- Interrupts that a driver forgets ---------------------------------------------------------------------------- */

static BOOLEAN NTAPI ClaimMessage(PKINTERRUPT Interrupt, PVOID Context, ULONG Message)
{
    UNREFERENCED_PARAMETER(Interrupt);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Message);
    return TRUE;
}

static void ConnectMessages(PROBE_DEVICE *Device)
{
    static PIO_INTERRUPT_MESSAGE_INFO Table;
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters = { .Version = CONNECT_MESSAGE_BASED };

    Parameters.MessageBased.PhysicalDeviceObject = Device->Pdo;
    Parameters.MessageBased.ConnectionContext.InterruptMessageTable = &Table;
    Parameters.MessageBased.MessageServiceRoutine = ClaimMessage;
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Parameters));
}

TEST(a_stop_that_leaves_an_interrupt_connected)
{
    Begin(ONE_DEVICE, "");
    Run(ConnectMessages);
    SayFails("rebalance edu0");
    Stopped("IRP_MN_STOP_DEVICE", "left 1 connections");
    EndWith("left 1 connections");
}

/* Leaves the stack and keeps the device object. */
static NTSTATUS RemoveAndKeep(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    PROBE_DEVICE *Mine = Device->DeviceExtension;
    NTSTATUS Status;

    *Taken = Refuses(Irp, IRP_MN_REMOVE_DEVICE);
    if (!*Taken) {
        return STATUS_SUCCESS;
    }
    IoSetDeviceInterfaceState(&Mine->Link, FALSE);
    RtlFreeUnicodeString(&Mine->Link);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Status = PassDown(Device, Irp);
    IoDetachDevice(Mine->Lower);
    return Status;
}

TEST(a_remove_that_leaves_an_interrupt_connected)
{
    Begin(ONE_DEVICE, "");
    Probe.Pnp = RemoveAndKeep;
    Run(ConnectMessages);
    EndWith("IRP_MN_REMOVE_DEVICE: the driver left 1 connections");
}

/* IoDisconnectInterrupt's page: it must come before IoDeleteDevice. */
TEST(a_device_deleted_while_its_interrupt_is_connected)
{
    Begin(ONE_DEVICE, "");
    Run(ConnectMessages);
    EndWith("IoDeleteDevice: the driver left 1 connections");
}

static BOOLEAN NTAPI ClaimLine(PKINTERRUPT Interrupt, PVOID Context)
{
    UNREFERENCED_PARAMETER(Interrupt);
    UNREFERENCED_PARAMETER(Context);
    return TRUE;
}

/* The call that names no device: the vector tells whose interrupt it is. */
static void ConnectAndDelete(PROBE_DEVICE *Device)
{
    PNP_NODE *Node = PnpNode(KernelCurrent(), 0);
    PCM_PARTIAL_RESOURCE_DESCRIPTOR Entry = Node->Translated->List[0].PartialResourceList.PartialDescriptors;
    PKINTERRUPT Object;

    while (Entry->Type != CmResourceTypeInterrupt) {
        Entry++;
    }
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterrupt(&Object, ClaimLine, NULL, NULL, Entry->u.Interrupt.Vector,
                                                    (KIRQL)Entry->u.Interrupt.Level, (KIRQL)Entry->u.Interrupt.Level,
                                                    LevelSensitive, TRUE, Entry->u.Interrupt.Affinity, FALSE));
    IoDetachDevice(Device->Lower);
    IoDeleteDevice(Device->Self);
}

/* IoConnectInterrupt's page: ServiceContext and SpinLock are in resident memory. */
static void ConnectPaged(PROBE_DEVICE *Device, BOOLEAN Context)
{
    PULONG_PTR Paged = ExAllocatePoolWithTag(PagedPool, 64, TAG_TEST);
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters = { .Version = CONNECT_MESSAGE_BASED };
    PIO_INTERRUPT_MESSAGE_INFO Table;

    Paged[2] = 0;
    Parameters.MessageBased.PhysicalDeviceObject = Device->Pdo;
    Parameters.MessageBased.ConnectionContext.InterruptMessageTable = &Table;
    Parameters.MessageBased.MessageServiceRoutine = ClaimMessage;
    Parameters.MessageBased.ServiceContext = Context ? &Paged[3] : NULL;
    Parameters.MessageBased.SpinLock = Context ? NULL : &Paged[2];
    (void)IoConnectInterruptEx(&Parameters);
}

static void ContextPaged(PROBE_DEVICE *Device) { ConnectPaged(Device, TRUE); }
static void LockPaged(PROBE_DEVICE *Device) { ConnectPaged(Device, FALSE); }

TEST(an_isr_context_in_paged_pool)
{
    Begin(ONE_DEVICE, "");
    Breaks(ContextPaged, "IoConnectInterruptEx", "the ServiceContext is in paged pool");
}

TEST(an_interrupt_lock_in_paged_pool)
{
    Begin(ONE_DEVICE, "");
    Breaks(LockPaged, "IoConnectInterruptEx", "the spin lock is in paged pool");
}

TEST(a_device_deleted_while_its_line_is_connected)
{
    Begin("group 0-7\ndevice edu messages=0 line=17\n", "");
    Breaks(ConnectAndDelete, "IoDeleteDevice", "left 1 connections");
}

/* ---- Every fallible routine fails once --------------------------------------------------------------------------- */

TEST(every_fallible_call_of_a_restart_fails_once_and_nothing_is_left)
{
    ULONG Call;
    ULONGLONG Before, All;

    Begin(ONE_DEVICE, "");
    Before = strtoull(Say("fail count"), NULL, 10);
    Say("restart edu0");
    All = strtoull(Say("fail count"), NULL, 10) - Before;
    CHECK(All >= 3);
    for (Call = 1; Call <= All; Call++) {
        Say("fail %u", Call);
        SimulatedMachineControl(Machine, "restart edu0", (char[256]){ 0 }, 256);
        Say("fail off");
        Say("rest");
    }
    Say("restart edu0");
    End();
}

/* ---- A START that fails after the device ran ------------------------------------------------------------------------------ */

TEST(a_start_that_fails_after_a_stop_is_a_surprise_removal)
{
    SIM_HANDLE Opened;

    Begin(ONE_DEVICE, "");
    Opened = Open(0);
    TraceTake();
    Probe.Pnp = FailStart;
    CHECK(strstr(SayFails("rebalance edu0"), "START failed with 0xc0000182") != NULL);
    CHECK_TRACE("QUERY_STOP STOP FILTER START SURPRISE");
    CHECK(OpenFor(0, 0) == SIM_INVALID_HANDLE);
    CHECK(CloseHandle(Opened));
    CHECK_TRACE("CLEANUP CLOSE REMOVE");
    CHECK(strncmp(Say("state edu0"), "failed", 6) == 0);
    Probe.Pnp = NULL;
    Say("restart edu0");
    End();
}

TEST(a_second_start_that_fails_takes_the_device_away)
{
    Begin(ONE_DEVICE, "");
    TraceTake();
    Probe.Pnp = FailStart;
    CHECK(strstr(SayFails("start edu0"), "the second START failed") != NULL);
    CHECK_TRACE("START SURPRISE REMOVE");
    End();
}

static LONG Leaving;

static NTSTATUS SlowQueryRemove(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken)
{
    PROBE_DEVICE *Mine = Device->DeviceExtension;

    UNREFERENCED_PARAMETER(Taken);
    if (Refuses(Irp, IRP_MN_QUERY_REMOVE_DEVICE)) {
        InterlockedExchange(&Leaving, 1);
        KeWaitForSingleObject(&Mine->Event, Executive, KernelMode, FALSE, NULL);
    }
    return STATUS_SUCCESS;
}

static void RestartThread(void *Context)
{
    UNREFERENCED_PARAMETER(Context);
    Say("restart edu0");
}

static void LetGo(void *Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeSetEvent(&ProbeDevice->Event, 0, FALSE);
}

TEST(nobody_opens_a_device_that_is_leaving)
{
    THREAD *Restart;
    KERNEL *Inside;

    Begin(ONE_DEVICE, "");
    Probe.Pnp = SlowQueryRemove;
    Restart = ThreadStart(RestartThread, NULL);
    while (ReadAcquire(&Leaving) == 0) {
    }
    CHECK(OpenFor(0, 0) == SIM_INVALID_HANDLE);
    CHECK_EQUAL(WIN32_FILE_NOT_FOUND, LastError());
    Inside = HostMachine(Machine);
    CHECK(HostRun(Inside, LetGo, NULL));
    HostMachineRelease(Inside);
    ThreadJoin(Restart);
    End();
}
