/* The buckets against the contract's formula, at every boundary. */
#include <string.h>

#include "histogram.h"
#include "tests.h"

/* The contract's words, without its code: a value below 32 its own bucket, else (e - 4) * 32 + (v >> (e - 5)) - 32. */
static uint32_t BucketByContract(uint32_t Value)
{
    uint32_t Power = 0;

    if (Value < 32) {
        return Value;
    }
    while (Power < 31 && (uint64_t)Value >= (uint64_t)2 << Power) {
        Power++;
    }
    return (Power - 4) * 32 + (Value >> (Power - 5)) - 32;
}

static void AgreesWithTheContractAtEveryBoundary(void)
{
    for (uint32_t Power = 0; Power < 32; Power++) {
        for (uint32_t Part = 0; Part < 32; Part++) {
            uint64_t Value = ((uint64_t)1 << Power) + (((uint64_t)1 << Power) / 32) * Part;

            for (uint64_t Near = Value > 2 ? Value - 2 : 0; Near <= Value + 2 && Near <= 0xFFFFFFFFu; Near++) {
                CHECK_EQUAL(BucketByContract((uint32_t)Near), HistogramBucket((uint32_t)Near));
            }
        }
    }
    CHECK_EQUAL(0, HistogramBucket(0));
    CHECK_EQUAL(31, HistogramBucket(31));
    CHECK_EQUAL(32, HistogramBucket(32));
    CHECK_EQUAL(63, HistogramBucket(63));
    CHECK_EQUAL(64, HistogramBucket(64));
    CHECK_EQUAL(64, HistogramBucket(65));
    CHECK_EQUAL(65, HistogramBucket(66));
    CHECK_EQUAL(IRQSCOPE_HISTOGRAM_BUCKETS - 1, HistogramBucket(IRQSCOPE_TIME_UNKNOWN - 1));
    CHECK_EQUAL(IRQSCOPE_HISTOGRAM_BUCKETS - 1, HistogramBucket(IRQSCOPE_TIME_UNKNOWN));
}

static void BeginsEveryBucketAtItsLowestValue(void)
{
    for (uint32_t Bucket = 0; Bucket < IRQSCOPE_HISTOGRAM_BUCKETS; Bucket++) {
        uint32_t Lowest = HistogramLowest(Bucket);

        CHECK_EQUAL(Bucket, HistogramBucket(Lowest));
        CHECK(Bucket == 0 || HistogramBucket(Lowest - 1) == Bucket - 1);
        /* No bucket is wider than a 32nd of its lowest value. */
        if (Bucket >= 32 && Bucket + 1 < IRQSCOPE_HISTOGRAM_BUCKETS) {
            CHECK((uint64_t)(HistogramLowest(Bucket + 1) - Lowest) * 32 <= Lowest);
        }
    }
}

static void AgreesWithTheContractForAnyValue(void)
{
    uint64_t Seed = 7;

    for (int Round = 0; Round < 1000000; Round++) {
        uint32_t Value = TestRandom(&Seed);

        Value >>= Value % 32;
        CHECK_EQUAL(BucketByContract(Value), HistogramBucket(Value));
    }
}

static void CountsEveryValueOnce(void)
{
    static HISTOGRAM Histogram;
    uint64_t Seed = 3;
    uint64_t Sum = 0;

    memset(&Histogram, 0, sizeof(Histogram));
    for (int Round = 0; Round < 5000; Round++) {
        HistogramRecord(&Histogram, TestRandom(&Seed) >> (Round % 32));
    }
    for (uint32_t Bucket = 0; Bucket < IRQSCOPE_HISTOGRAM_BUCKETS; Bucket++) {
        Sum += Histogram.Counts[Bucket];
    }
    CHECK_EQUAL(5000, Sum);
    Histogram.Counts[5] = 0xFFFFFFFFu;
    HistogramRecord(&Histogram, 5);
    CHECK_EQUAL((uint64_t)1 << 32, Histogram.Counts[5]);
}

const TEST HistogramTests[] = {
    { "histogram.agreesWithTheContractAtEveryBoundary", AgreesWithTheContractAtEveryBoundary },
    { "histogram.beginsEveryBucketAtItsLowestValue", BeginsEveryBucketAtItsLowestValue },
    { "histogram.agreesWithTheContractForAnyValue", AgreesWithTheContractForAnyValue },
    { "histogram.countsEveryValueOnce", CountsEveryValueOnce },
    TESTS_END
};
