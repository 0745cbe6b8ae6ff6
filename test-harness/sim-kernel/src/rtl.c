/* Rtl and Dbg: counted strings, the version, the log, assertions, the end. */
#include "kernel.h"

#include <stdio.h>

static ULONG TextLength(PCWSTR Text)
{
    ULONG Length = 0;

    while (Text[Length] != 0) {
        Length++;
    }
    return Length;
}

/* Runs of small letters: each is Less above its capital; of a run of Step 2 only every second letter is a small one. */
static const struct {
    WCHAR First, Last;
    USHORT Less;
    UCHAR Step;
} SmallLetters[] = {
    { 0x61, 0x7A, 32, 1 },    { 0xE0, 0xF6, 32, 1 },    { 0xF8, 0xFE, 32, 1 },    { 0x101, 0x12F, 1, 2 },
    { 0x133, 0x137, 1, 2 },   { 0x13A, 0x148, 1, 2 },   { 0x14B, 0x177, 1, 2 },   { 0x17A, 0x17E, 1, 2 },
    { 0x3AC, 0x3AC, 38, 1 },  { 0x3AD, 0x3AF, 37, 1 },  { 0x3B1, 0x3C1, 32, 1 },  { 0x3C3, 0x3CB, 32, 1 },
    { 0x3CC, 0x3CC, 64, 1 },  { 0x3CD, 0x3CE, 63, 1 },  { 0x430, 0x44F, 32, 1 },  { 0x450, 0x45F, 80, 1 },
};

/* Upper case of the Latin, Greek and Cyrillic letters up to U+045F, one letter for one; others stay as they are. */
WCHAR TextUpper(WCHAR Letter)
{
    for (ULONG Index = 0; Index < sizeof(SmallLetters) / sizeof(SmallLetters[0]); Index++) {
        if (Letter >= SmallLetters[Index].First && Letter <= SmallLetters[Index].Last &&
            (Letter - SmallLetters[Index].First) % SmallLetters[Index].Step == 0) {
            return (WCHAR)(Letter - SmallLetters[Index].Less);
        }
    }
    return Letter;
}

VOID RtlInitUnicodeString(PUNICODE_STRING DestinationString, PCWSTR SourceString)
{
    KernelEnter("RtlInitUnicodeString", DISPATCH_LEVEL);
    DestinationString->Buffer = (PWCH)(ULONG_PTR)SourceString;
    DestinationString->Length = 0;
    DestinationString->MaximumLength = 0;
    if (SourceString != NULL) {
        DestinationString->Length = (USHORT)(TextLength(SourceString) * sizeof(WCHAR));
        DestinationString->MaximumLength = (USHORT)(DestinationString->Length + sizeof(WCHAR));
    }
}

/* No page says so, but Windows ends a string where there is room for the end, and drivers have come to need it. */
static void TextEnd(PUNICODE_STRING Text)
{
    if (Text->Length + sizeof(WCHAR) <= Text->MaximumLength) {
        Text->Buffer[Text->Length / sizeof(WCHAR)] = 0;
    }
}

VOID RtlCopyUnicodeString(PUNICODE_STRING DestinationString, PCUNICODE_STRING SourceString)
{
    KernelEnter("RtlCopyUnicodeString", DISPATCH_LEVEL);
    DestinationString->Length = 0;
    if (SourceString != NULL) {
        DestinationString->Length = min(SourceString->Length, DestinationString->MaximumLength);
        if (DestinationString->Length != 0) {
            memmove(DestinationString->Buffer, SourceString->Buffer, DestinationString->Length);
        }
        TextEnd(DestinationString);
    }
}

NTSTATUS RtlAppendUnicodeStringToString(PUNICODE_STRING Destination, PCUNICODE_STRING Source)
{
    KernelEnter("RtlAppendUnicodeStringToString", PASSIVE_LEVEL);
    if (Destination->Length + Source->Length > Destination->MaximumLength) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    if (Source->Length != 0) {
        memmove((PUCHAR)Destination->Buffer + Destination->Length, Source->Buffer, Source->Length);
    }
    Destination->Length = (USHORT)(Destination->Length + Source->Length);
    TextEnd(Destination);
    return STATUS_SUCCESS;
}

NTSTATUS RtlAppendUnicodeToString(PUNICODE_STRING Destination, PCWSTR Source)
{
    UNICODE_STRING Text;

    RtlInitUnicodeString(&Text, Source);
    return RtlAppendUnicodeStringToString(Destination, &Text);
}

