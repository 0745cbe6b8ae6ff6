/* The registry as a driver sees it: Zw*Key and IoOpenDeviceRegistryKey. PASSIVE_LEVEL, all of it. */
#include "cm_tree.h"
#include "kernel.h"

#include <stddef.h>
#include <string.h>

#define PREFIX L"\\Registry"
#define TEXT_LENGTH(Text) (sizeof(Text) / sizeof(WCHAR) - 1)
#define GENERIC_READ_KEY 0x80000000u
#define GENERIC_WRITE_KEY 0x40000000u
#define GENERIC_ALL_KEY 0x10000000u
#define REGISTRY_IO_FAILED ((NTSTATUS)0xC000014D)

/* The two classes whose structures drivers rarely use and the header leaves out; the layouts are NT's. */
typedef struct VALUE_BASIC {
    ULONG TitleIndex, Type, NameLength;
    WCHAR Name[1];
} VALUE_BASIC;

typedef struct VALUE_FULL {
    ULONG TitleIndex, Type, DataOffset, DataLength, NameLength;
    WCHAR Name[1];
} VALUE_FULL;

static ACCESS_MASK MapAccess(ACCESS_MASK Access)
{
    if ((Access & GENERIC_READ_KEY) != 0) {
        Access |= KEY_READ;
    }
    if ((Access & GENERIC_WRITE_KEY) != 0) {
        Access |= KEY_WRITE;
    }
    if ((Access & GENERIC_ALL_KEY) != 0) {
        Access |= KEY_ALL_ACCESS;
    }
    return Access;
}

/* Takes over the caller's reference. Kernel handles are negative numbers, multiples of four. */
static NTSTATUS KeepHandle(KERNEL *Kernel, CM_KEY *Key, ACCESS_MASK Access, const char *Routine, PHANDLE Handle)
{
    for (ULONG Index = 0; Index < CM_HANDLES; Index++) {
        CM_HANDLE *Entry = &Kernel->Registry->Handles[Index];

        if (Entry->Key == NULL) {
            Entry->Key = Key;
            Entry->Access = MapAccess(Access);
            Entry->Routine = Routine;
            *Handle = (HANDLE)(LONG_PTR)(LONG)(0x80000000u | ((Index + 1) << 2));
            return STATUS_SUCCESS;
        }
    }
    CmClose(Key);
    return STATUS_INSUFFICIENT_RESOURCES;
}

static CM_HANDLE *FindHandle(KERNEL *Kernel, HANDLE Handle, const char *Routine)
{
    ULONG_PTR Number = (ULONG_PTR)(LONG_PTR)Handle & 0x7FFFFFFF;
    ULONG_PTR Index = (Number >> 2) - 1;

    if ((LONG_PTR)Handle >= 0 || (Number & 3) != 0 || Index >= CM_HANDLES ||
        Kernel->Registry->Handles[Index].Key == NULL) {
        PlatformStop(Routine, "0x%llx is no open handle", (ULONGLONG)(ULONG_PTR)Handle);
    }
    return &Kernel->Registry->Handles[Index];
}

/* What the object manager says of a full name outside of the registry, the only folder here: there is no such name, or no
 * such folder before it. */
static NTSTATUS NameUnknown(const WCHAR *Path, size_t Length)
{
    for (size_t Index = 1; Index < Length; Index++) {
        if (Path[Index] == L'\\') {
            return STATUS_OBJECT_PATH_NOT_FOUND;
        }
    }
    return STATUS_OBJECT_NAME_NOT_FOUND;
}

/* The key that the attributes start at, and what is left of the name. */
static NTSTATUS FindRoot(KERNEL *Kernel, const OBJECT_ATTRIBUTES *Attributes, const char *Routine, CM_KEY **Root,
                         const WCHAR **Path, size_t *Length)
{
    static const WCHAR Prefix[] = PREFIX;
    const UNICODE_STRING *Name = Attributes->ObjectName;

    if (Attributes->Length != sizeof(*Attributes) || Name == NULL || (Name->Length & 1) != 0) {
        return STATUS_INVALID_PARAMETER;
    }
    if ((Attributes->Attributes & OBJ_KERNEL_HANDLE) == 0) {
        PlatformStop(Routine, "without OBJ_KERNEL_HANDLE the handle belongs to whatever process is running");
    }
    *Path = Name->Buffer;
    *Length = Name->Length / sizeof(WCHAR);
    if (Attributes->RootDirectory != NULL) {
        *Root = FindHandle(Kernel, Attributes->RootDirectory, Routine)->Key;
        return *Length != 0 && (*Path)[0] == L'\\' ? STATUS_OBJECT_NAME_INVALID : STATUS_SUCCESS;
    }
    for (size_t Index = 0; Index < TEXT_LENGTH(PREFIX); Index++) {
        if (Index == *Length || TextUpper((*Path)[Index]) != TextUpper(Prefix[Index])) {
            return NameUnknown(*Path, *Length);
        }
    }
    *Root = CmRoot(Kernel->Registry);
    *Path += TEXT_LENGTH(PREFIX);
    *Length -= TEXT_LENGTH(PREFIX);
    return *Length != 0 && (*Path)[0] != L'\\' ? NameUnknown(*Path, *Length) : STATUS_SUCCESS;
}

