/*
 * What the files of the interrupt machine's middle (machine, time, processor, vector, interrupt, dpc, topology) know of
 * each other. Buses, devices and the kernel above see machine.h only.
 */
#ifndef INTERIOR_H
#define INTERIOR_H

#include "machine.h"
#include "platform.h"

#define PLATFORM_HIGHEST_IRQL 15                /* HIGH_LEVEL of x64 and ARM64 */
#define FIRST_DEVICE_IRQL 3
#define LAST_DEVICE_IRQL 12
#define HELD_LIMIT 64

/* How deep ISRs and DPCs nest on one host thread: each level costs stack of the thread that called in. */
#define INTERRUPT_DEPTH_LIMIT 24
#define DPC_DEPTH_LIMIT 4

/* What one delivery may run at most before it gives the caller a turn again. Without it a device that interrupts faster
 * than its ISR ends would keep the host call inside for ever. */
#define DELIVERY_BUDGET 2000
#define ISRS_A_DPC 64                   /* ISRs in a row before a DPC of another processor gets its turn */

/* Rounds of a chain in which nobody claimed a line that stays asserted. Windows would be stuck in it for ever. */
#define UNCLAIMED_LIMIT 50000

#define NODE_UNKNOWN 0xffff

typedef struct LINK LINK;
typedef struct CONNECTION CONNECTION;
typedef struct PORTCLASS_OBJECT PORTCLASS_OBJECT;

/* A queued DPC. KDPC.DpcData points here while it is queued, as Windows uses that field. */
typedef struct DPC_ENTRY {
    struct DPC_ENTRY *Next;
    PKDPC Dpc;
    ULONGLONG Due;
    ULONGLONG Sequence;
} DPC_ENTRY;

struct PROCESSOR {
    MACHINE *Machine;
    ULONG Index;
    USHORT Group;
    UCHAR Number;
    KIRQL Irql;
    USHORT Node;
    BOOLEAN HasDpcs;                    /* is in the machine's list of processors with DPCs */
    DPC_ENTRY *Dpcs;
    PROCESSOR *NextWithDpcs;
};

typedef enum FRAME_KIND { FRAME_THREAD, FRAME_INTERRUPT, FRAME_DPC } FRAME_KIND;

/* Code of the driver that runs on a processor, over whatever ran before it on this host thread. */
struct FRAME {
    struct FRAME *Below;
    struct FRAME *NextMade;
    PROCESSOR *Processor;
    FRAME_KIND Kind;
    KIRQL Base;                         /* the frame may not lower the IRQL under this */
    KIRQL Before;                       /* what the processor had, and gets back */
    KIRQL Kept;                         /* what the frame had while it is suspended */
    BOOLEAN MovesLater;                 /* the affinity was set at DISPATCH_LEVEL */
    PROCESSOR *Home;                    /* where the thread runs with its user affinity */
    GROUP_AFFINITY Affinity;            /* the system affinity of the thread, all zero: the user's */
};
typedef struct FRAME FRAME;

typedef struct HELD {
    PKSPIN_LOCK Lock;
    FRAME *Frame;
} HELD;

/* Memory that holds interrupt objects, also for a while after disconnect, so that a stale pointer is told from junk. */
typedef struct OBJECT_BLOCK {
    const UCHAR *Start;
    SIZE_T Size;
    LINK *Link;                         /* its objects, or NULL: */
    CONNECTION *Container;              /* the connection itself, or the one the table belongs to */
    PVOID Table;                        /* a message table, or NULL */
    BOOLEAN Gone;
} OBJECT_BLOCK;

#define GONE_LIMIT 512
#define PORTCLASS_GONE_LIMIT 64

struct MACHINE {
    const PROFILE *Profile;
    MACHINE_LAYOUT Layout;
    MACHINE_MODE Mode;
    ULONGLONG Random;
    ULONGLONG Fallible;
    ULONGLONG FailAt;
    void *Slots[SLOT_COUNT];
    ROUTINE_CALLS Calls[MACHINE_ROUTINES];

    ULONGLONG Now;
    MACHINE_EVENT *Events;              /* by due time, equal ones in the order they came */

