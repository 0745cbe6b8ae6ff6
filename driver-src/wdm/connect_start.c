/*
 * The value ConnectAtStart, the device's own or the service's for all of them: what the documented rule wants, a
 * connect inside START, owned by the device and readable by every reader.
 */
#include "driver.h"

_Success_(return != FALSE)
_IRQL_requires_max_(PASSIVE_LEVEL)
static BOOLEAN ConnectAtStartOfDevice(_In_ IRQSCOPE_DEVICE *Device, _Out_ BOOLEAN *Wanted);
_IRQL_requires_max_(PASSIVE_LEVEL)
static BOOLEAN ConnectAtStartOfService(_In_ const IRQSCOPE_DRIVER *Driver);

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, ConnectAtStartOfDevice)
#pragma alloc_text(PAGE, ConnectAtStartOfService)
#pragma alloc_text(PAGE, ConnectAtStart)
#endif

/* FALSE: the device has no such value. */
_Use_decl_annotations_
static BOOLEAN ConnectAtStartOfDevice(IRQSCOPE_DEVICE *Device, BOOLEAN *Wanted)
{
    ULONGLONG Value = 0;
    BOOLEAN Found;
    HANDLE Key;

    PAGED_CODE();

    if (!NT_SUCCESS(FilterOpenSettings(Device, &Key))) {
        return FALSE;
    }
    Found = FilterReadValue(Key, L"ConnectAtStart", &Value);
    (VOID)ZwClose(Key);
    *Wanted = Value == 1;
    return Found;
}

_Use_decl_annotations_
static BOOLEAN ConnectAtStartOfService(const IRQSCOPE_DRIVER *Driver)
{
    UNICODE_STRING Path = Driver->RegistryPath;
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    ULONGLONG Value = 0;
    HANDLE Service;
    HANDLE Key;
    NTSTATUS Status;

    PAGED_CODE();

    if (Path.Buffer == NULL) {
        return FALSE;
    }
    InitializeObjectAttributes(&Attributes, &Path, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    if (!NT_SUCCESS(ZwOpenKey(&Service, KEY_READ, &Attributes))) {
        return FALSE;
    }
    RtlInitUnicodeString(&Name, L"Parameters");
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, Service, NULL);
    Status = ZwOpenKey(&Key, KEY_READ, &Attributes);
    (VOID)ZwClose(Service);
    if (!NT_SUCCESS(Status)) {
        return FALSE;
    }
    (VOID)FilterReadValue(Key, L"ConnectAtStart", &Value);
    (VOID)ZwClose(Key);
    return Value == 1;
}

/* All messages at once, or each line by itself. What cannot be connected is left for a client, who is told why. */
_Use_decl_annotations_
VOID ConnectAtStart(IRQSCOPE_DEVICE *Device)
{
    const ROUTINES *Routines = &Device->Driver->Routines;
    IRQSCOPE_CONNECT_REQUEST Request;
    IRQSCOPE_CONNECT_REPLY Reply;
    BOOLEAN Wanted;
    ULONG Index;

    PAGED_CODE();

    if (Device->ResourceCount == 0) {
        return;
    }
    if (!ConnectAtStartOfDevice(Device, &Wanted)) {
        Wanted = ConnectAtStartOfService(Device->Driver);
    }
    if (!Wanted) {
        return;
    }
    RtlZeroMemory(&Request, sizeof(Request));
    if (ResourcesMessages(Device) != 0) {
        Request.Way = IRQSCOPE_WAY_MESSAGE_BASED;
        (VOID)ConnectMake(Device, NULL, &Request, &Reply);
        return;
    }
    Request.Way = Routines->ConnectInterruptEx != NULL && Routines->QueryActiveGroups != NULL
                      ? IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP
                      : IRQSCOPE_WAY_FULLY_SPECIFIED;
    Request.Kind = IRQSCOPE_KIND_LINE;
    for (Index = 0; Index < Device->ResourceCount; Index++) {
        Request.Number = Device->Resources[Index].Number;
        (VOID)ConnectMake(Device, NULL, &Request, &Reply);
    }
}
