/*
 * The contract between irqscope.sys and its clients: the only place where a request code, a structure, a flag or a
 * limit is written down. It needs stdint.h and stddef.h and nothing else, so that any compiler on any system can prove it.
 *
 * Rules that every structure keeps:
 *   - fixed-width fields on their natural boundary, padding has a name, no pointer, no bit-field, no enum;
 *     the same bytes for 32-bit and 64-bit callers, little-endian;
 *   - Reserved fields and unknown flag bits are 0, and the driver refuses a request that sets them;
 *   - a request has exactly the size of its structure. A reply may be followed by records, where its comment says so.
 *
 * IRQSCOPE_CODE, IRQSCOPE_VALUE, IRQSCOPE_LAYOUT and IRQSCOPE_FIELD lines are read by a test of the Java client, too:
 * one of them a line, numbers as literals.
 */
#ifndef IRQSCOPE_CONTRACT_H
#define IRQSCOPE_CONTRACT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define IRQSCOPE_ASSERT(Condition, Text) static_assert(Condition, Text)
#else
#define IRQSCOPE_ASSERT(Condition, Text) _Static_assert(Condition, Text)
#endif

#define IRQSCOPE_LAYOUT(Type, Size) IRQSCOPE_ASSERT(sizeof(Type) == (Size), #Type " is not " #Size " bytes")
#define IRQSCOPE_FIELD(Type, Field, Offset) \
    IRQSCOPE_ASSERT(offsetof(Type, Field) == (Offset), #Type "." #Field " is not at " #Offset)
#define IRQSCOPE_VALUE(Name, Value) IRQSCOPE_ASSERT((Name) == (Value), #Name " is not " #Value)
#define IRQSCOPE_CODE(Name, Value) IRQSCOPE_ASSERT((Name) == (Value), #Name " is not " #Value)

/* ---- Version, interface, codes ------------------------------------------------------------------------------- */

#define IRQSCOPE_MAJOR 1u /* differs: the driver refuses the handle, naming both numbers */
#define IRQSCOPE_MINOR 0u /* told, never compared: what is there is said by the ability bits */
IRQSCOPE_VALUE(IRQSCOPE_MAJOR, 1);
IRQSCOPE_VALUE(IRQSCOPE_MINOR, 0);

/* The device interface class: {5c1f5f0e-8d0b-4e0e-9b52-6a0f2f6a7c11} */
#define IRQSCOPE_INTERFACE_GUID { 0x5c1f5f0e, 0x8d0b, 0x4e0e, { 0x9b, 0x52, 0x6a, 0x0f, 0x2f, 0x6a, 0x7c, 0x11 } }

/* A device type of the vendors' range, functions from the vendors' range. */
#define IRQSCOPE_DEVICE_TYPE 0x8A51u
#define IRQSCOPE_METHOD_BUFFERED 0u
#define IRQSCOPE_METHOD_OUT_DIRECT 2u
#define IRQSCOPE_ACCESS_READ 1u
#define IRQSCOPE_ACCESS_WRITE 2u
#define IRQSCOPE_CTL(Function, Method, Access) \
    ((IRQSCOPE_DEVICE_TYPE << 16) | ((Access) << 14) | ((Function) << 2) | (Method))

#define IRQSCOPE_CODE_VERSION    IRQSCOPE_CTL(0x800u, IRQSCOPE_METHOD_BUFFERED, IRQSCOPE_ACCESS_READ)
#define IRQSCOPE_CODE_MACHINE    IRQSCOPE_CTL(0x801u, IRQSCOPE_METHOD_BUFFERED, IRQSCOPE_ACCESS_READ)
#define IRQSCOPE_CODE_RESOURCES  IRQSCOPE_CTL(0x802u, IRQSCOPE_METHOD_BUFFERED, IRQSCOPE_ACCESS_READ)
#define IRQSCOPE_CODE_CONNECT    IRQSCOPE_CTL(0x803u, IRQSCOPE_METHOD_BUFFERED, IRQSCOPE_ACCESS_WRITE)
#define IRQSCOPE_CODE_DISCONNECT IRQSCOPE_CTL(0x804u, IRQSCOPE_METHOD_BUFFERED, IRQSCOPE_ACCESS_WRITE)
#define IRQSCOPE_CODE_AFFINITY   IRQSCOPE_CTL(0x805u, IRQSCOPE_METHOD_BUFFERED, IRQSCOPE_ACCESS_READ)
#define IRQSCOPE_CODE_TRIGGER    IRQSCOPE_CTL(0x806u, IRQSCOPE_METHOD_BUFFERED, IRQSCOPE_ACCESS_WRITE)
#define IRQSCOPE_CODE_MASK       IRQSCOPE_CTL(0x807u, IRQSCOPE_METHOD_BUFFERED, IRQSCOPE_ACCESS_WRITE)
#define IRQSCOPE_CODE_STATISTICS IRQSCOPE_CTL(0x808u, IRQSCOPE_METHOD_BUFFERED, IRQSCOPE_ACCESS_READ)
#define IRQSCOPE_CODE_EVENTS     IRQSCOPE_CTL(0x809u, IRQSCOPE_METHOD_OUT_DIRECT, IRQSCOPE_ACCESS_READ)
#define IRQSCOPE_CODE_RESET      IRQSCOPE_CTL(0x80Au, IRQSCOPE_METHOD_BUFFERED, IRQSCOPE_ACCESS_WRITE)
IRQSCOPE_CODE(IRQSCOPE_CODE_VERSION, 0x8A516000);
IRQSCOPE_CODE(IRQSCOPE_CODE_MACHINE, 0x8A516004);
IRQSCOPE_CODE(IRQSCOPE_CODE_RESOURCES, 0x8A516008);
IRQSCOPE_CODE(IRQSCOPE_CODE_CONNECT, 0x8A51A00C);
IRQSCOPE_CODE(IRQSCOPE_CODE_DISCONNECT, 0x8A51A010);
IRQSCOPE_CODE(IRQSCOPE_CODE_AFFINITY, 0x8A516014);
IRQSCOPE_CODE(IRQSCOPE_CODE_TRIGGER, 0x8A51A018);
IRQSCOPE_CODE(IRQSCOPE_CODE_MASK, 0x8A51A01C);
IRQSCOPE_CODE(IRQSCOPE_CODE_STATISTICS, 0x8A516020);
IRQSCOPE_CODE(IRQSCOPE_CODE_EVENTS, 0x8A516026);
IRQSCOPE_CODE(IRQSCOPE_CODE_RESET, 0x8A51A028);
#define IRQSCOPE_CODE_COUNT 11

/* ---- Limits ---------------------------------------------------------------------------------------------------- */

#define IRQSCOPE_MAXIMUM_CONNECTIONS 16u
#define IRQSCOPE_MAXIMUM_READS 64u             /* pending on one handle */
#define IRQSCOPE_MAXIMUM_TRIGGERS 1024u        /* raised by one request */
#define IRQSCOPE_MAXIMUM_TRIGGER_TIME 10000u   /* microseconds that one trigger request may take */
#define IRQSCOPE_MAXIMUM_MEMORY 0x10000000u    /* bytes of non-paged memory a device may hold for connections */
#define IRQSCOPE_MAXIMUM_EVENTS 65536u         /* events a processor's ring holds at most; a power of two */
#define IRQSCOPE_DEFAULT_EVENTS 1024u
#define IRQSCOPE_MAXIMUM_DELAY 10000000u       /* microseconds that an event may wait for its read to fill */
IRQSCOPE_VALUE(IRQSCOPE_MAXIMUM_CONNECTIONS, 16);
IRQSCOPE_VALUE(IRQSCOPE_MAXIMUM_READS, 64);
IRQSCOPE_VALUE(IRQSCOPE_MAXIMUM_TRIGGERS, 1024);
IRQSCOPE_VALUE(IRQSCOPE_MAXIMUM_TRIGGER_TIME, 10000);
IRQSCOPE_VALUE(IRQSCOPE_MAXIMUM_MEMORY, 0x10000000);
IRQSCOPE_VALUE(IRQSCOPE_MAXIMUM_EVENTS, 65536);
IRQSCOPE_VALUE(IRQSCOPE_DEFAULT_EVENTS, 1024);
IRQSCOPE_VALUE(IRQSCOPE_MAXIMUM_DELAY, 10000000);

/* ---- Words that several structures share ----------------------------------------------------------------------- */

#define IRQSCOPE_ALL 0xFFFFFFFFu          /* every target of a connection, where a field allows it */
#define IRQSCOPE_TIME_UNKNOWN 0xFFFFFFFFu /* a time that was not measured; a measured one stops at 0xFFFFFFFE */
IRQSCOPE_VALUE(IRQSCOPE_ALL, 0xFFFFFFFF);
IRQSCOPE_VALUE(IRQSCOPE_TIME_UNKNOWN, 0xFFFFFFFF);

/* Ways to connect. */
#define IRQSCOPE_WAY_IO_CONNECT_INTERRUPT 1u   /* IoConnectInterrupt */
#define IRQSCOPE_WAY_FULLY_SPECIFIED 2u        /* IoConnectInterruptEx, CONNECT_FULLY_SPECIFIED */
#define IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP 3u  /* IoConnectInterruptEx, CONNECT_FULLY_SPECIFIED_GROUP */
#define IRQSCOPE_WAY_LINE_BASED 4u             /* IoConnectInterruptEx, CONNECT_LINE_BASED */
#define IRQSCOPE_WAY_MESSAGE_BASED 5u          /* IoConnectInterruptEx, CONNECT_MESSAGE_BASED */
#define IRQSCOPE_WAY_PORTCLS 6u                /* PcNewInterruptSync and IInterruptSync::Connect */
IRQSCOPE_VALUE(IRQSCOPE_WAY_IO_CONNECT_INTERRUPT, 1);
IRQSCOPE_VALUE(IRQSCOPE_WAY_FULLY_SPECIFIED, 2);
IRQSCOPE_VALUE(IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP, 3);
IRQSCOPE_VALUE(IRQSCOPE_WAY_LINE_BASED, 4);
IRQSCOPE_VALUE(IRQSCOPE_WAY_MESSAGE_BASED, 5);
IRQSCOPE_VALUE(IRQSCOPE_WAY_PORTCLS, 6);

/* What a resource, and what a made connection, is. */
#define IRQSCOPE_KIND_LINE 1u
#define IRQSCOPE_KIND_MESSAGE 2u
IRQSCOPE_VALUE(IRQSCOPE_KIND_LINE, 1);
IRQSCOPE_VALUE(IRQSCOPE_KIND_MESSAGE, 2);

/* Where a granted affinity was read. */
#define IRQSCOPE_GRANTED_BY_INTERRUPT_OBJECT 1u  /* IoGetAffinityInterrupt */
#define IRQSCOPE_GRANTED_BY_ASSIGNED_RESOURCE 2u /* the translated resource, for an object that must not be asked */
#define IRQSCOPE_GRANTED_BY_COMPATIBILITY 3u     /* a kernel without IoGetAffinityInterrupt: group 0, the connect's mask */
IRQSCOPE_VALUE(IRQSCOPE_GRANTED_BY_INTERRUPT_OBJECT, 1);
IRQSCOPE_VALUE(IRQSCOPE_GRANTED_BY_ASSIGNED_RESOURCE, 2);
IRQSCOPE_VALUE(IRQSCOPE_GRANTED_BY_COMPATIBILITY, 3);

/* What the device is, which says how it is made to interrupt. */
#define IRQSCOPE_MODEL_NONE 0u  /* nothing of ours: the device's own interrupts are watched */
#define IRQSCOPE_MODEL_EDU 1u
#define IRQSCOPE_MODEL_82574 2u
#define IRQSCOPE_MODEL_IGB 3u
#define IRQSCOPE_MODEL_16550 4u
IRQSCOPE_VALUE(IRQSCOPE_MODEL_NONE, 0);
IRQSCOPE_VALUE(IRQSCOPE_MODEL_EDU, 1);
IRQSCOPE_VALUE(IRQSCOPE_MODEL_82574, 2);
IRQSCOPE_VALUE(IRQSCOPE_MODEL_IGB, 3);
IRQSCOPE_VALUE(IRQSCOPE_MODEL_16550, 4);

/* Every reply starts so. Status is the NTSTATUS of the kernel routine that was asked, untouched. */
typedef struct IRQSCOPE_REPLY {
    uint32_t Status;
    uint32_t Reserved;
} IRQSCOPE_REPLY;
IRQSCOPE_LAYOUT(IRQSCOPE_REPLY, 8);
IRQSCOPE_FIELD(IRQSCOPE_REPLY, Status, 0);
IRQSCOPE_FIELD(IRQSCOPE_REPLY, Reserved, 4);

/* A reply of records starts so: Count records of RecordSize bytes follow, the first is number Start of Total. */
typedef struct IRQSCOPE_PAGE {
    uint32_t Status;
    uint32_t RecordSize;
    uint32_t Total;
    uint32_t Start;
    uint32_t Count;
    uint32_t Flags;            /* of a histogram: IRQSCOPE_SLOT_INEXACT when interrupts kept changing it; else 0 */
} IRQSCOPE_PAGE;
IRQSCOPE_LAYOUT(IRQSCOPE_PAGE, 24);
IRQSCOPE_FIELD(IRQSCOPE_PAGE, Status, 0);
IRQSCOPE_FIELD(IRQSCOPE_PAGE, RecordSize, 4);
IRQSCOPE_FIELD(IRQSCOPE_PAGE, Total, 8);
IRQSCOPE_FIELD(IRQSCOPE_PAGE, Start, 12);
IRQSCOPE_FIELD(IRQSCOPE_PAGE, Count, 16);
IRQSCOPE_FIELD(IRQSCOPE_PAGE, Flags, 20);

/* ---- VERSION: the first request on a handle -------------------------------------------------------------------- */

typedef struct IRQSCOPE_VERSION_REQUEST {
    uint32_t Major; /* the contract that the client speaks */
    uint32_t Minor;
} IRQSCOPE_VERSION_REQUEST;
IRQSCOPE_LAYOUT(IRQSCOPE_VERSION_REQUEST, 8);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REQUEST, Major, 0);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REQUEST, Minor, 4);

