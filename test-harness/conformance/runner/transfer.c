/* What each transfer method gives to a driver and brings back, and who may send what. */
#include "ask.h"

#define SHAPE(Method, In, Out) ((uint32_t)(Method) | (In) << 8 | (Out) << 16)
#define DOC_METHODS "Buffer Descriptions for I/O Control Codes"

static uint32_t CountBytes(const unsigned char *Output, uint32_t Size, unsigned char Byte)
{
    uint32_t Count = 0;

    for (uint32_t Index = 0; Index < Size; Index++) {
        Count += Output[Index] == Byte;
    }
    return Count;
}

static void AskSeen(void)
{
    unsigned char In[16] = "input", Out[16] = "";
    uint32_t InSize = RowNumber >> 8 & 255, OutSize = RowNumber >> 16;
    DWORD Returned = 7777;
    BOOL Result = DeviceIoControl(Control, CONFORM_CODE(CONFORM_SEE, RowNumber & 3, CONFORM_ANY),
                                  InSize == 0 ? NULL : In,
                                  InSize, OutSize == 0 ? NULL : Out, OutSize, &Returned, NULL);

    SayCall(Result);
    Say(", ");
    SayLog();
}

static void AskNull(void)
{
    uint32_t InSize = RowNumber >> 8 & 255, OutSize = RowNumber >> 16;
    DWORD Returned = 7777;
    BOOL Result = DeviceIoControl(Control, CONFORM_CODE(CONFORM_SEE, RowNumber & 3, CONFORM_ANY), NULL, InSize, NULL,
                                  OutSize, &Returned, NULL);

    SayCall(Result);
    Say(", ");
    SayLog();
}

/* 16 bytes of output, of which the driver writes 8 and says 4. */
static void SayFilled(uint32_t Method, uint32_t When, uint32_t Status, uint32_t Fill, uint32_t Information,
                      uint32_t Size)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = When, .Status = Status, .Information = Information, .Fill = Fill,
                                     .Byte = 'x',
                                      .Delay = 5 };
    unsigned char Output[64];
    DWORD Returned = 7777;
    BOOL Result;
    DWORD Error;

    memset(Output, '.', sizeof(Output));
    Result = DeviceIoControl(Control, SCRIPT_CODE(Method, CONFORM_ANY), &Script, sizeof(Script),
                             Size == 0 ? NULL : Output,
                             Size, &Returned, NULL);
    Error = GetLastError();
    SayError(Result, Error);
    if (Returned == 7777) {
        Say(", count untouched, ");
    } else {
        Say(", count %u, ", (unsigned)Returned);
    }
    Say("%u bytes came", (unsigned)CountBytes(Output, sizeof(Output), 'x'));
}

static void AskCopied(void)
{
    SayFilled(RowNumber & 3, CONFORM_NOW, 0, 8, 4, 16);
}

static void AskCopiedLater(void)
{
    SayFilled(RowNumber & 3, CONFORM_TIMER, 0, 8, 4, 16);
}

static void AskStatus(void)
{
    SayFilled(CONFORM_BUFFERED, CONFORM_NOW, RowNumber, 8, 4, 16);
}

static void AskStatusLater(void)
{
    SayFilled(CONFORM_BUFFERED, CONFORM_TIMER, RowNumber, 8, 4, 16);
}

static void AskStatusWork(void)
{
    SayFilled(CONFORM_BUFFERED, CONFORM_WORK, RowNumber, 8, 4, 16);
}

static void AskStatusMarked(void)
{
    SayFilled(CONFORM_BUFFERED, CONFORM_MARKED, RowNumber, 8, 4, 16);
}

static void AskMoreThanOutput(void)
{
    SayFilled(CONFORM_BUFFERED, CONFORM_NOW, 0, 8, 8, 4);
}

static void AskNoOutput(void)
{
    SayFilled(CONFORM_BUFFERED, CONFORM_NOW, 0, 0, 4, 0);
}

static void AskDirectMore(void)
{
    SayFilled(CONFORM_OUT_DIRECT, CONFORM_NOW, 0, 8, 100, 16);
}

static void AskNothingCopied(void)
{
    SayFilled(CONFORM_BUFFERED, CONFORM_NOW, 0, 8, 0, 16);
}

