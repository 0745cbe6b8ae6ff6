/*
 * The interrupt machine: one simulated computer with its processors, interrupt objects, buses and devices.
 *
 * Freestanding C over the NT types of wdm.h: the same objects serve the simulated kernel and are linked over Wine's.
 * Everything here is called with the machine's lock held (whatever it is linked into takes it), so there is no lock inside.
 * Time is virtual nanoseconds. Nothing here knows the driver, a host call or a file.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <wdm.h>

typedef struct MACHINE MACHINE;         /* one computer */
typedef struct PROCESSOR PROCESSOR;     /* an identity with an IRQL, a DPC queue and pending interrupts; no thread */
typedef struct VECTOR VECTOR;           /* one assigned interrupt: where a line or a message goes */
typedef struct DEVICE DEVICE;           /* one simulated device: a model, its registers, its assigned vectors */

/* ---- profile.c, layout.c: what kernel this is, and which processors it has -------------------------------------- */

#define MACHINE_MAXIMUM_GROUPS 32
#define MACHINE_MAXIMUM_NODES 128
#define MACHINE_MAXIMUM_PROCESSORS 2048
#define MACHINE_MAXIMUM_DEVICES 32

typedef struct PROFILE {
    const char *Name;                   /* nt52, win7, win10, server2022 */
    ULONG Major, Minor, Build;
    ULONGLONG Frequency;                /* of the performance counter */
    USHORT MaximumGroups;
    ULONG MaximumProcessors;
    ULONG MaximumMessages;              /* a PCI function may get: 0, 910, 2048 */
    BOOLEAN HasGroups;                  /* the group routines are exported */
    BOOLEAN HasConnectEx;
    BOOLEAN HasGetAffinity;
    BOOLEAN HasPool2;
    BOOLEAN ComparesAssigned;           /* a fully specified connect must equal the assigned resource */
} PROFILE;

const PROFILE *ProfileFind(const char *Name);

typedef struct MACHINE_LAYOUT {
    char Name[64];                      /* the preset, or the file's name */
    USHORT Groups;                      /* active; MaximumGroups is the profile's */
    USHORT Nodes;
    struct {
        KAFFINITY Active;
        UCHAR Maximum;
    } Group[MACHINE_MAXIMUM_GROUPS];
    struct {
        USHORT Group;
        KAFFINITY Mask;
    } Node[MACHINE_MAXIMUM_NODES];
    USHORT Devices;
    struct {
        char Name[16];                  /* edu0, e1000e0, igb0, uart0, root0: as the client names them */
        char Model[16];                 /* edu, 82574, igb, 16550, none, root */
        USHORT Messages;                /* that the function offers; 0: a line */
        USHORT Line;                    /* the input a line is wired to; equal numbers share it */
        USHORT Node;
    } Device[MACHINE_MAXIMUM_DEVICES];
} MACHINE_LAYOUT;

/* Text is a preset's name or the content of a machine file. FALSE: Reason says place and cause. */
BOOLEAN LayoutParse(const char *Name, const char *Text, MACHINE_LAYOUT *Layout, char *Reason, size_t ReasonSize);
BOOLEAN LayoutFits(const MACHINE_LAYOUT *Layout, const PROFILE *Profile, char *Reason, size_t ReasonSize);

/* ---- machine.c: the whole ---------------------------------------------------------------------------------------- */

/* Where documentation and shipping kernels differ, which of them answers. */
typedef enum MACHINE_MODE { MODE_DOCUMENTED, MODE_OBSERVED } MACHINE_MODE;

MACHINE *MachineCreate(const MACHINE_LAYOUT *Layout, const PROFILE *Profile, MACHINE_MODE Mode, ULONGLONG Seed);
void MachineDelete(MACHINE *Machine);
const PROFILE *MachineProfile(const MACHINE *Machine);
const MACHINE_LAYOUT *MachineLayout(const MACHINE *Machine);
ULONG MachineRandom(MACHINE *Machine, ULONG Below);   /* seeded; the only randomness there is */

