/*
 * Calls the ISR's record path as often as its argument says, through a function of its own, so that an instruction
 * counter can tell what one event costs. Prints nothing. record-path.sh runs it.
 */
#include <stdlib.h>

#include "slot.h"

/* What an ISR does for one paced event, from the slot it has found to its last word. */
__attribute__((noinline)) void IsrRecordPath(SLOT *Slot, uint64_t Time, uint32_t TriggerToIsr, uint16_t Target,
                                             uint32_t Duration);

void IsrRecordPath(SLOT *Slot, uint64_t Time, uint32_t TriggerToIsr, uint16_t Target, uint32_t Duration)
{
    SlotRecord(Slot, Time, TriggerToIsr, Target, IRQSCOPE_EVENT_CLAIMED | IRQSCOPE_EVENT_PACED);
    SlotRecordDuration(Slot, Duration);
}

int main(int Count, char **Words)
{
    unsigned long Calls = Count > 1 ? strtoul(Words[1], NULL, 10) : 0;
    void *Memory = malloc(SlotSize(IRQSCOPE_MAXIMUM_EVENTS));
    SLOT *Slot;

    if (Memory == NULL || Calls == 0 || Calls > IRQSCOPE_MAXIMUM_EVENTS) {
        return 2; /* beyond the ring's capacity events are lost, which is another path */
    }
    Slot = SlotInitialize(Memory, IRQSCOPE_MAXIMUM_EVENTS, 1, 0, 0, 5);
    for (unsigned long Call = 0; Call < Calls; Call++) {
        /* Times of all sizes, so that no bucket is the only one. */
        IsrRecordPath(Slot, 1000 * Call, (uint32_t)(Call * 37), (uint16_t)(Call & 3), (uint32_t)(Call * 11));
    }
    free(Memory);
    return 0;
}
