/* SetupDi* and Reg* as a client calls them, over the library with the driver in it: sizes, errors, restarts, keys. */
#include "check.h"

#include "irqscope_sim.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define INTERFACE { 0x5c1f5f0e, 0x8d0b, 0x4e0e, { 0x9b, 0x52, 0x6a, 0x0f, 0x2f, 0x6a, 0x7c, 0x11 } }
#define PRESENT 0x02
#define ALL_CLASSES 0x04
#define DEVICE_INTERFACE 0x10
#define FILE_READ_WRITE 0xC0000000u
#define KEY_ALL 0xf003fu
#define KEY_READING 0x20019u
#define NEEDS_REBOOT 0x100

typedef struct UUID {
    uint32_t Data1;
    uint16_t Data2, Data3;
    uint8_t Data4[8];
} UUID;

typedef struct INFO {                   /* SP_DEVINFO_DATA and SP_DEVICE_INTERFACE_DATA */
    uint32_t Size;
    UUID Class;
    uint32_t Number;
    uint64_t Reserved;
} INFO;

typedef struct CHANGE {
    uint32_t HeaderSize, Function, State, Scope, Profile;
} CHANGE;

static const UUID Interface = INTERFACE;
static const UUID Sample = { 0x78a1c341, 0x4539, 0x11d3, { 0xb8, 0x8d, 0x00, 0xc0, 0x4f, 0xad, 0x51, 0x71 } };

static uint64_t Machine;
static uint16_t Enumerator[32];

static const uint16_t *Wide(const char *Text)
{
    static uint16_t Buffers[4][300];
    static unsigned Next;
    uint16_t *Buffer = Buffers[Next++ % 4];
    unsigned Index = 0;

    do {
        Buffer[Index] = (uint8_t)Text[Index];
    } while (Text[Index++] != 0);
    return Buffer;
}

static void Begin(const char *Options)
{
    char Text[512];
    char Name[32];

    Machine = SimulatedMachineCreate(Options, Text, sizeof(Text));
    if (Machine == 0) {
        CHECK_FAIL("no machine: %s", Text);
    }
    CHECK(SimulatedMachineEnumerator(Machine, Name, sizeof(Name)));
    memcpy(Enumerator, Wide(Name), sizeof(Enumerator));
}

static void End(void)
{
    char Report[1024];

    if (SimulatedMachineDelete(Machine, Report, sizeof(Report)) != 0) {
        CHECK_FAIL("not at rest: %s", Report);
    }
}

static void Control(const char *Words, char *Answer, uint32_t Size)
{
    if (!SimulatedMachineControl(Machine, Words, Answer, Size)) {
        CHECK_FAIL("%s: %s", Words, Answer);
    }
}

/* A call that must fail, and with which last error. */
#define FAILS(Error, Call)                      \
    do {                                        \
        errno = 0;                              \
        CHECK_EQUAL(0, Call);                   \
        CHECK_EQUAL((unsigned)(Error), (unsigned)errno); \
    } while (0)

static SIM_HANDLE Interfaces(void)
{
    SIM_HANDLE Set = SetupDiGetClassDevsW(&Interface, Enumerator, 0, PRESENT | DEVICE_INTERFACE);

    CHECK(Set != SIM_INVALID_HANDLE);
    return Set;
}

/* The device of that place in a set of all devices: edu0, edu1, e1000e0, e1000e1, igb0, uart0, root0. */
static SIM_HANDLE Device(uint32_t Index, INFO *Info)
{
    SIM_HANDLE Set = Interfaces();

    memset(Info, 0, sizeof(*Info));
    Info->Size = sizeof(*Info);
    CHECK(SetupDiEnumDeviceInfo(Set, Index, Info));
    return Set;
}

