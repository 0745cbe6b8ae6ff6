/*
 * On the disk:   <folder>/<key>/<key>/<name>.value        two lines: the type, the bytes in hexadecimal
 * A name is escaped to letters, digits and a few marks of ASCII: every other byte of its UTF-8 becomes %XX. A dot is
 * always escaped, so that a key never looks like a value; what ends in ".new" or ".gone" was left by a process that
 * died in the middle and is removed.
 */
#include "cm_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <dirent.h>

#ifdef _WIN32
#include <direct.h>
#include <io.h>

/* Declared here instead of by windows.h, whose names would meet those of the simulator's own headers. */
__declspec(dllimport) int __stdcall MoveFileExA(const char *From, const char *To, unsigned long Flags);
#define MOVE_REPLACE_WRITE_THROUGH 0x9

static int MakeFolder(const char *Path) { return _mkdir(Path); }
static int Flush(int File) { return _commit(File); }
static int FlushFolder(const char *Path) { (void)Path; return 0; }     /* the move wrote through */

static int Replace(const char *From, const char *To)
{
    if (MoveFileExA(From, To, MOVE_REPLACE_WRITE_THROUGH)) {
        return 0;
    }
    errno = EIO;                        /* it leaves a last error, and callers look at errno */
    return -1;
}


#define OPEN_BINARY _O_BINARY
#else
#define OPEN_BINARY 0

static int MakeFolder(const char *Path) { return mkdir(Path, 0777); }
static int Flush(int File) { return fsync(File); }
static int Replace(const char *From, const char *To) { return rename(From, To); }

static int FlushFolder(const char *Path)
{
    int File = open(Path, O_RDONLY);
    int Result;

    if (File < 0) {
        return -1;
    }
    Result = fsync(File);
    close(File);
    return Result;
}
#endif

#define PATH_SIZE STORE_PATH
#define NAME_SIZE 256
#define VALUE_END ".value"
#define NEW_END ".new"
#define GONE_END ".gone"
#define MOST_TRIES 100

typedef struct PATH {
    char Text[PATH_SIZE];
    size_t Length;
    int TooLong;
} PATH;

static void PathStart(PATH *Path, const STORE *Store)
{
    Path->Length = strlen(Store->Folder);
    Path->TooLong = 0;
    memcpy(Path->Text, Store->Folder, Path->Length + 1);
}

static void PathAdd(PATH *Path, char Character)
{
    if (Path->Length + 1 >= sizeof(Path->Text)) {
        Path->TooLong = 1;
        return;
    }
    Path->Text[Path->Length++] = Character;
    Path->Text[Path->Length] = 0;
}

static void PathAddText(PATH *Path, const char *Text)
{
    while (*Text != 0) {
        PathAdd(Path, *Text++);
    }
}

static void PathAddByte(PATH *Path, unsigned Byte)
{
    static const char Digits[] = "0123456789ABCDEF";

    if (Byte < 0x80 && (strchr(" _-&{}()", (int)Byte) != NULL || (Byte >= '0' && Byte <= '9') ||
                        (Byte >= 'A' && Byte <= 'Z') || (Byte >= 'a' && Byte <= 'z')) && Byte != 0) {
        PathAdd(Path, (char)Byte);
        return;
    }
    PathAdd(Path, '%');
    PathAdd(Path, Digits[Byte >> 4]);
    PathAdd(Path, Digits[Byte & 15]);
}

/* UTF-16 to escaped UTF-8; half a pair is encoded like any other character, so that every name survives. */
static void PathAddName(PATH *Path, const uint16_t *Name)
{
    size_t Start;

    PathAdd(Path, '/');
    Start = Path->Length;
    for (; *Name != 0; Name++) {
        uint32_t Code = *Name;

        if (Code >= 0xD800 && Code < 0xDC00 && Name[1] >= 0xDC00 && Name[1] < 0xE000) {
            Code = 0x10000 + ((Code - 0xD800) << 10) + (*++Name - 0xDC00u);
        }
        if (Code < 0x80) {
            PathAddByte(Path, Code);
        } else if (Code < 0x800) {
            PathAddByte(Path, 0xC0 | (Code >> 6));
            PathAddByte(Path, 0x80 | (Code & 0x3F));
        } else if (Code < 0x10000) {
            PathAddByte(Path, 0xE0 | (Code >> 12));
            PathAddByte(Path, 0x80 | ((Code >> 6) & 0x3F));
            PathAddByte(Path, 0x80 | (Code & 0x3F));
        } else {
            PathAddByte(Path, 0xF0 | (Code >> 18));
            PathAddByte(Path, 0x80 | ((Code >> 12) & 0x3F));
            PathAddByte(Path, 0x80 | ((Code >> 6) & 0x3F));
            PathAddByte(Path, 0x80 | (Code & 0x3F));
        }
    }
    if (Path->Length - Start > NAME_SIZE - 16) {
        Path->TooLong = 1;              /* file systems end there */
    }
}

