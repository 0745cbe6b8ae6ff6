/*
 * A machine file: one thing a line; what follows # is a comment:
 *     group 0-15,24-31 maximum=32         its active processors, and how many it can ever have (64 at most)
 *     node group=0 processors=0-7         a NUMA node; without any, each group is a node
 *     device edu messages=1 node=0        edu, 82574, igb, 16550, none or root; without any, the usual ones
 *     device 82574 line=17                messages=N: that it offers; line=N: the input it is wired to
 * Groups, nodes and devices are numbered in the order of their lines. Devices are named as clients name them.
 */
#include "layout.h"

/* 0-3,8: processors of one group, each once. Place is where Text stands in the line. */
static BOOLEAN ParseSet(PARSER *Parser, const char *Place, const char *Text, KAFFINITY *Mask)
{
    const char *At = Text;

    *Mask = 0;
    for (;; At++) {
        const char *Item = At;
        ULONG Low, High;
        KAFFINITY Range;

        if (!ParserDigits(&At, &Low)) {
            PARSER_REFUSE(Parser, Place + (Item - Text), "the number of a processor was expected");
        }
        High = Low;
        if (*At == '-') {
            const char *HighAt = ++At;

            if (!ParserDigits(&At, &High)) {
                PARSER_REFUSE(Parser, Place + (HighAt - Text), "the last processor of the range was expected");
            }
        }
        if (High > 63) {
            PARSER_REFUSE(Parser, Place + (Item - Text), "processors of a group are numbered 0 to 63, not %u", High);
        }
        if (High < Low) {
            PARSER_REFUSE(Parser, Place + (Item - Text), "the range %u-%u runs backwards", Low, High);
        }
        Range = MaskOf(High + 1) & ~MaskOf(Low);
        if ((*Mask & Range) != 0) {
            PARSER_REFUSE(Parser, Place + (Item - Text), "a processor is named twice");
        }
        *Mask |= Range;
        if (*At == 0) {
            return TRUE;
        }
        if (*At != ',') {
            PARSER_REFUSE(Parser, Place + (At - Text), "expected , or the end of the set");
        }
    }
}

static BOOLEAN ParseValue(PARSER *Parser, const char *Place, const char *Text, ULONG Lowest, ULONG Highest,
                          ULONG *Value)
{
    ULONGLONG Number;

    if (!TextNumber(Text, &Number)) {
        PARSER_REFUSE(Parser, Place, "\"%s\" is not a number", Text);
    }
    if (Number < Lowest || Number > Highest) {
        PARSER_REFUSE(Parser, Place, "%s is not between %u and %u", Text, Lowest, Highest);
    }
    *Value = (ULONG)Number;
    return TRUE;
}

/* The next word, and where it and its value stand. */
typedef struct OPTION {
    const char *Place;
    const char *ValuePlace;
    const char *Value;
    char Word[300];
} OPTION;

static BOOLEAN NextOption(const char **At, OPTION *Option)
{
    while (**At == ' ' || **At == '\t') {
        (*At)++;
    }
    Option->Place = *At;
    if (!TextWord(At, Option->Word, sizeof(Option->Word))) {
        return FALSE;
    }
    Option->Value = Option->Word;
    Option->ValuePlace = Option->Place;
    return TRUE;
}

static BOOLEAN OptionIs(OPTION *Option, const char *Name)
{
    const char *Value = TextOption(Option->Word, Name);

    if (Value == NULL) {
        return FALSE;
    }
    Option->Value = Value;
    Option->ValuePlace = Option->Place + (Value - Option->Word);
    return TRUE;
}

static BOOLEAN ParseGroup(PARSER *Parser, const char *At)
{
    OPTION Option;
    KAFFINITY Active;
    ULONG Maximum = 0;
    const char *Place;

    if (!NextOption(&At, &Option)) {
        PARSER_REFUSE(Parser, Option.Place, "a group needs its active processors, like 0-15");
    }
    Place = Option.Place;
    if (!ParseSet(Parser, Option.Place, Option.Word, &Active)) {
        return FALSE;
    }
    while (NextOption(&At, &Option)) {
        if (!OptionIs(&Option, "maximum")) {
            PARSER_REFUSE(Parser, Option.Place, "a group has no \"%s\" (only maximum=)", Option.Word);
        }
        if (!ParseValue(Parser, Option.ValuePlace, Option.Value, 1, 64, &Maximum)) {
            return FALSE;
        }
        if ((Active & ~MaskOf(Maximum)) != 0) {
            PARSER_REFUSE(Parser, Option.ValuePlace, "an active processor is above the maximum of %u", Maximum);
        }
    }
    if (Maximum == 0) {
        for (Maximum = 64; (Active >> (Maximum - 1)) == 0; Maximum--) {
        }
    }
    return LayoutAddGroup(Parser, Place, Active, Maximum);
}

