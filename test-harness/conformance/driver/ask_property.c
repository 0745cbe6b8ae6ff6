/* Device interfaces, device properties, and what the bus driver answers. */
#include "driver.h"

static const GUID InterfaceGuid = CONFORM_INTERFACE_GUID;

static void AskInterfaceTwice(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNICODE_STRING Link;
    NTSTATUS Status = IoRegisterDeviceInterface(Device->Pdo, &InterfaceGuid, NULL, &Link);

    TextAddStatus(Answer, Status);
    if (NT_SUCCESS(Status)) {
        TextAdd(Answer, RtlEqualUnicodeString(&Link, &Device->Link, TRUE) ? ", the same link" : ", another link");
        SayNumber(Answer, ", room behind it ", Link.MaximumLength - Link.Length);
        RtlFreeUnicodeString(&Link);
        TextAdd(Answer, Link.Buffer == NULL ? ", freed and forgotten" : ", freed");
    }
}

static void AskInterfaceFdo(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNICODE_STRING Link;
    NTSTATUS Status = IoRegisterDeviceInterface(Device->Self, &InterfaceGuid, NULL, &Link);

    TextAddStatus(Answer, Status);
    if (!NT_SUCCESS(Status)) {
        return;
    }
    /* A kernel that takes this one for the owner from now on is told again who it is. */
    RtlFreeUnicodeString(&Link);
    if (NT_SUCCESS(IoRegisterDeviceInterface(Device->Pdo, &InterfaceGuid, NULL, &Link))) {
        RtlFreeUnicodeString(&Link);
    }
}

static void AskInterfaceState(CONFORM_DEVICE *Device, TEXT *Answer)
{
    TextAddStatus(Answer, IoSetDeviceInterfaceState(&Device->Link, TRUE));
    TextAdd(Answer, ", disabled ");
    TextAddStatus(Answer, IoSetDeviceInterfaceState(&Device->Link, FALSE));
    TextAdd(Answer, ", again ");
    TextAddStatus(Answer, IoSetDeviceInterfaceState(&Device->Link, FALSE));
    TextAdd(Answer, ", enabled ");
    TextAddStatus(Answer, IoSetDeviceInterfaceState(&Device->Link, TRUE));
}

static void AskInterfaceUnknown(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNICODE_STRING Link;

    UNREFERENCED_PARAMETER(Device);
    RtlInitUnicodeString(&Link, L"\\??\\Nothing#Of#TheKind");
    TextAddStatus(Answer, IoSetDeviceInterfaceState(&Link, TRUE));
}

static void SayProperty(CONFORM_DEVICE *Device, DEVICE_REGISTRY_PROPERTY Property, ULONG Room, TEXT *Answer,
                        BOOLEAN ShowText)
{
    WCHAR Buffer[128];
    ULONG Needed = 7777;
    NTSTATUS Status = IoGetDeviceProperty(Device->Pdo, Property, Room, Buffer, &Needed);

    TextAddStatus(Answer, Status);
    if (Status == STATUS_BUFFER_TOO_SMALL) {
        TextAdd(Answer, Needed == 7777 ? ", length untouched" : Needed == 0 ? ", length 0" : ", says how much");
    }
    if (NT_SUCCESS(Status) && ShowText) {
        TextAdd(Answer, ", ");
        TextAddWide(Answer, Buffer, Needed / sizeof(WCHAR));
    }
}

static void AskEnumerator(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayProperty(Device, DevicePropertyEnumeratorName, 256, Answer, TRUE);
}

static void AskEnumeratorNoRoom(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayProperty(Device, DevicePropertyEnumeratorName, 0, Answer, TRUE);
}

static void AskHardwareId(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayProperty(Device, DevicePropertyHardwareID, 256, Answer, FALSE);
}

static void AskHardwareIdSmall(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayProperty(Device, DevicePropertyHardwareID, 4, Answer, FALSE);
}

static void AskPdoName(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WCHAR Buffer[128];
    ULONG Needed = 0;
    NTSTATUS Status = IoGetDeviceProperty(Device->Pdo, DevicePropertyPhysicalDeviceObjectName, sizeof(Buffer), Buffer,
                                          &Needed);

    TextAddStatus(Answer, Status);
    if (NT_SUCCESS(Status)) {
        TextAdd(Answer, ", begins with ");
        TextAddWide(Answer, Buffer, 8);
    }
}

static void AskBusNumber(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayProperty(Device, DevicePropertyBusNumber, 256, Answer, FALSE);
}

static void AskAddress(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayProperty(Device, DevicePropertyAddress, 256, Answer, FALSE);
}

static void AskBusType(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayProperty(Device, DevicePropertyLegacyBusType, 256, Answer, FALSE);
}

/* ---- The driver below -------------------------------------------------------------------------------------------- */

static void SayBelow(CONFORM_DEVICE *Device, PIO_STACK_LOCATION Filled, TEXT *Answer)
{
    IO_STATUS_BLOCK Result;
    KEVENT Event;
    PIRP Irp;
    PIO_STACK_LOCATION Stack;
    NTSTATUS Status;

    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    Irp = IoBuildSynchronousFsdRequest(IRP_MJ_PNP, Device->Lower, NULL, 0, NULL, &Event, &Result);
    if (Irp == NULL) {
        TextAdd(Answer, "no IRP");
        return;
    }
    Irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    Stack = IoGetNextIrpStackLocation(Irp);
    Stack->MinorFunction = Filled->MinorFunction;
    Stack->Parameters = Filled->Parameters;
    Status = IoCallDriver(Device->Lower, Irp);
    if (Status == STATUS_PENDING) {
        KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
        Status = Result.Status;
    }
    TextAddStatus(Answer, Status);
}

