/*
 * Files as a user opens devices: CreateFileW to CLOSE. Requests are in request.c.
 *
 *   open --CloseHandle--> cleaned --no call and no request is left--> closed
 *
 * CLEANUP goes down when the handle is closed; CLOSE later, at the end of a host call, at PASSIVE_LEVEL.
 */
#include "file.h"

#define GENERIC_READ 0x80000000u
#define GENERIC_WRITE 0x40000000u
#define GENERIC_ALL 0x10000000u
#define MAXIMUM_ALLOWED 0x02000000u     /* all that the device's security grants, which here is everything */
#define FILE_FLAG_OVERLAPPED 0x40000000u
#define CREATE_NEW 1u
#define TRUNCATE_EXISTING 5u

typedef struct FILE_OPEN {
    KERNEL *Kernel;
    const uint16_t *Path;
    uint32_t Access;
    uint32_t Flags;
    OPEN_FILE *File;
    NTSTATUS Status;
} FILE_OPEN;

static NTSTATUS FileSend(OPEN_FILE *File, UCHAR Major, const char *What)
{
    IO_STACK_LOCATION Stack;
    IO_STATUS_BLOCK Result;

    RtlZeroMemory(&Stack, sizeof(Stack));
    Stack.MajorFunction = Major;
    Stack.FileObject = &File->Object;
    return IrpSend(File->Kernel, File->Top, &Stack, STATUS_SUCCESS, 0, &Result, What);
}

/* Whatever happens to the stack, the device on its top stays there until the file is closed. */
static void FileDelete(OPEN_FILE *File)
{
    OPEN_FILE **Place = (OPEN_FILE **)&File->Kernel->Files;
    PNP_NODE *Node = File->Node;

    while (*Place != NULL && *Place != File) {
        Place = &(*Place)->Next;
    }
    if (*Place == File) {
        *Place = File->Next;
    }
    DeviceObjectDereference(File->Top);
    PlatformFree(File);
    if (--Node->Handles == 0) {
        PnpLastHandleClosed(Node);
    }
}

static void FileOpen(void *Context)
{
    FILE_OPEN *Open = Context;
    PNP_NODE *Node = PnpNodeOfPath(Open->Kernel, (const WCHAR *)Open->Path);
    OPEN_FILE *File;

    if (Node == NULL) {
        Open->Status = STATUS_OBJECT_NAME_NOT_FOUND;
        return;
    }
    File = PlatformAllocate(sizeof(*File));
    File->Kernel = Open->Kernel;
    File->Node = Node;
    File->Top = DeviceTop(Node->Pdo);
    File->Overlapped = (Open->Flags & FILE_FLAG_OVERLAPPED) != 0;
    File->Object.Type = IO_TYPE_FILE;
    File->Object.Size = sizeof(File->Object);
    File->Object.DeviceObject = Node->Pdo;
    File->Object.ReadAccess = (Open->Access & (GENERIC_READ | GENERIC_ALL | MAXIMUM_ALLOWED | FILE_READ_DATA)) != 0;
    File->Object.WriteAccess = (Open->Access & (GENERIC_WRITE | GENERIC_ALL | MAXIMUM_ALLOWED | FILE_WRITE_DATA)) != 0;
    File->Object.Flags = File->Overlapped ? 0 : FO_SYNCHRONOUS_IO;
    DeviceObjectReference(File->Top);
    Node->Handles++;
    Open->Status = FileSend(File, IRP_MJ_CREATE, "IRP_MJ_CREATE");
    if (!NT_SUCCESS(Open->Status)) {
        FileDelete(File);
        return;
    }
    File->Object.Flags |= FO_HANDLE_CREATED;
    File->Next = Open->Kernel->Files;
    Open->Kernel->Files = File;
    Open->File = File;
}

static void FileSendCleanup(void *Context)
{
    OPEN_FILE *File = Context;

    if (!File->Cleaned) {
        File->Cleaned = TRUE;
        FileSend(File, IRP_MJ_CLEANUP, "IRP_MJ_CLEANUP");
        File->Object.Flags |= FO_CLEANUP_COMPLETE;
    }
}

