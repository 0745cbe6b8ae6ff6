/*
 * Who am I running on. A file of its own, because on some processors the answer is an instruction that no link can
 * replace.
 */
#ifndef IRQSCOPE_PROCESSOR_H
#define IRQSCOPE_PROCESSOR_H

#include "routines.h"

/* Group and number of the processor that runs this. It stays true while the IRQL is DISPATCH_LEVEL or higher. Any
 * IRQL. */
_IRQL_requires_max_(HIGH_LEVEL)
VOID RunningProcessor(_In_ const PROCESSOR_ROUTINES *Routines, _Out_ PPROCESSOR_NUMBER Number);

#endif
