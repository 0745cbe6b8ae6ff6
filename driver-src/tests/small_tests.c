/* Bits and masks, connection ids, the memory budget, the counters of a target, when a read is due. */
#include "affinity.h"
#include "bits.h"
#include "budget.h"
#include "counters.h"
#include "due.h"
#include "identity.h"
#include "tests.h"

static void FindsTheHighestAndLowestBit(void)
{
    for (uint32_t Bit = 0; Bit < 32; Bit++) {
        CHECK_EQUAL(Bit, BitsHighest(1u << Bit));
        CHECK_EQUAL(Bit, BitsLowest(1u << Bit));
        CHECK_EQUAL(Bit, BitsHighest((1u << Bit) | 1u));
        CHECK_EQUAL(Bit, BitsLowest((1u << Bit) | 0x80000000u));
    }
}

static void KnowsPowersOfTwo(void)
{
    CHECK(!BitsIsPowerOfTwo(0));
    for (uint32_t Bit = 0; Bit < 32; Bit++) {
        CHECK(BitsIsPowerOfTwo(1u << Bit));
        CHECK(Bit < 2 || !BitsIsPowerOfTwo((1u << Bit) - 1));
        CHECK(Bit < 1 || !BitsIsPowerOfTwo((1u << Bit) + 1));
    }
}

static void WalksEveryProcessorOfAMask(void)
{
    uint64_t Seed = 1;

    for (int Round = 0; Round < 1000; Round++) {
        uint64_t Thin = (uint64_t)TestRandom(&Seed) * 0x100000001u;
        uint64_t Mask = ((uint64_t)TestRandom(&Seed) << 32 | TestRandom(&Seed)) & Thin;
        uint64_t Seen = 0;
        uint32_t Count = 0;

        for (uint32_t Number = MaskNext(Mask, 0); Number != BITS_NONE; Number = MaskNext(Mask, Number + 1)) {
            CHECK(MaskHas(Mask, Number));
            Seen |= (uint64_t)1 << Number;
            Count++;
        }
        CHECK_EQUAL(Mask, Seen);
        CHECK_EQUAL(MaskCount(Mask), Count);
    }
    CHECK_EQUAL(64, MaskCount(~(uint64_t)0));
    CHECK_EQUAL(63, MaskNext((uint64_t)1 << 63, 0));
    CHECK_EQUAL(BITS_NONE, MaskNext(0, 0));
    CHECK_EQUAL(BITS_NONE, MaskNext(~(uint64_t)0, 64));
    CHECK(!MaskHas(~(uint64_t)0, 64));
}

static void TellsWhetherAMaskIsInsideAnother(void)
{
    CHECK(MaskInside(0, 0));
    CHECK(MaskInside(0x5, 0x7));
    CHECK(!MaskInside(0x8, 0x7));
    CHECK(!MaskInside((uint64_t)1 << 63, 0x7FFFFFFFFFFFFFFFu));
}

const TEST BitsTests[] = {
    { "bits.findsTheHighestAndLowestBit", FindsTheHighestAndLowestBit },
    { "bits.knowsPowersOfTwo", KnowsPowersOfTwo },
    { "bits.walksEveryProcessorOfAMask", WalksEveryProcessorOfAMask },
    { "bits.tellsWhetherAMaskIsInsideAnother", TellsWhetherAMaskIsInsideAnother },
    TESTS_END
};

