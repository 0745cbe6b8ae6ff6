/* Control words that need the PnP manager, the power manager or the kernel; the machine's own are passed on to it. */
#include "control.h"
#include "text.h"

typedef struct CONTROL {
    KERNEL *Kernel;
    const char *Words;
    char *Answer;
    size_t AnswerSize;
} CONTROL;

typedef BOOLEAN WORD_RUN(CONTROL *Control, const char *Words);

static BOOLEAN Say(CONTROL *Control, BOOLEAN Done, const char *Text)
{
    PlatformFormat(Control->Answer, Control->AnswerSize, "%s", Text);
    return Done;
}

static PNP_NODE *NamedNode(CONTROL *Control, const char **Words)
{
    char Name[128];
    PNP_NODE *Node;

    if (!TextWord(Words, Name, sizeof(Name))) {
        Say(Control, FALSE, "the name of a device is missing");
        return NULL;
    }
    Node = PnpNodeByName(Control->Kernel, Name);
    if (Node == NULL) {
        Node = PnpNodeByInstance(Control->Kernel, Name);
    }
    if (Node == NULL) {
        PlatformFormat(Control->Answer, Control->AnswerSize, "there is no device \"%s\"", Name);
    }
    return Node;
}

static BOOLEAN LineEnds(CONTROL *Control, const char *Words)
{
    char Word[64];

    if (TextWord(&Words, Word, sizeof(Word))) {
        PlatformFormat(Control->Answer, Control->AnswerSize, "nothing is expected at \"%s\"", Word);
        return FALSE;
    }
    return TRUE;
}

static BOOLEAN TellResult(CONTROL *Control, PNP_RESULT Result, const char *Reason)
{
    static const char *const Names[] = { "ok", "vetoed", "failed" };

    if (Result == PNP_DONE) {
        return Say(Control, TRUE, "ok");
    }
    PlatformFormat(Control->Answer, Control->AnswerSize, "%s: %s", Names[Result], Reason);
    return FALSE;
}

/* ---- Words that run driver code ---------------------------------------------------------------------------------- */

typedef PNP_RESULT NODE_ROUTINE(PNP_NODE *Node, char *Reason, size_t ReasonSize);

static BOOLEAN RunOnNode(CONTROL *Control, const char *Words, NODE_ROUTINE *Routine)
{
    PNP_NODE *Node = NamedNode(Control, &Words);
    char Reason[160] = "";

    if (Node == NULL || !LineEnds(Control, Words)) {
        return FALSE;
    }
    return TellResult(Control, Routine(Node, Reason, sizeof(Reason)), Reason);
}

static BOOLEAN RunRestart(CONTROL *Control, const char *Words)
{
    return RunOnNode(Control, Words, PnpRestart);
}

static BOOLEAN RunSurprise(CONTROL *Control, const char *Words)
{
    return RunOnNode(Control, Words, PnpSurpriseRemove);
}

static BOOLEAN RunReplug(CONTROL *Control, const char *Words)
{
    return RunOnNode(Control, Words, PnpReplug);
}

static BOOLEAN RunQueryRemove(CONTROL *Control, const char *Words)
{
    return RunOnNode(Control, Words, PnpQueryRemove);
}

static BOOLEAN RunQueryStop(CONTROL *Control, const char *Words)
{
    return RunOnNode(Control, Words, PnpQueryStop);
}

static BOOLEAN RunStart(CONTROL *Control, const char *Words)
{
    return RunOnNode(Control, Words, PnpRestartInPlace);
}

