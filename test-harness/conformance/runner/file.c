/* Handles of a device: opened, refused, closed; its interface disabled and enabled under them. */
#include "ask.h"

#define DOC_CREATE "DispatchCreate, DispatchCleanup, and DispatchClose Routines"

static void SayOpened(HANDLE Device)
{
    if (Device == INVALID_HANDLE_VALUE) {
        SayCall(FALSE);
    } else {
        Say("opened");
        CloseHandle(Device);
    }
}

static void AskOrder(void)
{
    HANDLE Device = Open(GENERIC_READ, 0);

    CloseHandle(Device);
    WorldPause(200);
    SayLog();
}

static void AskRefused(void)
{
    CONFORM_SETTINGS_REQUEST Refuse = { .CreateStatus = RowNumber };
    CONFORM_SETTINGS_REQUEST Usual = { 0 };
    HANDLE Device;

    Settings(&Refuse);
    WorldClearError();
    Device = Open(GENERIC_READ, 0);
    SayOpened(Device);
    Settings(&Usual);
    WorldPause(200);
    Say("; ");
    SayLog();
}

static void AskCreateInformation(void)
{
    CONFORM_SETTINGS_REQUEST Tell = { .CreateInformation = 5 };
    CONFORM_SETTINGS_REQUEST Usual = { 0 };

    Settings(&Tell);
    SayOpened(Open(GENERIC_READ, 0));
    Settings(&Usual);
}

static void AskCleanupFails(void)
{
    CONFORM_SETTINGS_REQUEST Refuse = { .CleanupStatus = 0xC0000001u };
    CONFORM_SETTINGS_REQUEST Usual = { 0 };

    Settings(&Refuse);
    WorldClearError();
    SayCall(CloseHandle(File));
    File = INVALID_HANDLE_VALUE;
    WorldPause(200);
    Say("; ");
    SayLog();
    Settings(&Usual);
}

static void AskClosedTwice(void)
{
    CloseHandle(File);
    WorldClearError();
    SayCall(CloseHandle(File));
    File = INVALID_HANDLE_VALUE;
}

static void AskControlClosed(void)
{
    DWORD Returned = 0;

    CloseHandle(File);
    WorldClearError();
    SayCall(DeviceIoControl(File, CONFORM_CODE(CONFORM_SEE, CONFORM_BUFFERED, CONFORM_ANY), NULL, 0, NULL, 0,
                            &Returned, NULL));
    File = INVALID_HANDLE_VALUE;
}

static void AskControlEvent(void)
{
    HANDLE Mine = Event(TRUE, FALSE);
    DWORD Returned = 0;

    WorldClearError();
    SayCall(DeviceIoControl(Mine, CONFORM_CODE(CONFORM_SEE, CONFORM_BUFFERED, CONFORM_ANY), NULL, 0, NULL, 0,
                            &Returned, NULL));
    CloseHandle(Mine);
}

static void AskCloseNull(void)
{
    WorldClearError();
    SayCall(CloseHandle(0));
}

static void AskCloseInvalid(void)
{
    WorldClearError();
    SayCall(CloseHandle(INVALID_HANDLE_VALUE));
}

static void AskDisabledOpen(void)
{
    CONFORM_SETTINGS_REQUEST Disable = { .Disabled = 1 };
    CONFORM_SETTINGS_REQUEST Usual = { 0 };
    DWORD Returned = 0;
    WCHAR Paths[8][256];

    Settings(&Disable);
    SayOpened(Open(GENERIC_READ, 0));
    Say("; enumerated %u; an open handle: ", (unsigned)SetupPaths(Paths, 8));
    SayCall(DeviceIoControl(File, CONFORM_CODE(CONFORM_SEE, CONFORM_BUFFERED, CONFORM_READ), NULL, 0, NULL, 0,
                            &Returned,
                             &(OVERLAPPED){ 0 }));
    Settings(&Usual);
    Say("; enabled again: ");
    SayOpened(Open(GENERIC_READ, 0));
}

static void OpenChanged(ULONG Place, WCHAR Letter)
{
    WCHAR Copy[256];

    memcpy(Copy, Path, sizeof(Copy));
    Copy[Place] = Letter;
    WorldClearError();
    SayOpened(CreateFileW(Copy, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, 0));
}

static ULONG PathLength(void)
{
    ULONG Length = 0;

    while (Path[Length] != 0) {
        Length++;
    }
    return Length;
}

static void AskDotPrefix(void)
{
    OpenChanged(2, '.');
}

static void AskWrongGuid(void)
{
    OpenChanged(PathLength() - 2, Path[PathLength() - 2] == '0' ? '1' : '0');
}