static BOOLEAN ParseNode(PARSER *Parser, const char *At)
{
    MACHINE_LAYOUT *Layout = Parser->Layout;
    OPTION Option;
    ULONG Group = 0;
    KAFFINITY Mask = 0;
    const char *GroupPlace = NULL;
    const char *MaskPlace = NULL;

    while (NextOption(&At, &Option)) {
        if (OptionIs(&Option, "group")) {
            GroupPlace = Option.ValuePlace;
            if (!ParseValue(Parser, GroupPlace, Option.Value, 0, MACHINE_MAXIMUM_GROUPS - 1, &Group)) {
                return FALSE;
            }
        } else if (OptionIs(&Option, "processors")) {
            MaskPlace = Option.ValuePlace;
            if (!ParseSet(Parser, MaskPlace, Option.Value, &Mask)) {
                return FALSE;
            }
        } else {
            PARSER_REFUSE(Parser, Option.Place, "a node has no \"%s\" (only group= and processors=)", Option.Word);
        }
    }
    if (GroupPlace == NULL || MaskPlace == NULL) {
        PARSER_REFUSE(Parser, At, "a node needs group= and processors=");
    }
    if (Group >= Layout->Groups) {
        PARSER_REFUSE(Parser, GroupPlace, "there is no group %u yet: groups come before their nodes", Group);
    }
    if ((Mask & ~Layout->Group[Group].Active) != 0) {
        PARSER_REFUSE(Parser, MaskPlace, "a processor of the node is not active in group %u", Group);
    }
    for (ULONG Index = 0; Index < Layout->Nodes; Index++) {
        if (Layout->Node[Index].Group == Group && (Layout->Node[Index].Mask & Mask) != 0) {
            PARSER_REFUSE(Parser, MaskPlace, "a processor of the node is in node %u already", Index);
        }
    }
    if (Layout->Nodes == MACHINE_MAXIMUM_NODES) {
        PARSER_REFUSE(Parser, At, "no machine has more than %u nodes", MACHINE_MAXIMUM_NODES);
    }
    Layout->Node[Layout->Nodes].Group = (USHORT)Group;
    Layout->Node[Layout->Nodes].Mask = Mask;
    Layout->Nodes++;
    return TRUE;
}

static BOOLEAN LineTaken(const MACHINE_LAYOUT *Layout, ULONG Line)
{
    for (ULONG Index = 0; Index < Layout->Devices; Index++) {
        const MODEL_RULE *Model = LayoutModel(Layout->Device[Index].Model);

        if (Model->Line && Layout->Device[Index].Line == Line) {
            return TRUE;
        }
    }
    return FALSE;
}

static BOOLEAN ParseDevice(PARSER *Parser, const char *At)
{
    MACHINE_LAYOUT *Layout = Parser->Layout;
    const MODEL_RULE *Model;
    OPTION Option;
    ULONG Messages = 0, Line = 0, Node = 0;
    BOOLEAN HasLine = FALSE;
    const char *ModelPlace;

    if (!NextOption(&At, &Option)) {
        PARSER_REFUSE(Parser, Option.Place, "a device needs a model: edu, 82574, igb, 16550, none or root");
    }
    ModelPlace = Option.Place;
    Model = LayoutModel(Option.Word);
    if (Model == NULL) {
        PARSER_REFUSE(Parser, ModelPlace, "there is no model \"%s\" (edu, 82574, igb, 16550, none, root)", Option.Word);
    }
    while (NextOption(&At, &Option)) {
        if (OptionIs(&Option, "messages")) {
            if (!ParseValue(Parser, Option.ValuePlace, Option.Value, 0, 0xFFFF, &Messages)) {
                return FALSE;
            }
            if (Messages > Model->Messages) {
                PARSER_REFUSE(Parser, Option.ValuePlace, "a device %s offers at most %u messages", Model->Model,
                              Model->Messages);
            }
            if (Model->Powers && (Messages & (Messages - 1)) != 0) {
                PARSER_REFUSE(Parser, Option.ValuePlace, "MSI offers 1, 2, 4, 8 or 16 messages, not %u", Messages);
            }
        } else if (OptionIs(&Option, "line")) {
            HasLine = TRUE;
            if (!ParseValue(Parser, Option.ValuePlace, Option.Value, 1, 255, &Line)) {
                return FALSE;
            }
            if (!Model->Line) {
                PARSER_REFUSE(Parser, Option.Place, "a device %s has no line", Model->Model);
            }
            if ((Line < FIRST_LINE) != TextEqual(Model->Model, "16550")) {
                PARSER_REFUSE(Parser, Option.ValuePlace,
                              "lines below %u are for 16550 devices, the others for PCI devices", FIRST_LINE);
            }
            if (Line < FIRST_LINE && LineTaken(Layout, Line)) {
                PARSER_REFUSE(Parser, Option.ValuePlace, "line %u is latched and cannot be shared", Line);
            }
        } else if (OptionIs(&Option, "node")) {
            if (!ParseValue(Parser, Option.ValuePlace, Option.Value, 0, MACHINE_MAXIMUM_NODES - 1, &Node)) {
                return FALSE;
            }
            /* Without node lines each group is a node, and all groups come before the devices. */
            if (Node >= (Layout->Nodes != 0 ? Layout->Nodes : Layout->Groups)) {
                PARSER_REFUSE(Parser, Option.ValuePlace, "there is no node %u: nodes come before their devices", Node);
            }
        } else {
            PARSER_REFUSE(Parser, Option.Place, "a device has no \"%s\" (only messages=, line= and node=)",
                          Option.Word);
        }
    }
    if (Layout->Devices == MACHINE_MAXIMUM_DEVICES) {
        PARSER_REFUSE(Parser, ModelPlace, "no machine has more than %u devices", MACHINE_MAXIMUM_DEVICES);
    }
    if (Model->Line && !HasLine) {
        for (Line = TextEqual(Model->Model, "16550") ? UART_LINE : FIRST_LINE; LineTaken(Layout, Line); Line++) {
        }
        if (Line == FIRST_LINE && TextEqual(Model->Model, "16550")) {
            PARSER_REFUSE(Parser, ModelPlace, "no line is left for it: give line=");
        }
    }
    LayoutAddDevice(Layout, Model, Messages, Line, Node);
    return TRUE;
}

