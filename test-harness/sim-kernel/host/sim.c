/*
 * The machines of this process, by number, and the four calls of our own: make one, speak to it, delete it, name its
 * enumerator. How an entry point gets into a machine is here, too.
 */
#include "file.h"

#include <stdio.h>
#include <stdlib.h>

#define MACHINE_FILE_LIMIT (1024 * 1024)
#define PUMP_MILLISECONDS 1

static struct MACHINE_ENTRY {
    struct MACHINE_ENTRY *Next;
    KERNEL *Kernel;
} *Machines;
static ULONG LastNumber;

/* ---- The list ----------------------------------------------------------------------------------------------------------- */

KERNEL *HostMachine(uint64_t Number)
{
    struct MACHINE_ENTRY *Entry;
    KERNEL *Kernel = NULL;

    ProcessLock();
    for (Entry = Machines; Entry != NULL; Entry = Entry->Next) {
        if (Entry->Kernel->Number == Number) {
            Kernel = Entry->Kernel;
            Kernel->References++;
        }
    }
    ProcessUnlock();
    return Kernel;
}

/* "SIM12", any case, nothing behind. 0: it is no such name. */
static uint64_t NumberOfEnumerator(const uint16_t *Name)
{
    static const char Prefix[] = "SIM";
    uint64_t Number = 0;
    size_t Index;

    for (Index = 0; Index < sizeof(Prefix) - 1; Index++) {
        if ((Name[Index] & ~0x20) != (uint16_t)Prefix[Index]) {
            return 0;
        }
    }
    for (; Name[Index] >= '0' && Name[Index] <= '9' && Index < 12; Index++) {
        Number = Number * 10 + (Name[Index] - '0');
    }
    return Name[Index] == 0 ? Number : 0;
}

KERNEL *HostMachineByEnumerator(const uint16_t *Name)
{
    uint64_t Number = Name == NULL ? 0 : NumberOfEnumerator(Name);

    return Number == 0 ? NULL : HostMachine(Number);
}

KERNEL *HostMachineNext(KERNEL *Previous)
{
    struct MACHINE_ENTRY *Entry;
    KERNEL *Kernel = NULL;

    ProcessLock();
    /* The newest is first in the list: the next one after Previous has the largest smaller number. */
    for (Entry = Machines; Entry != NULL; Entry = Entry->Next) {
        if ((Previous == NULL || Entry->Kernel->Number < Previous->Number) &&
            (Kernel == NULL || Entry->Kernel->Number > Kernel->Number)) {
            Kernel = Entry->Kernel;
        }
    }
    if (Kernel != NULL) {
        Kernel->References++;
    }
    ProcessUnlock();
    if (Previous != NULL) {
        HostMachineRelease(Previous);
    }
    return Kernel;
}

void HostMachineRelease(KERNEL *Kernel)
{
    BOOLEAN Last;

    ProcessLock();
    Last = --Kernel->References == 0;
    ProcessUnlock();
    if (Last) {
        KernelDelete(Kernel);
    }
}

static void MachineList(KERNEL *Kernel)
{
    struct MACHINE_ENTRY *Entry = calloc(1, sizeof(*Entry));

    if (Entry == NULL) {
        abort();
    }
    Entry->Kernel = Kernel;
    ProcessLock();
    Kernel->References++;
    Entry->Next = Machines;
    Machines = Entry;
    ProcessUnlock();
}

/* Takes the machine out of the list; the list's reference passes to the caller. FALSE: somebody else did. */
static BOOLEAN MachineUnlist(const KERNEL *Kernel)
{
    struct MACHINE_ENTRY **Place;
    struct MACHINE_ENTRY *Entry = NULL;

    ProcessLock();
    for (Place = &Machines; *Place != NULL; Place = &(*Place)->Next) {
        if ((*Place)->Kernel == Kernel) {
            Entry = *Place;
            *Place = Entry->Next;
            break;
        }
    }
    ProcessUnlock();
    free(Entry);
    return Entry != NULL;
}

/* ---- Into a machine -------------------------------------------------------------------------------------------------------- */

typedef struct HOST_RUN {
    KERNEL *Kernel;
    void (*Routine)(void *Context);
    void *Context;
} HOST_RUN;

static void HostRunInside(void *Context)
{
    HOST_RUN *Run = Context;

    Run->Routine(Run->Context);
    FilesSettle(Run->Kernel);
}

BOOLEAN HostRun(KERNEL *Kernel, void (*Routine)(void *Context), void *Context)
{
    HOST_RUN Run = { Kernel, Routine, Context };

    if (KernelRun(Kernel, HostRunInside, &Run)) {
        return TRUE;
    }
    LastErrorSet(WIN32_IO_DEVICE);
    return FALSE;
}

/* ---- time=real: a thread moves the machine's clock with the host's ----------------------------------------------------- */

static void PumpStep(void *Context)
{
    KERNEL *Kernel = Context;
    uint64_t Gone = ThreadClock() - Kernel->RealStart;
    ULONGLONG Now = MachineNow(Kernel->Machine);

    if (Gone > Now) {
        MachineAdvance(Kernel->Machine, Gone - Now);
    }
}

