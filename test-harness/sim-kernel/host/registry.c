/*
 * Reg*: the registry of one machine, through handles that SetupDiOpenDevRegKey or these calls returned. Like Windows'
 * they return the error instead of leaving it as the last one. HKEY_LOCAL_MACHINE means the machine of a process that
 * has only one.
 */
#include "registry.h"

#include <stdlib.h>
#include <string.h>

#define LOCAL_MACHINE 0x80000002u
#define MAXIMUM_ALLOWED_KEY 0x02000000u
#define DELETE_KEY 0x00010000u
#define ERROR_BAD_KEY 1010
#define ERROR_REGISTRY_FAILED 1016
#define TEXT_LENGTH(Text) (sizeof(Text) / sizeof(WCHAR) - 1)

typedef struct HOST_KEY {
    CM_KEY *Key;
    uint32_t Access;
} HOST_KEY;

/* One call of one of these: what it was given, and what its inner part, run in the machine, answers. */
typedef struct KEY_CALL {
    KERNEL *Kernel;
    HANDLE_ENTRY *Entry;                /* of the key; NULL: HKEY_LOCAL_MACHINE */
    CM_KEY *Key;
    uint32_t Access;                    /* of the key */
    const WCHAR *Name;
    uint32_t Index;
    uint32_t Type;
    const void *In;
    void *Out;
    uint32_t *Size;
    WCHAR *NameOut;
    uint32_t *NameSize;
    CM_KEY *Result;
    BOOLEAN Created;
    uint32_t Error;
} KEY_CALL;

KERNEL *HostOnlyMachine(void)
{
    KERNEL *Only = HostMachineNext(NULL);
    KERNEL *Other = Only == NULL ? NULL : HostMachineNext(Only);    /* which has released the first */

    if (Other != NULL) {
        HostMachineRelease(Other);
        return NULL;
    }
    return Only == NULL ? NULL : HostMachineNext(NULL);
}

static size_t NameLength(const WCHAR *Name)
{
    size_t Length = 0;

    while (Name != NULL && Name[Length] != 0) {
        Length++;
    }
    return Length;
}

static uint32_t MapAccess(uint32_t Access)
{
    /* GENERIC_READ, _WRITE, _ALL */
    if ((Access & 0x80000000u) != 0) {
        Access |= KEY_READ;
    }
    if ((Access & 0x40000000u) != 0) {
        Access |= KEY_WRITE;
    }
    if ((Access & (0x10000000u | MAXIMUM_ALLOWED_KEY)) != 0) {
        Access |= KEY_ALL_ACCESS;
    }
    return Access;
}

static void CloseInside(void *Context)
{
    CmClose(Context);
}

static void DeleteKeyHandle(HANDLE_ENTRY *Entry)
{
    HOST_KEY *Host = Entry->Object;

    KernelLook(Entry->Kernel, CloseInside, Host->Key);
    free(Host);
}

SIM_HANDLE RegistryHandle(KERNEL *Kernel, CM_KEY *Key, uint32_t Access)
{
    HOST_KEY *Host = calloc(1, sizeof(*Host));
    SIM_HANDLE Handle = SIM_INVALID_HANDLE;

    if (Host != NULL) {
        Host->Key = Key;
        Host->Access = MapAccess(Access);
        Handle = HandleCreate(HANDLE_KEY, Kernel, Host, DeleteKeyHandle);
    }
    if (Handle == SIM_INVALID_HANDLE) {
        free(Host);
        KernelLook(Kernel, CloseInside, Key);
        LastErrorSet(WIN32_NOT_ENOUGH_MEMORY);
    }
    return Handle;
}

/* Finds the key that the call is about; FALSE: Error is set. Must be ended with CallEnd otherwise. */
static BOOLEAN CallBegin(KEY_CALL *Call, SIM_HANDLE Key)
{
    HOST_KEY *Host;

    if ((uint32_t)Key == LOCAL_MACHINE) {
        Call->Kernel = HostOnlyMachine();
        Call->Access = KEY_ALL_ACCESS;
        Call->Error = Call->Kernel == NULL ? ERROR_BAD_KEY : 0;
        return Call->Kernel != NULL;
    }
    Call->Entry = HandleFind(Key, HANDLE_KEY);
    if (Call->Entry == NULL) {
        Call->Error = WIN32_INVALID_HANDLE;
        return FALSE;
    }
    Host = Call->Entry->Object;
    Call->Kernel = Call->Entry->Kernel;
    Call->Key = Host->Key;
    Call->Access = Host->Access;
    return TRUE;
}

