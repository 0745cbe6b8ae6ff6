/* GUIDs of the kernel's own that a driver asks by. */
#ifndef WDMGUID_H
#define WDMGUID_H

#include <guiddef.h>

DEFINE_GUID(GUID_BUS_INTERFACE_STANDARD, 0x496b8280, 0x6f25, 0x11d0, 0xbe, 0xaf, 0x08, 0x00, 0x2b, 0xe2, 0x09, 0x2f);

#endif
