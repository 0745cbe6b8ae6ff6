/*
 * Which processors, nodes and devices a machine has: a preset ("2x64", "64/16/64") or a machine file (layout_file.c),
 * and whether a profile can have it.
 */
#include "layout.h"

static const MODEL_RULE Models[] = {
    { "edu", "edu", 1, TRUE, TRUE },
    { "82574", "e1000e", 5, TRUE, FALSE },
    { "igb", "igb", 25, TRUE, FALSE },
    { "16550", "uart", 0, TRUE, FALSE },
    { "none", "none", 16, TRUE, TRUE },
    { "root", "root", 0, FALSE, FALSE },
};

#define MODEL_COUNT (sizeof(Models) / sizeof(Models[0]))
void ParserPlace(const PARSER *Parser, const char *At, TEXT *Refusal)
{
    ULONG Column = (ULONG)(At - Parser->Line) + 1;

    if (Parser->Name != NULL) {
        TextAdd(Refusal, "%s, line %u, column %u: ", Parser->Name, Parser->LineNumber, Column);
    } else {
        TextAdd(Refusal, "machine %s, column %u: ", Parser->Line, Column);
    }
}

KAFFINITY MaskOf(ULONG Count)
{
    return Count >= 64 ? ~(KAFFINITY)0 : (((KAFFINITY)1 << Count) - 1);
}

ULONG MaskCount(KAFFINITY Mask)
{
    ULONG Count = 0;

    for (; Mask != 0; Mask &= Mask - 1) {
        Count++;
    }
    return Count;
}

static BOOLEAN IsDigit(char Character)
{
    return Character >= '0' && Character <= '9';
}

BOOLEAN ParserDigits(const char **At, ULONG *Value)
{
    ULONG Result = 0;

    if (!IsDigit(**At)) {
        return FALSE;
    }
    for (; IsDigit(**At); (*At)++) {
        Result = Result * 10 + (ULONG)(**At - '0');
        if (Result > 0xFFFF) {
            return FALSE;
        }
    }
    *Value = Result;
    return TRUE;
}

BOOLEAN LayoutAddGroup(PARSER *Parser, const char *At, KAFFINITY Active, ULONG Maximum)
{
    MACHINE_LAYOUT *Layout = Parser->Layout;

    if (Layout->Groups == MACHINE_MAXIMUM_GROUPS) {
        PARSER_REFUSE(Parser, At, "no machine has more than %u groups", MACHINE_MAXIMUM_GROUPS);
    }
    Layout->Group[Layout->Groups].Active = Active;
    Layout->Group[Layout->Groups].Maximum = (UCHAR)Maximum;
    Layout->Groups++;
    return TRUE;
}

/* NxM: N groups of M processors. a/b/c: groups of a, b and c. */
static BOOLEAN ParsePreset(PARSER *Parser)
{
    const char *At = Parser->Line;
    const char *Place = At;
    ULONG First, Size;

    if (!ParserDigits(&At, &First)) {
        PARSER_REFUSE(Parser, Place, "a number of groups or processors was expected");
    }
    if (*At == 'x') {
        const char *SizePlace = ++At;

        if (!ParserDigits(&At, &Size)) {
            PARSER_REFUSE(Parser, SizePlace, "the number of processors in each group was expected");
        }
        if (*At != 0) {
            PARSER_REFUSE(Parser, At, "nothing may follow here");
        }
        if (First == 0 || First > MACHINE_MAXIMUM_GROUPS) {
            PARSER_REFUSE(Parser, Place, "a machine has 1 to %u groups, not %u", MACHINE_MAXIMUM_GROUPS, First);
        }
        if (Size == 0 || Size > 64) {
            PARSER_REFUSE(Parser, SizePlace, "a group has 1 to 64 processors, not %u", Size);
        }
        for (ULONG Group = 0; Group < First; Group++) {
            if (!LayoutAddGroup(Parser, Place, MaskOf(Size), Size)) {
                return FALSE;
            }
        }
        return TRUE;
    }
    for (Size = First;; Place = ++At) {
        if (Place != Parser->Line && !ParserDigits(&At, &Size)) {
            PARSER_REFUSE(Parser, Place, "the number of processors of a group was expected");
        }
        if (Size == 0 || Size > 64) {
            PARSER_REFUSE(Parser, Place, "a group has 1 to 64 processors, not %u", Size);
        }
        if (!LayoutAddGroup(Parser, Place, MaskOf(Size), Size)) {
            return FALSE;
        }
        if (*At == 0) {
            return TRUE;
        }
        if (*At != '/') {
            PARSER_REFUSE(Parser, At, "expected NxM (groups x processors) or sizes parted by /");
        }
    }
}

