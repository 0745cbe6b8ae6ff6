/*
 * The driver's own structures, and which file does what with them.
 *
 * Two locks guard a device. The gate keeps PASSIVE_LEVEL and serialises everything that connects, disconnects,
 * triggers or asks with PnP and power. The stream lock is a spin lock around what DPCs and readers share. ISRs take
 * neither. Order: gate, stream lock, read lock.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include "irqscope_contract.h"

#include "affinity.h"
#include "budget.h"
#include "clock.h"
#include "counters.h"
#include "due.h"
#include "fields.h"
#include "identity.h"
#include "pace.h"
#include "request.h"
#include "slot.h"
#include "state.h"
#include "status.h"
#include "storm.h"
#include "stray.h"

#include "compat.h"
#include "hardware.h"
#include "memory.h"
#include "processor.h"
#include "routines.h"

typedef struct IRQSCOPE_DRIVER IRQSCOPE_DRIVER;
typedef struct IRQSCOPE_DEVICE IRQSCOPE_DEVICE;
typedef struct CONNECTION CONNECTION;
typedef struct TARGET TARGET;
typedef struct LANE LANE;
typedef struct SESSION SESSION;

/* What DriverEntry found: the driver object's extension. Written once, before any device exists. Where the kernel
 * keeps no such extension, each device has its own, without the registry path. */
struct IRQSCOPE_DRIVER {
    ROUTINES Routines;
    CLOCK Clock;
    ULONG KernelMajor;
    ULONG KernelMinor;
    ULONG KernelBuild;
    ULONG Abilities;           /* IRQSCOPE_ABILITY_* */
    ULONG MapPriority;         /* for MmGetSystemAddressForMdlSafe: no execution, where the kernel knows that */
    UNICODE_STRING RegistryPath; /* a copy: of the service key */
};

/* One handle. */
struct SESSION {
    IRQSCOPE_DEVICE *Device;
    volatile LONG VersionAgreed;
    volatile LONG Reads;       /* pending */
    volatile LONG Closed;      /* its last handle is gone: a request that is still on its way comes too late */
    volatile LONG Users;       /* its file object, and reads on their way in: the last one frees it */
};

/* One processor's slot with its DPC; the connection's stray slot is one, too. The slot's own memory follows at
 * LANE_SPACE. */
struct LANE {
    KDPC Dpc;
    IRQSCOPE_DEVICE *Device;
    SLOT *Slot;                /* NULL for the stray one */
    STRAY *Stray;
    LIST_ENTRY Ready;          /* stream lock: in the device's list while events may be taken */
    ULONG ReadyBytes;          /* stream lock: what they take in a read; 0: not in the list */
    ULONGLONG Oldest;          /* stream lock: time of the first of them, which the list is ordered by */
};
#define LANE_SPACE 256u
_Static_assert(sizeof(LANE) <= LANE_SPACE && LANE_SPACE % SLOT_APART == 0, "a lane runs into its slot");

/* One interrupt object. Written by its ISR under its interrupt lock, except where said. */
struct TARGET {
    CONNECTION *Connection;
    HARDWARE *Hardware;
    SLOT_TABLE *const *Tables; /* by group, NULL where the connection has no slot */
    USHORT Groups;             /* in Tables */
    KIRQL Irql;                /* SynchronizeIrql */
    BOOLEAN Shared;            /* others interrupt through it, too */
    ULONG Number;
    ULONG Message;             /* at the device; MODEL_LINE */
    IRQSCOPE_COUNTERS Counters; /* Sent and Lost are kept below */
    STORM Storm;
    PACE Pace;
    PKINTERRUPT Object;        /* gate: what connect returned; the ISR never looks at it */
    ULONGLONG Sent;            /* gate */
    ULONGLONG Lost;            /* gate */
    ULONG Resource;            /* gate: index of the resource behind it; CONNECT_EVERY: none is */
    ULONG Vector;              /* gate */
    KIRQL DeviceIrql;          /* gate */
};