static void PathAddNames(PATH *Path, const uint16_t *Names)
{
    while (*Names != 0) {
        PathAddName(Path, Names);
        while (*Names++ != 0) {
        }
    }
}

static int HexDigit(int Character)
{
    if (Character >= '0' && Character <= '9') {
        return Character - '0';
    }
    if (Character >= 'A' && Character <= 'F') {
        return Character - 'A' + 10;
    }
    return Character >= 'a' && Character <= 'f' ? Character - 'a' + 10 : -1;
}

/* The other way. 0: that is no name of ours. */
static int NameDecode(const char *Text, size_t Length, uint16_t *Name, size_t *NameLength)
{
    uint8_t Bytes[NAME_SIZE];
    size_t Count = 0;
    size_t Used = 0;

    for (size_t At = 0; At < Length; At++) {
        if (Count == sizeof(Bytes)) {
            return 0;
        }
        if (Text[At] == '%') {
            int High = At + 2 < Length ? HexDigit(Text[At + 1]) : -1;
            int Low = High >= 0 ? HexDigit(Text[At + 2]) : -1;

            if (High < 0 || Low < 0) {
                return 0;
            }
            Bytes[Count++] = (uint8_t)((High << 4) | Low);
            At += 2;
        } else {
            Bytes[Count++] = (uint8_t)Text[At];
        }
    }
    for (size_t At = 0; At < Count;) {
        uint32_t Code = Bytes[At];
        size_t More = Code < 0x80 ? 0 : Code < 0xE0 ? 1 : Code < 0xF0 ? 2 : 3;

        Code = More == 0 ? Code : Code & (0x3Fu >> More);
        if (At + More >= Count) {
            return 0;
        }
        for (At++; More != 0; More--, At++) {
            Code = (Code << 6) | (Bytes[At] & 0x3F);
        }
        if (Code >= 0x10000) {
            Name[Used++] = (uint16_t)(0xD800 + ((Code - 0x10000) >> 10));
            Name[Used++] = (uint16_t)(0xDC00 + ((Code - 0x10000) & 0x3FF));
        } else {
            Name[Used++] = (uint16_t)Code;
        }
    }
    *NameLength = Used;
    return 1;
}

static int EndsWith(const char *Text, const char *End)
{
    size_t Length = strlen(Text);
    size_t EndLength = strlen(End);

    return Length >= EndLength && strcmp(Text + Length - EndLength, End) == 0;
}

static int IsFolder(const char *Path)
{
    struct stat Status;

    return stat(Path, &Status) == 0 && S_ISDIR(Status.st_mode);
}

static void FlushParent(const PATH *Path)
{
    char Parent[PATH_SIZE];
    char *Slash;

    memcpy(Parent, Path->Text, Path->Length + 1);
    Slash = strrchr(Parent, '/');
    if (Slash != NULL && Slash != Parent) {
        *Slash = 0;
        FlushFolder(Parent);
    }
}

int StoreOpen(STORE *Store, const char *Folder, char *Error, size_t ErrorSize)
{
    size_t Length = strlen(Folder);

    if (Length + NAME_SIZE >= PATH_SIZE) {
        snprintf(Error, ErrorSize, "the registry's folder cannot be used: its name is too long");
        return 0;
    }
    while (Length > 1 && Folder[Length - 1] == '/') {
        Length--;
    }
    memcpy(Store->Folder, Folder, Length);
    Store->Folder[Length] = 0;
    if (MakeFolder(Store->Folder) != 0 && errno != EEXIST) {
        snprintf(Error, ErrorSize, "the registry's folder %s cannot be made: %s", Store->Folder, strerror(errno));
        return 0;
    }
    if (!IsFolder(Store->Folder)) {
        snprintf(Error, ErrorSize, "the registry's folder %s is not a folder", Store->Folder);
        return 0;
    }
    return 1;
}