static void AskCapabilities(CONFORM_DEVICE *Device, TEXT *Answer)
{
    DEVICE_CAPABILITIES Capabilities;
    IO_STACK_LOCATION Stack;

    RtlZeroMemory(&Capabilities, sizeof(Capabilities));
    RtlZeroMemory(&Stack, sizeof(Stack));
    Capabilities.Size = sizeof(Capabilities);
    Capabilities.Version = 1;
    Capabilities.Address = Capabilities.UINumber = (ULONG)-1;
    Stack.MinorFunction = IRP_MN_QUERY_CAPABILITIES;
    Stack.Parameters.DeviceCapabilities.Capabilities = &Capabilities;
    SayBelow(Device, &Stack, Answer);
    SayNumber(Answer, ", D0 when working ", Capabilities.DeviceState[PowerSystemWorking] == PowerDeviceD0);
}

static void SayMinor(CONFORM_DEVICE *Device, UCHAR Minor, TEXT *Answer)
{
    IO_STACK_LOCATION Stack;

    RtlZeroMemory(&Stack, sizeof(Stack));
    Stack.MinorFunction = Minor;
    SayBelow(Device, &Stack, Answer);
}

static void AskState(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayMinor(Device, IRP_MN_QUERY_PNP_DEVICE_STATE, Answer);
}

static void AskUnknownMinor(CONFORM_DEVICE *Device, TEXT *Answer)
{
    SayMinor(Device, 0x7F, Answer);
}

static void AskBusInterface(CONFORM_DEVICE *Device, TEXT *Answer)
{
    BUS_INTERFACE_STANDARD Interface;
    IO_STACK_LOCATION Stack;

    RtlZeroMemory(&Interface, sizeof(Interface));
    RtlZeroMemory(&Stack, sizeof(Stack));
    Stack.MinorFunction = IRP_MN_QUERY_INTERFACE;
    Stack.Parameters.QueryInterface.InterfaceType = &InterfaceGuid;
    Stack.Parameters.QueryInterface.Size = sizeof(Interface);
    Stack.Parameters.QueryInterface.Version = 1;
    Stack.Parameters.QueryInterface.Interface = (PINTERFACE)&Interface;
    SayBelow(Device, &Stack, Answer);
}

static void AskReadConfig(CONFORM_DEVICE *Device, TEXT *Answer)
{
    IO_STACK_LOCATION Stack;
    ULONG Ids = 0;

    RtlZeroMemory(&Stack, sizeof(Stack));
    Stack.MinorFunction = IRP_MN_READ_CONFIG;
    Stack.Parameters.ReadWriteConfig.Buffer = &Ids;
    Stack.Parameters.ReadWriteConfig.Length = sizeof(Ids);
    SayBelow(Device, &Stack, Answer);
}

const QUESTION PropertyQuestions[] = {
    { "io/interface/twice", "IoRegisterDeviceInterface of a class that the device has", "IoRegisterDeviceInterface", AskInterfaceTwice },
    { "io/interface/fdo", "IoRegisterDeviceInterface of a function device object", "IoRegisterDeviceInterface", AskInterfaceFdo },
    { "io/interface/state", "IoSetDeviceInterfaceState: enabled twice, disabled twice", "IoSetDeviceInterfaceState", AskInterfaceState },
    { "io/interface/unknown", "IoSetDeviceInterfaceState of a link that is none", "IoSetDeviceInterfaceState", AskInterfaceUnknown },
    { "io/property/enumerator", "DevicePropertyEnumeratorName", "IoGetDeviceProperty", AskEnumerator },
    { "io/property/enumerator-0", "the same without room", "IoGetDeviceProperty", AskEnumeratorNoRoom },
    { "io/property/hardware-id", "DevicePropertyHardwareID", "IoGetDeviceProperty", AskHardwareId },
    { "io/property/hardware-id-4", "the same with room for two letters", "IoGetDeviceProperty", AskHardwareIdSmall },
    { "io/property/pdo-name", "DevicePropertyPhysicalDeviceObjectName", "IoGetDeviceProperty", AskPdoName },
    { "io/property/bus-number", "DevicePropertyBusNumber of a root-enumerated device", "IoGetDeviceProperty", AskBusNumber },
    { "io/property/address", "DevicePropertyAddress of a root-enumerated device", "IoGetDeviceProperty", AskAddress },
    { "io/property/bus-type", "DevicePropertyLegacyBusType of a root-enumerated device", "IoGetDeviceProperty", AskBusType },
    { "io/below/capabilities", "IRP_MN_QUERY_CAPABILITIES to the bus driver", "IRP_MN_QUERY_CAPABILITIES", AskCapabilities },
    { "io/below/state", "IRP_MN_QUERY_PNP_DEVICE_STATE to the bus driver", "IRP_MN_QUERY_PNP_DEVICE_STATE", AskState },
    { "io/below/interface", "IRP_MN_QUERY_INTERFACE of an unknown interface", "IRP_MN_QUERY_INTERFACE", AskBusInterface },
    { "io/below/config", "IRP_MN_READ_CONFIG of a device that is not on PCI", "IRP_MN_READ_CONFIG", AskReadConfig },
    { "io/below/unknown", "a PnP request that nobody knows", "", AskUnknownMinor },
};
const ULONG PropertyQuestionCount = RTL_NUMBER_OF(PropertyQuestions);