/* Abilities: what this driver on this kernel can do. */
#define IRQSCOPE_ABILITY_CONNECT_EX 0x1u      /* IoConnectInterruptEx was found */
#define IRQSCOPE_ABILITY_AFFINITY 0x2u        /* IoGetAffinityInterrupt was found */
#define IRQSCOPE_ABILITY_GROUPS 0x4u          /* the processor group routines were found */
#define IRQSCOPE_ABILITY_PORTCLS 0x8u         /* built with the port class way, in its three modes */
#define IRQSCOPE_ABILITY_NX_POOL 0x10u        /* its memory is not executable */
IRQSCOPE_VALUE(IRQSCOPE_ABILITY_CONNECT_EX, 0x1);
IRQSCOPE_VALUE(IRQSCOPE_ABILITY_AFFINITY, 0x2);
IRQSCOPE_VALUE(IRQSCOPE_ABILITY_GROUPS, 0x4);
IRQSCOPE_VALUE(IRQSCOPE_ABILITY_PORTCLS, 0x8);
IRQSCOPE_VALUE(IRQSCOPE_ABILITY_NX_POOL, 0x10);

/* A reply is given for a foreign Major, too: Status is STATUS_REVISION_MISMATCH, Major and Minor are the driver's own,
 * and every other request on the handle is refused until the versions agree. */
