/*
 * The tree of keys. With a folder behind it each change is written before it is made here, so that what a caller was
 * told to have succeeded is on the disk.
 */
#include "cm_tree.h"

#include "../machine/platform.h"

#include <stdio.h>
#include <string.h>

static WCHAR Upper(WCHAR Character)
{
    return Character >= L'a' && Character <= L'z' ? (WCHAR)(Character - (L'a' - L'A')) : Character;
}

static size_t Length(const WCHAR *Text)
{
    size_t Count = 0;

    while (Text[Count] != 0) {
        Count++;
    }
    return Count;
}

/* Below 0, 0, above 0. Only ASCII has two cases here. */
static int Compare(const WCHAR *Name, const WCHAR *Text, size_t TextLength)
{
    for (size_t Index = 0; Index < TextLength; Index++) {
        int Difference = (int)Upper(Name[Index]) - (int)Upper(Text[Index]);

        if (Difference != 0) {
            return Difference;          /* also where Name ends first: its 0 is below any character */
        }
    }
    return Name[TextLength] == 0 ? 0 : 1;
}

static WCHAR *CopyName(const WCHAR *Text, size_t TextLength)
{
    WCHAR *Name = PlatformAllocate((TextLength + 1) * sizeof(WCHAR));

    if (TextLength != 0) {
        memcpy(Name, Text, TextLength * sizeof(WCHAR));
    }
    return Name;
}

/* ---- The folder ------------------------------------------------------------------------------------------------ */

/* The names of a key from below the root, each ended by 0, ended by an empty one. To be freed. NULL: it is deleted. */
static uint16_t *KeyNames(const CM_KEY *Key)
{
    size_t Count = 1;
    uint16_t *Names;
    uint16_t *End;

    for (const CM_KEY *At = Key; At->Parent != NULL; At = At->Parent) {
        Count += Length(At->Name) + 1;
    }
    Names = PlatformAllocate(Count * sizeof(*Names));
    End = Names + Count - 1;
    for (const CM_KEY *At = Key; At->Parent != NULL; At = At->Parent) {
        size_t NameLength = Length(At->Name);

        End -= NameLength + 1;
        memcpy(End, At->Name, NameLength * sizeof(*Names));
    }
    return Names;
}

static BOOLEAN StoreKey(const CM_KEY *Key, int (*Change)(STORE *Store, const uint16_t *Names))
{
    uint16_t *Names;
    BOOLEAN Done;

    if (Key->Registry->Store == NULL) {
        return TRUE;
    }
    Names = KeyNames(Key);
    Done = Change(Key->Registry->Store, Names) != 0;
    PlatformFree(Names);
    if (!Done) {
        PlatformLog("the registry's folder could not be written");
    }
    return Done;
}

static BOOLEAN StoreValue(const CM_KEY *Key, const WCHAR *Name, BOOLEAN Delete, ULONG Type, const void *Data,
                          ULONG Size)
{
    uint16_t *Names;
    BOOLEAN Done;

    if (Key->Registry->Store == NULL) {
        return TRUE;
    }
    Names = KeyNames(Key);
    Done = Delete ? StoreDeleteValue(Key->Registry->Store, Names, (const uint16_t *)Name) != 0
                  : StoreWriteValue(Key->Registry->Store, Names, (const uint16_t *)Name, Type, Data, Size) != 0;
    PlatformFree(Names);
    if (!Done) {
        PlatformLog("the registry's folder could not be written");
    }
    return Done;
}

/* ---- Keys ------------------------------------------------------------------------------------------------------ */

CM_KEY *CmRoot(REGISTRY *Registry)
{
    return Registry->Root;
}

void CmReference(CM_KEY *Key)
{
    Key->References++;
}

static void FreeKey(CM_KEY *Key)
{
    while (Key->Values != NULL) {
        CM_VALUE *Value = Key->Values;

        Key->Values = Value->Next;
        PlatformFree(Value->Name);
        PlatformFree(Value->Data);
        PlatformFree(Value);
    }
    PlatformFree(Key->Name);
    PlatformFree(Key);
}

void CmClose(CM_KEY *Key)
{
    if (--Key->References == 0 && Key->Deleted) {
        FreeKey(Key);
    }
}

BOOLEAN CmDeleted(const CM_KEY *Key)
{
    return Key->Deleted;
}

const WCHAR *CmName(const CM_KEY *Key)
{
    return Key->Name;
}

CM_KEY *CmSubKey(CM_KEY *Key, ULONG Index)
{
    CM_KEY *Child = Key->Children;

    for (; Child != NULL && Index != 0; Index--) {
        Child = Child->Next;
    }
    return Child;
}