static int RemoveTree(const char *Path)
{
    DIR *Directory = opendir(Path);
    struct dirent *Entry;
    int Result = 1;

    if (Directory == NULL) {
        return errno == ENOENT;
    }
    while ((Entry = readdir(Directory)) != NULL) {
        char Child[PATH_SIZE];

        if (strcmp(Entry->d_name, ".") == 0 || strcmp(Entry->d_name, "..") == 0) {
            continue;
        }
        if ((size_t)snprintf(Child, sizeof(Child), "%s/%s", Path, Entry->d_name) >= sizeof(Child)) {
            Result = 0;
        } else if (IsFolder(Child)) {
            Result &= RemoveTree(Child);
        } else {
            Result &= remove(Child) == 0 || errno == ENOENT;
        }
    }
    closedir(Directory);
    return (rmdir(Path) == 0 || errno == ENOENT) && Result;
}

/* ---- Reading --------------------------------------------------------------------------------------------------- */

static int LoadValue(const char *Path, const char *FileName, const STORE_READER *Reader, void *Key, char *Error,
                     size_t ErrorSize)
{
    FILE *File = fopen(Path, "rb");
    uint16_t Name[NAME_SIZE];
    size_t Length;
    unsigned Type;
    uint8_t *Data = NULL;
    uint32_t Size = 0;
    uint32_t Room = 0;
    int Character;
    int Good = 0;

    if (File == NULL) {
        snprintf(Error, ErrorSize, "%s cannot be read: %s", Path, strerror(errno));
        return errno == ENOENT;         /* its owner, who lives, has just deleted it */
    }
    if (!NameDecode(FileName, strlen(FileName) - strlen(VALUE_END), Name, &Length) ||
        fscanf(File, "%u", &Type) != 1 || fgetc(File) != '\n') {
        goto closeFile;
    }
    while ((Character = fgetc(File)) != '\n') {
        int High = HexDigit(Character);
        int Low = High >= 0 ? HexDigit(fgetc(File)) : -1;

        if (Low < 0) {
            goto closeFile;
        }
        if (Size == Room) {
            uint8_t *Larger = realloc(Data, Room = Room * 2 + 64);

            if (Larger == NULL) {
                goto closeFile;
            }
            Data = Larger;
        }
        Data[Size++] = (uint8_t)((High << 4) | Low);
    }
    Reader->Value(Reader->Context, Key, Name, Length, Type, Data, Size);
    Good = 1;

closeFile:
    fclose(File);
    free(Data);
    if (!Good) {
        snprintf(Error, ErrorSize, "%s is no registry value (a type, then bytes in hexadecimal)", Path);
    }
    return Good;
}

static int LoadKey(const char *Path, const STORE_READER *Reader, void *Key, char *Error, size_t ErrorSize)
{
    DIR *Directory = opendir(Path);
    struct dirent *Entry;
    int Result = 1;

    if (Directory == NULL) {
        snprintf(Error, ErrorSize, "%s cannot be read: %s", Path, strerror(errno));
        return errno == ENOENT;
    }
    while (Result && (Entry = readdir(Directory)) != NULL) {
        uint16_t Name[NAME_SIZE];
        size_t Length;
        char *Child;

        if (strcmp(Entry->d_name, ".") == 0 || strcmp(Entry->d_name, "..") == 0) {
            continue;
        }
        Child = malloc(PATH_SIZE);
        if (Child == NULL ||
            (size_t)snprintf(Child, PATH_SIZE, "%s/%s", Path, Entry->d_name) >= PATH_SIZE) {
            snprintf(Error, ErrorSize, "a name in %s is too long", Path);
            Result = 0;
        } else if (EndsWith(Entry->d_name, NEW_END)) {
            remove(Child);
        } else if (EndsWith(Entry->d_name, GONE_END)) {
            RemoveTree(Child);
        } else if (IsFolder(Child)) {
            if (!NameDecode(Entry->d_name, strlen(Entry->d_name), Name, &Length)) {
                snprintf(Error, ErrorSize, "%s is no registry key", Child);
                Result = 0;
            } else {
                Result = LoadKey(Child, Reader, Reader->Key(Reader->Context, Key, Name, Length), Error, ErrorSize);
            }
        } else if (EndsWith(Entry->d_name, VALUE_END)) {
            Result = LoadValue(Child, Entry->d_name, Reader, Key, Error, ErrorSize);
        }
        free(Child);
    }
    closedir(Directory);
    return Result;
}

