/*
 * In which order the driver does what must not be done in another: mask and read back, disconnect, flush, free; a reason
 * to be quiet and the mask; the last register access and the way down from D0.
 */
#include "driver_fixture.h"

#include <string.h>

#define MESSAGE_OF(Way_) { .Way = (Way_), .Kind = IRQSCOPE_KIND_MESSAGE }
#define LINE_OF(Way_) { .Way = (Way_), .Kind = IRQSCOPE_KIND_LINE }

/* The last register access before a disconnect is the read that brings the mask to the device; DPCs are flushed after the
 * disconnect and before anything is freed. */
static const char *Teardown(const char *Trace)
{
    static char Text[256];
    const char *Disconnect = strstr(Trace, "disconnect");

    CHECK(Disconnect != NULL && strstr(Disconnect + 1, "disconnect") == NULL);
    CHECK(strstr(Disconnect, "flush") != NULL && strstr(Disconnect, "free") != NULL);
    CHECK(strstr(Disconnect, "unqueue") < strstr(Disconnect, "flush"));
    CHECK(strstr(Disconnect, "flush") < strstr(Disconnect, "free"));
    CHECK(strstr(Trace, "flush") > Disconnect && strstr(Trace, "free") > Disconnect);
    snprintf(Text, sizeof(Text), "%.*s", (int)(Disconnect - Trace), Trace);
    return Text;
}

/* A device may not interrupt before there is somebody to serve it: up to the connect's return nothing is written. */
TEST(nothing_is_enabled_before_connect_returns)
{
    static const struct {
        const char *Device;
        IRQSCOPE_CONNECT_REQUEST Request;
    } Cases[] = {
        { "e1000e0", { .Way = IRQSCOPE_WAY_MESSAGE_BASED } },
        { "e1000e1", { .Way = IRQSCOPE_WAY_LINE_BASED } },
        { "igb0", MESSAGE_OF(IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP) },
        { "uart0", LINE_OF(IRQSCOPE_WAY_FULLY_SPECIFIED) },
        { "uart0", LINE_OF(IRQSCOPE_WAY_IO_CONNECT_INTERRUPT) },
        { "uart0", LINE_OF(IRQSCOPE_WAY_PORTCLS) },
        { "edu1", LINE_OF(IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP) },
    };

    Begin("1x8");
    for (size_t Each = 0; Each < sizeof(Cases) / sizeof(Cases[0]); Each++) {
        SIM_HANDLE File = Open(Cases[Each].Device);
        const char *Trace;

        TraceStart();
        (void)Connect(File, Cases[Each].Request);
        Trace = TraceTake();
        if (strncmp(Trace, "connect ", 8) != 0 || strstr(Trace + 8, "connect") != NULL) {
            CHECK_FAIL("%s: \"%s\"", Cases[Each].Device, Trace);
        }
        CHECK(Calls("write") + Calls("config") != 0);
        CHECK(CloseHandle(File));
    }
    End();
}

TEST(disconnect_masks_and_reads_back_first)
{
    static const struct {
        const char *Device;
        IRQSCOPE_CONNECT_REQUEST Request;
        const char *Before; /* the disconnect */
    } Cases[] = {
        { "e1000e0", MESSAGE_OF(IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP), "write read " },
        { "igb0", MESSAGE_OF(IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP), "write read " },
        { "e1000e1", { .Way = IRQSCOPE_WAY_LINE_BASED }, "write read config " }, /* and INTx is disabled */
        { "uart0", LINE_OF(IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP), "write read " },
        { "edu0", MESSAGE_OF(IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP), "write config " }, /* a configuration write is not posted */
        { "edu1", LINE_OF(IRQSCOPE_WAY_IO_CONNECT_INTERRUPT), "write config " },
    };

    Begin("2x64");
    for (size_t Each = 0; Each < sizeof(Cases) / sizeof(Cases[0]); Each++) {
        SIM_HANDLE File = Open(Cases[Each].Device);
        uint32_t Connection = Connect(File, Cases[Each].Request);
        const char *Before;

        Trigger(File, Connection, 0, 3, 1);
        TraceStart();
        Disconnect(File, Connection);
        Before = Teardown(TraceTake());
        if (strcmp(Before, Cases[Each].Before) != 0) {
            CHECK_FAIL("%s: \"%s\", expected \"%s\"", Cases[Each].Device, Before, Cases[Each].Before);
        }
        CHECK(CloseHandle(File));
    }
    End();
}

