#include "identity.h"

#include "status.h"

/* 16 places; the generation fills what is left of 32 bits, and 0 is none. */
#define PLACE_BITS 4u
#define GENERATIONS (1u << (32 - PLACE_BITS))

IRQSCOPE_ASSERT(IRQSCOPE_MAXIMUM_CONNECTIONS <= 1u << PLACE_BITS, "a place does not fit into an id");

void IdentityStart(IDENTITIES *Identities)
{
    for (uint32_t Place = 0; Place < IRQSCOPE_MAXIMUM_CONNECTIONS; Place++) {
        Identities->Given[Place] = 0;
    }
    Identities->Generation = 0;
}

uint32_t IdentityTake(IDENTITIES *Identities, uint32_t *Place, uint32_t *Id)
{
    for (uint32_t Each = 0; Each < IRQSCOPE_MAXIMUM_CONNECTIONS; Each++) {
        if (Identities->Given[Each] == 0) {
            Identities->Generation = (Identities->Generation + 1) % GENERATIONS;
            if (Identities->Generation == 0) {
                Identities->Generation = 1; /* else place 0 would have the id 0 */
            }
            *Place = Each;
            *Id = Identities->Given[Each] = (Identities->Generation << PLACE_BITS) | Each;
            return IRQSCOPE_STATUS_SUCCESS;
        }
    }
    return IRQSCOPE_STATUS_QUOTA_EXCEEDED;
}

uint32_t IdentityFind(const IDENTITIES *Identities, uint32_t Id)
{
    uint32_t Place = Id & ((1u << PLACE_BITS) - 1);

    return Id != 0 && Place < IRQSCOPE_MAXIMUM_CONNECTIONS && Identities->Given[Place] == Id ? Place : IDENTITY_NONE;
}

void IdentityGive(IDENTITIES *Identities, uint32_t Id)
{
    uint32_t Place = IdentityFind(Identities, Id);

    if (Place != IDENTITY_NONE) {
        Identities->Given[Place] = 0;
    }
}
