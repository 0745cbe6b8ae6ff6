/* Events and waits of the host, device sets of setupapi. */
#include "ask.h"

static const GUID InterfaceGuid = CONFORM_INTERFACE_GUID;

static void AskManual(void)
{
    HANDLE Mine = Event(TRUE, FALSE);

    SayWait(WaitForSingleObject(Mine, 0));
    SetEvent(Mine);
    Say(", set: ");
    SayWait(WaitForSingleObject(Mine, 0));
    Say(", again: ");
    SayWait(WaitForSingleObject(Mine, 0));
    ResetEvent(Mine);
    Say(", reset: ");
    SayWait(WaitForSingleObject(Mine, 0));
    CloseHandle(Mine);
}

static void AskAutomatic(void)
{
    HANDLE Mine = Event(FALSE, TRUE);

    SayWait(WaitForSingleObject(Mine, 0));
    Say(", again: ");
    SayWait(WaitForSingleObject(Mine, 0));
    SetEvent(Mine);
    SetEvent(Mine);
    Say(", set twice: ");
    SayWait(WaitForSingleObject(Mine, 0));
    Say(", again: ");
    SayWait(WaitForSingleObject(Mine, 0));
    CloseHandle(Mine);
}

static void AskAny(void)
{
    HANDLE Mine[3] = { Event(FALSE, FALSE), Event(FALSE, TRUE), Event(FALSE, TRUE) };

    Say("%u", (unsigned)WaitForMultipleObjects(3, Mine, FALSE, 0));
    Say(", then %u", (unsigned)WaitForMultipleObjects(3, Mine, FALSE, 0));
    Say(", then %u", (unsigned)WaitForMultipleObjects(3, Mine, FALSE, 0));
    for (int Index = 0; Index < 3; Index++) {
        CloseHandle(Mine[Index]);
    }
}

static void AskAll(void)
{
    HANDLE Mine[2] = { Event(FALSE, TRUE), Event(FALSE, FALSE) };

    Say("%u", (unsigned)WaitForMultipleObjects(2, Mine, TRUE, 0));
    Say(", the first is still set: ");
    SayWait(WaitForSingleObject(Mine[0], 0));
    CloseHandle(Mine[0]);
    CloseHandle(Mine[1]);
}

static void SayMany(uint32_t Count, HANDLE *Mine)
{
    DWORD Result;

    WorldClearError();
    Result = WaitForMultipleObjects(Count, Mine, FALSE, 0);
    if (Result == WAIT_FAILED) {
        Say("WAIT_FAILED ");
        SayCall(FALSE);
    } else {
        Say("%u", (unsigned)Result);
    }
}

static void AskTooMany(void)
{
    HANDLE Mine[65];
    HANDLE One = Event(TRUE, TRUE);

    for (int Index = 0; Index < 65; Index++) {
        Mine[Index] = One;
    }
    SayMany(65, Mine);
    CloseHandle(One);
}

static void AskMost(void)
{
    HANDLE Mine[64];

    for (int Index = 0; Index < 64; Index++) {
        Mine[Index] = Event(TRUE, Index == 63);
    }
    SayMany(64, Mine);
    for (int Index = 0; Index < 64; Index++) {
        CloseHandle(Mine[Index]);
    }
}

static void AskNone(void)
{
    HANDLE Mine[1] = { 0 };

    SayMany(0, Mine);
}

/* One object named twice: allowed for any, refused for all. */
static void AskSameTwice(void)
{
    HANDLE One = Event(TRUE, TRUE);
    HANDLE Mine[2] = { One, One };
    DWORD Result;

    SayMany(2, Mine);
    WorldClearError();
    Result = WaitForMultipleObjects(2, Mine, TRUE, 0);
    Say(", all: ");
    SayWait(Result);
    if (Result == WAIT_FAILED) {
        Say(" ");
        SayCall(FALSE);
    }
    CloseHandle(One);
}

