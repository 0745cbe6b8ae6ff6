/* Words of a test to the machine: time, faults, load, and what there is to see. */
#include "device.h"

static DEVICE *NamedDevice(MACHINE *Machine, const char **Words, char *Answer, size_t AnswerSize)
{
    char Word[64];
    DEVICE *Device;

    if (!TextWord(Words, Word, sizeof(Word))) {
        PlatformFormat(Answer, AnswerSize, "the name of a device is missing");
        return NULL;
    }
    Device = MachineDeviceByName(Machine, Word);
    if (Device == NULL) {
        PlatformFormat(Answer, AnswerSize, "there is no device \"%s\"", Word);
    }
    return Device;
}

static BOOLEAN LineEnds(const char *Words, char *Answer, size_t AnswerSize)
{
    char Word[64];

    if (TextWord(&Words, Word, sizeof(Word))) {
        PlatformFormat(Answer, AnswerSize, "\"%s\" is one word too many", Word);
        return FALSE;
    }
    return TRUE;
}

static BOOLEAN RunNow(MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize)
{
    if (!LineEnds(Words, Answer, AnswerSize)) {
        return FALSE;
    }
    PlatformFormat(Answer, AnswerSize, "%llu", MachineNow(Machine));
    return TRUE;
}

static BOOLEAN RunGrants(MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize)
{
    DEVICE *Device = NamedDevice(Machine, &Words, Answer, AnswerSize);
    TEXT Text;

    if (Device == NULL || !LineEnds(Words, Answer, AnswerSize)) {
        return FALSE;
    }
    TextStart(&Text, Answer, AnswerSize);
    for (ULONG Index = 0; Index < Device->AssignedCount; Index++) {
        const ASSIGNED_INTERRUPT *Assigned = &Device->Assigned[Index];

        TextAdd(&Text, "%s %u %u %u %u 0x%llx\n", Assigned->Message ? "message" : "line", Index, Assigned->Number,
                Assigned->Irql, Assigned->Group, (ULONGLONG)Assigned->Mask);
    }
    return TRUE;
}

static BOOLEAN RunLoad(MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize)
{
    DEVICE *Device = NamedDevice(Machine, &Words, Answer, AnswerSize);
    ULONGLONG Rate;
    char Word[64];

    if (Device == NULL) {
        return FALSE;
    }
    if (!TextWord(&Words, Word, sizeof(Word)) || !TextNumber(Word, &Rate) || Rate > 10000000) {
        PlatformFormat(Answer, AnswerSize, "load needs a rate of 0 to 10000000 interrupts a second");
        return FALSE;
    }
    if (!LineEnds(Words, Answer, AnswerSize)) {
        return FALSE;
    }
    DeviceLoad(Device, (ULONG)Rate);
    return TRUE;
}

static BOOLEAN RunSpur(MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize)
{
    DEVICE *Device = NamedDevice(Machine, &Words, Answer, AnswerSize);

    if (Device == NULL || !LineEnds(Words, Answer, AnswerSize)) {
        return FALSE;
    }
    Device->Model->Raise(Device, Device->Model->OwnCause(Device));
    MachineDeliver(Machine);
    return TRUE;
}

/* Another driver's device on the same shared line: an interrupt that none of our drivers may claim. */
static BOOLEAN RunForeign(MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize)
{
    DEVICE *Device = NamedDevice(Machine, &Words, Answer, AnswerSize);
    BOOLEAN AtConnect = FALSE;
    char Word[64];

    if (Device == NULL) {
        return FALSE;
    }
    if (TextWord(&Words, Word, sizeof(Word))) {
        if (!TextEqual(Word, "connect")) {
            PlatformFormat(Answer, AnswerSize, "foreign comes at once, or with \"connect\" inside of the next connect");
            return FALSE;
        }
        AtConnect = TRUE;
    }
    if (!LineEnds(Words, Answer, AnswerSize)) {
        return FALSE;
    }
    if (Device->AssignedCount == 0 || Device->Assigned[0].Message || Device->Assigned[0].Mode != LevelSensitive) {
        PlatformFormat(Answer, AnswerSize, "%s has no line that it could share", Device->Name);
        return FALSE;
    }
    VectorForeign(Device->Assigned[0].Vector, AtConnect);
    MachineDeliver(Machine);
    return TRUE;
}

static BOOLEAN RunModel(MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize)
{
    DEVICE *Device = NamedDevice(Machine, &Words, Answer, AnswerSize);
    TEXT Text;

    if (Device == NULL || !LineEnds(Words, Answer, AnswerSize)) {
        return FALSE;
    }
    TextStart(&Text, Answer, AnswerSize);
    TextAdd(&Text, "model %s\npresent %u\npower D%u\npin %u\nasserted %u\n", Device->Model->Name, Device->Present,
            Device->Powered ? 0u : 3u, Device->Pin, Device->Asserted);
    if (Device->Model->Pci) {
        TextAdd(&Text, "command 0x%04x\n", DeviceConfigWord(Device, PCI_COMMAND_OFFSET));
    }
    Device->Model->Dump(Device, &Text);
    return TRUE;
}

/* A name may stand in several places of the table: one for every copy of the text that routines gave. */
static BOOLEAN RunCalls(MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize)
{
    const ROUTINE_CALLS *Calls = MachineCalls(Machine);
    ULONG First, Other;
    TEXT Text;

    if (!LineEnds(Words, Answer, AnswerSize)) {
        return FALSE;
    }
    TextStart(&Text, Answer, AnswerSize);
    for (First = 0; First < MACHINE_ROUTINES; First++) {
        ULONGLONG Count = 0;
        BOOLEAN Told = FALSE;

        for (Other = 0; Calls[First].Name != NULL && Other < MACHINE_ROUTINES; Other++) {
            if (Calls[Other].Name != NULL && TextEqual(Calls[Other].Name, Calls[First].Name)) {
                Count += Calls[Other].Count;
                Told = Told || Other < First;
            }
        }
        if (Count != 0 && !Told) {
            TextAdd(&Text, "%s %llu\n", Calls[First].Name, Count);
        }
    }
    return TRUE;
}

BOOLEAN MachineControl(MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize)
{
    static const struct {
        const char *Word;
        BOOLEAN (*Run)(MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize);
    } Table[] = {
        { "now", RunNow }, { "fault", FaultArm }, { "grants", RunGrants },
        { "load", RunLoad }, { "spur", RunSpur }, { "model", RunModel }, { "foreign", RunForeign }, { "calls", RunCalls },
    };
    char Word[64];

    if (AnswerSize != 0) {
        Answer[0] = 0;
    }
    if (!TextWord(&Words, Word, sizeof(Word))) {
        PlatformFormat(Answer, AnswerSize, "a word is missing");
        return FALSE;
    }
    for (ULONG Index = 0; Index < sizeof(Table) / sizeof(Table[0]); Index++) {
        if (TextEqual(Table[Index].Word, Word)) {
            return Table[Index].Run(Machine, Words, Answer, AnswerSize);
        }
    }
    PlatformFormat(Answer, AnswerSize, "there is no word \"%s\"", Word);
    return FALSE;
}

BOOLEAN MachineAtRest(MACHINE *Machine, char *Answer, size_t AnswerSize)
{
    TEXT Text;
    BOOLEAN Rest = InterruptsAtRest(Machine, Answer, AnswerSize);

    Text.Buffer = Answer;
    Text.Size = AnswerSize;
    Text.Used = Rest || AnswerSize == 0 ? 0 : TextLength(Answer);
    return BusAtRest(Machine, Answer + Text.Used, AnswerSize - Text.Used) && Rest;
}
