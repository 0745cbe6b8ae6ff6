/*
 * Intel 82574 (QEMU's e1000e), 8086:10d3. Its causes can be set by software: ICS. On a line, and with one MSI, that
 * is the link status cause, which nothing else uses while no driver cares for the link. With MSI-X, IVAR routes one
 * cause to each message.
 */
#include "hardware.h"
#include "registers.h"

#define NIC_VENDOR 0x8086u
#define NIC_DEVICE 0x10D3u
#define NIC_STATUS 0x00008u
#define NIC_ICR 0x000C0u         /* causes that are up; reading clears them */
#define NIC_ITR 0x000C4u
#define NIC_ICS 0x000C8u
#define NIC_IMS 0x000D0u
#define NIC_IMC 0x000D8u
#define NIC_EIAC 0x000DCu        /* causes that a sent message clears by itself */
#define NIC_IAM 0x000E0u
#define NIC_IVAR 0x000E4u        /* four bits a cause: number of the message, 8: valid */
#define NIC_EITR(N) (0x000E8u + 4u * (N))
#define NIC_RCTL 0x00100u
#define NIC_TCTL 0x00400u
#define NIC_REGISTERS 0x20000u   /* the whole base register: a shorter one is another device */
#define NIC_MESSAGES 5u
#define NIC_LINK 0x00000004u     /* LSC */
#define NIC_ASSERTED 0x80000000u
#define NIC_GONE 0xFFFFFFFFu
#define NIC_CAUSE(N) (0x00100000u << (N)) /* RXQ0, RXQ1, TXQ0, TXQ1, OTHER, in the order of IVAR's fields */

static BOOLEAN NicIdentify(_In_ const HARDWARE_IDENTITY *Identity)
{
    return Identity->Vendor == NIC_VENDOR && Identity->Device == NIC_DEVICE;
}

static BOOLEAN NicCheck(_Inout_ HARDWARE *Hardware)
{
    return RegisterRead(Hardware->Base, NIC_STATUS) != NIC_GONE;
}

/* The read brings the write before it to the device: writes are posted, and who masks wants it masked. */
static VOID NicMask(_Inout_ HARDWARE *Hardware)
{
    RegisterWrite(Hardware->Base, NIC_IMC, 0xFFFFFFFF);
    (VOID)RegisterRead(Hardware->Base, NIC_STATUS);
}

static VOID NicQuiet(_Inout_ HARDWARE *Hardware)
{
    ULONG Message;

    RegisterWrite(Hardware->Base, NIC_IMC, 0xFFFFFFFF);
    RegisterWrite(Hardware->Base, NIC_RCTL, 0);
    RegisterWrite(Hardware->Base, NIC_TCTL, 0);
    RegisterWrite(Hardware->Base, NIC_ITR, 0);
    for (Message = 0; Message < NIC_MESSAGES; Message++) {
        RegisterWrite(Hardware->Base, NIC_EITR(Message), 0);
    }
    RegisterWrite(Hardware->Base, NIC_IVAR, 0);
    RegisterWrite(Hardware->Base, NIC_EIAC, 0);
    RegisterWrite(Hardware->Base, NIC_IAM, 0);
    (VOID)RegisterRead(Hardware->Base, NIC_ICR);
}

static ULONG NicMessages(_In_ const HARDWARE *Hardware)
{
    return Hardware->Messages < NIC_MESSAGES ? Hardware->Messages : NIC_MESSAGES;
}

static ULONG NicCauses(_In_ const HARDWARE *Hardware)
{
    return Hardware->Mode == HARDWARE_MSIX ? NIC_CAUSE(NicMessages(Hardware)) - NIC_CAUSE(0) : NIC_LINK;
}

static VOID NicProgram(_Inout_ HARDWARE *Hardware)
{
    ULONG Routes = 0;
    ULONG Message;

    RegisterWrite(Hardware->Base, NIC_IMC, 0xFFFFFFFF);
    if (Hardware->Mode == HARDWARE_MSIX) {
        for (Message = 0; Message < NicMessages(Hardware); Message++) {
            Routes |= (0x8u | Message) << (4 * Message);
        }
        RegisterWrite(Hardware->Base, NIC_IVAR, Routes);
        RegisterWrite(Hardware->Base, NIC_EIAC, NicCauses(Hardware));
    }
}

static VOID NicUnmask(_Inout_ HARDWARE *Hardware)
{
    RegisterWrite(Hardware->Base, NIC_IMS, NicCauses(Hardware));
}

static VOID NicRaise(_Inout_ HARDWARE *Hardware, ULONG Message)
{
    RegisterWrite(Hardware->Base, NIC_ICS, Hardware->Mode == HARDWARE_MSIX ? NIC_CAUSE(Message) : NIC_LINK);
}

static BOOLEAN NicClaim(_Inout_ HARDWARE *Hardware, ULONG Message)
{
    if (Message == MODEL_LINE || Hardware->Mode != HARDWARE_MSIX) {
        ULONG Causes = RegisterRead(Hardware->Base, NIC_ICR);

        return Causes != NIC_GONE && (Causes & NIC_ASSERTED) != 0;
    }
    /* Nobody else sends this message, and sending it has cleared its cause and, without auto-mask in CTRL_EXT, its
     * mask bit. That one is set again, unless the device is to be quiet: who makes it quiet sets the reason first
     * and masks afterwards, so one of the two sees the other. */
    RegisterWrite(Hardware->Base, NIC_IMS, NIC_CAUSE(Message));
    HardwareBarrier();
    if (HardwareIsQuiet(Hardware)) {
        NicMask(Hardware);
    }
    return TRUE;
}

const MODEL Model82574 = {
    .Kind = IRQSCOPE_MODEL_82574,
    .Registers = NIC_REGISTERS,
    .Messages = NIC_MESSAGES,
    .CanMask = TRUE,
    .Identify = NicIdentify,
    .Check = NicCheck,
    .Quiet = NicQuiet,
    .Program = NicProgram,
    .Mask = NicMask,
    .Unmask = NicUnmask,
    .Raise = NicRaise,
    .Claim = NicClaim,
};