static void AskUpper(void)
{
    WCHAR Copy[256];

    for (ULONG Index = 0; Index < 256; Index++) {
        Copy[Index] = Path[Index] >= 'a' && Path[Index] <= 'z' ? (WCHAR)(Path[Index] - 32) : Path[Index];
    }
    SayOpened(CreateFileW(Copy, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, 0));
}

static void AskBelow(void)
{
    WCHAR Copy[256];
    ULONG Length = PathLength();

    memcpy(Copy, Path, sizeof(Copy));
    Copy[Length] = '\\';
    Copy[Length + 1] = 'x';
    Copy[Length + 2] = 0;
    WorldClearError();
    SayOpened(CreateFileW(Copy, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, 0));
    WorldPause(200);
    Say("; ");
    SayLog();
}

static void AskNoShare(void)
{
    HANDLE First = CreateFileW(Path, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, 0);

    WorldClearError();
    SayOpened(CreateFileW(Path, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, 0));
    CloseHandle(First);
}

static void AskDisposition(void)
{
    HANDLE Device;

    WorldClearError();
    Device = CreateFileW(Path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, RowNumber, 0, 0);
    SayOpened(Device);
}

static void AskContext(void)
{
    DWORD Returned = 0;

    DeviceIoControl(Control, CONFORM_CODE(CONFORM_SEE, CONFORM_BUFFERED, CONFORM_ANY), NULL, 0, NULL, 0, &Returned,
                    NULL);
    SayLog();
}

const ROW FileRows[] = {
    { "file/order", "open and close", DOC_CREATE, AskOrder, 0 },
    { "file/irp", "what a request carries: mode, FsContext that CREATE set, first status", "", AskContext, 0 },
    { "file/refused/access", "CREATE completed with STATUS_ACCESS_DENIED", DOC_CREATE, AskRefused, 0xC0000022u },
    { "file/refused/sharing", "CREATE completed with STATUS_SHARING_VIOLATION", DOC_CREATE, AskRefused, 0xC0000043u },
    { "file/refused/not-ready", "CREATE completed with STATUS_DEVICE_NOT_READY", DOC_CREATE, AskRefused, 0xC00000A3u },
    { "file/refused/no-device", "CREATE completed with STATUS_NO_SUCH_DEVICE", DOC_CREATE, AskRefused, 0xC000000Eu },
    { "file/refused/resources", "CREATE completed with STATUS_INSUFFICIENT_RESOURCES", DOC_CREATE, AskRefused, 0xC000009Au },
    { "file/refused/delete-pending", "CREATE completed with STATUS_DELETE_PENDING", DOC_CREATE, AskRefused, 0xC0000056u },
    { "file/create-warning", "CREATE completed with STATUS_DEVICE_BUSY, a warning", "", AskRefused, 0x80000011u },
    { "file/create-information", "CREATE with Information 5", "", AskCreateInformation, 0 },
    { "file/cleanup-fails", "CLEANUP completed with STATUS_UNSUCCESSFUL", "IRP_MJ_CLEANUP", AskCleanupFails, 0 },
    { "file/closed-twice", "CloseHandle a second time", "CloseHandle", AskClosedTwice, 0 },
    { "file/control-closed", "DeviceIoControl on a closed handle", "", AskControlClosed, 0 },
    { "file/control-event", "DeviceIoControl on the handle of an event", "", AskControlEvent, 0 },
    { "file/close-null", "CloseHandle of NULL", "", AskCloseNull, 0 },
    { "file/close-invalid", "CloseHandle of INVALID_HANDLE_VALUE, which is the process", "", AskCloseInvalid, 0 },
    { "file/disabled", "the interface is disabled while a handle is open", "IoSetDeviceInterfaceState", AskDisabledOpen, 0 },
    { "file/dot-prefix", "the path with \\\\.\\ before it", "", AskDotPrefix, 0 },
    { "file/wrong-class", "the path with another interface class", "", AskWrongGuid, 0 },
    { "file/upper-case", "the path in upper case", "", AskUpper, 0 },
    { "file/below", "a name below the device", "Controlling Device Namespace Access", AskBelow, 0 },
    { "file/no-share", "opened twice without sharing", "Specifying Exclusive Access to Device Objects", AskNoShare, 0 },
    { "file/create-new", "CREATE_NEW", "", AskDisposition, 1 },
    { "file/disposition-0", "disposition 0", "CreateFileW", AskDisposition, 0 },
};
const ULONG FileRowCount = sizeof(FileRows) / sizeof(FileRows[0]);
