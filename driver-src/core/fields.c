#include "fields.h"

#include "bits.h"
#include "status.h"

uint32_t VersionCheck(const IRQSCOPE_VERSION_REQUEST *Request)
{
    return Request->Major == IRQSCOPE_MAJOR ? IRQSCOPE_STATUS_SUCCESS : IRQSCOPE_STATUS_REVISION_MISMATCH;
}

uint32_t ListCheck(const IRQSCOPE_LIST_REQUEST *Request, uint32_t Total)
{
    if (Request->Reserved != 0) {
        return IRQSCOPE_STATUS_INVALID_PARAMETER;
    }
    return Request->Start <= Total ? IRQSCOPE_STATUS_SUCCESS : IRQSCOPE_STATUS_INVALID_SELECTION;
}

uint32_t ConnectionCheck(const IRQSCOPE_CONNECTION_REQUEST *Request)
{
    return Request->Reserved == 0 ? IRQSCOPE_STATUS_SUCCESS : IRQSCOPE_STATUS_INVALID_PARAMETER;
}

uint32_t TargetCheck(const IRQSCOPE_TARGET_REQUEST *Request, uint32_t Targets)
{
    return Request->Target < Targets ? IRQSCOPE_STATUS_SUCCESS : IRQSCOPE_STATUS_INVALID_TARGET;
}

uint32_t TriggerCheck(const IRQSCOPE_TRIGGER_REQUEST *Request, uint32_t Targets)
{
    int Paced = (Request->Flags & IRQSCOPE_TRIGGER_PACED) != 0;
    uint32_t Each = Request->Target == IRQSCOPE_ALL ? Targets : 1;

    if ((Request->Flags & ~IRQSCOPE_TRIGGER_PACED) != 0 || Request->Reserved != 0) {
        return IRQSCOPE_STATUS_INVALID_PARAMETER;
    }
    if (Request->Target != IRQSCOPE_ALL && Request->Target >= Targets) {
        return IRQSCOPE_STATUS_INVALID_TARGET;
    }
    /* The second look is safe once the first has passed: both factors are small, and their product is the answer. */
    if (Request->Count == 0 || Request->Count > IRQSCOPE_MAXIMUM_TRIGGERS || Each > IRQSCOPE_MAXIMUM_TRIGGERS ||
        Request->Count * Each > IRQSCOPE_MAXIMUM_TRIGGERS) {
        return IRQSCOPE_STATUS_INVALID_COUNT;
    }
    if (Paced ? Request->Limit == 0 || Request->Limit > IRQSCOPE_MAXIMUM_TRIGGER_TIME : Request->Limit != 0) {
        return IRQSCOPE_STATUS_INVALID_TIME;
    }
    return IRQSCOPE_STATUS_SUCCESS;
}

uint32_t MaskCheck(const IRQSCOPE_MASK_REQUEST *Request)
{
    return Request->Masked <= 1 && Request->Reserved == 0 ? IRQSCOPE_STATUS_SUCCESS
                                                          : IRQSCOPE_STATUS_INVALID_PARAMETER;
}

uint32_t StatisticsCheck(const IRQSCOPE_STATISTICS_REQUEST *Request, uint32_t Targets, uint32_t Slots, uint32_t *Total)
{
    if (Request->Reserved != 0) {
        return IRQSCOPE_STATUS_INVALID_PARAMETER;
    }
    switch (Request->What) {
    case IRQSCOPE_STATISTICS_COUNTERS:
        *Total = Targets;
        break;
    case IRQSCOPE_STATISTICS_SLOTS:
        *Total = Slots;
        break;
    case IRQSCOPE_STATISTICS_HISTOGRAM:
        /* The last slot is the stray one. */
        if (Request->Slot >= Slots || Request->Slot == Slots - 1 || Request->Histogram >= IRQSCOPE_HISTOGRAMS) {
            return IRQSCOPE_STATUS_INVALID_SELECTION;
        }
        *Total = IRQSCOPE_HISTOGRAM_BUCKETS;
        break;
    default:
        return IRQSCOPE_STATUS_INVALID_SELECTION;
    }
    if (Request->What != IRQSCOPE_STATISTICS_HISTOGRAM && (Request->Slot != 0 || Request->Histogram != 0)) {
        return IRQSCOPE_STATUS_INVALID_SELECTION;
    }
    return Request->Start <= *Total ? IRQSCOPE_STATUS_SUCCESS : IRQSCOPE_STATUS_INVALID_SELECTION;
}

uint32_t EventsCheck(const IRQSCOPE_EVENTS_REQUEST *Request, uint32_t OutputLength)
{
    if (Request->Flags != 0 || Request->Reserved != 0) {
        return IRQSCOPE_STATUS_INVALID_PARAMETER;
    }
    if (Request->Fill > OutputLength) {
        return IRQSCOPE_STATUS_INVALID_EVENTS;
    }
    return Request->Delay <= IRQSCOPE_MAXIMUM_DELAY ? IRQSCOPE_STATUS_SUCCESS : IRQSCOPE_STATUS_INVALID_TIME;
}