typedef struct IRQSCOPE_VERSION_REPLY {
    uint32_t Status;
    uint32_t Major;
    uint32_t Minor;
    uint32_t Abilities;
    uint64_t Frequency;        /* of the performance counter, ticks a second: the unit of every time here */
    uint32_t KernelMajor;      /* as RtlGetVersion says */
    uint32_t KernelMinor;
    uint32_t KernelBuild;
    uint32_t MaximumConnections;
    uint32_t MaximumReads;
    uint32_t MaximumMemory;
} IRQSCOPE_VERSION_REPLY;
IRQSCOPE_LAYOUT(IRQSCOPE_VERSION_REPLY, 48);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REPLY, Status, 0);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REPLY, Major, 4);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REPLY, Minor, 8);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REPLY, Abilities, 12);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REPLY, Frequency, 16);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REPLY, KernelMajor, 24);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REPLY, KernelMinor, 28);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REPLY, KernelBuild, 32);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REPLY, MaximumConnections, 36);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REPLY, MaximumReads, 40);
IRQSCOPE_FIELD(IRQSCOPE_VERSION_REPLY, MaximumMemory, 44);

/* ---- MACHINE: groups, then NUMA nodes, as the kernel tells them ------------------------------------------------ */

/* Also the request of RESOURCES. */
typedef struct IRQSCOPE_LIST_REQUEST {
    uint32_t Start; /* number of the first record wanted */
    uint32_t Reserved;
} IRQSCOPE_LIST_REQUEST;
IRQSCOPE_LAYOUT(IRQSCOPE_LIST_REQUEST, 8);
IRQSCOPE_FIELD(IRQSCOPE_LIST_REQUEST, Start, 0);
IRQSCOPE_FIELD(IRQSCOPE_LIST_REQUEST, Reserved, 4);

