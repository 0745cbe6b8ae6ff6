/*
 * The port class's header, and what a copy of it needs that another header of the same set forgot. Only names of types
 * whose insides nobody here looks at.
 */
#ifndef COMPAT_PORTCLS_H
#define COMPAT_PORTCLS_H

#include <stddef.h>

#include "compat.h"

/* mingw-w64's portcls.h and ksmedia.h speak of these and declare them nowhere. */
#ifdef __MINGW64_VERSION_MAJOR
typedef WCHAR TCHAR;
typedef struct KSRTAUDIO_HWREGISTER KSRTAUDIO_HWREGISTER;
typedef struct KSRTAUDIO_HWLATENCY KSRTAUDIO_HWLATENCY;
#endif

#include <portcls.h>

/* The place of each method that is called here: drivers are built against tables, not names. */
_Static_assert(offsetof(struct IInterruptSyncVtbl, Release) == 2 * sizeof(PVOID), "Release has moved");
_Static_assert(offsetof(struct IInterruptSyncVtbl, GetKInterrupt) == 4 * sizeof(PVOID), "GetKInterrupt has moved");
_Static_assert(offsetof(struct IInterruptSyncVtbl, Connect) == 5 * sizeof(PVOID), "Connect has moved");
_Static_assert(offsetof(struct IInterruptSyncVtbl, Disconnect) == 6 * sizeof(PVOID), "Disconnect has moved");
_Static_assert(offsetof(struct IInterruptSyncVtbl, RegisterServiceRoutine) == 7 * sizeof(PVOID),
               "RegisterServiceRoutine has moved");
_Static_assert(offsetof(struct IResourceListVtbl, Release) == 2 * sizeof(PVOID), "Release has moved");

#endif
