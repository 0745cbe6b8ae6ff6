/*
 * A machine under a test: no kernel above it, only what platform.h asks for.
 *
 * CHECK_STOPS runs a statement that has to break a rule. The machine is dead then, so it is deleted where it stands;
 * a test that goes on begins a new one.
 */
#ifndef MACHINE_FIXTURE_H
#define MACHINE_FIXTURE_H

#include <setjmp.h>

#include "check.h"
#include "machine.h"
#include "platform.h"

extern jmp_buf FixtureStop;
extern int FixtureExpectsStop;

/* The current machine. Begin enters it on its first processor; it may be called again after End or CHECK_STOPS. */
MACHINE *Begin(const char *Layout, const char *Profile, MACHINE_MODE Mode);
MACHINE *BeginSeeded(const char *Layout, const char *Profile, MACHINE_MODE Mode, ULONGLONG Seed);
MACHINE *BeginFile(const char *Text);                   /* a machine file; server2022, observed */

/* Leaves it, checks the rest state, deletes it and checks that all of its memory came back. */
void End(void);

void FixtureCheckStop(const char *Routine, const char *Text);
const char *FixtureLog(void);                           /* the last line that was logged, "" when there was none */
void FixtureArm(const char *Fault);                     /* the words after "fault" */

#define CHECK_STOPS(Routine, Text, ...)                                         \
    do {                                                                        \
        FixtureExpectsStop = 1;                                                 \
        if (setjmp(FixtureStop) == 0) {                                         \
            __VA_ARGS__;                                                        \
            CHECK_FAIL("no rule was broken by: %s", #__VA_ARGS__);              \
        }                                                                       \
        FixtureExpectsStop = 0;                                                 \
        FixtureCheckStop(Routine, Text);                                        \
    } while (0)

/* A driver's ISR that keeps what it saw. */
typedef struct WITNESS {
    ULONG Calls;
    BOOLEAN Claims;
    PKINTERRUPT Argument;
    PROCESSOR *Processor;
    KIRQL Irql;
    ULONG MessageId;
    void (*Act)(struct WITNESS *Witness);               /* what it does besides */
    PVOID Extra;
    ULONG Order;                                        /* a count over all witnesses: who came when */
    VECTOR *Lowers;                                     /* the line its device takes back when it is acknowledged */
    ULONG On[MACHINE_MAXIMUM_PROCESSORS];               /* calls by processor index */
} WITNESS;

BOOLEAN NTAPI WitnessRoutine(PKINTERRUPT Interrupt, PVOID Context);
BOOLEAN NTAPI WitnessMessage(PKINTERRUPT Interrupt, PVOID Context, ULONG MessageId);

/* IoConnectInterrupt with everything right for that vector; a test changes one thing. */
typedef struct LEGACY {
    PKSERVICE_ROUTINE Routine;
    PVOID Context;
    PKSPIN_LOCK Lock;
    ULONG Vector;
    KIRQL Irql;
    KIRQL SynchronizeIrql;
    KINTERRUPT_MODE Mode;
    BOOLEAN Shared;
    KAFFINITY Mask;
} LEGACY;

LEGACY LegacyFor(VECTOR *Vector, KAFFINITY Mask, WITNESS *Witness);
NTSTATUS LegacyConnect(const LEGACY *Legacy, PKINTERRUPT *Object);

/* A PDO with the interrupts that the device was assigned as its requirements say. */
PDEVICE_OBJECT FixturePdo(const char *Device);
PDEVICE_OBJECT FixturePdoWith(const char *Device, ULONG Policy, USHORT Group, KAFFINITY Mask);
const ASSIGNED_INTERRUPT *FixtureAssigned(const char *Device, ULONG Index);
ULONG FixtureAssignedCount(const char *Device);

/* IoConnectInterruptEx with everything right for an assigned interrupt. */
IO_CONNECT_INTERRUPT_PARAMETERS FullFor(PDEVICE_OBJECT Pdo, const ASSIGNED_INTERRUPT *Assigned, PKINTERRUPT *Object,
                                        WITNESS *Witness);
IO_CONNECT_INTERRUPT_PARAMETERS LineFor(PDEVICE_OBJECT Pdo, PKINTERRUPT *Object, WITNESS *Witness);
IO_CONNECT_INTERRUPT_PARAMETERS MessageFor(PDEVICE_OBJECT Pdo, PVOID *Context, WITNESS *Witness);
void DisconnectEx(ULONG Version, PVOID Context);

#endif
