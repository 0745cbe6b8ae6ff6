/*
 * The conformance driver: it does what it is told (script.c), notes what it sees (log.c), and asks the kernel under it
 * the questions of ask_*.c. One source for the simulated kernel, for Wine and for Windows, so it calls only what all of
 * them export; what may be missing is looked up by name.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <wdm.h>

#include "../conformance.h"

#define TAG_CONFORM 0x6d724643          /* "CFrm" */
#define JOBS 16

#ifndef MdlMappingNoExecute
#define MdlMappingNoExecute 0x40000000
#endif

typedef struct TEXT {
    char *Buffer;
    ULONG Size;
    ULONG Length;
} TEXT;

/* The driver's own, so that what a device saw last can be asked of another. */
typedef struct CONFORM_DRIVER {
    KSPIN_LOCK Lock;
    volatile LONG Taken[CONFORM_DEVICES];   /* numbers of devices */
    ULONG LogLength;
    char Log[CONFORM_LOG_SIZE];
} CONFORM_DRIVER;

struct CONFORM_DEVICE;

/* A request that is completed later. Jobs are reused and never freed: a timer's memory must outlive its DPC. */
typedef struct JOB {
    struct CONFORM_DEVICE *Device;
    PIRP Irp;                           /* NULL: free */
    CONFORM_SCRIPT_REQUEST Script;
    KTIMER Timer;
    KDPC Dpc;
    PIO_WORKITEM Item;
    BOOLEAN Held;
    ULONG Order;
} JOB;

typedef struct CONFORM_DEVICE {
    CONFORM_DRIVER *Driver;
    PDEVICE_OBJECT Self, Pdo, Lower;
    LONG Number;
    UNICODE_STRING Link;
    BOOLEAN Enabled;
    IO_REMOVE_LOCK RemoveLock;
    CONFORM_SETTINGS_REQUEST Settings;
    KSPIN_LOCK Lock;                    /* guards the jobs */
    ULONG Order;
    JOB Jobs[JOBS];
} CONFORM_DEVICE;

static inline CONFORM_DEVICE *DeviceOf(PDEVICE_OBJECT Object)
{
    return Object->DeviceExtension;
}

NTSTATUS RequestComplete(CONFORM_DEVICE *Device, PIRP Irp, NTSTATUS Status, ULONG_PTR Information);

/* log.c */
void TextAdd(TEXT *Text, const char *More);
void TextAddNumber(TEXT *Text, LONGLONG Number);
void TextAddHex(TEXT *Text, ULONG Number);
void TextAddStatus(TEXT *Text, NTSTATUS Status);
void TextAddWide(TEXT *Text, const WCHAR *More, ULONG Letters);
void SayNumber(TEXT *Text, const char *Before, LONGLONG Number);
void SayStatus(TEXT *Text, const char *Before, NTSTATUS Status);
void LogAdd(CONFORM_DEVICE *Device, const char *Text);
ULONG LogTake(CONFORM_DRIVER *Driver, char *Buffer, ULONG Size);

/* script.c */
void ScriptInitialize(CONFORM_DEVICE *Device);
void ScriptDelete(CONFORM_DEVICE *Device);
NTSTATUS ScriptRun(CONFORM_DEVICE *Device, PIRP Irp, const CONFORM_SCRIPT_REQUEST *Script, PVOID Output,
                   ULONG OutputLength);
BOOLEAN ScriptCompleteHeld(CONFORM_DEVICE *Device, NTSTATUS Status, ULONG_PTR Information);
ULONG ScriptCountHeld(CONFORM_DEVICE *Device);
void ScriptEndAll(CONFORM_DEVICE *Device, PFILE_OBJECT File, NTSTATUS Status);   /* File NULL: of every file */

/* control.c */
NTSTATUS NTAPI ControlDispatch(PDEVICE_OBJECT Object, PIRP Irp);

/* ask.c and ask_*.c: a question writes its answer. */
typedef struct QUESTION {
    const char *Id;
    const char *Question;
    const char *Source;                 /* where Windows' answer is told; "" where it is not */
    void (*Ask)(CONFORM_DEVICE *Device, TEXT *Answer);
} QUESTION;

extern const QUESTION WaitQuestions[], TimerQuestions[], RegistryQuestions[], TextQuestions[], ObjectQuestions[],
    CsqQuestions[], PropertyQuestions[];
extern const ULONG WaitQuestionCount, TimerQuestionCount, RegistryQuestionCount, TextQuestionCount, ObjectQuestionCount,
    CsqQuestionCount, PropertyQuestionCount;

/* FALSE: there is no such question. */
BOOLEAN AskRun(CONFORM_DEVICE *Device, ULONG Index, TEXT *Answer);

#endif
