/* A slot's counters, histograms, reset and seal; the stray slot. */
#include <string.h>

#include "slot.h"
#include "status.h"
#include "stray.h"
#include "tests.h"

#define CLAIMED IRQSCOPE_EVENT_CLAIMED
#define RUN_BYTES(Count) (uint32_t)(sizeof(IRQSCOPE_RUN) + (Count) * sizeof(IRQSCOPE_EVENT))

typedef struct BUFFER {
    IRQSCOPE_RUN Run;
    IRQSCOPE_EVENT Events[64];
} BUFFER;

static SLOT *NewSlot(uint32_t Events)
{
    return SlotInitialize(TestAllocate(SlotSize(Events)), Events, 0x25, 3, 7, 11);
}

static uint64_t CountOf(const SLOT *Slot, uint32_t Histogram, uint32_t Value)
{
    uint64_t Count;

    CHECK(SlotHistogram(Slot, Histogram, HistogramBucket(Value), 1, &Count));
    return Count;
}

static uint64_t SumOf(const SLOT *Slot, uint32_t Histogram)
{
    uint64_t Counts[IRQSCOPE_HISTOGRAM_BUCKETS];
    uint64_t Sum = 0;

    CHECK(SlotHistogram(Slot, Histogram, 0, IRQSCOPE_HISTOGRAM_BUCKETS, Counts));
    for (uint32_t Bucket = 0; Bucket < IRQSCOPE_HISTOGRAM_BUCKETS; Bucket++) {
        Sum += Counts[Bucket];
    }
    return Sum;
}

static void BeginsEmptyInAnyMemory(void)
{
    SLOT *Slot = NewSlot(16);
    IRQSCOPE_SLOT Record;
    IRQSCOPE_SLOT Expected;

    memset(&Expected, 0, sizeof(Expected));
    Expected.Slot = 4;
    Expected.Group = 3;
    Expected.Number = 7;
    Expected.Irql = 11;
    memset(&Record, 0xFF, sizeof(Record));
    SlotCounters(Slot, 4, &Record);
    CHECK_EQUAL(0, (uint64_t)(memcmp(&Expected, &Record, sizeof(Record)) != 0));
    for (uint32_t Histogram = 0; Histogram < IRQSCOPE_HISTOGRAMS; Histogram++) {
        CHECK_EQUAL(0, SumOf(Slot, Histogram));
    }
    TestFree(Slot);
}

static void RecordsEachTimeInItsHistogram(void)
{
    SLOT *Slot = NewSlot(16);
    IRQSCOPE_SLOT Record;

    SlotRecord(Slot, 1000, 40, 0, CLAIMED | IRQSCOPE_EVENT_PACED);
    SlotRecordDuration(Slot, 12);
    SlotRecord(Slot, 1010, IRQSCOPE_TIME_UNKNOWN, 0, CLAIMED);
    SlotRecordDuration(Slot, 13);
    SlotRecord(Slot, 1020, IRQSCOPE_TIME_UNKNOWN, 0, 0);
    SlotRecordDuration(Slot, 14);
    SlotDpc(Slot, 1030, 0);
    SlotDpc(Slot, 1040, 1);
    CHECK_EQUAL(1, SumOf(Slot, IRQSCOPE_HISTOGRAM_TRIGGER_TO_ISR));
    CHECK_EQUAL(1, CountOf(Slot, IRQSCOPE_HISTOGRAM_TRIGGER_TO_ISR, 40));
    CHECK_EQUAL(3, SumOf(Slot, IRQSCOPE_HISTOGRAM_ISR_TO_DPC));
    CHECK_EQUAL(1, CountOf(Slot, IRQSCOPE_HISTOGRAM_ISR_TO_DPC, 30));
    CHECK_EQUAL(1, CountOf(Slot, IRQSCOPE_HISTOGRAM_ISR_TO_DPC, 20));
    CHECK_EQUAL(1, CountOf(Slot, IRQSCOPE_HISTOGRAM_ISR_TO_DPC, 10));
    CHECK_EQUAL(3, SumOf(Slot, IRQSCOPE_HISTOGRAM_ISR_DURATION));
    CHECK_EQUAL(1, CountOf(Slot, IRQSCOPE_HISTOGRAM_ISR_DURATION, 13));
    SlotCounters(Slot, 0, &Record);
    CHECK_EQUAL(0, Record.Flags);
    CHECK_EQUAL(2, Record.Claimed);
    CHECK_EQUAL(1, Record.NotClaimed);
    CHECK_EQUAL(2, Record.Dpcs);
    CHECK_EQUAL(1, Record.DpcsElsewhere);
    CHECK_EQUAL(1010, Record.LastTime);
    TestFree(Slot);
}

