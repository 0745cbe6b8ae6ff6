/* The registers of each device model, its configuration space, its power, and what the bus lets a driver do. */
#include "machine_fixture.h"

#include <string.h>

#define EDU0 0xC0000000ull      /* devices lie a mebibyte apart, in the order of the layout */
#define EDU1 0xC0100000ull
#define E1000E0 0xC0200000ull
#define E1000E1 0xC0300000ull
#define IGB0 0xC0400000ull
#define UART 0x3F8u

static MACHINE *Machine;
static UCHAR *Base;
static SIZE_T Mapped;

static void Map(ULONGLONG Address, SIZE_T Length)
{
    PHYSICAL_ADDRESS Physical;

    Physical.QuadPart = (LONGLONG)Address;
    Base = BusMap(Machine, Physical, Length);
    Mapped = Length;
    CHECK(Base != NULL);
}

static void Unmap(void)
{
    BusUnmap(Machine, Base, Mapped);
}

static ULONG Get(ULONG Offset)
{
    return BusRead(Machine, Base + Offset, 4, "READ_REGISTER_ULONG");
}

static void Put(ULONG Offset, ULONG Value)
{
    BusWrite(Machine, Base + Offset, 4, Value, "WRITE_REGISTER_ULONG");
}

static UCHAR GetPort(ULONG Offset)
{
    return (UCHAR)BusPortRead(Machine, UART + Offset, 1, "READ_PORT_UCHAR");
}

static void PutPort(ULONG Offset, UCHAR Value)
{
    BusPortWrite(Machine, UART + Offset, 1, Value, "WRITE_PORT_UCHAR");
}

/* An ISR that does to the device what Writes says: offset and value pairs; Reads: registers to read. */
typedef struct ISR {
    WITNESS Witness;
    ULONG WriteOffset, WriteValue;      /* 0: writes nothing */
    ULONG ReadOffset, Read;             /* 0: reads nothing */
    BOOLEAN ReadsPort;
} ISR;

static void Act(WITNESS *Witness)
{
    ISR *Isr = (ISR *)Witness;

    if (Isr->ReadsPort) {
        Isr->Read = GetPort(2);
    } else if (Isr->ReadOffset != 0) {
        Isr->Read = Get(Isr->ReadOffset);
    }
    if (Isr->WriteOffset != 0) {
        Put(Isr->WriteOffset, Isr->WriteValue);
    }
}

static PVOID Connection;
static ULONG Version;

static void Connect(const char *Device, ISR *Isr)
{
    PDEVICE_OBJECT Pdo = FixturePdo(Device);
    const ASSIGNED_INTERRUPT *Assigned = FixtureAssigned(Device, 0);
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;

    Isr->Witness.Claims = TRUE;
    Isr->Witness.Act = Act;
    if (Assigned->Message) {
        Parameters = MessageFor(Pdo, &Connection, &Isr->Witness);
    } else {
        Parameters = FullFor(Pdo, Assigned, (PKINTERRUPT *)&Connection, &Isr->Witness);
    }
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Parameters));
    Version = Parameters.Version;
}

static void Finish(void)
{
    DisconnectEx(Version, Connection);
    if (Base != NULL) {
        Unmap();
        Base = NULL;
    }
    End();
}

static void Control(const char *Words)
{
    char Answer[1024];

    if (!MachineControl(Machine, Words, Answer, sizeof(Answer))) {
        CHECK_FAIL("%s: %s", Words, Answer);
    }
}

static USHORT Command(const char *Name)
{
    USHORT Value;

    CHECK_EQUAL(2, DeviceConfigRead(MachineDeviceByName(Machine, Name), 4, &Value, 2));
    return Value;
}

static void SetCommand(const char *Name, USHORT Value)
{
    CHECK_EQUAL(2, DeviceConfigWrite(MachineDeviceByName(Machine, Name), 4, &Value, 2));
}

/* ---- edu --------------------------------------------------------------------------------------------------------- */

TEST(edu_identifies_itself_and_is_alive)
{
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    FixturePdo("edu0");
    Map(EDU0, 0x100000);
    CHECK_EQUAL(0x010000ED, Get(0x00));
    Put(0x04, 0x12345678);
    CHECK_EQUAL(0xEDCBA987, Get(0x04));
    CHECK_EQUAL(0xFFFFFFFF, Get(0x40));
    Unmap();
    End();
}

