/*
 * Faults: each happens where it would happen in a real machine, so that nothing but what was observed can tell of it.
 *
 *     lost          the device swallows a cause that it was asked for (every third unless said otherwise)
 *     never-fires   it swallows every one
 *     late          the cause comes true only 20 ms later (every third)
 *     spurious      a cause comes true once more, unasked; or (neighbour=1) those beside it do
 *     stuck         what is acknowledged comes back at once, until the driver masks the device
 *     storm         the cause comes true again and again, until the driver masks the device
 *     gone          the device leaves its slot when it is asked (once)
 *     retarget      the PnP manager stops the device and starts it elsewhere, unasked (once)
 *     wrong-group   an assignment, or the routing of an interrupt, takes another group
 *     outside-mask  the routing takes a processor outside the mask; a mask of a whole group is assigned halved
 *     fall-back     an assignment gives a line where messages were asked for, or (messages=1) one message
 *     refused       a connect is refused
 */
#include "device.h"

#define LATE_DELAY 20000000ull      /* ns; a client waits for at most 10 ms */
#define EXTRA_DELAY 6000u           /* ns, and up to as much again: after the ISR of the first, mostly */
#define REPEAT_PERIOD 1000u         /* ns: faster than any ISR ends, so that no guard can take it for work */

static const struct {
    const char *Name;
    ULONG Every;
    ULONG Count;                    /* 0: without end */
} Defaults[FAULT_COUNT] = {
    [FAULT_LOST] = { "lost", 3, 0 },
    [FAULT_LATE] = { "late", 3, 0 },
    [FAULT_SPURIOUS] = { "spurious", 1, 0 },
    [FAULT_STUCK] = { "stuck", 1, 0 },
    [FAULT_STORM] = { "storm", 1, 0 },
    [FAULT_GONE] = { "gone", 1, 1 },
    [FAULT_RETARGET] = { "retarget", 1, 1 },
    [FAULT_WRONG_GROUP] = { "wrong-group", 1, 0 },
    [FAULT_OUTSIDE_MASK] = { "outside-mask", 1, 0 },
    [FAULT_FALL_BACK] = { "fall-back", 1, 0 },
    [FAULT_NEVER_FIRES] = { "never-fires", 1, 0 },
    [FAULT_REFUSED] = { "refused", 1, 0 },
};

void FaultsCreate(MACHINE *Machine)
{
    *MachineSlot(Machine, SLOT_FAULTS) = PlatformAllocate(FAULT_COUNT * sizeof(ARMED_FAULT));
}

void FaultsDelete(MACHINE *Machine)
{
    PlatformFree(MachineFaults(Machine));
    *MachineSlot(Machine, SLOT_FAULTS) = NULL;
}

BOOLEAN FaultArmed(MACHINE *Machine, FAULT Fault, const DEVICE *Device)
{
    const ARMED_FAULT *Armed = &MachineFaults(Machine)[Fault];

    return Armed->Armed && (Armed->Count == 0 || Armed->Happened < Armed->Count) &&
           (Armed->Device < 0 || (Device != NULL && Device->Index == (ULONG)Armed->Device));
}

BOOLEAN FaultHappens(MACHINE *Machine, FAULT Fault, const DEVICE *Device)
{
    ARMED_FAULT *Armed = &MachineFaults(Machine)[Fault];

    if (!FaultArmed(Machine, Fault, Device)) {
        return FALSE;
    }
    Armed->Asked++;
    if (Armed->Asked <= Armed->After) {
        return FALSE;
    }
    /* The middle one of each round: a fault that is to spare some does not begin with the first. */
    if ((Armed->Asked - Armed->After - 1) % Armed->Every != Armed->Every / 2) {
        return FALSE;
    }
    Armed->Happened++;
    PlatformLog("fault %s at %s", Defaults[Fault].Name, Device != NULL ? Device->Name : "the machine");
    return TRUE;
}