static void CallEnd(KEY_CALL *Call)
{
    if (Call->Entry != NULL) {
        HandleRelease(Call->Entry);
    } else {
        HostMachineRelease(Call->Kernel);
    }
}

/* Runs the inner part when the key allows what it needs. */
static uint32_t CallRun(KEY_CALL *Call, SIM_HANDLE Key, uint32_t Needs, void (*Inside)(void *Context))
{
    if (!CallBegin(Call, Key)) {
        return Call->Error;
    }
    if ((Call->Access & Needs) != Needs) {
        Call->Error = WIN32_ACCESS_DENIED;
    } else {
        KernelLook(Call->Kernel, Inside, Call);
    }
    return Call->Error;
}

/* In the machine: the key itself, a reference of the caller's. FALSE: it was deleted. */
static BOOLEAN TakeKey(KEY_CALL *Call)
{
    static const WCHAR Machine[] = L"Machine";

    if (Call->Key == NULL) {
        Call->Key = CmOpen(CmRoot(Call->Kernel->Registry), Machine, TEXT_LENGTH(L"Machine"));
        if (Call->Key == NULL) {
            Call->Error = WIN32_FILE_NOT_FOUND;
            return FALSE;
        }
        return TRUE;
    }
    if (CmDeleted(Call->Key)) {
        Call->Error = WIN32_KEY_DELETED;
        return FALSE;
    }
    CmReference(Call->Key);
    return TRUE;
}

/* Copies a value's bytes out by the rules of RegQueryValueEx: without a buffer only the size is told. */
static uint32_t CopyData(const CM_VALUE *Value, void *Out, uint32_t *Size)
{
    uint32_t Error = 0;

    if (Out != NULL) {
        if (*Size < Value->Size) {
            Error = WIN32_MORE_DATA;
        } else {
            memcpy(Out, Value->Data, Value->Size);
        }
    }
    if (Size != NULL) {
        *Size = Value->Size;
    }
    return Error;
}

/* Copies a name out; the size is in characters, with the 0 on the way in and without it on the way out. */
static uint32_t CopyName(const WCHAR *Name, WCHAR *Out, uint32_t *Size)
{
    size_t Length = NameLength(Name);

    if (*Size <= Length) {
        return WIN32_MORE_DATA;
    }
    memcpy(Out, Name, (Length + 1) * sizeof(WCHAR));
    *Size = (uint32_t)Length;
    return 0;
}

static void OpenInside(void *Context)
{
    KEY_CALL *Call = Context;

    if (TakeKey(Call)) {
        Call->Result = CmOpen(Call->Key, Call->Name, NameLength(Call->Name));
        Call->Error = Call->Result == NULL ? WIN32_FILE_NOT_FOUND : 0;
        CmClose(Call->Key);
    }
}

int32_t RegOpenKeyExW(SIM_HANDLE Key, const uint16_t *SubKey, uint32_t Options, uint32_t Access, SIM_HANDLE *Result)
{
    KEY_CALL Call = { .Name = (const WCHAR *)SubKey };
    uint32_t Error;

    if (Result == NULL || Options != 0) {
        return WIN32_INVALID_PARAMETER;
    }
    *Result = 0;
    Error = CallRun(&Call, Key, 0, OpenInside);
    if (Error == 0) {
        *Result = RegistryHandle(Call.Kernel, Call.Result, Access);
        if (*Result == SIM_INVALID_HANDLE) {
            *Result = 0;
            Error = WIN32_NOT_ENOUGH_MEMORY;
        }
    }
    if (Call.Kernel != NULL) {
        CallEnd(&Call);
    }
    return (int32_t)Error;
}

static void CreateInside(void *Context)
{
    KEY_CALL *Call = Context;

    if (!TakeKey(Call)) {
        return;
    }
    Call->Result = CmOpen(Call->Key, Call->Name, NameLength(Call->Name));
    if (Call->Result == NULL && (Call->Access & KEY_CREATE_SUB_KEY) == 0) {
        Call->Error = WIN32_ACCESS_DENIED;
    } else if (Call->Result == NULL) {
        Call->Result = CmMake(Call->Key, Call->Name, NameLength(Call->Name), &Call->Created);
        Call->Error = Call->Result == NULL ? ERROR_REGISTRY_FAILED : 0;
    }
    CmClose(Call->Key);
}