NTSTATUS ZwOpenKey(PHANDLE KeyHandle, ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes)
{
    KERNEL *Kernel = KernelEnter("ZwOpenKey", PASSIVE_LEVEL);
    const WCHAR *Path;
    size_t Length;
    CM_KEY *Key;
    NTSTATUS Status;

    *KeyHandle = NULL;
    if (MachineFails(Kernel->Machine, "ZwOpenKey")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Status = FindRoot(Kernel, ObjectAttributes, "ZwOpenKey", &Key, &Path, &Length);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    if (CmDeleted(Key)) {
        return STATUS_KEY_DELETED;
    }
    Key = CmOpen(Key, Path, Length);
    if (Key == NULL) {
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    return KeepHandle(Kernel, Key, DesiredAccess, "ZwOpenKey", KeyHandle);
}

NTSTATUS ZwCreateKey(PHANDLE KeyHandle, ACCESS_MASK DesiredAccess, POBJECT_ATTRIBUTES ObjectAttributes,
                     ULONG TitleIndex, PUNICODE_STRING Class, ULONG CreateOptions, PULONG Disposition)
{
    KERNEL *Kernel = KernelEnter("ZwCreateKey", PASSIVE_LEVEL);
    const WCHAR *Path;
    size_t Length;
    size_t Last;
    CM_KEY *Root;
    CM_KEY *Parent;
    CM_KEY *Key;
    BOOLEAN Created;
    NTSTATUS Status;

    UNREFERENCED_PARAMETER(TitleIndex);
    UNREFERENCED_PARAMETER(Class);
    *KeyHandle = NULL;
    if (MachineFails(Kernel->Machine, "ZwCreateKey")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    if (CreateOptions != REG_OPTION_NON_VOLATILE) {
        PlatformStop("ZwCreateKey", "options 0x%x: the simulated registry has no volatile keys", CreateOptions);
    }
    Status = FindRoot(Kernel, ObjectAttributes, "ZwCreateKey", &Root, &Path, &Length);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    if (CmDeleted(Root)) {
        return STATUS_KEY_DELETED;
    }
    /* Only the last name is made; the keys above it have to be there. */
    for (Last = Length; Last != 0 && Path[Last - 1] != L'\\'; Last--) {
    }
    Parent = CmOpen(Root, Path, Last);
    if (Parent == NULL) {
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    Key = CmMake(Parent, Path + Last, Length - Last, &Created);
    CmClose(Parent);
    if (Key == NULL) {
        return REGISTRY_IO_FAILED;
    }
    if (Disposition != NULL) {
        *Disposition = Created ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY;
    }
    return KeepHandle(Kernel, Key, DesiredAccess, "ZwCreateKey", KeyHandle);
}

NTSTATUS ZwClose(HANDLE Handle)
{
    KERNEL *Kernel = KernelEnter("ZwClose", PASSIVE_LEVEL);
    CM_HANDLE *Entry = FindHandle(Kernel, Handle, "ZwClose");

    CmClose(Entry->Key);
    Entry->Key = NULL;
    return STATUS_SUCCESS;
}

/* Copies what fits of a structure whose first Fixed bytes must fit. */
static NTSTATUS CopyOut(const void *Whole, ULONG Fixed, ULONG Size, PVOID Buffer, ULONG Length, PULONG ResultLength)
{
    *ResultLength = Size;
    if (Length < Fixed) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    memcpy(Buffer, Whole, Length < Size ? Length : Size);
    return Length < Size ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

NTSTATUS ZwQueryValueKey(HANDLE KeyHandle, PUNICODE_STRING ValueName, KEY_VALUE_INFORMATION_CLASS InformationClass,
                         PVOID KeyValueInformation, ULONG Length, PULONG ResultLength)
{
    KERNEL *Kernel = KernelEnter("ZwQueryValueKey", PASSIVE_LEVEL);
    CM_HANDLE *Entry = FindHandle(Kernel, KeyHandle, "ZwQueryValueKey");
    const CM_VALUE *Value;
    ULONG NameBytes = 0;
    UCHAR *Whole;
    ULONG Fixed, Size;
    NTSTATUS Status;

    if ((Entry->Access & KEY_QUERY_VALUE) == 0) {
        return STATUS_ACCESS_DENIED;
    }
    if (CmDeleted(Entry->Key)) {
        return STATUS_KEY_DELETED;
    }
    Value = CmQuery(Entry->Key, ValueName->Buffer, ValueName->Length / sizeof(WCHAR));
    if (Value == NULL) {
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    while (Value->Name[NameBytes / sizeof(WCHAR)] != 0) {
        NameBytes += sizeof(WCHAR);
    }
    switch (InformationClass) {
    case KeyValueBasicInformation:
        Fixed = offsetof(VALUE_BASIC, Name);
        Size = Fixed + NameBytes;
        break;
    case KeyValueFullInformation:
        Fixed = offsetof(VALUE_FULL, Name);
        Size = Fixed + NameBytes + Value->Size;
        break;
    case KeyValuePartialInformation:
        Fixed = offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data);
        Size = Fixed + Value->Size;
        break;
    default:
        return STATUS_INVALID_PARAMETER;
    }
    Whole = PlatformAllocate(Size);
    if (InformationClass == KeyValueBasicInformation) {
        VALUE_BASIC *Basic = (VALUE_BASIC *)Whole;

        Basic->Type = Value->Type;
        Basic->NameLength = NameBytes;
        memcpy(Whole + Fixed, Value->Name, NameBytes);
    } else if (InformationClass == KeyValueFullInformation) {
        VALUE_FULL *Full = (VALUE_FULL *)Whole;

        Full->Type = Value->Type;
        Full->DataOffset = Fixed + NameBytes;
        Full->DataLength = Value->Size;
        Full->NameLength = NameBytes;
        memcpy(Whole + Fixed, Value->Name, NameBytes);
        memcpy(Whole + Fixed + NameBytes, Value->Data, Value->Size);
    } else {
        KEY_VALUE_PARTIAL_INFORMATION *Partial = (KEY_VALUE_PARTIAL_INFORMATION *)Whole;

        Partial->Type = Value->Type;
        Partial->DataLength = Value->Size;
        memcpy(Whole + Fixed, Value->Data, Value->Size);
    }
    Status = CopyOut(Whole, Fixed, Size, KeyValueInformation, Length, ResultLength);
    PlatformFree(Whole);
    return Status;
}

NTSTATUS ZwSetValueKey(HANDLE KeyHandle, PUNICODE_STRING ValueName, ULONG TitleIndex, ULONG Type, PVOID Data,
                       ULONG DataSize)
{
    KERNEL *Kernel = KernelEnter("ZwSetValueKey", PASSIVE_LEVEL);
    CM_HANDLE *Entry = FindHandle(Kernel, KeyHandle, "ZwSetValueKey");

    UNREFERENCED_PARAMETER(TitleIndex);
    if (MachineFails(Kernel->Machine, "ZwSetValueKey")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    if ((Entry->Access & KEY_SET_VALUE) == 0) {
        return STATUS_ACCESS_DENIED;
    }
    if (CmDeleted(Entry->Key)) {
        return STATUS_KEY_DELETED;
    }
    return CmSet(Entry->Key, ValueName->Buffer, ValueName->Length / sizeof(WCHAR), Type, Data, DataSize)
               ? STATUS_SUCCESS : REGISTRY_IO_FAILED;
}

NTSTATUS ZwDeleteValueKey(HANDLE KeyHandle, PUNICODE_STRING ValueName)
{
    KERNEL *Kernel = KernelEnter("ZwDeleteValueKey", PASSIVE_LEVEL);
    CM_HANDLE *Entry = FindHandle(Kernel, KeyHandle, "ZwDeleteValueKey");
    size_t Length = ValueName->Length / sizeof(WCHAR);

    if ((Entry->Access & KEY_SET_VALUE) == 0) {
        return STATUS_ACCESS_DENIED;
    }
    if (CmDeleted(Entry->Key)) {
        return STATUS_KEY_DELETED;
    }
    if (CmQuery(Entry->Key, ValueName->Buffer, Length) == NULL) {
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    return CmDeleteValue(Entry->Key, ValueName->Buffer, Length) ? STATUS_SUCCESS : REGISTRY_IO_FAILED;
}

NTSTATUS IoOpenDeviceRegistryKey(PDEVICE_OBJECT DeviceObject, ULONG DevInstKeyType, ACCESS_MASK DesiredAccess,
                                 PHANDLE DeviceRegKey)
{
    KERNEL *Kernel = KernelEnter("IoOpenDeviceRegistryKey", PASSIVE_LEVEL);
    DEVICE *Device = DeviceOfPdo(Kernel->Machine, DeviceObject);
    CM_KEY *Key;

    *DeviceRegKey = NULL;
    if (MachineFails(Kernel->Machine, "IoOpenDeviceRegistryKey")) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    if (Device == NULL) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (DevInstKeyType != PLUGPLAY_REGKEY_DEVICE) {
        PlatformStop("IoOpenDeviceRegistryKey", "type %u: the simulated registry keeps hardware keys only",
                     DevInstKeyType);
    }
    Key = CmDeviceKey(Kernel->Registry, DeviceInstance(Device));
    if (Key == NULL) {
        return REGISTRY_IO_FAILED;
    }
    return KeepHandle(Kernel, Key, DesiredAccess, "IoOpenDeviceRegistryKey", DeviceRegKey);
}
