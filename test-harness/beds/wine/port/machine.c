/* Which machine this is: from the service's Parameters\Machine at load, from the control word "machine" afterwards. */
#include "port.h"

static void Usual(OPTIONS *Options)
{
    RtlZeroMemory(Options, sizeof(*Options));
    TextCopy(Options->Machine, sizeof(Options->Machine), "64/16/64");
    TextCopy(Options->Profile, sizeof(Options->Profile), "server2022");
    TextCopy(Options->Mode, sizeof(Options->Mode), "observed");
    TextCopy(Options->Time, sizeof(Options->Time), "virtual");
    Options->Seed = 1;
}

/* What is left is told once and freed: nobody has it any more. */
void MachineUnload(void)
{
    DriverUnload();
    Port.Left[0] = 0;
    if (PoolAtRest(Port.Left, sizeof(Port.Left))) {
        if (PortclassCount(Port.Machine) != 0) {
            PlatformFormat(Port.Left, sizeof(Port.Left), "%u objects of the port class were not released",
                           PortclassCount(Port.Machine));
        } else if (TimersRun(Port.Machine)) {
            PlatformFormat(Port.Left, sizeof(Port.Left), "a timer is running");
        } else if (Port.Pending != 0) {
            PlatformFormat(Port.Left, sizeof(Port.Left), "%u requests were not completed", Port.Pending);
        }
    }
    ExtensionDrop();
    PoolForget();
    Port.Pending = 0;
}

void MachineDrop(void)
{
    MACHINE *Machine = Port.Machine;

    if (Machine != NULL && !Port.Stopped) {
        MachineUnload();
    } else {
        ExtensionDrop();
        PoolForget();
        Port.Pending = 0;
    }
    Port.Machines++;
    MonitorForget();
    Port.Pnp.NodeCount = 0;
    Port.EntryProcessor = NULL;
    Port.Pnp.Machine = NULL;
    /* One that stopped is in the middle of something: nobody looks at it again, and its memory is lost until unload. */
    if (Machine != NULL && !Port.Stopped) {
        MachineDelete(Machine);         /* whoever asks while it goes is still in it */
    }
    Port.Machine = NULL;
    Port.Stopped = 0;
    Port.StopText[0] = 0;
    Port.LogLength = 0;
}

BOOLEAN MachineMake(const OPTIONS *Options, char *Reason, size_t ReasonSize)
{
    MACHINE_LAYOUT *Layout = PlatformAllocate(sizeof(*Layout));
    const PROFILE *Profile = ProfileFind(Options->Profile);
    BOOLEAN Observed = TextEqual(Options->Mode, "observed");
    BOOLEAN Real = TextEqual(Options->Time, "real");
    BOOLEAN Done = FALSE;

    if (Profile == NULL) {
        PlatformFormat(Reason, ReasonSize, "no such profile: %s (nt52, win7, win10, server2022)", Options->Profile);
    } else if (!Observed && !TextEqual(Options->Mode, "documented")) {
        PlatformFormat(Reason, ReasonSize, "mode is documented or observed, not %s", Options->Mode);
    } else if (!Real && !TextEqual(Options->Time, "virtual")) {
        PlatformFormat(Reason, ReasonSize, "time is virtual or real, not %s", Options->Time);
    } else {
        Done = LayoutParse(Options->Machine, Options->Layout != NULL ? Options->Layout : Options->Machine, Layout,
                           Reason, ReasonSize) &&
               LayoutFits(Layout, Profile, Reason, ReasonSize);
    }
    if (Done) {
        if (Port.Log == NULL) {
            Port.Log = PlatformAllocate(PORT_LOG);
        }
        Port.Machine = MachineCreate(Layout, Profile, Observed ? MODE_OBSERVED : MODE_DOCUMENTED, Options->Seed);
        Port.Pnp.Machine = Port.Machine;
        Port.Options = *Options;
        Port.Options.Layout = NULL;
        Port.RealTime = Real;
        Port.RealStart = 0;
        PnpCreate(&Port);
        ProcessorEnter(Port.Machine, NULL);
        DriverLoad();
        ProcessorLeave(Port.Machine, "DriverEntry");
    }
    PlatformFree(Layout);
    return Done;
}

