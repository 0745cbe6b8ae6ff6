/* What the PnP manager keeps in the registry for a device, and the words of tests. */
#include "cm_tree.h"

#include "../machine/platform.h"
#include "../machine/text.h"

#include <string.h>

#define POLICY_KEY L"Interrupt Management\\Affinity Policy"
#define TARGET_KEY L"Interrupt Management\\Affinity Policy - Temporal"
#define MESSAGE_KEY L"Interrupt Management\\MessageSignaledInterruptProperties"
#define CONTROL_SET L"Machine\\System\\CurrentControlSet\\"
#define TEXT_LENGTH(Text) (sizeof(Text) / sizeof(WCHAR) - 1)
#define PATH_LIMIT 512

const WCHAR *CmServicePath(void)
{
    return L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\irqscope";
}

/* Widens ASCII behind what is there; returns the new length. */
static size_t Widen(WCHAR *Path, size_t Used, const char *Text, size_t TextLength)
{
    for (size_t Index = 0; Index < TextLength && Used < PATH_LIMIT; Index++) {
        Path[Used++] = (WCHAR)(UCHAR)Text[Index];
    }
    return Used;
}

static size_t DevicePath(WCHAR *Path, const char *Instance)
{
    static const char Below[] = "\\Device Parameters";
    size_t Used = TEXT_LENGTH(CONTROL_SET L"Enum\\");

    memcpy(Path, CONTROL_SET L"Enum\\", Used * sizeof(WCHAR));
    Used = Widen(Path, Used, Instance, TextLength(Instance));
    return Widen(Path, Used, Below, sizeof(Below) - 1);
}

CM_KEY *CmDeviceKey(REGISTRY *Registry, const char *Instance)
{
    WCHAR Path[PATH_LIMIT];

    return CmMake(CmRoot(Registry), Path, DevicePath(Path, Instance), NULL);
}

void CmInstallDevice(REGISTRY *Registry, const char *Instance)
{
    static const ULONG Supported = 1;
    WCHAR Path[PATH_LIMIT];
    size_t Used = DevicePath(Path, Instance);
    CM_KEY *Device = CmOpen(CmRoot(Registry), Path, Used);
    CM_KEY *Messages = NULL;

    if (Device != NULL) {
        CmClose(Device);
        return;
    }
    Device = CmMake(CmRoot(Registry), Path, Used, NULL);
    if (Device == NULL) {
        return;
    }
    if (memcmp(Instance, "PCI\\", 4) == 0) {
        Messages = CmMake(Device, MESSAGE_KEY, TEXT_LENGTH(MESSAGE_KEY), NULL);
    }
    if (Messages != NULL) {
        CmSet(Messages, L"MSISupported", TEXT_LENGTH(L"MSISupported"), REG_DWORD, &Supported, sizeof(Supported));
        CmClose(Messages);
    }
    CmClose(Device);
}

/* A number from a REG_DWORD, REG_QWORD or REG_BINARY of at most 8 bytes, little-endian. */
static BOOLEAN ReadNumber(CM_KEY *Key, const WCHAR *Name, size_t NameLength, ULONGLONG *Number)
{
    const CM_VALUE *Value = CmQuery(Key, Name, NameLength);

    if (Value == NULL || Value->Size == 0 || Value->Size > sizeof(*Number) ||
        (Value->Type != REG_DWORD && Value->Type != REG_QWORD && Value->Type != REG_BINARY)) {
        return FALSE;
    }
    *Number = 0;
    for (ULONG Index = 0; Index < Value->Size; Index++) {
        *Number |= (ULONGLONG)Value->Data[Index] << (8 * Index);
    }
    return TRUE;
}

#define READ_NUMBER(Key, Name, Number) ReadNumber((Key), L"" Name, TEXT_LENGTH(L"" Name), (Number))

void CmDevicePolicy(REGISTRY *Registry, const char *Instance, DEVICE_POLICY *Policy)
{
    CM_KEY *Device = CmDeviceKey(Registry, Instance);
    CM_KEY *Key;
    ULONGLONG Number;

    RtlZeroMemory(Policy, sizeof(*Policy));
    if (Device == NULL) {
        return;
    }
    Key = CmOpen(Device, POLICY_KEY, TEXT_LENGTH(POLICY_KEY));
    if (Key != NULL) {
        if (READ_NUMBER(Key, "DevicePolicy", &Number)) {
            Policy->HasPolicy = TRUE;
            Policy->Policy = (ULONG)Number;
        }
        if (READ_NUMBER(Key, "DevicePriority", &Number)) {
            Policy->Priority = (ULONG)Number;
        }
        if (READ_NUMBER(Key, "GroupOverride", &Number)) {
            Policy->HasGroup = TRUE;
            Policy->Group = (ULONG)Number;
        }
        if (READ_NUMBER(Key, "AssignmentSetOverride", &Number)) {
            Policy->HasMask = TRUE;
            Policy->Mask = (KAFFINITY)Number;
        }
        CmClose(Key);
    }
    Key = CmOpen(Device, MESSAGE_KEY, TEXT_LENGTH(MESSAGE_KEY));
    if (Key != NULL) {
        if (READ_NUMBER(Key, "MSISupported", &Number)) {
            Policy->MessagesSupported = (ULONG)Number;
        }
        if (READ_NUMBER(Key, "MessageNumberLimit", &Number)) {
            Policy->HasMessageLimit = TRUE;
            Policy->MessageLimit = (ULONG)Number;
        }
        CmClose(Key);
    }
    CmClose(Device);
}

