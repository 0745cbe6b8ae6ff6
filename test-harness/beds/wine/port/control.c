/* The request of the control interface: one line of words in; out come one byte, 1 or 0, and the answer. */
#include "port.h"

#define WORDS_LIMIT (64 * 1024)
#define ANSWER_LIMIT (64 * 1024)

/* A client waits, with so many requests that did not end: time goes to what is due next, once the driver has as many. One
 * that it has completed is still on its way back otherwise, and the client has something to do. */
static BOOLEAN Step(const char *Words, char *Answer, size_t AnswerSize)
{
    char Word[32] = "";
    ULONGLONG Waiting, Due;

    TextWord(&Words, Word, sizeof(Word));
    if (!TextNumber(Word, &Waiting)) {
        PlatformFormat(Answer, AnswerSize, "step wants the number of requests that its client waits for");
        return FALSE;
    }
    if (Port.Stopped || Port.RealTime || Waiting != Port.Pending) {
        PlatformFormat(Answer, AnswerSize, "wait %u", Port.Pending);
    } else if (!MachineNextDue(Port.Machine, &Due)) {
        PlatformFormat(Answer, AnswerSize, "nothing");
    } else {
        MachineAdvance(Port.Machine, Due > MachineNow(Port.Machine) ? Due - MachineNow(Port.Machine) : 0);
        PlatformFormat(Answer, AnswerSize, "stepped");
    }
    return TRUE;
}

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
    if (TextEqual(Word, "end") && !Port.Stopped) {
        return BusEnd(Answer, AnswerSize);
    }
    if (TextEqual(Word, "settled")) {
        return BusSettled(Answer, AnswerSize);
    }
    if (TextEqual(Word, "step")) {
        return Step(Rest, Answer, AnswerSize);
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

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status)
{
    Irp->IoStatus.Status = Status;
    BusComplete(Irp);
    return Status;
}

static BOOLEAN RequestIsWords(PIO_STACK_LOCATION Stack)
{
    return Stack->MajorFunction == IRP_MJ_DEVICE_CONTROL &&
           Stack->Parameters.DeviceIoControl.IoControlCode == PORT_IOCTL_CONTROL;
}

NTSTATUS PortRequest(PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG In = Stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG Room = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    char *Words, *Answer;

    Irp->IoStatus.Information = 0;
    if (!RequestIsWords(Stack)) {
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST);
    }
    if (In >= WORDS_LIMIT || Room < 2) {
        return Complete(Irp, STATUS_INVALID_PARAMETER);
    }
    Room = Room < ANSWER_LIMIT ? Room : ANSWER_LIMIT;
    Words = PlatformAllocate(In + 1);
    Answer = PlatformAllocate(Room);
    RtlCopyMemory(Words, Irp->AssociatedIrp.SystemBuffer, In);
    Answer[0] = (char)Run(Words, Answer + 1, Room - 1);
    Irp->IoStatus.Information = 1 + TextLength(Answer + 1);
    RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, Answer, Irp->IoStatus.Information);
    PlatformFree(Answer);
    PlatformFree(Words);
    return Complete(Irp, STATUS_SUCCESS);
}

/* Words in whose course the machine stopped: why is their answer. */
BOOLEAN PortRequestStopped(PIRP Irp)
{
    PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG Room = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    char *Answer = Irp->AssociatedIrp.SystemBuffer;

    if (!RequestIsWords(Stack) || Room < 2) {
        return FALSE;
    }
    Answer[0] = 0;
    PlatformFormat(Answer + 1, Room - 1, "%s", Port.StopText);
    Irp->IoStatus.Information = 1 + TextLength(Answer + 1);
    Complete(Irp, STATUS_SUCCESS);
    return TRUE;
}
