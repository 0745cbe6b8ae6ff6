/* Text, and the log of what the driver saw. Nothing of a C library: kernels export different parts of it. */
#include "driver.h"

void TextAdd(TEXT *Text, const char *More)
{
    while (*More != 0 && Text->Length + 1 < Text->Size) {
        Text->Buffer[Text->Length++] = *More++;
    }
    Text->Buffer[Text->Length] = 0;
}

void TextAddNumber(TEXT *Text, LONGLONG Number)
{
    char Digits[24];
    ULONG Place = sizeof(Digits) - 1;
    ULONGLONG Rest = Number < 0 ? 0 - (ULONGLONG)Number : (ULONGLONG)Number;

    Digits[Place] = 0;
    do {
        Digits[--Place] = (char)('0' + Rest % 10);
        Rest /= 10;
    } while (Rest != 0);
    if (Number < 0) {
        Digits[--Place] = '-';
    }
    TextAdd(Text, Digits + Place);
}

void TextAddHex(TEXT *Text, ULONG Number)
{
    static const char Letters[] = "0123456789abcdef";
    char Digits[11] = "0x00000000";
    ULONG Place;

    for (Place = 9; Place >= 2; Place--) {
        Digits[Place] = Letters[Number & 15];
        Number >>= 4;
    }
    TextAdd(Text, Digits);
}

void TextAddStatus(TEXT *Text, NTSTATUS Status)
{
    static const struct {
        const char *Name;
        ULONG Status;
    } Names[] = {
#define STATUS(Name, Number) { #Name, Number },
#include "../statuses.h"
#undef STATUS
    };
    ULONG Index;

    for (Index = 0; Index < sizeof(Names) / sizeof(Names[0]); Index++) {
        if (Names[Index].Status == (ULONG)Status) {
            TextAdd(Text, Names[Index].Name);
            return;
        }
    }
    /* Nothing is completed with this one, so it is not in the list. */
    if (Status == STATUS_PENDING) {
        TextAdd(Text, "STATUS_PENDING");
    } else {
        TextAddHex(Text, (ULONG)Status);
    }
}

void TextAddWide(TEXT *Text, const WCHAR *More, ULONG Letters)
{
    char Letter[2] = { 0, 0 };
    ULONG Index;

    for (Index = 0; Index < Letters; Index++) {
        Letter[0] = More[Index] == 0 ? '|' : More[Index] < 32 || More[Index] > 126 ? '?' : (char)More[Index];
        TextAdd(Text, Letter);
    }
}

void SayNumber(TEXT *Text, const char *Before, LONGLONG Number)
{
    TextAdd(Text, Before);
    TextAddNumber(Text, Number);
}

void SayStatus(TEXT *Text, const char *Before, NTSTATUS Status)
{
    TextAdd(Text, Before);
    TextAddStatus(Text, Status);
}

void LogAdd(CONFORM_DEVICE *Device, const char *More)
{
    CONFORM_DRIVER *Driver = Device->Driver;
    TEXT Text = { Driver->Log, sizeof(Driver->Log), 0 };
    KIRQL Irql;

    KeAcquireSpinLock(&Driver->Lock, &Irql);
    Text.Length = Driver->LogLength;
    if (Text.Length != 0) {
        TextAdd(&Text, " ");
    }
    TextAddNumber(&Text, Device->Number);
    TextAdd(&Text, ":");
    TextAdd(&Text, More);
    Driver->LogLength = Text.Length;
    KeReleaseSpinLock(&Driver->Lock, Irql);
}

ULONG LogTake(CONFORM_DRIVER *Driver, char *Buffer, ULONG Size)
{
    KIRQL Irql;
    ULONG Length;

    KeAcquireSpinLock(&Driver->Lock, &Irql);
    Length = Driver->LogLength < Size ? Driver->LogLength : Size;
    RtlCopyMemory(Buffer, Driver->Log, Length);
    Driver->LogLength = 0;
    KeReleaseSpinLock(&Driver->Lock, Irql);
    return Length;
}
