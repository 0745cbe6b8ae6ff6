/*
 * The way `portcls`, in the flavour of the driver that has it. A flavour is a choice at link time: connect_portcls.c,
 * which imports portcls.sys, or connect_portcls_absent.c, which says that the way is not there.
 */
#ifndef PORTCLASS_H
#define PORTCLASS_H

#include "driver.h"

typedef struct PORTCLASS {
    ULONG Ability;            /* IRQSCOPE_ABILITY_PORTCLS; 0: none of the routines is there, and none is called */
    NTSTATUS (*Start)(IRQSCOPE_DEVICE *Device, PCM_RESOURCE_LIST Raw, PCM_RESOURCE_LIST Translated);
    VOID (*Stop)(IRQSCOPE_DEVICE *Device); /* also when Start failed or was not called; nothing is connected */
    CONNECT_WAY *Connect;
    DISCONNECT_WAY *Disconnect;
} PORTCLASS;

extern const PORTCLASS Portclass;

#endif
