/* Cancelling: by handle, by OVERLAPPED, from another thread, too early, too late, deaf drivers, closed handles. */
#include "ask.h"

#define DOC_CANCEL "CancelIoEx"
#define HELD { .When = CONFORM_HOLD }

static void SayEnd(HANDLE On, CALL *Call)
{
    DWORD Count = 0;
    BOOL Result = GetOverlappedResult(On, &Call->Overlapped, &Count, TRUE);

    SayCall(Result);
    CallEnd(Call);
}

static void SayCancel(HANDLE On, OVERLAPPED *Overlapped)
{
    BOOL Result;

    WorldClearError();
    Result = CancelIoEx(On, Overlapped);
    SayCall(Result);
}

static void AskOne(void)
{
    CONFORM_SCRIPT_REQUEST Script = HELD;
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 0);
    SayCancel(File, &Call.Overlapped);
    Say("; ");
    SayEnd(File, &Call);
    Say("; ");
    SayLog();
}

static void AskBlock(void)
{
    CONFORM_SCRIPT_REQUEST Script = HELD;
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 0);
    CancelIoEx(File, &Call.Overlapped);
    WaitForSingleObject(Call.Overlapped.hEvent, INFINITE);
    Say("Internal ");
    SayStatus((uint32_t)Call.Overlapped.Internal);
    Say(", InternalHigh %u", (unsigned)Call.Overlapped.InternalHigh);
    CallEnd(&Call);
}

static void AskAll(void)
{
    CONFORM_SCRIPT_REQUEST Script = HELD;
    CALL First, Second;

    CallStart(&First, File, SCRIPT_BUFFERED, &Script, 0);
    CallStart(&Second, File, SCRIPT_BUFFERED, &Script, 0);
    SayCancel(File, NULL);
    Say("; ");
    SayEnd(File, &First);
    Say("; ");
    SayEnd(File, &Second);
    Say("; ");
    SayLog();
}

static void AskOneOfTwo(void)
{
    CONFORM_SCRIPT_REQUEST Script = HELD;
    CALL First, Second;

    CallStart(&First, File, SCRIPT_BUFFERED, &Script, 0);
    CallStart(&Second, File, SCRIPT_BUFFERED, &Script, 0);
    SayCancel(File, &Second.Overlapped);
    Say("; ");
    SayEnd(File, &Second);
    Say("; %u held; ", (unsigned)CountHeld());
    CompleteHeld(0, 0);
    SayEnd(File, &First);
}

static void AskNothing(void)
{
    SayCancel(File, NULL);
}

static void AskOtherOverlapped(void)
{
    CONFORM_SCRIPT_REQUEST Script = HELD;
    OVERLAPPED Stranger = { 0 };
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 0);
    SayCancel(File, &Stranger);
    Say("; %u held", (unsigned)CountHeld());
    CompleteHeld(0, 0);
    GetOverlappedResult(File, &Call.Overlapped, &Call.Returned, TRUE);
    CallEnd(&Call);
}

static void AskOtherHandle(void)
{
    CONFORM_SCRIPT_REQUEST Script = HELD;
    HANDLE Second = Open(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 0);
    SayCancel(Second, NULL);
    Say("; %u held", (unsigned)CountHeld());
    CompleteHeld(0, 0);
    GetOverlappedResult(File, &Call.Overlapped, &Call.Returned, TRUE);
    CallEnd(&Call);
    CloseHandle(Second);
}

static void AskAfterwards(void)
{
    CONFORM_SCRIPT_REQUEST Script = HELD;
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 0);
    CompleteHeld(0, 0);
    WaitForSingleObject(Call.Overlapped.hEvent, INFINITE);
    SayCancel(File, &Call.Overlapped);
    Say("; ");
    SayEnd(File, &Call);
}