LONG RtlCompareUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2, BOOLEAN CaseInSensitive)
{
    ULONG Length = min(String1->Length, String2->Length) / sizeof(WCHAR);
    ULONG Index;

    KernelEnter("RtlCompareUnicodeString", PASSIVE_LEVEL);
    for (Index = 0; Index < Length; Index++) {
        WCHAR First = CaseInSensitive ? TextUpper(String1->Buffer[Index]) : String1->Buffer[Index];
        WCHAR Second = CaseInSensitive ? TextUpper(String2->Buffer[Index]) : String2->Buffer[Index];

        if (First != Second) {
            return (LONG)First - (LONG)Second;
        }
    }
    return (LONG)String1->Length - (LONG)String2->Length;
}

BOOLEAN RtlEqualUnicodeString(PCUNICODE_STRING String1, PCUNICODE_STRING String2, BOOLEAN CaseInSensitive)
{
    return String1->Length == String2->Length && RtlCompareUnicodeString(String1, String2, CaseInSensitive) == 0;
}

VOID RtlFreeUnicodeString(PUNICODE_STRING UnicodeString)
{
    KERNEL *Kernel = KernelEnter("RtlFreeUnicodeString", PASSIVE_LEVEL);

    if (UnicodeString->Buffer != NULL) {
        PoolFree(Kernel, UnicodeString->Buffer);
        RtlZeroMemory(UnicodeString, sizeof(*UnicodeString));
    }
}

SIZE_T RtlCompareMemory(const VOID *Source1, const VOID *Source2, SIZE_T Length)
{
    SIZE_T Equal = 0;

    KernelEnter("RtlCompareMemory", HIGH_LEVEL);
    while (Equal < Length && ((const UCHAR *)Source1)[Equal] == ((const UCHAR *)Source2)[Equal]) {
        Equal++;
    }
    return Equal;
}

NTSTATUS RtlGetVersion(PRTL_OSVERSIONINFOW lpVersionInformation)
{
    static const char Routine[] = "RtlGetVersion";
    const PROFILE *Profile = MachineProfile(KernelEnter(Routine, PASSIVE_LEVEL)->Machine);

    if (lpVersionInformation->dwOSVersionInfoSize < sizeof(*lpVersionInformation)) {
        PlatformStop(Routine, "dwOSVersionInfoSize is %u", lpVersionInformation->dwOSVersionInfoSize);
    }
    lpVersionInformation->dwMajorVersion = Profile->Major;
    lpVersionInformation->dwMinorVersion = Profile->Minor;
    lpVersionInformation->dwBuildNumber = Profile->Build;
    lpVersionInformation->dwPlatformId = 2;
    lpVersionInformation->szCSDVersion[0] = 0;
    return STATUS_SUCCESS;
}

/* ---- Dbg --------------------------------------------------------------------------------------------------------- */

static void DebugLog(PCSTR Format, va_list Arguments)
{
    char Line[KERNEL_TEXT];

    /* Wide strings would be read with the host's idea of wchar_t, and above PASSIVE_LEVEL they are forbidden anyway. */
    if (strstr(Format, "%ws") != NULL || strstr(Format, "%S") != NULL || strstr(Format, "%wZ") != NULL) {
        PlatformStop("DbgPrint", "the format '%s' converts a wide string", Format);
    }
    vsnprintf(Line, sizeof(Line), Format, Arguments);
    PlatformLog("%s", Line);
}

ULONG DbgPrint(PCSTR Format, ...)
{
    va_list Arguments;

    KernelEnter("DbgPrint", HIGH_LEVEL);
    va_start(Arguments, Format);
    DebugLog(Format, Arguments);
    va_end(Arguments);
    return STATUS_SUCCESS;
}

ULONG DbgPrintEx(ULONG ComponentId, ULONG Level, PCSTR Format, ...)
{
    va_list Arguments;

    UNREFERENCED_PARAMETER(ComponentId);
    UNREFERENCED_PARAMETER(Level);
    KernelEnter("DbgPrintEx", HIGH_LEVEL);
    va_start(Arguments, Format);
    DebugLog(Format, Arguments);
    va_end(Arguments);
    return STATUS_SUCCESS;
}

VOID PagedCodeCheck(PCSTR Routine)
{
    ProcessorNeeds(PlatformMachine(), APC_LEVEL, Routine);
}

VOID AssertionFailed(PCSTR Condition, PCSTR File, ULONG Line)
{
    PlatformStop("ASSERT", "%s is false at %s:%u", Condition, File, Line);
}

VOID KeBugCheckEx(ULONG Code, ULONG_PTR Parameter1, ULONG_PTR Parameter2, ULONG_PTR Parameter3, ULONG_PTR Parameter4)
{
    PlatformStop("KeBugCheckEx", "0x%08x (0x%llx, 0x%llx, 0x%llx, 0x%llx)", Code, (ULONGLONG)Parameter1,
                 (ULONGLONG)Parameter2, (ULONGLONG)Parameter3, (ULONGLONG)Parameter4);
}
