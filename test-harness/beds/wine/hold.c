/*
 * A client in the middle of its work: connects the first resource of a device, keeps reads pending, says "holding" and
 * waits until they are answered. A script kills it, pulls the device or asks for something that is vetoed.
 *
 *   hold DEVICE WAY READS
 *
 * Exit 0: every read was answered, each status was printed; 1: something else failed; 2: usage; 3: no such device.
 */
#include <windows.h>
#include <setupapi.h>
#include <stdio.h>
#include <stdlib.h>

#include "irqscope_contract.h"

#define ROOM 65536
#define MOST_READS 64

static const GUID InterfaceGuid = IRQSCOPE_INTERFACE_GUID;

typedef struct READ {
    OVERLAPPED Overlapped;
    BYTE Room[ROOM];
} READ;

/* The first device whose path has Id in it, in whatever case. */
static HANDLE Open(const char *Id)
{
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_A Detail;
        char Room[1024];
    } Path;
    SP_DEVICE_INTERFACE_DATA Interface = { .cbSize = sizeof(Interface) };
    HDEVINFO Set = SetupDiGetClassDevsA(&InterfaceGuid, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    HANDLE File = INVALID_HANDLE_VALUE;
    DWORD Index;

    for (Index = 0; File == INVALID_HANDLE_VALUE && SetupDiEnumDeviceInterfaces(Set, NULL, &InterfaceGuid, Index,
                                                                                 &Interface); Index++) {
        Path.Detail.cbSize = sizeof(Path.Detail);
        if (SetupDiGetDeviceInterfaceDetailA(Set, &Interface, &Path.Detail, sizeof(Path), NULL, NULL) &&
            strstr(CharLowerA(Path.Detail.DevicePath), Id) != NULL) {
            File = CreateFileA(Path.Detail.DevicePath, GENERIC_READ | GENERIC_WRITE,
                               FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, NULL);
        }
    }
    SetupDiDestroyDeviceInfoList(Set);
    return File;
}

/* The NTSTATUS of a request, as the status block has it. */
static LONG Send(HANDLE File, DWORD Code, const void *Input, DWORD InputSize, void *Output, DWORD OutputSize)
{
    OVERLAPPED Overlapped = { 0 };
    DWORD Bytes;

    Overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    if (DeviceIoControl(File, Code, (void *)Input, InputSize, Output, OutputSize, NULL, &Overlapped) ||
        GetLastError() == ERROR_IO_PENDING) {
        GetOverlappedResult(File, &Overlapped, &Bytes, TRUE);
    }
    CloseHandle(Overlapped.hEvent);
    return (LONG)Overlapped.Internal;
}

static BOOL Connect(HANDLE File, uint32_t Way)
{
    static struct {
        IRQSCOPE_RESOURCES_REPLY Reply;
        IRQSCOPE_RESOURCE_RECORD Records[64];
    } Resources;
    IRQSCOPE_VERSION_REPLY Version;
    IRQSCOPE_VERSION_REQUEST Mine = { IRQSCOPE_MAJOR, IRQSCOPE_MINOR };
    IRQSCOPE_LIST_REQUEST All = { 0, 0 };
    IRQSCOPE_CONNECT_REQUEST Request = { Way, 0, 0, 0, 0, 0, 0 };
    IRQSCOPE_CONNECT_REPLY Reply = { 0 };
    LONG Status;

    Status = Send(File, IRQSCOPE_CODE_VERSION, &Mine, sizeof(Mine), &Version, sizeof(Version));
    if (Status >= 0) {
        Status = Send(File, IRQSCOPE_CODE_RESOURCES, &All, sizeof(All), &Resources, sizeof(Resources));
    }
    if (Status >= 0 && Way != IRQSCOPE_WAY_LINE_BASED && Way != IRQSCOPE_WAY_MESSAGE_BASED) {
        Request.Kind = Resources.Records[0].Kind;
        Request.Number = Resources.Records[0].Number;
    }
    if (Status >= 0) {
        Status = Send(File, IRQSCOPE_CODE_CONNECT, &Request, sizeof(Request), &Reply, sizeof(Reply));
    }
    if (Status < 0 || (LONG)Reply.Status < 0) {
        printf("connect: 0x%08lX, 0x%08X\n", (unsigned long)Status, Reply.Status);
        return FALSE;
    }
    return TRUE;
}

int main(int Count, char **Words)
{
    static READ Reads[MOST_READS];
    static const IRQSCOPE_EVENTS_REQUEST Request = { 60000, 0, 0, 0 };
    unsigned long Number, Index;
    DWORD Bytes;
    HANDLE File;

    if (Count != 4 || (Number = strtoul(Words[3], NULL, 10)) == 0 || Number > MOST_READS) {
        fprintf(stderr, "usage: hold PART-OF-THE-PATH WAY READS\n");
        return 2;
    }
    File = Open(CharLowerA(Words[1]));
    if (File == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "hold: no device with %s in its path could be opened\n", Words[1]);
        return 3;
    }
    if (!Connect(File, (uint32_t)strtoul(Words[2], NULL, 10))) {
        return 1;
    }
    for (Index = 0; Index < Number; Index++) {
        Reads[Index].Overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
        if (DeviceIoControl(File, IRQSCOPE_CODE_EVENTS, (void *)&Request, sizeof(Request), Reads[Index].Room, ROOM, NULL,
                            &Reads[Index].Overlapped) || GetLastError() != ERROR_IO_PENDING) {
            printf("read %lu is not pending: 0x%08lX\n", Index, (unsigned long)Reads[Index].Overlapped.Internal);
            return 1;
        }
    }
    printf("holding\n");
    fflush(stdout);
    for (Index = 0; Index < Number; Index++) {
        GetOverlappedResult(File, &Reads[Index].Overlapped, &Bytes, TRUE);
        printf("read: 0x%08lX\n", (unsigned long)Reads[Index].Overlapped.Internal);
    }
    return 0;
}