int32_t RegCreateKeyExW(SIM_HANDLE Key, const uint16_t *SubKey, uint32_t Reserved, const uint16_t *Class,
                        uint32_t Options, uint32_t Access, void *Security, SIM_HANDLE *Result, uint32_t *Disposition)
{
    KEY_CALL Call = { .Name = (const WCHAR *)SubKey };
    uint32_t Error;

    (void)Class;
    (void)Security;
    if (Result == NULL || Reserved != 0 || Options != REG_OPTION_NON_VOLATILE || SubKey == NULL) {
        return WIN32_INVALID_PARAMETER;
    }
    *Result = 0;
    Error = CallRun(&Call, Key, 0, CreateInside);
    if (Error == 0) {
        *Result = RegistryHandle(Call.Kernel, Call.Result, Access);
        if (*Result == SIM_INVALID_HANDLE) {
            *Result = 0;
            Error = WIN32_NOT_ENOUGH_MEMORY;
        } else if (Disposition != NULL) {
            *Disposition = Call.Created ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY;
        }
    }
    if (Call.Kernel != NULL) {
        CallEnd(&Call);
    }
    return (int32_t)Error;
}

static uint32_t CallWhole(KEY_CALL *Call, SIM_HANDLE Key, uint32_t Needs, void (*Inside)(void *Context))
{
    uint32_t Error = CallRun(Call, Key, Needs, Inside);

    if (Call->Kernel != NULL) {
        CallEnd(Call);
    }
    return Error;
}

static void QueryInside(void *Context)
{
    KEY_CALL *Call = Context;
    const CM_VALUE *Value;

    if (!TakeKey(Call)) {
        return;
    }
    Value = CmQuery(Call->Key, Call->Name, NameLength(Call->Name));
    if (Value == NULL) {
        Call->Error = WIN32_FILE_NOT_FOUND;
    } else {
        Call->Type = Value->Type;
        Call->Error = CopyData(Value, Call->Out, Call->Size);
    }
    CmClose(Call->Key);
}

int32_t RegQueryValueExW(SIM_HANDLE Key, const uint16_t *Name, uint32_t *Reserved, uint32_t *Type, void *Data,
                         uint32_t *Size)
{
    KEY_CALL Call = { .Name = (const WCHAR *)Name, .Out = Data, .Size = Size };
    uint32_t Error;

    if (Reserved != NULL || (Data != NULL && Size == NULL)) {
        return WIN32_INVALID_PARAMETER;
    }
    Error = CallWhole(&Call, Key, KEY_QUERY_VALUE, QueryInside);
    if (Type != NULL && (Error == 0 || Error == WIN32_MORE_DATA)) {
        *Type = Call.Type;
    }
    return (int32_t)Error;
}

static void SetInside(void *Context)
{
    KEY_CALL *Call = Context;

    if (TakeKey(Call)) {
        if (!CmSet(Call->Key, Call->Name, NameLength(Call->Name), Call->Type, Call->In, *Call->Size)) {
            Call->Error = ERROR_REGISTRY_FAILED;
        }
        CmClose(Call->Key);
    }
}

int32_t RegSetValueExW(SIM_HANDLE Key, const uint16_t *Name, uint32_t Reserved, uint32_t Type, const void *Data,
                       uint32_t Size)
{
    KEY_CALL Call = { .Name = (const WCHAR *)Name, .Type = Type, .In = Data, .Size = &Size };

    if (Reserved != 0 || (Data == NULL && Size != 0)) {
        return WIN32_INVALID_PARAMETER;
    }
    return (int32_t)CallWhole(&Call, Key, KEY_SET_VALUE, SetInside);
}

static void DeleteValueInside(void *Context)
{
    KEY_CALL *Call = Context;

    if (!TakeKey(Call)) {
        return;
    }
    if (CmQuery(Call->Key, Call->Name, NameLength(Call->Name)) == NULL) {
        Call->Error = WIN32_FILE_NOT_FOUND;
    } else if (!CmDeleteValue(Call->Key, Call->Name, NameLength(Call->Name))) {
        Call->Error = ERROR_REGISTRY_FAILED;
    }
    CmClose(Call->Key);
}

int32_t RegDeleteValueW(SIM_HANDLE Key, const uint16_t *Name)
{
    KEY_CALL Call = { .Name = (const WCHAR *)Name };

    return (int32_t)CallWhole(&Call, Key, KEY_SET_VALUE, DeleteValueInside);
}

static void EnumValueInside(void *Context)
{
    KEY_CALL *Call = Context;
    const CM_VALUE *Value;

    if (!TakeKey(Call)) {
        return;
    }
    Value = CmValue(Call->Key, Call->Index);
    if (Value == NULL) {
        Call->Error = WIN32_NO_MORE_ITEMS;
    } else {
        Call->Type = Value->Type;
        Call->Error = CopyName(Value->Name, Call->NameOut, Call->NameSize);
        if (Call->Error == 0 && (Call->Out != NULL || Call->Size != NULL)) {
            Call->Error = CopyData(Value, Call->Out, Call->Size);
        }
    }
    CmClose(Call->Key);
}

