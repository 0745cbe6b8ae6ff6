/* Handles of registry keys, for setup.c, which opens the keys of devices. */
#ifndef REGISTRY_H
#define REGISTRY_H

#include "host.h"

/* A handle of a key; takes over the caller's reference of it, also when it fails (SIM_INVALID_HANDLE). */
SIM_HANDLE RegistryHandle(KERNEL *Kernel, CM_KEY *Key, uint32_t Access);

/* The machine of a process that has just one, with a reference; NULL: it has none, or several. */
KERNEL *HostOnlyMachine(void);

#endif