#define IRQSCOPE_MACHINE_GROUP 1u
#define IRQSCOPE_MACHINE_NODE 2u
IRQSCOPE_VALUE(IRQSCOPE_MACHINE_GROUP, 1);
IRQSCOPE_VALUE(IRQSCOPE_MACHINE_NODE, 2);

/* The reply is an IRQSCOPE_PAGE of these. */
typedef struct IRQSCOPE_MACHINE_RECORD {
    uint16_t Kind;
    uint16_t Number;         /* of the group or the node */
    uint16_t Group;          /* the group that Mask speaks of */
    uint8_t Active;          /* processors in Mask */
    uint8_t Maximum;         /* processors that the group can ever have; 0 for a node */
    uint64_t Mask;
} IRQSCOPE_MACHINE_RECORD;
IRQSCOPE_LAYOUT(IRQSCOPE_MACHINE_RECORD, 16);
IRQSCOPE_FIELD(IRQSCOPE_MACHINE_RECORD, Kind, 0);
IRQSCOPE_FIELD(IRQSCOPE_MACHINE_RECORD, Number, 2);
IRQSCOPE_FIELD(IRQSCOPE_MACHINE_RECORD, Group, 4);
IRQSCOPE_FIELD(IRQSCOPE_MACHINE_RECORD, Active, 6);
IRQSCOPE_FIELD(IRQSCOPE_MACHINE_RECORD, Maximum, 7);
IRQSCOPE_FIELD(IRQSCOPE_MACHINE_RECORD, Mask, 8);

/* ---- RESOURCES: what the PnP manager assigned to this device ---------------------------------------------------- */

#define IRQSCOPE_DEVICE_STARTED 0x1u   /* resources are assigned and the device may be asked to interrupt */
#define IRQSCOPE_DEVICE_POWERED 0x2u   /* in D0 */
#define IRQSCOPE_DEVICE_OWNED 0x4u     /* some handle, or the device itself, owns its connections */
#define IRQSCOPE_DEVICE_MASKED 0x8u    /* masked by request */
#define IRQSCOPE_DEVICE_STORM 0x10u    /* masked by the storm guard */
IRQSCOPE_VALUE(IRQSCOPE_DEVICE_STARTED, 0x1);
IRQSCOPE_VALUE(IRQSCOPE_DEVICE_POWERED, 0x2);
IRQSCOPE_VALUE(IRQSCOPE_DEVICE_OWNED, 0x4);
IRQSCOPE_VALUE(IRQSCOPE_DEVICE_MASKED, 0x8);
IRQSCOPE_VALUE(IRQSCOPE_DEVICE_STORM, 0x10);

/* The reply: this, then Count records. */
typedef struct IRQSCOPE_RESOURCES_REPLY {
    uint32_t Status;
    uint32_t RecordSize;
    uint32_t Total;
    uint32_t Start;
    uint32_t Count;
    uint32_t Model;            /* IRQSCOPE_MODEL_* */
    uint32_t DeviceFlags;      /* IRQSCOPE_DEVICE_* */
    uint32_t Starts;           /* times this device was started since the driver was attached to it */
    uint32_t MessagesAsked;    /* messages in the requirements when the device was last assigned; 0: only a line */
    uint32_t Reserved;
} IRQSCOPE_RESOURCES_REPLY;
IRQSCOPE_LAYOUT(IRQSCOPE_RESOURCES_REPLY, 40);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCES_REPLY, Status, 0);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCES_REPLY, RecordSize, 4);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCES_REPLY, Total, 8);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCES_REPLY, Start, 12);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCES_REPLY, Count, 16);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCES_REPLY, Model, 20);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCES_REPLY, DeviceFlags, 24);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCES_REPLY, Starts, 28);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCES_REPLY, MessagesAsked, 32);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCES_REPLY, Reserved, 36);

#define IRQSCOPE_RESOURCE_LATCHED 0x1u
#define IRQSCOPE_RESOURCE_SHARED 0x2u
#define IRQSCOPE_RESOURCE_POLICY 0x4u /* CM_RESOURCE_INTERRUPT_POLICY_INCLUDED */
IRQSCOPE_VALUE(IRQSCOPE_RESOURCE_LATCHED, 0x1);
IRQSCOPE_VALUE(IRQSCOPE_RESOURCE_SHARED, 0x2);
IRQSCOPE_VALUE(IRQSCOPE_RESOURCE_POLICY, 0x4);

typedef struct IRQSCOPE_RESOURCE_RECORD {
    uint32_t Kind;             /* IRQSCOPE_KIND_* */
    uint32_t Number;           /* N of line:N or message:N, from 0 within the kind */
    uint32_t Flags;            /* IRQSCOPE_RESOURCE_* */
    uint32_t Connection;       /* the connection that it is in, 0 when in none */
    uint32_t Vector;           /* translated */
    uint32_t Irql;             /* translated level */
    uint64_t Mask;             /* translated affinity */
    uint16_t Group;            /* translated group */
    uint16_t RawGroup;
    uint32_t RawVector;
    uint32_t RawLevel;         /* of a line; the number of messages behind this descriptor for a message */
    uint32_t Reserved;
    uint64_t RawMask;
} IRQSCOPE_RESOURCE_RECORD;
IRQSCOPE_LAYOUT(IRQSCOPE_RESOURCE_RECORD, 56);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, Kind, 0);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, Number, 4);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, Flags, 8);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, Connection, 12);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, Vector, 16);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, Irql, 20);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, Mask, 24);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, Group, 32);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, RawGroup, 34);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, RawVector, 36);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, RawLevel, 40);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, Reserved, 44);
IRQSCOPE_FIELD(IRQSCOPE_RESOURCE_RECORD, RawMask, 48);

