/*
 * Io: remove locks, with every acquisition remembered by tag, file and line: Windows keeps only a count unless a
 * driver is built for checking.
 */
#include "kernel.h"

typedef struct HOLDER {
    struct HOLDER *Next;
    PVOID Tag;
    PCSTR File;
    ULONG Line;
} HOLDER;

struct REMOVE_LOCK_STATE {
    REMOVE_LOCK_STATE *Next;
    PIO_REMOVE_LOCK Lock;
    HOLDER *Holders;
};

static REMOVE_LOCK_STATE *LockFind(KERNEL *Kernel, PIO_REMOVE_LOCK Lock, ULONG Size, const char *Routine)
{
    REMOVE_LOCK_STATE *State = Kernel->RemoveLocks;

    while (State != NULL && State->Lock != Lock) {
        State = State->Next;
    }
    if (State == NULL) {
        PlatformStop(Routine, "the remove lock was not initialised");
    }
    if (Size != sizeof(IO_REMOVE_LOCK)) {
        PlatformStop(Routine, "the remove lock has %u bytes here and %u in the kernel", Size,
                     (ULONG)sizeof(IO_REMOVE_LOCK));
    }
    return State;
}

VOID IoInitializeRemoveLockEx(PIO_REMOVE_LOCK Lock, ULONG AllocateTag, ULONG MaxLockedMinutes, ULONG HighWatermark,
                              ULONG RemlockSize)
{
    static const char Routine[] = "IoInitializeRemoveLock";
    KERNEL *Kernel = KernelEnter(Routine, PASSIVE_LEVEL);
    REMOVE_LOCK_STATE *State;

    UNREFERENCED_PARAMETER(AllocateTag);
    UNREFERENCED_PARAMETER(MaxLockedMinutes);
    UNREFERENCED_PARAMETER(HighWatermark);
    for (State = Kernel->RemoveLocks; State != NULL; State = State->Next) {
        if (State->Lock == Lock) {
            PlatformStop(Routine, "the remove lock is initialised already");
        }
    }
    State = PlatformAllocate(sizeof(*State));
    State->Lock = Lock;
    State->Next = Kernel->RemoveLocks;
    Kernel->RemoveLocks = State;
    LockFind(Kernel, Lock, RemlockSize, Routine);
    Lock->Common.Removed = FALSE;
    Lock->Common.IoCount = 1;
    KeInitializeEvent(&Lock->Common.RemoveEvent, SynchronizationEvent, FALSE);
}

NTSTATUS IoAcquireRemoveLockEx(PIO_REMOVE_LOCK RemoveLock, PVOID Tag, PCSTR File, ULONG Line, ULONG RemlockSize)
{
    static const char Routine[] = "IoAcquireRemoveLock";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    REMOVE_LOCK_STATE *State = LockFind(Kernel, RemoveLock, RemlockSize, Routine);
    HOLDER *Holder;

    if (RemoveLock->Common.Removed) {
        return STATUS_DELETE_PENDING;
    }
    Holder = PlatformAllocate(sizeof(*Holder));
    Holder->Tag = Tag;
    Holder->File = File;
    Holder->Line = Line;
    Holder->Next = State->Holders;
    State->Holders = Holder;
    RemoveLock->Common.IoCount++;
    return STATUS_SUCCESS;
}

static void HolderRemove(REMOVE_LOCK_STATE *State, PVOID Tag, const char *Routine)
{
    HOLDER **Place = &State->Holders;
    HOLDER *Holder;

    while (*Place != NULL && (*Place)->Tag != Tag) {
        Place = &(*Place)->Next;
    }
    if (*Place == NULL) {
        PlatformStop(Routine, "the remove lock was not acquired with this tag, or was released before");
    }
    Holder = *Place;
    *Place = Holder->Next;
    PlatformFree(Holder);
}

VOID IoReleaseRemoveLockEx(PIO_REMOVE_LOCK RemoveLock, PVOID Tag, ULONG RemlockSize)
{
    static const char Routine[] = "IoReleaseRemoveLock";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);

    HolderRemove(LockFind(Kernel, RemoveLock, RemlockSize, Routine), Tag, Routine);
    if (--RemoveLock->Common.IoCount == 0) {
        RemoveLock->Common.RemoveEvent.Header.SignalState = 1;
    }
    KernelChanged(Kernel);
}

static BOOLEAN LockFree(void *Context)
{
    return ((PIO_REMOVE_LOCK)Context)->Common.IoCount == 0;
}

VOID IoReleaseRemoveLockAndWaitEx(PIO_REMOVE_LOCK RemoveLock, PVOID Tag, ULONG RemlockSize)
{
    static const char Routine[] = "IoReleaseRemoveLockAndWait";
    KERNEL *Kernel = KernelEnter(Routine, PASSIVE_LEVEL);
    REMOVE_LOCK_STATE *State = LockFind(Kernel, RemoveLock, RemlockSize, Routine);
    char What[160] = "its holders";

    if (RemoveLock->Common.Removed) {
        PlatformStop(Routine, "called twice");
    }
    HolderRemove(State, Tag, Routine);
    RemoveLock->Common.Removed = TRUE;

    /* One for this caller's own acquisition, one that the lock had from the start. */
    RemoveLock->Common.IoCount -= 2;
    if (State->Holders != NULL) {
        PlatformFormat(What, sizeof(What), "the holder of %s:%u", State->Holders->File, State->Holders->Line);
    }
    KernelWait(Kernel, Routine, LockFree, RemoveLock, UINT64_MAX, What);
}

void RemoveLocksForget(KERNEL *Kernel, const void *Start, SIZE_T Size)
{
    REMOVE_LOCK_STATE **Place = &Kernel->RemoveLocks;
    REMOVE_LOCK_STATE *State;

    while ((State = *Place) != NULL) {
        if ((PUCHAR)State->Lock < (const UCHAR *)Start || (PUCHAR)State->Lock >= (const UCHAR *)Start + Size) {
            Place = &State->Next;
            continue;
        }
        if (State->Holders != NULL) {
            PlatformStop("IoReleaseRemoveLock", "the device goes while its remove lock is held by %s:%u",
                         State->Holders->File, State->Holders->Line);
        }
        *Place = State->Next;
        PlatformFree(State);
    }
}
