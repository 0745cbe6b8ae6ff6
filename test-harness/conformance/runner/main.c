/*
 * Asks every question and prints a row for each: id, question, source, answer, parted by tabs.
 *
 *     conformance --all            every row
 *     conformance --only PREFIX    those whose id begins so
 *     conformance --install INF    (Windows) makes the two root-enumerated devices and installs the driver on them
 *     conformance --remove         (Windows) takes the devices away again
 *
 * Exit 0: asked; 1: the kernel was not at rest afterwards; 2: usage; 3: there is no conformance driver.
 */
#include "ask.h"
#include "install.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

uint32_t RowNumber;
HANDLE File = INVALID_HANDLE_VALUE, Control = INVALID_HANDLE_VALUE, Other = INVALID_HANDLE_VALUE;
WCHAR Path[256], OtherPath[256];
static char Answer[4096];

void Say(const char *Format, ...)
{
    size_t Length = strlen(Answer);
    va_list Arguments;

    va_start(Arguments, Format);
    vsnprintf(Answer + Length, sizeof(Answer) - Length, Format, Arguments);
    va_end(Arguments);
}

/* ---- Devices ----------------------------------------------------------------------------------------------------- */

static BOOL TextOf(HANDLE Device, uint32_t Function, char *Text, size_t Size)
{
    DWORD Returned = 0;
    static char Buffer[CONFORM_LOG_SIZE];

    if (!DeviceIoControl(Device, CONFORM_CODE(Function, CONFORM_BUFFERED, CONFORM_ANY), NULL, 0, Buffer, sizeof(Buffer),
                         &Returned, NULL)) {
        return FALSE;
    }
    snprintf(Text, Size, "%.*s", (int)Returned, Buffer);
    return TRUE;
}

static HANDLE OpenPath(const WCHAR *Which, DWORD Access, DWORD Flags)
{
    return CreateFileW(Which, Access, FILE_SHARE_READ | FILE_SHARE_WRITE, 0, OPEN_EXISTING, Flags, 0);
}

/* Which device is behind the path: the number with which it noted that it was opened. */
static int NumberOf(const WCHAR *Which)
{
    HANDLE Device = OpenPath(Which, GENERIC_READ | GENERIC_WRITE, 0);
    char Text[CONFORM_LOG_SIZE] = "";
    const char *Create;
    int Number = -1;

    if (Device == INVALID_HANDLE_VALUE) {
        return -1;
    }
    if (TextOf(Device, CONFORM_TAKE_LOG, Text, sizeof(Text)) && (Create = strstr(Text, ":CREATE")) != NULL) {
        for (const char *Next = Create; (Next = strstr(Next + 1, ":CREATE")) != NULL;) {
            Create = Next;
        }
        Number = Create[-1] - '0';
    }
    CloseHandle(Device);
    return Number;
}

static BOOL FindDevices(void)
{
    WCHAR Paths[8][256];
    ULONG Count = SetupPaths(Paths, 8);
    ULONG Index;

    Path[0] = OtherPath[0] = 0;
    for (Index = 0; Index < Count; Index++) {
        int Number = NumberOf(Paths[Index]);

        if (Number == 0 || Number == 1) {
            memcpy(Number == 0 ? Path : OtherPath, Paths[Index], sizeof(Path));
        }
    }
    return Path[0] != 0 && OtherPath[0] != 0;
}

static BOOL OpenControls(void)
{
    if (Control == INVALID_HANDLE_VALUE) {
        Control = OpenPath(Path, GENERIC_READ | GENERIC_WRITE, 0);
    }
    if (Other == INVALID_HANDLE_VALUE) {
        Other = OpenPath(OtherPath, GENERIC_READ | GENERIC_WRITE, 0);
    }
    return Control != INVALID_HANDLE_VALUE && Other != INVALID_HANDLE_VALUE;
}

static void CloseIf(HANDLE *Handle)
{
    if (*Handle != INVALID_HANDLE_VALUE) {
        CloseHandle(*Handle);
        *Handle = INVALID_HANDLE_VALUE;
    }
}

