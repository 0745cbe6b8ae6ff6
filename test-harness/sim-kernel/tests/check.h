/*
 * Tests by name. A program lists them with --list and runs one by its name; without arguments it runs all.
 *
 *     TEST(connect_refuses_null_routine) { CHECK_STATUS(STATUS_INVALID_PARAMETER, ...); }
 */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct TEST_ENTRY {
    struct TEST_ENTRY *Next;
    const char *Name;
    void (*Run)(void);
} TEST_ENTRY;

void TestRegister(TEST_ENTRY *Entry);

#define TEST(Test)                                                              \
    static void Test(void);                                                     \
    static TEST_ENTRY Test##Entry = { NULL, #Test, Test };                      \
    __attribute__((constructor)) static void Test##Register(void)               \
    {                                                                           \
        TestRegister(&Test##Entry);                                             \
    }                                                                           \
    static void Test(void)

#define CHECK_FAIL(...)                                                         \
    do {                                                                        \
        fprintf(stderr, "%s:%d: ", __FILE__, __LINE__);                         \
        fprintf(stderr, __VA_ARGS__);                                           \
        fprintf(stderr, "\n");                                                  \
        exit(1);                                                                \
    } while (0)

#define CHECK(Condition)                                                        \
    do {                                                                        \
        if (!(Condition)) {                                                     \
            CHECK_FAIL("not so: %s", #Condition);                               \
        }                                                                       \
    } while (0)

#define CHECK_EQUAL(Expected, Actual)                                           \
    do {                                                                        \
        unsigned long long CheckExpected = (unsigned long long)(Expected);      \
        unsigned long long CheckActual = (unsigned long long)(Actual);          \
        if (CheckExpected != CheckActual) {                                     \
            CHECK_FAIL("%s is %llu (0x%llx), expected %llu (0x%llx)", #Actual, CheckActual, CheckActual, \
                       CheckExpected, CheckExpected);                           \
        }                                                                       \
    } while (0)

#define CHECK_STATUS(Expected, Actual)                                          \
    do {                                                                        \
        unsigned CheckExpected = (unsigned)(Expected);                          \
        unsigned CheckActual = (unsigned)(Actual);                              \
        if (CheckExpected != CheckActual) {                                     \
            CHECK_FAIL("%s is 0x%08X, expected %s (0x%08X)", #Actual, CheckActual, #Expected, CheckExpected); \
        }                                                                       \
    } while (0)

/* Holds what a fixture's TraceTake gives against a text. */
#define CHECK_TRACE(Expected)                                                   \
    do {                                                                        \
        const char *CheckTrace = TraceTake();                                   \
        if (strcmp(CheckTrace, (Expected)) != 0) {                              \
            CHECK_FAIL("the trace is \"%s\", expected \"%s\"", CheckTrace, (Expected)); \
        }                                                                       \
    } while (0)

#endif
