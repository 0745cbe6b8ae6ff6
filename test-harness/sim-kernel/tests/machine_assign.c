/* Requirements and the arbiter: policies, groups, profiles, messages and lines, and the lists that START carries. */
#include "machine_fixture.h"

#include <string.h>

static MACHINE *Machine;
static PCM_RESOURCE_LIST Raw, Translated;
static PIO_RESOURCE_REQUIREMENTS_LIST Requirements;

static DEVICE *Named(const char *Name)
{
    DEVICE *Device = MachineDeviceByName(Machine, Name);

    CHECK(Device != NULL);
    return Device;
}

/* What a driver's filter does: a policy into each interrupt of the requirements. */
static void Filter(USHORT Policy, USHORT Group, KAFFINITY Mask, ULONG Priority)
{
    PIO_RESOURCE_LIST List = &Requirements->List[0];

    for (ULONG Index = 0; Index < List->Count; Index++) {
        PIO_RESOURCE_DESCRIPTOR Descriptor = &List->Descriptors[Index];

        if (Descriptor->Type == CmResourceTypeInterrupt) {
            Descriptor->Flags |= CM_RESOURCE_INTERRUPT_POLICY_INCLUDED;
            Descriptor->u.Interrupt.AffinityPolicy = Policy;
            Descriptor->u.Interrupt.Group = Group;
            Descriptor->u.Interrupt.TargetedProcessors = Mask;
            Descriptor->u.Interrupt.PriorityPolicy = Priority;
        }
    }
}

static void Require(const char *Name, const DEVICE_POLICY *Policy)
{
    Requirements = DeviceRequirements(Named(Name), Policy);
    CHECK(Requirements != NULL);
}

static void Assign(const char *Name, const DEVICE_POLICY *Policy)
{
    CHECK_STATUS(STATUS_SUCCESS, DeviceAssign(Named(Name), Requirements, Policy, &Raw, &Translated));
    PlatformFree(Requirements);
}

static void Release(const char *Name)
{
    PlatformFree(Raw);
    PlatformFree(Translated);
    DeviceUnassign(Named(Name));
}

static void Leave(const char *Name)
{
    Release(Name);
    End();
}

static CM_PARTIAL_RESOURCE_DESCRIPTOR Descriptor(PCM_RESOURCE_LIST List, ULONG Index)
{
    CHECK(Index < List->List[0].PartialResourceList.Count);
    return List->List[0].PartialResourceList.PartialDescriptors[Index];
}

/* Filters and assigns edu0 and checks where it went. */
static void CheckPlace(USHORT Policy, USHORT Group, KAFFINITY Mask, USHORT ExpectedGroup, KAFFINITY ExpectedMask)
{
    Require("edu0", NULL);
    Filter(Policy, Group, Mask, 0);
    Assign("edu0", NULL);
    CHECK_EQUAL(ExpectedGroup, FixtureAssigned("edu0", 0)->Group);
    CHECK_EQUAL(ExpectedMask, FixtureAssigned("edu0", 0)->Mask);
    Release("edu0");
}

/* ---- Requirements ------------------------------------------------------------------------------------------------ */

TEST(requirements_have_registers_messages_and_the_line_as_alternative)
{
    PIO_RESOURCE_DESCRIPTOR List;

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Require("e1000e0", NULL);
    List = Requirements->List[0].Descriptors;
    CHECK_EQUAL(1, Requirements->AlternativeLists);
    CHECK_EQUAL(7, Requirements->List[0].Count);
    CHECK_EQUAL(72 + 6 * 32, Requirements->ListSize);
    CHECK_EQUAL(CmResourceTypeMemory, List[0].Type);
    CHECK_EQUAL(0x20000, List[0].u.Memory.Length);
    for (ULONG Index = 1; Index <= 5; Index++) {
        CHECK_EQUAL(CM_RESOURCE_INTERRUPT_MESSAGE | CM_RESOURCE_INTERRUPT_LATCHED, List[Index].Flags);
        CHECK_EQUAL(CM_RESOURCE_INTERRUPT_MESSAGE_TOKEN, List[Index].u.Interrupt.MinimumVector);
        CHECK_EQUAL(CM_RESOURCE_INTERRUPT_MESSAGE_TOKEN, List[Index].u.Interrupt.MaximumVector);
        CHECK_EQUAL(0, List[Index].Option);
    }
    CHECK_EQUAL(IO_RESOURCE_ALTERNATIVE, List[6].Option);
    CHECK_EQUAL(CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE, List[6].Flags);
    CHECK_EQUAL(CmResourceShareShared, List[6].ShareDisposition);
    PlatformFree(Requirements);
    CHECK(DeviceRequirements(Named("root0"), NULL) == NULL);
    End();
}