static void MeasuresADpcAlsoWhenNobodyReads(void)
{
    SLOT *Slot = NewSlot(2);

    for (uint64_t Time = 1000; Time < 1010; Time++) {
        SlotRecord(Slot, Time, IRQSCOPE_TIME_UNKNOWN, 0, CLAIMED);
        SlotDpc(Slot, Time + 3, 0);
    }
    CHECK_EQUAL(10, SumOf(Slot, IRQSCOPE_HISTOGRAM_ISR_TO_DPC));
    CHECK_EQUAL(10, CountOf(Slot, IRQSCOPE_HISTOGRAM_ISR_TO_DPC, 3));
    SlotDpc(Slot, 2000, 0); /* no interrupt behind it */
    CHECK_EQUAL(10, SumOf(Slot, IRQSCOPE_HISTOGRAM_ISR_TO_DPC));
    TestFree(Slot);
}

static void ForgetsEverythingAtAReset(void)
{
    SLOT *Slot = NewSlot(4);
    IRQSCOPE_SLOT Record;
    BUFFER Buffer;

    for (uint64_t Time = 1; Time < 8; Time++) {
        SlotRecord(Slot, Time, 40, 0, CLAIMED);
        SlotRecordDuration(Slot, 5);
    }
    SlotDpc(Slot, 10, 1);
    CHECK_EQUAL(IRQSCOPE_STATUS_SUCCESS, SlotReset(Slot));
    SlotCounters(Slot, 0, &Record);
    CHECK_EQUAL(0, Record.Claimed + Record.NotClaimed + Record.Dpcs + Record.DpcsElsewhere + Record.EventsLost +
                       Record.LastTime);
    for (uint32_t Histogram = 0; Histogram < IRQSCOPE_HISTOGRAMS; Histogram++) {
        CHECK_EQUAL(0, SumOf(Slot, Histogram));
    }
    CHECK_EQUAL(0, SlotTake(Slot, &Buffer, sizeof(Buffer), 64));
    for (uint64_t Time = 20; Time < 24; Time++) {
        SlotRecord(Slot, Time, 41, 0, 0); /* all four places are free again */
    }
    SlotDpc(Slot, 30, 0);
    CHECK_EQUAL(RUN_BYTES(4), SlotTake(Slot, &Buffer, sizeof(Buffer), 64));
    CHECK_EQUAL(0, Buffer.Run.Sequence);
    CHECK_EQUAL(0, Buffer.Run.Lost);
    CHECK_EQUAL(4, SumOf(Slot, IRQSCOPE_HISTOGRAM_TRIGGER_TO_ISR));
    CHECK_EQUAL(4, SumOf(Slot, IRQSCOPE_HISTOGRAM_ISR_TO_DPC));
    SlotCounters(Slot, 0, &Record);
    CHECK_EQUAL(4, Record.NotClaimed);
    CHECK_EQUAL(0, Record.Claimed);
    CHECK_EQUAL(4, Slot->Ring.Taken);
    TestFree(Slot);
}

static void ADpcAfterAResetMeasuresNothingFromBefore(void)
{
    SLOT *Slot = NewSlot(1);

    SlotRecord(Slot, 1, IRQSCOPE_TIME_UNKNOWN, 0, CLAIMED);
    SlotRecord(Slot, 2, IRQSCOPE_TIME_UNKNOWN, 0, CLAIMED); /* lost */
    CHECK_EQUAL(IRQSCOPE_STATUS_SUCCESS, SlotReset(Slot));
    SlotDpc(Slot, 10, 0);
    CHECK_EQUAL(0, SumOf(Slot, IRQSCOPE_HISTOGRAM_ISR_TO_DPC));
    TestFree(Slot);
}

