/* Words and numbers in text, without a C library: control words and machine files are made of them. */
#ifndef TEXT_H
#define TEXT_H

#include <wdm.h>

#include "platform.h"

size_t TextLength(const char *Text);
BOOLEAN TextEqual(const char *Left, const char *Right);
void TextCopy(char *To, size_t Size, const char *From);      /* cut where it does not fit, always ended */

/* The next word of a line is copied out and *At moves behind it. FALSE at the end of the line or of the text. */
BOOLEAN TextWord(const char **At, char *Word, size_t Size);

/* The whole text is a decimal or 0x number of at most 64 bits. */
BOOLEAN TextNumber(const char *Text, ULONGLONG *Value);

/* When Word is "name=value" with this name, its value; else NULL. */
const char *TextOption(const char *Word, const char *Name);

/* Text that grows in a buffer of fixed size; what does not fit is cut. */
typedef struct TEXT {
    char *Buffer;
    size_t Size;
    size_t Used;
} TEXT;

void TextStart(TEXT *Text, char *Buffer, size_t Size);
void TextGrow(TEXT *Text, int Length);
#define TextAdd(Text, ...) \
    TextGrow((Text), PlatformFormat((Text)->Buffer + (Text)->Used, (Text)->Size - (Text)->Used, __VA_ARGS__))

#endif
