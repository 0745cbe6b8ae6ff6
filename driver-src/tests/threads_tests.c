/*
 * ISR, DPC, reader and statistics at once, each a thread. The stream lock is a mutex here.
 *
 * Allowed: any interleaving, any loss, inexact copies that say so. Forbidden: an event that is torn, twice or out of
 * order; a gap in the sequence that Lost does not say; produced other than delivered + lost; a copy that says it is
 * exact and is not of one moment.
 *
 * Whoever goes round in a loop gives way once a round: on few processors a yield of one would otherwise cost the whole
 * time slice of another, thousands of times.
 */
#include <pthread.h>
#include <sched.h>

#include "pace.h"
#include "slot.h"
#include "stray.h"
#include "tests.h"

#define RUNS 300000u
#define WRITERS 4u
#define ROOM (uint32_t)(sizeof(IRQSCOPE_RUN) + 100 * sizeof(IRQSCOPE_EVENT))

static volatile uint32_t Done;

static pthread_t Go(void *(*Run)(void *), void *Context)
{
    pthread_t Thread;

    CHECK_EQUAL(0, (uint64_t)pthread_create(&Thread, NULL, Run, Context));
    return Thread;
}

/* Every second run is claimed, time and target follow from its number: whatever is torn shows. */
static void *SlotWriter(void *Context)
{
    SLOT *Slot = Context;

    for (uint32_t Run = 0; Run < RUNS; Run++) {
        SlotRecord(Slot, 10 * (uint64_t)Run, Run % 1000, (uint16_t)Run, Run % 2 == 0 ? IRQSCOPE_EVENT_CLAIMED : 0);
        SlotRecordDuration(Slot, Run % 50);
        if (Run % 64 == 0) {
            sched_yield();
        }
    }
    AtomicStoreRelease32(&Done, 1);
    return NULL;
}

static void *SlotStatistics(void *Context)
{
    const SLOT *Slot = Context;
    uint64_t Counts[IRQSCOPE_HISTOGRAM_BUCKETS];
    uint64_t Last = 0;

    while (!AtomicLoadAcquire32(&Done)) {
        IRQSCOPE_SLOT Record;

        SlotCounters(Slot, 0, &Record);
        if ((Record.Flags & IRQSCOPE_SLOT_INEXACT) == 0) {
            CHECK(Record.Claimed == Record.NotClaimed || Record.Claimed == Record.NotClaimed + 1);
            CHECK_EQUAL(Record.Claimed == 0 ? 0 : 20 * (Record.Claimed - 1), Record.LastTime);
            CHECK(Record.Claimed >= Last);
            Last = Record.Claimed;
        }
        /* Durations below 50 in turn: two buckets of one width differ by one at most. */
        if (SlotHistogram(Slot, IRQSCOPE_HISTOGRAM_ISR_DURATION, 0, 50, Counts)) {
            for (uint32_t Bucket = 0; Bucket < 49; Bucket++) {
                CHECK(Counts[Bucket] == Counts[Bucket + 1] || Counts[Bucket] == Counts[Bucket + 1] + 1);
                CHECK(Counts[Bucket] - Counts[49] <= 1);
            }
        }
        sched_yield();
    }
    return NULL;
}

static void LosesNothingSilentlyBetweenIsrAndReader(void)
{
    static const uint32_t Capacities[] = { 1, 16, 1024 };
    static uint64_t Buffer[ROOM / 8];

    for (unsigned Each = 0; Each < 3; Each++) {
        SLOT *Slot = SlotInitialize(TestAllocate(SlotSize(Capacities[Each])), Capacities[Each], 1, 0, 0, 5);
        const IRQSCOPE_RUN *Run = (const IRQSCOPE_RUN *)Buffer;
        const IRQSCOPE_EVENT *Events = (const IRQSCOPE_EVENT *)(Run + 1);
        pthread_t Writer;
        pthread_t Statistics;
        uint64_t Next = 0;
        uint64_t Delivered = 0;
        uint64_t Lost = 0;
        int Last;

        Done = 0;
        Writer = Go(SlotWriter, Slot);
        Statistics = Go(SlotStatistics, Slot);
        do {
            Last = (int)AtomicLoadAcquire32(&Done);
            SlotDpc(Slot, 10 * (uint64_t)RUNS, 0);
            while (SlotTake(Slot, Buffer, ROOM, 1000) != 0) {
                CHECK_EQUAL(Next + Run->Lost, Run->Sequence);
                for (uint32_t Event = 0; Event < Run->Count; Event++) {
                    uint64_t Number = Run->Sequence + Event;

                    CHECK_EQUAL(10 * Number, Run->Base + Events[Event].Time);
                    CHECK_EQUAL(Number % 1000, Events[Event].TriggerToIsr);
                    CHECK_EQUAL(Number & 0xFFFF, Events[Event].Target);
                    CHECK_EQUAL(Number % 2 == 0 ? IRQSCOPE_EVENT_CLAIMED : 0, Events[Event].Flags);
                    CHECK_EQUAL(10 * (RUNS - Number), Events[Event].IsrToDpc);
                }
                Next = Run->Sequence + Run->Count;
                Delivered += Run->Count;
                Lost += Run->Lost;
            }
            sched_yield();
        } while (!Last);
        pthread_join(Writer, NULL);
        pthread_join(Statistics, NULL);
        CHECK_EQUAL(RUNS, Delivered + Slot->Writer.Lost);
        CHECK(Lost <= Slot->Writer.Lost); /* those at the very end stand before no event */
        CHECK_EQUAL(RUNS, Next + (Slot->Writer.Lost - Lost));
        TestFree(Slot);
    }
}

