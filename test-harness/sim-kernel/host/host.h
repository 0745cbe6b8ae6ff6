/*
 * The host's side of a machine: handles of the process, and how an entry point gets into a machine.
 *
 * An entry point finds what its handle names, goes into the machine with KernelRun (src/kernel.h), and sets the last
 * error. No lock of the host is held while a machine is entered.
 */
#ifndef HOST_H
#define HOST_H

#include "../src/kernel.h"
#include "irqscope_sim.h"
#include "last_error.h"

typedef enum HANDLE_KIND { HANDLE_FILE = 1, HANDLE_EVENT, HANDLE_DEVICE_SET, HANDLE_KEY } HANDLE_KIND;

typedef struct HANDLE_ENTRY {
    HANDLE_KIND Kind;
    KERNEL *Kernel;                     /* referenced; NULL for what belongs to no machine */
    void *Object;
    void (*Delete)(struct HANDLE_ENTRY *Entry);     /* when closed and nobody uses it any more; in no machine */
    ULONG References;
    BOOLEAN Closed;
} HANDLE_ENTRY;

/* A new handle. Takes a reference of its own on Kernel. SIM_INVALID_HANDLE: too many; the last error is set. */
SIM_HANDLE HandleCreate(HANDLE_KIND Kind, KERNEL *Kernel, void *Object, void (*Delete)(HANDLE_ENTRY *Entry));

/* The entry behind an open handle of that kind (0: any), to be given back with HandleRelease. NULL: the last error is
 * ERROR_INVALID_HANDLE. */
HANDLE_ENTRY *HandleFind(SIM_HANDLE Handle, HANDLE_KIND Kind);
void HandleRelease(HANDLE_ENTRY *Entry);

/* Takes the handle out of the table; Delete runs when the last user is through. FALSE as HandleFind. */
BOOLEAN HandleClose(SIM_HANDLE Handle, HANDLE_KIND Kind);

/* Closes every handle of the machine. */
void HandlesCloseAll(KERNEL *Kernel);

/* file.c: the last handle of a file is gone: CLEANUP, and CLOSE once no request is left. */
void FileCleanup(HANDLE_ENTRY *Entry);

/* wait.c: an event as a completion sees it. EventStart resets it and remembers which machine will signal it. */
HANDLE_ENTRY *EventStart(SIM_HANDLE Event, KERNEL *Kernel);
void EventSignal(HANDLE_ENTRY *Entry);

/* Machines by the number that SimulatedMachineCreate returned and by enumerator (SIM1, any case). NULL: there is none.
 * Both return a reference. HostMachineNext walks them: NULL gives the first; it releases the one it is given. */
KERNEL *HostMachine(uint64_t Number);
KERNEL *HostMachineByEnumerator(const uint16_t *Name);
KERNEL *HostMachineNext(KERNEL *Kernel);
void HostMachineRelease(KERNEL *Kernel);

/* KernelRun, and ERROR_IO_DEVICE as the last error when it returns FALSE. */
BOOLEAN HostRun(KERNEL *Kernel, void (*Routine)(void *Context), void *Context);

/* RtlNtStatusToDosError. */
uint32_t HostErrorOfStatus(NTSTATUS Status);

#endif
