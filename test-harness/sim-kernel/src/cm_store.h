/*
 * The registry in a folder: a folder for each key, a file for each value, names escaped. Knows nothing of NT, only of
 * files. A change is on the disk when the call returns, and a process that dies leaves the old or the new value.
 */
#ifndef CM_STORE_H
#define CM_STORE_H

#include <stddef.h>
#include <stdint.h>

#define STORE_PATH 4096

typedef struct STORE {
    char Folder[STORE_PATH];
} STORE;

/* What is read back: keys before what is in them. Key: what the parent's call returned (NULL for the root). */
typedef struct STORE_READER {
    void *(*Key)(void *Context, void *Parent, const uint16_t *Name, size_t Length);
    void (*Value)(void *Context, void *Key, const uint16_t *Name, size_t Length, uint32_t Type, const uint8_t *Data,
                  uint32_t Size);
    void *Context;
} STORE_READER;

/* The folder is made when it is not there. A store holds nothing open. All return 0 when they failed; Error says
 * why. */
int StoreOpen(STORE *Store, const char *Folder, char *Error, size_t ErrorSize);
int StoreLoad(STORE *Store, const STORE_READER *Reader, char *Error, size_t ErrorSize);

/* Names: of the keys from the root on, each ended by 0, ended by an empty one. */
int StoreMakeKey(STORE *Store, const uint16_t *Names);
int StoreDeleteKey(STORE *Store, const uint16_t *Names);
int StoreWriteValue(STORE *Store, const uint16_t *Names, const uint16_t *Name, uint32_t Type, const void *Data,
                    uint32_t Size);
int StoreDeleteValue(STORE *Store, const uint16_t *Names, const uint16_t *Name);

#endif