static BOOLEAN ParseLine(PARSER *Parser)
{
    const char *At = Parser->Line;
    OPTION Option;

    if (!NextOption(&At, &Option)) {
        return TRUE;
    }
    if (TextEqual(Option.Word, "group")) {
        if (Parser->Layout->Nodes != 0 || Parser->Layout->Devices != 0) {
            PARSER_REFUSE(Parser, Option.Place, "groups come before nodes and devices");
        }
        return ParseGroup(Parser, At);
    }
    if (TextEqual(Option.Word, "node")) {
        if (Parser->Layout->Devices != 0) {
            PARSER_REFUSE(Parser, Option.Place, "nodes come before devices");
        }
        return ParseNode(Parser, At);
    }
    if (TextEqual(Option.Word, "device")) {
        if (Parser->Layout->Groups == 0) {
            PARSER_REFUSE(Parser, Option.Place, "groups come before devices");
        }
        return ParseDevice(Parser, At);
    }
    PARSER_REFUSE(Parser, Option.Place, "\"%s\" is none of group, node, device", Option.Word);
}

/* Every active processor is in exactly one node, as firmware tells it. */
static BOOLEAN CheckNodes(PARSER *Parser)
{
    MACHINE_LAYOUT *Layout = Parser->Layout;

    for (ULONG Group = 0; Group < Layout->Groups; Group++) {
        KAFFINITY Covered = 0;

        for (ULONG Node = 0; Node < Layout->Nodes; Node++) {
            Covered |= Layout->Node[Node].Group == Group ? Layout->Node[Node].Mask : 0;
        }
        if (Covered != Layout->Group[Group].Active) {
            PARSER_REFUSE(Parser, Parser->Line, "%u active processors of group %u are in no node",
                          MaskCount(Layout->Group[Group].Active & ~Covered), Group);
        }
    }
    return TRUE;
}

BOOLEAN LayoutParseFile(PARSER *Parser, const char *Text)
{
    static const size_t LongestLine = 511;
    char Line[512];

    for (Parser->LineNumber = 1;; Parser->LineNumber++) {
        size_t Length = 0;
        size_t Used = 0;
        BOOLEAN Comment = FALSE;

        Parser->Line = Line;
        for (; Text[Length] != 0 && Text[Length] != '\n'; Length++) {
            Comment = Comment || Text[Length] == '#';
            if (!Comment) {
                if (Used == LongestLine) {
                    PARSER_REFUSE(Parser, Line + Used, "the line is too long");
                }
                Line[Used++] = Text[Length];
            }
        }
        Line[Used] = 0;
        if (!ParseLine(Parser)) {
            return FALSE;
        }
        if (Text[Length] == 0) {
            if (Parser->Layout->Groups == 0) {
                PARSER_REFUSE(Parser, Line, "the machine has no group");
            }
            return Parser->Layout->Nodes == 0 || CheckNodes(Parser);
        }
        Text += Length + 1;
    }
}
