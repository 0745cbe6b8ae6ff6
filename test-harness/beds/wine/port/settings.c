/* The registry of a simulated device, which is Wine's: policies that the assignment follows, and where it went. */
#include "port.h"

#define POLICY L"Interrupt Management\\Affinity Policy"
#define TARGET L"Interrupt Management\\Affinity Policy - Temporal"
#define MESSAGES L"Interrupt Management\\MessageSignaledInterruptProperties"

static NTSTATUS OpenBelow(PNP_NODE *Node, PCWSTR Path, ACCESS_MASK Access, PHANDLE Key)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    HANDLE Parameters;
    NTSTATUS Status = IoOpenDeviceRegistryKey(Node->Pdo, PLUGPLAY_REGKEY_DEVICE, KEY_ALL_ACCESS, &Parameters);

    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    RtlInitUnicodeString(&Name, Path);
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, Parameters, NULL);
    Status = Access == KEY_ALL_ACCESS ? ZwCreateKey(Key, Access, &Attributes, 0, NULL, 0, NULL) :
                                        ZwOpenKey(Key, Access, &Attributes);
    ZwClose(Parameters);
    return Status;
}

static BOOLEAN ReadNumber(HANDLE Key, PCWSTR Name, ULONGLONG *Number)
{
    union {
        KEY_VALUE_PARTIAL_INFORMATION Information;
        UCHAR Room[sizeof(KEY_VALUE_PARTIAL_INFORMATION) + 16];
    } Value;
    UNICODE_STRING String;
    ULONG Length, Index;

    RtlInitUnicodeString(&String, Name);
    if (!NT_SUCCESS(ZwQueryValueKey(Key, &String, KeyValuePartialInformation, &Value, sizeof(Value), &Length)) ||
        Value.Information.DataLength == 0 || Value.Information.DataLength > sizeof(*Number)) {
        return FALSE;
    }
    *Number = 0;
    for (Index = 0; Index < Value.Information.DataLength; Index++) {
        *Number |= (ULONGLONG)Value.Information.Data[Index] << (8 * Index);
    }
    return TRUE;
}

void KernelReadPolicy(PNP_NODE *Node, DEVICE_POLICY *Policy)
{
    ULONGLONG Number;
    HANDLE Key;

    RtlZeroMemory(Policy, sizeof(*Policy));
    if (NT_SUCCESS(OpenBelow(Node, POLICY, KEY_READ, &Key))) {
        if (ReadNumber(Key, L"DevicePolicy", &Number)) {
            Policy->HasPolicy = TRUE;
            Policy->Policy = (ULONG)Number;
        }
        if (ReadNumber(Key, L"DevicePriority", &Number)) {
            Policy->Priority = (ULONG)Number;
        }
        if (ReadNumber(Key, L"GroupOverride", &Number)) {
            Policy->HasGroup = TRUE;
            Policy->Group = (ULONG)Number;
        }
        if (ReadNumber(Key, L"AssignmentSetOverride", &Number)) {
            Policy->HasMask = TRUE;
            Policy->Mask = (KAFFINITY)Number;
        }
        ZwClose(Key);
    }
    if (NT_SUCCESS(OpenBelow(Node, MESSAGES, KEY_READ, &Key))) {
        if (ReadNumber(Key, L"MSISupported", &Number)) {
            Policy->MessagesSupported = (ULONG)Number;
        }
        if (ReadNumber(Key, L"MessageNumberLimit", &Number)) {
            Policy->HasMessageLimit = TRUE;
            Policy->MessageLimit = (ULONG)Number;
        }
        ZwClose(Key);
    }
}

void KernelWriteTarget(PNP_NODE *Node, USHORT Group, KAFFINITY Mask)
{
    UNICODE_STRING Name;
    ULONG Number = Group;
    ULONGLONG Set = Mask;
    HANDLE Above, Key;

    if (!NT_SUCCESS(OpenBelow(Node, L"Interrupt Management", KEY_ALL_ACCESS, &Above))) {
        return;
    }
    ZwClose(Above);
    if (NT_SUCCESS(OpenBelow(Node, TARGET, KEY_ALL_ACCESS, &Key))) {
        RtlInitUnicodeString(&Name, L"TargetGroup");
        ZwSetValueKey(Key, &Name, 0, REG_DWORD, &Number, sizeof(Number));
        RtlInitUnicodeString(&Name, L"TargetSet");
        ZwSetValueKey(Key, &Name, 0, REG_QWORD, &Set, sizeof(Set));
        ZwClose(Key);
    }
}

/* What the INF of a real device would say: an interrupt of a PCI device may be a message. Nothing is overwritten. */
void SettingsInstall(PNP_NODE *Node)
{
    UNICODE_STRING Name;
    ULONG Supported = 1;
    ULONGLONG Before;
    HANDLE Above, Key;

    if (!DeviceIsPci(Node->Device) || !NT_SUCCESS(OpenBelow(Node, L"Interrupt Management", KEY_ALL_ACCESS, &Above))) {
        return;
    }
    ZwClose(Above);
    if (NT_SUCCESS(OpenBelow(Node, MESSAGES, KEY_ALL_ACCESS, &Key))) {
        if (!ReadNumber(Key, L"MSISupported", &Before)) {
            RtlInitUnicodeString(&Name, L"MSISupported");
            ZwSetValueKey(Key, &Name, 0, REG_DWORD, &Supported, sizeof(Supported));
        }
        ZwClose(Key);
    }
}

void SettingsReset(PNP_NODE *Node)
{
    static const PCWSTR Keys[] = { L"Irqscope", POLICY, TARGET, MESSAGES };
    ULONG Index;
    HANDLE Key;

    for (Index = 0; Index < sizeof(Keys) / sizeof(Keys[0]); Index++) {
        if (NT_SUCCESS(OpenBelow(Node, Keys[Index], DELETE, &Key))) {
            ZwDeleteKey(Key);
            ZwClose(Key);
        }
    }
    SettingsInstall(Node);
}

BOOLEAN KernelRegistryWord(KERNEL *Kernel, const char *Words, char *Answer, size_t AnswerSize)
{
    (void)Kernel;
    (void)Words;
    PlatformFormat(Answer, AnswerSize, "under Wine the registry is Wine's: use its own interface");
    return FALSE;
}
