/* The connect request: its fields, and the rules that forbid a way before any kernel call. */
#include <string.h>

#include "fields.h"
#include "status.h"
#include "tests.h"

#define ABILITIES (IRQSCOPE_ABILITY_CONNECT_EX | IRQSCOPE_ABILITY_AFFINITY | IRQSCOPE_ABILITY_GROUPS)

enum { LINE_0, LINE_1, MESSAGE_0, MESSAGE_1, RESOURCES };

/* A level line in group 0, a latched one in group 1, a message in group 0, one in group 2. */
static const IRQSCOPE_RESOURCE_RECORD Resources[RESOURCES] = {
    [LINE_0] = { .Kind = IRQSCOPE_KIND_LINE, .Number = 0, .Flags = IRQSCOPE_RESOURCE_SHARED, .Irql = 5, .Mask = 0xFF },
    [LINE_1] = { .Kind = IRQSCOPE_KIND_LINE, .Number = 1, .Flags = IRQSCOPE_RESOURCE_LATCHED, .Irql = 5, .Mask = 0xF0,
                 .Group = 1 },
    [MESSAGE_0] = { .Kind = IRQSCOPE_KIND_MESSAGE, .Number = 0, .Flags = IRQSCOPE_RESOURCE_LATCHED,
                    .Irql = 5, .Mask = 0xF },
    [MESSAGE_1] = { .Kind = IRQSCOPE_KIND_MESSAGE, .Number = 1, .Flags = IRQSCOPE_RESOURCE_LATCHED, .Irql = 5, .Mask = 0xF,
                    .Group = 2 },
};

static const CONNECT_CONTEXT Context = { Resources, RESOURCES, ABILITIES, IRQSCOPE_MODEL_EDU };

static uint32_t Check(IRQSCOPE_CONNECT_REQUEST Request)
{
    uint32_t Index = 77;

    return ConnectCheck(&Request, &Context, &Index);
}

#define REQUEST(...) ((IRQSCOPE_CONNECT_REQUEST){ __VA_ARGS__ })
#define LINE .Way = IRQSCOPE_WAY_IO_CONNECT_INTERRUPT, .Kind = IRQSCOPE_KIND_LINE
#define MESSAGES .Way = IRQSCOPE_WAY_MESSAGE_BASED, .Kind = IRQSCOPE_KIND_MESSAGE

static void AcceptsEveryWay(void)
{
    for (uint32_t Way = IRQSCOPE_WAY_IO_CONNECT_INTERRUPT; Way <= IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP; Way++) {
        for (uint32_t Each = 0; Each < RESOURCES; Each++) {
            IRQSCOPE_CONNECT_REQUEST Request = { .Way = Way, .Kind = Resources[Each].Kind,
                                                 .Number = Resources[Each].Number };
            uint32_t Index = 77;

            CHECK_EQUAL(0, ConnectCheck(&Request, &Context, &Index));
            CHECK_EQUAL(Each, Index);
        }
    }
    for (uint32_t Way = IRQSCOPE_WAY_LINE_BASED; Way <= IRQSCOPE_WAY_MESSAGE_BASED; Way++) {
        for (uint32_t Kind = 0; Kind <= IRQSCOPE_KIND_MESSAGE; Kind++) {
            IRQSCOPE_CONNECT_REQUEST Request = { .Way = Way, .Kind = Kind };
            uint32_t Index = 77;

            CHECK_EQUAL(0, ConnectCheck(&Request, &Context, &Index));
            CHECK_EQUAL(CONNECT_EVERY, Index);
        }
    }
}

static void RefusesFlagsThatAreUnknownOrOfAnotherWay(void)
{
    for (uint32_t Bit = 3; Bit < 32; Bit++) {
        CHECK_EQUAL(0xC000000Du, Check(REQUEST(MESSAGES, .Flags = 1u << Bit)));
    }
    CHECK_EQUAL(0, Check(REQUEST(MESSAGES, .Flags = IRQSCOPE_CONNECT_FALLBACK | IRQSCOPE_CONNECT_SHARED_LOCK)));
    CHECK_EQUAL(0xC000000Du, Check(REQUEST(LINE, .Flags = IRQSCOPE_CONNECT_FALLBACK)));
    CHECK_EQUAL(0xC000000Du, Check(REQUEST(LINE, .Flags = IRQSCOPE_CONNECT_SHARED_LOCK)));
    CHECK_EQUAL(0xC000000Du,
                Check(REQUEST(.Way = IRQSCOPE_WAY_LINE_BASED, .Flags = IRQSCOPE_CONNECT_FALLBACK)));
    CHECK_EQUAL(0xC000000Du, Check(REQUEST(MESSAGES, .Flags = IRQSCOPE_CONNECT_PROCESSORS)));
    CHECK_EQUAL(0xC000000Du, Check(REQUEST(.Way = IRQSCOPE_WAY_LINE_BASED, .Flags = IRQSCOPE_CONNECT_PROCESSORS)));
}