TEST(requirements_of_msi_are_one_descriptor)
{
    Machine = BeginFile("group 0-7\ndevice none messages=8\n");
    Require("none0", NULL);
    CHECK_EQUAL(2, Requirements->List[0].Count);
    CHECK_EQUAL(CM_RESOURCE_INTERRUPT_MESSAGE_TOKEN - 7,
                Requirements->List[0].Descriptors[0].u.Interrupt.MinimumVector);
    CHECK_EQUAL(CM_RESOURCE_INTERRUPT_MESSAGE_TOKEN, Requirements->List[0].Descriptors[0].u.Interrupt.MaximumVector);
    Assign("none0", NULL);
    CHECK_EQUAL(8, FixtureAssignedCount("none0"));
    CHECK_EQUAL(1, Translated->List[0].PartialResourceList.Count);
    CHECK_EQUAL(8, Descriptor(Raw, 0).u.MessageInterrupt.Raw.MessageCount);
    Leave("none0");
}

TEST(requirements_follow_the_registry)
{
    DEVICE_POLICY Policy = { .MessagesSupported = 0 };

    Machine = BeginFile("group 0-7\ndevice igb messages=8\ndevice none messages=16\n");
    Require("igb0", &Policy);
    CHECK_EQUAL(2, Requirements->List[0].Count);
    CHECK_EQUAL(0, Requirements->List[0].Descriptors[1].Option);
    PlatformFree(Requirements);
    Policy.MessagesSupported = 1;
    Policy.HasMessageLimit = TRUE;
    Policy.MessageLimit = 3;
    Require("igb0", &Policy);
    CHECK_EQUAL(5, Requirements->List[0].Count);
    PlatformFree(Requirements);
    Require("none0", &Policy);              /* MSI: the next power of two below */
    CHECK_EQUAL(CM_RESOURCE_INTERRUPT_MESSAGE_TOKEN - 1,
                Requirements->List[0].Descriptors[0].u.Interrupt.MinimumVector);
    PlatformFree(Requirements);
    End();
}

TEST(nt52_has_no_messages_and_ignores_policies)
{
    Machine = Begin("1x8", "nt52", MODE_OBSERVED);
    Require("e1000e0", NULL);
    CHECK_EQUAL(2, Requirements->List[0].Count);
    Filter(4, 0, 0x3, 0);
    Assign("e1000e0", NULL);
    CHECK(!FixtureAssigned("e1000e0", 0)->Message);
    CHECK_EQUAL(0xFF, FixtureAssigned("e1000e0", 0)->Mask);
    Leave("e1000e0");
}

/* ---- Policies ---------------------------------------------------------------------------------------------------- */

static void CheckPolicies(const char *Profile, MACHINE_MODE Mode)
{
    Machine = Begin("64/16/64", Profile, Mode);
    CheckPlace(0, 0, 0, 0, ~0ull);
    CheckPlace(3, 0, 0, 0, ~0ull);
    CheckPlace(6, 0, 0, 0, ~0ull);
    CheckPlace(4, 1, 0xF0, 1, 0xF0);
    CheckPlace(4, 1, ~0ull, 1, 0xFFFF);     /* no farther than the active ones */
    CheckPlace(4, 2, 1ull << 63, 2, 1ull << 63);
    CheckPlace(4, 0xFFFF, 0x6, 0, 0x6);     /* "any group" means group 0 here */
    CheckPlace(4, 1, 0, 0, ~0ull);          /* a policy without processors is ignored ... */
    CheckPlace(4, 1, 0xF0000, 0, ~0ull);    /* ... so is one without active ones ... */
    CheckPlace(4, 9, 0xF, 0, ~0ull);        /* ... or of a group that is not there */
    CheckPlace(77, 0, 0, 0, ~0ull);
    End();
}

