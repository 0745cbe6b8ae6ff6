/* Devices, IRPs, remove locks, routines by name, device properties, and what the bus driver answers. */
#include "driver.h"

static void Add(TEXT *Answer, const char *Before, LONGLONG Value)
{
    TextAdd(Answer, Before);
    TextAddNumber(Answer, Value);
}

/* ---- Routines by name ------------------------------------------------------------------------------------------------------ */

static PVOID Routine(const WCHAR *Name)
{
    UNICODE_STRING Text;

    RtlInitUnicodeString(&Text, Name);
    return MmGetSystemRoutineAddress(&Text);
}

#define ROUTINE_QUESTION(Name) \
    static void Ask##Name(CONFORM_DEVICE *Device, TEXT *Answer) \
    { \
        UNREFERENCED_PARAMETER(Device); \
        TextAdd(Answer, Routine(L## #Name) != NULL ? "there" : "NULL"); \
    }
ROUTINE_QUESTION(IoConnectInterrupt)
ROUTINE_QUESTION(IoConnectInterruptEx)
ROUTINE_QUESTION(IoGetAffinityInterrupt)
ROUTINE_QUESTION(KeQueryActiveGroupCount)
ROUTINE_QUESTION(KeQueryGroupAffinity)
ROUTINE_QUESTION(KeGetProcessorIndexFromNumber)
ROUTINE_QUESTION(KeSetTargetProcessorDpcEx)
ROUTINE_QUESTION(ExAllocatePool2)
ROUTINE_QUESTION(RtlGetVersion)
ROUTINE_QUESTION(ExAllocatePoolWithTag)
ROUTINE_QUESTION(NoSuchRoutineAnywhere)
ROUTINE_QUESTION(rtlgetversion)

static void AskEmptyName(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNREFERENCED_PARAMETER(Device);
    TextAdd(Answer, Routine(L"") != NULL ? "there" : "NULL");
}

static void AskGroups(CONFORM_DEVICE *Device, TEXT *Answer)
{
    USHORT (NTAPI *Active)(VOID) = (USHORT (NTAPI *)(VOID))Routine(L"KeQueryActiveGroupCount");
    USHORT (NTAPI *Maximum)(VOID) = (USHORT (NTAPI *)(VOID))Routine(L"KeQueryMaximumGroupCount");
    ULONG (NTAPI *Count)(USHORT) = (ULONG (NTAPI *)(USHORT))Routine(L"KeQueryActiveProcessorCountEx");
    ULONG Sum = 0;
    USHORT Group;

    UNREFERENCED_PARAMETER(Device);
    if (Active == NULL || Maximum == NULL || Count == NULL) {
        TextAdd(Answer, "not there");
        return;
    }
    for (Group = 0; Group < Active(); Group++) {
        Sum += Count(Group);
    }
    TextAdd(Answer, Sum == Count(0xFFFF) ? "the groups' sum is the whole" : "the groups' sum is not the whole");
    TextAdd(Answer, Maximum() >= Active() ? ", the maximum is not less" : ", the maximum is less");
    Add(Answer, ", of a group that is not there ", Count(Maximum()));
}

/* ---- Device objects --------------------------------------------------------------------------------------------------------- */

static void AskDeviceObject(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PDEVICE_OBJECT Object;
    NTSTATUS Status = IoCreateDevice(Device->Self->DriverObject, 24, NULL, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN,
                                     FALSE, &Object);
    ULONG Index, Sum = 0;

    TextAddStatus(Answer, Status);
    if (!NT_SUCCESS(Status)) {
        return;
    }
    for (Index = 0; Index < 24; Index++) {
        Sum += ((PUCHAR)Object->DeviceExtension)[Index];
    }
    TextAdd(Answer, (Object->Flags & DO_DEVICE_INITIALIZING) != 0 ? ", initializing" : ", not initializing");
    Add(Answer, ", stack ", Object->StackSize);
    Add(Answer, ", type ", Object->Type);
    Add(Answer, ", characteristics ", Object->Characteristics);
    TextAdd(Answer, Sum == 0 ? ", zeroed" : ", not zeroed");
    TextAdd(Answer, Object->DriverObject->DeviceObject == Object ? ", first of its driver" : ", not first of its driver");
    IoDeleteDevice(Object);
}

static void AskExclusive(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PDEVICE_OBJECT Object;

    if (NT_SUCCESS(IoCreateDevice(Device->Self->DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, TRUE, &Object))) {
        TextAdd(Answer, (Object->Flags & DO_EXCLUSIVE) != 0 ? "DO_EXCLUSIVE" : "not DO_EXCLUSIVE");
        TextAdd(Answer, Object->DeviceExtension == NULL ? ", no extension" : ", an extension");
        IoDeleteDevice(Object);
    }
}

static void AskStack(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PDEVICE_OBJECT Top = IoGetAttachedDeviceReference(Device->Pdo);

    Add(Answer, "own stack less the one below ", Device->Self->StackSize - Device->Lower->StackSize);
    TextAdd(Answer, Top == Device->Self ? ", on top" : ", not on top");
    TextAdd(Answer, Device->Lower == Device->Pdo ? ", on the PDO" : ", on a filter");
    TextAdd(Answer, (Device->Pdo->Flags & DO_BUS_ENUMERATED_DEVICE) != 0 ? ", the PDO is bus-enumerated" :
            ", the PDO is not bus-enumerated");
    ObDereferenceObject(Top);
}

static void AskExtension(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PDRIVER_OBJECT Driver = Device->Self->DriverObject;
    PVOID First = NULL, Again = NULL;
    NTSTATUS Status = STATUS_SUCCESS;

    if (IoGetDriverObjectExtension(Driver, (PVOID)(ULONG_PTR)TAG_CONFORM) == NULL) {
        Status = IoAllocateDriverObjectExtension(Driver, (PVOID)(ULONG_PTR)TAG_CONFORM, 8, &First);
    }
    TextAddStatus(Answer, Status);
    First = IoGetDriverObjectExtension(Driver, (PVOID)(ULONG_PTR)TAG_CONFORM);
    TextAdd(Answer, ", the same id ");
    TextAddStatus(Answer, IoAllocateDriverObjectExtension(Driver, (PVOID)(ULONG_PTR)TAG_CONFORM, 8, &Again));
    TextAdd(Answer, First != NULL ? ", found" : ", not found");
    TextAdd(Answer, IoGetDriverObjectExtension(Driver, (PVOID)1) == NULL ? ", another id NULL" : ", another id there");
}

/* ---- IRPs -------------------------------------------------------------------------------------------------------------------- */

static void AskIrp(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PIRP Irp = IoAllocateIrp(3, FALSE);

    UNREFERENCED_PARAMETER(Device);
    if (Irp == NULL) {
        TextAdd(Answer, "none");
        return;
    }
    Add(Answer, "stack ", Irp->StackCount);
    Add(Answer, ", current ", Irp->CurrentLocation);
    Add(Answer, ", type ", Irp->Type);
    Add(Answer, ", size ", Irp->Size);
    TextAdd(Answer, ", ");
    TextAddStatus(Answer, Irp->IoStatus.Status);
    TextAdd(Answer, Irp->CancelRoutine == NULL && !Irp->Cancel ? ", not to be cancelled" : ", to be cancelled");
    IoFreeIrp(Irp);
}

static void AskIrpReuse(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PIRP Irp = IoAllocateIrp(2, FALSE);

    UNREFERENCED_PARAMETER(Device);
    if (Irp == NULL) {
        TextAdd(Answer, "none");
        return;
    }
    IoSetNextIrpStackLocation(Irp);
    Irp->IoStatus.Information = 9;
    IoReuseIrp(Irp, STATUS_NOT_SUPPORTED);
    Add(Answer, "stack ", Irp->StackCount);
    Add(Answer, ", current ", Irp->CurrentLocation);
    TextAdd(Answer, ", ");
    TextAddStatus(Answer, Irp->IoStatus.Status);
    Add(Answer, ", Information ", (LONGLONG)Irp->IoStatus.Information);
    IoFreeIrp(Irp);
}

static VOID NTAPI CancelNoted(PDEVICE_OBJECT Object, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Object);
    Irp->IoStatus.Information = (ULONG_PTR)KeGetCurrentIrql() + 100;
    IoReleaseCancelSpinLock(Irp->CancelIrql);
}

static void AskCancel(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PIRP Irp = IoAllocateIrp(2, FALSE);

    if (Irp == NULL) {
        TextAdd(Answer, "none");
        return;
    }
    Add(Answer, "without routine ", IoCancelIrp(Irp));
    Add(Answer, ", Cancel ", Irp->Cancel);
    IoReuseIrp(Irp, STATUS_SUCCESS);
    IoSetNextIrpStackLocation(Irp);
    IoGetCurrentIrpStackLocation(Irp)->DeviceObject = Device->Self;
    TextAdd(Answer, IoSetCancelRoutine(Irp, CancelNoted) == NULL ? ", none before" : ", one before");
    Add(Answer, ", with routine ", IoCancelIrp(Irp));
    Add(Answer, ", Cancel ", Irp->Cancel);
    TextAdd(Answer, Irp->CancelRoutine == NULL ? ", routine taken out" : ", routine left");
    TextAdd(Answer, Irp->IoStatus.Information >= 100 ? ", called" : ", not called");
    IoFreeIrp(Irp);
}

static void AskCancelIrql(CONFORM_DEVICE *Device, TEXT *Answer)
{
    PIRP Irp = IoAllocateIrp(2, FALSE);

    if (Irp == NULL) {
        TextAdd(Answer, "none");
        return;
    }
    IoSetNextIrpStackLocation(Irp);
    IoGetCurrentIrpStackLocation(Irp)->DeviceObject = Device->Self;
    (VOID)IoSetCancelRoutine(Irp, CancelNoted);
    IoCancelIrp(Irp);
    Add(Answer, "", (LONGLONG)Irp->IoStatus.Information - 100);
    IoFreeIrp(Irp);
}

/* ---- Remove locks --------------------------------------------------------------------------------------------------------------- */

static void AskRemoveLock(CONFORM_DEVICE *Device, TEXT *Answer)
{
    IO_REMOVE_LOCK *Lock = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Lock), TAG_CONFORM);

    UNREFERENCED_PARAMETER(Device);
    if (Lock == NULL) {
        TextAdd(Answer, "no memory");
        return;
    }
    RtlZeroMemory(Lock, sizeof(*Lock));
    IoInitializeRemoveLock(Lock, TAG_CONFORM, 0, 0);
    TextAddStatus(Answer, IoAcquireRemoveLock(Lock, Lock));
    TextAdd(Answer, ", again ");
    TextAddStatus(Answer, IoAcquireRemoveLock(Lock, Answer));
    IoReleaseRemoveLock(Lock, Answer);
    IoReleaseRemoveLockAndWait(Lock, Lock);
    TextAdd(Answer, ", removed ");
    TextAddStatus(Answer, IoAcquireRemoveLock(Lock, Lock));
    ExFreePoolWithTag(Lock, TAG_CONFORM);
}