/* "Make the n-th call of a fallible routine fail": TRUE means fail now, as if resources were short. */
BOOLEAN MachineFails(MACHINE *Machine, const char *Routine);
void MachineFailAt(MACHINE *Machine, ULONGLONG Calls);          /* 1: the next fallible call; 0: none */
ULONGLONG MachineFallible(const MACHINE *Machine);              /* how many fallible calls ran so far */

/* How often each routine was called, for the control word "calls". Routine is a literal; each copy of it counts. */
#define MACHINE_ROUTINES 256
typedef struct ROUTINE_CALLS {
    const char *Name;
    ULONGLONG Count;
} ROUTINE_CALLS;
void MachineCall(MACHINE *Machine, const char *Routine);
const ROUTINE_CALLS *MachineCalls(const MACHINE *Machine);      /* MACHINE_ROUTINES of them, some without a name */

/* What the other parts keep for a machine: each its own pointer, NULL at first, one writer each. MachineCreate calls
 * BusCreate and FaultsCreate last, when all else works; MachineDelete calls their counterparts first. */
typedef enum MACHINE_SLOT { SLOT_BUS, SLOT_FAULTS, SLOT_CONTROL, SLOT_KERNEL, SLOT_TIMERS, SLOT_COUNT } MACHINE_SLOT;
void **MachineSlot(MACHINE *Machine, MACHINE_SLOT Slot);
void BusCreate(MACHINE *Machine);
void BusDelete(MACHINE *Machine);
void FaultsCreate(MACHINE *Machine);
void FaultsDelete(MACHINE *Machine);

/* ---- time.c ------------------------------------------------------------------------------------------------------ */

typedef struct MACHINE_EVENT {          /* something that is due later; storage is the caller's */
    struct MACHINE_EVENT *Next;
    ULONGLONG Due;
    void (*Run)(struct MACHINE_EVENT *Event);
    BOOLEAN Queued;
} MACHINE_EVENT;

ULONGLONG MachineNow(const MACHINE *Machine);                               /* nanoseconds since the machine began */
void MachineSchedule(MACHINE *Machine, MACHINE_EVENT *Event, ULONGLONG Delay);
BOOLEAN MachineUnschedule(MACHINE *Machine, MACHINE_EVENT *Event);          /* TRUE when it was queued */
void MachineAdvance(MACHINE *Machine, ULONGLONG Nanoseconds);               /* runs what becomes due, and delivers */
void MachineSpend(MACHINE *Machine, ULONG Least, ULONG Most);               /* a seeded cost passes; delivers nothing */
BOOLEAN MachineNextDue(const MACHINE *Machine, ULONGLONG *Due);

/* ---- clock.c, timer.c: what drivers see of it -------------------------------------------------------------------- */

#define CLOCK_TICK 156250ull                            /* 15.625 ms in units of 100 ns */
ULONGLONG MachineTicks(const MACHINE *Machine);         /* clock ticks since the machine was switched on */
ULONGLONG MachineSystemTime(const MACHINE *Machine);    /* 100 ns since 1601, moves with the ticks */
BOOLEAN TimersRun(MACHINE *Machine);                    /* some timer is set */
/* Memory that is going away must hold no timer that is set: stops. */
void TimersForget(MACHINE *Machine, const void *Start, SIZE_T Size, const char *Routine);

/* ---- processor.c: who runs, at which IRQL, with what held ---------------------------------------------------------
 *
 * Code of the driver always runs "on" a processor. A host call enters on one (the caller's choice, else the first), an
 * ISR and a DPC run on theirs, nested over whatever was running: the machine is a stack of frames on the calling
 * thread, one frame a processor that was taken over. A thread that waits gives its frame away.
 */
PROCESSOR *ProcessorCurrent(MACHINE *Machine);
PROCESSOR *ProcessorByNumber(MACHINE *Machine, USHORT Group, UCHAR Number);  /* NULL when it is not active */
PROCESSOR *ProcessorByIndex(MACHINE *Machine, ULONG Index);
ULONG ProcessorIndex(const PROCESSOR *Processor);
void ProcessorNumber(const PROCESSOR *Processor, PROCESSOR_NUMBER *Number);
KIRQL ProcessorIrql(MACHINE *Machine);
KIRQL ProcessorRaise(MACHINE *Machine, KIRQL New, const char *Routine);      /* stops when New is lower */
void ProcessorLower(MACHINE *Machine, KIRQL New, const char *Routine);       /* then delivers what that lets through */
void ProcessorNeeds(MACHINE *Machine, KIRQL Highest, const char *Routine);   /* stops when the IRQL is above */
void ProcessorSpinLockTaken(MACHINE *Machine, PKSPIN_LOCK Lock, const char *Routine);
void ProcessorSpinLockReleased(MACHINE *Machine, PKSPIN_LOCK Lock, const char *Routine);

