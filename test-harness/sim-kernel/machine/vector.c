/*
 * From a line or a message to interrupt service routines.
 *
 *   idle --message, edge, assertion--> pending --a processor lets it through--> running --chain ends--> idle
 *                                         ^------ line still asserted, or sent again meanwhile ------------|
 *
 * A vector that nobody is connected to is masked: a level waits there, an edge or a message is lost, as on hardware.
 */
#include "interior.h"

VECTOR *VectorFindOn(MACHINE *Machine, USHORT Group, KAFFINITY Mask, ULONG Number)
{
    VECTOR *Vector;

    for (Vector = Machine->Vectors; Vector != NULL; Vector = Vector->Next) {
        if (Vector->Number == Number && Vector->Group == Group && (Vector->Mask & Mask) != 0) {
            return Vector;
        }
    }
    return NULL;
}

VECTOR *VectorFind(MACHINE *Machine, USHORT Group, ULONG Number)
{
    return VectorFindOn(Machine, Group, ~(KAFFINITY)0, Number);
}

VECTOR *VectorCreate(MACHINE *Machine, KIRQL Irql, USHORT Group, KAFFINITY Mask, KINTERRUPT_MODE Mode, BOOLEAN Shared)
{
    ULONG Number = (ULONG)Irql << 4;
    VECTOR *Vector;
    VECTOR **Place = &Machine->Vectors;

    if (Irql < FIRST_DEVICE_IRQL || Irql > LAST_DEVICE_IRQL || Group >= Machine->Layout.Groups || Mask == 0 ||
        (Mask & ~Machine->Layout.Group[Group].Active) != 0) {
        PlatformStop("VectorCreate", "IRQL %u, group %u, mask 0x%llx cannot be an interrupt of this machine",
                     (ULONG)Irql, (ULONG)Group, (ULONGLONG)Mask);
    }
    while (VectorFindOn(Machine, Group, Mask, Number) != NULL) {
        Number++;
        if (Number >> 4 != Irql) {
            return NULL;
        }
    }

    Vector = PlatformAllocate(sizeof(*Vector));
    Vector->Machine = Machine;
    Vector->Number = Number;
    Vector->Irql = Irql;
    Vector->Group = Group;
    Vector->Mask = Mask;
    Vector->Mode = Mode;
    Vector->Shared = Shared;
    Vector->Node = NODE_UNKNOWN;
    while (*Place != NULL) {
        Place = &(*Place)->Next;
    }
    *Place = Vector;
    return Vector;
}

/* ---- Pending ----------------------------------------------------------------------------------------------------- */

static void PendingRemove(VECTOR *Vector)
{
    MACHINE *Machine = Vector->Machine;

    if (!Vector->IsPending) {
        return;
    }
    if (Vector->PreviousPending != NULL) {
        Vector->PreviousPending->NextPending = Vector->NextPending;
    } else {
        Machine->FirstPending = Vector->NextPending;
    }
    if (Vector->NextPending != NULL) {
        Vector->NextPending->PreviousPending = Vector->PreviousPending;
    } else {
        Machine->LastPending = Vector->PreviousPending;
    }
    Vector->NextPending = NULL;
    Vector->PreviousPending = NULL;
    Vector->IsPending = FALSE;
    Vector->Target = NULL;
}

/* Puts the vector into the pending list or takes it out, as its inputs and its chain say. */
static void PendingUpdate(VECTOR *Vector)
{
    MACHINE *Machine = Vector->Machine;
    BOOLEAN Wanted = Vector->Route != 0 &&
        (Vector->Pulse || Vector->Foreign || (Vector->Mode == LevelSensitive && Vector->Asserted != 0));

    if (!Wanted) {
        PendingRemove(Vector);
        return;
    }
    if (Vector->IsPending) {
        return;
    }
    Vector->IsPending = TRUE;
    Vector->Since = Machine->Now;
    Vector->PreviousPending = Machine->LastPending;
    if (Machine->LastPending != NULL) {
        Machine->LastPending->NextPending = Vector;
    } else {
        Machine->FirstPending = Vector;
    }
    Machine->LastPending = Vector;
}

