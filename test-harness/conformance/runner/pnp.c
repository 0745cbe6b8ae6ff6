/* The PnP manager: devices that restart, go and come, processes that die. Asked last, for these change the machine. */
#include "ask.h"

static void CloseAll(void)
{
    CloseHandle(File);
    CloseHandle(Control);
    File = Control = INVALID_HANDLE_VALUE;
    WorldPause(200);
    LogEmpty();
}

static void AskRestart(void)
{
    BOOL NeedsReboot;

    CloseAll();
    SayCall(SetupRestart(Path, &NeedsReboot));
    Say("%s; ", NeedsReboot ? ", needs a restart of the machine" : "");
    WorldPause(300);
    SayLog();
}

static void AskRestartOpen(void)
{
    BOOL NeedsReboot;
    DWORD Returned = 0;

    SayCall(SetupRestart(Path, &NeedsReboot));
    Say("%s; ", NeedsReboot ? ", needs a restart of the machine" : "");
    SayLog();
    Say("; the open handle: ");
    SayCall(DeviceIoControl(Control, CONFORM_CODE(CONFORM_SEE, CONFORM_BUFFERED, CONFORM_ANY), NULL, 0, NULL, 0,
                            &Returned, NULL));
}

static void AskDies(void)
{
    if (!WorldProcessDies()) {
        Say("it did not");
        return;
    }
    SayLog();
}

static void AskRemove(void)
{
    BOOL Gone;

    CloseAll();
    Gone = WorldRemove();
    Say("%s; ", Gone ? "gone" : "not gone");
    WorldPause(300);
    SayLog();
    if (RowNumber == 0) {
        WorldReturn();
        return;
    }
    Say("; %s; ", WorldReturn() ? "back" : "not back");
    WorldPause(300);
    SayLog();
}

/* Removed with a handle open and a request held. */
static void AskRemovePending(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_HOLD };
    WCHAR Paths[8][256];
    CALL Call, Later;

    CloseHandle(Control);
    Control = INVALID_HANDLE_VALUE;
    WorldPause(200);
    LogEmpty();
    CallStart(&Call, File, SCRIPT_BUFFERED, &Script, 0);
    Say("%s; the held request: ", WorldRemove() ? "gone" : "not gone");
    SayWait(WaitForSingleObject(Call.Overlapped.hEvent, 2000));
    Say(" ");
    SayStatus((uint32_t)Call.Overlapped.Internal);
    Say("; enumerated %u; ", (unsigned)SetupPaths(Paths, 8));
    SayLog();
    Say("; the open handle: ");
    Script.When = CONFORM_NOW;
    CallStart(&Later, File, SCRIPT_BUFFERED, &Script, 0);
    SayError(Later.Result, Later.Error);
    CloseHandle(File);
    File = INVALID_HANDLE_VALUE;
    WorldPause(300);
    Say("; closed: ");
    SayLog();
    WorldReturn();
    WorldPause(300);
    CallEnd(&Later);
    CallEnd(&Call);
}

const ROW PnpRows[] = {
    { "pnp/dies", "a process ends with a held request", "IRP_MJ_CLEANUP", AskDies, 0 },
    { "pnp/restart", "DIF_PROPERTYCHANGE with DICS_PROPCHANGE", "DIF_PROPERTYCHANGE", AskRestart, 0 },
    { "pnp/restart-open", "the same while a handle is open", "IRP_MN_QUERY_REMOVE_DEVICE", AskRestartOpen, 0 },
    { "pnp/remove", "the device goes", "IRP_MN_SURPRISE_REMOVAL", AskRemove, 0 },
    { "pnp/return", "the device goes and is there again", "IRP_MN_START_DEVICE", AskRemove, 1 },
    { "pnp/remove-pending", "the device goes while a handle is open and a request is held", "IRP_MN_SURPRISE_REMOVAL", AskRemovePending, 0 },
};
const ULONG PnpRowCount = sizeof(PnpRows) / sizeof(PnpRows[0]);