/* A thread enters the kernel on a processor at PASSIVE_LEVEL and leaves it: a raised IRQL or a held lock stops. */
void ProcessorEnter(MACHINE *Machine, PROCESSOR *Processor);
void ProcessorLeave(MACHINE *Machine, const char *Routine);

/* A thread that waits for real gives its place away so that other threads can enter, and takes it again before it goes
 * on. Illegal at DISPATCH_LEVEL and above, with a lock held, in an ISR or a DPC: stops. The context dies with the
 * machine. */
typedef struct FRAME PROCESSOR_CONTEXT;
PROCESSOR_CONTEXT *ProcessorSuspend(MACHINE *Machine, const char *Routine);
void ProcessorResume(MACHINE *Machine, PROCESSOR_CONTEXT *Context);

/* Wherever hardware could interrupt: runs every ISR, then every DPC, that may run now. Called by register accesses,
 * lock releases, IRQL drops, stalls and at the end of every host call. */
void MachineDeliver(MACHINE *Machine);

/* ---- vector.c: from a line or a message to ISRs ------------------------------------------------------------------ */

/* NULL: no number is free at that IRQL on one of the processors (16 an IRQL and processor). */
VECTOR *VectorCreate(MACHINE *Machine, KIRQL Irql, USHORT Group, KAFFINITY Mask, KINTERRUPT_MODE Mode, BOOLEAN Shared);
void VectorDelete(VECTOR *Vector);                                           /* still connected: stops */
VECTOR *VectorFind(MACHINE *Machine, USHORT Group, ULONG Vector);            /* the first; see VectorFindOn */
/* Numbers repeat on other processors. */
VECTOR *VectorFindOn(MACHINE *Machine, USHORT Group, KAFFINITY Mask, ULONG Vector);
ULONG VectorNumber(const VECTOR *Vector);                                    /* its high four bits are the IRQL */
KIRQL VectorIrql(const VECTOR *Vector);
void VectorAssert(VECTOR *Vector);                                           /* a line rises: counted, shared: an OR */
void VectorDeassert(VECTOR *Vector);
void VectorSend(VECTOR *Vector);                                             /* a message, an edge, a bouncing line */
void VectorMessage(const VECTOR *Vector, PHYSICAL_ADDRESS *Address, ULONG *Data); /* what a device has to write */

/* Another device's driver on the same shared line: an interrupt that none of our ISRs may claim; the chain's invisible
 * last member does. Waits until somebody is connected. AtConnect: waits for the next connect and comes inside of it. */
void VectorForeign(VECTOR *Vector, BOOLEAN AtConnect);

/* What became of what was sent: delivered + folded + dropped + pending = sent (edges and messages). */
typedef struct VECTOR_COUNTS {
    ULONGLONG Sent, Delivered, Folded, Dropped, Claimed, Unclaimed;
} VECTOR_COUNTS;
void VectorCounts(const VECTOR *Vector, VECTOR_COUNTS *Counts);

/* ---- topology.c, dpc.c: single-group routines that wdm.h hides where NT_PROCESSOR_GROUPS is defined -------------- */

#ifndef SINGLE_GROUP_LEGACY_API
KAFFINITY NTAPI KeQueryActiveProcessors(VOID);
ULONG NTAPI KeQueryActiveProcessorCount(PKAFFINITY ActiveProcessors);
VOID NTAPI KeSetTargetProcessorDpc(PRKDPC Dpc, CCHAR Number);
ULONG NTAPI KeGetCurrentProcessorNumber(VOID);
#endif
PVOID NTAPI MmMapIoSpaceEx(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes, ULONG Protect); /* iospace.c */
NTSTATUS NTAPI KeQueryNodeActiveAffinity2(USHORT NodeNumber, PGROUP_AFFINITY GroupAffinities,
                                          USHORT GroupAffinitiesCount, PUSHORT GroupAffinitiesRequired);