/* One successful connect. All of it is the gate's, but what its ISRs read: that stands before connect is called. */
struct CONNECTION {
    IRQSCOPE_DEVICE *Device;
    SESSION *Owner;            /* NULL: the device itself */
    ULONG Id;
    ULONG Way;
    ULONG Resource;            /* index, or CONNECT_EVERY */
    ULONG RequestFlags;
    KAFFINITY Mask;            /* that the connect asks for, where its way asks */
    USHORT Group;
    ULONG ConnectedAs;
    ULONG Version;             /* that connect left: disconnect gets it back */
    KIRQL SynchronizeIrql;     /* as asked */
    KIRQL UnifiedIrql;
    PKSPIN_LOCK Lock;          /* handed to connect; NULL: the kernel's own */
    KSPIN_LOCK OwnLock;
    PVOID Context;             /* interrupt object or message table, as connect returned it */
    ULONG Targets;             /* that can be asked and triggered, from Target on */
    TARGET *Target;
    TARGET *Made;              /* all of them: one a message, then the line that messages may fall back to */
    ULONG MadeCount;
    ULONG Messages;            /* of them that are messages */
    TARGET *FallBack;          /* NULL: no fallback was asked for */
    ULONG Lanes;               /* the stray one is the last */
    LANE **Lane;
    ULONG Classes;             /* distinct SynchronizeIrqls: what runs at one cannot preempt another of the same */
    KIRQL *ClassIrql;
    KAFFINITY *ClassMask;      /* Classes times Groups: the processors that get a slot */
    SLOT_TABLE **Tables;       /* Classes times Groups; NULL where there is no slot */
    USHORT Groups;
    ULONG Events;
    ULONG StormRate;
    ULONGLONG Bytes;           /* taken from the device's budget */
};

struct IRQSCOPE_DEVICE {
    IRQSCOPE_DRIVER *Driver;
    IRQSCOPE_DRIVER OwnDriver; /* used when the driver object has no extension */
    PDEVICE_OBJECT Self;
    PDEVICE_OBJECT Pdo;
    PDEVICE_OBJECT Lower;
    IO_REMOVE_LOCK RemoveLock;
    UNICODE_STRING InterfaceName;
    BOOLEAN InterfaceEnabled;  /* PnP's thread only */

    KEVENT Gate;
    DEVICE_LIFE_STATE State;
    HARDWARE Hardware;
    IRQSCOPE_RESOURCE_RECORD *Resources;
    PVOID Portclass;           /* what the way portcls keeps from START to STOP, in the flavour that has it; or NULL */
    ULONG ResourceCount;
    ULONG MessagesAsked;
    KSPIN_LOCK InterruptLock;  /* shared by connects where one ISR serves several interrupts */
    IDENTITIES Identities;
    BUDGET Budget;
    CONNECTION *Connections[IRQSCOPE_MAXIMUM_CONNECTIONS];
    ULONG ConnectionCount;     /* also read under the stream lock; written under both */
    SESSION *Owner;            /* of the connections; NULL with ConnectionCount > 0: the device itself */
    KDPC StormDpc[2];          /* on two processors: one of them is not the one that storms */
    PROCESSOR_NUMBER StormProcessor[2];

    KSPIN_LOCK StreamLock;
    LIST_ENTRY ReadyLanes;     /* the one with the oldest event first */
    ULONG ReadyBytes;
    BOOLEAN Feeding;           /* someone completes reads: all others leave it to him, so they stay in order */
    KTIMER FeedTimer;
    KDPC FeedDpc;

    IO_CSQ Reads;
    KSPIN_LOCK ReadLock;
    LIST_ENTRY ReadList;       /* pending reads, the oldest first */

    DEVICE_CAPABILITIES Capabilities;
    BOOLEAN HasCapabilities;
    PIO_WORKITEM PowerItem;    /* for power requests above PASSIVE_LEVEL; one is under way at most */
    PIRP PowerIrp;
};

