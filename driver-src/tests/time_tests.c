/* Ticks and microseconds, the storm guard, the pacing of triggers. */
#include "clock.h"
#include "pace.h"
#include "storm.h"
#include "tests.h"

static const uint64_t Frequencies[] = { 1,        1000,      1193182,    3579545,    10000000,
                                        14318180, 24000000,  1000000000, 3000000000, 4294967296u };
#define FREQUENCIES (sizeof(Frequencies) / sizeof(Frequencies[0]))

static void DividesAsTheCompilerDoes(void)
{
    uint64_t Seed = 11;

    for (int Round = 0; Round < 100000; Round++) {
        uint64_t Dividend = ((uint64_t)TestRandom(&Seed) << 32 | TestRandom(&Seed)) >> (TestRandom(&Seed) % 64);
        uint64_t Divisor = ((uint64_t)TestRandom(&Seed) << 32 | TestRandom(&Seed)) >> (TestRandom(&Seed) % 64);

        if (Divisor != 0) {
            CHECK_EQUAL(Dividend / Divisor, ClockDivide(Dividend, Divisor));
        }
    }
    CHECK_EQUAL(1, ClockDivide(~(uint64_t)0, ~(uint64_t)0));
    CHECK_EQUAL(0, ClockDivide(~(uint64_t)0 - 1, ~(uint64_t)0));
    CHECK_EQUAL(~(uint64_t)0, ClockDivide(~(uint64_t)0, 1));
}

static void NeverMakesALimitShorter(void)
{
    uint64_t Seed = 5;

    for (unsigned Each = 0; Each < FREQUENCIES; Each++) {
        CLOCK Clock;

        ClockStart(&Clock, Frequencies[Each]);
        for (int Round = 0; Round < 2000; Round++) {
            uint32_t Microseconds = TestRandom(&Seed) % (IRQSCOPE_MAXIMUM_DELAY + 1);
            uint64_t Ticks;
            uint64_t Exact;

            Microseconds >>= Round % 20;
            Ticks = ClockTicks(&Clock, Microseconds);
            Exact = (Frequencies[Each] * Microseconds + 999999) / 1000000; /* at most 2^56: no overflow */
            CHECK(Ticks >= Exact);
            CHECK(Ticks <= Exact + 1);
        }
        CHECK_EQUAL(0, ClockTicks(&Clock, 0));
        CHECK_EQUAL(ClockTicks(&Clock, IRQSCOPE_MAXIMUM_DELAY), ClockTicks(&Clock, 0xFFFFFFFFu));
    }
}

static void TurnsTicksIntoTimerUnits(void)
{
    uint64_t Seed = 6;
    CLOCK Clock;

    for (unsigned Each = 0; Each < FREQUENCIES; Each++) {
        ClockStart(&Clock, Frequencies[Each]);
        for (int Round = 0; Round < 2000; Round++) {
            uint64_t Ticks = ClockTicks(&Clock, TestRandom(&Seed) % IRQSCOPE_MAXIMUM_DELAY);
            uint64_t Units = ClockTimerUnits(&Clock, Ticks);
            long double Exact = (long double)Ticks * 10000000 / (long double)Frequencies[Each];

            CHECK(Units >= 1);
            CHECK((long double)Units >= Exact || Units == (uint64_t)IRQSCOPE_MAXIMUM_DELAY * 10);
            CHECK((long double)Units <= Exact + 12); /* 2^-32 of a unit a tick, and 10 s have 2^35.3 at most */
        }
        CHECK_EQUAL(1, ClockTimerUnits(&Clock, 0));
        CHECK_EQUAL((uint64_t)IRQSCOPE_MAXIMUM_DELAY * 10, ClockTimerUnits(&Clock, ~(uint64_t)0));
    }
    ClockStart(&Clock, 10000000);
    CHECK_EQUAL(12345, ClockTimerUnits(&Clock, 12345));
    CHECK_EQUAL(50, ClockTicks(&Clock, 5));
}