static SIM_HANDLE OpenDevice(uint32_t Index)
{
    uint32_t Detail[200] = { 8 };
    SIM_HANDLE Set = Interfaces();
    SIM_HANDLE File;
    INFO Data = { .Size = 32 };

    CHECK(SetupDiEnumDeviceInterfaces(Set, NULL, &Interface, Index, &Data));
    CHECK(SetupDiGetDeviceInterfaceDetailW(Set, &Data, Detail, sizeof(Detail), NULL, NULL));
    File = CreateFileW((uint16_t *)&Detail[1], FILE_READ_WRITE, 3, NULL, 3, 0, 0);
    CHECK(File != SIM_INVALID_HANDLE);
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    return File;
}

/* ---- Sets ------------------------------------------------------------------------------------------------------ */

TEST(set_needs_a_machine)
{
    errno = 0;
    CHECK(SetupDiGetClassDevsW(&Interface, Wide("SIM77"), 0, PRESENT | DEVICE_INTERFACE) == SIM_INVALID_HANDLE);
    CHECK_EQUAL(13, errno);
    CHECK(SetupDiGetClassDevsW(NULL, NULL, 0, PRESENT) == SIM_INVALID_HANDLE);
    CHECK_EQUAL(87, errno);
    Begin("machine=1x8");
    CHECK(SetupDiDestroyDeviceInfoList(SetupDiGetClassDevsW(&Interface, NULL, 0, PRESENT | DEVICE_INTERFACE)));
    End();
    FAILS(6, SetupDiDestroyDeviceInfoList(0x1234));
}

TEST(set_lists_interfaces_until_there_are_no_more)
{
    static const UUID Other = { 1, 2, 3, { 4 } };
    SIM_HANDLE Set;
    INFO Data = { .Size = 32 };
    INFO Info = { .Size = 32 };

    Begin("machine=1x8");
    Set = Interfaces();
    for (uint32_t Index = 0; Index < 7; Index++) {
        CHECK(SetupDiEnumDeviceInterfaces(Set, NULL, &Interface, Index, &Data));
        CHECK(memcmp(&Data.Class, &Interface, 16) == 0);
        CHECK_EQUAL(1, Data.Number);    /* SPINT_ACTIVE */
    }
    FAILS(259, SetupDiEnumDeviceInterfaces(Set, NULL, &Interface, 7, &Data));
    FAILS(259, SetupDiEnumDeviceInterfaces(Set, NULL, &Other, 0, &Data));
    CHECK(SetupDiEnumDeviceInfo(Set, 3, &Info));
    CHECK(SetupDiEnumDeviceInterfaces(Set, &Info, &Interface, 0, &Data));
    FAILS(259, SetupDiEnumDeviceInterfaces(Set, &Info, &Interface, 1, &Data));
    Data.Size = 28;
    FAILS(1784, SetupDiEnumDeviceInterfaces(Set, NULL, &Interface, 0, &Data));
    Info.Size = 28;
    FAILS(1784, SetupDiEnumDeviceInfo(Set, 0, &Info));
    Info.Size = 32;
    FAILS(259, SetupDiEnumDeviceInfo(Set, 7, &Info));
    FAILS(6, SetupDiEnumDeviceInfo(Set + 4, 0, &Info));
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    FAILS(6, SetupDiEnumDeviceInfo(Set, 0, &Info));
    End();
}

TEST(set_of_a_setup_class)
{
    SIM_HANDLE Set;
    INFO Info = { .Size = 32 };

    Begin("machine=1x8");
    Set = SetupDiGetClassDevsW(&Sample, Enumerator, 0, PRESENT);
    CHECK(SetupDiEnumDeviceInfo(Set, 6, &Info));
    CHECK(memcmp(&Info.Class, &Sample, 16) == 0);
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    Set = SetupDiGetClassDevsW(&Interface, Enumerator, 0, PRESENT);
    FAILS(259, SetupDiEnumDeviceInfo(Set, 0, &Info));
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    Set = SetupDiGetClassDevsW(NULL, Enumerator, 0, PRESENT | ALL_CLASSES);
    CHECK(SetupDiEnumDeviceInfo(Set, 6, &Info));
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    End();
}

