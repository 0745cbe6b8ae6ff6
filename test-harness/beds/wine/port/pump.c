/*
 * Time that goes on by itself: with time=real as this computer's does; else, while nobody is in the machine and a timer
 * of the driver's is set, straight to what is due next, as the simulated kernel does while its host waits.
 */
#include "port.h"

#define PUMP_STEPS 64                   /* at most, before others get the machine */
#define PUMP_PERIOD (-10000)            /* 1 ms */

static volatile LONG Ends;
static BOOLEAN Asleep = TRUE;           /* with the monitor held */
static KEVENT Wake;
static HANDLE Thread;

static void Step(void)
{
    LARGE_INTEGER Frequency, Now;
    ULONGLONG Due, Gone;
    ULONG Steps;

    if (Port.RealTime) {
        Now = WineKeQueryPerformanceCounter(&Frequency);
        if (Port.RealStart == 0) {
            Port.RealStart = Now.QuadPart;
        }
        Gone = (ULONGLONG)(Now.QuadPart - Port.RealStart);
        Gone = Gone / (ULONGLONG)Frequency.QuadPart * 1000000000 +
               Gone % (ULONGLONG)Frequency.QuadPart * 1000000000 / (ULONGLONG)Frequency.QuadPart;
        if (Gone > MachineNow(Port.Machine)) {
            MachineAdvance(Port.Machine, Gone - MachineNow(Port.Machine));
        }
        return;
    }
    for (Steps = 0; Steps < PUMP_STEPS && !MonitorWanted() && TimersRun(Port.Machine) &&
                    MachineNextDue(Port.Machine, &Due); Steps++) {
        MachineAdvance(Port.Machine, Due > MachineNow(Port.Machine) ? Due - MachineNow(Port.Machine) : 0);
    }
}

static BOOLEAN Needed(void)
{
    return Port.Machine != NULL && !Port.Stopped && (Port.RealTime || (Port.IdleTime && TimersRun(Port.Machine)));
}

void PumpWanted(void)
{
    if (Asleep && Needed()) {
        Asleep = FALSE;
        KeSetEvent(&Wake, 0, FALSE);
    }
}

static void Look(void *Context)
{
    (void)Context;
    Asleep = !Needed();
    if (!Asleep) {
        Step();
    }
}

/* Woken by who leaves the machine when time has to go on, it comes by itself until that is over. A client has a period to
 * ask for something more before time goes on. */
static VOID NTAPI Pump(PVOID Context)
{
    LARGE_INTEGER Period = { .QuadPart = PUMP_PERIOD };
    LARGE_INTEGER Stopped = { .QuadPart = 50 * PUMP_PERIOD };

    (void)Context;
    while (!Ends) {
        if (Asleep) {
            WineKeWaitForSingleObject(&Wake, Executive, KernelMode, FALSE, NULL);
        }
        WineKeWaitForSingleObject(&Wake, Executive, KernelMode, FALSE, &Period);
        if (!Ends && !MonitorRun(Look, NULL, NULL)) {
            WineKeWaitForSingleObject(&Wake, Executive, KernelMode, FALSE, &Stopped);
        }
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS PumpStart(void)
{
    OBJECT_ATTRIBUTES Attributes;

    KeInitializeEvent(&Wake, SynchronizationEvent, FALSE);
    InitializeObjectAttributes(&Attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    return PsCreateSystemThread(&Thread, THREAD_ALL_ACCESS, &Attributes, NULL, NULL, Pump, NULL);
}

/* Not in the machine: the thread may be waiting for it. Its code goes with the image, so it must have ended. */
void PumpEnd(void)
{
    Ends = 1;
    KeSetEvent(&Wake, 0, FALSE);
    ZwWaitForSingleObject(Thread, FALSE, NULL);
    ZwClose(Thread);
}
