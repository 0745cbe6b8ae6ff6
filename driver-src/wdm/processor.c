#include "processor.h"

_Use_decl_annotations_
VOID RunningProcessor(const PROCESSOR_ROUTINES *Routines, PPROCESSOR_NUMBER Number)
{
    if (Routines->CurrentEx != NULL) {
        (VOID)Routines->CurrentEx(Number);
        return;
    }
    /* A kernel without groups: everything is group 0. */
    Number->Group = 0;
    Number->Reserved = 0;
    if (Routines->Current != NULL) {
        Number->Number = (UCHAR)Routines->Current();
        return;
    }
#ifdef _M_AMD64
    {
        /* Before 6.1 the x64 kernel exports neither: its headers read the number from the processor's control
         * region, KPCR, where it is the byte at 0x184. Volatile, because compilers take a constant for an address
         * of theirs. */
        volatile ULONG Place = 0x184;

        Number->Number = __readgsbyte(Place);
    }
#else
    Number->Number = 0;
#endif
}
