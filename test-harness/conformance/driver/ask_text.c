/* Rtl: counted strings, memory; pool; MDLs. */
#include "driver.h"

static void AskInit(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNICODE_STRING Text = { 1, 2, (PWCH)3 };

    UNREFERENCED_PARAMETER(Device);
    RtlInitUnicodeString(&Text, NULL);
    SayNumber(Answer, "NULL: ", Text.Length);
    SayNumber(Answer, " ", Text.MaximumLength);
    TextAdd(Answer, Text.Buffer == NULL ? " NULL" : " not NULL");
    RtlInitUnicodeString(&Text, L"abc");
    SayNumber(Answer, ", abc: ", Text.Length);
    SayNumber(Answer, " ", Text.MaximumLength);
}

static LONG Sign(LONG Value)
{
    return Value > 0 ? 1 : Value < 0 ? -1 : 0;
}

static void AskCompare(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNICODE_STRING Lower, Upper, Longer;

    UNREFERENCED_PARAMETER(Device);
    RtlInitUnicodeString(&Lower, L"abc");
    RtlInitUnicodeString(&Upper, L"ABC");
    RtlInitUnicodeString(&Longer, L"abcd");
    SayNumber(Answer, "abc ABC ", Sign(RtlCompareUnicodeString(&Lower, &Upper, FALSE)));
    SayNumber(Answer, ", without case ", Sign(RtlCompareUnicodeString(&Lower, &Upper, TRUE)));
    SayNumber(Answer, ", abc abcd ", Sign(RtlCompareUnicodeString(&Lower, &Longer, FALSE)));
    SayNumber(Answer, ", equal ", RtlEqualUnicodeString(&Lower, &Upper, FALSE));
    SayNumber(Answer, " ", RtlEqualUnicodeString(&Lower, &Upper, TRUE));
    SayNumber(Answer, " ", RtlEqualUnicodeString(&Lower, &Longer, TRUE));
}

static void AskUmlaut(CONFORM_DEVICE *Device, TEXT *Answer)
{
    static const WCHAR Small[] = { 0xE4, 0x3B1, 0x451, 0 }, Large[] = { 0xC4, 0x391, 0x401, 0 };
    UNICODE_STRING Lower, Upper;

    UNREFERENCED_PARAMETER(Device);
    RtlInitUnicodeString(&Lower, Small);
    RtlInitUnicodeString(&Upper, Large);
    SayNumber(Answer, "", RtlEqualUnicodeString(&Lower, &Upper, TRUE));
}

static void AskCopy(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WCHAR Room[4] = { 'x', 'x', 'x', 'x' };
    UNICODE_STRING Target = { 0, 4, Room };
    UNICODE_STRING Source;

    UNREFERENCED_PARAMETER(Device);
    RtlInitUnicodeString(&Source, L"abcd");
    RtlCopyUnicodeString(&Target, &Source);
    SayNumber(Answer, "into two letters: length ", Target.Length);
    TextAdd(Answer, Room[2] == 'x' ? ", the third untouched" : ", the third written");
    Target.MaximumLength = 8;
    RtlInitUnicodeString(&Source, L"ab");
    RtlCopyUnicodeString(&Target, &Source);
    SayNumber(Answer, ", two into four: length ", Target.Length);
    TextAdd(Answer, Room[2] == 0 ? ", terminated" : ", not terminated");
    RtlCopyUnicodeString(&Target, NULL);
    SayNumber(Answer, ", NULL: length ", Target.Length);
}

static void AskAppend(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WCHAR Room[6] = { 'a', 'x', 'x', 'x', 'x', 'x' };
    UNICODE_STRING Target = { 2, 6, Room };

    UNREFERENCED_PARAMETER(Device);
    TextAddStatus(Answer, RtlAppendUnicodeToString(&Target, L"bcd"));
    SayNumber(Answer, ", length ", Target.Length);
    TextAdd(Answer, ", ");
    TextAddStatus(Answer, RtlAppendUnicodeToString(&Target, L"bc"));
    SayNumber(Answer, ", length ", Target.Length);
    TextAdd(Answer, ", ");
    TextAddStatus(Answer, RtlAppendUnicodeToString(&Target, NULL));
    SayNumber(Answer, ", length ", Target.Length);
}

