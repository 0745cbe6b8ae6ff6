#include "kernel_fixture.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

PROBE Probe;
PROBE_DEVICE *ProbeDevice;
uint64_t Machine;

static const GUID ProbeClass = { 0x9a1f3c10, 0x2b4d, 0x4c3e, { 0x8f, 0x01, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66 } };
static char Trace[8192];
static char Taken[8192];
static char Answer[65536];
static SIM_HANDLE File;                 /* that Run uses */

int LastError(void)
{
    return errno;
}

void TraceAdd(const char *Text)
{
    size_t Length = strlen(Trace);

    snprintf(Trace + Length, sizeof(Trace) - Length, "%s%s", Length == 0 ? "" : " ", Text);
}

const char *TraceTake(void)
{
    memcpy(Taken, Trace, sizeof(Taken));
    Trace[0] = 0;
    return Taken;
}

/* ---- The driver -------------------------------------------------------------------------------------------------- */

static PROBE_DEVICE *DeviceOf(PDEVICE_OBJECT Device)
{
    return Device->DeviceExtension;
}

NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

NTSTATUS PassDown(PDEVICE_OBJECT Device, PIRP Irp)
{
    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(DeviceOf(Device)->Lower, Irp);
}

static NTSTATUS Control(PDEVICE_OBJECT Device, PIRP Irp)
{
    if (IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode == CODE_RUN) {
        Probe.Body(DeviceOf(Device));
        return Complete(Irp, STATUS_SUCCESS, 0);
    }
    return Probe.Control != NULL ? Probe.Control(Device, Irp) : Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
}

