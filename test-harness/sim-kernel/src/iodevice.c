/*
 * Io: drivers, device objects and their stacks.
 *
 *   IoCreateDevice --> alone --IoAttachDeviceToDeviceStack--> in a stack --IoDetachDevice--> alone --IoDeleteDevice-->
 *   deleted --the last reference--> (memory freed)
 */
#include "kernel.h"

/* What the I/O manager keeps beside a device object; DEVICE_OBJECT.DeviceObjectExtension points here. */
typedef struct DEVICE_STATE {
    struct DEVICE_STATE *Next;
    DEVICE_OBJECT *Object;
    SIZE_T Size;                        /* of the object with the driver's extension */
    PDEVICE_OBJECT Below;               /* what it is attached to */
    PDEVICE_OBJECT Pdo;                 /* at the bottom of the stack that it is, or was, in; NULL: of none */
    LONG References;
    BOOLEAN Deleted;
} DEVICE_STATE;

typedef struct CLIENT_EXTENSION {
    struct CLIENT_EXTENSION *Next;
    PVOID Id;
    DECLSPEC_ALIGN(16) UCHAR Data[];
} CLIENT_EXTENSION;

/* The driver object, what it points to, and what the driver hung on it. */
typedef struct DRIVER_STATE {
    DRIVER_OBJECT Object;
    DRIVER_EXTENSION Extension;
    CLIENT_EXTENSION *Clients;
    WCHAR Name[40];
    WCHAR Service[24];
} DRIVER_STATE;

/* ---- Drivers ----------------------------------------------------------------------------------------------------- */

static NTSTATUS InvalidRequest(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    Irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_INVALID_DEVICE_REQUEST;
}

static USHORT TextCopy(WCHAR *Target, const WCHAR *Source)
{
    USHORT Length = 0;

    while ((Target[Length] = Source[Length]) != 0) {
        Length++;
    }
    return (USHORT)(Length * sizeof(WCHAR));
}

PDRIVER_OBJECT DriverCreate(KERNEL *Kernel, const WCHAR *Name)
{
    static const WCHAR Folder[] = L"\\Driver\\";
    DRIVER_STATE *State = PlatformAllocate(sizeof(*State));
    ULONG Major;

    UNREFERENCED_PARAMETER(Kernel);
    State->Object.Type = IO_TYPE_DRIVER;
    State->Object.Size = sizeof(State->Object);
    State->Object.DriverExtension = &State->Extension;
    State->Extension.DriverObject = &State->Object;
    State->Object.DriverName.Buffer = State->Name;
    State->Object.DriverName.Length = TextCopy(State->Name, Folder);
    State->Object.DriverName.Length = (USHORT)(State->Object.DriverName.Length +
        TextCopy(State->Name + State->Object.DriverName.Length / sizeof(WCHAR), Name));
    State->Object.DriverName.MaximumLength = sizeof(State->Name);
    State->Extension.ServiceKeyName.Buffer = State->Service;
    State->Extension.ServiceKeyName.Length = TextCopy(State->Service, Name);
    State->Extension.ServiceKeyName.MaximumLength = sizeof(State->Service);
    for (Major = 0; Major <= IRP_MJ_MAXIMUM_FUNCTION; Major++) {
        State->Object.MajorFunction[Major] = InvalidRequest;
    }
    return &State->Object;
}

NTSTATUS IoAllocateDriverObjectExtension(PDRIVER_OBJECT DriverObject, PVOID ClientIdentificationAddress,
                                         ULONG DriverObjectExtensionSize, PVOID *DriverObjectExtension)
{
    static const char Routine[] = "IoAllocateDriverObjectExtension";
    KERNEL *Kernel = KernelEnter(Routine, APC_LEVEL);
    DRIVER_STATE *State = CONTAINING_RECORD(DriverObject, DRIVER_STATE, Object);
    CLIENT_EXTENSION *Client;

    *DriverObjectExtension = NULL;
    for (Client = State->Clients; Client != NULL; Client = Client->Next) {
        if (Client->Id == ClientIdentificationAddress) {
            return STATUS_OBJECT_NAME_COLLISION;
        }
    }
    if (MachineFails(Kernel->Machine, Routine)) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Client = PlatformAllocate(sizeof(*Client) + DriverObjectExtensionSize);
    Client->Id = ClientIdentificationAddress;
    Client->Next = State->Clients;
    State->Clients = Client;
    *DriverObjectExtension = Client->Data;
    return STATUS_SUCCESS;
}

PVOID IoGetDriverObjectExtension(PDRIVER_OBJECT DriverObject, PVOID ClientIdentificationAddress)
{
    DRIVER_STATE *State = CONTAINING_RECORD(DriverObject, DRIVER_STATE, Object);
    CLIENT_EXTENSION *Client = State->Clients;

    KernelEnter("IoGetDriverObjectExtension", DISPATCH_LEVEL);
    while (Client != NULL && Client->Id != ClientIdentificationAddress) {
        Client = Client->Next;
    }
    return Client == NULL ? NULL : Client->Data;
}

