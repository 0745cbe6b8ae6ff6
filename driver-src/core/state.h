/*
 * What the PnP manager and the power manager have said to one device. Pure: the shell calls one function for each IRP
 * and asks what it may do; all calls are serialised by the shell's lock.
 *
 *   Added --Start--> Started --QueryStop--> StopPending --Stop--> Stopped --Start--> Started
 *                    Started --Start--> Started          again, no Stop between: a reconfiguration
 *                    Started --Stop--> Stopped           without a query
 *                    StopPending --CancelStop--> Started
 *   Added, Started, Stopped --QueryRemove--> RemovePending --CancelRemove--> (back to the one before)
 *   any but Removed --SurpriseRemove--> SurpriseRemoved
 *   any --Remove--> Removed
 *
 * Beside it, power: D0 <--PowerUp / PowerDown--> below D0. A device is in D0 when it starts.
 */
#ifndef STATE_H
#define STATE_H

#include <stdint.h>

typedef enum DEVICE_LIFE {
    LIFE_ADDED,
    LIFE_STARTED,
    LIFE_STOP_PENDING,
    LIFE_STOPPED,
    LIFE_REMOVE_PENDING,
    LIFE_SURPRISE_REMOVED,
    LIFE_REMOVED
} DEVICE_LIFE;

typedef struct DEVICE_LIFE_STATE {
    DEVICE_LIFE Life;
    DEVICE_LIFE Before;    /* a pending removal: where its cancel leads back to */
    uint32_t Powered;      /* in D0 */
    uint32_t Starts;       /* since the driver was attached */
} DEVICE_LIFE_STATE;

/* AddDevice. */
void StateAdd(DEVICE_LIFE_STATE *State);

/* Each returns IRQSCOPE_STATUS_SUCCESS, or IRQSCOPE_STATUS_INVALID_DEVICE_STATE for an arrow that does not leave the
 * state that the device is in: then nothing changed. Cancels without a query succeed and change nothing, as the PnP
 * manager sends them to drivers whose neighbour failed the query. */
uint32_t StateStart(DEVICE_LIFE_STATE *State);        /* after START succeeded below and the hardware is ready */
uint32_t StateQueryStop(DEVICE_LIFE_STATE *State);
uint32_t StateCancelStop(DEVICE_LIFE_STATE *State);   /* after it succeeded below */
uint32_t StateStop(DEVICE_LIFE_STATE *State);
uint32_t StateQueryRemove(DEVICE_LIFE_STATE *State);
uint32_t StateCancelRemove(DEVICE_LIFE_STATE *State); /* after it succeeded below */
uint32_t StateSurpriseRemove(DEVICE_LIFE_STATE *State);
uint32_t StateRemove(DEVICE_LIFE_STATE *State);
void StatePowerDown(DEVICE_LIFE_STATE *State);        /* before SET_POWER to a state below D0 goes down */
void StatePowerUp(DEVICE_LIFE_STATE *State);          /* after SET_POWER to D0 came back, registers programmed again */

/* May connections be made and the device be made to interrupt? IRQSCOPE_STATUS_SUCCESS; or DELETE_PENDING once it is
 * (surprise) removed; or DEVICE_NOT_READY while it is not started, about to stop or to be removed, or below D0. */
uint32_t StateMayConnect(const DEVICE_LIFE_STATE *State);
uint32_t StateMayTrigger(const DEVICE_LIFE_STATE *State);

/* May a handle be opened and queries be answered? SUCCESS, or DELETE_PENDING once it is (surprise) removed. */
uint32_t StateMayQuery(const DEVICE_LIFE_STATE *State);

/* IRQSCOPE_DEVICE_STARTED and IRQSCOPE_DEVICE_POWERED, for the resources reply: 0 without hardware. */
uint32_t StateFlags(const DEVICE_LIFE_STATE *State);

#endif
