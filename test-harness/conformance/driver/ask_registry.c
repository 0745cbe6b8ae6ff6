/* The registry as a driver reads it: values of a key of the device's own, and what queries with too little room get. */
#include "driver.h"

#define DOC_QUERY "ZwQueryValueKey"

typedef struct VALUE_BASIC {
    ULONG TitleIndex, Type, NameLength;
    WCHAR Name[40];
} VALUE_BASIC;

static const WCHAR TestKey[] = L"Conformance";

static NTSTATUS KeyOpen(CONFORM_DEVICE *Device, ACCESS_MASK Access, HANDLE *Key)
{
    UNICODE_STRING Name;
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Root;
    NTSTATUS Status = IoOpenDeviceRegistryKey(Device->Pdo, PLUGPLAY_REGKEY_DEVICE, KEY_ALL_ACCESS, &Root);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    RtlInitUnicodeString(&Name, TestKey);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, Root, NULL);
    Status = ZwCreateKey(Key, Access, &Attributes, 0, NULL, REG_OPTION_NON_VOLATILE, NULL);
    ZwClose(Root);
    return Status;
}

static NTSTATUS ValueSet(HANDLE Key, const WCHAR *Name, ULONG Type, const void *Data, ULONG Size)
{
    UNICODE_STRING Text;

    RtlInitUnicodeString(&Text, Name);
    return ZwSetValueKey(Key, &Text, 0, Type, (PVOID)(ULONG_PTR)Data, Size);
}

/* The key with a REG_DWORD "Number" of 7 in it. FALSE: the answer says why not. */
static BOOLEAN KeyWithNumber(CONFORM_DEVICE *Device, HANDLE *Key, TEXT *Answer)
{
    static const ULONG Seven = 7;
    NTSTATUS Status = KeyOpen(Device, KEY_ALL_ACCESS, Key);

    if (NT_SUCCESS(Status)) {
        Status = ValueSet(*Key, L"Number", REG_DWORD, &Seven, sizeof(Seven));
        if (NT_SUCCESS(Status)) {
            return TRUE;
        }
        ZwClose(*Key);
    }
    TextAdd(Answer, "no key: ");
    TextAddStatus(Answer, Status);
    return FALSE;
}

static void SayQuery(HANDLE Key, const WCHAR *Name, KEY_VALUE_INFORMATION_CLASS Class, ULONG Length, TEXT *Answer)
{
    UNICODE_STRING Text;
    union {
        KEY_VALUE_PARTIAL_INFORMATION Partial;
        VALUE_BASIC Basic;
        UCHAR Bytes[256];
    } Value;
    ULONG Needed = 7777;
    NTSTATUS Status;

    RtlInitUnicodeString(&Text, Name);
    RtlFillMemory(&Value, sizeof(Value), 0xEE);
    Status = ZwQueryValueKey(Key, &Text, Class, &Value, Length, &Needed);
    TextAddStatus(Answer, Status);
    if (Needed == 7777) {
        TextAdd(Answer, ", length untouched");
    } else {
        TextAdd(Answer, ", length ");
        TextAddNumber(Answer, Needed);
    }
    if (Class == KeyValuePartialInformation && Length >= 12 &&
        (NT_SUCCESS(Status) || Status == STATUS_BUFFER_OVERFLOW)) {
        TextAdd(Answer, ", type ");
        TextAddNumber(Answer, Value.Partial.Type);
        TextAdd(Answer, ", data ");
        TextAddNumber(Answer, Value.Partial.DataLength);
    }
}

static void AskQuery(CONFORM_DEVICE *Device, TEXT *Answer, const WCHAR *Name, KEY_VALUE_INFORMATION_CLASS Class,
                     ULONG Length)
{
    HANDLE Key;

    if (KeyWithNumber(Device, &Key, Answer)) {
        SayQuery(Key, Name, Class, Length, Answer);
        ZwClose(Key);
    }
}

static void AskExact(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"Number", KeyValuePartialInformation, 16);
}

static void AskRoom(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"Number", KeyValuePartialInformation, 256);
}

static void AskNoRoom(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"Number", KeyValuePartialInformation, 0);
}

static void AskPartOfHead(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"Number", KeyValuePartialInformation, 11);
}

static void AskHeadOnly(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"Number", KeyValuePartialInformation, 12);
}

static void AskPartOfData(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"Number", KeyValuePartialInformation, 14);
}

static void AskMissing(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"Nothing", KeyValuePartialInformation, 256);
}

