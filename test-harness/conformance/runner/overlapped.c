/* Overlapped requests: what is written when, which event is set, what waits. */
#include "ask.h"

#define DOC_RESULT "GetOverlappedResult"
#define DOC_CONTROL "DeviceIoControl (ioapiset.h)"
#define IN_TIME { .When = CONFORM_TIMER, .Delay = 100, .Information = 4, .Fill = 4, .Byte = 'x' }

static void SayEvent(HANDLE Event)
{
    Say("%s", WaitForSingleObject(Event, 0) == WAIT_OBJECT_0 ? "event set" : "event not set");
}

static void SayBlock(const OVERLAPPED *Overlapped)
{
    Say("Internal ");
    SayStatus((uint32_t)Overlapped->Internal);
    Say(", InternalHigh %u", (unsigned)Overlapped->InternalHigh);
}

static void SayStarted(const CALL *Call)
{
    SayError(Call->Result, Call->Error);
    if (Call->Returned == 7777) {
        Say(", count untouched");
    } else {
        Say(", count %u", (unsigned)Call->Returned);
    }
}

static void SayResult(HANDLE On, CALL *Call, BOOL Wait)
{
    DWORD Count = 7777;
    BOOL Result;

    WorldClearError();
    Result = GetOverlappedResult(On, &Call->Overlapped, &Count, Wait);
    SayCall(Result);
    if (Count == 7777) {
        Say(", count untouched");
    } else {
        Say(", count %u", (unsigned)Count);
    }
}

static void AskStart(void)
{
    CONFORM_SCRIPT_REQUEST Script = IN_TIME;
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 16);
    SayStarted(&Call);
    GetOverlappedResult(File, &Call.Overlapped, &Call.Returned, TRUE);
    CallEnd(&Call);
}

static void AskWhilePending(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_HOLD };
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 16);
    SayBlock(&Call.Overlapped);
    Say(", ");
    SayEvent(Call.Overlapped.hEvent);
    CompleteHeld(0, 0);
    GetOverlappedResult(File, &Call.Overlapped, &Call.Returned, TRUE);
    CallEnd(&Call);
}

static void AskNoWait(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_HOLD };
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 16);
    SayResult(File, &Call, FALSE);
    CompleteHeld(0, 0);
    GetOverlappedResult(File, &Call.Overlapped, &Call.Returned, TRUE);
    CallEnd(&Call);
}

static void AskWait(void)
{
    CONFORM_SCRIPT_REQUEST Script = IN_TIME;
    CALL Call;

    Script.Status = RowNumber;
    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 16);
    SayResult(File, &Call, TRUE);
    Say(", %c", Call.Output[0]);
    CallEnd(&Call);
}

static void AskAfterPending(void)
{
    CONFORM_SCRIPT_REQUEST Script = IN_TIME;
    CALL Call;

    Script.Status = RowNumber;
    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 16);
    WaitForSingleObject(Call.Overlapped.hEvent, INFINITE);
    SayBlock(&Call.Overlapped);
    Say(", ");
    SayEvent(Call.Overlapped.hEvent);
    CallEnd(&Call);
}

/* In the dispatch routine, by RowNumber's status; the way in bit 0 of it would be a status's, so two functions. */
static void SayAtOnce(uint32_t When)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = When, .Status = RowNumber, .Information = 4, .Fill = 4, .Byte = 'x' };
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 16);
    if (When == CONFORM_WORK) {
        /* the count depends on whether the work item ran before the call returned */
        SayError(Call.Result, Call.Error);
    } else {
        SayStarted(&Call);
    }
    if (Call.Error == 997 && !Call.Result) {
        WaitForSingleObject(Call.Overlapped.hEvent, INFINITE);
    }
    Say(", ");
    SayBlock(&Call.Overlapped);
    Say(", ");
    SayEvent(Call.Overlapped.hEvent);
    CallEnd(&Call);
}

static void AskNow(void)
{
    SayAtOnce(CONFORM_NOW);
}

static void AskMarked(void)
{
    SayAtOnce(CONFORM_MARKED);
}

static void AskWork(void)
{
    SayAtOnce(CONFORM_WORK);
}

/* An event that was set before. */
static void AskWasSet(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_HOLD };
    OVERLAPPED Overlapped = { 0 };
    DWORD Returned = 0;

    Overlapped.hEvent = Event(TRUE, TRUE);
    DeviceIoControl(File, SCRIPT_BUFFERED, &Script, sizeof(Script), NULL, 0, &Returned, &Overlapped);
    SayEvent(Overlapped.hEvent);
    CompleteHeld(0, 0);
    GetOverlappedResult(File, &Overlapped, &Returned, TRUE);
    CloseHandle(Overlapped.hEvent);
}