/* ---- CONNECT ---------------------------------------------------------------------------------------------------- */

/* PROCESSORS: Mask is given (it may be empty: the kernel is asked and its answer told); only for the ways that hand the
 * kernel a mask, the first three. */
#define IRQSCOPE_CONNECT_PROCESSORS 0x1u
#define IRQSCOPE_CONNECT_FALLBACK 0x2u    /* message-based only: connect a line when there are no messages */
#define IRQSCOPE_CONNECT_SHARED_LOCK 0x4u /* message-based only: one lock and one IRQL for all messages */
#define IRQSCOPE_CONNECT_SYNC_ALL 0x8u    /* portcls only: InterruptSyncModeAll instead of InterruptSyncModeNormal */
#define IRQSCOPE_CONNECT_SYNC_REPEAT 0x10u /* portcls only: InterruptSyncModeRepeat; wants a StormRate */
IRQSCOPE_VALUE(IRQSCOPE_CONNECT_PROCESSORS, 0x1);
IRQSCOPE_VALUE(IRQSCOPE_CONNECT_FALLBACK, 0x2);
IRQSCOPE_VALUE(IRQSCOPE_CONNECT_SHARED_LOCK, 0x4);
IRQSCOPE_VALUE(IRQSCOPE_CONNECT_SYNC_ALL, 0x8);
IRQSCOPE_VALUE(IRQSCOPE_CONNECT_SYNC_REPEAT, 0x10);

typedef struct IRQSCOPE_CONNECT_REQUEST {
    uint32_t Way;              /* IRQSCOPE_WAY_* */
    uint32_t Kind;             /* the resource: IRQSCOPE_KIND_* ... */
    uint32_t Number;           /* ... and its number. line-based and message-based take every one: they want 0 here,
                                  and any kind or 0 above */
    uint32_t Flags;            /* IRQSCOPE_CONNECT_* */
    uint64_t Mask;             /* with IRQSCOPE_CONNECT_PROCESSORS: a part of the resource's own processors */
    uint32_t Events;           /* events that a processor's ring holds, a power of two; 0: IRQSCOPE_DEFAULT_EVENTS */
    uint32_t StormRate;        /* interrupts a second above which the device is masked; 0: no guard */
} IRQSCOPE_CONNECT_REQUEST;
IRQSCOPE_LAYOUT(IRQSCOPE_CONNECT_REQUEST, 32);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REQUEST, Way, 0);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REQUEST, Kind, 4);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REQUEST, Number, 8);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REQUEST, Flags, 12);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REQUEST, Mask, 16);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REQUEST, Events, 24);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REQUEST, StormRate, 28);

typedef struct IRQSCOPE_CONNECT_REPLY {
    uint32_t Status;           /* of the connect routine; Connection is 0 unless it succeeded */
    uint32_t Connection;       /* opaque, never 0, not used again soon */
    uint32_t Targets;          /* interrupt objects that can be asked and triggered, from 0 */
    uint32_t ConnectedAs;      /* IRQSCOPE_KIND_*: a line, also by fallback, or messages */
    uint32_t Version;          /* that IoConnectInterruptEx left in its parameters; 0 for other routines */
    uint32_t SynchronizeIrql;  /* as asked; 0 where the kernel chose */
    uint32_t UnifiedIrql;      /* of the message table, else 0 */
    uint32_t Slots;            /* of per-processor state, the stray slot counted */
} IRQSCOPE_CONNECT_REPLY;
IRQSCOPE_LAYOUT(IRQSCOPE_CONNECT_REPLY, 32);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REPLY, Status, 0);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REPLY, Connection, 4);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REPLY, Targets, 8);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REPLY, ConnectedAs, 12);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REPLY, Version, 16);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REPLY, SynchronizeIrql, 20);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REPLY, UnifiedIrql, 24);
IRQSCOPE_FIELD(IRQSCOPE_CONNECT_REPLY, Slots, 28);

/* ---- DISCONNECT, RESET: an IRQSCOPE_REPLY comes back ------------------------------------------------------------ */

typedef struct IRQSCOPE_CONNECTION_REQUEST {
    uint32_t Connection;
    uint32_t Reserved;
} IRQSCOPE_CONNECTION_REQUEST;
IRQSCOPE_LAYOUT(IRQSCOPE_CONNECTION_REQUEST, 8);
IRQSCOPE_FIELD(IRQSCOPE_CONNECTION_REQUEST, Connection, 0);
IRQSCOPE_FIELD(IRQSCOPE_CONNECTION_REQUEST, Reserved, 4);

/* ---- AFFINITY --------------------------------------------------------------------------------------------------- */

/* Also the request for one target elsewhere. */
typedef struct IRQSCOPE_TARGET_REQUEST {
    uint32_t Connection;
    uint32_t Target;
} IRQSCOPE_TARGET_REQUEST;
IRQSCOPE_LAYOUT(IRQSCOPE_TARGET_REQUEST, 8);
IRQSCOPE_FIELD(IRQSCOPE_TARGET_REQUEST, Connection, 0);
IRQSCOPE_FIELD(IRQSCOPE_TARGET_REQUEST, Target, 4);