TEST(set_leaves_out_what_is_gone)
{
    SIM_HANDLE Set;
    INFO Info = { .Size = 32 };
    char Answer[256];

    Begin("machine=1x8");
    Control("surprise edu0", Answer, sizeof(Answer));
    Set = Interfaces();
    CHECK(SetupDiEnumDeviceInfo(Set, 5, &Info));
    FAILS(259, SetupDiEnumDeviceInfo(Set, 6, &Info));
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    End();
}

TEST(detail_has_windows_sizes)
{
    SIM_HANDLE Set;
    INFO Data = { .Size = 32 };
    INFO Info = { .Size = 32 };
    uint32_t Detail[200] = { 8 };
    uint32_t Needed = 0;
    uint16_t *Path = (uint16_t *)&Detail[1];

    Begin("machine=1x8");
    Set = Interfaces();
    CHECK(SetupDiEnumDeviceInterfaces(Set, NULL, &Interface, 0, &Data));
    FAILS(122, SetupDiGetDeviceInterfaceDetailW(Set, &Data, NULL, 0, &Needed, &Info));
    CHECK(Needed > 100 && Needed < sizeof(Detail));
    CHECK_EQUAL(1, Info.Reserved);
    FAILS(122, SetupDiGetDeviceInterfaceDetailW(Set, &Data, Detail, Needed - 1, &Needed, NULL));
    CHECK(SetupDiGetDeviceInterfaceDetailW(Set, &Data, Detail, Needed, &Needed, NULL));
    CHECK(Path[0] == '\\' && Path[1] == '\\' && Path[2] == '?' && Path[3] == '\\');
    CHECK_EQUAL(0, Path[(Needed - 4) / 2 - 1]);
    Detail[0] = 6;                          /* a 32-bit caller's */
    FAILS(1784, SetupDiGetDeviceInterfaceDetailW(Set, &Data, Detail, sizeof(Detail), NULL, NULL));
    FAILS(1784, SetupDiGetDeviceInterfaceDetailW(Set, &Data, NULL, 8, NULL, NULL));
    Detail[0] = 8;
    Info.Size = 0;
    FAILS(1784, SetupDiGetDeviceInterfaceDetailW(Set, &Data, Detail, sizeof(Detail), NULL, &Info));
    Data.Size = 0;
    FAILS(1784, SetupDiGetDeviceInterfaceDetailW(Set, &Data, Detail, sizeof(Detail), NULL, NULL));
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    End();
}

TEST(properties_and_instance_are_those_of_the_device)
{
    SIM_HANDLE Set;
    INFO Info;
    uint16_t Text[200];
    uint32_t Needed, Type;

    Begin("machine=1x8");
    Set = Device(0, &Info);
    FAILS(122, SetupDiGetDeviceInstanceIdW(Set, &Info, NULL, 0, &Needed));
    CHECK(SetupDiGetDeviceInstanceIdW(Set, &Info, Text, Needed, &Needed));
    CHECK(memcmp(Text, Wide("PCI\\VEN_1234&DEV_11E8&SUBSYS_11001AF4&REV_10\\3&11583659&0&10"), 2 * Needed) == 0);
    CHECK(SetupDiGetDeviceRegistryPropertyW(Set, &Info, 1, &Type, Text, sizeof(Text), &Needed));
    CHECK_EQUAL(7, Type);
    CHECK_EQUAL(0, Text[Needed / 2 - 1] | Text[Needed / 2 - 2]);
    CHECK(memcmp(Text, Wide("PCI\\VEN_1234&DEV_11E8&SUBSYS_11001AF4&REV_10"), 90) == 0);
    CHECK(SetupDiGetDeviceRegistryPropertyW(Set, &Info, 0, &Type, Text, sizeof(Text), &Needed));
    CHECK_EQUAL(1, Type);
    CHECK(memcmp(Text, Wide("QEMU educational device"), Needed) == 0);
    CHECK(SetupDiGetDeviceRegistryPropertyW(Set, &Info, 0x16, NULL, Text, sizeof(Text), NULL));
    CHECK(memcmp(Text, Wide("PCI"), 8) == 0);
    FAILS(122, SetupDiGetDeviceRegistryPropertyW(Set, &Info, 4, &Type, Text, 3, &Needed));
    CHECK_EQUAL(18, Needed);
    FAILS(13, SetupDiGetDeviceRegistryPropertyW(Set, &Info, 0x0C, &Type, Text, sizeof(Text), &Needed));
    Info.Reserved = 8;
    FAILS(87, SetupDiGetDeviceInstanceIdW(Set, &Info, Text, 200, &Needed));
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    End();
}

