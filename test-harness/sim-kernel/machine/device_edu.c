/*
 * QEMU's educational device: a register that raises whatever causes are written to it, and one that takes them back.
 *
 * On a line the pin is high while any cause is left. As a message each raise sends one. Its DMA engine is not modelled:
 * its registers cannot be accessed here.
 */
#include "device.h"

#define EDU_IDENTIFICATION 0x00
#define EDU_LIVENESS 0x04
#define EDU_FACTORIAL 0x08
#define EDU_STATUS 0x20
#define EDU_CAUSES 0x24
#define EDU_RAISE 0x60
#define EDU_ACKNOWLEDGE 0x64

#define EDU_VERSION 0x010000ED
#define EDU_COMPUTING 0x01
#define EDU_WANTS_INTERRUPT 0x80
#define EDU_CAUSE_FACTORIAL 0x1
#define EDU_STEP 1000u      /* ns for a factorial */

static void EduReset(DEVICE *Device)
{
    EDU_REGISTERS *Edu = &Device->u.Edu;

    DeviceCancel(&Edu->Computing);
    RtlZeroMemory(Edu, sizeof(*Edu));
    Edu->Computing.Device = Device;
    DeviceLine(Device, FALSE);
}

static BOOLEAN EduDecodes(ULONG Offset, ULONG Size)
{
    return Offset < 0x80 && Size == 4;
}

static void EduRaise(DEVICE *Device, ULONG Cause)
{
    Device->u.Edu.Causes |= Cause;
    if (Device->u.Edu.Causes == 0) {
        return;
    }
    if (DeviceUsesMessages(Device)) {
        DeviceMessage(Device, 0);
    } else {
        DeviceLine(Device, TRUE);
    }
}

static void EduComputed(MACHINE_EVENT *Event)
{
    DEVICE *Device = ((DEVICE_EVENT *)Event)->Device;
    EDU_REGISTERS *Edu = &Device->u.Edu;
    ULONG Product = 1;

    for (ULONG Factor = Edu->Factorial; Factor > 1; Factor--) {
        Product *= Factor;
        if (Product == 0) {
            break;                      /* 34! and more are 0 in 32 bits, and stay so */
        }
    }
    Edu->Factorial = Product;
    Edu->Status &= ~(ULONG)EDU_COMPUTING;
    if ((Edu->Status & EDU_WANTS_INTERRUPT) != 0) {
        DeviceTrigger(Device, EDU_CAUSE_FACTORIAL);
    }
}

static ULONG EduRead(DEVICE *Device, ULONG Offset)
{
    const EDU_REGISTERS *Edu = &Device->u.Edu;

    switch (Offset) {
    case EDU_IDENTIFICATION:
        return EDU_VERSION;
    case EDU_LIVENESS:
        return ~Edu->Liveness;
    case EDU_FACTORIAL:
        return Edu->Factorial;
    case EDU_STATUS:
        return Edu->Status;
    case EDU_CAUSES:
        return Edu->Causes;
    default:
        return 0xFFFFFFFF;
    }
}

static void EduWrite(DEVICE *Device, ULONG Offset, ULONG Value)
{
    EDU_REGISTERS *Edu = &Device->u.Edu;

    switch (Offset) {
    case EDU_LIVENESS:
        Edu->Liveness = Value;
        break;
    case EDU_FACTORIAL:
        if ((Edu->Status & EDU_COMPUTING) == 0) {
            Edu->Factorial = Value;
            Edu->Status |= EDU_COMPUTING;
            Edu->Computing.Event.Run = EduComputed;
            DeviceStart(&Edu->Computing, EDU_STEP);
        }
        break;
    case EDU_STATUS:
        Edu->Status = (Edu->Status & EDU_COMPUTING) | (Value & EDU_WANTS_INTERRUPT);
        break;
    case EDU_RAISE:
        DeviceTrigger(Device, Value);
        break;
    case EDU_ACKNOWLEDGE:
        if (!Device->Stuck) {
            Edu->Causes &= ~Value;
        }
        DeviceLine(Device, Edu->Causes != 0);
        break;
    default:
        break;
    }
}

static ULONG EduOwnCause(DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    return EDU_CAUSE_FACTORIAL;
}

static void EduSettle(DEVICE *Device)
{
    DeviceLine(Device, Device->u.Edu.Causes != 0);
}

static void EduDump(const DEVICE *Device, TEXT *Text)
{
    const EDU_REGISTERS *Edu = &Device->u.Edu;

    TextAdd(Text, "liveness 0x%08x\nfactorial 0x%08x\nstatus 0x%08x\ncauses 0x%08x\n", Edu->Liveness, Edu->Factorial,
            Edu->Status, Edu->Causes);
}

const DEVICE_MODEL EduModel = {
    .Name = "edu", .Description = "QEMU educational device",
    .VendorId = 0x1234, .DeviceId = 0x11E8, .SubsystemVendor = 0x1AF4, .SubsystemId = 0x1100,
    .Revision = 0x10, .Class = 0x00FF00, .Length = 0x100000, .Pci = TRUE,
    .Reset = EduReset, .Decodes = EduDecodes, .Read = EduRead, .Write = EduWrite, .Raise = EduRaise,
    .OwnCause = EduOwnCause, .Settle = EduSettle, .Dump = EduDump,
};