TEST(policies_choose_group_and_processors)
{
    CheckPolicies("win7", MODE_OBSERVED);
    CheckPolicies("win10", MODE_DOCUMENTED);
    CheckPolicies("server2022", MODE_OBSERVED);
    CheckPolicies("server2022", MODE_DOCUMENTED);
}

TEST(close_policies_follow_the_node)
{
    Machine = BeginFile("group 0-7\ngroup 0-7\nnode group=0 processors=0-3\nnode group=0 processors=4-7\n"
                        "node group=1 processors=0-7\ndevice edu messages=1 node=1\ndevice edu messages=1 node=2\n");
    CheckPlace(1, 0, 0, 0, 0xF0);
    CheckPlace(2, 0, 0, 0, 0x10);
    Require("edu1", NULL);
    Filter(1, 0, 0, 0);
    Assign("edu1", NULL);                   /* its node is in another group: all of group 0 */
    CHECK_EQUAL(0, FixtureAssigned("edu1", 0)->Group);
    CHECK_EQUAL(0xFF, FixtureAssigned("edu1", 0)->Mask);
    Release("edu1");
    Require("edu1", NULL);
    Filter(1, 0xFFFF, 0, 0);
    Assign("edu1", NULL);                   /* the driver takes any group */
    CHECK_EQUAL(1, FixtureAssigned("edu1", 0)->Group);
    CHECK_EQUAL(0xFF, FixtureAssigned("edu1", 0)->Mask);
    Leave("edu1");
}

TEST(spread_gives_each_message_its_processor)
{
    Machine = Begin("4x2", "server2022", MODE_OBSERVED);
    Require("igb0", NULL);
    Filter(5, 0, 0, 0);
    Assign("igb0", NULL);
    for (ULONG Message = 0; Message < 8; Message++) {
        CHECK_EQUAL(0, FixtureAssigned("igb0", Message)->Group);
        CHECK_EQUAL(1u << (Message % 2), FixtureAssigned("igb0", Message)->Mask);
    }
    Release("igb0");
    Require("edu1", NULL);
    Filter(5, 0, 0, 0);
    Assign("edu1", NULL);
    CHECK_EQUAL(3, FixtureAssigned("edu1", 0)->Mask);
    Leave("edu1");
}

TEST(registry_policy_counts_where_the_driver_is_silent)
{
    DEVICE_POLICY Policy = {
        .HasPolicy = TRUE, .Policy = 4, .HasGroup = TRUE, .Group = 1, .HasMask = TRUE, .Mask = 0xC,
        .MessagesSupported = 1,
    };

    Machine = Begin("2x64", "server2022", MODE_OBSERVED);
    Require("edu0", &Policy);
    Assign("edu0", &Policy);
    CHECK_EQUAL(1, FixtureAssigned("edu0", 0)->Group);
    CHECK_EQUAL(0xC, FixtureAssigned("edu0", 0)->Mask);
    CHECK_EQUAL(0, Descriptor(Translated, 1).Flags & CM_RESOURCE_INTERRUPT_POLICY_INCLUDED);
    Release("edu0");
    Require("edu0", &Policy);
    Filter(4, 0, 0x30, 0);
    Assign("edu0", &Policy);
    CHECK_EQUAL(0, FixtureAssigned("edu0", 0)->Group);
    CHECK_EQUAL(0x30, FixtureAssigned("edu0", 0)->Mask);
    CHECK(Descriptor(Translated, 1).Flags & CM_RESOURCE_INTERRUPT_POLICY_INCLUDED);
    Leave("edu0");
}

TEST(every_preset_grants_inside_one_group)
{
    static const char *const Presets[] = { "1x8", "2x64", "64/16/64", "64/32/64", "48/16", "40/40", "4x2", "32x64" };

    for (ULONG Preset = 0; Preset < 8; Preset++) {
        const MACHINE_LAYOUT *Layout;

        Machine = Begin(Presets[Preset], "server2022", MODE_OBSERVED);
        Layout = MachineLayout(Machine);
        for (USHORT Group = 0; Group < Layout->Groups; Group++) {
            CheckPlace(4, Group, ~0ull, Group, Layout->Group[Group].Active);
            CheckPlace(4, Group, 2, Group, 2);
        }
        End();
    }
}

