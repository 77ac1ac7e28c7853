/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers of 128 bits, unsigned, modulo 2^128: the compiler's where it has them, else two halves.
 */
#ifndef UTIL_WIDE_H
#define UTIL_WIDE_H

#include <stdbool.h>
#include <stdint.h>

/* A difference of two or three numbers of 64 bits. Where it is a floating-point number it is exact
 * below 2^53, which is microseconds of 285 years, and a hostile capture gets what is nearly right.
 */
#ifdef __SIZEOF_INT128__
typedef __int128 wide_difference;
#else
typedef long double wide_difference;
#endif

/* WIDE_HALVES is set for the test of the halves. */
#if defined(__SIZEOF_INT128__) && !defined(WIDE_HALVES)

typedef unsigned __int128 wide_number;

static inline wide_number wide_join(uint64_t high, uint64_t low)
{
    return (wide_number)high << 64 | low;
}

static inline uint64_t wide_high(wide_number a)
{
    return (uint64_t)(a >> 64);
}

static inline uint64_t wide_low(wide_number a)
{
    return (uint64_t)a;
}

static inline wide_number wide_product(uint64_t a, uint64_t b)
{
    return (wide_number)a * b;
}

static inline wide_number wide_times(wide_number a, uint64_t b)
{
    return a * b;
}

static inline wide_number wide_add(wide_number a, wide_number b)
{
    return a + b;
}

static inline bool wide_is_less(wide_number a, wide_number b)
{
    return a < b;
}

/* b is not 0. */
static inline wide_number wide_quotient(wide_number a, wide_number b)
{
    return a / b;
}

#else

typedef struct {
    uint64_t high, low;
} wide_number;

static inline wide_number wide_join(uint64_t high, uint64_t low)
{
    return (wide_number){high, low};
}

static inline uint64_t wide_high(wide_number a)
{
    return a.high;
}

static inline uint64_t wide_low(wide_number a)
{
    return a.low;
}

static inline wide_number wide_product(uint64_t a, uint64_t b)
{
    uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
    uint64_t low = a0 * b0, cross = a1 * b0 + (low >> 32), other = a0 * b1 + (uint32_t)cross;

    return (wide_number){a1 * b1 + (cross >> 32) + (other >> 32), other << 32 | (uint32_t)low};
}

static inline wide_number wide_times(wide_number a, uint64_t b)
{
    wide_number product = wide_product(a.low, b);

    product.high += a.high * b;
    return product;
}

static inline wide_number wide_add(wide_number a, wide_number b)
{
    uint64_t low = a.low + b.low;

    return (wide_number){a.high + b.high + (low < a.low), low};
}

static inline bool wide_is_less(wide_number a, wide_number b)
{
    return a.high != b.high ? a.high < b.high : a.low < b.low;
}

/* b is not 0. */
static inline wide_number wide_quotient(wide_number a, wide_number b)
{
    wide_number quotient = {0, 0}, rest = {0, 0};

    for (int bit = 127; bit >= 0; bit--) {
        bool carry = rest.high >> 63;

        rest.high = rest.high << 1 | rest.low >> 63;
        rest.low = rest.low << 1 | ((bit < 64 ? a.low >> bit : a.high >> (bit - 64)) & 1);
        quotient.high = quotient.high << 1 | quotient.low >> 63;
        quotient.low <<= 1;
        if (carry || !wide_is_less(rest, b)) {
            rest.high -= b.high + (rest.low < b.low);
            rest.low -= b.low;
            quotient.low |= 1;
        }
    }
    return quotient;
}

#endif

static inline wide_number wide_of(uint64_t a)
{
    return wide_join(0, a);
}

static inline bool wide_is_zero(wide_number a)
{
    return (wide_high(a) | wide_low(a)) == 0;
}

static inline wide_number wide_half(wide_number a)
{
    return wide_join(wide_high(a) >> 1, wide_high(a) << 63 | wide_low(a) >> 1);
}

/* The greatest number of 64 bits where it is greater. */
static inline uint64_t wide_clamp(wide_number a)
{
    return wide_high(a) ? UINT64_MAX : wide_low(a);
}

/* (a * factor + divisor / 2) / divisor: a part of so many, rounded. The divisor is not 0. */
static inline wide_number wide_rounded(wide_number a, uint64_t factor, wide_number divisor)
{
    return wide_quotient(wide_add(wide_times(a, factor), wide_half(divisor)), divisor);
}

/* A product's halves together: every bit of the one depends on every bit of the other. */
static inline uint64_t wide_mix(uint64_t a, uint64_t b)
{
    wide_number product = wide_product(a, b);

    return wide_low(product) ^ wide_high(product);
}

#endif
