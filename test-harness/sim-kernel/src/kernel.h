/*
 * One simulated NT kernel: what its parts (platform, ke, ex, mm, io, iopnp, po) keep for one machine, and the calls
 * among them. Everything is called with the machine's lock held unless it says so.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdarg.h>
#include <wdm.h>

#include "../host/threads.h"
#include "../machine/machine.h"
#include "../machine/platform.h"
#include "../pnp/control.h"
#include "cm.h"

typedef struct IRP_STATE IRP_STATE;
typedef struct POOL_BLOCK POOL_BLOCK;
typedef struct REMOVE_LOCK_STATE REMOVE_LOCK_STATE;
typedef struct WORKER WORKER;

#define KERNEL_TEXT 512

/* ---- platform.c: who holds the machine, and how it ends ---------------------------------------------------------- */

/* The machine's driver: DriverEntry of the driver that is linked in, or of a test. */
extern NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath);

KERNEL *KernelCurrent(void);                            /* of the calling thread; none: ends the process */

/* Enters the machine from outside, runs the routine on its first processor at PASSIVE_LEVEL, lets everything that
 * is due now run, and leaves. FALSE: the machine had stopped before, or did now. The calling thread must not be in
 * a machine. */
BOOLEAN KernelRun(KERNEL *Kernel, void (*Routine)(void *Context), void *Context);

/* The same without a processor: for what reads or sets state and runs no driver code. Works on a stopped machine,
 * too. */
void KernelLook(KERNEL *Kernel, void (*Routine)(void *Context), void *Context);

BOOLEAN KernelRunHeld(KERNEL *Kernel, void (*Routine)(void *Context), void *Context);  /* has the monitor */
BOOLEAN KernelStopped(const KERNEL *Kernel);            /* needs no lock */
void ArenaDelete(KERNEL *Kernel);                       /* last of all */

/* Gives the machine away until something may have changed. In between other threads run in it. */
void KernelYield(KERNEL *Kernel, const char *Routine, ULONG Milliseconds);

/* Something changed that a thread in a wait may be waiting for. */
void KernelChanged(KERNEL *Kernel);

/* Memory that dies with the machine: an address range is going away; whoever keeps state for things inside looks. */
void KernelForget(KERNEL *Kernel, const void *Start, SIZE_T Size, const char *Routine);

/* Counted per routine name for the control word `calls`; the checks of nearly every routine begin with it. */
KERNEL *KernelEnter(const char *Routine, KIRQL Highest);

/* ---- kernel.c: creation and end ---------------------------------------------------------------------------------- */

typedef struct KERNEL_OPTIONS {
    const MACHINE_LAYOUT *Layout;
    const PROFILE *Profile;
    MACHINE_MODE Mode;
    ULONGLONG Seed;
    BOOLEAN RealTime;
    const char *State;                  /* the registry's folder, or NULL */
    ULONG Number;                       /* SIM1, SIM2 ... */
    PDRIVER_INITIALIZE DriverEntry;
} KERNEL_OPTIONS;

/* Makes the machine, loads the driver, starts every device. NULL: Error says why. */
KERNEL *KernelCreate(const KERNEL_OPTIONS *Options, char *Error, size_t ErrorSize);

/* Removes every device, unloads the driver, looks at the rest state. FALSE: Report says what was not at rest. */
BOOLEAN KernelShutdown(KERNEL *Kernel, char *Report, size_t ReportSize);
void KernelDelete(KERNEL *Kernel);                      /* the memory; after KernelShutdown */

/* One line of words; the words of PnP, power and the host, then the machine's own. */
BOOLEAN KernelControl(KERNEL *Kernel, const char *Words, char *Answer, size_t AnswerSize);

/* ---- ke.c -------------------------------------------------------------------------------------------------------- */

/* Waits in the kernel. Ready is asked again and again until TRUE or the time is up (FALSE). Time moves while nothing
 * else can run. Nanoseconds: UINT64_MAX waits for ever. What: for the message when nothing can ever make it true;
 * NULL: a host waits, who may wait for ever. */
BOOLEAN KernelWait(KERNEL *Kernel, const char *Routine, BOOLEAN (*Ready)(void *Context), void *Context,
                   ULONGLONG Nanoseconds, const char *What);
