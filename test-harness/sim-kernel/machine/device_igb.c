/*
 * Intel 82576 (QEMU's igb): an extended cause register with one bit for each MSI-X message, and the legacy block for
 * a line.
 *
 *     GPIE.MSIX_MODE:  EICS --> EICR --and EIMS--> message n for bit n; ICR and IMS reach it through IVAR_MISC
 *     otherwise:       ICS --> ICR --and IMS--> line
 *
 * A cause in EIAC leaves EICR as its message goes out; one in EIAM is masked then when GPIE.EIAME is set. GPIE and EITR
 * outlive a device reset. ICR is reached at its old place (0xC0), too.
 */
#include "device_nic.h"

#define REG_ICR 0x01500
#define REG_ICS 0x01504
#define REG_IMS 0x01508
#define REG_IMC 0x0150C
#define REG_IAM 0x01510
#define REG_GPIE 0x01514
#define REG_EICS 0x01520
#define REG_EIMS 0x01524
#define REG_EIMC 0x01528
#define REG_EIAC 0x0152C
#define REG_EIAM 0x01530
#define REG_EICR 0x01580
#define REG_EITR 0x01680
#define REG_IVAR 0x01700
#define REG_IVAR_MISC 0x01740
#define VECTORS 25
#define IVARS 8

#define GPIE_NSICR 0x00000001u
#define GPIE_MSIX_MODE 0x00000010u
#define GPIE_EIAME 0x40000000u
#define MESSAGE_CAUSES 0x01FFFFFFu
#define IVAR_VALID 0x80u
#define EITR_INTERVAL 0x00007FFCu       /* microseconds, in bits 14:2 */

static BOOLEAN MessageMode(const DEVICE *Device)
{
    return (Device->u.Nic.Gpie & GPIE_MSIX_MODE) != 0;
}

static void SendVector(DEVICE *Device, ULONG Vector)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;
    ULONG Cleared = Nic->Eiac & (1u << Vector);

    NicMessage(Device, Vector, (ULONGLONG)((Nic->Eitr[Vector] & EITR_INTERVAL) >> 2) * 1000);
    Nic->Eicr &= ~Cleared;
    Nic->Sent &= ~Cleared;
    if ((Nic->Gpie & GPIE_EIAME) != 0) {
        Nic->Eims &= ~(Nic->Eiam & (1u << Vector));
    }
}

static void UpdateMessages(DEVICE *Device)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;
    ULONG Other = (Nic->IvarMisc >> 8) & 0xFF;
    ULONG Pending, New;

    if ((Nic->Icr & Nic->Ims & ~NIC_CAUSE_ASSERTED) != 0 && (Other & IVAR_VALID) != 0) {
        Nic->Eicr |= (1u << (Other & 0x1F)) & MESSAGE_CAUSES;
    }
    Pending = Nic->Eicr & Nic->Eims;
    Nic->Sent &= Pending;
    New = Pending & ~Nic->Sent;
    Nic->Sent |= New;
    for (ULONG Vector = 0; Vector < VECTORS; Vector++) {
        if ((New & (1u << Vector)) != 0) {
            SendVector(Device, Vector);
        }
    }
}

static void Update(DEVICE *Device)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;
    ULONG Pending;

    Nic->Icr &= ~NIC_CAUSE_ASSERTED;
    if (Nic->Icr != 0) {
        Nic->Icr |= NIC_CAUSE_ASSERTED;
    }
    if (MessageMode(Device)) {
        UpdateMessages(Device);
        DeviceLine(Device, FALSE);
        return;
    }
    Pending = (Nic->Icr & Nic->Ims & ~NIC_CAUSE_ASSERTED) | (Nic->Eicr & Nic->Eims);
    if (Pending != 0 && Nic->Sent == 0) {
        DeviceMessage(Device, 0);       /* says nothing on a line */
    }
    Nic->Sent = Pending;
    DeviceLine(Device, Pending != 0);
}

static void Reset(DEVICE *Device)
{
    NicReset(Device);
    Device->u.Nic.Status = NIC_STATUS_UP;
}