typedef struct IRQSCOPE_AFFINITY_REPLY {
    uint32_t Status;            /* of IoGetAffinityInterrupt, or STATUS_SUCCESS where it was not asked */
    uint32_t GrantedBy;         /* IRQSCOPE_GRANTED_BY_* */
    uint64_t Mask;              /* GROUP_AFFINITY, untouched */
    uint16_t Group;
    uint16_t Reserved[3];       /* GROUP_AFFINITY's own, untouched: shown, and expected to be 0 */
    uint32_t Way;               /* of the connection */
    uint32_t ConnectedAs;
    uint32_t Targets;           /* of the connection */
    uint32_t Kind;              /* the resource behind this target ... */
    uint32_t Number;            /* ... and its number */
    uint32_t Vector;            /* as the message table says for a message, else as connected */
    uint32_t Irql;
    uint32_t Padding;
    uint64_t RequestedMask;     /* that the connect asked for */
    uint16_t RequestedGroup;
    uint16_t Padding2[3];
} IRQSCOPE_AFFINITY_REPLY;
IRQSCOPE_LAYOUT(IRQSCOPE_AFFINITY_REPLY, 72);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, Status, 0);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, GrantedBy, 4);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, Mask, 8);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, Group, 16);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, Reserved, 18);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, Way, 24);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, ConnectedAs, 28);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, Targets, 32);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, Kind, 36);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, Number, 40);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, Vector, 44);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, Irql, 48);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, Padding, 52);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, RequestedMask, 56);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, RequestedGroup, 64);
IRQSCOPE_FIELD(IRQSCOPE_AFFINITY_REPLY, Padding2, 66);

/* ---- TRIGGER: make the device interrupt -------------------------------------------------------------------------- */

#define IRQSCOPE_TRIGGER_PACED 0x1u /* each one waits for the ISR of the one before; only these carry a time */
IRQSCOPE_VALUE(IRQSCOPE_TRIGGER_PACED, 0x1);

typedef struct IRQSCOPE_TRIGGER_REQUEST {
    uint32_t Connection;
    uint32_t Target;           /* or IRQSCOPE_ALL: each target Count times */
    uint32_t Count;            /* 1 .. IRQSCOPE_MAXIMUM_TRIGGERS in all */
    uint32_t Flags;            /* IRQSCOPE_TRIGGER_PACED */
    uint32_t Limit;            /* paced: microseconds after which one counts as lost, 1 .. IRQSCOPE_MAXIMUM_TRIGGER_TIME;
                                  else 0 */
    uint32_t Reserved;
} IRQSCOPE_TRIGGER_REQUEST;
IRQSCOPE_LAYOUT(IRQSCOPE_TRIGGER_REQUEST, 24);
IRQSCOPE_FIELD(IRQSCOPE_TRIGGER_REQUEST, Connection, 0);
IRQSCOPE_FIELD(IRQSCOPE_TRIGGER_REQUEST, Target, 4);
IRQSCOPE_FIELD(IRQSCOPE_TRIGGER_REQUEST, Count, 8);
IRQSCOPE_FIELD(IRQSCOPE_TRIGGER_REQUEST, Flags, 12);
IRQSCOPE_FIELD(IRQSCOPE_TRIGGER_REQUEST, Limit, 16);
IRQSCOPE_FIELD(IRQSCOPE_TRIGGER_REQUEST, Reserved, 20);

/* Sent may be less than asked: the time of one request is up, the storm guard masked the device, or it went away. A device
 * that was masked by request takes triggers and keeps their cause until it is unmasked. */
typedef struct IRQSCOPE_TRIGGER_REPLY {
    uint32_t Status;           /* STATUS_SUCCESS, or why it stopped early: STATUS_TIMEOUT when its 10 ms were over */
    uint32_t Sent;
    uint32_t Arrived;          /* paced: those whose ISR ran in time */
    uint32_t Lost;             /* paced: those whose ISR did not */
} IRQSCOPE_TRIGGER_REPLY;
IRQSCOPE_LAYOUT(IRQSCOPE_TRIGGER_REPLY, 16);
IRQSCOPE_FIELD(IRQSCOPE_TRIGGER_REPLY, Status, 0);
IRQSCOPE_FIELD(IRQSCOPE_TRIGGER_REPLY, Sent, 4);
IRQSCOPE_FIELD(IRQSCOPE_TRIGGER_REPLY, Arrived, 8);
IRQSCOPE_FIELD(IRQSCOPE_TRIGGER_REPLY, Lost, 12);

/* ---- MASK: keep the device from interrupting, or let it again; an IRQSCOPE_REPLY comes back -------------------- */

typedef struct IRQSCOPE_MASK_REQUEST {
    uint32_t Masked;           /* 1 or 0; 0 also ends what the storm guard did */
    uint32_t Reserved;
} IRQSCOPE_MASK_REQUEST;
IRQSCOPE_LAYOUT(IRQSCOPE_MASK_REQUEST, 8);
IRQSCOPE_FIELD(IRQSCOPE_MASK_REQUEST, Masked, 0);
IRQSCOPE_FIELD(IRQSCOPE_MASK_REQUEST, Reserved, 4);

/* ---- STATISTICS -------------------------------------------------------------------------------------------------- */

#define IRQSCOPE_STATISTICS_COUNTERS 1u  /* an IRQSCOPE_PAGE of IRQSCOPE_COUNTERS, one a target; Slot is 0 */
#define IRQSCOPE_STATISTICS_SLOTS 2u     /* an IRQSCOPE_PAGE of IRQSCOPE_SLOT; Slot is 0 */
#define IRQSCOPE_STATISTICS_HISTOGRAM 3u /* an IRQSCOPE_PAGE of uint64_t counts, one a bucket, of one slot */
IRQSCOPE_VALUE(IRQSCOPE_STATISTICS_COUNTERS, 1);
IRQSCOPE_VALUE(IRQSCOPE_STATISTICS_SLOTS, 2);
IRQSCOPE_VALUE(IRQSCOPE_STATISTICS_HISTOGRAM, 3);