void FilesSettle(KERNEL *Kernel)
{
    OPEN_FILE *File = Kernel->Files;

    while (File != NULL) {
        if (File->Unused && File->Requests == NULL) {
            FileSend(File, IRP_MJ_CLOSE, "IRP_MJ_CLOSE");
            FileDelete(File);
            File = Kernel->Files;       /* the driver had its say: begin again */
        } else {
            File = File->Next;
        }
    }
}

void FileCleanup(HANDLE_ENTRY *Entry)
{
    HostRun(Entry->Kernel, FileSendCleanup, Entry->Object);
}

static void FileBecomesUnused(void *Context)
{
    ((OPEN_FILE *)Context)->Unused = TRUE;      /* HostRun settles the rest */
}

static void FileEntryDelete(HANDLE_ENTRY *Entry)
{
    HostRun(Entry->Kernel, FileBecomesUnused, Entry->Object);
}

/* \\?\SIMn#... names the machine in its first element. */
static KERNEL *FileMachine(const uint16_t *Path)
{
    uint16_t Name[16];
    size_t Length = 0;

    if (Path == NULL || Path[0] != '\\' || Path[1] != '\\' || (Path[2] != '?' && Path[2] != '.') || Path[3] != '\\') {
        return NULL;
    }
    while (Length < 15 && Path[4 + Length] != '#' && Path[4 + Length] != 0) {
        Name[Length] = Path[4 + Length];
        Length++;
    }
    Name[Length] = 0;
    return HostMachineByEnumerator(Name);
}

SIM_HANDLE CreateFileW(const uint16_t *Path, uint32_t Access, uint32_t Share, void *Security, uint32_t Disposition,
                       uint32_t Flags, SIM_HANDLE Template)
{
    FILE_OPEN Open = { FileMachine(Path), Path, Access, Flags, NULL, STATUS_SUCCESS };
    SIM_HANDLE Handle = SIM_INVALID_HANDLE;

    /* A device that is not exclusive ignores how files are shared, made or modelled. */
    (void)Share;
    (void)Security;
    (void)Template;
    if (Disposition < CREATE_NEW || Disposition > TRUNCATE_EXISTING) {
        LastErrorSet(WIN32_INVALID_PARAMETER);
        if (Open.Kernel != NULL) {
            HostMachineRelease(Open.Kernel);
        }
        return SIM_INVALID_HANDLE;
    }
    if (Open.Kernel == NULL) {
        LastErrorSet(WIN32_FILE_NOT_FOUND);
        return SIM_INVALID_HANDLE;
    }
    if (HostRun(Open.Kernel, FileOpen, &Open)) {
        if (Open.File == NULL) {
            LastErrorSet(HostErrorOfStatus(Open.Status));
        } else {
            Handle = HandleCreate(HANDLE_FILE, Open.Kernel, Open.File, FileEntryDelete);
            if (Handle == SIM_INVALID_HANDLE) {
                HostRun(Open.Kernel, FileSendCleanup, Open.File);
                HostRun(Open.Kernel, FileBecomesUnused, Open.File);
                LastErrorSet(WIN32_NOT_ENOUGH_MEMORY);
            }
        }
    }
    HostMachineRelease(Open.Kernel);
    return Handle;
}

/* What GetCurrentProcess and GetCurrentThread return, -1 and -2: closing one has no effect. */
static BOOLEAN HandleIsPseudo(SIM_HANDLE Handle)
{
    return Handle >= (SIM_HANDLE)-2;
}

int32_t CloseHandle(SIM_HANDLE Handle)
{
    HANDLE_ENTRY *Entry = HandleIsPseudo(Handle) ? NULL : HandleFind(Handle, 0);
    HANDLE_KIND Kind;

    if (HandleIsPseudo(Handle)) {
        return 1;
    }
    if (Entry == NULL) {
        return 0;
    }
    Kind = Entry->Kind;
    HandleRelease(Entry);
    if (Kind != HANDLE_FILE && Kind != HANDLE_EVENT) {
        LastErrorSet(WIN32_INVALID_HANDLE);     /* sets and keys have closers of their own */
        return 0;
    }
    return HandleClose(Handle, Kind);
}
