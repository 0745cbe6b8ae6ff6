/* What a Win32 caller gets of each status that a driver completes a request with. */
#include "ask.h"

static void AskError(void)
{
    CONFORM_SCRIPT_REQUEST Script = { .When = CONFORM_NOW, .Status = RowNumber };
    DWORD Returned = 0;
    BOOL Result = DeviceIoControl(Control, SCRIPT_BUFFERED, &Script, sizeof(Script), NULL, 0, &Returned, NULL);

    SayCall(Result);
}

const ROW StatusRows[] = {
#define STATUS(Name, Number) { "status/" #Name, "completed with it: what DeviceIoControl says", "", AskError, Number },
#include "../statuses.h"
#undef STATUS
};
const ULONG StatusRowCount = sizeof(StatusRows) / sizeof(StatusRows[0]);