static void AskClosedEvent(void)
{
    HANDLE Mine = Event(TRUE, FALSE);

    CloseHandle(Mine);
    WorldClearError();
    SayWait(WaitForSingleObject(Mine, 0));
    Say(" ");
    SayCall(FALSE);
    WorldClearError();
    Say(", SetEvent ");
    SayCall(SetEvent(Mine));
    WorldClearError();
    Say(", ResetEvent ");
    SayCall(ResetEvent(Mine));
}

static void AskFileAsEvent(void)
{
    WorldClearError();
    Say("SetEvent ");
    SayCall(SetEvent(File));
}

/* A file object is signalled when its last request is through, and not while one is pending. */
static void AskFileWait(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_HOLD };
    OVERLAPPED Overlapped = { 0 };
    DWORD Returned = 0;

    DeviceIoControl(File, SCRIPT_BUFFERED, &Script, sizeof(Script), NULL, 0, &Returned, &Overlapped);
    Say("while one is pending ");
    SayWait(WaitForSingleObject(File, 0));
    CompleteHeld(0, 0);
    GetOverlappedResult(File, &Overlapped, &Returned, TRUE);
    Say(", afterwards ");
    SayWait(WaitForSingleObject(File, 0));
}

/* ---- setupapi ---------------------------------------------------------------------------------------------------- */

static HDEVINFO SetOfInterfaces(void)
{
    return SetupDiGetClassDevsW(&InterfaceGuid, NULL, 0, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
}

static void AskEnumerated(void)
{
    HDEVINFO Set = SetOfInterfaces();
    ULONG Count = 0;
    BOOL Result;

    do {
        SP_DEVICE_INTERFACE_DATA Interface = { .cbSize = sizeof(Interface) };

        WorldClearError();
        Result = SetupDiEnumDeviceInterfaces(Set, NULL, &InterfaceGuid, Count, &Interface);
        if (Result) {
            Say("%sflags %u", Count == 0 ? "" : ", ", (unsigned)Interface.Flags);
            Count++;
        }
    } while (Result);
    Say(", then ");
    SayCall(FALSE);
    SetupDiDestroyDeviceInfoList(Set);
}

static void AskWrongSize(void)
{
    HDEVINFO Set = SetOfInterfaces();
    SP_DEVICE_INTERFACE_DATA Interface = { .cbSize = sizeof(Interface) - 1 };

    WorldClearError();
    SayCall(SetupDiEnumDeviceInterfaces(Set, NULL, &InterfaceGuid, 0, &Interface));
    SetupDiDestroyDeviceInfoList(Set);
}

static void AskOtherClass(void)
{
    GUID Nobody = CONFORM_INTERFACE_GUID;
    SP_DEVICE_INTERFACE_DATA Interface = { .cbSize = sizeof(Interface) };
    HDEVINFO Set;

    Nobody.Data1 ^= 1;
    Set = SetupDiGetClassDevsW(&Nobody, NULL, 0, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    WorldClearError();
    SayCall(SetupDiEnumDeviceInterfaces(Set, NULL, &Nobody, 0, &Interface));
    SetupDiDestroyDeviceInfoList(Set);
}

static void SayDetail(DWORD HeaderSize, DWORD Room)
{
    HDEVINFO Set = SetOfInterfaces();
    SP_DEVICE_INTERFACE_DATA Interface = { .cbSize = sizeof(Interface) };
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_W Data;
        unsigned char Bytes[1024];
    } Detail;
    DWORD Needed = 0;
    ULONG Length = 0;
    BOOL Result;

    SetupDiEnumDeviceInterfaces(Set, NULL, &InterfaceGuid, 0, &Interface);
    Detail.Data.cbSize = HeaderSize;
    WorldClearError();
    Result = SetupDiGetDeviceInterfaceDetailW(Set, &Interface, Room == 0 ? NULL : &Detail.Data, Room, &Needed, NULL);
    SayCall(Result);
    while (Path[Length] != 0) {
        Length++;
    }
    if (Needed != 0) {
        Say(", needs the path and %d bytes", (int)Needed - (int)(Length * sizeof(WCHAR)));
    }
    SetupDiDestroyDeviceInfoList(Set);
}

static void AskDetailSize(void)
{
    SayDetail(sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_W), 0);
}

