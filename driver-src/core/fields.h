/*
 * What each request may say in its fields. Pure functions over a copy of the request that the client cannot change any
 * more. Each returns IRQSCOPE_STATUS_SUCCESS or the first refusal, in the order written beside it.
 */
#ifndef FIELDS_H
#define FIELDS_H

#include <stdint.h>

#include "irqscope_contract.h"

/* VERSION: IRQSCOPE_STATUS_REVISION_MISMATCH for another major. It goes into the reply; the IRP succeeds. */
uint32_t VersionCheck(const IRQSCOPE_VERSION_REQUEST *Request);

/* MACHINE, RESOURCES: INVALID_PARAMETER for Reserved; INVALID_SELECTION for a Start above Total (equal gives an empty
 * page). */
uint32_t ListCheck(const IRQSCOPE_LIST_REQUEST *Request, uint32_t Total);

/* What a connect is judged against: the device's resources as the RESOURCES request shows them. */
typedef struct CONNECT_CONTEXT {
    const IRQSCOPE_RESOURCE_RECORD *Resources;
    uint32_t Count;
    uint32_t Abilities; /* IRQSCOPE_ABILITY_* */
    uint32_t Model;     /* IRQSCOPE_MODEL_* */
} CONNECT_CONTEXT;

#define CONNECT_EVERY 0xFFFFFFFFu /* in place of a resource's index: the way takes every one */

/* CONNECT:
 *   unknown flag; FALLBACK or SHARED_LOCK for another way than message-based; SYNC_ALL or SYNC_REPEAT for another than
 *   portcls, both of them, SYNC_REPEAT without a StormRate; PROCESSORS for a way that hands no mask to the kernel
 *   (line-based, message-based, portcls); Mask without PROCESSORS   INVALID_PARAMETER
 *   way unknown or not built in                    INVALID_WAY
 *   resource unknown                               INVALID_RESOURCE   (a way that takes every one: Number is not 0, or
 *                                                                      Kind is neither 0 nor a kind)
 *   Mask outside the resource; empty is inside     INVALID_MASK
 *   Events neither 0 nor a power of two up to IRQSCOPE_MAXIMUM_EVENTS   INVALID_EVENTS
 *   the resource (any, for such a way) is in a connection               RESOURCE_IN_USE
 * On success Index is the resource's index in the context, or CONNECT_EVERY. */
uint32_t ConnectCheck(const IRQSCOPE_CONNECT_REQUEST *Request, const CONNECT_CONTEXT *Context, uint32_t *Index);

/* After ConnectCheck, before any kernel call: NOT_SUPPORTED where the rules forbid the way on this resource, for the
 * Status of the connect's reply:
 *   io-connect-interrupt or portcls for a message; those two or fully-specified outside group 0;
 *   fully-specified-group, line-based, message-based without IRQSCOPE_ABILITY_CONNECT_EX (fully-specified is then done
 *   with IoConnectInterrupt, as the compatibility library does);
 *   a device that cannot be masked or acknowledged (IRQSCOPE_MODEL_NONE) on a level-triggered line, also where
 *   message-based with FALLBACK or line-based could end on one; and for portcls with SYNC_REPEAT, as such a device
 *   cannot be asked whether it interrupted. */
uint32_t ConnectSupported(const IRQSCOPE_CONNECT_REQUEST *Request, const CONNECT_CONTEXT *Context, uint32_t Index);

/* Events that each ring of the connection holds. */
uint32_t ConnectEvents(const IRQSCOPE_CONNECT_REQUEST *Request);

/* DISCONNECT, RESET: INVALID_PARAMETER for Reserved. Looking the connection up (IRQSCOPE_STATUS_NOT_FOUND) is
 * identity.h. */
uint32_t ConnectionCheck(const IRQSCOPE_CONNECTION_REQUEST *Request);

/* AFFINITY: INVALID_TARGET unless Target is below the connection's Targets. */
uint32_t TargetCheck(const IRQSCOPE_TARGET_REQUEST *Request, uint32_t Targets);

/* TRIGGER: unknown flag, Reserved: INVALID_PARAMETER; Target neither below Targets nor IRQSCOPE_ALL: INVALID_TARGET;
 * Count 0, or above IRQSCOPE_MAXIMUM_TRIGGERS in all: INVALID_COUNT; Limit outside 1 .. IRQSCOPE_MAXIMUM_TRIGGER_TIME
 * when paced, not 0 else: INVALID_TIME. */
uint32_t TriggerCheck(const IRQSCOPE_TRIGGER_REQUEST *Request, uint32_t Targets);

/* MASK: INVALID_PARAMETER for Reserved, or Masked neither 0 nor 1. */
uint32_t MaskCheck(const IRQSCOPE_MASK_REQUEST *Request);

/* STATISTICS: Reserved: INVALID_PARAMETER; the rest INVALID_SELECTION: What unknown; Slot or Histogram not 0 where
 * What does not use it; Slot not below Slots, or the stray slot, which is the last one and has no histograms;
 * Histogram unknown; Start above the number of records. On success Total is that number. */
uint32_t StatisticsCheck(const IRQSCOPE_STATISTICS_REQUEST *Request, uint32_t Targets, uint32_t Slots, uint32_t *Total);

/* EVENTS: Flags or Reserved: INVALID_PARAMETER; Fill above the buffer: INVALID_EVENTS; Delay above
 * IRQSCOPE_MAXIMUM_DELAY: INVALID_TIME. */
uint32_t EventsCheck(const IRQSCOPE_EVENTS_REQUEST *Request, uint32_t OutputLength);

#endif
