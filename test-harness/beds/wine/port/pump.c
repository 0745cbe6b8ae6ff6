/*
 * Time that goes on by itself: with time=real as this computer's does; else, while nobody is in the machine and a timer
 * of the driver's is set, straight to what is due next, as the simulated kernel does while its host waits.
 */
#include "port.h"

#define PUMP_STEPS 64                   /* at most, before others get the machine */
#define PUMP_PERIOD (-10000)            /* 1 ms */

static volatile LONG Ends;
static KEVENT Ended;

static void Step(void *Context)
{
    LARGE_INTEGER Frequency, Now;
    ULONGLONG Due, Gone;
    ULONG Steps;

    (void)Context;
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

static VOID NTAPI Pump(PVOID Context)
{
    LARGE_INTEGER Period = { .QuadPart = PUMP_PERIOD };

    (void)Context;
    while (!Ends) {
        WineKeWaitForSingleObject(&Ended, Executive, KernelMode, FALSE, &Period);
        if (!Ends && Port.Machine != NULL && !Port.Stopped &&
            (Port.RealTime || (Port.IdleTime && TimersRun(Port.Machine)))) {
            MonitorRun(Step, NULL, NULL);
        }
    }
    KeSetEvent(&Ended, 0, FALSE);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

void PumpStart(void)
{
    OBJECT_ATTRIBUTES Attributes;
    HANDLE Thread;

    KeInitializeEvent(&Ended, SynchronizationEvent, FALSE);
    InitializeObjectAttributes(&Attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    if (NT_SUCCESS(PsCreateSystemThread(&Thread, THREAD_ALL_ACCESS, &Attributes, NULL, NULL, Pump, NULL))) {
        ZwClose(Thread);
    } else {
        Ends = 1;
        KeSetEvent(&Ended, 0, FALSE);
    }
}

/* Not in the machine: the thread may be waiting for it. */
void PumpEnd(void)
{
    LARGE_INTEGER Longest = { .QuadPart = -20000000 };

    Ends = 1;
    WineKeWaitForSingleObject(&Ended, Executive, KernelMode, FALSE, &Longest);
}
