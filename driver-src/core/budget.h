/*
 * How much non-paged memory a device's connections hold, against IRQSCOPE_MAXIMUM_MEMORY. The caller serialises.
 */
#ifndef BUDGET_H
#define BUDGET_H

#include <stdint.h>

#include "irqscope_contract.h"
#include "status.h"

typedef struct BUDGET {
    uint64_t Used;
} BUDGET;

/* IRQSCOPE_STATUS_QUOTA_EXCEEDED, and nothing is taken, when the sum would be above the limit. */
static inline uint32_t BudgetTake(BUDGET *Budget, uint64_t Bytes)
{
    if (Bytes > IRQSCOPE_MAXIMUM_MEMORY - Budget->Used) {
        return IRQSCOPE_STATUS_QUOTA_EXCEEDED;
    }
    Budget->Used += Bytes;
    return IRQSCOPE_STATUS_SUCCESS;
}

/* Bytes were taken before. */
static inline void BudgetGive(BUDGET *Budget, uint64_t Bytes)
{
    Budget->Used -= Bytes;
}

#endif
