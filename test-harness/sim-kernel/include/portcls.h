/*
 * The port class: what a driver needs to connect an interrupt through an interrupt synchronisation object. Names, order
 * and numbers are those of portcls.h of the WDK, as a C file sees them: an interface is a pointer to its table.
 *
 * Only PcNewResourceList and PcNewInterruptSync are there; a driver that calls more of it does not link.
 */
#ifndef PORTCLS_H
#define PORTCLS_H

#include <wdm.h>

typedef const GUID *REFIID;
typedef UCHAR CM_RESOURCE_TYPE;

/* {00000000-0000-0000-C000-000000000046} */
DEFINE_GUID(IID_IUnknown, 0x00000000, 0x0000, 0x0000, 0xC0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46);
/* {22C6AC60-851B-11D0-9A7F-00AA0038ACFE} */
DEFINE_GUID(IID_IResourceList, 0x22C6AC60, 0x851B, 0x11D0, 0x9A, 0x7F, 0x00, 0xAA, 0x00, 0x38, 0xAC, 0xFE);
/* {22C6AC63-851B-11D0-9A7F-00AA0038ACFE} */
DEFINE_GUID(IID_IInterruptSync, 0x22C6AC63, 0x851B, 0x11D0, 0x9A, 0x7F, 0x00, 0xAA, 0x00, 0x38, 0xAC, 0xFE);

typedef struct IUnknown IUnknown, *PUNKNOWN;
typedef struct IResourceList IResourceList, *PRESOURCELIST;
typedef struct IInterruptSync IInterruptSync, *PINTERRUPTSYNC;

typedef struct IUnknownVtbl {
    NTSTATUS (NTAPI *QueryInterface)(IUnknown *This, REFIID InterfaceId, PVOID *Interface);
    ULONG (NTAPI *AddRef)(IUnknown *This);
    ULONG (NTAPI *Release)(IUnknown *This);
} IUnknownVtbl;

struct IUnknown {
    const IUnknownVtbl *lpVtbl;
};

typedef struct IResourceListVtbl {
    NTSTATUS (NTAPI *QueryInterface)(IResourceList *This, REFIID InterfaceId, PVOID *Interface);
    ULONG (NTAPI *AddRef)(IResourceList *This);
    ULONG (NTAPI *Release)(IResourceList *This);
    ULONG (NTAPI *NumberOfEntries)(IResourceList *This);
    ULONG (NTAPI *NumberOfEntriesOfType)(IResourceList *This, CM_RESOURCE_TYPE Type);
    PCM_PARTIAL_RESOURCE_DESCRIPTOR (NTAPI *FindTranslatedEntry)(IResourceList *This, CM_RESOURCE_TYPE Type,
                                                                 ULONG Index);
    PCM_PARTIAL_RESOURCE_DESCRIPTOR (NTAPI *FindUntranslatedEntry)(IResourceList *This, CM_RESOURCE_TYPE Type,
                                                                   ULONG Index);
    NTSTATUS (NTAPI *AddEntry)(IResourceList *This, PCM_PARTIAL_RESOURCE_DESCRIPTOR Translated,
                               PCM_PARTIAL_RESOURCE_DESCRIPTOR Untranslated);
    NTSTATUS (NTAPI *AddEntryFromParent)(IResourceList *This, IResourceList *Parent, CM_RESOURCE_TYPE Type,
                                         ULONG Index);
    PCM_RESOURCE_LIST (NTAPI *TranslatedList)(IResourceList *This);
    PCM_RESOURCE_LIST (NTAPI *UntranslatedList)(IResourceList *This);
} IResourceListVtbl;

struct IResourceList {
    const IResourceListVtbl *lpVtbl;
};

/* What becomes of several service routines of one object. */
typedef enum INTERRUPTSYNCMODE {
    InterruptSyncModeNormal = 1, /* in their order, until one succeeds */
    InterruptSyncModeAll,        /* each of them once */
    InterruptSyncModeRepeat      /* rounds over all of them, until none succeeds */
} INTERRUPTSYNCMODE;

/* A service routine, and a routine that runs synchronised with them. */
typedef NTSTATUS (NTAPI *PINTERRUPTSYNCROUTINE)(struct IInterruptSync *InterruptSync, PVOID DynamicContext);

typedef struct IInterruptSyncVtbl {
    NTSTATUS (NTAPI *QueryInterface)(IInterruptSync *This, REFIID InterfaceId, PVOID *Interface);
    ULONG (NTAPI *AddRef)(IInterruptSync *This);
    ULONG (NTAPI *Release)(IInterruptSync *This);
    NTSTATUS (NTAPI *CallSynchronizedRoutine)(IInterruptSync *This, PINTERRUPTSYNCROUTINE Routine,
                                              PVOID DynamicContext);
    PKINTERRUPT (NTAPI *GetKInterrupt)(IInterruptSync *This);
    NTSTATUS (NTAPI *Connect)(IInterruptSync *This);
    VOID (NTAPI *Disconnect)(IInterruptSync *This);
    NTSTATUS (NTAPI *RegisterServiceRoutine)(IInterruptSync *This, PINTERRUPTSYNCROUTINE Routine, PVOID DynamicContext,
                                             BOOLEAN First);
} IInterruptSyncVtbl;

struct IInterruptSync {
    const IInterruptSyncVtbl *lpVtbl;
};

NTSTATUS NTAPI PcNewResourceList(PRESOURCELIST *OutResourceList, PUNKNOWN OuterUnknown, POOL_TYPE PoolType,
                                 PCM_RESOURCE_LIST TranslatedResources, PCM_RESOURCE_LIST UntranslatedResources);
NTSTATUS NTAPI PcNewInterruptSync(PINTERRUPTSYNC *OutInterruptSync, PUNKNOWN OuterUnknown, PRESOURCELIST ResourceList,
                                  ULONG ResourceIndex, INTERRUPTSYNCMODE Mode);

#endif
