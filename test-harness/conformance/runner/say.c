/* Words of answers: errors, waits and statuses by name. */
#include "ask.h"

static const struct {
    DWORD Error;
    const char *Name;
} Errors[] = {
    { 0, "ERROR_SUCCESS" }, { 1, "ERROR_INVALID_FUNCTION" }, { 2, "ERROR_FILE_NOT_FOUND" }, { 3,
                                                                                             "ERROR_PATH_NOT_FOUND" },
    { 5, "ERROR_ACCESS_DENIED" }, { 6, "ERROR_INVALID_HANDLE" }, { 8, "ERROR_NOT_ENOUGH_MEMORY" },
    { 21, "ERROR_NOT_READY" }, { 22, "ERROR_BAD_COMMAND" }, { 24, "ERROR_BAD_LENGTH" }, { 31, "ERROR_GEN_FAILURE" },
    { 32, "ERROR_SHARING_VIOLATION" }, { 38, "ERROR_HANDLE_EOF" }, { 50, "ERROR_NOT_SUPPORTED" },
    { 87, "ERROR_INVALID_PARAMETER" }, { 121, "ERROR_SEM_TIMEOUT" }, { 122, "ERROR_INSUFFICIENT_BUFFER" },
    { 123, "ERROR_INVALID_NAME" }, { 127, "ERROR_PROC_NOT_FOUND" }, { 170, "ERROR_BUSY" }, { 183,
                                                                                            "ERROR_ALREADY_EXISTS" },
    { 193, "ERROR_BAD_EXE_FORMAT" }, { 234, "ERROR_MORE_DATA" }, { 259, "ERROR_NO_MORE_ITEMS" },
    { 288, "ERROR_NOT_OWNER" }, { 317, "ERROR_MR_MID_NOT_FOUND" }, { 433, "ERROR_NO_SUCH_DEVICE" },
    { 487, "ERROR_INVALID_ADDRESS" }, { 577, "ERROR_INVALID_IMAGE_HASH" }, { 995, "ERROR_OPERATION_ABORTED" },
    { 996, "ERROR_IO_INCOMPLETE" }, { 997, "ERROR_IO_PENDING" }, { 998, "ERROR_NOACCESS" },
    { 1117, "ERROR_IO_DEVICE" }, { 1167, "ERROR_DEVICE_NOT_CONNECTED" }, { 1168, "ERROR_NOT_FOUND" },
    { 1314, "ERROR_PRIVILEGE_NOT_HELD" }, { 1450, "ERROR_NO_SYSTEM_RESOURCES" }, { 1617, "ERROR_DEVICE_REMOVED" },
    { 1784, "ERROR_INVALID_USER_BUFFER" },
};

const char *ErrorName(DWORD Error)
{
    size_t Index;

    for (Index = 0; Index < sizeof(Errors) / sizeof(Errors[0]); Index++) {
        if (Errors[Index].Error == Error) {
            return Errors[Index].Name;
        }
    }
    return "";
}

void SayError(BOOL Result, DWORD Error)
{
    if (Result) {
        Say("TRUE");
    } else {
        Say("FALSE %u%s%s%s", (unsigned)Error, ErrorName(Error)[0] == 0 ? "" : " (", ErrorName(Error),
            ErrorName(Error)[0] == 0 ? "" : ")");
    }
}

/* The call is through when this one asks for its error: arguments have no order among them. */
void SayCall(BOOL Result)
{
    SayError(Result, GetLastError());
}

void SayWait(DWORD Result)
{
    Say("%s", Result == WAIT_OBJECT_0 ? "WAIT_OBJECT_0" : Result == WAIT_TIMEOUT ? "WAIT_TIMEOUT" :
        Result == WAIT_FAILED ? "WAIT_FAILED" : "another");
}

void SayStatus(uint32_t Status)
{
    static const struct {
        const char *Name;
        uint32_t Status;
    } Names[] = {
#define STATUS(Name, Number) { #Name, Number },
#include "../statuses.h"
#undef STATUS
    };
    size_t Index;

    for (Index = 0; Index < sizeof(Names) / sizeof(Names[0]); Index++) {
        if (Names[Index].Status == Status) {
            Say("%s", Names[Index].Name);
            return;
        }
    }
    /* Nothing is completed with this one, so it is not in the list. */
    if (Status == 0x00000103u) {
        Say("STATUS_PENDING");
    } else {
        Say("0x%08x", (unsigned)Status);
    }
}
