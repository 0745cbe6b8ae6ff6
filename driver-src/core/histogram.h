/*
 * The contract's log-linear histogram: 896 buckets of 64-bit counts over 32-bit values. One writer; how a reader gets
 * a consistent copy is its owner's affair (slot.h).
 */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

#include "bits.h"
#include "irqscope_contract.h"

typedef struct HISTOGRAM {
    uint64_t Counts[IRQSCOPE_HISTOGRAM_BUCKETS];
} HISTOGRAM;

/* Bucket of a value, without a branch: a value below 32 counts as one of the same power as 32 .. 63, and the shift by
 * 0 leaves it alone. The highest value, 0xFFFFFFFF, has the last bucket. */
static inline uint32_t HistogramBucket(uint32_t Value)
{
    uint32_t Shift = BitsHighest(Value | (1u << IRQSCOPE_HISTOGRAM_PRECISION_BITS)) - IRQSCOPE_HISTOGRAM_PRECISION_BITS;

    return (Shift << IRQSCOPE_HISTOGRAM_PRECISION_BITS) + (Value >> Shift);
}

/* Any IRQL. */
static inline void HistogramRecord(HISTOGRAM *Histogram, uint32_t Value)
{
    Histogram->Counts[HistogramBucket(Value)]++;
}

/* The lowest value of a bucket, below IRQSCOPE_HISTOGRAM_BUCKETS. */
static inline uint32_t HistogramLowest(uint32_t Bucket)
{
    uint32_t Power = Bucket >> IRQSCOPE_HISTOGRAM_PRECISION_BITS;
    uint32_t Within = Bucket & ((1u << IRQSCOPE_HISTOGRAM_PRECISION_BITS) - 1);

    return Power == 0 ? Within : (Within + (1u << IRQSCOPE_HISTOGRAM_PRECISION_BITS)) << (Power - 1);
}

#endif
