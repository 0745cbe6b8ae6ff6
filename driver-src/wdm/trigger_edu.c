/*
 * QEMU's "edu" device, 1234:11e8: a value written to RAISE is ORed into STATUS; a level line stays up, and with MSI
 * each such write sends the message, while STATUS is not 0.
 *
 * Each raise takes the next of the 32 bits of STATUS and each ISR acknowledges one, so that raises that come faster
 * than ISRs stay apart: 32 of them are told apart on a line, and a second message is not found without a cause.
 */
#include "hardware.h"
#include "registers.h"

#define EDU_VENDOR 0x1234u
#define EDU_DEVICE 0x11E8u
#define EDU_IDENTIFICATION 0x00u
#define EDU_CONTROL 0x20u        /* 0x80: interrupt when the factorial is computed */
#define EDU_STATUS 0x24u
#define EDU_RAISE 0x60u
#define EDU_ACKNOWLEDGE 0x64u
#define EDU_REGISTERS 0x68u
#define EDU_IS_EDU 0x000000EDu   /* the low bytes of the identification; the high ones are its version */
#define EDU_GONE 0xFFFFFFFFu

static BOOLEAN EduIdentify(_In_ const HARDWARE_IDENTITY *Identity)
{
    return Identity->Vendor == EDU_VENDOR && Identity->Device == EDU_DEVICE;
}

static BOOLEAN EduCheck(_Inout_ HARDWARE *Hardware)
{
    return (RegisterRead(Hardware->Base, EDU_IDENTIFICATION) & 0x0000FFFFu) == EDU_IS_EDU;
}

static VOID EduQuiet(_Inout_ HARDWARE *Hardware)
{
    RegisterWrite(Hardware->Base, EDU_CONTROL, 0);
    RegisterWrite(Hardware->Base, EDU_ACKNOWLEDGE, 0xFFFFFFFF);
    Hardware->NextCause = 0;
}

static VOID EduProgram(_Inout_ HARDWARE *Hardware)
{
    RegisterWrite(Hardware->Base, EDU_CONTROL, 0);
}

/* There is no mask register: the bus keeps it from interrupting (HardwareMaskBus), and what is raised now stays up in
 * STATUS until then. */
static VOID EduMask(_Inout_ HARDWARE *Hardware)
{
    RegisterWrite(Hardware->Base, EDU_CONTROL, 0);
}

static VOID EduUnmask(_Inout_ HARDWARE *Hardware)
{
    UNREFERENCED_PARAMETER(Hardware);
}

static VOID EduRaise(_Inout_ HARDWARE *Hardware, ULONG Message)
{
    UNREFERENCED_PARAMETER(Message);
    RegisterWrite(Hardware->Base, EDU_RAISE, 1u << (Hardware->NextCause++ & 31));
}

static BOOLEAN EduClaim(_Inout_ HARDWARE *Hardware, ULONG Message)
{
    ULONG Status = RegisterRead(Hardware->Base, EDU_STATUS);

    UNREFERENCED_PARAMETER(Message);
    /* All 32 causes up at once and a device that was pulled look alike; the identification tells. */
    if (Status == 0 ||
        (Status == EDU_GONE && RegisterRead(Hardware->Base, EDU_IDENTIFICATION) == EDU_GONE)) {
        return FALSE;
    }
    RegisterWrite(Hardware->Base, EDU_ACKNOWLEDGE, Status & (0u - Status));
    return TRUE;
}

const MODEL ModelEdu = {
    .Kind = IRQSCOPE_MODEL_EDU,
    .Registers = EDU_REGISTERS,
    .Messages = 1,
    .CanMask = TRUE,
    .BusMask = TRUE,
    .Identify = EduIdentify,
    .Check = EduCheck,
    .Quiet = EduQuiet,
    .Program = EduProgram,
    .Mask = EduMask,
    .Unmask = EduUnmask,
    .Raise = EduRaise,
    .Claim = EduClaim,
};
