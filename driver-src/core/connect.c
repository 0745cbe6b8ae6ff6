/* The checks of a connect request, declared in fields.h. */
#include "bits.h"
#include "fields.h"
#include "status.h"

#define FLAGS_OF_MESSAGES (IRQSCOPE_CONNECT_FALLBACK | IRQSCOPE_CONNECT_SHARED_LOCK)
#define FLAGS_OF_PORTCLS (IRQSCOPE_CONNECT_SYNC_ALL | IRQSCOPE_CONNECT_SYNC_REPEAT)
#define FLAGS (IRQSCOPE_CONNECT_PROCESSORS | FLAGS_OF_MESSAGES | FLAGS_OF_PORTCLS)

/* line-based and message-based are handed every resource of the device and choose themselves. */
static int ConnectTakesEvery(uint32_t Way)
{
    return Way == IRQSCOPE_WAY_LINE_BASED || Way == IRQSCOPE_WAY_MESSAGE_BASED;
}

uint32_t ConnectEvents(const IRQSCOPE_CONNECT_REQUEST *Request)
{
    return Request->Events != 0 ? Request->Events : IRQSCOPE_DEFAULT_EVENTS;
}

static int WayIsBuiltIn(uint32_t Way, uint32_t Abilities)
{
    if (Way == IRQSCOPE_WAY_PORTCLS) {
        return (Abilities & IRQSCOPE_ABILITY_PORTCLS) != 0;
    }
    return Way >= IRQSCOPE_WAY_IO_CONNECT_INTERRUPT && Way <= IRQSCOPE_WAY_MESSAGE_BASED;
}

static int FlagsFitWay(const IRQSCOPE_CONNECT_REQUEST *Request)
{
    int Processors = (Request->Flags & IRQSCOPE_CONNECT_PROCESSORS) != 0;

    if ((Request->Flags & ~FLAGS) != 0) {
        return 0;
    }
    if ((Request->Flags & FLAGS_OF_MESSAGES) != 0 && Request->Way != IRQSCOPE_WAY_MESSAGE_BASED) {
        return 0;
    }
    if ((Request->Flags & FLAGS_OF_PORTCLS) != 0 && Request->Way != IRQSCOPE_WAY_PORTCLS) {
        return 0;
    }
    /* One mode at most; and a device that keeps interrupting would keep mode Repeat in its ISR without a guard. */
    if ((Request->Flags & FLAGS_OF_PORTCLS) == FLAGS_OF_PORTCLS ||
        ((Request->Flags & IRQSCOPE_CONNECT_SYNC_REPEAT) != 0 && Request->StormRate == 0)) {
        return 0;
    }
    if (Processors && (ConnectTakesEvery(Request->Way) || Request->Way == IRQSCOPE_WAY_PORTCLS)) {
        return 0;
    }
    return Processors || Request->Mask == 0;
}

/* The index of the one resource that the request names, or Count. */
static uint32_t ResourceFind(const IRQSCOPE_CONNECT_REQUEST *Request, const CONNECT_CONTEXT *Context)
{
    uint32_t Index = 0;

    while (Index < Context->Count && (Context->Resources[Index].Kind != Request->Kind ||
                                      Context->Resources[Index].Number != Request->Number)) {
        Index++;
    }
    return Index;
}

static int AnyIsConnected(const CONNECT_CONTEXT *Context)
{
    for (uint32_t Index = 0; Index < Context->Count; Index++) {
        if (Context->Resources[Index].Connection != 0) {
            return 1;
        }
    }
    return 0;
}

