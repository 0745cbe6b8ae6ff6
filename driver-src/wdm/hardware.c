#include "hardware.h"

#include "memory.h"
#include "registers.h"

#define CONFIG_IDS 0x00u
#define CONFIG_COMMAND 0x04u
#define CONFIG_STATUS 0x06u
#define CONFIG_CAPABILITIES 0x34u
#define COMMAND_BUS_MASTER 0x0004u    /* without it a device cannot write, so not send a message either */
#define COMMAND_INTX_DISABLE 0x0400u
#define STATUS_HAS_CAPABILITIES 0x0010u
#define CAPABILITY_MSI 0x05u
#define CAPABILITY_ENABLED_MSI 0x0001u /* of MSI's message control */
#define CAPABILITY_STEPS 48u           /* more do not fit between 0x40 and 0xFF */

/* {496B8280-6F25-11D0-BEAF-08002BE2092F}: BUS_INTERFACE_STANDARD */
static const GUID BusInterfaceGuid = { 0x496b8280, 0x6f25, 0x11d0, { 0xbe, 0xaf, 0x08, 0x00, 0x2b, 0xe2, 0x09, 0x2f } };

static const MODEL *const Models[] = { &ModelEdu, &Model82574, &ModelIgb, &Model16550 };

/* Flags of MmMapIoSpaceEx, which a kernel's header leaves to others. */
#define MAP_READ_WRITE 0x004u /* PAGE_READWRITE: MmMapIoSpace's mapping can be executed, too */
#define MAP_NO_CACHE 0x200u   /* PAGE_NOCACHE */

_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
static NTSTATUS HardwareMap(_Inout_ HARDWARE *Hardware, _In_ const ROUTINES *Routines,
                            _In_opt_ PCM_RESOURCE_LIST Translated);

#ifdef ALLOC_PRAGMA
#pragma alloc_text(PAGE, HardwareInitialize)
#pragma alloc_text(PAGE, HardwareOpenBus)
#pragma alloc_text(PAGE, HardwareCloseBus)
#pragma alloc_text(PAGE, HardwareMap)
#pragma alloc_text(PAGE, HardwareStart)
#pragma alloc_text(PAGE, HardwareStop)
#endif

_Use_decl_annotations_
VOID HardwareInitialize(HARDWARE *Hardware)
{
    PAGED_CODE();

    RtlZeroMemory(Hardware, sizeof(*Hardware));
    Hardware->Model = &ModelNone;
    KeInitializeSpinLock(&Hardware->ConfigLock);
}

/* ---- Configuration space ----------------------------------------------------------------------------------------- */

_Success_(return != FALSE)
_IRQL_requires_max_(DISPATCH_LEVEL)
static BOOLEAN ConfigRead(_In_ HARDWARE *Hardware, ULONG Offset, _Out_writes_bytes_(Length) PVOID Buffer, ULONG Length)
{
    return Hardware->HasBus &&
           Hardware->Bus.GetBusData(Hardware->Bus.Context, PCI_WHICHSPACE_CONFIG, Buffer, Offset, Length) == Length;
}

_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID ConfigChangeCommand(_Inout_ HARDWARE *Hardware, USHORT Clear, USHORT Set)
{
    USHORT Command;
    USHORT Changed;
    KIRQL Irql;

    KeAcquireSpinLock(&Hardware->ConfigLock, &Irql);
    if (ConfigRead(Hardware, CONFIG_COMMAND, &Command, sizeof(Command)) && Command != 0xFFFF) {
        Changed = (USHORT)((Command & ~Clear) | Set);
        if (Changed != Command) {
            (VOID)Hardware->Bus.SetBusData(Hardware->Bus.Context, PCI_WHICHSPACE_CONFIG, &Changed, CONFIG_COMMAND,
                                           sizeof(Changed));
        }
    }
    KeReleaseSpinLock(&Hardware->ConfigLock, Irql);
}

