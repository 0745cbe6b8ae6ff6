/* The process's handle table. Its lock is the process's, held for a few instructions and never while in a machine. */
#include "host.h"

#include <stdlib.h>

#define HANDLE_LIMIT 65536

static HANDLE_ENTRY **Table;
static ULONG TableSize;
static ULONG NextPlace;                 /* a freed number is used again late, so that a second close is noticed */

/* Handles are multiples of four, as on Windows, and never 0. */
static SIM_HANDLE HandleOfPlace(ULONG Place)
{
    return ((SIM_HANDLE)Place + 1) * 4;
}

static HANDLE_ENTRY **PlaceOfHandle(SIM_HANDLE Handle)
{
    if (Handle == 0 || Handle % 4 != 0 || Handle / 4 > TableSize) {
        return NULL;
    }
    return &Table[Handle / 4 - 1];
}

static BOOLEAN TableGrow(void)
{
    ULONG Size = TableSize == 0 ? 1024 : TableSize * 2;
    HANDLE_ENTRY **Larger = Size > HANDLE_LIMIT ? NULL : realloc(Table, Size * sizeof(*Table));

    if (Larger == NULL) {
        return FALSE;
    }
    memset(Larger + TableSize, 0, (Size - TableSize) * sizeof(*Table));
    Table = Larger;
    NextPlace = TableSize;
    TableSize = Size;
    return TRUE;
}

static BOOLEAN FreePlace(ULONG *Place)
{
    ULONG Tries;

    for (Tries = 0; Tries < TableSize; Tries++, NextPlace++) {
        if (NextPlace >= TableSize) {
            NextPlace = 0;
        }
        if (Table[NextPlace] == NULL) {
            *Place = NextPlace++;
            return TRUE;
        }
    }
    if (!TableGrow()) {
        return FALSE;
    }
    *Place = NextPlace++;
    return TRUE;
}

SIM_HANDLE HandleCreate(HANDLE_KIND Kind, KERNEL *Kernel, void *Object, void (*Delete)(HANDLE_ENTRY *Entry))
{
    HANDLE_ENTRY *Entry = calloc(1, sizeof(*Entry));
    SIM_HANDLE Handle = SIM_INVALID_HANDLE;
    ULONG Place;

    if (Entry == NULL) {
        LastErrorSet(WIN32_NOT_ENOUGH_MEMORY);
        return SIM_INVALID_HANDLE;
    }
    Entry->Kind = Kind;
    Entry->Kernel = Kernel;
    Entry->Object = Object;
    Entry->Delete = Delete;
    Entry->References = 1;
    ProcessLock();
    if (FreePlace(&Place)) {
        Table[Place] = Entry;
        Handle = HandleOfPlace(Place);
        if (Kernel != NULL) {
            Kernel->References++;
        }
    }
    ProcessUnlock();
    if (Handle == SIM_INVALID_HANDLE) {
        free(Entry);
        LastErrorSet(WIN32_NOT_ENOUGH_MEMORY);
    }
    return Handle;
}

HANDLE_ENTRY *HandleFind(SIM_HANDLE Handle, HANDLE_KIND Kind)
{
    HANDLE_ENTRY **Place;
    HANDLE_ENTRY *Entry = NULL;

    ProcessLock();
    Place = PlaceOfHandle(Handle);
    if (Place != NULL && *Place != NULL && (Kind == 0 || (*Place)->Kind == Kind)) {
        Entry = *Place;
        Entry->References++;
    }
    ProcessUnlock();
    if (Entry == NULL) {
        LastErrorSet(WIN32_INVALID_HANDLE);
    }
    return Entry;
}

void HandleRelease(HANDLE_ENTRY *Entry)
{
    BOOLEAN Last;

    ProcessLock();
    Last = --Entry->References == 0;
    ProcessUnlock();
    if (!Last) {
        return;
    }
    Entry->Delete(Entry);
    if (Entry->Kernel != NULL) {
        HostMachineRelease(Entry->Kernel);
    }
    free(Entry);
}

BOOLEAN HandleClose(SIM_HANDLE Handle, HANDLE_KIND Kind)
{
    HANDLE_ENTRY **Place;
    HANDLE_ENTRY *Entry = NULL;

    ProcessLock();
    Place = PlaceOfHandle(Handle);
    if (Place != NULL && *Place != NULL && (Kind == 0 || (*Place)->Kind == Kind)) {
        Entry = *Place;
        Entry->Closed = TRUE;
        *Place = NULL;
    }
    ProcessUnlock();
    if (Entry == NULL) {
        LastErrorSet(WIN32_INVALID_HANDLE);
        return FALSE;
    }
    if (Entry->Kind == HANDLE_FILE) {
        FileCleanup(Entry);             /* at the last close of the handle, not when the last user is through */
    }
    HandleRelease(Entry);
    return TRUE;
}

void HandlesCloseAll(KERNEL *Kernel)
{
    ULONG Place;

    for (Place = 0;; Place++) {
        SIM_HANDLE Handle = SIM_INVALID_HANDLE;

        ProcessLock();
        while (Place < TableSize && (Table[Place] == NULL || Table[Place]->Kernel != Kernel)) {
            Place++;
        }
        if (Place < TableSize) {
            Handle = HandleOfPlace(Place);
        }
        ProcessUnlock();
        if (Handle == SIM_INVALID_HANDLE) {
            return;
        }
        HandleClose(Handle, 0);
    }
}
