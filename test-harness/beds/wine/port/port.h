/*
 * The interrupt machine over Wine's ntoskrnl, linked with the driver's own objects into irqscope-wine.sys.
 *
 * Wine keeps what it has: the loader, I/O and PnP managers, the registry, pool, events. The machine brings what Wine
 * lacks, and the PnP rules (sim-kernel/pnp) what Wine's PnP manager does not do. One machine lives in the image, so its
 * state is one structure. Everything below is called with the monitor held unless it says so.
 */
#ifndef PORT_H
#define PORT_H

#include <wdm.h>

#include "control.h"
#include "text.h"
#include "wine_names.h"

#define PORT_TEXT 512
#define PORT_LOG (64 * 1024)
#define PORT_TAG 0x6d497269u            /* iRIm */

/* {7D5C1E6A-3F0B-4C58-9B1E-5A0D6E0C4B21}: the machine's own interface. Words go in, an answer comes out. */
extern const GUID ControlInterface;
#define PORT_IOCTL_CONTROL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)

typedef struct OPTIONS {
    char Machine[96];                   /* a preset; the name of a layout's text */
    char Profile[16];
    char Mode[16];
    char Time[16];
    ULONGLONG Seed;
    const char *Layout;                 /* text of a machine file, or NULL */
} OPTIONS;

/* One entry into the image from Wine; they nest on one thread. */
typedef struct ENTRY {
    struct ENTRY *Outer;
    void *Escape[5];
    PIRP Irp;                           /* that it handles; NULL once it was completed, or there is none */
    BOOLEAN Pushed;                     /* a frame of its own */
    ULONG Machines;                     /* as the kernel's when it came in: nobody goes on in the next one */
} ENTRY;

/* A PDO that Wine knows. It stays until the bus goes: a device that the present machine has not keeps its PDO, with no driver
 * on it, until a machine has that device again, so Wine has nothing to remove while we run. */
typedef struct CHILD {
    char Instance[96];
    PDEVICE_OBJECT Pdo;
    BOOLEAN Added;                      /* Wine has installed it, and called AddDevice */
} CHILD;

#define BUS_MAXIMUM_CHILDREN 64

struct KERNEL {
    MACHINE *Machine;
    PNP Pnp;
    OPTIONS Options;
    ULONG Machines;                     /* that there were before this one */
    BOOLEAN RealTime;
    LONGLONG RealStart;
    PROCESSOR *EntryProcessor;
    BOOLEAN IdleTime;                   /* time goes on by itself while nobody runs */

    PDRIVER_OBJECT Driver;
    PDRIVER_DISPATCH Dispatch[IRP_MJ_MAXIMUM_FUNCTION + 1];     /* the driver's own */
    PDRIVER_ADD_DEVICE AddDevice;
    PDRIVER_UNLOAD Unload;
    PDEVICE_OBJECT BusPdo;              /* Wine's, of the machine's node */
    PDEVICE_OBJECT Bus;                 /* our device object on it */
    PDEVICE_OBJECT BusLower;
    UNICODE_STRING BusInterface;
    CHILD Children[BUS_MAXIMUM_CHILDREN];
    ULONG ChildCount;
    UNICODE_STRING RegistryPath;

    volatile LONG Stopped;
    char StopText[PORT_TEXT];
    char *Log;
    size_t LogLength;
    ULONG Pending;                      /* requests that the driver has and has not completed */
    ULONGLONG Blocks;                   /* of the driver's pool */
    char Left[PORT_TEXT];               /* what the driver did not give back when it was unloaded last, or "" */
};

extern KERNEL Port;

/* ---- monitor.c --------------------------------------------------------------------------------------------------- */

void MonitorStart(void);                                /* before anything else */
BOOLEAN MonitorMine(void);
/* Runs Routine in the machine: takes the monitor, a processor's frame, and afterwards delivers what is due. FALSE: the
 * machine had stopped before, or did now; then *Irp is NULL when it was completed before that. No monitor needed. */
