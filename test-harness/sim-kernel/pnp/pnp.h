/*
 * The PnP manager's rules for one device (node.c), the operations made of them (request.c), and what a PDO of
 * the simulated bus answers (pdo.c). They serve the simulated kernel, and the driver under Wine, whose own PnP manager
 * enumerates, adds, starts and removes devices but knows no resources, no filtering, no stop and no veto.
 *
 * Called with the machine's lock held, at PASSIVE_LEVEL.
 */
#ifndef PNP_H
#define PNP_H

#include "machine.h"
#include "platform.h"

typedef struct KERNEL KERNEL;           /* whatever it is linked into */
typedef struct PNP PNP;
typedef struct PNP_NODE PNP_NODE;

typedef enum NODE_STATE {
    NODE_ENUMERATED,                    /* there is a PDO and no function driver */
    NODE_ADDED,                         /* AddDevice ran */
    NODE_STARTED,
    NODE_STOPPED,                       /* between STOP and START */
    NODE_SURPRISE_REMOVED,              /* the device went; REMOVE waits for the last handle */
    NODE_FAILED,                        /* AddDevice or START failed; Problem says which and how */
    NODE_GONE                           /* no PDO: the device is not plugged in */
} NODE_STATE;

struct PNP_NODE {
    KERNEL *Kernel;
    PNP *Pnp;
    ULONG Index;
    DEVICE *Device;
    PDEVICE_OBJECT Pdo;
    NODE_STATE State;
    char Problem[160];
    NTSTATUS ProblemStatus;
    PCM_RESOURCE_LIST Raw;
    PCM_RESOURCE_LIST Translated;
    BOOLEAN Assigned;
    DEVICE_POWER_STATE Power;           /* as the bus driver sees it */
    SYSTEM_POWER_STATE System;
    DEVICE_POWER_STATE Reported;        /* as PoSetPowerState was told */
    struct POWER_REQUEST *PowerRequests;    /* device power IRPs: the first is under way */
    LONG BusReferences;                 /* of BUS_INTERFACE_STANDARD */
    BOOLEAN Invalidated;                /* IoInvalidateDeviceState: its state is to be asked */
    struct PNP_INTERFACE *Interfaces;   /* the kernel's */
    ULONG Handles;                      /* open file objects on its stack */
    BOOLEAN Leaving;                    /* from QUERY_REMOVE or the surprise on nobody opens it any more */
    ULONG Starts;
};

struct PNP {
    MACHINE *Machine;
    PNP_NODE Nodes[MACHINE_MAXIMUM_DEVICES];
    ULONG NodeCount;
    BOOLEAN Busy;                       /* an operation is under way */
};

/* ---- node.c -------------------------------------------------------------------------------------------------- */

void PnpCreate(KERNEL *Kernel);                         /* a node for each device of the machine, without a PDO */
ULONG PnpNodes(KERNEL *Kernel);
PNP_NODE *PnpNode(KERNEL *Kernel, ULONG Index);
PNP_NODE *PnpNodeByName(KERNEL *Kernel, const char *Name);      /* edu0 */
PNP_NODE *PnpNodeByInstance(KERNEL *Kernel, const char *Instance);     /* PCI\VEN_..., in any case */
PNP_NODE *PnpNodeOfPdo(KERNEL *Kernel, PDEVICE_OBJECT Pdo);
const char *NodeStateName(const PNP_NODE *Node);
NTSTATUS NodeSend(PNP_NODE *Node, UCHAR Minor, PIO_STACK_LOCATION Stack, ULONG_PTR Information,
                  PIO_STATUS_BLOCK Result);