static void AskDetailSmall(void)
{
    SayDetail(sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_W), 20);
}

static void AskDetailHeader(void)
{
    SayDetail(sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_W) + 4, 1024);
}

static void AskDetail(void)
{
    SayDetail(sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_W), 1024);
}

static void AskDestroyed(void)
{
    HDEVINFO Set = SetOfInterfaces();
    SP_DEVICE_INTERFACE_DATA Interface = { .cbSize = sizeof(Interface) };

    SetupDiDestroyDeviceInfoList(Set);
    WorldClearError();
    SayCall(SetupDiEnumDeviceInterfaces(Set, NULL, &InterfaceGuid, 0, &Interface));
}

static void AskLink(void)
{
    char Text[CONFORM_LOG_SIZE];
    DWORD Returned = 0;
    ULONG Index;

    if (!DeviceIoControl(Control, CONFORM_CODE(CONFORM_LINK, CONFORM_BUFFERED, CONFORM_ANY), NULL, 0, Text,
                         sizeof(Text),
                         &Returned, NULL)) {
        SayCall(FALSE);
        return;
    }
    Say("begins with %.4s, ", Text);
    for (Index = 4; Index < Returned && Path[Index] != 0 && (Text[Index] | 0x20) == (Path[Index] | 0x20); Index++) {
    }
    Say("%s the path behind its prefix", Index == Returned && Path[Index] == 0 ? "then it is" : "and is not");
}

const ROW HostRows[] = {
    { "host/event/manual", "a manual event", "Event Objects", AskManual, 0 },
    { "host/event/automatic", "an automatic event", "Event Objects", AskAutomatic, 0 },
    { "host/wait/any", "any of three automatic events, the second and third are set", "WaitForMultipleObjects", AskAny, 0 },
    { "host/wait/all", "all of two, one is not set", "WaitForMultipleObjects", AskAll, 0 },
    { "host/wait/64", "64 objects", "WaitForMultipleObjects", AskMost, 0 },
    { "host/wait/65", "65 objects", "WaitForMultipleObjects", AskTooMany, 0 },
    { "host/wait/0", "no objects", "WaitForMultipleObjects", AskNone, 0 },
    { "host/wait/twice", "one object named twice", "WaitForMultipleObjects", AskSameTwice, 0 },
    { "host/wait/closed", "a closed event", "", AskClosedEvent, 0 },
    { "host/wait/file", "SetEvent on the handle of a device", "", AskFileAsEvent, 0 },
    { "host/wait/file-object", "WaitForSingleObject on an overlapped handle", "Synchronization and Overlapped Input and Output", AskFileWait, 0 },
    { "host/setup/enumerate", "SetupDiEnumDeviceInterfaces to the end", "SetupDiEnumDeviceInterfaces", AskEnumerated, 0 },
    { "host/setup/size", "SP_DEVICE_INTERFACE_DATA with another cbSize", "SetupDiEnumDeviceInterfaces", AskWrongSize, 0 },
    { "host/setup/class", "an interface class that nobody has", "SetupDiEnumDeviceInterfaces", AskOtherClass, 0 },
    { "host/setup/destroyed", "a set that was destroyed", "", AskDestroyed, 0 },
    { "host/setup/detail", "SetupDiGetDeviceInterfaceDetailW", "SetupDiGetDeviceInterfaceDetailW", AskDetail, 0 },
    { "host/setup/detail-0", "no buffer, to learn the size", "SetupDiGetDeviceInterfaceDetailW", AskDetailSize, 0 },
    { "host/setup/detail-small", "a buffer that is too small", "SetupDiGetDeviceInterfaceDetailW", AskDetailSmall, 0 },
    { "host/setup/detail-header", "a detail with another cbSize", "SetupDiGetDeviceInterfaceDetailW", AskDetailHeader, 0 },
    { "host/link", "the link that IoRegisterDeviceInterface gave, and the path that setupapi gives", "IoRegisterDeviceInterface", AskLink, 0 },
};
const ULONG HostRowCount = sizeof(HostRows) / sizeof(HostRows[0]);
