/* A kernel from its creation to its end: the machine, the registry, the driver, the devices. */
#include "kernel.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct CREATION {
    KERNEL *Kernel;
    const KERNEL_OPTIONS *Options;
    char *Error;
    size_t ErrorSize;
    BOOLEAN Done;
} CREATION;

static void MachineMake(void *Context)
{
    CREATION *Creation = Context;
    KERNEL *Kernel = Creation->Kernel;
    const KERNEL_OPTIONS *Options = Creation->Options;
    ULONG Major;

    Kernel->Log = PlatformAllocate(KERNEL_LOG);
    Kernel->Machine = MachineCreate(Options->Layout, Options->Profile, Options->Mode, Options->Seed);
    Kernel->Pnp.Machine = Kernel->Machine;
    Kernel->Registry = CmCreate(Options->State, Creation->Error, Creation->ErrorSize);
    if (Kernel->Registry == NULL) {
        return;
    }
    Kernel->BusDriver = DriverCreate(Kernel, L"simbus");
    for (Major = 0; Major <= IRP_MJ_MAXIMUM_FUNCTION; Major++) {
        Kernel->BusDriver->MajorFunction[Major] = BusDispatch;
    }
    Kernel->Driver = DriverCreate(Kernel, L"irqscope");
    Kernel->DriverEntry = Options->DriverEntry;
    Creation->Done = TRUE;
}

static void DriverLoad(void *Context)
{
    CREATION *Creation = Context;
    KERNEL *Kernel = Creation->Kernel;
    UNICODE_STRING Path;
    NTSTATUS Status;

    RtlInitUnicodeString(&Path, CmServicePath());
    Status = Kernel->DriverEntry(Kernel->Driver, &Path);
    Kernel->Loaded = NT_SUCCESS(Status);
    if (!Kernel->Loaded) {
        snprintf(Creation->Error, Creation->ErrorSize, "DriverEntry failed with 0x%08x", (unsigned)Status);
        return;
    }
    PnpInstallAll(Kernel);
    PnpStartAll(Kernel);
    Creation->Done = TRUE;
}

static void MachineUnmake(void *Context)
{
    KERNEL *Kernel = Context;

    /* A machine that stopped is in the middle of something: its memory goes as a whole, nobody looks at it again. */
    if (!Kernel->Stopped) {
        if (Kernel->Registry != NULL) {
            CmDelete(Kernel->Registry);
        }
        MachineDelete(Kernel->Machine);
    }
    PoolDelete(Kernel);
}

void KernelDelete(KERNEL *Kernel)
{
    WorkersEnd(Kernel);
    KernelLook(Kernel, MachineUnmake, Kernel);
    ArenaDelete(Kernel);
    MonitorDelete(Kernel->Monitor);
    free(Kernel);
}

KERNEL *KernelCreate(const KERNEL_OPTIONS *Options, char *Error, size_t ErrorSize)
{
    KERNEL *Kernel = calloc(1, sizeof(*Kernel));
    CREATION Creation = { Kernel, Options, Error, ErrorSize, FALSE };

    if (Kernel == NULL) {
        snprintf(Error, ErrorSize, "the host has no memory left");
        return NULL;
    }
    Kernel->Number = Options->Number;
    Kernel->Monitor = MonitorCreate();
    Kernel->Patience = 20000;
    KernelLook(Kernel, MachineMake, &Creation);
    if (Creation.Done) {
        Creation.Done = FALSE;
        KernelRun(Kernel, DriverLoad, &Creation);
    }
    if (!Creation.Done) {
        if (Kernel->Stopped) {
            snprintf(Error, ErrorSize, "%s", Kernel->StopText);
        }
        KernelDelete(Kernel);
        return NULL;
    }
    Kernel->RealTime = Options->RealTime;
    return Kernel;
}

/* ---- The end ----------------------------------------------------------------------------------------------------- */

typedef struct SHUTDOWN {
    KERNEL *Kernel;
    char *Report;
    size_t ReportSize;
    BOOLEAN AtRest;
} SHUTDOWN;

