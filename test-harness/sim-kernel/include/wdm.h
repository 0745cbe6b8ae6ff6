/*
 * What a WDM driver includes: the names, numbers, layouts and prototypes of the NT kernel, written for this simulator.
 * A layout here is the one of 64-bit Windows (tests/layout_asserts.c proves it), so that a driver may do with these
 * structures whatever it may do there. A routine that is declared here exists; one that is not does not link.
 */
#ifndef WDM_H
#define WDM_H

#ifndef NT_PROCESSOR_GROUPS
#error "define NT_PROCESSOR_GROUPS: the simulated kernel has processor groups and no single-group calls"
#endif

#include <guiddef.h>
#include <ntdef.h>
#include <ntstatus.h>

#include <wdm/base.h>
#include <wdm/ke.h>
#include <wdm/resource.h>
#include <wdm/mm.h>
#include <wdm/ex.h>
#include <wdm/io.h>
#include <wdm/iocall.h>
#include <wdm/pnp.h>
#include <wdm/po.h>
#include <wdm/interrupt.h>
#include <wdm/csq.h>
#include <wdm/zw.h>
#include <wdm/rtl.h>
#include <wdm/hal.h>

/* The C library of mingw-w64 says so when the simulator is built for Windows; but the processors here are
 * simulated, and no instruction can ask one of them anything. */
#undef _M_AMD64

#endif
