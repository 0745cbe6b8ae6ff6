/*
 * What the conformance driver and its runner say to each other. Fixed-width fields only: the same file is compiled with
 * a kernel's headers, with Win32's, and with neither.
 */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include <stdint.h>

/* {6d0c2a5e-3f7b-4b59-9b1e-52a86f1d7c33}, as the initializer of a GUID. */
#define CONFORM_INTERFACE_GUID { 0x6d0c2a5e, 0x3f7b, 0x4b59, { 0x9b, 0x1e, 0x52, 0xa8, 0x6f, 0x1d, 0x7c, 0x33 } }

#define CONFORM_BUFFERED 0u
#define CONFORM_IN_DIRECT 1u
#define CONFORM_OUT_DIRECT 2u
#define CONFORM_NEITHER 3u
#define CONFORM_ANY 0u
#define CONFORM_READ 1u
#define CONFORM_WRITE 2u

/* CTL_CODE of FILE_DEVICE_UNKNOWN. */
#define CONFORM_CODE(Function, Method, Access) \
    (0x22u << 16 | (uint32_t)(Access) << 14 | (0x800u + (Function)) << 2 | (uint32_t)(Method))
#define CONFORM_FUNCTION(Code) (((Code) >> 2 & 0xFFFu) - 0x800u)

enum {
    CONFORM_SCRIPT = 1,     /* does what its CONFORM_SCRIPT_REQUEST says; any method, any access */
    CONFORM_SEE,            /* notes how the request looks to a driver and succeeds with 0 bytes; any method */
    CONFORM_TAKE_LOG,       /* gives and empties the log of this driver: text */
    CONFORM_COMPLETE_HELD,  /* completes the oldest held request with Status and Information of a script */
    CONFORM_COUNT_HELD,     /* how many are held: uint32_t */
    CONFORM_ASK,            /* the answer to question uint32_t: text; STATUS_NO_MORE_ENTRIES behind the last one */
    CONFORM_SETTINGS,       /* a CONFORM_SETTINGS_REQUEST for the device; its interface follows at once */
    CONFORM_LINK            /* the symbolic link that IoRegisterDeviceInterface gave: text */
};

typedef enum CONFORM_WHEN {
    CONFORM_NOW,            /* in the dispatch routine */
    CONFORM_TIMER,          /* in the DPC of a timer of Delay milliseconds */
    CONFORM_WORK,           /* in a work item */
    CONFORM_HOLD,           /* when CONFORM_COMPLETE_HELD comes, or when it is cancelled */
    CONFORM_HOLD_DEAF,      /* the same without a cancel routine */
    CONFORM_MARKED          /* in the dispatch routine, marked pending before and returned as pending */
} CONFORM_WHEN;

typedef struct CONFORM_SCRIPT_REQUEST {
    uint32_t When;
    uint32_t Status;        /* that the request is completed with */
    uint32_t Information;
    uint32_t Fill;          /* bytes of the output that are written before */
    uint32_t Byte;          /* with this one */
    uint32_t Delay;
    uint32_t Return;        /* what the dispatch routine returns when Differs is set; else as the request is completed */
    uint32_t Differs;
} CONFORM_SCRIPT_REQUEST;

typedef struct CONFORM_SETTINGS_REQUEST {
    uint32_t CreateStatus;  /* IRP_MJ_CREATE of this device is completed with it */
    uint32_t CreateInformation;
    uint32_t CleanupStatus;
    uint32_t QueryRemoveStatus;
    uint32_t Disabled;      /* its interface is disabled */
} CONFORM_SETTINGS_REQUEST;

#define CONFORM_DESCRIBE 0x80000000u    /* with CONFORM_ASK: not asked, "id\tquestion\tsource" */
#define CONFORM_LOG_SIZE 4096
#define CONFORM_ANSWER_SIZE 1024
#define CONFORM_DEVICES 2

#endif
