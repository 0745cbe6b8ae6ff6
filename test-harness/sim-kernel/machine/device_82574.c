/*
 * Intel 82574 (QEMU's e1000e): one cause register, a line, and five MSI-X messages for five of the causes.
 *
 *     ICS --> ICR --and IMS--> line, or IVAR --> message
 *
 * With MSI-X a cause sends once and counts as sent until it leaves ICR or IMS. A cause in EIAC leaves ICR as its
 * message goes out, and IMS too unless CTRL_EXT.IAME is set: the driver must set it in IMS again. A read of ICR
 * clears it on a line, and also when nothing is unmasked. INT_ASSERTED is set while any cause is, masked or not (as
 * QEMU's is).
 */
#include "device_nic.h"

#define REG_ICR 0x000C0
#define REG_ITR 0x000C4
#define REG_ICS 0x000C8
#define REG_IMS 0x000D0
#define REG_IMC 0x000D8
#define REG_EIAC 0x000DC
#define REG_IAM 0x000E0
#define REG_IVAR 0x000E4
#define REG_EITR 0x000E8
#define VECTORS 5
#define THROTTLE_UNIT 256u              /* ns */

#define CAUSE_RXQ0 0x00100000u
#define CAUSE_OTHER 0x01000000u
#define MESSAGE_CAUSES 0x01F00000u      /* RXQ0, RXQ1, TXQ0, TXQ1, OTHER, in the order of IVAR's fields */
#define OTHER_CAUSES 0x00070244u        /* LSC, RXO, MDAC, SRPD, ACK, MNG */

/* A cause goes out as the message that its field of IVAR names; then EIAC and EIAME take their part. */
static void SendCause(DEVICE *Device, ULONG Field, ULONG Cause)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;
    ULONG Entry = (Nic->Ivar[0] >> (4 * Field)) & 0xF;
    ULONG Cleared = Nic->Eiac & Cause;

    if ((Entry & 8) != 0 && (Entry & 7) < VECTORS) {
        NicMessage(Device, Entry & 7, (ULONGLONG)(Nic->Eitr[Entry & 7] & 0xFFFF) * THROTTLE_UNIT);
    }
    if ((Nic->CtrlExt & NIC_CTRL_EXT_EIAME) != 0) {
        Nic->Ims &= ~(Nic->Iam & Cause);
    }
    Nic->Icr &= ~Cleared;
    Nic->Sent &= ~Cleared;
    if ((Nic->CtrlExt & NIC_CTRL_EXT_IAME) == 0) {
        Nic->Ims &= ~Cleared;
    }
}

static void Update(DEVICE *Device)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;
    BOOLEAN Messages = DeviceUsesMessages(Device);
    ULONG Pending;

    if (Messages && (Nic->Icr & OTHER_CAUSES) != 0) {
        Nic->Icr |= CAUSE_OTHER;
    }
    Nic->Icr &= ~NIC_CAUSE_ASSERTED;
    Pending = Nic->Icr & Nic->Ims;
    Nic->Sent &= Pending;
    if (Messages) {
        ULONG New = Pending & ~Nic->Sent & MESSAGE_CAUSES;

        Nic->Sent |= New;
        for (ULONG Field = 0; Field < VECTORS; Field++) {
            if ((New & (CAUSE_RXQ0 << Field)) != 0) {
                SendCause(Device, Field, CAUSE_RXQ0 << Field);
            }
        }
    }
    if (Nic->Icr != 0) {
        Nic->Icr |= NIC_CAUSE_ASSERTED;
    }
    DeviceLine(Device, Pending != 0);
}

static void Reset(DEVICE *Device)
{
    NicReset(Device);
    Device->u.Nic.Status = NIC_STATUS_UP;
}

static BOOLEAN Decodes(ULONG Offset, ULONG Size)
{
    switch (Offset) {
    case NIC_CTRL: case NIC_STATUS: case NIC_CTRL_EXT: case NIC_RCTL: case NIC_TCTL: case NIC_PBACLR:
    case REG_ICR: case REG_ITR: case REG_ICS: case REG_IMS: case REG_IMC: case REG_EIAC: case REG_IAM: case REG_IVAR:
        return Size == 4;
    default:
        return Size == 4 && Offset >= REG_EITR && Offset < REG_EITR + 4 * VECTORS;
    }
}

static ULONG ReadCauses(DEVICE *Device)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;
    ULONG Causes = Nic->Icr;

    if (!Device->Stuck && (Nic->Ims == 0 || !DeviceUsesMessages(Device))) {
        Nic->Icr = 0;
    } else if (!Device->Stuck && (Causes & NIC_CAUSE_ASSERTED) != 0 && (Nic->CtrlExt & NIC_CTRL_EXT_IAME) != 0) {
        Nic->Icr = 0;
        Nic->Ims &= ~Nic->Iam;
    }
    Update(Device);
    return Causes;
}

