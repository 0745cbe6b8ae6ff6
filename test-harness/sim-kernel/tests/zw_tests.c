/* The registry as a driver reads and writes it: each status of Zw*Key, the layouts, the IRQL, what breaks a rule. */
#include "check.h"

#include "kernel.h"

#include <string.h>

#define NAME(Variable, Text) UNICODE_STRING Variable = RTL_CONSTANT_STRING(Text)
#define PARAMETERS L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\irqscope\\Parameters"

static void (*Body)(void);
static KERNEL *Kernel;

static NTSTATUS NTAPI Entry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    Kernel = KernelCurrent();
    Body();
    /* The body is all that was to run: no device needs to be started. */
    return STATUS_UNSUCCESSFUL;
}

/* The driver that the library asks for; a machine of these tests is given another. */
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    return Entry(DriverObject, RegistryPath);
}

/* Runs the body as a DriverEntry; Stop: the rule that it breaks, NULL for none. */
static void Run(void (*Routine)(void), const char *Stop)
{
    static MACHINE_LAYOUT Layout;
    KERNEL_OPTIONS Options = { 0 };
    char Error[KERNEL_TEXT] = "";

    CHECK(LayoutParse("1x8", "1x8", &Layout, Error, sizeof(Error)));
    Body = Routine;
    Options.Layout = &Layout;
    Options.Profile = ProfileFind("server2022");
    Options.Mode = MODE_OBSERVED;
    Options.Number = 1;
    Options.DriverEntry = Entry;
    CHECK(KernelCreate(&Options, Error, sizeof(Error)) == NULL);
    if (strstr(Error, Stop == NULL ? "DriverEntry failed with 0xc0000001" : Stop) == NULL) {
        CHECK_FAIL("ended with \"%s\"", Error);
    }
}

static NTSTATUS Open(PUNICODE_STRING Name, HANDLE Root, ACCESS_MASK Access, HANDLE *Handle)
{
    OBJECT_ATTRIBUTES Attributes;

    InitializeObjectAttributes(&Attributes, Name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, Root, NULL);
    return ZwOpenKey(Handle, Access, &Attributes);
}

static HANDLE Parameters(ACCESS_MASK Access)
{
    NAME(Name, PARAMETERS);
    HANDLE Handle;

    CHECK_STATUS(STATUS_SUCCESS, Open(&Name, NULL, Access, &Handle));
    return Handle;
}

static void SetNumber(HANDLE Key, PUNICODE_STRING Name, ULONG Number)
{
    CHECK_STATUS(STATUS_SUCCESS, ZwSetValueKey(Key, Name, 0, REG_DWORD, &Number, sizeof(Number)));
}

static void OpenBody(void)
{
    NAME(Upper, L"\\REGISTRY\\MACHINE\\system\\currentcontrolset\\services\\IRQSCOPE");
    NAME(Missing, L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\other");
    NAME(Elsewhere, L"\\Elsewhere");
    NAME(BelowElsewhere, L"\\Elsewhere\\Key");
    NAME(Near, L"\\RegistryOfOurs");
    NAME(Relative, L"Parameters");
    NAME(Absolute, L"\\Parameters");
    NAME(Empty, L"");
    HANDLE Key, Below;

    CHECK_STATUS(STATUS_SUCCESS, Open(&Upper, NULL, KEY_READ, &Key));
    CHECK((LONG_PTR)Key < 0);
    CHECK_STATUS(STATUS_SUCCESS, Open(&Relative, Key, KEY_READ, &Below));
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Below));
    CHECK_STATUS(STATUS_SUCCESS, Open(&Empty, Key, KEY_READ, &Below));
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Below));
    CHECK_STATUS(STATUS_OBJECT_NAME_INVALID, Open(&Absolute, Key, KEY_READ, &Below));
    CHECK(Below == NULL);
    CHECK_STATUS(STATUS_OBJECT_NAME_NOT_FOUND, Open(&Missing, NULL, KEY_READ, &Below));
    CHECK_STATUS(STATUS_OBJECT_NAME_NOT_FOUND, Open(&Elsewhere, NULL, KEY_READ, &Below));
    CHECK_STATUS(STATUS_OBJECT_PATH_NOT_FOUND, Open(&BelowElsewhere, NULL, KEY_READ, &Below));
    CHECK_STATUS(STATUS_OBJECT_NAME_NOT_FOUND, Open(&Near, NULL, KEY_READ, &Below));
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Key));
}

TEST(open_finds_keys_by_absolute_and_relative_names)
{
    Run(OpenBody, NULL);
}

