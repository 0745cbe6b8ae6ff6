/* The port class's objects, for the two files that make them. */
#ifndef PORTCLASS_H
#define PORTCLASS_H

#include <portcls.h>

#include "interior.h"

typedef enum PORTCLASS_KIND { PORTCLASS_RESOURCES, PORTCLASS_SYNC } PORTCLASS_KIND;

/* Both kinds begin with their interface, which is a pointer to its table. */
struct PORTCLASS_OBJECT {
    union {
        IUnknown Unknown;
        IResourceList Resources;
        IInterruptSync Sync;
    };
    struct PORTCLASS_OBJECT *Next;
    PORTCLASS_KIND Kind;
    ULONG References;                   /* 0: gone */
};

typedef struct RESOURCES {
    PORTCLASS_OBJECT Object;
    PCM_RESOURCE_LIST Translated;       /* copies; NULL: the list is empty */
    PCM_RESOURCE_LIST Untranslated;
} RESOURCES;

PORTCLASS_OBJECT *PortclassObject(MACHINE *Machine, const void *This, PORTCLASS_KIND Kind, const char *Routine);
void PortclassAdd(MACHINE *Machine, PORTCLASS_OBJECT *Object, PORTCLASS_KIND Kind);
NTSTATUS PortclassQuery(PORTCLASS_OBJECT *Object, const GUID *Own, REFIID InterfaceId, PVOID *Interface);
ULONG PortclassRelease(MACHINE *Machine, PORTCLASS_OBJECT *Object);

/* The list behind a pointer that a driver gave; stops when there is none. */
RESOURCES *PortclassResources(IResourceList *This, const char *Routine);

/* The entry of that type with that number among its like, or NULL. */
PCM_PARTIAL_RESOURCE_DESCRIPTOR PortclassFind(PCM_RESOURCE_LIST List, CM_RESOURCE_TYPE Type, ULONG Wanted);

#endif
