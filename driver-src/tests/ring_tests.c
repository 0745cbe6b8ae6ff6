/* Taking runs out of a slot's ring: order, ends of runs, room, wrapping, and a random walk against a simple model. */
#include <string.h>

#include "slot.h"
#include "status.h"
#include "tests.h"

#define CLAIMED IRQSCOPE_EVENT_CLAIMED
#define RUN_BYTES(Count) (uint32_t)(sizeof(IRQSCOPE_RUN) + (Count) * sizeof(IRQSCOPE_EVENT))

typedef struct BUFFER {
    IRQSCOPE_RUN Run;
    IRQSCOPE_EVENT Events[4096];
} BUFFER;

static SLOT *NewSlot(uint32_t Events)
{
    return SlotInitialize(TestAllocate(SlotSize(Events)), Events, 0x25, 3, 7, 11);
}

static void Record(SLOT *Slot, uint64_t Time)
{
    SlotRecord(Slot, Time, IRQSCOPE_TIME_UNKNOWN, 0, CLAIMED);
}

static void TakesEventsInOrder(void)
{
    SLOT *Slot = NewSlot(8);
    BUFFER Buffer;
    uint64_t Oldest = 0;

    CHECK_EQUAL(0, SlotReady(Slot, &Oldest));
    CHECK_EQUAL(0, SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    SlotRecord(Slot, 1000, 40, 2, CLAIMED | IRQSCOPE_EVENT_PACED);
    SlotRecord(Slot, 1100, IRQSCOPE_TIME_UNKNOWN, 1, 0);
    CHECK_EQUAL(0, SlotReady(Slot, &Oldest)); /* their DPC has not run */
    CHECK_EQUAL(0, SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    SlotDpc(Slot, 1150, 0);
    CHECK_EQUAL(2, SlotReady(Slot, &Oldest));
    CHECK_EQUAL(1000, Oldest);
    CHECK_EQUAL(RUN_BYTES(2), SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    CHECK_EQUAL(1000, Buffer.Run.Base);
    CHECK_EQUAL(0, Buffer.Run.Sequence);
    CHECK_EQUAL(0x25, Buffer.Run.Connection);
    CHECK_EQUAL(2, Buffer.Run.Count);
    CHECK_EQUAL(0, Buffer.Run.Lost);
    CHECK_EQUAL(3, Buffer.Run.Group);
    CHECK_EQUAL(7, Buffer.Run.Number);
    CHECK_EQUAL(11, Buffer.Run.Irql);
    CHECK_EQUAL(0, Buffer.Events[0].Time);
    CHECK_EQUAL(40, Buffer.Events[0].TriggerToIsr);
    CHECK_EQUAL(150, Buffer.Events[0].IsrToDpc);
    CHECK_EQUAL(2, Buffer.Events[0].Target);
    CHECK_EQUAL(CLAIMED | IRQSCOPE_EVENT_PACED, Buffer.Events[0].Flags);
    CHECK_EQUAL(100, Buffer.Events[1].Time);
    CHECK_EQUAL(IRQSCOPE_TIME_UNKNOWN, Buffer.Events[1].TriggerToIsr);
    CHECK_EQUAL(50, Buffer.Events[1].IsrToDpc);
    CHECK_EQUAL(1, Buffer.Events[1].Target);
    CHECK_EQUAL(0, Buffer.Events[1].Flags);
    CHECK_EQUAL(0, SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    TestFree(Slot);
}

static void LeavesEventsLaterThanTheDpcToTheNextOne(void)
{
    SLOT *Slot = NewSlot(8);
    BUFFER Buffer;

    Record(Slot, 100);
    Record(Slot, 200);
    SlotDpc(Slot, 150, 0);
    CHECK_EQUAL(RUN_BYTES(1), SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    CHECK_EQUAL(50, Buffer.Events[0].IsrToDpc);
    SlotDpc(Slot, 200, 0);
    CHECK_EQUAL(RUN_BYTES(1), SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    CHECK_EQUAL(0, Buffer.Events[0].IsrToDpc);
    CHECK_EQUAL(1, Buffer.Run.Sequence);
    TestFree(Slot);
}

static void WritesNothingBeyondTheRoom(void)
{
    SLOT *Slot = NewSlot(8);
    BUFFER Buffer;

    for (int Each = 0; Each < 5; Each++) {
        Record(Slot, 100);
    }
    SlotDpc(Slot, 100, 0);
    CHECK_EQUAL(0, SlotTake(Slot, &Buffer, 0, 100));
    CHECK_EQUAL(0, SlotTake(Slot, &Buffer, RUN_BYTES(1) - 1, 100));
    CHECK_EQUAL(0, SlotTake(Slot, &Buffer, sizeof(Buffer), 0));
    memset(&Buffer, 0x5A, sizeof(Buffer));
    CHECK_EQUAL(RUN_BYTES(1), SlotTake(Slot, &Buffer, RUN_BYTES(1), 100));
    CHECK_EQUAL(0x5A5A5A5Au, Buffer.Events[1].Time);
    CHECK_EQUAL(RUN_BYTES(1), SlotTake(Slot, &Buffer, RUN_BYTES(2) - 1, 100));
    CHECK_EQUAL(0x5A5A5A5Au, Buffer.Events[1].Time);
    CHECK_EQUAL(RUN_BYTES(2), SlotTake(Slot, &Buffer, sizeof(Buffer), 2));
    CHECK_EQUAL(2, Buffer.Run.Sequence);
    CHECK_EQUAL(RUN_BYTES(1), SlotTake(Slot, &Buffer, sizeof(Buffer), 2));
    TestFree(Slot);
}

static void BeginsARunWhereTheTimeDoesNotFit(void)
{
    SLOT *Slot = NewSlot(8);
    BUFFER Buffer;

    Record(Slot, 1000);
    Record(Slot, 1000 + 0xFFFFFFFFull);
    Record(Slot, 1000 + 0x100000000ull);
    Record(Slot, 500); /* a clock that went back */
    SlotDpc(Slot, 0x200000000ull, 0);
    CHECK_EQUAL(RUN_BYTES(2), SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    CHECK_EQUAL(0xFFFFFFFFu, Buffer.Events[1].Time);
    CHECK_EQUAL(RUN_BYTES(1), SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    CHECK_EQUAL(1000 + 0x100000000ull, Buffer.Run.Base);
    CHECK_EQUAL(2, Buffer.Run.Sequence);
    CHECK_EQUAL(0, Buffer.Run.Lost);
    CHECK_EQUAL(RUN_BYTES(1), SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    CHECK_EQUAL(500, Buffer.Run.Base);
    CHECK_EQUAL(0xFFFFFFFEu, Buffer.Events[0].IsrToDpc);
    TestFree(Slot);
}

static void CountsWhatAFullRingLoses(void)
{
    SLOT *Slot = NewSlot(4);
    IRQSCOPE_SLOT Counters;
    BUFFER Buffer;

    for (uint64_t Time = 0; Time < 7; Time++) {
        Record(Slot, Time); /* 4, 5 and 6 find it full */
    }
    SlotDpc(Slot, 10, 0);
    CHECK_EQUAL(RUN_BYTES(2), SlotTake(Slot, &Buffer, sizeof(Buffer), 2));
    Record(Slot, 11);
    Record(Slot, 12);
    Record(Slot, 13); /* lost again */
    SlotDpc(Slot, 20, 0);
    CHECK_EQUAL(RUN_BYTES(2), SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    CHECK_EQUAL(2, Buffer.Run.Sequence);
    CHECK_EQUAL(0, Buffer.Run.Lost);
    CHECK_EQUAL(RUN_BYTES(2), SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    CHECK_EQUAL(7, Buffer.Run.Sequence);
    CHECK_EQUAL(3, Buffer.Run.Lost);
    Record(Slot, 21);
    SlotDpc(Slot, 30, 0);
    CHECK_EQUAL(RUN_BYTES(1), SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    CHECK_EQUAL(10, Buffer.Run.Sequence);
    CHECK_EQUAL(1, Buffer.Run.Lost);
    SlotCounters(Slot, 0, &Counters);
    CHECK_EQUAL(11, Counters.Claimed);
    CHECK_EQUAL(4, Counters.EventsLost);
    CHECK_EQUAL(Counters.Claimed, Slot->Ring.Taken + Counters.EventsLost);
    TestFree(Slot);
}

static void SaysAsMuchLossAsItsFieldHolds(void)
{
    SLOT *Slot = NewSlot(4);
    BUFFER Buffer;

    Slot->Writer.Written = 0x100000005ull; /* so many were lost before */
    Record(Slot, 1);
    SlotDpc(Slot, 1, 0);
    CHECK_EQUAL(RUN_BYTES(1), SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
    CHECK_EQUAL(0x100000005ull, Buffer.Run.Sequence); /* the sequence number still tells the whole of it */
    CHECK_EQUAL(0xFFFFFFFFu, Buffer.Run.Lost);
    TestFree(Slot);
}

static void WrapsItsPlacesAt32Bits(void)
{
    SLOT *Slot = NewSlot(4);
    uint32_t Begin = 0xFFFFFFFDu;
    BUFFER Buffer;

    Slot->Writer.Head = Slot->Ring.Tail = Slot->Ring.Stamped = Begin;
    Slot->Writer.Full = Begin + 4;
    for (uint64_t Time = 0; Time < 20; Time++) {
        Record(Slot, Time);
        SlotDpc(Slot, Time, 0);
        if (Time % 3 == 2) {
            CHECK_EQUAL(RUN_BYTES(3), SlotTake(Slot, &Buffer, sizeof(Buffer), 100));
            CHECK_EQUAL(Time - 2, Buffer.Run.Base);
            CHECK_EQUAL(Time - 2, Buffer.Run.Sequence);
        }
    }
    CHECK_EQUAL(0, Slot->Writer.Lost);
    TestFree(Slot);
}

/* The model: an array of all events ever, each written or lost, and two positions. */
typedef struct MODEL {
    struct {
        uint64_t Time;
        uint32_t TriggerToIsr, IsrToDpc;
        uint16_t Target, Flags;
        int Kept;
    } Events[60000];
    uint32_t Written, Stamped, Taken; /* positions in Events */
    uint32_t Waiting;                 /* kept and not taken */
    uint32_t Lost;
} MODEL;

static void ModelTake(MODEL *Model, SLOT *Slot, uint64_t *Seed)
{
    static BUFFER Buffer;
    uint32_t Room = TestRandom(Seed) % RUN_BYTES(20);
    uint32_t Maximum = TestRandom(Seed) % 12;
    uint32_t Bytes = SlotTake(Slot, &Buffer, Room, Maximum);
    uint32_t First = Model->Taken;
    uint32_t Allowed = Room < RUN_BYTES(1) ? 0 : (Room - RUN_BYTES(0)) / 16;
    uint32_t Count = 0;

    while (First < Model->Stamped && !Model->Events[First].Kept) {
        First++;
    }
    while (First + Count < Model->Stamped && Model->Events[First + Count].Kept && Count < Allowed && Count < Maximum &&
           Model->Events[First + Count].Time - Model->Events[First].Time <= 0xFFFFFFFFu) {
        Count++;
    }
    CHECK_EQUAL(Count == 0 ? 0 : RUN_BYTES(Count), Bytes);
    if (Count == 0) {
        return;
    }
    CHECK(Bytes <= Room);
    CHECK_EQUAL(First, Buffer.Run.Sequence);
    CHECK_EQUAL(First - Model->Taken, Buffer.Run.Lost);
    CHECK_EQUAL(Count, Buffer.Run.Count);
    CHECK_EQUAL(Model->Events[First].Time, Buffer.Run.Base);
    for (uint32_t Each = 0; Each < Count; Each++) {
        CHECK_EQUAL(Model->Events[First + Each].Time, Buffer.Run.Base + Buffer.Events[Each].Time);
        CHECK_EQUAL(Model->Events[First + Each].TriggerToIsr, Buffer.Events[Each].TriggerToIsr);
        CHECK_EQUAL(Model->Events[First + Each].IsrToDpc, Buffer.Events[Each].IsrToDpc);
        CHECK_EQUAL(Model->Events[First + Each].Target, Buffer.Events[Each].Target);
        CHECK_EQUAL(Model->Events[First + Each].Flags, Buffer.Events[Each].Flags);
    }
    Model->Taken = First + Count;
    Model->Waiting -= Count;
}

static void ModelRecord(MODEL *Model, SLOT *Slot, uint32_t Capacity, uint64_t Now, uint64_t *Seed)
{
    uint32_t TriggerToIsr = TestRandom(Seed) % 4 ? IRQSCOPE_TIME_UNKNOWN : TestRandom(Seed) % 5000;
    uint16_t Target = (uint16_t)(TestRandom(Seed) % 5);
    uint16_t Flags = (uint16_t)(TestRandom(Seed) % 8 ? CLAIMED : 0);

    Model->Events[Model->Written].Time = Now;
    Model->Events[Model->Written].TriggerToIsr = TriggerToIsr;
    Model->Events[Model->Written].Target = Target;
    Model->Events[Model->Written].Flags = Flags;
    Model->Events[Model->Written].Kept = Model->Waiting < Capacity;
    Model->Waiting += Model->Waiting < Capacity;
    Model->Lost += !Model->Events[Model->Written].Kept;
    Model->Written++;
    SlotRecord(Slot, Now, TriggerToIsr, Target, Flags);
}

static void AgreesWithASimpleModel(void)
{
    static MODEL Model;

    for (uint64_t Round = 1; Round <= 24; Round++) {
        uint32_t Capacity = 1u << (Round % 8);
        SLOT *Slot = NewSlot(Capacity);
        IRQSCOPE_SLOT Counters;
        uint64_t Seed = Round;
        uint64_t Now = Round * 1000;

        memset(&Model, 0, sizeof(Model));
        while (Model.Written < sizeof(Model.Events) / sizeof(Model.Events[0]) - 64) {
            uint32_t Step = TestRandom(&Seed) % 100;

            Now += Step == 0 ? 0x100000000ull + TestRandom(&Seed) % 3 - 1 : TestRandom(&Seed) % 100;
            if (Step < 50) {
                for (uint32_t Burst = TestRandom(&Seed) % (Step < 3 ? 60 : 4); Burst > 0; Burst--) {
                    ModelRecord(&Model, Slot, Capacity, Now, &Seed);
                }
            } else if (Step < 75) {
                SlotDpc(Slot, Now, 0);
                for (; Model.Stamped < Model.Written; Model.Stamped++) {
                    uint64_t Waited = Now - Model.Events[Model.Stamped].Time;

                    Model.Events[Model.Stamped].IsrToDpc = Waited < 0xFFFFFFFFu ? (uint32_t)Waited : 0xFFFFFFFEu;
                }
            } else {
                ModelTake(&Model, Slot, &Seed);
            }
        }
        SlotCounters(Slot, 0, &Counters);
        CHECK_EQUAL(Model.Written, Counters.Claimed + Counters.NotClaimed);
        CHECK_EQUAL(Model.Lost, Counters.EventsLost);
        CHECK_EQUAL(Model.Written, Slot->Ring.Taken + Model.Waiting + Counters.EventsLost);
        TestFree(Slot);
    }
}

const TEST RingTests[] = {
    { "ring.takesEventsInOrder", TakesEventsInOrder },
    { "ring.leavesEventsLaterThanTheDpcToTheNextOne", LeavesEventsLaterThanTheDpcToTheNextOne },
    { "ring.writesNothingBeyondTheRoom", WritesNothingBeyondTheRoom },
    { "ring.beginsARunWhereTheTimeDoesNotFit", BeginsARunWhereTheTimeDoesNotFit },
    { "ring.countsWhatAFullRingLoses", CountsWhatAFullRingLoses },
    { "ring.saysAsMuchLossAsItsFieldHolds", SaysAsMuchLossAsItsFieldHolds },
    { "ring.wrapsItsPlacesAt32Bits", WrapsItsPlacesAt32Bits },
    { "ring.agreesWithASimpleModel", AgreesWithASimpleModel },
    TESTS_END
};