TEST(a_mask_by_request_is_read_back)
{
    static const char *const Devices[] = { "e1000e0", "igb0", "uart0" };

    Begin("1x8");
    for (size_t Each = 0; Each < 3; Each++) {
        IRQSCOPE_CONNECT_REQUEST Request = { .Way = IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP,
                                             .Kind = Each == 2 ? IRQSCOPE_KIND_LINE : IRQSCOPE_KIND_MESSAGE };
        SIM_HANDLE File = Open(Devices[Each]);

        (void)Connect(File, Request);
        TraceStart();
        Mask(File, 1);
        CHECK_TRACE("write read complete");
        CHECK(CloseHandle(File));
    }
    End();
}

static void Stop(const char *Device)
{
    Say("rebalance %s", Device);
}

static void Surprise(const char *Device)
{
    Say("surprise %s", Device);
}

TEST(every_way_out_disconnects_once_and_before_the_registers_go)
{
    static void (*const Ways[])(const char *Device) = { Stop, Surprise };

    for (size_t Way = 0; Way < 2; Way++) {
        SIM_HANDLE File;
        const char *Trace;

        Begin("2x64");
        File = Open("igb0");
        (void)Connect(File, (IRQSCOPE_CONNECT_REQUEST){ .Way = IRQSCOPE_WAY_MESSAGE_BASED });
        TraceStart();
        Ways[Way]("igb0");
        Trace = TraceTake();
        (void)Teardown(Trace);
        CHECK(strstr(Trace, "unmap") > strstr(Trace, "disconnect"));
        CHECK_EQUAL(1, Calls("disconnect"));
        CHECK(CloseHandle(File));
        End();
    }
}

TEST(a_device_that_was_pulled_is_not_touched)
{
    SIM_HANDLE File;

    Begin("1x8");
    File = Open("e1000e0");
    (void)Connect(File, (IRQSCOPE_CONNECT_REQUEST){ .Way = IRQSCOPE_WAY_MESSAGE_BASED });
    TraceStart();
    Say("surprise e1000e0");
    CHECK(CloseHandle(File));
    (void)TraceTake();
    CHECK_EQUAL(0, Calls("write") + Calls("read") + Calls("config"));
    CHECK_EQUAL(1, Calls("disconnect"));
    End();
}

TEST(a_closed_handle_ends_what_it_connected)
{
    SIM_HANDLE File;

    Begin("1x8");
    File = Open("edu0");
    (void)Connect(File, (IRQSCOPE_CONNECT_REQUEST)MESSAGE_OF(IRQSCOPE_WAY_FULLY_SPECIFIED));
    TraceStart();
    CHECK(CloseHandle(File));
    (void)Teardown(TraceTake());
    CHECK_EQUAL(1, Calls("disconnect"));
    End();
}

TEST(a_removed_device_is_detached_before_it_is_deleted)
{
    const char *Trace;

    Begin("1x8");
    TraceStart();
    Say("restart edu0");
    Trace = TraceTake();
    CHECK(strstr(Trace, "unmap") < strstr(Trace, "detach"));
    CHECK(strstr(Trace, "detach") < strstr(Trace, "delete"));
    End();
}

/* ---- The reason and the mask ------------------------------------------------------------------------------------- */

static ULONG Interruptions;

/* The device interrupts when the driver has decided to mask it and not done so yet. */
static void InterruptBeforeMask(DEVICE *Device, ULONG Offset, ULONG Value)
{
    UNREFERENCED_PARAMETER(Offset);
    UNREFERENCED_PARAMETER(Value);
    if (Interruptions == 0 && strcmp(DeviceName(Device), "edu1") == 0) {
        Interruptions++;
        DeviceTrigger(Device, 0x100);
        MachineDeliver(MachineNowIn());
    }
}