static void QueryBody(void)
{
    NAME(Name, L"ConnectAtStart");
    NAME(Missing, L"Nothing");
    HANDLE Key = Parameters(KEY_READ | KEY_WRITE);
    union {
        KEY_VALUE_PARTIAL_INFORMATION Partial;
        UCHAR Bytes[64];
        ULONG Words[16];
    } Buffer;
    ULONG Length;

    SetNumber(Key, &Name, 0x12345678);
    memset(&Buffer, 0xEE, sizeof(Buffer));
    CHECK_STATUS(STATUS_SUCCESS,
                 ZwQueryValueKey(Key, &Name, KeyValuePartialInformation, &Buffer, sizeof(Buffer), &Length));
    CHECK_EQUAL(16, Length);
    CHECK_EQUAL(REG_DWORD, Buffer.Partial.Type);
    CHECK_EQUAL(4, Buffer.Partial.DataLength);
    CHECK_EQUAL(0x12345678, Buffer.Words[3]);
    CHECK_EQUAL(0xEEEEEEEE, Buffer.Words[4]);
    CHECK_STATUS(STATUS_SUCCESS, ZwQueryValueKey(Key, &Name, KeyValuePartialInformation, &Buffer, 16, &Length));
    Buffer.Words[3] = 0xEEEEEEEE;
    CHECK_STATUS(STATUS_BUFFER_OVERFLOW,
                 ZwQueryValueKey(Key, &Name, KeyValuePartialInformation, &Buffer, 14, &Length));
    CHECK_EQUAL(0xEEEE5678, Buffer.Words[3]);
    CHECK_EQUAL(16, Length);
    CHECK_STATUS(STATUS_BUFFER_TOO_SMALL,
                 ZwQueryValueKey(Key, &Name, KeyValuePartialInformation, &Buffer, 11, &Length));
    CHECK_EQUAL(16, Length);
    CHECK_STATUS(STATUS_SUCCESS,
                 ZwQueryValueKey(Key, &Name, KeyValueFullInformation, &Buffer, sizeof(Buffer), &Length));
    CHECK_EQUAL(20 + 28 + 4, Length);
    CHECK_EQUAL(48, Buffer.Words[2]);
    CHECK_EQUAL(4, Buffer.Words[3]);
    CHECK_EQUAL(28, Buffer.Words[4]);
    CHECK(memcmp(Buffer.Bytes + 20, L"ConnectAtStart", 28) == 0);
    CHECK_EQUAL(0x12345678, Buffer.Words[12]);
    CHECK_STATUS(STATUS_SUCCESS,
                 ZwQueryValueKey(Key, &Name, KeyValueBasicInformation, &Buffer, sizeof(Buffer), &Length));
    CHECK_EQUAL(12 + 28, Length);
    CHECK_STATUS(STATUS_OBJECT_NAME_NOT_FOUND,
                 ZwQueryValueKey(Key, &Missing, KeyValuePartialInformation, &Buffer, sizeof(Buffer), &Length));
    CHECK_STATUS(STATUS_INVALID_PARAMETER,
                 ZwQueryValueKey(Key, &Name, (KEY_VALUE_INFORMATION_CLASS)77, &Buffer, sizeof(Buffer), &Length));
    CHECK_STATUS(STATUS_SUCCESS, ZwDeleteValueKey(Key, &Name));
    CHECK_STATUS(STATUS_OBJECT_NAME_NOT_FOUND, ZwDeleteValueKey(Key, &Name));
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Key));
}

TEST(query_copies_what_fits_and_says_how_much_there_is)
{
    Run(QueryBody, NULL);
}

static void AccessBody(void)
{
    NAME(Name, L"x");
    HANDLE Reader = Parameters(KEY_READ);
    HANDLE Writer = Parameters(KEY_SET_VALUE);
    HANDLE Generic = Parameters(0x80000000);
    UCHAR Buffer[64];
    ULONG Length, Number = 1;

    CHECK_STATUS(STATUS_ACCESS_DENIED, ZwSetValueKey(Reader, &Name, 0, REG_DWORD, &Number, 4));
    CHECK_STATUS(STATUS_ACCESS_DENIED, ZwDeleteValueKey(Reader, &Name));
    CHECK_STATUS(STATUS_SUCCESS, ZwSetValueKey(Writer, &Name, 0, REG_DWORD, &Number, 4));
    CHECK_STATUS(STATUS_ACCESS_DENIED, ZwQueryValueKey(Writer, &Name, KeyValuePartialInformation, Buffer, 64, &Length));
    CHECK_STATUS(STATUS_SUCCESS, ZwQueryValueKey(Generic, &Name, KeyValuePartialInformation, Buffer, 64, &Length));
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Reader));
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Writer));
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Generic));
}

TEST(handles_allow_what_they_were_opened_for)
{
    Run(AccessBody, NULL);
}

static NTSTATUS Create(PUNICODE_STRING Name, HANDLE Root, HANDLE *Handle, ULONG *Disposition)
{
    OBJECT_ATTRIBUTES Attributes;

    InitializeObjectAttributes(&Attributes, Name, OBJ_KERNEL_HANDLE, Root, NULL);
    return ZwCreateKey(Handle, KEY_ALL_ACCESS, &Attributes, 0, NULL, REG_OPTION_NON_VOLATILE, Disposition);
}