static void AskTwice(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_HOLD_DEAF };
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 0);
    SayCancel(File, &Call.Overlapped);
    Say("; again ");
    SayCancel(File, &Call.Overlapped);
    CompleteHeld(0, 0);
    GetOverlappedResult(File, &Call.Overlapped, &Call.Returned, TRUE);
    CallEnd(&Call);
}

static void AskDeaf(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_HOLD_DEAF };
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 0);
    SayCancel(File, &Call.Overlapped);
    Say("; ");
    SayWait(WaitForSingleObject(Call.Overlapped.hEvent, 10));
    Say("; ");
    SayLog();
    CompleteHeld(RowNumber, 0);
    Say("; ");
    SayEnd(File, &Call);
}

static void AskTimer(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_TIMER, .Delay = 300, .Information = 4 };
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 16);
    SayCancel(File, &Call.Overlapped);
    Say("; ");
    SayEnd(File, &Call);
}

static void CancelElsewhere(void *Context)
{
    CALL *Call = Context;

    Call->Result = CancelIoEx(File, &Call->Overlapped);
}

static void AskThread(void)
{
    CONFORM_SCRIPT_REQUEST Script = HELD;
    WORLD_THREAD *Thread;
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 0);
    Thread = WorldThreadStart(CancelElsewhere, &Call);
    WaitForSingleObject(Call.Overlapped.hEvent, INFINITE);
    WorldThreadJoin(Thread);
    SayError(Call.Result, 0);
    Say("; ");
    SayEnd(File, &Call);
}

typedef struct BLOCKED {
    HANDLE Device;
    BOOL Result;
    DWORD Error;
} BLOCKED;

static void ControlBlocked(void *Context)
{
    CONFORM_SCRIPT_REQUEST Script = HELD;
    BLOCKED *Blocked = Context;
    DWORD Returned = 0;

    Blocked->Result = DeviceIoControl(Blocked->Device, SCRIPT_BUFFERED, &Script, sizeof(Script), NULL, 0, &Returned,
                                      NULL);
    Blocked->Error = GetLastError();
}

static void AskSynchronous(void)
{
    BLOCKED Blocked = { Open(GENERIC_READ | GENERIC_WRITE, 0), FALSE, 0 };
    WORLD_THREAD *Thread = WorldThreadStart(ControlBlocked, &Blocked);

    WaitHeld(1);
    SayCancel(Blocked.Device, NULL);
    WorldThreadJoin(Thread);
    Say("; ");
    SayError(Blocked.Result, Blocked.Error);
    CloseHandle(Blocked.Device);
}

/* While a thread is in a synchronous request, another one on the same handle waits for it. */
typedef struct SECOND {
    HANDLE Device;
    volatile BOOL Began, Done;
} SECOND;

static void ControlSecond(void *Context)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_NOW };
    SECOND *Second = Context;
    DWORD Returned = 0;

    Second->Began = TRUE;
    DeviceIoControl(Second->Device, SCRIPT_BUFFERED, &Script, sizeof(Script), NULL, 0, &Returned, NULL);
    Second->Done = TRUE;
}

static void AskSerialised(void)
{
    BLOCKED Blocked = { Open(GENERIC_READ | GENERIC_WRITE, 0), FALSE, 0 };
    SECOND Second = { Blocked.Device, FALSE, FALSE };
    WORLD_THREAD *First = WorldThreadStart(ControlBlocked, &Blocked);
    WORLD_THREAD *Later;
    uint32_t Try;

    WaitHeld(1);
    Later = WorldThreadStart(ControlSecond, &Second);
    /* That it does not end cannot be seen by waiting for it; a hundred round trips of others are time enough. */
    for (Try = 0; Try < 100 && !Second.Done; Try += Second.Began) {
        CountHeld();
        WorldPause(1);
    }
    Say("%s", Second.Done ? "it is served meanwhile" : "it waits");
    CompleteHeld(0, 0);
    WorldThreadJoin(First);
    WorldThreadJoin(Later);
    Say(", then %s", Second.Done ? "it is done" : "it is lost");
    CloseHandle(Blocked.Device);
}

