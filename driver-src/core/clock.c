#include "clock.h"

#define MICROSECONDS 1000000u
#define TIMER_UNITS 10000000u /* 100 ns, in a second */
#define TICK_FRACTION 24
#define TIMER_FRACTION 32

uint64_t ClockDivide(uint64_t Dividend, uint64_t Divisor)
{
    uint64_t Quotient = 0;
    uint64_t Rest = 0;

    for (int Bit = 63; Bit >= 0; Bit--) {
        /* Before the shift, Rest is at most the dividend's bits above this one: the shift pushes nothing out. */
        Rest = (Rest << 1) | ((Dividend >> Bit) & 1);
        if (Rest >= Divisor) {
            Rest -= Divisor;
            Quotient |= (uint64_t)1 << Bit;
        }
    }
    return Quotient;
}

void ClockStart(CLOCK *Clock, uint64_t Frequency)
{
    Clock->Frequency = Frequency;
    /* Both round up, as what is made of them does. The shifts fit: less than 2^40 ticks and 24 bits, 10^7 and 32. */
    Clock->TickScale = ClockDivide((Frequency << TICK_FRACTION) - 1, MICROSECONDS) + 1;
    Clock->TimerScale = ClockDivide(((uint64_t)TIMER_UNITS << TIMER_FRACTION) - 1, Frequency) + 1;
}

/* (Value * Scale) >> Fraction, rounded up, where the product may have more than 64 bits but the result has not. */
static uint64_t ScaleUp(uint64_t Value, uint64_t Scale, uint32_t Fraction)
{
    uint64_t Whole = Scale >> Fraction;
    uint64_t Part = Scale & (((uint64_t)1 << Fraction) - 1);
    uint64_t Low = Value & 0xFFFFFFFFu;
    uint64_t High = Value >> 32;
    uint64_t Top = High * Part; /* counts 2^32 each: Value below 2^61 leaves it room in either fraction */

    return Value * Whole + (Top << (32 - Fraction)) + ((Low * Part + (((uint64_t)1 << Fraction) - 1)) >> Fraction);
}

uint64_t ClockTicks(const CLOCK *Clock, uint32_t Microseconds)
{
    if (Microseconds > IRQSCOPE_MAXIMUM_DELAY) {
        Microseconds = IRQSCOPE_MAXIMUM_DELAY;
    }
    return ScaleUp(Microseconds, Clock->TickScale, TICK_FRACTION);
}

uint64_t ClockTimerUnits(const CLOCK *Clock, uint64_t Ticks)
{
    uint64_t Longest = (uint64_t)IRQSCOPE_MAXIMUM_DELAY * (TIMER_UNITS / MICROSECONDS);
    uint64_t Units;

    if (Ticks >= ClockTicks(Clock, IRQSCOPE_MAXIMUM_DELAY)) {
        return Longest;
    }
    Units = ScaleUp(Ticks, Clock->TimerScale, TIMER_FRACTION);
    if (Units == 0) {
        return 1;
    }
    return Units < Longest ? Units : Longest;
}