static void RefusesAWayThatIsUnknownOrNotBuiltIn(void)
{
    IRQSCOPE_CONNECT_REQUEST Request = { LINE };
    CONNECT_CONTEXT Audio = Context;
    uint32_t Index;

    CHECK_EQUAL(0xC00000EFu, Check(REQUEST(.Way = 0, .Kind = IRQSCOPE_KIND_LINE)));
    CHECK_EQUAL(0xC00000EFu, Check(REQUEST(.Way = 7, .Kind = IRQSCOPE_KIND_LINE)));
    CHECK_EQUAL(0xC00000EFu, Check(REQUEST(.Way = 0xFFFFFFFFu, .Kind = IRQSCOPE_KIND_LINE)));
    Request.Way = IRQSCOPE_WAY_PORTCLS;
    CHECK_EQUAL(0xC00000EFu, ConnectCheck(&Request, &Context, &Index));
    Audio.Abilities |= IRQSCOPE_ABILITY_PORTCLS;
    CHECK_EQUAL(0, ConnectCheck(&Request, &Audio, &Index));
    CHECK_EQUAL(LINE_0, Index);
    Request.Flags = IRQSCOPE_CONNECT_PROCESSORS;
    CHECK_EQUAL(0xC000000Du, ConnectCheck(&Request, &Audio, &Index));
}

static void RefusesAModeOfThePortClassThatMakesNoSense(void)
{
    IRQSCOPE_CONNECT_REQUEST Request = { LINE };
    CONNECT_CONTEXT Audio = Context;
    uint32_t Index;

    Audio.Abilities |= IRQSCOPE_ABILITY_PORTCLS;
    Request.Way = IRQSCOPE_WAY_PORTCLS;
    Request.Flags = IRQSCOPE_CONNECT_SYNC_ALL;
    CHECK_EQUAL(0, ConnectCheck(&Request, &Audio, &Index));
    Request.Flags = IRQSCOPE_CONNECT_SYNC_REPEAT;
    CHECK_EQUAL(0xC000000Du, ConnectCheck(&Request, &Audio, &Index));
    Request.StormRate = 1;
    CHECK_EQUAL(0, ConnectCheck(&Request, &Audio, &Index));
    Request.Flags = IRQSCOPE_CONNECT_SYNC_ALL | IRQSCOPE_CONNECT_SYNC_REPEAT;
    CHECK_EQUAL(0xC000000Du, ConnectCheck(&Request, &Audio, &Index));
    Request.Flags = IRQSCOPE_CONNECT_SYNC_ALL;
    Request.Way = IRQSCOPE_WAY_FULLY_SPECIFIED;
    CHECK_EQUAL(0xC000000Du, ConnectCheck(&Request, &Audio, &Index));
}

static void RefusesAResourceThatIsNotThere(void)
{
    CONNECT_CONTEXT Empty = Context;
    IRQSCOPE_CONNECT_REQUEST Request = { LINE };
    uint32_t Index;

    CHECK_EQUAL(0xC00000F0u, Check(REQUEST(LINE, .Number = 2)));
    CHECK_EQUAL(0xC00000F0u, Check(REQUEST(.Way = IRQSCOPE_WAY_IO_CONNECT_INTERRUPT, .Kind = 0)));
    CHECK_EQUAL(0xC00000F0u, Check(REQUEST(.Way = IRQSCOPE_WAY_IO_CONNECT_INTERRUPT, .Kind = 3)));
    CHECK_EQUAL(0xC00000F0u, Check(REQUEST(MESSAGES, .Number = 1)));
    CHECK_EQUAL(0xC00000F0u, Check(REQUEST(.Way = IRQSCOPE_WAY_LINE_BASED, .Kind = 3)));
    Empty.Count = 0;
    CHECK_EQUAL(0xC00000F0u, ConnectCheck(&Request, &Empty, &Index));
    Request.Way = IRQSCOPE_WAY_LINE_BASED; /* the kernel has an answer of its own for a device without resources */
    CHECK_EQUAL(0, ConnectCheck(&Request, &Empty, &Index));
}