void VectorDelete(VECTOR *Vector)
{
    VECTOR **Place = &Vector->Machine->Vectors;

    if (Vector->Chain != NULL) {
        PlatformStop("VectorDelete", "vector 0x%x of group %u is taken away while a driver is connected to it",
                     Vector->Number, (ULONG)Vector->Group);
    }
    PendingRemove(Vector);
    while (*Place != Vector) {
        Place = &(*Place)->Next;
    }
    *Place = Vector->Next;
    PlatformFree(Vector);
}

void VectorsDelete(MACHINE *Machine)
{
    while (Machine->Vectors != NULL) {
        VectorDelete(Machine->Vectors);
    }
}

ULONG VectorNumber(const VECTOR *Vector)
{
    return Vector->Number;
}

KIRQL VectorIrql(const VECTOR *Vector)
{
    return Vector->Irql;
}

void VectorCounts(const VECTOR *Vector, VECTOR_COUNTS *Counts)
{
    *Counts = Vector->Counts;
}

void VectorMessage(const VECTOR *Vector, PHYSICAL_ADDRESS *Address, ULONG *Data)
{
    PROCESSOR *Processor = NULL;
    UCHAR Number;

    for (Number = 0; Processor == NULL; Number++) {
        if ((Vector->Mask >> Number & 1) != 0) {
            Processor = ProcessorByNumber(Vector->Machine, Vector->Group, Number);
        }
    }
    /* The local APIC's window; the destination is the first processor, its high bits in the upper address. */
    Address->QuadPart = (LONGLONG)(((ULONGLONG)(Processor->Index >> 8) << 40) | 0xFEE00000u |
                                   ((ULONGLONG)(Processor->Index & 0xff) << 12));
    *Data = Vector->Number;
}

/* An edge: one waits at most, equal ones fold into it; without a listener it is lost. */
void VectorSend(VECTOR *Vector)
{
    Vector->Counts.Sent++;
    if (Vector->Route == 0) {
        Vector->Counts.Dropped++;
        return;
    }
    if (Vector->Pulse) {
        Vector->Counts.Folded++;
        return;
    }
    Vector->Pulse = TRUE;
    PendingUpdate(Vector);
}

void VectorAssert(VECTOR *Vector)
{
    Vector->Asserted++;
    if (Vector->Mode == LevelSensitive) {
        PendingUpdate(Vector);
    } else if (Vector->Asserted == 1) {
        VectorSend(Vector);             /* only the line's own rise is an edge */
    }
}

void VectorDeassert(VECTOR *Vector)
{
    if (Vector->Asserted == 0) {
        PlatformStop("VectorDeassert", "the line of vector 0x%x is not asserted", Vector->Number);
    }
    Vector->Asserted--;
    PendingUpdate(Vector);
}

void VectorForeign(VECTOR *Vector, BOOLEAN AtConnect)
{
    if (AtConnect) {
        Vector->ForeignAtConnect = TRUE;
    } else {
        Vector->Foreign = TRUE;
        PendingUpdate(Vector);
    }
}

/* ---- The chain --------------------------------------------------------------------------------------------------- */

/* Hardware sends an interrupt where everybody who listens can hear it. Where the masks have nothing in common each
 * processor has at least one listener. */
static void RouteUpdate(VECTOR *Vector)
{
    KAFFINITY Common = ~(KAFFINITY)0;
    KAFFINITY Any = 0;
    LINK *Link;

    for (Link = Vector->Chain; Link != NULL; Link = Link->NextInChain) {
        if (Link->Group == Vector->Group) {
            Common &= Link->Mask;
            Any |= Link->Mask;
        }
    }
    Vector->Route = (Common & Any) != 0 ? Common & Any : Any;
    if (Vector->Route == 0 && Vector->Pulse) {
        Vector->Pulse = FALSE;
        Vector->Counts.Dropped++;
    }
    Vector->Target = NULL;
    PendingUpdate(Vector);
}

