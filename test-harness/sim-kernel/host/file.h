/* An open file and its requests, shared by file.c and request.c; all of it is guarded by the machine. */
#ifndef FILE_H
#define FILE_H

#include "host.h"

typedef struct REQUEST REQUEST;

typedef struct OPEN_FILE {
    struct OPEN_FILE *Next;
    KERNEL *Kernel;
    PNP_NODE *Node;
    PDEVICE_OBJECT Top;                 /* of the stack when it was opened; referenced */
    FILE_OBJECT Object;
    BOOLEAN Overlapped;
    BOOLEAN Cleaned;
    BOOLEAN Unused;                     /* the handle is closed and no call is on its way with it */
    BOOLEAN Busy;                       /* a synchronous handle's request is under way */
    BOOLEAN Signalled;                  /* as a wait for its handle sees it; guarded by the process's lock */
    REQUEST *Requests;                  /* under way */
} OPEN_FILE;

/* Sends CLOSE for every file that is unused and whose last request is through. In the machine, PASSIVE_LEVEL. */
void FilesSettle(KERNEL *Kernel);

/* wait.c: what a wait for the file's handle sees. */
void FileSignal(OPEN_FILE *File, BOOLEAN Signalled);

/* Cancels what is under way on the file: all of it, or what has this OVERLAPPED. Returns how many there were. */
ULONG RequestsCancel(OPEN_FILE *File, const SIM_OVERLAPPED *Overlapped);

#endif