static void RefusesProcessorsOutsideTheResource(void)
{
    CHECK_EQUAL(0, Check(REQUEST(LINE, .Flags = IRQSCOPE_CONNECT_PROCESSORS, .Mask = 0xFF)));
    CHECK_EQUAL(0, Check(REQUEST(LINE, .Flags = IRQSCOPE_CONNECT_PROCESSORS, .Mask = 0x80)));
    CHECK_EQUAL(0, Check(REQUEST(LINE, .Flags = IRQSCOPE_CONNECT_PROCESSORS, .Mask = 0)));
    CHECK_EQUAL(0xC00000F1u, Check(REQUEST(LINE, .Flags = IRQSCOPE_CONNECT_PROCESSORS, .Mask = 0x100)));
    CHECK_EQUAL(0xC00000F1u, Check(REQUEST(LINE, .Flags = IRQSCOPE_CONNECT_PROCESSORS, .Mask = ~(uint64_t)0)));
    CHECK_EQUAL(0xC00000F1u, Check(REQUEST(LINE, .Number = 1, .Flags = IRQSCOPE_CONNECT_PROCESSORS, .Mask = 0x1F)));
    CHECK_EQUAL(0xC000000Du, Check(REQUEST(LINE, .Mask = 0x1))); /* given, and yet not said to be given */
}

static void RefusesARingThatIsNoPowerOfTwo(void)
{
    for (uint32_t Events = 1; Events <= IRQSCOPE_MAXIMUM_EVENTS; Events *= 2) {
        CHECK_EQUAL(0, Check(REQUEST(LINE, .Events = Events)));
        CHECK_EQUAL(Events, ConnectEvents(&REQUEST(LINE, .Events = Events)));
    }
    CHECK_EQUAL(IRQSCOPE_DEFAULT_EVENTS, ConnectEvents(&REQUEST(LINE)));
    CHECK_EQUAL(0xC00000F5u, Check(REQUEST(LINE, .Events = 3)));
    CHECK_EQUAL(0xC00000F5u, Check(REQUEST(LINE, .Events = 1023)));
    CHECK_EQUAL(0xC00000F5u, Check(REQUEST(LINE, .Events = IRQSCOPE_MAXIMUM_EVENTS * 2)));
    CHECK_EQUAL(0xC00000F5u, Check(REQUEST(LINE, .Events = 0x80000000u)));
}

static void RefusesAResourceThatIsInAConnection(void)
{
    IRQSCOPE_RESOURCE_RECORD Busy[RESOURCES];
    CONNECT_CONTEXT WithBusy = { Busy, RESOURCES, ABILITIES, IRQSCOPE_MODEL_EDU };
    IRQSCOPE_CONNECT_REQUEST Request = { LINE };
    uint32_t Index;

    for (uint32_t Each = 0; Each < RESOURCES; Each++) {
        Busy[Each] = Resources[Each];
    }
    Busy[LINE_0].Connection = 0x10;
    CHECK_EQUAL(0xC0000708u, ConnectCheck(&Request, &WithBusy, &Index));
    Request.Number = 1;
    CHECK_EQUAL(0, ConnectCheck(&Request, &WithBusy, &Index));
    CHECK_EQUAL(0xC0000708u, ConnectCheck(&REQUEST(MESSAGES), &WithBusy, &Index));
    CHECK_EQUAL(0xC0000708u, ConnectCheck(&REQUEST(.Way = IRQSCOPE_WAY_LINE_BASED), &WithBusy, &Index));
}

static uint32_t Supported(uint32_t Way, uint32_t Flags, uint32_t Index, uint32_t Abilities, uint32_t Model)
{
    CONNECT_CONTEXT Other = { Resources, RESOURCES, Abilities, Model };

    return ConnectSupported(&REQUEST(.Way = Way, .Flags = Flags), &Other, Index);
}