static CM_KEY *FindChild(CM_KEY *Parent, const WCHAR *Name, size_t NameLength)
{
    CM_KEY *Child = Parent->Children;

    while (Child != NULL && Compare(Child->Name, Name, NameLength) != 0) {
        Child = Child->Next;
    }
    return Child;
}

static CM_KEY *AddChild(CM_KEY *Parent, const WCHAR *Name, size_t NameLength)
{
    CM_KEY *Key = PlatformAllocate(sizeof(*Key));
    CM_KEY **Place = &Parent->Children;

    Key->Registry = Parent->Registry;
    Key->Parent = Parent;
    Key->Name = CopyName(Name, NameLength);
    while (*Place != NULL && Compare((*Place)->Name, Name, NameLength) < 0) {
        Place = &(*Place)->Next;
    }
    Key->Next = *Place;
    *Place = Key;
    return Key;
}

static void Unlink(CM_KEY *Key)
{
    CM_KEY **Place = &Key->Parent->Children;

    while (*Place != Key) {
        Place = &(*Place)->Next;
    }
    *Place = Key->Next;
}

/* Deleted keys that somebody has open stay as husks without a place. */
static void Forget(CM_KEY *Key)
{
    while (Key->Children != NULL) {
        Forget(Key->Children);
    }
    Unlink(Key);
    Key->Parent = NULL;
    Key->Deleted = TRUE;
    if (Key->References == 0) {
        FreeKey(Key);
    }
}

BOOLEAN CmDeleteTree(CM_KEY *Key)
{
    if (Key->Deleted || Key->Parent == NULL || !StoreKey(Key, StoreDeleteKey)) {
        return FALSE;
    }
    Forget(Key);
    return TRUE;
}

/* Walks, and makes what is missing when Created is given. */
static CM_KEY *Walk(CM_KEY *Parent, const WCHAR *Path, size_t PathLength, BOOLEAN *Created)
{
    CM_KEY *Key = Parent;

    if (Parent->Deleted) {
        return NULL;
    }
    for (size_t At = 0; At < PathLength;) {
        size_t Start = At;
        CM_KEY *Child;

        while (At < PathLength && Path[At] != L'\\') {
            At++;
        }
        if (At == Start) {
            At++;                       /* a backslash at the beginning or the end, or two of them */
            continue;
        }
        if (At - Start > CM_NAME_LIMIT) {
            return NULL;
        }
        Child = FindChild(Key, Path + Start, At - Start);
        if (Child == NULL) {
            if (Created == NULL) {
                return NULL;
            }
            Child = AddChild(Key, Path + Start, At - Start);
            if (!StoreKey(Child, StoreMakeKey)) {
                Forget(Child);
                return NULL;
            }
            *Created = TRUE;
        }
        Key = Child;
    }
    Key->References++;
    return Key;
}

CM_KEY *CmOpen(CM_KEY *Parent, const WCHAR *Path, size_t PathLength)
{
    return Walk(Parent, Path, PathLength, NULL);
}

CM_KEY *CmMake(CM_KEY *Parent, const WCHAR *Path, size_t PathLength, BOOLEAN *Created)
{
    BOOLEAN Ignored;

    if (Created == NULL) {
        Created = &Ignored;
    }
    *Created = FALSE;
    return Walk(Parent, Path, PathLength, Created);
}

/* ---- Values ---------------------------------------------------------------------------------------------------- */

static CM_VALUE **FindValue(CM_KEY *Key, const WCHAR *Name, size_t NameLength)
{
    CM_VALUE **Place = &Key->Values;

    while (*Place != NULL && Compare((*Place)->Name, Name, NameLength) != 0) {
        Place = &(*Place)->Next;
    }
    return Place;
}

const CM_VALUE *CmQuery(CM_KEY *Key, const WCHAR *Name, size_t NameLength)
{
    return *FindValue(Key, Name, NameLength);
}

const CM_VALUE *CmValue(CM_KEY *Key, ULONG Index)
{
    const CM_VALUE *Value = Key->Values;

    for (; Value != NULL && Index != 0; Index--) {
        Value = Value->Next;
    }
    return Value;
}

static void KeepValue(CM_KEY *Key, WCHAR *Name, size_t NameLength, ULONG Type, const void *Data, ULONG Size)
{
    CM_VALUE **Place = FindValue(Key, Name, NameLength);
    UCHAR *Copy = PlatformAllocate(Size + 1);   /* at least a byte, so that it is never NULL */

    if (Size != 0) {
        memcpy(Copy, Data, Size);
    }
    if (*Place == NULL) {
        *Place = PlatformAllocate(sizeof(**Place));
        (*Place)->Name = Name;
    } else {
        PlatformFree(Name);
        PlatformFree((*Place)->Data);
    }
    (*Place)->Type = Type;
    (*Place)->Size = Size;
    (*Place)->Data = Copy;
}