typedef struct HOLDER {
    IO_REMOVE_LOCK Lock;
    KEVENT Began;
    volatile LONG Released;
} HOLDER;

static VOID NTAPI HolderWork(PDEVICE_OBJECT Object, PVOID Context)
{
    HOLDER *Holder = Context;
    LARGE_INTEGER Delay;

    UNREFERENCED_PARAMETER(Object);
    Delay.QuadPart = -300000;
    KeSetEvent(&Holder->Began, 0, FALSE);
    KeDelayExecutionThread(KernelMode, FALSE, &Delay);
    InterlockedExchange(&Holder->Released, 1);
    IoReleaseRemoveLock(&Holder->Lock, Context);
}

static void AskRemoveLockWaits(CONFORM_DEVICE *Device, TEXT *Answer)
{
    HOLDER *Holder = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Holder), TAG_CONFORM);
    PIO_WORKITEM Item = IoAllocateWorkItem(Device->Self);

    if (Holder != NULL && Item != NULL) {
        RtlZeroMemory(Holder, sizeof(*Holder));
        IoInitializeRemoveLock(&Holder->Lock, TAG_CONFORM, 0, 0);
        KeInitializeEvent(&Holder->Began, NotificationEvent, FALSE);
        IoAcquireRemoveLock(&Holder->Lock, Holder);
        IoAcquireRemoveLock(&Holder->Lock, Answer);
        IoQueueWorkItem(Item, HolderWork, DelayedWorkQueue, Holder);
        KeWaitForSingleObject(&Holder->Began, Executive, KernelMode, FALSE, NULL);
        IoReleaseRemoveLockAndWait(&Holder->Lock, Answer);
        TextAdd(Answer, Holder->Released != 0 ? "waits for the other holder" : "does not wait");
    }
    if (Item != NULL) {
        IoFreeWorkItem(Item);
    }
    if (Holder != NULL) {
        ExFreePoolWithTag(Holder, TAG_CONFORM);
    }
}