static void ForbidsLegacyWaysOutsideGroupZeroAndForMessages(void)
{
    static const struct {
        uint32_t Way, Index, Status;
    } Cases[] = {
        { IRQSCOPE_WAY_IO_CONNECT_INTERRUPT, LINE_0, 0 },
        { IRQSCOPE_WAY_IO_CONNECT_INTERRUPT, LINE_1, 0xC00000BBu },
        { IRQSCOPE_WAY_IO_CONNECT_INTERRUPT, MESSAGE_0, 0xC00000BBu },
        { IRQSCOPE_WAY_IO_CONNECT_INTERRUPT, MESSAGE_1, 0xC00000BBu },
        { IRQSCOPE_WAY_FULLY_SPECIFIED, LINE_0, 0 },
        { IRQSCOPE_WAY_FULLY_SPECIFIED, LINE_1, 0xC00000BBu },
        { IRQSCOPE_WAY_FULLY_SPECIFIED, MESSAGE_0, 0 },
        { IRQSCOPE_WAY_FULLY_SPECIFIED, MESSAGE_1, 0xC00000BBu },
        { IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP, LINE_0, 0 },
        { IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP, LINE_1, 0 },
        { IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP, MESSAGE_0, 0 },
        { IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP, MESSAGE_1, 0 },
        { IRQSCOPE_WAY_LINE_BASED, CONNECT_EVERY, 0 },
        { IRQSCOPE_WAY_MESSAGE_BASED, CONNECT_EVERY, 0 },
        { IRQSCOPE_WAY_PORTCLS, LINE_0, 0 },
        { IRQSCOPE_WAY_PORTCLS, LINE_1, 0xC00000BBu },
        { IRQSCOPE_WAY_PORTCLS, MESSAGE_0, 0xC00000BBu },
    };

    for (unsigned Each = 0; Each < sizeof(Cases) / sizeof(Cases[0]); Each++) {
        CHECK_EQUAL(Cases[Each].Status,
                    Supported(Cases[Each].Way, 0, Cases[Each].Index, ABILITIES, IRQSCOPE_MODEL_EDU));
    }
}

static void ForbidsAnInterruptAtPassiveLevel(void)
{
    IRQSCOPE_RESOURCE_RECORD Passive[RESOURCES];
    CONNECT_CONTEXT Other = { Passive, RESOURCES, ABILITIES, IRQSCOPE_MODEL_EDU };

    memcpy(Passive, Resources, sizeof(Passive));
    Passive[LINE_1].Irql = 0;
    CHECK_EQUAL(0, ConnectSupported(&REQUEST(.Way = IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP), &Other, LINE_0));
    CHECK_EQUAL(0xC00000BBu, ConnectSupported(&REQUEST(.Way = IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP), &Other, LINE_1));
    CHECK_EQUAL(0xC00000BBu, ConnectSupported(&REQUEST(.Way = IRQSCOPE_WAY_LINE_BASED), &Other, CONNECT_EVERY));
}

static void ForbidsExWaysOnAKernelWithoutThem(void)
{
    CHECK_EQUAL(0, Supported(IRQSCOPE_WAY_IO_CONNECT_INTERRUPT, 0, LINE_0, 0, IRQSCOPE_MODEL_EDU));
    CHECK_EQUAL(0, Supported(IRQSCOPE_WAY_FULLY_SPECIFIED, 0, LINE_0, 0, IRQSCOPE_MODEL_EDU));
    CHECK_EQUAL(0xC00000BBu, Supported(IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP, 0, LINE_0, 0, IRQSCOPE_MODEL_EDU));
    CHECK_EQUAL(0xC00000BBu, Supported(IRQSCOPE_WAY_LINE_BASED, 0, CONNECT_EVERY, 0, IRQSCOPE_MODEL_EDU));
    CHECK_EQUAL(0xC00000BBu, Supported(IRQSCOPE_WAY_MESSAGE_BASED, 0, CONNECT_EVERY, 0, IRQSCOPE_MODEL_EDU));
}

