/* The steps of the PnP manager for one device (iopnp.c), for the operations that are made of them (iorequest.c). */
#ifndef IOPNP_H
#define IOPNP_H

#include "kernel.h"

NTSTATUS NodeSend(PNP_NODE *Node, UCHAR Minor, PIO_STACK_LOCATION Stack, ULONG_PTR Information,
                  PIO_STATUS_BLOCK Result);
void NodeTell(PNP_NODE *Node, UCHAR Minor);             /* the same for what a driver must not fail */
BOOLEAN NodeAdd(PNP_NODE *Node);                        /* AddDevice */
BOOLEAN NodeStart(PNP_NODE *Node, const DEVICE_POLICY *Forced);     /* FILTER, assignment, START; on failure REMOVE */
BOOLEAN NodeStartAgain(PNP_NODE *Node);                 /* START with the resources that it has */
BOOLEAN NodeStop(PNP_NODE *Node);                       /* QUERY_STOP, STOP; FALSE: refused, and cancelled */
void NodeUnassign(PNP_NODE *Node);
void NodeRemove(PNP_NODE *Node);
void NodeSurprise(PNP_NODE *Node);                      /* SURPRISE_REMOVAL; REMOVE when no handle is open any more */
void NodeFinish(PNP_NODE *Node);                        /* that REMOVE, if it is due */
BOOLEAN NodeEnabled(const PNP_NODE *Node);              /* some device interface of it is enabled */

#endif