static void SaysWhenInterruptsLeftNoQuietMoment(void)
{
    SLOT *Slot = NewSlot(4);
    IRQSCOPE_SLOT Record;
    uint64_t Count;

    SlotRecord(Slot, 1, 40, 0, CLAIMED);
    Slot->Writer.Version++; /* as inside an ISR */
    SlotCounters(Slot, 0, &Record);
    CHECK_EQUAL(IRQSCOPE_SLOT_INEXACT, Record.Flags);
    CHECK(!SlotHistogram(Slot, IRQSCOPE_HISTOGRAM_TRIGGER_TO_ISR, 0, 1, &Count));
    CHECK(!SlotHistogram(Slot, IRQSCOPE_HISTOGRAM_ISR_DURATION, 0, 1, &Count));
    CHECK(SlotHistogram(Slot, IRQSCOPE_HISTOGRAM_ISR_TO_DPC, 0, 1, &Count));
    CHECK_EQUAL(IRQSCOPE_STATUS_DEVICE_BUSY, SlotReset(Slot));
    Slot->Writer.Version++;
    Slot->Dpc.Version++; /* as inside a DPC */
    SlotCounters(Slot, 0, &Record);
    CHECK_EQUAL(IRQSCOPE_SLOT_INEXACT, Record.Flags);
    CHECK_EQUAL(1, Record.Claimed);
    CHECK(!SlotHistogram(Slot, IRQSCOPE_HISTOGRAM_ISR_TO_DPC, 0, 1, &Count));
    CHECK(SlotHistogram(Slot, IRQSCOPE_HISTOGRAM_TRIGGER_TO_ISR, 0, 1, &Count));
    Slot->Dpc.Version++;
    SlotCounters(Slot, 0, &Record);
    CHECK_EQUAL(0, Record.Flags);
    TestFree(Slot);
}

static void SealsWhatNoDpcWillStamp(void)
{
    SLOT *Slot = NewSlot(4);
    BUFFER Buffer;

    SlotRecord(Slot, 1, 40, 0, CLAIMED);
    SlotDpc(Slot, 4, 0);
    SlotRecord(Slot, 5, 40, 0, CLAIMED);
    SlotSeal(Slot);
    CHECK_EQUAL(RUN_BYTES(2), SlotTake(Slot, &Buffer, sizeof(Buffer), 64));
    CHECK_EQUAL(3, Buffer.Events[0].IsrToDpc);
    CHECK_EQUAL(IRQSCOPE_TIME_UNKNOWN, Buffer.Events[1].IsrToDpc);
    CHECK_EQUAL(1, SumOf(Slot, IRQSCOPE_HISTOGRAM_ISR_TO_DPC));
    TestFree(Slot);
}

static void FindsTheSlotOfAProcessor(void)
{
    static SLOT_TABLE Table = { .Group = 2 };
    SLOT *Slot = NewSlot(1);

    Table.Slots[63] = Slot;
    CHECK(SlotFind(&Table, 2, 63) == Slot);
    CHECK(SlotFind(&Table, 2, 62) == NULL);
    CHECK(SlotFind(&Table, 1, 63) == NULL);
    CHECK(SlotFind(&Table, 2, 64) == NULL);
    CHECK(SlotFind(&Table, 2, 255) == NULL);
    TestFree(Slot);
}

const TEST SlotTests[] = {
    { "slot.beginsEmptyInAnyMemory", BeginsEmptyInAnyMemory },
    { "slot.recordsEachTimeInItsHistogram", RecordsEachTimeInItsHistogram },
    { "slot.measuresADpcAlsoWhenNobodyReads", MeasuresADpcAlsoWhenNobodyReads },
    { "slot.forgetsEverythingAtAReset", ForgetsEverythingAtAReset },
    { "slot.aDpcAfterAResetMeasuresNothingFromBefore", ADpcAfterAResetMeasuresNothingFromBefore },
    { "slot.saysWhenInterruptsLeftNoQuietMoment", SaysWhenInterruptsLeftNoQuietMoment },
    { "slot.sealsWhatNoDpcWillStamp", SealsWhatNoDpcWillStamp },
    { "slot.findsTheSlotOfAProcessor", FindsTheSlotOfAProcessor },
    TESTS_END
};

static STRAY *NewStray(uint32_t Events)
{
    return StrayInitialize(TestAllocate(StraySize(Events)), Events, 0x31);
}