BOOLEAN FaultArm(MACHINE *Machine, const char *Words, char *Answer, size_t AnswerSize)
{
    BUS *Bus = MachineBus(Machine);
    ARMED_FAULT Armed = { .Armed = TRUE, .Device = -1 };
    char Word[64];
    ULONG Fault = 0;

    if (!TextWord(&Words, Word, sizeof(Word))) {
        PlatformFormat(Answer, AnswerSize, "fault needs a name, or off");
        return FALSE;
    }
    if (TextEqual(Word, "off")) {
        RtlZeroMemory(MachineFaults(Machine), FAULT_COUNT * sizeof(ARMED_FAULT));
        for (ULONG Index = 0; Index < Bus->Devices; Index++) {
            DeviceQuiet(Bus->Device[Index]);
        }
        return TRUE;
    }
    while (Fault < FAULT_COUNT && !TextEqual(Word, Defaults[Fault].Name)) {
        Fault++;
    }
    if (Fault == FAULT_COUNT) {
        TEXT Text;

        TextStart(&Text, Answer, AnswerSize);
        TextAdd(&Text, "there is no fault \"%s\"; there are", Word);
        for (Fault = 0; Fault < FAULT_COUNT; Fault++) {
            TextAdd(&Text, " %s", Defaults[Fault].Name);
        }
        return FALSE;
    }
    Armed.Every = Defaults[Fault].Every;
    Armed.Count = Defaults[Fault].Count;
    while (TextWord(&Words, Word, sizeof(Word))) {
        const char *Value;
        ULONGLONG *Number = NULL;

        if ((Value = TextOption(Word, "device")) != NULL) {
            DEVICE *Device = MachineDeviceByName(Machine, Value);

            if (Device == NULL) {
                PlatformFormat(Answer, AnswerSize, "there is no device \"%s\"", Value);
                return FALSE;
            }
            Armed.Device = (LONG)Device->Index;
            continue;
        }
        if ((Value = TextOption(Word, "after")) != NULL) {
            Number = &Armed.After;
        } else if ((Value = TextOption(Word, "count")) != NULL) {
            Number = &Armed.Count;
        } else if ((Value = TextOption(Word, "every")) != NULL) {
            Number = &Armed.Every;
        } else if (Fault == FAULT_FALL_BACK && (Value = TextOption(Word, "messages")) != NULL) {
            Number = &Armed.Messages;
        } else if (Fault == FAULT_SPURIOUS && (Value = TextOption(Word, "neighbour")) != NULL) {
            Number = &Armed.Neighbour;
        } else {
            PlatformFormat(Answer, AnswerSize, "a fault has no \"%s\" (only device=, after=, count= and every=)", Word);
            return FALSE;
        }
        if (!TextNumber(Value, Number) || Armed.Every == 0 || Armed.Messages > 1 || Armed.Neighbour > 1) {
            PlatformFormat(Answer, AnswerSize, "\"%s\" is no number that fits", Word);
            return FALSE;
        }
    }
    if (Fault == FAULT_WRONG_GROUP && MachineLayout(Machine)->Groups == 1) {
        PlatformFormat(Answer, AnswerSize, "a machine with one group has no wrong one");
        return FALSE;
    }
    MachineFaults(Machine)[Fault] = Armed;
    return TRUE;
}

DEVICE *MachineNotice(MACHINE *Machine, NOTICE *Notice)
{
    BUS *Bus = MachineBus(Machine);

    for (ULONG Index = 0; Index < Bus->Devices; Index++) {
        DEVICE *Device = Bus->Device[Index];

        if (Device->Gone) {
            Device->Gone = FALSE;
            Device->Rebalance = FALSE;
            *Notice = NOTICE_GONE;
            return Device;
        }
        if (Device->Rebalance) {
            Device->Rebalance = FALSE;
            Device->Elsewhere = TRUE;
            *Notice = NOTICE_REBALANCE;
            return Device;
        }
    }
    return NULL;
}

/* ---- At the device --------------------------------------------------------------------------------------------- */

static void RunOnce(MACHINE_EVENT *Event)
{
    DEVICE_EVENT *Mine = (DEVICE_EVENT *)Event;

    Mine->Device->Model->Raise(Mine->Device, Mine->Cause);
}

