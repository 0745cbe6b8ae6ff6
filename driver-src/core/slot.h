/*
 * A slot: what one processor records at one SynchronizeIrql of a connection. Nothing can preempt such an ISR by another
 * of the same slot, so there is one writer, and the ISR needs neither a lock nor an interlocked operation.
 *
 * Three parties, each writes its own part only:
 *   the ISR     Writer, the histograms trigger-to-ISR and ISR duration, events at the ring's head
 *   the DPC     Dpc, the histogram ISR-to-DPC, the IsrToDpc of events between Stamped and head     } stream lock held
 *   the reader  takes events between Tail and Stamped; a reset notes in Baseline where all stood   }
 *
 * Readers of counters and histograms take no lock that the ISR knows: each writer makes its Version odd before it
 * changes anything and even after it, and a reader that saw it odd or different copies again, a bounded number of
 * times.
 */
#ifndef SLOT_H
#define SLOT_H

#include <stddef.h>
#include <stdint.h>

#include "atomic.h"
#include "clock.h"
#include "histogram.h"
#include "irqscope_contract.h"
#include "ring.h"

/* Two cache lines: processors fetch them in pairs. */
#define SLOT_APART 128u

typedef struct SLOT_WRITER {
    volatile uint32_t Version;
    volatile uint32_t Head;   /* released when the event before it is whole */
    uint32_t Full;            /* the head at which the ring is full, by the reader's Tail when it was last looked at;
                                 0 at first, which makes the first event look */
    uint32_t Padding;
    uint64_t Written;         /* all runs: the next event's sequence number */
    uint64_t Claimed;
    uint64_t Lost;            /* events that found the ring full */
    uint64_t LastTime;        /* of the last claimed run */
    uint64_t LostTime;        /* of the last event lost */
} SLOT_WRITER;

typedef struct SLOT_DPC {
    volatile uint32_t Version;
    uint32_t Padding;
    uint64_t Runs;
    uint64_t Elsewhere;
    uint64_t LostSeen;        /* Writer.Lost when the DPC last looked */
} SLOT_DPC;

/* Where everything stood at the last reset: replies are differences, so no reset ever writes what an ISR writes. */
typedef struct SLOT_BASELINE {
    uint64_t Written;
    uint64_t Claimed;
    uint64_t Lost;
    uint64_t Dpcs;
    uint64_t DpcsElsewhere;
    HISTOGRAM Histograms[IRQSCOPE_HISTOGRAMS];
} SLOT_BASELINE;

typedef struct SLOT {
    SLOT_WRITER Writer;
    uint8_t Apart1[SLOT_APART - sizeof(SLOT_WRITER) % SLOT_APART];
    HISTOGRAM Histograms[IRQSCOPE_HISTOGRAMS];
    uint8_t Apart2[SLOT_APART];
    RING Ring;
    SLOT_DPC Dpc;
    uint16_t Group;
    uint8_t Number;
    uint8_t Irql;
    uint32_t Padding;
    SLOT_BASELINE Baseline;
    uint8_t Apart3[SLOT_APART];
} SLOT;                       /* the ring's events follow */

/* Bytes of one slot with a ring of Events events (a power of two up to IRQSCOPE_MAXIMUM_EVENTS). */
size_t SlotSize(uint32_t Events);

/* Memory: SlotSize(Events) bytes, 16-byte aligned, non-paged; need not be zeroed. Any IRQL. */
SLOT *SlotInitialize(void *Memory, uint32_t Events, uint32_t Connection, uint16_t Group, uint8_t Number, uint8_t Irql);

/* The slow half of SlotRecord's "is there room": looks at the reader's Tail. */
static inline int SlotHasRoom(SLOT *Slot, uint32_t Head)
{
    /* Pairs with the release of Tail in RingTake and RingDiscard: a place before Tail was read to the end. */
    Slot->Writer.Full = AtomicLoadAcquire32(&Slot->Ring.Tail) + Slot->Ring.Mask + 1;
    return Head != Slot->Writer.Full;
}

/* The ISR's record: one event, the counters, trigger-to-ISR. Called on the slot's processor at the slot's IRQL only.
 * Time: performance counter at the ISR's entry. TriggerToIsr: ticks, or IRQSCOPE_TIME_UNKNOWN (not recorded in the
 * histogram). Flags: IRQSCOPE_EVENT_CLAIMED and IRQSCOPE_EVENT_PACED. Then queue the slot's DPC. */