void VectorConnect(VECTOR *Vector, LINK *Link)
{
    LINK **Place = &Vector->Chain;

    while (*Place != NULL) {
        Place = &(*Place)->NextInChain;
    }
    *Place = Link;
    if (Vector->ForeignAtConnect) {
        Vector->ForeignAtConnect = FALSE;
        Vector->Foreign = TRUE;
    }
    RouteUpdate(Vector);
}

void VectorDisconnect(VECTOR *Vector, LINK *Link)
{
    LINK **Place = &Vector->Chain;

    while (*Place != NULL && *Place != Link) {
        Place = &(*Place)->NextInChain;
    }
    if (*Place == Link) {
        *Place = Link->NextInChain;
        Link->NextInChain = NULL;
        RouteUpdate(Vector);
    }
}

/* ---- Where it lands ---------------------------------------------------------------------------------------------- */

static BOOLEAN DeviceHas(const DEVICE *Device, const VECTOR *Vector)
{
    const ASSIGNED_INTERRUPT *List;
    ULONG Count = DeviceAssigned(Device, &List);
    ULONG Index;

    for (Index = 0; Index < Count; Index++) {
        if (List[Index].Vector == Vector) {
            return TRUE;
        }
    }
    return FALSE;
}

/* The device behind a vector; a shared line has several: Index picks among them. NULL: no more. */
static DEVICE *VectorOwner(VECTOR *Vector, ULONG Index)
{
    ULONG Number;
    DEVICE *Device;

    if (Vector->Owner != NULL) {
        return Index == 0 ? Vector->Owner : NULL;
    }
    for (Number = 0; Number < MachineDevices(Vector->Machine); Number++) {
        Device = MachineDevice(Vector->Machine, Number);
        if (DeviceHas(Device, Vector) && Index-- == 0) {
            Vector->Owner = Vector->Shared ? NULL : Device;
            return Device;
        }
    }
    return NULL;
}

BOOLEAN VectorIsOnlyOf(VECTOR *Vector, const DEVICE *Device)
{
    return VectorOwner(Vector, 0) == Device && VectorOwner(Vector, 1) == NULL;
}

BOOLEAN VectorFault(VECTOR *Vector, FAULT Fault)
{
    DEVICE *Device = VectorOwner(Vector, 0);
    ULONG Index = 0;

    if (Device == NULL) {
        return FaultHappens(Vector->Machine, Fault, NULL);
    }
    do {
        if (FaultHappens(Vector->Machine, Fault, Device)) {
            return TRUE;
        }
        Device = VectorOwner(Vector, ++Index);
    } while (Device != NULL);
    return FALSE;
}

/* The node the interrupt comes from, to which distance is measured. */
static USHORT VectorNode(VECTOR *Vector)
{
    const MACHINE_LAYOUT *Layout = &Vector->Machine->Layout;
    const char *Name;
    DEVICE *Device;
    ULONG Index;
    ULONG At;

    if (Vector->Node == NODE_UNKNOWN) {
        Vector->Node = 0;
        Device = VectorOwner(Vector, 0);
        Name = Device == NULL ? "" : DeviceName(Device);
        for (Index = 0; Index < Layout->Devices; Index++) {
            for (At = 0; Name[At] != 0 && Name[At] == Layout->Device[Index].Name[At]; At++) {
            }
            if (At != 0 && Name[At] == Layout->Device[Index].Name[At]) {
                Vector->Node = Layout->Device[Index].Node;
            }
        }
    }
    return Vector->Node;
}

static ULONG BitCount(KAFFINITY Mask)
{
    ULONG Count = 0;

    for (; Mask != 0; Mask &= Mask - 1) {
        Count++;
    }
    return Count;
}

/* The seeded choice: any processor of the mask as likely as any other. */
static PROCESSOR *PickFromMask(MACHINE *Machine, USHORT Group, KAFFINITY Mask)
{
    ULONG Skip = MachineRandom(Machine, BitCount(Mask));
    UCHAR Number = 0;

    while (Skip-- != 0) {
        Mask &= Mask - 1;
    }
    while ((Mask >> Number & 1) == 0) {
        Number++;
    }
    return ProcessorByNumber(Machine, Group, Number);
}