void CmSetTarget(REGISTRY *Registry, const char *Instance, USHORT Group, KAFFINITY Mask)
{
    CM_KEY *Device = CmDeviceKey(Registry, Instance);
    CM_KEY *Key = Device == NULL ? NULL : CmMake(Device, TARGET_KEY, TEXT_LENGTH(TARGET_KEY), NULL);
    ULONG Number = Group;
    ULONGLONG Set = Mask;

    if (Key != NULL) {
        CmSet(Key, L"TargetGroup", TEXT_LENGTH(L"TargetGroup"), REG_DWORD, &Number, sizeof(Number));
        CmSet(Key, L"TargetSet", TEXT_LENGTH(L"TargetSet"), REG_QWORD, &Set, sizeof(Set));
        CmClose(Key);
    }
    if (Device != NULL) {
        CmClose(Device);
    }
}

/* ---- "registry get|set|delete PATH!NAME[=TYPE:VALUE]" -------------------------------------------------------------
 *
 * PATH: below System\CurrentControlSet, or edu0:PATH below that device's "Device Parameters". NAME may be empty;
 * without the ! the word is delete and means the key. TYPE: dword, qword, string or binary (hexadecimal digits).
 * All in ASCII. */

typedef struct PLACE {
    WCHAR Path[PATH_LIMIT];
    size_t PathLength;
    WCHAR Name[PATH_LIMIT];
    size_t NameLength;
    BOOLEAN HasName;
} PLACE;

static BOOLEAN FindPlace(MACHINE *Machine, const char *Text, size_t Length, PLACE *Place, char *Answer,
                         size_t AnswerSize)
{
    size_t Colon = 0;
    size_t Mark = Length;

    for (size_t Index = 0; Index < Length; Index++) {
        if (Text[Index] == '!') {
            Mark = Index;
        }
        if (Text[Index] == ':' && Colon == 0) {
            Colon = Index;
        }
    }
    RtlZeroMemory(Place, sizeof(*Place));
    if (Colon != 0 && Colon < Mark) {
        char Name[32];
        DEVICE *Device;

        TextCopy(Name, Colon + 1 < sizeof(Name) ? Colon + 1 : sizeof(Name), Text);
        Device = MachineDeviceByName(Machine, Name);
        if (Device == NULL) {
            PlatformFormat(Answer, AnswerSize, "there is no device \"%s\"", Name);
            return FALSE;
        }
        Place->PathLength = DevicePath(Place->Path, DeviceInstance(Device));
        Place->Path[Place->PathLength++] = L'\\';
        Colon++;
    } else {
        Colon = 0;
        Place->PathLength = TEXT_LENGTH(CONTROL_SET);
        memcpy(Place->Path, CONTROL_SET, Place->PathLength * sizeof(WCHAR));
    }
    Place->PathLength = Widen(Place->Path, Place->PathLength, Text + Colon, Mark - Colon);
    if (Mark < Length) {
        Place->HasName = TRUE;
        Place->NameLength = Widen(Place->Name, 0, Text + Mark + 1, Length - Mark - 1);
    }
    return TRUE;
}

static BOOLEAN ParseBinary(const char *Text, UCHAR *Data, ULONG *Size)
{
    *Size = 0;
    for (; *Text != 0; Text += 2) {
        char Byte[5] = { '0', 'x', Text[0], Text[1], 0 };
        ULONGLONG Number;

        if (Text[1] == 0 || *Size == PATH_LIMIT || !TextNumber(Byte, &Number)) {
            return FALSE;
        }
        Data[(*Size)++] = (UCHAR)Number;
    }
    return TRUE;
}

/* Words like dword:1; the bytes that they stand for. */
static BOOLEAN ParseValue(const char *Text, ULONG *Type, UCHAR *Data, ULONG *Size)
{
    static const struct {
        const char *Word;
        ULONG Type;
        ULONG Size;
    } Types[] = { { "dword:", REG_DWORD, 4 }, { "qword:", REG_QWORD, 8 }, { "string:", REG_SZ, 0 },
                  { "binary:", REG_BINARY, 0 } };

    for (ULONG Index = 0; Index < sizeof(Types) / sizeof(Types[0]); Index++) {
        size_t Length = TextLength(Types[Index].Word);
        ULONGLONG Number;

        if (strncmp(Text, Types[Index].Word, Length) != 0) {
            continue;
        }
        Text += Length;
        *Type = Types[Index].Type;
        *Size = Types[Index].Size;
        if (*Type == REG_SZ) {
            WCHAR Wide[PATH_LIMIT + 1] = { 0 };

            *Size = (ULONG)((Widen(Wide, 0, Text, TextLength(Text)) + 1) * sizeof(WCHAR));
            memcpy(Data, Wide, *Size);
            return TRUE;
        }
        if (*Type == REG_BINARY) {
            return ParseBinary(Text, Data, Size);
        }
        if (!TextNumber(Text, &Number) || (*Size == 4 && Number > 0xFFFFFFFF)) {
            return FALSE;
        }
        memcpy(Data, &Number, *Size);   /* little-endian, as every machine that this runs on */
        return TRUE;
    }
    return FALSE;
}

