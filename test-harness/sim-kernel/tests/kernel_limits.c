/* Every routine has a highest IRQL: called above it, it stops the run and names itself. */
#include "kernel_fixture.h"

static KIRQL Old;
static KSPIN_LOCK Lock;
static PIRP Kept;

/* Every routine with its documented maximum: called one level above, it stops and names itself. */
static const struct LIMIT {
    const char *Routine;
    KIRQL Highest;
    void (*Call)(PROBE_DEVICE *Device);
} Limits[];
static const struct LIMIT *Limit;

static void CallAboveLimit(PROBE_DEVICE *Device)
{
    KeRaiseIrql((KIRQL)(Limit->Highest + 1), &Old);
    Limit->Call(Device);
}

static UNICODE_STRING Text;
static PDEVICE_OBJECT NewDevice;
static GROUP_AFFINITY Affinity;
static RTL_OSVERSIONINFOW Version;
static LARGE_INTEGER Time;
static ULONG Number;
static HANDLE Handle;
static KMUTEX Mutex;
static FAST_MUTEX FastMutex;
static KEVENT Event;

static void CallCreateDevice(PROBE_DEVICE *Device)
{
    IoCreateDevice(Device->Self->DriverObject, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &NewDevice);
}

static void CallDeleteDevice(PROBE_DEVICE *Device) { IoDeleteDevice(Device->Self); }
static void CallDetach(PROBE_DEVICE *Device) { IoDetachDevice(Device->Lower); }
static void CallAttach(PROBE_DEVICE *Device) { IoAttachDeviceToDeviceStack(Device->Self, Device->Pdo); }
static void CallForward(PROBE_DEVICE *Device) { IoForwardIrpSynchronously(Device->Lower, Kept); }
static void CallDriver(PROBE_DEVICE *Device) { IoCallDriver(Device->Lower, Kept); }
static void CallComplete(PROBE_DEVICE *Device) { UNREFERENCED_PARAMETER(Device); IoCompleteRequest(Kept, 0); }
static void CallCancel(PROBE_DEVICE *Device) { UNREFERENCED_PARAMETER(Device); IoCancelIrp(Kept); }
static void CallAllocateIrp(PROBE_DEVICE *Device) { UNREFERENCED_PARAMETER(Device); IoAllocateIrp(1, FALSE); }
static void CallAllocateMdl(PROBE_DEVICE *Device) { IoAllocateMdl(Device, 8, FALSE, FALSE, NULL); }
static void CallWorkItem(PROBE_DEVICE *Device) { IoAllocateWorkItem(Device->Self); }
static void CallSetInterface(PROBE_DEVICE *Device) { IoSetDeviceInterfaceState(&Device->Link, TRUE); }
static void CallProperty(PROBE_DEVICE *Device)
{
    IoGetDeviceProperty(Device->Pdo, DevicePropertyAddress, sizeof(Number), &Number, &Number);
}
static void CallOpenKey(PROBE_DEVICE *Device)
{
    IoOpenDeviceRegistryKey(Device->Pdo, PLUGPLAY_REGKEY_DEVICE, KEY_READ, &Handle);
}
static void CallRegister(PROBE_DEVICE *Device)
{
    static const GUID Class;

    IoRegisterDeviceInterface(Device->Pdo, &Class, NULL, &Text);
}
static void CallRemoveLock(PROBE_DEVICE *Device) { IoAcquireRemoveLock(&Device->RemoveLock, NULL); }
static void CallRemoveLockWait(PROBE_DEVICE *Device) { IoReleaseRemoveLockAndWait(&Device->RemoveLock, NULL); }
static void CallInvalidate(PROBE_DEVICE *Device) { IoInvalidateDeviceState(Device->Pdo); }
static void CallPower(PROBE_DEVICE *Device)
{
    POWER_STATE State = { .DeviceState = PowerDeviceD0 };

    PoRequestPowerIrp(Device->Pdo, IRP_MN_SET_POWER, State, NULL, NULL, NULL);
}
static void CallWait(PROBE_DEVICE *Device)
{
    KeWaitForSingleObject(&Device->Event, Executive, KernelMode, FALSE, NULL);
}
static void CallPoll(PROBE_DEVICE *Device)
{
    LARGE_INTEGER Zero = { .QuadPart = 0 };

    KeWaitForSingleObject(&Device->Event, Executive, KernelMode, FALSE, &Zero);
}
static void CallDelay(PROBE_DEVICE *Device)
{
    LARGE_INTEGER Delay = { .QuadPart = -10 };

    UNREFERENCED_PARAMETER(Device);
    KeDelayExecutionThread(KernelMode, FALSE, &Delay);
}
static void CallSetEvent(PROBE_DEVICE *Device) { KeSetEvent(&Device->Event, 0, FALSE); }
static void CallSetTimer(PROBE_DEVICE *Device) { KeSetTimer(&Device->Timer, Time, NULL); }
static void CallCancelTimer(PROBE_DEVICE *Device) { KeCancelTimer(&Device->Timer); }
static void CallSpinLock(PROBE_DEVICE *Device) { UNREFERENCED_PARAMETER(Device); KeAcquireSpinLock(&Lock, &Old); }
static void CallReleaseMutex(PROBE_DEVICE *Device) { UNREFERENCED_PARAMETER(Device); KeReleaseMutex(&Mutex, FALSE); }
static void CallFlushDpcs(PROBE_DEVICE *Device) { UNREFERENCED_PARAMETER(Device); KeFlushQueuedDpcs(); }
static void CallFastMutex(PROBE_DEVICE *Device) { UNREFERENCED_PARAMETER(Device); ExAcquireFastMutex(&FastMutex); }
static void CallPool(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    ExAllocatePoolWithTag(NonPagedPoolNx, 8, TAG_TEST);
}
static void CallPagedPool(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    ExAllocatePoolWithTag(PagedPool, 8, TAG_TEST);
}
static void CallAddress(PROBE_DEVICE *Device) { UNREFERENCED_PARAMETER(Device); MmGetSystemRoutineAddress(&Text); }
static void CallMap(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    MmMapIoSpace(Time, 8, MmNonCached);
}
static void CallVersion(PROBE_DEVICE *Device) { UNREFERENCED_PARAMETER(Device); RtlGetVersion(&Version); }
static void CallFreeText(PROBE_DEVICE *Device) { UNREFERENCED_PARAMETER(Device); RtlFreeUnicodeString(&Text); }
static void CallAffinityThread(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    KeSetSystemGroupAffinityThread(&Affinity, NULL);
}
static void CallConnect(PROBE_DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    IoConnectInterrupt(NULL, NULL, NULL, NULL, 0, 0, 0, Latched, FALSE, 0, FALSE);
}
static void CallBuild(PROBE_DEVICE *Device)
{
    IO_STATUS_BLOCK Result;

    IoBuildSynchronousFsdRequest(IRP_MJ_PNP, Device->Lower, NULL, 0, NULL, &Event, &Result);
}
static void CallExtension(PROBE_DEVICE *Device)
{
    PVOID Extension;

    IoAllocateDriverObjectExtension(Device->Self->DriverObject, Device, 8, &Extension);
}
static void CallClose(PROBE_DEVICE *Device) { UNREFERENCED_PARAMETER(Device); ZwClose(Handle); }