static void AskMissingNoRoom(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"Nothing", KeyValuePartialInformation, 0);
}

static void AskOtherCase(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"nUMBER", KeyValuePartialInformation, 256);
}

static void AskBasic(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"Number", KeyValueBasicInformation, 256);
}

static void AskBasicShort(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"Number", KeyValueBasicInformation, 14);
}

static void AskFull(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"Number", KeyValueFullInformation, 256);
}

static void AskUnknownClass(CONFORM_DEVICE *Device, TEXT *Answer)
{
    AskQuery(Device, Answer, L"Number", (KEY_VALUE_INFORMATION_CLASS)99, 256);
}

static void AskEmptyValue(CONFORM_DEVICE *Device, TEXT *Answer)
{
    HANDLE Key;

    if (KeyWithNumber(Device, &Key, Answer)) {
        ValueSet(Key, L"Empty", REG_BINARY, NULL, 0);
        SayQuery(Key, L"Empty", KeyValuePartialInformation, 256, Answer);
        ZwClose(Key);
    }
}

static void AskReplaced(CONFORM_DEVICE *Device, TEXT *Answer)
{
    HANDLE Key;

    if (KeyWithNumber(Device, &Key, Answer)) {
        ValueSet(Key, L"Kind", REG_DWORD, L"ab", 4);
        TextAddStatus(Answer, ValueSet(Key, L"Kind", REG_QWORD, L"abcd", 8));
        TextAdd(Answer, "; ");
        SayQuery(Key, L"Kind", KeyValuePartialInformation, 256, Answer);
        ZwClose(Key);
    }
}

static void AskDelete(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNICODE_STRING Name;
    HANDLE Key;

    if (KeyWithNumber(Device, &Key, Answer)) {
        RtlInitUnicodeString(&Name, L"Number");
        TextAddStatus(Answer, ZwDeleteValueKey(Key, &Name));
        TextAdd(Answer, ", again ");
        TextAddStatus(Answer, ZwDeleteValueKey(Key, &Name));
        ZwClose(Key);
    }
}

static void AskReadOnly(CONFORM_DEVICE *Device, TEXT *Answer)
{
    HANDLE Key;
    NTSTATUS Status = KeyOpen(Device, KEY_READ, &Key);

    TextAddStatus(Answer, Status);
    if (NT_SUCCESS(Status)) {
        TextAdd(Answer, ", set ");
        TextAddStatus(Answer, ValueSet(Key, L"Number", REG_DWORD, L"ab", 4));
        ZwClose(Key);
    }
}

static void AskWriteOnly(CONFORM_DEVICE *Device, TEXT *Answer)
{
    HANDLE Key;
    NTSTATUS Status = KeyOpen(Device, KEY_SET_VALUE, &Key);

    TextAddStatus(Answer, Status);
    if (NT_SUCCESS(Status)) {
        TextAdd(Answer, ", query ");
        SayQuery(Key, L"Number", KeyValuePartialInformation, 256, Answer);
        ZwClose(Key);
    }
}

static void SayOpen(CONFORM_DEVICE *Device, const WCHAR *Path, TEXT *Answer)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    HANDLE Key, Below = NULL;
    NTSTATUS Status;

    if (!KeyWithNumber(Device, &Key, Answer)) {
        return;
    }
    RtlInitUnicodeString(&Name, Path);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE,
                               Path[0] == '\\' ? NULL : Key, NULL);
    Status = ZwOpenKey(&Below, KEY_READ, &Attributes);
    TextAddStatus(Answer, Status);
    if (NT_SUCCESS(Status)) {
        ZwClose(Below);
    }
    ZwClose(Key);
}

static void AskOpenMissing(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayOpen(Device, L"Nowhere", Answer);
}

static void AskOpenMissingTwo(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayOpen(Device, L"Nowhere\\Either", Answer);
}

static void AskOpenSystem(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayOpen(Device, L"\\Registry\\Machine\\System\\CurrentControlSet\\Services", Answer);
}

static void AskOpenSystemCase(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayOpen(Device, L"\\REGISTRY\\MACHINE\\SYSTEM\\CURRENTCONTROLSET\\SERVICES", Answer);
}

static void AskOpenOutside(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayOpen(Device, L"\\Nothing\\Of\\The\\Kind", Answer);
}