static void TellValue(const CM_VALUE *Value, char *Answer, size_t AnswerSize)
{
    ULONGLONG Number = 0;
    TEXT Text;

    TextStart(&Text, Answer, AnswerSize);
    if ((Value->Type == REG_DWORD && Value->Size == 4) || (Value->Type == REG_QWORD && Value->Size == 8)) {
        memcpy(&Number, Value->Data, Value->Size);
        TextAdd(&Text, "%s:%llu", Value->Type == REG_DWORD ? "dword" : "qword", Number);
        return;
    }
    if (Value->Type == REG_SZ) {
        TextAdd(&Text, "string:");
        for (ULONG Index = 0; Index + 1 < Value->Size && (Value->Data[Index] != 0 || Value->Data[Index + 1] != 0);
             Index += 2) {
            TextAdd(&Text, "%c", Value->Data[Index + 1] == 0 && Value->Data[Index] < 0x80 ? Value->Data[Index] : '?');
        }
        return;
    }
    TextAdd(&Text, "binary:");
    for (ULONG Index = 0; Index < Value->Size; Index++) {
        TextAdd(&Text, "%02x", Value->Data[Index]);
    }
}

static BOOLEAN RunSet(CM_KEY *Root, const PLACE *Place, const char *Value, char *Answer, size_t AnswerSize)
{
    UCHAR Data[(PATH_LIMIT + 1) * sizeof(WCHAR)];
    ULONG Type, Size;
    CM_KEY *Key;
    BOOLEAN Done;

    if (!ParseValue(Value, &Type, Data, &Size)) {
        PlatformFormat(Answer, AnswerSize, "\"%s\" is no value (dword:N, qword:N, string:TEXT, binary:HEX)", Value);
        return FALSE;
    }
    Key = CmMake(Root, Place->Path, Place->PathLength, NULL);
    if (Key == NULL) {
        PlatformFormat(Answer, AnswerSize, "the key cannot be made");
        return FALSE;
    }
    Done = CmSet(Key, Place->Name, Place->NameLength, Type, Data, Size);
    CmClose(Key);
    if (!Done) {
        PlatformFormat(Answer, AnswerSize, "the value cannot be written");
    }
    return Done;
}

BOOLEAN CmControl(REGISTRY *Registry, MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize)
{
    char Verb[16];
    PLACE Place;
    size_t Length = 0;
    BOOLEAN Set;
    CM_KEY *Key;
    const CM_VALUE *Value;
    BOOLEAN Done = FALSE;

    if (AnswerSize != 0) {
        Answer[0] = 0;
    }
    if (!TextWord(&Words, Verb, sizeof(Verb)) ||
        (!TextEqual(Verb, "get") && !TextEqual(Verb, "set") && !TextEqual(Verb, "delete"))) {
        PlatformFormat(Answer, AnswerSize, "registry needs get, set or delete");
        return FALSE;
    }
    while (*Words == ' ') {
        Words++;
    }
    Set = TextEqual(Verb, "set");
    while (Words[Length] != 0 && !(Set && Words[Length] == '=')) {
        Length++;
    }
    if (!FindPlace(Machine, Words, Length, &Place, Answer, AnswerSize)) {
        return FALSE;
    }
    if (!Place.HasName && !TextEqual(Verb, "delete")) {
        PlatformFormat(Answer, AnswerSize, "the value's name is missing: PATH!NAME");
        return FALSE;
    }
    if (Set) {
        return RunSet(CmRoot(Registry), &Place, Words[Length] == '=' ? Words + Length + 1 : "", Answer, AnswerSize);
    }
    Key = CmOpen(CmRoot(Registry), Place.Path, Place.PathLength);
    if (Key == NULL) {
        PlatformFormat(Answer, AnswerSize, "there is no such key");
        return FALSE;
    }
    if (TextEqual(Verb, "delete")) {
        Done = Place.HasName ? CmDeleteValue(Key, Place.Name, Place.NameLength) : CmDeleteTree(Key);
    } else if ((Value = CmQuery(Key, Place.Name, Place.NameLength)) != NULL) {
        TellValue(Value, Answer, AnswerSize);
        Done = TRUE;
    }
    CmClose(Key);
    if (!Done) {
        PlatformFormat(Answer, AnswerSize, "there is no such value");
    }
    return Done;
}