PKTHREAD KernelThread(void);
void CriticalRegionsCheck(const char *Routine);           /* stops when the thread is still in one */
BOOLEAN WaitersSawAll(const KERNEL *Kernel);            /* none that waits in the driver has something new */
void HeaderInitialize(PDISPATCHER_HEADER Header, UCHAR Type, SIZE_T Size, LONG State);
void HeaderCheck(const DISPATCHER_HEADER *Header, const char *Routine);    /* stops when it is none */

/* ---- work.c: work items run on threads of their own -------------------------------------------------------------- */

void WorkSettle(KERNEL *Kernel);                        /* runs until no worker can go on; a host call ends so */
void WorkLend(KERNEL *Kernel);                          /* wakes or makes a worker when there is work for one */
void WorkQueue(KERNEL *Kernel, PDEVICE_OBJECT Device, PIO_WORKITEM_ROUTINE Routine, PVOID Context);
BOOLEAN WorkReady(const KERNEL *Kernel);
void WorkersEnd(KERNEL *Kernel);                        /* not in the machine */
BOOLEAN WorkAtRest(KERNEL *Kernel, char *Answer, size_t AnswerSize);

WCHAR TextUpper(WCHAR Letter);                          /* rtl.c */

/* ---- ex.c -------------------------------------------------------------------------------------------------------- */

PVOID PoolAllocate(KERNEL *Kernel, SIZE_T Size, ULONG Tag, const char *Routine);   /* the kernel's own, never fails */
void PoolFree(KERNEL *Kernel, PVOID Memory);            /* whatever its tag */
void PoolDelete(KERNEL *Kernel);
BOOLEAN PoolAtRest(KERNEL *Kernel, char *Answer, size_t AnswerSize);
PVOID ExAllocatePool2Here(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag);
PVOID ExAllocatePool3Here(POOL_FLAGS Flags, SIZE_T NumberOfBytes, ULONG Tag, const VOID *Parameters, ULONG Count);

/* ---- mm.c: a user's buffer, locked and described for the time of a request --------------------------------------- */

PMDL MdlLockUser(PVOID Address, ULONG Length, BOOLEAN Written);
void MdlUnlockUser(PMDL Mdl);

/* ---- io.c, irp.c, file.c ----------------------------------------------------------------------------------------- */

typedef void IRP_FINISH(KERNEL *Kernel, PIRP Irp, PVOID Context);   /* the IRP came back to the top; frees it */

PIRP IrpCreate(KERNEL *Kernel, CCHAR StackSize, IRP_FINISH *Finish, PVOID Context, const char *What);
void IrpDelete(KERNEL *Kernel, PIRP Irp);
BOOLEAN IrpsAtRest(KERNEL *Kernel, char *Answer, size_t AnswerSize);

/* Sends an IRP that IrpCreate made and waits for it; returns its status block. Stack: filled in by the caller. */
NTSTATUS IrpSend(KERNEL *Kernel, PDEVICE_OBJECT Device, const IO_STACK_LOCATION *Stack, NTSTATUS First,
                 ULONG_PTR Information, PIO_STATUS_BLOCK Result, const char *What);

/* IoCallDriver for the kernel's own use; Routine is named when a rule is broken. */
NTSTATUS IrpDispatch(KERNEL *Kernel, PDEVICE_OBJECT Device, PIRP Irp, const char *Routine);
void IrpCheck(PIRP Irp, const char *Routine);           /* stops when it is none, or freed */
void IrpStartNext(PIRP Irp);                            /* PoStartNextPowerIrp was called for it ... */
BOOLEAN IrpStartedNext(PIRP Irp);                       /* ... or not */

PDEVICE_OBJECT DeviceTop(PDEVICE_OBJECT Device);        /* of the stack that it is in */
PDEVICE_OBJECT DeviceBottom(PDEVICE_OBJECT Device);
void DeviceObjectReference(PDEVICE_OBJECT Device);
void DeviceObjectDereference(PDEVICE_OBJECT Device);
BOOLEAN DeviceObjectIs(KERNEL *Kernel, const void *Pointer);
PDEVICE_OBJECT BusDeviceCreate(KERNEL *Kernel, PDRIVER_OBJECT Bus, PNP_NODE *Node);
BOOLEAN DevicesAtRest(KERNEL *Kernel, char *Answer, size_t AnswerSize);