uint32_t ConnectCheck(const IRQSCOPE_CONNECT_REQUEST *Request, const CONNECT_CONTEXT *Context, uint32_t *Index)
{
    const IRQSCOPE_RESOURCE_RECORD *Resource = NULL;

    if (!FlagsFitWay(Request)) {
        return IRQSCOPE_STATUS_INVALID_PARAMETER;
    }
    if (!WayIsBuiltIn(Request->Way, Context->Abilities)) {
        return IRQSCOPE_STATUS_INVALID_WAY;
    }
    if (ConnectTakesEvery(Request->Way)) {
        if (Request->Number != 0 || Request->Kind > IRQSCOPE_KIND_MESSAGE) {
            return IRQSCOPE_STATUS_INVALID_RESOURCE;
        }
        *Index = CONNECT_EVERY;
    } else {
        *Index = ResourceFind(Request, Context);
        if (*Index == Context->Count) {
            return IRQSCOPE_STATUS_INVALID_RESOURCE;
        }
        Resource = &Context->Resources[*Index];
        if (!MaskInside(Request->Mask, Resource->Mask)) {
            return IRQSCOPE_STATUS_INVALID_MASK;
        }
    }
    if (Request->Events != 0 &&
        (!BitsIsPowerOfTwo(Request->Events) || Request->Events > IRQSCOPE_MAXIMUM_EVENTS)) {
        return IRQSCOPE_STATUS_INVALID_EVENTS;
    }
    if (Resource != NULL ? Resource->Connection != 0 : AnyIsConnected(Context)) {
        return IRQSCOPE_STATUS_RESOURCE_IN_USE;
    }
    return IRQSCOPE_STATUS_SUCCESS;
}

static int IsLevelLine(const IRQSCOPE_RESOURCE_RECORD *Resource)
{
    return Resource->Kind == IRQSCOPE_KIND_LINE && (Resource->Flags & IRQSCOPE_RESOURCE_LATCHED) == 0;
}

/* Could the connect end on a line that stays asserted because nobody can quiet the device? */
static int MayEndOnLevelLine(const IRQSCOPE_CONNECT_REQUEST *Request, const CONNECT_CONTEXT *Context, uint32_t Index)
{
    if (Index != CONNECT_EVERY) {
        return IsLevelLine(&Context->Resources[Index]);
    }
    if (Request->Way == IRQSCOPE_WAY_MESSAGE_BASED && (Request->Flags & IRQSCOPE_CONNECT_FALLBACK) == 0) {
        return 0;
    }
    for (uint32_t Each = 0; Each < Context->Count; Each++) {
        if (IsLevelLine(&Context->Resources[Each])) {
            return 1;
        }
    }
    return 0;
}

/* An ISR that runs at PASSIVE_LEVEL can be preempted by another and moved meanwhile: no slot is its own there. */
static int MayRunAtPassiveLevel(const CONNECT_CONTEXT *Context, uint32_t Index)
{
    for (uint32_t Each = 0; Each < Context->Count; Each++) {
        if ((Index == CONNECT_EVERY || Index == Each) && Context->Resources[Each].Irql == 0) {
            return 1;
        }
    }
    return 0;
}

uint32_t ConnectSupported(const IRQSCOPE_CONNECT_REQUEST *Request, const CONNECT_CONTEXT *Context, uint32_t Index)
{
    const IRQSCOPE_RESOURCE_RECORD *Resource = Index != CONNECT_EVERY ? &Context->Resources[Index] : NULL;
    int HasEx = (Context->Abilities & IRQSCOPE_ABILITY_CONNECT_EX) != 0;
    int Forbidden = 0;

    switch (Request->Way) {
    case IRQSCOPE_WAY_IO_CONNECT_INTERRUPT:
    case IRQSCOPE_WAY_PORTCLS: /* whose Connect is taken to be IoConnectInterrupt */
        Forbidden = Resource->Kind != IRQSCOPE_KIND_LINE || Resource->Group != 0;
        break;
    case IRQSCOPE_WAY_FULLY_SPECIFIED:
        Forbidden = Resource->Group != 0;
        break;
    case IRQSCOPE_WAY_FULLY_SPECIFIED_GROUP:
    case IRQSCOPE_WAY_LINE_BASED:
    case IRQSCOPE_WAY_MESSAGE_BASED:
        Forbidden = !HasEx;
        break;
    }
    if (!Forbidden && Context->Model == IRQSCOPE_MODEL_NONE) {
        Forbidden = MayEndOnLevelLine(Request, Context, Index) ||
                    (Request->Flags & IRQSCOPE_CONNECT_SYNC_REPEAT) != 0;
    }
    Forbidden = Forbidden || MayRunAtPassiveLevel(Context, Index);
    return Forbidden ? IRQSCOPE_STATUS_NOT_SUPPORTED : IRQSCOPE_STATUS_SUCCESS;
}
