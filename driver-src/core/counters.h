/*
 * The counters of one interrupt object, kept in the contract's own structure. Every function runs under the object's
 * interrupt lock: in its ISR, or inside KeSynchronizeExecution, where a reader's copy is made, too.
 */
#ifndef COUNTERS_H
#define COUNTERS_H

#include <stdint.h>

#include "irqscope_contract.h"

/* At the start and for a reset: every count and flag to 0. */
static inline void CountersReset(IRQSCOPE_COUNTERS *Counters, uint32_t Target)
{
    *Counters = (IRQSCOPE_COUNTERS){ .Target = Target };
}

/* One ISR run. Claimed: its device said that it interrupted. Stray: the processor has no slot. */
static inline void CountersRecord(IRQSCOPE_COUNTERS *Counters, uint64_t Now, int Claimed, int Stray)
{
    if (Claimed) {
        if (Counters->Claimed++ == 0) {
            Counters->FirstTime = Now;
        }
        Counters->LastTime = Now;
    } else {
        Counters->NotClaimed++;
    }
    if (Stray) {
        Counters->Stray++;
    }
}

#endif
