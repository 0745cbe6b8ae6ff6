/* The registry: the tree, its folder, what the PnP manager reads from it, and the words of tests. */
#include "machine_fixture.h"

#include "cm.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define EDU "PCI\\VEN_1234&DEV_11E8&SUBSYS_11001AF4&REV_10\\3&11583659&0&10"
#define LENGTH(Text) (sizeof(Text) / sizeof(WCHAR) - 1)
#define OPEN(Key, Path) CmOpen((Key), Path, LENGTH(Path))
#define MAKE(Key, Path) CmMake((Key), Path, LENGTH(Path), NULL)
#define SET(Key, Name, Type, Data, Size) CmSet((Key), Name, LENGTH(Name), (Type), (Data), (Size))
#define QUERY(Key, Name) CmQuery((Key), Name, LENGTH(Name))

static MACHINE *Machine;
static REGISTRY *Registry;
static char Folder[64];
static char Error[512];

static void Open(const char *State)
{
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Registry = CmCreate(State, Error, sizeof(Error));
    if (Registry == NULL) {
        CHECK_FAIL("no registry: %s", Error);
    }
}

static void Close(void)
{
    CmDelete(Registry);
    End();
}

static void MakeFolder(void)
{
    strcpy(Folder, "/tmp/irqscope-registry-XXXXXX");
    CHECK(mkdtemp(Folder) != NULL);
}

static unsigned Files;      /* values and keys that Walk saw */

static void Walk(const char *Path, BOOLEAN Remove)
{
    DIR *Directory = opendir(Path);
    struct dirent *Entry;

    CHECK(Directory != NULL);
    while ((Entry = readdir(Directory)) != NULL) {
        char Child[1024];
        struct stat Status;

        if (strcmp(Entry->d_name, ".") == 0 || strcmp(Entry->d_name, "..") == 0) {
            continue;
        }
        snprintf(Child, sizeof(Child), "%s/%s", Path, Entry->d_name);
        CHECK(stat(Child, &Status) == 0);
        Files++;
        if (S_ISDIR(Status.st_mode)) {
            Walk(Child, Remove);
        } else if (Remove) {
            unlink(Child);
        }
    }
    closedir(Directory);
    if (Remove) {
        rmdir(Path);
    }
}

static void Do(const char *Words, BOOLEAN Expected, const char *Answer)
{
    char Said[512];
    BOOLEAN Done = CmControl(Registry, Machine, Words, Said, sizeof(Said));

    if (Done != Expected || strcmp(Said, Answer) != 0) {
        CHECK_FAIL("%s: %d \"%s\", expected %d \"%s\"", Words, Done, Said, Expected, Answer);
    }
}

TEST(keys_are_found_without_case_and_keep_their_own)
{
    CM_KEY *Key;
    CM_KEY *Again;

    Open(NULL);
    Key = MAKE(CmRoot(Registry), L"Machine\\Software\\Ours");
    Again = OPEN(CmRoot(Registry), L"\\MACHINE\\software\\\\OURS\\");
    CHECK(Key != NULL && Key == Again);
    CHECK(memcmp(CmName(Key), L"Ours", sizeof(L"Ours")) == 0);
    CHECK(OPEN(CmRoot(Registry), L"Machine\\Software\\Our") == NULL);
    CHECK(OPEN(CmRoot(Registry), L"Machine\\Software\\Ourselves") == NULL);
    CmClose(Key);
    CmClose(Again);
    Close();
}

TEST(key_names_have_a_limit)
{
    WCHAR Name[300];
    CM_KEY *Key;

    for (ULONG Index = 0; Index < 300; Index++) {
        Name[Index] = L'x';
    }
    Open(NULL);
    Key = CmMake(CmRoot(Registry), Name, 255, NULL);
    CHECK(Key != NULL);
    CmClose(Key);
    CHECK(CmMake(CmRoot(Registry), Name, 256, NULL) == NULL);
    Close();
}