void NodeTell(PNP_NODE *Node, UCHAR Minor);             /* the same for what a driver must not fail */
void NodeFailed(PNP_NODE *Node, const char *Step, NTSTATUS Status);
NTSTATUS NodeAssign(PNP_NODE *Node);                    /* FILTER, then the assignment: Raw and Translated */
void NodeStarted(PNP_NODE *Node);                       /* START succeeded: what follows it */
BOOLEAN NodeStart(PNP_NODE *Node, const DEVICE_POLICY *Forced);     /* FILTER, assignment, START; on failure REMOVE */
BOOLEAN NodeStartAgain(PNP_NODE *Node);                 /* START with the resources that it has */
BOOLEAN NodeStop(PNP_NODE *Node);                       /* QUERY_STOP, STOP; FALSE: refused, and cancelled */
void NodeUnassign(PNP_NODE *Node);
void NodeRemove(PNP_NODE *Node);                        /* REMOVE, and what must be so after it */
void NodeRemoved(PNP_NODE *Node);                       /* REMOVE came back */
void NodeSurprise(PNP_NODE *Node);                      /* SURPRISE_REMOVAL; REMOVE when no handle is open any more */
void NodeFinish(PNP_NODE *Node);                        /* that REMOVE, if it is due */

/* ---- request.c: what SetupDi, control words and faults ask for. Reason: 0, or a text. ------------------------ */

typedef enum PNP_RESULT { PNP_DONE, PNP_VETOED, PNP_FAILED } PNP_RESULT;

PNP_RESULT PnpRestart(PNP_NODE *Node, char *Reason, size_t ReasonSize);         /* QUERY_REMOVE .. START */
PNP_RESULT PnpQueryRemove(PNP_NODE *Node, char *Reason, size_t ReasonSize);     /* then CANCEL_REMOVE */
PNP_RESULT PnpQueryStop(PNP_NODE *Node, char *Reason, size_t ReasonSize);       /* then CANCEL_STOP */
PNP_RESULT PnpRebalance(PNP_NODE *Node, LONG Group, char *Reason, size_t ReasonSize);  /* Group < 0: anywhere else */
PNP_RESULT PnpSurpriseRemove(PNP_NODE *Node, char *Reason, size_t ReasonSize);
PNP_RESULT PnpReplug(PNP_NODE *Node, char *Reason, size_t ReasonSize);
PNP_RESULT PnpRestartInPlace(PNP_NODE *Node, char *Reason, size_t ReasonSize);  /* START while started */
void PnpNotices(KERNEL *Kernel);                        /* what faults asked for; at the end of a host call */
void PnpLastHandleClosed(PNP_NODE *Node);

/* ---- pdo.c ------------------------------------------------------------------------------------------------------- */

/* Every IRP that reaches the PDO; the status is in the IRP, which the caller completes. */
NTSTATUS PdoRun(PNP_NODE *Node, PIRP Irp);

/* ---- What the kernel around them does ---------------------------------------------------------------------------- */

PNP *KernelPnp(KERNEL *Kernel);

/* Sends an IRP with this stack location to the top of the node's stack and waits for it. */
NTSTATUS KernelSend(PNP_NODE *Node, const IO_STACK_LOCATION *Stack, NTSTATUS First, ULONG_PTR Information,
                    PIO_STATUS_BLOCK Result, const char *What);

/* AddDevice and START for an enumerated node. FALSE: Problem says why not. */
BOOLEAN KernelBringNode(PNP_NODE *Node);

/* IRP_MN_REMOVE_DEVICE; afterwards nobody is attached any more, and a node that was not plugged out is enumerated. */
void KernelTakeNode(PNP_NODE *Node);

BOOLEAN KernelNodeEnabled(PNP_NODE *Node);              /* some device interface of it is enabled */

/* The registry: "Interrupt Management" of the device, and where its first interrupt went. */
void KernelReadPolicy(PNP_NODE *Node, DEVICE_POLICY *Policy);
void KernelWriteTarget(PNP_NODE *Node, USHORT Group, KAFFINITY Mask);

/* Memory of the driver's pool: whoever gets it may free it with ExFreePool. Never NULL. */
PVOID KernelPool(KERNEL *Kernel, SIZE_T Size, const char *Whose);
void KernelPoolFree(KERNEL *Kernel, PVOID Memory);

/* Waits, without the machine's lock, until Ready says so; What is for the message when that can never be. */
void KernelAwait(KERNEL *Kernel, const char *Routine, BOOLEAN (*Ready)(void *Context), void *Context,
                 const char *What);

#endif