    PROCESSOR *Processors;              /* by index */
    ULONG ProcessorCount;
    PROCESSOR *ByNumber[MACHINE_MAXIMUM_GROUPS][64];
    FRAME *Top;
    FRAME *FreeFrames;
    FRAME *MadeFrames;                  /* all, wherever they are: also those that threads keep while they wait */
    ULONG InterruptFrames;
    ULONG DpcFrames;
    HELD Held[HELD_LIMIT];
    ULONG HeldCount;
    ULONG Delivering;
    ULONG Budget;

    VECTOR *Vectors;
    VECTOR *FirstPending;
    VECTOR *LastPending;

    CONNECTION *Connections;
    OBJECT_BLOCK **Blocks;              /* by address */
    ULONG BlockCount;
    ULONG BlockRoom;
    OBJECT_BLOCK *Gone[GONE_LIMIT];     /* a ring: the oldest is forgotten first */
    ULONG NextGone;
    PORTCLASS_OBJECT *PortclassObjects; /* the newest first, with those that are gone */

    PROCESSOR *FirstWithDpcs;
    DPC_ENTRY *FreeEntries;
    ULONGLONG DpcSequence;
};

/* ---- time.c ---- */
void TimeStep(MACHINE *Machine, ULONGLONG Until);      /* time becomes at least that, or what is due first */
ULONG TimeCost(MACHINE *Machine, ULONG Least, ULONG Most);
void TimeDelete(MACHINE *Machine);

/* ---- processor.c ---- */
void ProcessorsCreate(MACHINE *Machine);
void ProcessorsDelete(MACHINE *Machine);
FRAME *FramePush(MACHINE *Machine, PROCESSOR *Processor, FRAME_KIND Kind, KIRQL Irql);
void FramePop(MACHINE *Machine, FRAME *Frame);
BOOLEAN LockIsHeld(const MACHINE *Machine, const KSPIN_LOCK *Lock);
void FrameMove(MACHINE *Machine, FRAME *Frame);         /* to a processor of its affinity */
const char *IrqlName(KIRQL Irql);

/* ---- vector.c ---- */
struct VECTOR {
    MACHINE *Machine;
    VECTOR *Next;
    ULONG Number;
    KIRQL Irql;
    USHORT Group;
    KAFFINITY Mask;
    KINTERRUPT_MODE Mode;
    BOOLEAN Shared;
    USHORT Node;                        /* of the device behind it; NODE_UNKNOWN until it is asked */
    DEVICE *Owner;                      /* found once for a vector that is not shared */
    LINK *Chain;
    KAFFINITY Route;                    /* where the chain has objects in the vector's group; 0: nobody is reached */
    BOOLEAN Running;                    /* a chain walks: a level input comes again only after its end */

    ULONG Asserted;                     /* devices that hold the line */
    BOOLEAN Pulse;                      /* a message or an edge is waiting; equal ones fold into it */
    BOOLEAN Foreign;                    /* the other driver's interrupt is waiting */
    BOOLEAN ForeignAtConnect;
    BOOLEAN IsPending;                  /* is in the machine's list */
    VECTOR *NextPending;
    VECTOR *PreviousPending;
    PROCESSOR *Target;                  /* chosen when it became pending, NULL: not yet */
    BOOLEAN Stray;                      /* Target was chosen by a fault */
    ULONGLONG Since;
    ULONG UnclaimedRow;
    VECTOR_COUNTS Counts;
};

void VectorsDelete(MACHINE *Machine);
void VectorConnect(VECTOR *Vector, LINK *Link);         /* appends to the chain; then what waited may come */
void VectorDisconnect(VECTOR *Vector, LINK *Link);
BOOLEAN VectorRunNext(MACHINE *Machine);                /* one ISR chain that may run now; FALSE: there is none */
BOOLEAN VectorFault(VECTOR *Vector, FAULT Fault);       /* asked for every device behind the vector */
BOOLEAN VectorIsOnlyOf(VECTOR *Vector, const DEVICE *Device);

/* ---- interrupt_object.c ---- */

/* KINTERRUPT's inside. Drivers see a pointer; which of three kinds it is decides what it may be used for. */
typedef enum OBJECT_KIND { OBJECT_RETURNED = 1, OBJECT_OF_PROCESSOR, OBJECT_CONTAINER } OBJECT_KIND;