TEST(subkeys_are_in_order_and_values_as_they_came)
{
    CM_KEY *Key;

    Open(NULL);
    Key = MAKE(CmRoot(Registry), L"A");
    CmClose(MAKE(Key, L"second"));
    CmClose(MAKE(Key, L"First"));
    CHECK(CmName(CmSubKey(Key, 0))[0] == L'F');
    CHECK(CmName(CmSubKey(Key, 1))[0] == L's');
    CHECK(CmSubKey(Key, 2) == NULL);
    CHECK(SET(Key, L"z", REG_SZ, L"1", 4));
    CHECK(SET(Key, L"a", REG_DWORD, "\1\0\0\0", 4));
    CHECK(SET(Key, L"Z", REG_BINARY, "", 0));
    CHECK(CmValue(Key, 0)->Name[0] == L'z');
    CHECK_EQUAL(REG_BINARY, CmValue(Key, 0)->Type);
    CHECK_EQUAL(0, CmValue(Key, 0)->Size);
    CHECK(CmValue(Key, 1)->Name[0] == L'a');
    CHECK(CmValue(Key, 2) == NULL);
    CmClose(Key);
    Close();
}

TEST(deleted_key_stays_for_who_has_it_open)
{
    CM_KEY *Key;
    CM_KEY *Below;

    Open(NULL);
    Key = MAKE(CmRoot(Registry), L"A");
    Below = MAKE(Key, L"B\\C");
    CHECK(CmDeleteTree(Key));
    CHECK(CmDeleted(Key) && CmDeleted(Below));
    CHECK(OPEN(CmRoot(Registry), L"A") == NULL);
    CHECK(OPEN(Key, L"B") == NULL);
    CHECK(!SET(Below, L"x", REG_SZ, L"", 2));
    CHECK(!CmDeleteTree(Key));
    CmClose(Below);
    CmClose(Key);
    CHECK(!CmDeleteTree(CmRoot(Registry)));
    Close();
}

TEST(installed_device_supports_messages_once)
{
    DEVICE_POLICY Policy;

    Open(NULL);
    CmInstallDevice(Registry, EDU);
    CmDevicePolicy(Registry, EDU, &Policy);
    CHECK_EQUAL(1, Policy.MessagesSupported);
    CHECK(!Policy.HasPolicy && !Policy.HasMask && !Policy.HasGroup && !Policy.HasMessageLimit);
    Do("registry", FALSE, "registry needs get, set or delete");
    Do("set edu0:Interrupt Management\\MessageSignaledInterruptProperties!MSISupported=dword:0", TRUE, "");
    CmInstallDevice(Registry, EDU);
    CmDevicePolicy(Registry, EDU, &Policy);
    CHECK_EQUAL(0, Policy.MessagesSupported);
    CmInstallDevice(Registry, "ROOT\\IRQSCOPE\\0000");
    CmDevicePolicy(Registry, "ROOT\\IRQSCOPE\\0000", &Policy);
    CHECK_EQUAL(0, Policy.MessagesSupported);
    Close();
}

TEST(policy_is_read_in_every_documented_type)
{
    static const char Path[] = "set edu0:Interrupt Management\\Affinity Policy!";
    static const char *const Sets[] = { "binary:0c", "binary:0c00000000000000", "dword:12", "qword:0x0c" };
    char Words[128];
    DEVICE_POLICY Policy;

    Open(NULL);
    snprintf(Words, sizeof(Words), "%sDevicePolicy=dword:4", Path);
    Do(Words, TRUE, "");
    snprintf(Words, sizeof(Words), "%sDevicePriority=dword:3", Path);
    Do(Words, TRUE, "");
    snprintf(Words, sizeof(Words), "%sGroupOverride=dword:1", Path);
    Do(Words, TRUE, "");
    Do("set edu0:Interrupt Management\\MessageSignaledInterruptProperties!MessageNumberLimit=dword:2", TRUE, "");
    for (ULONG Index = 0; Index < 4; Index++) {
        snprintf(Words, sizeof(Words), "%sAssignmentSetOverride=%s", Path, Sets[Index]);
        Do(Words, TRUE, "");
        CmDevicePolicy(Registry, EDU, &Policy);
        CHECK(Policy.HasPolicy && Policy.HasMask && Policy.HasGroup && Policy.HasMessageLimit);
        CHECK_EQUAL(4, Policy.Policy);
        CHECK_EQUAL(3, Policy.Priority);
        CHECK_EQUAL(1, Policy.Group);
        CHECK_EQUAL(0xC, Policy.Mask);
        CHECK_EQUAL(2, Policy.MessageLimit);
    }
    snprintf(Words, sizeof(Words), "%sAssignmentSetOverride=binary:000000000000000001", Path);
    Do(Words, TRUE, "");
    CmDevicePolicy(Registry, EDU, &Policy);
    CHECK(!Policy.HasMask);                 /* longer than an affinity */
    snprintf(Words, sizeof(Words), "%sDevicePolicy=string:4", Path);
    Do(Words, TRUE, "");
    CmDevicePolicy(Registry, EDU, &Policy);
    CHECK(!Policy.HasPolicy);               /* of a type that it may not have */
    CmSetTarget(Registry, EDU, 1, 0xFF00);
    Do("get edu0:Interrupt Management\\Affinity Policy - Temporal!TargetGroup", TRUE, "dword:1");
    Do("get edu0:Interrupt Management\\Affinity Policy - Temporal!TargetSet", TRUE, "qword:65280");
    Close();
}

