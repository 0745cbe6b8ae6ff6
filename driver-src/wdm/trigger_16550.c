/*
 * A 16550 serial port (PNP0500, PNP0501): the interrupt "transmitter is empty" rises as soon as it is enabled while
 * nothing is being sent, so disabling and enabling it makes one. OUT2 of the modem control register lets it out.
 */
#include "hardware.h"
#include "registers.h"

#define UART_DATA 0u
#define UART_IER 1u
#define UART_IIR 2u              /* read; the FIFO control register when written */
#define UART_LCR 3u
#define UART_MCR 4u
#define UART_LSR 5u
#define UART_MSR 6u
#define UART_REGISTERS 8u
#define UART_IER_EMPTY 0x02u
#define UART_IIR_NONE 0x01u
#define UART_IIR_CAUSE 0x0Fu
#define UART_IIR_EMPTY 0x02u
#define UART_LCR_8N1 0x03u       /* and the divisor latch closed */
#define UART_MCR_OUT2 0x08u
#define UART_GONE 0xFFu

static UCHAR UartRead(_Inout_ HARDWARE *Hardware, ULONG Register)
{
    return Hardware->Base != NULL ? RegisterReadByte(Hardware->Base, Register)
                                  : PortReadByte(Hardware->Port + Register);
}

static VOID UartWrite(_Inout_ HARDWARE *Hardware, ULONG Register, UCHAR Value)
{
    if (Hardware->Base != NULL) {
        RegisterWriteByte(Hardware->Base, Register, Value);
    } else {
        PortWriteByte(Hardware->Port + Register, Value);
    }
}

static BOOLEAN UartIdentify(_In_ const HARDWARE_IDENTITY *Identity)
{
    static const WCHAR Name[] = L"PNP050"; /* 0 or 1 follows: with or without a FIFO */
    PCWSTR Id = Identity->Ids;
    ULONG Place;

    if (Id == NULL || Identity->Vendor != 0) {
        return FALSE;
    }
    while (*Id != 0) {
        if (*Id == L'*') {
            Id++;
        } else if (Id[0] == L'A' && Id[1] == L'C' && Id[2] == L'P' && Id[3] == L'I' && Id[4] == L'\\') {
            Id += 5;
        }
        for (Place = 0; Name[Place] != 0 && Id[Place] == Name[Place]; Place++) {
        }
        if (Name[Place] == 0 && (Id[Place] == L'0' || Id[Place] == L'1')) {
            return TRUE;
        }
        while (*Id != 0) {
            Id++;
        }
        Id++;
    }
    return FALSE;
}

/* Interrupt enable has four bits; the others of a real port read 0, those of an empty bus do not. */
static BOOLEAN UartCheck(_Inout_ HARDWARE *Hardware)
{
    return (UartRead(Hardware, UART_IER) & 0xF0u) == 0;
}

static VOID UartClear(_Inout_ HARDWARE *Hardware)
{
    (VOID)UartRead(Hardware, UART_LSR);
    (VOID)UartRead(Hardware, UART_DATA);
    (VOID)UartRead(Hardware, UART_IIR);
    (VOID)UartRead(Hardware, UART_MSR);
}

static VOID UartQuiet(_Inout_ HARDWARE *Hardware)
{
    UartWrite(Hardware, UART_LCR, UART_LCR_8N1);
    UartWrite(Hardware, UART_IER, 0);
    UartWrite(Hardware, UART_MCR, 0);
    UartWrite(Hardware, UART_IIR, 0);
    UartClear(Hardware);
}

static VOID UartProgram(_Inout_ HARDWARE *Hardware)
{
    UartWrite(Hardware, UART_LCR, UART_LCR_8N1);
}

/* The read brings the write before it to the device: a write to memory is posted, and who masks wants it masked. */
static VOID UartMask(_Inout_ HARDWARE *Hardware)
{
    UartWrite(Hardware, UART_MCR, 0);
    (VOID)UartRead(Hardware, UART_MCR);
}

static VOID UartUnmask(_Inout_ HARDWARE *Hardware)
{
    UartWrite(Hardware, UART_MCR, UART_MCR_OUT2);
}

static VOID UartRaise(_Inout_ HARDWARE *Hardware, ULONG Message)
{
    UNREFERENCED_PARAMETER(Message);
    UartWrite(Hardware, UART_IER, 0);
    UartWrite(Hardware, UART_IER, UART_IER_EMPTY);
}

static BOOLEAN UartClaim(_Inout_ HARDWARE *Hardware, ULONG Message)
{
    UCHAR Cause = UartRead(Hardware, UART_IIR);

    UNREFERENCED_PARAMETER(Message);
    if (Cause == UART_GONE || (Cause & UART_IIR_NONE) != 0) {
        return FALSE;
    }
    /* Reading it cleared "transmitter is empty". Another cause is none that was asked for, yet it is this
     * device's. */
    if ((Cause & UART_IIR_CAUSE) != UART_IIR_EMPTY) {
        UartClear(Hardware);
    }
    return TRUE;
}

const MODEL Model16550 = {
    .Kind = IRQSCOPE_MODEL_16550,
    .Registers = UART_REGISTERS,
    .Messages = 1,
    .CanMask = TRUE,
    .OnPorts = TRUE,
    .Identify = UartIdentify,
    .Check = UartCheck,
    .Quiet = UartQuiet,
    .Program = UartProgram,
    .Mask = UartMask,
    .Unmask = UartUnmask,
    .Raise = UartRaise,
    .Claim = UartClaim,
};