BOOLEAN MonitorRun(void (*Routine)(void *Context), void *Context, PIRP *Irp);
/* On a machine that has stopped, for what looks at it or replaces it. FALSE: it could not end. */
BOOLEAN MonitorLook(void (*Routine)(void *Context), void *Context);
void MonitorForget(void);                               /* the machine goes: its frames go with it */
void MonitorCompleted(PIRP Irp);                        /* an entry's IRP was completed */
/* Waits outside of the monitor. */
NTSTATUS MonitorWaitObject(PVOID Object, PLARGE_INTEGER Timeout, const char *Routine);
typedef struct AWAY AWAY;
struct AWAY {
    ENTRY *Entry;
    LONG Depth;
    PROCESSOR_CONTEXT *Frames;
    ULONG Machines;                     /* which it was: nobody goes on in the next one */
};
void MonitorLeave(AWAY *Away, const char *Routine);     /* gives the machine away ... */
void MonitorReturn(AWAY *Away);                         /* ... and takes it again */
BOOLEAN MonitorWanted(void);

/* ---- machine.c: making and deleting ------------------------------------------------------------------------------ */

BOOLEAN MachineMake(const OPTIONS *Options, char *Reason, size_t ReasonSize);  /* and loads the driver */
void MachineDrop(void);                                 /* unloads it; its devices are gone already */
void MachineUnload(void);                               /* the driver alone; Port.Left says what it left */
void OptionsRead(OPTIONS *Options);                     /* from Parameters\Machine of the service */
/* "machine k=v ...": what it says over what is there. FALSE: Reason */
BOOLEAN OptionsParse(OPTIONS *Options, const char *Words, char *Reason, size_t ReasonSize);
void OptionsTell(const OPTIONS *Options, char *Answer, size_t AnswerSize);

/* ---- bus.c ------------------------------------------------------------------------------------------------------- */

NTSTATUS BusAdd(PDEVICE_OBJECT Pdo);
NTSTATUS BusDispatch(PIRP Irp);                         /* of the machine's device object; completes */
NTSTATUS BusChild(PNP_NODE *Node, PIRP Irp);            /* of a simulated device's PDO; completes */
void BusComplete(PIRP Irp);                             /* also on a machine that has stopped */
NTSTATUS BusRetired(PIRP Irp);                          /* of the PDO of a device that this machine has not; completes */
CHILD *BusFind(PDEVICE_OBJECT Pdo);                     /* NULL: it is none of ours */
/* Whether Wine has come to all of the machine's devices; else Answer says to which not. */
BOOLEAN BusSettled(char *Answer, size_t AnswerSize);
BOOLEAN BusRemake(const OPTIONS *Options, char *Reason, size_t ReasonSize);
BOOLEAN BusEnd(char *Answer, size_t AnswerSize);         /* the devices go, the driver is unloaded: what it left is told */
BOOLEAN BusIsMachine(PDEVICE_OBJECT Pdo);

/* ---- pump.c ------------------------------------------------------------------------------------------------------ */

NTSTATUS PumpStart(void);
void PumpEnd(void);
void PumpWanted(void);                                  /* wakes it when time has to go on by itself */

/* ---- the others -------------------------------------------------------------------------------------------------- */

void DriverLoad(void);                                  /* entry.c: DriverEntry, and ... */
void DriverUnload(void);                                /* ... its unload routine, in a machine */
void ExtensionDrop(void);                               /* imports.c: the driver object's */
void PoolForget(void);                                  /* imports.c: what the driver left is freed */
int FormatList(char *Buffer, size_t Size, const char *Format, va_list Arguments);
BOOLEAN PoolAtRest(char *Answer, size_t AnswerSize);
NTSTATUS PortRequest(PIRP Irp);                         /* control.c; completes */
BOOLEAN PortRequestStopped(PIRP Irp);                   /* the machine stopped in it: completes, if it was words */
NTSTATUS PortSend(PDEVICE_OBJECT Top, const IO_STACK_LOCATION *Stack, NTSTATUS First, ULONG_PTR Information,
                  PIO_STATUS_BLOCK Result);
BOOLEAN RequestCounted(PIRP Irp);                       /* of a client: the driver itself completes it */
void SettingsInstall(PNP_NODE *Node);                   /* what an INF would have written for the device */
void SettingsReset(PNP_NODE *Node);                     /* that alone: an earlier machine's policies go */

#endif