static void AskSameBuffer(void)
{
    union {
        CONFORM_SCRIPT_REQUEST Script;
        unsigned char Bytes[64];
    } Both = { .Script = { .When = CONFORM_NOW, .Information = 8, .Fill = 8, .Byte = 'x' } };
    DWORD Returned = 7777;
    BOOL Result = DeviceIoControl(Control, SCRIPT_BUFFERED, &Both, sizeof(Both.Script), &Both, sizeof(Both),
                                  &Returned, NULL);

    SayCall(Result);
    Say(", count %u, %u bytes came", (unsigned)Returned, (unsigned)CountBytes(Both.Bytes, 64, 'x'));
}

static void AskUnknown(void)
{
    DWORD Returned = 7777;

    SayCall(DeviceIoControl(Control, CONFORM_CODE(0x7F, CONFORM_BUFFERED, CONFORM_ANY), NULL, 0, NULL, 0, &Returned,
                            NULL));
}

static void AskCountNull(void)
{
    DWORD Returned = 0;

    (void)Returned;
    SayCall(DeviceIoControl(Control, CONFORM_CODE(CONFORM_SEE, CONFORM_BUFFERED, CONFORM_ANY), NULL, 0, NULL, 0,
                            &Returned,
                             NULL));
}

static void AskReturnDiffers(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_NOW, .Status = 0xC000000Du, .Differs = 1, .Return = 0 };
    DWORD Returned = 7777;

    SayCall(DeviceIoControl(Control, SCRIPT_BUFFERED, &Script, sizeof(Script), NULL, 0, &Returned, NULL));
}

/* Access of the code in bits 0-1, of the handle above. */
static void AskAccess(void)
{
    HANDLE Device = Open(RowNumber >> 4 << 4, 0);
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_NOW };
    DWORD Returned = 0;

    if (Device == INVALID_HANDLE_VALUE) {
        Say("open: ");
        SayCall(FALSE);
        return;
    }
    SayCall(DeviceIoControl(Device, SCRIPT_CODE(CONFORM_BUFFERED, RowNumber & 3), &Script, sizeof(Script), NULL, 0,
                            &Returned,
                             NULL));
    CloseHandle(Device);
}

#define ACCESS_ROW(Code, CodeName, Handle, HandleName) \
    { "access/" CodeName "/" HandleName, "code wants " CodeName ", handle has " HandleName, "Defining I/O Control Codes", \
      AskAccess, (Code) | (Handle) }

#define READ_AND_WRITE (CONFORM_READ | CONFORM_WRITE)