/* A request on its way through its handler. */
typedef struct REQUEST {
    SESSION *Session;
    PIRP Irp;
    union {
        IRQSCOPE_VERSION_REQUEST Version;
        IRQSCOPE_LIST_REQUEST List;
        IRQSCOPE_CONNECT_REQUEST Connect;
        IRQSCOPE_CONNECTION_REQUEST Connection;
        IRQSCOPE_TARGET_REQUEST Target;
        IRQSCOPE_TRIGGER_REQUEST Trigger;
        IRQSCOPE_MASK_REQUEST Mask;
        IRQSCOPE_STATISTICS_REQUEST Statistics;
        IRQSCOPE_EVENTS_REQUEST Events;
    } Input;                   /* a copy: the reply overwrites the original */
    PVOID Output;              /* NULL for a request whose output is an MDL's */
    ULONG OutputLength;
    ULONG Information;         /* bytes of Output that were filled in */
} REQUEST;

/* A handler. An error refuses the request; STATUS_PENDING: the IRP has gone its own way. */
_IRQL_requires_(PASSIVE_LEVEL)
_IRQL_requires_same_
typedef NTSTATUS REQUEST_HANDLER(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ REQUEST *Request);

/* The same, for a request that the gate keeps apart from all others, PnP and power. */
_IRQL_requires_(PASSIVE_LEVEL)
_IRQL_requires_same_
_Requires_lock_held_(Device->Gate)
typedef NTSTATUS GATED_HANDLER(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ REQUEST *Request);

static inline IRQSCOPE_DEVICE *DeviceOf(PDEVICE_OBJECT Object)
{
    return (IRQSCOPE_DEVICE *)Object->DeviceExtension;
}

static inline ULONGLONG TimeNow(VOID)
{
    return (ULONGLONG)KeQueryPerformanceCounter(NULL).QuadPart;
}

/* ---- entry.c ----------------------------------------------------------------------------------------------------- */

/* What DriverEntry found; or Own, filled in here, when the kernel did not keep that. PASSIVE_LEVEL. */
_IRQL_requires_max_(PASSIVE_LEVEL)
IRQSCOPE_DRIVER *EntryDriver(_In_ PDRIVER_OBJECT DriverObject, _Inout_ IRQSCOPE_DRIVER *Own);

/* ---- gate.c: the lock that keeps PASSIVE_LEVEL. Not recursive. --------------------------------------------------- */

_IRQL_requires_max_(PASSIVE_LEVEL)
_IRQL_requires_same_
_Acquires_lock_(Device->Gate)
VOID GateEnter(_Inout_ IRQSCOPE_DEVICE *Device);
_IRQL_requires_max_(PASSIVE_LEVEL)
_IRQL_requires_same_
_Releases_lock_(Device->Gate)
VOID GateLeave(_Inout_ IRQSCOPE_DEVICE *Device);

/* ---- dispatch.c, session.c: handles and requests ----------------------------------------------------------------- */

_Dispatch_type_(IRP_MJ_CREATE) DRIVER_DISPATCH DispatchCreate;
_Dispatch_type_(IRP_MJ_CLEANUP) DRIVER_DISPATCH DispatchCleanup;
_Dispatch_type_(IRP_MJ_CLOSE) DRIVER_DISPATCH DispatchClose;
_Dispatch_type_(IRP_MJ_DEVICE_CONTROL) DRIVER_DISPATCH DispatchControl;
_Dispatch_type_(IRP_MJ_SYSTEM_CONTROL) DRIVER_DISPATCH DispatchSystemControl;

_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS SessionOpen(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PFILE_OBJECT File);
_IRQL_requires_max_(PASSIVE_LEVEL)
VOID SessionCleanup(_Inout_ SESSION *Session);
_IRQL_requires_max_(PASSIVE_LEVEL)
VOID SessionClose(_Inout_ PFILE_OBJECT File);

/* Keeps the session's memory while a read may be completed, and its file object go, under its caller. */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID SessionHold(_Inout_ SESSION *Session);
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID SessionRelease(_Inout_ SESSION *Session);

/* May this handle connect, trigger, mask and reset? Under the gate. STATUS_SHARING_VIOLATION: another one does. */
_Must_inspect_result_
_Requires_lock_held_(Session->Device->Gate)
NTSTATUS SessionMayOwn(_In_ const SESSION *Session);
_Must_inspect_result_
_Requires_lock_held_(Session->Device->Gate)
NTSTATUS SessionMayUse(_In_ const SESSION *Session);