static BOOL Begin(void)
{
    char Error[512] = "";

    File = Control = Other = INVALID_HANDLE_VALUE;
    if (!WorldBegin(Error, sizeof(Error)) || !FindDevices() || !OpenControls()) {
        fprintf(stderr, "conformance: there are no two devices of the conformance driver here%s%s\n",
                Error[0] != 0 ? ": " : "", Error);
        return FALSE;
    }
    return TRUE;
}

/* ---- Helpers of the questions ------------------------------------------------------------------------------------ */

HANDLE Open(DWORD Access, DWORD Flags)
{
    return OpenPath(Path, Access, Flags);
}

HANDLE Event(BOOL Manual, BOOL Initial)
{
    return CreateEventW(NULL, Manual, Initial, NULL);
}

void LogEmpty(void)
{
    char Text[CONFORM_LOG_SIZE];

    TextOf(Other, CONFORM_TAKE_LOG, Text, sizeof(Text));
}

void SayLog(void)
{
    char Text[CONFORM_LOG_SIZE] = "";
    const char *Between = "";

    /* By the other device, which is there when the first one is not; what it noted itself is no part of the answer. */
    TextOf(Other, CONFORM_TAKE_LOG, Text, sizeof(Text));
    for (char *Note = strtok(Text, " "); Note != NULL; Note = strtok(NULL, " ")) {
        if (strncmp(Note, "0:", 2) == 0) {
            Say("%s%s", Between, Note + 2);
            Between = " ";
        }
    }
    if (Between[0] == 0) {
        Say("nothing");
    }
}

BOOL CompleteHeld(uint32_t Status, uint32_t Information)
{
    CONFORM_SCRIPT_REQUEST Script = { .Status = Status, .Information = Information };
    DWORD Returned = 0;

    return DeviceIoControl(Control, CONFORM_CODE(CONFORM_COMPLETE_HELD, CONFORM_BUFFERED, CONFORM_ANY), &Script,
                           sizeof(Script), NULL, 0, &Returned, NULL);
}

uint32_t CountHeld(void)
{
    uint32_t Count = 0;
    DWORD Returned = 0;

    DeviceIoControl(Control, CONFORM_CODE(CONFORM_COUNT_HELD, CONFORM_BUFFERED, CONFORM_ANY), NULL, 0, &Count,
                    sizeof(Count), &Returned, NULL);
    return Count;
}

void WaitHeld(uint32_t Count)
{
    while (CountHeld() != Count && WorldStopped() == NULL) {
        WorldPause(1);
    }
}

void Settings(const CONFORM_SETTINGS_REQUEST *Request)
{
    CONFORM_SETTINGS_REQUEST Copy = *Request;
    DWORD Returned = 0;

    DeviceIoControl(Control, CONFORM_CODE(CONFORM_SETTINGS, CONFORM_BUFFERED, CONFORM_ANY), &Copy, sizeof(Copy), NULL,
                    0,
                    &Returned, NULL);
}

void CallStart(CALL *Call, HANDLE On, uint32_t Code, const CONFORM_SCRIPT_REQUEST *Script, uint32_t OutputSize)
{
    memset(Call, 0, sizeof(*Call));
    memset(Call->Output, '.', sizeof(Call->Output));
    Call->Script = *Script;
    Call->Returned = 7777;
    Call->Overlapped.hEvent = Event(TRUE, FALSE);
    WorldClearError();
    Call->Result = DeviceIoControl(On, Code, &Call->Script, sizeof(Call->Script), OutputSize == 0 ? NULL : Call->Output,
                                   OutputSize, &Call->Returned, &Call->Overlapped);
    Call->Error = GetLastError();
}

void CallEnd(CALL *Call)
{
    CloseHandle(Call->Overlapped.hEvent);
}

/* ---- All rows ---------------------------------------------------------------------------------------------------- */

static void Print(const char *Id, const char *Question, const char *Source, const char *Text)
{
    printf("%s\t%s\t%s\t%s\n", Id, Question, Source, Text);
    fflush(stdout);
}