_Use_decl_annotations_
VOID HardwareOpenBus(HARDWARE *Hardware, PDEVICE_OBJECT Lower)
{
    IO_STATUS_BLOCK IoStatus;
    PIO_STACK_LOCATION Stack;
    NTSTATUS Status;
    KEVENT Event;
    PIRP Irp;

    PAGED_CODE();

    if (Hardware->HasBus) {
        return;
    }
    KeInitializeEvent(&Event, NotificationEvent, FALSE);
    RtlZeroMemory(&Hardware->Bus, sizeof(Hardware->Bus));
    Irp = IoBuildSynchronousFsdRequest(IRP_MJ_PNP, Lower, NULL, 0, NULL, &Event, &IoStatus);
    if (Irp == NULL) {
        return;
    }
    Irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
    Irp->IoStatus.Information = 0;
    Stack = IoGetNextIrpStackLocation(Irp);
    Stack->MajorFunction = IRP_MJ_PNP;
    Stack->MinorFunction = IRP_MN_QUERY_INTERFACE;
    Stack->Parameters.QueryInterface.InterfaceType = &BusInterfaceGuid;
    Stack->Parameters.QueryInterface.Size = sizeof(Hardware->Bus);
    Stack->Parameters.QueryInterface.Version = 1;
    Stack->Parameters.QueryInterface.Interface = (PINTERFACE)&Hardware->Bus;
    Stack->Parameters.QueryInterface.InterfaceSpecificData = NULL;
    Status = IoCallDriver(Lower, Irp);
    if (Status == STATUS_PENDING) {
        (VOID)KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
        Status = IoStatus.Status;
    }
    Hardware->HasBus = NT_SUCCESS(Status) && Hardware->Bus.GetBusData != NULL && Hardware->Bus.SetBusData != NULL;
    Hardware->Returns = ConfigRead(Hardware, CONFIG_COMMAND, &Hardware->Found, sizeof(Hardware->Found)) &&
                        Hardware->Found != 0xFFFF;
}

_Use_decl_annotations_
VOID HardwareCloseBus(HARDWARE *Hardware)
{
    PAGED_CODE();

    if (Hardware->Returns) {
        static const USHORT Ours = COMMAND_INTX_DISABLE | COMMAND_BUS_MASTER;

        Hardware->Returns = FALSE;
        ConfigChangeCommand(Hardware, Ours & (USHORT)~Hardware->Found, Ours & Hardware->Found);
    }
    if (Hardware->HasBus) {
        Hardware->HasBus = FALSE;
        if (Hardware->Bus.InterfaceDereference != NULL) {
            Hardware->Bus.InterfaceDereference(Hardware->Bus.Context);
        }
    }
}

/* MSI only when its capability says that it is enabled: a function that has both gets MSI-X, and one whose
 * capabilities cannot be read got messages that are told apart. */
_IRQL_requires_max_(DISPATCH_LEVEL)
static HARDWARE_MODE ConfigMode(_Inout_ HARDWARE *Hardware)
{
    USHORT Status;
    UCHAR Place;
    ULONG Step;

    if (Hardware->Messages == 0) {
        return HARDWARE_LINE;
    }
    if (!ConfigRead(Hardware, CONFIG_STATUS, &Status, sizeof(Status)) || (Status & STATUS_HAS_CAPABILITIES) == 0 ||
        !ConfigRead(Hardware, CONFIG_CAPABILITIES, &Place, sizeof(Place))) {
        return HARDWARE_MSIX;
    }
    for (Step = 0; Step < CAPABILITY_STEPS && (Place &= 0xFC) >= 0x40; Step++) {
        struct { UCHAR Id; UCHAR Next; USHORT Control; } Capability;

        if (!ConfigRead(Hardware, Place, &Capability, sizeof(Capability))) {
            break;
        }
        if (Capability.Id == CAPABILITY_MSI && (Capability.Control & CAPABILITY_ENABLED_MSI) != 0) {
            return HARDWARE_MSI;
        }
        Place = Capability.Next;
    }
    return HARDWARE_MSIX;
}

/* ---- START and STOP ---------------------------------------------------------------------------------------------- */