/* ---- Interfaces and properties ----------------------------------------------------------------------------------------------------- */

static const GUID InterfaceGuid = CONFORM_INTERFACE_GUID;

static void AskInterfaceTwice(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNICODE_STRING Link;
    NTSTATUS Status = IoRegisterDeviceInterface(Device->Pdo, &InterfaceGuid, NULL, &Link);

    TextAddStatus(Answer, Status);
    if (NT_SUCCESS(Status)) {
        TextAdd(Answer, RtlEqualUnicodeString(&Link, &Device->Link, TRUE) ? ", the same link" : ", another link");
        Add(Answer, ", room behind it ", Link.MaximumLength - Link.Length);
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

static void SayProperty(CONFORM_DEVICE *Device, DEVICE_REGISTRY_PROPERTY Property, ULONG Room, TEXT *Answer, BOOLEAN ShowText)
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
    NTSTATUS Status = IoGetDeviceProperty(Device->Pdo, DevicePropertyPhysicalDeviceObjectName, sizeof(Buffer), Buffer, &Needed);

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

/* ---- The driver below ------------------------------------------------------------------------------------------------------------- */

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
    Add(Answer, ", D0 when working ", Capabilities.DeviceState[PowerSystemWorking] == PowerDeviceD0);
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

#define ROUTINE(Name, Source) { "mm/routine/" #Name, "MmGetSystemRoutineAddress of " #Name, Source, Ask##Name }

const QUESTION ObjectQuestions[] = {
    ROUTINE(IoConnectInterrupt, "IoConnectInterrupt"),
    ROUTINE(IoConnectInterruptEx, "IoConnectInterruptEx"),
    ROUTINE(IoGetAffinityInterrupt, "IoGetAffinityInterrupt"),
    ROUTINE(KeQueryActiveGroupCount, "KeQueryActiveGroupCount"),
    ROUTINE(KeQueryGroupAffinity, "KeQueryGroupAffinity"),
    ROUTINE(KeGetProcessorIndexFromNumber, "KeGetProcessorIndexFromNumber"),
    ROUTINE(KeSetTargetProcessorDpcEx, "KeSetTargetProcessorDpcEx"),
    ROUTINE(ExAllocatePool2, "ExAllocatePool2: from Windows 10 2004 on"),
    ROUTINE(RtlGetVersion, "RtlGetVersion"),
    ROUTINE(ExAllocatePoolWithTag, "ExAllocatePoolWithTag"),
    ROUTINE(NoSuchRoutineAnywhere, "MmGetSystemRoutineAddress"),
    ROUTINE(rtlgetversion, ""),
    { "mm/routine/empty", "MmGetSystemRoutineAddress of an empty name", "", AskEmptyName },
    { "ke/groups", "KeQueryActiveProcessorCountEx over the groups", "KeQueryActiveProcessorCountEx", AskGroups },
    { "io/device/new", "IoCreateDevice with an extension of 24 bytes", "IoCreateDevice", AskDeviceObject },
    { "io/device/exclusive", "IoCreateDevice, exclusive and without extension", "IoCreateDevice", AskExclusive },
    { "io/device/stack", "the device in its stack", "IoAttachDeviceToDeviceStack", AskStack },
    { "io/driver/extension", "IoAllocateDriverObjectExtension, once and again with the same id", "IoAllocateDriverObjectExtension", AskExtension },
    { "io/irp/new", "IoAllocateIrp of three locations", "IoAllocateIrp", AskIrp },
    { "io/irp/reuse", "IoReuseIrp", "IoReuseIrp", AskIrpReuse },
    { "io/irp/cancel", "IoCancelIrp without and with a cancel routine", "IoCancelIrp", AskCancel },
    { "io/irp/cancel-irql", "the IRQL of a cancel routine", "DRIVER_CANCEL", AskCancelIrql },
    { "io/remove-lock", "a remove lock, taken, released, removed", "IoAcquireRemoveLock", AskRemoveLock },
    { "io/remove-lock/waits", "IoReleaseRemoveLockAndWait while a work item holds it", "IoReleaseRemoveLockAndWait", AskRemoveLockWaits },
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
const ULONG ObjectQuestionCount = RTL_NUMBER_OF(ObjectQuestions);
