/* What the models of both network chips share: messages that are held back by a throttle. */
#include "device_nic.h"

static void RunThrottle(MACHINE_EVENT *Event)
{
    DEVICE *Device = ((DEVICE_EVENT *)Event)->Device;
    NIC_REGISTERS *Nic = &Device->u.Nic;
    ULONGLONG Now = MachineNow(Device->Machine);
    ULONGLONG Soonest = ~0ull;

    for (ULONG Vector = 0; Vector < NIC_VECTORS; Vector++) {
        if ((Nic->Waiting & (1u << Vector)) == 0) {
            continue;
        }
        if (Nic->Next[Vector] <= Now) {
            Nic->Waiting &= ~(1u << Vector);
            Nic->Next[Vector] = Now + Nic->Interval[Vector];
            DeviceMessage(Device, Vector);
        } else if (Nic->Next[Vector] < Soonest) {
            Soonest = Nic->Next[Vector];
        }
    }
    if (Soonest != ~0ull) {
        DeviceStart(&Nic->Throttle, Soonest - Now);
    }
}

void NicMessage(DEVICE *Device, ULONG Vector, ULONGLONG Interval)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;
    ULONGLONG Now = MachineNow(Device->Machine);

    if (Interval == 0 || Now >= Nic->Next[Vector]) {
        Nic->Next[Vector] = Now + Interval;
        DeviceMessage(Device, Vector);
        return;
    }
    Nic->Interval[Vector] = Interval;
    if ((Nic->Waiting & (1u << Vector)) == 0) {
        Nic->Waiting |= 1u << Vector;
        if (!Nic->Throttle.Event.Queued || Nic->Throttle.Event.Due > Nic->Next[Vector]) {
            Nic->Throttle.Event.Run = RunThrottle;
            DeviceStart(&Nic->Throttle, Nic->Next[Vector] - Now);
        }
    }
}

void NicReset(DEVICE *Device)
{
    NIC_REGISTERS *Nic = &Device->u.Nic;

    DeviceCancel(&Nic->Throttle);
    RtlZeroMemory(Nic, sizeof(*Nic));
    Nic->Throttle.Device = Device;
    DeviceLine(Device, FALSE);
}

ULONG NicTurn(DEVICE *Device, ULONG Candidates)
{
    if (Candidates == 0) {
        return 0;
    }
    do {
        Device->Turn = (Device->Turn + 1) % 32;
    } while ((Candidates & (1u << Device->Turn)) == 0);
    return 1u << Device->Turn;
}
