/*
 * Bits of 32-bit values and of processor masks, without a call into a compiler's library: on 32-bit x86 the 64-bit
 * builtins are such calls, and a driver has no library to serve them.
 */
#ifndef BITS_H
#define BITS_H

#include <stdint.h>

#if defined(_MSC_VER) && !defined(__clang__)
#include <intrin.h>
#endif

#define BITS_NONE 64u /* what MaskNext says when there is no further processor */

/* Number of the highest bit that is set; Value is not 0. */
static inline uint32_t BitsHighest(uint32_t Value)
{
#if defined(_MSC_VER) && !defined(__clang__)
    unsigned long Index;
    _BitScanReverse(&Index, Value);
    return Index;
#else
    return 31u ^ (uint32_t)__builtin_clz(Value);
#endif
}

/* Number of the lowest bit that is set; Value is not 0. */
static inline uint32_t BitsLowest(uint32_t Value)
{
#if defined(_MSC_VER) && !defined(__clang__)
    unsigned long Index;
    _BitScanForward(&Index, Value);
    return Index;
#else
    return (uint32_t)__builtin_ctz(Value);
#endif
}

static inline int BitsIsPowerOfTwo(uint32_t Value)
{
    return Value != 0 && (Value & (Value - 1)) == 0;
}

/* Processors in a mask, 0 .. 64. */
static inline uint32_t MaskCount(uint64_t Mask)
{
    uint32_t Count = 0;
    while (Mask != 0) {
        Mask &= Mask - 1;
        Count++;
    }
    return Count;
}

/* Number of the first processor of the mask that is From or higher; BITS_NONE when there is none.
 * A walk: for (N = MaskNext(Mask, 0); N != BITS_NONE; N = MaskNext(Mask, N + 1)). */
static inline uint32_t MaskNext(uint64_t Mask, uint32_t From)
{
    uint32_t Low;
    uint32_t High;

    if (From >= 64) {
        return BITS_NONE;
    }
    Mask &= ~(uint64_t)0 << From;
    Low = (uint32_t)Mask;
    High = (uint32_t)(Mask >> 32);
    if (Low != 0) {
        return BitsLowest(Low);
    }
    return High != 0 ? 32u + BitsLowest(High) : BITS_NONE;
}

static inline int MaskHas(uint64_t Mask, uint32_t Number)
{
    return Number < 64 && ((Mask >> Number) & 1) != 0;
}

/* Inner has no processor that Outer has not. An empty one is inside every other. */
static inline int MaskInside(uint64_t Inner, uint64_t Outer)
{
    return (Inner & ~Outer) == 0;
}

#endif
