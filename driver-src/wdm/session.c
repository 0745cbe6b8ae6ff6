#include "driver.h"

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, SessionOpen)
#pragma alloc_text(PAGE, SessionCleanup)
#pragma alloc_text(PAGE, SessionClose)
#endif

_Use_decl_annotations_
NTSTATUS SessionOpen(IRQSCOPE_DEVICE *Device, PFILE_OBJECT File)
{
    SESSION *Session;

    PAGED_CODE();

    Session = MemoryAllocate(&Device->Driver->Routines, sizeof(*Session), MEMORY_TAG_SESSION);
    if (Session == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Session->Device = Device;
    Session->Users = 1;
    File->FsContext = Session;
    return STATUS_SUCCESS;
}

/* The last handle is gone, perhaps because its process is: nothing of it stays. */
_Use_decl_annotations_
VOID SessionCleanup(SESSION *Session)
{
    IRQSCOPE_DEVICE *Device = Session->Device;
    ULONG Place;

    PAGED_CODE();

    /* First: what finds this clear and queues a read, or waits for the gate with a connect, looks again. */
    (VOID)InterlockedExchange(&Session->Closed, 1);
    StreamEnd(Device, Session, STATUS_CANCELLED);
    GateEnter(Device);
    for (Place = 0; Place < IRQSCOPE_MAXIMUM_CONNECTIONS; Place++) {
        if (Device->Connections[Place] != NULL && Device->Connections[Place]->Owner == Session) {
            ConnectBreak(Device->Connections[Place]);
        }
    }
    GateLeave(Device);
}

_Use_decl_annotations_
VOID SessionClose(PFILE_OBJECT File)
{
    SESSION *Session = File->FsContext;

    PAGED_CODE();

    File->FsContext = NULL;
    if (Session != NULL) {
        SessionRelease(Session);
    }
}

_Use_decl_annotations_
VOID SessionHold(SESSION *Session)
{
    (VOID)InterlockedIncrement(&Session->Users);
}

_Use_decl_annotations_
VOID SessionRelease(SESSION *Session)
{
    if (InterlockedDecrement(&Session->Users) == 0) {
        MemoryFree(Session, MEMORY_TAG_SESSION);
    }
}

_Use_decl_annotations_
NTSTATUS SessionMayOwn(const SESSION *Session)
{
    const IRQSCOPE_DEVICE *Device = Session->Device;

    /* Nobody would end such a connection. */
    if (Session->Closed) {
        return STATUS_CANCELLED;
    }
    return Device->ConnectionCount == 0 || Device->Owner == Session ? STATUS_SUCCESS : STATUS_SHARING_VIOLATION;
}

/* What the device itself has connected, every handle may trigger: no other handle can own it. */
_Use_decl_annotations_
NTSTATUS SessionMayUse(const SESSION *Session)
{
    const IRQSCOPE_DEVICE *Device = Session->Device;

    if (Device->ConnectionCount == 0) {
        return STATUS_DEVICE_NOT_CONNECTED;
    }
    return Device->Owner == NULL || Device->Owner == Session ? STATUS_SUCCESS : STATUS_SHARING_VIOLATION;
}

_Use_decl_annotations_
CONNECTION *SessionConnection(IRQSCOPE_DEVICE *Device, ULONG Id)
{
    ULONG Place = IdentityFind(&Device->Identities, Id);

    return Place == IDENTITY_NONE ? NULL : Device->Connections[Place];
}