int StoreLoad(STORE *Store, const STORE_READER *Reader, char *Error, size_t ErrorSize)
{
    return LoadKey(Store->Folder, Reader, NULL, Error, ErrorSize);
}

/* ---- Writing --------------------------------------------------------------------------------------------------- */

int StoreMakeKey(STORE *Store, const uint16_t *Names)
{
    PATH Path;

    PathStart(&Path, Store);
    PathAddNames(&Path, Names);
    if (Path.TooLong || (MakeFolder(Path.Text) != 0 && errno != EEXIST)) {
        return 0;
    }
    FlushParent(&Path);
    return 1;
}

int StoreDeleteKey(STORE *Store, const uint16_t *Names)
{
    PATH Path, Gone;

    PathStart(&Path, Store);
    PathAddNames(&Path, Names);
    Gone = Path;
    PathAddText(&Gone, GONE_END);
    if (Path.TooLong || Gone.TooLong || !RemoveTree(Gone.Text)) {
        return 0;
    }
    /* Out of the way at once, then piece by piece. */
    if (Replace(Path.Text, Gone.Text) != 0) {
        return errno == ENOENT;
    }
    FlushParent(&Path);
    return RemoveTree(Gone.Text);
}

/* Beside its place, down to the disk. */
static int WriteNew(const char *New, uint32_t Type, const uint8_t *Bytes, uint32_t Size)
{
    FILE *File;
    int Handle;
    int Good;

    Handle = open(New, O_WRONLY | O_CREAT | O_TRUNC | OPEN_BINARY, 0666);
    if (Handle < 0) {
        return 0;
    }
    File = fdopen(Handle, "wb");
    if (File == NULL) {
        close(Handle);
        return 0;
    }
    Good = fprintf(File, "%u\n", (unsigned)Type) > 0;
    for (uint32_t Index = 0; Index < Size; Index++) {
        Good = Good && fprintf(File, "%02x", Bytes[Index]) > 0;
    }
    Good = fputc('\n', File) != EOF && Good;
    Good = fflush(File) == 0 && Good;
    Good = Flush(Handle) == 0 && Good;
    Good = fclose(File) == 0 && Good;
    return Good;
}

/* Another process that opens the folder takes a new value for one that a dead process left, and removes it; then it is
 * written once more. */
int StoreWriteValue(STORE *Store, const uint16_t *Names, const uint16_t *Name, uint32_t Type, const void *Data,
                    uint32_t Size)
{
    PATH Path, New;

    PathStart(&Path, Store);
    PathAddNames(&Path, Names);
    PathAddName(&Path, Name);
    PathAddText(&Path, VALUE_END);
    New = Path;
    PathAddText(&New, NEW_END);
    if (Path.TooLong || New.TooLong) {
        return 0;
    }
    for (int Try = 0; Try < MOST_TRIES; Try++) {
        if (!WriteNew(New.Text, Type, Data, Size)) {
            remove(New.Text);
            return 0;
        }
        if (Replace(New.Text, Path.Text) == 0) {
            FlushParent(&Path);
            return 1;
        }
        if (errno != ENOENT) {
            break;
        }
    }
    remove(New.Text);
    return 0;
}

int StoreDeleteValue(STORE *Store, const uint16_t *Names, const uint16_t *Name)
{
    PATH Path;

    PathStart(&Path, Store);
    PathAddNames(&Path, Names);
    PathAddName(&Path, Name);
    PathAddText(&Path, VALUE_END);
    if (Path.TooLong || (remove(Path.Text) != 0 && errno != ENOENT)) {
        return 0;
    }
    FlushParent(&Path);
    return 1;
}