static void AskAppendEnd(CONFORM_DEVICE *Device, TEXT *Answer)
{
    WCHAR Room[6] = { 'a', 'x', 'x', 'x', 'x', 'x' };
    UNICODE_STRING Target = { 2, 12, Room };
    UNICODE_STRING More;

    UNREFERENCED_PARAMETER(Device);
    RtlInitUnicodeString(&More, L"b");
    RtlAppendUnicodeStringToString(&Target, &More);
    TextAdd(Answer, Room[2] == 0 ? "terminated where there is room" : "not terminated");
}

static void AskMemory(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UNREFERENCED_PARAMETER(Device);
    SayNumber(Answer, "", (LONGLONG)RtlCompareMemory("abcdef", "abcxef", 6));
    SayNumber(Answer, " ", (LONGLONG)RtlCompareMemory("abc", "abc", 3));
}

/* RTL_OSVERSIONINFOW, which not every wdm.h has. */
typedef struct VERSION {
    ULONG Size, Major, Minor, Build, Platform;
    WCHAR ServicePack[128];
} VERSION;

static void AskVersion(CONFORM_DEVICE *Device, TEXT *Answer)
{
    NTSTATUS (NTAPI *GetVersion)(VERSION *Version);
    UNICODE_STRING Name;
    VERSION Version;

    UNREFERENCED_PARAMETER(Device);
    RtlInitUnicodeString(&Name, L"RtlGetVersion");
    GetVersion = (NTSTATUS (NTAPI *)(VERSION *))MmGetSystemRoutineAddress(&Name);
    if (GetVersion == NULL) {
        TextAdd(Answer, "not there");
        return;
    }
    RtlZeroMemory(&Version, sizeof(Version));
    Version.Size = sizeof(Version);
    TextAddStatus(Answer, GetVersion(&Version));
    SayNumber(Answer, ", platform ", Version.Platform);
    TextAdd(Answer, Version.ServicePack[0] == 0 ? ", no service pack" : ", a service pack");
}

/* ---- Pool -------------------------------------------------------------------------------------------------------- */

static void AskPoolSmall(CONFORM_DEVICE *Device, TEXT *Answer)
{
    static const SIZE_T Sizes[] = { 1, 17, 100, 1000 };
    ULONG_PTR All = 0;
    ULONG Index;

    UNREFERENCED_PARAMETER(Device);
    for (Index = 0; Index < RTL_NUMBER_OF(Sizes); Index++) {
        PVOID Memory = ExAllocatePoolWithTag(NonPagedPool, Sizes[Index], TAG_CONFORM);

        All |= (ULONG_PTR)Memory;
        if (Memory != NULL) {
            ExFreePoolWithTag(Memory, TAG_CONFORM);
        }
    }
    TextAdd(Answer, (All & (2 * sizeof(PVOID) - 1)) == 0 ? "on two pointers" : "less than two pointers");
}

static void AskPoolPage(CONFORM_DEVICE *Device, TEXT *Answer)
{
    static const SIZE_T Sizes[] = { 4096, 5000, 8192, 100000 };
    ULONG_PTR All = 0;
    ULONG Index;

    UNREFERENCED_PARAMETER(Device);
    for (Index = 0; Index < RTL_NUMBER_OF(Sizes); Index++) {
        PVOID Memory = ExAllocatePoolWithTag(NonPagedPool, Sizes[Index], TAG_CONFORM);

        All |= (ULONG_PTR)Memory;
        if (Memory != NULL) {
            ExFreePoolWithTag(Memory, TAG_CONFORM);
        }
    }
    TextAdd(Answer, (All & 4095) == 0 ? "on pages" : "not on pages");
}