static void StopsATimeBeforeUnknown(void)
{
    CHECK_EQUAL(0, ClockBetween(10, 10));
    CHECK_EQUAL(0, ClockBetween(11, 10));
    CHECK_EQUAL(1, ClockBetween(10, 11));
    CHECK_EQUAL(0xFFFFFFFEu, ClockBetween(10, 10 + 0xFFFFFFFEull));
    CHECK_EQUAL(0xFFFFFFFEu, ClockBetween(10, 10 + 0xFFFFFFFFull));
    CHECK_EQUAL(0xFFFFFFFEu, ClockBetween(0, ~(uint64_t)0));
}

const TEST ClockTests[] = {
    { "clock.dividesAsTheCompilerDoes", DividesAsTheCompilerDoes },
    { "clock.neverMakesALimitShorter", NeverMakesALimitShorter },
    { "clock.turnsTicksIntoTimerUnits", TurnsTicksIntoTimerUnits },
    { "clock.stopsATimeBeforeUnknown", StopsATimeBeforeUnknown },
    TESTS_END
};

static void LetsTheAskedRatePassForEver(void)
{
    STORM Storm;
    uint64_t Now = 0x7FFFFFFFFFFF0000u; /* an uptime whose highest bit changes meanwhile */

    StormStart(&Storm, 10000, 10000000);
    for (int Interrupt = 0; Interrupt < 1000000; Interrupt++) {
        CHECK(!StormRecord(&Storm, Now += 1000));
    }
}

static void TripsOnceAboveTheRate(void)
{
    STORM Storm;
    uint64_t Now = 1;
    uint32_t Before = 0;

    StormStart(&Storm, 10000, 10000000);
    while (!StormRecord(&Storm, Now += 500)) {
        Before++;
    }
    /* Twice the rate: each interrupt leaves half its share, so the bucket of 1,024 is full after about 2,048. */
    CHECK(Before >= 2040 && Before <= 2056);
    for (int Interrupt = 0; Interrupt < 10000; Interrupt++) {
        CHECK(!StormRecord(&Storm, Now));
    }
    CHECK_EQUAL(1, Storm.Tripped);
    StormRearm(&Storm);
    for (uint32_t Interrupt = 0; Interrupt < IRQSCOPE_MAXIMUM_TRIGGERS; Interrupt++) {
        CHECK(!StormRecord(&Storm, Now));
    }
    CHECK(StormRecord(&Storm, Now));
}

static void LetsAFullTriggerRequestPassAtAnyRate(void)
{
    static const uint32_t Rates[] = { 1, 2, 3, 100, 999, 10000, 1000000, 4000000000u };

    for (unsigned Frequency = 1; Frequency < FREQUENCIES; Frequency++) {
        for (unsigned Rate = 0; Rate < sizeof(Rates) / sizeof(Rates[0]); Rate++) {
            STORM Storm;
            uint64_t Now = 123456789;

            StormStart(&Storm, Rates[Rate], Frequencies[Frequency]);
            for (uint32_t Interrupt = 0; Interrupt < IRQSCOPE_MAXIMUM_TRIGGERS; Interrupt++) {
                CHECK(!StormRecord(&Storm, Now));
            }
            /* The one after it, in the same moment, is a storm; unless the counter cannot tell such a rate. */
            CHECK_EQUAL(Storm.Share != 0, (uint64_t)StormRecord(&Storm, Now));
            /* A full bucket is empty 1,024 shares later, and no sooner. */
            if (Rates[Rate] <= 100 && Frequencies[Frequency] >= 1000) {
                uint64_t Share = Frequencies[Frequency] / Rates[Rate];

                StormStart(&Storm, Rates[Rate], Frequencies[Frequency]);
                for (uint32_t Interrupt = 0; Interrupt < IRQSCOPE_MAXIMUM_TRIGGERS; Interrupt++) {
                    CHECK(!StormRecord(&Storm, Now));
                }
                Now += Share * (IRQSCOPE_MAXIMUM_TRIGGERS - 2);
                CHECK(!StormRecord(&Storm, Now));
                CHECK(Storm.Level > 2 * Storm.Share);
                Now += Share * (IRQSCOPE_MAXIMUM_TRIGGERS + 2);
                CHECK(!StormRecord(&Storm, Now));
                CHECK_EQUAL(Storm.Share, Storm.Level);
            }
        }
    }
}