/* ---- Restart --------------------------------------------------------------------------------------------------- */

static void Restart(SIM_HANDLE Set, INFO *Info)
{
    CHANGE Change = { 8, 0x12, 3, 1, 0 };

    CHECK(SetupDiSetClassInstallParamsW(Set, Info, &Change, sizeof(Change)));
    CHECK(SetupDiCallClassInstaller(0x12, Set, Info));
}

static uint32_t InstallFlags(SIM_HANDLE Set, INFO *Info)
{
    union {
        uint64_t Alignment;
        uint32_t Words[584 / 4];
    } Params = { .Words = { 584 } };

    CHECK(SetupDiGetDeviceInstallParamsW(Set, Info, &Params));
    return Params.Words[1];
}

TEST(restart_applies_the_policy_in_the_device_key)
{
    static const uint32_t Policy = 4, Group = 1;
    static const uint64_t Processors = 0xF0;
    SIM_HANDLE Set, Key, Ours;
    INFO Info;
    char Answer[256];
    uint32_t Disposition;

    Begin("machine=2x64");
    Set = Device(0, &Info);
    Key = SetupDiOpenDevRegKey(Set, &Info, 1, 0, 1, KEY_ALL);
    CHECK(Key != SIM_INVALID_HANDLE);
    CHECK_EQUAL(0, RegCreateKeyExW(Key, Wide("Irqscope"), 0, NULL, 0, KEY_ALL, NULL, &Ours, &Disposition));
    CHECK_EQUAL(1, Disposition);
    CHECK_EQUAL(0, RegSetValueExW(Ours, Wide("Policy"), 0, 4, &Policy, 4));
    CHECK_EQUAL(0, RegSetValueExW(Ours, Wide("Group"), 0, 4, &Group, 4));
    CHECK_EQUAL(0, RegSetValueExW(Ours, Wide("Processors"), 0, 11, &Processors, 8));
    CHECK_EQUAL(0, RegCloseKey(Ours));
    CHECK_EQUAL(0, RegCloseKey(Key));
    Control("grants edu0", Answer, sizeof(Answer));
    CHECK(strstr(Answer, " 0 0xffffffffffffffff\n") != NULL);
    Restart(Set, &Info);
    CHECK_EQUAL(0, InstallFlags(Set, &Info));
    Control("grants edu0", Answer, sizeof(Answer));
    CHECK(strstr(Answer, " 1 0xf0\n") != NULL);
    Control("registry get edu0:Interrupt Management\\Affinity Policy - Temporal!TargetGroup", Answer, sizeof(Answer));
    CHECK(strcmp("dword:1", Answer) == 0);
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    End();
}

TEST(restart_is_vetoed_by_an_open_handle)
{
    SIM_HANDLE Set, File;
    INFO Info;
    char Before[256], After[256];

    Begin("machine=1x8");
    Set = Device(0, &Info);
    File = OpenDevice(0);
    Control("grants edu0", Before, sizeof(Before));
    Restart(Set, &Info);
    CHECK_EQUAL(NEEDS_REBOOT, InstallFlags(Set, &Info));
    Control("grants edu0", After, sizeof(After));
    CHECK(strcmp(Before, After) == 0);
    CHECK(CloseHandle(File));
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    Set = Device(0, &Info);
    Restart(Set, &Info);
    CHECK_EQUAL(0, InstallFlags(Set, &Info));
    Control("grants edu0", After, sizeof(After));
    CHECK(strcmp(Before, After) != 0);      /* another vector */
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    End();
}