/* ---- Options ----------------------------------------------------------------------------------------------------- */

BOOLEAN OptionsParse(OPTIONS *Options, const char *Words, char *Reason, size_t ReasonSize)
{
    char Word[128];
    const char *Value;

    for (;;) {
        while (*Words == ' ' || *Words == '\n') {
            Words++;
        }
        if (TextOption(Words, "layout") != NULL) {
            Options->Layout = TextOption(Words, "layout");      /* to the end */
            return TRUE;
        }
        if (!TextWord(&Words, Word, sizeof(Word))) {
            if (*Words == '\n') {
                continue;
            }
            return TRUE;
        }
        if ((Value = TextOption(Word, "machine")) != NULL) {
            TextCopy(Options->Machine, sizeof(Options->Machine), Value);
        } else if ((Value = TextOption(Word, "profile")) != NULL) {
            TextCopy(Options->Profile, sizeof(Options->Profile), Value);
        } else if ((Value = TextOption(Word, "mode")) != NULL) {
            TextCopy(Options->Mode, sizeof(Options->Mode), Value);
        } else if ((Value = TextOption(Word, "time")) != NULL) {
            TextCopy(Options->Time, sizeof(Options->Time), Value);
        } else if ((Value = TextOption(Word, "seed")) == NULL || !TextNumber(Value, &Options->Seed)) {
            PlatformFormat(Reason, ReasonSize, "no such option: %s", Word);
            return FALSE;
        }
    }
}

void OptionsTell(const OPTIONS *Options, char *Answer, size_t AnswerSize)
{
    PlatformFormat(Answer, AnswerSize, "machine=%s\nprofile=%s\nseed=%llu\nmode=%s\ntime=%s\n", Options->Machine,
                   Options->Profile, Options->Seed, Options->Mode, Options->Time);
}

/* A REG_SZ of the key, narrowed; what is not there leaves the value as it is. */
static void ReadText(HANDLE Key, PCWSTR Name, char *Text, size_t Size)
{
    union {
        KEY_VALUE_PARTIAL_INFORMATION Information;
        UCHAR Room[sizeof(KEY_VALUE_PARTIAL_INFORMATION) + 256];
    } Value;
    UNICODE_STRING String;
    ULONG Length, Index;

    RtlInitUnicodeString(&String, Name);
    if (!NT_SUCCESS(ZwQueryValueKey(Key, &String, KeyValuePartialInformation, &Value, sizeof(Value), &Length)) ||
        Value.Information.Type != REG_SZ) {
        return;
    }
    for (Index = 0; Index + 1 < Size && Index < Value.Information.DataLength / sizeof(WCHAR); Index++) {
        Text[Index] = (char)((const WCHAR *)(const void *)Value.Information.Data)[Index];
    }
    Text[Index] = 0;
}

void OptionsRead(OPTIONS *Options)
{
    OBJECT_ATTRIBUTES Attributes;
    UNICODE_STRING Name;
    HANDLE Service, Key;
    char Seed[32] = "1";
    NTSTATUS Status;

    Usual(Options);
    InitializeObjectAttributes(&Attributes, &Port.RegistryPath, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    if (!NT_SUCCESS(ZwOpenKey(&Service, KEY_READ, &Attributes))) {
        return;
    }
    RtlInitUnicodeString(&Name, L"Parameters\\Machine");
    InitializeObjectAttributes(&Attributes, &Name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, Service, NULL);
    Status = ZwOpenKey(&Key, KEY_READ, &Attributes);
    ZwClose(Service);
    if (NT_SUCCESS(Status)) {
        ReadText(Key, L"Machine", Options->Machine, sizeof(Options->Machine));
        ReadText(Key, L"Profile", Options->Profile, sizeof(Options->Profile));
        ReadText(Key, L"Mode", Options->Mode, sizeof(Options->Mode));
        ReadText(Key, L"Time", Options->Time, sizeof(Options->Time));
        ReadText(Key, L"Seed", Seed, sizeof(Seed));
        TextNumber(Seed, &Options->Seed);
        ZwClose(Key);
    }
}