static void DriverUnload(void *Context)
{
    SHUTDOWN *Shutdown = Context;
    KERNEL *Kernel = Shutdown->Kernel;

    PnpRemoveAll(Kernel);
    WorkSettle(Kernel);
    if (Kernel->Driver->DriverUnload == NULL) {
        PlatformStop("DriverUnload", "the driver has no unload routine");
    }
    if (Kernel->Driver->DeviceObject != NULL) {
        PlatformStop("DriverUnload", "a device object of the driver is left");
    }
    Kernel->Driver->DriverUnload(Kernel->Driver);
    if (PortclassCount(Kernel->Machine) != 0) {
        PlatformStop("DriverUnload", "%u objects of the port class were not released", PortclassCount(Kernel->Machine));
    }
    Kernel->Loaded = FALSE;
}

static void LookAtRest(void *Context)
{
    SHUTDOWN *Shutdown = Context;

    Shutdown->AtRest = KernelAtRest(Shutdown->Kernel, Shutdown->Report, Shutdown->ReportSize);
    Shutdown->Kernel->Ended = TRUE;
    KernelChanged(Shutdown->Kernel);
}

BOOLEAN KernelShutdown(KERNEL *Kernel, char *Report, size_t ReportSize)
{
    SHUTDOWN Shutdown = { Kernel, Report, ReportSize, FALSE };

    Kernel->RealTime = FALSE;
    if (KernelRun(Kernel, DriverUnload, &Shutdown)) {
        KernelLook(Kernel, LookAtRest, &Shutdown);
    }
    if (KernelStopped(Kernel)) {
        snprintf(Report, ReportSize, "%s", KernelStopText(Kernel));
        return FALSE;
    }
    return Shutdown.AtRest;
}

/* Pool and device objects are the driver's as long as it is loaded; afterwards each is a leak. */
BOOLEAN KernelAtRest(KERNEL *Kernel, char *Answer, size_t AnswerSize)
{
    if (Kernel->Stopped) {
        PlatformFormat(Answer, AnswerSize, "%s", Kernel->StopText);
        return FALSE;
    }
    if (!WorkAtRest(Kernel, Answer, AnswerSize) || !IrpsAtRest(Kernel, Answer, AnswerSize) ||
        !MachineAtRest(Kernel->Machine, Answer, AnswerSize) || !CmAtRest(Kernel->Registry, Answer, AnswerSize)) {
        return FALSE;
    }
    if (Kernel->Loaded) {
        return TRUE;
    }
    if (Kernel->WorkItems != 0) {
        PlatformFormat(Answer, AnswerSize, "%u work items were not freed", Kernel->WorkItems);
        return FALSE;
    }
    if (Kernel->Mdls != 0) {
        PlatformFormat(Answer, AnswerSize, "%d MDLs were not freed", Kernel->Mdls);
        return FALSE;
    }
    if (TimersRun(Kernel->Machine)) {
        PlatformFormat(Answer, AnswerSize, "a timer is running");
        return FALSE;
    }
    return DevicesAtRest(Kernel, Answer, AnswerSize) &&
           PoolAtRest(Kernel, Answer, AnswerSize);
}

/* ---- Words ------------------------------------------------------------------------------------------------------- */

typedef struct WORDS {
    KERNEL *Kernel;
    const char *Words;
    char *Answer;
    size_t AnswerSize;
    BOOLEAN Done;
} WORDS;

static void WordsRun(void *Context)
{
    WORDS *Words = Context;

    Words->Done = ControlWords(Words->Kernel, Words->Words, Words->Answer, Words->AnswerSize);
}

BOOLEAN KernelControl(KERNEL *Kernel, const char *Text, char *Answer, size_t AnswerSize)
{
    WORDS Words = { Kernel, Text, Answer, AnswerSize, FALSE };

    if (AnswerSize == 0) {
        return FALSE;
    }
    Answer[0] = 0;
    if (ControlLooks(Text)) {
        KernelLook(Kernel, WordsRun, &Words);
    } else if (!KernelRun(Kernel, WordsRun, &Words)) {
        PlatformFormat(Answer, AnswerSize, "stopped: %s", KernelStopText(Kernel));
        return FALSE;
    }
    return Words.Done;
}
