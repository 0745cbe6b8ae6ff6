/* Io: device interfaces and device properties. */
#include "kernel.h"

#define LINK_PREFIX 4                   /* \??\ and \\?\ are equally long */

/* ---- Interfaces -------------------------------------------------------------------------------------------------- */

static WCHAR *WideAppend(WCHAR *To, const char *Text)
{
    for (; *Text != 0; Text++) {
        *To++ = *Text == '\\' ? L'#' : (WCHAR)(UCHAR)*Text;
    }
    *To = 0;
    return To;
}

/* \??\SIM1#PCI#VEN_...#0#{guid}: the machine, the instance and the class. */
static WCHAR *LinkCreate(const PNP_NODE *Node, const GUID *Class)
{
    char Machine[32], Guid[64];
    WCHAR *Link;

    PlatformFormat(Machine, sizeof(Machine), "SIM%u#", Node->Kernel->Number);
    PlatformFormat(Guid, sizeof(Guid), "#{%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x}", Class->Data1,
                   Class->Data2, Class->Data3, Class->Data4[0], Class->Data4[1], Class->Data4[2], Class->Data4[3],
                   Class->Data4[4], Class->Data4[5], Class->Data4[6], Class->Data4[7]);
    Link = PlatformAllocate((LINK_PREFIX + strlen(Machine) + strlen(DeviceInstance(Node->Device)) + strlen(Guid) + 1) *
                            sizeof(WCHAR));
    memcpy(Link, L"\\??\\", LINK_PREFIX * sizeof(WCHAR));
    WideAppend(WideAppend(WideAppend(Link + LINK_PREFIX, Machine), DeviceInstance(Node->Device)), Guid);
    return Link;
}

static BOOLEAN WideSame(const WCHAR *A, ULONG Length, const WCHAR *B)
{
    ULONG Index;

    for (Index = 0; Index < Length; Index++) {
        if (B[Index] == 0 || TextUpper(A[Index]) != TextUpper(B[Index])) {
            return FALSE;
        }
    }
    return B[Length] == 0;
}

static ULONG WideLength(const WCHAR *Text)
{
    ULONG Length = 0;

    while (Text[Length] != 0) {
        Length++;
    }
    return Length;
}

static PNP_INTERFACE *InterfaceFind(PNP_NODE *Node, const GUID *Class)
{
    PNP_INTERFACE *Interface = Node->Interfaces;

    while (Interface != NULL && !IsEqualGUID(&Interface->Class, Class)) {
        Interface = Interface->Next;
    }
    return Interface;
}

/* Name: without its prefix. */
static PNP_INTERFACE *InterfaceOfLink(KERNEL *Kernel, const WCHAR *Name, ULONG Length, PNP_NODE **Node)
{
    PNP_INTERFACE *Interface;
    ULONG Index;

    for (Index = 0; Index < Kernel->Pnp.NodeCount; Index++) {
        for (Interface = Kernel->Pnp.Nodes[Index].Interfaces; Interface != NULL; Interface = Interface->Next) {
            if (WideSame(Name, Length, Interface->Link + LINK_PREFIX)) {
                *Node = &Kernel->Pnp.Nodes[Index];
                return Interface;
            }
        }
    }
    return NULL;
}

NTSTATUS IoRegisterDeviceInterface(PDEVICE_OBJECT PhysicalDeviceObject, const GUID *InterfaceClassGuid,
                                   PUNICODE_STRING ReferenceString, PUNICODE_STRING SymbolicLinkName)
{
    static const char Routine[] = "IoRegisterDeviceInterface";
    KERNEL *Kernel = KernelEnter(Routine, PASSIVE_LEVEL);
    PNP_NODE *Node = PnpNodeOfPdo(Kernel, PhysicalDeviceObject);
    PNP_INTERFACE *Interface;
    ULONG Size;

    if (Node == NULL) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (ReferenceString != NULL && ReferenceString->Length != 0) {
        PlatformStop(Routine, "a reference string, which the simulator's names have no room for");
    }
    if (MachineFails(Kernel->Machine, Routine)) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Interface = InterfaceFind(Node, InterfaceClassGuid);
    if (Interface == NULL) {
        Interface = PlatformAllocate(sizeof(*Interface));
        Interface->Class = *InterfaceClassGuid;
        Interface->Link = LinkCreate(Node, InterfaceClassGuid);
        Interface->Next = Node->Interfaces;
        Node->Interfaces = Interface;
    }
    Size = (WideLength(Interface->Link) + 1) * sizeof(WCHAR);
    SymbolicLinkName->Buffer = PoolAllocate(Kernel, Size, 0x20207050 /* Pp */, Routine);
    memcpy(SymbolicLinkName->Buffer, Interface->Link, Size);
    SymbolicLinkName->MaximumLength = (USHORT)Size;
    SymbolicLinkName->Length = (USHORT)(Size - sizeof(WCHAR));
    return STATUS_SUCCESS;
}