static void AskClose(void)
{
    CONFORM_SCRIPT_REQUEST Script = HELD;
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 0);
    SayCall(CloseHandle(File));
    File = INVALID_HANDLE_VALUE;
    Say("; ");
    SayWait(WaitForSingleObject(Call.Overlapped.hEvent, 1000));
    Say(", Internal ");
    SayStatus((uint32_t)Call.Overlapped.Internal);
    Say("; ");
    WorldPause(200);
    SayLog();
    CallEnd(&Call);
}

static void AskClosedHandle(void)
{
    CloseHandle(File);
    SayCancel(File, NULL);
    File = INVALID_HANDLE_VALUE;
}

static void AskEventHandle(void)
{
    HANDLE Mine = Event(TRUE, FALSE);

    SayCancel(Mine, NULL);
    CloseHandle(Mine);
}

/* CLEANUP of one handle leaves what another one on the same device has under way. */
static void AskCloseOther(void)
{
    CONFORM_SCRIPT_REQUEST Script = HELD;
    HANDLE Second = Open(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 0);
    CloseHandle(Second);
    Say("%u held", (unsigned)CountHeld());
    CancelIoEx(File, NULL);
    GetOverlappedResult(File, &Call.Overlapped, &Call.Returned, TRUE);
    CallEnd(&Call);
}

const ROW CancelRows[] = {
    { "cancel/one", "CancelIoEx of one held request", DOC_CANCEL, AskOne, 0 },
    { "cancel/block", "its OVERLAPPED afterwards", DOC_CANCEL, AskBlock, 0 },
    { "cancel/all", "CancelIoEx of all on the handle", DOC_CANCEL, AskAll, 0 },
    { "cancel/one-of-two", "CancelIoEx of the second of two", DOC_CANCEL, AskOneOfTwo, 0 },
    { "cancel/nothing", "nothing is under way", DOC_CANCEL, AskNothing, 0 },
    { "cancel/stranger", "an OVERLAPPED that no request has", DOC_CANCEL, AskOtherOverlapped, 0 },
    { "cancel/other-handle", "by another handle of the same device", DOC_CANCEL, AskOtherHandle, 0 },
    { "cancel/afterwards", "the request is completed already", DOC_CANCEL, AskAfterwards, 0 },
    { "cancel/twice", "a request without cancel routine is cancelled twice", "", AskTwice, 0 },
    { "cancel/deaf", "no cancel routine: it stays pending, and the driver completes it with STATUS_SUCCESS", DOC_CANCEL, AskDeaf, 0 },
    { "cancel/deaf-cancelled", "the same, and the driver completes it with STATUS_CANCELLED", DOC_CANCEL, AskDeaf, 0xC0000120u },
    { "cancel/timer", "no cancel routine, completed by a timer's DPC", DOC_CANCEL, AskTimer, 0 },
    { "cancel/thread", "from another thread", DOC_CANCEL, AskThread, 0 },
    { "cancel/synchronous", "CancelIoEx of a synchronous request that another thread is in", DOC_CANCEL, AskSynchronous, 0 },
    { "cancel/serialised", "a second request on a synchronous handle while the first is held", "Synchronous and Asynchronous I/O", AskSerialised, 0 },
    { "cancel/close", "CloseHandle with a held request", "IRP_MJ_CLEANUP", AskClose, 0 },
    { "cancel/close-other", "CloseHandle of another handle of the device", "IRP_MJ_CLEANUP", AskCloseOther, 0 },
    { "cancel/closed-handle", "CancelIoEx on a closed handle", "", AskClosedHandle, 0 },
    { "cancel/event-handle", "CancelIoEx on the handle of an event", "", AskEventHandle, 0 },
};
const ULONG CancelRowCount = sizeof(CancelRows) / sizeof(CancelRows[0]);
