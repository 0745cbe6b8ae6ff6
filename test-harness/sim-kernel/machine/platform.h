/*
 * What the interrupt machine needs from whatever it is linked into: the simulated kernel (src/platform.c) or a driver
 * under Wine. Small on purpose.
 */
#ifndef PLATFORM_H
#define PLATFORM_H

#include <wdm.h>

struct MACHINE;

/* The machine that the calling thread is in. One that is in none is a mistake of the caller: stops. */
struct MACHINE *PlatformMachine(void);

/* The same, at the beginning of a kernel routine that a driver called: it is counted. Routine is a literal. */
struct MACHINE *PlatformRoutine(const char *Routine);

/* Zeroed memory that is the simulator's own, not the driver's pool. Never NULL. */
void *PlatformAllocate(size_t Bytes);
void PlatformFree(void *Memory);

/* Ends the run of this machine: a rule was broken. The message names the routine. Does not return: the host call that
 * led here fails, every later one on the machine fails, and the message is kept for the test that asks. */
_Noreturn void PlatformStop(const char *Routine, const char *Format, ...);

/* One line into the machine's log. */
void PlatformLog(const char *Format, ...);

/* An interrupt is about to be connected or disconnected: stops where the kernel above forbids it at this moment. */
void PlatformConnects(const char *Routine);

/* FALSE: memory that the kernel above knows to be pageable, so nothing that an ISR touches may lie there. */
BOOLEAN PlatformIsResident(const void *Memory);

/* Something changed that a thread in a wait may be waiting for. */
void PlatformChanged(void);

/* The cancel routine of an IRP in a cancel-safe queue: comes in as IoCancelIrp calls it, lets the cancel lock go, and
 * calls CsqCancel in the machine. */
VOID NTAPI PlatformCancelRoutine(PDEVICE_OBJECT Device, PIRP Irp);

/* Formats %s %u %x %llu %llx %c (and widths like %08x) without a C library. Returns what it would have written. */
int PlatformFormat(char *Buffer, size_t Size, const char *Format, ...);

#endif