TEST(priority_chooses_the_irql)
{
    KIRQL Low, Normal, High;

    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Require("edu0", NULL);
    Filter(0, 0, 0, 1);
    Assign("edu0", NULL);
    Low = FixtureAssigned("edu0", 0)->Irql;
    Release("edu0");
    Require("edu0", NULL);
    Filter(0, 0, 0, 2);
    Assign("edu0", NULL);
    Normal = FixtureAssigned("edu0", 0)->Irql;
    Release("edu0");
    Require("edu0", NULL);
    Filter(0, 0, 0, 3);
    Assign("edu0", NULL);
    High = FixtureAssigned("edu0", 0)->Irql;
    CHECK(Low < Normal && Normal < High && High <= 12 && Low >= 3);
    Leave("edu0");
}

/* ---- Messages and lines ------------------------------------------------------------------------------------------ */

TEST(messages_have_different_vectors_and_irqls)
{
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Require("e1000e0", NULL);
    Assign("e1000e0", NULL);
    for (ULONG First = 0; First < 5; First++) {
        const ASSIGNED_INTERRUPT *Assigned = FixtureAssigned("e1000e0", First);

        CHECK_EQUAL(Assigned->Irql, Assigned->Number >> 4);
        CHECK_EQUAL(Latched, Assigned->Mode);
        for (ULONG Second = 0; Second < First; Second++) {
            CHECK(Assigned->Number != FixtureAssigned("e1000e0", Second)->Number);
            CHECK(Assigned->Irql != FixtureAssigned("e1000e0", Second)->Irql);
        }
    }
    Leave("e1000e0");
}

TEST(lists_carry_what_was_assigned)
{
    CM_PARTIAL_RESOURCE_DESCRIPTOR Given;
    const ASSIGNED_INTERRUPT *Assigned;

    Machine = Begin("2x64", "server2022", MODE_OBSERVED);
    CHECK_EQUAL(20, sizeof(Given));
    Require("igb0", NULL);
    Filter(4, 1, 0xFF00, 0);
    Assign("igb0", NULL);
    CHECK_EQUAL(1, Translated->Count);
    CHECK_EQUAL(9, Translated->List[0].PartialResourceList.Count);
    CHECK_EQUAL(9, Raw->List[0].PartialResourceList.Count);
    Given = Descriptor(Translated, 0);
    CHECK_EQUAL(CmResourceTypeMemory, Given.Type);
    CHECK_EQUAL(0xC0400000, Given.u.Memory.Start.QuadPart);
    CHECK_EQUAL(0x20000, Given.u.Memory.Length);
    for (ULONG Message = 0; Message < 8; Message++) {
        Assigned = FixtureAssigned("igb0", Message);
        Given = Descriptor(Translated, Message + 1);
        CHECK_EQUAL(Assigned->Irql, Given.u.MessageInterrupt.Translated.Level);
        CHECK_EQUAL(1, Given.u.MessageInterrupt.Translated.Group);
        CHECK_EQUAL(Assigned->Number, Given.u.MessageInterrupt.Translated.Vector);
        CHECK_EQUAL(0xFF00, Given.u.MessageInterrupt.Translated.Affinity);
        CHECK_EQUAL(CM_RESOURCE_INTERRUPT_MESSAGE | CM_RESOURCE_INTERRUPT_LATCHED |
                    CM_RESOURCE_INTERRUPT_POLICY_INCLUDED, Given.Flags);
        Given = Descriptor(Raw, Message + 1);
        CHECK_EQUAL(1, Given.u.MessageInterrupt.Raw.MessageCount);
        CHECK_EQUAL(CM_RESOURCE_INTERRUPT_MESSAGE_TOKEN, Given.u.MessageInterrupt.Raw.Vector);
        CHECK_EQUAL(1, Given.u.MessageInterrupt.Raw.Group);
    }
    Release("igb0");
    Require("uart0", NULL);
    Assign("uart0", NULL);
    Given = Descriptor(Raw, 0);
    CHECK_EQUAL(CmResourceTypePort, Given.Type);
    CHECK_EQUAL(0x3F8, Given.u.Port.Start.QuadPart);
    Given = Descriptor(Raw, 1);
    CHECK_EQUAL(4, Given.u.Interrupt.Vector);
    CHECK_EQUAL(4, Given.u.Interrupt.Level);
    CHECK_EQUAL(CM_RESOURCE_INTERRUPT_LATCHED, Given.Flags);
    CHECK_EQUAL(CmResourceShareDeviceExclusive, Given.ShareDisposition);
    Given = Descriptor(Translated, 1);
    CHECK_EQUAL(FixtureAssigned("uart0", 0)->Number, Given.u.Interrupt.Vector);
    Leave("uart0");
}