/* ---- MDLs -------------------------------------------------------------------------------------------------------- */

static void AskMdl(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UCHAR *Memory = ExAllocatePoolWithTag(NonPagedPool, 300, TAG_CONFORM);
    PMDL Mdl = Memory == NULL ? NULL : IoAllocateMdl(Memory + 3, 100, FALSE, FALSE, NULL);

    UNREFERENCED_PARAMETER(Device);
    if (Mdl == NULL) {
        TextAdd(Answer, "none");
    } else {
        SayNumber(Answer, "count ", MmGetMdlByteCount(Mdl));
        TextAdd(Answer, MmGetMdlVirtualAddress(Mdl) == Memory + 3 ? ", its address" : ", another address");
        TextAdd(Answer, MmGetMdlByteOffset(Mdl) == ((ULONG_PTR)(Memory + 3) & 4095) ? ", its offset" :
                ", another offset");
        TextAdd(Answer, Mdl->Next == NULL ? ", alone" : ", not alone");
        IoFreeMdl(Mdl);
    }
    if (Memory != NULL) {
        ExFreePoolWithTag(Memory, TAG_CONFORM);
    }
}

static void AskMdlPool(CONFORM_DEVICE *Device, TEXT *Answer)
{
    UCHAR *Memory = ExAllocatePoolWithTag(NonPagedPool, 300, TAG_CONFORM);
    PMDL Mdl = Memory == NULL ? NULL : IoAllocateMdl(Memory, 300, FALSE, FALSE, NULL);

    UNREFERENCED_PARAMETER(Device);
    if (Mdl == NULL) {
        TextAdd(Answer, "none");
    } else {
        MmBuildMdlForNonPagedPool(Mdl);
        TextAdd(Answer, (Mdl->MdlFlags & MDL_SOURCE_IS_NONPAGED_POOL) != 0 ? "said to be pool" : "not said to be pool");
        TextAdd(Answer, Mdl->MappedSystemVa == Memory ? ", mapped where it is" : ", not mapped");
        IoFreeMdl(Mdl);
    }
    if (Memory != NULL) {
        ExFreePoolWithTag(Memory, TAG_CONFORM);
    }
}

const QUESTION TextQuestions[] = {
    { "rtl/init", "RtlInitUnicodeString", "RtlInitUnicodeString", AskInit },
    { "rtl/compare", "RtlCompareUnicodeString, RtlEqualUnicodeString", "RtlCompareUnicodeString", AskCompare },
    { "rtl/compare-letters", "the same without case beyond Latin letters", "", AskUmlaut },
    { "rtl/copy", "RtlCopyUnicodeString", "RtlCopyUnicodeString", AskCopy },
    { "rtl/append", "RtlAppendUnicodeToString without and with room", "RtlAppendUnicodeToString", AskAppend },
    { "rtl/append-end", "RtlAppendUnicodeStringToString, room for an end", "", AskAppendEnd },
    { "rtl/memory", "RtlCompareMemory counts equal bytes", "RtlCompareMemory", AskMemory },
    { "rtl/version", "RtlGetVersion", "RtlGetVersion", AskVersion },
    { "ex/pool/small", "alignment of pool blocks smaller than a page", "ExAllocatePoolWithTag", AskPoolSmall },
    { "ex/pool/page", "alignment of pool blocks of a page and more", "ExAllocatePoolWithTag", AskPoolPage },
    { "mm/mdl", "IoAllocateMdl", "IoAllocateMdl", AskMdl },
    { "mm/mdl-pool", "MmBuildMdlForNonPagedPool", "MmBuildMdlForNonPagedPool", AskMdlPool },
};
const ULONG TextQuestionCount = RTL_NUMBER_OF(TextQuestions);
