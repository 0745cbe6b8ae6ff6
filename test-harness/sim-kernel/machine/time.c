/* Virtual time: nanoseconds that pass when a test says so, and by the costs that hardware has. */
#include "interior.h"

ULONGLONG MachineNow(const MACHINE *Machine)
{
    return Machine->Now;
}

void MachineSchedule(MACHINE *Machine, MACHINE_EVENT *Event, ULONGLONG Delay)
{
    MACHINE_EVENT **Place = &Machine->Events;

    if (Event->Queued) {
        MachineUnschedule(Machine, Event);
    }
    /* A delay beyond the end of time is the end of time. */
    Event->Due = Delay > ~0ull - Machine->Now ? ~0ull : Machine->Now + Delay;
    while (*Place != NULL && (*Place)->Due <= Event->Due) {
        Place = &(*Place)->Next;
    }
    Event->Next = *Place;
    Event->Queued = TRUE;
    *Place = Event;
}

BOOLEAN MachineUnschedule(MACHINE *Machine, MACHINE_EVENT *Event)
{
    MACHINE_EVENT **Place;

    if (!Event->Queued) {
        return FALSE;
    }
    for (Place = &Machine->Events; *Place != Event; Place = &(*Place)->Next) {
    }
    *Place = Event->Next;
    Event->Next = NULL;
    Event->Queued = FALSE;
    return TRUE;
}

BOOLEAN MachineNextDue(const MACHINE *Machine, ULONGLONG *Due)
{
    if (Machine->Events == NULL) {
        return FALSE;
    }
    *Due = Machine->Events->Due;
    return TRUE;
}

/* Takes the first event that is due by Until and runs it at its time. */
static BOOLEAN EventRunNext(MACHINE *Machine, ULONGLONG Until)
{
    MACHINE_EVENT *Event = Machine->Events;

    if (Event == NULL || Event->Due > Until) {
        return FALSE;
    }
    Machine->Events = Event->Next;
    Event->Next = NULL;
    Event->Queued = FALSE;
    if (Machine->Now < Event->Due) {
        Machine->Now = Event->Due;
    }
    Event->Run(Event);
    return TRUE;
}

/* Time becomes at least that; runs events, delivers nothing. */
static void TimePass(MACHINE *Machine, ULONGLONG Until)
{
    while (EventRunNext(Machine, Until)) {
    }
    if (Machine->Now < Until) {
        Machine->Now = Until;
    }
}

void TimeStep(MACHINE *Machine, ULONGLONG Until)
{
    if (!EventRunNext(Machine, Until) && Machine->Now < Until) {
        Machine->Now = Until;
    }
}

ULONG TimeCost(MACHINE *Machine, ULONG Least, ULONG Most)
{
    return Least + MachineRandom(Machine, Most > Least ? Most - Least + 1 : 1);
}

void MachineSpend(MACHINE *Machine, ULONG Least, ULONG Most)
{
    TimePass(Machine, Machine->Now + TimeCost(Machine, Least, Most));
}

void MachineAdvance(MACHINE *Machine, ULONGLONG Nanoseconds)
{
    ULONGLONG Until = Nanoseconds > ~0ull - Machine->Now ? ~0ull : Machine->Now + Nanoseconds;

    MachineDeliver(Machine);
    while (EventRunNext(Machine, Until)) {
        MachineDeliver(Machine);
    }
    if (Machine->Now < Until) {
        Machine->Now = Until;
    }
}

void TimeDelete(MACHINE *Machine)
{
    /* Their storage belongs to others, who may have freed it: not to be touched. */
    Machine->Events = NULL;
}