int32_t RegEnumValueW(SIM_HANDLE Key, uint32_t Index, uint16_t *Name, uint32_t *NameSize, uint32_t *Reserved,
                      uint32_t *Type, void *Data, uint32_t *Size)
{
    KEY_CALL Call = {
        .Index = Index, .NameOut = (WCHAR *)Name, .NameSize = NameSize, .Out = Data, .Size = Size,
    };
    uint32_t Error;

    if (Reserved != NULL || Name == NULL || NameSize == NULL || (Data != NULL && Size == NULL)) {
        return WIN32_INVALID_PARAMETER;
    }
    Error = CallWhole(&Call, Key, KEY_QUERY_VALUE, EnumValueInside);
    if (Type != NULL && (Error == 0 || Error == WIN32_MORE_DATA)) {
        *Type = Call.Type;
    }
    return (int32_t)Error;
}

static void EnumKeyInside(void *Context)
{
    KEY_CALL *Call = Context;
    CM_KEY *SubKey;

    if (!TakeKey(Call)) {
        return;
    }
    SubKey = CmSubKey(Call->Key, Call->Index);
    Call->Error = SubKey == NULL ? WIN32_NO_MORE_ITEMS : CopyName(CmName(SubKey), Call->NameOut, Call->NameSize);
    CmClose(Call->Key);
}

int32_t RegEnumKeyExW(SIM_HANDLE Key, uint32_t Index, uint16_t *Name, uint32_t *NameSize, uint32_t *Reserved,
                      uint16_t *Class, uint32_t *ClassSize, void *LastWrite)
{
    KEY_CALL Call = { .Index = Index, .NameOut = (WCHAR *)Name, .NameSize = NameSize };
    uint32_t Error;

    if (Reserved != NULL || Name == NULL || NameSize == NULL || (Class != NULL && ClassSize == NULL)) {
        return WIN32_INVALID_PARAMETER;
    }
    Error = CallWhole(&Call, Key, KEY_ENUMERATE_SUB_KEYS, EnumKeyInside);
    if (Error == 0) {
        if (Class != NULL && *ClassSize != 0) {
            Class[0] = 0;               /* keys here have no class, and no time of their last change */
        }
        if (ClassSize != NULL) {
            *ClassSize = 0;
        }
        if (LastWrite != NULL) {
            memset(LastWrite, 0, 8);
        }
    }
    return (int32_t)Error;
}

static void DeleteTreeInside(void *Context)
{
    KEY_CALL *Call = Context;

    if (!TakeKey(Call)) {
        return;
    }
    if (Call->Name != NULL && Call->Name[0] != 0) {
        CM_KEY *SubKey = CmOpen(Call->Key, Call->Name, NameLength(Call->Name));

        if (SubKey == NULL) {
            Call->Error = WIN32_FILE_NOT_FOUND;
        } else {
            Call->Error = CmDeleteTree(SubKey) ? 0 : ERROR_REGISTRY_FAILED;
            CmClose(SubKey);
        }
    } else {
        /* What is in the key goes, the key itself stays. */
        CM_KEY *SubKey;
        const CM_VALUE *Value;

        while (Call->Error == 0 && (SubKey = CmSubKey(Call->Key, 0)) != NULL) {
            Call->Error = CmDeleteTree(SubKey) ? 0 : ERROR_REGISTRY_FAILED;
        }
        while (Call->Error == 0 && (Value = CmValue(Call->Key, 0)) != NULL) {
            Call->Error = CmDeleteValue(Call->Key, Value->Name, NameLength(Value->Name)) ? 0 : ERROR_REGISTRY_FAILED;
        }
    }
    CmClose(Call->Key);
}

int32_t RegDeleteTreeW(SIM_HANDLE Key, const uint16_t *SubKey)
{
    KEY_CALL Call = { .Name = (const WCHAR *)SubKey };

    return (int32_t)CallWhole(&Call, Key, DELETE_KEY | KEY_ENUMERATE_SUB_KEYS | KEY_QUERY_VALUE, DeleteTreeInside);
}

int32_t RegCloseKey(SIM_HANDLE Key)
{
    if ((uint32_t)Key == LOCAL_MACHINE) {
        return 0;
    }
    return HandleClose(Key, HANDLE_KEY) ? 0 : WIN32_INVALID_HANDLE;
}
