#include "state.h"

#include "irqscope_contract.h"
#include "status.h"

void StateAdd(DEVICE_LIFE_STATE *State)
{
    State->Life = LIFE_ADDED;
    State->Before = LIFE_ADDED;
    State->Powered = 0;
    State->Starts = 0;
}

static uint32_t Go(DEVICE_LIFE_STATE *State, int Allowed, DEVICE_LIFE To)
{
    if (!Allowed) {
        return IRQSCOPE_STATUS_INVALID_DEVICE_STATE;
    }
    State->Life = To;
    return IRQSCOPE_STATUS_SUCCESS;
}

static uint32_t GoBack(DEVICE_LIFE_STATE *State, DEVICE_LIFE Pending, DEVICE_LIFE To)
{
    if (State->Life == Pending) {
        State->Life = To;
    }
    return IRQSCOPE_STATUS_SUCCESS;
}

uint32_t StateStart(DEVICE_LIFE_STATE *State)
{
    int Allowed = State->Life == LIFE_ADDED || State->Life == LIFE_STARTED || State->Life == LIFE_STOPPED;

    if (Allowed) {
        State->Powered = 1;
        State->Starts++;
    }
    return Go(State, Allowed, LIFE_STARTED);
}

uint32_t StateQueryStop(DEVICE_LIFE_STATE *State)
{
    return Go(State, State->Life == LIFE_STARTED, LIFE_STOP_PENDING);
}

uint32_t StateCancelStop(DEVICE_LIFE_STATE *State)
{
    return GoBack(State, LIFE_STOP_PENDING, LIFE_STARTED);
}

uint32_t StateStop(DEVICE_LIFE_STATE *State)
{
    /* Windows asks before it stops; a kernel that does not is obeyed, too. */
    return Go(State, State->Life == LIFE_STOP_PENDING || State->Life == LIFE_STARTED, LIFE_STOPPED);
}

uint32_t StateQueryRemove(DEVICE_LIFE_STATE *State)
{
    int Allowed = State->Life == LIFE_ADDED || State->Life == LIFE_STARTED || State->Life == LIFE_STOPPED;

    if (Allowed) {
        State->Before = State->Life;
    }
    return Go(State, Allowed, LIFE_REMOVE_PENDING);
}

uint32_t StateCancelRemove(DEVICE_LIFE_STATE *State)
{
    return GoBack(State, LIFE_REMOVE_PENDING, State->Before);
}

uint32_t StateSurpriseRemove(DEVICE_LIFE_STATE *State)
{
    return Go(State, State->Life != LIFE_REMOVED, LIFE_SURPRISE_REMOVED);
}

uint32_t StateRemove(DEVICE_LIFE_STATE *State)
{
    return Go(State, State->Life != LIFE_REMOVED, LIFE_REMOVED);
}

void StatePowerDown(DEVICE_LIFE_STATE *State)
{
    State->Powered = 0;
}

void StatePowerUp(DEVICE_LIFE_STATE *State)
{
    State->Powered = 1;
}

static int IsGone(const DEVICE_LIFE_STATE *State)
{
    return State->Life == LIFE_SURPRISE_REMOVED || State->Life == LIFE_REMOVED;
}

uint32_t StateMayQuery(const DEVICE_LIFE_STATE *State)
{
    return IsGone(State) ? IRQSCOPE_STATUS_DELETE_PENDING : IRQSCOPE_STATUS_SUCCESS;
}

uint32_t StateMayConnect(const DEVICE_LIFE_STATE *State)
{
    if (IsGone(State)) {
        return IRQSCOPE_STATUS_DELETE_PENDING;
    }
    return State->Life == LIFE_STARTED && State->Powered ? IRQSCOPE_STATUS_SUCCESS : IRQSCOPE_STATUS_DEVICE_NOT_READY;
}

uint32_t StateMayTrigger(const DEVICE_LIFE_STATE *State)
{
    return StateMayConnect(State);
}

static int HasHardware(const DEVICE_LIFE_STATE *State)
{
    DEVICE_LIFE Life = State->Life == LIFE_REMOVE_PENDING ? State->Before : State->Life;

    return Life == LIFE_STARTED || Life == LIFE_STOP_PENDING;
}

uint32_t StateFlags(const DEVICE_LIFE_STATE *State)
{
    if (!HasHardware(State)) {
        return 0;
    }
    return IRQSCOPE_DEVICE_STARTED | (State->Powered ? IRQSCOPE_DEVICE_POWERED : 0);
}