/* The connection of an id, or NULL. Under the gate. */
_Requires_lock_held_(Device->Gate)
CONNECTION *SessionConnection(_Inout_ IRQSCOPE_DEVICE *Device, _In_ ULONG Id);

/* ---- One handler a request: version.c, machine.c, resources.c, connect.c, affinity.c, trigger.c, ... ------------- */

REQUEST_HANDLER VersionRun;
REQUEST_HANDLER MachineRun;
GATED_HANDLER ResourcesRun;
GATED_HANDLER ConnectRun;
GATED_HANDLER DisconnectRun;
GATED_HANDLER AffinityRun;
GATED_HANDLER TriggerRun;
GATED_HANDLER MaskRun;
GATED_HANDLER StatisticsRun;
REQUEST_HANDLER EventsRun;
GATED_HANDLER ResetRun;

/* ---- pnp.c, filter.c, power.c ------------------------------------------------------------------------------------ */

DRIVER_ADD_DEVICE PnpAddDevice;
_Dispatch_type_(IRP_MJ_PNP) DRIVER_DISPATCH PnpDispatch;
_Dispatch_type_(IRP_MJ_POWER) DRIVER_DISPATCH PowerDispatch;

/* Applies the device's Irqscope values to the requirements that came up in the IRP. Returns the IRP's status. */
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS FilterRequirements(_Inout_ IRQSCOPE_DEVICE *Device, _Inout_ PIRP Irp, _In_ NTSTATUS Status);

/* Reads a REG_DWORD or REG_QWORD. FALSE: there is none. PASSIVE_LEVEL. */
_Success_(return != FALSE)
_IRQL_requires_max_(PASSIVE_LEVEL)
BOOLEAN FilterReadValue(_In_ HANDLE Key, _In_z_ PCWSTR Name, _Out_ ULONGLONG *Value);

/* The device's own "Device Parameters\Irqscope", to read; ZwClose takes it. Fails when nobody made it. */
_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS FilterOpenSettings(_In_ IRQSCOPE_DEVICE *Device, _Out_ PHANDLE Key);

/* ---- resources.c ------------------------------------------------------------------------------------------------- */

/* Reads the assigned interrupts; both lists may be NULL. */
_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Device->Gate)
NTSTATUS ResourcesTake(_Inout_ IRQSCOPE_DEVICE *Device, _In_opt_ PCM_RESOURCE_LIST Raw,
                       _In_opt_ PCM_RESOURCE_LIST Translated);
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Device->Gate)
VOID ResourcesForget(_Inout_ IRQSCOPE_DEVICE *Device);

/* Messages of the device as assigned; a descriptor may stand for several. */
ULONG ResourcesMessages(_In_ const IRQSCOPE_DEVICE *Device);

/* ---- connect.c and one file a way: all under the gate ------------------------------------------------------------ */

/* What a way does once everything that its ISRs touch is there. Kernel's status; on success Version, Context and
 * ConnectedAs of the connection and Object of each target are filled in. */
_IRQL_requires_(PASSIVE_LEVEL)
_IRQL_requires_same_
_Requires_lock_held_(Connection->Device->Gate)
_Must_inspect_result_
typedef NTSTATUS CONNECT_WAY(_Inout_ CONNECTION *Connection);
_IRQL_requires_(PASSIVE_LEVEL)
_IRQL_requires_same_
_Requires_lock_held_(Connection->Device->Gate)
typedef VOID DISCONNECT_WAY(_Inout_ CONNECTION *Connection);

CONNECT_WAY ConnectInterrupt;       /* connect_interrupt.c: IoConnectInterrupt */
DISCONNECT_WAY DisconnectInterrupt;
CONNECT_WAY ConnectFull;            /* connect_full.c: CONNECT_FULLY_SPECIFIED, with and without a group */
CONNECT_WAY ConnectLine;            /* connect_line.c: CONNECT_LINE_BASED */
CONNECT_WAY ConnectMessage;         /* connect_message.c: CONNECT_MESSAGE_BASED */
DISCONNECT_WAY DisconnectEx;        /* connect_full.c: IoDisconnectInterruptEx with what connect returned */

