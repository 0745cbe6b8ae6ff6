/* The table of requests: every code right in every way but one. */
#include "request.h"
#include "status.h"
#include "tests.h"

/* The contract's sizes once more, by hand. */
static const struct {
    OPERATION Operation;
    uint32_t Code, Input, Output, Method, Access;
} Expected[] = {
    { OPERATION_VERSION, 0x8A516000, 8, 48, 0, 1 },    { OPERATION_MACHINE, 0x8A516004, 8, 24, 0, 1 },
    { OPERATION_RESOURCES, 0x8A516008, 8, 40, 0, 1 },  { OPERATION_CONNECT, 0x8A51A00C, 32, 32, 0, 2 },
    { OPERATION_DISCONNECT, 0x8A51A010, 8, 8, 0, 2 },  { OPERATION_AFFINITY, 0x8A516014, 8, 72, 0, 1 },
    { OPERATION_TRIGGER, 0x8A51A018, 24, 16, 0, 2 },   { OPERATION_MASK, 0x8A51A01C, 8, 8, 0, 2 },
    { OPERATION_STATISTICS, 0x8A516020, 24, 24, 0, 1 }, { OPERATION_EVENTS, 0x8A516026, 16, 48, 2, 1 },
    { OPERATION_RESET, 0x8A51A028, 8, 8, 0, 2 },
};
#define COUNT (sizeof(Expected) / sizeof(Expected[0]))

static uint32_t Check(uint32_t Code, uint32_t Input, uint32_t Output, int Agreed)
{
    OPERATION Operation = OPERATION_COUNT;

    return RequestCheck(Code, Input, Output, Agreed, &Operation);
}

static void AcceptsEveryRequestOfItsSize(void)
{
    CHECK_EQUAL(OPERATION_COUNT, COUNT);
    for (unsigned Each = 0; Each < COUNT; Each++) {
        OPERATION Operation = OPERATION_COUNT;
        const REQUEST_RULE *Rule = RequestRule(Expected[Each].Operation);

        CHECK_EQUAL(IRQSCOPE_STATUS_SUCCESS,
                    RequestCheck(Expected[Each].Code, Expected[Each].Input, Expected[Each].Output, 1, &Operation));
        CHECK_EQUAL(Expected[Each].Operation, Operation);
        CHECK_EQUAL(Expected[Each].Code, Rule->Code);
        CHECK_EQUAL(Expected[Each].Method, Rule->Code & 3);
        CHECK_EQUAL(Expected[Each].Access, (Rule->Code >> 14) & 3);
        CHECK_EQUAL(IRQSCOPE_STATUS_SUCCESS, Check(Expected[Each].Code, Expected[Each].Input, 0xFFFFFFFFu, 1));
    }
}

static void RefusesInputThatIsTooShort(void)
{
    for (unsigned Each = 0; Each < COUNT; Each++) {
        for (uint32_t Input = 0; Input < Expected[Each].Input; Input++) {
            CHECK_EQUAL(0xC0000004u, Check(Expected[Each].Code, Input, Expected[Each].Output, 1));
        }
    }
}

static void RefusesInputThatIsTooLong(void)
{
    for (unsigned Each = 0; Each < COUNT; Each++) {
        CHECK_EQUAL(0xC0000206u, Check(Expected[Each].Code, Expected[Each].Input + 1, Expected[Each].Output, 1));
        CHECK_EQUAL(0xC0000206u, Check(Expected[Each].Code, 0xFFFFFFFFu, Expected[Each].Output, 1));
    }
}

static void RefusesOutputThatIsTooSmall(void)
{
    for (unsigned Each = 0; Each < COUNT; Each++) {
        for (uint32_t Output = 0; Output < Expected[Each].Output; Output++) {
            CHECK_EQUAL(0xC0000023u, Check(Expected[Each].Code, Expected[Each].Input, Output, 1));
        }
    }
}

static void RefusesEverythingButVersionBeforeItIsAgreed(void)
{
    for (unsigned Each = 0; Each < COUNT; Each++) {
        uint32_t Wanted = Expected[Each].Operation == OPERATION_VERSION ? 0 : 0xC0000184u;

        CHECK_EQUAL(Wanted, Check(Expected[Each].Code, Expected[Each].Input, Expected[Each].Output, 0));
    }
    CHECK_EQUAL(0xC0000004u, Check(IRQSCOPE_CODE_VERSION, 7, 48, 0));
}

static void RefusesEveryCodeThatIsNotInTheContract(void)
{
    uint64_t Seed = 21;

    for (unsigned Each = 0; Each < COUNT; Each++) {
        for (uint32_t Bit = 0; Bit < 32; Bit++) {
            uint32_t Code = Expected[Each].Code ^ (1u << Bit);
            int Known = 0;

            for (unsigned Other = 0; Other < COUNT; Other++) {
                Known |= Expected[Other].Code == Code;
            }
            if (!Known) {
                CHECK_EQUAL(0xC0000010u, Check(Code, Expected[Each].Input, Expected[Each].Output, 1));
                CHECK_EQUAL(0xC0000010u, Check(Code, Expected[Each].Input, Expected[Each].Output, 0));
            }
        }
    }
    CHECK_EQUAL(0xC0000010u, Check(0, 8, 48, 1));
    CHECK_EQUAL(0xC0000010u, Check(0x8A51A02C, 8, 48, 1));
    for (int Round = 0; Round < 10000; Round++) {
        uint32_t Code = TestRandom(&Seed) & 0x00FFFFFF; /* never our device type */

        CHECK_EQUAL(0xC0000010u, Check(Code, 8, 48, 1));
    }
}

static void AnswersTheFirstRefusalInOrder(void)
{
    CHECK_EQUAL(0xC0000010u, Check(0x8A51A02C, 0, 0, 0));
    CHECK_EQUAL(0xC0000184u, Check(IRQSCOPE_CODE_CONNECT, 0, 0, 0));
    CHECK_EQUAL(0xC0000004u, Check(IRQSCOPE_CODE_CONNECT, 31, 0, 1));
    CHECK_EQUAL(0xC0000206u, Check(IRQSCOPE_CODE_CONNECT, 33, 0, 1));
    CHECK_EQUAL(0xC0000023u, Check(IRQSCOPE_CODE_CONNECT, 32, 31, 1));
}

const TEST RequestTests[] = {
    { "request.acceptsEveryRequestOfItsSize", AcceptsEveryRequestOfItsSize },
    { "request.refusesInputThatIsTooShort", RefusesInputThatIsTooShort },
    { "request.refusesInputThatIsTooLong", RefusesInputThatIsTooLong },
    { "request.refusesOutputThatIsTooSmall", RefusesOutputThatIsTooSmall },
    { "request.refusesEverythingButVersionBeforeItIsAgreed", RefusesEverythingButVersionBeforeItIsAgreed },
    { "request.refusesEveryCodeThatIsNotInTheContract", RefusesEveryCodeThatIsNotInTheContract },
    { "request.answersTheFirstRefusalInOrder", AnswersTheFirstRefusalInOrder },
    TESTS_END
};
