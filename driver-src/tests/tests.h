/*
 * A test is a named function; a check that fails says where and what, and ends the program with exit code 1.
 */
#ifndef TESTS_H
#define TESTS_H

#include <stdint.h>

typedef struct TEST {
    const char *Name; /* what holds, in words without blanks: ring.takesEventsInOrder */
    void (*Run)(void);
} TEST;

/* A list ends with a test that has no name. */
#define TESTS_END { 0, 0 }

/* ConnectTests and its like, one list a file. */
extern const TEST BitsTests[], BudgetTests[], ClockTests[], ConnectTests[], DueTests[], FieldsTests[],
    HistogramTests[], IdentityTests[], PaceTests[], RequestTests[], RingTests[], SlotTests[], StateTests[],
    StormTests[], StrayTests[], ThreadsTests[];

_Noreturn void TestFail(const char *File, int Line, const char *What, uint64_t Expected, uint64_t Actual);

#define CHECK(Condition) ((Condition) ? (void)0 : TestFail(__FILE__, __LINE__, #Condition, 1, 0))
#define CHECK_EQUAL(Expected, Actual) TestCheckEqual(__FILE__, __LINE__, #Actual, (Expected), (Actual))

static inline void TestCheckEqual(const char *File, int Line, const char *What, uint64_t Expected, uint64_t Actual)
{
    if (Expected != Actual) {
        TestFail(File, Line, What, Expected, Actual);
    }
}

/* Memory that is full of junk, freed by TestFree; ends the program when there is none. */
void *TestAllocate(uint64_t Bytes);
void TestFree(void *Memory);

/* A number that depends on nothing but Seed and how often it was asked. */
uint32_t TestRandom(uint64_t *Seed);

#endif