struct _KINTERRUPT {
    OBJECT_KIND Kind;
    LINK *Link;                         /* of a container: its first */
    PROCESSOR *Processor;
};

/* One ISR on one vector: the object that is returned and one more for each processor. */
struct LINK {
    LINK *NextInChain;
    LINK *NextInConnection;
    CONNECTION *Connection;
    VECTOR *Vector;
    PKSERVICE_ROUTINE Routine;          /* one of the two */
    PKMESSAGE_SERVICE_ROUTINE MessageRoutine;
    ULONG MessageId;
    PVOID Context;
    PKSPIN_LOCK Lock;
    KSPIN_LOCK OwnLock;
    KIRQL Irql;
    KIRQL SynchronizeIrql;
    KINTERRUPT_MODE Mode;
    BOOLEAN Shared;
    USHORT Group;
    KAFFINITY Mask;
    struct _KINTERRUPT Returned;
    struct _KINTERRUPT Stray;           /* handed to an ISR that a fault lets run on a processor without an object */
    ULONG ObjectCount;
    struct _KINTERRUPT Objects[];       /* by processor number, the set bits of Mask */
};

/* What one call connected. */
struct CONNECTION {
    CONNECTION *Next;
    ULONG Version;                      /* 0: IoConnectInterrupt */
    PDEVICE_OBJECT Pdo;
    PVOID Handle;                       /* what the driver was given: an object or a table */
    LINK *Links;
    KSPIN_LOCK SharedLock;              /* one lock for all links, when the driver brought none */
    struct _KINTERRUPT Container;
};

typedef enum POINTER_STATE {
    POINTER_JUNK, POINTER_GONE, POINTER_RETURNED, POINTER_OF_PROCESSOR, POINTER_CONTAINER, POINTER_TABLE
} POINTER_STATE;

POINTER_STATE ObjectState(MACHINE *Machine, const void *Pointer, CONNECTION **Connection);
void ObjectRemember(MACHINE *Machine, const void *Start, SIZE_T Size, LINK *Link, CONNECTION *Container, PVOID Table);
void ObjectForget(MACHINE *Machine, const void *Start);
void ObjectsDelete(MACHINE *Machine);
PKINTERRUPT LinkObject(LINK *Link, const PROCESSOR *Processor);     /* NULL: none on that processor */
void LinkLock(MACHINE *Machine, LINK *Link, const char *Routine);
void LinkUnlock(MACHINE *Machine, LINK *Link, const char *Routine);

/* ---- interrupt.c ---- */
typedef struct CONNECT_REQUEST {
    const char *Routine;
    VECTOR *Vector;
    PKSERVICE_ROUTINE ServiceRoutine;
    PKMESSAGE_SERVICE_ROUTINE MessageRoutine;
    ULONG MessageId;
    PVOID Context;
    PKSPIN_LOCK Lock;                   /* NULL: the link's own */
    KIRQL Irql;
    KIRQL SynchronizeIrql;
    KINTERRUPT_MODE Mode;
    BOOLEAN Shared;
    USHORT Group;
    KAFFINITY Mask;
} CONNECT_REQUEST;

CONNECTION *ConnectionCreate(MACHINE *Machine, ULONG Version, PDEVICE_OBJECT Pdo);
NTSTATUS ConnectionAdd(MACHINE *Machine, CONNECTION *Connection, const CONNECT_REQUEST *Request, LINK **Link);
void ConnectionOpen(MACHINE *Machine, CONNECTION *Connection, PVOID Handle);    /* puts the links into their chains */
void ConnectionDelete(MACHINE *Machine, CONNECTION *Connection);                /* also one that was never opened */
void ConnectionNeedsPassive(MACHINE *Machine, const char *Routine, BOOLEAN Connects);
void KernelHas(MACHINE *Machine, BOOLEAN Exported, const char *Routine);        /* stops when the profile lacks it */

/* ---- portcls.c ---- */
ULONG PortclassSyncs(const MACHINE *Machine);           /* synchronisation objects that were not released */
void PortclassDelete(MACHINE *Machine);

/* ---- dpc.c ---- */
ULONG DpcsQueued(const MACHINE *Machine);
BOOLEAN DpcRunNext(MACHINE *Machine);
void DpcsDelete(MACHINE *Machine);

#endif
