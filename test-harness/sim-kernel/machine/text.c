#include "text.h"

size_t TextLength(const char *Text)
{
    size_t Length = 0;

    while (Text[Length] != 0) {
        Length++;
    }
    return Length;
}

BOOLEAN TextEqual(const char *Left, const char *Right)
{
    while (*Left != 0 && *Left == *Right) {
        Left++;
        Right++;
    }
    return *Left == *Right;
}

void TextCopy(char *To, size_t Size, const char *From)
{
    size_t Index = 0;

    if (Size == 0) {
        return;
    }
    for (; Index + 1 < Size && From[Index] != 0; Index++) {
        To[Index] = From[Index];
    }
    To[Index] = 0;
}

BOOLEAN TextWord(const char **At, char *Word, size_t Size)
{
    const char *Next = *At;
    size_t Length = 0;

    while (*Next == ' ' || *Next == '\t') {
        Next++;
    }
    if (*Next == 0 || *Next == '\n' || *Next == '\r') {
        *At = Next;
        return FALSE;
    }
    for (; *Next != 0 && *Next != ' ' && *Next != '\t' && *Next != '\n' && *Next != '\r'; Next++) {
        if (Length + 1 < Size) {
            Word[Length++] = *Next;
        }
    }
    Word[Length] = 0;
    *At = Next;
    return TRUE;
}

static int DigitValue(char Digit)
{
    if (Digit >= '0' && Digit <= '9') {
        return Digit - '0';
    }
    if (Digit >= 'a' && Digit <= 'f') {
        return Digit - 'a' + 10;
    }
    if (Digit >= 'A' && Digit <= 'F') {
        return Digit - 'A' + 10;
    }
    return 16;
}

BOOLEAN TextNumber(const char *Text, ULONGLONG *Value)
{
    ULONG Base = 10;
    ULONGLONG Result = 0;

    if (Text[0] == '0' && (Text[1] == 'x' || Text[1] == 'X')) {
        Base = 16;
        Text += 2;
    }
    if (*Text == 0) {
        return FALSE;
    }
    for (; *Text != 0; Text++) {
        ULONG Digit = (ULONG)DigitValue(*Text);

        if (Digit >= Base || Result > (~0ull - Digit) / Base) {
            return FALSE;
        }
        Result = Result * Base + Digit;
    }
    *Value = Result;
    return TRUE;
}

const char *TextOption(const char *Word, const char *Name)
{
    while (*Name != 0 && *Word == *Name) {
        Word++;
        Name++;
    }
    return *Name == 0 && *Word == '=' ? Word + 1 : NULL;
}

void TextStart(TEXT *Text, char *Buffer, size_t Size)
{
    Text->Buffer = Buffer;
    Text->Size = Size;
    Text->Used = 0;
    if (Size != 0) {
        Buffer[0] = 0;
    }
}

void TextGrow(TEXT *Text, int Length)
{
    if (Text->Size == 0 || Length <= 0) {
        return;
    }
    Text->Used += (size_t)Length;
    if (Text->Used >= Text->Size) {
        Text->Used = Text->Size - 1;
    }
}
