/* The fields of every request but connect: each refusal by a request that is right in every way but one. */
#include "fields.h"
#include "status.h"
#include "tests.h"

static void VersionRefusesEveryOtherMajor(void)
{
    CHECK_EQUAL(0, VersionCheck(&(IRQSCOPE_VERSION_REQUEST){ .Major = 1, .Minor = 0 }));
    CHECK_EQUAL(0, VersionCheck(&(IRQSCOPE_VERSION_REQUEST){ .Major = 1, .Minor = 99 }));
    CHECK_EQUAL(0xC0000059u, VersionCheck(&(IRQSCOPE_VERSION_REQUEST){ .Major = 0 }));
    CHECK_EQUAL(0xC0000059u, VersionCheck(&(IRQSCOPE_VERSION_REQUEST){ .Major = 2 }));
}

static void ListRefusesReservedAndAStartBeyondTheEnd(void)
{
    CHECK_EQUAL(0, ListCheck(&(IRQSCOPE_LIST_REQUEST){ .Start = 0 }, 0));
    CHECK_EQUAL(0, ListCheck(&(IRQSCOPE_LIST_REQUEST){ .Start = 5 }, 5));
    CHECK_EQUAL(0xC00000F6u, ListCheck(&(IRQSCOPE_LIST_REQUEST){ .Start = 6 }, 5));
    CHECK_EQUAL(0xC00000F6u, ListCheck(&(IRQSCOPE_LIST_REQUEST){ .Start = 0xFFFFFFFFu }, 5));
    CHECK_EQUAL(0xC000000Du, ListCheck(&(IRQSCOPE_LIST_REQUEST){ .Reserved = 1 }, 5));
}

static void ConnectionRefusesReserved(void)
{
    CHECK_EQUAL(0, ConnectionCheck(&(IRQSCOPE_CONNECTION_REQUEST){ .Connection = 16 }));
    CHECK_EQUAL(0xC000000Du, ConnectionCheck(&(IRQSCOPE_CONNECTION_REQUEST){ .Connection = 16, .Reserved = 1 }));
}

static void TargetRefusesOneThatIsNotThere(void)
{
    CHECK_EQUAL(0, TargetCheck(&(IRQSCOPE_TARGET_REQUEST){ .Target = 4 }, 5));
    CHECK_EQUAL(0xC00000F2u, TargetCheck(&(IRQSCOPE_TARGET_REQUEST){ .Target = 5 }, 5));
    CHECK_EQUAL(0xC00000F2u, TargetCheck(&(IRQSCOPE_TARGET_REQUEST){ .Target = IRQSCOPE_ALL }, 5));
    CHECK_EQUAL(0xC00000F2u, TargetCheck(&(IRQSCOPE_TARGET_REQUEST){ .Target = 0 }, 0));
}

static const IRQSCOPE_TRIGGER_REQUEST Paced = {
    .Connection = 16, .Target = 2, .Count = 100, .Flags = IRQSCOPE_TRIGGER_PACED, .Limit = 1000
};

#define PACED(Field, Value, Targets) \
    ({ IRQSCOPE_TRIGGER_REQUEST Request = Paced; Request.Field = (Value); TriggerCheck(&Request, (Targets)); })

static void TriggerRefusesWhatIsOutOfRange(void)
{
    CHECK_EQUAL(0, TriggerCheck(&Paced, 3));
    CHECK_EQUAL(0xC000000Du, PACED(Flags, 0x2u | IRQSCOPE_TRIGGER_PACED, 3));
    CHECK_EQUAL(0xC000000Du, PACED(Flags, 0x80000001u, 3));
    CHECK_EQUAL(0xC000000Du, PACED(Reserved, 1, 3));
    CHECK_EQUAL(0xC00000F2u, PACED(Target, 3, 3));
    CHECK_EQUAL(0xC00000F2u, PACED(Target, 0, 0));
    CHECK_EQUAL(0xC00000F2u, PACED(Target, 0xFFFFFFFEu, 3));
    CHECK_EQUAL(0xC00000F3u, PACED(Count, 0, 3));
    CHECK_EQUAL(0, PACED(Count, 1, 3));
    CHECK_EQUAL(0, PACED(Count, 1024, 3));
    CHECK_EQUAL(0xC00000F3u, PACED(Count, 1025, 3));
    CHECK_EQUAL(0xC00000F3u, PACED(Count, 0xFFFFFFFFu, 3));
    CHECK_EQUAL(0xC00000F4u, PACED(Limit, 0, 3));
    CHECK_EQUAL(0, PACED(Limit, 1, 3));
    CHECK_EQUAL(0, PACED(Limit, 10000, 3));
    CHECK_EQUAL(0xC00000F4u, PACED(Limit, 10001, 3));
    CHECK_EQUAL(0xC00000F4u, PACED(Flags, 0, 3)); /* unpaced, and yet a limit */
}