/* Back to the beginning, but for what outlives it. */
static void ResetByRegister(DEVICE *Device)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;
    ULONG Gpie = Nic->Gpie;
    ULONG Eitr[NIC_VECTORS];

    RtlCopyMemory(Eitr, Nic->Eitr, sizeof(Eitr));
    DeviceReset(Device);
    Nic->Gpie = Gpie;
    RtlCopyMemory(Nic->Eitr, Eitr, sizeof(Eitr));
}

static ULONG Canonical(ULONG Offset)
{
    switch (Offset) {
    case 0x000C0: return REG_ICR;
    case 0x000C8: return REG_ICS;
    case 0x000D0: return REG_IMS;
    case 0x000D8: return REG_IMC;
    case 0x000E0: return REG_IAM;
    default: return Offset;
    }
}

static BOOLEAN Decodes(ULONG Offset, ULONG Size)
{
    switch (Canonical(Offset)) {
    case NIC_CTRL: case NIC_STATUS: case NIC_CTRL_EXT: case NIC_RCTL: case NIC_TCTL: case NIC_PBACLR:
    case REG_ICR: case REG_ICS: case REG_IMS: case REG_IMC: case REG_IAM: case REG_GPIE: case REG_EICS: case REG_EIMS:
    case REG_EIMC: case REG_EIAC: case REG_EIAM: case REG_EICR: case REG_IVAR_MISC:
        return Size == 4;
    default:
        return Size == 4 && ((Offset >= REG_EITR && Offset < REG_EITR + 4 * VECTORS) ||
                             (Offset >= REG_IVAR && Offset < REG_IVAR + 4 * IVARS));
    }
}

static ULONG ReadCauses(DEVICE *Device)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;
    ULONG Causes = Nic->Icr;

    if (!Device->Stuck && (Nic->Ims == 0 || !MessageMode(Device) || (Nic->Gpie & GPIE_NSICR) != 0)) {
        Nic->Icr = 0;
    }
    Update(Device);
    return Causes;
}

static ULONG ReadExtendedCauses(DEVICE *Device)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;
    ULONG Causes = Nic->Eicr;

    if (!Device->Stuck && !MessageMode(Device)) {
        Nic->Eicr = 0;
    }
    Update(Device);
    return Causes;
}

static ULONG Read(DEVICE *Device, ULONG Offset)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;

    Offset = Canonical(Offset);
    switch (Offset) {
    case NIC_CTRL: return Nic->Ctrl;
    case NIC_STATUS: return Nic->Status;
    case NIC_CTRL_EXT: return Nic->CtrlExt;
    case NIC_RCTL: return Nic->Rctl;
    case NIC_TCTL: return Nic->Tctl;
    case NIC_PBACLR: return Nic->Pbaclr;
    case REG_ICR: return ReadCauses(Device);
    case REG_ICS: return Nic->Icr;
    case REG_IMS: return Nic->Ims;
    case REG_IAM: return Nic->Iam;
    case REG_GPIE: return Nic->Gpie;
    case REG_EICR: return ReadExtendedCauses(Device);
    case REG_EIMS: return Nic->Eims;
    case REG_EIAC: return Nic->Eiac;
    case REG_EIAM: return Nic->Eiam;
    case REG_IVAR_MISC: return Nic->IvarMisc;
    case REG_IMC: case REG_EICS: case REG_EIMC: return 0;
    default:
        return Offset < REG_IVAR ? Nic->Eitr[(Offset - REG_EITR) / 4] : Nic->Ivar[(Offset - REG_IVAR) / 4];
    }
}

static void WriteMask(DEVICE *Device, ULONG *Mask, ULONG Cleared)
{
    *Mask &= ~Cleared;
    if (*Mask == 0) {
        DeviceMasked(Device);
    }
    Update(Device);
}

static void WriteTrigger(DEVICE *Device, BOOLEAN Extended, ULONG Value)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;

    /* What the mode's own register raises may be hit by a fault; the other register's causes come true at once. */
    if (Extended == MessageMode(Device)) {
        DeviceTrigger(Device, Value);
        return;
    }
    if (Extended) {
        Nic->Eicr |= Value;
    } else {
        Nic->Icr |= Value;
    }
    Update(Device);
}

