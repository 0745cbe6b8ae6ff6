/*
 * The few ordered memory accesses that the core needs, over the compiler's builtins. All are 32 bits wide: on 32-bit
 * x86 compilers turn wider ones into floating point instructions, which an ISR must not use.
 *
 * "Acquire" and "Release" pair up: what was written before a release store is seen after an acquire load of its value.
 */
#ifndef ATOMIC_H
#define ATOMIC_H

#include <stdint.h>

#if defined(_MSC_VER) && !defined(__clang__)

#include <intrin.h>

#if defined(_M_IX86) || defined(_M_X64)
/* This processor family keeps loads and stores in order as far as acquire and release go; only the compiler must. */
#define ATOMIC_FENCE() _ReadWriteBarrier()
#else
#define ATOMIC_FENCE() __dmb(0xB)
#endif

static inline uint32_t AtomicLoad32(const volatile uint32_t *Place)
{
    return *Place;
}

static inline void AtomicStore32(volatile uint32_t *Place, uint32_t Value)
{
    *Place = Value;
}

static inline uint32_t AtomicLoadAcquire32(const volatile uint32_t *Place)
{
    uint32_t Value = *Place;
    ATOMIC_FENCE();
    return Value;
}

static inline void AtomicStoreRelease32(volatile uint32_t *Place, uint32_t Value)
{
    ATOMIC_FENCE();
    *Place = Value;
}

static inline void AtomicFenceAcquire(void)
{
    ATOMIC_FENCE();
}

static inline void AtomicFenceRelease(void)
{
    ATOMIC_FENCE();
}

/* Both return what was there before, and order everything around them. */
static inline uint32_t AtomicAdd32(volatile uint32_t *Place, uint32_t Value)
{
    return (uint32_t)_InterlockedExchangeAdd((volatile long *)Place, (long)Value);
}

static inline uint32_t AtomicExchange32(volatile uint32_t *Place, uint32_t Value)
{
    return (uint32_t)_InterlockedExchange((volatile long *)Place, (long)Value);
}

/* Returns 1 when Place held Expected and holds Value now. */
static inline int AtomicCompareExchange32(volatile uint32_t *Place, uint32_t Expected, uint32_t Value)
{
    return (uint32_t)_InterlockedCompareExchange((volatile long *)Place, (long)Value, (long)Expected) == Expected;
}

#else

static inline uint32_t AtomicLoad32(const volatile uint32_t *Place)
{
    return __atomic_load_n(Place, __ATOMIC_RELAXED);
}

static inline void AtomicStore32(volatile uint32_t *Place, uint32_t Value)
{
    __atomic_store_n(Place, Value, __ATOMIC_RELAXED);
}

static inline uint32_t AtomicLoadAcquire32(const volatile uint32_t *Place)
{
    return __atomic_load_n(Place, __ATOMIC_ACQUIRE);
}

static inline void AtomicStoreRelease32(volatile uint32_t *Place, uint32_t Value)
{
    __atomic_store_n(Place, Value, __ATOMIC_RELEASE);
}

static inline void AtomicFenceAcquire(void)
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
}

static inline void AtomicFenceRelease(void)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
}

/* Both return what was there before, and order everything around them. */
static inline uint32_t AtomicAdd32(volatile uint32_t *Place, uint32_t Value)
{
    return __atomic_fetch_add(Place, Value, __ATOMIC_SEQ_CST);
}

static inline uint32_t AtomicExchange32(volatile uint32_t *Place, uint32_t Value)
{
    return __atomic_exchange_n(Place, Value, __ATOMIC_SEQ_CST);
}

/* Returns 1 when Place held Expected and holds Value now. */
static inline int AtomicCompareExchange32(volatile uint32_t *Place, uint32_t Expected, uint32_t Value)
{
    return __atomic_compare_exchange_n(Place, &Expected, Value, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

#endif

#endif