BOOLEAN CmSet(CM_KEY *Key, const WCHAR *Name, size_t NameLength, ULONG Type, const void *Data, ULONG Size)
{
    const CM_VALUE *Old = CmQuery(Key, Name, NameLength);
    WCHAR *Copy;

    if (Key->Deleted) {
        return FALSE;
    }
    /* The name that is there keeps its case, in the folder too. */
    Copy = Old != NULL ? CopyName(Old->Name, Length(Old->Name)) : CopyName(Name, NameLength);
    if (!StoreValue(Key, Copy, FALSE, Type, Data, Size)) {
        PlatformFree(Copy);
        return FALSE;
    }
    KeepValue(Key, Copy, NameLength, Type, Data, Size);
    return TRUE;
}

BOOLEAN CmDeleteValue(CM_KEY *Key, const WCHAR *Name, size_t NameLength)
{
    CM_VALUE **Place = FindValue(Key, Name, NameLength);
    CM_VALUE *Value = *Place;

    if (Value == NULL || !StoreValue(Key, Value->Name, TRUE, 0, NULL, 0)) {
        return FALSE;
    }
    *Place = Value->Next;
    PlatformFree(Value->Name);
    PlatformFree(Value->Data);
    PlatformFree(Value);
    return TRUE;
}

/* ---- Beginning and end ----------------------------------------------------------------------------------------- */

static void *LoadKey(void *Context, void *Parent, const uint16_t *Name, size_t NameLength)
{
    REGISTRY *Registry = Context;

    return AddChild(Parent != NULL ? Parent : Registry->Root, (const WCHAR *)Name, NameLength);
}

static void LoadValue(void *Context, void *Key, const uint16_t *Name, size_t NameLength, uint32_t Type,
                      const uint8_t *Data, uint32_t Size)
{
    REGISTRY *Registry = Context;

    KeepValue(Key != NULL ? Key : Registry->Root, CopyName((const WCHAR *)Name, NameLength), NameLength, Type, Data,
              Size);
}

void CmDelete(REGISTRY *Registry)
{
    if (Registry == NULL) {
        return;
    }
    for (ULONG Index = 0; Index < CM_HANDLES; Index++) {
        if (Registry->Handles[Index].Key != NULL) {
            CmClose(Registry->Handles[Index].Key);
        }
    }
    while (Registry->Root->Children != NULL) {
        Forget(Registry->Root->Children);
    }
    FreeKey(Registry->Root);
    PlatformFree(Registry->Store);
    PlatformFree(Registry);
}

REGISTRY *CmCreate(const char *Folder, char *Error, size_t ErrorSize)
{
    static const WCHAR *const Standing[] = {
        L"Machine\\System\\CurrentControlSet\\Enum",
        L"Machine\\System\\CurrentControlSet\\Services\\irqscope\\Parameters",
    };
    REGISTRY *Registry = PlatformAllocate(sizeof(*Registry));
    STORE_READER Reader = { .Key = LoadKey, .Value = LoadValue, .Context = Registry };

    Registry->Root = PlatformAllocate(sizeof(*Registry->Root));
    Registry->Root->Registry = Registry;
    Registry->Root->Name = CopyName(L"Registry", 8);
    if (Folder != NULL && Folder[0] != 0) {
        Registry->Store = PlatformAllocate(sizeof(*Registry->Store));
        if (!StoreOpen(Registry->Store, Folder, Error, ErrorSize) ||
            !StoreLoad(Registry->Store, &Reader, Error, ErrorSize)) {
            CmDelete(Registry);
            return NULL;
        }
    }
    for (ULONG Index = 0; Index < sizeof(Standing) / sizeof(Standing[0]); Index++) {
        CM_KEY *Key = CmMake(Registry->Root, Standing[Index], Length(Standing[Index]), NULL);

        if (Key == NULL) {
            snprintf(Error, ErrorSize, "the registry's folder %s cannot be written", Folder);
            CmDelete(Registry);
            return NULL;
        }
        CmClose(Key);
    }
    return Registry;
}

BOOLEAN CmAtRest(REGISTRY *Registry, char *Answer, size_t AnswerSize)
{
    BOOLEAN Rest = TRUE;
    size_t Used = 0;

    if (AnswerSize != 0) {
        Answer[0] = 0;
    }
    for (ULONG Index = 0; Index < CM_HANDLES; Index++) {
        if (Registry->Handles[Index].Key != NULL) {
            int Length = snprintf(Answer + Used, AnswerSize - Used, "a registry key is open since %s\n",
                                  Registry->Handles[Index].Routine);

            Rest = FALSE;
            Used = Length < 0 || Used + (size_t)Length >= AnswerSize ? AnswerSize : Used + (size_t)Length;
            if (Used == AnswerSize) {
                break;
            }
        }
    }
    return Rest;
}
