/* Before mingw-w64's portcls.h: what it needs and declares nowhere (nobody here looks inside), and that its routines are
 * defined here and their tables constant. */
#ifndef MINGW_PORTCLS_H
#define MINGW_PORTCLS_H

#include <wdm.h>

#define PC_NO_IMPORTS
#define CONST_VTABLE

typedef WCHAR TCHAR;
typedef struct KSRTAUDIO_HWREGISTER KSRTAUDIO_HWREGISTER;
typedef struct KSRTAUDIO_HWLATENCY KSRTAUDIO_HWLATENCY;

#endif