PDRIVER_OBJECT DriverCreate(KERNEL *Kernel, const WCHAR *Name);

void RemoveLocksForget(KERNEL *Kernel, const void *Start, SIZE_T Size);

/* ---- iodevnode.c, po.c: the rest of PnP and power that pnp/pnp.h leaves to the kernel ------------------------- */

typedef struct PNP_INTERFACE {
    struct PNP_INTERFACE *Next;
    GUID Class;
    WCHAR *Link;                        /* \??\SIM1#PCI#...#{guid} */
    WCHAR *Path;                        /* the same as a host says it, made when asked for */
    BOOLEAN Enabled;
} PNP_INTERFACE;

void PnpInstallAll(KERNEL *Kernel);                     /* makes the nodes, a PDO and the registry's keys for each */
void PnpStartAll(KERNEL *Kernel);
void PnpRemoveAll(KERNEL *Kernel);

/* The path of the node's enabled interface of this class, as a host opens it (\\?\SIM1#...), NULL: it has none. */
const WCHAR *PnpInterfacePath(PNP_NODE *Node, const GUID *Class);
/* The node behind a host's path; NULL: no such enabled interface. */
PNP_NODE *PnpNodeOfPath(KERNEL *Kernel, const WCHAR *Path);

NTSTATUS BusDispatch(PDEVICE_OBJECT Device, PIRP Irp);  /* every IRP that reaches a PDO */

/* ---- the state --------------------------------------------------------------------------------------------------- */

#define KERNEL_LOG (64 * 1024)

struct KERNEL {
    MACHINE *Machine;
    REGISTRY *Registry;
    ULONG Number;
    BOOLEAN RealTime;

    /* platform.c */
    MONITOR *Monitor;
    LONG References;                    /* of the host; guarded by ProcessLock */
    volatile LONG Stopped;
    BOOLEAN Closing;
    BOOLEAN Ended;                      /* the driver is unloaded: whoever still waits in the machine is sent home */
    char StopText[KERNEL_TEXT];
    void *Arena;                        /* every PlatformAllocate'd block */
    char *Log;
    size_t LogLength;
    BOOLEAN LogCut;
    ULONG Patience;                     /* milliseconds of real time that a wait in the kernel may last in vain */
    LONG Wanted;                        /* threads of the host that are about to come in */
    ULONGLONG Epoch;                    /* grows with every change; a waiter that saw it all lets time go on */
    struct WAITER *Waiters;
    PROCESSOR *EntryProcessor;          /* where host calls enter; NULL: the first */

    /* host */
    void *Files;                        /* host/file.c's list of open files */
    THREAD *Pump;
    ULONGLONG RealStart;
    void *FirstThread;                  /* the only host thread that came so far, or ... */
    BOOLEAN ManyThreads;                /* ... there are several */

    /* ke.c, work.c */
    KSPIN_LOCK CancelLock;
    struct _IO_WORKITEM *WorkFirst, *WorkLast;
    ULONG WorkItems;                    /* allocated */
    WORKER *Workers;
    BOOLEAN WorkEnds;

    /* ex.c */
    POOL_BLOCK **Pool;                  /* a hash table */
    ULONGLONG PoolBytes;
    LONG Mdls;

    /* io */
    PDRIVER_OBJECT Driver;
    PDRIVER_OBJECT BusDriver;
    PDRIVER_INITIALIZE DriverEntry;
    struct DEVICE_STATE *DeviceStates;
    IRP_STATE *Irps;
    IRP_STATE *FreedIrps;               /* kept for a while, so that a second completion is told from junk */
    ULONG FreedIrpCount;
    struct CALL *CallTop;               /* dispatch routines under way, innermost first, of all threads */
    REMOVE_LOCK_STATE *RemoveLocks;

    /* pnp */
    PNP Pnp;
    BOOLEAN Loaded;                     /* DriverEntry succeeded and DriverUnload did not run */
};

#endif