/* A kernel that stopped gives its reason for the answer, and another takes its place. */
static BOOL Mend(void)
{
    char Report[512];

    if (WorldStopped() == NULL) {
        return TRUE;
    }
    snprintf(Answer, sizeof(Answer), "the run is stopped: %s", WorldStopped());
    WorldEnd(Report, sizeof(Report));
    return Begin();
}

static BOOL RunRows(const ROW *Rows, ULONG Count, const char *Only)
{
    ULONG Index;

    for (Index = 0; Index < Count; Index++) {
        if (strncmp(Rows[Index].Id, Only, strlen(Only)) != 0) {
            continue;
        }
        if (!OpenControls()) {
            Print(Rows[Index].Id, Rows[Index].Question, Rows[Index].Source,
                  "not asked: the device cannot be opened any more");
            continue;
        }
        /* What a row before left behind is no part of this one. */
        while (CountHeld() != 0 && CompleteHeld(0xC0000120u, 0)) {
        }
        Answer[0] = 0;
        File = Open(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
        LogEmpty();
        RowNumber = Rows[Index].Number;
        Rows[Index].Ask();
        CloseIf(&File);
        if (!Mend()) {
            return FALSE;
        }
        Print(Rows[Index].Id, Rows[Index].Question, Rows[Index].Source, Answer);
    }
    return TRUE;
}

/* One of the driver's own questions, or its description. FALSE: there is none of that number. */
static BOOL AskDriver(uint32_t Index, char *Text)
{
    DWORD Returned = 0;

    if (!DeviceIoControl(Control, CONFORM_CODE(CONFORM_ASK, CONFORM_BUFFERED, CONFORM_ANY), &Index, sizeof(Index), Text,
                         CONFORM_ANSWER_SIZE, &Returned, NULL)) {
        return FALSE;
    }
    Text[Returned] = 0;
    return TRUE;
}

static BOOL RunDriverRows(const char *Only)
{
    static char Description[CONFORM_ANSWER_SIZE + 1], Text[CONFORM_ANSWER_SIZE + 1];
    uint32_t Index;

    for (Index = 0; AskDriver(Index | CONFORM_DESCRIBE, Description); Index++) {
        if (strncmp(Description, Only, strlen(Only)) != 0) {
            continue;
        }
        snprintf(Answer, sizeof(Answer), "%s", AskDriver(Index, Text) ? Text : "the request failed");
        if (!Mend()) {
            return FALSE;
        }
        printf("%s\t%s\n", Description, Answer);
        fflush(stdout);
    }
    return TRUE;
}

static int Run(const char *Only)
{
    char Report[512] = "";
    BOOL Asked;

    if (!Begin()) {
        return 3;
    }
    Asked = RunRows(TransferRows, TransferRowCount, Only) && RunRows(StatusRows, StatusRowCount, Only) &&
            RunRows(OverlappedRows, OverlappedRowCount, Only) && RunRows(CancelRows, CancelRowCount, Only) &&
            RunRows(FileRows, FileRowCount, Only) && RunRows(HostRows, HostRowCount, Only) &&
            RunDriverRows(Only) && RunRows(PnpRows, PnpRowCount, Only);
    CloseIf(&Control);
    CloseIf(&Other);
    if (!WorldEnd(Report, sizeof(Report))) {
        fprintf(stderr, "conformance: not at rest: %s\n", Report);
        return 1;
    }
    return Asked ? 0 : 3;
}

int main(int Count, char **Words)
{
    if (Count == 2 && strcmp(Words[1], "--all") == 0) {
        return Run("");
    }
    if (Count == 3 && strcmp(Words[1], "--only") == 0) {
        return Run(Words[2]);
    }
    if (Count == 3 && strcmp(Words[1], "--die") == 0) {
        return InstallDie(Words[2]);
    }
    if (Count == 3 && strcmp(Words[1], "--install") == 0) {
        return InstallDriver(Words[2]);
    }
    if (Count == 2 && strcmp(Words[1], "--remove") == 0) {
        return InstallRemove();
    }
    fprintf(stderr, "usage: conformance --all | --only PREFIX | --install INF | --remove\n");
    return 2;
}