static void ForgetsABurstHoweverLongItWasAgo(void)
{
    STORM Storm;
    uint64_t Now = 1000;

    StormStart(&Storm, 1000, 10000000);
    for (uint32_t Interrupt = 0; Interrupt < IRQSCOPE_MAXIMUM_TRIGGERS; Interrupt++) {
        CHECK(!StormRecord(&Storm, Now));
    }
    CHECK(!StormRecord(&Storm, Now + ((uint64_t)1 << (64 - STORM_FRACTION)))); /* 0 once it has its fraction */
    CHECK_EQUAL(Storm.Share, Storm.Level);
}

static void GuardsNothingWithoutARate(void)
{
    STORM Storm;

    StormStart(&Storm, 0, 10000000);
    for (int Interrupt = 0; Interrupt < 100000; Interrupt++) {
        CHECK(!StormRecord(&Storm, 5));
    }
}

const TEST StormTests[] = {
    { "storm.letsTheAskedRatePassForEver", LetsTheAskedRatePassForEver },
    { "storm.tripsOnceAboveTheRate", TripsOnceAboveTheRate },
    { "storm.letsAFullTriggerRequestPassAtAnyRate", LetsAFullTriggerRequestPassAtAnyRate },
    { "storm.forgetsABurstHoweverLongItWasAgo", ForgetsABurstHoweverLongItWasAgo },
    { "storm.guardsNothingWithoutARate", GuardsNothingWithoutARate },
    TESTS_END
};

static void MeasuresTheIsrThatAnswers(void)
{
    PACE Pace = { 0 };

    CHECK_EQUAL(IRQSCOPE_TIME_UNKNOWN, PaceArrive(&Pace, 5));
    CHECK(!PaceCancel(&Pace));
    PaceArm(&Pace, 100);
    CHECK(!PaceHasArrived(&Pace));
    CHECK_EQUAL(23, PaceArrive(&Pace, 123));
    CHECK(PaceHasArrived(&Pace));
    CHECK_EQUAL(IRQSCOPE_TIME_UNKNOWN, PaceArrive(&Pace, 124)); /* a second run answers nothing */
    CHECK(!PaceCancel(&Pace));
    PaceArm(&Pace, 200);
    CHECK(!PaceHasArrived(&Pace));
    CHECK(PaceCancel(&Pace));
    CHECK(!PaceCancel(&Pace));
    CHECK_EQUAL(IRQSCOPE_TIME_UNKNOWN, PaceArrive(&Pace, 201)); /* too late */
    CHECK(!PaceHasArrived(&Pace));
}

static void DoesNotMistakeALaterTriggerForAnEarlierOne(void)
{
    PACE Pace = { 0 };
    uint32_t First;

    PaceArm(&Pace, 100);
    First = Pace.Word;
    CHECK(PaceCancel(&Pace));
    PaceArm(&Pace, 500);
    /* What an ISR does that looked before the cancel and is held up until now. */
    CHECK(!AtomicCompareExchange32(&Pace.Word, First, (First & ~PACE_STATE) | PACE_ARRIVED));
    CHECK_EQUAL(7, PaceArrive(&Pace, 507));
}

const TEST PaceTests[] = {
    { "pace.measuresTheIsrThatAnswers", MeasuresTheIsrThatAnswers },
    { "pace.doesNotMistakeALaterTriggerForAnEarlierOne", DoesNotMistakeALaterTriggerForAnEarlierOne },
    TESTS_END
};
