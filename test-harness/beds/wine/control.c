/* Says the words of its command line to the simulated machine of irqscope-wine.sys and prints the answer. Exit 0: done;
 * 1: the machine says why not; 3: there is no machine. */
#include <windows.h>
#include <setupapi.h>
#include <winioctl.h>
#include <stdio.h>
#include <string.h>

static const GUID Control = { 0x7d5c1e6a, 0x3f0b, 0x4c58, { 0x9b, 0x1e, 0x5a, 0x0d, 0x6e, 0x0c, 0x4b, 0x21 } };

#define IOCTL_CONTROL CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, METHOD_BUFFERED, FILE_READ_ACCESS | FILE_WRITE_ACCESS)

static HANDLE Open(void)
{
    union {
        SP_DEVICE_INTERFACE_DETAIL_DATA_A Detail;
        char Room[1024];
    } Path = { .Detail.cbSize = sizeof(SP_DEVICE_INTERFACE_DETAIL_DATA_A) };
    SP_DEVICE_INTERFACE_DATA Interface = { .cbSize = sizeof(Interface) };
    HDEVINFO Set = SetupDiGetClassDevsA(&Control, NULL, NULL, DIGCF_PRESENT | DIGCF_DEVICEINTERFACE);
    HANDLE File = INVALID_HANDLE_VALUE;

    if (SetupDiEnumDeviceInterfaces(Set, NULL, &Control, 0, &Interface) &&
        SetupDiGetDeviceInterfaceDetailA(Set, &Interface, &Path.Detail, sizeof(Path), NULL, NULL)) {
        File = CreateFileA(Path.Detail.DevicePath, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                           NULL, OPEN_EXISTING, 0, NULL);
    }
    SetupDiDestroyDeviceInfoList(Set);
    return File;
}

int main(int Count, char **Arguments)
{
    static char Words[32768], Answer[65536];
    HANDLE File = Open();
    DWORD Length = 0;
    int Index;

    if (File == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "control: there is no simulated machine: error %lu\n", GetLastError());
        return 3;
    }
    for (Index = 1; Index < Count; Index++) {
        snprintf(Words + strlen(Words), sizeof(Words) - strlen(Words), Index == 1 ? "%s" : " %s", Arguments[Index]);
    }
    if (!DeviceIoControl(File, IOCTL_CONTROL, Words, (DWORD)strlen(Words), Answer, sizeof(Answer) - 1, &Length, NULL)) {
        fprintf(stderr, "control: error %lu\n", GetLastError());
        return 3;
    }
    printf("%s\n", Answer + 1);
    return Length != 0 && Answer[0] == 1 ? 0 : 1;
}