static inline void SlotRecord(SLOT *Slot, uint64_t Time, uint32_t TriggerToIsr, uint16_t Target, uint16_t Flags)
{
    SLOT_WRITER *Writer = &Slot->Writer;
    uint32_t Version = AtomicLoad32(&Writer->Version);
    uint32_t Head = AtomicLoad32(&Writer->Head);
    uint64_t Sequence = Writer->Written;

    AtomicStore32(&Writer->Version, Version + 1);
    AtomicFenceRelease(); /* pairs with the acquire fence in SlotCopy: odd is seen before any change */
    Writer->Written = Sequence + 1;
    if ((Flags & IRQSCOPE_EVENT_CLAIMED) != 0) {
        Writer->Claimed++;
        Writer->LastTime = Time;
    }
    if (TriggerToIsr != IRQSCOPE_TIME_UNKNOWN) {
        HistogramRecord(&Slot->Histograms[IRQSCOPE_HISTOGRAM_TRIGGER_TO_ISR], TriggerToIsr);
    }
    if (Head != Writer->Full || SlotHasRoom(Slot, Head)) {
        RING_EVENT *Event = &Slot->Ring.Events[Head & Slot->Ring.Mask];

        /* Group, Number and Irql stand in every place of the ring since SlotInitialize. */
        Event->Time = Time;
        Event->Sequence = Sequence;
        Event->TriggerToIsr = TriggerToIsr;
        Event->Target = Target;
        Event->Flags = Flags;
        AtomicStoreRelease32(&Writer->Head, Head + 1); /* pairs with the acquire of Head by the DPC in SlotDpc */
    } else {
        Writer->Lost++;
        Writer->LostTime = Time;
    }
    AtomicStoreRelease32(&Writer->Version, Version + 2); /* pairs with the acquire in SlotCopy */
}

/* The ISR's last word: how long it took, in ticks. Same callers, once after each SlotRecord at most.
 *
 * One word changes, so a copy with it and one without are both of one moment; two such changes have a SlotRecord
 * between them, which a reader sees. Only where a count is two words of the processor must the Version say that one
 * changes. */
static inline void SlotRecordDuration(SLOT *Slot, uint32_t Ticks)
{
    const int TwoWords = sizeof(void *) < sizeof(uint64_t);
    SLOT_WRITER *Writer = &Slot->Writer;

    if (TwoWords) {
        AtomicStore32(&Writer->Version, AtomicLoad32(&Writer->Version) + 1);
        AtomicFenceRelease(); /* as in SlotRecord */
    }
    HistogramRecord(&Slot->Histograms[IRQSCOPE_HISTOGRAM_ISR_DURATION], Ticks);
    if (TwoWords) {
        AtomicStoreRelease32(&Writer->Version, AtomicLoad32(&Writer->Version) + 1);
    }
}

/* The slot's DPC, stream lock held. Now: performance counter at the DPC's entry. Elsewhere: not on the slot's
 * processor. */
void SlotDpc(SLOT *Slot, uint64_t Now, int Elsewhere);

/* No DPC will come any more (its queueing was undone, or the connection ends): what waits for one becomes ready with
 * its time unknown. Stream lock held, or every ISR and DPC of the slot gone. */
void SlotSeal(SLOT *Slot);

/* Events that may be taken, and the oldest one's time; one run of them. RingReady and RingTake say the rest. Stream
 * lock held. */
uint32_t SlotReady(const SLOT *Slot, uint64_t *Oldest);
uint32_t SlotTake(SLOT *Slot, void *Buffer, uint32_t Room, uint32_t Maximum);

/* The contract's record of this slot; Index becomes Record->Slot. IRQSCOPE_SLOT_INEXACT is set when interrupts left no
 * quiet moment. At or below DISPATCH_LEVEL. The caller excludes SlotReset, nothing else. */
void SlotCounters(const SLOT *Slot, uint32_t Index, IRQSCOPE_SLOT *Record);

/* Count buckets of a histogram (IRQSCOPE_HISTOGRAM_*) from Start; Start + Count <= IRQSCOPE_HISTOGRAM_BUCKETS.
 * Returns 1 when the copy is of one moment, 0 when it is inexact. As SlotCounters. */
int SlotHistogram(const SLOT *Slot, uint32_t Histogram, uint32_t Start, uint32_t Count, uint64_t *Counts);

/* Forgets counts, histograms and waiting events; ISRs may run meanwhile. Sequence numbers begin at 0 again. Stream lock
 * held. Returns IRQSCOPE_STATUS_DEVICE_BUSY, with nothing changed, when interrupts left no quiet moment. */
uint32_t SlotReset(SLOT *Slot);

/* From a processor to its slot, for the ISR: one table for each distinct SynchronizeIrql of a connection. */
typedef struct SLOT_TABLE {
    uint16_t Group;
    SLOT *Slots[64];
} SLOT_TABLE;

/* NULL: that processor has no slot, the run is recorded in the stray one. */
static inline SLOT *SlotFind(const SLOT_TABLE *Table, uint16_t Group, uint8_t Number)
{
    return Group == Table->Group && Number < 64 ? Table->Slots[Number] : NULL;
}

#endif
