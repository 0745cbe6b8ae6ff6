#include "machine_ex.h"

#define SPECIFIED 4                     /* IrqPolicySpecifiedProcessors */

EX Ex;

void ExBegin(const char *Profile, MACHINE_MODE Mode, const char *Device, USHORT Group, KAFFINITY Mask)
{
    Begin("64/16/64", Profile, Mode);
    Ex.First = (WITNESS) { .Claims = TRUE };
    Ex.Object = (PKINTERRUPT)&Ex;
    Ex.Context = &Ex;
    Ex.Pdo = FixturePdoWith(Device, Mask != 0 ? SPECIFIED : 0, Group, Mask);
    Ex.Assigned = FixtureAssignedCount(Device) != 0 ? FixtureAssigned(Device, 0) : NULL;
}

void ExBeginFull(const char *Profile, MACHINE_MODE Mode)
{
    ExBegin(Profile, Mode, "edu1", 1, 0xFF);
    Ex.Parameters = FullFor(Ex.Pdo, Ex.Assigned, &Ex.Object, &Ex.First);
}

void ExBeginLine(MACHINE_MODE Mode, const char *Device)
{
    ExBegin("server2022", Mode, Device, 1, 0xFF);
    Ex.Parameters = LineFor(Ex.Pdo, &Ex.Object, &Ex.First);
}

void ExBeginMessages(MACHINE_MODE Mode, const char *Device)
{
    ExBegin("server2022", Mode, Device, 1, 0xFF);
    Ex.Parameters = MessageFor(Ex.Pdo, &Ex.Context, &Ex.First);
}

void ExCheckRefused(NTSTATUS Expected)
{
    BOOLEAN ToContext = Ex.Parameters.Version == CONNECT_MESSAGE_BASED;

    CHECK_STATUS(Expected, IoConnectInterruptEx(&Ex.Parameters));
    CHECK(ToContext ? Ex.Context == NULL : Ex.Object == NULL);
    CHECK_EQUAL(0, InterruptConnections(PlatformMachine(), NULL));
    End();
}

PIO_INTERRUPT_MESSAGE_INFO ExConnectTable(void)
{
    CHECK_STATUS(STATUS_SUCCESS, IoConnectInterruptEx(&Ex.Parameters));
    CHECK_EQUAL(CONNECT_MESSAGE_BASED, Ex.Parameters.Version);
    return Ex.Context;
}

void ExEndTable(void)
{
    DisconnectEx(CONNECT_MESSAGE_BASED, Ex.Context);
    End();
}
