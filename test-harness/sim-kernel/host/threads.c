/* The only file that knows the host's threads. */
#include "threads.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

struct MONITOR {
    pthread_mutex_t Mutex;
    pthread_cond_t Changed;
};

struct THREAD {
    pthread_t Thread;
    void (*Routine)(void *Context);
    void *Context;
};

static pthread_mutex_t Process = PTHREAD_MUTEX_INITIALIZER;

MONITOR *MonitorCreate(void)
{
    MONITOR *Monitor = malloc(sizeof(*Monitor));

    if (Monitor == NULL) {
        abort();
    }
    pthread_mutex_init(&Monitor->Mutex, NULL);
    pthread_cond_init(&Monitor->Changed, NULL);
    return Monitor;
}

void MonitorDelete(MONITOR *Monitor)
{
    pthread_cond_destroy(&Monitor->Changed);
    pthread_mutex_destroy(&Monitor->Mutex);
    free(Monitor);
}

void MonitorEnter(MONITOR *Monitor)
{
    pthread_mutex_lock(&Monitor->Mutex);
}

void MonitorLeave(MONITOR *Monitor)
{
    pthread_mutex_unlock(&Monitor->Mutex);
}

void MonitorWait(MONITOR *Monitor, uint32_t Milliseconds)
{
    struct timespec Until;
    uint64_t Nanoseconds;

    if (Milliseconds == MONITOR_FOREVER) {
        pthread_cond_wait(&Monitor->Changed, &Monitor->Mutex);
        return;
    }
    /* The condition's clock may be set meanwhile: the wait is then too short or too long, and callers look again. */
    clock_gettime(CLOCK_REALTIME, &Until);
    Nanoseconds = (uint64_t)Until.tv_nsec + (uint64_t)Milliseconds * 1000000;
    Until.tv_sec += (time_t)(Nanoseconds / 1000000000);
    Until.tv_nsec = (long)(Nanoseconds % 1000000000);
    pthread_cond_timedwait(&Monitor->Changed, &Monitor->Mutex, &Until);
}

void MonitorWake(MONITOR *Monitor)
{
    pthread_cond_broadcast(&Monitor->Changed);
}

static void *ThreadRun(void *Context)
{
    THREAD *Thread = Context;

    Thread->Routine(Thread->Context);
    return NULL;
}

THREAD *ThreadStart(void (*Routine)(void *Context), void *Context)
{
    THREAD *Thread = malloc(sizeof(*Thread));

    if (Thread == NULL) {
        return NULL;
    }
    Thread->Routine = Routine;
    Thread->Context = Context;
    if (pthread_create(&Thread->Thread, NULL, ThreadRun, Thread) != 0) {
        free(Thread);
        return NULL;
    }
    return Thread;
}

void ThreadJoin(THREAD *Thread)
{
    pthread_join(Thread->Thread, NULL);
    free(Thread);
}

uint64_t ThreadClock(void)
{
    struct timespec Now;

    clock_gettime(CLOCK_MONOTONIC, &Now);
    return (uint64_t)Now.tv_sec * 1000000000u + (uint64_t)Now.tv_nsec;
}

void ProcessLock(void)
{
    pthread_mutex_lock(&Process);
}

void ProcessUnlock(void)
{
    pthread_mutex_unlock(&Process);
}