TEST(edu_computes_factorials_and_interrupts_when_asked)
{
    ISR Isr = { .WriteOffset = 0x64, .WriteValue = 1, .ReadOffset = 0x24 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("edu0", &Isr);
    Map(EDU0, 0x100000);
    Put(0x08, 5);
    CHECK_EQUAL(1, Get(0x20));
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(0, Get(0x20));
    CHECK_EQUAL(120, Get(0x08));
    CHECK_EQUAL(0, Isr.Witness.Calls);
    Put(0x20, 0xFF);
    CHECK_EQUAL(0x80, Get(0x20));
    Put(0x08, 40);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(0, Get(0x08));
    CHECK_EQUAL(1, Isr.Witness.Calls);
    CHECK_EQUAL(1, Isr.Read);
    Finish();
}

TEST(edu_holds_its_line_until_all_causes_are_acknowledged)
{
    ISR Isr = { .WriteOffset = 0x64, .WriteValue = 1 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("edu1", &Isr);
    Map(EDU1, 0x100000);
    SetCommand("edu1", Command("edu1") | 0x400);
    Put(0x60, 1);
    Put(0x60, 2);
    CHECK_EQUAL(3, Get(0x24));
    CHECK_EQUAL(0, Isr.Witness.Calls);
    Put(0x64, 2);
    CHECK_EQUAL(1, Get(0x24));
    SetCommand("edu1", Command("edu1") & ~0x400);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    CHECK_EQUAL(0, Get(0x24));
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    Finish();
}

TEST(edu_sends_a_message_for_each_raise)
{
    ISR Isr = { .WriteOffset = 0 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("edu0", &Isr);
    Map(EDU0, 0x100000);
    for (ULONG Raise = 1; Raise <= 3; Raise++) {
        Put(0x60, 1);
        MachineAdvance(Machine, 10000);
        CHECK_EQUAL(Raise, Isr.Witness.Calls);
    }
    CHECK_EQUAL(1, Get(0x24));
    Put(0x64, 0xFFFFFFFF);
    Put(0x60, 0);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(3, Isr.Witness.Calls);
    Finish();
}

TEST(edu_without_bus_mastering_sends_nothing)
{
    ISR Isr = { .WriteOffset = 0 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("edu0", &Isr);
    Map(EDU0, 0x100000);
    CHECK_EQUAL(0x0007, Command("edu0"));
    SetCommand("edu0", 0x0003);
    Put(0x60, 1);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(0, Isr.Witness.Calls);
    Finish();
}

/* ---- 82574 ------------------------------------------------------------------------------------------------------- */

TEST(nic_82574_line_follows_causes_and_mask)
{
    ISR Isr = { .ReadOffset = 0xC0 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("e1000e1", &Isr);
    Map(E1000E1, 0x20000);
    Put(0xC8, 4);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(0, Isr.Witness.Calls);
    CHECK_EQUAL(0x80000004, Get(0xC8));
    Put(0xD0, 4);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    CHECK_EQUAL(0x80000004, Isr.Read);
    CHECK_EQUAL(0, Get(0xC0));
    Put(0xD8, 0xFFFFFFFF);
    CHECK_EQUAL(0, Get(0xD0));
    Put(0xC8, 4);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    Put(0xC0, 4);
    CHECK_EQUAL(0, Get(0xC8));
    Finish();
}

TEST(nic_82574_routes_causes_to_messages)
{
    ISR Isr = { .ReadOffset = 0 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("e1000e0", &Isr);
    Map(E1000E0, 0x20000);
    CHECK_EQUAL(5, FixtureAssignedCount("e1000e0"));
    Put(0xE4, 0x000CBA98);
    Put(0xDC, 0x01F00000);
    for (ULONG Message = 0; Message < 5; Message++) {
        Put(0xD0, 0x01F00000);
        Put(0xC8, 0x00100000u << Message);
        MachineAdvance(Machine, 10000);
        CHECK_EQUAL(Message + 1, Isr.Witness.Calls);
        CHECK_EQUAL(Message, Isr.Witness.MessageId);
        CHECK_EQUAL(0, Get(0xC8));
    }
    Finish();
}

TEST(nic_82574_masks_a_cause_that_its_message_cleared)
{
    ISR Isr = { .ReadOffset = 0 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("e1000e0", &Isr);
    Map(E1000E0, 0x20000);
    Put(0xE4, 0x000CBA98);
    Put(0xDC, 0x01F00000);
    Put(0xD0, 0x00100000);
    Put(0xC8, 0x00100000);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    CHECK_EQUAL(0, Get(0xD0));
    Put(0xC8, 0x00100000);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    Put(0xD0, 0x00100000);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(2, Isr.Witness.Calls);
    Put(0x18, 0x08000000);              /* with CTRL_EXT.IAME the mask stays */
    Put(0xD0, 0x00100000);
    Put(0xC8, 0x00100000);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(3, Isr.Witness.Calls);
    CHECK_EQUAL(0x00100000, Get(0xD0));
    Finish();
}

TEST(nic_82574_without_auto_clear_sends_once_until_cleared)
{
    ISR Isr = { .ReadOffset = 0 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("e1000e0", &Isr);
    Map(E1000E0, 0x20000);
    Put(0xE4, 0x00000008);
    Put(0xD0, 0x00100000);
    Put(0xC8, 0x00100000);
    Put(0xC8, 0x00100000);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    CHECK_EQUAL(0x80100000, Get(0xC0));
    CHECK_EQUAL(0x80100000, Get(0xC0));     /* with MSI-X and something unmasked a read clears nothing */
    Put(0xC0, 0x00100000);
    Put(0xC8, 0x00100000);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(2, Isr.Witness.Calls);
    Finish();
}

TEST(nic_82574_link_change_is_an_other_cause)
{
    ISR Isr = { .ReadOffset = 0 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("e1000e0", &Isr);
    Map(E1000E0, 0x20000);
    Put(0xE4, 0x000C0000);
    Put(0xD0, 0x01000004);
    Put(0xC8, 4);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    CHECK_EQUAL(4, Isr.Witness.MessageId);
    CHECK_EQUAL(0x81000004, Get(0xC8));
    Put(0xC0, 0x01000000);
    CHECK_EQUAL(0, Get(0xC8));
    Finish();
}

TEST(nic_82574_throttle_spaces_messages)
{
    ISR Isr = { .ReadOffset = 0 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("e1000e0", &Isr);
    Map(E1000E0, 0x20000);
    Put(0xE4, 0x00000008);
    Put(0xDC, 0x00100000);
    Put(0x18, 0x08000000);
    Put(0xE8, 1000);                        /* 256 us */
    Put(0xD0, 0x00100000);
    Put(0xC8, 0x00100000);
    MachineAdvance(Machine, 10000);
    Put(0xC8, 0x00100000);
    MachineAdvance(Machine, 100000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    MachineAdvance(Machine, 300000);
    CHECK_EQUAL(2, Isr.Witness.Calls);
    Finish();
}

TEST(nic_82574_reset_forgets)
{
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    FixturePdo("e1000e1");
    Map(E1000E1, 0x20000);
    Put(0xD0, 4);
    Put(0xE8, 9);
    Put(0x00, 0x04000000);
    CHECK_EQUAL(0, Get(0xD0));
    CHECK_EQUAL(0, Get(0xE8));
    CHECK_EQUAL(0, Get(0x00));
    Unmap();
    End();
}

/* ---- igb --------------------------------------------------------------------------------------------------------- */

TEST(igb_sends_message_n_for_cause_n)
{
    ISR Isr = { .ReadOffset = 0 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("igb0", &Isr);
    Map(IGB0, 0x20000);
    CHECK_EQUAL(8, FixtureAssignedCount("igb0"));
    Put(0x1514, 0xC0000010);
    Put(0x152C, 0xFF);
    Put(0x1524, 0xFF);
    for (ULONG Message = 0; Message < 8; Message++) {
        Put(0x1520, 1u << Message);
        MachineAdvance(Machine, 10000);
        CHECK_EQUAL(Message + 1, Isr.Witness.Calls);
        CHECK_EQUAL(Message, Isr.Witness.MessageId);
        CHECK_EQUAL(0, Get(0x1580));
    }
    CHECK_EQUAL(0xFF, Get(0x1524));
    Put(0x1528, 1);
    Put(0x1520, 1);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(8, Isr.Witness.Calls);
    CHECK_EQUAL(1, Get(0x1580));
    Put(0x1580, 1);
    CHECK_EQUAL(0, Get(0x1580));
    Finish();
}

TEST(igb_auto_mask_follows_eiam)
{
    ISR Isr = { .ReadOffset = 0 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("igb0", &Isr);
    Map(IGB0, 0x20000);
    Put(0x1514, 0xC0000010);
    Put(0x152C, 3);
    Put(0x1530, 2);
    Put(0x1524, 3);
    Put(0x1520, 3);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(2, Isr.Witness.Calls);
    CHECK_EQUAL(1, Get(0x1524));
    Finish();
}

TEST(igb_legacy_block_drives_the_line)
{
    ISR Isr = { .ReadOffset = 0x1500 };

    Machine = Begin("1x8", "nt52", MODE_OBSERVED);
    FixturePdo("igb0");
    CHECK(!FixtureAssigned("igb0", 0)->Message);
    DeviceUnassign(MachineDeviceByName(Machine, "igb0"));
    End();
    Machine = BeginFile("group 0-7\ndevice edu messages=1\ndevice edu\ndevice edu\ndevice edu\ndevice igb\n");
    Connect("igb0", &Isr);
    Map(IGB0, 0x20000);
    Put(0x1508, 4);
    Put(0x1504, 4);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    CHECK_EQUAL(0x80000004, Isr.Read);
    CHECK_EQUAL(4, Get(0xD0));              /* the old place of IMS */
    Put(0x150C, 4);
    CHECK_EQUAL(0, Get(0x1508));
    Finish();
}

TEST(igb_gpie_and_eitr_outlive_a_reset)
{
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    FixturePdo("igb0");
    Map(IGB0, 0x20000);
    Put(0x1514, 0x10);
    Put(0x1680, 0x40);
    Put(0x1524, 1);
    Put(0x0000, 0x20000000);
    CHECK_EQUAL(0x10, Get(0x1514));
    CHECK_EQUAL(0x40, Get(0x1680));
    CHECK_EQUAL(0, Get(0x1524));
    Unmap();
    End();
}

TEST(igb_other_causes_reach_their_message)
{
    ISR Isr = { .ReadOffset = 0 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("igb0", &Isr);
    Map(IGB0, 0x20000);
    Put(0x1514, 0x10);
    Put(0x1740, 0x8300);
    Put(0x1524, 8);
    Put(0x1508, 4);
    Put(0x1504, 4);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    CHECK_EQUAL(3, Isr.Witness.MessageId);
    Finish();
}

/* ---- 16550 ------------------------------------------------------------------------------------------------------- */

TEST(uart_raises_when_thre_is_enabled_and_out2_lets_it_out)
{
    ISR Isr = { .ReadsPort = TRUE };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("uart0", &Isr);
    CHECK_EQUAL(0x60, GetPort(5));
    PutPort(1, 2);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(0, Isr.Witness.Calls);
    PutPort(4, 8);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    CHECK_EQUAL(0x02, Isr.Read);
    CHECK_EQUAL(0x01, GetPort(2));
    PutPort(1, 2);                          /* one over one raises nothing */
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    PutPort(1, 0);
    PutPort(1, 2);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(2, Isr.Witness.Calls);
    PutPort(4, 0x18);                       /* the loop takes OUT2 off */
    PutPort(1, 0);
    PutPort(1, 2);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(2, Isr.Witness.Calls);
    Finish();
}

TEST(uart_transmits_and_runs_empty)
{
    ISR Isr = { .ReadsPort = TRUE };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("uart0", &Isr);
    PutPort(4, 8);
    PutPort(1, 2);
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    PutPort(0, 'x');
    CHECK_EQUAL(0, GetPort(5));
    MachineAdvance(Machine, 200000);
    CHECK_EQUAL(0x60, GetPort(5));
    CHECK_EQUAL(2, Isr.Witness.Calls);
    Finish();
}

TEST(uart_latches_its_divisor)
{
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    FixturePdo("uart0");
    PutPort(3, 0x80);
    PutPort(0, 0x0C);
    PutPort(1, 0x01);
    CHECK_EQUAL(0x0C, GetPort(0));
    CHECK_EQUAL(0x01, GetPort(1));
    PutPort(3, 0x03);
    CHECK_EQUAL(0, GetPort(1));
    PutPort(2, 0x07);
    CHECK_EQUAL(0xC1, GetPort(2));
    PutPort(7, 0x5A);
    CHECK_EQUAL(0x5A, GetPort(7));
    CHECK_EQUAL(0xB0, GetPort(6));
    End();
}

/* ---- The bus ----------------------------------------------------------------------------------------------------- */

TEST(configuration_space_tells_what_the_device_is)
{
    static const struct { const char *Name; ULONG Id; ULONG Class; } Devices[] = {
        { "edu0", 0x11E81234, 0x00FF0010 }, { "e1000e0", 0x10D38086, 0x02000000 }, { "igb0", 0x10C98086, 0x02000001 },
    };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    for (ULONG Index = 0; Index < 3; Index++) {
        DEVICE *Device = MachineDeviceByName(Machine, Devices[Index].Name);
        ULONG Value;
        UCHAR Pin;

        DeviceConfigRead(Device, 0, &Value, 4);
        CHECK_EQUAL(Devices[Index].Id, Value);
        DeviceConfigRead(Device, 8, &Value, 4);
        CHECK_EQUAL(Devices[Index].Class, Value);
        DeviceConfigRead(Device, 0x3D, &Pin, 1);
        CHECK_EQUAL(1, Pin);
        CHECK_EQUAL(6, DeviceConfigRead(Device, 250, (UCHAR[8]){ 0 }, 8));
        CHECK_EQUAL(0, DeviceConfigRead(Device, 256, &Value, 4));
    }
    CHECK_EQUAL(0, DeviceConfigRead(MachineDeviceByName(Machine, "uart0"), 0, (ULONG[1]){ 0 }, 4));
    CHECK(strcmp("PCI\\VEN_1234&DEV_11E8&SUBSYS_11001AF4&REV_10\\3&11583659&0&10",
                 DeviceInstance(MachineDeviceByName(Machine, "edu0"))) == 0);
    CHECK(strcmp("PCI\\VEN_1234&DEV_11E8&SUBSYS_11001AF4&REV_10",
                 DeviceHardwareIds(MachineDeviceByName(Machine, "edu0"))) == 0);
    CHECK(strcmp("ACPI\\PNP0501\\0", DeviceInstance(MachineDeviceByName(Machine, "uart0"))) == 0);
    CHECK(strcmp("ROOT\\IRQSCOPE\\0000", DeviceInstance(MachineDeviceByName(Machine, "root0"))) == 0);
    End();
}

static USHORT MessageControl(DEVICE *Device, UCHAR Id)
{
    UCHAR Place;
    USHORT Control = 0;

    DeviceConfigRead(Device, 0x34, &Place, 1);
    while (Place != 0) {
        UCHAR Head[2];

        DeviceConfigRead(Device, Place, Head, 2);
        if (Head[0] == Id) {
            DeviceConfigRead(Device, Place + 2u, &Control, 2);
        }
        Place = Head[1];
    }
    return Control;
}

TEST(message_capabilities_are_enabled_as_assigned)
{
    DEVICE *Edu;
    DEVICE *Nic;

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Edu = MachineDeviceByName(Machine, "edu0");
    Nic = MachineDeviceByName(Machine, "e1000e0");
    CHECK_EQUAL(0x0080, MessageControl(Edu, 5));
    CHECK_EQUAL(0x0004, MessageControl(Nic, 0x11));
    FixturePdo("edu0");
    FixturePdo("e1000e0");
    CHECK_EQUAL(0x0081, MessageControl(Edu, 5));
    CHECK_EQUAL(0x8004, MessageControl(Nic, 0x11));
    DeviceUnassign(Edu);
    CHECK_EQUAL(0x0080, MessageControl(Edu, 5));
    CHECK_EQUAL(0, MessageControl(MachineDeviceByName(Machine, "edu1"), 5));
    End();
}

TEST(status_shows_a_line_that_is_disabled)
{
    USHORT Status;

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    FixturePdo("edu1");
    SetCommand("edu1", 0x0407);
    Map(EDU1, 0x100000);
    Put(0x60, 1);
    DeviceConfigRead(MachineDeviceByName(Machine, "edu1"), 6, &Status, 2);
    CHECK_EQUAL(0x0018, Status);
    Put(0x64, 1);
    DeviceConfigRead(MachineDeviceByName(Machine, "edu1"), 6, &Status, 2);
    CHECK_EQUAL(0x0010, Status);
    Unmap();
    End();
}

TEST(power_off_loses_registers_and_reads_ones)
{
    DEVICE *Device;

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    FixturePdo("e1000e1");
    Device = MachineDeviceByName(Machine, "e1000e1");
    Map(E1000E1, 0x20000);
    Put(0xD0, 4);
    DevicePower(Device, FALSE);
    CHECK_EQUAL(0xFFFFFFFF, Get(0xD0));
    Put(0xD0, 4);
    DevicePower(Device, TRUE);
    CHECK_EQUAL(0, Get(0xD0));
    Unmap();
    End();
}

TEST(vanished_device_reads_ones_everywhere)
{
    DEVICE *Device;
    ULONG Id;

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    FixturePdo("edu1");
    Device = MachineDeviceByName(Machine, "edu1");
    Map(EDU1, 0x100000);
    Put(0x60, 1);                           /* the line is up, and comes down with the device */
    DeviceVanish(Device);
    CHECK(!DevicePresent(Device));
    CHECK_EQUAL(0xFFFFFFFF, Get(0x24));
    DeviceConfigRead(Device, 0, &Id, 4);
    CHECK_EQUAL(0xFFFFFFFF, Id);
    DeviceReturn(Device);
    CHECK_EQUAL(0, Get(0x24));
    Unmap();
    End();
}

TEST(stopped_device_decodes_nothing_and_its_mappings_show)
{
    char Answer[256];

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    FixturePdo("edu0");
    Map(EDU0, 0x100000);
    DeviceUnassign(MachineDeviceByName(Machine, "edu0"));
    CHECK_EQUAL(0xFFFFFFFF, Get(0x00));
    CHECK(!BusAtRest(Machine, Answer, sizeof(Answer)));
    CHECK(strcmp("registers of edu0 are mapped, but it is stopped\n", Answer) == 0);
    Unmap();
    End();
}

TEST(bus_refuses_what_no_register_allows)
{
    PHYSICAL_ADDRESS Nowhere;

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Nowhere.QuadPart = 0x1000;
    CHECK(BusMap(Machine, Nowhere, 16) == NULL);
    Nowhere.QuadPart = (LONGLONG)E1000E0 + 0x20000 - 4;
    CHECK(BusMap(Machine, Nowhere, 8) == NULL);
    FixturePdo("edu0");
    Map(EDU0, 0x1000);
    CHECK_STOPS("READ_REGISTER_UCHAR", "register 0x0 of edu0 cannot be accessed with 1 bytes",
                BusRead(Machine, Base, 1, "READ_REGISTER_UCHAR"));
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    FixturePdo("edu0");
    Map(EDU0, 0x1000);
    CHECK_STOPS("READ_REGISTER_ULONG", "cannot be accessed", Get(0x80));
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Map(EDU0, 0x1000);
    CHECK_STOPS("READ_REGISTER_ULONG", "no register is mapped", Get(0x1000));
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Map(EDU0, 0x1000);
    CHECK_STOPS("MmUnmapIoSpace", "0x800 bytes are unmapped, 0x1000 were mapped", BusUnmap(Machine, Base, 0x800));
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Map(EDU0, 0x1000);
    Unmap();
    CHECK_STOPS("MmUnmapIoSpace", "nothing is mapped", Unmap());
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    CHECK_STOPS("READ_PORT_UCHAR", "port 0x2f8 belongs to no device",
                BusPortRead(Machine, 0x2F8, 1, "READ_PORT_UCHAR"));
    Base = NULL;
}

/* ---- Control words ----------------------------------------------------------------------------------------------- */

TEST(load_interrupts_by_itself)
{
    ISR Isr = { .WriteOffset = 0x64, .WriteValue = 1 };

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Connect("edu1", &Isr);
    Map(EDU1, 0x100000);
    Control("load edu1 1000");
    MachineAdvance(Machine, 10000000);
    CHECK(Isr.Witness.Calls >= 9 && Isr.Witness.Calls <= 11);
    Control("load edu1 0");
    Isr.Witness.Calls = 0;
    MachineAdvance(Machine, 10000000);
    CHECK_EQUAL(0, Isr.Witness.Calls);
    Control("spur edu1");
    MachineAdvance(Machine, 10000);
    CHECK_EQUAL(1, Isr.Witness.Calls);
    Finish();
}

TEST(load_keeps_its_rate_whatever_each_interrupt_costs)
{
    ISR Isr = { .ReadOffset = 0 };

    Machine = BeginFile("group 0-7\ndevice none messages=8\n");
    Connect("none0", &Isr);
    Control("load none0 1000000");
    for (ULONG Step = 0; Step < 1000; Step++) {
        MachineSpend(Machine, 1500, 2500);      /* what a driver's own work takes: a load's turn comes in between */
        MachineAdvance(Machine, 8000);
    }
    CHECK(Isr.Witness.Calls >= MachineNow(Machine) / 1000 - 20);
    CHECK(Isr.Witness.Calls <= MachineNow(Machine) / 1000);
    Control("load none0 0");
    Finish();
}

TEST(none_device_sends_its_messages_in_turn)
{
    ISR Isr = { .ReadOffset = 0 };

    Machine = BeginFile("group 0-7\ndevice none messages=4\n");
    Connect("none0", &Isr);
    CHECK_EQUAL(4, FixtureAssignedCount("none0"));
    for (ULONG Message = 0; Message < 8; Message++) {
        Control("spur none0");
        MachineAdvance(Machine, 10000);
        CHECK_EQUAL(Message + 1, Isr.Witness.Calls);
        CHECK_EQUAL(Message % 4, Isr.Witness.MessageId);
    }
    Finish();
}

TEST(control_words_refuse_with_a_reason)
{
    static const char *const Bad[][2] = {
        { "", "a word is missing" }, { "fly", "there is no word \"fly\"" },
        { "load edu9 1", "there is no device \"edu9\"" }, { "load", "the name of a device is missing" },
        { "load edu0", "load needs a rate of 0 to 10000000 interrupts a second" },
        { "load edu0 x", "load needs a rate of 0 to 10000000 interrupts a second" },
        { "now then", "\"then\" is one word too many" }, { "fault", "fault needs a name, or off" },
        { "fault lost device=x", "there is no device \"x\"" },
        { "fault lost often=1", "a fault has no \"often=1\" (only device=, after=, count= and every=)" },
        { "fault lost count=many", "\"count=many\" is no number that fits" },
        { "fault spurious neighbour=2", "\"neighbour=2\" is no number that fits" },
        { "fault lost neighbour=1", "a fault has no \"neighbour=1\" (only device=, after=, count= and every=)" },
        { "fault lost every=0", "\"every=0\" is no number that fits" },
        { "fault wrong-group", "a machine with one group has no wrong one" },
    };
    char Answer[512];

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    for (ULONG Index = 0; Index < sizeof(Bad) / sizeof(Bad[0]); Index++) {
        CHECK(!MachineControl(Machine, Bad[Index][0], Answer, sizeof(Answer)));
        if (strcmp(Bad[Index][1], Answer) != 0) {
            CHECK_FAIL("%s: %s", Bad[Index][0], Answer);
        }
    }
    CHECK(!MachineControl(Machine, "fault flood", Answer, sizeof(Answer)));
    CHECK(strstr(Answer, "lost late spurious stuck storm gone retarget wrong-group outside-mask fall-back never-fires "
                         "refused") != NULL);
    FixturePdo("edu0");
    CHECK(MachineControl(Machine, "grants edu0", Answer, sizeof(Answer)));
    CHECK(strncmp("message 0 ", Answer, 10) == 0 && strstr(Answer, " 0 0xff\n") != NULL);
    CHECK(MachineControl(Machine, "model edu0", Answer, sizeof(Answer)));
    CHECK(strstr(Answer, "model edu\npresent 1\npower D0\n") == Answer);
    CHECK(MachineControl(Machine, "now", Answer, sizeof(Answer)));
    End();
}
