/*
 * The configuration manager: the registry of one machine, a tree of keys in memory that may live in a folder, and what
 * the PnP manager asks of it. Called with the machine's lock held.
 */
#ifndef CM_H
#define CM_H

#include <wdm.h>

#include "../machine/machine.h"

typedef struct REGISTRY REGISTRY;
typedef struct CM_KEY CM_KEY;

/* Folder: where the registry lives, made when it is not there, each change written through at once; NULL or empty: in
 * memory only. NULL comes back when the folder cannot be used; Error says why. */
REGISTRY *CmCreate(const char *Folder, char *Error, size_t ErrorSize);
void CmDelete(REGISTRY *Registry);

/* The service's key as DriverEntry is told it: \Registry\Machine\System\CurrentControlSet\Services\irqscope. */
const WCHAR *CmServicePath(void);

/* What Setup and the INF do for a device that is seen for the first time: its key under Enum, "Device Parameters" and
 * MSISupported = 1. Does nothing when the key is there. Instance: PCI\VEN_...\0. */
void CmInstallDevice(REGISTRY *Registry, const char *Instance);

/* "Interrupt Management" of the device, as DeviceRequirements and DeviceAssign want it. */
void CmDevicePolicy(REGISTRY *Registry, const char *Instance, DEVICE_POLICY *Policy);

/* "Affinity Policy - Temporal" of the device: where its first interrupt went. */
void CmSetTarget(REGISTRY *Registry, const char *Instance, USHORT Group, KAFFINITY Mask);

/* The device's own "Device Parameters" key, made when it is not there. */
CM_KEY *CmDeviceKey(REGISTRY *Registry, const char *Instance);

/* Handles that the driver still holds. FALSE: Answer says which. */
BOOLEAN CmAtRest(REGISTRY *Registry, char *Answer, size_t AnswerSize);

/* What follows the control word "registry": get, set or delete (cm_device.c says how). TRUE: done, Answer is the
 * value. */
BOOLEAN CmControl(REGISTRY *Registry, MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize);

/* ---- The tree, for the Zw* and Reg* routines -------------------------------------------------------------------- */

typedef struct CM_VALUE {
    struct CM_VALUE *Next;
    WCHAR *Name;                        /* ends with 0; "" is the default value */
    ULONG Type;
    ULONG Size;
    UCHAR *Data;
} CM_VALUE;

/* Path: names parted by backslashes, relative to Parent; no name means Parent itself. Names compare without case.
 * Returns a counted reference (CmClose), or NULL: not there, Parent was deleted, or a name is longer than 255. What
 * changes something is FALSE, or NULL, too when the folder could not be written; then nothing has changed. */
CM_KEY *CmRoot(REGISTRY *Registry);                                          /* \Registry; not counted */
CM_KEY *CmOpen(CM_KEY *Parent, const WCHAR *Path, size_t Length);
CM_KEY *CmMake(CM_KEY *Parent, const WCHAR *Path, size_t Length, BOOLEAN *Created);
void CmReference(CM_KEY *Key);
void CmClose(CM_KEY *Key);
BOOLEAN CmDeleted(const CM_KEY *Key);
const WCHAR *CmName(const CM_KEY *Key);
CM_KEY *CmSubKey(CM_KEY *Key, ULONG Index);                                  /* no reference; NULL: no such */
BOOLEAN CmDeleteTree(CM_KEY *Key);                                           /* the key and all below it */

const CM_VALUE *CmQuery(CM_KEY *Key, const WCHAR *Name, size_t Length);
const CM_VALUE *CmValue(CM_KEY *Key, ULONG Index);
BOOLEAN CmSet(CM_KEY *Key, const WCHAR *Name, size_t Length, ULONG Type, const void *Data, ULONG Size);
BOOLEAN CmDeleteValue(CM_KEY *Key, const WCHAR *Name, size_t Length);

#endif
