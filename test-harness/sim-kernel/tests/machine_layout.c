/* Machines from presets and files: what they have, and place and reason where they make no sense. */
#include "machine_fixture.h"

#include <string.h>

static MACHINE_LAYOUT Layout;
static char Reason[256];

static void Good(const char *Text)
{
    Reason[0] = 0;
    if (!LayoutParse("box.machine", Text, &Layout, Reason, sizeof(Reason))) {
        CHECK_FAIL("refused: %s", Reason);
    }
}

static void Bad(const char *Text, const char *Expected)
{
    if (LayoutParse("box.machine", Text, &Layout, Reason, sizeof(Reason))) {
        CHECK_FAIL("not refused: %s", Text);
    }
    if (strcmp(Reason, Expected) != 0) {
        CHECK_FAIL("refused with \"%s\", expected \"%s\"", Reason, Expected);
    }
}

static void CheckGroups(const char *Text, USHORT Groups, KAFFINITY First, KAFFINITY Last)
{
    Good(Text);
    CHECK_EQUAL(Groups, Layout.Groups);
    CHECK_EQUAL(First, Layout.Group[0].Active);
    CHECK_EQUAL(Last, Layout.Group[Groups - 1].Active);
    CHECK_EQUAL(Groups, Layout.Nodes);
    CHECK_EQUAL(Groups - 1, Layout.Node[Groups - 1].Group);
    CHECK_EQUAL(Last, Layout.Node[Groups - 1].Mask);
}

TEST(presets_have_their_groups)
{
    CheckGroups("1x8", 1, 0xFF, 0xFF);
    CheckGroups("2x64", 2, ~0ull, ~0ull);
    CheckGroups("64/16/64", 3, ~0ull, ~0ull);
    CHECK_EQUAL(0xFFFF, Layout.Group[1].Active);
    CHECK_EQUAL(16, Layout.Group[1].Maximum);
    CheckGroups("64/32/64", 3, ~0ull, ~0ull);
    CHECK_EQUAL(0xFFFFFFFF, Layout.Group[1].Active);
    CheckGroups("48/16", 2, 0xFFFFFFFFFFFF, 0xFFFF);
    CheckGroups("40/40", 2, 0xFFFFFFFFFF, 0xFFFFFFFFFF);
    CheckGroups("4x2", 4, 3, 3);
    CheckGroups("32x64", 32, ~0ull, ~0ull);
    CheckGroups("20x32", 20, 0xFFFFFFFF, 0xFFFFFFFF);
    CheckGroups("5", 1, 0x1F, 0x1F);
}

TEST(presets_have_the_usual_devices)
{
    static const char *const Names[] = { "edu0", "edu1", "e1000e0", "e1000e1", "igb0", "uart0", "root0" };
    static const USHORT Messages[] = { 1, 0, 5, 0, 8, 0, 0 };

    Good("2x64");
    CHECK_EQUAL(7, Layout.Devices);
    for (ULONG Index = 0; Index < 7; Index++) {
        CHECK(strcmp(Names[Index], Layout.Device[Index].Name) == 0);
        CHECK_EQUAL(Messages[Index], Layout.Device[Index].Messages);
    }
    CHECK_EQUAL(Layout.Device[1].Line, Layout.Device[3].Line);
    CHECK(Layout.Device[0].Line != Layout.Device[1].Line);
    CHECK_EQUAL(4, Layout.Device[5].Line);
    CHECK_EQUAL(0, Layout.Device[6].Line);
}

TEST(preset_errors_have_place_and_reason)
{
    Bad("0x8", "machine 0x8, column 1: a machine has 1 to 32 groups, not 0");
    Bad("33x8", "machine 33x8, column 1: a machine has 1 to 32 groups, not 33");
    Bad("2x65", "machine 2x65, column 3: a group has 1 to 64 processors, not 65");
    Bad("2x", "machine 2x, column 3: the number of processors in each group was expected");
    Bad("2x8x", "machine 2x8x, column 4: nothing may follow here");
    Bad("64/0/64", "machine 64/0/64, column 4: a group has 1 to 64 processors, not 0");
    Bad("64/", "machine 64/, column 4: the number of processors of a group was expected");
    Bad("64-16", "machine 64-16, column 3: expected NxM (groups x processors) or sizes parted by /");
    Bad("big", "machine big, column 1: a number of groups or processors was expected");
    Bad("99999999999x1", "machine 99999999999x1, column 1: a number of groups or processors was expected");
    Bad("8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8",
        "machine 8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8/8, column 65: "
        "no machine has more than 32 groups");
}

TEST(file_describes_holes_nodes_and_devices)
{
    Good("# two groups, one with holes\n"
         "group 0-3,8-11 maximum=16\n"
         "group 0-7      # full\n"
         "\n"
         "node group=0 processors=0-3\n"
         "node group=0 processors=8-11\r\n"
         "node group=1 processors=0-7\n"
         "device edu messages=1 node=2\n"
         "device edu line=20\n"
         "device 82574 line=20\n"
         "device 16550\n"
         "device none messages=4\n"
         "device root");
    CHECK_EQUAL(2, Layout.Groups);
    CHECK_EQUAL(0xF0F, Layout.Group[0].Active);
    CHECK_EQUAL(16, Layout.Group[0].Maximum);
    CHECK_EQUAL(8, Layout.Group[1].Maximum);
    CHECK_EQUAL(3, Layout.Nodes);
    CHECK_EQUAL(0xF00, Layout.Node[1].Mask);
    CHECK_EQUAL(6, Layout.Devices);
    CHECK_EQUAL(2, Layout.Device[0].Node);
    CHECK(strcmp("edu1", Layout.Device[1].Name) == 0);
    CHECK_EQUAL(20, Layout.Device[1].Line);
    CHECK_EQUAL(20, Layout.Device[2].Line);
    CHECK(strcmp("e1000e0", Layout.Device[2].Name) == 0);
    CHECK_EQUAL(4, Layout.Device[3].Line);
    CHECK(strcmp("none0", Layout.Device[4].Name) == 0);
    CHECK(strcmp("box.machine", Layout.Name) == 0);
}

