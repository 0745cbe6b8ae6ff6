#include "request.h"

#include "status.h"

#define RULE(Operation, Code, Input, Output) [Operation] = { Code, (uint32_t)(Input), (uint32_t)(Output) }

static const REQUEST_RULE Rules[] = {
    RULE(OPERATION_VERSION, IRQSCOPE_CODE_VERSION, sizeof(IRQSCOPE_VERSION_REQUEST), sizeof(IRQSCOPE_VERSION_REPLY)),
    RULE(OPERATION_MACHINE, IRQSCOPE_CODE_MACHINE, sizeof(IRQSCOPE_LIST_REQUEST), sizeof(IRQSCOPE_PAGE)),
    RULE(OPERATION_RESOURCES, IRQSCOPE_CODE_RESOURCES, sizeof(IRQSCOPE_LIST_REQUEST),
         sizeof(IRQSCOPE_RESOURCES_REPLY)),
    RULE(OPERATION_CONNECT, IRQSCOPE_CODE_CONNECT, sizeof(IRQSCOPE_CONNECT_REQUEST), sizeof(IRQSCOPE_CONNECT_REPLY)),
    RULE(OPERATION_DISCONNECT, IRQSCOPE_CODE_DISCONNECT, sizeof(IRQSCOPE_CONNECTION_REQUEST), sizeof(IRQSCOPE_REPLY)),
    RULE(OPERATION_AFFINITY, IRQSCOPE_CODE_AFFINITY, sizeof(IRQSCOPE_TARGET_REQUEST), sizeof(IRQSCOPE_AFFINITY_REPLY)),
    RULE(OPERATION_TRIGGER, IRQSCOPE_CODE_TRIGGER, sizeof(IRQSCOPE_TRIGGER_REQUEST), sizeof(IRQSCOPE_TRIGGER_REPLY)),
    RULE(OPERATION_MASK, IRQSCOPE_CODE_MASK, sizeof(IRQSCOPE_MASK_REQUEST), sizeof(IRQSCOPE_REPLY)),
    RULE(OPERATION_STATISTICS, IRQSCOPE_CODE_STATISTICS, sizeof(IRQSCOPE_STATISTICS_REQUEST), sizeof(IRQSCOPE_PAGE)),
    RULE(OPERATION_EVENTS, IRQSCOPE_CODE_EVENTS, sizeof(IRQSCOPE_EVENTS_REQUEST),
         sizeof(IRQSCOPE_RUN) + sizeof(IRQSCOPE_EVENT)),
    RULE(OPERATION_RESET, IRQSCOPE_CODE_RESET, sizeof(IRQSCOPE_CONNECTION_REQUEST), sizeof(IRQSCOPE_REPLY)),
};

IRQSCOPE_ASSERT(sizeof(Rules) / sizeof(Rules[0]) == OPERATION_COUNT, "a request has no rule");
IRQSCOPE_ASSERT(OPERATION_COUNT == IRQSCOPE_CODE_COUNT, "a code of the contract has no operation");

const REQUEST_RULE *RequestRule(OPERATION Operation)
{
    return &Rules[Operation];
}

uint32_t RequestCheck(uint32_t Code, uint32_t InputLength, uint32_t OutputLength, int VersionAgreed,
                      OPERATION *Operation)
{
    for (uint32_t Index = 0; Index < OPERATION_COUNT; Index++) {
        const REQUEST_RULE *Rule = &Rules[Index];

        if (Rule->Code != Code) {
            continue;
        }
        *Operation = (OPERATION)Index;
        if (!VersionAgreed && Index != OPERATION_VERSION) {
            return IRQSCOPE_STATUS_INVALID_DEVICE_STATE;
        }
        if (InputLength < Rule->Input) {
            return IRQSCOPE_STATUS_INFO_LENGTH_MISMATCH;
        }
        if (InputLength > Rule->Input) {
            return IRQSCOPE_STATUS_INVALID_BUFFER_SIZE;
        }
        return OutputLength < Rule->Output ? IRQSCOPE_STATUS_BUFFER_TOO_SMALL : IRQSCOPE_STATUS_SUCCESS;
    }
    return IRQSCOPE_STATUS_INVALID_DEVICE_REQUEST;
}
