/* The device's life: every arrow from every state, and what may be done there. */
#include "irqscope_contract.h"
#include "state.h"
#include "status.h"
#include "tests.h"

#define LIVES (LIFE_REMOVED + 1)
#define STAYS (-1)   /* succeeds, nothing changes */
#define REFUSED (-2) /* INVALID_DEVICE_STATE, nothing changes */

typedef uint32_t ARROW(DEVICE_LIFE_STATE *State);

static const struct {
    ARROW *Take;
    /* From Added, Started, StopPending, Stopped, RemovePending (before it: Started), SurpriseRemoved, Removed. */
    int To[LIVES];
} Arrows[] = {
    { StateStart, { LIFE_STARTED, LIFE_STARTED, REFUSED, LIFE_STARTED, REFUSED, REFUSED, REFUSED } },
    { StateQueryStop, { REFUSED, LIFE_STOP_PENDING, REFUSED, REFUSED, REFUSED, REFUSED, REFUSED } },
    { StateCancelStop, { STAYS, STAYS, LIFE_STARTED, STAYS, STAYS, STAYS, STAYS } },
    { StateStop, { REFUSED, LIFE_STOPPED, LIFE_STOPPED, REFUSED, REFUSED, REFUSED, REFUSED } },
    { StateQueryRemove,
      { LIFE_REMOVE_PENDING, LIFE_REMOVE_PENDING, REFUSED, LIFE_REMOVE_PENDING, REFUSED, REFUSED, REFUSED } },
    { StateCancelRemove, { STAYS, STAYS, STAYS, STAYS, LIFE_STARTED, STAYS, STAYS } },
    { StateSurpriseRemove,
      { LIFE_SURPRISE_REMOVED, LIFE_SURPRISE_REMOVED, LIFE_SURPRISE_REMOVED, LIFE_SURPRISE_REMOVED,
        LIFE_SURPRISE_REMOVED, STAYS, REFUSED } },
    { StateRemove,
      { LIFE_REMOVED, LIFE_REMOVED, LIFE_REMOVED, LIFE_REMOVED, LIFE_REMOVED, LIFE_REMOVED, REFUSED } },
};

static DEVICE_LIFE_STATE In(DEVICE_LIFE Life)
{
    return (DEVICE_LIFE_STATE){ .Life = Life, .Before = LIFE_STARTED, .Powered = 1, .Starts = 1 };
}

static void TakesEachArrowOnlyWhereTheDiagramHasIt(void)
{
    for (unsigned Arrow = 0; Arrow < sizeof(Arrows) / sizeof(Arrows[0]); Arrow++) {
        for (int From = LIFE_ADDED; From < LIVES; From++) {
            DEVICE_LIFE_STATE State = In((DEVICE_LIFE)From);
            int To = Arrows[Arrow].To[From];

            CHECK_EQUAL(To == REFUSED ? 0xC0000184u : 0, Arrows[Arrow].Take(&State));
            CHECK_EQUAL((uint64_t)(To < 0 ? From : To), (uint64_t)State.Life);
            CHECK_EQUAL(Arrows[Arrow].Take == StateStart && To >= 0 ? 2 : 1, State.Starts);
        }
    }
}

static void ACancelledRemovalLeadsBackToWhereItBegan(void)
{
    static const DEVICE_LIFE From[] = { LIFE_ADDED, LIFE_STARTED, LIFE_STOPPED };

    for (unsigned Each = 0; Each < 3; Each++) {
        DEVICE_LIFE_STATE State = In(From[Each]);

        State.Before = LIFE_SURPRISE_REMOVED;
        CHECK_EQUAL(0, StateQueryRemove(&State));
        CHECK_EQUAL(0, StateCancelRemove(&State));
        CHECK_EQUAL(From[Each], State.Life);
    }
}