TEST(file_errors_have_place_and_reason)
{
    Bad("group 0-3\ncpu 4", "box.machine, line 2, column 1: \"cpu\" is none of group, node, device");
    Bad("group \n", "box.machine, line 1, column 7: a group needs its active processors, like 0-15");
    Bad("group 3-1 ", "box.machine, line 1, column 7: the range 3-1 runs backwards");
    Bad("group 0-3,2 ", "box.machine, line 1, column 11: a processor is named twice");
    Bad("group 0-64 ", "box.machine, line 1, column 7: processors of a group are numbered 0 to 63, not 64");
    Bad("group 0;1 ", "box.machine, line 1, column 8: expected , or the end of the set");
    Bad("group 0- ", "box.machine, line 1, column 9: the last processor of the range was expected");
    Bad("group 0-7 maximum=4", "box.machine, line 1, column 19: an active processor is above the maximum of 4");
    Bad("group 0-7 maximum=65", "box.machine, line 1, column 19: 65 is not between 1 and 64");
    Bad("group 0-7 maximum=x", "box.machine, line 1, column 19: \"x\" is not a number");
    Bad("group 0-7 size=4", "box.machine, line 1, column 11: a group has no \"size=4\" (only maximum=)");
    Bad("# nothing\n", "box.machine, line 2, column 1: the machine has no group");
    Bad("device edu\n", "box.machine, line 1, column 1: groups come before devices");
    Bad("group 0\ndevice\n",
        "box.machine, line 2, column 7: a device needs a model: edu, 82574, igb, 16550, none or root");
    Bad("group 0\n  device wifi\n",
        "box.machine, line 2, column 10: there is no model \"wifi\" (edu, 82574, igb, 16550, none, root)");
    Bad("group 0\ndevice edu messages=2\n", "box.machine, line 2, column 21: a device edu offers at most 1 messages");
    Bad("group 0\ndevice none messages=3\n",
        "box.machine, line 2, column 22: MSI offers 1, 2, 4, 8 or 16 messages, not 3");
    Bad("group 0\ndevice edu line=4\n",
        "box.machine, line 2, column 17: lines below 16 are for 16550 devices, the others for PCI devices");
    Bad("group 0\ndevice 16550\ndevice 16550 line=4\n",
        "box.machine, line 3, column 19: line 4 is latched and cannot be shared");
    Bad("group 0\ndevice root line=17\n", "box.machine, line 2, column 13: a device root has no line");
    Bad("group 0\ndevice edu node=1\n",
        "box.machine, line 2, column 17: there is no node 1: nodes come before their devices");
    Bad("group 0\ndevice edu irq=3\n",
        "box.machine, line 2, column 12: a device has no \"irq=3\" (only messages=, line= and node=)");
    Bad("group 0-3\nnode group=1 processors=0\n",
        "box.machine, line 2, column 12: there is no group 1 yet: groups come before their nodes");
    Bad("group 0-3\nnode group=0\n", "box.machine, line 2, column 13: a node needs group= and processors=");
    Bad("group 0-3\nnode group=0 processors=4\n",
        "box.machine, line 2, column 25: a processor of the node is not active in group 0");
    Bad("group 0-3\nnode group=0 processors=0-1\nnode group=0 processors=1-3\n",
        "box.machine, line 3, column 25: a processor of the node is in node 0 already");
    Bad("group 0-3\nnode group=0 processors=0-1\n",
        "box.machine, line 3, column 1: 2 active processors of group 0 are in no node");
    Bad("group 0-3\ndevice edu\ngroup 0-3\n", "box.machine, line 3, column 1: groups come before nodes and devices");
}

TEST(profiles_refuse_machines_that_they_cannot_have)
{
    Good("2x64");
    CHECK(!LayoutFits(&Layout, ProfileFind("nt52"), Reason, sizeof(Reason)));
    CHECK(strcmp("machine box.machine has 2 processor groups; the profile nt52 has at most 1", Reason) == 0);
    CHECK(LayoutFits(&Layout, ProfileFind("win7"), Reason, sizeof(Reason)));
    Good("5x8");
    CHECK(!LayoutFits(&Layout, ProfileFind("win7"), Reason, sizeof(Reason)));
    CHECK(LayoutFits(&Layout, ProfileFind("win10"), Reason, sizeof(Reason)));
    Good("20x64");
    CHECK(!LayoutFits(&Layout, ProfileFind("win10"), Reason, sizeof(Reason)));
    CHECK(strcmp("machine box.machine has 1280 processors; the profile win10 has at most 640", Reason) == 0);
    Good("21x2");
    CHECK(!LayoutFits(&Layout, ProfileFind("win10"), Reason, sizeof(Reason)));
    Good("32x64");
    CHECK(LayoutFits(&Layout, ProfileFind("server2022"), Reason, sizeof(Reason)));
    CHECK(ProfileFind("win95") == NULL);
}
