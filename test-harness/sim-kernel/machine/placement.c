/*
 * Where an interrupt goes, by the rules of the profile.
 *
 * Which processors (IRQ_DEVICE_POLICY), from the requirement when it includes a policy, else from the registry:
 *     0, 6  machine default, and when steered (reserved for the system): all of group 0
 *     1     close ones: those of the device's NUMA node, as far as they are in the group
 *     2     one close one
 *     3     all of the group
 *     4     those that are named, in the group that is named; without an active one among them the policy is ignored
 *     5     each message its own processor of the group, in turn; a line: as 0
 * The group is 0 unless policy 4 names another. With policies 1 to 3 a requirement that names ALL_PROCESSOR_GROUPS lets
 * the device's own node choose. Whether shipping kernels spread messages (5) over more than one group is unverified;
 * here they stay in one. nt52 knows no policies: all processors, whatever was asked.
 *
 * Not documented either: which IRQL an interrupt gets. Here they are dealt in turn from a range by priority, so that
 * the messages of one device differ and a higher one can interrupt a lower one.
 */
#include "assign.h"

#define ALL_GROUPS 0xFFFF

#define POLICY_CLOSE 1
#define POLICY_ONE_CLOSE 2
#define POLICY_ALL 3
#define POLICY_SPECIFIED 4
#define POLICY_SPREAD 5

#define PRIORITY_LOW 1
#define PRIORITY_HIGH 3

static ULONG CountBits(KAFFINITY Mask)
{
    ULONG Count = 0;

    for (; Mask != 0; Mask &= Mask - 1) {
        Count++;
    }
    return Count;
}

static KAFFINITY NthBit(KAFFINITY Mask, ULONG Index)
{
    for (; Index != 0; Index--) {
        Mask &= Mask - 1;
    }
    return Mask & (~Mask + 1);
}

void WishRead(const IO_RESOURCE_DESCRIPTOR *Descriptor, const DEVICE_POLICY *Policy, WISH *Wish)
{
    const INTERRUPT_REQUIREMENT *Requirement = (const INTERRUPT_REQUIREMENT *)&Descriptor->u;

    RtlZeroMemory(Wish, sizeof(*Wish));
    if ((Descriptor->Flags & CM_RESOURCE_INTERRUPT_POLICY_INCLUDED) != 0) {
        Wish->Policy = Requirement->AffinityPolicy;
        Wish->Priority = Requirement->PriorityPolicy;
        Wish->Group = Requirement->Group;
        Wish->Mask = Requirement->TargetedProcessors;
    } else if (Policy != NULL) {
        Wish->Policy = Policy->HasPolicy ? Policy->Policy : 0;
        Wish->Priority = Policy->Priority;
        /* Only policy 4 has a group of its own there. */
        Wish->Group = (USHORT)(Policy->HasGroup && Wish->Policy == POLICY_SPECIFIED ? Policy->Group : 0);
        Wish->Mask = Policy->HasMask ? Policy->Mask : 0;
    }
}

static void ChooseProcessors(DEVICE *Device, const WISH *Wish, BOOLEAN Message, ULONG Index, USHORT *Group,
                             KAFFINITY *Mask)
{
    const MACHINE_LAYOUT *Layout = MachineLayout(Device->Machine);
    USHORT NodeGroup = Layout->Node[Device->Node].Group;
    KAFFINITY NodeMask = Layout->Node[Device->Node].Mask;

    *Group = 0;
    *Mask = Layout->Group[0].Active;
    if (!MachineProfile(Device->Machine)->HasGroups) {
        return;
    }
    if (Wish->Policy == POLICY_SPECIFIED) {
        USHORT Named = Wish->Group == ALL_GROUPS ? 0 : Wish->Group;

        if (Named < Layout->Groups && (Wish->Mask & Layout->Group[Named].Active) != 0) {
            *Group = Named;
            *Mask = Wish->Mask & Layout->Group[Named].Active;
        }
        return;
    }
    if (Wish->Group == ALL_GROUPS && Wish->Policy >= POLICY_CLOSE && Wish->Policy <= POLICY_ALL) {
        *Group = NodeGroup;
        *Mask = Layout->Group[NodeGroup].Active;
    }
    if ((Wish->Policy == POLICY_CLOSE || Wish->Policy == POLICY_ONE_CLOSE) && NodeGroup == *Group && NodeMask != 0) {
        *Mask = NodeMask;
    }
    if (Wish->Policy == POLICY_ONE_CLOSE) {
        *Mask = NthBit(*Mask, Device->Index % CountBits(*Mask));
    } else if (Wish->Policy == POLICY_SPREAD && Message) {
        *Mask = NthBit(*Mask, Index % CountBits(*Mask));
    }
}

/* One processor stays one. */
static KAFFINITY LowerHalf(KAFFINITY Mask)
{
    ULONG Half = CountBits(Mask) / 2;
    KAFFINITY Lower = 0;

    for (ULONG Index = 0; Index < Half; Index++) {
        Lower |= NthBit(Mask, Index);
    }
    return Half == 0 ? Mask : Lower;
}

/* The other half of the processors than last time: inside what was asked for, and different. */
static KAFFINITY MoveMask(const DEVICE *Device, KAFFINITY Mask)
{
    KAFFINITY Lower = LowerHalf(Mask);

    return Lower == Mask || Device->LastMask == (Mask & ~Lower) ? Lower : Mask & ~Lower;
}

void PlaceChoose(DEVICE *Device, const WISH *Wish, BOOLEAN Message, ULONG Index, USHORT *Group, KAFFINITY *Mask)
{
    const MACHINE_LAYOUT *Layout = MachineLayout(Device->Machine);

    ChooseProcessors(Device, Wish, Message, Index, Group, Mask);
    if (Device->Elsewhere) {
        *Mask = MoveMask(Device, *Mask);
    } else if (*Mask == Layout->Group[*Group].Active && FaultArmed(Device->Machine, FAULT_OUTSIDE_MASK, Device)) {
        *Mask = LowerHalf(*Mask);       /* nothing would be outside of all */
    }
    if (Layout->Groups > 1 && FaultHappens(Device->Machine, FAULT_WRONG_GROUP, Device)) {
        *Group = (USHORT)((*Group + 1) % Layout->Groups);
        *Mask = Layout->Group[*Group].Active;
    }
}

/* Sixteen vectors share an IRQL; when those of one are taken, the next IRQL of the range is tried, then any. */
VECTOR *PlaceVector(DEVICE *Device, const WISH *Wish, USHORT Group, KAFFINITY Mask, KINTERRUPT_MODE Mode,
                    BOOLEAN Shared)
{
    static const KIRQL Lowest = 3, Highest = 12;
    KIRQL First = 5, Last = 10;
    BUS *Bus = MachineBus(Device->Machine);
    ULONG Turn = Bus->NextIrql++;
    VECTOR *Vector = NULL;

    if (Wish->Priority == PRIORITY_LOW) {
        First = Lowest;
        Last = 4;
    } else if (Wish->Priority == PRIORITY_HIGH) {
        First = 11;
        Last = Highest;
    }
    for (ULONG Try = 0; Vector == NULL && Try <= (ULONG)(Last - First); Try++) {
        Vector = VectorCreate(Device->Machine, (KIRQL)(First + (Turn + Try) % (ULONG)(Last - First + 1)), Group, Mask,
                              Mode, Shared);
    }
    for (KIRQL Irql = Lowest; Vector == NULL && Irql <= Highest; Irql++) {
        Vector = VectorCreate(Device->Machine, Irql, Group, Mask, Mode, Shared);
    }
    return Vector;
}