_IRQL_requires_max_(PASSIVE_LEVEL)
static const MODEL *HardwareIdentify(_Inout_ HARDWARE *Hardware, _In_ const ROUTINES *Routines, _In_ PDEVICE_OBJECT Pdo)
{
    static const ULONG Room = 512 * sizeof(WCHAR);
    HARDWARE_IDENTITY Identity;
    const MODEL *Model = &ModelNone;
    PWCHAR Ids;
    ULONG Length = 0;
    ULONG Index;
    ULONG Both;

    RtlZeroMemory(&Identity, sizeof(Identity));
    if (ConfigRead(Hardware, CONFIG_IDS, &Both, sizeof(Both)) && Both != 0xFFFFFFFF) {
        Identity.Vendor = (USHORT)Both;
        Identity.Device = (USHORT)(Both >> 16);
    }
    Hardware->Vendor = Identity.Vendor;
    Hardware->Device = Identity.Device;
    /* Zeros behind whatever is written: a list of strings that always ends. */
    Ids = MemoryAllocatePaged(Routines, Room + 2 * sizeof(WCHAR), MEMORY_TAG_NAME);
    if (Ids != NULL && NT_SUCCESS(IoGetDeviceProperty(Pdo, DevicePropertyHardwareID, Room, Ids, &Length))) {
        Identity.Ids = Ids;
    }
    for (Index = 0; Index < ARRAY_COUNT(Models); Index++) {
        if (Models[Index]->Identify(&Identity)) {
            Model = Models[Index];
            break;
        }
    }
    MemoryFree(Ids, MEMORY_TAG_NAME);
    return Model;
}

/* The first range of the kind that the model's registers are in: PCI lists them in the order of the base
 * registers, and every model here has them behind the first one. */
_Use_decl_annotations_
static NTSTATUS HardwareMap(HARDWARE *Hardware, const ROUTINES *Routines, PCM_RESOURCE_LIST Translated)
{
    PCM_PARTIAL_RESOURCE_LIST List;
    ULONG Index;

    PAGED_CODE();

    if (Translated == NULL || Translated->Count == 0) {
        return STATUS_DEVICE_CONFIGURATION_ERROR;
    }
    List = &Translated->List[0].PartialResourceList;
    for (Index = 0; Index < List->Count; Index++) {
        PCM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor = &List->PartialDescriptors[Index];

        if (Descriptor->Type == CmResourceTypePort && Hardware->Model->OnPorts) {
            if (Descriptor->u.Port.Length < Hardware->Model->Registers) {
                return STATUS_DEVICE_CONFIGURATION_ERROR;
            }
            Hardware->Port = (ULONG_PTR)Descriptor->u.Port.Start.QuadPart;
            Hardware->Length = Descriptor->u.Port.Length;
            return STATUS_SUCCESS;
        }
        if (Descriptor->Type == CmResourceTypeMemory) {
            if (Descriptor->u.Memory.Length < Hardware->Model->Registers) {
                return STATUS_DEVICE_CONFIGURATION_ERROR;
            }
            Hardware->Base = Routines->MapIoSpaceEx != NULL
                                 ? Routines->MapIoSpaceEx(Descriptor->u.Memory.Start, Descriptor->u.Memory.Length,
                                                          MAP_READ_WRITE | MAP_NO_CACHE)
                                 : MmMapIoSpace(Descriptor->u.Memory.Start, Descriptor->u.Memory.Length, MmNonCached);
            Hardware->Length = Descriptor->u.Memory.Length;
            return Hardware->Base != NULL ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
        }
    }
    return STATUS_DEVICE_CONFIGURATION_ERROR;
}

