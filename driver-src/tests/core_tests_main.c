/* core-tests: all tests; core-tests --list: their names; core-tests NAME: one of them. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests.h"

static const TEST *const Lists[] = {
    BitsTests,     BudgetTests, ClockTests, ConnectTests, DueTests,  FieldsTests, HistogramTests, IdentityTests,
    PaceTests,     RequestTests, RingTests, SlotTests,    StateTests, StormTests, StrayTests,     ThreadsTests,
};

static const char *Running = "";

_Noreturn void TestFail(const char *File, int Line, const char *What, uint64_t Expected, uint64_t Actual)
{
    fprintf(stderr, "%s\n%s:%d: %s: expected %" PRIu64 " (0x%" PRIx64 "), found %" PRIu64 " (0x%" PRIx64 ")\n", Running,
            File, Line, What, Expected, Expected, Actual, Actual);
    exit(1);
}

void *TestAllocate(uint64_t Bytes)
{
    void *Memory = malloc(Bytes);

    if (Memory == NULL) {
        fprintf(stderr, "%s: no memory for %" PRIu64 " bytes\n", Running, Bytes);
        exit(2);
    }
    memset(Memory, 0xA5, Bytes);
    return Memory;
}

void TestFree(void *Memory)
{
    free(Memory);
}

/* SplitMix64. */
uint32_t TestRandom(uint64_t *Seed)
{
    uint64_t Value = *Seed += 0x9E3779B97F4A7C15u;

    Value = (Value ^ (Value >> 30)) * 0xBF58476D1CE4E5B9u;
    Value = (Value ^ (Value >> 27)) * 0x94D049BB133111EBu;
    return (uint32_t)((Value ^ (Value >> 31)) >> 32);
}

int main(int Count, char **Words)
{
    const char *Wanted = Count > 1 ? Words[1] : NULL;
    int JustList = Wanted != NULL && strcmp(Wanted, "--list") == 0;
    unsigned Ran = 0;

    for (size_t List = 0; List < sizeof(Lists) / sizeof(Lists[0]); List++) {
        for (const TEST *Test = Lists[List]; Test->Name != NULL; Test++) {
            if (JustList) {
                puts(Test->Name);
            } else if (Wanted == NULL || strcmp(Wanted, Test->Name) == 0) {
                Running = Test->Name;
                Test->Run();
                Ran++;
            }
        }
    }
    if (!JustList && Ran == 0) {
        fprintf(stderr, "no test is called %s; --list names them\n", Wanted);
        return 2;
    }
    if (!JustList) {
        printf("%u passed\n", Ran);
    }
    return 0;
}
