/* One line of words from a test to the kernel and its machine (docs/simulated-kernel.md lists them). */
#ifndef CONTROL_H
#define CONTROL_H

#include "pnp.h"

/* The words run no driver code: they work on a stopped machine, too. */
BOOLEAN ControlLooks(const char *Words);

/* TRUE: done, Answer is what it says; FALSE: Answer says why not. */
BOOLEAN ControlWords(KERNEL *Kernel, const char *Words, char *Answer, size_t AnswerSize);

/* ---- What the kernel around them does ---------------------------------------------------------------------------- */

BOOLEAN KernelRealTime(const KERNEL *Kernel);           /* its time is the host's */
/* Everything at rest: no pending IRP, work, timer, open key ... With the devices started and handles open or not. */
BOOLEAN KernelAtRest(KERNEL *Kernel, char *Answer, size_t AnswerSize);
size_t KernelTakeLog(KERNEL *Kernel, char *Text, size_t Size);      /* oldest first; taking it empties it */
const char *KernelStopText(const KERNEL *Kernel);
void KernelEntryProcessor(KERNEL *Kernel, PROCESSOR *Processor);    /* where calls enter from now on; NULL: the first */
BOOLEAN KernelRegistryWord(KERNEL *Kernel, const char *Words, char *Answer, size_t AnswerSize);
PNP_RESULT PowerSet(PNP_NODE *Node, SYSTEM_POWER_STATE State, char *Reason, size_t ReasonSize);

#endif
