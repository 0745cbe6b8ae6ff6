/* In the place of the driver's processor.c, whose last resort reads this computer's processor. */
#include "processor.h"

#include "machine.h"
#include "platform.h"

VOID RunningProcessor(const PROCESSOR_ROUTINES *Routines, PPROCESSOR_NUMBER Number)
{
    if (Routines->CurrentEx != NULL) {
        (VOID)Routines->CurrentEx(Number);
        return;
    }
    Number->Group = 0;
    Number->Reserved = 0;
    Number->Number = (UCHAR)KeGetCurrentProcessorNumber();
}