/* ---- Device objects ---------------------------------------------------------------------------------------------- */

static DEVICE_STATE *StateOf(PDEVICE_OBJECT Device)
{
    return (DEVICE_STATE *)Device->DeviceObjectExtension;
}

BOOLEAN DeviceObjectIs(KERNEL *Kernel, const void *Pointer)
{
    const DEVICE_STATE *State;

    for (State = Kernel->DeviceStates; State != NULL; State = State->Next) {
        if (State->Object == Pointer) {
            return TRUE;
        }
    }
    return FALSE;
}

static void NeedsDevice(KERNEL *Kernel, PDEVICE_OBJECT Device, const char *Routine)
{
    if (!DeviceObjectIs(Kernel, Device)) {
        PlatformStop(Routine, "not a device object, or deleted long ago");
    }
    if (StateOf(Device)->Deleted) {
        PlatformStop(Routine, "the device object was deleted");
    }
}

static PDEVICE_OBJECT ObjectCreate(KERNEL *Kernel, PDRIVER_OBJECT Driver, ULONG ExtensionSize, DEVICE_TYPE Type,
                                   ULONG Characteristics)
{
    DEVICE_STATE *State = PlatformAllocate(sizeof(*State));
    SIZE_T Offset = ALIGN_UP_BY(sizeof(DEVICE_OBJECT), MEMORY_ALLOCATION_ALIGNMENT);
    PDEVICE_OBJECT Device;

    State->Size = Offset + ExtensionSize;
    State->Object = Device = PlatformAllocate(State->Size);
    State->References = 1;
    State->Next = Kernel->DeviceStates;
    Kernel->DeviceStates = State;
    Device->Type = IO_TYPE_DEVICE;
    Device->Size = (USHORT)(sizeof(*Device) + ExtensionSize);
    Device->DriverObject = Driver;
    Device->Flags = DO_DEVICE_INITIALIZING;
    Device->Characteristics = Characteristics;
    Device->DeviceType = Type;
    Device->DeviceExtension = ExtensionSize == 0 ? NULL : (PUCHAR)Device + Offset;
    Device->StackSize = 1;
    Device->DeviceObjectExtension = (struct _DEVOBJ_EXTENSION *)State;
    Device->NextDevice = Driver->DeviceObject;
    Driver->DeviceObject = Device;
    return Device;
}

NTSTATUS IoCreateDevice(PDRIVER_OBJECT DriverObject, ULONG DeviceExtensionSize, PUNICODE_STRING DeviceName,
                        DEVICE_TYPE DeviceType, ULONG DeviceCharacteristics, BOOLEAN Exclusive,
                        PDEVICE_OBJECT *DeviceObject)
{
    static const char Routine[] = "IoCreateDevice";
    KERNEL *Kernel = KernelEnter(Routine, APC_LEVEL);

    *DeviceObject = NULL;
    if (DeviceName != NULL) {
        PlatformStop(Routine, "a named device, which a function driver with a device interface must not have");
    }
    if (MachineFails(Kernel->Machine, Routine)) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *DeviceObject = ObjectCreate(Kernel, DriverObject, DeviceExtensionSize, DeviceType, DeviceCharacteristics);
    if (Exclusive) {
        (*DeviceObject)->Flags |= DO_EXCLUSIVE;
    }
    return STATUS_SUCCESS;
}

PDEVICE_OBJECT BusDeviceCreate(KERNEL *Kernel, PDRIVER_OBJECT Bus, PNP_NODE *Node)
{
    PDEVICE_OBJECT Device = ObjectCreate(Kernel, Bus, sizeof(Node), FILE_DEVICE_UNKNOWN,
                                         FILE_AUTOGENERATED_DEVICE_NAME);

    *(PNP_NODE **)Device->DeviceExtension = Node;
    Device->Flags = (Device->Flags & ~DO_DEVICE_INITIALIZING) | DO_BUS_ENUMERATED_DEVICE;
    return Device;
}

