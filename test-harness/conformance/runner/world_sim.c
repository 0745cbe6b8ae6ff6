/* The world of the simulated kernel: a machine with two root-enumerated devices; time moves when it is told to. */
#include "ask.h"
#include "install.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static uint64_t Machine;
static char Words[256];
static char Answer[4096];

struct WORLD_THREAD {
    pthread_t Thread;
    void (*Routine)(void *Context);
    void *Context;
};

static const char *Tell(const char *Word)
{
    return SimulatedMachineControl(Machine, Word, Answer, sizeof(Answer)) ? Answer : NULL;
}

BOOL WorldBegin(char *Error, size_t ErrorSize)
{
    char Name[] = "/tmp/conformance-XXXXXX";
    static const char Layout[] = "group 0-7\ndevice root\ndevice root\n";
    char Options[128];
    int Descriptor = mkstemp(Name);

    if (Descriptor < 0 || write(Descriptor, Layout, sizeof(Layout) - 1) != (ssize_t)sizeof(Layout) - 1) {
        snprintf(Error, ErrorSize, "the machine's file cannot be written");
        return FALSE;
    }
    close(Descriptor);
    snprintf(Options, sizeof(Options), "machine=%s\nprofile=win10\nseed=1", Name);
    Machine = SimulatedMachineCreate(Options, Error, (uint32_t)ErrorSize);
    unlink(Name);
    return Machine != 0;
}

BOOL WorldEnd(char *Report, size_t ReportSize)
{
    return SimulatedMachineDelete(Machine, Report, (uint32_t)ReportSize) == 0;
}

const char *WorldStopped(void)
{
    return Tell("stop") == NULL || Answer[0] == 0 ? NULL : Answer;
}

void WorldPause(uint32_t Milliseconds)
{
    snprintf(Words, sizeof(Words), "advance %llu", (unsigned long long)Milliseconds * 1000000);
    Tell(Words);
    sched_yield();                      /* time is the machine's, but the threads that wait for it are real */
}

void WorldClearError(void)
{
    errno = 0;
}

static void *ThreadRun(void *Context)
{
    WORLD_THREAD *Thread = Context;

    Thread->Routine(Thread->Context);
    return NULL;
}

WORLD_THREAD *WorldThreadStart(void (*Routine)(void *Context), void *Context)
{
    WORLD_THREAD *Thread = calloc(1, sizeof(*Thread));

    if (Thread == NULL) {
        abort();
    }
    Thread->Routine = Routine;
    Thread->Context = Context;
    if (pthread_create(&Thread->Thread, NULL, ThreadRun, Thread) != 0) {
        abort();
    }
    return Thread;
}

void WorldThreadJoin(WORLD_THREAD *Thread)
{
    pthread_join(Thread->Thread, NULL);
    free(Thread);
}

/* There is one process; its death closes every handle of it, so all are opened again. */
BOOL WorldProcessDies(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_HOLD };
    static CALL Call;
    HANDLE Device;

    CloseHandle(File);
    CloseHandle(Control);
    LogEmpty();
    Device = Open(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    CallStart(&Call, Device, SCRIPT_BUFFERED, &Script, 0);
    if (Tell("kill") == NULL) {
        return FALSE;
    }
    File = Control = Other = INVALID_HANDLE_VALUE;
    Other = CreateFileW(OtherPath, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, 0);
    return Other != INVALID_HANDLE_VALUE;
}

BOOL WorldRemove(void)
{
    return Tell("surprise root0") != NULL;
}

BOOL WorldReturn(void)
{
    return Tell("replug root0") != NULL;
}

int InstallDriver(const char *Inf)
{
    fprintf(stderr, "conformance: %s is for Windows; the simulated kernel has the driver in it\n", Inf);
    return 2;
}

int InstallRemove(void)
{
    fprintf(stderr, "conformance: there is nothing to remove in the simulated kernel\n");
    return 2;
}

int InstallDie(const char *Path)
{
    fprintf(stderr, "conformance: %s: the simulated kernel has no other processes\n", Path);
    return 2;
}
