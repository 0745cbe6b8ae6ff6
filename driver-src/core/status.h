/*
 * The NTSTATUS numbers that the core answers with, under names of their own: files that also see the kernel's headers
 * include this beside them. 0 is success; every other one here is an error.
 */
#ifndef STATUS_H
#define STATUS_H

#include <stdint.h>

#define IRQSCOPE_STATUS_SUCCESS 0x00000000u
#define IRQSCOPE_STATUS_DEVICE_BUSY 0x80000011u          /* interrupts left no quiet moment: ask again */
#define IRQSCOPE_STATUS_INFO_LENGTH_MISMATCH 0xC0000004u /* input too short */
#define IRQSCOPE_STATUS_INVALID_PARAMETER 0xC000000Du    /* a reserved field or an unknown flag is set */
#define IRQSCOPE_STATUS_INVALID_DEVICE_REQUEST 0xC0000010u /* unknown code */
#define IRQSCOPE_STATUS_BUFFER_TOO_SMALL 0xC0000023u     /* output too small */
#define IRQSCOPE_STATUS_SHARING_VIOLATION 0xC0000043u    /* another handle owns the device's connections */
#define IRQSCOPE_STATUS_QUOTA_EXCEEDED 0xC0000044u       /* too many connections or reads, too much memory */
#define IRQSCOPE_STATUS_DELETE_PENDING 0xC0000056u       /* the device is gone or going */
#define IRQSCOPE_STATUS_REVISION_MISMATCH 0xC0000059u    /* in the version reply: another major */
#define IRQSCOPE_STATUS_DEVICE_NOT_CONNECTED 0xC000009Du /* a read with no connection left */
#define IRQSCOPE_STATUS_DEVICE_NOT_READY 0xC00000A3u     /* not started, or not in D0 */
#define IRQSCOPE_STATUS_NOT_SUPPORTED 0xC00000BBu        /* in a connect reply: the rules forbid that way here */
#define IRQSCOPE_STATUS_INVALID_WAY 0xC00000EFu          /* STATUS_INVALID_PARAMETER_1 */
#define IRQSCOPE_STATUS_INVALID_RESOURCE 0xC00000F0u     /* STATUS_INVALID_PARAMETER_2 */
#define IRQSCOPE_STATUS_INVALID_MASK 0xC00000F1u         /* STATUS_INVALID_PARAMETER_3: outside the resource */
#define IRQSCOPE_STATUS_INVALID_TARGET 0xC00000F2u       /* STATUS_INVALID_PARAMETER_4 */
#define IRQSCOPE_STATUS_INVALID_COUNT 0xC00000F3u        /* STATUS_INVALID_PARAMETER_5 */
#define IRQSCOPE_STATUS_INVALID_TIME 0xC00000F4u         /* STATUS_INVALID_PARAMETER_6: a limit or a delay */
#define IRQSCOPE_STATUS_INVALID_EVENTS 0xC00000F5u       /* STATUS_INVALID_PARAMETER_7: ring size, fill */
#define IRQSCOPE_STATUS_INVALID_SELECTION 0xC00000F6u    /* STATUS_INVALID_PARAMETER_8: what, histogram, slot, start */
#define IRQSCOPE_STATUS_INVALID_DEVICE_STATE 0xC0000184u /* before the version was agreed */
#define IRQSCOPE_STATUS_INVALID_BUFFER_SIZE 0xC0000206u  /* input too long */
#define IRQSCOPE_STATUS_NOT_FOUND 0xC0000225u            /* no such connection */
#define IRQSCOPE_STATUS_RESOURCE_IN_USE 0xC0000708u      /* the resource is in a connection already */

#endif