VOID IoDeleteDevice(PDEVICE_OBJECT DeviceObject)
{
    static const char Routine[] = "IoDeleteDevice";
    KERNEL *Kernel = KernelEnter(Routine, APC_LEVEL);
    PDEVICE_OBJECT *Place;

    NeedsDevice(Kernel, DeviceObject, Routine);
    if (DeviceObject->AttachedDevice != NULL) {
        PlatformStop(Routine, "another device is still attached to this one");
    }
    if (StateOf(DeviceObject)->Below != NULL) {
        PlatformStop(Routine, "the device is still attached to the one below; IoDetachDevice comes first");
    }
    if (StateOf(DeviceObject)->Pdo != NULL &&
        InterruptConnections(Kernel->Machine, StateOf(DeviceObject)->Pdo) != 0) {
        PlatformStop(Routine, "the driver left %u connections of the device's interrupts; each is disconnected first",
                     InterruptConnections(Kernel->Machine, StateOf(DeviceObject)->Pdo));
    }
    KernelForget(Kernel, DeviceObject, StateOf(DeviceObject)->Size, Routine);
    for (Place = &DeviceObject->DriverObject->DeviceObject; *Place != DeviceObject; Place = &(*Place)->NextDevice) {
    }
    *Place = DeviceObject->NextDevice;
    StateOf(DeviceObject)->Deleted = TRUE;
    DeviceObjectDereference(DeviceObject);
}

void DeviceObjectReference(PDEVICE_OBJECT Device)
{
    StateOf(Device)->References++;
}

void DeviceObjectDereference(PDEVICE_OBJECT Device)
{
    KERNEL *Kernel = KernelCurrent();
    DEVICE_STATE *State = StateOf(Device);
    DEVICE_STATE **Place = &Kernel->DeviceStates;

    if (--State->References != 0) {
        return;
    }
    while (*Place != State) {
        Place = &(*Place)->Next;
    }
    *Place = State->Next;
    PlatformFree(Device);
    PlatformFree(State);
}

PDEVICE_OBJECT DeviceTop(PDEVICE_OBJECT Device)
{
    while (Device->AttachedDevice != NULL) {
        Device = Device->AttachedDevice;
    }
    return Device;
}

PDEVICE_OBJECT DeviceBottom(PDEVICE_OBJECT Device)
{
    while (StateOf(Device)->Below != NULL) {
        Device = StateOf(Device)->Below;
    }
    return Device;
}

PDEVICE_OBJECT IoAttachDeviceToDeviceStack(PDEVICE_OBJECT SourceDevice, PDEVICE_OBJECT TargetDevice)
{
    static const char Routine[] = "IoAttachDeviceToDeviceStack";
    KERNEL *Kernel = KernelEnter(Routine, DISPATCH_LEVEL);
    PDEVICE_OBJECT Top;

    NeedsDevice(Kernel, SourceDevice, Routine);
    NeedsDevice(Kernel, TargetDevice, Routine);
    if (StateOf(SourceDevice)->Below != NULL) {
        PlatformStop(Routine, "the device is attached already");
    }
    Top = DeviceTop(TargetDevice);
    if ((Top->Flags & DO_DEVICE_INITIALIZING) != 0 || MachineFails(Kernel->Machine, Routine)) {
        return NULL;
    }
    Top->AttachedDevice = SourceDevice;
    StateOf(SourceDevice)->Below = Top;
    StateOf(SourceDevice)->Pdo = DeviceBottom(Top);
    SourceDevice->StackSize = (CCHAR)(Top->StackSize + 1);
    SourceDevice->AlignmentRequirement = Top->AlignmentRequirement;
    return Top;
}

VOID IoDetachDevice(PDEVICE_OBJECT TargetDevice)
{
    static const char Routine[] = "IoDetachDevice";
    KERNEL *Kernel = KernelEnter(Routine, PASSIVE_LEVEL);

    if (!DeviceObjectIs(Kernel, TargetDevice) || TargetDevice->AttachedDevice == NULL) {
        PlatformStop(Routine, "nothing is attached to that device");
    }
    StateOf(TargetDevice->AttachedDevice)->Below = NULL;
    TargetDevice->AttachedDevice = NULL;
}

PDEVICE_OBJECT IoGetAttachedDeviceReference(PDEVICE_OBJECT DeviceObject)
{
    static const char Routine[] = "IoGetAttachedDeviceReference";
    PDEVICE_OBJECT Top;

    NeedsDevice(KernelEnter(Routine, DISPATCH_LEVEL), DeviceObject, Routine);
    Top = DeviceTop(DeviceObject);
    DeviceObjectReference(Top);
    return Top;
}

VOID ObfDereferenceObject(PVOID Object)
{
    static const char Routine[] = "ObDereferenceObject";

    if (!DeviceObjectIs(KernelEnter(Routine, DISPATCH_LEVEL), Object)) {
        PlatformStop(Routine, "the simulator knows references on device objects only, and this is none");
    }
    DeviceObjectDereference(Object);
}

BOOLEAN DevicesAtRest(KERNEL *Kernel, char *Answer, size_t AnswerSize)
{
    ULONG Count = 0;
    DEVICE_STATE *State;

    for (State = Kernel->DeviceStates; State != NULL; State = State->Next) {
        Count += State->Object->DriverObject != Kernel->BusDriver;
    }
    if (Count != 0) {
        PlatformFormat(Answer, AnswerSize, "%u device objects of the driver were not deleted, or are still referenced",
                       Count);
    }
    return Count == 0;
}