TEST(no_requirements_means_no_resources)
{
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Raw = Translated = (PVOID)1;
    CHECK_STATUS(STATUS_SUCCESS, DeviceAssign(Named("root0"), NULL, NULL, &Raw, &Translated));
    CHECK(Raw == NULL && Translated == NULL);
    CHECK_EQUAL(0, FixtureAssignedCount("root0"));
    Leave("root0");
}

TEST(shared_line_has_one_vector_and_moves_only_alone)
{
    DEVICE *Sharers[4];

    Machine = Begin("2x64", "server2022", MODE_OBSERVED);
    FixturePdo("edu1");
    FixturePdoWith("e1000e1", 4, 1, 0xF);
    CHECK(FixtureAssigned("edu1", 0)->Vector == FixtureAssigned("e1000e1", 0)->Vector);
    CHECK_EQUAL(0, FixtureAssigned("e1000e1", 0)->Group);
    CHECK_EQUAL(1, DeviceSharers(Named("edu1"), Sharers, 4));
    CHECK(Sharers[0] == Named("e1000e1"));
    CHECK_EQUAL(0, DeviceSharers(Named("edu0"), Sharers, 4));
    DeviceUnassign(Named("edu1"));
    CHECK_EQUAL(0, DeviceSharers(Named("e1000e1"), Sharers, 4));
    DeviceUnassign(Named("e1000e1"));
    FixturePdoWith("e1000e1", 4, 1, 0xF);
    FixturePdo("edu1");
    CHECK_EQUAL(1, FixtureAssigned("edu1", 0)->Group);
    CHECK_EQUAL(0xF, FixtureAssigned("edu1", 0)->Mask);
    End();
}

TEST(filter_can_force_the_line)
{
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    Require("e1000e0", NULL);
    Requirements->List[0].Descriptors[1] = Requirements->List[0].Descriptors[6];
    Requirements->List[0].Count = 2;
    Assign("e1000e0", NULL);
    CHECK_EQUAL(1, FixtureAssignedCount("e1000e0"));
    CHECK(!FixtureAssigned("e1000e0", 0)->Message);
    CHECK_EQUAL(LevelSensitive, FixtureAssigned("e1000e0", 0)->Mode);
    Leave("e1000e0");
}

TEST(more_messages_than_there_are_means_one)
{
    Machine = BeginFile("group 0-7\ndevice igb messages=4\n");
    Require("igb0", NULL);
    Requirements->List[0].Descriptors[5] = Requirements->List[0].Descriptors[4];     /* a fifth over the line */
    Assign("igb0", NULL);
    CHECK_EQUAL(1, FixtureAssignedCount("igb0"));
    CHECK(FixtureAssigned("igb0", 0)->Message);
    Leave("igb0");
}

TEST(messages_run_out_of_vectors_and_fall_back)
{
    char Text[600] = "group 0\n";

    for (ULONG Device = 0; Device < 8; Device++) {
        strcat(Text, "device igb messages=25\n");
    }
    Machine = BeginFile(Text);
    for (ULONG Device = 0; Device < 8; Device++) {
        char Name[8];

        snprintf(Name, sizeof(Name), "igb%u", Device);
        FixturePdo(Name);
        /* Ten IRQLs of sixteen vectors on the one processor: six devices get all, the next gets what is left. */
        CHECK_EQUAL(Device < 6 ? 25 : 1, FixtureAssignedCount(Name));
        CHECK(FixtureAssigned(Name, 0)->Message);
    }
    End();
}

TEST(assigning_twice_is_a_mistake)
{
    Machine = Begin("1x8", "server2022", MODE_OBSERVED);
    FixturePdo("edu0");
    CHECK_STOPS("DeviceAssign", "edu0 has its resources already",
                DeviceAssign(Named("edu0"), NULL, NULL, &Raw, &Translated));
}
