/*
 * Fuzzes what a request passes through before the driver does anything for it: RequestCheck and the checks of its
 * fields. Whatever the bytes, a check answers with one of the contract's statuses, says the same twice, changes
 * nothing, and lets through only what the shell may use without a further look.
 *
 * With libFuzzer: clang -fsanitize=fuzzer,address,undefined -DFUZZ_LIBFUZZER. Without: a program that makes its inputs
 * from a seed (fuzz_requests [COUNT [SEED]]), so that it runs as a test with every compiler.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bits.h"
#include "fields.h"
#include "request.h"
#include "status.h"

#define TARGETS 5u
#define SLOTS 9u
#define RESOURCES 4u

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size);

#define HOLDS(Condition) ((Condition) ? (void)0 : Stop(__LINE__, #Condition))

static void Stop(int Line, const char *What)
{
    fprintf(stderr, "fuzz_requests.c:%d: does not hold: %s\n", Line, What);
    abort();
}

typedef union ANY_REQUEST {
    uint8_t Bytes[64];
    IRQSCOPE_VERSION_REQUEST Version;
    IRQSCOPE_LIST_REQUEST List;
    IRQSCOPE_CONNECT_REQUEST Connect;
    IRQSCOPE_CONNECTION_REQUEST Connection;
    IRQSCOPE_TARGET_REQUEST Target;
    IRQSCOPE_TRIGGER_REQUEST Trigger;
    IRQSCOPE_MASK_REQUEST Mask;
    IRQSCOPE_STATISTICS_REQUEST Statistics;
    IRQSCOPE_EVENTS_REQUEST Events;
} ANY_REQUEST;

/* What comes before the request's own bytes. */
typedef struct ENVELOPE {
    uint32_t Code;
    uint32_t InputLength;
    uint32_t OutputLength;
    uint8_t Agreed;
    uint8_t Abilities;
    uint8_t Model;
    uint8_t Count;
} ENVELOPE;

static IRQSCOPE_RESOURCE_RECORD Resources[RESOURCES] = {
    { .Kind = IRQSCOPE_KIND_LINE, .Number = 0, .Mask = 0xFF },
    { .Kind = IRQSCOPE_KIND_LINE, .Number = 1, .Mask = 0xF0, .Flags = IRQSCOPE_RESOURCE_LATCHED, .Group = 1 },
    { .Kind = IRQSCOPE_KIND_MESSAGE, .Number = 0, .Mask = 0xFF00, .Flags = IRQSCOPE_RESOURCE_LATCHED, .Group = 2 },
    { .Kind = IRQSCOPE_KIND_MESSAGE, .Number = 1, .Mask = 0xF, .Flags = IRQSCOPE_RESOURCE_LATCHED, .Connection = 0x10 },
};

static void ConnectHolds(const IRQSCOPE_CONNECT_REQUEST *Connect, const ENVELOPE *Envelope)
{
    CONNECT_CONTEXT Context = { Resources, Envelope->Count % (RESOURCES + 1), Envelope->Abilities, Envelope->Model };
    uint32_t Index = 12345;
    uint32_t Status = ConnectCheck(Connect, &Context, &Index);
    uint32_t Supported;

    switch (Status) {
    case IRQSCOPE_STATUS_INVALID_PARAMETER:
    case IRQSCOPE_STATUS_INVALID_WAY:
    case IRQSCOPE_STATUS_INVALID_RESOURCE:
    case IRQSCOPE_STATUS_INVALID_MASK:
    case IRQSCOPE_STATUS_INVALID_EVENTS:
    case IRQSCOPE_STATUS_RESOURCE_IN_USE:
        return;
    }
    HOLDS(Status == IRQSCOPE_STATUS_SUCCESS);
    HOLDS(Connect->Way >= 1 && Connect->Way <= 6);
    HOLDS((Connect->Flags & ~7u) == 0);
    HOLDS(BitsIsPowerOfTwo(ConnectEvents(Connect)) && ConnectEvents(Connect) <= IRQSCOPE_MAXIMUM_EVENTS);
    HOLDS((Connect->Way == IRQSCOPE_WAY_LINE_BASED || Connect->Way == IRQSCOPE_WAY_MESSAGE_BASED) ==
          (Index == CONNECT_EVERY));
    if (Index != CONNECT_EVERY) {
        HOLDS(Index < Context.Count);
        HOLDS(Resources[Index].Kind == Connect->Kind && Resources[Index].Number == Connect->Number);
        HOLDS(Resources[Index].Connection == 0);
        HOLDS((Connect->Mask & ~Resources[Index].Mask) == 0);
    }
    Supported = ConnectSupported(Connect, &Context, Index);
    HOLDS(Supported == IRQSCOPE_STATUS_SUCCESS || Supported == IRQSCOPE_STATUS_NOT_SUPPORTED);
    if (Supported == IRQSCOPE_STATUS_SUCCESS && Connect->Way <= IRQSCOPE_WAY_FULLY_SPECIFIED) {
        HOLDS(Resources[Index].Group == 0);
    }
}