static void GivesSixteenIdsAndRefusesTheSeventeenth(void)
{
    IDENTITIES Identities;
    uint32_t Place;
    uint32_t Ids[IRQSCOPE_MAXIMUM_CONNECTIONS];
    uint32_t Id = 0x1234;

    IdentityStart(&Identities);
    for (uint32_t Each = 0; Each < IRQSCOPE_MAXIMUM_CONNECTIONS; Each++) {
        CHECK_EQUAL(IRQSCOPE_STATUS_SUCCESS, IdentityTake(&Identities, &Place, &Ids[Each]));
        CHECK_EQUAL(Each, Place);
        CHECK(Ids[Each] != 0);
    }
    CHECK_EQUAL(IRQSCOPE_STATUS_QUOTA_EXCEEDED, IdentityTake(&Identities, &Place, &Id));
    for (uint32_t Each = 0; Each < IRQSCOPE_MAXIMUM_CONNECTIONS; Each++) {
        CHECK_EQUAL(Each, IdentityFind(&Identities, Ids[Each]));
    }
    IdentityGive(&Identities, Ids[7]);
    CHECK_EQUAL(IDENTITY_NONE, IdentityFind(&Identities, Ids[7]));
    CHECK_EQUAL(IRQSCOPE_STATUS_SUCCESS, IdentityTake(&Identities, &Place, &Id));
    CHECK_EQUAL(7, Place);
    CHECK(Id != Ids[7]);
}

static void KnowsNoIdThatItDidNotGive(void)
{
    IDENTITIES Identities;
    uint32_t Place;
    uint32_t Id;

    IdentityStart(&Identities);
    CHECK_EQUAL(IDENTITY_NONE, IdentityFind(&Identities, 0));
    CHECK_EQUAL(IDENTITY_NONE, IdentityFind(&Identities, 0x10));
    CHECK_EQUAL(IRQSCOPE_STATUS_SUCCESS, IdentityTake(&Identities, &Place, &Id));
    for (uint32_t Bit = 0; Bit < 32; Bit++) {
        CHECK_EQUAL(IDENTITY_NONE, IdentityFind(&Identities, Id ^ (1u << Bit)));
    }
    CHECK_EQUAL(IDENTITY_NONE, IdentityFind(&Identities, 0));
    CHECK_EQUAL(IDENTITY_NONE, IdentityFind(&Identities, 0xFFFFFFFFu));
    IdentityGive(&Identities, Id ^ 1u);
    CHECK_EQUAL(Place, IdentityFind(&Identities, Id));
    IdentityGive(&Identities, Id);
    IdentityGive(&Identities, Id);
    CHECK_EQUAL(IDENTITY_NONE, IdentityFind(&Identities, Id));
}

static void NeverGivesZeroWhenGenerationsWrap(void)
{
    IDENTITIES Identities;
    uint32_t Place;
    uint32_t Id;
    uint32_t Last = 0;

    IdentityStart(&Identities);
    Identities.Generation = 0x0FFFFFFD;
    for (int Round = 0; Round < 8; Round++) {
        CHECK_EQUAL(IRQSCOPE_STATUS_SUCCESS, IdentityTake(&Identities, &Place, &Id));
        CHECK(Id != 0);
        CHECK(Id != Last);
        Last = Id;
        IdentityGive(&Identities, Id);
    }
}

const TEST IdentityTests[] = {
    { "identity.givesSixteenIdsAndRefusesTheSeventeenth", GivesSixteenIdsAndRefusesTheSeventeenth },
    { "identity.knowsNoIdThatItDidNotGive", KnowsNoIdThatItDidNotGive },
    { "identity.neverGivesZeroWhenGenerationsWrap", NeverGivesZeroWhenGenerationsWrap },
    TESTS_END
};

static void HoldsExactlyTheMaximum(void)
{
    BUDGET Budget = { 0 };

    CHECK_EQUAL(IRQSCOPE_STATUS_QUOTA_EXCEEDED, BudgetTake(&Budget, (uint64_t)IRQSCOPE_MAXIMUM_MEMORY + 1));
    CHECK_EQUAL(IRQSCOPE_STATUS_SUCCESS, BudgetTake(&Budget, IRQSCOPE_MAXIMUM_MEMORY - 1));
    CHECK_EQUAL(IRQSCOPE_STATUS_QUOTA_EXCEEDED, BudgetTake(&Budget, 2));
    CHECK_EQUAL(IRQSCOPE_STATUS_SUCCESS, BudgetTake(&Budget, 1));
    CHECK_EQUAL(IRQSCOPE_STATUS_QUOTA_EXCEEDED, BudgetTake(&Budget, 1));
    CHECK_EQUAL(IRQSCOPE_STATUS_QUOTA_EXCEEDED, BudgetTake(&Budget, ~(uint64_t)0));
    BudgetGive(&Budget, IRQSCOPE_MAXIMUM_MEMORY);
    CHECK_EQUAL(0, Budget.Used);
}

