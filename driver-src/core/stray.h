/*
 * The stray slot of a connection: ISR runs on a processor that has no slot of its own. Any number of processors may
 * write at once, and one may preempt another on the same processor, so writers use interlocked operations and never
 * wait: a place is reserved in Used, then numbered by Tickets, written, and marked ready.
 *
 * It keeps group, number and IRQL with each event and has no histograms. Readers and DPC: stream lock, as in slot.h.
 */
#ifndef STRAY_H
#define STRAY_H

#include <stddef.h>
#include <stdint.h>

#include "atomic.h"
#include "irqscope_contract.h"
#include "ring.h"

/* Writers count in 32 bits, the one width that every processor adds at once; the DPC and the readers fold that into 64
 * long before it can wrap. */
typedef struct STRAY_COUNTER {
    volatile uint32_t Written;
    uint32_t Folded;
    uint64_t Total;             /* up to Folded, since the last reset */
} STRAY_COUNTER;

typedef struct STRAY {
    volatile uint32_t Used;     /* places reserved and not yet taken out; more for a moment while one is lost */
    volatile uint32_t Tickets;  /* events written or about to be */
    STRAY_COUNTER Claimed;
    STRAY_COUNTER NotClaimed;
    STRAY_COUNTER Lost;

    /* The last run: whoever finds LastBusy set leaves it to the other one, which is as much the last. */
    volatile uint32_t LastBusy;
    volatile uint32_t LastVersion;
    uint64_t LastTime;          /* of the last claimed run */
    uint16_t LastGroup;
    uint8_t LastNumber;
    uint8_t LastIrql;
    uint32_t Padding;

    /* The reader's and the DPC's. */
    RING Ring;
    volatile uint32_t *Marks;   /* one a place: its ticket + 1 when the event is whole */
    uint32_t Collected;         /* tickets before this one have their sequence number */
    uint32_t LostCollected;     /* Lost.Written as the last collected event saw it */
    uint64_t Sequence;          /* of the next event collected, when none was lost before it */
    uint64_t Dpcs;
} STRAY;                        /* the ring's events, then its marks follow */

size_t StraySize(uint32_t Events);

/* Memory: StraySize(Events) bytes, 8-byte aligned, non-paged; need not be zeroed. */
STRAY *StrayInitialize(void *Memory, uint32_t Events, uint32_t Connection);

/* The ISR's record, on any processor at DIRQL. IRQSCOPE_EVENT_STRAY is added to Flags. Then queue the stray slot's
 * DPC. */
void StrayRecord(STRAY *Stray, uint64_t Time, uint32_t TriggerToIsr, uint16_t Target, uint16_t Flags, uint16_t Group,
                 uint8_t Number, uint8_t Irql);

/* As SlotDpc, SlotSeal, SlotReady, SlotTake and SlotCounters; every one with the stream lock held. A run holds events
 * of one processor and IRQL; Lost in its header counts events lost of the whole stray slot, and so do sequence
 * numbers. */
void StrayDpc(STRAY *Stray, uint64_t Now);
void StraySeal(STRAY *Stray);
uint32_t StrayReady(const STRAY *Stray, uint64_t *Oldest);
uint32_t StrayTake(STRAY *Stray, void *Buffer, uint32_t Room, uint32_t Maximum);
void StrayCounters(STRAY *Stray, uint32_t Index, IRQSCOPE_SLOT *Record);

/* An ISR that runs meanwhile is counted before the reset or after it. */
void StrayReset(STRAY *Stray);

#endif