static void CreateBody(void)
{
    NAME(One, L"One");
    NAME(Two, L"Two\\Three");
    HANDLE Key = Parameters(KEY_ALL_ACCESS);
    HANDLE Below;
    ULONG Disposition = 0;

    CHECK_STATUS(STATUS_SUCCESS, Create(&One, Key, &Below, &Disposition));
    CHECK_EQUAL(REG_CREATED_NEW_KEY, Disposition);
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Below));
    CHECK_STATUS(STATUS_SUCCESS, Create(&One, Key, &Below, &Disposition));
    CHECK_EQUAL(REG_OPENED_EXISTING_KEY, Disposition);
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Below));
    CHECK_STATUS(STATUS_OBJECT_NAME_NOT_FOUND, Create(&Two, Key, &Below, NULL));
    CHECK(Below == NULL);
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Key));
}

TEST(create_makes_the_last_name_only)
{
    Run(CreateBody, NULL);
}

static void DeletedBody(void)
{
    NAME(Name, L"x");
    NAME(Empty, L"");
    HANDLE Key = Parameters(KEY_ALL_ACCESS);
    HANDLE Other;
    char Answer[64];
    UCHAR Buffer[64];
    ULONG Length;

    SetNumber(Key, &Name, 1);
    CHECK(CmControl(Kernel->Registry, Kernel->Machine, "delete Services\\irqscope", Answer, sizeof(Answer)));
    CHECK_STATUS(STATUS_KEY_DELETED, ZwQueryValueKey(Key, &Name, KeyValuePartialInformation, Buffer, 64, &Length));
    CHECK_STATUS(STATUS_KEY_DELETED, ZwSetValueKey(Key, &Name, 0, REG_BINARY, Buffer, 4));
    CHECK_STATUS(STATUS_KEY_DELETED, ZwDeleteValueKey(Key, &Name));
    CHECK_STATUS(STATUS_KEY_DELETED, Open(&Empty, Key, KEY_READ, &Other));
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Key));
}

TEST(deleted_key_says_so)
{
    Run(DeletedBody, NULL);
}

static void RestBody(void)
{
    char Answer[256];
    HANDLE Key;

    CHECK(CmAtRest(Kernel->Registry, Answer, sizeof(Answer)));
    Key = Parameters(KEY_READ);
    CHECK(!CmAtRest(Kernel->Registry, Answer, sizeof(Answer)));
    CHECK(strcmp("a registry key is open since ZwOpenKey\n", Answer) == 0);
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Key));
    CHECK(CmAtRest(Kernel->Registry, Answer, sizeof(Answer)));
}

TEST(open_handles_show_in_the_rest_state)
{
    Run(RestBody, NULL);
}

static void FailBody(void)
{
    NAME(Name, PARAMETERS);
    NAME(Value, L"x");
    HANDLE Key = Parameters(KEY_ALL_ACCESS);
    HANDLE Other;
    ULONG Number = 1;

    MachineFailAt(Kernel->Machine, 1);
    CHECK_STATUS(STATUS_INSUFFICIENT_RESOURCES, Open(&Name, NULL, KEY_READ, &Other));
    MachineFailAt(Kernel->Machine, 1);
    CHECK_STATUS(STATUS_INSUFFICIENT_RESOURCES, Create(&Value, Key, &Other, NULL));
    MachineFailAt(Kernel->Machine, 1);
    CHECK_STATUS(STATUS_INSUFFICIENT_RESOURCES, ZwSetValueKey(Key, &Value, 0, REG_DWORD, &Number, 4));
    CHECK_STATUS(STATUS_SUCCESS, ZwClose(Key));
}

TEST(fallible_calls_fail_when_asked)
{
    Run(FailBody, NULL);
}

static void DeviceKeyBody(void)
{
    HANDLE Key;

    CHECK_STATUS(STATUS_INVALID_DEVICE_REQUEST,
                 IoOpenDeviceRegistryKey((PDEVICE_OBJECT)(PVOID)&Key, PLUGPLAY_REGKEY_DEVICE, KEY_READ, &Key));
    CHECK(Key == NULL);
}

TEST(device_key_needs_a_pdo)
{
    Run(DeviceKeyBody, NULL);
}

static void IrqlBody(void)
{
    NAME(Name, PARAMETERS);
    HANDLE Key;
    KIRQL Irql;

    KeRaiseIrql(DISPATCH_LEVEL, &Irql);
    Open(&Name, NULL, KEY_READ, &Key);
}

static void HandleBody(void)
{
    ZwClose((HANDLE)(LONG_PTR)4);
}

static void CloseTwiceBody(void)
{
    HANDLE Key = Parameters(KEY_READ);

    ZwClose(Key);
    ZwClose(Key);
}

static void UserHandleBody(void)
{
    NAME(Name, PARAMETERS);
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Key;

    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE, NULL, NULL);
    ZwOpenKey(&Key, KEY_READ, &Attributes);
}

TEST(broken_rules_end_the_run)
{
    Run(IrqlBody, "ZwOpenKey");
    Run(HandleBody, "ZwClose: 0x4 is no open handle");
    Run(CloseTwiceBody, "is no open handle");
    Run(UserHandleBody, "ZwOpenKey: without OBJ_KERNEL_HANDLE");
}