static volatile uint32_t ResetsMade;

/* Goes on until a reset came in between: on a busy machine all runs may fit before the other thread's first turn. */
static void *SlotResetter(void *Context)
{
    SLOT *Slot = Context;

    for (uint32_t Run = 0; Run < RUNS || AtomicLoadAcquire32(&ResetsMade) == 0; Run++) {
        SlotRecord(Slot, Run, 1, 0, IRQSCOPE_EVENT_CLAIMED);
        if (Run % 256 == 0) {
            sched_yield();
        }
    }
    AtomicStoreRelease32(&Done, 1);
    return NULL;
}

static void StaysExactAcrossResets(void)
{
    SLOT *Slot = SlotInitialize(TestAllocate(SlotSize(64)), 64, 1, 0, 0, 5);
    static uint64_t Buffer[ROOM / 8];
    const IRQSCOPE_RUN *Run = (const IRQSCOPE_RUN *)Buffer;
    IRQSCOPE_SLOT Record;
    pthread_t Writer;
    uint64_t Next = 0;

    Done = 0;
    ResetsMade = 0;
    Writer = Go(SlotResetter, Slot);
    while (!AtomicLoadAcquire32(&Done)) {
        SlotDpc(Slot, RUNS, 0);
        while (SlotTake(Slot, Buffer, ROOM, 1000) != 0) {
            CHECK_EQUAL(Next + Run->Lost, Run->Sequence);
            Next = Run->Sequence + Run->Count;
        }
        if (SlotReset(Slot) == 0) {
            Next = 0;
            AtomicAdd32(&ResetsMade, 1);
        }
    }
    pthread_join(Writer, NULL);
    SlotDpc(Slot, RUNS, 0);
    while (SlotTake(Slot, Buffer, ROOM, 1000) != 0) {
    }
    SlotCounters(Slot, 0, &Record);
    CHECK(ResetsMade > 0);
    CHECK_EQUAL(Record.Claimed, Slot->Ring.Taken + Record.EventsLost);
    TestFree(Slot);
}

static volatile uint32_t WritersLeft;
static STRAY *Stray;

static void *StrayWriter(void *Context)
{
    uint16_t Group = (uint16_t)(uintptr_t)Context;

    for (uint32_t Run = 0; Run < RUNS / WRITERS; Run++) {
        /* Number and target follow from the run, too. */
        StrayRecord(Stray, Run, Run, (uint16_t)Run, Run % 2 == 0 ? IRQSCOPE_EVENT_CLAIMED : 0, Group,
                    (uint8_t)(Run % 64), 7);
        if (Run % 16 == 0) {
            sched_yield();
        }
    }
    AtomicAdd32(&WritersLeft, 0u - 1u);
    return NULL;
}

