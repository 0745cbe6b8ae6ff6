#include "slot.h"

#include "bits.h"
#include "status.h"

/* A copy that an ISR spoilt is made again so often, then it is inexact. */
#define TRIES 16

IRQSCOPE_ASSERT(sizeof(SLOT) % sizeof(uint64_t) == 0, "a slot is not whole words");

size_t SlotSize(uint32_t Events)
{
    return sizeof(SLOT) + (size_t)Events * sizeof(RING_EVENT);
}

SLOT *SlotInitialize(void *Memory, uint32_t Events, uint32_t Connection, uint16_t Group, uint8_t Number, uint8_t Irql)
{
    SLOT *Slot = Memory;
    RING_EVENT *Ring = (RING_EVENT *)(Slot + 1);
    uint64_t *Words = Memory;

    /* Word by word: a whole slot assigned at once may come over the stack, which in a kernel has no room for one. */
    for (size_t Index = 0; Index < sizeof(SLOT) / sizeof(uint64_t); Index++) {
        Words[Index] = 0;
    }
    Slot->Group = Group;
    Slot->Number = Number;
    Slot->Irql = Irql;
    for (uint32_t Index = 0; Index < Events; Index++) {
        Ring[Index] = (RING_EVENT){ .Group = Group, .Number = Number, .Irql = Irql };
    }
    RingInitialize(&Slot->Ring, Ring, Events, Connection);
    return Slot;
}

/* Copies Count 64-bit values that the holder of Version writes. 1: all of one moment. */
static int SlotCopy(const volatile uint32_t *Version, const uint64_t *From, uint64_t *To, uint32_t Count)
{
    for (int Try = 0; Try < TRIES; Try++) {
        uint32_t Before = AtomicLoadAcquire32(Version); /* pairs with the release that ends a change */

        for (uint32_t Index = 0; Index < Count; Index++) {
            To[Index] = From[Index];
        }
        AtomicFenceAcquire(); /* pairs with the release fence that begins a change: a value of it shows as odd below */
        if ((Before & 1) == 0 && AtomicLoad32(Version) == Before) {
            return 1;
        }
    }
    return 0;
}

/* The counters of the ISR's part, together with where its ring stands. */
typedef struct WRITER_COPY {
    uint64_t Written;
    uint64_t Claimed;
    uint64_t Lost;
    uint64_t LastTime;
    uint64_t LostTime;
    uint32_t Head;
} WRITER_COPY;

static int WriterCopy(const SLOT_WRITER *Writer, WRITER_COPY *Copy)
{
    for (int Try = 0; Try < TRIES; Try++) {
        uint32_t Before = AtomicLoadAcquire32(&Writer->Version); /* both as in SlotCopy */

        Copy->Written = Writer->Written;
        Copy->Claimed = Writer->Claimed;
        Copy->Lost = Writer->Lost;
        Copy->LastTime = Writer->LastTime;
        Copy->LostTime = Writer->LostTime;
        Copy->Head = AtomicLoad32(&Writer->Head);
        AtomicFenceAcquire();
        if ((Before & 1) == 0 && AtomicLoad32(&Writer->Version) == Before) {
            return 1;
        }
    }
    return 0;
}

void SlotDpc(SLOT *Slot, uint64_t Now, int Elsewhere)
{
    SLOT_DPC *Dpc = &Slot->Dpc;
    HISTOGRAM *Histogram = &Slot->Histograms[IRQSCOPE_HISTOGRAM_ISR_TO_DPC];
    uint32_t Version = AtomicLoad32(&Dpc->Version);
    uint32_t Head = AtomicLoadAcquire32(&Slot->Writer.Head); /* pairs with the release in SlotRecord: whole events */
    WRITER_COPY Writer;

    AtomicStore32(&Dpc->Version, Version + 1);
    AtomicFenceRelease(); /* pairs with the acquire fence in SlotCopy */
    Dpc->Runs++;
    Dpc->Elsewhere += Elsewhere != 0;
    RingStamp(&Slot->Ring, Head, Now, Histogram);
    /* An event that the ring had no room for waited for this DPC as well: the last of them is counted for all. */
    if (WriterCopy(&Slot->Writer, &Writer) && Writer.Lost != Dpc->LostSeen && Writer.LostTime <= Now) {
        Dpc->LostSeen = Writer.Lost;
        HistogramRecord(Histogram, ClockBetween(Writer.LostTime, Now));
    }
    AtomicStoreRelease32(&Dpc->Version, Version + 2);
}

