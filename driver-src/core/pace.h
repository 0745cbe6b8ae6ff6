/*
 * The pacing of triggers on one interrupt object: one outstanding, its time measured by the ISR that answers it.
 *
 *     Idle --PaceArm--> Armed --PaceArrive (ISR)--> Arrived --PaceArm--> Armed
 *                       Armed --PaceCancel (too late)--> Idle
 *
 * One trigger at a time arms (the caller serialises); the ISR may run on any processor. The word holds a generation
 * above the state, so that an ISR that was held up between two looks cannot answer a later trigger with an earlier
 * time.
 */
#ifndef PACE_H
#define PACE_H

#include <stdint.h>

#include "atomic.h"
#include "clock.h"
#include "irqscope_contract.h"

#define PACE_IDLE 0u
#define PACE_ARMED 1u
#define PACE_ARRIVED 2u
#define PACE_STATE 3u      /* mask of the state */
#define PACE_GENERATION 4u /* one more of it */

typedef struct PACE {      /* zeroed: idle */
    volatile uint32_t Word;
    uint32_t Padding;
    uint64_t Time;         /* performance counter just before the register write; constant while armed */
} PACE;

/* Just before the register write that makes the device interrupt. */
static inline void PaceArm(PACE *Pace, uint64_t Now)
{
    uint32_t Generation = (AtomicLoad32(&Pace->Word) & ~PACE_STATE) + PACE_GENERATION;

    Pace->Time = Now;
    AtomicStoreRelease32(&Pace->Word, Generation | PACE_ARMED); /* pairs with the acquire in PaceArrive: Time is seen */
}

/* In the ISR, once the device said that it interrupted. Now: the ISR's entry. Returns ticks since the trigger, with
 * which the event is IRQSCOPE_EVENT_PACED, or IRQSCOPE_TIME_UNKNOWN when no paced trigger is outstanding. */
static inline uint32_t PaceArrive(PACE *Pace, uint64_t Now)
{
    uint32_t Word = AtomicLoadAcquire32(&Pace->Word);
    uint64_t Time = Pace->Time;

    /* The exchange fails when PaceCancel came between: then the trigger counts as lost, and this run has no time. */
    if ((Word & PACE_STATE) != PACE_ARMED ||
        !AtomicCompareExchange32(&Pace->Word, Word, (Word & ~PACE_STATE) | PACE_ARRIVED)) {
        return IRQSCOPE_TIME_UNKNOWN;
    }
    return ClockBetween(Time, Now);
}

/* 1 once the ISR of the trigger has run. */
static inline int PaceHasArrived(const PACE *Pace)
{
    return (AtomicLoadAcquire32(&Pace->Word) & PACE_STATE) == PACE_ARRIVED;
}

/* The limit is over, or the trigger is given up. Returns 1 when it is lost, 0 when its ISR ran after all or none was
 * outstanding. */
static inline int PaceCancel(PACE *Pace)
{
    uint32_t Word = AtomicLoad32(&Pace->Word);

    return (Word & PACE_STATE) == PACE_ARMED && AtomicCompareExchange32(&Pace->Word, Word, Word & ~PACE_STATE);
}

#endif
