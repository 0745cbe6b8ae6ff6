#include "stray.h"

#include "bits.h"
#include "status.h"

#define TRIES 16

size_t StraySize(uint32_t Events)
{
    return sizeof(STRAY) + (size_t)Events * (sizeof(RING_EVENT) + sizeof(uint32_t));
}

STRAY *StrayInitialize(void *Memory, uint32_t Events, uint32_t Connection)
{
    STRAY *Stray = Memory;
    RING_EVENT *Ring = (RING_EVENT *)(Stray + 1);
    volatile uint32_t *Marks = (volatile uint32_t *)(Ring + Events);

    *Stray = (STRAY){ .Marks = Marks };
    for (uint32_t Index = 0; Index < Events; Index++) {
        Ring[Index] = (RING_EVENT){ 0 };
        Marks[Index] = 0;
    }
    RingInitialize(&Stray->Ring, Ring, Events, Connection);
    return Stray;
}

static void LastWrite(STRAY *Stray, uint64_t Time, uint16_t Flags, uint16_t Group, uint8_t Number, uint8_t Irql)
{
    uint32_t Version;

    if (AtomicExchange32(&Stray->LastBusy, 1) != 0) {
        return;
    }
    Version = AtomicLoad32(&Stray->LastVersion);
    AtomicStore32(&Stray->LastVersion, Version + 1);
    AtomicFenceRelease(); /* pairs with the acquire fence in StrayCounters */
    if ((Flags & IRQSCOPE_EVENT_CLAIMED) != 0) {
        Stray->LastTime = Time;
    }
    Stray->LastGroup = Group;
    Stray->LastNumber = Number;
    Stray->LastIrql = Irql;
    AtomicStoreRelease32(&Stray->LastVersion, Version + 2);
    AtomicStoreRelease32(&Stray->LastBusy, 0); /* pairs with the exchange above, on another processor */
}

void StrayRecord(STRAY *Stray, uint64_t Time, uint32_t TriggerToIsr, uint16_t Target, uint16_t Flags, uint16_t Group,
                 uint8_t Number, uint8_t Irql)
{
    uint32_t Mask = Stray->Ring.Mask;
    uint32_t Ticket;
    RING_EVENT *Event;

    AtomicAdd32((Flags & IRQSCOPE_EVENT_CLAIMED) != 0 ? &Stray->Claimed.Written : &Stray->NotClaimed.Written, 1);
    LastWrite(Stray, Time, Flags, Group, Number, Irql);
    /* A place reserved here stays ours until it is taken out: of the tickets given and not yet taken there are never
     * more than places. While another writer is giving up, this one may lose an event though a place is just free. */
    if (AtomicAdd32(&Stray->Used, 1) > Mask) {
        AtomicAdd32(&Stray->Used, 0u - 1u);
        AtomicAdd32(&Stray->Lost.Written, 1);
        return;
    }
    Ticket = AtomicAdd32(&Stray->Tickets, 1);
    Event = &Stray->Ring.Events[Ticket & Mask];
    *Event = (RING_EVENT){
        .Time = Time,
        .Sequence = AtomicLoad32(&Stray->Lost.Written), /* StrayCollect makes the sequence number of it */
        .TriggerToIsr = TriggerToIsr,
        .Target = Target,
        .Flags = (uint16_t)(Flags | IRQSCOPE_EVENT_STRAY),
        .Group = Group,
        .Number = Number,
        .Irql = Irql,
    };
    /* Pairs with the acquire in StrayCollect: the event is whole. */
    AtomicStoreRelease32(&Stray->Marks[Ticket & Mask], Ticket + 1);
}

