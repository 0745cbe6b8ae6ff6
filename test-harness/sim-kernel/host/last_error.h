/* The last error of the calling thread, as a Win32 caller reads it: SetLastError on Windows, errno elsewhere. */
#ifndef LAST_ERROR_H
#define LAST_ERROR_H

#include <stdint.h>

void LastErrorSet(uint32_t Error);

#define WIN32_FILE_NOT_FOUND 2
#define WIN32_PATH_NOT_FOUND 3
#define WIN32_ACCESS_DENIED 5
#define WIN32_INVALID_HANDLE 6
#define WIN32_NOT_ENOUGH_MEMORY 8
#define WIN32_INVALID_DATA 13
#define WIN32_SHARING_VIOLATION 32
#define WIN32_INVALID_PARAMETER 87
#define WIN32_INSUFFICIENT_BUFFER 122
#define WIN32_MORE_DATA 234
#define WIN32_NO_MORE_ITEMS 259
#define WIN32_IO_INCOMPLETE 996
#define WIN32_IO_PENDING 997
#define WIN32_NOACCESS 998
#define WIN32_KEY_DELETED 1018
#define WIN32_IO_DEVICE 1117
#define WIN32_NOT_FOUND 1168

#endif
