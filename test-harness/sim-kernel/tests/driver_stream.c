/* Events on their way to reads: whose turn it is, how long one turn lasts, and who masks a storm. */
#include "driver_fixture.h"

#define READS 100u
#define ROOM (sizeof(IRQSCOPE_RUN) + sizeof(IRQSCOPE_EVENT))

typedef struct READ {
    SIM_OVERLAPPED Overlapped;
    DECLSPEC_ALIGN(16) uint8_t Buffer[ROOM];
} READ;

static READ Reads[READS];

static void ReadStart(SIM_HANDLE File, READ *Read, void *Buffer, uint32_t Room, uint32_t Fill)
{
    IRQSCOPE_EVENTS_REQUEST Request = { .Fill = Fill, .Delay = Fill != 0 ? IRQSCOPE_MAXIMUM_DELAY : 0 };
    uint32_t Returned;

    Read->Overlapped = (SIM_OVERLAPPED){ .Event = CreateEventW(NULL, 1, 0, NULL) };
    (void)DeviceIoControl(File, IRQSCOPE_CODE_EVENTS, &Request, sizeof(Request), Buffer, Room, &Returned,
                          &Read->Overlapped);
}

static uint32_t ReadEnd(SIM_HANDLE File, READ *Read)
{
    uint32_t Bytes = 0;

    CHECK(GetOverlappedResult(File, &Read->Overlapped, &Bytes, 1));
    CHECK(CloseHandle(Read->Overlapped.Event));
    return Bytes;
}

/* ---- The order of lanes ------------------------------------------------------------------------------------------ */

/* Eight processors hold events; each run that a read gets begins later than the one before it. */
TEST(lanes_are_read_in_the_order_of_their_oldest_event)
{
    static DECLSPEC_ALIGN(16) uint8_t Buffer[65536];
    uint64_t Before = 0;
    uint32_t Runs = 0;
    uint32_t Events = 0;
    uint32_t Bytes;
    uint32_t Connection;
    SIM_HANDLE File;
    READ Read;

    Begin("1x8");
    File = Open("edu0");
    Connection = Connect(File, (IRQSCOPE_CONNECT_REQUEST){ .Way = IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP,
                                                           .Kind = IRQSCOPE_KIND_MESSAGE });
    Trigger(File, Connection, 0, 60, 1);
    ReadStart(File, &Read, Buffer, sizeof(Buffer), 0);
    Bytes = ReadEnd(File, &Read);
    for (uint32_t Place = 0; Place < Bytes; Runs++) {
        const IRQSCOPE_RUN *Run = (const IRQSCOPE_RUN *)(Buffer + Place);
        const IRQSCOPE_EVENT *First = (const IRQSCOPE_EVENT *)(Run + 1);

        CHECK(Run->Base + First->Time > Before);
        Before = Run->Base + First->Time;
        Events += Run->Count;
        Place += (uint32_t)(sizeof(*Run) + Run->Count * sizeof(*First));
    }
    CHECK_EQUAL(60, Events);
    CHECK(Runs >= 6);
    Disconnect(File, Connection);
    CHECK(CloseHandle(File));
    End();
}

/* A lane that is filled again and again keeps no other one waiting: of two processors the one whose event is older is read
 * first, however much the other has. */
TEST(a_busy_lane_does_not_starve_another)
{
    SIM_HANDLE File;
    uint64_t Before = 0;
    uint32_t Connection;

    Begin("1x2");
    File = Open("edu0");
    Connection = Connect(File, (IRQSCOPE_CONNECT_REQUEST){ .Way = IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP,
                                                           .Kind = IRQSCOPE_KIND_MESSAGE });
    Trigger(File, Connection, 0, 40, 1);
    for (uint32_t Each = 0; Each < 40; Each++) { /* room for one event each */
        const IRQSCOPE_RUN *Run = (const IRQSCOPE_RUN *)Reads[0].Buffer;

        ReadStart(File, &Reads[0], Reads[0].Buffer, ROOM, 0);
        CHECK_EQUAL(ROOM, ReadEnd(File, &Reads[0]));
        CHECK(Run->Base + ((const IRQSCOPE_EVENT *)(Run + 1))->Time > Before);
        Before = Run->Base + ((const IRQSCOPE_EVENT *)(Run + 1))->Time;
    }
    Disconnect(File, Connection);
    CHECK(CloseHandle(File));
    End();
}

/* ---- One turn ---------------------------------------------------------------------------------------------------- */

static ULONG Row, Longest;

static void CountCompletion(PIRP Irp)
{
    UNREFERENCED_PARAMETER(Irp);
    if (ProcessorIrql(MachineNowIn()) == DISPATCH_LEVEL && ++Row > Longest) {
        Longest = Row;
    }
}

static void EndRow(PKDPC Dpc)
{
    UNREFERENCED_PARAMETER(Dpc);
    Row = 0;
}

