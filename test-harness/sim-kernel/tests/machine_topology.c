/* What the kernel tells of groups, processors and nodes, on every kind of layout. */
#include "machine_fixture.h"

typedef struct SHAPE {
    const char *Layout;
    USHORT Groups;
    ULONG Counts[4];                    /* of the first groups */
    ULONG Total;
} SHAPE;

static const SHAPE Shapes[] = {
    { "1x4", 1, { 4 }, 4 },
    { "1x64", 1, { 64 }, 64 },
    { "2x64", 2, { 64, 64 }, 128 },
    { "4x2", 4, { 2, 2, 2, 2 }, 8 },
    { "64/16/64", 3, { 64, 16, 64 }, 144 },
    { "64/16", 2, { 64, 16 }, 80 },
    { "40/40", 2, { 40, 40 }, 80 },
    { "20x32", 20, { 32, 32, 32, 32 }, 640 },
    { "32x64", 32, { 64, 64, 64, 64 }, 2048 },
};

#define SHAPE_COUNT (sizeof(Shapes) / sizeof(Shapes[0]))

TEST(groups_have_their_processors_in_every_layout)
{
    ULONG Index;
    USHORT Group;

    for (Index = 0; Index < SHAPE_COUNT; Index++) {
        const SHAPE *Shape = &Shapes[Index];

        Begin(Shape->Layout, "server2022", MODE_OBSERVED);
        CHECK_EQUAL(Shape->Groups, KeQueryActiveGroupCount());
        CHECK(KeQueryMaximumGroupCount() >= Shape->Groups);
        CHECK_EQUAL(Shape->Total, KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS));
        CHECK_EQUAL(Shape->Total, KeQueryMaximumProcessorCountEx(ALL_PROCESSOR_GROUPS));
        for (Group = 0; Group < Shape->Groups && Group < 4; Group++) {
            ULONG Count = Shape->Counts[Group];

            CHECK_EQUAL(Count, KeQueryActiveProcessorCountEx(Group));
            CHECK_EQUAL(Count, KeQueryMaximumProcessorCountEx(Group));
            CHECK_EQUAL(Count == 64 ? ~0ull : (1ull << Count) - 1, KeQueryGroupAffinity(Group));
        }
        CHECK_EQUAL(0, KeQueryActiveProcessorCountEx(Shape->Groups));
        CHECK_EQUAL(0, KeQueryMaximumProcessorCountEx(Shape->Groups));
        CHECK_EQUAL(0, KeQueryGroupAffinity(Shape->Groups));
        End();
    }
}

TEST(indexes_and_numbers_are_each_others_inverse)
{
    PROCESSOR_NUMBER Number;
    ULONG Index;

    Begin("64/16/64", "server2022", MODE_OBSERVED);
    for (Index = 0; Index < 144; Index++) {
        CHECK_STATUS(STATUS_SUCCESS, KeGetProcessorNumberFromIndex(Index, &Number));
        CHECK_EQUAL(0, Number.Reserved);
        CHECK_EQUAL(Index, KeGetProcessorIndexFromNumber(&Number));
    }
    CHECK_STATUS(STATUS_INVALID_PARAMETER, KeGetProcessorNumberFromIndex(144, &Number));
    Number = (PROCESSOR_NUMBER) { .Group = 1, .Number = 16 };
    CHECK_EQUAL(INVALID_PROCESSOR_INDEX, KeGetProcessorIndexFromNumber(&Number));
    Number = (PROCESSOR_NUMBER) { .Group = 3 };
    CHECK_EQUAL(INVALID_PROCESSOR_INDEX, KeGetProcessorIndexFromNumber(&Number));
    Number = (PROCESSOR_NUMBER) { .Reserved = 1 };
    CHECK_EQUAL(INVALID_PROCESSOR_INDEX, KeGetProcessorIndexFromNumber(&Number));
    End();
}

TEST(processors_that_were_never_started_are_holes)
{
    PROCESSOR_NUMBER Number = { .Number = 5 };

    BeginFile("group 0-3,6-7 maximum=8\ngroup 0-1 maximum=4\n");
    CHECK_EQUAL(0xCF, KeQueryGroupAffinity(0));
    CHECK_EQUAL(6, KeQueryActiveProcessorCountEx(0));
    CHECK_EQUAL(8, KeQueryMaximumProcessorCountEx(0));
    CHECK_EQUAL(8, KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS));
    CHECK_EQUAL(12, KeQueryMaximumProcessorCountEx(ALL_PROCESSOR_GROUPS));
    CHECK_EQUAL(INVALID_PROCESSOR_INDEX, KeGetProcessorIndexFromNumber(&Number));
    CHECK_STATUS(STATUS_SUCCESS, KeGetProcessorNumberFromIndex(4, &Number));
    CHECK_EQUAL(6, Number.Number);
    End();
}