static ULONG Read(DEVICE *Device, ULONG Offset)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;

    switch (Offset) {
    case NIC_CTRL: return Nic->Ctrl;
    case NIC_STATUS: return Nic->Status;
    case NIC_CTRL_EXT: return Nic->CtrlExt;
    case NIC_RCTL: return Nic->Rctl;
    case NIC_TCTL: return Nic->Tctl;
    case NIC_PBACLR: return Nic->Pbaclr;
    case REG_ICR: return ReadCauses(Device);
    case REG_ICS: return Nic->Icr;      /* the data sheet says write-only; chips and QEMU show ICR, and clear nothing */
    case REG_ITR: return Nic->Itr;
    case REG_IMS: return Nic->Ims;
    case REG_EIAC: return Nic->Eiac;
    case REG_IAM: return Nic->Iam;
    case REG_IVAR: return Nic->Ivar[0];
    case REG_IMC: return 0;
    default: return Nic->Eitr[(Offset - REG_EITR) / 4];
    }
}

static void WriteCauses(DEVICE *Device, ULONG Value)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;

    if ((Nic->Icr & NIC_CAUSE_ASSERTED) != 0 && (Nic->CtrlExt & NIC_CTRL_EXT_IAME) != 0) {
        Nic->Ims &= ~Nic->Iam;
    }
    if (!Device->Stuck) {
        Nic->Icr &= ~Value;
        if ((Value & CAUSE_OTHER) != 0) {
            Nic->Icr &= ~OTHER_CAUSES;
        }
    }
    Update(Device);
}

static void Write(DEVICE *Device, ULONG Offset, ULONG Value)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;

    switch (Offset) {
    case NIC_CTRL:
        if ((Value & NIC_CTRL_RST) != 0) {
            DeviceReset(Device);
            Value &= ~NIC_CTRL_RST;
        }
        Nic->Ctrl = Value;
        break;
    case NIC_CTRL_EXT: Nic->CtrlExt = Value; break;
    case NIC_RCTL: Nic->Rctl = Value; break;
    case NIC_TCTL: Nic->Tctl = Value; break;
    case NIC_PBACLR: Nic->Pbaclr = Value & 0x1F; break;
    case REG_ICR: WriteCauses(Device, Value); break;
    case REG_ICS: DeviceTrigger(Device, Value & ~NIC_CAUSE_ASSERTED); break;
    case REG_ITR: Nic->Itr = Value & 0xFFFF; break;
    case REG_EIAC: Nic->Eiac = Value & MESSAGE_CAUSES; break;
    case REG_IAM: Nic->Iam = Value; break;
    case REG_IVAR: Nic->Ivar[0] = Value; break;
    case REG_IMS:
        Nic->Ims |= Value & ~NIC_CAUSE_ASSERTED;
        Update(Device);
        break;
    case REG_IMC:
        Nic->Ims &= ~Value;
        if (Nic->Ims == 0) {
            DeviceMasked(Device);
        }
        Update(Device);
        break;
    case NIC_STATUS:
        break;
    default:
        Nic->Eitr[(Offset - REG_EITR) / 4] = Value & 0xFFFF;
        break;
    }
}

static void Raise(DEVICE *Device, ULONG Cause)
{
    Device->u.Nic.Icr |= Cause;
    Update(Device);
}

static ULONG OwnCause(DEVICE *Device)
{
    ULONG Cause = NicTurn(Device, Device->u.Nic.Ims & (DeviceUsesMessages(Device) ? MESSAGE_CAUSES : ~MESSAGE_CAUSES));

    return Cause != 0 ? Cause : NIC_CAUSE_LSC;
}

static void Dump(const DEVICE *Device, TEXT *Text)
{
    const NIC_REGISTERS *Nic = &Device->u.Nic;

    TextAdd(Text, "ctrl 0x%08x\nctrl_ext 0x%08x\nicr 0x%08x\nims 0x%08x\niam 0x%08x\neiac 0x%08x\nivar 0x%08x\n",
            Nic->Ctrl, Nic->CtrlExt, Nic->Icr, Nic->Ims, Nic->Iam, Nic->Eiac, Nic->Ivar[0]);
    for (ULONG Vector = 0; Vector < VECTORS; Vector++) {
        TextAdd(Text, "eitr%u 0x%08x\n", Vector, Nic->Eitr[Vector]);
    }
}

const DEVICE_MODEL Nic82574Model = {
    .Name = "82574", .Description = "Intel 82574L Gigabit Ethernet",
    .VendorId = 0x8086, .DeviceId = 0x10D3, .SubsystemVendor = 0x8086, .SubsystemId = 0x0000,
    .Revision = 0x00, .Class = 0x020000, .Length = 0x20000, .Pci = TRUE, .MessageTable = TRUE,
    .Reset = Reset, .Decodes = Decodes, .Read = Read, .Write = Write, .Raise = Raise,
    .OwnCause = OwnCause, .Settle = Update, .Dump = Dump,
};