static void TriggerCountsAllTargetsTogether(void)
{
    IRQSCOPE_TRIGGER_REQUEST Request = { .Target = IRQSCOPE_ALL, .Count = 256 };

    CHECK_EQUAL(0, TriggerCheck(&Request, 4));
    CHECK_EQUAL(0xC00000F3u, TriggerCheck(&Request, 5));
    Request.Count = 1;
    CHECK_EQUAL(0, TriggerCheck(&Request, 1024));
    CHECK_EQUAL(0xC00000F3u, TriggerCheck(&Request, 1025));
    Request.Count = 1024;
    CHECK_EQUAL(0, TriggerCheck(&Request, 1));
    CHECK_EQUAL(0xC00000F3u, TriggerCheck(&Request, 2));
    CHECK_EQUAL(0xC00000F3u, TriggerCheck(&Request, 0x400000)); /* 2^32 in all */
    Request.Count = 0x40000000u; /* times 4 is 0 in 32 bits */
    CHECK_EQUAL(0xC00000F3u, TriggerCheck(&Request, 4));
}

static void MaskRefusesAnythingButZeroAndOne(void)
{
    CHECK_EQUAL(0, MaskCheck(&(IRQSCOPE_MASK_REQUEST){ .Masked = 0 }));
    CHECK_EQUAL(0, MaskCheck(&(IRQSCOPE_MASK_REQUEST){ .Masked = 1 }));
    CHECK_EQUAL(0xC000000Du, MaskCheck(&(IRQSCOPE_MASK_REQUEST){ .Masked = 2 }));
    CHECK_EQUAL(0xC000000Du, MaskCheck(&(IRQSCOPE_MASK_REQUEST){ .Masked = 1, .Reserved = 1 }));
}

static uint32_t Statistics(uint32_t What, uint32_t Start, uint32_t Slot, uint32_t Histogram)
{
    IRQSCOPE_STATISTICS_REQUEST Request = { .What = What, .Start = Start, .Slot = Slot, .Histogram = Histogram };
    uint32_t Total = 0;

    return StatisticsCheck(&Request, 5, 9, &Total);
}

static void StatisticsRefusesWhatIsNotThere(void)
{
    IRQSCOPE_STATISTICS_REQUEST Request = { .What = IRQSCOPE_STATISTICS_COUNTERS, .Reserved = 1 };
    uint32_t Total = 0;

    CHECK_EQUAL(0xC000000Du, StatisticsCheck(&Request, 5, 9, &Total));
    CHECK_EQUAL(0xC00000F6u, Statistics(0, 0, 0, 0));
    CHECK_EQUAL(0xC00000F6u, Statistics(4, 0, 0, 0));
    CHECK_EQUAL(0, Statistics(IRQSCOPE_STATISTICS_COUNTERS, 5, 0, 0));
    CHECK_EQUAL(0xC00000F6u, Statistics(IRQSCOPE_STATISTICS_COUNTERS, 6, 0, 0));
    CHECK_EQUAL(0xC00000F6u, Statistics(IRQSCOPE_STATISTICS_COUNTERS, 0, 1, 0));
    CHECK_EQUAL(0xC00000F6u, Statistics(IRQSCOPE_STATISTICS_COUNTERS, 0, 0, 1));
    CHECK_EQUAL(0, Statistics(IRQSCOPE_STATISTICS_SLOTS, 9, 0, 0));
    CHECK_EQUAL(0xC00000F6u, Statistics(IRQSCOPE_STATISTICS_SLOTS, 10, 0, 0));
    CHECK_EQUAL(0xC00000F6u, Statistics(IRQSCOPE_STATISTICS_SLOTS, 0, 1, 0));
    CHECK_EQUAL(0xC00000F6u, Statistics(IRQSCOPE_STATISTICS_SLOTS, 0, 0, 1));
    CHECK_EQUAL(0, Statistics(IRQSCOPE_STATISTICS_HISTOGRAM, 896, 7, 2));
    CHECK_EQUAL(0xC00000F6u, Statistics(IRQSCOPE_STATISTICS_HISTOGRAM, 897, 7, 2));
    CHECK_EQUAL(0xC00000F6u, Statistics(IRQSCOPE_STATISTICS_HISTOGRAM, 0, 7, 3));
    CHECK_EQUAL(0xC00000F6u, Statistics(IRQSCOPE_STATISTICS_HISTOGRAM, 0, 8, 0)); /* the stray slot */
    CHECK_EQUAL(0xC00000F6u, Statistics(IRQSCOPE_STATISTICS_HISTOGRAM, 0, 9, 0));
    CHECK_EQUAL(0xC00000F6u, Statistics(IRQSCOPE_STATISTICS_HISTOGRAM, 0, 0xFFFFFFFFu, 0));
}

