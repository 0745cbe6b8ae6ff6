/* The way portcls: what the port class is given. */
#include "driver_fixture.h"

#include "kernel.h"
#include "pnp.h"

#include <string.h>

static const CM_RESOURCE_LIST *Given[2];
static CM_RESOURCE_LIST Kept[2];
static ULONG Syncs;

static void TakeLists(const CM_RESOURCE_LIST *Translated, const CM_RESOURCE_LIST *Raw)
{
    PNP_NODE *Node;

    for (ULONG Index = 0; (Node = PnpNode(KernelCurrent(), Index)) != NULL; Index++) {
        CHECK(Node->Translated != Translated && Node->Raw != Raw); /* those end with the request */
    }
    Given[0] = Translated;
    Given[1] = Raw;
    Kept[0] = *Translated;
    Kept[1] = *Raw;
}

static void CompareLists(void)
{
    CHECK(memcmp(Given[0], &Kept[0], sizeof(Kept[0])) == 0 && memcmp(Given[1], &Kept[1], sizeof(Kept[1])) == 0);
    Syncs++;
}

/* No page says that the port class copies the lists, and those of START are the PnP manager's. */
TEST(the_lists_outlive_the_request_that_brought_them)
{
    SIM_HANDLE File;
    uint32_t Connection;

    Begin("1x8");
    Hooks.NewList = TakeLists;
    Hooks.NewSync = CompareLists;
    Say("rebalance edu0");
    CHECK(Given[0] != NULL && Given[1] != NULL);
    Given[0] = NULL;
    Say("restart uart0");
    File = Open("uart0");
    for (ULONG Each = 0; Each < 3; Each++) {
        Connection = Connect(File, (IRQSCOPE_CONNECT_REQUEST){ .Way = IRQSCOPE_WAY_PORTCLS, .Kind = IRQSCOPE_KIND_LINE });
        Trigger(File, Connection, 0, 2, 1);
        Disconnect(File, Connection);
    }
    CHECK_EQUAL(3, Syncs);
    CHECK(CloseHandle(File));
    End();
}