static const struct LIMIT Limits[] = {
    { "IoCreateDevice", APC_LEVEL, CallCreateDevice },
    { "IoDeleteDevice", APC_LEVEL, CallDeleteDevice },
    { "IoDetachDevice", PASSIVE_LEVEL, CallDetach },
    { "IoAttachDeviceToDeviceStack", DISPATCH_LEVEL, CallAttach },
    { "IoForwardIrpSynchronously", APC_LEVEL, CallForward },
    { "IoCallDriver", DISPATCH_LEVEL, CallDriver },
    { "IoCompleteRequest", DISPATCH_LEVEL, CallComplete },
    { "IoCancelIrp", DISPATCH_LEVEL, CallCancel },
    { "IoAllocateIrp", DISPATCH_LEVEL, CallAllocateIrp },
    { "IoAllocateMdl", DISPATCH_LEVEL, CallAllocateMdl },
    { "IoAllocateWorkItem", DISPATCH_LEVEL, CallWorkItem },
    { "IoBuildSynchronousFsdRequest", APC_LEVEL, CallBuild },
    { "IoAllocateDriverObjectExtension", APC_LEVEL, CallExtension },
    { "IoRegisterDeviceInterface", PASSIVE_LEVEL, CallRegister },
    { "IoSetDeviceInterfaceState", PASSIVE_LEVEL, CallSetInterface },
    { "IoGetDeviceProperty", PASSIVE_LEVEL, CallProperty },
    { "IoOpenDeviceRegistryKey", PASSIVE_LEVEL, CallOpenKey },
    { "ZwClose", PASSIVE_LEVEL, CallClose },
    { "IoAcquireRemoveLock", DISPATCH_LEVEL, CallRemoveLock },
    { "IoReleaseRemoveLockAndWait", PASSIVE_LEVEL, CallRemoveLockWait },
    { "IoInvalidateDeviceState", DISPATCH_LEVEL, CallInvalidate },
    { "PoRequestPowerIrp", DISPATCH_LEVEL, CallPower },
    { "KeWaitForSingleObject", APC_LEVEL, CallWait },
    { "KeWaitForSingleObject", DISPATCH_LEVEL, CallPoll },
    { "KeDelayExecutionThread", APC_LEVEL, CallDelay },
    { "KeSetEvent", DISPATCH_LEVEL, CallSetEvent },
    { "KeSetTimerEx", DISPATCH_LEVEL, CallSetTimer },
    { "KeCancelTimer", DISPATCH_LEVEL, CallCancelTimer },
    { "KeAcquireSpinLock", DISPATCH_LEVEL, CallSpinLock },
    { "KeReleaseMutex", DISPATCH_LEVEL, CallReleaseMutex },
    { "KeFlushQueuedDpcs", PASSIVE_LEVEL, CallFlushDpcs },
    { "KeSetSystemGroupAffinityThread", DISPATCH_LEVEL, CallAffinityThread },
    { "ExAcquireFastMutex", APC_LEVEL, CallFastMutex },
    { "ExAllocatePoolWithTag", DISPATCH_LEVEL, CallPool },
    { "ExAllocatePoolWithTag", APC_LEVEL, CallPagedPool },
    { "MmGetSystemRoutineAddress", PASSIVE_LEVEL, CallAddress },
    { "MmMapIoSpace", DISPATCH_LEVEL, CallMap },
    { "RtlGetVersion", PASSIVE_LEVEL, CallVersion },
    { "RtlFreeUnicodeString", PASSIVE_LEVEL, CallFreeText },
    { "IoConnectInterrupt", PASSIVE_LEVEL, CallConnect },
};

TEST(every_routine_above_its_irql)
{
    ULONG Index;

    for (Index = 0; Index < RTL_NUMBER_OF(Limits); Index++) {
        Limit = &Limits[Index];
        Begin(ONE_DEVICE, "");
        Breaks(CallAboveLimit, Limit->Routine, "IRQL");
    }
}
