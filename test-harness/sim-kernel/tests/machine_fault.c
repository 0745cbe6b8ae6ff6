/* Faults at the device: each seen only by what the driver of the device would see. */
#include "machine_fixture.h"

#include <string.h>

#define EDU0 0xC0000000ull
#define EDU1 0xC0100000ull
#define E1000E0 0xC0200000ull

static MACHINE *Machine;
static UCHAR *Base;
static ULONG AcknowledgeOffset;
static ULONG AcknowledgeValue;
static WITNESS Witness;
static PVOID Connection;
static ULONG Version;
static DEVICE *Device;

static ULONG Get(ULONG Offset)
{
    return BusRead(Machine, Base + Offset, 4, "READ_REGISTER_ULONG");
}

static void Put(ULONG Offset, ULONG Value)
{
    BusWrite(Machine, Base + Offset, 4, Value, "WRITE_REGISTER_ULONG");
}

static void Acknowledge(WITNESS *Unused)
{
    (void)Unused;
    Put(AcknowledgeOffset, AcknowledgeValue);
}

static void Open(const char *Name, ULONGLONG Address, SIZE_T Length, ULONG Offset, ULONG Value)
{
    PHYSICAL_ADDRESS Physical;
    PDEVICE_OBJECT Pdo;
    const ASSIGNED_INTERRUPT *Assigned;
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;

    Machine = Begin("2x64", "server2022", MODE_OBSERVED);
    Pdo = FixturePdo(Name);
    Assigned = FixtureAssigned(Name, 0);
    Device = MachineDeviceByName(Machine, Name);
    memset(&Witness, 0, sizeof(Witness));
    Witness.Claims = TRUE;
    Witness.Act = Acknowledge;
    AcknowledgeOffset = Offset;
    AcknowledgeValue = Value;
    Physical.QuadPart = (LONGLONG)Address;
    Base = BusMap(Machine, Physical, Length);
    if (Assigned->Message) {
        Parameters = MessageFor(Pdo, &Connection, &Witness);
    } else {
        Parameters = FullFor(Pdo, Assigned, (PKINTERRUPT *)&Connection, &Witness);
    }
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Parameters));
    Version = Parameters.Version;
}

static void OpenEduLine(void)
{
    Open("edu1", EDU1, 0x100000, 0x64, 1);
}

static void OpenEduMessage(void)
{
    Open("edu0", EDU0, 0x100000, 0x64, 1);
}

static void Close(SIZE_T Length)
{
    DisconnectEx(Version, Connection);
    BusUnmap(Machine, Base, Length);
    End();
}

static void Trigger(ULONG Count)
{
    while (Count-- != 0) {
        Put(0x60, 1);
        MachineAdvance(Machine, 30000);
    }
}

TEST(fault_lost_swallows_every_third)
{
    OpenEduLine();
    FixtureArm("lost");
    Trigger(9);
    CHECK_EQUAL(6, Witness.Calls);
    FixtureArm("off");
    Trigger(3);
    CHECK_EQUAL(9, Witness.Calls);
    Close(0x100000);
}

TEST(fault_counts_and_begins_as_it_was_armed)
{
    OpenEduMessage();
    FixtureArm("lost after=2 every=1 count=3 device=edu0");
    Trigger(2);
    CHECK_EQUAL(2, Witness.Calls);
    Trigger(3);
    CHECK_EQUAL(2, Witness.Calls);
    Trigger(2);
    CHECK_EQUAL(4, Witness.Calls);
    FixtureArm("lost every=1 device=edu1");
    Trigger(2);
    CHECK_EQUAL(6, Witness.Calls);
    Close(0x100000);
}

TEST(fault_never_fires_swallows_all)
{
    OpenEduMessage();
    FixtureArm("never-fires");
    Trigger(20);
    CHECK_EQUAL(0, Witness.Calls);
    Close(0x100000);
}

TEST(fault_late_comes_after_the_longest_wait)
{
    OpenEduLine();
    FixtureArm("late every=1 count=1");
    Put(0x60, 1);
    MachineAdvance(Machine, 10000000);
    CHECK_EQUAL(0, Witness.Calls);
    CHECK_EQUAL(0, Get(0x24));
    MachineAdvance(Machine, 11000000);
    CHECK_EQUAL(1, Witness.Calls);
    Close(0x100000);
}

TEST(fault_spurious_raises_once_more)
{
    OpenEduLine();
    FixtureArm("spurious");
    Trigger(5);
    CHECK_EQUAL(10, Witness.Calls);
    Close(0x100000);
    OpenEduMessage();
    FixtureArm("spurious count=2");
    Trigger(5);
    CHECK_EQUAL(7, Witness.Calls);
    Close(0x100000);
}

