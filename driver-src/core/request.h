/*
 * The one table of requests: every code with its sizes. A request is checked against it once, before anything is done
 * for it; fields.h then checks what is inside.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdint.h>

#include "irqscope_contract.h"

typedef enum OPERATION {
    OPERATION_VERSION,
    OPERATION_MACHINE,
    OPERATION_RESOURCES,
    OPERATION_CONNECT,
    OPERATION_DISCONNECT,
    OPERATION_AFFINITY,
    OPERATION_TRIGGER,
    OPERATION_MASK,
    OPERATION_STATISTICS,
    OPERATION_EVENTS,
    OPERATION_RESET,
    OPERATION_COUNT
} OPERATION;

typedef struct REQUEST_RULE {
    uint32_t Code;
    uint32_t Input;  /* bytes, exactly */
    uint32_t Output; /* bytes, at least: the reply, for a list the part before its records, for EVENTS a run of one */
} REQUEST_RULE;

/* The rule of an operation; its method and the access that a handle needs are in the code's bits. */
const REQUEST_RULE *RequestRule(OPERATION Operation);

/* First that does not hold, first answered:
 *   the code is known                       IRQSCOPE_STATUS_INVALID_DEVICE_REQUEST
 *   VersionAgreed, or the code is VERSION   IRQSCOPE_STATUS_INVALID_DEVICE_STATE
 *   InputLength is not less than the rule   IRQSCOPE_STATUS_INFO_LENGTH_MISMATCH
 *   InputLength is not more                 IRQSCOPE_STATUS_INVALID_BUFFER_SIZE
 *   OutputLength is not less                IRQSCOPE_STATUS_BUFFER_TOO_SMALL
 * else IRQSCOPE_STATUS_SUCCESS, and Operation is told. Operation is written for every known code. */
uint32_t RequestCheck(uint32_t Code, uint32_t InputLength, uint32_t OutputLength, int VersionAgreed,
                      OPERATION *Operation);

#endif