static PROCESSOR *PickOutsideGroup(MACHINE *Machine, USHORT Group)
{
    USHORT Other = (USHORT)MachineRandom(Machine, Machine->Layout.Groups - 1u);

    Other += Other >= Group;
    return PickFromMask(Machine, Other, Machine->Layout.Group[Other].Active);
}

/* As lowest-priority delivery does: a processor that would take it at once, when there is one. */
static PROCESSOR *PickTarget(VECTOR *Vector)
{
    MACHINE *Machine = Vector->Machine;
    KAFFINITY Outside = Machine->Layout.Group[Vector->Group].Active & ~Vector->Route;
    KAFFINITY Free = 0;
    UCHAR Number;

    Vector->Stray = TRUE;
    if (Machine->Layout.Groups > 1 && VectorFault(Vector, FAULT_WRONG_GROUP)) {
        return PickOutsideGroup(Machine, Vector->Group);
    }
    if (Outside != 0 && VectorFault(Vector, FAULT_OUTSIDE_MASK)) {
        return PickFromMask(Machine, Vector->Group, Outside);
    }
    Vector->Stray = FALSE;
    for (Number = 0; Number < sizeof(KAFFINITY) * 8; Number++) {
        if ((Vector->Route >> Number & 1) != 0 && Machine->ByNumber[Vector->Group][Number]->Irql < Vector->Irql) {
            Free |= (KAFFINITY)1 << Number;
        }
    }
    return PickFromMask(Machine, Vector->Group, Free != 0 ? Free : Vector->Route);
}

/* ---- Delivery ---------------------------------------------------------------------------------------------------- */

/* The object an ISR is handed on this processor; NULL: it is not called there. */
static PKINTERRUPT ArgumentFor(VECTOR *Vector, LINK *Link, PROCESSOR *Processor)
{
    PKINTERRUPT Object = LinkObject(Link, Processor);

    if (Object == NULL && Vector->Stray && Link->Group == Vector->Group) {
        Object = &Link->Stray;
        Object->Processor = Processor;
    }
    return Object;
}

static BOOLEAN MayRun(VECTOR *Vector)
{
    LINK *Link;

    if (Vector->Running) {
        return FALSE;
    }
    if (Vector->Target == NULL) {
        Vector->Target = PickTarget(Vector);
        Vector->Since += TimeCost(Vector->Machine, 600, 3000);
        if (Vector->Target->Node != VectorNode(Vector)) {
            Vector->Since += TimeCost(Vector->Machine, 200, 800);
        }
    }
    if (Vector->Target->Irql >= Vector->Irql) {
        return FALSE;
    }
    /* On hardware the ISR would spin for its lock on the other processor; here it stays pending as long. */
    for (Link = Vector->Chain; Link != NULL; Link = Link->NextInChain) {
        if (LockIsHeld(Vector->Machine, Link->Lock)) {
            return FALSE;
        }
    }
    return TRUE;
}

static BOOLEAN CallRoutine(MACHINE *Machine, VECTOR *Vector, LINK *Link, PKINTERRUPT Argument)
{
    const char *Name = "interrupt service routine";
    FRAME *Frame = Machine->Top;
    ULONG Held;
    BOOLEAN Claimed;

    ProcessorRaise(Machine, Link->SynchronizeIrql, Name);
    LinkLock(Machine, Link, Name);
    Held = Machine->HeldCount;
    Frame->Base = Link->SynchronizeIrql;
    if (Link->MessageRoutine != NULL) {
        Claimed = Link->MessageRoutine(Argument, Link->Context, Link->MessageId);
    } else {
        Claimed = Link->Routine(Argument, Link->Context);
    }
    if (Machine->Top != Frame || Machine->HeldCount != Held) {
        PlatformStop(Name, "returned with a spin lock held or released that was not its own");
    }
    if (Frame->Processor->Irql != Link->SynchronizeIrql) {
        PlatformStop(Name, "entered at IRQL %s, returned at %s", IrqlName(Link->SynchronizeIrql),
                     IrqlName(Frame->Processor->Irql));
    }
    LinkUnlock(Machine, Link, Name);
    Frame->Base = Vector->Irql;
    Frame->Processor->Irql = Vector->Irql;
    return Claimed;
}

