/* On Windows this file alone sees the system's headers; it is compiled without the simulator's include folder. */
#include "last_error.h"

#ifdef _WIN32
#include <windows.h>

void LastErrorSet(uint32_t Error)
{
    SetLastError(Error);
}
#else
#include <errno.h>

void LastErrorSet(uint32_t Error)
{
    errno = (int)Error;
}
#endif