TEST(words_get_set_and_delete)
{
    Open(NULL);
    Do("set Services\\irqscope\\Parameters!ConnectAtStart=dword:1", TRUE, "");
    Do("get services\\irqscope\\parameters!connectatstart", TRUE, "dword:1");
    Do("set Services\\irqscope\\Parameters!Machine=string:two words", TRUE, "");
    Do("get Services\\irqscope\\Parameters!Machine", TRUE, "string:two words");
    Do("set Services\\irqscope!=binary:00ff", TRUE, "");
    Do("get Services\\irqscope!", TRUE, "binary:00ff");
    Do("delete Services\\irqscope\\Parameters!Machine", TRUE, "");
    Do("get Services\\irqscope\\Parameters!Machine", FALSE, "there is no such value");
    Do("delete Services\\irqscope\\Parameters!Machine", FALSE, "there is no such value");
    Do("delete Services\\irqscope", TRUE, "");
    Do("get Services\\irqscope!", FALSE, "there is no such key");
    Do("get Services", FALSE, "the value's name is missing: PATH!NAME");
    Do("get wifi0:x!y", FALSE, "there is no device \"wifi0\"");
    Do("set A!b", FALSE, "\"\" is no value (dword:N, qword:N, string:TEXT, binary:HEX)");
    Do("set A!b=dword:4294967296", FALSE,
       "\"dword:4294967296\" is no value (dword:N, qword:N, string:TEXT, binary:HEX)");
    Do("set A!b=binary:0", FALSE, "\"binary:0\" is no value (dword:N, qword:N, string:TEXT, binary:HEX)");
    Close();
}

TEST(folder_brings_everything_back)
{
    static const WCHAR Odd[] = { L'a', L'/', 0xE4, 0x20AC, 0xD83D, 0xDE00, 0xD800, L'.', L'%', 0 };
    CM_KEY *Key;
    const CM_VALUE *Value;

    MakeFolder();
    Open(Folder);
    Key = MAKE(CmRoot(Registry), L"Machine\\PCI\\VEN_1234&DEV_11E8\\3&1.value");
    CHECK(SET(Key, L"AssignmentSetOverride", REG_QWORD, "\1\2\3\4\5\6\7\10", 8));
    CHECK(SET(Key, L"Text", REG_SZ, L"Gr\u00fc\u00dfe", 12));
    CHECK(SET(Key, L"Text", REG_SZ, L"again", 12));
    CHECK(SET(Key, L"Gone", REG_NONE, "", 0));
    CHECK(SET(Key, L"", REG_DWORD, "\1\0\0\0", 4));
    CHECK(CmSet(Key, Odd, 9, REG_BINARY, "\xFF", 1));
    CHECK(CmDeleteValue(Key, L"gone", 4));
    CmClose(CmMake(Key, Odd, 9, NULL));
    CmClose(MAKE(Key, L"Empty\\Deeper"));
    CmClose(Key);
    Key = MAKE(CmRoot(Registry), L"Machine\\Dropped\\Below");
    CHECK(SET(Key, L"x", REG_SZ, L"", 2));
    CmClose(Key);
    Key = OPEN(CmRoot(Registry), L"Machine\\Dropped");
    CHECK(CmDeleteTree(Key));
    CmClose(Key);
    Close();

    Open(Folder);
    CHECK(OPEN(CmRoot(Registry), L"Machine\\Dropped") == NULL);
    Key = OPEN(CmRoot(Registry), L"Machine\\PCI\\VEN_1234&DEV_11E8\\3&1.value");
    CHECK(Key != NULL);
    Value = QUERY(Key, L"AssignmentSetOverride");
    CHECK(Value != NULL && Value->Type == REG_QWORD && Value->Size == 8);
    CHECK(memcmp(Value->Data, "\1\2\3\4\5\6\7\10", 8) == 0);
    Value = QUERY(Key, L"Text");
    CHECK(Value != NULL && Value->Size == 12 && memcmp(Value->Data, L"again", 12) == 0);
    CHECK(QUERY(Key, L"Gone") == NULL);
    CHECK(QUERY(Key, L"") != NULL);
    Value = CmQuery(Key, Odd, 9);
    CHECK(Value != NULL && Value->Size == 1 && Value->Data[0] == 0xFF);
    CmClose(CmOpen(Key, Odd, 9));
    CmClose(OPEN(Key, L"Empty\\Deeper"));
    CmClose(Key);
    Close();
    Walk(Folder, TRUE);
}