static void TriggerHolds(const IRQSCOPE_TRIGGER_REQUEST *Trigger)
{
    uint32_t Status = TriggerCheck(Trigger, TARGETS);

    switch (Status) {
    case IRQSCOPE_STATUS_INVALID_PARAMETER:
    case IRQSCOPE_STATUS_INVALID_TARGET:
    case IRQSCOPE_STATUS_INVALID_COUNT:
    case IRQSCOPE_STATUS_INVALID_TIME:
        return;
    }
    HOLDS(Status == IRQSCOPE_STATUS_SUCCESS);
    HOLDS(Trigger->Target < TARGETS || Trigger->Target == IRQSCOPE_ALL);
    HOLDS((uint64_t)Trigger->Count * (Trigger->Target == IRQSCOPE_ALL ? TARGETS : 1) <= IRQSCOPE_MAXIMUM_TRIGGERS);
    HOLDS(Trigger->Count != 0 && Trigger->Limit <= IRQSCOPE_MAXIMUM_TRIGGER_TIME && Trigger->Reserved == 0);
    HOLDS((Trigger->Flags == IRQSCOPE_TRIGGER_PACED) == (Trigger->Limit != 0));
}

static void StatisticsHolds(const IRQSCOPE_STATISTICS_REQUEST *Statistics)
{
    uint32_t Total = 0;
    uint32_t Status = StatisticsCheck(Statistics, TARGETS, SLOTS, &Total);

    if (Status == IRQSCOPE_STATUS_INVALID_PARAMETER || Status == IRQSCOPE_STATUS_INVALID_SELECTION) {
        return;
    }
    HOLDS(Status == IRQSCOPE_STATUS_SUCCESS);
    HOLDS(Statistics->Start <= Total && Total <= IRQSCOPE_HISTOGRAM_BUCKETS);
    HOLDS(Statistics->Histogram < IRQSCOPE_HISTOGRAMS && Statistics->Slot < SLOTS - 1 && Statistics->Reserved == 0);
}

