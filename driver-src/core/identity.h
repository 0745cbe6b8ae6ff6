/*
 * Connection ids: opaque numbers, never 0, one out of use is not used again before 2^27 others. The low bits are the
 * place in the device's array of connections, the high ones count how often that place was given.
 */
#ifndef IDENTITY_H
#define IDENTITY_H

#include <stdint.h>

#include "irqscope_contract.h"

#define IDENTITY_NONE 0xFFFFFFFFu

typedef struct IDENTITIES {
    uint32_t Given[IRQSCOPE_MAXIMUM_CONNECTIONS]; /* the id in use, 0 when the place is free */
    uint32_t Generation;                          /* of the last id given */
} IDENTITIES;

void IdentityStart(IDENTITIES *Identities);

/* Gives a place and its id. IRQSCOPE_STATUS_QUOTA_EXCEEDED when all IRQSCOPE_MAXIMUM_CONNECTIONS are in use. */
uint32_t IdentityTake(IDENTITIES *Identities, uint32_t *Place, uint32_t *Id);

/* The place of an id, or IDENTITY_NONE (the request's status is IRQSCOPE_STATUS_NOT_FOUND). */
uint32_t IdentityFind(const IDENTITIES *Identities, uint32_t Id);

/* The id is unknown from now on. One that is unknown already stays so. */
void IdentityGive(IDENTITIES *Identities, uint32_t Id);

#endif
