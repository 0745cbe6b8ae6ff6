/* GUID and DEFINE_GUID: a declaration, or the definition where initguid.h was included before. */
#ifndef GUIDDEF_H
#define GUIDDEF_H

#include <stdint.h>
#include <string.h>

typedef struct _GUID {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    uint8_t Data4[8];
} GUID, *LPGUID;
typedef const GUID *LPCGUID;

#define IsEqualGUID(A, B) (memcmp((A), (B), sizeof(GUID)) == 0)
#define InlineIsEqualGUID(A, B) IsEqualGUID(A, B)

#endif

#undef DEFINE_GUID
#undef GUID_ONCE
#ifdef _WIN32
#define GUID_ONCE __attribute__((selectany))
#else
#define GUID_ONCE __attribute__((weak))
#endif
#ifdef INITGUID
#define DEFINE_GUID(Name, A, B, C, D1, D2, D3, D4, D5, D6, D7, D8) \
    const GUID GUID_ONCE Name = { A, B, C, { D1, D2, D3, D4, D5, D6, D7, D8 } }
#else
#define DEFINE_GUID(Name, A, B, C, D1, D2, D3, D4, D5, D6, D7, D8) extern const GUID Name
#endif