const MODEL_RULE *LayoutModel(const char *Model)
{
    for (ULONG Index = 0; Index < MODEL_COUNT; Index++) {
        if (TextEqual(Models[Index].Model, Model)) {
            return &Models[Index];
        }
    }
    return NULL;
}

void LayoutAddDevice(MACHINE_LAYOUT *Layout, const MODEL_RULE *Model, ULONG Messages, ULONG Line, ULONG Node)
{
    ULONG Number = 0;

    for (ULONG Index = 0; Index < Layout->Devices; Index++) {
        Number += TextEqual(Layout->Device[Index].Model, Model->Model) ? 1u : 0u;
    }
    PlatformFormat(Layout->Device[Layout->Devices].Name, sizeof(Layout->Device[0].Name), "%s%u", Model->Name, Number);
    TextCopy(Layout->Device[Layout->Devices].Model, sizeof(Layout->Device[0].Model), Model->Model);
    Layout->Device[Layout->Devices].Messages = (USHORT)Messages;
    Layout->Device[Layout->Devices].Line = (USHORT)Line;
    Layout->Device[Layout->Devices].Node = (USHORT)Node;
    Layout->Devices++;
}

/* The devices that every machine has unless its file says otherwise; the e1000e on a line shares the second edu's. */
static void AddUsualDevices(MACHINE_LAYOUT *Layout)
{
    USHORT Last = (USHORT)(Layout->Nodes - 1);

    LayoutAddDevice(Layout, LayoutModel("edu"), 1, FIRST_LINE, 0);
    LayoutAddDevice(Layout, LayoutModel("edu"), 0, FIRST_LINE + 1, 0);
    LayoutAddDevice(Layout, LayoutModel("82574"), 5, FIRST_LINE + 2, 0);
    LayoutAddDevice(Layout, LayoutModel("82574"), 0, FIRST_LINE + 1, 0);
    LayoutAddDevice(Layout, LayoutModel("igb"), 8, FIRST_LINE + 3, Last);
    LayoutAddDevice(Layout, LayoutModel("16550"), 0, UART_LINE, 0);
    LayoutAddDevice(Layout, LayoutModel("root"), 0, 0, 0);
}

BOOLEAN LayoutParse(const char *Name, const char *Text, MACHINE_LAYOUT *Layout, char *Reason, size_t ReasonSize)
{
    PARSER Parser = { .Layout = Layout, .Line = Text, .Reason = Reason, .ReasonSize = ReasonSize };
    BOOLEAN OneWord = *Text != 0;

    RtlZeroMemory(Layout, sizeof(*Layout));
    TextCopy(Layout->Name, sizeof(Layout->Name), Name);
    for (const char *At = Text; *At != 0; At++) {
        OneWord = OneWord && *At != ' ' && *At != '\t' && *At != '\r' && *At != '\n';
    }
    if (OneWord) {
        if (!ParsePreset(&Parser)) {
            return FALSE;
        }
    } else {
        Parser.Name = Name;
        if (!LayoutParseFile(&Parser, Text)) {
            return FALSE;
        }
    }
    if (Layout->Nodes == 0) {
        for (USHORT Group = 0; Group < Layout->Groups; Group++) {
            Layout->Node[Group].Group = Group;
            Layout->Node[Group].Mask = Layout->Group[Group].Active;
        }
        Layout->Nodes = Layout->Groups;
    }
    if (Layout->Devices == 0) {
        AddUsualDevices(Layout);
    }
    return TRUE;
}

BOOLEAN LayoutFits(const MACHINE_LAYOUT *Layout, const PROFILE *Profile, char *Reason, size_t ReasonSize)
{
    ULONG Processors = 0;

    for (ULONG Group = 0; Group < Layout->Groups; Group++) {
        Processors += MaskCount(Layout->Group[Group].Active);
    }
    if (Layout->Groups > Profile->MaximumGroups) {
        PlatformFormat(Reason, ReasonSize, "machine %s has %u processor groups; the profile %s has at most %u",
                       Layout->Name, Layout->Groups, Profile->Name, Profile->MaximumGroups);
        return FALSE;
    }
    if (Processors > Profile->MaximumProcessors) {
        PlatformFormat(Reason, ReasonSize, "machine %s has %u processors; the profile %s has at most %u", Layout->Name,
                       Processors, Profile->Name, Profile->MaximumProcessors);
        return FALSE;
    }
    return TRUE;
}