static void StatisticsTellsHowManyRecordsThereAre(void)
{
    static const struct {
        uint32_t What, Total;
    } Cases[] = { { IRQSCOPE_STATISTICS_COUNTERS, 5 },
                  { IRQSCOPE_STATISTICS_SLOTS, 9 },
                  { IRQSCOPE_STATISTICS_HISTOGRAM, IRQSCOPE_HISTOGRAM_BUCKETS } };

    for (unsigned Each = 0; Each < 3; Each++) {
        IRQSCOPE_STATISTICS_REQUEST Request = { .What = Cases[Each].What };
        uint32_t Total = 0;

        CHECK_EQUAL(0, StatisticsCheck(&Request, 5, 9, &Total));
        CHECK_EQUAL(Cases[Each].Total, Total);
    }
}

static void EventsRefusesWhatIsOutOfRange(void)
{
    CHECK_EQUAL(0, EventsCheck(&(IRQSCOPE_EVENTS_REQUEST){ .Fill = 4096, .Delay = 10000000 }, 4096));
    CHECK_EQUAL(0, EventsCheck(&(IRQSCOPE_EVENTS_REQUEST){ 0 }, 48));
    CHECK_EQUAL(0xC000000Du, EventsCheck(&(IRQSCOPE_EVENTS_REQUEST){ .Flags = 1 }, 4096));
    CHECK_EQUAL(0xC000000Du, EventsCheck(&(IRQSCOPE_EVENTS_REQUEST){ .Reserved = 1 }, 4096));
    CHECK_EQUAL(0xC00000F5u, EventsCheck(&(IRQSCOPE_EVENTS_REQUEST){ .Fill = 4097 }, 4096));
    CHECK_EQUAL(0xC00000F4u, EventsCheck(&(IRQSCOPE_EVENTS_REQUEST){ .Delay = 10000001 }, 4096));
}

const TEST FieldsTests[] = {
    { "fields.versionRefusesEveryOtherMajor", VersionRefusesEveryOtherMajor },
    { "fields.listRefusesReservedAndAStartBeyondTheEnd", ListRefusesReservedAndAStartBeyondTheEnd },
    { "fields.connectionRefusesReserved", ConnectionRefusesReserved },
    { "fields.targetRefusesOneThatIsNotThere", TargetRefusesOneThatIsNotThere },
    { "fields.triggerRefusesWhatIsOutOfRange", TriggerRefusesWhatIsOutOfRange },
    { "fields.triggerCountsAllTargetsTogether", TriggerCountsAllTargetsTogether },
    { "fields.maskRefusesAnythingButZeroAndOne", MaskRefusesAnythingButZeroAndOne },
    { "fields.statisticsRefusesWhatIsNotThere", StatisticsRefusesWhatIsNotThere },
    { "fields.statisticsTellsHowManyRecordsThereAre", StatisticsTellsHowManyRecordsThereAre },
    { "fields.eventsRefusesWhatIsOutOfRange", EventsRefusesWhatIsOutOfRange },
    TESTS_END
};