static void RunAgain(MACHINE_EVENT *Event)
{
    DEVICE_EVENT *Mine = (DEVICE_EVENT *)Event;
    const DEVICE_MODEL *Model = Mine->Device->Model;

    if (Model->Masked != NULL && Model->Masked(Mine->Device)) {
        DeviceMasked(Mine->Device);
        return;
    }
    DeviceStart(Mine, Mine->Period);
    Model->Raise(Mine->Device, Mine->Cause);
}

/* Causes that are on their way already take the new ones along, as a register of causes would. */
static void RaiseLater(DEVICE_EVENT *Event, ULONG Cause, ULONGLONG Delay)
{
    if (Event->Event.Queued) {
        Event->Cause |= Cause;
        return;
    }
    Event->Cause = Cause;
    Event->Event.Run = RunOnce;
    DeviceStart(Event, Delay);
}

static void RaiseAgain(DEVICE *Device, ULONG Cause)
{
    Device->Repeat.Cause = Cause;
    Device->Repeat.Period = REPEAT_PERIOD;
    Device->Repeat.Event.Run = RunAgain;
    DeviceStart(&Device->Repeat, REPEAT_PERIOD);
}

void DeviceTrigger(DEVICE *Device, ULONG Cause)
{
    MACHINE *Machine = Device->Machine;

    if (FaultHappens(Machine, FAULT_GONE, Device)) {
        DeviceVanish(Device);
        Device->Gone = TRUE;
        return;
    }
    if (FaultHappens(Machine, FAULT_RETARGET, Device)) {
        Device->Rebalance = TRUE;
    }
    if (FaultHappens(Machine, FAULT_NEVER_FIRES, Device) || FaultHappens(Machine, FAULT_LOST, Device)) {
        return;
    }
    if (FaultHappens(Machine, FAULT_LATE, Device)) {
        RaiseLater(&Device->Late, Cause, LATE_DELAY);
        return;
    }
    if (!Device->Repeat.Event.Queued && FaultHappens(Machine, FAULT_STUCK, Device)) {
        Device->Stuck = TRUE;
        RaiseAgain(Device, Cause);
    }
    if (!Device->Repeat.Event.Queued && FaultHappens(Machine, FAULT_STORM, Device)) {
        RaiseAgain(Device, Cause);
    }
    Device->Model->Raise(Device, Cause);
    if (FaultHappens(Machine, FAULT_SPURIOUS, Device)) {
        if (MachineFaults(Machine)[FAULT_SPURIOUS].Neighbour != 0) {
            Cause = Cause << 1 | Cause >> 1;        /* registers of causes have the messages side by side */
        }
        RaiseLater(&Device->Extra, Cause, EXTRA_DELAY + MachineRandom(Machine, EXTRA_DELAY));
    }
}

void DeviceMasked(DEVICE *Device)
{
    Device->Stuck = FALSE;
    DeviceCancel(&Device->Repeat);
}

/* ---- Load ------------------------------------------------------------------------------------------------------ */

/* Turns are counted from the load's beginning: what other costs held up comes late, and its successor in time again. */
static void StartLoad(DEVICE_EVENT *Load)
{
    ULONGLONG Now = MachineNow(Load->Device->Machine);

    Load->Turn += Load->Period;
    DeviceStart(Load, Load->Turn > Now ? Load->Turn - Now : 0);
}

static void RunLoad(MACHINE_EVENT *Event)
{
    DEVICE_EVENT *Mine = (DEVICE_EVENT *)Event;

    StartLoad(Mine);
    if (Mine->Device->Powered) {
        DeviceTrigger(Mine->Device, Mine->Device->Model->OwnCause(Mine->Device));
    }
}

void DeviceLoad(DEVICE *Device, ULONG Rate)
{
    DeviceCancel(&Device->Load);
    if (Rate != 0) {
        Device->Load.Event.Run = RunLoad;
        Device->Load.Period = 1000000000ull / Rate;
        Device->Load.Turn = MachineNow(Device->Machine);
        StartLoad(&Device->Load);
    }
}