#define IRQSCOPE_HISTOGRAM_TRIGGER_TO_ISR 0u
#define IRQSCOPE_HISTOGRAM_ISR_TO_DPC 1u
#define IRQSCOPE_HISTOGRAM_ISR_DURATION 2u
#define IRQSCOPE_HISTOGRAMS 3u
IRQSCOPE_VALUE(IRQSCOPE_HISTOGRAM_TRIGGER_TO_ISR, 0);
IRQSCOPE_VALUE(IRQSCOPE_HISTOGRAM_ISR_TO_DPC, 1);
IRQSCOPE_VALUE(IRQSCOPE_HISTOGRAM_ISR_DURATION, 2);
IRQSCOPE_VALUE(IRQSCOPE_HISTOGRAMS, 3);

/* Log-linear: a value below 32 has its own bucket; each power of two above is cut into 32 equal ones, so a bucket is
 * never wider than 1/32 (3.2 %) of its lowest value. Bucket of v >= 32, with e = floor(log2 v):
 * (e - 4) * 32 + (v >> (e - 5)) - 32. Values are ticks and stop at 0xFFFFFFFE. */
#define IRQSCOPE_HISTOGRAM_BUCKETS 896u
#define IRQSCOPE_HISTOGRAM_PRECISION_BITS 5u
IRQSCOPE_VALUE(IRQSCOPE_HISTOGRAM_BUCKETS, 896);
IRQSCOPE_VALUE(IRQSCOPE_HISTOGRAM_PRECISION_BITS, 5);

typedef struct IRQSCOPE_STATISTICS_REQUEST {
    uint32_t Connection;
    uint32_t What;             /* IRQSCOPE_STATISTICS_* */
    uint32_t Start;            /* number of the first record wanted: target, slot or bucket */
    uint32_t Slot;             /* of a histogram */
    uint32_t Histogram;        /* IRQSCOPE_HISTOGRAM_*; 0 unless What asks for one */
    uint32_t Reserved;
} IRQSCOPE_STATISTICS_REQUEST;
IRQSCOPE_LAYOUT(IRQSCOPE_STATISTICS_REQUEST, 24);
IRQSCOPE_FIELD(IRQSCOPE_STATISTICS_REQUEST, Connection, 0);
IRQSCOPE_FIELD(IRQSCOPE_STATISTICS_REQUEST, What, 4);
IRQSCOPE_FIELD(IRQSCOPE_STATISTICS_REQUEST, Start, 8);
IRQSCOPE_FIELD(IRQSCOPE_STATISTICS_REQUEST, Slot, 12);
IRQSCOPE_FIELD(IRQSCOPE_STATISTICS_REQUEST, Histogram, 16);
IRQSCOPE_FIELD(IRQSCOPE_STATISTICS_REQUEST, Reserved, 20);

#define IRQSCOPE_COUNTERS_STORM 0x1u /* the storm guard masked the device because of this target */
IRQSCOPE_VALUE(IRQSCOPE_COUNTERS_STORM, 0x1);

/* Of one interrupt object, a consistent copy: taken under KeSynchronizeExecution. */
typedef struct IRQSCOPE_COUNTERS {
    uint32_t Target;
    uint32_t Flags;            /* IRQSCOPE_COUNTERS_* */
    uint64_t Sent;             /* triggers written to the device */
    uint64_t Claimed;          /* ISR runs whose device said: it was me */
    uint64_t NotClaimed;       /* ISR runs whose device did not */
    uint64_t Lost;             /* paced triggers without an ISR within their limit */
    uint64_t Stray;            /* ISR runs on a processor that has no slot: outside the mask connected for */
    uint64_t FirstTime;        /* performance counter at the first and the last claimed run, 0 before one */
    uint64_t LastTime;
} IRQSCOPE_COUNTERS;
IRQSCOPE_LAYOUT(IRQSCOPE_COUNTERS, 64);
IRQSCOPE_FIELD(IRQSCOPE_COUNTERS, Target, 0);
IRQSCOPE_FIELD(IRQSCOPE_COUNTERS, Flags, 4);
IRQSCOPE_FIELD(IRQSCOPE_COUNTERS, Sent, 8);
IRQSCOPE_FIELD(IRQSCOPE_COUNTERS, Claimed, 16);
IRQSCOPE_FIELD(IRQSCOPE_COUNTERS, NotClaimed, 24);
IRQSCOPE_FIELD(IRQSCOPE_COUNTERS, Lost, 32);
IRQSCOPE_FIELD(IRQSCOPE_COUNTERS, Stray, 40);
IRQSCOPE_FIELD(IRQSCOPE_COUNTERS, FirstTime, 48);
IRQSCOPE_FIELD(IRQSCOPE_COUNTERS, LastTime, 56);

#define IRQSCOPE_SLOT_STRAY 0x1u   /* the connection's one slot for processors without their own: no histograms */
#define IRQSCOPE_SLOT_INEXACT 0x2u /* interrupts kept changing it while it was copied */
IRQSCOPE_VALUE(IRQSCOPE_SLOT_STRAY, 0x1);
IRQSCOPE_VALUE(IRQSCOPE_SLOT_INEXACT, 0x2);

