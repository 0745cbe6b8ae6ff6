/*
 * What bus.c, assign.c, fault.c and the device models share and nobody else sees.
 *
 * A model has registers and causes. When a cause becomes true inside the device, the model says so in one of two ways:
 * DeviceLine says which level its interrupt pin has now, DeviceMessage sends one message. Both find the assigned
 * vector, and both stay silent where hardware would: no power, line or bus mastering disabled, nothing assigned.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include "machine.h"
#include "platform.h"
#include "text.h"

#define DEVICE_MAXIMUM_MESSAGES 32
#define DEVICE_CONFIG_SIZE 256
#define BUS_MAXIMUM_LINES 256
#define BUS_MAXIMUM_MAPPINGS 256

#define PCI_COMMAND_OFFSET 0x04
#define PCI_STATUS_OFFSET 0x06
#define PCI_COMMAND_IO 0x0001
#define PCI_COMMAND_MEMORY 0x0002
#define PCI_COMMAND_MASTER 0x0004
#define PCI_COMMAND_NO_LINE 0x0400      /* INTx is disabled */
#define PCI_STATUS_INTERRUPT 0x0008     /* INTx is wanted, also while it is disabled */

/* Where an interrupt that is on its way waits for its time. */
typedef struct DEVICE_EVENT {
    MACHINE_EVENT Event;                /* first: Run gets this and casts */
    DEVICE *Device;
    ULONG Cause;
    ULONGLONG Period;                   /* comes again after so many ns; 0: once */
    ULONGLONG Turn;                     /* of the load: when it is its turn, if nothing holds the machine up */
} DEVICE_EVENT;

typedef struct DEVICE_MODEL {
    const char *Name;
    USHORT VendorId, DeviceId, SubsystemVendor, SubsystemId;
    UCHAR Revision;
    ULONG Class;                        /* base, sub, interface: 24 bits */
    const char *Description;
    ULONG Length;                       /* of its registers */
    USHORT PortBase;                    /* not 0: they are ports, here */
    BOOLEAN Pci;
    BOOLEAN MessageTable;               /* MSI-X; else MSI */
    const char *InstanceForm;           /* of a device that is not on PCI; %u is its number */
    const char *HardwareIds;            /* of such a device; NUL-separated */

    void (*Reset)(DEVICE *Device);
    BOOLEAN (*Decodes)(ULONG Offset, ULONG Size);       /* an access of this size is allowed there */
    ULONG (*Read)(DEVICE *Device, ULONG Offset);
    void (*Write)(DEVICE *Device, ULONG Offset, ULONG Value);
    void (*Raise)(DEVICE *Device, ULONG Cause);         /* the cause becomes true; what follows is the model's */
    BOOLEAN (*Masked)(const DEVICE *Device);            /* no cause gets out now; NULL: the model calls DeviceMasked */
    ULONG (*OwnCause)(DEVICE *Device);                  /* the next one that the device has without being asked */
    void (*Settle)(DEVICE *Device);                     /* says pin and messages again, after an assignment */
    void (*Dump)(const DEVICE *Device, TEXT *Text);
} DEVICE_MODEL;

typedef struct EDU_REGISTERS {
    ULONG Liveness, Factorial, Status, Causes;
    DEVICE_EVENT Computing;
} EDU_REGISTERS;

#define NIC_VECTORS 25

typedef struct NIC_REGISTERS {
    ULONG Ctrl, CtrlExt, Status, Icr, Ims, Iam, Itr, Eiac, Eiam, Eicr, Eims, Gpie, Ivar[8], IvarMisc, Pbaclr;
    ULONG Rctl, Tctl;
    ULONG Eitr[NIC_VECTORS];
    ULONG Sent;                         /* causes whose message went out and that were not cleared since */
    ULONG Waiting;                      /* vectors whose message waits for the throttle */
    ULONGLONG Next[NIC_VECTORS];        /* no message of the vector before this time ... */
    ULONGLONG Interval[NIC_VECTORS];    /* ... and, once it went out, none for so long */
    DEVICE_EVENT Throttle;
} NIC_REGISTERS;

typedef struct UART_REGISTERS {
    UCHAR Ier, Fcr, Lcr, Mcr, Scratch, Divisor[2], Data;
    BOOLEAN ThrePending;                /* the transmitter ran empty and nobody has read that in IIR */
    BOOLEAN Sending;
    DEVICE_EVENT Sent;
} UART_REGISTERS;

struct DEVICE {
    MACHINE *Machine;
    const DEVICE_MODEL *Model;
    ULONG Index;
    char Name[16];
    char Instance[96];
    char HardwareIds[160];
    USHORT Messages, Line, Node;
    ULONGLONG Base;                     /* of its registers: physical address or port */
    PDEVICE_OBJECT Pdo;