TEST(maximum_group_count_is_the_kernels)
{
    Begin("1x8", "win7", MODE_OBSERVED);
    CHECK_EQUAL(4, KeQueryMaximumGroupCount());
    Begin("1x8", "server2022", MODE_OBSERVED);
    CHECK_EQUAL(32, KeQueryMaximumGroupCount());
    End();
}

TEST(current_processor_is_told_with_its_group)
{
    MACHINE *Machine = Begin("64/16/64", "server2022", MODE_OBSERVED);
    PROCESSOR_NUMBER Number;

    ProcessorEnter(Machine, ProcessorByNumber(Machine, 2, 7));
    CHECK_EQUAL(87, KeGetCurrentProcessorNumberEx(NULL));
    CHECK_EQUAL(87, KeGetCurrentProcessorNumberEx(&Number));
    CHECK_EQUAL(2, Number.Group);
    CHECK_EQUAL(7, Number.Number);
    CHECK(KeGetCurrentProcessorNumber() < KeQueryActiveProcessorCount(NULL));
    ProcessorLeave(Machine, "test");
    End();
}

TEST(legacy_routines_see_group_zero_only)
{
    KAFFINITY Active;

    Begin("64/16/64", "server2022", MODE_OBSERVED);
    CHECK_EQUAL(~0ull, KeQueryActiveProcessors());
    CHECK_EQUAL(64, KeQueryActiveProcessorCount(&Active));
    CHECK_EQUAL(~0ull, Active);
    Begin("1x8", "nt52", MODE_OBSERVED);
    CHECK_EQUAL(0xFF, KeQueryActiveProcessors());
    CHECK_EQUAL(0, KeGetCurrentProcessorNumber());
    End();
}

TEST(nodes_lie_in_one_group)
{
    GROUP_AFFINITY Affinity;
    USHORT Count;

    BeginFile("group 0-15\ngroup 0-7\nnode group=0 processors=0-7\nnode group=0 processors=8-15\n"
              "node group=1 processors=0-7\n");
    CHECK_EQUAL(2, KeQueryHighestNodeNumber());
    KeQueryNodeActiveAffinity(1, &Affinity, &Count);
    CHECK_EQUAL(0xFF00, Affinity.Mask);
    CHECK_EQUAL(0, Affinity.Group);
    CHECK_EQUAL(0, Affinity.Reserved[0] | Affinity.Reserved[1] | Affinity.Reserved[2]);
    CHECK_EQUAL(8, Count);
    KeQueryNodeActiveAffinity(2, &Affinity, NULL);
    CHECK_EQUAL(1, Affinity.Group);
    KeQueryNodeActiveAffinity(3, &Affinity, &Count);
    CHECK_EQUAL(0, Affinity.Mask);
    CHECK_EQUAL(0, Count);
    End();
}

TEST(node_affinity_2_tells_how_much_room_it_needs)
{
    GROUP_AFFINITY Affinity;
    USHORT Required = 0;

    Begin("64/16/64", "server2022", MODE_OBSERVED);
    CHECK_STATUS(STATUS_BUFFER_TOO_SMALL, KeQueryNodeActiveAffinity2(1, NULL, 0, &Required));
    CHECK_EQUAL(1, Required);
    CHECK_STATUS(STATUS_SUCCESS, KeQueryNodeActiveAffinity2(1, &Affinity, 1, &Required));
    CHECK_EQUAL(1, Affinity.Group);
    CHECK_EQUAL(0xFFFF, Affinity.Mask);
    CHECK_STATUS(STATUS_INVALID_PARAMETER, KeQueryNodeActiveAffinity2(9, &Affinity, 1, &Required));
    CHECK_STATUS(STATUS_INVALID_PARAMETER, KeQueryNodeActiveAffinity2(1, NULL, 1, &Required));
    End();
}

TEST(current_node_is_the_processors)
{
    MACHINE *Machine = Begin("64/16/64", "server2022", MODE_OBSERVED);

    ProcessorEnter(Machine, ProcessorByNumber(Machine, 1, 3));
    CHECK_EQUAL(1, KeGetCurrentNodeNumber());
    ProcessorLeave(Machine, "test");
    End();
}

TEST(group_routines_are_not_there_on_nt52)
{
    Begin("1x8", "nt52", MODE_OBSERVED);
    CHECK_STOPS("KeQueryActiveGroupCount", "has no such routine", KeQueryActiveGroupCount());
    Begin("1x8", "nt52", MODE_OBSERVED);
    CHECK_STOPS("KeGetCurrentProcessorNumberEx", "has no such routine", KeGetCurrentProcessorNumberEx(NULL));
    Begin("1x8", "nt52", MODE_OBSERVED);
    CHECK_STOPS("KeQueryNodeActiveAffinity", "has no such routine", KeQueryNodeActiveAffinity(0, NULL, NULL));
}