static void PumpRun(void *Context)
{
    KERNEL *Kernel = Context;
    MONITOR *Monitor = MonitorCreate();

    while (!__atomic_load_n(&Kernel->Closing, __ATOMIC_ACQUIRE) && HostRun(Kernel, PumpStep, Kernel)) {
        MonitorEnter(Monitor);
        MonitorWait(Monitor, PUMP_MILLISECONDS);
        MonitorLeave(Monitor);
    }
    MonitorDelete(Monitor);
}

/* ---- Options ------------------------------------------------------------------------------------------------------------------ */

typedef struct OPTIONS {
    char Machine[1024];
    char Profile[32];
    char Seed[32];
    char Mode[32];
    char Time[32];
    char State[1024];
} OPTIONS;

static BOOLEAN OptionTake(OPTIONS *Options, const char *Line, size_t Length, char *Error, size_t ErrorSize)
{
    struct { const char *Name; char *Value; size_t Size; } Known[] = {
        { "machine", Options->Machine, sizeof(Options->Machine) },
        { "profile", Options->Profile, sizeof(Options->Profile) },
        { "seed", Options->Seed, sizeof(Options->Seed) },
        { "mode", Options->Mode, sizeof(Options->Mode) },
        { "time", Options->Time, sizeof(Options->Time) },
        { "state", Options->State, sizeof(Options->State) },
    };
    size_t Index;

    for (Index = 0; Index < sizeof(Known) / sizeof(Known[0]); Index++) {
        size_t Name = strlen(Known[Index].Name);

        if (Length > Name && strncmp(Line, Known[Index].Name, Name) == 0 && Line[Name] == '=') {
            if (Length - Name > Known[Index].Size) {
                snprintf(Error, ErrorSize, "%s is longer than %u", Known[Index].Name, (unsigned)Known[Index].Size - 1);
                return FALSE;
            }
            memcpy(Known[Index].Value, Line + Name + 1, Length - Name - 1);
            Known[Index].Value[Length - Name - 1] = 0;
            return TRUE;
        }
    }
    snprintf(Error, ErrorSize, "no such option: %.*s", (int)(Length > 80 ? 80 : Length), Line);
    return FALSE;
}

static BOOLEAN OptionsParse(OPTIONS *Options, const char *Text, char *Error, size_t ErrorSize)
{
    while (Text != NULL && *Text != 0) {
        size_t Length = strcspn(Text, "\n");

        if (Length != 0 && !OptionTake(Options, Text, Length, Error, ErrorSize)) {
            return FALSE;
        }
        Text += Length;
        Text += *Text == '\n';
    }
    return TRUE;
}

static BOOLEAN SeedParse(const char *Text, ULONGLONG *Seed)
{
    char *End;

    *Seed = strtoull(Text, &End, 0);
    return *Text >= '0' && *Text <= '9' && *End == 0;
}

/* A machine file, or NULL when there is none of that name, or nothing in it. */
static char *MachineFileRead(const char *Path)
{
    FILE *File = fopen(Path, "rb");
    char *Text = NULL;
    size_t Length;

    if (File == NULL) {
        return NULL;
    }
    Text = malloc(MACHINE_FILE_LIMIT + 1);
    Length = Text == NULL ? 0 : fread(Text, 1, MACHINE_FILE_LIMIT, File);
    /* A folder opens, too, and gives nothing. */
    if (Text != NULL && (Length == 0 || ferror(File))) {
        free(Text);
        Text = NULL;
    } else if (Text != NULL) {
        Text[Length] = 0;
    }
    fclose(File);
    return Text;
}

static BOOLEAN LayoutRead(const char *Name, MACHINE_LAYOUT *Layout, char *Error, size_t ErrorSize)
{
    char *Text = MachineFileRead(Name);
    const char *Last = strrchr(Name, '/');
    BOOLEAN Done;

    /* A preset such as 64/16/64 is no path of a file that is there, and begins with a number. */
    if (Text == NULL && (*Name < '0' || *Name > '9')) {
        snprintf(Error, ErrorSize, "machine %s is neither a preset (1x8, 2x64, 64/16/64, 32x64 ...) nor a file with "
                 "something in it", Name);
        return FALSE;
    }
    Done = Text == NULL ? LayoutParse(Name, Name, Layout, Error, ErrorSize)
                        : LayoutParse(Last == NULL ? Name : Last + 1, Text, Layout, Error, ErrorSize);
    free(Text);
    return Done;
}

static BOOLEAN Chosen(const char *What, const char *Value, const char *First, const char *Second, BOOLEAN *IsSecond,
                      char *Error, size_t ErrorSize)
{
    *IsSecond = strcmp(Value, Second) == 0;
    if (*IsSecond || strcmp(Value, First) == 0) {
        return TRUE;
    }
    snprintf(Error, ErrorSize, "%s is %s or %s, not %s", What, First, Second, Value);
    return FALSE;
}