TEST(restart_refuses_what_is_not_right)
{
    CHANGE Change = { 8, 0x12, 3, 1, 0 };
    SIM_HANDLE Set;
    INFO Info;
    uint32_t Params[584 / 4] = { 580 };

    Begin("machine=1x8");
    Set = Device(0, &Info);
    FAILS(0xE0000215u, SetupDiCallClassInstaller(0x12, Set, &Info));
    FAILS(0xE000020Eu, SetupDiCallClassInstaller(0x05, Set, &Info));
    Change.HeaderSize = 12;
    FAILS(1784, SetupDiSetClassInstallParamsW(Set, &Info, &Change, sizeof(Change)));
    Change.HeaderSize = 8;
    FAILS(87, SetupDiSetClassInstallParamsW(Set, &Info, &Change, 16));
    Change.Function = 5;
    FAILS(87, SetupDiSetClassInstallParamsW(Set, &Info, &Change, sizeof(Change)));
    Change.Function = 0x12;
    Change.State = 2;
    CHECK(SetupDiSetClassInstallParamsW(Set, &Info, &Change, sizeof(Change)));
    FAILS(87, SetupDiCallClassInstaller(0x12, Set, &Info));
    CHECK(SetupDiSetClassInstallParamsW(Set, &Info, NULL, 0));
    FAILS(0xE0000215u, SetupDiCallClassInstaller(0x12, Set, &Info));
    FAILS(1784, SetupDiGetDeviceInstallParamsW(Set, &Info, Params));
    errno = 0;
    CHECK(SetupDiOpenDevRegKey(Set, &Info, 1, 0, 2, KEY_ALL) == SIM_INVALID_HANDLE);
    CHECK_EQUAL(0xE0000204u, (unsigned)errno);
    CHECK(SetupDiOpenDevRegKey(Set, &Info, 2, 0, 1, KEY_ALL) == SIM_INVALID_HANDLE);
    CHECK_EQUAL(87, errno);
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    End();
}

/* ---- Keys ------------------------------------------------------------------------------------------------------ */

static SIM_HANDLE DeviceKey(uint32_t Access)
{
    INFO Info;
    SIM_HANDLE Set = Device(0, &Info);
    SIM_HANDLE Key = SetupDiOpenDevRegKey(Set, &Info, 1, 0, 1, Access);

    CHECK(Key != SIM_INVALID_HANDLE);
    CHECK(SetupDiDestroyDeviceInfoList(Set));
    return Key;
}