static void ForbidsALevelLineOfADeviceThatNobodyCanQuiet(void)
{
    uint32_t None = IRQSCOPE_MODEL_NONE;

    CHECK_EQUAL(0xC00000BBu, Supported(IRQSCOPE_WAY_IO_CONNECT_INTERRUPT, 0, LINE_0, ABILITIES, None));
    CHECK_EQUAL(0xC00000BBu, Supported(IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP, 0, LINE_0, ABILITIES, None));
    CHECK_EQUAL(0, Supported(IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP, 0, LINE_1, ABILITIES, None));
    CHECK_EQUAL(0, Supported(IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP, 0, MESSAGE_1, ABILITIES, None));
    CHECK_EQUAL(0xC00000BBu, Supported(IRQSCOPE_WAY_LINE_BASED, 0, CONNECT_EVERY, ABILITIES, None));
    CHECK_EQUAL(0, Supported(IRQSCOPE_WAY_MESSAGE_BASED, 0, CONNECT_EVERY, ABILITIES, None));
    CHECK_EQUAL(0xC00000BBu,
                Supported(IRQSCOPE_WAY_MESSAGE_BASED, IRQSCOPE_CONNECT_FALLBACK, CONNECT_EVERY, ABILITIES, None));
    CHECK_EQUAL(0xC00000BBu, Supported(IRQSCOPE_WAY_PORTCLS, 0, LINE_0, ABILITIES, None));
}

/* Nor can it be asked whether it interrupted, so mode Repeat would never end: on a latched line of group 0, too. */
static void ForbidsModeRepeatOnADeviceThatNobodyCanAsk(void)
{
    IRQSCOPE_RESOURCE_RECORD Latched[RESOURCES];
    CONNECT_CONTEXT Other = { Latched, RESOURCES, ABILITIES, IRQSCOPE_MODEL_NONE };

    memcpy(Latched, Resources, sizeof(Latched));
    Latched[LINE_0].Flags |= IRQSCOPE_RESOURCE_LATCHED;
    CHECK_EQUAL(0, ConnectSupported(&REQUEST(.Way = IRQSCOPE_WAY_PORTCLS), &Other, LINE_0));
    CHECK_EQUAL(0xC00000BBu, ConnectSupported(&REQUEST(.Way = IRQSCOPE_WAY_PORTCLS,
                                                       .Flags = IRQSCOPE_CONNECT_SYNC_REPEAT), &Other, LINE_0));
    Other.Model = IRQSCOPE_MODEL_16550;
    CHECK_EQUAL(0, ConnectSupported(&REQUEST(.Way = IRQSCOPE_WAY_PORTCLS,
                                             .Flags = IRQSCOPE_CONNECT_SYNC_REPEAT), &Other, LINE_0));
}

const TEST ConnectTests[] = {
    { "connect.acceptsEveryWay", AcceptsEveryWay },
    { "connect.refusesFlagsThatAreUnknownOrOfAnotherWay", RefusesFlagsThatAreUnknownOrOfAnotherWay },
    { "connect.refusesAWayThatIsUnknownOrNotBuiltIn", RefusesAWayThatIsUnknownOrNotBuiltIn },
    { "connect.refusesAModeOfThePortClassThatMakesNoSense", RefusesAModeOfThePortClassThatMakesNoSense },
    { "connect.forbidsModeRepeatOnADeviceThatNobodyCanAsk", ForbidsModeRepeatOnADeviceThatNobodyCanAsk },
    { "connect.refusesAResourceThatIsNotThere", RefusesAResourceThatIsNotThere },
    { "connect.refusesProcessorsOutsideTheResource", RefusesProcessorsOutsideTheResource },
    { "connect.refusesARingThatIsNoPowerOfTwo", RefusesARingThatIsNoPowerOfTwo },
    { "connect.refusesAResourceThatIsInAConnection", RefusesAResourceThatIsInAConnection },
    { "connect.forbidsLegacyWaysOutsideGroupZeroAndForMessages", ForbidsLegacyWaysOutsideGroupZeroAndForMessages },
    { "connect.forbidsAnInterruptAtPassiveLevel", ForbidsAnInterruptAtPassiveLevel },
    { "connect.forbidsExWaysOnAKernelWithoutThem", ForbidsExWaysOnAKernelWithoutThem },
    { "connect.forbidsALevelLineOfADeviceThatNobodyCanQuiet", ForbidsALevelLineOfADeviceThatNobodyCanQuiet },
    TESTS_END
};