static NTSTATUS Create(PDEVICE_OBJECT Device, PIRP Irp)
{
    TraceAdd("CREATE");
    return Probe.Create != NULL ? Probe.Create(Device, Irp) : Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS Cleanup(PDEVICE_OBJECT Device, PIRP Irp)
{
    TraceAdd("CLEANUP");
    return Probe.Cleanup != NULL ? Probe.Cleanup(Device, Irp) : Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS Close(PDEVICE_OBJECT Device, PIRP Irp)
{
    TraceAdd("CLOSE");
    return Probe.Close != NULL ? Probe.Close(Device, Irp) : Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS PowerDown(PDEVICE_OBJECT Device, PIRP Irp)
{
    PoStartNextPowerIrp(Irp);
    IoSkipCurrentIrpStackLocation(Irp);
    return PoCallDriver(DeviceOf(Device)->Lower, Irp);
}

static NTSTATUS Power(PDEVICE_OBJECT Device, PIRP Irp)
{
    BOOLEAN Done = FALSE;
    NTSTATUS Status = Probe.Power == NULL ? STATUS_SUCCESS : Probe.Power(Device, Irp, &Done);

    return Done ? Status : PowerDown(Device, Irp);
}

static NTSTATUS Remove(PDEVICE_OBJECT Device, PIRP Irp)
{
    PROBE_DEVICE *Mine = DeviceOf(Device);
    NTSTATUS Status;

    if (!Probe.LeavesEnabled) {
        IoSetDeviceInterfaceState(&Mine->Link, FALSE);
    }
    IoAcquireRemoveLock(&Mine->RemoveLock, Irp);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    Status = PassDown(Device, Irp);
    IoReleaseRemoveLockAndWait(&Mine->RemoveLock, Irp);
    RtlFreeUnicodeString(&Mine->Link);
    if (!Probe.LeavesAttached) {
        IoDetachDevice(Mine->Lower);
        IoDeleteDevice(Device);
    }
    return Status;
}

static NTSTATUS Start(PDEVICE_OBJECT Device, PIRP Irp)
{
    PROBE_DEVICE *Mine = DeviceOf(Device);

    CHECK(IoForwardIrpSynchronously(Mine->Lower, Irp));
    Mine->Starts++;
    IoSetDeviceInterfaceState(&Mine->Link, TRUE);
    return Complete(Irp, Irp->IoStatus.Status, 0);
}

static const char *PnpName(UCHAR Minor)
{
    static const char *const Names[] = {
        "START", "QUERY_REMOVE", "REMOVE", "CANCEL_REMOVE", "STOP", "QUERY_STOP", "CANCEL_STOP", "RELATIONS",
        "INTERFACE",
        "CAPABILITIES", "RESOURCES", "REQUIREMENTS", "TEXT", "FILTER"
    };

    return Minor < RTL_NUMBER_OF(Names) ? Names[Minor] : Minor == IRP_MN_SURPRISE_REMOVAL ? "SURPRISE" :
        Minor == IRP_MN_QUERY_PNP_DEVICE_STATE ? "STATE" : "OTHER";
}

static NTSTATUS Pnp(PDEVICE_OBJECT Device, PIRP Irp)
{
    UCHAR Minor = IoGetCurrentIrpStackLocation(Irp)->MinorFunction;
    BOOLEAN Done = FALSE;
    NTSTATUS Status;

    TraceAdd(PnpName(Minor));
    if (Probe.Pnp != NULL) {
        Status = Probe.Pnp(Device, Irp, &Done);
        if (Done) {
            return Status;
        }
    }
    switch (Minor) {
    case IRP_MN_START_DEVICE:
        return Start(Device, Irp);
    case IRP_MN_REMOVE_DEVICE:
        return Remove(Device, Irp);
    case IRP_MN_SURPRISE_REMOVAL:
        if (!Probe.LeavesEnabled) {
            IoSetDeviceInterfaceState(&DeviceOf(Device)->Link, FALSE);
        }
        break;
    case IRP_MN_QUERY_STOP_DEVICE:
    case IRP_MN_CANCEL_STOP_DEVICE:
    case IRP_MN_STOP_DEVICE:
    case IRP_MN_QUERY_REMOVE_DEVICE:
    case IRP_MN_CANCEL_REMOVE_DEVICE:
        break;
    default:
        return PassDown(Device, Irp);
    }
    Irp->IoStatus.Status = STATUS_SUCCESS;
    return PassDown(Device, Irp);
}

static NTSTATUS AddDevice(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Pdo)
{
    PDEVICE_OBJECT Device;
    PROBE_DEVICE *Mine;
    NTSTATUS Status;

    TraceAdd("ADD");
    if (Probe.FailsAdd) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Status = IoCreateDevice(Driver, sizeof(*Mine), NULL, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &Device);
    if (!NT_SUCCESS(Status)) {
        return Status;
    }
    Mine = ProbeDevice = DeviceOf(Device);
    Mine->Self = Device;
    Mine->Pdo = Pdo;
    IoInitializeRemoveLock(&Mine->RemoveLock, TAG_TEST, 0, 0);
    KeInitializeEvent(&Mine->Event, NotificationEvent, FALSE);
    KeInitializeTimer(&Mine->Timer);
    Mine->Lower = IoAttachDeviceToDeviceStack(Device, Pdo);
    if (Mine->Lower == NULL) {
        IoDeleteDevice(Device);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Status = IoRegisterDeviceInterface(Pdo, &ProbeClass, NULL, &Mine->Link);
    if (!NT_SUCCESS(Status)) {
        IoDetachDevice(Mine->Lower);
        IoDeleteDevice(Device);
        return Status;
    }
    Device->Flags |= Probe.PagesPower ? DO_POWER_PAGABLE : 0;
    if (Probe.Added != NULL) {
        Probe.Added(Device);
    }
    if (!Probe.LeavesInitializing) {
        Device->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
    }
    return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT Driver)
{
    UNREFERENCED_PARAMETER(Driver);
    TraceAdd("UNLOAD");
    if (Probe.Unload != NULL) {
        Probe.Unload();
    }
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    TraceAdd("ENTRY");
    Driver->DriverExtension->AddDevice = AddDevice;
    Driver->DriverUnload = Unload;
    Driver->MajorFunction[IRP_MJ_CREATE] = Create;
    Driver->MajorFunction[IRP_MJ_CLEANUP] = Cleanup;
    Driver->MajorFunction[IRP_MJ_CLOSE] = Close;
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
    Driver->MajorFunction[IRP_MJ_PNP] = Pnp;
    Driver->MajorFunction[IRP_MJ_POWER] = Power;
    Driver->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = PassDown;
    return Probe.Entry != NULL ? Probe.Entry(Driver) : STATUS_SUCCESS;
}

/* ---- The machine ------------------------------------------------------------------------------------------------- */

static uint64_t Make(const char *Layout, const char *MoreOptions, char *Error, uint32_t ErrorSize)
{
    char Path[] = "/tmp/irqscope-machine-XXXXXX";
    char Options[512];
    uint64_t Number;
    int Descriptor = -1;

    if (strchr(Layout, '\n') != NULL) {
        Descriptor = mkstemp(Path);
        CHECK(Descriptor >= 0 && write(Descriptor, Layout, strlen(Layout)) == (ssize_t)strlen(Layout));
    }
    snprintf(Options, sizeof(Options), "machine=%s\n%s", Descriptor >= 0 ? Path : Layout, MoreOptions);
    Number = SimulatedMachineCreate(Options, Error, ErrorSize);
    if (Descriptor >= 0) {
        close(Descriptor);
        unlink(Path);
    }
    return Number;
}

void Begin(const char *Layout, const char *MoreOptions)
{
    char Error[512] = "";

    Machine = Make(Layout, MoreOptions, Error, sizeof(Error));
    if (Machine == 0) {
        CHECK_FAIL("no machine: %s", Error);
    }
    File = 0;
}

/* The next machine of the same program has the driver's own parts again. */
static void ProbeReset(void)
{
    memset(&Probe, 0, sizeof(Probe));
    TraceTake();
}

BOOLEAN BeginFails(const char *Layout, const char *MoreOptions, const char *Text)
{
    char Error[512] = "";

    Machine = Make(Layout, MoreOptions, Error, sizeof(Error));
    ProbeReset();
    return Machine == 0 && strstr(Error, Text) != NULL;
}

void End(void)
{
    char Report[512] = "";
    int32_t Result = SimulatedMachineDelete(Machine, Report, sizeof(Report));

    if (Result != 0) {
        CHECK_FAIL("the machine was not at rest: %s", Report);
    }
    ProbeReset();
}

void EndWith(const char *Text)
{
    char Report[512] = "";

    CHECK_EQUAL(1, SimulatedMachineDelete(Machine, Report, sizeof(Report)));
    if (strstr(Report, Text) == NULL) {
        CHECK_FAIL("the report is \"%s\", expected \"%s\"", Report, Text);
    }
    ProbeReset();
}

static const char *SayArguments(int32_t Expected, const char *Format, va_list Arguments)
{
    char Words[256];

    vsnprintf(Words, sizeof(Words), Format, Arguments);
    if (SimulatedMachineControl(Machine, Words, Answer, sizeof(Answer)) != Expected) {
        CHECK_FAIL("\"%s\" answers: %s", Words, Answer);
    }
    return Answer;
}

const char *Say(const char *Format, ...)
{
    va_list Arguments;
    const char *Said;

    va_start(Arguments, Format);
    Said = SayArguments(1, Format, Arguments);
    va_end(Arguments);
    return Said;
}

const char *SayFails(const char *Format, ...)
{
    va_list Arguments;
    const char *Said;

    va_start(Arguments, Format);
    Said = SayArguments(0, Format, Arguments);
    va_end(Arguments);
    return Said;
}

typedef struct PATH {
    KERNEL *Kernel;
    WCHAR Text[256];
} PATH;

static void PathTake(void *Context)
{
    PATH *Path = Context;
    const WCHAR *Text = PnpInterfacePath(PnpNode(Path->Kernel, 0), &ProbeClass);
    ULONG Index;

    for (Index = 0; Text != NULL && (Path->Text[Index] = Text[Index]) != 0; Index++) {
    }
}

SIM_HANDLE OpenFor(uint32_t Access, uint32_t Flags)
{
    PATH Path = { HostMachine(Machine), { 0 } };

    KernelLook(Path.Kernel, PathTake, &Path);
    HostMachineRelease(Path.Kernel);
    return CreateFileW((const uint16_t *)Path.Text, Access, 0, NULL, 3, Flags, 0);
}

SIM_HANDLE Open(uint32_t Flags)
{
    SIM_HANDLE Opened = OpenFor(0xC0000000u, Flags);

    if (Opened == SIM_INVALID_HANDLE) {
        CHECK_FAIL("CreateFileW: %d; %s", LastError(), Say("stop"));
    }
    return Opened;
}

/* ---- Code inside the driver -------------------------------------------------------------------------------------- */

static BOOLEAN RunNow(void (*Body)(PROBE_DEVICE *Device))
{
    uint32_t Returned;

    if (File == 0) {
        File = Open(0);
    }
    Probe.Body = Body;
    return DeviceIoControl(File, CODE_RUN, NULL, 0, NULL, 0, &Returned, NULL) != 0;
}

void Run(void (*Body)(PROBE_DEVICE *Device))
{
    if (!RunNow(Body)) {
        CHECK_FAIL("error %d; %s", LastError(), Say("stop"));
    }
}

void Stopped(const char *Routine, const char *Text)
{
    const char *Why = Say("stop");

    if (strncmp(Why, Routine, strlen(Routine)) != 0 || strstr(Why, Text) == NULL) {
        CHECK_FAIL("stopped with \"%s\", expected \"%s: ...%s...\"", Why, Routine, Text);
    }
}

void Breaks(void (*Body)(PROBE_DEVICE *Device), const char *Routine, const char *Text)
{
    CHECK(!RunNow(Body));
    CHECK_EQUAL(WIN32_IO_DEVICE, LastError());
    Stopped(Routine, Text);
    /* Dead, but not gone: it refuses everything else, and can be deleted. */
    CHECK(SimulatedMachineControl(Machine, "advance 1", Answer, sizeof(Answer)) == 0);
    EndWith(Text);
}