static void FieldsHold(OPERATION Operation, const ANY_REQUEST *Any, const ENVELOPE *Envelope)
{
    switch (Operation) {
    case OPERATION_VERSION:
        HOLDS((VersionCheck(&Any->Version) == 0) == (Any->Version.Major == 1));
        break;
    case OPERATION_MACHINE:
    case OPERATION_RESOURCES:
        HOLDS((ListCheck(&Any->List, RESOURCES) == 0) == (Any->List.Start <= RESOURCES && Any->List.Reserved == 0));
        break;
    case OPERATION_CONNECT:
        ConnectHolds(&Any->Connect, Envelope);
        break;
    case OPERATION_DISCONNECT:
    case OPERATION_RESET:
        HOLDS((ConnectionCheck(&Any->Connection) == 0) == (Any->Connection.Reserved == 0));
        break;
    case OPERATION_AFFINITY:
        HOLDS((TargetCheck(&Any->Target, TARGETS) == 0) == (Any->Target.Target < TARGETS));
        break;
    case OPERATION_TRIGGER:
        TriggerHolds(&Any->Trigger);
        break;
    case OPERATION_MASK:
        HOLDS((MaskCheck(&Any->Mask) == 0) == (Any->Mask.Masked <= 1 && Any->Mask.Reserved == 0));
        break;
    case OPERATION_STATISTICS:
        StatisticsHolds(&Any->Statistics);
        break;
    case OPERATION_EVENTS:
        HOLDS((EventsCheck(&Any->Events, Envelope->OutputLength) == 0) ==
              (Any->Events.Flags == 0 && Any->Events.Reserved == 0 && Any->Events.Delay <= IRQSCOPE_MAXIMUM_DELAY &&
               Any->Events.Fill <= Envelope->OutputLength));
        break;
    default:
        HOLDS(!"a known operation");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *Data, size_t Size)
{
    ENVELOPE Envelope;
    ANY_REQUEST Any = { { 0 } };
    ANY_REQUEST Before;
    OPERATION Operation = OPERATION_COUNT;
    uint32_t Status;

    if (Size < sizeof(Envelope)) {
        return 0;
    }
    memcpy(&Envelope, Data, sizeof(Envelope));
    Data += sizeof(Envelope);
    Size -= sizeof(Envelope);
    memcpy(Any.Bytes, Data, Size < sizeof(Any.Bytes) ? Size : sizeof(Any.Bytes));
    Before = Any;

    Status = RequestCheck(Envelope.Code, Envelope.InputLength, Envelope.OutputLength, Envelope.Agreed & 1, &Operation);
    switch (Status) {
    case IRQSCOPE_STATUS_INVALID_DEVICE_REQUEST:
        HOLDS(Operation == OPERATION_COUNT);
        return 0;
    case IRQSCOPE_STATUS_INVALID_DEVICE_STATE:
        HOLDS(!(Envelope.Agreed & 1) && Operation != OPERATION_VERSION);
        break;
    case IRQSCOPE_STATUS_INFO_LENGTH_MISMATCH:
        HOLDS(Envelope.InputLength < RequestRule(Operation)->Input);
        break;
    case IRQSCOPE_STATUS_INVALID_BUFFER_SIZE:
        HOLDS(Envelope.InputLength > RequestRule(Operation)->Input);
        break;
    case IRQSCOPE_STATUS_BUFFER_TOO_SMALL:
        HOLDS(Envelope.OutputLength < RequestRule(Operation)->Output);
        break;
    default:
        HOLDS(Status == IRQSCOPE_STATUS_SUCCESS);
        HOLDS(Envelope.InputLength == RequestRule(Operation)->Input && Envelope.InputLength <= sizeof(Any));
        HOLDS(Envelope.OutputLength >= RequestRule(Operation)->Output);
        HOLDS((Envelope.Agreed & 1) || Operation == OPERATION_VERSION);
    }
    HOLDS(RequestRule(Operation)->Code == Envelope.Code);
    FieldsHold(Operation, &Any, &Envelope); /* whatever the sizes: the checks see a whole request */
    HOLDS(memcmp(&Before, &Any, sizeof(Any)) == 0);
    return 0;
}

#ifndef FUZZ_LIBFUZZER

static uint32_t Random(uint64_t *Seed)
{
    *Seed = *Seed * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*Seed >> 33);
}

/* Mostly right requests with a few fields from the edge: bytes from anywhere would fail at the first check. */
static uint32_t Edge(uint64_t *Seed)
{
    static const uint32_t Values[] = { 0,    1,    2,     3,     4,     5,          6,          7,          8,  9,
                                       48,   896,  1024,  1025,  10000, 10000000,   0x80000000, 0x7FFFFFFF, 16, 15,
                                       0xFF, 0xF0, 65536, 65535, 10001, 0xFFFFFFFF, 0xFFFFFFFE };

    return Random(Seed) % 8 == 0 ? Random(Seed) * 2 : Values[Random(Seed) % (sizeof(Values) / sizeof(Values[0]))];
}

int main(int Count, char **Words)
{
    unsigned long Inputs = Count > 1 ? strtoul(Words[1], NULL, 10) : 1000000;
    uint64_t Seed = Count > 2 ? strtoul(Words[2], NULL, 10) : 1;

    for (unsigned long Input = 0; Input < Inputs; Input++) {
        const REQUEST_RULE *Rule = RequestRule((OPERATION)(Random(&Seed) % OPERATION_COUNT));
        struct {
            ENVELOPE Envelope;
            uint32_t Words[12];
        } Made = { .Envelope = { Rule->Code, Rule->Input, Rule->Output, 1, (uint8_t)Random(&Seed),
                                 (uint8_t)(Random(&Seed) % 5), (uint8_t)Random(&Seed) } };

        for (int Each = Random(&Seed) % 6; Each > 0; Each--) {
            Made.Words[Random(&Seed) % 8] = Edge(&Seed);
        }
        switch (Random(&Seed) % 16) {
        case 0:
            Made.Envelope.Code ^= 1u << (Random(&Seed) % 32);
            break;
        case 1:
            Made.Envelope.InputLength = Edge(&Seed);
            break;
        case 2:
            Made.Envelope.OutputLength = Edge(&Seed);
            break;
        case 3:
            Made.Envelope.Agreed = 0;
            break;
        }
        (void)LLVMFuzzerTestOneInput((const uint8_t *)&Made, sizeof(Made) - Random(&Seed) % 4);
    }
    printf("%lu requests\n", Inputs);
    return 0;
}

#endif
