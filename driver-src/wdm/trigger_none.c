/*
 * A device that is not one of ours: its own interrupts are watched. It can neither be asked nor masked, so it may
 * have messages and latched lines only, where an interrupt that nobody acknowledges at the device does not come back.
 */
#include "hardware.h"

static BOOLEAN NoneIdentify(_In_ const HARDWARE_IDENTITY *Identity)
{
    UNREFERENCED_PARAMETER(Identity);
    return TRUE;
}

static BOOLEAN NoneCheck(_Inout_ HARDWARE *Hardware)
{
    UNREFERENCED_PARAMETER(Hardware);
    return TRUE;
}

static VOID NoneNothing(_Inout_ HARDWARE *Hardware)
{
    UNREFERENCED_PARAMETER(Hardware);
}

static VOID NoneRaise(_Inout_ HARDWARE *Hardware, ULONG Message)
{
    UNREFERENCED_PARAMETER(Hardware);
    UNREFERENCED_PARAMETER(Message);
}

/* Once the guard tripped, the interrupts that cannot be kept away are not claimed any more. */
static BOOLEAN NoneClaim(_Inout_ HARDWARE *Hardware, ULONG Message)
{
    UNREFERENCED_PARAMETER(Message);
    return !Hardware->Storm;
}

const MODEL ModelNone = {
    .Kind = IRQSCOPE_MODEL_NONE,
    .Identify = NoneIdentify,
    .Check = NoneCheck,
    .Quiet = NoneNothing,
    .Program = NoneNothing,
    .Mask = NoneNothing,
    .Unmask = NoneNothing,
    .Raise = NoneRaise,
    .Claim = NoneClaim,
};
