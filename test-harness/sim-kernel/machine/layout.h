/* What the readers of presets (layout.c) and of machine files (layout_file.c) share. */
#ifndef LAYOUT_H
#define LAYOUT_H

#include "machine.h"
#include "text.h"

typedef struct MODEL_RULE {
    const char *Model;
    const char *Name;                   /* what a client calls it */
    USHORT Messages;                    /* that it can offer at most */
    BOOLEAN Line;                       /* it has a line */
    BOOLEAN Powers;                     /* plain MSI: the number of messages is a power of two */
} MODEL_RULE;

#define UART_LINE 4     /* COM1's */
#define FIRST_LINE 16   /* of PCI devices; the lower ones are the ISA devices' */

/* Where in the text we are, and what was wrong with it. */
typedef struct PARSER {
    MACHINE_LAYOUT *Layout;
    const char *Name;                   /* of the file; NULL for a preset */
    const char *Line;
    ULONG LineNumber;
    char *Reason;
    size_t ReasonSize;
} PARSER;

#define PARSER_REFUSE(Parser, At, ...) \
    do { \
        TEXT Refusal; \
        TextStart(&Refusal, (Parser)->Reason, (Parser)->ReasonSize); \
        ParserPlace((Parser), (At), &Refusal); \
        TextAdd(&Refusal, __VA_ARGS__); \
        return FALSE; \
    } while (0)

void ParserPlace(const PARSER *Parser, const char *At, TEXT *Refusal);
BOOLEAN ParserDigits(const char **At, ULONG *Value);        /* of a value of at most 65535: more makes no sense here */
KAFFINITY MaskOf(ULONG Count);                              /* processors 0 to Count - 1 */
ULONG MaskCount(KAFFINITY Mask);
BOOLEAN LayoutAddGroup(PARSER *Parser, const char *At, KAFFINITY Active, ULONG Maximum);
const MODEL_RULE *LayoutModel(const char *Model);           /* NULL: there is none */

/* Devices of one model are numbered in their order: the second edu is edu1. */
void LayoutAddDevice(MACHINE_LAYOUT *Layout, const MODEL_RULE *Model, ULONG Messages, ULONG Line, ULONG Node);

/* The whole file. FALSE: Reason says where and why not. */
BOOLEAN LayoutParseFile(PARSER *Parser, const char *Text);

#endif
