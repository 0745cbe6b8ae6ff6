/*
 * What a kernel without IoGetAffinityInterrupt is answered for: as its documented compatibility routine does, group 0
 * and the processors that the connect was made for.
 */
#ifndef AFFINITY_H
#define AFFINITY_H

#include <stdint.h>

#include "irqscope_contract.h"
#include "status.h"

/* Fills Status, GrantedBy, Mask, Group and Reserved of the reply; the rest is the caller's. */
static inline void AffinityCompatible(uint64_t ConnectMask, IRQSCOPE_AFFINITY_REPLY *Reply)
{
    Reply->Status = IRQSCOPE_STATUS_SUCCESS;
    Reply->GrantedBy = IRQSCOPE_GRANTED_BY_COMPATIBILITY;
    Reply->Mask = ConnectMask;
    Reply->Group = 0;
    Reply->Reserved[0] = Reply->Reserved[1] = Reply->Reserved[2] = 0;
}

#endif
