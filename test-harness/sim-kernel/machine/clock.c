/* Ke: the performance counter, stalls, and the times that move with the clock interrupt. */
#include "interior.h"

#define MACHINE_BEGAN 132223104000000000ull             /* 1 January 2020, as system time counts */
#define MACHINE_WAS_UP 60ull                            /* seconds that the counter had run when the machine began */

LARGE_INTEGER NTAPI KeQueryPerformanceCounter(PLARGE_INTEGER PerformanceFrequency)
{
    MACHINE *Machine = PlatformRoutine("KeQueryPerformanceCounter");
    ULONGLONG Frequency = Machine->Profile->Frequency;
    LARGE_INTEGER Counter;

    /* Reading it takes time, so that a loop that waits for the counter alone ends, and is interrupted in between. */
    MachineSpend(Machine, 20, 20);
    MachineDeliver(Machine);
    Counter.QuadPart = (LONGLONG)((MACHINE_WAS_UP + Machine->Now / 1000000000) * Frequency +
                                  Machine->Now % 1000000000 * Frequency / 1000000000);
    if (PerformanceFrequency != NULL) {
        PerformanceFrequency->QuadPart = (LONGLONG)Frequency;
    }
    return Counter;
}

VOID NTAPI KeStallExecutionProcessor(ULONG MicroSeconds)
{
    MachineAdvance(PlatformRoutine("KeStallExecutionProcessor"), (ULONGLONG)MicroSeconds * 1000);
}

ULONGLONG MachineTicks(const MACHINE *Machine)
{
    return (Machine->Now / 100 + MACHINE_WAS_UP * 10000000) / CLOCK_TICK;
}

ULONGLONG MachineSystemTime(const MACHINE *Machine)
{
    return MACHINE_BEGAN + MachineTicks(Machine) * CLOCK_TICK;
}