/* Connects for Session, or for the device itself when it is NULL. The result is the IRP's status; Reply->Status is
 * the kernel's. */
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Device->Gate)
NTSTATUS ConnectMake(_Inout_ IRQSCOPE_DEVICE *Device, _In_opt_ SESSION *Session,
                     _In_ const IRQSCOPE_CONNECT_REQUEST *Request, _Out_ IRQSCOPE_CONNECT_REPLY *Reply);

/* One connection ends: events that wait go to pending reads. The last one's end tells all pending reads. */
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Connection->Device->Gate)
VOID ConnectBreak(_Inout_ CONNECTION *Connection);

/* Every connection of the device. */
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Device->Gate)
VOID ConnectBreakAll(_Inout_ IRQSCOPE_DEVICE *Device);

/* ConnectAtStart = 1 among the device's settings, else the service's: connects everything, owned by the device. */
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Device->Gate)
VOID ConnectAtStart(_Inout_ IRQSCOPE_DEVICE *Device);

/* ---- lane.c: slots, made before connect and freed after disconnect ----------------------------------------------- */

/* Makes the targets' tables and every lane of the connection. STATUS_QUOTA_EXCEEDED: the device's cap, or the
 * machine's. */
_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Connection->Device->Gate)
NTSTATUS LanesMake(_Inout_ CONNECTION *Connection);

/* After disconnect: removes and flushes DPCs, hands out what waits to pending reads. */
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Connection->Device->Gate)
VOID LanesStop(_Inout_ CONNECTION *Connection);
_IRQL_requires_max_(PASSIVE_LEVEL)
_Requires_lock_held_(Connection->Device->Gate)
VOID LanesFree(_Inout_ CONNECTION *Connection);

/* Under the stream lock: the device's list follows what this lane has ready. */
_IRQL_requires_(DISPATCH_LEVEL)
_Requires_lock_held_(Lane->Device->StreamLock)
VOID LaneNote(_Inout_ LANE *Lane);
static inline LANE *LaneOf(SLOT *Slot)
{
    return (LANE *)((PUCHAR)Slot - LANE_SPACE);
}

/* ---- isr.c ------------------------------------------------------------------------------------------------------- */

/* One interrupt of a target: asks the device, records. TRUE: it was this device. */
_IRQL_requires_max_(HIGH_LEVEL)
BOOLEAN IsrRun(_Inout_ TARGET *Target);

KSERVICE_ROUTINE IsrService;         /* Context: a TARGET */
KMESSAGE_SERVICE_ROUTINE IsrMessage; /* Context: a CONNECTION */
KSERVICE_ROUTINE IsrFallBack;        /* Context: a CONNECTION that asked for messages */
KDEFERRED_ROUTINE IsrDpc;            /* Context: a LANE */
KDEFERRED_ROUTINE IsrStormDpc;       /* Context: the device */

/* ---- stream.c ---------------------------------------------------------------------------------------------------- */

_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS StreamInitialize(_Inout_ IRQSCOPE_DEVICE *Device);

/* Completes the reads that are due. At most DISPATCH_LEVEL, no lock held. */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID StreamFeed(_Inout_ IRQSCOPE_DEVICE *Device);

/* Completes reads with what waits, whether they are due or not, until nothing waits or no read is left. */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID StreamFlush(_Inout_ IRQSCOPE_DEVICE *Device);

/* Ends pending reads: those of one handle, or all with Session NULL. */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID StreamEnd(_Inout_ IRQSCOPE_DEVICE *Device, _In_opt_ const SESSION *Session, _In_ NTSTATUS Status);

/* The last connection has ended: no timer, no DPC of the stream is left. PASSIVE_LEVEL. */
_IRQL_requires_max_(PASSIVE_LEVEL)
VOID StreamQuiet(_Inout_ IRQSCOPE_DEVICE *Device);

#endif