const ROW TransferRows[] = {
    { "transfer/buffered/4-8", "METHOD_BUFFERED, 4 bytes in, 8 out: what the driver sees", DOC_METHODS, AskSeen, SHAPE(CONFORM_BUFFERED, 4, 8) },
    { "transfer/buffered/4-0", "METHOD_BUFFERED, 4 in, none out", DOC_METHODS, AskSeen, SHAPE(CONFORM_BUFFERED, 4, 0) },
    { "transfer/buffered/0-8", "METHOD_BUFFERED, none in, 8 out", DOC_METHODS, AskSeen, SHAPE(CONFORM_BUFFERED, 0, 8) },
    { "transfer/buffered/0-0", "METHOD_BUFFERED, neither", DOC_METHODS, AskSeen, SHAPE(CONFORM_BUFFERED, 0, 0) },
    { "transfer/in-direct/4-8", "METHOD_IN_DIRECT, 4 in, 8 out", DOC_METHODS, AskSeen, SHAPE(CONFORM_IN_DIRECT, 4, 8) },
    { "transfer/in-direct/4-0", "METHOD_IN_DIRECT, 4 in, none out", DOC_METHODS, AskSeen, SHAPE(CONFORM_IN_DIRECT, 4, 0) },
    { "transfer/in-direct/0-8", "METHOD_IN_DIRECT, none in, 8 out", DOC_METHODS, AskSeen, SHAPE(CONFORM_IN_DIRECT, 0, 8) },
    { "transfer/in-direct/0-0", "METHOD_IN_DIRECT, neither", DOC_METHODS, AskSeen, SHAPE(CONFORM_IN_DIRECT, 0, 0) },
    { "transfer/out-direct/4-8", "METHOD_OUT_DIRECT, 4 in, 8 out", DOC_METHODS, AskSeen, SHAPE(CONFORM_OUT_DIRECT, 4, 8) },
    { "transfer/out-direct/4-0", "METHOD_OUT_DIRECT, 4 in, none out", DOC_METHODS, AskSeen, SHAPE(CONFORM_OUT_DIRECT, 4, 0) },
    { "transfer/out-direct/0-8", "METHOD_OUT_DIRECT, none in, 8 out", DOC_METHODS, AskSeen, SHAPE(CONFORM_OUT_DIRECT, 0, 8) },
    { "transfer/out-direct/0-0", "METHOD_OUT_DIRECT, neither", DOC_METHODS, AskSeen, SHAPE(CONFORM_OUT_DIRECT, 0, 0) },
    { "transfer/neither/4-8", "METHOD_NEITHER, 4 in, 8 out", DOC_METHODS, AskSeen, SHAPE(CONFORM_NEITHER, 4, 8) },
    { "transfer/neither/4-0", "METHOD_NEITHER, 4 in, none out", DOC_METHODS, AskSeen, SHAPE(CONFORM_NEITHER, 4, 0) },
    { "transfer/neither/0-8", "METHOD_NEITHER, none in, 8 out", DOC_METHODS, AskSeen, SHAPE(CONFORM_NEITHER, 0, 8) },
    { "transfer/neither/0-0", "METHOD_NEITHER, neither", DOC_METHODS, AskSeen, SHAPE(CONFORM_NEITHER, 0, 0) },
    { "transfer/buffered/null-in", "METHOD_BUFFERED, 4 bytes in at NULL", "", AskNull, SHAPE(CONFORM_BUFFERED, 4, 0) },
    { "transfer/buffered/null-out", "METHOD_BUFFERED, 8 bytes out at NULL", "", AskNull, SHAPE(CONFORM_BUFFERED, 0, 8) },
    { "transfer/in-direct/null-in", "METHOD_IN_DIRECT, 4 bytes in at NULL", "", AskNull, SHAPE(CONFORM_IN_DIRECT, 4, 0) },
    { "transfer/in-direct/null-out", "METHOD_IN_DIRECT, 8 bytes out at NULL", "", AskNull, SHAPE(CONFORM_IN_DIRECT, 0, 8) },
    { "transfer/out-direct/null-out", "METHOD_OUT_DIRECT, 8 bytes out at NULL", "", AskNull, SHAPE(CONFORM_OUT_DIRECT, 0, 8) },
    { "transfer/neither/null-in", "METHOD_NEITHER, 4 bytes in at NULL", "Using Neither Buffered Nor Direct I/O", AskNull, SHAPE(CONFORM_NEITHER, 4, 0) },
    { "transfer/neither/null-out", "METHOD_NEITHER, 8 bytes out at NULL", "Using Neither Buffered Nor Direct I/O", AskNull, SHAPE(CONFORM_NEITHER, 0, 8) },
    { "transfer/buffered/copied", "METHOD_BUFFERED: 8 bytes written, Information 4, room for 16", DOC_METHODS, AskCopied, CONFORM_BUFFERED },
    { "transfer/in-direct/copied", "METHOD_IN_DIRECT: the same", DOC_METHODS, AskCopied, CONFORM_IN_DIRECT },
    { "transfer/out-direct/copied", "METHOD_OUT_DIRECT: the same", DOC_METHODS, AskCopied, CONFORM_OUT_DIRECT },
    { "transfer/neither/copied", "METHOD_NEITHER: the same", DOC_METHODS, AskCopied, CONFORM_NEITHER },
    { "transfer/buffered/copied-later", "METHOD_BUFFERED: the same, completed by a timer's DPC", DOC_METHODS, AskCopiedLater, CONFORM_BUFFERED },
    { "transfer/out-direct/copied-later", "METHOD_OUT_DIRECT: the same, completed by a timer's DPC", DOC_METHODS, AskCopiedLater, CONFORM_OUT_DIRECT },
    { "transfer/status/overflow", "STATUS_BUFFER_OVERFLOW with Information 4", DOC_METHODS, AskStatus, 0x80000005u },
    { "transfer/status/overflow-later", "the same, completed by a timer's DPC", DOC_METHODS, AskStatusLater, 0x80000005u },
    { "transfer/status/overflow-marked", "the same, marked pending and completed in the dispatch routine", DOC_METHODS, AskStatusMarked, 0x80000005u },
    { "transfer/status/too-small", "STATUS_BUFFER_TOO_SMALL with Information 4", DOC_METHODS, AskStatus, 0xC0000023u },
    { "transfer/status/too-small-later", "the same, completed by a timer's DPC", DOC_METHODS, AskStatusLater, 0xC0000023u },
    { "transfer/status/parameter", "STATUS_INVALID_PARAMETER with Information 4", DOC_METHODS, AskStatus, 0xC000000Du },
    { "transfer/status/informational", "STATUS_OBJECT_NAME_EXISTS with Information 4", "", AskStatus, 0x40000000u },
    { "transfer/status/informational-later", "the same, completed by a timer's DPC", "", AskStatusLater, 0x40000000u },
    { "transfer/status/no-more-entries", "STATUS_NO_MORE_ENTRIES with Information 4", "", AskStatus, 0x8000001Au },
    { "transfer/status/work", "STATUS_SUCCESS by a work item", "", AskStatusWork, 0 },
    { "transfer/status/work-error", "STATUS_INVALID_PARAMETER by a work item", "", AskStatusWork, 0xC000000Du },
    { "transfer/status/marked", "STATUS_SUCCESS, marked pending and completed in the dispatch routine", "IoMarkIrpPending", AskStatusMarked, 0 },
    { "transfer/status/marked-error", "STATUS_INVALID_PARAMETER, the same way", "IoMarkIrpPending", AskStatusMarked, 0xC000000Du },
    { "transfer/information/none", "8 bytes written, Information 0", DOC_METHODS, AskNothingCopied, 0 },
    { "transfer/information/no-output", "Information 4 and no output buffer", "", AskNoOutput, 0 },
    { "transfer/information/direct-more", "METHOD_OUT_DIRECT: Information 100 of an output of 16", "", AskDirectMore, 0 },
    { "transfer/information/more", "METHOD_BUFFERED: Information 8 of an output of 4", "Failure to Check the Size of Buffers", AskMoreThanOutput, 0 },
    { "transfer/same-buffer", "METHOD_BUFFERED: one buffer for input and output", DOC_METHODS, AskSameBuffer, 0 },
    { "transfer/unknown", "a code that the driver completes with STATUS_INVALID_DEVICE_REQUEST", "", AskUnknown, 0 },
    { "transfer/count", "no buffers at all", "", AskCountNull, 0 },
    { "transfer/return-differs", "the dispatch routine returns STATUS_SUCCESS, the IRP has STATUS_INVALID_PARAMETER", "Completing IRPs", AskReturnDiffers, 0 },
    ACCESS_ROW(CONFORM_ANY, "any", 0x80u, "attributes"),
    ACCESS_ROW(CONFORM_READ, "read", GENERIC_READ, "read"),
    ACCESS_ROW(CONFORM_READ, "read", GENERIC_WRITE, "write"),
    ACCESS_ROW(CONFORM_READ, "read", 0x80u, "attributes"),
    ACCESS_ROW(CONFORM_READ, "read", 0x10000000u, "all"),
    ACCESS_ROW(CONFORM_READ, "read", 0x02000000u, "maximum-allowed"),
    ACCESS_ROW(CONFORM_WRITE, "write", GENERIC_READ, "read"),
    ACCESS_ROW(CONFORM_WRITE, "write", GENERIC_WRITE, "write"),
    ACCESS_ROW(CONFORM_WRITE, "write", 0x80u, "attributes"),
    ACCESS_ROW(READ_AND_WRITE, "read-and-write", GENERIC_READ, "read"),
    ACCESS_ROW(READ_AND_WRITE, "read-and-write", GENERIC_WRITE, "write"),
    ACCESS_ROW(READ_AND_WRITE, "read-and-write", GENERIC_READ | GENERIC_WRITE, "read-and-write"),
};
const ULONG TransferRowCount = sizeof(TransferRows) / sizeof(TransferRows[0]);