static void LosesNothingSilentlyAmongStrayWriters(void)
{
    static const uint32_t Capacities[] = { 1, 16, 1024 };
    static uint64_t Buffer[ROOM / 8];

    for (unsigned Each = 0; Each < 3; Each++) {
        const IRQSCOPE_RUN *Run = (const IRQSCOPE_RUN *)Buffer;
        const IRQSCOPE_EVENT *Events = (const IRQSCOPE_EVENT *)(Run + 1);
        IRQSCOPE_SLOT Record;
        pthread_t Writers[WRITERS];
        uint64_t Next = 0;
        uint64_t Delivered = 0;
        uint64_t Lost = 0;
        int64_t LastOf[WRITERS];
        int Last;

        Stray = StrayInitialize(TestAllocate(StraySize(Capacities[Each])), Capacities[Each], 1);
        WritersLeft = WRITERS;
        for (uint32_t Writer = 0; Writer < WRITERS; Writer++) {
            LastOf[Writer] = -1;
            Writers[Writer] = Go(StrayWriter, (void *)(uintptr_t)Writer);
        }
        do {
            Last = AtomicLoadAcquire32(&WritersLeft) == 0;
            StrayDpc(Stray, RUNS);
            while (StrayTake(Stray, Buffer, ROOM, 1000) != 0) {
                CHECK(Run->Group < WRITERS);
                CHECK_EQUAL(Next + Run->Lost, Run->Sequence);
                for (uint32_t Event = 0; Event < Run->Count; Event++) {
                    uint64_t Number = Run->Base + Events[Event].Time;

                    CHECK((int64_t)Number > LastOf[Run->Group]); /* in order for each writer */
                    LastOf[Run->Group] = (int64_t)Number;
                    CHECK_EQUAL(Number, Events[Event].TriggerToIsr);
                    CHECK_EQUAL(Number & 0xFFFF, Events[Event].Target);
                    CHECK_EQUAL(Number % 64, Run->Number);
                    CHECK_EQUAL(IRQSCOPE_EVENT_STRAY | (Number % 2 == 0 ? IRQSCOPE_EVENT_CLAIMED : 0),
                                Events[Event].Flags);
                }
                Next = Run->Sequence + Run->Count;
                Delivered += Run->Count;
                Lost += Run->Lost;
            }
            StrayCounters(Stray, 0, &Record);
            CHECK(Record.Group < WRITERS);
            sched_yield();
        } while (!Last);
        for (uint32_t Writer = 0; Writer < WRITERS; Writer++) {
            pthread_join(Writers[Writer], NULL);
        }
        StrayCounters(Stray, 0, &Record);
        CHECK_EQUAL(RUNS, Record.Claimed + Record.NotClaimed);
        CHECK_EQUAL(RUNS, Delivered + Record.EventsLost);
        CHECK(Lost <= Record.EventsLost);
        CHECK_EQUAL(0, Stray->Used);
        TestFree(Stray);
    }
}

static PACE Pace;

static void *PaceIsr(void *Context)
{
    uint64_t *Arrived = Context;

    while (!AtomicLoadAcquire32(&Done)) {
        uint32_t Time = PaceArrive(&Pace, 1000000000);

        /* Trigger number n is armed at 1,000,000,000 - n: the time is the number of one that was really armed. */
        if (Time != IRQSCOPE_TIME_UNKNOWN) {
            CHECK(Time < RUNS);
            (*Arrived)++;
        }
        sched_yield();
    }
    return NULL;
}

static void CountsEachPacedTriggerOnce(void)
{
    uint64_t Arrived[2] = { 0, 0 };
    uint64_t Seen = 0;
    uint64_t Lost = 0;
    pthread_t Isrs[2];

    Done = 0;
    Pace = (PACE){ 0 };
    Isrs[0] = Go(PaceIsr, &Arrived[0]);
    Isrs[1] = Go(PaceIsr, &Arrived[1]);
    for (uint32_t Trigger = 0; Trigger < RUNS; Trigger++) {
        PaceArm(&Pace, 1000000000 - Trigger);
        if (Trigger % 8 == 0) {
            sched_yield();
        }
        if (PaceHasArrived(&Pace)) {
            Seen++;
        } else if (PaceCancel(&Pace)) {
            Lost++;
        } else {
            Seen++;
        }
    }
    AtomicStoreRelease32(&Done, 1);
    pthread_join(Isrs[0], NULL);
    pthread_join(Isrs[1], NULL);
    CHECK_EQUAL(RUNS, Seen + Lost);
    CHECK_EQUAL(Seen, Arrived[0] + Arrived[1]);
}

const TEST ThreadsTests[] = {
    { "threads.losesNothingSilentlyBetweenIsrAndReader", LosesNothingSilentlyBetweenIsrAndReader },
    { "threads.staysExactAcrossResets", StaysExactAcrossResets },
    { "threads.losesNothingSilentlyAmongStrayWriters", LosesNothingSilentlyAmongStrayWriters },
    { "threads.countsEachPacedTriggerOnce", CountsEachPacedTriggerOnce },
    TESTS_END
};
