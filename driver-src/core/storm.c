#include "storm.h"

#include "clock.h"
#include "irqscope_contract.h"

void StormStart(STORM *Storm, uint32_t Rate, uint64_t Frequency)
{
    *Storm = (STORM){ 0 };
    if (Rate != 0) {
        /* Rounded down, so that exactly the asked rate never adds up. 0, and so no guard, for a rate that the counter
         * cannot tell from any higher one. */
        Storm->Share = ClockDivide(Frequency << STORM_FRACTION, Rate);
        Storm->Limit = Storm->Share * IRQSCOPE_MAXIMUM_TRIGGERS;
        Storm->Empties = (Storm->Limit >> STORM_FRACTION) + 1;
    }
}

void StormRearm(STORM *Storm)
{
    Storm->Level = 0;
    Storm->Tripped = 0;
}
