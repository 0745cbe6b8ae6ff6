#include "driver.h"

#include "portclass.h"

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD EntryUnload;
_IRQL_requires_max_(PASSIVE_LEVEL)
static VOID EntryFind(_Inout_ IRQSCOPE_DRIVER *Driver);
_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS EntryRemember(_Inout_ IRQSCOPE_DRIVER *Driver, _In_ PUNICODE_STRING RegistryPath);

#ifdef ALLOC_PRAGMA
#pragma alloc_text(INIT, DriverEntry)
#pragma alloc_text(INIT, EntryRemember)
#pragma alloc_text(PAGE, EntryFind)
#pragma alloc_text(PAGE, EntryDriver)
#pragma alloc_text(PAGE, EntryUnload)
#endif

/* The extension's name: an address that is this driver's alone. */
#define ENTRY_EXTENSION ((PVOID)(ULONG_PTR)DriverEntry)

_Use_decl_annotations_
static VOID EntryFind(IRQSCOPE_DRIVER *Driver)
{
    KERNEL_VERSION Version;
    LARGE_INTEGER Frequency;

    PAGED_CODE();

    RoutinesFind(&Driver->Routines, &Version);
    Driver->KernelMajor = Version.Major;
    Driver->KernelMinor = Version.Minor;
    Driver->KernelBuild = Version.Build;

    if (Driver->Routines.ConnectInterruptEx != NULL) {
        Driver->Abilities |= IRQSCOPE_ABILITY_CONNECT_EX;
    }
    if (Driver->Routines.GetAffinityInterrupt != NULL) {
        Driver->Abilities |= IRQSCOPE_ABILITY_AFFINITY;
    }
    if (Driver->Routines.QueryActiveGroups != NULL) {
        Driver->Abilities |= IRQSCOPE_ABILITY_GROUPS;
    }
    if (Driver->Routines.AllocatePool2 != NULL || Driver->Routines.KnowsNxPool) {
        Driver->Abilities |= IRQSCOPE_ABILITY_NX_POOL;
    }
    Driver->Abilities |= Portclass.Ability;
    Driver->MapPriority = NormalPagePriority | (Driver->Routines.KnowsNxPool ? MdlMappingNoExecute : 0);
    (VOID)KeQueryPerformanceCounter(&Frequency);
    ClockStart(&Driver->Clock, (ULONGLONG)Frequency.QuadPart);
}

_Use_decl_annotations_
static NTSTATUS EntryRemember(IRQSCOPE_DRIVER *Driver, PUNICODE_STRING RegistryPath)
{
    EntryFind(Driver);
    Driver->RegistryPath.Buffer = MemoryAllocate(&Driver->Routines, RegistryPath->Length + sizeof(WCHAR),
                                                 MEMORY_TAG_NAME);
    if (Driver->RegistryPath.Buffer == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlCopyMemory(Driver->RegistryPath.Buffer, RegistryPath->Buffer, RegistryPath->Length);
    Driver->RegistryPath.Length = RegistryPath->Length;
    Driver->RegistryPath.MaximumLength = (USHORT)(RegistryPath->Length + sizeof(WCHAR));
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
NTSTATUS NTAPI DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    PVOID Extension;
    NTSTATUS Status;

    Status = IoAllocateDriverObjectExtension(DriverObject, ENTRY_EXTENSION, sizeof(IRQSCOPE_DRIVER), &Extension);
    if (NT_SUCCESS(Status)) {
        RtlZeroMemory(Extension, sizeof(IRQSCOPE_DRIVER));
        Status = EntryRemember(Extension, RegistryPath);
    }
    /* A kernel without such extensions (Wine's) does not stop the driver: then each device finds out for itself. */
    if (!NT_SUCCESS(Status) && Status != STATUS_NOT_IMPLEMENTED) {
        return Status; /* the extension goes with the driver object */
    }
    DriverObject->DriverExtension->AddDevice = PnpAddDevice;
    DriverObject->DriverUnload = EntryUnload;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = DispatchCreate;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = DispatchCleanup;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = DispatchClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchControl;
    DriverObject->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = DispatchSystemControl;
    DriverObject->MajorFunction[IRP_MJ_PNP] = PnpDispatch;
    DriverObject->MajorFunction[IRP_MJ_POWER] = PowerDispatch;
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
IRQSCOPE_DRIVER *EntryDriver(PDRIVER_OBJECT DriverObject, IRQSCOPE_DRIVER *Own)
{
    IRQSCOPE_DRIVER *Driver = IoGetDriverObjectExtension(DriverObject, ENTRY_EXTENSION);

    PAGED_CODE();

    if (Driver == NULL) {
        RtlZeroMemory(Own, sizeof(*Own));
        EntryFind(Own);
        Driver = Own;
    }
    return Driver;
}

_Use_decl_annotations_
static VOID NTAPI EntryUnload(PDRIVER_OBJECT DriverObject)
{
    IRQSCOPE_DRIVER *Driver = IoGetDriverObjectExtension(DriverObject, ENTRY_EXTENSION);

    PAGED_CODE();
    if (Driver != NULL) {
        MemoryFree(Driver->RegistryPath.Buffer, MEMORY_TAG_NAME);
    }
}