_Use_decl_annotations_
NTSTATUS HardwareStart(HARDWARE *Hardware, const ROUTINES *Routines, PDEVICE_OBJECT Pdo,
                       PCM_RESOURCE_LIST Translated, ULONG Messages)
{
    NTSTATUS Status;

    PAGED_CODE();

    Hardware->Messages = Messages;
    Hardware->Mode = HARDWARE_LINE;
    Hardware->NextCause = 0;
    Hardware->Connected = 0;
    Hardware->Masked = 0;
    Hardware->Storm = 0;
    Hardware->Hushed = 1;
    Hardware->Present = 1;
    Hardware->Powered = 1;
    Hardware->Model = HardwareIdentify(Hardware, Routines, Pdo);

    /* A line that nobody serves yet must stay down, whatever state the device was left in. */
    ConfigChangeCommand(Hardware, 0, COMMAND_INTX_DISABLE);
    if (Hardware->Model->Registers == 0) {
        return STATUS_SUCCESS;
    }
    Status = HardwareMap(Hardware, Routines, Translated);
    if (NT_SUCCESS(Status) && !Hardware->Model->Check(Hardware)) {
        Status = STATUS_DEVICE_CONFIGURATION_ERROR;
    }
    if (!NT_SUCCESS(Status)) {
        Hardware->Present = 0;
        HardwareStop(Hardware);
        return Status;
    }
    Hardware->Model->Quiet(Hardware);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
VOID HardwareStop(HARDWARE *Hardware)
{
    PAGED_CODE();

    Hardware->Connected = 0;
    if (Hardware->Present && Hardware->Powered) {
        Hardware->Model->Quiet(Hardware);
        ConfigChangeCommand(Hardware, 0, COMMAND_INTX_DISABLE);
    }
    Hardware->Present = 0;
    if (Hardware->Base != NULL) {
        MmUnmapIoSpace(Hardware->Base, Hardware->Length);
        Hardware->Base = NULL;
    }
    Hardware->Port = 0;
    Hardware->Length = 0;
    Hardware->Messages = 0;
    Hardware->Model = &ModelNone;
}

_Use_decl_annotations_
VOID HardwareVanish(HARDWARE *Hardware)
{
    (VOID)InterlockedExchange(&Hardware->Present, 0);
    Hardware->Returns = FALSE; /* PnP's thread only, like its other users */
}

/* ---- May it interrupt? ------------------------------------------------------------------------------------------- */

_Use_decl_annotations_
BOOLEAN HardwareIsQuiet(const HARDWARE *Hardware)
{
    return !Hardware->Present || !Hardware->Powered || !Hardware->Connected || Hardware->Masked || Hardware->Storm;
}

_IRQL_requires_max_(DISPATCH_LEVEL)
static VOID HardwareMaskBus(_Inout_ HARDWARE *Hardware)
{
    USHORT Clear = Hardware->Model->BusMask && Hardware->Mode != HARDWARE_LINE ? COMMAND_BUS_MASTER : 0;
    USHORT Set = Hardware->Model->BusMask || !Hardware->Connected ? COMMAND_INTX_DISABLE : 0;

    if (Clear != 0 || Set != 0) {
        ConfigChangeCommand(Hardware, Clear, Set);
    }
}

_Use_decl_annotations_
VOID HardwareApply(HARDWARE *Hardware)
{
    if (!Hardware->Present || !Hardware->Powered) {
        return;
    }
    if (HardwareIsQuiet(Hardware)) {
        Hardware->Model->Mask(Hardware);
        HardwareMaskBus(Hardware);
        (VOID)InterlockedExchange(&Hardware->Hushed, 1);
        return;
    }
    Hardware->Mode = ConfigMode(Hardware);
    Hardware->Model->Program(Hardware);
    (VOID)InterlockedExchange(&Hardware->Hushed, 0);
    ConfigChangeCommand(Hardware, Hardware->Mode == HARDWARE_LINE ? COMMAND_INTX_DISABLE : 0,
                        Hardware->Mode == HARDWARE_LINE ? 0 : COMMAND_BUS_MASTER);
    Hardware->Model->Unmask(Hardware);
    /* An ISR's storm guard may have masked between the look above and the unmasking: then it loses nothing. */
    HardwareBarrier();
    if (HardwareIsQuiet(Hardware)) {
        Hardware->Model->Mask(Hardware);
        HardwareMaskBus(Hardware);
    }
}

_Use_decl_annotations_
VOID HardwareStormInIsr(HARDWARE *Hardware)
{
    (VOID)InterlockedExchange(&Hardware->Storm, 1);
    if (Hardware->Present && Hardware->Powered) {
        Hardware->Model->Mask(Hardware);
    }
}

_Use_decl_annotations_
VOID HardwareStormInDpc(HARDWARE *Hardware)
{
    if (Hardware->Storm && Hardware->Present && Hardware->Powered) {
        HardwareMaskBus(Hardware);
    }
}

_Use_decl_annotations_
VOID HardwarePowerDown(HARDWARE *Hardware)
{
    if (Hardware->Present && Hardware->Powered) {
        Hardware->Model->Quiet(Hardware);
        ConfigChangeCommand(Hardware, 0, COMMAND_INTX_DISABLE);
    }
    /* From here on an ISR of a shared line finds no device: a register below D0 reads all-ones. */
    (VOID)InterlockedExchange(&Hardware->Powered, 0);
}

_Use_decl_annotations_
VOID HardwarePowerUp(HARDWARE *Hardware)
{
    if (Hardware->Present && Hardware->Model->Registers != 0) {
        Hardware->Model->Quiet(Hardware);
    }
    (VOID)InterlockedExchange(&Hardware->Powered, 1);
    if (!Hardware->Connected) {
        ConfigChangeCommand(Hardware, 0, COMMAND_INTX_DISABLE);
    }
    HardwareApply(Hardware);
}
