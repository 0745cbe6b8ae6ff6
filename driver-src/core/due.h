/*
 * When a pending read of events is to be completed.
 */
#ifndef DUE_H
#define DUE_H

#include <stdint.h>

#define DUE_NOW 0u
#define DUE_NEVER (~(uint64_t)0) /* no timer: the next event decides */

/* Fill and Delay: the read's own, Delay in ticks. Ready: bytes that the waiting events will take in runs; 0: none
 * waits. Oldest: the oldest one's time. Returns DUE_NOW, DUE_NEVER, or the ticks after which to ask again. */
static inline uint64_t DueAfter(uint32_t Fill, uint64_t Delay, uint64_t Ready, uint64_t Oldest, uint64_t Now)
{
    uint64_t Age = Now > Oldest ? Now - Oldest : 0;

    if (Ready == 0) {
        return DUE_NEVER;
    }
    return Ready >= Fill || Age >= Delay ? DUE_NOW : Delay - Age;
}

#endif