static void ConnectsAndTriggersOnlyWhenStartedAndInD0(void)
{
    static const uint32_t Wanted[LIVES] = { 0xC00000A3u, 0, 0xC00000A3u, 0xC00000A3u,
                                            0xC00000A3u, 0xC0000056u, 0xC0000056u };

    for (int Life = LIFE_ADDED; Life < LIVES; Life++) {
        DEVICE_LIFE_STATE State = In((DEVICE_LIFE)Life);

        CHECK_EQUAL(Wanted[Life], StateMayConnect(&State));
        CHECK_EQUAL(Wanted[Life], StateMayTrigger(&State));
        StatePowerDown(&State);
        CHECK_EQUAL(Life >= LIFE_SURPRISE_REMOVED ? 0xC0000056u : 0xC00000A3u, StateMayConnect(&State));
        CHECK_EQUAL(StateMayConnect(&State), StateMayTrigger(&State));
        StatePowerUp(&State);
        CHECK_EQUAL(Wanted[Life], StateMayConnect(&State));
    }
}

static void AnswersQueriesUntilItIsGone(void)
{
    for (int Life = LIFE_ADDED; Life < LIVES; Life++) {
        DEVICE_LIFE_STATE State = In((DEVICE_LIFE)Life);

        CHECK_EQUAL(Life >= LIFE_SURPRISE_REMOVED ? 0xC0000056u : 0, StateMayQuery(&State));
    }
}

static void TellsOfHardwareOnlyWhereThereIsSome(void)
{
    static const int Hardware[LIVES] = { 0, 1, 1, 0, 1, 0, 0 };
    DEVICE_LIFE_STATE State;

    for (int Life = LIFE_ADDED; Life < LIVES; Life++) {
        State = In((DEVICE_LIFE)Life);
        CHECK_EQUAL(Hardware[Life] ? IRQSCOPE_DEVICE_STARTED | IRQSCOPE_DEVICE_POWERED : 0, StateFlags(&State));
        StatePowerDown(&State);
        CHECK_EQUAL(Hardware[Life] ? IRQSCOPE_DEVICE_STARTED : 0, StateFlags(&State));
    }
    State = In(LIFE_STOPPED);
    CHECK_EQUAL(0, StateQueryRemove(&State));
    CHECK_EQUAL(0, StateFlags(&State)); /* pending, but stopped before */
}

static void BeginsAddedAndWithoutPower(void)
{
    DEVICE_LIFE_STATE State;

    StateAdd(&State);
    CHECK_EQUAL(LIFE_ADDED, State.Life);
    CHECK_EQUAL(0, State.Powered);
    CHECK_EQUAL(0, State.Starts);
    CHECK_EQUAL(0, StateFlags(&State));
    CHECK_EQUAL(0xC00000A3u, StateMayConnect(&State));
    CHECK_EQUAL(0, StateStart(&State));
    CHECK_EQUAL(0, StateMayConnect(&State));
    CHECK_EQUAL(1, State.Starts);
}

static void StartsInD0AfterAStopBelowIt(void)
{
    DEVICE_LIFE_STATE State = In(LIFE_STARTED);

    StatePowerDown(&State);
    CHECK_EQUAL(0, StateQueryStop(&State));
    CHECK_EQUAL(0, StateStop(&State));
    CHECK_EQUAL(0, StateStart(&State));
    CHECK_EQUAL(0, StateMayTrigger(&State));
}

const TEST StateTests[] = {
    { "state.takesEachArrowOnlyWhereTheDiagramHasIt", TakesEachArrowOnlyWhereTheDiagramHasIt },
    { "state.aCancelledRemovalLeadsBackToWhereItBegan", ACancelledRemovalLeadsBackToWhereItBegan },
    { "state.connectsAndTriggersOnlyWhenStartedAndInD0", ConnectsAndTriggersOnlyWhenStartedAndInD0 },
    { "state.answersQueriesUntilItIsGone", AnswersQueriesUntilItIsGone },
    { "state.touchesRegistersOnlyWhereThereAreSome", TellsOfHardwareOnlyWhereThereIsSome },
    { "state.beginsAddedAndWithoutPower", BeginsAddedAndWithoutPower },
    { "state.startsInD0AfterAStopBelowIt", StartsInD0AfterAStopBelowIt },
    TESTS_END
};