/* ---- exports.c: which routines a profile's kernel has, by name --------------------------------------------------- */

/* A version times 100, or a build when it is larger than EXPORT_FIRST_BUILD. */
#define EXPORT_NT52 502
#define EXPORT_VISTA 600
#define EXPORT_WIN7 601
#define EXPORT_WIN10 1000
#define EXPORT_FIRST_BUILD 10000
#define EXPORT_WIN10_2004 19041
#define EXPORT_SERVER2022 20348

typedef struct EXPORT {
    const char *Name;
    PVOID Address;
    ULONG Since;
} EXPORT;

PVOID ExportFind(const MACHINE *Machine, const EXPORT *Table, ULONG Count, const UNICODE_STRING *Name);
PVOID MachineExport(const MACHINE *Machine, const UNICODE_STRING *Name);    /* one of the machine's own */

/* ---- interrupt*.c, dpc.c: what the rest state, the pool and IoDeleteDevice ask ----------------------------------- */

ULONG InterruptConnections(MACHINE *Machine, PDEVICE_OBJECT Pdo);            /* open connections of it; NULL: of all */
BOOLEAN DpcQueuedInside(MACHINE *Machine, const void *Start, SIZE_T Size);   /* memory that must not be freed yet */
ULONG PortclassCount(const MACHINE *Machine);                                /* portcls.c: objects that were not released */
BOOLEAN InterruptsAtRest(MACHINE *Machine, char *Answer, size_t AnswerSize); /* vectors, connections, DPCs, locks */

void CsqCancel(PIRP Irp);                                                    /* csq.c; the cancel lock is let go */

/* ---- bus.c, assign.c, device_*.c --------------------------------------------------------------------------------- */

ULONG MachineDevices(const MACHINE *Machine);
DEVICE *MachineDevice(MACHINE *Machine, ULONG Index);
DEVICE *MachineDeviceByName(MACHINE *Machine, const char *Name);
const char *DeviceName(const DEVICE *Device);                                /* edu0 */
const char *DeviceDescription(const DEVICE *Device);                         /* as an INF would say */
const char *DeviceInstance(const DEVICE *Device);                            /* PCI\VEN_1234&DEV_11E8&...\0 */
const char *DeviceHardwareIds(const DEVICE *Device);                         /* NUL-separated, ends with two */
BOOLEAN DeviceIsPci(const DEVICE *Device);
BOOLEAN DevicePresent(const DEVICE *Device);                                 /* FALSE once surprise-removed */
void DeviceVanish(DEVICE *Device);                                           /* registers read all-ones from now on */
void DeviceReturn(DEVICE *Device);                                           /* plugged in again, as after power-on */
void DevicePower(DEVICE *Device, BOOLEAN On);                                /* off: state is lost, reads all-ones */
void DeviceReset(DEVICE *Device);
ULONG DeviceConfigRead(DEVICE *Device, ULONG Offset, void *Buffer, ULONG Length);
ULONG DeviceConfigWrite(DEVICE *Device, ULONG Offset, const void *Buffer, ULONG Length);

/* The values of "Interrupt Management\Affinity Policy" and "...\MessageSignaledInterruptProperties" of the device. */
typedef struct DEVICE_POLICY {
    BOOLEAN HasPolicy, HasMask, HasGroup, HasMessageLimit;
    ULONG Policy, Priority, Group, MessageLimit, MessagesSupported;
    KAFFINITY Mask;
} DEVICE_POLICY;

/* What the bus driver asks for: memory or ports, then interrupts (messages first, the line as alternative). Policy
 * says whether messages may be asked for and how many; NULL: as installed. PlatformAllocate'd; NULL: needs nothing. */
PIO_RESOURCE_REQUIREMENTS_LIST DeviceRequirements(DEVICE *Device, const DEVICE_POLICY *Policy);

/* The other devices that hold the same line now. A line goes to one place, so it can move only while no other device
 * holds it: the PnP manager stops and unassigns them first, assigns this device, then them again. Where one refuses to
 * stop, this device gets the line where it is. Returns how many there are; List has room for Room of them. */
