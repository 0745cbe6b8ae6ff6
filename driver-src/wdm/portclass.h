/*
 * The way `portcls`, in the flavour of the driver that has it. A flavour is a choice at link time: connect_portcls.c,
 * which imports portcls.sys, or connect_portcls_absent.c, which says that the way is not there.
 */
#ifndef PORTCLASS_H
#define PORTCLASS_H

#include "driver.h"

_IRQL_requires_(PASSIVE_LEVEL)
_IRQL_requires_same_
_Requires_lock_held_(Device->Gate)
_Must_inspect_result_
typedef NTSTATUS PORTCLASS_START(_Inout_ IRQSCOPE_DEVICE *Device, _In_opt_ PCM_RESOURCE_LIST Raw,
                                 _In_opt_ PCM_RESOURCE_LIST Translated);
_IRQL_requires_(PASSIVE_LEVEL)
_IRQL_requires_same_
_Requires_lock_held_(Device->Gate)
typedef VOID PORTCLASS_STOP(_Inout_ IRQSCOPE_DEVICE *Device);

typedef struct PORTCLASS {
    ULONG Ability;            /* IRQSCOPE_ABILITY_PORTCLS; 0: none of the routines is there, and none is called */
    PORTCLASS_START *Start;
    PORTCLASS_STOP *Stop;     /* also when Start failed or was not called; nothing is connected */
    CONNECT_WAY *Connect;
    DISCONNECT_WAY *Disconnect;
} PORTCLASS;

extern const PORTCLASS Portclass;

#endif
