#include "ring.h"

#include "atomic.h"
#include "clock.h"

static RING_EVENT *EventAt(const RING *Ring, uint32_t Place)
{
    return &Ring->Events[Place & Ring->Mask];
}

void RingInitialize(RING *Ring, RING_EVENT *Events, uint32_t Capacity, uint32_t Connection)
{
    *Ring = (RING){ .Events = Events, .Mask = Capacity - 1, .Connection = Connection };
}

void RingStamp(RING *Ring, uint32_t Head, uint64_t Now, HISTOGRAM *Histogram)
{
    while (Ring->Stamped != Head) {
        RING_EVENT *Event = EventAt(Ring, Ring->Stamped);

        if (Event->Time > Now) {
            return;
        }
        Event->IsrToDpc = ClockBetween(Event->Time, Now);
        if (Histogram != NULL) {
            HistogramRecord(Histogram, Event->IsrToDpc);
        }
        Ring->Stamped++;
    }
}

void RingStampUnknown(RING *Ring, uint32_t Head)
{
    for (; Ring->Stamped != Head; Ring->Stamped++) {
        EventAt(Ring, Ring->Stamped)->IsrToDpc = IRQSCOPE_TIME_UNKNOWN;
    }
}

uint32_t RingReady(const RING *Ring, uint64_t *Oldest)
{
    uint32_t Tail = AtomicLoad32(&Ring->Tail); /* the stream lock's holder alone writes it */

    if (Ring->Stamped != Tail) {
        *Oldest = EventAt(Ring, Tail)->Time;
    }
    return Ring->Stamped - Tail;
}

/* May Event stand in the run that First began, at the place where the sequence number Expected is due? */
static int BelongsTo(const RING_EVENT *Event, const RING_EVENT *First, uint64_t Expected)
{
    /* A time before First's differs from it by almost 2^64, as unsigned numbers do. */
    return Event->Sequence == Expected && Event->Group == First->Group && Event->Number == First->Number &&
           Event->Irql == First->Irql && Event->Time - First->Time <= 0xFFFFFFFFu;
}

uint32_t RingTake(RING *Ring, void *Buffer, uint32_t Room, uint32_t Maximum)
{
    IRQSCOPE_RUN *Run = Buffer;
    IRQSCOPE_EVENT *Out = (IRQSCOPE_EVENT *)(Run + 1);
    uint32_t Tail = AtomicLoad32(&Ring->Tail);
    const RING_EVENT *First = EventAt(Ring, Tail);
    const RING_EVENT *Event = First;
    uint64_t Lost;

    if (Ring->Stamped == Tail || Maximum == 0 || Room < sizeof(*Run) + sizeof(*Out)) {
        return 0;
    }
    if (Maximum > (Room - sizeof(*Run)) / sizeof(*Out)) {
        Maximum = (uint32_t)((Room - sizeof(*Run)) / sizeof(*Out));
    }
    Lost = First->Sequence - Ring->Next;
    *Run = (IRQSCOPE_RUN){
        .Base = First->Time,
        .Sequence = First->Sequence - Ring->Base,
        .Connection = Ring->Connection,
        .Lost = Lost < 0xFFFFFFFFu ? (uint32_t)Lost : 0xFFFFFFFFu,
        .Group = First->Group,
        .Number = First->Number,
        .Irql = First->Irql,
    };
    Ring->Next = First->Sequence;
    do {
        *Out++ = (IRQSCOPE_EVENT){
            .Time = (uint32_t)(Event->Time - First->Time),
            .TriggerToIsr = Event->TriggerToIsr,
            .IsrToDpc = Event->IsrToDpc,
            .Target = Event->Target,
            .Flags = Event->Flags,
        };
        Run->Count++;
        Ring->Next++;
        Tail++;
        Event = EventAt(Ring, Tail);
    } while (Run->Count < Maximum && Ring->Stamped != Tail && BelongsTo(Event, First, Ring->Next));
    Ring->Taken += Run->Count;
    AtomicStoreRelease32(&Ring->Tail, Tail); /* pairs with the acquire in SlotHasRoom: these places were read */
    return (uint32_t)(sizeof(*Run) + Run->Count * sizeof(*Out));
}

void RingDiscard(RING *Ring, uint32_t Head, uint64_t Sequence)
{
    Ring->Stamped = Head;
    Ring->Next = Sequence;
    Ring->Base = Sequence;
    Ring->Taken = 0;
    AtomicStoreRelease32(&Ring->Tail, Head); /* as in RingTake */
}
