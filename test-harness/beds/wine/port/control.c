/* The request of the control interface: one line of words in; out come one byte, 1 or 0, and the answer. */
#include "port.h"

#define WORDS_LIMIT (64 * 1024)

static BOOLEAN Run(const char *Words, char *Answer, size_t AnswerSize)
{
    const char *Rest = Words;
    char Word[64];

    TextWord(&Rest, Word, sizeof(Word));
    if (TextEqual(Word, "machine")) {
        OPTIONS Options = Port.Options;

        if (!OptionsParse(&Options, Rest, Answer, AnswerSize) || !BusRemake(&Options, Answer, AnswerSize)) {
            return FALSE;
        }
        PlatformFormat(Answer, AnswerSize, "ok");
        return TRUE;
    }
    if (TextEqual(Word, "options")) {
        OptionsTell(&Port.Options, Answer, AnswerSize);
        return TRUE;
    }
    if (TextEqual(Word, "settled")) {
        return BusSettled(Answer, AnswerSize);
    }
    if (TextEqual(Word, "idle")) {
        TextWord(&Rest, Word, sizeof(Word));
        Port.IdleTime = !TextEqual(Word, "off");
        PlatformFormat(Answer, AnswerSize, "ok");
        return TRUE;
    }
    if (Port.Stopped && !ControlLooks(Words)) {
        PlatformFormat(Answer, AnswerSize, "the machine has stopped: %s", Port.StopText);
        return FALSE;
    }
    return ControlWords(&Port, Words, Answer, AnswerSize);
}

NTSTATUS PortRequest(PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG In = Stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG Room = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    NTSTATUS Status = STATUS_INVALID_DEVICE_REQUEST;
    char *Words, *Answer;

    Irp->IoStatus.Information = 0;
    if (Stack->Parameters.DeviceIoControl.IoControlCode == PORT_IOCTL_CONTROL) {
        Status = STATUS_INVALID_PARAMETER;
        if (In < WORDS_LIMIT && Room >= 2) {
            Words = PlatformAllocate(In + 1);
            Answer = PlatformAllocate(Room);
            RtlCopyMemory(Words, Irp->AssociatedIrp.SystemBuffer, In);
            Answer[0] = (char)Run(Words, Answer + 1, Room - 1);
            Irp->IoStatus.Information = 1 + TextLength(Answer + 1);
            RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, Answer, Irp->IoStatus.Information);
            PlatformFree(Answer);
            PlatformFree(Words);
            Status = STATUS_SUCCESS;
        }
    }
    Irp->IoStatus.Status = Status;
    BusComplete(Irp);
    return Status;
}
