/* The flavour of the driver without the port class, on a kernel that has it. */
#include "driver_fixture.h"

#include <string.h>

TEST(the_way_portcls_is_refused_as_unknown)
{
    IRQSCOPE_VERSION_REQUEST Version = { IRQSCOPE_MAJOR, IRQSCOPE_MINOR };
    IRQSCOPE_CONNECT_REQUEST Request = { .Way = IRQSCOPE_WAY_PORTCLS, .Kind = IRQSCOPE_KIND_LINE };
    IRQSCOPE_VERSION_REPLY Abilities;
    IRQSCOPE_CONNECT_REPLY Reply;
    SIM_HANDLE File;

    Begin("1x8");
    File = Open("uart0");
    CHECK_STATUS(0, Ask(File, IRQSCOPE_CODE_VERSION, &Version, sizeof(Version), &Abilities, sizeof(Abilities)));
    CHECK_EQUAL(0, Abilities.Abilities & IRQSCOPE_ABILITY_PORTCLS);
    CHECK_STATUS(STATUS_INVALID_PARAMETER_1,
                 Ask(File, IRQSCOPE_CODE_CONNECT, &Request, sizeof(Request), &Reply, sizeof(Reply)));
    Request.Way = IRQSCOPE_WAY_IO_CONNECT_INTERRUPT;
    Trigger(File, Connect(File, Request), 0, 3, 1);
    CHECK(CloseHandle(File));
    End();
}

TEST(the_port_class_is_never_asked)
{
    Begin("2x64");
    Say("restart edu1");
    Say("rebalance edu0");
    CHECK(strstr(Say("calls"), "KeInitializeDpc") != NULL);
    CHECK(strstr(Say("calls"), "PcNew") == NULL);
    End();
}