/* Level: until one claims it. Latched: an edge says nothing about who sent it, so all are called. */
static BOOLEAN WalkChain(MACHINE *Machine, VECTOR *Vector, PROCESSOR *Processor)
{
    BOOLEAN Claimed = FALSE;
    PKINTERRUPT Argument;
    LINK *Link;

    for (Link = Vector->Chain; Link != NULL; Link = Link->NextInChain) {
        Argument = ArgumentFor(Vector, Link, Processor);
        if (Argument != NULL && CallRoutine(Machine, Vector, Link, Argument)) {
            Claimed = TRUE;
            if (Vector->Mode == LevelSensitive) {
                break;
            }
        }
    }
    return Claimed;
}

static void VectorRun(MACHINE *Machine, VECTOR *Vector)
{
    PROCESSOR *Processor = Vector->Target;
    FRAME *Frame = FramePush(Machine, Processor, FRAME_INTERRUPT, Vector->Irql);
    BOOLEAN Claimed;

    Vector->Counts.Delivered += Vector->Pulse;
    Vector->Pulse = FALSE;
    PendingRemove(Vector);
    Vector->Running = TRUE;
    Claimed = WalkChain(Machine, Vector, Processor);
    Vector->Running = FALSE;
    FramePop(Machine, Frame);

    if (!Claimed && Vector->Foreign) {
        Vector->Foreign = FALSE;        /* the last of the chain, whom we do not see, claims it */
        Claimed = TRUE;
    } else if (Claimed) {
        Vector->Counts.Claimed++;
    } else {
        Vector->Counts.Unclaimed++;
    }
    Vector->UnclaimedRow = Claimed || Vector->Asserted == 0 ? 0 : Vector->UnclaimedRow + 1;
    if (Vector->UnclaimedRow == UNCLAIMED_LIMIT && Vector->Mode == LevelSensitive) {
        PlatformStop("interrupt service routine", "the line of vector 0x%x stays asserted and nobody claimed it in %u "
                     "rounds: Windows would hang here", Vector->Number, (ULONG)UNCLAIMED_LIMIT);
    }
    Vector->Stray = FALSE;
    PendingUpdate(Vector);
}

/* What is there already comes before what is on its way, and of that the more urgent; what is on its way comes in the
 * order of its times. */
static BOOLEAN ComesBefore(const MACHINE *Machine, const VECTOR *Vector, const VECTOR *Other)
{
    BOOLEAN There = Vector->Since <= Machine->Now;

    if (There != (Other->Since <= Machine->Now)) {
        return There;
    }
    return There ? Vector->Irql > Other->Irql : Vector->Since < Other->Since;
}

BOOLEAN VectorRunNext(MACHINE *Machine)
{
    VECTOR *Best = NULL;
    VECTOR *Vector;

    if (Machine->InterruptFrames >= INTERRUPT_DEPTH_LIMIT) {
        return FALSE;
    }
    for (Vector = Machine->FirstPending; Vector != NULL; Vector = Vector->NextPending) {
        if (MayRun(Vector) && (Best == NULL || ComesBefore(Machine, Vector, Best))) {
            Best = Vector;
        }
    }
    if (Best == NULL) {
        return FALSE;
    }
    /* What becomes due on the way may be more urgent, or take the line back. An ISR or a DPC does not last as
     * long as another interrupt takes to arrive: only its own costs let time pass in it. */
    if (Machine->Now < Best->Since) {
        if (Machine->InterruptFrames + Machine->DpcFrames != 0) {
            return FALSE;
        }
        TimeStep(Machine, Best->Since);
        return TRUE;
    }
    VectorRun(Machine, Best);
    return TRUE;
}