static void CountsWhatAnIsrSays(void)
{
    IRQSCOPE_COUNTERS Counters;

    CountersReset(&Counters, 3);
    CountersRecord(&Counters, 10, 0, 0);
    CHECK_EQUAL(0, Counters.FirstTime);
    CountersRecord(&Counters, 20, 1, 0);
    CountersRecord(&Counters, 30, 1, 1);
    CountersRecord(&Counters, 40, 0, 1);
    CHECK_EQUAL(3, Counters.Target);
    CHECK_EQUAL(2, Counters.Claimed);
    CHECK_EQUAL(2, Counters.NotClaimed);
    CHECK_EQUAL(2, Counters.Stray);
    CHECK_EQUAL(20, Counters.FirstTime);
    CHECK_EQUAL(30, Counters.LastTime);
    CountersReset(&Counters, 3);
    CHECK_EQUAL(0, Counters.Claimed + Counters.NotClaimed + Counters.Stray + Counters.FirstTime + Counters.LastTime);
}

static void AnswersForAKernelWithoutTheRoutine(void)
{
    IRQSCOPE_AFFINITY_REPLY Reply = { .Status = 1, .Group = 7, .Reserved = { 1, 2, 3 }, .Vector = 9 };

    AffinityCompatible(0xF0, &Reply);
    CHECK_EQUAL(0, Reply.Status);
    CHECK_EQUAL(IRQSCOPE_GRANTED_BY_COMPATIBILITY, Reply.GrantedBy);
    CHECK_EQUAL(0xF0, Reply.Mask);
    CHECK_EQUAL(0, Reply.Group);
    CHECK_EQUAL(0, Reply.Reserved[0] | Reply.Reserved[1] | Reply.Reserved[2]);
    CHECK_EQUAL(9, Reply.Vector);
}

const TEST BudgetTests[] = {
    { "budget.holdsExactlyTheMaximum", HoldsExactlyTheMaximum },
    { "counters.countsWhatAnIsrSays", CountsWhatAnIsrSays },
    { "affinity.answersForAKernelWithoutTheRoutine", AnswersForAKernelWithoutTheRoutine },
    TESTS_END
};

static void WaitsForFillOrForTheOldestEvent(void)
{
    CHECK_EQUAL(DUE_NEVER, DueAfter(0, 0, 0, 0, 1000));
    CHECK_EQUAL(DUE_NEVER, DueAfter(64, 100, 0, 0, 1000));
    CHECK_EQUAL(DUE_NOW, DueAfter(0, 100, 48, 1000, 1000));
    CHECK_EQUAL(DUE_NOW, DueAfter(64, 0, 48, 1000, 1000));
    CHECK_EQUAL(DUE_NOW, DueAfter(64, 100, 64, 1000, 1000));
    CHECK_EQUAL(100, DueAfter(64, 100, 63, 1000, 1000));
    CHECK_EQUAL(1, DueAfter(64, 100, 63, 1000, 1099));
    CHECK_EQUAL(DUE_NOW, DueAfter(64, 100, 63, 1000, 1100));
    CHECK_EQUAL(100, DueAfter(64, 100, 63, 1000, 999));
}

const TEST DueTests[] = {
    { "due.waitsForFillOrForTheOldestEvent", WaitsForFillOrForTheOldestEvent },
    TESTS_END
};