static KERNEL *MachineMake(const OPTIONS *Options, MACHINE_LAYOUT *Layout, char *Error, size_t ErrorSize)
{
    KERNEL_OPTIONS Kernel = { .Layout = Layout, .DriverEntry = DriverEntry };
    BOOLEAN Observed;

    Kernel.Profile = ProfileFind(Options->Profile);
    if (Kernel.Profile == NULL) {
        snprintf(Error, ErrorSize, "no such profile: %s (nt52, win7, win10, server2022)", Options->Profile);
        return NULL;
    }
    if (!SeedParse(Options->Seed, &Kernel.Seed)) {
        snprintf(Error, ErrorSize, "the seed is no number: %s", Options->Seed);
        return NULL;
    }
    if (!Chosen("mode", Options->Mode, "documented", "observed", &Observed, Error, ErrorSize) ||
        !Chosen("time", Options->Time, "virtual", "real", &Kernel.RealTime, Error, ErrorSize) ||
        !LayoutRead(Options->Machine, Layout, Error, ErrorSize) ||
        !LayoutFits(Layout, Kernel.Profile, Error, ErrorSize)) {
        return NULL;
    }
    Kernel.Mode = Observed ? MODE_OBSERVED : MODE_DOCUMENTED;
    Kernel.State = Options->State[0] == 0 ? NULL : Options->State;
    ProcessLock();
    Kernel.Number = ++LastNumber;
    ProcessUnlock();
    return KernelCreate(&Kernel, Error, ErrorSize);
}

/* ---- The four calls ------------------------------------------------------------------------------------------------------------ */

uint64_t SimulatedMachineCreate(const char *Text, char *Error, uint32_t ErrorSize)
{
    OPTIONS Options = { "64/16/64", "server2022", "1", "observed", "virtual", "" };
    MACHINE_LAYOUT *Layout = malloc(sizeof(*Layout));
    KERNEL *Kernel = NULL;

    if (Layout == NULL) {
        abort();
    }
    if (OptionsParse(&Options, Text, Error, ErrorSize)) {
        Kernel = MachineMake(&Options, Layout, Error, ErrorSize);
    }
    free(Layout);
    if (Kernel == NULL) {
        return 0;
    }
    MachineList(Kernel);
    if (Kernel->RealTime) {
        Kernel->RealStart = ThreadClock() - MachineNow(Kernel->Machine);
        Kernel->Pump = ThreadStart(PumpRun, Kernel);
    }
    return Kernel->Number;
}

static void FilesCancelAll(void *Context)
{
    KERNEL *Kernel = Context;
    OPEN_FILE *File;

    for (File = Kernel->Files; File != NULL; File = File->Next) {
        RequestsCancel(File, NULL);
    }
}

/* What becomes of a process's handles when it ends, however it ends. */
static void ProcessRundown(KERNEL *Kernel)
{
    HostRun(Kernel, FilesCancelAll, Kernel);
    HandlesCloseAll(Kernel);
}

int32_t SimulatedMachineDelete(uint64_t Machine, char *Report, uint32_t ReportSize)
{
    KERNEL *Kernel = HostMachine(Machine);
    BOOLEAN AtRest;

    if (Kernel == NULL || !MachineUnlist(Kernel)) {
        if (Kernel != NULL) {
            HostMachineRelease(Kernel);
        }
        snprintf(Report, ReportSize, "there is no machine %llu", (unsigned long long)Machine);
        return 2;
    }
    ProcessRundown(Kernel);
    __atomic_store_n(&Kernel->Closing, TRUE, __ATOMIC_RELEASE);
    if (Kernel->Pump != NULL) {
        ThreadJoin(Kernel->Pump);
    }
    AtRest = KernelShutdown(Kernel, Report, ReportSize);
    HostMachineRelease(Kernel);         /* the list's */
    HostMachineRelease(Kernel);         /* our own */
    return AtRest ? 0 : 1;
}

int32_t SimulatedMachineControl(uint64_t Machine, const char *Words, char *Answer, uint32_t AnswerSize)
{
    KERNEL *Kernel = HostMachine(Machine);
    BOOLEAN Done = TRUE;

    if (Kernel == NULL) {
        snprintf(Answer, AnswerSize, "there is no machine %llu", (unsigned long long)Machine);
        return 0;
    }
    if (strcmp(Words, "kill") == 0) {
        ProcessRundown(Kernel);
        snprintf(Answer, AnswerSize, "ok");
    } else {
        Done = KernelControl(Kernel, Words, Answer, AnswerSize);
    }
    HostMachineRelease(Kernel);
    return Done;
}

int32_t SimulatedMachineEnumerator(uint64_t Machine, char *Name, uint32_t NameSize)
{
    KERNEL *Kernel = HostMachine(Machine);

    if (Kernel == NULL) {
        return 0;
    }
    snprintf(Name, NameSize, "SIM%u", (unsigned)Kernel->Number);
    HostMachineRelease(Kernel);
    return 1;
}