/* One processor at one SynchronizeIrql within the connection: what ran there. */
typedef struct IRQSCOPE_SLOT {
    uint32_t Slot;
    uint32_t Flags;            /* IRQSCOPE_SLOT_* */
    uint16_t Group;            /* of a stray slot: of its last run */
    uint8_t Number;
    uint8_t Irql;
    uint32_t Reserved;
    uint64_t Claimed;
    uint64_t NotClaimed;
    uint64_t Dpcs;             /* runs of this slot's DPC */
    uint64_t DpcsElsewhere;    /* those on another processor than the slot's */
    uint64_t EventsLost;       /* events that found the ring full */
    uint64_t LastTime;         /* performance counter at the last claimed run */
} IRQSCOPE_SLOT;
IRQSCOPE_LAYOUT(IRQSCOPE_SLOT, 64);
IRQSCOPE_FIELD(IRQSCOPE_SLOT, Slot, 0);
IRQSCOPE_FIELD(IRQSCOPE_SLOT, Flags, 4);
IRQSCOPE_FIELD(IRQSCOPE_SLOT, Group, 8);
IRQSCOPE_FIELD(IRQSCOPE_SLOT, Number, 10);
IRQSCOPE_FIELD(IRQSCOPE_SLOT, Irql, 11);
IRQSCOPE_FIELD(IRQSCOPE_SLOT, Reserved, 12);
IRQSCOPE_FIELD(IRQSCOPE_SLOT, Claimed, 16);
IRQSCOPE_FIELD(IRQSCOPE_SLOT, NotClaimed, 24);
IRQSCOPE_FIELD(IRQSCOPE_SLOT, Dpcs, 32);
IRQSCOPE_FIELD(IRQSCOPE_SLOT, DpcsElsewhere, 40);
IRQSCOPE_FIELD(IRQSCOPE_SLOT, EventsLost, 48);
IRQSCOPE_FIELD(IRQSCOPE_SLOT, LastTime, 56);

/* ---- EVENTS: the stream, in runs --------------------------------------------------------------------------------- */

/* Completed when Fill bytes are there, or the oldest event has waited Delay. Several may be pending; they are completed
 * in order. The device's stop or the last disconnect completes them with what there is, or STATUS_DEVICE_NOT_CONNECTED. */
typedef struct IRQSCOPE_EVENTS_REQUEST {
    uint32_t Fill;             /* bytes, at most the buffer's; 0: complete as soon as there is an event */
    uint32_t Delay;            /* microseconds, at most IRQSCOPE_MAXIMUM_DELAY; 0: do not wait for Fill */
    uint32_t Flags;            /* 0 */
    uint32_t Reserved;
} IRQSCOPE_EVENTS_REQUEST;
IRQSCOPE_LAYOUT(IRQSCOPE_EVENTS_REQUEST, 16);
IRQSCOPE_FIELD(IRQSCOPE_EVENTS_REQUEST, Fill, 0);
IRQSCOPE_FIELD(IRQSCOPE_EVENTS_REQUEST, Delay, 4);
IRQSCOPE_FIELD(IRQSCOPE_EVENTS_REQUEST, Flags, 8);
IRQSCOPE_FIELD(IRQSCOPE_EVENTS_REQUEST, Reserved, 12);

/* One processor's consecutive events: this header, then Count events. A read holds whole runs, one after the other. */
typedef struct IRQSCOPE_RUN {
    uint64_t Base;             /* performance counter that the events' times count from */
    uint64_t Sequence;         /* of the first event: grows by one for each event of this processor, lost ones counted */
    uint32_t Connection;
    uint32_t Count;
    uint32_t Lost;             /* events lost directly before the first one */
    uint16_t Group;
    uint8_t Number;
    uint8_t Irql;              /* SynchronizeIrql: two of them on one processor are two streams */
} IRQSCOPE_RUN;
IRQSCOPE_LAYOUT(IRQSCOPE_RUN, 32);
IRQSCOPE_FIELD(IRQSCOPE_RUN, Base, 0);
IRQSCOPE_FIELD(IRQSCOPE_RUN, Sequence, 8);
IRQSCOPE_FIELD(IRQSCOPE_RUN, Connection, 16);
IRQSCOPE_FIELD(IRQSCOPE_RUN, Count, 20);
IRQSCOPE_FIELD(IRQSCOPE_RUN, Lost, 24);
IRQSCOPE_FIELD(IRQSCOPE_RUN, Group, 28);
IRQSCOPE_FIELD(IRQSCOPE_RUN, Number, 30);
IRQSCOPE_FIELD(IRQSCOPE_RUN, Irql, 31);

#define IRQSCOPE_EVENT_CLAIMED 0x1u /* the device said that it interrupted; without: a foreign or spurious call */
#define IRQSCOPE_EVENT_STRAY 0x2u   /* on a processor that has no slot */
#define IRQSCOPE_EVENT_PACED 0x4u   /* TriggerToIsr is measured */
IRQSCOPE_VALUE(IRQSCOPE_EVENT_CLAIMED, 0x1);
IRQSCOPE_VALUE(IRQSCOPE_EVENT_STRAY, 0x2);
IRQSCOPE_VALUE(IRQSCOPE_EVENT_PACED, 0x4);

typedef struct IRQSCOPE_EVENT {
    uint32_t Time;             /* ticks since the run's Base */
    uint32_t TriggerToIsr;     /* ticks, or IRQSCOPE_TIME_UNKNOWN */
    uint32_t IsrToDpc;         /* ticks, or IRQSCOPE_TIME_UNKNOWN */
    uint16_t Target;           /* of the connection: the message, 0 for a line */
    uint16_t Flags;            /* IRQSCOPE_EVENT_* */
} IRQSCOPE_EVENT;
IRQSCOPE_LAYOUT(IRQSCOPE_EVENT, 16);
IRQSCOPE_FIELD(IRQSCOPE_EVENT, Time, 0);
IRQSCOPE_FIELD(IRQSCOPE_EVENT, TriggerToIsr, 4);
IRQSCOPE_FIELD(IRQSCOPE_EVENT, IsrToDpc, 8);
IRQSCOPE_FIELD(IRQSCOPE_EVENT, Target, 12);
IRQSCOPE_FIELD(IRQSCOPE_EVENT, Flags, 14);

#endif
