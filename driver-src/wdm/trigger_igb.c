/*
 * Intel's igb family: 82576 (10c9, QEMU's igb), I350 (1521), I210 (1533). With MSI-X each message has a cause of its
 * own that software sets in EICS. On a line, and with one MSI, the older cause block serves: its link status cause.
 */
#include "hardware.h"
#include "registers.h"

#define IGB_VENDOR 0x8086u
#define IGB_82576 0x10C9u
#define IGB_I350 0x1521u
#define IGB_I210 0x1533u
#define IGB_STATUS 0x00008u
#define IGB_RCTL 0x00100u
#define IGB_TCTL 0x00400u
#define IGB_ICR 0x01500u         /* reading clears */
#define IGB_ICS 0x01504u
#define IGB_IMS 0x01508u
#define IGB_IMC 0x0150Cu
#define IGB_GPIE 0x01514u
#define IGB_EICS 0x01520u
#define IGB_EIMS 0x01524u
#define IGB_EIMC 0x01528u
#define IGB_EIAC 0x0152Cu        /* causes that a sent message clears by itself */
#define IGB_EIAM 0x01530u
#define IGB_EICR 0x01580u
#define IGB_EITR(N) (0x01680u + 4u * (N))
#define IGB_REGISTERS 0x20000u   /* the whole base register */
#define IGB_MESSAGES 25u
#define IGB_MESSAGES_I210 5u
#define IGB_GPIE_MSIX 0x00000010u
#define IGB_GPIE_EIAME 0x40000000u
#define IGB_GPIE_PBA 0x80000000u
#define IGB_LINK 0x00000004u
#define IGB_ASSERTED 0x80000000u
#define IGB_GONE 0xFFFFFFFFu

static BOOLEAN IgbIdentify(_In_ const HARDWARE_IDENTITY *Identity)
{
    return Identity->Vendor == IGB_VENDOR &&
           (Identity->Device == IGB_82576 || Identity->Device == IGB_I350 || Identity->Device == IGB_I210);
}

static BOOLEAN IgbCheck(_Inout_ HARDWARE *Hardware)
{
    return RegisterRead(Hardware->Base, IGB_STATUS) != IGB_GONE;
}

/* The read brings the writes before it to the device: writes are posted, and who masks wants it masked. */
static VOID IgbMask(_Inout_ HARDWARE *Hardware)
{
    RegisterWrite(Hardware->Base, IGB_EIMC, 0xFFFFFFFF);
    RegisterWrite(Hardware->Base, IGB_IMC, 0xFFFFFFFF);
    (VOID)RegisterRead(Hardware->Base, IGB_STATUS);
}

static VOID IgbQuiet(_Inout_ HARDWARE *Hardware)
{
    ULONG Limit = Hardware->Device == IGB_I210 ? IGB_MESSAGES_I210 : IGB_MESSAGES;
    ULONG Message;

    IgbMask(Hardware);
    RegisterWrite(Hardware->Base, IGB_RCTL, 0);
    RegisterWrite(Hardware->Base, IGB_TCTL, 0);
    /* GPIE and EITR survive a reset of the device, so they are written, not assumed. */
    RegisterWrite(Hardware->Base, IGB_GPIE, 0);
    RegisterWrite(Hardware->Base, IGB_EIAC, 0);
    RegisterWrite(Hardware->Base, IGB_EIAM, 0);
    for (Message = 0; Message < Limit; Message++) {
        RegisterWrite(Hardware->Base, IGB_EITR(Message), 0);
    }
    RegisterWrite(Hardware->Base, IGB_EICR, 0xFFFFFFFF);
    (VOID)RegisterRead(Hardware->Base, IGB_ICR);
}

static ULONG IgbCauses(_In_ const HARDWARE *Hardware)
{
    ULONG Limit = Hardware->Device == IGB_I210 ? IGB_MESSAGES_I210 : IGB_MESSAGES;

    return (1u << (Hardware->Messages < Limit ? Hardware->Messages : Limit)) - 1;
}

static VOID IgbProgram(_Inout_ HARDWARE *Hardware)
{
    IgbMask(Hardware);
    if (Hardware->Mode == HARDWARE_MSIX) {
        RegisterWrite(Hardware->Base, IGB_GPIE, IGB_GPIE_MSIX | IGB_GPIE_EIAME | IGB_GPIE_PBA);
        RegisterWrite(Hardware->Base, IGB_EIAC, IgbCauses(Hardware));
    } else {
        RegisterWrite(Hardware->Base, IGB_GPIE, 0);
    }
}

static VOID IgbUnmask(_Inout_ HARDWARE *Hardware)
{
    if (Hardware->Mode == HARDWARE_MSIX) {
        RegisterWrite(Hardware->Base, IGB_EIMS, IgbCauses(Hardware));
    } else {
        RegisterWrite(Hardware->Base, IGB_IMS, IGB_LINK);
    }
}

static VOID IgbRaise(_Inout_ HARDWARE *Hardware, ULONG Message)
{
    if (Hardware->Mode == HARDWARE_MSIX) {
        RegisterWrite(Hardware->Base, IGB_EICS, 1u << Message);
    } else {
        RegisterWrite(Hardware->Base, IGB_ICS, IGB_LINK);
    }
}

static BOOLEAN IgbClaim(_Inout_ HARDWARE *Hardware, ULONG Message)
{
    ULONG Causes;

    if (Message != MODEL_LINE && Hardware->Mode == HARDWARE_MSIX) {
        return TRUE; /* nobody else sends this message, and sending it has cleared its cause */
    }
    Causes = RegisterRead(Hardware->Base, IGB_ICR);
    return Causes != IGB_GONE && (Causes & IGB_ASSERTED) != 0;
}

const MODEL ModelIgb = {
    .Kind = IRQSCOPE_MODEL_IGB,
    .Registers = IGB_REGISTERS,
    .Messages = IGB_MESSAGES,
    .CanMask = TRUE,
    .Identify = IgbIdentify,
    .Check = IgbCheck,
    .Quiet = IgbQuiet,
    .Program = IgbProgram,
    .Mask = IgbMask,
    .Unmask = IgbUnmask,
    .Raise = IgbRaise,
    .Claim = IgbClaim,
};