/* Numbers the events that are whole, in the order of their tickets, up to the first that is not. */
static void StrayCollect(STRAY *Stray)
{
    uint32_t Mask = Stray->Ring.Mask;

    /* Pairs with the release in StrayRecord. A mark of an earlier round is smaller by a multiple of the capacity. */
    while (AtomicLoadAcquire32(&Stray->Marks[Stray->Collected & Mask]) == Stray->Collected + 1) {
        RING_EVENT *Event = &Stray->Ring.Events[Stray->Collected & Mask];
        uint32_t Lost = (uint32_t)Event->Sequence - Stray->LostCollected;

        /* Two writers may take their tickets in another order than they looked at the losses: never count back. */
        if ((Lost & 0x80000000u) == 0) {
            Stray->Sequence += Lost;
            Stray->LostCollected += Lost;
        }
        Event->Sequence = Stray->Sequence++;
        Stray->Collected++;
    }
}

static void CounterFold(STRAY_COUNTER *Counter)
{
    uint32_t Written = AtomicLoad32(&Counter->Written);

    Counter->Total += Written - Counter->Folded;
    Counter->Folded = Written;
}

static void StrayFold(STRAY *Stray)
{
    CounterFold(&Stray->Claimed);
    CounterFold(&Stray->NotClaimed);
    CounterFold(&Stray->Lost);
}

void StrayDpc(STRAY *Stray, uint64_t Now)
{
    Stray->Dpcs++;
    StrayFold(Stray);
    StrayCollect(Stray);
    RingStamp(&Stray->Ring, Stray->Collected, Now, NULL);
}

void StraySeal(STRAY *Stray)
{
    StrayCollect(Stray);
    RingStampUnknown(&Stray->Ring, Stray->Collected);
}

uint32_t StrayReady(const STRAY *Stray, uint64_t *Oldest)
{
    return RingReady(&Stray->Ring, Oldest);
}

uint32_t StrayTake(STRAY *Stray, void *Buffer, uint32_t Room, uint32_t Maximum)
{
    uint32_t Before = AtomicLoad32(&Stray->Ring.Tail);
    uint32_t Bytes = RingTake(&Stray->Ring, Buffer, Room, Maximum);

    AtomicAdd32(&Stray->Used, Before - AtomicLoad32(&Stray->Ring.Tail)); /* gives the places back: the writers' add */
    return Bytes;
}

/* 1: the fields of the last run are of one moment. */
static int LastCopy(const STRAY *Stray, IRQSCOPE_SLOT *Record)
{
    for (int Try = 0; Try < TRIES; Try++) {
        uint32_t Before = AtomicLoadAcquire32(&Stray->LastVersion); /* both pair with LastWrite */

        Record->Group = Stray->LastGroup;
        Record->Number = Stray->LastNumber;
        Record->Irql = Stray->LastIrql;
        Record->LastTime = Stray->LastTime;
        AtomicFenceAcquire();
        if ((Before & 1) == 0 && AtomicLoad32(&Stray->LastVersion) == Before) {
            return 1;
        }
    }
    return 0;
}

void StrayCounters(STRAY *Stray, uint32_t Index, IRQSCOPE_SLOT *Record)
{
    *Record = (IRQSCOPE_SLOT){ .Slot = Index, .Flags = IRQSCOPE_SLOT_STRAY };
    if (!LastCopy(Stray, Record)) {
        Record->Flags |= IRQSCOPE_SLOT_INEXACT;
    }
    StrayFold(Stray);
    Record->Claimed = Stray->Claimed.Total;
    Record->NotClaimed = Stray->NotClaimed.Total;
    Record->EventsLost = Stray->Lost.Total;
    Record->Dpcs = Stray->Dpcs;
    if (Record->Claimed == 0) {
        Record->LastTime = 0;
    }
}

void StrayReset(STRAY *Stray)
{
    uint32_t Tail = AtomicLoad32(&Stray->Ring.Tail);

    StrayFold(Stray);
    StrayCollect(Stray);
    Stray->LostCollected = Stray->Lost.Folded;
    RingDiscard(&Stray->Ring, Stray->Collected, Stray->Sequence);
    AtomicAdd32(&Stray->Used, Tail - Stray->Collected);
    Stray->Claimed.Total = 0;
    Stray->NotClaimed.Total = 0;
    Stray->Lost.Total = 0;
    Stray->Dpcs = 0;
}