void SlotSeal(SLOT *Slot)
{
    RingStampUnknown(&Slot->Ring, AtomicLoadAcquire32(&Slot->Writer.Head)); /* pairs as in SlotDpc */
}

uint32_t SlotReady(const SLOT *Slot, uint64_t *Oldest)
{
    return RingReady(&Slot->Ring, Oldest);
}

uint32_t SlotTake(SLOT *Slot, void *Buffer, uint32_t Room, uint32_t Maximum)
{
    return RingTake(&Slot->Ring, Buffer, Room, Maximum);
}

void SlotCounters(const SLOT *Slot, uint32_t Index, IRQSCOPE_SLOT *Record)
{
    WRITER_COPY Writer;
    uint64_t Dpcs[2];
    int Exact = WriterCopy(&Slot->Writer, &Writer);

    IRQSCOPE_ASSERT(offsetof(SLOT_DPC, Elsewhere) == offsetof(SLOT_DPC, Runs) + sizeof(uint64_t), "copied as a pair");
    Exact = SlotCopy(&Slot->Dpc.Version, &Slot->Dpc.Runs, Dpcs, 2) && Exact;
    *Record = (IRQSCOPE_SLOT){
        .Slot = Index,
        .Flags = Exact ? 0 : IRQSCOPE_SLOT_INEXACT,
        .Group = Slot->Group,
        .Number = Slot->Number,
        .Irql = Slot->Irql,
        .Claimed = Writer.Claimed - Slot->Baseline.Claimed,
        .Dpcs = Dpcs[0] - Slot->Baseline.Dpcs,
        .DpcsElsewhere = Dpcs[1] - Slot->Baseline.DpcsElsewhere,
        .EventsLost = Writer.Lost - Slot->Baseline.Lost,
    };
    Record->NotClaimed = Writer.Written - Slot->Baseline.Written - Record->Claimed;
    Record->LastTime = Record->Claimed != 0 ? Writer.LastTime : 0;
}

/* Whoever writes the histogram makes this odd meanwhile. */
static const volatile uint32_t *HistogramVersion(const SLOT *Slot, uint32_t Histogram)
{
    return Histogram == IRQSCOPE_HISTOGRAM_ISR_TO_DPC ? &Slot->Dpc.Version : &Slot->Writer.Version;
}

int SlotHistogram(const SLOT *Slot, uint32_t Histogram, uint32_t Start, uint32_t Count, uint64_t *Counts)
{
    const uint64_t *Baseline = &Slot->Baseline.Histograms[Histogram].Counts[Start];
    int Exact = SlotCopy(HistogramVersion(Slot, Histogram), &Slot->Histograms[Histogram].Counts[Start], Counts, Count);

    for (uint32_t Index = 0; Index < Count; Index++) {
        Counts[Index] -= Baseline[Index];
    }
    return Exact;
}

uint32_t SlotReset(SLOT *Slot)
{
    SLOT_BASELINE *Baseline = &Slot->Baseline;
    WRITER_COPY Writer;

    if (!WriterCopy(&Slot->Writer, &Writer)) {
        return IRQSCOPE_STATUS_DEVICE_BUSY;
    }
    RingDiscard(&Slot->Ring, Writer.Head, Writer.Written);
    Slot->Dpc.LostSeen = Writer.Lost;
    Baseline->Written = Writer.Written;
    Baseline->Claimed = Writer.Claimed;
    Baseline->Lost = Writer.Lost;
    Baseline->Dpcs = Slot->Dpc.Runs; /* the stream lock keeps the DPC away */
    Baseline->DpcsElsewhere = Slot->Dpc.Elsewhere;
    /* An ISR between this and the counters above is in one and not in the other; a histogram never misses a run for
     * good. */
    for (uint32_t Histogram = 0; Histogram < IRQSCOPE_HISTOGRAMS; Histogram++) {
        (void)SlotCopy(HistogramVersion(Slot, Histogram), Slot->Histograms[Histogram].Counts,
                       Baseline->Histograms[Histogram].Counts, IRQSCOPE_HISTOGRAM_BUCKETS);
    }
    return IRQSCOPE_STATUS_SUCCESS;
}
