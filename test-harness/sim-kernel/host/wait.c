/*
 * Events of the host and waits for them, and for files, which are signalled as a manual event of their machine would be. An event that a request will signal belongs to that request's machine from then
 * on: whoever waits for it waits inside the machine, where waiting is what lets time go on. Others wait for real.
 */
#include "file.h"

#include <stdlib.h>

#define WAIT_OBJECT_0 0u
#define WAIT_TIMEOUT 258u
#define WAIT_FAILED 0xFFFFFFFFu
#define WAIT_FOREVER 0xFFFFFFFFu
#define WAIT_MOST_OBJECTS 64

typedef struct HOST_EVENT {
    BOOLEAN Signalled;                  /* guarded by the process's lock */
    BOOLEAN Manual;
    KERNEL *Kernel;                     /* whose requests signal it; referenced; set once */
} HOST_EVENT;

/* For those who wait for an event of no machine. Made at the first wait and kept. */
static MONITOR *Outside;

static MONITOR *OutsideMonitor(void)
{
    MONITOR *Monitor;

    ProcessLock();
    if (Outside == NULL) {
        Outside = MonitorCreate();
    }
    Monitor = Outside;
    ProcessUnlock();
    return Monitor;
}

static void EventDelete(HANDLE_ENTRY *Entry)
{
    HOST_EVENT *Event = Entry->Object;

    if (Event->Kernel != NULL) {
        HostMachineRelease(Event->Kernel);
    }
    free(Event);
}

/* The machine that the event belongs to from now on, unless it has one. */
static KERNEL *EventBind(HOST_EVENT *Event, KERNEL *Kernel)
{
    ProcessLock();
    if (Event->Kernel == NULL && Kernel != NULL) {
        Event->Kernel = Kernel;
        Kernel->References++;
    }
    Kernel = Event->Kernel;
    ProcessUnlock();
    return Kernel;
}

static void EventPut(HOST_EVENT *Event, BOOLEAN Signalled)
{
    ProcessLock();
    Event->Signalled = Signalled;
    ProcessUnlock();
}

/* The same for whatever can be waited for: a file has a machine from the start. */
static KERNEL *EntryBind(HANDLE_ENTRY *Entry, KERNEL *Kernel)
{
    return Entry->Kind == HANDLE_FILE ? Entry->Kernel : EventBind(Entry->Object, Kernel);
}

void FileSignal(OPEN_FILE *File, BOOLEAN Signalled)
{
    ProcessLock();
    File->Signalled = Signalled;
    ProcessUnlock();
}

HANDLE_ENTRY *EventStart(SIM_HANDLE Handle, KERNEL *Kernel)
{
    HANDLE_ENTRY *Entry = HandleFind(Handle, HANDLE_EVENT);

    if (Entry == NULL) {
        return NULL;
    }
    if (EventBind(Entry->Object, Kernel) != Kernel) {
        HandleRelease(Entry);
        LastErrorSet(WIN32_INVALID_PARAMETER);
        return NULL;
    }
    EventPut(Entry->Object, FALSE);
    return Entry;
}

void EventSignal(HANDLE_ENTRY *Entry)
{
    EventPut(Entry->Object, TRUE);
}

SIM_HANDLE CreateEventW(void *Security, int32_t Manual, int32_t Initial, const uint16_t *Name)
{
    HOST_EVENT *Event;
    SIM_HANDLE Handle;

    (void)Security;
    if (Name != NULL) {
        LastErrorSet(WIN32_INVALID_PARAMETER);      /* names are shared between processes, and there is one here */
        return 0;
    }
    Event = calloc(1, sizeof(*Event));
    if (Event == NULL) {
        LastErrorSet(WIN32_NOT_ENOUGH_MEMORY);
        return 0;
    }
    Event->Manual = Manual != 0;
    Event->Signalled = Initial != 0;
    Handle = HandleCreate(HANDLE_EVENT, NULL, Event, EventDelete);
    if (Handle == SIM_INVALID_HANDLE) {
        free(Event);
        return 0;
    }
    return Handle;
}

static void WakeAll(void *Context)
{
    KernelChanged(Context);
}

int32_t SetEvent(SIM_HANDLE Handle)
{
    HANDLE_ENTRY *Entry = HandleFind(Handle, HANDLE_EVENT);
    KERNEL *Kernel;
    MONITOR *Monitor;

    if (Entry == NULL) {
        return 0;
    }
    EventPut(Entry->Object, TRUE);
    Kernel = EventBind(Entry->Object, NULL);
    if (Kernel != NULL) {
        KernelLook(Kernel, WakeAll, Kernel);
    } else {
        Monitor = OutsideMonitor();
        MonitorEnter(Monitor);
        MonitorWake(Monitor);
        MonitorLeave(Monitor);
    }
    HandleRelease(Entry);
    return 1;
}

int32_t ResetEvent(SIM_HANDLE Handle)
{
    HANDLE_ENTRY *Entry = HandleFind(Handle, HANDLE_EVENT);

    if (Entry == NULL) {
        return 0;
    }
    EventPut(Entry->Object, FALSE);
    HandleRelease(Entry);
    return 1;
}

typedef struct HOST_WAIT {
    KERNEL *Kernel;
    HANDLE_ENTRY **Entries;
    uint32_t Count;
    BOOLEAN All;
    uint32_t Milliseconds;
    uint32_t Result;
} HOST_WAIT;