static uint64_t Claimed(SIM_HANDLE File, uint32_t Connection)
{
    IRQSCOPE_STATISTICS_REQUEST Request = { .Connection = Connection, .What = IRQSCOPE_STATISTICS_COUNTERS };
    struct { IRQSCOPE_PAGE Page; IRQSCOPE_COUNTERS Counters; } Reply;

    CHECK_STATUS(0, Ask(File, IRQSCOPE_CODE_STATISTICS, &Request, sizeof(Request), &Reply, sizeof(Reply)));
    return Reply.Counters.Claimed;
}

/* An ISR that did not ask its device any more would leave the shared line up: on the processor of the thread that is about
 * to mask it, that is for ever. */
TEST(an_interrupt_between_the_reason_and_the_mask_is_claimed)
{
    SIM_HANDLE File;
    uint32_t Connection;

    Begin("1x8");
    File = Open("edu1");
    Connection = Connect(File, (IRQSCOPE_CONNECT_REQUEST)LINE_OF(IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP));
    Interruptions = 0;
    Hooks.RegisterWrite = InterruptBeforeMask;
    Mask(File, 1);
    CHECK_EQUAL(1, Interruptions);
    CHECK_EQUAL(1, Claimed(File, Connection));
    Mask(File, 0);
    Trigger(File, Connection, 0, 2, 1);
    CHECK_EQUAL(3, Claimed(File, Connection));
    Interruptions = 0;
    Disconnect(File, Connection); /* masks for another reason */
    CHECK_EQUAL(1, Interruptions);
    CHECK(CloseHandle(File));
    End();
}

/* ---- Power ------------------------------------------------------------------------------------------------------- */

/* Each target's lock is taken once after the last register access: an ISR that is still at the registers has then gone. */
TEST(leaving_d0_waits_for_running_isrs)
{
    SIM_HANDLE File;
    const char *Trace;
    const char *Wait;

    Begin("2x64");
    File = Open("igb0");
    (void)Connect(File, (IRQSCOPE_CONNECT_REQUEST){ .Way = IRQSCOPE_WAY_MESSAGE_BASED });
    TraceStart();
    Say("power igb0 3");
    Trace = TraceTake();
    CHECK_EQUAL(8, Calls("synchronize"));
    Wait = strstr(Trace, "synchronize");
    CHECK(strstr(Trace, "write") < Wait && strstr(Wait, "write") == NULL && strstr(Wait, "read") == NULL);
    CHECK(strstr(Wait, "config") == NULL);
    Say("power igb0 0");
    CHECK(CloseHandle(File));
    End();
}

/* ---- What the next driver finds ---------------------------------------------------------------------------------- */

static ULONG LastCommand;

static void TakeCommand(DEVICE *Device, ULONG Offset, ULONG Value)
{
    UNREFERENCED_PARAMETER(Device);
    if (Offset == PCI_COMMAND_OFFSET) {
        LastCommand = Value;
    }
}

/* The driver disables INTx as long as nothing is connected, and keeps an edu quiet by taking its bus mastering away. Another
 * driver would not expect either. */
TEST(remove_gives_the_command_register_back_as_it_was)
{
    static const char *const Devices[] = { "edu0", "edu1", "e1000e1" };

    for (size_t Each = 0; Each < 3; Each++) {
        SIM_HANDLE File;

        Begin("1x8");
        LastCommand = 0;
        Hooks.ConfigWrite = TakeCommand;
        File = Open(Devices[Each]);
        (void)Connect(File, (IRQSCOPE_CONNECT_REQUEST){
            .Way = IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP,
            .Kind = Each == 0 ? IRQSCOPE_KIND_MESSAGE : IRQSCOPE_KIND_LINE });
        Mask(File, 1);
        CHECK(CloseHandle(File));
        CHECK((LastCommand & PCI_COMMAND_NO_LINE) != 0); /* nobody serves it now */
        CHECK_EQUAL(Each == 0 ? 0 : PCI_COMMAND_MASTER, LastCommand & PCI_COMMAND_MASTER);
        CHECK_EQUAL(0, SimulatedMachineDelete(Machine, (char[256]){ 0 }, 256));
        Hooks.ConfigWrite = NULL;
        CHECK_EQUAL(PCI_COMMAND_MASTER, LastCommand & (PCI_COMMAND_MASTER | PCI_COMMAND_NO_LINE));
    }
}