ULONG DeviceSharers(const DEVICE *Device, DEVICE **List, ULONG Room);

/* Chooses vectors, groups and masks for what was required after filtering. Both lists are PlatformAllocate'd, NULL
 * for a device without resources. The vectors live until DeviceUnassign. */
NTSTATUS DeviceAssign(DEVICE *Device, PIO_RESOURCE_REQUIREMENTS_LIST Requirements, const DEVICE_POLICY *Policy,
                      PCM_RESOURCE_LIST *Raw, PCM_RESOURCE_LIST *Translated);
void DeviceUnassign(DEVICE *Device);
void DeviceElsewhere(DEVICE *Device);                                        /* the next assignment differs */

/* The interrupts assigned to the device now, as the PDO's private property tells the connect routines. */
typedef struct ASSIGNED_INTERRUPT {
    BOOLEAN Message;
    VECTOR *Vector;
    ULONG Number;                       /* vector */
    KIRQL Irql;
    KINTERRUPT_MODE Mode;
    USHORT Group;
    KAFFINITY Mask;
} ASSIGNED_INTERRUPT;
ULONG DeviceAssigned(const DEVICE *Device, const ASSIGNED_INTERRUPT **List); /* 0: none, as for a root device */

/* The PDO behind a device: the PnP manager tells the pair, the connect routines look it up. */
void DeviceSetPdo(DEVICE *Device, PDEVICE_OBJECT Pdo);
DEVICE *DeviceOfPdo(MACHINE *Machine, PDEVICE_OBJECT Pdo);                   /* NULL: no such PDO */

PVOID BusMap(MACHINE *Machine, PHYSICAL_ADDRESS Address, SIZE_T Length);     /* NULL: nothing decodes there */
void BusUnmap(MACHINE *Machine, PVOID Address, SIZE_T Length);               /* stops when it was not mapped so */
ULONG BusRead(MACHINE *Machine, const volatile void *Address, ULONG Size, const char *Routine);
void BusWrite(MACHINE *Machine, volatile void *Address, ULONG Size, ULONG Value, const char *Routine);
ULONG BusPortRead(MACHINE *Machine, ULONG_PTR Port, ULONG Size, const char *Routine);
void BusPortWrite(MACHINE *Machine, ULONG_PTR Port, ULONG Size, ULONG Value, const char *Routine);

/* ---- fault.c: each inside the kernel or a device model, never in the judge --------------------------------------- */

typedef enum FAULT {
    FAULT_LOST, FAULT_LATE, FAULT_SPURIOUS, FAULT_STUCK, FAULT_STORM, FAULT_GONE, FAULT_RETARGET, FAULT_WRONG_GROUP,
    FAULT_OUTSIDE_MASK, FAULT_FALL_BACK, FAULT_NEVER_FIRES, FAULT_REFUSED, FAULT_COUNT
} FAULT;

/* Asked at the place where the fault would happen; TRUE takes one of the times it was armed for. */
BOOLEAN FaultHappens(MACHINE *Machine, FAULT Fault, const DEVICE *Device);

/* What a fault asks of the PnP manager, which takes it at PASSIVE_LEVEL at the end of a host call: a device that is no
 * longer there (surprise removal follows), or one that is to be stopped and started elsewhere. NULL: nothing. */
typedef enum NOTICE { NOTICE_GONE, NOTICE_REBALANCE } NOTICE;
DEVICE *MachineNotice(MACHINE *Machine, NOTICE *Notice);

/* ---- control.c: what a test, never a driver, says to the machine ------------------------------------------------- */

/* One line of words; the answer is a line or several. FALSE: the answer is what was wrong. Words that need the PnP
 * manager or the host are handled above this (pnp/control.c) before it is asked. */
BOOLEAN MachineControl(MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize);

/* The rest state: nothing pending, asserted, queued or held. FALSE: Answer lists what is. */
BOOLEAN MachineAtRest(MACHINE *Machine, char *Answer, size_t AnswerSize);    /* InterruptsAtRest and BusAtRest */
BOOLEAN BusAtRest(MACHINE *Machine, char *Answer, size_t AnswerSize);        /* lines, late interrupts, mappings */

#endif