static void AskWasSetError(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_NOW, .Status = 0xC000000Du };
    OVERLAPPED Overlapped = { 0 };
    DWORD Returned = 0;

    Overlapped.hEvent = Event(TRUE, TRUE);
    DeviceIoControl(File, SCRIPT_BUFFERED, &Script, sizeof(Script), NULL, 0, &Returned, &Overlapped);
    SayEvent(Overlapped.hEvent);
    CloseHandle(Overlapped.hEvent);
}

static void AskAutomatic(void)
{
    CONFORM_SCRIPT_REQUEST Script = IN_TIME;
    OVERLAPPED Overlapped = { 0 };
    DWORD Returned = 0;

    Overlapped.hEvent = Event(FALSE, FALSE);
    DeviceIoControl(File, SCRIPT_BUFFERED, &Script, sizeof(Script), NULL, 0, &Returned, &Overlapped);
    SayCall(GetOverlappedResult(File, &Overlapped, &Returned, TRUE));
    Say(", afterwards ");
    SayEvent(Overlapped.hEvent);
    CloseHandle(Overlapped.hEvent);
}

static void AskNoEvent(void)
{
    CONFORM_SCRIPT_REQUEST Script = IN_TIME;
    OVERLAPPED Overlapped = { 0 };
    DWORD Returned = 0;

    SayCall(DeviceIoControl(File, SCRIPT_BUFFERED, &Script, sizeof(Script), NULL, 0, &Returned, &Overlapped));
    Say("; ");
    SayCall(GetOverlappedResult(File, &Overlapped, &Returned, TRUE));
    Say(", count %u", (unsigned)Returned);
}

static void AskBadEvent(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_NOW };
    OVERLAPPED Overlapped = { 0 };
    DWORD Returned = 0;
    HANDLE Closed = Event(TRUE, FALSE);

    CloseHandle(Closed);
    Overlapped.hEvent = Closed;
    SayCall(DeviceIoControl(File, SCRIPT_BUFFERED, &Script, sizeof(Script), NULL, 0, &Returned, &Overlapped));
    Say(", ");
    SayLog();
}

static void AskWithout(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_NOW, .Information = 4 };
    DWORD Returned = 7777;

    SayCall(DeviceIoControl(File, SCRIPT_BUFFERED, &Script, sizeof(Script), NULL, 0, &Returned, NULL));
}

/* A synchronous handle: the call itself waits, whatever OVERLAPPED it is given. */
static void AskSynchronous(void)
{
    CONFORM_SCRIPT_REQUEST Script = IN_TIME;
    CALL Call;

    Script.Status = RowNumber;
    CallStart(&Call, Control, SCRIPT_BUFFERED, &Script, 16);
    SayStarted(&Call);
    Say(", ");
    SayBlock(&Call.Overlapped);
    Say(", ");
    SayEvent(Call.Overlapped.hEvent);
    CallEnd(&Call);
}

static void AskTwo(void)
{
    CONFORM_SCRIPT_REQUEST Slow = { .When = CONFORM_TIMER, .Delay = 600, .Information = 1 };
    CONFORM_SCRIPT_REQUEST Fast = { .When = CONFORM_TIMER, .Delay = 20, .Information = 2 };
    CALL First, Second;
    HANDLE Both[2];

    CallStart(&First, File, SCRIPT_BUFFERED, &Slow, 16);
    CallStart(&Second, File, SCRIPT_BUFFERED, &Fast, 16);
    Both[0] = First.Overlapped.hEvent;
    Both[1] = Second.Overlapped.hEvent;
    Say("number %u ends first", (unsigned)WaitForMultipleObjects(2, Both, FALSE, INFINITE));
    Say(", all: ");
    SayWait(WaitForMultipleObjects(2, Both, TRUE, INFINITE));
    Say(", counts %u and %u", (unsigned)First.Overlapped.InternalHigh, (unsigned)Second.Overlapped.InternalHigh);
    CallEnd(&First);
    CallEnd(&Second);
}

static void AskWaitTimeout(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_TIMER, .Delay = 300 };
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 16);
    SayWait(WaitForSingleObject(Call.Overlapped.hEvent, 5));
    Say(", then ");
    SayWait(WaitForSingleObject(Call.Overlapped.hEvent, 5000));
    CallEnd(&Call);
}

static void AskClosedMeanwhile(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_HOLD };
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 16);
    CloseHandle(File);
    File = INVALID_HANDLE_VALUE;
    SayWait(WaitForSingleObject(Call.Overlapped.hEvent, 1000));
    Say("; ");
    SayResult(Control, &Call, FALSE);
    Say("; ");
    SayLog();
    CallEnd(&Call);
}

static void AskTwice(void)
{
    CONFORM_SCRIPT_REQUEST Script = IN_TIME;
    CALL Call;

    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 16);
    SayResult(File, &Call, TRUE);
    Say("; again: ");
    SayResult(File, &Call, TRUE);
    CallEnd(&Call);
}