    BOOLEAN Present, Powered, Enabled;  /* enabled: assigned, and the bus driver lets it decode */
    BOOLEAN Pin;                        /* what the model wants of its line */
    BOOLEAN Asserted;                   /* what the vector was told */
    BOOLEAN Stuck;                      /* fault: what is acknowledged comes back, until masked */
    BOOLEAN Gone, Rebalance;            /* notices for the PnP manager */
    BOOLEAN Elsewhere;                  /* the next assignment is to differ from the last */
    ULONG Turn;                         /* of OwnCause */

    ULONG AssignedCount;
    ASSIGNED_INTERRUPT Assigned[DEVICE_MAXIMUM_MESSAGES];
    USHORT LastGroup;                   /* where the last assignment put the first interrupt */
    KAFFINITY LastMask;

    DEVICE_EVENT Late, Extra, Repeat, Load;

    UCHAR Config[DEVICE_CONFIG_SIZE];
    UCHAR MessageCapability, TableCapability;           /* offsets in Config; 0: none */
    union {
        EDU_REGISTERS Edu;
        NIC_REGISTERS Nic;
        UART_REGISTERS Uart;
    } u;
};

typedef struct LINE {
    VECTOR *Vector;
    ULONG Holders;
    USHORT Group;
    KAFFINITY Mask;
} LINE;

typedef struct MAPPING {
    ULONG_PTR Address;
    SIZE_T Length;
    DEVICE *Device;
    ULONG Offset;
} MAPPING;

typedef struct ARMED_FAULT {
    BOOLEAN Armed;
    LONG Device;                        /* index; -1: any */
    ULONGLONG After, Every, Count;      /* asks to let pass; then each Every-th; Count times at most */
    ULONGLONG Asked, Happened;
    ULONGLONG Messages;                 /* fall-back: 1 message instead of a line; 0: a line */
    ULONGLONG Neighbour;                /* spurious: 1: not the cause itself comes once more, but those beside it */
} ARMED_FAULT;

typedef struct BUS {
    MACHINE *Machine;
    ULONG Devices;
    DEVICE *Device[MACHINE_MAXIMUM_DEVICES];
    LINE Line[BUS_MAXIMUM_LINES];
    ULONG Mappings;
    MAPPING Mapping[BUS_MAXIMUM_MAPPINGS];
    ULONG_PTR NextAddress;              /* no address is used twice, so that a stale one is noticed */
    ULONG NextIrql;                     /* IRQLs are dealt in turn */
} BUS;

static inline BUS *MachineBus(MACHINE *Machine)
{
    return *MachineSlot(Machine, SLOT_BUS);
}

static inline ARMED_FAULT *MachineFaults(MACHINE *Machine)
{
    return *MachineSlot(Machine, SLOT_FAULTS);
}

/* device.c */
void DeviceStart(DEVICE_EVENT *Event, ULONGLONG Delay);          /* starts, or moves, the event */
void DeviceCancel(DEVICE_EVENT *Event);
USHORT DeviceConfigWord(const DEVICE *Device, ULONG Offset);
void DeviceConfigSetWord(DEVICE *Device, ULONG Offset, USHORT Value);
void DeviceConfigFill(DEVICE *Device);                           /* these: device_config.c */
void DeviceConfigMessages(DEVICE *Device);                       /* "enabled" follows what was assigned */
void DeviceConfigPower(DEVICE *Device, UCHAR State);
BOOLEAN DeviceUsesMessages(const DEVICE *Device);
void DeviceLine(DEVICE *Device, BOOLEAN High);
void DeviceMessage(DEVICE *Device, ULONG Message);
void DeviceEnable(DEVICE *Device);                               /* as the bus driver does when a device starts */
void DeviceDisable(DEVICE *Device);                              /* the opposite, when it stops */
void DeviceQuiet(DEVICE *Device);                                /* nothing of it is on its way any more */
void DeviceUpdateLine(DEVICE *Device);                           /* something that gates the pin has changed */

/* fault.c: a cause is to become true because the driver asked (or the load did); what really happens */
void DeviceTrigger(DEVICE *Device, ULONG Cause);
void DeviceMasked(DEVICE *Device);                               /* the driver masks it: storms and stuck causes end */
void DeviceLoad(DEVICE *Device, ULONG Rate);                     /* interrupts by itself, so often a second; 0: ends */
BOOLEAN FaultArmed(MACHINE *Machine, FAULT Fault, const DEVICE *Device);                /* takes none of its times */
BOOLEAN FaultArm(MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize); /* what follows "fault" */

extern const DEVICE_MODEL EduModel, Nic82574Model, NicIgbModel, UartModel, NoneModel, RootModel;

#endif