/* 100 reads of two handles become due at once, when the one before them, which wanted more, is cancelled. No turn completes
 * more of them than a handle may have; a DPC goes on with the others. */
TEST(a_turn_completes_no_more_reads_than_a_handle_may_have)
{
    static DECLSPEC_ALIGN(16) uint8_t Large[65536];
    struct { IRQSCOPE_RESOURCES_REPLY Reply; IRQSCOPE_RESOURCE_RECORD Record; } Resources;
    IRQSCOPE_LIST_REQUEST List = { 0, 0 };
    SIM_HANDLE Files[2];
    uint32_t Connection;
    uint64_t Before;
    READ First;

    Begin("1x1");
    Say("registry set edu0:Irqscope!ConnectAtStart=dword:1");
    Say("restart edu0");
    Files[0] = Open("edu0");
    Files[1] = Open("edu0");
    CHECK_STATUS(0, Ask(Files[0], IRQSCOPE_CODE_RESOURCES, &List, sizeof(List), &Resources, sizeof(Resources)));
    Connection = Resources.Record.Connection;
    CHECK(Connection != 0);
    ReadStart(Files[0], &First, Large, sizeof(Large), sizeof(Large));
    for (uint32_t Each = 0; Each < READS; Each++) {
        ReadStart(Files[Each & 1], &Reads[Each], Reads[Each].Buffer, ROOM, 0);
    }
    Trigger(Files[0], Connection, 0, READS, 1);
    CHECK(CancelIoEx(Files[0], &First.Overlapped));
    CHECK_EQUAL(0x103, Reads[0].Overlapped.Internal);
    Before = strtoull(Say("now"), NULL, 10);
    Row = Longest = 0;
    Hooks.Complete = CountCompletion;
    Hooks.QueueDpc = EndRow;
    Trigger(Files[0], Connection, 0, 1, 1);
    for (uint32_t Each = 0; Each < READS; Each++) {
        CHECK_EQUAL(ROOM, ReadEnd(Files[Each & 1], &Reads[Each]));
    }
    CHECK_EQUAL(IRQSCOPE_MAXIMUM_READS, Longest);
    CHECK(strtoull(Say("now"), NULL, 10) - Before < 1000000); /* and not the timer of the cancelled read */
    CHECK(CloseHandle(First.Overlapped.Event));
    CHECK(CloseHandle(Files[0]));
    CHECK(CloseHandle(Files[1]));
    End();
}

/* ---- Storms ------------------------------------------------------------------------------------------------------ */

static PROCESSOR_NUMBER Tripped, Served;
static ULONG Guards, Masks;

/* The guard's DPC is the only one of high importance. */
static void GuardQueued(PKDPC Dpc)
{
    if (Dpc->Importance == HighImportance) {
        Guards++;
        ProcessorNumber(ProcessorCurrent(MachineNowIn()), &Tripped);
    }
}

static void BusMasked(DEVICE *Device, ULONG Offset, ULONG Value)
{
    UNREFERENCED_PARAMETER(Device);
    if (Guards != 0 && Masks == 0 && Offset == PCI_COMMAND_OFFSET && (Value & PCI_COMMAND_NO_LINE) != 0) {
        Masks++;
        ProcessorNumber(ProcessorCurrent(MachineNowIn()), &Served);
        CHECK_EQUAL(DISPATCH_LEVEL, ProcessorIrql(MachineNowIn()));
    }
}

/* An edu can be masked by its bus only, and that not in an ISR. The processor that its line keeps busy comes to no DPC: the
 * one that masks runs on another. */
TEST(a_storm_is_masked_by_a_dpc_on_another_processor)
{
    SIM_HANDLE File;
    uint32_t Connection;

    Begin("1x8");
    for (ULONG Each = 0; Each < 4; Each++) {
        Say("processor g0:%u", Each);
        File = Open("edu1");
        Guards = Masks = 0;
        Connection = Connect(File, (IRQSCOPE_CONNECT_REQUEST){ .Way = IRQSCOPE_WAY_IO_CONNECT_INTERRUPT,
                                                               .Kind = IRQSCOPE_KIND_LINE, .StormRate = 100000,
                                                               .Flags = IRQSCOPE_CONNECT_PROCESSORS, .Mask = 1u << Each });
        Hooks.QueueDpc = GuardQueued;
        Hooks.ConfigWrite = BusMasked;
        Say("fault stuck device=edu1");
        Trigger(File, Connection, 0, 1, 0);
        Say("fault off");
        Hooks = (HOOKS){ 0 };
        CHECK_EQUAL(1, Guards);
        CHECK_EQUAL(1, Masks);
        CHECK_EQUAL(Each, Tripped.Number);
        CHECK(Served.Number != Tripped.Number);
        CHECK(CloseHandle(File));
    }
    End();
}