static void AskManyAtOnce(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_HOLD };
    CALL Calls[8];
    uint32_t Index;

    for (Index = 0; Index < 8; Index++) {
        CallStart(&Calls[Index], File, SCRIPT_BUFFERED, &Script, 16);
    }
    Say("%u held", (unsigned)CountHeld());
    for (Index = 0; Index < 8; Index++) {
        CompleteHeld(0, Index);
    }
    for (Index = 0; Index < 8; Index++) {
        GetOverlappedResult(File, &Calls[Index].Overlapped, &Calls[Index].Returned, TRUE);
        Say("%s%u", Index == 0 ? ", counts " : " ", (unsigned)Calls[Index].Returned);
        CallEnd(&Calls[Index]);
    }
}

const ROW OverlappedRows[] = {
    { "overlapped/start", "pended: what DeviceIoControl says", DOC_CONTROL, AskStart, 0 },
    { "overlapped/while-pending", "while it is pending: OVERLAPPED and event", DOC_RESULT, AskWhilePending, 0 },
    { "overlapped/no-wait", "GetOverlappedResult without wait, while it is pending", DOC_RESULT, AskNoWait, 0 },
    { "overlapped/wait", "GetOverlappedResult with wait", DOC_RESULT, AskWait, 0 },
    { "overlapped/wait-error", "the same, completed with STATUS_INVALID_PARAMETER and Information 4", DOC_RESULT, AskWait, 0xC000000Du },
    { "overlapped/wait-overflow", "the same, completed with STATUS_BUFFER_OVERFLOW and Information 4", DOC_RESULT, AskWait, 0x80000005u },
    { "overlapped/wait-informational", "the same, completed with STATUS_OBJECT_NAME_EXISTS and Information 4", DOC_RESULT, AskWait, 0x40000000u },
    { "overlapped/after", "after a pended STATUS_SUCCESS: OVERLAPPED and event", "", AskAfterPending, 0 },
    { "overlapped/after-error", "after a pended STATUS_INVALID_PARAMETER with Information 4", "", AskAfterPending, 0xC000000Du },
    { "overlapped/after-overflow", "after a pended STATUS_BUFFER_OVERFLOW with Information 4", "", AskAfterPending, 0x80000005u },
    { "overlapped/now", "STATUS_SUCCESS in the dispatch routine", "", AskNow, 0 },
    { "overlapped/now-error", "STATUS_INVALID_PARAMETER in the dispatch routine", "", AskNow, 0xC000000Du },
    { "overlapped/now-overflow", "STATUS_BUFFER_OVERFLOW in the dispatch routine", "", AskNow, 0x80000005u },
    { "overlapped/now-informational", "STATUS_OBJECT_NAME_EXISTS in the dispatch routine", "", AskNow, 0x40000000u },
    { "overlapped/marked", "marked pending, STATUS_SUCCESS in the dispatch routine", "IoMarkIrpPending", AskMarked, 0 },
    { "overlapped/marked-error", "marked pending, STATUS_INVALID_PARAMETER in the dispatch routine", "IoMarkIrpPending", AskMarked, 0xC000000Du },
    { "overlapped/marked-overflow", "marked pending, STATUS_BUFFER_OVERFLOW in the dispatch routine", "IoMarkIrpPending", AskMarked, 0x80000005u },
    { "overlapped/work", "STATUS_SUCCESS by a work item", "", AskWork, 0 },
    { "overlapped/event-was-set", "an event that was set before, while the request is pending", DOC_CONTROL, AskWasSet, 0 },
    { "overlapped/event-was-set-error", "an event that was set before, after an error in the dispatch routine", "", AskWasSetError, 0 },
    { "overlapped/automatic", "an automatic event, after GetOverlappedResult with wait", DOC_RESULT, AskAutomatic, 0 },
    { "overlapped/no-event", "no event: GetOverlappedResult waits for the file", DOC_RESULT, AskNoEvent, 0 },
    { "overlapped/bad-event", "an event handle that is closed", "", AskBadEvent, 0 },
    { "overlapped/without", "an overlapped handle and no OVERLAPPED", DOC_CONTROL, AskWithout, 0 },
    { "overlapped/synchronous", "a synchronous handle with an OVERLAPPED, completed by a timer's DPC", DOC_CONTROL, AskSynchronous, 0 },
    { "overlapped/synchronous-error", "the same with STATUS_INVALID_PARAMETER", DOC_CONTROL, AskSynchronous, 0xC000000Du },
    { "overlapped/two", "two at once, the second is faster", "", AskTwo, 0 },
    { "overlapped/timeout", "a wait shorter than the request, then a longer one", "", AskWaitTimeout, 0 },
    { "overlapped/closed-meanwhile", "the handle is closed while the request is held; a wait for the event, GetOverlappedResult", "", AskClosedMeanwhile, 0 },
    { "overlapped/twice", "GetOverlappedResult a second time", "", AskTwice, 0 },
    { "overlapped/many", "eight held requests, completed in order with their numbers", "", AskManyAtOnce, 0 },
};
const ULONG OverlappedRowCount = sizeof(OverlappedRows) / sizeof(OverlappedRows[0]);