static void AskCreate(CONFORM_DEVICE *Device, TEXT *Answer)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    ULONG Disposition = 0;
    HANDLE Key, Below;
    NTSTATUS Status;
    ULONG Try;

    if (!KeyWithNumber(Device, &Key, Answer)) {
        return;
    }
    RtlInitUnicodeString(&Name, L"Again");
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, Key, NULL);
    /* Who asked before has made it, so the first disposition depends on the past: the second is the answer. */
    for (Try = 0; Try < 2; Try++) {
        Status = ZwCreateKey(&Below, KEY_ALL_ACCESS, &Attributes, 0, NULL, REG_OPTION_NON_VOLATILE, &Disposition);
        if (NT_SUCCESS(Status)) {
            ZwClose(Below);
        }
    }
    TextAddStatus(Answer, Status);
    TextAdd(Answer, ", disposition ");
    TextAddNumber(Answer, Disposition);
    RtlInitUnicodeString(&Name, L"Not\\There");
    Status = ZwCreateKey(&Below, KEY_ALL_ACCESS, &Attributes, 0, NULL, REG_OPTION_NON_VOLATILE, NULL);
    if (NT_SUCCESS(Status)) {
        ZwClose(Below);
    }
    TextAdd(Answer, ", below a key that is not there ");
    TextAddStatus(Answer, Status);
    ZwClose(Key);
}

static void AskFdo(CONFORM_DEVICE *Device, TEXT *Answer)
{
    HANDLE Key;
    NTSTATUS Status = IoOpenDeviceRegistryKey(Device->Self, PLUGPLAY_REGKEY_DEVICE, KEY_READ, &Key);

    TextAddStatus(Answer, Status);
    if (NT_SUCCESS(Status)) {
        ZwClose(Key);
    }
}

const QUESTION RegistryQuestions[] = {
    { "zw/query/exact", "a REG_DWORD, KeyValuePartialInformation, 16 bytes", DOC_QUERY, AskExact },
    { "zw/query/room", "the same, 256 bytes", DOC_QUERY, AskRoom },
    { "zw/query/none", "the same, no room", DOC_QUERY, AskNoRoom },
    { "zw/query/11", "the same, 11 bytes: less than its head", DOC_QUERY, AskPartOfHead },
    { "zw/query/12", "the same, 12 bytes: its head alone", DOC_QUERY, AskHeadOnly },
    { "zw/query/14", "the same, 14 bytes: half of its data", DOC_QUERY, AskPartOfData },
    { "zw/query/missing", "a value that is not there", DOC_QUERY, AskMissing },
    { "zw/query/missing-none", "a value that is not there, no room", DOC_QUERY, AskMissingNoRoom },
    { "zw/query/case", "its name in another case", "", AskOtherCase },
    { "zw/query/basic", "KeyValueBasicInformation, 256 bytes", DOC_QUERY, AskBasic },
    { "zw/query/basic-14", "KeyValueBasicInformation, 14 bytes: one letter of the name", DOC_QUERY, AskBasicShort },
    { "zw/query/full", "KeyValueFullInformation, 256 bytes", DOC_QUERY, AskFull },
    { "zw/query/class", "an information class of 99", DOC_QUERY, AskUnknownClass },
    { "zw/query/empty", "a value without data", "", AskEmptyValue },
    { "zw/set/replace", "a value set with another type and size", "ZwSetValueKey", AskReplaced },
    { "zw/delete", "ZwDeleteValueKey twice", "ZwDeleteValueKey", AskDelete },
    { "zw/access/read", "ZwSetValueKey on a key opened with KEY_READ", "ZwSetValueKey", AskReadOnly },
    { "zw/access/set", "ZwQueryValueKey on a key opened with KEY_SET_VALUE", "ZwQueryValueKey", AskWriteOnly },
    { "zw/open/missing", "ZwOpenKey of a key that is not there", "ZwOpenKey", AskOpenMissing },
    { "zw/open/missing-two", "ZwOpenKey below a key that is not there", "ZwOpenKey", AskOpenMissingTwo },
    { "zw/open/services", "ZwOpenKey of the services", "ZwOpenKey", AskOpenSystem },
    { "zw/open/case", "the same in upper case, OBJ_CASE_INSENSITIVE", "InitializeObjectAttributes", AskOpenSystemCase },
    { "zw/open/outside", "ZwOpenKey outside of the registry", "", AskOpenOutside },
    { "zw/create", "ZwCreateKey of a key that is there; and of one below a key that is not", "ZwCreateKey", AskCreate },
    { "zw/device/fdo", "IoOpenDeviceRegistryKey of a function device object", "IoOpenDeviceRegistryKey", AskFdo },
};
const ULONG RegistryQuestionCount = RTL_NUMBER_OF(RegistryQuestions);
