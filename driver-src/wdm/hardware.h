/*
 * The device itself: its registers, what it is, and whether it may interrupt now.
 *
 * It may interrupt when none of the reasons to keep it quiet holds: nothing is connected, a request masked it, the
 * storm guard masked it, it is not in D0, or it is gone. Each reason is a word of its own that one party writes, so
 * that an ISR needs no lock to add one.
 */
#ifndef HARDWARE_H
#define HARDWARE_H

#include "irqscope_contract.h"

#include "routines.h"

struct HARDWARE;

#define MODEL_LINE 0xFFFFFFFFu /* in place of a message's number */

/* How the PnP manager made the device interrupt. */
typedef enum HARDWARE_MODE {
    HARDWARE_LINE,
    HARDWARE_MSI,  /* the device's registers work as on a line, what they raise is a message */
    HARDWARE_MSIX  /* each message has its own cause */
} HARDWARE_MODE;

typedef struct HARDWARE_IDENTITY {
    USHORT Vendor; /* 0 for a device that is not on PCI */
    USHORT Device;
    PCWSTR Ids;    /* hardware ids: strings that end with an empty one; NULL when they are not known */
} HARDWARE_IDENTITY;

/*
 * One kind of device that is made to interrupt by its registers. The functions touch registers only, are called with
 * the device in D0, and may run at any IRQL; Claim runs in the ISR, Mask there and elsewhere, the others under the
 * gate.
 */
typedef struct MODEL {
    ULONG Kind;                      /* IRQSCOPE_MODEL_* */
    ULONG Registers;                 /* bytes of register space that are used: a shorter one is refused */
    ULONG Messages;                  /* messages that can be raised one by one; 0: the model cannot raise anything */
    BOOLEAN CanMask;
    BOOLEAN BusMask;                 /* it has no mask of its own: its bus keeps it from interrupting */
    BOOLEAN OnPorts;                 /* its registers may be ports */
    BOOLEAN (*Identify)(_In_ const HARDWARE_IDENTITY *Identity);
    BOOLEAN (*Check)(_Inout_ struct HARDWARE *Hardware);              /* are these the registers of such a device? */
    VOID (*Quiet)(_Inout_ struct HARDWARE *Hardware);                 /* every cause masked and cleared, engines off */
    VOID (*Program)(_Inout_ struct HARDWARE *Hardware);               /* causes routed to messages; still masked */
    VOID (*Mask)(_Inout_ struct HARDWARE *Hardware);
    VOID (*Unmask)(_Inout_ struct HARDWARE *Hardware);
    VOID (*Raise)(_Inout_ struct HARDWARE *Hardware, _In_ ULONG Message);  /* one interrupt, please */
    BOOLEAN (*Claim)(_Inout_ struct HARDWARE *Hardware, _In_ ULONG Message); /* did it interrupt? Then acknowledge */
} MODEL;

extern const MODEL ModelNone;
extern const MODEL ModelEdu;
extern const MODEL Model82574;
extern const MODEL ModelIgb;
extern const MODEL Model16550;

typedef struct HARDWARE {
    const MODEL *Model;
    PVOID Base;                      /* mapped registers; NULL: ports, or none */
    ULONG Length;
    ULONG_PTR Port;                  /* first port; 0: registers are in memory */
    ULONG Messages;                  /* assigned; 0: a line */
    HARDWARE_MODE Mode;              /* known once programmed */
    ULONG NextCause;                 /* edu: which of its causes is raised next */

    KSPIN_LOCK ConfigLock;           /* around changes of the command register: requests and the storm DPC make them */
    BUS_INTERFACE_STANDARD Bus;
    BOOLEAN HasBus;                  /* a PCI device whose configuration space can be read */
    BOOLEAN Returns;                 /* and whose command register is given back as it was found */
    USHORT Found;                    /* that */
    USHORT Vendor;
    USHORT Device;

    volatile LONG Present;           /* 0: registers must not be touched any more */
    volatile LONG Powered;           /* in D0 */
    volatile LONG Connected;         /* at least one connection exists */
    volatile LONG Masked;            /* by request */
    volatile LONG Storm;             /* by the storm guard */
    volatile LONG Hushed;            /* the mask for one of these has reached the device: what a shared line brings now is
                                        another's. Later than the reason: an ISR that came between the two and did not
                                        ask would leave its line up, and the thread that masks would never get there */
} HARDWARE;

/* AddDevice: no registers yet. */
_IRQL_requires_max_(PASSIVE_LEVEL)
VOID HardwareInitialize(_Out_ HARDWARE *Hardware);

/* Asks the bus driver below for its interface, once; a device without one has no configuration space. PASSIVE_LEVEL,
 * the stack below is started. */
_IRQL_requires_max_(PASSIVE_LEVEL)
VOID HardwareOpenBus(_Inout_ HARDWARE *Hardware, _In_ PDEVICE_OBJECT Lower);

/* REMOVE: the device's next driver finds INTx and bus mastering as this one did. */
_IRQL_requires_max_(PASSIVE_LEVEL)
VOID HardwareCloseBus(_Inout_ HARDWARE *Hardware);

/* START: finds out what the device is, maps its registers, makes it quiet and disables its INTx. Translated may be
 * NULL. STATUS_DEVICE_CONFIGURATION_ERROR: the registers are not there, too short, or another device's. */
_Must_inspect_result_
_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS HardwareStart(_Inout_ HARDWARE *Hardware, _In_ const ROUTINES *Routines, _In_ PDEVICE_OBJECT Pdo,
                       _In_opt_ PCM_RESOURCE_LIST Translated, _In_ ULONG Messages);

/* STOP and REMOVE: leaves the device quiet when it is still there, and unmaps. Nothing is connected any more. */
_IRQL_requires_max_(PASSIVE_LEVEL)
VOID HardwareStop(_Inout_ HARDWARE *Hardware);

/* The device was unplugged: from now on no register is touched. */
_IRQL_requires_max_(HIGH_LEVEL)
VOID HardwareVanish(_Inout_ HARDWARE *Hardware);

/* Between a reason and the look at it: everything written before is seen before anything is read after. An
 * interlocked operation is that on every kernel; not every header has the barrier by its name. */
static inline VOID HardwareBarrier(VOID)
{
    volatile LONG Word = 0;

    (VOID)InterlockedExchange(&Word, 1);
}

/* TRUE while a reason to be quiet holds. Any IRQL. */
_IRQL_requires_max_(HIGH_LEVEL)
BOOLEAN HardwareIsQuiet(_In_ const HARDWARE *Hardware);

/* Makes the device follow the reasons: masks it, or programs and unmasks it. Under the gate. */
_IRQL_requires_max_(PASSIVE_LEVEL)
VOID HardwareApply(_Inout_ HARDWARE *Hardware);

/* In the ISR whose guard found a storm: adds that reason and masks what registers can mask. */
_IRQL_requires_max_(HIGH_LEVEL)
VOID HardwareStormInIsr(_Inout_ HARDWARE *Hardware);

/* The rest of it, at DISPATCH_LEVEL: where the bus keeps a device quiet. */
_IRQL_requires_max_(DISPATCH_LEVEL)
VOID HardwareStormInDpc(_Inout_ HARDWARE *Hardware);

/* Power: before the device leaves D0, and after it is back. Under the gate. */
_IRQL_requires_max_(PASSIVE_LEVEL)
VOID HardwarePowerDown(_Inout_ HARDWARE *Hardware);
_IRQL_requires_max_(PASSIVE_LEVEL)
VOID HardwarePowerUp(_Inout_ HARDWARE *Hardware);

#endif
