/*
 * The two worlds that the runner lives in: Windows (and Wine), and the simulated kernel, whose host entry points have the
 * same names and shapes. Questions are written once, against this.
 */
#ifndef WORLD_H
#define WORLD_H

#include <stdint.h>

#ifdef _WIN32
#include <windows.h>
#include <setupapi.h>
#else
#include "world_sim.h"
#endif

#include "../conformance.h"

/* FALSE: Error says why there is nothing to ask. Again after a kernel stopped. */
BOOL WorldBegin(char *Error, size_t ErrorSize);
/* FALSE: the kernel was not at rest at the end; Report says what was left. */
BOOL WorldEnd(char *Report, size_t ReportSize);

/* Why the kernel stopped, or NULL: it lives. */
const char *WorldStopped(void);

void WorldPause(uint32_t Milliseconds);
void WorldClearError(void);

typedef struct WORLD_THREAD WORLD_THREAD;
WORLD_THREAD *WorldThreadStart(void (*Routine)(void *Context), void *Context);
void WorldThreadJoin(WORLD_THREAD *Thread);

/* Another process opens device 0, leaves one held request behind and dies without closing anything. */
BOOL WorldProcessDies(void);

/* The device goes: pulled from its slot where that can be done, else uninstalled. */
BOOL WorldRemove(void);
/* And is there again, started, with its interface. */
BOOL WorldReturn(void);

/* setup.c: the paths of the enabled interfaces, newest state. Returns how many there are. */
ULONG SetupPaths(WCHAR Paths[][256], ULONG Most);
/* Asks the class installer to restart the device (DIF_PROPERTYCHANGE) with that path; what it answered. */
BOOL SetupRestart(const WCHAR *Path, BOOL *NeedsReboot);

#endif