static BOOLEAN RunRebalance(CONTROL *Control, const char *Words)
{
    PNP_NODE *Node = NamedNode(Control, &Words);
    char Word[64], Reason[160] = "";
    const char *Value;
    ULONGLONG Group;
    LONG Wanted = -1;

    if (Node == NULL) {
        return FALSE;
    }
    if (TextWord(&Words, Word, sizeof(Word))) {
        Value = TextOption(Word, "group");
        if (Value == NULL || !TextNumber(Value, &Group) || Group >= MACHINE_MAXIMUM_GROUPS) {
            PlatformFormat(Control->Answer, Control->AnswerSize, "\"%s\" is not group=NUMBER", Word);
            return FALSE;
        }
        Wanted = (LONG)Group;
    }
    if (!LineEnds(Control, Words)) {
        return FALSE;
    }
    return TellResult(Control, PnpRebalance(Node, Wanted, Reason, sizeof(Reason)), Reason);
}

static BOOLEAN RunPower(CONTROL *Control, const char *Words)
{
    PNP_NODE *Node = NamedNode(Control, &Words);
    char Word[8] = "", Reason[160] = "";

    if (Node == NULL) {
        return FALSE;
    }
    TextWord(&Words, Word, sizeof(Word));
    if (!TextEqual(Word, "0") && !TextEqual(Word, "3")) {
        return Say(Control, FALSE, "the device state is 0 or 3");
    }
    if (!LineEnds(Control, Words)) {
        return FALSE;
    }
    return TellResult(Control, PowerSet(Node, Word[0] == '0' ? PowerSystemWorking : PowerSystemSleeping3, Reason,
                                        sizeof(Reason)), Reason);
}

static BOOLEAN RunAdvance(CONTROL *Control, const char *Words)
{
    char Word[64];
    ULONGLONG Nanoseconds;

    if (!TextWord(&Words, Word, sizeof(Word)) || !TextNumber(Word, &Nanoseconds) || !LineEnds(Control, Words)) {
        return Say(Control, FALSE, "advance wants a number of nanoseconds");
    }
    if (KernelRealTime(Control->Kernel)) {
        return Say(Control, FALSE, "this machine's time is the host's");
    }
    MachineAdvance(PlatformMachine(), Nanoseconds);
    return Say(Control, TRUE, "ok");
}

/* ---- Words that look or set -------------------------------------------------------------------------------------- */

static BOOLEAN RunRest(CONTROL *Control, const char *Words)
{
    if (!LineEnds(Control, Words)) {
        return FALSE;
    }
    return KernelAtRest(Control->Kernel, Control->Answer, Control->AnswerSize) ? Say(Control, TRUE, "ok") : FALSE;
}

static BOOLEAN RunLog(CONTROL *Control, const char *Words)
{
    if (!LineEnds(Control, Words)) {
        return FALSE;
    }
    KernelTakeLog(Control->Kernel, Control->Answer, Control->AnswerSize);
    return TRUE;
}

static BOOLEAN RunStop(CONTROL *Control, const char *Words)
{
    return LineEnds(Control, Words) && Say(Control, TRUE, KernelStopText(Control->Kernel));
}

static BOOLEAN RunFail(CONTROL *Control, const char *Words)
{
    char Word[64] = "";
    ULONGLONG Number;

    TextWord(&Words, Word, sizeof(Word));
    if (!LineEnds(Control, Words)) {
        return FALSE;
    }
    if (TextEqual(Word, "count")) {
        PlatformFormat(Control->Answer, Control->AnswerSize, "%llu", MachineFallible(PlatformMachine()));
        return TRUE;
    }
    if (TextEqual(Word, "off")) {
        Number = 0;
    } else if (!TextNumber(Word, &Number) || Number == 0) {
        return Say(Control, FALSE, "fail wants off, count, or which fallible call from now on");
    }
    MachineFailAt(PlatformMachine(), Number);
    return Say(Control, TRUE, "ok");
}