TEST(fault_stuck_line_stays_until_masked)
{
    USHORT Command = 0x0407;

    OpenEduLine();
    FixtureArm("stuck count=1");
    Trigger(1);
    CHECK(Witness.Calls > 3);
    DeviceConfigWrite(Device, 4, &Command, 2);
    Witness.Calls = 0;
    MachineAdvance(Machine, 1000000);
    CHECK_EQUAL(0, Witness.Calls);
    Put(0x64, 1);
    CHECK_EQUAL(0, Get(0x24));              /* no longer stuck */
    Command = 0x0007;
    DeviceConfigWrite(Device, 4, &Command, 2);
    Trigger(1);
    CHECK_EQUAL(1, Witness.Calls);
    Close(0x100000);
}

TEST(fault_stuck_message_repeats_until_masked)
{
    USHORT Command = 0x0003;

    OpenEduMessage();
    FixtureArm("stuck count=1");
    Trigger(1);
    CHECK(Witness.Calls > 3);
    DeviceConfigWrite(Device, 4, &Command, 2);
    Witness.Calls = 0;
    MachineAdvance(Machine, 1000000);
    CHECK_EQUAL(0, Witness.Calls);
    Close(0x100000);
}

TEST(fault_storm_goes_on_until_the_mask_register_is_cleared)
{
    Open("e1000e0", E1000E0, 0x20000, 0xD0, 0x00100000);
    Put(0xE4, 0x8);
    Put(0xDC, 0x00100000);
    Put(0xD0, 0x00100000);
    FixtureArm("storm count=1");
    Put(0xC8, 0x00100000);
    MachineAdvance(Machine, 1000000);
    CHECK(Witness.Calls > 100);             /* more than 100,000 a second */
    Witness.Act = NULL;                     /* the ISR no longer unmasks */
    Put(0xD8, 0xFFFFFFFF);
    MachineAdvance(Machine, 10000);
    Witness.Calls = 0;
    MachineAdvance(Machine, 1000000);
    CHECK_EQUAL(0, Witness.Calls);
    Close(0x20000);
}

TEST(fault_gone_takes_the_device_out)
{
    NOTICE Notice;

    OpenEduMessage();
    FixtureArm("gone");
    Trigger(1);
    CHECK_EQUAL(0, Witness.Calls);
    CHECK_EQUAL(0xFFFFFFFF, Get(0x24));
    CHECK(MachineNotice(Machine, &Notice) == Device);
    CHECK_EQUAL(NOTICE_GONE, Notice);
    CHECK(MachineNotice(Machine, &Notice) == NULL);
    Close(0x100000);
}

TEST(fault_retarget_asks_for_a_rebalance_that_lands_elsewhere)
{
    const ASSIGNED_INTERRUPT *Before;
    NOTICE Notice;
    KAFFINITY Mask;

    OpenEduMessage();
    FixtureArm("retarget");
    Trigger(1);
    CHECK_EQUAL(1, Witness.Calls);
    Before = FixtureAssigned("edu0", 0);
    Mask = Before->Mask;
    CHECK(MachineNotice(Machine, &Notice) == Device);
    CHECK_EQUAL(NOTICE_REBALANCE, Notice);
    DisconnectEx(Version, Connection);
    DeviceUnassign(Device);
    FixturePdo("edu0");
    CHECK_EQUAL(0, FixtureAssigned("edu0", 0)->Group);
    CHECK(FixtureAssigned("edu0", 0)->Mask != Mask);
    CHECK_EQUAL(0, FixtureAssigned("edu0", 0)->Mask & ~Mask);
    BusUnmap(Machine, Base, 0x100000);
    End();
}

TEST(fault_wrong_group_assigns_elsewhere)
{
    Machine = Begin("2x64", "server2022", MODE_OBSERVED);
    FixtureArm("wrong-group count=1");
    FixturePdoWith("edu0", 4, 0, 0x3);
    CHECK_EQUAL(1, FixtureAssigned("edu0", 0)->Group);
    End();
}

TEST(fault_fall_back_gives_a_line_or_one_message)
{
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    FixtureArm("fall-back count=1");
    FixturePdo("e1000e0");
    CHECK_EQUAL(1, FixtureAssignedCount("e1000e0"));
    CHECK(!FixtureAssigned("e1000e0", 0)->Message);
    DeviceUnassign(MachineDeviceByName(Machine, "e1000e0"));
    FixtureArm("fall-back count=1 messages=1");
    FixturePdo("e1000e0");
    CHECK_EQUAL(1, FixtureAssignedCount("e1000e0"));
    CHECK(FixtureAssigned("e1000e0", 0)->Message);
    End();
}

TEST(fault_outside_mask_leaves_room_outside)
{
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    FixtureArm("outside-mask device=edu0");
    FixturePdo("edu0");
    CHECK_EQUAL(0x0F, FixtureAssigned("edu0", 0)->Mask);
    FixturePdo("edu1");
    CHECK_EQUAL(0xFF, FixtureAssigned("edu1", 0)->Mask);
    DeviceUnassign(MachineDeviceByName(Machine, "edu0"));
    FixturePdoWith("edu0", 4, 0, 0x30);
    CHECK_EQUAL(0x30, FixtureAssigned("edu0", 0)->Mask);
    End();
}