TEST(registry_values_come_back_with_windows_errors)
{
    static const uint64_t Mask = 0x0123456789ABCDEF;
    SIM_HANDLE Key;
    uint8_t Data[16];
    uint32_t Size = sizeof(Data), Type = 0, NameSize;
    uint16_t Name[16];

    Begin("machine=1x8");
    Key = DeviceKey(KEY_ALL);
    CHECK_EQUAL(2, RegQueryValueExW(Key, Wide("Processors"), NULL, &Type, Data, &Size));
    CHECK_EQUAL(0, RegSetValueExW(Key, Wide("Processors"), 0, 11, &Mask, 8));
    Size = 0;
    CHECK_EQUAL(0, RegQueryValueExW(Key, Wide("processors"), NULL, &Type, NULL, &Size));
    CHECK_EQUAL(8, Size);
    CHECK_EQUAL(11, Type);
    Size = 7;
    CHECK_EQUAL(234, RegQueryValueExW(Key, Wide("Processors"), NULL, &Type, Data, &Size));
    CHECK_EQUAL(8, Size);
    CHECK_EQUAL(0, RegQueryValueExW(Key, Wide("Processors"), NULL, NULL, Data, &Size));
    CHECK(memcmp(Data, &Mask, 8) == 0);
    CHECK_EQUAL(87, RegQueryValueExW(Key, Wide("Processors"), NULL, NULL, Data, NULL));
    NameSize = 10;
    CHECK_EQUAL(234, RegEnumValueW(Key, 0, Name, &NameSize, NULL, NULL, NULL, NULL));
    NameSize = 16;
    Size = sizeof(Data);
    CHECK_EQUAL(0, RegEnumValueW(Key, 0, Name, &NameSize, NULL, &Type, Data, &Size));
    CHECK_EQUAL(10, NameSize);
    CHECK_EQUAL(8, Size);
    NameSize = 16;
    CHECK_EQUAL(259, RegEnumValueW(Key, 1, Name, &NameSize, NULL, NULL, NULL, NULL));
    NameSize = 16;
    CHECK_EQUAL(234, RegEnumKeyExW(Key, 0, Name, &NameSize, NULL, NULL, NULL, NULL));
    CHECK_EQUAL(0, RegDeleteValueW(Key, Wide("Processors")));
    CHECK_EQUAL(2, RegDeleteValueW(Key, Wide("Processors")));
    CHECK_EQUAL(0, RegCloseKey(Key));
    CHECK_EQUAL(6, RegCloseKey(Key));
    CHECK_EQUAL(6, RegSetValueExW(Key, Wide("x"), 0, 1, NULL, 0));
    End();
}

TEST(registry_keys_are_guarded_enumerated_and_deleted)
{
    SIM_HANDLE Key, Reader, Below;
    uint16_t Name[64];
    uint32_t Size = 64, Disposition = 0;

    Begin("machine=1x8");
    Key = DeviceKey(KEY_ALL);
    CHECK_EQUAL(2, RegOpenKeyExW(Key, Wide("Nowhere"), 0, KEY_READING, &Below));
    CHECK_EQUAL(0, RegOpenKeyExW(Key, Wide("Interrupt Management\\MessageSignaledInterruptProperties"), 0, KEY_READING,
                                 &Reader));
    CHECK_EQUAL(5, RegSetValueExW(Reader, Wide("x"), 0, 1, NULL, 0));
    CHECK_EQUAL(5, RegDeleteValueW(Reader, Wide("MSISupported")));
    CHECK_EQUAL(5, RegCreateKeyExW(Reader, Wide("x"), 0, NULL, 0, KEY_READING, NULL, &Below, NULL));
    CHECK_EQUAL(5, RegDeleteTreeW(Reader, NULL));
    CHECK_EQUAL(0, RegCreateKeyExW(Key, Wide("A\\B\\C"), 0, NULL, 0, KEY_ALL, NULL, &Below, &Disposition));
    CHECK_EQUAL(1, Disposition);
    CHECK_EQUAL(0, RegEnumKeyExW(Key, 0, Name, &Size, NULL, NULL, NULL, NULL));
    CHECK(Size == 1 && Name[0] == 'A');
    Size = 64;
    CHECK_EQUAL(0, RegEnumKeyExW(Key, 1, Name, &Size, NULL, NULL, NULL, NULL));
    CHECK_EQUAL(20, Size);
    CHECK_EQUAL(0, RegDeleteTreeW(Key, Wide("A")));
    CHECK_EQUAL(2, RegDeleteTreeW(Key, Wide("A")));
    CHECK_EQUAL(1018, RegSetValueExW(Below, Wide("x"), 0, 1, NULL, 0));
    CHECK_EQUAL(0, RegCloseKey(Below));
    CHECK_EQUAL(0, RegDeleteTreeW(Key, NULL));
    CHECK_EQUAL(1018, RegQueryValueExW(Reader, Wide("MSISupported"), NULL, NULL, NULL, NULL));
    Size = 64;
    CHECK_EQUAL(259, RegEnumKeyExW(Key, 0, Name, &Size, NULL, NULL, NULL, NULL));
    CHECK_EQUAL(0, RegCloseKey(Reader));
    CHECK_EQUAL(0, RegCloseKey(Key));
    End();
}

