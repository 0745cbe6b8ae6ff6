/* PlatformFormat's %s %u %d %x %X %llu %llx %c with widths, without a C library. */
#include "port.h"

typedef struct LINE {
    char *Buffer;
    size_t Size;
    size_t Used;
} LINE;

static void Put(LINE *Out, char Letter)
{
    if (Out->Used + 1 < Out->Size) {
        Out->Buffer[Out->Used] = Letter;
    }
    Out->Used++;
}

static void PutNumber(LINE *Out, ULONGLONG Value, ULONG Base, BOOLEAN Capitals, ULONG Width, char Fill)
{
    static const char Small[] = "0123456789abcdef", Large[] = "0123456789ABCDEF";
    char Digits[24];
    ULONG Count = 0;

    do {
        Digits[Count++] = (Capitals ? Large : Small)[Value % Base];
        Value /= Base;
    } while (Value != 0);
    for (; Width > Count; Width--) {
        Put(Out, Fill);
    }
    while (Count != 0) {
        Put(Out, Digits[--Count]);
    }
}

int FormatList(char *Buffer, size_t Size, const char *Format, va_list Arguments)
{
    LINE Out = { Buffer, Size, 0 };

    for (; *Format != 0; Format++) {
        ULONG Width = 0, Longs = 0;
        char Fill = ' ';

        if (*Format != '%') {
            Put(&Out, *Format);
            continue;
        }
        Format++;
        if (*Format == '0') {
            Fill = '0';
        }
        for (; *Format >= '0' && *Format <= '9'; Format++) {
            Width = Width * 10 + (ULONG)(*Format - '0');
        }
        for (; *Format == 'l'; Format++) {
            Longs++;
        }
        if (*Format == 's') {
            const char *Text = va_arg(Arguments, const char *);

            while (*Text != 0) {
                Put(&Out, *Text++);
            }
        } else if (*Format == 'c') {
            Put(&Out, (char)va_arg(Arguments, int));
        } else if (*Format == 'd') {
            LONGLONG Value = Longs == 2 ? va_arg(Arguments, LONGLONG) : va_arg(Arguments, int);

            if (Value < 0) {
                Put(&Out, '-');
            }
            PutNumber(&Out, Value < 0 ? 0 - (ULONGLONG)Value : (ULONGLONG)Value, 10, FALSE, Width, Fill);
        } else if (*Format == 'u' || *Format == 'x' || *Format == 'X') {
            ULONGLONG Value = Longs == 2 ? va_arg(Arguments, ULONGLONG) : va_arg(Arguments, unsigned);

            PutNumber(&Out, Value, *Format == 'u' ? 10 : 16, *Format == 'X', Width, Fill);
        } else {
            Put(&Out, *Format);
        }
    }
    if (Size != 0) {
        Buffer[Out.Used < Size ? Out.Used : Size - 1] = 0;
    }
    return (int)Out.Used;
}
