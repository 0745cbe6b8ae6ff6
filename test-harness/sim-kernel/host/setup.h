/* What the two halves of SetupDi* share: setup.c (sets, devices, interfaces) and setup_device.c (one device). */
#ifndef SETUP_H
#define SETUP_H

#include "registry.h"

#include <string.h>

#define ERROR_INVALID_USER_BUFFER 1784

typedef struct DEVICE_INFO {            /* SP_DEVINFO_DATA */
    uint32_t Size;
    GUID ClassGuid;
    uint32_t Instance;
    uint64_t Reserved;
} DEVICE_INFO;

typedef struct CHANGE_PARAMS {          /* SP_PROPCHANGE_PARAMS */
    uint32_t HeaderSize, Function, Change, Scope, Profile;
} CHANGE_PARAMS;

typedef struct ELEMENT {
    ULONG Node;                         /* of the PnP manager */
    WCHAR *Path;                        /* of its interface; NULL: has none of the set's class */
    uint32_t Flags;                     /* of the install parameters */
    BOOLEAN HasChange;
    CHANGE_PARAMS Change;
} ELEMENT;

/* The set of the handle and the element that DeviceInfo names, to be given back with HandleRelease. NULL: the last
 * error is set. */
HANDLE_ENTRY *SetupElement(SIM_HANDLE Set, void *DeviceInfo, ELEMENT **Element);

static inline int32_t SetupFail(uint32_t Error)
{
    LastErrorSet(Error);
    return 0;
}

#endif
