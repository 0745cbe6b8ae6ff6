/*
 * The driver over the whole simulated kernel, seen from below: what it says to the kernel and to its device's registers, in
 * which order. The linker leads those calls through driver_fixture.c (--wrap), which writes them into a trace and lets a
 * test act in the middle of one.
 */
#ifndef DRIVER_FIXTURE_H
#define DRIVER_FIXTURE_H

#include <wdm.h>

#include <irqscope_contract.h>

#include "check.h"
#include "device.h"
#include "host.h"

extern uint64_t Machine;

/* What a test does when the driver comes by; NULL: nothing. Called before the call itself is made. */
typedef struct HOOKS {
    void (*RegisterWrite)(DEVICE *Device, ULONG Offset, ULONG Value);
    void (*ConfigWrite)(DEVICE *Device, ULONG Offset, ULONG Value);
    void (*QueueDpc)(PKDPC Dpc);
    void (*Complete)(PIRP Irp);
    void (*NewList)(const CM_RESOURCE_LIST *Translated, const CM_RESOURCE_LIST *Raw);
    void (*NewSync)(void);
} HOOKS;

extern HOOKS Hooks;

/* Layout: a preset, or the text of a machine file. */
void Begin(const char *Layout);
void End(void);                                     /* the machine must be at rest */
const char *Say(const char *Format, ...);           /* a control word that succeeds; its answer */

SIM_HANDLE Open(const char *Device);                /* overlapped, the version agreed */

/* A request; the NTSTATUS of its IRP. */
uint32_t Ask(SIM_HANDLE File, uint32_t Code, const void *In, uint32_t InSize, void *Out, uint32_t OutSize);

/* A connect that succeeds; its id. */
uint32_t Connect(SIM_HANDLE File, IRQSCOPE_CONNECT_REQUEST Request);
void Disconnect(SIM_HANDLE File, uint32_t Connection);

/* Count triggers, one outstanding at a time or all at once; they must all be sent. */
void Trigger(SIM_HANDLE File, uint32_t Connection, uint32_t Target, uint32_t Count, int Paced);
void Mask(SIM_HANDLE File, uint32_t Masked);

/* What was called since the last time, names parted by blanks; a name that comes several times in a row is written once. The
 * first of them all starts the trace, the second gives it and ends it. */
void TraceStart(void);
const char *TraceTake(void);

ULONG Calls(const char *Routine);                   /* how often since TraceStart, also those written once */

/* Inside a hook. */
MACHINE *MachineNowIn(void);

#endif
