/*
 * A ring of events: written by ISRs, stamped in place by a DPC, taken out in the contract's runs by a reader.
 *
 *        Tail            Stamped            head (the writer's, not kept here)
 *          |  may be taken  |  wait for their DPC  |  free ...  until Tail + Capacity
 *
 * All three count up without end and wrap at 2^32; a place is its number modulo the capacity, a power of two.
 * This header is the consumers' side. DPC and reader are kept apart by the caller: every function here is called with
 * the stream lock held: a spin lock at DISPATCH_LEVEL, of the slot or of many together. ISRs never take it: how they
 * write is slot.h (one writer) and stray.h (several).
 */
#ifndef RING_H
#define RING_H

#include <stdint.h>

#include "histogram.h"
#include "irqscope_contract.h"

typedef struct RING_EVENT {
    uint64_t Time;         /* performance counter at the ISR's entry */
    uint64_t Sequence;     /* of this event among all of its slot, lost ones counted */
    uint32_t TriggerToIsr; /* as in IRQSCOPE_EVENT */
    uint32_t IsrToDpc;     /* written when it is stamped, not before */
    uint16_t Target;
    uint16_t Flags;        /* IRQSCOPE_EVENT_* */
    uint16_t Group;        /* where the ISR ran */
    uint8_t Number;
    uint8_t Irql;          /* SynchronizeIrql */
} RING_EVENT;

typedef struct RING {
    RING_EVENT *Events;
    uint32_t Mask;          /* the capacity less one */
    uint32_t Connection;
    volatile uint32_t Tail; /* the only field that a writer reads: released when the places before it are free */
    uint32_t Stamped;
    uint64_t Next;          /* sequence number that the next event taken has when none was lost */
    uint64_t Base;          /* sequence number that the stream counts from: where the last reset was */
    uint64_t Taken;         /* events taken out since the last reset */
} RING;

void RingInitialize(RING *Ring, RING_EVENT *Events, uint32_t Capacity, uint32_t Connection);

/* Stamps the events before Head that ran at Now or earlier with the time until Now, and with Histogram not NULL records
 * those times. A later one belongs to the next run of the DPC, which its ISR has queued. */
void RingStamp(RING *Ring, uint32_t Head, uint64_t Now, HISTOGRAM *Histogram);

/* Makes the events before Head ready with IsrToDpc unknown: their DPC will not run any more. */
void RingStampUnknown(RING *Ring, uint32_t Head);

/* Events that may be taken now, and when not 0 the time of the oldest. */
uint32_t RingReady(const RING *Ring, uint64_t *Oldest);

/* Writes one run, header and events, to Buffer (8-byte aligned) of Room bytes; at most Maximum events. Returns the
 * bytes written: 0 when nothing is ready, Maximum is 0 or Room is less than a header and one event. A run ends before
 * an event that another was lost before, that ran on another processor, before Base or 2^32 ticks or more after it:
 * call again for the next run, until 0. */
uint32_t RingTake(RING *Ring, void *Buffer, uint32_t Room, uint32_t Maximum);

/* Forgets what is waiting, up to Head: the next event written has the sequence number Sequence, and the stream counts
 * from there. */
void RingDiscard(RING *Ring, uint32_t Head, uint64_t Sequence);

#endif
