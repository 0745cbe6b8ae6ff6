/*
 * A 16550 serial port whose transmitter runs empty: the one interrupt of it that software can raise without a wire.
 *
 *     IER.THRE goes from 0 to 1 while the transmitter is empty, or it runs empty  -->  pending
 *     pending and IER.THRE and MCR.OUT2  -->  the line is high (latched: each rise is one interrupt)
 *     IIR is read as 0x02, or a character is written  -->  not pending
 *
 * Writing 1 over 1 into IER.THRE raises nothing. Nothing is ever received: LSR never says that there is data.
 */
#include "device.h"

#define UART_DATA 0
#define UART_IER 1
#define UART_IIR 2
#define UART_LCR 3
#define UART_MCR 4
#define UART_LSR 5
#define UART_MSR 6
#define UART_SCRATCH 7

#define IER_THRE 0x02
#define IIR_NONE 0x01
#define IIR_THRE 0x02
#define IIR_FIFO 0xC0
#define FCR_ENABLE 0x01
#define LCR_DLAB 0x80
#define MCR_OUT2 0x08
#define MCR_LOOP 0x10
#define LSR_EMPTY 0x60      /* holding register and transmitter */
#define MSR_READY 0xB0      /* DCD, DSR, CTS */
#define CHARACTER_TIME 86806u   /* ns: ten bits at 115,200 baud with divisor 1 */

static BOOLEAN Gated(const DEVICE *Device)
{
    /* In the loop the chip disconnects its outputs, OUT2 among them. */
    return (Device->u.Uart.Mcr & (MCR_OUT2 | MCR_LOOP)) != MCR_OUT2;
}

static void Update(DEVICE *Device)
{
    const UART_REGISTERS *Uart = &Device->u.Uart;

    DeviceLine(Device, Uart->ThrePending && (Uart->Ier & IER_THRE) != 0 && !Gated(Device));
}

static void Reset(DEVICE *Device)
{
    UART_REGISTERS *Uart = &Device->u.Uart;

    DeviceCancel(&Uart->Sent);
    RtlZeroMemory(Uart, sizeof(*Uart));
    Uart->Sent.Device = Device;
    Uart->Divisor[0] = 1;
    DeviceLine(Device, FALSE);
}

static BOOLEAN Decodes(ULONG Offset, ULONG Size)
{
    return Offset < 8 && Size == 1;
}

static void Raise(DEVICE *Device, ULONG Cause)
{
    if (Cause != 0) {
        Device->u.Uart.ThrePending = TRUE;
        Update(Device);
    }
}

static void CharacterSent(MACHINE_EVENT *Event)
{
    DEVICE *Device = ((DEVICE_EVENT *)Event)->Device;

    Device->u.Uart.Sending = FALSE;
    DeviceTrigger(Device, IER_THRE);
}

static ULONG Read(DEVICE *Device, ULONG Offset)
{
    UART_REGISTERS *Uart = &Device->u.Uart;
    BOOLEAN Latch = (Uart->Lcr & LCR_DLAB) != 0;
    ULONG Fifo = (Uart->Fcr & FCR_ENABLE) != 0 ? IIR_FIFO : 0;

    switch (Offset) {
    case UART_DATA: return Latch ? Uart->Divisor[0] : 0;
    case UART_IER: return Latch ? Uart->Divisor[1] : Uart->Ier;
    case UART_IIR:
        if (!Uart->ThrePending || (Uart->Ier & IER_THRE) == 0) {
            return IIR_NONE | Fifo;
        }
        Uart->ThrePending = FALSE;
        Update(Device);
        return IIR_THRE | Fifo;
    case UART_LCR: return Uart->Lcr;
    case UART_MCR: return Uart->Mcr;
    case UART_LSR: return Uart->Sending ? 0 : LSR_EMPTY;
    case UART_MSR: return MSR_READY;
    default: return Uart->Scratch;
    }
}

static void WriteEnables(DEVICE *Device, UCHAR Value)
{
    UART_REGISTERS *Uart = &Device->u.Uart;
    BOOLEAN Rises = (Uart->Ier & IER_THRE) == 0 && (Value & IER_THRE) != 0;

    Uart->Ier = Value & 0x0F;
    Update(Device);
    if (Rises && !Uart->Sending) {
        DeviceTrigger(Device, IER_THRE);
    }
}

static void Write(DEVICE *Device, ULONG Offset, ULONG Value)
{
    UART_REGISTERS *Uart = &Device->u.Uart;
    BOOLEAN Latch = (Uart->Lcr & LCR_DLAB) != 0;

    switch (Offset) {
    case UART_DATA:
        if (Latch) {
            Uart->Divisor[0] = (UCHAR)Value;
            break;
        }
        Uart->ThrePending = FALSE;
        Uart->Sending = TRUE;
        Uart->Sent.Event.Run = CharacterSent;
        DeviceStart(&Uart->Sent, (ULONGLONG)CHARACTER_TIME * (Uart->Divisor[0] + 256u * Uart->Divisor[1]));
        Update(Device);
        break;
    case UART_IER:
        if (Latch) {
            Uart->Divisor[1] = (UCHAR)Value;
            break;
        }
        WriteEnables(Device, (UCHAR)Value);
        break;
    case UART_IIR: Uart->Fcr = (UCHAR)Value & 0xC9; break;      /* FCR: the two bits that clear the FIFOs read as 0 */
    case UART_LCR: Uart->Lcr = (UCHAR)Value; break;
    case UART_MCR:
        Uart->Mcr = (UCHAR)Value & 0x1F;
        Update(Device);
        break;
    case UART_SCRATCH: Uart->Scratch = (UCHAR)Value; break;
    default: break;                                             /* LSR and MSR are read-only */
    }
}

static BOOLEAN Masked(const DEVICE *Device)
{
    return (Device->u.Uart.Ier & IER_THRE) == 0 || Gated(Device);
}

static ULONG OwnCause(DEVICE *Device)
{
    UNREFERENCED_PARAMETER(Device);
    return IER_THRE;
}

static void Dump(const DEVICE *Device, TEXT *Text)
{
    const UART_REGISTERS *Uart = &Device->u.Uart;

    TextAdd(Text, "ier 0x%02x\nfcr 0x%02x\nlcr 0x%02x\nmcr 0x%02x\npending %u\nsending %u\n", Uart->Ier, Uart->Fcr,
            Uart->Lcr, Uart->Mcr, Uart->ThrePending, Uart->Sending);
}

const DEVICE_MODEL UartModel = {
    .Name = "16550", .Description = "16550 serial port", .Length = 8, .PortBase = 0x3F8,
    .InstanceForm = "ACPI\\PNP0501\\%u", .HardwareIds = "ACPI\\PNP0501\0*PNP0501\0",
    .Reset = Reset, .Decodes = Decodes, .Read = Read, .Write = Write, .Raise = Raise, .Masked = Masked,
    .OwnCause = OwnCause, .Settle = Update, .Dump = Dump,
};