/* Under the process's lock. */
static BOOLEAN EntrySignalled(const HANDLE_ENTRY *Entry)
{
    return Entry->Kind == HANDLE_FILE ? ((OPEN_FILE *)Entry->Object)->Signalled : ((HOST_EVENT *)Entry->Object)->Signalled;
}

/* Looks, and takes what ends the wait: an automatic event is reset by the one wait that it ends. */
static BOOLEAN HostWaitReady(void *Context)
{
    HOST_WAIT *Wait = Context;
    uint32_t Signalled = 0;
    uint32_t First = Wait->Count;
    uint32_t Index;
    BOOLEAN Ready;

    ProcessLock();
    for (Index = 0; Index < Wait->Count; Index++) {
        if (EntrySignalled(Wait->Entries[Index])) {
            Signalled++;
            First = First == Wait->Count ? Index : First;
        }
    }
    Ready = Wait->All ? Signalled == Wait->Count : Signalled != 0;
    for (Index = Wait->All ? 0 : First; Ready && Index < (Wait->All ? Wait->Count : First + 1); Index++) {
        if (Wait->Entries[Index]->Kind == HANDLE_EVENT) {
            HOST_EVENT *Event = Wait->Entries[Index]->Object;

            Event->Signalled = Event->Manual;
        }
    }
    ProcessUnlock();
    if (Ready) {
        Wait->Result = WAIT_OBJECT_0 + (Wait->All ? 0 : First);
    }
    return Ready;
}

static void HostWaitInside(void *Context)
{
    HOST_WAIT *Wait = Context;

    KernelWait(Wait->Kernel, "a wait of the host", HostWaitReady, Wait,
               Wait->Milliseconds == WAIT_FOREVER ? UINT64_MAX : Wait->Milliseconds * 1000000ull, NULL);
}

static void HostWaitOutside(HOST_WAIT *Wait)
{
    MONITOR *Monitor = OutsideMonitor();
    uint64_t Began = ThreadClock();

    MonitorEnter(Monitor);
    while (!HostWaitReady(Wait)) {
        uint64_t Gone = (ThreadClock() - Began) / 1000000;

        if (Wait->Milliseconds != WAIT_FOREVER && Gone >= Wait->Milliseconds) {
            break;
        }
        MonitorWait(Monitor, Wait->Milliseconds == WAIT_FOREVER ? MONITOR_FOREVER : Wait->Milliseconds - (uint32_t)Gone);
    }
    MonitorLeave(Monitor);
}

/* All events of one wait are of one machine: those that have none yet get it. */
static BOOLEAN HostWaitBind(HOST_WAIT *Wait)
{
    uint32_t Index;

    for (Index = 0; Index < Wait->Count && Wait->Kernel == NULL; Index++) {
        Wait->Kernel = EntryBind(Wait->Entries[Index], NULL);
    }
    for (Index = 0; Index < Wait->Count; Index++) {
        if (EntryBind(Wait->Entries[Index], Wait->Kernel) != Wait->Kernel) {
            LastErrorSet(WIN32_INVALID_PARAMETER);
            return FALSE;
        }
    }
    return TRUE;
}

static void HostWaitRun(HOST_WAIT *Wait)
{
    if (!HostWaitBind(Wait)) {
        return;
    }
    Wait->Result = WAIT_TIMEOUT;
    if (HostWaitReady(Wait)) {
        return;
    }
    if (Wait->Kernel == NULL) {
        HostWaitOutside(Wait);
    } else if (!HostRun(Wait->Kernel, HostWaitInside, Wait)) {
        Wait->Result = WAIT_FAILED;
    }
}

static HANDLE_ENTRY *WaitableFind(SIM_HANDLE Handle)
{
    HANDLE_ENTRY *Entry = HandleFind(Handle, 0);

    if (Entry != NULL && Entry->Kind != HANDLE_EVENT && Entry->Kind != HANDLE_FILE) {
        HandleRelease(Entry);
        LastErrorSet(WIN32_INVALID_HANDLE);
        return NULL;
    }
    return Entry;
}

uint32_t WaitForMultipleObjects(uint32_t Count, const SIM_HANDLE *Handles, int32_t All, uint32_t Milliseconds)
{
    HANDLE_ENTRY *Entries[WAIT_MOST_OBJECTS];
    HOST_WAIT Wait = { NULL, Entries, 0, All != 0, Milliseconds, WAIT_FAILED };

    if (Count == 0 || Count > WAIT_MOST_OBJECTS) {
        LastErrorSet(WIN32_INVALID_PARAMETER);
        return WAIT_FAILED;
    }
    while (Wait.Count < Count && (Entries[Wait.Count] = WaitableFind(Handles[Wait.Count])) != NULL) {
        Wait.Count++;
    }
    if (Wait.Count == Count) {
        HostWaitRun(&Wait);
    }
    while (Wait.Count > 0) {
        HandleRelease(Entries[--Wait.Count]);
    }
    return Wait.Result;
}

uint32_t WaitForSingleObject(SIM_HANDLE Handle, uint32_t Milliseconds)
{
    return WaitForMultipleObjects(1, &Handle, 0, Milliseconds);
}