static void Write(DEVICE *Device, ULONG Offset, ULONG Value)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;

    Offset = Canonical(Offset);
    switch (Offset) {
    case NIC_CTRL:
        if ((Value & (NIC_CTRL_RST | NIC_CTRL_DEV_RST)) != 0) {
            ResetByRegister(Device);
            Value &= ~(NIC_CTRL_RST | NIC_CTRL_DEV_RST);
        }
        Nic->Ctrl = Value;
        break;
    case NIC_STATUS: break;
    case NIC_CTRL_EXT: Nic->CtrlExt = Value; break;
    case NIC_RCTL: Nic->Rctl = Value; break;
    case NIC_TCTL: Nic->Tctl = Value; break;
    case NIC_PBACLR: Nic->Pbaclr = Value & MESSAGE_CAUSES; break;
    case REG_ICR:
        Nic->Icr &= Device->Stuck ? ~0u : ~Value;
        Update(Device);
        break;
    case REG_ICS: WriteTrigger(Device, FALSE, Value & ~NIC_CAUSE_ASSERTED); break;
    case REG_IMS:
        Nic->Ims |= Value & ~NIC_CAUSE_ASSERTED;
        Update(Device);
        break;
    case REG_IMC: WriteMask(Device, &Nic->Ims, Value); break;
    case REG_IAM: Nic->Iam = Value; break;
    case REG_GPIE:
        Nic->Gpie = Value;
        Update(Device);
        break;
    case REG_EICS: WriteTrigger(Device, TRUE, Value & MESSAGE_CAUSES); break;
    case REG_EIMS:
        Nic->Eims |= Value & MESSAGE_CAUSES;
        Update(Device);
        break;
    case REG_EIMC: WriteMask(Device, &Nic->Eims, Value); break;
    case REG_EIAC: Nic->Eiac = Value & MESSAGE_CAUSES; break;
    case REG_EIAM: Nic->Eiam = Value & MESSAGE_CAUSES; break;
    case REG_EICR:
        Nic->Eicr &= Device->Stuck ? ~0u : ~Value;
        Update(Device);
        break;
    case REG_IVAR_MISC: Nic->IvarMisc = Value; break;
    default:
        if (Offset < REG_IVAR) {
            Nic->Eitr[(Offset - REG_EITR) / 4] = Value;
        } else {
            Nic->Ivar[(Offset - REG_IVAR) / 4] = Value;
        }
        break;
    }
}

static void Raise(DEVICE *Device, ULONG Cause)
{
    if (MessageMode(Device)) {
        Device->u.Nic.Eicr |= Cause;
    } else {
        Device->u.Nic.Icr |= Cause;
    }
    Update(Device);
}

static ULONG OwnCause(DEVICE *Device)
{
    const NIC_REGISTERS *Nic = &Device->u.Nic;
    ULONG Cause = NicTurn(Device, MessageMode(Device) ? Nic->Eims : Nic->Ims);

    return Cause != 0 ? Cause : NIC_CAUSE_LSC;
}

static void Dump(const DEVICE *Device, TEXT *Text)
{
    const NIC_REGISTERS *Nic = &Device->u.Nic;

    TextAdd(Text, "ctrl 0x%08x\nctrl_ext 0x%08x\nicr 0x%08x\nims 0x%08x\ngpie 0x%08x\neicr 0x%08x\neims 0x%08x\n",
            Nic->Ctrl, Nic->CtrlExt, Nic->Icr, Nic->Ims, Nic->Gpie, Nic->Eicr, Nic->Eims);
    TextAdd(Text, "eiac 0x%08x\neiam 0x%08x\nivar_misc 0x%08x\n", Nic->Eiac, Nic->Eiam, Nic->IvarMisc);
}

const DEVICE_MODEL NicIgbModel = {
    .Name = "igb", .Description = "Intel 82576 Gigabit Network Connection",
    .VendorId = 0x8086, .DeviceId = 0x10C9, .SubsystemVendor = 0x8086, .SubsystemId = 0x0000,
    .Revision = 0x01, .Class = 0x020000, .Length = 0x20000, .Pci = TRUE, .MessageTable = TRUE,
    .Reset = Reset, .Decodes = Decodes, .Read = Read, .Write = Write, .Raise = Raise,
    .OwnCause = OwnCause, .Settle = Update, .Dump = Dump,
};
