/* A row of the table, and what questions use to answer it. */
#ifndef ASK_H
#define ASK_H

#include "world.h"

typedef struct ROW {
    const char *Id;
    const char *Question;
    const char *Source;                 /* where Windows' answer is told; "" where it is not */
    void (*Ask)(void);
    uint32_t Number;                    /* for a question that is asked of many: status.c */
} ROW;

extern const ROW TransferRows[], StatusRows[], OverlappedRows[], CancelRows[], FileRows[], HostRows[], PnpRows[];
extern const ULONG TransferRowCount, StatusRowCount, OverlappedRowCount, CancelRowCount, FileRowCount, HostRowCount,
    PnpRowCount;

extern uint32_t RowNumber;              /* of the row that is being asked */

/* More of the answer. */
void Say(const char *Format, ...) __attribute__((format(printf, 1, 2)));
void SayError(BOOL Result, DWORD Error);            /* "TRUE" or "FALSE 87 (ERROR_INVALID_PARAMETER)" */
void SayCall(BOOL Result);                          /* the same with the last error */
void SayWait(DWORD Result);
void SayStatus(uint32_t Status);
void SayLog(void);                                  /* what the driver noted since, without the device's number */
const char *ErrorName(DWORD Error);

/* Handles. Files[0] is device 0, opened for each question, read and write, overlapped; Control is another handle on
 * device 0, synchronous, that stays open; Other one on device 1. */
extern HANDLE File, Control, Other;
extern WCHAR Path[256], OtherPath[256];

HANDLE Open(DWORD Access, DWORD Flags);
HANDLE Event(BOOL Manual, BOOL Initial);

#define SCRIPT_CODE(Method, Access) CONFORM_CODE(CONFORM_SCRIPT, Method, Access)
#define SCRIPT_BUFFERED SCRIPT_CODE(CONFORM_BUFFERED, CONFORM_ANY)

/* On Control, synchronously. */
void LogEmpty(void);
BOOL CompleteHeld(uint32_t Status, uint32_t Information);
uint32_t CountHeld(void);
void WaitHeld(uint32_t Count);                      /* until so many are held */
void Settings(const CONFORM_SETTINGS_REQUEST *Request);

/* An overlapped request on File with an event of its own. */
typedef struct CALL {
    OVERLAPPED Overlapped;
    CONFORM_SCRIPT_REQUEST Script;
    unsigned char Output[256];
    DWORD Returned;
    BOOL Result;
    DWORD Error;
} CALL;

void CallStart(CALL *Call, HANDLE On, uint32_t Code, const CONFORM_SCRIPT_REQUEST *Script, uint32_t OutputSize);
void CallEnd(CALL *Call);                           /* closes the event */

#endif