NTSTATUS IoSetDeviceInterfaceState(PUNICODE_STRING SymbolicLinkName, BOOLEAN Enable)
{
    static const char Routine[] = "IoSetDeviceInterfaceState";
    KERNEL *Kernel = KernelEnter(Routine, PASSIVE_LEVEL);
    ULONG Length = SymbolicLinkName->Length / sizeof(WCHAR);
    PNP_NODE *Node = NULL;
    PNP_INTERFACE *Interface = Length < LINK_PREFIX ? NULL :
        InterfaceOfLink(Kernel, SymbolicLinkName->Buffer + LINK_PREFIX, Length - LINK_PREFIX, &Node);

    if (Interface == NULL) {
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    if (Enable) {
        if (Interface->Enabled) {
            return STATUS_OBJECT_NAME_EXISTS;
        }
        if (MachineFails(Kernel->Machine, Routine)) {
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        Interface->Enabled = TRUE;
        return STATUS_SUCCESS;
    }
    if (!Interface->Enabled) {
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
    Interface->Enabled = FALSE;
    return STATUS_SUCCESS;
}

const WCHAR *PnpInterfacePath(PNP_NODE *Node, const GUID *Class)
{
    PNP_INTERFACE *Interface = InterfaceFind(Node, Class);

    /* A driver knows the link as \??\..., a host as \\?\...: the same name in two places. */
    if (Interface == NULL || !Interface->Enabled) {
        return NULL;
    }
    if (Interface->Path == NULL) {
        Interface->Path = PlatformAllocate((WideLength(Interface->Link) + 1) * sizeof(WCHAR));
        memcpy(Interface->Path, Interface->Link, WideLength(Interface->Link) * sizeof(WCHAR));
        Interface->Path[1] = L'\\';
    }
    return Interface->Path;
}

PNP_NODE *PnpNodeOfPath(KERNEL *Kernel, const WCHAR *Path)
{
    ULONG Length = WideLength(Path);
    PNP_NODE *Node = NULL;
    PNP_INTERFACE *Interface = Length < LINK_PREFIX ? NULL :
        InterfaceOfLink(Kernel, Path + LINK_PREFIX, Length - LINK_PREFIX, &Node);

    /* The PnP manager fails opens until START is through, and from the removal on. */
    return Interface != NULL && Interface->Enabled && Node->State == NODE_STARTED && !Node->Leaving ? Node : NULL;
}

/* ---- Properties -------------------------------------------------------------------------------------------------- */

/* A list of texts, or one (Ends 1), as wide characters. */
static NTSTATUS PropertyText(const char *Text, size_t Length, PVOID Buffer, ULONG Size, PULONG Needed)
{
    size_t Index;

    *Needed = (ULONG)(Length * sizeof(WCHAR));
    if (Size < *Needed) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    for (Index = 0; Index < Length; Index++) {
        ((PWCHAR)Buffer)[Index] = (WCHAR)(UCHAR)Text[Index];
    }
    return STATUS_SUCCESS;
}

static NTSTATUS PropertyNumber(ULONG Value, PVOID Buffer, ULONG Size, PULONG Needed)
{
    *Needed = sizeof(Value);
    if (Size < sizeof(Value)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    memcpy(Buffer, &Value, sizeof(Value));
    return STATUS_SUCCESS;
}

NTSTATUS IoGetDeviceProperty(PDEVICE_OBJECT DeviceObject, DEVICE_REGISTRY_PROPERTY DeviceProperty, ULONG BufferLength,
                             PVOID PropertyBuffer, PULONG ResultLength)
{
    static const char Routine[] = "IoGetDeviceProperty";
    KERNEL *Kernel = KernelEnter(Routine, PASSIVE_LEVEL);
    PNP_NODE *Node = PnpNodeOfPdo(Kernel, DeviceObject);
    const char *Text;
    char Name[48];
    BOOLEAN Pci;

    if (Node == NULL) {
        PlatformStop(Routine, "the device object is no PDO");
    }
    if (MachineFails(Kernel->Machine, Routine)) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Pci = DeviceIsPci(Node->Device);
    switch (DeviceProperty) {
    case DevicePropertyHardwareID:
        Text = DeviceHardwareIds(Node->Device);
        while (*Text != 0) {
            Text += strlen(Text) + 1;
        }
        return PropertyText(DeviceHardwareIds(Node->Device), (size_t)(Text - DeviceHardwareIds(Node->Device)) + 1,
                            PropertyBuffer, BufferLength, ResultLength);
    case DevicePropertyEnumeratorName:
        Text = DeviceInstance(Node->Device);
        PlatformFormat(Name, sizeof(Name), "%.*s", (int)(strchr(Text, '\\') - Text), Text);
        return PropertyText(Name, strlen(Name) + 1, PropertyBuffer, BufferLength, ResultLength);
    case DevicePropertyPhysicalDeviceObjectName:
        PlatformFormat(Name, sizeof(Name), "\\Device\\NTPNP_%04u", Node->Index);
        return PropertyText(Name, strlen(Name) + 1, PropertyBuffer, BufferLength, ResultLength);
    case DevicePropertyLegacyBusType:
        return Pci ? PropertyNumber(PCIBus, PropertyBuffer, BufferLength, ResultLength) : STATUS_OBJECT_NAME_NOT_FOUND;
    case DevicePropertyBusNumber:
        return Pci ? PropertyNumber(0, PropertyBuffer, BufferLength, ResultLength) : STATUS_OBJECT_NAME_NOT_FOUND;
    case DevicePropertyAddress:
        return Pci ? PropertyNumber((Node->Index + 1) << 16, PropertyBuffer, BufferLength, ResultLength) :
            STATUS_OBJECT_NAME_NOT_FOUND;
    default:
        return STATUS_OBJECT_NAME_NOT_FOUND;
    }
}

VOID IoInvalidateDeviceState(PDEVICE_OBJECT PhysicalDeviceObject)
{
    static const char Routine[] = "IoInvalidateDeviceState";
    PNP_NODE *Node = PnpNodeOfPdo(KernelEnter(Routine, DISPATCH_LEVEL), PhysicalDeviceObject);

    if (Node == NULL) {
        PlatformStop(Routine, "the device object is no PDO");
    }
    Node->Invalidated = TRUE;
}
