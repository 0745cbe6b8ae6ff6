/* The machine as a whole: made from a layout and a profile, deleted whatever state it is in. */
#include "interior.h"

/* SplitMix64: the state is a counter, so that a seed of zero is as good as any other. */
static ULONGLONG RandomNext(MACHINE *Machine)
{
    ULONGLONG Value = Machine->Random += 0x9E3779B97F4A7C15ull;

    Value = (Value ^ (Value >> 30)) * 0xBF58476D1CE4E5B9ull;
    Value = (Value ^ (Value >> 27)) * 0x94D049BB133111EBull;
    return Value ^ (Value >> 31);
}

ULONG MachineRandom(MACHINE *Machine, ULONG Below)
{
    ULONGLONG High = RandomNext(Machine) >> 32;

    /* Scaling instead of a remainder: no bias that a test of a distribution would see. */
    return Below == 0 ? (ULONG)High : (ULONG)((High * Below) >> 32);
}

MACHINE *MachineCreate(const MACHINE_LAYOUT *Layout, const PROFILE *Profile, MACHINE_MODE Mode, ULONGLONG Seed)
{
    MACHINE *Machine = PlatformAllocate(sizeof(*Machine));

    Machine->Profile = Profile;
    Machine->Layout = *Layout;
    Machine->Mode = Mode;
    Machine->Random = Seed;
    ProcessorsCreate(Machine);
    FaultsCreate(Machine);
    BusCreate(Machine);
    return Machine;
}

void MachineDelete(MACHINE *Machine)
{
    CONNECTION *Connection;

    if (Machine == NULL) {
        return;
    }

    /* A machine that stopped is deleted in the middle of whatever it did: connections may be open, so they go before
     * the buses delete their vectors, which insists on there being none. */
    while ((Connection = Machine->Connections) != NULL) {
        ConnectionDelete(Machine, Connection);
    }
    PortclassDelete(Machine);
    BusDelete(Machine);
    FaultsDelete(Machine);
    VectorsDelete(Machine);
    ObjectsDelete(Machine);
    DpcsDelete(Machine);
    TimeDelete(Machine);
    ProcessorsDelete(Machine);
    PlatformFree(Machine);
}

const PROFILE *MachineProfile(const MACHINE *Machine)
{
    return Machine->Profile;
}

const MACHINE_LAYOUT *MachineLayout(const MACHINE *Machine)
{
    return &Machine->Layout;
}

void **MachineSlot(MACHINE *Machine, MACHINE_SLOT Slot)
{
    return &Machine->Slots[Slot];
}

BOOLEAN MachineFails(MACHINE *Machine, const char *Routine)
{
    Machine->Fallible++;
    if (Machine->FailAt == 0 || Machine->Fallible != Machine->FailAt) {
        return FALSE;
    }
    PlatformLog("%s fails because the test asked for it (fallible call %llu)", Routine, Machine->Fallible);
    Machine->FailAt = 0;
    return TRUE;
}

void MachineFailAt(MACHINE *Machine, ULONGLONG Calls)
{
    Machine->FailAt = Calls == 0 ? 0 : Machine->Fallible + Calls;
}

ULONGLONG MachineFallible(const MACHINE *Machine)
{
    return Machine->Fallible;
}

void MachineCall(MACHINE *Machine, const char *Routine)
{
    ULONG Place = (ULONG)((ULONG_PTR)Routine >> 3) % MACHINE_ROUTINES;
    ULONG Tries;

    for (Tries = 0; Tries < MACHINE_ROUTINES; Tries++, Place = (Place + 1) % MACHINE_ROUTINES) {
        if (Machine->Calls[Place].Name == NULL || Machine->Calls[Place].Name == Routine) {
            Machine->Calls[Place].Name = Routine;
            Machine->Calls[Place].Count++;
            return;
        }
    }
}

const ROUTINE_CALLS *MachineCalls(const MACHINE *Machine)
{
    return Machine->Calls;
}