static void KeepsWhereEachStrayRunWas(void)
{
    STRAY *Stray = NewStray(8);
    IRQSCOPE_SLOT Record;
    BUFFER Buffer;

    StrayRecord(Stray, 10, 4, 1, CLAIMED | IRQSCOPE_EVENT_PACED, 2, 5, 9);
    StrayRecord(Stray, 11, IRQSCOPE_TIME_UNKNOWN, 0, CLAIMED, 2, 5, 9);
    StrayRecord(Stray, 12, IRQSCOPE_TIME_UNKNOWN, 0, CLAIMED, 2, 6, 9);
    StrayRecord(Stray, 13, IRQSCOPE_TIME_UNKNOWN, 0, CLAIMED, 3, 6, 9);
    StrayRecord(Stray, 14, IRQSCOPE_TIME_UNKNOWN, 0, 0, 3, 6, 10);
    CHECK_EQUAL(0, StrayTake(Stray, &Buffer, sizeof(Buffer), 64));
    StrayDpc(Stray, 20);
    CHECK_EQUAL(RUN_BYTES(2), StrayTake(Stray, &Buffer, sizeof(Buffer), 64));
    CHECK_EQUAL(0x31, Buffer.Run.Connection);
    CHECK_EQUAL(2, Buffer.Run.Group);
    CHECK_EQUAL(5, Buffer.Run.Number);
    CHECK_EQUAL(9, Buffer.Run.Irql);
    CHECK_EQUAL(CLAIMED | IRQSCOPE_EVENT_PACED | IRQSCOPE_EVENT_STRAY, Buffer.Events[0].Flags);
    CHECK_EQUAL(4, Buffer.Events[0].TriggerToIsr);
    CHECK_EQUAL(10, Buffer.Events[0].IsrToDpc);
    CHECK_EQUAL(1, Buffer.Events[0].Target);
    for (uint64_t Each = 2; Each < 5; Each++) {
        CHECK_EQUAL(RUN_BYTES(1), StrayTake(Stray, &Buffer, sizeof(Buffer), 64));
        CHECK_EQUAL(Each, Buffer.Run.Sequence);
        CHECK_EQUAL(0, Buffer.Run.Lost);
    }
    CHECK_EQUAL(10, Buffer.Run.Irql);
    StrayCounters(Stray, 8, &Record);
    CHECK_EQUAL(8, Record.Slot);
    CHECK_EQUAL(IRQSCOPE_SLOT_STRAY, Record.Flags);
    CHECK_EQUAL(4, Record.Claimed);
    CHECK_EQUAL(1, Record.NotClaimed);
    CHECK_EQUAL(1, Record.Dpcs);
    CHECK_EQUAL(13, Record.LastTime);
    CHECK_EQUAL(3, Record.Group);
    CHECK_EQUAL(6, Record.Number);
    CHECK_EQUAL(10, Record.Irql);
    TestFree(Stray);
}

static void CountsWhatAFullStrayRingLoses(void)
{
    STRAY *Stray = NewStray(4);
    IRQSCOPE_SLOT Record;
    BUFFER Buffer;
    uint64_t Delivered = 0;

    for (uint64_t Round = 0; Round < 50; Round++) {
        for (uint64_t Each = 0; Each < 6; Each++) {
            StrayRecord(Stray, Round, 4, 0, CLAIMED, 1, 1, 9);
        }
        StrayDpc(Stray, Round);
        CHECK_EQUAL(RUN_BYTES(4), StrayTake(Stray, &Buffer, sizeof(Buffer), 64));
        CHECK_EQUAL(Round * 6, Buffer.Run.Sequence);
        CHECK_EQUAL(Round == 0 ? 0 : 2, Buffer.Run.Lost);
        Delivered += Buffer.Run.Count;
    }
    StrayCounters(Stray, 0, &Record);
    CHECK_EQUAL(300, Record.Claimed);
    CHECK_EQUAL(100, Record.EventsLost);
    CHECK_EQUAL(Record.Claimed, Delivered + Record.EventsLost);
    CHECK_EQUAL(Delivered, Stray->Ring.Taken);
    TestFree(Stray);
}

