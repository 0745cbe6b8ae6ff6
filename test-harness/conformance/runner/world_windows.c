/* The world of Windows, and of Wine. */
#include "ask.h"
#include "install.h"

#include <newdev.h>
#include <stdio.h>
#include <stdlib.h>

static const GUID SystemClass = { 0x4d36e97d, 0xe325, 0x11ce, { 0xbf, 0xc1, 0x08, 0x00, 0x2b, 0xe1, 0x03, 0x18 } };
static const char HardwareId[] = "ROOT\\IRQSCOPE_CONFORMANCE\0";
#define ID "ROOT\\IRQSCOPE_CONFORMANCE"
#define DYING 42

struct WORLD_THREAD {
    HANDLE Thread;
    void (*Routine)(void *Context);
    void *Context;
};

BOOL WorldBegin(char *Error, size_t ErrorSize)
{
    WCHAR Paths[8][256];

    /* Wine starts devices when it comes to it, and tells nobody. */
    for (int Try = 0; Try < 100; Try++) {
        if (SetupPaths(Paths, 8) >= 2) {
            return TRUE;
        }
        Sleep(50);
    }
    snprintf(Error, ErrorSize, "no interface of it is enabled (install it with --install conformance.inf)");
    return FALSE;
}

BOOL WorldEnd(char *Report, size_t ReportSize)
{
    (void)Report;
    (void)ReportSize;
    return TRUE;
}

const char *WorldStopped(void)
{
    return NULL;
}

void WorldPause(uint32_t Milliseconds)
{
    Sleep(Milliseconds);
}

void WorldClearError(void)
{
    SetLastError(0);
}

static DWORD WINAPI ThreadRun(void *Context)
{
    WORLD_THREAD *Thread = Context;

    Thread->Routine(Thread->Context);
    return 0;
}

WORLD_THREAD *WorldThreadStart(void (*Routine)(void *Context), void *Context)
{
    WORLD_THREAD *Thread = calloc(1, sizeof(*Thread));

    if (Thread == NULL) {
        abort();
    }
    Thread->Routine = Routine;
    Thread->Context = Context;
    Thread->Thread = CreateThread(NULL, 0, ThreadRun, Thread, 0, NULL);
    if (Thread->Thread == NULL) {
        abort();
    }
    return Thread;
}

void WorldThreadJoin(WORLD_THREAD *Thread)
{
    WaitForSingleObject(Thread->Thread, INFINITE);
    CloseHandle(Thread->Thread);
    free(Thread);
}

/* ---- Another process --------------------------------------------------------------------------------------------- */

int InstallDie(const char *Which)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_HOLD };
    static CALL Call;
    HANDLE Device = CreateFileA(Which, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);

    CallStart(&Call, Device, SCRIPT_BUFFERED, &Script, 0);
    TerminateProcess(GetCurrentProcess(), DYING);
    return 0;
}

BOOL WorldProcessDies(void)
{
    char Program[MAX_PATH], Command[MAX_PATH + 300];
    STARTUPINFOA Start = { .cb = sizeof(Start) };
    PROCESS_INFORMATION Process;
    DWORD Code = 0;

    GetModuleFileNameA(NULL, Program, sizeof(Program));
    snprintf(Command, sizeof(Command), "\"%s\" --die \"%ls\"", Program, Path);
    CloseHandle(File);
    CloseHandle(Control);
    File = Control = INVALID_HANDLE_VALUE;
    LogEmpty();
    if (!CreateProcessA(NULL, Command, NULL, NULL, FALSE, 0, NULL, NULL, &Start, &Process)) {
        return FALSE;
    }
    WaitForSingleObject(Process.hProcess, INFINITE);
    GetExitCodeProcess(Process.hProcess, &Code);
    CloseHandle(Process.hProcess);
    CloseHandle(Process.hThread);
    /* What a process leaves is closed after it is seen to have ended. */
    WorldPause(200);
    return Code == DYING;
}

/* ---- Devices that come and go ------------------------------------------------------------------------------------ */

static int Failed(const char *What)
{
    DWORD Error = GetLastError();

    fprintf(stderr, "conformance: %s: error %lu\n", What, Error);
    return Error == 0 ? 1 : (int)(Error & 0xFF);
}

/* Instance Number exists afterwards, with the hardware id that the INF matches. */
static BOOL DeviceMake(int Number)
{
    HDEVINFO Set = SetupDiCreateDeviceInfoList(&SystemClass, NULL);
    SP_DEVINFO_DATA Device = { .cbSize = sizeof(Device) };
    char Instance[64];
    BOOL Made;

    snprintf(Instance, sizeof(Instance), ID "\\%04d", Number);
    Made = SetupDiCreateDeviceInfoA(Set, Instance, &SystemClass, NULL, NULL, 0, &Device);
    if (!Made) {
        Made = GetLastError() == ERROR_DEVINST_ALREADY_EXISTS;
    } else {
        Made = SetupDiSetDeviceRegistryPropertyA(Set, &Device, SPDRP_HARDWAREID, (const BYTE *)HardwareId,
                                                 sizeof(HardwareId)) &&
               SetupDiCallClassInstaller(DIF_REGISTERDEVICE, Set, &Device);
    }
    SetupDiDestroyDeviceInfoList(Set);
    return Made;
}

static BOOL DeviceUninstall(int Number)
{
    HDEVINFO Set = SetupDiCreateDeviceInfoList(NULL, NULL);
    SP_DEVINFO_DATA Device = { .cbSize = sizeof(Device) };
    char Instance[64];
    BOOL Gone;

    snprintf(Instance, sizeof(Instance), ID "\\%04d", Number);
    Gone = SetupDiOpenDeviceInfoA(Set, Instance, NULL, 0, &Device) &&
           SetupDiCallClassInstaller(DIF_REMOVE, Set, &Device);
    SetupDiDestroyDeviceInfoList(Set);
    return Gone;
}

static BOOL DriverPut(const char *Inf)
{
    BOOL Reboot;

    return UpdateDriverForPlugAndPlayDevicesA(NULL, ID, Inf, INSTALLFLAG_FORCE, &Reboot);
}

int InstallDriver(const char *Name)
{
    char Inf[MAX_PATH];

    if (GetFullPathNameA(Name, sizeof(Inf), Inf, NULL) == 0) {
        return Failed("the INF has no full path");
    }
    for (int Number = 0; Number < CONFORM_DEVICES; Number++) {
        if (!DeviceMake(Number)) {
            return Failed("a device cannot be made");
        }
    }
    return DriverPut(Inf) ? 0 : Failed("the driver cannot be installed");
}

int InstallRemove(void)
{
    for (int Number = 0; Number < CONFORM_DEVICES; Number++) {
        if (!DeviceUninstall(Number)) {
            return Failed("a device cannot be removed");
        }
    }
    return 0;
}

BOOL WorldRemove(void)
{
    return DeviceUninstall(0);
}

BOOL WorldReturn(void)
{
    WCHAR Paths[8][256];
    char Inf[MAX_PATH];

    GetFullPathNameA("conformance.inf", sizeof(Inf), Inf, NULL);
    if (!DeviceMake(0) || !DriverPut(Inf)) {
        return FALSE;
    }
    for (int Try = 0; Try < 100; Try++) {
        if (SetupPaths(Paths, 8) >= 2) {
            return TRUE;
        }
        Sleep(50);
    }
    return FALSE;
}