TEST(local_machine_is_the_only_machine)
{
    SIM_HANDLE Key = 0;
    uint64_t First, Second;

    CHECK_EQUAL(1010, RegOpenKeyExW(0xFFFFFFFF80000002u, Wide("System"), 0, KEY_READING, &Key));
    Begin("machine=1x8");
    First = Machine;
    CHECK_EQUAL(0, RegOpenKeyExW(0xFFFFFFFF80000002u, Wide("System\\CurrentControlSet\\Services\\irqscope"), 0,
                                 KEY_READING, &Key));
    CHECK_EQUAL(0, RegCloseKey(Key));
    Begin("machine=4x2");
    Second = Machine;
    CHECK_EQUAL(1010, RegOpenKeyExW(0x80000002u, Wide("System"), 0, KEY_READING, &Key));
    Machine = First;
    End();
    Machine = Second;
    End();
}

TEST(machines_have_registries_of_their_own)
{
    static const uint32_t One = 1;
    SIM_HANDLE Key, Other;
    uint64_t First;

    Begin("machine=1x8");
    First = Machine;
    Key = DeviceKey(KEY_ALL);
    CHECK_EQUAL(0, RegSetValueExW(Key, Wide("Ours"), 0, 4, &One, 4));
    Begin("machine=1x8");
    Other = DeviceKey(KEY_ALL);
    CHECK_EQUAL(2, RegQueryValueExW(Other, Wide("Ours"), NULL, NULL, NULL, NULL));
    CHECK_EQUAL(0, RegCloseKey(Other));
    End();
    CHECK_EQUAL(0, RegQueryValueExW(Key, Wide("Ours"), NULL, NULL, NULL, NULL));
    Machine = First;
    End();
    CHECK_EQUAL(6, RegCloseKey(Key));       /* went with its machine */
}

static void Remove(const char *Path)
{
    DIR *Directory = opendir(Path);
    struct dirent *Entry;

    CHECK(Directory != NULL);
    while ((Entry = readdir(Directory)) != NULL) {
        char Child[1024];
        struct stat Status;

        if (strcmp(Entry->d_name, ".") != 0 && strcmp(Entry->d_name, "..") != 0) {
            snprintf(Child, sizeof(Child), "%s/%s", Path, Entry->d_name);
            CHECK(stat(Child, &Status) == 0);
            if (S_ISDIR(Status.st_mode)) {
                Remove(Child);
            } else {
                unlink(Child);
            }
        }
    }
    closedir(Directory);
    CHECK(rmdir(Path) == 0);
}

TEST(state_folder_keeps_a_policy_for_the_next_machine)
{
    char Folder[] = "/tmp/irqscope-state-XXXXXX";
    char Options[128];
    char Answer[256];

    CHECK(mkdtemp(Folder) != NULL);
    snprintf(Options, sizeof(Options), "machine=2x64\nstate=%s", Folder);
    Begin(Options);
    Control("registry set edu0:Irqscope!Policy=dword:4", Answer, sizeof(Answer));
    Control("registry set edu0:Irqscope!Group=dword:1", Answer, sizeof(Answer));
    Control("registry set edu0:Irqscope!Processors=qword:0x3000", Answer, sizeof(Answer));
    End();
    Begin(Options);
    Control("grants edu0", Answer, sizeof(Answer));
    CHECK(strstr(Answer, " 1 0x3000\n") != NULL);
    Control("grants edu1", Answer, sizeof(Answer));
    CHECK(strstr(Answer, " 0 0xffffffffffffffff\n") != NULL);
    End();
    Remove(Folder);
}

TEST(state_folder_that_cannot_be_used_is_a_reason)
{
    char Error[256];

    CHECK(SimulatedMachineCreate("machine=1x8\nstate=/proc/none/here", Error, sizeof(Error)) == 0);
    CHECK(strstr(Error, "/proc/none/here") != NULL);
}