static void StopsAtAnEventThatIsNotWhole(void)
{
    STRAY *Stray = NewStray(4);
    BUFFER Buffer;

    StrayRecord(Stray, 1, 4, 0, CLAIMED, 1, 1, 9);
    AtomicAdd32(&Stray->Used, 1); /* as in the middle of StrayRecord on another processor */
    AtomicAdd32(&Stray->Tickets, 1);
    StrayRecord(Stray, 3, 4, 0, CLAIMED, 1, 1, 9);
    StraySeal(Stray);
    CHECK_EQUAL(RUN_BYTES(1), StrayTake(Stray, &Buffer, sizeof(Buffer), 64));
    CHECK_EQUAL(IRQSCOPE_TIME_UNKNOWN, Buffer.Events[0].IsrToDpc);
    StraySeal(Stray);
    CHECK_EQUAL(0, StrayTake(Stray, &Buffer, sizeof(Buffer), 64));
    Stray->Ring.Events[1] = (RING_EVENT){ .Time = 2, .Group = 1, .Number = 1, .Irql = 9 };
    AtomicStoreRelease32(&Stray->Marks[1], 2);
    StraySeal(Stray);
    CHECK_EQUAL(RUN_BYTES(2), StrayTake(Stray, &Buffer, sizeof(Buffer), 64));
    CHECK_EQUAL(1, Buffer.Run.Sequence);
    TestFree(Stray);
}

static void WrapsTicketsAt32Bits(void)
{
    STRAY *Stray = NewStray(4);
    uint32_t Begin = 0xFFFFFFFDu;
    BUFFER Buffer;

    Stray->Tickets = Stray->Collected = Stray->Ring.Tail = Stray->Ring.Stamped = Begin;
    Stray->Claimed.Written = Stray->Claimed.Folded = Begin;
    Stray->Lost.Written = Stray->Lost.Folded = Stray->LostCollected = Begin;
    for (uint64_t Round = 0; Round < 5; Round++) {
        for (uint64_t Each = 0; Each < 5; Each++) {
            StrayRecord(Stray, Round, 4, 0, CLAIMED, 1, 1, 9);
        }
        StrayDpc(Stray, Round);
        CHECK_EQUAL(RUN_BYTES(4), StrayTake(Stray, &Buffer, sizeof(Buffer), 64));
        CHECK_EQUAL(Round * 5, Buffer.Run.Sequence);
        CHECK_EQUAL(Round != 0, Buffer.Run.Lost);
    }
    CHECK_EQUAL(25, Stray->Claimed.Total);
    CHECK_EQUAL(5, Stray->Lost.Total);
    TestFree(Stray);
}

static void ForgetsStrayRunsAtAReset(void)
{
    STRAY *Stray = NewStray(4);
    IRQSCOPE_SLOT Record;
    BUFFER Buffer;

    for (uint64_t Each = 0; Each < 6; Each++) {
        StrayRecord(Stray, 1, 4, 0, CLAIMED, 1, 1, 9);
    }
    StrayReset(Stray);
    StrayCounters(Stray, 0, &Record);
    CHECK_EQUAL(0, Record.Claimed + Record.NotClaimed + Record.EventsLost + Record.Dpcs + Record.LastTime);
    for (uint64_t Each = 0; Each < 4; Each++) {
        StrayRecord(Stray, 5, 4, 0, CLAIMED, 1, 1, 9);
    }
    StrayDpc(Stray, 6);
    CHECK_EQUAL(RUN_BYTES(4), StrayTake(Stray, &Buffer, sizeof(Buffer), 64));
    CHECK_EQUAL(0, Buffer.Run.Sequence);
    CHECK_EQUAL(0, Buffer.Run.Lost);
    CHECK_EQUAL(0, Stray->Used);
    TestFree(Stray);
}

const TEST StrayTests[] = {
    { "stray.keepsWhereEachRunWas", KeepsWhereEachStrayRunWas },
    { "stray.countsWhatAFullRingLoses", CountsWhatAFullStrayRingLoses },
    { "stray.stopsAtAnEventThatIsNotWhole", StopsAtAnEventThatIsNotWhole },
    { "stray.wrapsTicketsAt32Bits", WrapsTicketsAt32Bits },
    { "stray.forgetsRunsAtAReset", ForgetsStrayRunsAtAReset },
    TESTS_END
};
