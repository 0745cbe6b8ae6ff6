/* A connect with IoConnectInterruptEx in the making: right in every way, until a test changes one. */
#ifndef MACHINE_EX_H
#define MACHINE_EX_H

#include "machine_fixture.h"

#define PASSIVE_MESSAGES 5              /* CONNECT_MESSAGE_BASED_PASSIVE, which not every header has */

typedef struct EX {
    PDEVICE_OBJECT Pdo;
    const ASSIGNED_INTERRUPT *Assigned; /* the first; NULL: none */
    IO_CONNECT_INTERRUPT_PARAMETERS Parameters;
    PKINTERRUPT Object;                 /* where an object goes; not NULL before */
    PVOID Context;                      /* where a table or, after fallback, an object goes */
    WITNESS First;
} EX;

extern EX Ex;

/* On 64/16/64; a Mask of 0 leaves the place to the machine's default. */
void ExBegin(const char *Profile, MACHINE_MODE Mode, const char *Device, USHORT Group, KAFFINITY Mask);

/* edu1's level line, in group 1, fully specified. */
void ExBeginFull(const char *Profile, MACHINE_MODE Mode);
void ExBeginLine(MACHINE_MODE Mode, const char *Device);
void ExBeginMessages(MACHINE_MODE Mode, const char *Device);

/* The connect fails with this, leaves NULL in its place, nothing open, and the machine at rest; ends it. */
void ExCheckRefused(NTSTATUS Expected);

/* The connect succeeds with messages. */
PIO_INTERRUPT_MESSAGE_INFO ExConnectTable(void);
void ExEndTable(void);

#endif
