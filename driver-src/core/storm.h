/*
 * The storm guard of one interrupt object: a bucket that each interrupt fills by its share of a second and that time
 * empties. It runs over when interrupts come faster than the asked rate for longer than a full trigger request
 * explains: IRQSCOPE_MAXIMUM_TRIGGERS may come at once, so one request never trips it unless others came shortly
 * before.
 *
 * One writer: the ISR of the object, under its interrupt lock. The caller counts claimed runs, and the unclaimed ones
 * of a resource that is not shared: a busy neighbour on a shared line is no storm of ours.
 */
#ifndef STORM_H
#define STORM_H

#include <stdint.h>

#define STORM_FRACTION 8

typedef struct STORM {
    uint64_t Share;   /* what one interrupt adds: ticks, STORM_FRACTION fractional bits; 0: no guard */
    uint64_t Limit;   /* the bucket's size */
    uint64_t Empties; /* ticks after which a full bucket is empty */
    uint64_t Level;
    uint64_t Last;    /* performance counter at the last interrupt */
    uint32_t Tripped;
    uint32_t Padding;
} STORM;

/* Rate: interrupts a second; 0, or more than the performance counter could tell apart, for no guard. Frequency: of that
 * counter, below 2^40. Divides: not for an ISR. */
void StormStart(STORM *Storm, uint32_t Rate, uint64_t Frequency);

/* One interrupt. Returns 1 exactly once when the rate is exceeded: mask the device then. */
static inline int StormRecord(STORM *Storm, uint64_t Now)
{
    uint64_t Passed = Now - Storm->Last;

    if (Storm->Share == 0 || Storm->Tripped) {
        return 0;
    }
    if (Passed >= Storm->Empties || (Passed << STORM_FRACTION) >= Storm->Level) {
        Storm->Level = 0;
    } else {
        Storm->Level -= Passed << STORM_FRACTION;
    }
    Storm->Last = Now;
    Storm->Level += Storm->Share;
    if (Storm->Level <= Storm->Limit) {
        return 0;
    }
    Storm->Tripped = 1;
    return 1;
}

/* After the device was unmasked: watch again, from an empty bucket. Under the interrupt lock. */
void StormRearm(STORM *Storm);

#endif
