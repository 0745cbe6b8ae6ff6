/*
 * A whole simulated machine under a test: the kernel, the host's entry points, and a small driver whose every part a
 * test may replace. What the driver is asked by the PnP and power managers is written into a trace.
 *
 * A test that breaks a rule does so in Run(), which executes a routine inside the driver, and then looks at Broke().
 */
#ifndef KERNEL_FIXTURE_H
#define KERNEL_FIXTURE_H

#include <wdm.h>

#include "check.h"
#include "host.h"

#define TAG_TEST 0x74736554             /* "Test" */
#define ONE_DEVICE "group 0-7\ngroup 0-3\ndevice edu messages=1\n"
#define TEST_CODE(Function, Method, Access) CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800 + (Function), (Method), (Access))
#define CODE_BUFFERED TEST_CODE(1, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define CODE_READ TEST_CODE(2, METHOD_BUFFERED, FILE_READ_ACCESS)
#define CODE_WRITE TEST_CODE(3, METHOD_BUFFERED, FILE_WRITE_ACCESS)
#define CODE_OUT_DIRECT TEST_CODE(4, METHOD_OUT_DIRECT, FILE_ANY_ACCESS)
#define CODE_IN_DIRECT TEST_CODE(5, METHOD_IN_DIRECT, FILE_ANY_ACCESS)
#define CODE_NEITHER TEST_CODE(6, METHOD_NEITHER, FILE_ANY_ACCESS)
#define CODE_RUN TEST_CODE(7, METHOD_BUFFERED, FILE_ANY_ACCESS)

/* The driver's device extension. */
typedef struct PROBE_DEVICE {
    PDEVICE_OBJECT Self, Pdo, Lower;
    UNICODE_STRING Link;
    IO_REMOVE_LOCK RemoveLock;
    KEVENT Event;
    KTIMER Timer;
    KDPC Dpc;
    PIRP Pending;
    ULONG Starts;
} PROBE_DEVICE;

/* What a test replaces; NULL: the driver's own. A hook completes or passes on the IRP as a dispatch routine does. */
typedef struct PROBE {
    PDRIVER_DISPATCH Control, Create, Cleanup, Close;
    NTSTATUS (*Pnp)(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken);
    NTSTATUS (*Power)(PDEVICE_OBJECT Device, PIRP Irp, BOOLEAN *Taken);
    NTSTATUS (*Entry)(PDRIVER_OBJECT Driver);
    void (*Added)(PDEVICE_OBJECT Device);
    void (*Unload)(void);
    void (*Body)(PROBE_DEVICE *Device);                     /* what Run() executes */
    BOOLEAN LeavesInitializing, LeavesAttached, LeavesEnabled, FailsAdd, PagesPower;
} PROBE;

extern PROBE Probe;
extern PROBE_DEVICE *ProbeDevice;                           /* the device that was added last */
extern uint64_t Machine;

/* Layout: a preset or the text of a machine file. Hooks that are set before it are in force from DriverEntry on. */
void Begin(const char *Layout, const char *MoreOptions);
BOOLEAN BeginFails(const char *Layout, const char *MoreOptions, const char *Text);  /* TRUE: not made, Text is why */
void End(void);                                             /* deletes the machine, which must be at rest */
void EndWith(const char *Text);                             /* deletes it; the report has this in it */

SIM_HANDLE Open(uint32_t Flags);                            /* the device, for reading and writing */
SIM_HANDLE OpenFor(uint32_t Access, uint32_t Flags);
#define OVERLAPPED_FILE 0x40000000u

/* Runs the routine inside the driver, at PASSIVE_LEVEL in a device control request; the machine must live on. */
void Run(void (*Body)(PROBE_DEVICE *Device));
/* The same, and the machine must stop with a message that begins with Routine and contains Text. */
void Breaks(void (*Body)(PROBE_DEVICE *Device), const char *Routine, const char *Text);
/* The machine has stopped so. */
void Stopped(const char *Routine, const char *Text);

const char *Say(const char *Format, ...);                   /* a control word that succeeds; its answer */
const char *SayFails(const char *Format, ...);

void TraceAdd(const char *Text);
const char *TraceTake(void);                                /* all since the last time: names parted by blanks */

NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information);
NTSTATUS PassDown(PDEVICE_OBJECT Device, PIRP Irp);
extern int LastError(void);

#endif
