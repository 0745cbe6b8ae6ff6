/*
 * From microseconds to ticks of the performance counter and to the 100 ns units of kernel timers: multiplications
 * and shifts only. The two factors are divided out once, when the driver starts, by a division that needs no library.
 */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

#include "irqscope_contract.h"

typedef struct CLOCK {
    uint64_t Frequency;  /* ticks a second */
    uint64_t TickScale;  /* ticks a microsecond, 24 fractional bits */
    uint64_t TimerScale; /* 100 ns units a tick, 32 fractional bits */
} CLOCK;

/* Quotient rounded down; Divisor is not 0. A loop of 64 steps: not for an ISR. */
uint64_t ClockDivide(uint64_t Dividend, uint64_t Divisor);

/* Any IRQL. Frequency is what the performance counter says of itself, at least 1, below 2^40. */
void ClockStart(CLOCK *Clock, uint64_t Frequency);

/* Ticks in so many microseconds, rounded up, so that a limit is never shorter than asked. Above IRQSCOPE_MAXIMUM_DELAY
 * it answers for IRQSCOPE_MAXIMUM_DELAY, the longest time in the contract. */
uint64_t ClockTicks(const CLOCK *Clock, uint32_t Microseconds);

/* 100 ns units in so many ticks, rounded up, at least 1; for the due time of a timer. At most the units of
 * IRQSCOPE_MAXIMUM_DELAY. */
uint64_t ClockTimerUnits(const CLOCK *Clock, uint64_t Ticks);

/* To - From as the contract's 32-bit times have it: 0 when To is before From, at most 0xFFFFFFFE. Any IRQL. */
static inline uint32_t ClockBetween(uint64_t From, uint64_t To)
{
    uint64_t Ticks = To - From;

    if (To < From) {
        return 0;
    }
    return Ticks < IRQSCOPE_TIME_UNKNOWN ? (uint32_t)Ticks : IRQSCOPE_TIME_UNKNOWN - 1;
}

#endif