static BOOLEAN RunState(CONTROL *Control, const char *Words)
{
    PNP_NODE *Node = NamedNode(Control, &Words);

    if (Node == NULL || !LineEnds(Control, Words)) {
        return FALSE;
    }
    PlatformFormat(Control->Answer, Control->AnswerSize, "%s D%u S%u starts=%u handles=%u%s%s", NodeStateName(Node),
                   (ULONG)Node->Power - PowerDeviceD0, (ULONG)Node->System - PowerSystemWorking, Node->Starts,
                   Node->Handles, Node->Problem[0] == 0 ? "" : " ", Node->Problem);
    return TRUE;
}

/* Where the next host calls enter: g1:7, or off for the first processor. */
static BOOLEAN RunProcessor(CONTROL *Control, const char *Words)
{
    char Word[64] = "";
    char *Colon = Word;
    ULONGLONG Group, Number;

    TextWord(&Words, Word, sizeof(Word));
    if (!LineEnds(Control, Words)) {
        return FALSE;
    }
    if (TextEqual(Word, "off")) {
        KernelEntryProcessor(Control->Kernel, NULL);
        return Say(Control, TRUE, "ok");
    }
    while (*Colon != 0 && *Colon != ':') {
        Colon++;
    }
    if (Word[0] != 'g' || *Colon == 0) {
        return Say(Control, FALSE, "processor wants gGROUP:NUMBER or off");
    }
    *Colon = 0;
    if (!TextNumber(Word + 1, &Group) || !TextNumber(Colon + 1, &Number) || Group > 0xFFFF || Number > 0xFF ||
        ProcessorByNumber(PlatformMachine(), (USHORT)Group, (UCHAR)Number) == NULL) {
        return Say(Control, FALSE, "there is no such processor");
    }
    KernelEntryProcessor(Control->Kernel, ProcessorByNumber(PlatformMachine(), (USHORT)Group, (UCHAR)Number));
    return Say(Control, TRUE, "ok");
}

static BOOLEAN RunRegistry(CONTROL *Control, const char *Words)
{
    return KernelRegistryWord(Control->Kernel, Words, Control->Answer, Control->AnswerSize);
}

/* ---- The table --------------------------------------------------------------------------------------------------- */

static const struct WORD {
    const char *Word;
    WORD_RUN *Run;
    BOOLEAN Looks;                      /* runs no driver code, and works on a stopped machine */
} Table[] = {
    { "advance", RunAdvance, FALSE },
    { "restart", RunRestart, FALSE },
    { "rebalance", RunRebalance, FALSE },
    { "query-remove", RunQueryRemove, FALSE },
    { "query-stop", RunQueryStop, FALSE },
    { "start", RunStart, FALSE },
    { "surprise", RunSurprise, FALSE },
    { "replug", RunReplug, FALSE },
    { "power", RunPower, FALSE },
    { "rest", RunRest, TRUE },
    { "log", RunLog, TRUE },
    { "stop", RunStop, TRUE },
    { "fail", RunFail, TRUE },
    { "state", RunState, TRUE },
    { "processor", RunProcessor, TRUE },
    { "registry", RunRegistry, TRUE },
};

static const struct WORD *WordFind(const char *Words)
{
    char Word[64];
    ULONG Index;

    if (TextWord(&Words, Word, sizeof(Word))) {
        for (Index = 0; Index < sizeof(Table) / sizeof(Table[0]); Index++) {
            if (TextEqual(Table[Index].Word, Word)) {
                return &Table[Index];
            }
        }
    }
    return NULL;
}

BOOLEAN ControlLooks(const char *Words)
{
    const struct WORD *Found = WordFind(Words);

    return Found != NULL && Found->Looks;
}

BOOLEAN ControlWords(KERNEL *Kernel, const char *Words, char *Answer, size_t AnswerSize)
{
    CONTROL Control = { Kernel, Words, Answer, AnswerSize };
    const struct WORD *Found = WordFind(Words);
    char Word[64];

    if (Found == NULL) {
        return MachineControl(PlatformMachine(), Words, Answer, AnswerSize);
    }
    TextWord(&Words, Word, sizeof(Word));
    return Found->Run(&Control, Words);
}