TEST(folder_is_written_before_the_call_returns)
{
    CM_KEY *Key;
    unsigned Before;

    MakeFolder();
    Open(Folder);
    Files = 0;
    Walk(Folder, FALSE);
    Before = Files;
    Key = MAKE(CmRoot(Registry), L"Machine\\A");
    CHECK(SET(Key, L"b", REG_SZ, L"", 2));
    Files = 0;
    Walk(Folder, FALSE);
    CHECK_EQUAL(Before + 2, Files);
    CmClose(Key);
    Close();
    Walk(Folder, TRUE);
}

TEST(folder_that_vanished_fails_the_write_and_changes_nothing)
{
    CM_KEY *Key;

    MakeFolder();
    Open(Folder);
    Key = MAKE(CmRoot(Registry), L"Machine\\A");
    CHECK(SET(Key, L"b", REG_DWORD, "\1\0\0\0", 4));
    Walk(Folder, TRUE);
    CHECK(!SET(Key, L"b", REG_DWORD, "\2\0\0\0", 4));
    CHECK(!SET(Key, L"c", REG_DWORD, "\2\0\0\0", 4));
    CHECK_EQUAL(1, QUERY(Key, L"b")->Data[0]);
    CHECK(QUERY(Key, L"c") == NULL);
    CHECK(MAKE(Key, L"Below") == NULL);
    CHECK(CmSubKey(Key, 0) == NULL);
    CHECK(strcmp(FixtureLog(), "the registry's folder could not be written") == 0);
    CmClose(Key);
    Close();
}

static void Plant(const char *Name, const char *Content)
{
    char Path[256];
    FILE *File;

    snprintf(Path, sizeof(Path), "%s/%s", Folder, Name);
    File = fopen(Path, "w");
    CHECK(File != NULL);
    fputs(Content, File);
    fclose(File);
}

TEST(folder_left_by_a_killed_process_is_cleaned)
{
    char Path[256];

    MakeFolder();
    Plant("x.value.new", "4\n010");
    snprintf(Path, sizeof(Path), "%s/Old.gone", Folder);
    CHECK(mkdir(Path, 0777) == 0);
    Plant("Old.gone/v.value", "nonsense");
    Open(Folder);
    Close();
    CHECK(access(Path, F_OK) != 0);
    snprintf(Path, sizeof(Path), "%s/x.value.new", Folder);
    CHECK(access(Path, F_OK) != 0);
    Walk(Folder, TRUE);
}

TEST(folder_that_is_damaged_is_refused_with_the_place)
{
    char Expected[256];

    MakeFolder();
    Plant("x.value", "4\n0100000\n");
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    CHECK(CmCreate(Folder, Error, sizeof(Error)) == NULL);
    snprintf(Expected, sizeof(Expected), "%s/x.value is no registry value (a type, then bytes in hexadecimal)", Folder);
    CHECK(strcmp(Expected, Error) == 0);
    Plant("x.value", "4\n01000000");
    CHECK(CmCreate(Folder, Error, sizeof(Error)) == NULL);
    snprintf(Expected, sizeof(Expected), "%s/x.value", Folder);
    CHECK(CmCreate(Expected, Error, sizeof(Error)) == NULL);
    CHECK(strstr(Error, "is not a folder") != NULL);
    CHECK(CmCreate("/proc/none/such", Error, sizeof(Error)) == NULL);
    CHECK(strstr(Error, "cannot be made") != NULL);
    End();
    Walk(Folder, TRUE);
}
