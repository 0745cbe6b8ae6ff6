/* The inside of the registry, for cm.c (the tree), cm_zw.c (handles of the driver) and nobody else. */
#ifndef CM_TREE_H
#define CM_TREE_H

#include "cm.h"
#include "cm_store.h"

#define CM_NAME_LIMIT 255               /* characters of a key's name; NT's own limit */
#define CM_HANDLES 64

struct CM_KEY {
    REGISTRY *Registry;
    CM_KEY *Parent;                     /* NULL: the root, or deleted */
    CM_KEY *Next;                       /* of the same parent, by name */
    CM_KEY *Children;
    CM_VALUE *Values;                   /* in the order they came */
    WCHAR *Name;
    ULONG References;                   /* handles; its place in the tree is not counted */
    BOOLEAN Deleted;
};

typedef struct CM_HANDLE {
    CM_KEY *Key;                        /* NULL: free */
    ACCESS_MASK Access;
    const char *Routine;                /* that opened it */
} CM_HANDLE;

struct REGISTRY {
    CM_KEY *Root;
    STORE *Store;                       /* NULL: in memory only */
    CM_HANDLE Handles[CM_HANDLES];
};

#endif
