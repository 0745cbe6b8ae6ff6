/*
 * Threads of the host, so small that POSIX and Windows (winpthreads) give the same. A monitor is a mutex with one condition:
 * whoever holds it may wait for something to change and wakes the others when something did.
 */
#ifndef THREADS_H
#define THREADS_H

#include <stdint.h>

typedef struct MONITOR MONITOR;
typedef struct THREAD THREAD;

#define MONITOR_FOREVER UINT32_MAX

MONITOR *MonitorCreate(void);
void MonitorDelete(MONITOR *Monitor);
void MonitorEnter(MONITOR *Monitor);
void MonitorLeave(MONITOR *Monitor);
void MonitorWait(MONITOR *Monitor, uint32_t Milliseconds);   /* may return early: look again */
void MonitorWake(MONITOR *Monitor);                          /* everybody who waits */

THREAD *ThreadStart(void (*Routine)(void *Context), void *Context);   /* NULL: the host has none left */
void ThreadJoin(THREAD *Thread);
uint64_t ThreadClock(void);                         /* nanoseconds, monotonic */

/* A lock for what the whole process shares; it needs no creation. */
void ProcessLock(void);
void ProcessUnlock(void);

#endif
